/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"
#include "nn/cw-net.h"

G_BEGIN_DECLS

/**
 * CwOptimizerClass:
 *
 * One update of all parameters. Weight decay leaves norms and biases alone unless asked not to.
 * Every optimizer's block begins with CwOptimizerCommon.
 */
typedef struct
{
  float lr; /* peak learning rate */
  float weight_decay;
  gboolean decay_norms;
} CwOptimizerCommon;

/* The row of decay_norms in an optimizer's table; N_() must be there. */
#define CW_OPTIMIZER_DECAY_NORMS_SPEC(Struct)                                                      \
  CW_PARAM_BOOL (Struct, common.decay_norms, "decay-norms", N_ ("Decay norms and biases"), FALSE,  \
                 N_ ("Whether the weight decay applies to norms and biases too"))

typedef struct
{
  CwDescriptor base;
  int n_slots; /* moments: blocks of cw_net_get_params_size() floats */
  const char *const *slot_names;
  /* @step counts from 1. @slots begin as zeros. Padding stays as it is. */
  void (*step) (gconstpointer params, const CwNet *net, float *weights, const float *grads,
                float *slots, float lr, guint64 step);
} CwOptimizerClass;

/* NULL-terminated: adamw, sgd, lars. */
extern const CwOptimizerClass *const cw_builtin_optimizers[];

/* Whether @tensor is the matrix of a convolution or a linear layer, not of a norm, not a bias. */
gboolean cw_optimizer_is_matrix (const CwTensorInfo *tensor);
/* What of the weight decay applies to @tensor: all for matrices, and for the rest where it is asked
 * for, else 0. */
float    cw_optimizer_decay (const CwOptimizerCommon *common, const CwTensorInfo *tensor);

G_END_DECLS
