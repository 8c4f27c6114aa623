/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "eval/cw-evaluation.h"
#include "eval/cw-selection.h"
#include "eval/cw-robustness.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIDE 40
#define SIZE 32
#define N 180

/* A bright square in one of four corners, which is the label, over noise: turned by a right angle
 * it would be another label, a little brighter it is still the same. */
static CwImage *
load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  CwImage *image = cw_image_new (SIDE, SIDE, 1);
  int label = cw_dataset_get_item (dataset, index)->label;
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, index, 0);

  for (int y = 0; y < SIDE; y++)
    {
      for (int x = 0; x < SIDE; x++)
        {
          gboolean inside = (x / (SIDE / 2)) + 2 * (y / (SIDE / 2)) == MAX (label, 0);

          image->data[y * SIDE + x] = (guint8) (60 + cw_rng_below (&rng, 60) + (inside ? 60 : 0));
        }
    }
  return image;
}

static CwDataset *
make_dataset (gboolean labelled)
{
  CwDataset *dataset = cw_dataset_new ("corners", "test");

  cw_dataset_set_loader (dataset, load, NULL, NULL, NULL);
  for (int c = 0; c < 4; c++)
    {
      g_autofree char *name = g_strdup_printf ("corner %d", c);

      cw_dataset_add_label (dataset, name);
    }
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      cw_dataset_add_item (dataset, name, NULL, labelled ? (int) (i % 4) : -1, -1, CW_SPLIT_NONE,
                           NULL);
    }
  return dataset;
}

static CwModel *
make_model (guint64 seed)
{
  CwPreprocess p = cw_preprocess_default (SIZE);
  const CwEncoderClass *encoder = cw_builtin_encoders[0];
  gpointer params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  CwModel *model;

  g_assert_true (cw_params_set_string (encoder->base.params, params, NULL, "width", "8", NULL));
  model = cw_model_new_random (encoder, params, SIZE, p.mean, p.std, seed);
  cw_params_block_free (encoder->base.params, params);
  return model;
}

static const char *const two[] = { "rotation", "warp", NULL };

static const CwRobustnessCurve *
find_curve (const CwRobustness *r, const char *id)
{
  for (int c = 0; c < r->n_curves; c++)
    {
      if (strcmp (r->curves[c].id, id) == 0)
        return &r->curves[c];
    }
  g_assert_not_reached ();
}

/* Undisturbed, every cosine is 1 and the accuracy that of the evaluation; features move the further
 * away the stronger the disturbance. */
static void
test_curves (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (CwModel) random = make_model (2);
  const char *const linear[] = { "linear", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = cw_evaluation_run (model, random, dataset, linear, NULL, 1, NULL,
                                                &error);
  g_autoptr (CwRobustness) r = cw_robustness_run (model, random, dataset, NULL, cw_builtin_warps[0],
                                                  1, NULL, &error);
  const CwRobustnessCurve *curve;

  g_assert_no_error (error);
  g_assert_cmpint (r->n_curves, >=, 5);
  g_assert_cmpuint (r->n_fit, ==, e->n_fit);
  g_assert_cmpuint (r->n_score, ==, e->n_score);
  for (int c = 0; c < r->n_curves; c++)
    {
      const CwRobustnessPoint *clean, *last;

      curve = &r->curves[c];
      clean = &curve->points[0];
      last = &curve->points[curve->n_points - 1];
      g_assert_cmpfloat (clean->strength, ==, 0);
      g_assert_cmpfloat_with_epsilon (clean->trained.cosine, 1, 1e-12);
      g_assert_cmpfloat_with_epsilon (clean->random.cosine, 1, 1e-12);
      g_assert_cmpfloat (clean->trained.accuracy, ==,
                         cw_scores_get (&e->scores[CW_CONTENDER_TRAINED][0], "accuracy"));
      g_assert_cmpfloat (clean->random.accuracy, ==,
                         cw_scores_get (&e->scores[CW_CONTENDER_RANDOM_INIT][0], "accuracy"));
      /* Equal pictures cannot be told apart. */
      g_assert_cmpfloat (clean->trained.noticed, ==, 0.5);
      for (int i = 1; i < curve->n_points; i++)
        {
          g_assert_cmpfloat (curve->points[i].strength, >, curve->points[i - 1].strength);
          g_assert_cmpfloat (curve->points[i].trained.cosine, <, 1);
        }
      g_assert_cmpfloat (last->trained.cosine, <, curve->points[1].trained.cosine);
    }
  /* The square leaves its corner. */
  g_assert_cmpfloat (find_curve (r, "translation")->points[0].trained.accuracy, >, 0.9);
  /* Brighter and darker, by half. */
  curve = find_curve (r, "brightness");
  g_assert_cmpfloat (curve->points[curve->n_points - 1].trained.noticed, >, 0.75);
}

static void
assert_same (const CwRobustness *a, const CwRobustness *b)
{
  g_assert_cmpint (a->n_curves, ==, b->n_curves);
  for (int c = 0; c < a->n_curves; c++)
    {
      for (int i = 0; i < a->curves[c].n_points; i++)
        {
          const CwRobustnessScore *x = &a->curves[c].points[i].trained;
          const CwRobustnessScore *y = &b->curves[c].points[i].trained;

          g_assert_cmpfloat (x->cosine, ==, y->cosine);
          g_assert_cmpfloat (x->accuracy, ==, y->accuracy);
          g_assert_cmpfloat (x->noticed, ==, y->noticed);
        }
    }
}

/* The same for any number of threads; others for another seed. */
static void
test_threads (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (CwRobustness) one = NULL;
  g_autoptr (CwRobustness) four = NULL;
  g_autoptr (CwRobustness) other = NULL;

  cw_parallel_set_threads (1);
  one = cw_robustness_run (model, NULL, dataset, two, cw_builtin_warps[0], 1, NULL, NULL);
  cw_parallel_set_threads (4);
  four = cw_robustness_run (model, NULL, dataset, two, cw_builtin_warps[0], 1, NULL, NULL);
  cw_parallel_set_threads (0);
  assert_same (one, four);
  other = cw_robustness_run (model, NULL, dataset, two, cw_builtin_warps[0], 2, NULL, NULL);
  g_assert_cmpfloat (other->curves[1].points[3].trained.cosine, !=,
                     one->curves[1].points[3].trained.cosine);
  g_assert_true (isnan (one->curves[0].points[0].random.cosine));
}

static void
test_output (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (CwRobustness) r
      = cw_robustness_run (model, model, dataset, two, cw_builtin_warps[0], 1, NULL, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = cw_robustness_to_text (r);
  g_autofree char *dashed = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *warp;
  JsonObject *point;

  cw_robustness_to_json (r, builder);
  root = json_builder_get_root (builder);
  warp = json_object_get_array_member (json_node_get_object (root), "warp");
  g_assert_cmpuint (json_array_get_length (warp), ==, 7);
  point = json_array_get_object_element (warp, 1);
  g_assert_cmpfloat (json_object_get_double_member (point, "strength"), ==, 0.02);
  g_assert_cmpstr (json_object_get_string_member (point, "unit"), ==, "side");
  g_assert_cmpfloat (json_object_get_double_member (point, "cosine"), ==,
                     r->curves[1].points[1].trained.cosine);
  point = json_object_get_object_member (point, "random_init");
  g_assert_cmpfloat (json_object_get_double_member (point, "accuracy"), ==,
                     r->curves[1].points[1].random.accuracy);
  g_assert_nonnull (strstr (text, "local-translation"));
  g_assert_nonnull (strstr (text, "rotation"));
  g_assert_nonnull (strstr (text, "1.0000"));

  /* What is not known is a dash each. */
  r->curves[0].points[0].trained.noticed = (double) NAN;
  dashed = cw_robustness_to_text (r);
  g_assert_null (strstr (dashed, "nan"));
  g_assert_nonnull (strstr (dashed, " %      - "));
}

static void
test_errors (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwDataset) unlabelled = make_dataset (FALSE);
  g_autoptr (CwModel) model = make_model (1);
  const char *const unknown[] = { "rotation", "earthquake", NULL };
  const char *const none[] = { NULL };
  g_autoptr (CwJob) job = cw_job_new (NULL, NULL, NULL, NULL);
  const struct
  {
    CwDataset *dataset;
    const char *const *curves;
    int code;
    const char *want;
  } cases[] = {
    { dataset, unknown, CW_ERROR_NOT_FOUND, "rotation, translation" },
    { dataset, none, CW_ERROR_INVALID_CONFIG, "curve" },
    { unlabelled, NULL, CW_ERROR_EMPTY, "label" },
  };
  g_autoptr (GError) stop = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (cw_robustness_run (model, NULL, cases[i].dataset, cases[i].curves,
                                        cw_builtin_warps[0], 1, NULL, &error));
      g_assert_error (error, CW_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].want));
      g_assert_null (strchr (error->message, '\n'));
    }
  cw_job_cancel (job);
  g_assert_null (cw_robustness_run (model, NULL, dataset, two, cw_builtin_warps[0], 1, job, &stop));
  g_assert_error (stop, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* As the corners, but large, so that decoding shrinks it; pictures 3 and 4 are alike. */
static CwImage *
load_large (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  g_autoptr (CwImage) image = cw_image_new (5 * SIZE, 5 * SIZE, 1);
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, index == 4 ? 3 : index, 0);

  for (int i = 0; i < 25 * SIZE * SIZE; i++)
    image->data[i] = (guint8) cw_rng_below (&rng, 256);
  return cw_image_shrink (image, max_side);
}

/* A picture that was there to be trained on without a label is not scored either, whatever its
 * size. */
static void
test_unlabelled_copy (void)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new ("large", "test");
  g_autoptr (CwModel) model = make_model (1);
  const char *const knn[] = { "knn", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = NULL;

  cw_dataset_set_loader (dataset, load_large, NULL, NULL, NULL);
  cw_dataset_add_label (dataset, "left");
  cw_dataset_add_label (dataset, "right");
  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      cw_dataset_add_item (dataset, name, NULL, i == 3 ? -1 : (int) (i / 2 % 2), -1,
                           i % 2 == 0 ? CW_SPLIT_VALID : CW_SPLIT_TRAIN, NULL);
    }
  e = cw_evaluation_run (model, NULL, dataset, knn, NULL, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (e->n_fit, ==, 11);
  g_assert_cmpuint (e->n_copies_removed, ==, 1);
  g_assert_cmpuint (e->n_score, ==, 11);
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
  g_assert_cmpfloat (fraction, <=, 1 + 1e-9);
  progress->last = fraction;
  progress->n++;
}

static void
test_progress (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwModel) model = make_model (1);
  Progress progress = { 0 };
  g_autoptr (CwJob) job = cw_job_new (NULL, watch, &progress, NULL);
  g_autoptr (CwRobustness) r
      = cw_robustness_run (model, model, dataset, two, cw_builtin_warps[0], 1, job, NULL);

  g_assert_nonnull (r);
  g_assert_cmpuint (progress.n, >, 20);
  g_assert_cmpfloat_with_epsilon (progress.last, 1, 1e-9);
}

/* Scores of a checkpoint are those of its views, whatever the threads; the probe needs labels, the
 * others do not. */
static void
test_selection (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwDataset) unlabelled = make_dataset (FALSE);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (CwViews) views = cw_views_new (SIZE + 8);
  CwSelectionScores one, four, without;
  g_autoptr (GError) error = NULL;

  cw_parallel_set_threads (1);
  g_assert_true (cw_selection_score_model (model, views, dataset, 1, &one, NULL, &error));
  cw_parallel_set_threads (4);
  g_assert_true (cw_selection_score_model (model, views, dataset, 1, &four, NULL, &error));
  cw_parallel_set_threads (0);
  g_assert_cmpfloat (one.rankme, ==, four.rankme);
  g_assert_cmpfloat (one.alignment, ==, four.alignment);
  g_assert_cmpfloat (one.uniformity, ==, four.uniformity);
  g_assert_cmpfloat (one.margin_auc, ==, four.margin_auc);
  g_assert_cmpfloat (one.accuracy, ==, four.accuracy);
  g_assert_cmpuint (one.n_pictures, ==, N / 3);
  g_assert_cmpfloat (one.accuracy, >, 0.9);
  g_assert_cmpfloat (one.rankme, >, 1);
  g_assert_cmpfloat (one.rankme, <, N / 3);
  g_assert_cmpfloat (one.alignment, >, 0);
  g_assert_cmpfloat (one.uniformity, <, 0);
  g_assert_cmpfloat (one.margin_auc, >=, 0);

  /* No crop, no colours, nothing: the positive is the anchor, and any warp is further away. */
  for (int i = 0; i < views->pipeline->n_steps; i++)
    views->pipeline->steps[i].enabled = FALSE;
  views->negatives.count = 0;
  g_assert_true (cw_selection_score_model (model, views, unlabelled, 1, &without, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (isnan (without.accuracy));
  g_assert_cmpuint (without.n_pictures, ==, N);
  g_assert_cmpfloat_with_epsilon (without.alignment, 0, 1e-12);
  g_assert_cmpfloat (without.margin_auc, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (gsize i = 0; cw_builtin_evaluators[i] != NULL; i++)
    g_assert_true (cw_registry_add (&cw_builtin_evaluators[i]->base, "built-in", NULL));
  for (gsize i = 0; cw_builtin_transforms[i] != NULL; i++)
    g_assert_true (cw_registry_add (&cw_builtin_transforms[i]->base, "built-in", NULL));
  g_test_add_func ("/cw/robustness/curves", test_curves);
  g_test_add_func ("/cw/robustness/threads", test_threads);
  g_test_add_func ("/cw/robustness/output", test_output);
  g_test_add_func ("/cw/robustness/errors", test_errors);
  g_test_add_func ("/cw/robustness/unlabelled-copy", test_unlabelled_copy);
  g_test_add_func ("/cw/robustness/progress", test_progress);
  g_test_add_func ("/cw/robustness/selection", test_selection);
  return g_test_run ();
}
