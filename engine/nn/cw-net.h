/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-ops.h"

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwNet:
 *
 * An architecture: a graph of layers and the parameter tensors they need. It holds no weights and no
 * activations. Built once, then immutable and shared; reference counted.
 */
typedef struct _CwNet CwNet;
typedef int CwNode; /* index of a layer's output; CW_NO_NODE = none */
#define CW_NO_NODE (-1)

CwNet *cw_net_new (void);
CwNet *cw_net_ref (CwNet *net);
void   cw_net_unref (CwNet *net);

CwNode cw_net_input (CwNet *net, int h, int w, int c);
/* @name: of the parameters, as torchvision has it: "layer1.0.conv1" gives "layer1.0.conv1.weight". */
CwNode cw_net_conv (CwNet *net, CwNode in, const char *name, int out_channels, int kernel,
                    int stride, int pad, gboolean bias);
/* Batch norm with eps 1e-5, momentum 0.1; then + @residual (or CW_NO_NODE), then ReLU if asked. */
CwNode cw_net_norm (CwNet *net, CwNode in, const char *name, CwNode residual, gboolean relu);
CwNode cw_net_relu (CwNet *net, CwNode in);
CwNode cw_net_max_pool (CwNet *net, CwNode in, int kernel, int stride, int pad);
CwNode cw_net_global_avg_pool (CwNet *net, CwNode in);
/* Input is taken as [n, h * w * c]. */
CwNode cw_net_linear (CwNet *net, CwNode in, const char *name, int out_features, gboolean bias);

/* Names an output: "features", "projection", "prediction". */
void   cw_net_mark (CwNet *net, CwNode node, const char *mark);
CwNode cw_net_find_mark (const CwNet *net, const char *mark); /* CW_NO_NODE if not there */
/* Floats per image of a node's output. */
size_t cw_net_node_size (const CwNet *net, CwNode node);
void   cw_net_node_shape (const CwNet *net, CwNode node, int *h, int *w, int *c);
int    cw_net_get_n_nodes (const CwNet *net);
/* The layer's name and its shape, of one image, where the node is a convolution or a linear layer; else NULL. */
const char *cw_net_get_conv (const CwNet *net, CwNode node, CwConvShape *shape);

/* ---- parameters ---- */
typedef enum
{
  CW_TENSOR_CONV,         /* [kh, kw, c, k] here, OIHW in files */
  CW_TENSOR_LINEAR,       /* [in, out] here, [out, in] in files */
  CW_TENSOR_BIAS,
  CW_TENSOR_NORM_WEIGHT,
  CW_TENSOR_NORM_BIAS,
  CW_TENSOR_RUNNING_MEAN, /* buffers: not trained */
  CW_TENSOR_RUNNING_VAR,
} CwTensorRole;

typedef struct
{
  char *name;        /* "layer1.0.conv1.weight" */
  CwTensorRole role;
  int rank;
  int shape[4];      /* as in files (OIHW, [out, in]) */
  size_t offset, size; /* floats, in the block of parameters or of buffers */
} CwTensorInfo;

guint               cw_net_get_n_params (const CwNet *net);
const CwTensorInfo *cw_net_get_param (const CwNet *net, guint i);
guint               cw_net_get_n_buffers (const CwNet *net);
const CwTensorInfo *cw_net_get_buffer (const CwNet *net, guint i);
size_t              cw_net_get_params_size (const CwNet *net);  /* floats, padding included */
size_t              cw_net_get_buffers_size (const CwNet *net); /* floats */
/* Between the layout here and that of files (OIHW, [out, in]); dst may not alias src. */
void                cw_tensor_to_file (const CwTensorInfo *info, const float *src, float *dst);
void                cw_tensor_from_file (const CwTensorInfo *info, const float *src, float *dst);

/* ---- weights ---- */
typedef struct
{
  CwNet *net;
  float *params;  /* one block; padding is zero */
  float *buffers; /* one block */
} CwWeights;

CwWeights *cw_weights_new (CwNet *net); /* zero; NULL when memory is short */
void       cw_weights_free (CwWeights *weights);
/* He normal, fan out, for convolutions (torchvision); uniform +-1/sqrt(fan in) for linear layers
 * and their biases (PyTorch); 1 and 0 for norms; running mean 0, variance 1. Each tensor has its own
 * random stream, named by its ordinal. */
void       cw_weights_init (CwWeights *weights, guint64 seed);
void       cw_weights_copy (CwWeights *to, const CwWeights *from);
/* The same of another net: the tensors that both have, by name and shape; the rest of @to stays. */
void       cw_weights_copy_shared (CwWeights *to, const CwWeights *from);

/* ---- plan ---- */

/**
 * CwPlan:
 *
 * A net compiled for one batch size: every activation and all scratch planned into one arena, so
 * that forward and backward allocate nothing. One thread at a time.
 */
typedef struct _CwPlan CwPlan;

typedef enum
{
  CW_PLAN_INFER,    /* no gradient: activations are reused as soon as lifetimes allow */
  CW_PLAN_FROZEN,   /* the same, with running statistics only: norms are folded into convolutions */
  CW_PLAN_BACKWARD, /* activations are kept for the backward pass, those of most norms excepted */
  /* Backward too, but what lies between two bottlenecks of the graph (blocks, in a residual net) is
   * computed again when its turn comes: the same bits from much less memory and a third more time.
   * (Chen et al. 2016, arXiv 1604.06174.) */
  CW_PLAN_RECOMPUTE,
} CwPlanMode;

/* Computes what nodes @outputs need and nothing else. NULL when memory is short. */
CwPlan      *cw_plan_new (CwNet *net, int batch, CwPlanMode mode, const CwNode *outputs,
                          int n_outputs);
void         cw_plan_free (CwPlan *plan);
/* Asked before every layer of a forward pass. */
typedef gboolean (*CwPlanStopFunc) (gpointer data);
/* Once @stop (nullable) says TRUE, a forward pass ends at once, and its outputs are of no use: whoever waits for
 * a large net does not wait for a whole batch. Not for plans with a backward. */
void         cw_plan_set_stop (CwPlan *plan, CwPlanStopFunc stop, gpointer data);
size_t       cw_plan_get_bytes (const CwPlan *plan);
int          cw_plan_get_batch (const CwPlan *plan);
/* @n images, 1..batch (a smaller n only where @batch_stats is FALSE or in its own statistics).
 * @batch_stats: norms use the batch's statistics and move @weights' running ones; else (a frozen plan: always)
 * they use the running ones. @input [n, h, w, c] must stay until backward is done. */
void         cw_plan_forward (CwPlan *plan, CwWeights *weights, const float *input, int n,
                              gboolean batch_stats);
const float *cw_plan_get_output (CwPlan *plan, CwNode node);
/* Where to write the gradient by an output before backward; zeroed by each forward. */
float       *cw_plan_get_output_grad (CwPlan *plan, CwNode node);
/* After a forward with batch_stats. Accumulates into @grads (cw_net_get_params_size() floats).
 * @input_grad: (nullable): written, like input. */
void         cw_plan_backward (CwPlan *plan, const CwWeights *weights, float *grads,
                               float *input_grad);
/* First node, in order, whose output is not finite, as the name of its layer; NULL if all are. A plan
 * that does not keep its activations looks at its outputs only. */
const char  *cw_plan_find_non_finite (CwPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwNet, cw_net_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwWeights, cw_weights_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwPlan, cw_plan_free)

G_END_DECLS
