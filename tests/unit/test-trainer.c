/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "contrawarp.h"
#include "cw-test.h"
#include "learn/cw-diagnostics.h"
#include "learn/cw-trainer.h"

#include <math.h>
#include <string.h>

#define N_ITEMS 52 /* 6 batches of 8 per epoch, 4 left out */
#define BATCH 8
#define PER_EPOCH 6

/* ---- something to train on ---- */

static float
spot (float x, float y, float cx, float cy, float rx, float ry)
{
  float dx = (x - cx) / rx, dy = (y - cy) / ry;

  return 1 / (1 + expf (8 * (dx * dx + dy * dy - 1)));
}

/* Faces of a sort: a head with eyes and a mouth at places they all share, in colours of their own.
 * So persons differ by colour, and a warp shows. */
static CwImage *
load_item (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  const int side = 32;
  CwImage *image = cw_image_new (side, side, 3);
  CwRng rng = cw_rng_new (5, CW_RNG_TEST, 0, 0, index, 0);
  float ground[3], skin[3], dark[3];

  for (int c = 0; c < 3; c++)
    {
      ground[c] = cw_rng_range (&rng, 20, 235);
      skin[c] = cw_rng_range (&rng, 120, 250);
      dark[c] = cw_rng_range (&rng, 0, 90);
    }
  for (int y = 0; y < side; y++)
    {
      for (int x = 0; x < side; x++)
        {
          float px = ((float) x + 0.5f) / (float) side, py = ((float) y + 0.5f) / (float) side;
          float head = spot (px, py, 0.5f, 0.5f, 0.42f, 0.48f);
          float features = spot (px, py, 0.34f, 0.4f, 0.09f, 0.06f)
                           + spot (px, py, 0.66f, 0.4f, 0.09f, 0.06f)
                           + spot (px, py, 0.5f, 0.74f, 0.17f, 0.05f);

          for (int c = 0; c < 3; c++)
            {
              float value = ground[c] + head * (skin[c] - ground[c]);

              value += features * (dark[c] - value);
              image->data[(y * side + x) * 3 + c] = (guint8) CLAMP (value, 0, 255);
            }
        }
    }
  return image;
}

/* Whether its ground is light; every fifth has none. */
static int
label_of (guint index)
{
  CwRng rng = cw_rng_new (5, CW_RNG_TEST, 0, 0, index, 0);

  return index % 5 == 4 ? -1 : cw_rng_range (&rng, 20, 235) > 127.0f;
}

static CwDataset *
make_dataset (void)
{
  CwDataset *dataset = cw_dataset_new ("memory", "test");

  cw_dataset_set_loader (dataset, load_item, NULL, NULL, NULL);
  cw_dataset_add_label (dataset, "dark");
  cw_dataset_add_label (dataset, "light");
  for (int i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%03d", i);

      cw_dataset_add_item (dataset, name, NULL, label_of ((guint) i), -1, CW_SPLIT_NONE, NULL);
    }
  return dataset;
}

static void
set (const CwParamSpec *specs, gpointer block, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (specs, block, NULL, id, text, &error);
  g_assert_no_error (error);
}

static void
set_objective (CwRecipe *recipe, const char *id, const char *text)
{
  set (recipe->objective->base.params, recipe->objective_params, id, text);
}

static void
set_optimizer (CwRecipe *recipe, const char *id, const char *text)
{
  set (recipe->optimizer->base.params, recipe->optimizer_params, id, text);
}

/* Tiny: 16 px, width 8. */
static CwRecipe *
make_recipe (const char *objective, const char *optimizer)
{
  CwRecipe *recipe = cw_recipe_new ();
  g_autoptr (GError) error = NULL;

  cw_recipe_set_objective (recipe, objective, &error);
  g_assert_no_error (error);
  cw_recipe_set_optimizer (recipe, optimizer, &error);
  g_assert_no_error (error);
  set (recipe->encoder->base.params, recipe->encoder_params, "width", "8");
  recipe->seed = 3;
  recipe->views->preprocess.size = 16;
  recipe->heads = (CwHeadParams){ .projector_hidden = 32, .projector_out = 16,
                                  .predictor_hidden = 24 };
  recipe->schedule.batch = BATCH;
  recipe->schedule.epochs = 10;
  recipe->schedule.warmup_epochs = 0.5f;
  return recipe;
}

static CwTrainer *
make_trainer (const CwRecipe *recipe, int loader_threads)
{
  g_autoptr (CwDataset) dataset = make_dataset ();
  CwLoaderOptions options = { .n_threads = loader_threads, .n_ahead = 2, .cache_bytes = 1 << 20 };
  g_autoptr (GError) error = NULL;
  CwTrainer *trainer
      = cw_trainer_new (recipe, dataset, NULL, 0, &options, NULL, NULL, &error);

  g_assert_no_error (error);
  return trainer;
}

static CwStepRecord
step (CwTrainer *trainer)
{
  CwStepRecord record;
  g_autoptr (GError) error = NULL;

  cw_trainer_step (trainer, &record, &error);
  g_assert_no_error (error);
  return record;
}

static void
steps (CwTrainer *trainer, int n)
{
  for (int i = 0; i < n; i++)
    step (trainer);
}

/* Bit for bit: weights, running statistics, target, moments, the objective's state. */
static void
assert_weights_equal (const CwWeights *a, const CwWeights *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpmem (a->params, cw_net_get_params_size (a->net) * sizeof (float), b->params,
                   cw_net_get_params_size (b->net) * sizeof (float));
  g_assert_cmpmem (a->buffers, cw_net_get_buffers_size (a->net) * sizeof (float), b->buffers,
                   cw_net_get_buffers_size (b->net) * sizeof (float));
}

static void
assert_trainers_equal (CwTrainer *a, CwTrainer *b)
{
  size_t size = cw_net_get_params_size (cw_trainer_get_online (a)->net) * sizeof (float);

  gsize n_state, n_other;
  const float *state = cw_trainer_get_objective_state (a, &n_state);
  const float *other = cw_trainer_get_objective_state (b, &n_other);

  g_assert_cmpuint (n_state, ==, n_other);
  if (n_state > 0)
    g_assert_cmpmem (state, n_state * sizeof (float), other, n_state * sizeof (float));
  g_assert_cmpuint (cw_trainer_get_step (a), ==, cw_trainer_get_step (b));
  assert_weights_equal (cw_trainer_get_online (a), cw_trainer_get_online (b));
  assert_weights_equal (cw_trainer_get_target (a), cw_trainer_get_target (b));
  for (int slot = 0; cw_trainer_get_slot (a, slot, NULL) != NULL; slot++)
    g_assert_cmpmem (cw_trainer_get_slot (a, slot, NULL), size,
                     cw_trainer_get_slot (b, slot, NULL), size);
}

/* ---- tests ---- */

/* Means over some steps. */
typedef struct
{
  double loss, negative, notices, feature_std;
} Means;

static Means
train (CwTrainer *trainer, int n)
{
  Means means = { 0 };

  for (int i = 0; i < n; i++)
    {
      CwStepRecord record = step (trainer);

      means.loss += record.loss / n;
      means.negative += record.loss_negative / n;
      means.notices += record.notices / n;
      means.feature_std += record.feature_std / n;
    }
  return means;
}

/* Within seconds a tiny net learns to notice strong warps of fixed faces. */
static void
check_learns (const char *objective)
{
  g_autoptr (CwRecipe) recipe = make_recipe (objective, "adamw");
  CwViews *views = recipe->views;
  g_autoptr (CwTrainer) trainer = NULL;
  Means first, last;

  set_optimizer (recipe, "lr", "0.003");
  set (views->warp->base.params, views->warp_params, "magnitude-max", "0.25");
  set (views->warp->base.params, views->warp_params, "magnitude-min", "0.2");
  cw_pipeline_find (views->pipeline, "crop")->enabled = FALSE;
  cw_pipeline_find (views->pipeline, "affine")->enabled = FALSE;
  recipe->schedule.epochs = 25;
  trainer = make_trainer (recipe, 1);
  first = train (trainer, 20);
  train (trainer, 110);
  last = train (trainer, 20);
  g_test_message ("%s: loss %.3f to %.3f, negative %.3f to %.3f, notices %.2f to %.2f, std %.3f",
                  objective, first.loss, last.loss, first.negative, last.negative, first.notices,
                  last.notices, last.feature_std);
  g_assert_cmpfloat (last.loss, <, 0.75 * first.loss);
  g_assert_cmpfloat (last.negative, <, 0.5 * log (2));
  g_assert_cmpfloat (last.notices, >, 0.85);
  /* Healthy is 1/8 with 64 features. */
  g_assert_cmpfloat (last.feature_std, >, 0.04);
}

static void
test_learns_simclr (void)
{
  check_learns ("simclr");
}

static void
test_learns_byol (void)
{
  check_learns ("byol");
}

/* All others, within a few seconds: the loss falls by as much as it can be expected to, and the
 * features do not collapse. */
static void
check_falls (const char *objective, double lr, double fall)
{
  g_autoptr (CwRecipe) recipe = make_recipe (objective, "adamw");
  g_autoptr (CwTrainer) trainer = NULL;
  g_autofree char *rate = g_strdup_printf ("%g", lr);
  Means first, last;

  set_optimizer (recipe, "lr", rate);
  recipe->schedule.epochs = 15;
  trainer = make_trainer (recipe, 1);
  first = train (trainer, 10);
  train (trainer, 70);
  last = train (trainer, 10);
  g_test_message ("%s: loss %.3f to %.3f, std %.3f", objective, first.loss, last.loss,
                  last.feature_std);
  g_assert_cmpfloat (last.loss, <, first.loss - fall);
  g_assert_cmpfloat (last.feature_std, >, 0.02);
}

static void
test_learns_others (void)
{
  check_falls ("moco", 0.003, 0.5);
  check_falls ("simsiam", 0.003, 0.1);
  check_falls ("vicreg", 0.003, 1);
  check_falls ("barlow-twins", 0.003, 0.1);
  check_falls ("supervised", 0.003, 0.3);
}

/* What is measured on some steps only, of batches of BATCH in 64 and 16 dimensions. */
static void
assert_rare_measures (const CwStepRecord *record, gboolean measured)
{
  const double values[] = { record->feature_rank, record->projection_rank, record->dead_features,
                            record->alignment,    record->uniformity,      record->warp_margin,
                            record->warp_auc };

  for (size_t i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_true (isfinite (values[i]) == measured && (measured || isnan (values[i])));
  if (!measured)
    return;
  g_assert_cmpfloat (record->feature_rank, >, 1);
  g_assert_cmpfloat (record->feature_rank, <=, BATCH);
  g_assert_cmpfloat (record->projection_rank, >, 1);
  g_assert_cmpfloat (record->projection_rank, <=, BATCH);
  g_assert_cmpfloat (record->dead_features, <, 1);
  g_assert_cmpfloat (record->alignment, >, 0);
  g_assert_cmpfloat (record->uniformity, <, 0);
  g_assert_cmpfloat (record->warp_auc, >, 0);
  g_assert_cmpfloat (record->warp_auc, <, 1);
}

/* What a step says of itself. */
static void
test_record (void)
{
  const char *const objectives[] = { "simclr", "byol" };

  for (int o = 0; o < 2; o++)
    {
      g_autoptr (CwRecipe) recipe = make_recipe (objectives[o], "adamw");
      g_autoptr (CwTrainer) trainer = NULL;

      set_objective (recipe, "negative-weight", "0.5");
      trainer = make_trainer (recipe, 1);
      g_assert_cmpuint (cw_trainer_get_steps_per_epoch (trainer), ==, PER_EPOCH);
      g_assert_cmpuint (cw_trainer_get_total_steps (trainer), ==, 10 * PER_EPOCH);
      g_assert_cmpuint (cw_trainer_get_bytes (trainer), >, 10000);
      for (guint64 i = 0; i < 8; i++)
        {
          CwStepRecord record = step (trainer);

          g_assert_cmpuint (record.step, ==, i);
          g_assert_cmpuint (cw_trainer_get_step (trainer), ==, i + 1);
          g_assert_cmpfloat_with_epsilon (record.epoch, (double) i / PER_EPOCH, 1e-9);
          g_assert_cmpfloat_with_epsilon (
              record.loss, record.loss_positive + 0.5 * record.loss_negative, 1e-6);
          g_assert_cmpfloat_with_epsilon (record.lr, 1e-3 * cw_schedule_lr (i, 60, 3), 1e-9);
          g_assert_true (isnan (record.momentum) == (cw_trainer_get_target (trainer) == NULL));
          if (!isnan (record.momentum))
            g_assert_cmpfloat_with_epsilon (record.momentum, cw_schedule_ema (i, 60, 0.99), 1e-6);
          g_assert_cmpfloat (record.grad_norm, >, 0);
          g_assert_cmpfloat (record.images_per_second, >, 0);
          g_assert_cmpfloat (record.wait_share, >=, 0);
          g_assert_cmpfloat (record.wait_share, <=, 1);
          g_assert_cmpfloat (record.feature_std, >, 0);
          g_assert_cmpfloat (record.feature_std, <=, 0.125);
          g_assert_cmpfloat (record.projection_std, >, 0);
          g_assert_cmpfloat (record.projection_std, <=, 0.25);
          g_assert_cmpfloat (record.weight_norm, >, 1);
          assert_rare_measures (&record, i % CW_DIAGNOSTICS_EVERY == 0);
        }
    }
}

/* Without a predictor the projection is what is compared, and nothing follows it in the net. */
static void
test_no_predictor (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("byol", "adamw");
  g_autoptr (CwTrainer) trainer = NULL;
  CwStepRecord record;

  g_assert_true (cw_recipe_has_predictor (recipe));
  recipe->heads.predictor = CW_PREDICTOR_NONE;
  set_objective (recipe, "negative", "none");
  g_assert_false (cw_recipe_has_predictor (recipe));
  trainer = make_trainer (recipe, 1);
  record = step (trainer);
  for (guint i = 0; i < cw_net_get_n_params (cw_trainer_get_online (trainer)->net); i++)
    g_assert_false (g_str_has_prefix (
        cw_net_get_param (cw_trainer_get_online (trainer)->net, i)->name, "predictor."));
  /* The target is a copy at first, and has the same batch where no view is warped. */
  g_assert_cmpfloat_with_epsilon (2 - 2 * record.cos_positive, record.alignment, 1e-5);
  steps (trainer, 5);
}

/* With a space of the negatives' own, how near positives are to the base loss is measured in its space. */
static void
test_own_space (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("byol", "adamw");
  g_autoptr (CwTrainer) trainer = NULL;
  CwStepRecord record;

  recipe->heads.predictor = CW_PREDICTOR_NONE;
  set_objective (recipe, "negative", "nce");
  set_objective (recipe, "negative-branch", "both");
  trainer = make_trainer (recipe, 1);
  record = step (trainer);
  g_assert_cmpfloat_with_epsilon (record.cos_base, record.cos_positive, 1e-12);
  cw_trainer_free (g_steal_pointer (&trainer));

  set_objective (recipe, "negative-space", "own");
  trainer = make_trainer (recipe, 1);
  record = step (trainer);
  /* The target is a copy at first, so both directions of the loss, whose mean it is, are 2 - 2 cos. */
  g_assert_cmpfloat_with_epsilon (2 - 2 * record.cos_base, record.loss_positive, 1e-5);
  g_assert_cmpfloat (fabs (record.cos_base - record.cos_positive), >, 1e-3);
}

/* Neither another trainer nor the numbers of threads change a bit. */
static void
test_deterministic (void)
{
  for (int o = 0; cw_builtin_objectives[o] != NULL; o++)
    {
      g_autoptr (CwRecipe) recipe = make_recipe (cw_builtin_objectives[o]->base.id, "adamw");
      g_autoptr (CwTrainer) one = make_trainer (recipe, 1);
      g_autoptr (CwTrainer) two = make_trainer (recipe, 2);
      g_autoptr (CwTrainer) other = NULL;

      cw_parallel_set_threads (1);
      steps (one, 8);
      cw_parallel_set_threads (2);
      steps (two, 8);
      assert_trainers_equal (one, two);
      cw_parallel_set_threads (0);

      recipe->seed++;
      other = make_trainer (recipe, 1);
      steps (other, 8);
      g_assert_false (memcmp (cw_trainer_get_online (one)->params,
                              cw_trainer_get_online (other)->params, 64)
                      == 0);
    }
}

/* Activations that are computed again take less memory and change no bit. */
static void
test_recompute (void)
{
  for (int o = 0; cw_builtin_objectives[o] != NULL; o++)
    {
      g_autoptr (CwRecipe) recipe = make_recipe (cw_builtin_objectives[o]->base.id, "adamw");
      g_autoptr (CwTrainer) kept = make_trainer (recipe, 1);
      g_autoptr (CwTrainer) again = NULL;

      recipe->schedule.recompute = TRUE;
      again = make_trainer (recipe, 1);
      g_assert_cmpuint (cw_trainer_get_bytes (again), <, cw_trainer_get_bytes (kept));
      steps (kept, 5);
      steps (again, 5);
      assert_trainers_equal (kept, again);
    }
}

/* A step of two batches goes along the mean of their gradients: known from the steps that each makes alone
 * from the same weights. */
static void
test_accumulate (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", "sgd");
  CwTrainer *alone[2];
  g_autoptr (CwTrainer) both = NULL, empty = NULL;
  g_autoptr (CwDataset) dataset = make_dataset ();
  CwLoaderOptions options = { .n_threads = 1, .n_ahead = 1 };
  g_autoptr (GError) error = NULL;
  CwStepRecord records[2], record;
  const float *begin;
  double off = 0, norm = 0;
  size_t n;

  set_optimizer (recipe, "momentum", "0");
  set_optimizer (recipe, "weight-decay", "0");
  recipe->schedule.warmup_epochs = 0;
  for (int i = 0; i < 2; i++)
    {
      alone[i] = make_trainer (recipe, 1);
      cw_trainer_set_step (alone[i], (guint64) i);
    }
  n = cw_net_get_params_size (cw_trainer_get_online (alone[0])->net);
  begin = g_memdup2 (cw_trainer_get_online (alone[0])->params, n * sizeof (float));
  for (int i = 0; i < 2; i++)
    records[i] = step (alone[i]);

  recipe->schedule.accumulate = 2;
  both = make_trainer (recipe, 1);
  g_assert_cmpuint (cw_trainer_get_steps_per_epoch (both), ==, PER_EPOCH / 2);
  record = step (both);
  g_assert_cmpfloat_with_epsilon (record.loss, (records[0].loss + records[1].loss) / 2, 1e-9);
  for (size_t i = 0; i < n; i++)
    {
      double want = 0, got = ((double) begin[i] - (double) cw_trainer_get_online (both)->params[i])
                             / record.lr;

      for (int k = 0; k < 2; k++)
        want += ((double) begin[i] - (double) cw_trainer_get_online (alone[k])->params[i])
                / records[k].lr / 2;
      off += (got - want) * (got - want);
      norm += want * want;
    }
  g_assert_cmpfloat (norm, >, 0);
  g_assert_cmpfloat (sqrt (off / norm), <, 1e-4);
  g_free ((gpointer) begin);
  cw_trainer_free (alone[0]);
  cw_trainer_free (alone[1]);

  /* Across the end of an epoch whose last batch is left over, resumed and not. */
  {
    g_autoptr (CwTrainer) whole = NULL, resumed = NULL;

    recipe->schedule.accumulate = PER_EPOCH / 2 + 1;
    whole = make_trainer (recipe, 1);
    resumed = make_trainer (recipe, 1);
    steps (whole, 2);
    cw_weights_copy (cw_trainer_get_online (resumed), cw_trainer_get_online (whole));
    cw_trainer_set_step (resumed, 2);
    steps (whole, 2);
    steps (resumed, 2);
    g_assert_cmpmem (cw_trainer_get_online (whole)->params, n * sizeof (float),
                     cw_trainer_get_online (resumed)->params, n * sizeof (float));
  }

  recipe->schedule.accumulate = 1000;
  empty = cw_trainer_new (recipe, dataset, NULL, 0, &options, NULL, NULL, &error);
  g_assert_null (empty);
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "schedule.accumulate = 1000"));
}

/* The same steps by any number of threads: weights, statistics, target and moments bit for bit. */
static void
check_threads (const char *objective, const char *encoder, const char *width, int size)
{
  g_autoptr (CwRecipe) recipe = make_recipe (objective, "adamw");
  g_autoptr (CwTrainer) alone = NULL;

  g_assert_true (cw_recipe_set_encoder (recipe, encoder, NULL));
  set (recipe->encoder->base.params, recipe->encoder_params, "width", width);
  recipe->views->preprocess.size = size;
  recipe->schedule.clip_norm = 0.5f;
  alone = make_trainer (recipe, 1);
  cw_parallel_set_threads (1);
  steps (alone, 3);
  for (int n = 2; n <= 4; n++)
    {
      g_autoptr (CwTrainer) together = make_trainer (recipe, 1);

      cw_parallel_set_threads (n);
      steps (together, 3);
      assert_trainers_equal (alone, together);
    }
  cw_parallel_set_threads (0);
}

static void
test_threads (void)
{
  check_threads ("simclr", "small", "16", 32);
  check_threads ("byol", "small", "8", 48);
  check_threads ("moco", "small", "8", 32);
  check_threads ("supervised", "small", "8", 32);
  /* Wide and large enough that every kernel has more blocks than threads. */
  check_threads ("byol", "resnet18", "32", 64);
}

/* All the state goes by hand into a new trainer, which then goes on as if nothing had been; across
 * the end of an epoch. */
static void
check_resume (const char *objective, const char *optimizer)
{
  g_autoptr (CwRecipe) recipe = make_recipe (objective, optimizer);
  g_autoptr (CwTrainer) whole = NULL, stopped = NULL, resumed = NULL;
  size_t size;
  gsize n_state;

  if (cw_recipe_n_negatives (recipe) > 0)
    set_objective (recipe, "negative-warmup", "2");
  whole = make_trainer (recipe, 1);
  stopped = make_trainer (recipe, 1);
  steps (whole, PER_EPOCH + 3);
  steps (stopped, 4);

  resumed = make_trainer (recipe, 1);
  cw_weights_copy (cw_trainer_get_online (resumed), cw_trainer_get_online (stopped));
  if (cw_trainer_get_target (stopped) != NULL)
    cw_weights_copy (cw_trainer_get_target (resumed), cw_trainer_get_target (stopped));
  size = cw_net_get_params_size (cw_trainer_get_online (stopped)->net);
  for (int slot = 0; cw_trainer_get_slot (stopped, slot, NULL) != NULL; slot++)
    {
      const char *name = NULL;

      memcpy (cw_trainer_get_slot (resumed, slot, NULL),
              cw_trainer_get_slot (stopped, slot, &name), size * sizeof (float));
      g_assert_nonnull (name);
    }
  if (cw_trainer_get_objective_state (stopped, &n_state) != NULL)
    memcpy (cw_trainer_get_objective_state (resumed, &n_state),
            cw_trainer_get_objective_state (stopped, &n_state), n_state * sizeof (float));
  cw_trainer_set_step (resumed, cw_trainer_get_step (stopped));
  g_clear_pointer (&stopped, cw_trainer_free);
  steps (resumed, PER_EPOCH - 1);
  assert_trainers_equal (whole, resumed);
}

static void
test_resume (void)
{
  check_resume ("simclr", "adamw");
  check_resume ("byol", "adamw");
  check_resume ("byol", "sgd");
  check_resume ("moco", "adamw");
  check_resume ("simsiam", "lars");
  check_resume ("supervised", "sgd");
}

/* An untrained run's encoder is the random model of its recipe; a copy does not change any more. */
static void
test_models (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("byol", "adamw");
  g_autoptr (CwTrainer) trainer = make_trainer (recipe, 1);
  g_autoptr (CwModel) random = cw_recipe_random_model (recipe);
  g_autoptr (CwModel) before = cw_trainer_copy_model (trainer);
  g_autoptr (CwModel) after = NULL;
  const CwTensorInfo *tensor;

  assert_weights_equal (random->weights, before->weights);
  g_assert_cmpint (before->size, ==, 16);
  g_assert_cmpint (before->dim, ==, 64);
  steps (trainer, 2);
  assert_weights_equal (random->weights, before->weights);

  after = cw_trainer_copy_model (trainer);
  for (guint i = 0; i < cw_net_get_n_params (after->net); i++)
    {
      tensor = cw_net_get_param (after->net, i);
      g_assert_true (memcmp (after->weights->params + tensor->offset,
                             before->weights->params + tensor->offset,
                             tensor->size * sizeof (float))
                     != 0);
    }
  g_assert_cmpstr (after->origin, !=, before->origin);
}

static const CwTensorInfo *
find_param (const CwNet *net, const char *name)
{
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      if (g_str_equal (cw_net_get_param (net, i)->name, name))
        return cw_net_get_param (net, i);
    }
  return NULL;
}

/* The target begins as a copy without predictor and follows by the moving average; its running
 * statistics are its own. */
static void
test_target (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("byol", "adamw");
  g_autoptr (CwTrainer) trainer = make_trainer (recipe, 1);
  CwWeights *online = cw_trainer_get_online (trainer), *target = cw_trainer_get_target (trainer);
  size_t size = cw_net_get_params_size (target->net);
  g_autofree float *start = g_memdup2 (target->params, size * sizeof (float));
  g_autofree float *expected = g_new0 (float, size);
  CwStepRecord record;

  for (guint i = 0; i < cw_net_get_n_params (target->net); i++)
    {
      const CwTensorInfo *to = cw_net_get_param (target->net, i);
      const CwTensorInfo *from = find_param (online->net, to->name);

      g_assert_cmpmem (target->params + to->offset, to->size * sizeof (float),
                       online->params + from->offset, from->size * sizeof (float));
    }
  record = step (trainer);
  g_assert_cmpfloat_with_epsilon (record.momentum, 0.99, 1e-6);
  g_assert_null (find_param (target->net, "predictor.0.weight"));
  g_assert_nonnull (find_param (online->net, "predictor.0.weight"));
  for (guint i = 0; i < cw_net_get_n_params (target->net); i++)
    {
      const CwTensorInfo *to = cw_net_get_param (target->net, i);
      const CwTensorInfo *from = find_param (online->net, to->name);

      for (size_t j = 0; j < to->size; j++)
        expected[to->offset + j]
            = 0.99f * start[to->offset + j] + 0.01f * online->params[from->offset + j];
    }
  cw_test_assert_close ("target", size, target->params, expected, 1e-7, 1e-5);
  g_assert_true (memcmp (target->params, start, size * sizeof (float)) != 0);
  g_assert_true (memcmp (target->buffers, online->buffers, 32) != 0);
}

/* Without a negative term no warped views are made; with a warm-up the term does not count yet. */
static void
test_negatives (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", "adamw");
  g_autoptr (CwTrainer) none = NULL, warming = NULL, ending = NULL, two = NULL;
  CwStepRecord record;

  g_assert_cmpint (cw_recipe_n_negatives (recipe), ==, 1);
  set_objective (recipe, "negative-warmup", "1");
  warming = make_trainer (recipe, 1);
  record = step (warming);
  g_assert_cmpfloat (record.loss_negative, >, 0);
  g_assert_cmpfloat_with_epsilon (record.loss, record.loss_positive, 1e-9);
  record = step (warming);
  g_assert_cmpfloat_with_epsilon (record.loss,
                                  record.loss_positive + record.loss_negative / PER_EPOCH, 1e-6);

  /* Half way between the warm-up and the end, after 11 half-epochs of 20, it is half way too. */
  set_objective (recipe, "negative-weight", "3");
  set_objective (recipe, "negative-weight-end", "1");
  ending = make_trainer (recipe, 1);
  steps (ending, 33);
  record = step (ending);
  g_assert_cmpfloat_with_epsilon (record.loss, record.loss_positive + 2 * record.loss_negative,
                                  1e-5);
  set_objective (recipe, "negative-weight", "1");
  set_objective (recipe, "negative-weight-end", "-1");

  recipe->views->negatives.count = 2;
  g_assert_cmpint (cw_recipe_n_negatives (recipe), ==, 2);
  two = make_trainer (recipe, 1);
  g_assert_true (isfinite (step (two).cos_negative));

  set_objective (recipe, "negative", "none");
  g_assert_cmpint (cw_recipe_n_negatives (recipe), ==, 0);
  none = make_trainer (recipe, 1);
  record = step (none);
  g_assert_true (isnan (record.cos_negative) && isnan (record.notices)
                 && isnan (record.loss_negative));
  g_assert_true (isfinite (record.cos_positive));
}

/* Plain SGD: the update is as long as the clipped gradient says; the record has it unclipped. */
static void
test_clip (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", "sgd");
  g_autoptr (CwTrainer) trainer = NULL;
  g_autofree float *start = NULL;
  CwWeights *online;
  size_t size;
  CwStepRecord record;
  double sum = 0;

  set_optimizer (recipe, "momentum", "0");
  set_optimizer (recipe, "weight-decay", "0");
  set_optimizer (recipe, "lr", "0.5");
  recipe->schedule.clip_norm = 0.01f;
  recipe->schedule.warmup_epochs = 0;
  trainer = make_trainer (recipe, 1);
  online = cw_trainer_get_online (trainer);
  size = cw_net_get_params_size (online->net);
  start = g_memdup2 (online->params, size * sizeof (float));
  record = step (trainer);
  g_assert_cmpfloat (record.grad_norm, >, 0.02);
  for (size_t i = 0; i < size; i++)
    sum += pow ((double) online->params[i] - (double) start[i], 2);
  g_assert_cmpfloat_with_epsilon (sqrt (sum), 0.5 * 0.01, 1e-5);
}

/* The first step's loss as a function of the weights; nothing is learned, as the rate is 0. */
typedef struct
{
  CwTrainer *trainer;
  const CwWeights *target; /* as it was; NULL where there is none */
  const float *state;      /* the objective's, too */
} Chain;

static double
loss_of_weights (const float *weights, gpointer user_data)
{
  Chain *chain = user_data;
  CwWeights *online = cw_trainer_get_online (chain->trainer);
  gsize n_state;

  cw_trainer_get_objective_state (chain->trainer, &n_state);
  memcpy (online->params, weights, cw_net_get_params_size (online->net) * sizeof (float));
  if (chain->target != NULL)
    cw_weights_copy (cw_trainer_get_target (chain->trainer), chain->target);
  if (chain->state != NULL)
    memcpy (cw_trainer_get_objective_state (chain->trainer, &n_state), chain->state,
            n_state * sizeof (float));
  cw_trainer_set_step (chain->trainer, 0);
  return step (chain->trainer).loss;
}

/* From the weights through encoder, heads and objective and back: SGD's first momentum is the
 * gradient. So close to a hundred thousand ReLUs some always bend: the tolerance is for them. */
static void
check_whole_chain (const char *objective, const char *form, const char *branch)
{
  g_autoptr (CwRecipe) recipe = make_recipe (objective, "sgd");
  g_autoptr (CwTrainer) trainer = NULL;
  g_autoptr (CwWeights) target = NULL;
  g_autofree float *start = NULL, *gradient = NULL, *state = NULL;
  const float *now;
  CwWeights *online;
  Chain chain = { NULL };
  size_t size;
  gsize n_state;

  set_optimizer (recipe, "lr", "0");
  set_optimizer (recipe, "weight-decay", "0");
  if (form != NULL)
    set_objective (recipe, "negative", form);
  if (branch != NULL)
    set_objective (recipe, "negative-branch", branch);
  trainer = make_trainer (recipe, 1);
  online = cw_trainer_get_online (trainer);
  size = cw_net_get_params_size (online->net);
  chain.trainer = trainer;
  if (cw_trainer_get_target (trainer) != NULL)
    {
      target = cw_weights_new (cw_trainer_get_target (trainer)->net);
      cw_weights_copy (target, cw_trainer_get_target (trainer));
      chain.target = target;
    }
  now = cw_trainer_get_objective_state (trainer, &n_state);
  chain.state = state = g_memdup2 (now, n_state * sizeof (float));
  start = g_memdup2 (online->params, size * sizeof (float));
  loss_of_weights (start, &chain);
  gradient = g_memdup2 (cw_trainer_get_slot (trainer, 0, NULL), size * sizeof (float));
  cw_test_gradient (objective, loss_of_weights, &chain, start, gradient, size, 16, 5e-4, 0.04);
}

static void
test_whole_chain (void)
{
  check_whole_chain ("simclr", "nce", NULL);
  check_whole_chain ("simclr", "triplet", NULL);
  check_whole_chain ("byol", "nce", NULL);
  check_whole_chain ("byol", "nce", "both");
  check_whole_chain ("moco", "nce-batch", "target");
  check_whole_chain ("vicreg", "nce", NULL);
  check_whole_chain ("barlow-twins", "nce-batch", NULL);
  check_whole_chain ("supervised", NULL, NULL);
}

/* Where a net is its own target, that is the projection of the same step. */
static void
test_self (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simsiam", "adamw");
  g_autoptr (CwTrainer) trainer = make_trainer (recipe, 1);
  CwWeights *online = cw_trainer_get_online (trainer);
  g_autoptr (CwWeights) weights = cw_weights_new (online->net);
  const CwNode outputs[] = { cw_net_find_mark (online->net, "projection"),
                             cw_net_find_mark (online->net, "prediction") };
  const int dim = recipe->heads.projector_out, n_views = 3 * BATCH;
  const size_t n_pixels = (size_t) n_views * 16 * 16 * 3;
  g_autoptr (CwPlan) plan = cw_plan_new (online->net, n_views, CW_PLAN_INFER, outputs, 2);
  g_autofree float *pixels = g_new (float, n_pixels);
  const float *z, *q;
  CwStepRecord record;
  double want = 0;

  cw_test_fill_normal (pixels, n_pixels, 1, 4);
  cw_weights_copy (weights, online);
  cw_plan_forward (plan, weights, pixels, n_views, TRUE);
  z = cw_plan_get_output (plan, outputs[0]);
  q = cw_plan_get_output (plan, outputs[1]);
  for (int a = 0; a < 2 * BATCH; a++)
    {
      double dot = 0, qq = 0, zz = 0;

      for (int j = 0; j < dim; j++)
        {
          double x = (double) q[a * dim + j], y = (double) z[(a + BATCH) % (2 * BATCH) * dim + j];

          dot += x * y;
          qq += x * x;
          zz += y * y;
        }
      want -= dot / sqrt (qq * zz) / (2 * BATCH);
    }
  g_assert_true (cw_trainer_step_on (trainer, pixels, NULL, &record, NULL));
  g_assert_cmpfloat_with_epsilon (record.loss_positive, want, 1e-5);
  g_assert_null (cw_trainer_get_target (trainer));
}

/* An optimizer that only looks. */
static guint64 seen_step;
static float seen_lr;

static void
look (gconstpointer params, const CwNet *net, float *weights, const float *grads, float *slots,
      float lr, guint64 at)
{
  seen_step = at;
  seen_lr = lr;
}

/* It is told the step from 1 and the scheduled learning rate. */
static void
test_optimizer_call (void)
{
  static const char *const names[] = { "nothing" };
  CwOptimizerClass looker = *cw_builtin_optimizers[0];
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", "adamw");
  g_autoptr (CwTrainer) trainer = NULL;
  const char *name = NULL;

  looker.step = look;
  looker.n_slots = 1;
  looker.slot_names = names;
  recipe->optimizer = &looker;
  trainer = make_trainer (recipe, 1);
  g_assert_nonnull (cw_trainer_get_slot (trainer, 0, &name));
  g_assert_cmpstr (name, ==, "nothing");
  g_assert_null (cw_trainer_get_slot (trainer, 1, &name));
  for (guint64 i = 0; i < 7; i++)
    {
      step (trainer);
      g_assert_cmpuint (seen_step, ==, i + 1);
      g_assert_cmpfloat_with_epsilon (seen_lr, 1e-3f * (float) cw_schedule_lr (i, 60, 3), 1e-9f);
    }
}

/* A step that fails changes neither weights nor statistics, neither what the objective keeps nor the
 * step. */
static void
check_undone (CwTrainer *trainer, const char *expect)
{
  CwWeights *online = cw_trainer_get_online (trainer);
  g_autoptr (CwWeights) before = cw_weights_new (online->net);
  gsize n_state;
  const float *state = cw_trainer_get_objective_state (trainer, &n_state);
  g_autofree float *state_before = g_new (float, n_state);
  g_autoptr (GError) error = NULL;
  CwStepRecord record;
  guint64 at;

  do
    {
      g_clear_error (&error);
      cw_weights_copy (before, online);
      if (n_state > 0)
        memcpy (state_before, state, n_state * sizeof (float));
      at = cw_trainer_get_step (trainer);
      g_assert_cmpuint (at, <, 60);
    }
  while (cw_trainer_step (trainer, &record, &error));

  g_assert_error (error, CW_ERROR, CW_ERROR_DIVERGED);
  g_test_message ("%s", error->message);
  if (strstr (error->message, expect) == NULL)
    g_error ("got \"%s\", want \"%s\"", error->message, expect);
  g_assert_null (strchr (error->message, '\n'));
  assert_weights_equal (online, before);
  if (n_state > 0)
    g_assert_cmpmem (state, n_state * sizeof (float), state_before, n_state * sizeof (float));
  g_assert_cmpuint (cw_trainer_get_step (trainer), ==, at);
}

static void
test_diverges (void)
{
  const char *const objectives[] = { "simclr", "byol", "moco" };

  for (int o = 0; o < 3; o++)
    {
      g_autoptr (CwRecipe) recipe = make_recipe (objectives[o], "adamw");
      g_autoptr (CwTrainer) trainer = NULL;
      CwWeights *online;

      set_optimizer (recipe, "lr", "1e6");
      recipe->schedule.warmup_epochs = 0;
      trainer = make_trainer (recipe, 1);
      online = cw_trainer_get_online (trainer);
      check_undone (trainer, "step ");
      g_assert_cmpuint (cw_trainer_get_step (trainer), >, 0);
      for (size_t i = 0; i < cw_net_get_params_size (online->net); i++)
        g_assert_true (isfinite (online->params[i]));
      for (size_t i = 0; i < cw_net_get_buffers_size (online->net); i++)
        g_assert_true (isfinite (online->buffers[i]));
    }
}

/* The layer where it began is named. */
static void
test_names_the_layer (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", "adamw");
  g_autoptr (CwTrainer) trainer = make_trainer (recipe, 1);
  CwWeights *online = cw_trainer_get_online (trainer);
  const CwTensorInfo *tensor = find_param (online->net, "layer2.0.conv2.weight");

  steps (trainer, 2);
  online->params[tensor->offset] = INFINITY;
  check_undone (trainer, "step 2: ");
  check_undone (trainer, "layer2.0.conv2");
}

/* Recipes are values: a copy is equal and apart. */
static void
test_recipe (void)
{
  g_autoptr (CwRecipe) recipe = cw_recipe_new ();
  g_autoptr (CwRecipe) copy = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (recipe->encoder->base.id, ==, "small");
  g_assert_cmpstr (recipe->objective->base.id, ==, "simclr");
  g_assert_cmpstr (recipe->optimizer->base.id, ==, "adamw");
  g_assert_cmpint (recipe->views->preprocess.size, ==, 48);
  g_assert_cmpint (cw_recipe_n_negatives (recipe), ==, 1);

  set_objective (recipe, "negative", "hinge");
  copy = cw_recipe_copy (recipe);
  g_assert_true (cw_params_equal (recipe->objective->base.params, recipe->objective_params,
                                  copy->objective_params));
  set_objective (copy, "negative", "none");
  g_assert_cmpint (cw_recipe_n_negatives (copy), ==, 0);
  g_assert_cmpint (cw_recipe_n_negatives (recipe), ==, 1);

  g_assert_false (cw_recipe_set_objective (recipe, "nonsense", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_assert_cmpstr (recipe->objective->base.id, ==, "simclr");
  g_clear_error (&error);
  g_assert_true (cw_recipe_set_encoder (recipe, "resnet18", &error));
  g_assert_true (cw_recipe_set_warp (recipe, "local-translation", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (recipe->encoder->base.id, ==, "resnet18");
}

static void
test_too_few_items (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", "adamw");
  g_autoptr (CwDataset) dataset = make_dataset ();
  CwLoaderOptions options = { .n_threads = 1, .n_ahead = 1 };
  const guint32 items[] = { 1, 2, 3 };
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_trainer_new (recipe, dataset, items, 3, &options, NULL, NULL, &error));
  g_assert_nonnull (error);
}

/* In a space of its own a hinge has nothing that holds positives near. */
static void
test_hinge_alone (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", "adamw");
  g_autoptr (CwDataset) dataset = make_dataset ();
  CwLoaderOptions options = { .n_threads = 1, .n_ahead = 1 };
  g_autoptr (CwTrainer) shared = NULL;
  g_autoptr (GError) error = NULL;

  set_objective (recipe, "negative", "hinge");
  shared = cw_trainer_new (recipe, dataset, NULL, 0, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  set_objective (recipe, "negative-space", "own");
  g_assert_null (cw_trainer_new (recipe, dataset, NULL, 0, &options, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "objective.negative-space = shared"));
}

/* Who learns labels says what is missing. */
static void
test_no_labels (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("supervised", "adamw");
  g_autoptr (CwDataset) dataset = make_dataset ();
  CwLoaderOptions options = { .n_threads = 1, .n_ahead = 1 };
  guint32 items[BATCH];
  g_autoptr (GError) error = NULL;

  for (guint32 i = 0; i < BATCH; i++)
    items[i] = 5 * i + 4; /* those without */
  g_assert_null (cw_trainer_new (recipe, dataset, items, BATCH, &options, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "objective.type = supervised"));
  g_assert_nonnull (strstr (error->message, "0 labelled pictures"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  g_test_add_func ("/cw/trainer/recipe", test_recipe);
  g_test_add_func ("/cw/trainer/record", test_record);
  g_test_add_func ("/cw/trainer/no-predictor", test_no_predictor);
  g_test_add_func ("/cw/trainer/own-space", test_own_space);
  g_test_add_func ("/cw/trainer/learns-simclr", test_learns_simclr);
  g_test_add_func ("/cw/trainer/learns-byol", test_learns_byol);
  g_test_add_func ("/cw/trainer/learns-others", test_learns_others);
  g_test_add_func ("/cw/trainer/deterministic", test_deterministic);
  g_test_add_func ("/cw/trainer/recompute", test_recompute);
  g_test_add_func ("/cw/trainer/accumulate", test_accumulate);
  g_test_add_func ("/cw/trainer/threads", test_threads);
  g_test_add_func ("/cw/trainer/resume", test_resume);
  g_test_add_func ("/cw/trainer/models", test_models);
  g_test_add_func ("/cw/trainer/target", test_target);
  g_test_add_func ("/cw/trainer/negatives", test_negatives);
  g_test_add_func ("/cw/trainer/clip", test_clip);
  g_test_add_func ("/cw/trainer/whole-chain", test_whole_chain);
  g_test_add_func ("/cw/trainer/self", test_self);
  g_test_add_func ("/cw/trainer/optimizer-call", test_optimizer_call);
  g_test_add_func ("/cw/trainer/diverges", test_diverges);
  g_test_add_func ("/cw/trainer/names-the-layer", test_names_the_layer);
  g_test_add_func ("/cw/trainer/too-few-items", test_too_few_items);
  g_test_add_func ("/cw/trainer/no-labels", test_no_labels);
  g_test_add_func ("/cw/trainer/hinge-alone", test_hinge_alone);
  return g_test_run ();
}
