/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "eval/cw-evaluation.h"
#include "eval/cw-pca.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIDE 40
#define SIZE 32

/* A picture whose class shows: a bright square in one of four corners, over noise keyed by the
 * item. */
typedef struct
{
  guint unreadable;   /* item; G_MAXUINT = none */
  guint copy, of;     /* item @copy has the pixels of item @of */
  gint n_loads;       /* atomic */
  CwJob *cancel_at_5; /* (nullable): cancelled while the fifth picture is read */
} Pictures;

static CwImage *
load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  Pictures *pictures = data;
  CwImage *image = cw_image_new (SIDE, SIDE, 1);
  guint from = index == pictures->copy ? pictures->of : index;
  int label = cw_dataset_get_item (dataset, from)->label;
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, from, 0);

  if (g_atomic_int_add (&pictures->n_loads, 1) == 5)
    cw_job_cancel (pictures->cancel_at_5);
  if (index == pictures->unreadable)
    {
      cw_image_unref (image);
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "item %u is broken", index);
      return NULL;
    }
  for (int y = 0; y < SIDE; y++)
    {
      for (int x = 0; x < SIDE; x++)
        {
          gboolean inside = (x / (SIDE / 2)) + 2 * (y / (SIDE / 2)) == label;

          image->data[y * SIDE + x] = (guint8) (60 + cw_rng_below (&rng, 60) + (inside ? 120 : 0));
        }
    }
  return image;
}

/* @n pictures of the labels 3, 1 and 0 of four, @n_subjects persons (0 = unknown). */
static CwDataset *
make_dataset (guint n, guint n_subjects, gboolean labelled, Pictures *pictures)
{
  static const int labels[] = { 3, 1, 0, 1 };
  CwDataset *dataset = cw_dataset_new ("corners", "test");

  cw_dataset_set_loader (dataset, load, NULL, pictures, NULL);
  cw_dataset_add_label (dataset, "top left");
  cw_dataset_add_label (dataset, "top right");
  cw_dataset_add_label (dataset, "bottom left");
  cw_dataset_add_label (dataset, "bottom right");
  for (guint s = 0; s < n_subjects; s++)
    {
      g_autofree char *name = g_strdup_printf ("S%u", s);

      cw_dataset_add_subject (dataset, name);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      cw_dataset_add_item (dataset, name, NULL, labelled ? labels[i % 4] : -1,
                           n_subjects > 0 ? (int) (i / 4 % n_subjects) : -1, CW_SPLIT_NONE, NULL);
    }
  return dataset;
}

static CwModel *
make_model (guint64 seed)
{
  CwPreprocess p = cw_preprocess_default (SIZE);
  const CwEncoderClass *encoder = cw_builtin_encoders[0];
  gpointer params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  CwModel *model = cw_model_new_random (encoder, params, SIZE, p.mean, p.std, seed);

  cw_params_block_free (encoder->base.params, params);
  return model;
}

static Pictures
no_tricks (void)
{
  return (Pictures) { .unreadable = G_MAXUINT, .copy = G_MAXUINT };
}

static JsonNode *
to_json (const CwEvaluation *evaluation)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_evaluation_to_json (evaluation, builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static double
get_number (JsonNode *root, const char *contender, const char *protocol, const char *score)
{
  JsonObject *object = json_node_get_object (root);

  object = json_object_get_object_member (object, contender);
  object = json_object_get_object_member (object, protocol);
  g_assert_true (json_object_has_member (object, score));
  if (JSON_NODE_HOLDS_NULL (json_object_get_member (object, score)))
    return (double) NAN;
  return json_object_get_double_member (object, score);
}

/* @member is [low, high] around @value. */
static void
assert_interval (JsonNode *root, const char *contender, const char *protocol, const char *member,
                 double value)
{
  JsonObject *object = json_object_get_object_member (json_node_get_object (root), contender);
  JsonArray *interval;

  object = json_object_get_object_member (object, protocol);
  g_assert_true (json_object_has_member (object, member));
  interval = json_object_get_array_member (object, member);
  g_assert_cmpuint (json_array_get_length (interval), ==, 2);
  g_assert_cmpfloat (json_array_get_double_element (interval, 0), <=, value);
  g_assert_cmpfloat (json_array_get_double_element (interval, 1), >=, value);
  g_assert_cmpfloat (json_array_get_double_element (interval, 1)
                         - json_array_get_double_element (interval, 0), <, 0.5);
}

/* Everything that `evaluate --json` promises; classes that do not occur are left out. */
static void
test_run (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (180, 9, TRUE, &pictures);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (CwModel) random = make_model (2);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = cw_evaluation_run (model, random, dataset, NULL, NULL, 1, NULL, &error);
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;

  g_assert_no_error (error);
  g_assert_cmpuint (e->n_fit + e->n_score, ==, 180);
  /* Once for all contenders. */
  g_assert_cmpint (pictures.n_loads, ==, 180);
  g_assert_cmpint (e->n_classes, ==, 3);
  g_assert_cmpstr (e->class_names[0], ==, "top left");
  g_assert_cmpstr (e->class_names[2], ==, "bottom right");
  g_assert_cmpint (e->n_protocols, ==, 3);
  g_assert_cmpfloat_with_epsilon (e->majority, 0.5, 1e-12);

  root = to_json (e);
  object = json_node_get_object (root);
  g_assert_cmpint (json_object_get_int_member (object, "n_train"), ==, e->n_fit);
  g_assert_cmpint (json_object_get_int_member (object, "n_test"), ==, e->n_score);
  g_assert_cmpfloat (json_object_get_double_member (object, "majority"), ==, e->majority);
  g_assert_nonnull (strstr (json_object_get_string_member (object, "split"), "subject"));
  g_assert_cmpint (json_object_get_int_member (object, "copies_removed"), ==, 0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "classes")), ==, 3);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      const char *name = cw_contender_name ((CwContender) c);

      /* The square is easy to see, for pixels and random features too. */
      g_assert_cmpfloat (get_number (root, name, "linear", "accuracy"), >, 0.9);
      g_assert_cmpfloat (get_number (root, name, "linear", "macro_recall"), >, 0.9);
      g_assert_cmpfloat (get_number (root, name, "knn", "accuracy"), >, 0.9);
      g_assert_cmpfloat (get_number (root, name, "knn", "macro_recall"), >, 0.9);
      g_assert_cmpfloat (get_number (root, name, "retrieval", "p_at_10"), >, 0.8);
      g_assert_cmpfloat (get_number (root, name, "retrieval", "p_at_10_other_subject"), >, 0.8);
      g_assert_false (isnan (get_number (root, name, "retrieval", "same_subject_share_at_10")));
      g_assert_cmpint (e->scores[c][0].n_classes, ==, 3);
    }
  for (int c = 1; c < CW_N_CONTENDERS; c++)
    {
      g_autofree char *name
          = g_strconcat ("trained_minus_", cw_contender_name ((CwContender) c), NULL);
      double apart = get_number (root, name, "knn", "accuracy");

      g_assert_cmpfloat_with_epsilon (apart, get_number (root, "trained", "knn", "accuracy")
                                                 - get_number (root, cw_contender_name (c), "knn",
                                                               "accuracy"),
                                      1e-12);
      assert_interval (root, name, "knn", "accuracy_interval", apart);
      assert_interval (root, cw_contender_name (c), "retrieval", "map_interval",
                       get_number (root, cw_contender_name (c), "retrieval", "map"));
    }
  text = cw_evaluation_to_text (e);
  g_assert_nonnull (strstr (text, "knn"));
  g_assert_nonnull (strstr (text, "majority class"));
  g_assert_nonnull (strstr (text, "50.0 %"));
}

/* Without a random model its scores are there and null; unknown subjects leave the leakage null. */
static void
test_without_random (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (60, 0, TRUE, &pictures);
  g_autoptr (CwModel) model = make_model (1);
  const char *const protocols[] = { "retrieval", "knn", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = cw_evaluation_run (model, NULL, dataset, protocols, NULL, 1, NULL, &error);
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  root = to_json (e);
  text = cw_evaluation_to_text (e);
  g_assert_true (isnan (get_number (root, "random_init", "knn", "accuracy")));
  g_assert_true (isnan (get_number (root, "trained", "retrieval", "same_subject_share_at_10")));
  g_assert_cmpfloat (get_number (root, "trained", "retrieval", "p_at_10"), ==,
                     get_number (root, "trained", "retrieval", "p_at_10_other_subject"));
  g_assert_nonnull (strstr (text, " - "));
  g_assert_null (strstr (text, "nan"));
}

/* A photo that shows several persons is on both sides of a split by person; that is said. */
static void
test_shared_sources (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (90, 9, TRUE, &pictures);
  g_autoptr (CwModel) model = make_model (1);
  const char *const protocols[] = { "knn", NULL };
  g_autoptr (CwEvaluation) apart
      = cw_evaluation_run (model, model, dataset, protocols, NULL, 1, NULL, NULL);
  g_autoptr (CwEvaluation) together = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (apart->n_shared, ==, 0);
  for (guint i = 0; i < 90; i++)
    cw_dataset_set_source (dataset, i, "a crowd");
  together = cw_evaluation_run (model, model, dataset, protocols, NULL, 1, NULL, NULL);
  g_assert_cmpuint (together->n_shared, ==, together->n_score);
  text = cw_evaluation_to_text (together);
  g_assert_nonnull (strstr (text, "recordings"));
}

/* One scored picture is a copy of a fitted one, another cannot be read: both are left out, the same
 * for every contender, and said so. */
static void
test_copies_and_broken (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (90, 0, TRUE, &pictures);
  g_autoptr (CwModel) model = make_model (1);
  const char *const protocols[] = { "knn", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = NULL;
  g_autofree char *text = NULL;

  /* Each picture in turn becomes a copy of the last, until one is on the other side. */
  pictures.of = 89;
  pictures.unreadable = 88;
  for (pictures.copy = 0; pictures.copy < 88; pictures.copy++)
    {
      g_clear_pointer (&e, cw_evaluation_free);
      e = cw_evaluation_run (model, model, dataset, protocols, NULL, 1, NULL, &error);
      g_assert_no_error (error);
      if (e->n_copies_removed > 0)
        break;
    }
  g_assert_cmpuint (e->n_copies_removed, ==, 1);
  g_assert_cmpuint (e->n_skipped, ==, 1);
  g_assert_cmpuint (e->n_fit + e->n_score, ==, 88);
  text = cw_evaluation_to_text (e);
  g_assert_nonnull (strstr (text, "exact copies"));
  g_assert_nonnull (strstr (text, "cannot be read"));
}

static void
test_errors (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (24, 0, TRUE, &pictures);
  g_autoptr (CwDataset) unlabelled = make_dataset (24, 0, FALSE, &pictures);
  g_autoptr (CwModel) model = make_model (1);
  const char *const unknown[] = { "knn", "psychic", NULL };
  const char *const twice[] = { "knn", "linear", "knn", NULL };
  const char *const none[] = { NULL };
  const char *const alone[] = { "triplets", NULL };
  const char *const nobody[] = { "triplets", "identity", "factors", NULL };
  const char *const key[] = { "knn.k=3", "knn.kk=3", NULL };
  const char *const value[] = { "knn.k=0", NULL };
  const char *const other[] = { "low-shot.seeds=3", NULL };
  const char *const shape[] = { "knn.k", NULL };
  const struct
  {
    CwDataset *dataset;
    const char *const *protocols, *const *sets;
    int code;
    const char *want;
  } cases[] = {
    { unlabelled, NULL, NULL, CW_ERROR_EMPTY, "label" },
    { dataset, unknown, NULL, CW_ERROR_NOT_FOUND, "psychic" },
    { dataset, twice, NULL, CW_ERROR_INVALID_CONFIG, "twice" },
    { dataset, none, NULL, CW_ERROR_INVALID_CONFIG, "linear" },
    { dataset, alone, NULL, CW_ERROR_EMPTY, "triplets: it needs triplets" },
    { dataset, nobody, NULL, CW_ERROR_EMPTY, "no protocol applies to this data; triplets: " },
    { dataset, NULL, key, CW_ERROR_INVALID_CONFIG, "'kk'" },
    { dataset, NULL, value, CW_ERROR_INVALID_CONFIG, "k = 0 is outside 1 to 1000" },
    { dataset, NULL, other, CW_ERROR_INVALID_CONFIG, "'low-shot' is not among" },
    { dataset, NULL, shape, CW_ERROR_INVALID_CONFIG, "expected PROTOCOL.KEY=VALUE" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (cw_evaluation_run (model, NULL, cases[i].dataset, cases[i].protocols,
                                        cases[i].sets, 1, NULL, &error));
      g_assert_error (error, CW_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].want));
      g_assert_null (strchr (error->message, '\n'));
    }
}

/* Half of the pictures have no label. What needs labels sees the others only; what does not sees all;
 * what does not apply says so, for every contender. */
static void
test_mixed (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = cw_dataset_new ("corners", "test");
  g_autoptr (CwModel) model = make_model (1);
  const char *const protocols[] = { "knn", "identity", "triplets", "valence-arousal", NULL };
  const char *const sets[] = { "identity.k=3", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = NULL;
  g_autoptr (CwEvaluation) alone = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;
  guint n_known = 0;

  cw_dataset_set_loader (dataset, load, NULL, &pictures, NULL);
  cw_dataset_add_label (dataset, "top left");
  cw_dataset_add_label (dataset, "top right");
  for (int s = 0; s < 6; s++)
    cw_dataset_add_subject (dataset, (const char *[]) { "A", "B", "C", "D", "E", "F" }[s]);
  for (int i = 0; i < 96; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);

      cw_dataset_add_item (dataset, name, NULL, i % 4 < 2 ? i % 2 : -1, i / 4 % 6, CW_SPLIT_NONE,
                           NULL);
    }
  e = cw_evaluation_run (model, NULL, dataset, protocols, sets, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (e->n_fit + e->n_score, ==, 48);
  g_assert_cmpuint (e->n_fit_unlabelled + e->n_score_unlabelled, ==, 48);
  for (int i = 0; i < 4; i++)
    n_known += e->scores[CW_CONTENDER_TRAINED][0].confusion[i];
  g_assert_cmpuint (n_known, ==, e->n_score);
  g_assert_cmpuint (e->scores[CW_CONTENDER_TRAINED][1].n_rows, ==, e->n_score + e->n_score_unlabelled);
  g_assert_nonnull (cw_scores_find (&e->scores[CW_CONTENDER_PIXELS][1], "same_subject_share_at_3"));
  g_assert_null (e->reasons[0]);
  root = to_json (e);
  object = json_object_get_object_member (json_node_get_object (root), "pixels");
  object = json_object_get_object_member (object, "valence-arousal");
  g_assert_cmpstr (json_object_get_string_member (object, "skipped"), ==,
                   "it needs a column 'valence'; this data has none");
  text = cw_evaluation_to_text (e);
  g_assert_nonnull (strstr (text, "skipped: it needs triplets; this data has none"));
  g_assert_nonnull (strstr (text, "which have none."));

  /* A protocol's figures do not depend on which others are asked for. */
  alone = cw_evaluation_run (model, NULL, dataset, (const char *const[]) { "knn", NULL }, NULL, 1, NULL,
                             &error);
  g_assert_no_error (error);
  g_assert_cmpuint (alone->n_fit, ==, e->n_fit);
  g_assert_cmpuint (alone->n_score, ==, e->n_score);
  g_assert_cmpuint (alone->n_fit_unlabelled + alone->n_score_unlabelled, ==, 0);
  g_assert_cmpfloat (alone->majority, ==, e->majority);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      for (int s = 0; c != CW_CONTENDER_RANDOM_INIT && s < e->scores[c][0].n_scores; s++)
        g_assert_cmpfloat (alone->scores[c][0].scores[s].value, ==, e->scores[c][0].scores[s].value);
    }
}

typedef struct
{
  double last;
  guint n;
} Progress;

static void
watch (CwJob *job, double fraction, const char *what, gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpfloat (fraction, >=, progress->last - 1e-9);
  g_assert_cmpfloat (fraction, <=, 0.5 + 1e-9);
  g_assert_nonnull (what);
  progress->last = fraction;
  progress->n++;
}

/* Progress only grows and stays within the caller's span; cancelled before and in the middle. */
static void
test_job (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (200, 5, TRUE, &pictures);
  g_autoptr (CwModel) model = make_model (1);
  Progress progress = { 0 };
  g_autoptr (CwJob) job = cw_job_new (NULL, watch, &progress, NULL);
  g_autoptr (CwEvaluation) e = NULL;
  g_autoptr (GError) error = NULL;

  cw_job_set_span (job, 0, 0.5);
  e = cw_evaluation_run (model, model, dataset, NULL, NULL, 1, job, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (progress.n, >, 10);
  g_assert_cmpfloat_with_epsilon (progress.last, 0.5, 1e-9);

  for (int round = 0; round < 2; round++)
    {
      g_autoptr (CwJob) cancelled = cw_job_new (NULL, NULL, NULL, NULL);
      g_autoptr (GError) stop = NULL;

      pictures.n_loads = 0;
      pictures.cancel_at_5 = round == 1 ? cancelled : NULL;
      if (round == 0)
        cw_job_cancel (cancelled);
      g_assert_null (cw_evaluation_run (model, model, dataset, NULL, NULL, 1, cancelled, &stop));
      g_assert_error (stop, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpint (pictures.n_loads, <, 200);
    }
}

/* Features are those of the single picture, whatever the batch and the number of threads; in the
 * order asked for. */
static void
test_embed (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (150, 5, TRUE, &pictures);
  g_autoptr (CwModel) model = make_model (3);
  g_autoptr (CwFeatures) one = NULL;
  g_autoptr (CwFeatures) another = NULL;
  g_autoptr (CwFeatures) many = NULL;
  g_autoptr (GError) error = NULL;
  guint32 items[150], last = 149, behind = 65;
  guint n_skipped;

  pictures.unreadable = 70;
  for (guint i = 0; i < 150; i++)
    items[i] = 149 - i;
  cw_parallel_set_threads (4);
  many = cw_features_embed (model, dataset, items, 150, &n_skipped, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_skipped, ==, 1);
  g_assert_cmpuint (many->n, ==, 149);
  g_assert_cmpint (many->dim, ==, model->dim);
  for (guint i = 0; i < 149; i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, many->items[i]);

      g_assert_cmpuint (many->items[i], ==, i < 79 ? 149 - i : 148 - i);
      g_assert_cmpint (many->labels[i], ==, item->label);
      g_assert_cmpint (many->subjects[i], ==, item->subject);
    }
  cw_parallel_set_threads (1);
  one = cw_features_embed (model, dataset, &last, 1, NULL, NULL, &error);
  cw_parallel_set_threads (0);
  g_assert_no_error (error);
  g_assert_cmpfloat (cw_test_relative_error ((size_t) model->dim, many->x, one->x), <, 1e-5);
  /* In one batch with the broken picture, behind it. */
  another = cw_features_embed (model, dataset, &behind, 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (many->items[83], ==, behind);
  g_assert_cmpfloat (cw_test_relative_error ((size_t) model->dim, many->x + 83 * model->dim,
                                             another->x), <, 1e-5);
  g_assert_cmpuint (many->hashes[0], ==, one->hashes[0]);
  g_assert_cmpuint (many->hashes[0], !=, many->hashes[1]);
  g_assert_cmpuint (strlen (one->model_sha256), ==, 64);

  last = 70;
  g_assert_null (cw_features_embed (model, dataset, &last, 1, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "item 70 is broken"));
  g_clear_error (&error);
  g_assert_null (cw_features_embed (model, dataset, &last, 0, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
}

static void
test_model_hash (void)
{
  g_autoptr (CwModel) a = make_model (1);
  g_autoptr (CwModel) b = make_model (1);
  g_autofree char *hash_a = cw_features_hash_model (a);
  g_autofree char *hash_b = cw_features_hash_model (b);
  g_autofree char *hash_c = NULL;

  g_assert_cmpstr (hash_a, ==, hash_b);
  b->weights->buffers[0] += 1;
  hash_c = cw_features_hash_model (b);
  g_assert_cmpstr (hash_a, !=, hash_c);
}

/* Standardised whatever brightness and contrast; a flat picture has no direction. */
static void
test_pixels (void)
{
  Pictures pictures = no_tricks ();
  g_autoptr (CwDataset) dataset = make_dataset (8, 0, TRUE, &pictures);
  const guint32 items[] = { 0, 5 };
  g_autoptr (CwFeatures) f = cw_features_pixels (dataset, items, 2, NULL, NULL, NULL);

  g_assert_cmpint (f->dim, ==, 576);
  for (guint i = 0; i < 2; i++)
    {
      double sum = 0, squares = 0;

      for (int j = 0; j < 576; j++)
        {
          sum += (double) f->x[i * 576 + (guint) j];
          squares += (double) f->x[i * 576 + (guint) j] * (double) f->x[i * 576 + (guint) j];
        }
      g_assert_cmpfloat_with_epsilon (sum / 576, 0, 1e-5);
      g_assert_cmpfloat_with_epsilon (squares / 576, 1, 1e-4);
    }
  /* Bottom right is bright in item 0 (label 3). */
  g_assert_cmpfloat (f->x[575], >, 0.5);
  g_assert_cmpfloat (f->x[0], <, 0);
}

/* Known axes of known variance come back, in order; projections are uncorrelated and centred. */
static void
test_pca (void)
{
  const int dim = 100, n_axes = 5;
  const guint n = 4000;
  g_autofree float *x = g_new (float, n * (guint) dim);
  g_autofree float *projected = NULL;
  g_autoptr (CwPca) pca = NULL;

  cw_test_fill_normal (x, n * (gsize) dim, 0.1f, 1);
  for (guint i = 0; i < n; i++)
    {
      CwRng rng = cw_rng_new (5, CW_RNG_TEST, 0, 0, i, 0);

      for (int a = 0; a < n_axes; a++)
        x[i * (guint) dim + (guint) (a * 7)] += (float) (8 - a) * cw_rng_normal (&rng);
      for (int j = 0; j < dim; j++)
        x[i * (guint) dim + (guint) j] += (float) j;
    }
  pca = cw_pca_fit (x, n, dim, n_axes, 1);
  projected = cw_pca_project (pca, x, n);
  for (int a = 0; a < n_axes; a++)
    {
      double mean = 0, square = 0;

      g_assert_cmpfloat (pca->axes[a * dim + a * 7], >, 0.99f);
      g_assert_cmpfloat_with_epsilon (pca->variance[a] / ((8 - a) * (8 - a)), 1, 0.1);
      for (guint i = 0; i < n; i++)
        {
          mean += (double) projected[i * (guint) n_axes + (guint) a] / n;
          square += pow ((double) projected[i * (guint) n_axes + (guint) a], 2) / n;
        }
      g_assert_cmpfloat_with_epsilon (mean, 0, 1e-3);
      g_assert_cmpfloat_with_epsilon (square / pca->variance[a], 1, 1e-3);
      for (int b = 0; b <= a; b++)
        {
          double dot = 0;

          for (int j = 0; j < dim; j++)
            dot += (double) pca->axes[a * dim + j] * (double) pca->axes[b * dim + j];
          g_assert_cmpfloat_with_epsilon (dot, a == b ? 1 : 0, 1e-5);
        }
    }
}

/* Three vectors span two dimensions once centred: the other axes are zero, also for vectors that do
 * vary along them; nothing is NaN. */
static void
test_pca_few (void)
{
  const float x[] = { 1, 0, 0, 0, /* */ 0, 1, 0, 0, /* */ 0, 0, 1, 0 };
  g_autoptr (CwPca) pca = cw_pca_fit (x, 3, 4, 64, 1);
  const float elsewhere[] = { 1 / 3.0f, 1 / 3.0f, 1 / 3.0f, 5 };
  g_autofree float *projected = cw_pca_project (pca, x, 3);
  g_autofree float *nothing = cw_pca_project (pca, elsewhere, 1);

  g_assert_cmpint (pca->n_axes, ==, 4);
  for (int a = 0; a < 4; a++)
    g_assert_cmpfloat_with_epsilon ((double) nothing[a], 0, 1e-5);
  g_assert_cmpfloat_with_epsilon (pca->variance[0], 1.0 / 3, 1e-6);
  g_assert_cmpfloat_with_epsilon (pca->variance[1], 1.0 / 3, 1e-6);
  for (int i = 0; i < 3; i++)
    {
      double squares = 0;

      for (int a = 0; a < 4; a++)
        squares += pow ((double) projected[4 * i + a], 2);
      g_assert_cmpfloat_with_epsilon (squares, 2.0 / 3, 1e-5);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (gsize i = 0; cw_builtin_evaluators[i] != NULL; i++)
    g_assert_true (cw_registry_add (&cw_builtin_evaluators[i]->base, "built-in", NULL));
  g_test_add_func ("/cw/evaluation/pca", test_pca);
  g_test_add_func ("/cw/evaluation/pca-few", test_pca_few);
  g_test_add_func ("/cw/evaluation/pixels", test_pixels);
  g_test_add_func ("/cw/evaluation/embed", test_embed);
  g_test_add_func ("/cw/evaluation/model-hash", test_model_hash);
  g_test_add_func ("/cw/evaluation/run", test_run);
  g_test_add_func ("/cw/evaluation/without-random", test_without_random);
  g_test_add_func ("/cw/evaluation/copies-and-broken", test_copies_and_broken);
  g_test_add_func ("/cw/evaluation/shared-sources", test_shared_sources);
  g_test_add_func ("/cw/evaluation/errors", test_errors);
  g_test_add_func ("/cw/evaluation/mixed", test_mixed);
  g_test_add_func ("/cw/evaluation/job", test_job);
  return g_test_run ();
}
