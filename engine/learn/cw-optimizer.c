/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-optimizer.h"

#include "learn/cw-learn-builtins.h"

const CwOptimizerClass *const cw_builtin_optimizers[]
    = { &_cw_optimizer_adamw, &_cw_optimizer_sgd, &_cw_optimizer_lars, NULL };

gboolean
cw_optimizer_is_matrix (const CwTensorInfo *tensor)
{
  return tensor->role == CW_TENSOR_CONV || tensor->role == CW_TENSOR_LINEAR;
}

float
cw_optimizer_decay (const CwOptimizerCommon *common, const CwTensorInfo *tensor)
{
  return common->decay_norms || cw_optimizer_is_matrix (tensor) ? common->weight_decay : 0.0f;
}
