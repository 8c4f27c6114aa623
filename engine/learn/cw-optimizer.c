/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-optimizer.h"

#include "learn/cw-learn-builtins.h"

const CwOptimizerClass *const cw_builtin_optimizers[]
    = { &_cw_optimizer_adamw, &_cw_optimizer_sgd, NULL };

float
cw_optimizer_decay (const CwOptimizerCommon *common, const CwTensorInfo *tensor)
{
  gboolean is_matrix = tensor->role == CW_TENSOR_CONV || tensor->role == CW_TENSOR_LINEAR;

  return is_matrix ? common->weight_decay : 0.0f;
}
