/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cw-net-private.h"

#include <math.h>
#include <string.h>

/* Bytes; every buffer of the arena begins at a multiple. */
#define BUFFER_ALIGN ((size_t) 64)

/* Part of the arena, in use from one moment to another. Moments: the forward of node i is i, its
 * backward 2 * n_nodes - i. */
typedef struct
{
  size_t bytes;
  int first, last;
  size_t offset;
  void *slot; /* the pointer that its address goes to */
} Span;

#define FOR_EVER G_MAXINT

/* What a plan keeps of a node. Pointers are NULL where the node needs none. */
typedef struct
{
  gboolean needed;
  gboolean is_output;
  gboolean in_place; /* norm, ReLU: writes over its input */
  gboolean folds;    /* norm of a frozen plan: computes the convolution before it and ends it */
  gboolean folded;   /* that convolution: does nothing by itself */
  gboolean add_in;   /* its backward adds to the input's gradient, else it writes */
  gboolean add_residual;
  float *value;
  float *first_value, *second_value; /* where recomputed: of the forward, of the backward */
  int segment_end;    /* where recomputed: the node before whose backward; else 0 */
  float *grad;
  float *mean, *rstd; /* norm */
  uint8_t *index;     /* max pool */
  size_t size;        /* floats per image */
} Node;

struct _CwPlan
{
  CwNet *net;
  int batch;
  CwPlanMode mode;
  const CwLayer *layers;
  Node *nodes;
  int n_nodes;
  char *arena;
  size_t bytes;
  float *scratch;
  float *fold; /* frozen: scale and shift of the norm at work */
  CwPlanStopFunc stop; /* (nullable) */
  gpointer stop_data;
  /* of the latest forward */
  int n;
  gboolean batch_stats;
};

/* ---- making the plan ---- */

static gboolean
has_backward (const CwPlan *plan)
{
  return plan->mode == CW_PLAN_BACKWARD || plan->mode == CW_PLAN_RECOMPUTE;
}

/* Lowest place that is free during the span, among those placed before. */
static size_t
find_place (const GArray *spans, guint at)
{
  const Span *span = &g_array_index (spans, Span, at);
  size_t offset = 0;
  gboolean moved;

  do
    {
      moved = FALSE;
      for (guint i = 0; i < at; i++)
        {
          const Span *other = &g_array_index (spans, Span, i);

          if (other->last < span->first || other->first > span->last
              || other->offset + other->bytes <= offset || offset + span->bytes <= other->offset)
            continue;
          offset = other->offset + other->bytes;
          moved = TRUE;
        }
    }
  while (moved);
  return offset;
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const Span *x = a, *y = b;

  /* The largest first leaves the fewest gaps. */
  if (x->bytes != y->bytes)
    return x->bytes < y->bytes ? 1 : -1;
  return x->first - y->first;
}

static void
add_span (GArray *spans, size_t floats, int first, int last, void *slot)
{
  Span span = { .first = first, .last = last, .slot = slot };

  span.bytes = (MAX (floats, 1) * sizeof (float) + BUFFER_ALIGN - 1) / BUFFER_ALIGN * BUFFER_ALIGN;
  g_array_append_val (spans, span);
}

static void
find_needed (CwPlan *plan, const CwNode *outputs, int n_outputs)
{
  for (int i = 0; i < n_outputs; i++)
    {
      g_assert (outputs[i] >= 0 && outputs[i] < plan->n_nodes);
      plan->nodes[outputs[i]].needed = plan->nodes[outputs[i]].is_output = TRUE;
    }
  for (int i = plan->n_nodes - 1; i >= 0; i--)
    {
      const CwLayer *layer = &plan->layers[i];

      if (!plan->nodes[i].needed)
        continue;
      if (layer->in != CW_NO_NODE)
        plan->nodes[layer->in].needed = TRUE;
      if (layer->residual != CW_NO_NODE)
        plan->nodes[layer->residual].needed = TRUE;
    }
  /* The picture itself is the caller's. */
  g_assert (!plan->nodes[0].is_output);
}

/* The node that @node's operation reads first: of a norm that folds, its convolution's. */
static int
source (const CwPlan *plan, int node)
{
  int in = plan->layers[node].in;

  return plan->nodes[node].folds ? plan->layers[in].in : in;
}

static gboolean
reads (const CwPlan *plan, int reader, int node)
{
  return plan->nodes[reader].needed && !plan->nodes[reader].folded
         && (source (plan, reader) == node || plan->layers[reader].residual == node);
}

/* The last node that reads @node's value; itself if none does. */
static int
last_reader (const CwPlan *plan, int node)
{
  int last = node;

  for (int i = node + 1; i < plan->n_nodes; i++)
    {
      if (reads (plan, i, node))
        last = i;
    }
  return last;
}

/* With running statistics a norm is a scale and a shift: nobody else may want the convolution as it is. */
static void
find_folds (CwPlan *plan)
{
  for (int i = 1; plan->mode == CW_PLAN_FROZEN && i < plan->n_nodes; i++)
    {
      int in = plan->layers[i].in, n_readers = 0;

      if (!plan->nodes[i].needed || plan->layers[i].type != CW_LAYER_NORM
          || plan->layers[in].type != CW_LAYER_CONV || plan->nodes[in].is_output)
        continue;
      for (int j = in + 1; j < plan->n_nodes; j++)
        n_readers += reads (plan, j, in);
      plan->nodes[i].folds = plan->nodes[in].folded = n_readers == 1;
    }
}

/* Without a backward pass, an element-wise layer that is the last reader of its input can write
 * over it. */
static void
find_in_place (CwPlan *plan)
{
  for (int i = 1; !has_backward (plan) && i < plan->n_nodes; i++)
    {
      const CwLayer *layer = &plan->layers[i];

      plan->nodes[i].in_place
          = plan->nodes[i].needed && !plan->nodes[i].folds
            && (layer->type == CW_LAYER_NORM || layer->type == CW_LAYER_RELU)
            && layer->in != 0 && !plan->nodes[layer->in].is_output
            && last_reader (plan, layer->in) == i && layer->residual != layer->in;
    }
}

/* The node whose buffer holds @node's value. */
static int
holder (const CwPlan *plan, int node)
{
  while (plan->nodes[node].in_place)
    node = plan->layers[node].in;
  return node;
}

/* A segment is no shorter: in a chain of layers every node is a bottleneck. */
#define SEGMENT 3

/* Nodes that are computed again: those between bottlenecks, which are the nodes that no edge passes by. What
 * comes after the last one is in use right away when the backward begins. */
static void
find_segments (CwPlan *plan)
{
  int begin = 0, furthest = 0;

  for (int i = 1; i < plan->n_nodes; i++)
    {
      furthest = MAX (furthest, last_reader (plan, i - 1));
      if (furthest > i || !plan->nodes[i].needed || i - begin < SEGMENT)
        continue;
      for (int j = begin + 1; j < i; j++)
        {
          if (plan->nodes[j].needed && !plan->nodes[j].is_output)
            plan->nodes[j].segment_end = i;
        }
      begin = i;
    }
}

/* A norm costs next to nothing to compute again from the convolution that is kept; with a residual, that would
 * have to be kept instead. */
static void
find_norms_to_repeat (CwPlan *plan)
{
  for (int i = 1; i < plan->n_nodes; i++)
    {
      Node *node = &plan->nodes[i];

      if (node->needed && !node->is_output && plan->layers[i].type == CW_LAYER_NORM
          && plan->layers[i].residual == CW_NO_NODE)
        node->segment_end = last_reader (plan, i);
    }
}

static void
plan_values (CwPlan *plan, GArray *spans)
{
  const size_t batch = (size_t) plan->batch;

  for (int i = 1; i < plan->n_nodes; i++)
    {
      const CwLayer *layer = &plan->layers[i];
      Node *node = &plan->nodes[i];
      int last = FOR_EVER;

      if (!node->needed || node->folded)
        continue;
      if (layer->type == CW_LAYER_NORM && plan->mode != CW_PLAN_FROZEN)
        {
          add_span (spans, (size_t) layer->c, i, FOR_EVER, &node->mean);
          add_span (spans, (size_t) layer->c, i, FOR_EVER, &node->rstd);
        }
      if (layer->type == CW_LAYER_MAX_POOL)
        add_span (spans, (node->size * batch + sizeof (float) - 1) / sizeof (float), i,
                  has_backward (plan) ? FOR_EVER : i, &node->index);
      if (node->in_place)
        continue;
      if (node->segment_end > 0)
        {
          add_span (spans, node->size * batch, i, last_reader (plan, i), &node->first_value);
          add_span (spans, node->size * batch, 2 * plan->n_nodes - node->segment_end,
                    2 * plan->n_nodes - i, &node->second_value);
          continue;
        }
      if (!has_backward (plan))
        {
          /* Over all the nodes that write in place here. */
          last = i;
          for (int j = i; j < plan->n_nodes && last != FOR_EVER; j++)
            {
              if (plan->nodes[j].needed && holder (plan, j) == i)
                last = plan->nodes[j].is_output ? FOR_EVER : last_reader (plan, j);
            }
        }
      add_span (spans, node->size * batch, i, last, &node->value);
    }
}

/* Gradients: a node's buffer is in use from the backward of its last reader to its own. Values
 * stay, because callers look at them after a backward. */
static void
plan_gradients (CwPlan *plan, GArray *spans)
{
  const size_t batch = (size_t) plan->batch;
  g_autofree gboolean *begun = g_new0 (gboolean, (gsize) plan->n_nodes);
  gboolean input_needs = FALSE;

  for (int i = plan->n_nodes - 1; i > 0; i--)
    {
      const CwLayer *layer = &plan->layers[i];
      Node *node = &plan->nodes[i];
      int now = 2 * plan->n_nodes - i;

      if (!node->needed)
        continue;
      if (node->is_output)
        add_span (spans, node->size * batch, 0, FOR_EVER, &node->grad);
      else
        add_span (spans, node->size * batch, 2 * plan->n_nodes - last_reader (plan, i), now,
                  &node->grad);
      /* What the caller writes into an output's gradient comes first. */
      node->add_in = begun[layer->in] || plan->nodes[layer->in].is_output;
      begun[layer->in] = TRUE;
      if (layer->residual != CW_NO_NODE)
        {
          node->add_residual = begun[layer->residual] || plan->nodes[layer->residual].is_output;
          begun[layer->residual] = TRUE;
        }
      if ((layer->in == 0 && layer->type != CW_LAYER_CONV) || layer->residual == 0)
        input_needs = TRUE;
    }
  /* Convolutions leave the gradient by the picture out when nobody wants it; others cannot. */
  if (input_needs)
    add_span (spans, plan->nodes[0].size * batch, 0, FOR_EVER, &plan->nodes[0].grad);
}

static size_t
scratch_size (const CwPlan *plan)
{
  const CwOps *ops = cw_ops ();
  size_t most = 0;

  for (int i = 0; i < plan->n_nodes; i++)
    {
      const CwLayer *layer = &plan->layers[i];
      CwConvShape shape = layer->shape;

      if (!plan->nodes[i].needed)
        continue;
      shape.n = plan->batch;
      if (layer->type == CW_LAYER_CONV)
        most = MAX (most, ops->conv_scratch (&shape));
      else if (layer->type == CW_LAYER_NORM)
        most = MAX (most,
                    ops->norm_scratch ((size_t) plan->batch * (size_t) layer->h * (size_t) layer->w,
                                       layer->c));
    }
  return most;
}

static size_t
widest_fold (const CwPlan *plan)
{
  int most = 0;

  for (int i = 0; i < plan->n_nodes; i++)
    {
      if (plan->nodes[i].folds)
        most = MAX (most, plan->layers[i].c);
    }
  return (size_t) most;
}

static gboolean
allocate (CwPlan *plan)
{
  g_autoptr (GArray) spans = g_array_new (FALSE, TRUE, sizeof (Span));

  plan_values (plan, spans);
  if (has_backward (plan))
    plan_gradients (plan, spans);
  add_span (spans, scratch_size (plan), 0, FOR_EVER, &plan->scratch);
  add_span (spans, 2 * widest_fold (plan), 0, FOR_EVER, &plan->fold);
  g_array_sort (spans, compare_spans);
  for (guint i = 0; i < spans->len; i++)
    {
      Span *span = &g_array_index (spans, Span, i);

      span->offset = find_place (spans, i);
      plan->bytes = MAX (plan->bytes, span->offset + span->bytes);
    }
  plan->arena = cw_ops ()->alloc (plan->bytes);
  if (plan->arena == NULL)
    return FALSE;
  for (guint i = 0; i < spans->len; i++)
    {
      const Span *span = &g_array_index (spans, Span, i);
      char *address = plan->arena + span->offset;

      memcpy (span->slot, &address, sizeof address);
    }
  return TRUE;
}

CwPlan *
cw_plan_new (CwNet *net, int batch, CwPlanMode mode, const CwNode *outputs, int n_outputs)
{
  CwPlan *plan = g_new0 (CwPlan, 1);

  g_assert (batch > 0 && n_outputs > 0);
  plan->net = cw_net_ref (net);
  plan->batch = batch;
  plan->mode = mode;
  plan->layers = _cw_net_get_layers (net, &plan->n_nodes);
  plan->nodes = g_new0 (Node, (gsize) plan->n_nodes);
  for (int i = 0; i < plan->n_nodes; i++)
    plan->nodes[i].size = cw_net_node_size (net, i);
  find_needed (plan, outputs, n_outputs);
  find_folds (plan);
  find_in_place (plan);
  if (plan->mode == CW_PLAN_RECOMPUTE)
    find_segments (plan);
  else if (plan->mode == CW_PLAN_BACKWARD)
    find_norms_to_repeat (plan);
  if (!allocate (plan))
    {
      cw_plan_free (plan);
      return NULL;
    }
  for (int i = 1; i < plan->n_nodes; i++)
    {
      if (plan->nodes[i].in_place)
        plan->nodes[i].value = plan->nodes[holder (plan, i)].value;
    }
  return plan;
}

void
cw_plan_free (CwPlan *plan)
{
  if (plan == NULL)
    return;
  cw_ops ()->free (plan->arena);
  g_free (plan->nodes);
  cw_net_unref (plan->net);
  g_free (plan);
}

void
cw_plan_set_stop (CwPlan *plan, CwPlanStopFunc stop, gpointer data)
{
  plan->stop = stop;
  plan->stop_data = data;
}

size_t
cw_plan_get_bytes (const CwPlan *plan)
{
  return plan->bytes;
}

int
cw_plan_get_batch (const CwPlan *plan)
{
  return plan->batch;
}

const float *
cw_plan_get_output (CwPlan *plan, CwNode node)
{
  g_assert (node > 0 && node < plan->n_nodes && plan->nodes[node].is_output);
  return plan->nodes[node].value;
}

float *
cw_plan_get_output_grad (CwPlan *plan, CwNode node)
{
  g_assert (node > 0 && node < plan->n_nodes && plan->nodes[node].is_output
            && has_backward (plan));
  return plan->nodes[node].grad;
}

/* ---- running it ---- */

static float *
param (const CwPlan *plan, float *block, int ordinal)
{
  return ordinal < 0 ? NULL : block + cw_net_get_param (plan->net, (guint) ordinal)->offset;
}

static float *
buffer (const CwPlan *plan, const CwWeights *weights, int ordinal)
{
  return weights->buffers + cw_net_get_buffer (plan->net, (guint) ordinal)->offset;
}

static CwConvShape
shape_of (const CwPlan *plan, const CwLayer *layer)
{
  CwConvShape shape = layer->shape;

  shape.n = plan->n;
  return shape;
}

static void
forward_conv (CwPlan *plan, const CwLayer *layer, const CwConvEnd *end, CwWeights *weights, float *y)
{
  CwConvShape shape = shape_of (plan, layer);

  cw_ops ()->conv_forward (&shape, plan->nodes[layer->in].value,
                           param (plan, weights->params, layer->weight), end, y, plan->scratch);
}

/* Convolution, norm with running statistics, residual and ReLU in one. */
static void
forward_folded (CwPlan *plan, const CwLayer *layer, Node *node, CwWeights *weights)
{
  const CwLayer *conv = &plan->layers[layer->in];
  const CwConvEnd end = {
    .scale = plan->fold,
    .shift = plan->fold + layer->c,
    .residual = layer->residual != CW_NO_NODE ? plan->nodes[layer->residual].value : NULL,
    .relu = layer->relu,
  };

  cw_ops ()->norm_fold (layer->c, param (plan, weights->params, conv->bias),
                        param (plan, weights->params, layer->weight),
                        param (plan, weights->params, layer->bias), CW_NORM_EPS,
                        buffer (plan, weights, layer->mean), buffer (plan, weights, layer->var),
                        plan->fold, plan->fold + layer->c);
  forward_conv (plan, conv, &end, weights, node->value);
}

static void
forward_norm (CwPlan *plan, const CwLayer *layer, Node *node, CwWeights *weights, float momentum)
{
  const float *x = plan->nodes[layer->in].value;
  const float *residual = layer->residual != CW_NO_NODE ? plan->nodes[layer->residual].value : NULL;
  size_t rows = (size_t) plan->n * (size_t) layer->h * (size_t) layer->w;
  const float *gamma = param (plan, weights->params, layer->weight);
  const float *beta = param (plan, weights->params, layer->bias);
  float *mean = buffer (plan, weights, layer->mean), *var = buffer (plan, weights, layer->var);

  if (plan->batch_stats)
    cw_ops ()->norm_forward_train (rows, layer->c, x, gamma, beta, CW_NORM_EPS, momentum, mean, var,
                                   node->mean, node->rstd, residual, layer->relu, node->value,
                                   plan->scratch);
  else
    cw_ops ()->norm_forward_eval (rows, layer->c, x, gamma, beta, CW_NORM_EPS, mean, var, residual,
                                  layer->relu, node->value);
}

static void
forward_node (CwPlan *plan, int i, CwWeights *weights, float momentum)
{
  const CwOps *ops = cw_ops ();
  const CwLayer *layer = &plan->layers[i];
  Node *node = &plan->nodes[i];
  const float *x = plan->nodes[layer->in].value;
  CwConvShape shape = shape_of (plan, layer);

  switch (layer->type)
    {
    case CW_LAYER_CONV:
      forward_conv (plan, layer,
                    &(CwConvEnd){ .shift = param (plan, weights->params, layer->bias) }, weights,
                    node->value);
      break;
    case CW_LAYER_NORM:
      if (node->folds)
        forward_folded (plan, layer, node, weights);
      else
        forward_norm (plan, layer, node, weights, momentum);
      break;
    case CW_LAYER_RELU:
      ops->relu_forward (node->size * (size_t) plan->n, x, node->value);
      break;
    case CW_LAYER_MAX_POOL:
      ops->max_pool_forward (&shape, x, node->value, node->index);
      break;
    case CW_LAYER_AVG_POOL:
      ops->avg_pool_forward (plan->n, plan->layers[layer->in].h * plan->layers[layer->in].w,
                             layer->c, x, node->value);
      break;
    case CW_LAYER_INPUT:
    default:
      g_assert_not_reached ();
    }
}

void
cw_plan_forward (CwPlan *plan, CwWeights *weights, const float *input, int n, gboolean batch_stats)
{
  g_assert (n > 0 && n <= plan->batch);
  g_assert (!batch_stats || plan->mode != CW_PLAN_FROZEN);
  g_assert (cw_net_get_params_size (weights->net) == cw_net_get_params_size (plan->net));

  plan->n = n;
  plan->batch_stats = batch_stats;
  plan->nodes[0].value = (float *) input; /* only read */
  for (int i = 1; i < plan->n_nodes; i++)
    {
      Node *node = &plan->nodes[i];

      if (!node->needed || node->folded)
        continue;
      if (plan->stop != NULL && plan->stop (plan->stop_data))
        return;
      if (node->segment_end > 0)
        node->value = node->first_value;
      forward_node (plan, i, weights, CW_NORM_MOMENTUM);
      if (node->is_output && has_backward (plan))
        cw_ops ()->fill (node->size * (size_t) plan->batch, 0.0f, node->grad);
    }
}

static void
backward_norm (CwPlan *plan, const CwLayer *layer, Node *node, const CwWeights *weights,
               float *grads, float *dx)
{
  size_t rows = (size_t) plan->n * (size_t) layer->h * (size_t) layer->w;
  float *dresidual = NULL;

  if (layer->residual != CW_NO_NODE)
    dresidual = plan->nodes[layer->residual].grad;
  cw_ops ()->norm_backward (rows, layer->c, plan->nodes[layer->in].value, node->value, node->grad,
                            param (plan, weights->params, layer->weight), node->mean, node->rstd,
                            layer->relu, dx, node->add_in, dresidual, node->add_residual,
                            param (plan, grads, layer->weight), param (plan, grads, layer->bias),
                            plan->scratch);
}

static void
backward_node (CwPlan *plan, int i, const CwWeights *weights, float *grads, float *dx)
{
  const CwOps *ops = cw_ops ();
  const CwLayer *layer = &plan->layers[i];
  Node *node = &plan->nodes[i];
  const Node *in = &plan->nodes[layer->in];
  CwConvShape shape = shape_of (plan, layer);

  switch (layer->type)
    {
    case CW_LAYER_CONV:
      ops->conv_backward_weights (&shape, in->value, node->grad, param (plan, grads, layer->weight),
                                  param (plan, grads, layer->bias), plan->scratch);
      if (dx != NULL)
        ops->conv_backward_data (&shape, node->grad, param (plan, weights->params, layer->weight),
                                 dx, node->add_in, plan->scratch);
      break;
    case CW_LAYER_NORM:
      backward_norm (plan, layer, node, weights, grads, dx);
      break;
    case CW_LAYER_RELU:
      ops->relu_backward (node->size * (size_t) plan->n, node->value, node->grad, dx, node->add_in);
      break;
    case CW_LAYER_MAX_POOL:
      ops->max_pool_backward (&shape, node->grad, node->index, dx, node->add_in);
      break;
    case CW_LAYER_AVG_POOL:
      ops->avg_pool_backward (plan->n, plan->layers[layer->in].h * plan->layers[layer->in].w,
                              layer->c, node->grad, dx, node->add_in);
      break;
    case CW_LAYER_INPUT:
    default:
      g_assert_not_reached ();
    }
}

/* Before the backward of node @end. Running statistics have moved already: momentum 0 leaves them. */
static void
recompute_segment (CwPlan *plan, int end, const CwWeights *weights)
{
  for (int i = 1; i < end; i++)
    {
      Node *node = &plan->nodes[i];

      if (node->segment_end != end)
        continue;
      node->value = node->second_value;
      forward_node (plan, i, (CwWeights *) weights, 0.0f);
    }
}

void
cw_plan_backward (CwPlan *plan, const CwWeights *weights, float *grads, float *input_grad)
{
  float *own = plan->nodes[0].grad;

  g_assert (has_backward (plan) && plan->n > 0 && plan->batch_stats);

  if (input_grad != NULL)
    plan->nodes[0].grad = input_grad;
  for (int i = plan->n_nodes - 1; i > 0; i--)
    {
      if (!plan->nodes[i].needed)
        continue;
      recompute_segment (plan, i, weights);
      backward_node (plan, i, weights, grads, plan->nodes[plan->layers[i].in].grad);
    }
  plan->nodes[0].grad = own;
}

const char *
cw_plan_find_non_finite (CwPlan *plan)
{
  for (int i = 1; i < plan->n_nodes && plan->n > 0; i++)
    {
      const Node *node = &plan->nodes[i];

      /* Without a backward pass other values have been written over. */
      if (!node->needed || node->segment_end > 0
          || (plan->mode != CW_PLAN_BACKWARD && !node->is_output))
        continue;
      if (!isfinite (cw_ops ()->sum_squares (node->size * (size_t) plan->n, node->value)))
        return plan->layers[i].name;
    }
  return NULL;
}
