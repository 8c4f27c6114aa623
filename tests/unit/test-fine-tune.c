/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "contrawarp.h"
#include "cw-test.h"
#include "data/cw-split.h"
#include "eval/cw-evaluation.h"
#include "image/cw-pipeline.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIDE 24
#define SIZE 16
#define N_ITEMS 120

/* How often each picture was read. */
static gint n_loads[N_ITEMS];

/* Noise with a bright band, as high up as the label says: crops and flips do not hide it. */
static CwImage *
load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  CwImage *image = cw_image_new (SIDE, SIDE, 1);
  int label = (int) (index % 3);
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, index, 0);

  g_atomic_int_inc (&n_loads[index]);
  for (int y = 0; y < SIDE; y++)
    {
      for (int x = 0; x < SIDE; x++)
        image->data[y * SIDE + x]
            = (guint8) (60 + cw_rng_below (&rng, 60) + (y / (SIDE / 3) == label ? 120 : 0));
    }
  return image;
}

/* Of four labels the second does not occur. */
static CwDataset *
make_dataset (gboolean labelled)
{
  static const int labels[] = { 0, 2, 3 };
  CwDataset *dataset = cw_dataset_new ("bands", "test");

  cw_dataset_set_loader (dataset, load, NULL, NULL, NULL);
  cw_dataset_add_label (dataset, "top");
  cw_dataset_add_label (dataset, "nowhere");
  cw_dataset_add_label (dataset, "middle");
  cw_dataset_add_label (dataset, "bottom");
  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      cw_dataset_add_item (dataset, name, NULL, labelled ? labels[i % 3] : -1, -1, CW_SPLIT_NONE,
                           NULL);
      g_atomic_int_set (&n_loads[i], 0);
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

static const char *const only[] = { "fine-tune", NULL };
static const char *const enough[]
    = { "fine-tune.epochs=8", "fine-tune.batch=16", "fine-tune.lr=0.003", NULL };
/* Some learn in it, none well. */
static const char *const little[] = { "fine-tune.epochs=0.6", "fine-tune.batch=16",
                                      "fine-tune.warmup=0", NULL };

/* Seeds of the trained and the random encoder. */
static CwEvaluation *
run (guint64 trained, guint64 random, const char *const *sets, CwJob *job, GError **error)
{
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwModel) model = make_model (trained);
  g_autoptr (CwModel) other = make_model (random);

  return cw_evaluation_run (model, other, dataset, only, sets, 1, job, error);
}

static gboolean
same (const CwScores *a, const CwScores *b)
{
  return a->n_classes == b->n_classes
         && memcmp (a->confusion, b->confusion,
                    (gsize) (a->n_classes * a->n_classes) * sizeof (guint)) == 0;
}

static void
test_learns (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = run (1, 2, enough, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (e->n_classes, ==, 3);
  for (int c = 0; c < CW_CONTENDER_PIXELS; c++)
    {
      const CwScores *scores = &e->scores[c][0];
      const CwScore *accuracy = cw_scores_find (scores, "accuracy");

      g_assert_cmpfloat (accuracy->value, >, e->majority + 0.3);
      g_assert_cmpfloat (accuracy->low, <=, accuracy->value);
      g_assert_cmpfloat (accuracy->high, >=, accuracy->value);
      g_assert_cmpfloat (cw_scores_get (scores, "macro_recall"), >, 0.6);
      g_assert_cmpfloat (cw_scores_get (scores, "macro_f1"), >, 0.6);
      g_assert_cmpint (scores->n_classes, ==, 3);
    }
  /* Pixels have their place in the table, and nothing in it. */
  g_assert_cmpint (e->scores[CW_CONTENDER_PIXELS][0].n_scores, ==, e->scores[0][0].n_scores);
  g_assert_true (isnan (cw_scores_get (&e->scores[CW_CONTENDER_PIXELS][0], "accuracy")));
}

/* The encoder's weights are what the contenders differ in, and they matter; the encoder itself stays
 * as it is. */
static void
test_begins_with_weights (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) apart = run (1, 2, little, NULL, &error);
  g_autoptr (CwEvaluation) alike = run (2, 2, little, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (same (&alike->scores[CW_CONTENDER_TRAINED][0],
                       &alike->scores[CW_CONTENDER_RANDOM_INIT][0]));
  g_assert_true (same (&apart->scores[CW_CONTENDER_RANDOM_INIT][0],
                       &alike->scores[CW_CONTENDER_RANDOM_INIT][0]));
  g_assert_false (same (&apart->scores[CW_CONTENDER_TRAINED][0],
                        &apart->scores[CW_CONTENDER_RANDOM_INIT][0]));
}

static void
test_threads (void)
{
  g_autoptr (CwEvaluation) one = NULL;
  g_autoptr (CwEvaluation) three = NULL;

  cw_parallel_set_threads (1);
  one = run (1, 2, little, NULL, NULL);
  cw_parallel_set_threads (3);
  three = run (1, 2, little, NULL, NULL);
  cw_parallel_set_threads (0);
  for (int c = 0; c < CW_CONTENDER_PIXELS; c++)
    g_assert_true (same (&one->scores[c][0], &three->scores[c][0]));
}

/* A share of each class is learned from: of the fitted side those pictures alone are read again. */
static void
test_share (void)
{
  const char *const sets[] = { "fine-tune.labels=0.2", "fine-tune.epochs=1", NULL };
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e
      = cw_evaluation_run (model, NULL, dataset, only, sets, 1, NULL, &error);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) scored = NULL;
  const char *how;
  guint n[3] = { 0 }, again[3] = { 0 };

  g_assert_no_error (error);
  g_assert_true (cw_split_fit_score (dataset, 1, &fit, &scored, &how, &error));
  for (guint i = 0; i < fit->len; i++)
    {
      guint32 item = g_array_index (fit, guint32, i);

      n[item % 3]++;
      again[item % 3] += n_loads[item] > 1;
    }
  for (int c = 0; c < 3; c++)
    g_assert_cmpuint (again[c], ==, (n[c] + 2) / 5);
}

typedef struct
{
  guint n_steps;
  guint cancel_at; /* step; 0 = never */
} Watch;

static void
watch (CwJob *job, double fraction, const char *what, gpointer data)
{
  Watch *seen = data;

  if (what == NULL || strcmp (what, "Fine-tuning") != 0)
    return;
  if (++seen->n_steps == seen->cancel_at)
    cw_job_cancel (job);
}

/* Both contenders tell of each step, and each can be the last. */
static void
test_job (void)
{
  Watch all = { 0, 0 }, some = { 0, 2 };
  g_autoptr (CwJob) job = cw_job_new (NULL, watch, &all, NULL);
  g_autoptr (CwJob) cancelled = cw_job_new (NULL, watch, &some, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEvaluation) e = run (1, 2, little, job, &error);

  g_assert_no_error (error);
  /* 0.6 epochs of 5 batches of 16 of the pictures that are fitted on. */
  g_assert_cmpuint (e->n_fit, ==, 81);
  g_assert_cmpuint (all.n_steps, ==, 2 * 3);
  g_assert_null (run (1, 2, little, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (some.n_steps, ==, 2);
}

static void
test_no_labels (void)
{
  const char *const both[] = { "factors", "fine-tune", NULL };
  g_autoptr (CwDataset) dataset = make_dataset (FALSE);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_evaluation_run (model, NULL, dataset, only, NULL, 1, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "label"));
  g_clear_error (&error);
  g_assert_null (cw_evaluation_run (model, NULL, dataset, both, NULL, 1, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
}

/* What it says of features that nothing embedded, of one class, of weights that lead nowhere. */
static void
test_refusals (void)
{
  const CwEvaluatorClass *evaluator
      = (const CwEvaluatorClass *) cw_registry_find (CW_KIND_EVALUATOR, "fine-tune", NULL);
  gpointer params = cw_params_block_new (evaluator->base.params, evaluator->base.params_size);
  g_autoptr (CwDataset) dataset = make_dataset (TRUE);
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (CwFeatures) fit = cw_features_new (8, model->dim);
  g_autoptr (GError) error = NULL;
  CwEvaluatorInput input = { .fit = fit, .score = fit, .n_classes = 2 };
  CwScores scores = { 0 };

  for (guint i = 0; i < fit->n; i++)
    {
      fit->items[i] = i / 2 * 3;
      fit->labels[i] = 0;
    }
  g_assert_false (cw_evaluator_run (evaluator, params, &input, &scores, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "encoder"));
  g_clear_error (&error);

  input.model = model;
  input.dataset = dataset;
  g_assert_false (cw_evaluator_run (evaluator, params, &input, &scores, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "two classes"));
  g_clear_error (&error);

  for (guint i = 0; i < fit->n; i++)
    {
      fit->items[i] = i;
      fit->labels[i] = i % 3 == 2;
    }
  for (gsize i = 0; i < cw_net_get_params_size (model->net); i++)
    model->weights->params[i] *= 1e30f;
  g_assert_false (cw_evaluator_run (evaluator, params, &input, &scores, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_DIVERGED);
  g_assert_cmpstr (error->message, ==, "training diverged at step 0 of 10; lower lr");
  cw_params_block_free (evaluator->base.params, params);
}

/* The values of "pipeline" are the presets. */
static void
test_pipelines (void)
{
  const CwDescriptor *evaluator = cw_registry_find (CW_KIND_EVALUATOR, "fine-tune", NULL);
  const CwParamSpec *spec = cw_params_find (evaluator->params, "pipeline");
  const char *const *names = cw_pipeline_preset_names ();

  g_assert_cmpuint (g_strv_length ((char **) spec->nicks), ==, g_strv_length ((char **) names));
  for (int i = 0; names[i] != NULL; i++)
    g_assert_true (g_strv_contains (spec->nicks, names[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  g_test_add_func ("/cw/fine-tune/learns", test_learns);
  g_test_add_func ("/cw/fine-tune/begins-with-weights", test_begins_with_weights);
  g_test_add_func ("/cw/fine-tune/threads", test_threads);
  g_test_add_func ("/cw/fine-tune/share", test_share);
  g_test_add_func ("/cw/fine-tune/job", test_job);
  g_test_add_func ("/cw/fine-tune/no-labels", test_no_labels);
  g_test_add_func ("/cw/fine-tune/refusals", test_refusals);
  g_test_add_func ("/cw/fine-tune/pipelines", test_pipelines);
  return g_test_run ();
}
