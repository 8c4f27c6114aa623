/* SPDX-License-Identifier: MIT */
#include "cw-test.h"
#include "learn/cw-optimizer.h"

#include <math.h>
#include <string.h>

#define N_VALUES 135 /* of the net below, padding apart */
#define N_STEPS 5

/* The net of golden/optimizers.py. */
static CwNet *
make_net (void)
{
  CwNet *net = cw_net_new ();
  CwNode node = cw_net_input (net, 6, 6, 3);

  node = cw_net_conv (net, node, "conv", 4, 3, 1, 1, TRUE);
  node = cw_net_norm (net, node, "norm", CW_NO_NODE, TRUE);
  node = cw_net_global_avg_pool (net, node);
  node = cw_net_linear (net, node, "fc", 3, TRUE);
  cw_net_mark (net, node, "features");
  return net;
}

/* Between values without padding and a block of parameters. */
static void
scatter (const CwNet *net, const float *packed, float *block)
{
  size_t at = 0;

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (net, i);

      memcpy (block + tensor->offset, packed + at, tensor->size * sizeof (float));
      at += tensor->size;
    }
  g_assert_cmpuint (at, ==, N_VALUES);
}

static void
gather (const CwNet *net, const float *block, float *packed)
{
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (net, i);

      memcpy (packed, block + tensor->offset, tensor->size * sizeof (float));
      packed += tensor->size;
    }
}

static const CwOptimizerClass *
find (const char *id)
{
  for (size_t i = 0; cw_builtin_optimizers[i] != NULL; i++)
    {
      if (g_str_equal (cw_builtin_optimizers[i]->base.id, id))
        return cw_builtin_optimizers[i];
    }
  g_assert_not_reached ();
}

/* Five steps against PyTorch's; the learning rate changes as a schedule would have it. */
static void
compare (const char *id, const char *const settings[][2], const float *golden, const float *want)
{
  const float rates[N_STEPS] = { 0.01f, 0.02f, 0.03f, 0.02f, 0.005f };
  const CwOptimizerClass *optimizer = find (id);
  gpointer params = cw_params_block_new (optimizer->base.params, optimizer->base.params_size);
  g_autoptr (CwNet) net = make_net ();
  g_autoptr (CwWeights) weights = cw_weights_new (net);
  size_t size = cw_net_get_params_size (net);
  g_autofree float *grads = g_new0 (float, size);
  g_autofree float *slots = g_new0 (float, size * (size_t) optimizer->n_slots);
  float got[N_VALUES];

  for (int i = 0; i < 6 && settings[i][0] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      cw_params_set_string (optimizer->base.params, params, NULL, settings[i][0], settings[i][1],
                            &error);
      g_assert_no_error (error);
    }
  scatter (net, golden, weights->params);
  for (int step = 0; step < N_STEPS; step++)
    {
      g_autofree char *what = g_strdup_printf ("%s, step %d", id, step + 1);

      scatter (net, golden + (step + 1) * N_VALUES, grads);
      optimizer->step (params, net, weights->params, grads, slots, rates[step],
                       (guint64) step + 1);
      gather (net, weights->params, got);
      cw_test_assert_close (what, N_VALUES, got, want + step * N_VALUES, 1e-6, 2e-6);
    }
  cw_params_block_free (optimizer->base.params, params);
}

/* Of the same cases as golden/optimizers.py. */
static void
test_golden (void)
{
  static const struct
  {
    const char *id, *settings[6][2];
  } cases[] = {
    { "adamw", { { "weight-decay", "0.1" }, { "beta1", "0.9" }, { "beta2", "0.99" },
                 { "eps", "1e-6" } } },
    { "sgd", { { "weight-decay", "0.1" }, { "momentum", "0.8" } } },
    { "sgd", { { "weight-decay", "0.1" }, { "momentum", "0.8" }, { "nesterov", "true" } } },
    { "lars", { { "weight-decay", "0.1" }, { "momentum", "0.8" }, { "trust", "0.02" } } },
    { "adamw", { { "weight-decay", "0.1" }, { "beta1", "0.9" }, { "beta2", "0.99" },
                 { "eps", "1e-6" }, { "decay-norms", "true" } } },
    { "sgd", { { "weight-decay", "0.1" }, { "momentum", "0.8" }, { "decay-norms", "true" } } },
    { "lars", { { "weight-decay", "0.1" }, { "momentum", "0.8" }, { "trust", "0.02" },
                { "decay-norms", "true" } } },
  };
  size_t size;
  g_autofree float *golden = cw_test_load_golden ("optimizers.f32", &size);
  const float *want = golden + (1 + N_STEPS) * N_VALUES;

  g_assert_cmpuint (size, ==, (1 + N_STEPS + G_N_ELEMENTS (cases) * N_STEPS) * N_VALUES);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    compare (cases[i].id, cases[i].settings, golden, want + i * N_STEPS * N_VALUES);
}

static void
check_decay (const CwOptimizerClass *optimizer, gboolean decay_norms)
{
  gpointer params = cw_params_block_new (optimizer->base.params, optimizer->base.params_size);
  const CwParamSpec *trust = cw_params_find (optimizer->base.params, "trust");
  CwOptimizerCommon *common = params;
  g_autoptr (CwNet) net = make_net ();
  g_autoptr (CwWeights) weights = cw_weights_new (net);
  size_t size = cw_net_get_params_size (net);
  g_autofree float *grads = g_new0 (float, size);
  g_autofree float *slots = g_new0 (float, size * (size_t) optimizer->n_slots);
  g_autofree float *expected = g_new0 (float, size);

  common->weight_decay = 0.1f;
  common->decay_norms = decay_norms;
  /* A trust of this gives the decay the length that it has with the others. */
  if (trust != NULL)
    g_assert_true (cw_params_set_number (trust, params, 0.1, NULL));
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (net, i);
      gboolean matrix = g_str_equal (tensor->name, "conv.weight")
                        || g_str_equal (tensor->name, "fc.weight");

      for (size_t j = 0; j < tensor->size; j++)
        {
          weights->params[tensor->offset + j] = 2;
          expected[tensor->offset + j] = matrix || decay_norms ? 2 * (1 - 0.5f * 0.1f) : 2;
        }
    }
  optimizer->step (params, net, weights->params, grads, slots, 0.5f, 1);
  cw_test_assert_close (optimizer->base.id, size, weights->params, expected, 0, 1e-6);
  cw_params_block_free (optimizer->base.params, params);
}

/* With no gradient, decay alone acts: on matrices, and on the rest where it is asked for. The
 * padding stays zero. */
static void
test_decay (void)
{
  for (size_t o = 0; cw_builtin_optimizers[o] != NULL; o++)
    {
      check_decay (cw_builtin_optimizers[o], FALSE);
      check_decay (cw_builtin_optimizers[o], TRUE);
    }
}

/* The table and the block agree: what a resume and the form rely on. */
static void
test_tables (void)
{
  for (size_t o = 0; cw_builtin_optimizers[o] != NULL; o++)
    {
      const CwOptimizerClass *optimizer = cw_builtin_optimizers[o];
      gpointer params
          = cw_params_block_new (optimizer->base.params, optimizer->base.params_size);
      const CwOptimizerCommon *common = params;

      g_assert_cmpstr (optimizer->base.params[0].id, ==, "lr");
      g_assert_cmpfloat_with_epsilon ((double) common->lr, optimizer->base.params[0].def, 1e-7);
      g_assert_cmpfloat_with_epsilon ((double) common->weight_decay, optimizer->base.params[1].def,
                                      1e-9);
      g_assert_cmpint (optimizer->n_slots, >, 0);
      for (int s = 0; s < optimizer->n_slots; s++)
        g_assert_nonnull (optimizer->slot_names[s]);
      cw_params_block_free (optimizer->base.params, params);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/optimizers/golden", test_golden);
  g_test_add_func ("/cw/optimizers/decay", test_decay);
  g_test_add_func ("/cw/optimizers/tables", test_tables);
  return g_test_run ();
}
