/* SPDX-License-Identifier: MIT */
/* Whole training steps against PyTorch in double: tests/golden/traces.py made traces.bin and says
 * what is in it. The trainer is the one that runs use; only the views are given. */
#include "contrawarp.h"
#include "cw-test.h"
#include "learn/cw-trainer.h"

#include <math.h>
#include <string.h>

#define STEPS 100
#define CHECKED_STEPS 20
#define BATCH 8
#define PER_EPOCH 10
#define N_VIEWS 3
#define SKETCH 32

#define LOSS_TOLERANCE 1e-4
#define GRADIENT_TOLERANCE 1e-3
/* Of a gradient that is zero but for rounding: of a bias before a norm, by that of its weight. */
#define ZERO_TOLERANCE 1e-5

/* traces.py's CASES. */
typedef struct
{
  const char *objective, *optimizer, *lr, *stem;
  int side, width;
} Case;

static const Case cases[] = {
  { "byol", "adamw", "5e-5", "imagenet", 64, 16 },
  { "byol", "sgd", "1e-5", "imagenet", 64, 16 },
  { "simclr", "adamw", "5e-5", "imagenet", 64, 16 },
  { "simclr", "sgd", "1e-5", "imagenet", 64, 16 },
  { "byol", "sgd", "1e-5", "small", 16, 8 },
  { "simclr", "adamw", "5e-5", "small", 32, 8 },
};

/* ---- what traces.py makes too ---- */

static guint32
fnv (const char *name)
{
  guint32 hash = 2166136261u;

  for (const char *p = name; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * 16777619u;
  return hash;
}

static void
fill_coarse (guint32 stream, size_t n, float *out)
{
  cw_test_fill_hashed (stream, n, out);
  for (size_t i = 0; i < n; i++)
    out[i] = floorf (out[i] * 65536.0f) / 65536.0f;
}

/* One view: blocks of its image, blocks of its own, noise. */
static void
make_view (guint32 image, guint32 own, int side, float *out)
{
  float of_image[48], of_view[48];
  int block = side / 4;

  fill_coarse (10000 + image, 48, of_image);
  fill_coarse (20000 + own, 48, of_view);
  fill_coarse (30000 + own, (size_t) (side * side * 3), out);
  for (int i = 0; i < side * side * 3; i++)
    {
      int y = i / (3 * side), x = i / 3 % side, at = (y / block * 4 + x / block) * 3 + i % 3;

      out[i] = 2.0f * of_image[at] + of_view[at] + 0.5f * out[i];
    }
}

static void
make_pixels (int step, int side, float *out)
{
  for (int view = 0; view < N_VIEWS; view++)
    {
      for (int i = 0; i < BATCH; i++)
        {
          guint32 row = (guint32) (view * BATCH + i);

          make_view ((guint32) (step % PER_EPOCH * BATCH + i),
                     (guint32) (step * N_VIEWS * BATCH) + row, side,
                     out + row * (size_t) (side * side * 3));
        }
    }
}

/* In the layout of files. */
static void
make_initial (const CwTensorInfo *info, float *values)
{
  float scale = 0.5f, shift = 0;

  cw_test_fill_hashed (fnv (info->name), info->size, values);
  if (info->role == CW_TENSOR_CONV)
    scale = (float) sqrt (24.0 / (info->shape[0] * info->shape[2] * info->shape[3]));
  else if (info->role == CW_TENSOR_LINEAR)
    scale = (float) (2 / sqrt (info->shape[1]));
  else if (info->role == CW_TENSOR_NORM_WEIGHT)
    shift = 1;
  for (size_t i = 0; i < info->size; i++)
    values[i] = shift + scale * values[i];
  /* The last norm of a block. */
  for (size_t i = 0; i < info->size && g_str_has_suffix (info->name, ".bn2.weight"); i++)
    values[i] *= 0.125f;
}

static void
set_weights (CwWeights *weights)
{
  for (guint i = 0; weights != NULL && i < cw_net_get_n_params (weights->net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (weights->net, i);
      g_autofree float *values = g_new (float, info->size);

      make_initial (info, values);
      cw_tensor_from_file (info, values, weights->params + info->offset);
    }
}

/* ---- the trainer ---- */

static CwImage *
load_nothing (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  g_assert_not_reached ();
}

static void
set (const CwParamSpec *specs, gpointer block, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (specs, block, NULL, id, text, &error);
  g_assert_no_error (error);
}

static CwRecipe *
make_recipe (const Case *c)
{
  CwRecipe *recipe = cw_recipe_new ();
  g_autofree char *width = g_strdup_printf ("%d", c->width);

  g_assert_true (cw_recipe_set_encoder (recipe, "resnet18", NULL));
  g_assert_true (cw_recipe_set_objective (recipe, c->objective, NULL));
  g_assert_true (cw_recipe_set_optimizer (recipe, c->optimizer, NULL));
  set (recipe->encoder->base.params, recipe->encoder_params, "width", width);
  set (recipe->encoder->base.params, recipe->encoder_params, "stem", c->stem);
  set (recipe->optimizer->base.params, recipe->optimizer_params, "lr", c->lr);
  set (recipe->objective->base.params, recipe->objective_params, "negative-tau", "0.5");
  if (strcmp (c->objective, "simclr") == 0)
    set (recipe->objective->base.params, recipe->objective_params, "temperature", "0.5");
  recipe->views->preprocess.size = c->side;
  recipe->heads = (CwHeadParams){ .projector_hidden = 64, .projector_out = 32,
                                  .predictor_hidden = 48 };
  recipe->schedule.batch = BATCH;
  recipe->schedule.epochs = STEPS / PER_EPOCH;
  recipe->schedule.warmup_epochs = 1;
  return recipe;
}

static CwTrainer *
make_trainer (const CwRecipe *recipe)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new ("memory", "test");
  CwLoaderOptions options = { .n_threads = 1, .n_ahead = 1 };
  g_autoptr (GError) error = NULL;
  CwTrainer *trainer;

  cw_dataset_set_loader (dataset, load_nothing, NULL, NULL, NULL);
  for (int i = 0; i < BATCH * PER_EPOCH; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);

      cw_dataset_add_item (dataset, name, NULL, -1, -1, CW_SPLIT_NONE, NULL);
    }
  trainer = cw_trainer_new (recipe, dataset, NULL, 0, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  set_weights (cw_trainer_get_online (trainer));
  set_weights (cw_trainer_get_target (trainer));
  return trainer;
}

/* ---- gradients ---- */

/* What the first step left in the first moment, in the layout of files: AdamW's mean of gradients,
 * SGD's gradient with the decay. */
static void
take_gradient (const Case *c, CwTrainer *trainer, const CwTensorInfo *info, float *gradient)
{
  gboolean adamw = strcmp (c->optimizer, "adamw") == 0;
  gboolean is_matrix = info->role == CW_TENSOR_CONV || info->role == CW_TENSOR_LINEAR;
  float decay = is_matrix && !adamw ? 1e-4f : 0.0f, scale = adamw ? 1 / (1 - 0.9f) : 1.0f;
  g_autofree float *initial = g_new (float, info->size);

  make_initial (info, initial);
  cw_tensor_to_file (info, cw_trainer_get_slot (trainer, 0, NULL) + info->offset, gradient);
  for (size_t i = 0; i < info->size; i++)
    gradient[i] = scale * gradient[i] - decay * initial[i];
}

static double
norm_of (size_t n, const float *x)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += (double) x[i] * (double) x[i];
  return sqrt (sum);
}

/* Norm, by chance within some 12 %, of the difference from the gradient that @want sketches. */
static double
norm_of_difference (const CwTensorInfo *info, const float *gradient, const float *want)
{
  g_autofree float *signs = g_new (float, SKETCH * info->size);
  double squares = 0;

  cw_test_fill_hashed (fnv (info->name) ^ 0x5A5A5A5Au, SKETCH * info->size, signs);
  for (size_t s = 0; s < SKETCH; s++)
    {
      double sum = -(double) want[s];

      for (size_t i = 0; i < info->size; i++)
        sum += signs[s * info->size + i] >= 0 ? (double) gradient[i] : -(double) gradient[i];
      squares += sum * sum;
    }
  return sqrt (squares / SKETCH);
}

/* The biases that a norm takes away again. */
static gboolean
is_zero_by_nature (const Case *c, const char *name)
{
  return strcmp (name, "projector.0.bias") == 0 || strcmp (name, "predictor.0.bias") == 0
         || (strcmp (c->objective, "byol") == 0 && strcmp (name, "projector.3.bias") == 0);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const CwTensorInfo *const *) a)->name,
                 (*(const CwTensorInfo *const *) b)->name);
}

static const CwTensorInfo **
sort_params (const CwNet *net)
{
  guint n = cw_net_get_n_params (net);
  const CwTensorInfo **sorted = g_new (const CwTensorInfo *, n);

  for (guint i = 0; i < n; i++)
    sorted[i] = cw_net_get_param (net, i);
  qsort (sorted, n, sizeof *sorted, compare_names);
  return sorted;
}

static void
check_gradients (const Case *c, CwTrainer *trainer, const float *want)
{
  const CwNet *net = cw_trainer_get_online (trainer)->net;
  g_autofree const CwTensorInfo **sorted = sort_params (net);
  double worst = 0;

  for (guint i = 0; i < cw_net_get_n_params (net); i++, want += 1 + SKETCH)
    {
      const CwTensorInfo *info = sorted[i];
      g_autofree float *gradient = g_new (float, info->size);
      double norm, error;

      take_gradient (c, trainer, info, gradient);
      norm = norm_of (info->size, gradient);
      if (is_zero_by_nature (c, info->name))
        {
          /* Of the weight, which comes next. */
          g_assert_cmpfloat (norm, <, ZERO_TOLERANCE * (double) want[1 + SKETCH]);
          continue;
        }
      error = norm_of_difference (info, gradient, want + 1) / (double) want[0];
      worst = MAX (worst, error);
      if (!(error <= GRADIENT_TOLERANCE)
          || !(fabs (norm / (double) want[0] - 1) <= GRADIENT_TOLERANCE))
        g_error ("gradient of %s at step 1: norm %g, want %g, difference %.2g relative",
                 info->name, norm, (double) want[0], error);
    }
  g_test_message ("gradients at step 1: off by %.1e at most", worst);
}

/* ---- the test ---- */

static double
worst_of (const double *off, int from, int to)
{
  double worst = 0;

  for (int i = from; i < to; i++)
    worst = MAX (worst, off[i]);
  return worst;
}

static void
check_trace (const Case *c, const float *losses, const float *gradients)
{
  g_autoptr (CwRecipe) recipe = make_recipe (c);
  g_autoptr (CwTrainer) trainer = make_trainer (recipe);
  g_autofree float *pixels = g_new (float, N_VIEWS * BATCH * c->side * c->side * 3);
  double off[STEPS];

  g_assert_cmpuint (cw_trainer_get_total_steps (trainer), ==, STEPS);
  for (int step = 0; step < STEPS; step++)
    {
      CwStepRecord record;
      g_autoptr (GError) error = NULL;

      make_pixels (step, c->side, pixels);
      cw_trainer_step_on (trainer, pixels, NULL, &record, &error);
      g_assert_no_error (error);
      off[step] = fabs (record.loss / (double) losses[step] - 1);
      if (step < CHECKED_STEPS && !(off[step] <= LOSS_TOLERANCE))
        g_error ("loss of step %d: %.7g, want %.7g, off by %.2g relative", step + 1, record.loss,
                 (double) losses[step], off[step]);
      if (step == 0)
        check_gradients (c, trainer, gradients);
    }
  g_test_message ("losses: off by %.1e at most in steps 1-20, %.1e in 21-50, %.1e in 51-100",
                  worst_of (off, 0, 20), worst_of (off, 20, 50), worst_of (off, 50, STEPS));
}

/* Floats that @c has in traces.bin. */
static size_t
trace_size (const Case *c)
{
  g_autoptr (CwRecipe) recipe = make_recipe (c);
  CwNet *net = cw_encoder_build (recipe->encoder, recipe->encoder_params, c->side, &recipe->heads,
                                 recipe->objective->head == CW_HEAD_PREDICTION);
  size_t size = STEPS + (size_t) cw_net_get_n_params (net) * (1 + SKETCH);

  cw_net_unref (net);
  return size;
}

static void
test_trace (gconstpointer data)
{
  const Case *c = data;
  size_t n, at = 0;
  g_autofree float *want = cw_test_load_golden ("traces.bin", &n);

  for (const Case *before = cases; before != c; before++)
    at += trace_size (before);
  g_assert_cmpuint (at + trace_size (c), <=, n);
  check_trace (c, want + at, want + at + STEPS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autofree char *path = g_strdup_printf ("/cw/parity/%s-%s-%s", c->objective, c->optimizer,
                                               c->stem);

      g_test_add_data_func (path, c, test_trace);
    }
  return g_test_run ();
}
