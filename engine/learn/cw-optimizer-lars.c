/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"

#include <glib/gi18n-lib.h>

/* Layer-wise adaptive rate scaling (You, Gitman & Ginsburg 2017, arXiv 1708.03888), in the form of
 * BYOL's code: every layer's gradient, its decay included, gets a length of trust times that of the
 * weights, and then goes into the momentum. Norms and biases are left to plain momentum. */

typedef struct
{
  CwOptimizerCommon common;
  float trust, momentum;
} LarsParams;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (LarsParams, common.lr, "lr", N_ ("Learning rate"), "", 0, 1e9, 0.3,
                  N_ ("Highest learning rate, at the end of the warm-up")),
  CW_PARAM_FLOAT (LarsParams, common.weight_decay, "weight-decay", N_ ("Weight decay"), "", 0, 10,
                  1.5e-6,
                  N_ ("Decay of convolution and linear weights, as part of the gradient")),
  CW_OPTIMIZER_DECAY_NORMS_SPEC (LarsParams),
  CW_PARAM_FLOAT (LarsParams, trust, "trust", N_ ("Trust coefficient"), "", 1e-9, 100, 1e-3,
                  N_ ("Length of a layer's gradient as a share of that of its weights")),
  CW_PARAM_FLOAT (LarsParams, momentum, "momentum", N_ ("Momentum"), "", 0, 0.99999, 0.9,
                  N_ ("Share of the last update that is kept")),
  CW_PARAM_END,
};

static const char *const slot_names[] = { "momentum_buffer" };

static void
lars_step (gconstpointer block, const CwNet *net, float *weights, const float *grads,
           float *slots, float lr, guint64 step)
{
  const LarsParams *params = block;
  const CwOps *ops = cw_ops ();

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (net, i);
      float decay = cw_optimizer_decay (&params->common, tensor);
      size_t at = tensor->offset;

      if (cw_optimizer_is_matrix (tensor))
        ops->lars (tensor->size, weights + at, grads + at, slots + at, lr, params->momentum,
                   params->trust, decay, step);
      else
        ops->sgd (tensor->size, weights + at, grads + at, slots + at, lr, params->momentum, FALSE,
                  decay, step);
    }
}

const CwOptimizerClass _cw_optimizer_lars = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OPTIMIZER,
    .id = "lars",
    .label = N_ ("LARS"),
    .description = N_ ("Momentum with a rate of its own for every layer, for large batches"),
    .params = specs,
    .params_size = sizeof (LarsParams),
  },
  .n_slots = G_N_ELEMENTS (slot_names),
  .slot_names = slot_names,
  .step = lars_step,
};
