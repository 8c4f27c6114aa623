/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"

#include <glib/gi18n-lib.h>

/* Stochastic gradient descent with momentum; the decay is part of the gradient (PyTorch's SGD). */

typedef struct
{
  CwOptimizerCommon common;
  float momentum;
  gboolean nesterov;
} SgdParams;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (SgdParams, common.lr, "lr", N_ ("Learning rate"), "", 0, 1e9, 0.05,
                  N_ ("Highest learning rate, at the end of the warm-up")),
  CW_PARAM_FLOAT (SgdParams, common.weight_decay, "weight-decay", N_ ("Weight decay"), "", 0, 10,
                  1e-4, N_ ("Decay of convolution and linear weights, as part of the gradient")),
  CW_OPTIMIZER_DECAY_NORMS_SPEC (SgdParams),
  CW_PARAM_FLOAT (SgdParams, momentum, "momentum", N_ ("Momentum"), "", 0, 0.99999, 0.9,
                  N_ ("Share of the last update that is kept")),
  CW_PARAM_BOOL (SgdParams, nesterov, "nesterov", N_ ("Nesterov"), FALSE,
                 N_ ("Look ahead along the momentum")),
  CW_PARAM_END,
};

static const char *const slot_names[] = { "momentum_buffer" };

static void
sgd_step (gconstpointer block, const CwNet *net, float *weights, const float *grads, float *slots,
          float lr, guint64 step)
{
  const SgdParams *params = block;
  const CwOps *ops = cw_ops ();

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (net, i);
      size_t at = tensor->offset;

      ops->sgd (tensor->size, weights + at, grads + at, slots + at, lr, params->momentum,
                params->nesterov, cw_optimizer_decay (&params->common, tensor), step);
    }
}

const CwOptimizerClass _cw_optimizer_sgd = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OPTIMIZER,
    .id = "sgd",
    .label = N_ ("SGD"),
    .description = N_ ("Stochastic gradient descent with momentum"),
    .params = specs,
    .params_size = sizeof (SgdParams),
  },
  .n_slots = G_N_ELEMENTS (slot_names),
  .slot_names = slot_names,
  .step = sgd_step,
};
