/* SPDX-License-Identifier: MIT */
/* Residual networks against PyTorch in double: tests/golden/resnet18.py made resnet18.bin and says what
 * is in it, resnet.py the others. PyTorch's own float32 is off by 1e-5 (features) and 7e-5
 * (gradients). */
#include "cw-test.h"
#include "nn/cw-encoder.h"

#include <math.h>
#include <string.h>

#define BATCH 4
#define SAMPLES 48

#define FORWARD_TOLERANCE 1e-4
#define STEPS_TOLERANCE 1e-3

typedef struct
{
  const char *id, *width, *stem;
  int size, dim;
  double gradient_tolerance;
} Case;

/* Among the many thin layers of the narrow ResNet-50 a ReLU near zero may fall to the other side when
 * sums are rounded otherwise: PyTorch's own float32 is off by 3e-4 to 2e-3 there, by the picture. */

static const Case resnet18 = { "resnet18", "64", "imagenet", 32, 512, 1e-3 },
                  resnet34 = { "resnet34", "16", "imagenet", 40, 128, 1e-3 },
                  resnet50 = { "resnet50", "8", "small", 20, 256, 3e-3 };

typedef struct
{
  double gradient_tolerance;
  size_t n_features;
  CwNet *net;
  CwWeights *weights;
  CwPlan *plan;
  CwNode features;
  guint *order; /* ordinal here of PyTorch's i-th parameter */
  float *pixels, *target, *grads;
  float *want;
  size_t n_want, at;
} Fixture;

/* -1 where there is none. */
static int
find_param (const CwNet *net, const char *name)
{
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      if (strcmp (cw_net_get_param (net, i)->name, name) == 0)
        return (int) i;
    }
  return -1;
}

/* A convolution and its norm; FALSE where the net has none of that name. */
static gboolean
add_pair (Fixture *f, guint *n, const char *prefix, const char *conv, const char *bn)
{
  g_autofree char *kernel = g_strconcat (prefix, conv, ".weight", NULL);
  g_autofree char *weight = g_strconcat (prefix, bn, ".weight", NULL);
  g_autofree char *bias = g_strconcat (prefix, bn, ".bias", NULL);
  int found = find_param (f->net, kernel);

  if (found < 0)
    return FALSE;
  f->order[(*n)++] = (guint) found;
  f->order[(*n)++] = (guint) find_param (f->net, weight);
  f->order[(*n)++] = (guint) find_param (f->net, bias);
  return TRUE;
}

/* PyTorch lists a block's shortcut after its last norm, we where it is computed. */
static void
find_order (Fixture *f)
{
  guint n = 0;

  f->order = g_new (guint, cw_net_get_n_params (f->net));
  add_pair (f, &n, "", "conv1", "bn1");
  for (int stage = 1; stage <= 4; stage++)
    {
      for (int block = 0;; block++)
        {
          g_autofree char *prefix = g_strdup_printf ("layer%d.%d.", stage, block);

          if (!add_pair (f, &n, prefix, "conv1", "bn1"))
            break;
          add_pair (f, &n, prefix, "conv2", "bn2");
          add_pair (f, &n, prefix, "conv3", "bn3");
          add_pair (f, &n, prefix, "downsample.0", "downsample.1");
        }
    }
  g_assert_cmpuint (n, ==, cw_net_get_n_params (f->net));
}

static void
set_weights (Fixture *f)
{
  cw_weights_init (f->weights, 0);
  for (guint i = 0; i < cw_net_get_n_params (f->net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (f->net, f->order[i]);
      g_autofree float *values = g_new (float, info->size);
      float scale = 0.5f, shift = 0;

      cw_test_fill_hashed (i, info->size, values);
      if (info->role == CW_TENSOR_CONV)
        scale = (float) sqrt (24.0 / (info->shape[0] * info->shape[2] * info->shape[3]));
      else if (info->role == CW_TENSOR_NORM_WEIGHT)
        shift = 1;
      for (size_t j = 0; j < info->size; j++)
        values[j] = shift + scale * values[j];
      cw_tensor_from_file (info, values, f->weights->params + info->offset);
    }
}

static void
build (Fixture *f, const Case *c)
{
  const CwEncoderClass *encoder = NULL;
  gpointer params;

  for (size_t i = 0; cw_builtin_encoders[i] != NULL; i++)
    {
      if (strcmp (cw_builtin_encoders[i]->base.id, c->id) == 0)
        encoder = cw_builtin_encoders[i];
    }
  g_assert_nonnull (encoder);
  params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  g_assert_true (
      cw_params_set_string (encoder->base.params, params, NULL, "width", c->width, NULL)
      && cw_params_set_string (encoder->base.params, params, NULL, "stem", c->stem, NULL));
  f->net = cw_encoder_build (encoder, params, c->size, NULL, FALSE);
  cw_params_block_free (encoder->base.params, params);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const Case *c = data;
  g_autofree char *golden = g_strconcat (c->id, ".bin", NULL);
  size_t n_pixels = BATCH * (size_t) c->size * (size_t) c->size * 3;

  build (f, c);
  f->gradient_tolerance = c->gradient_tolerance;
  f->features = cw_net_find_mark (f->net, "features");
  f->n_features = BATCH * (size_t) c->dim;
  g_assert_cmpuint (cw_net_node_size (f->net, f->features), ==, (guint) c->dim);
  f->weights = cw_weights_new (f->net);
  f->plan = cw_plan_new (f->net, BATCH, CW_PLAN_BACKWARD, &f->features, 1);
  f->grads = g_new0 (float, cw_net_get_params_size (f->net));
  f->pixels = g_new (float, n_pixels);
  f->target = g_new (float, f->n_features);
  cw_test_fill_hashed (1000, n_pixels, f->pixels);
  for (size_t i = 0; i < n_pixels; i++)
    f->pixels[i] *= 4;
  cw_test_fill_hashed (1001, f->n_features, f->target);
  for (size_t i = 0; i < f->n_features; i++)
    f->target[i] *= 2;
  find_order (f);
  set_weights (f);
  f->want = cw_test_load_golden (golden, &f->n_want);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  cw_plan_free (f->plan);
  cw_weights_free (f->weights);
  cw_net_unref (f->net);
  g_free (f->order);
  g_free (f->pixels);
  g_free (f->target);
  g_free (f->grads);
  g_free (f->want);
}

static const float *
take (Fixture *f, size_t n)
{
  const float *values = f->want + f->at;

  f->at += n;
  g_assert_cmpuint (f->at, <=, f->n_want);
  return values;
}

static void
assert_near (const char *what, size_t n, const float *got, const float *want, double tolerance)
{
  double error = cw_test_relative_error (n, got, want);

  g_test_message ("%s: %.2g relative", what, error);
  if (!(error <= tolerance))
    g_error ("%s: off by %.3g relative (allowed %.3g)", what, error, tolerance);
}

/* Forward and backward of half the squared distance from the target, mean over the pictures. */
static float
make_gradients (Fixture *f)
{
  const float *features;
  float *d;
  double loss = 0;

  cw_plan_forward (f->plan, f->weights, f->pixels, BATCH, TRUE);
  features = cw_plan_get_output (f->plan, f->features);
  d = cw_plan_get_output_grad (f->plan, f->features);
  for (size_t i = 0; i < f->n_features; i++)
    {
      d[i] = (features[i] - f->target[i]) / BATCH;
      loss += 0.5 * BATCH * (double) d[i] * (double) d[i];
    }
  memset (f->grads, 0, cw_net_get_params_size (f->net) * sizeof (float));
  cw_plan_backward (f->plan, f->weights, f->grads, NULL);
  return (float) loss;
}

static void
check_gradient (Fixture *f, guint ordinal)
{
  const CwTensorInfo *info = cw_net_get_param (f->net, ordinal);
  g_autofree float *gradient = g_new (float, info->size);
  size_t stride = MAX (1, info->size / SAMPLES), n = 0;
  float norm, sample[SAMPLES];
  double squares = 0;

  cw_tensor_to_file (info, f->grads + info->offset, gradient);
  for (size_t i = 0; i < info->size; i++)
    squares += (double) gradient[i] * (double) gradient[i];
  stride += stride % 3 == 0;
  for (; n < SAMPLES && n * stride < info->size; n++)
    sample[n] = gradient[n * stride];
  norm = (float) sqrt (squares);
  assert_near (info->name, 1, &norm, take (f, 1), f->gradient_tolerance);
  assert_near (info->name, n, sample, take (f, n), f->gradient_tolerance);
}

static void
check_steps (Fixture *f, const char *optimizer)
{
  const size_t n = cw_net_get_params_size (f->net);
  g_autofree float *m = g_new0 (float, n), *v = g_new0 (float, n);
  float losses[5], features[BATCH * 512 / 16];
  const float *got;

  set_weights (f);
  for (int step = 0; step < 5; step++)
    {
      losses[step] = make_gradients (f);
      if (strcmp (optimizer, "AdamW") == 0)
        cw_ops ()->adamw (n, f->weights->params, f->grads, m, v, 5e-6f, 0.9f, 0.999f, 1e-8f, 0.05f,
                          (uint64_t) step + 1);
      else
        cw_ops ()->sgd (n, f->weights->params, f->grads, v, 2e-7f, 0.9f, FALSE, 1e-4f,
                        (uint64_t) step + 1);
    }
  g_test_message ("%s", optimizer);
  assert_near ("losses of five steps", 5, losses, take (f, 5), STEPS_TOLERANCE);
  cw_plan_forward (f->plan, f->weights, f->pixels, BATCH, FALSE);
  got = cw_plan_get_output (f->plan, f->features);
  for (size_t i = 0; i < G_N_ELEMENTS (features); i++)
    features[i] = got[16 * i];
  assert_near ("features with the running statistics", G_N_ELEMENTS (features), features,
               take (f, G_N_ELEMENTS (features)), STEPS_TOLERANCE);
}

static void
check_first_step (Fixture *f)
{
  float loss = make_gradients (f);

  assert_near ("features", f->n_features, cw_plan_get_output (f->plan, f->features),
               take (f, f->n_features), FORWARD_TOLERANCE);
  assert_near ("loss", 1, &loss, take (f, 1), FORWARD_TOLERANCE);
  for (guint i = 0; i < cw_net_get_n_params (f->net); i++)
    check_gradient (f, f->order[i]);
}

static void
test_resnet18 (Fixture *f, gconstpointer data)
{
  check_first_step (f);
  check_steps (f, "AdamW");
  check_steps (f, "SGD");
  g_assert_cmpuint (f->at, ==, f->n_want);
}

static void
test_narrow (Fixture *f, gconstpointer data)
{
  check_first_step (f);
  cw_plan_forward (f->plan, f->weights, f->pixels, BATCH, FALSE);
  assert_near ("features with the running statistics", f->n_features,
               cw_plan_get_output (f->plan, f->features), take (f, f->n_features),
               FORWARD_TOLERANCE);
  g_assert_cmpuint (f->at, ==, f->n_want);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cw/golden/resnet18", Fixture, &resnet18, set_up, test_resnet18, tear_down);
  g_test_add ("/cw/golden/resnet34", Fixture, &resnet34, set_up, test_narrow, tear_down);
  g_test_add ("/cw/golden/resnet50", Fixture, &resnet50, set_up, test_narrow, tear_down);
  return g_test_run ();
}
