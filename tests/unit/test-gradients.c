/* SPDX-License-Identifier: MIT */
/* The backward pass of every kind of layer, in small nets, against central differences: by the
 * parameters and by the input. */
#include "cw-test.h"
#include "nn/cw-net.h"

#include <math.h>
#include <string.h>

/* Float32 forward passes, moved along directions of length one. A longer way would cross kinks of
 * ReLU and max pool, a shorter one drown in rounding; either leaves up to 1e-2. */
#define TOLERANCE 2e-2
#define EPS 2e-3
#define DIRECTIONS 12

typedef CwNode (*Builder) (CwNet *net, CwNode in);

typedef struct
{
  CwPlan *plan;
  CwWeights *weights;
  CwNode outputs[2];
  int n_outputs;
  int n;
  const float *input;
  const float *factors[2]; /* the loss is the sum of outputs times these */
} Setup;

static double
loss_of (Setup *s, const float *input)
{
  double loss = 0;

  cw_plan_forward (s->plan, s->weights, input, s->n, TRUE);
  for (int k = 0; k < s->n_outputs; k++)
    {
      const float *y = cw_plan_get_output (s->plan, s->outputs[k]);
      size_t size = cw_net_node_size (s->weights->net, s->outputs[k]) * (size_t) s->n;

      for (size_t i = 0; i < size; i++)
        loss += (double) y[i] * (double) s->factors[k][i];
    }
  return loss;
}

static double
loss_by_params (const float *params, gpointer user_data)
{
  Setup *s = user_data;

  memcpy (s->weights->params, params, cw_net_get_params_size (s->weights->net) * sizeof (float));
  return loss_of (s, s->input);
}

static double
loss_by_input (const float *input, gpointer user_data)
{
  return loss_of (user_data, input);
}

/* Norm's factors and biases away from 1 and 0, where mistakes would hide. */
static void
fill_weights (CwWeights *weights)
{
  for (guint i = 0; i < cw_net_get_n_params (weights->net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (weights->net, i);
      float *w = weights->params + info->offset;

      cw_test_fill_normal (w, info->size, 0.3f, 50 + i);
      for (size_t j = 0; j < info->size && info->role == CW_TENSOR_NORM_WEIGHT; j++)
        w[j] += 1.0f;
    }
}

static void
run (const char *what, CwNet *net, const CwNode *outputs, int n_outputs, int n)
{
  g_autoptr (CwWeights) weights = cw_weights_new (net);
  g_autoptr (CwPlan) plan = cw_plan_new (net, n, CW_PLAN_BACKWARD, outputs, n_outputs);
  const size_t n_params = cw_net_get_params_size (net);
  const size_t n_input = cw_net_node_size (net, 0) * (size_t) n;
  g_autofree float *input = g_new (float, n_input), *input_grad = g_new (float, n_input);
  g_autofree float *params = NULL, *grads = g_new0 (float, n_params + 1);
  Setup s = { .plan = plan, .weights = weights, .n_outputs = n_outputs, .n = n, .input = input };
  float *factors[2] = { NULL, NULL };

  fill_weights (weights);
  params = g_memdup2 (weights->params, n_params * sizeof (float));
  cw_test_fill_normal (input, n_input, 1, 7);
  for (int k = 0; k < n_outputs; k++)
    {
      size_t size = cw_net_node_size (net, outputs[k]) * (size_t) n;

      s.outputs[k] = outputs[k];
      s.factors[k] = factors[k] = g_new (float, size);
      cw_test_fill_normal (factors[k], size, 1, 8 + (guint) k);
    }

  loss_of (&s, input);
  for (int k = 0; k < n_outputs; k++)
    memcpy (cw_plan_get_output_grad (plan, outputs[k]), factors[k],
            cw_net_node_size (net, outputs[k]) * (size_t) n * sizeof (float));
  for (size_t i = 0; i < n_input; i++)
    input_grad[i] = NAN;
  cw_plan_backward (plan, weights, grads, input_grad);

  g_test_message ("%s", what);
  cw_test_gradient ("input", loss_by_input, &s, input, input_grad, n_input, DIRECTIONS, EPS,
                    TOLERANCE);
  if (n_params > 0)
    cw_test_gradient ("parameters", loss_by_params, &s, params, grads, n_params, DIRECTIONS, EPS,
                      TOLERANCE);
  /* Each tensor for itself: a small one must not hide behind a large one. */
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (net, i);
      g_autofree float *direction = g_new (float, info->size);
      double analytic = 0, numeric = 0, norm = 0, scale;

      cw_test_fill_normal (direction, info->size, 1, 90 + i);
      for (size_t j = 0; j < info->size; j++)
        norm += (double) direction[j] * (double) direction[j];
      scale = EPS / sqrt (norm);
      for (int side = -1; side <= 1; side += 2)
        {
          memcpy (weights->params, params, n_params * sizeof (float));
          for (size_t j = 0; j < info->size; j++)
            weights->params[info->offset + j] += (float) (side * scale) * direction[j];
          numeric += side * loss_of (&s, input);
        }
      norm = 0;
      for (size_t j = 0; j < info->size; j++)
        {
          analytic += scale * (double) direction[j] * (double) grads[info->offset + j];
          norm += (double) grads[info->offset + j] * (double) grads[info->offset + j];
        }
      if (!(fabs (numeric / 2 - analytic) <= 2 * TOLERANCE * EPS * (sqrt (norm) + 1e-2)))
        g_error ("%s, %s: gradient along a direction %g, by differences %g", what, info->name,
                 analytic, numeric / 2);
    }
  for (int k = 0; k < n_outputs; k++)
    g_free (factors[k]);
}

static void
run_builder (const char *what, Builder build, int n, int size, int channels)
{
  g_autoptr (CwNet) net = cw_net_new ();
  CwNode out = build (net, cw_net_input (net, size, size, channels));

  run (what, net, &out, 1, n);
}

static CwNode
build_conv (CwNet *net, CwNode in)
{
  return cw_net_conv (net, in, "conv", 5, 3, 1, 1, FALSE);
}

static CwNode
build_conv_stride (CwNet *net, CwNode in)
{
  return cw_net_conv (net, in, "conv", 6, 3, 2, 1, TRUE);
}

static CwNode
build_stem (CwNet *net, CwNode in)
{
  return cw_net_conv (net, in, "conv", 4, 7, 2, 3, TRUE);
}

static CwNode
build_pointwise (CwNet *net, CwNode in)
{
  CwNode node = cw_net_conv (net, in, "a", 6, 1, 1, 0, FALSE);

  return cw_net_conv (net, node, "b", 4, 1, 2, 0, TRUE);
}

static CwNode
build_linear (CwNet *net, CwNode in)
{
  return cw_net_linear (net, in, "fc", 7, TRUE);
}

static CwNode
build_norm (CwNet *net, CwNode in)
{
  return cw_net_norm (net, in, "bn", CW_NO_NODE, FALSE);
}

static CwNode
build_norm_relu (CwNet *net, CwNode in)
{
  return cw_net_norm (net, in, "bn", CW_NO_NODE, TRUE);
}

static CwNode
build_norm_residual (CwNet *net, CwNode in)
{
  CwNode node = cw_net_conv (net, in, "conv", 3, 3, 1, 1, FALSE);

  /* The input's gradient comes by two ways. */
  return cw_net_norm (net, node, "bn", in, FALSE);
}

static CwNode
build_norm_residual_relu (CwNet *net, CwNode in)
{
  CwNode node = cw_net_conv (net, in, "conv", 3, 3, 1, 1, FALSE);

  return cw_net_norm (net, node, "bn", in, TRUE);
}

/* x + norm (x): both ways lead to the same node. */
static CwNode
build_norm_itself (CwNet *net, CwNode in)
{
  CwNode node = cw_net_conv (net, in, "conv", 4, 3, 1, 1, FALSE);

  return cw_net_norm (net, node, "bn", node, FALSE);
}

static CwNode
build_relu (CwNet *net, CwNode in)
{
  return cw_net_relu (net, in);
}

static CwNode
build_max_pool (CwNet *net, CwNode in)
{
  return cw_net_max_pool (net, in, 3, 2, 1);
}

static CwNode
build_avg_pool (CwNet *net, CwNode in)
{
  CwNode node = cw_net_conv (net, in, "conv", 4, 3, 1, 1, FALSE);

  return cw_net_global_avg_pool (net, node);
}

/* A node with three readers, so that its gradient is written once and added to twice. */
static CwNode
build_shared (CwNet *net, CwNode in)
{
  CwNode shared = cw_net_conv (net, in, "shared", 6, 3, 1, 1, FALSE);
  CwNode a = cw_net_conv (net, shared, "a", 6, 3, 1, 1, FALSE);
  CwNode b, c;

  a = cw_net_norm (net, a, "a.bn", shared, TRUE);
  b = cw_net_relu (net, shared);
  b = cw_net_conv (net, b, "b", 6, 1, 1, 0, TRUE);
  b = cw_net_norm (net, b, "b.bn", a, FALSE);
  c = cw_net_max_pool (net, shared, 3, 1, 1);
  c = cw_net_norm (net, c, "c.bn", b, FALSE);
  return cw_net_linear (net, cw_net_global_avg_pool (net, c), "fc", 5, TRUE);
}

static void
test_layers (void)
{
  run_builder ("convolution", build_conv, 2, 6, 3);
  run_builder ("convolution, many rows", build_conv, 3, 20, 10);
  run_builder ("convolution with stride 2", build_conv_stride, 2, 7, 3);
  run_builder ("convolution with stride 2, many rows", build_conv_stride, 3, 24, 8);
  run_builder ("stem", build_stem, 2, 12, 3);
  run_builder ("1x1 convolutions", build_pointwise, 3, 6, 5);
  run_builder ("linear", build_linear, 4, 3, 5);
  run_builder ("norm", build_norm, 4, 4, 6);
  run_builder ("norm, ReLU", build_norm_relu, 4, 4, 6);
  run_builder ("norm, residual", build_norm_residual, 3, 5, 3);
  run_builder ("norm, residual, ReLU", build_norm_residual_relu, 3, 5, 3);
  run_builder ("norm, itself as residual", build_norm_itself, 3, 5, 3);
  run_builder ("ReLU", build_relu, 2, 5, 3);
  run_builder ("max pool", build_max_pool, 2, 7, 3);
  run_builder ("average pool", build_avg_pool, 2, 6, 3);
  run_builder ("shared node", build_shared, 3, 8, 3);
}

/* Two outputs, one of them read on: what the caller puts into its gradient must survive. */
static void
test_outputs (void)
{
  g_autoptr (CwNet) net = cw_net_new ();
  CwNode node = cw_net_conv (net, cw_net_input (net, 6, 6, 3), "conv", 5, 3, 1, 1, FALSE);
  CwNode outputs[2];

  node = cw_net_norm (net, node, "bn", CW_NO_NODE, TRUE);
  outputs[0] = cw_net_global_avg_pool (net, node);
  outputs[1] = cw_net_linear (net, outputs[0], "fc", 4, TRUE);
  run ("two outputs", net, outputs, 2, 4);
}

/* Gradients of parameters are added to what is there; without input_grad they are the same. */
static void
test_accumulation (void)
{
  g_autoptr (CwNet) net = cw_net_new ();
  CwNode out = build_shared (net, cw_net_input (net, 8, 8, 3));
  g_autoptr (CwWeights) weights = cw_weights_new (net);
  g_autoptr (CwPlan) plan = cw_plan_new (net, 3, CW_PLAN_BACKWARD, &out, 1);
  const size_t n = cw_net_get_params_size (net);
  g_autofree float *input = g_new (float, 3 * 8 * 8 * 3),
                   *input_grad = g_new (float, 3 * 8 * 8 * 3);
  g_autofree float *once = g_new0 (float, n), *twice = g_new0 (float, n);

  cw_weights_init (weights, 3);
  cw_test_fill_normal (input, 3 * 8 * 8 * 3, 1, 1);
  for (int k = 0; k < 3; k++)
    {
      cw_plan_forward (plan, weights, input, 3, TRUE);
      for (int i = 0; i < 3 * 5; i++)
        g_assert_cmpfloat (cw_plan_get_output_grad (plan, out)[i], ==, 0);
      cw_test_fill_normal (cw_plan_get_output_grad (plan, out), 3 * 5, 1, 2);
      cw_plan_backward (plan, weights, k == 0 ? once : twice, k == 0 ? input_grad : NULL);
    }
  for (size_t i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (twice[i], 2 * once[i], 1e-5f * (1 + fabsf (once[i])));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cw/gradients/layers", test_layers);
  g_test_add_func ("/cw/gradients/outputs", test_outputs);
  g_test_add_func ("/cw/gradients/accumulation", test_accumulation);
  return g_test_run ();
}
