/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"

#include <glib/gi18n-lib.h>

/* Adam with decoupled weight decay (Loshchilov & Hutter, ICLR 2019). */

typedef struct
{
  CwOptimizerCommon common;
  float beta1, beta2, eps;
} AdamwParams;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (AdamwParams, common.lr, "lr", N_ ("Learning rate"), "", 0, 1e9, 1e-3,
                  N_ ("Highest learning rate, at the end of the warm-up")),
  CW_PARAM_FLOAT (AdamwParams, common.weight_decay, "weight-decay", N_ ("Weight decay"), "", 0, 10,
                  0.05, N_ ("Decoupled decay of convolution and linear weights")),
  CW_OPTIMIZER_DECAY_NORMS_SPEC (AdamwParams),
  CW_PARAM_FLOAT (AdamwParams, beta1, "beta1", N_ ("Beta 1"), "", 0, 0.99999, 0.9,
                  N_ ("Decay of the running mean of the gradient")),
  CW_PARAM_FLOAT (AdamwParams, beta2, "beta2", N_ ("Beta 2"), "", 0, 0.99999, 0.999,
                  N_ ("Decay of the running mean of its square")),
  CW_PARAM_FLOAT (AdamwParams, eps, "eps", N_ ("Epsilon"), "", 1e-12, 1, 1e-8,
                  N_ ("Added to the root of the running square")),
  CW_PARAM_END,
};

static const char *const slot_names[] = { "exp_avg", "exp_avg_sq" };

static void
adamw_step (gconstpointer block, const CwNet *net, float *weights, const float *grads,
            float *slots, float lr, guint64 step)
{
  const AdamwParams *params = block;
  const CwOps *ops = cw_ops ();
  float *mean = slots, *square = slots + cw_net_get_params_size (net);

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (net, i);
      size_t at = tensor->offset;

      ops->adamw (tensor->size, weights + at, grads + at, mean + at, square + at, lr,
                  params->beta1, params->beta2, params->eps,
                  cw_optimizer_decay (&params->common, tensor), step);
    }
}

const CwOptimizerClass _cw_optimizer_adamw = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OPTIMIZER,
    .id = "adamw",
    .label = N_ ("AdamW"),
    .description = N_ ("Adam with decoupled weight decay"),
    .params = specs,
    .params_size = sizeof (AdamwParams),
  },
  .n_slots = G_N_ELEMENTS (slot_names),
  .slot_names = slot_names,
  .step = adamw_step,
};
