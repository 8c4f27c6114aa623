/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"
#include "nn/cw-net.h"

G_BEGIN_DECLS

/**
 * CwOptimizerClass:
 *
 * One update of all parameters. Weight decay leaves norms and biases alone. Every optimizer's block
 * begins with CwOptimizerCommon.
 */
typedef struct
{
  float lr; /* peak learning rate */
  float weight_decay;
} CwOptimizerCommon;

typedef struct
{
  CwDescriptor base;
  int n_slots; /* moments: blocks of cw_net_get_params_size() floats */
  const char *const *slot_names;
  /* @step counts from 1. @slots begin as zeros. Padding stays as it is. */
  void (*step) (gconstpointer params, const CwNet *net, float *weights, const float *grads,
                float *slots, float lr, guint64 step);
} CwOptimizerClass;

/* NULL-terminated: adamw, sgd. */
extern const CwOptimizerClass *const cw_builtin_optimizers[];

/* What of the weight decay applies to @tensor: all for convolutions and linear layers, else 0. */
float cw_optimizer_decay (const CwOptimizerCommon *common, const CwTensorInfo *tensor);

G_END_DECLS
