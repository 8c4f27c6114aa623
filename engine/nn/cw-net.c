/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cw-net-private.h"

#include <string.h>

/* Tensors begin at multiples of 64 bytes. */
#define TENSOR_ALIGN 16

typedef struct
{
  char *name;
  CwNode node;
} Mark;

struct _CwNet
{
  gatomicrefcount refs;
  GArray *layers;  /* CwLayer */
  GArray *params;  /* CwTensorInfo */
  GArray *fan_in;  /* int, one per parameter */
  GArray *buffers; /* CwTensorInfo */
  GArray *marks;   /* Mark */
  size_t params_size, buffers_size;
};

static void
clear_layer (gpointer data)
{
  g_free (((CwLayer *) data)->name);
}

static void
clear_tensor (gpointer data)
{
  g_free (((CwTensorInfo *) data)->name);
}

static void
clear_mark (gpointer data)
{
  g_free (((Mark *) data)->name);
}

CwNet *
cw_net_new (void)
{
  CwNet *net = g_new0 (CwNet, 1);

  g_atomic_ref_count_init (&net->refs);
  net->layers = g_array_new (FALSE, TRUE, sizeof (CwLayer));
  net->params = g_array_new (FALSE, TRUE, sizeof (CwTensorInfo));
  net->fan_in = g_array_new (FALSE, TRUE, sizeof (int));
  net->buffers = g_array_new (FALSE, TRUE, sizeof (CwTensorInfo));
  net->marks = g_array_new (FALSE, TRUE, sizeof (Mark));
  g_array_set_clear_func (net->layers, clear_layer);
  g_array_set_clear_func (net->params, clear_tensor);
  g_array_set_clear_func (net->buffers, clear_tensor);
  g_array_set_clear_func (net->marks, clear_mark);
  return net;
}

CwNet *
cw_net_ref (CwNet *net)
{
  g_atomic_ref_count_inc (&net->refs);
  return net;
}

void
cw_net_unref (CwNet *net)
{
  if (net == NULL || !g_atomic_ref_count_dec (&net->refs))
    return;
  g_array_unref (net->layers);
  g_array_unref (net->params);
  g_array_unref (net->fan_in);
  g_array_unref (net->buffers);
  g_array_unref (net->marks);
  g_free (net);
}

/* ---- building ---- */

static const CwLayer *
get_layer (const CwNet *net, CwNode node)
{
  g_assert (node >= 0 && node < (int) net->layers->len);
  return &g_array_index (net->layers, CwLayer, node);
}

static CwNode
add_layer (CwNet *net, CwLayer layer, const char *name)
{
  g_assert (layer.h > 0 && layer.w > 0 && layer.c > 0);
  layer.name = g_strdup (name);
  g_array_append_val (net->layers, layer);
  return (CwNode) net->layers->len - 1;
}

static CwTensorInfo
make_tensor (const char *layer, const char *part, CwTensorRole role, int rank, const int *shape,
             size_t *end)
{
  CwTensorInfo info = { .role = role, .rank = rank, .offset = *end, .size = 1 };

  info.name = g_strdup_printf ("%s.%s", layer, part);
  for (int i = 0; i < rank; i++)
    {
      info.shape[i] = shape[i];
      info.size *= (size_t) shape[i];
    }
  *end += (info.size + TENSOR_ALIGN - 1) / TENSOR_ALIGN * TENSOR_ALIGN;
  return info;
}

static int
add_param (CwNet *net, const char *layer, const char *part, CwTensorRole role, int rank,
           const int *shape, int fan_in)
{
  CwTensorInfo info = make_tensor (layer, part, role, rank, shape, &net->params_size);

  g_array_append_val (net->params, info);
  g_array_append_val (net->fan_in, fan_in);
  return (int) net->params->len - 1;
}

static int
add_buffer (CwNet *net, const char *layer, const char *part, CwTensorRole role, int c)
{
  CwTensorInfo info = make_tensor (layer, part, role, 1, &c, &net->buffers_size);

  g_array_append_val (net->buffers, info);
  return (int) net->buffers->len - 1;
}

CwNode
cw_net_input (CwNet *net, int h, int w, int c)
{
  CwLayer layer = {
    .type = CW_LAYER_INPUT, .in = CW_NO_NODE, .residual = CW_NO_NODE, .h = h, .w = w, .c = c
  };

  /* A plan is given one picture. */
  g_assert (net->layers->len == 0);
  return add_layer (net, layer, "input");
}

CwNode
cw_net_conv (CwNet *net, CwNode in, const char *name, int out_channels, int kernel, int stride,
             int pad, gboolean bias)
{
  const CwLayer *from = get_layer (net, in);
  const int fan_in = from->c * kernel * kernel;
  const int shape[4] = { out_channels, from->c, kernel, kernel };
  CwLayer layer = { .type = CW_LAYER_CONV,
                    .in = in,
                    .residual = CW_NO_NODE,
                    .h = cw_conv_out (from->h, kernel, stride, pad),
                    .w = cw_conv_out (from->w, kernel, stride, pad),
                    .c = out_channels,
                    .bias = -1 };

  layer.shape = (CwConvShape){ .h = from->h,
                               .w = from->w,
                               .c = from->c,
                               .k = out_channels,
                               .ho = layer.h,
                               .wo = layer.w,
                               .kh = kernel,
                               .kw = kernel,
                               .stride = stride,
                               .pad = pad };
  layer.weight = add_param (net, name, "weight", CW_TENSOR_CONV, 4, shape, fan_in);
  if (bias)
    layer.bias = add_param (net, name, "bias", CW_TENSOR_BIAS, 1, shape, fan_in);
  return add_layer (net, layer, name);
}

CwNode
cw_net_linear (CwNet *net, CwNode in, const char *name, int out_features, gboolean bias)
{
  const CwLayer *from = get_layer (net, in);
  const int features = from->h * from->w * from->c;
  const int shape[2] = { out_features, features };
  CwLayer layer = { .type = CW_LAYER_CONV,
                    .in = in,
                    .residual = CW_NO_NODE,
                    .h = 1,
                    .w = 1,
                    .c = out_features,
                    .bias = -1 };

  layer.shape = (CwConvShape){ .h = 1,
                               .w = 1,
                               .c = features,
                               .k = out_features,
                               .ho = 1,
                               .wo = 1,
                               .kh = 1,
                               .kw = 1,
                               .stride = 1,
                               .pad = 0 };
  layer.weight = add_param (net, name, "weight", CW_TENSOR_LINEAR, 2, shape, features);
  if (bias)
    layer.bias = add_param (net, name, "bias", CW_TENSOR_BIAS, 1, shape, features);
  return add_layer (net, layer, name);
}

CwNode
cw_net_norm (CwNet *net, CwNode in, const char *name, CwNode residual, gboolean relu)
{
  const CwLayer *from = get_layer (net, in);
  const int c = from->c;
  CwLayer layer = { .type = CW_LAYER_NORM,
                    .in = in,
                    .residual = residual,
                    .relu = relu,
                    .h = from->h,
                    .w = from->w,
                    .c = c };

  if (residual != CW_NO_NODE)
    {
      const CwLayer *other = get_layer (net, residual);

      g_assert (other->h == from->h && other->w == from->w && other->c == c);
    }
  layer.weight = add_param (net, name, "weight", CW_TENSOR_NORM_WEIGHT, 1, &c, 1);
  layer.bias = add_param (net, name, "bias", CW_TENSOR_NORM_BIAS, 1, &c, 1);
  layer.mean = add_buffer (net, name, "running_mean", CW_TENSOR_RUNNING_MEAN, c);
  layer.var = add_buffer (net, name, "running_var", CW_TENSOR_RUNNING_VAR, c);
  return add_layer (net, layer, name);
}

CwNode
cw_net_relu (CwNet *net, CwNode in)
{
  const CwLayer *from = get_layer (net, in);
  CwLayer layer = { .type = CW_LAYER_RELU,
                    .in = in,
                    .residual = CW_NO_NODE,
                    .h = from->h,
                    .w = from->w,
                    .c = from->c };

  return add_layer (net, layer, "relu");
}

CwNode
cw_net_max_pool (CwNet *net, CwNode in, int kernel, int stride, int pad)
{
  const CwLayer *from = get_layer (net, in);
  CwLayer layer = { .type = CW_LAYER_MAX_POOL,
                    .in = in,
                    .residual = CW_NO_NODE,
                    .h = cw_conv_out (from->h, kernel, stride, pad),
                    .w = cw_conv_out (from->w, kernel, stride, pad),
                    .c = from->c };

  g_assert (kernel <= 16 && pad < kernel);
  layer.shape = (CwConvShape){ .h = from->h,
                               .w = from->w,
                               .c = from->c,
                               .k = from->c,
                               .ho = layer.h,
                               .wo = layer.w,
                               .kh = kernel,
                               .kw = kernel,
                               .stride = stride,
                               .pad = pad };
  return add_layer (net, layer, "max pool");
}

CwNode
cw_net_global_avg_pool (CwNet *net, CwNode in)
{
  const CwLayer *from = get_layer (net, in);
  CwLayer layer = {
    .type = CW_LAYER_AVG_POOL, .in = in, .residual = CW_NO_NODE, .h = 1, .w = 1, .c = from->c
  };

  return add_layer (net, layer, "average pool");
}

void
cw_net_mark (CwNet *net, CwNode node, const char *mark)
{
  Mark entry = { .node = node };

  get_layer (net, node);
  entry.name = g_strdup (mark);
  g_array_append_val (net->marks, entry);
}

/* ---- reading ---- */

CwNode
cw_net_find_mark (const CwNet *net, const char *mark)
{
  for (guint i = 0; i < net->marks->len; i++)
    {
      const Mark *entry = &g_array_index (net->marks, Mark, i);

      if (strcmp (entry->name, mark) == 0)
        return entry->node;
    }
  return CW_NO_NODE;
}

size_t
cw_net_node_size (const CwNet *net, CwNode node)
{
  const CwLayer *layer = get_layer (net, node);

  return (size_t) layer->h * (size_t) layer->w * (size_t) layer->c;
}

void
cw_net_node_shape (const CwNet *net, CwNode node, int *h, int *w, int *c)
{
  const CwLayer *layer = get_layer (net, node);

  *h = layer->h;
  *w = layer->w;
  *c = layer->c;
}

int
cw_net_get_n_nodes (const CwNet *net)
{
  return (int) net->layers->len;
}

const char *
cw_net_get_conv (const CwNet *net, CwNode node, CwConvShape *shape)
{
  const CwLayer *layer = get_layer (net, node);

  if (layer->type != CW_LAYER_CONV)
    return NULL;
  *shape = layer->shape;
  shape->n = 1;
  return layer->name;
}

const CwLayer *
_cw_net_get_layers (const CwNet *net, int *n_layers)
{
  *n_layers = (int) net->layers->len;
  return (const CwLayer *) (const void *) net->layers->data;
}

int
_cw_net_get_fan_in (const CwNet *net, guint param)
{
  return g_array_index (net->fan_in, int, param);
}

guint
cw_net_get_n_params (const CwNet *net)
{
  return net->params->len;
}

const CwTensorInfo *
cw_net_get_param (const CwNet *net, guint i)
{
  return &g_array_index (net->params, CwTensorInfo, i);
}

guint
cw_net_get_n_buffers (const CwNet *net)
{
  return net->buffers->len;
}

const CwTensorInfo *
cw_net_get_buffer (const CwNet *net, guint i)
{
  return &g_array_index (net->buffers, CwTensorInfo, i);
}

size_t
cw_net_get_params_size (const CwNet *net)
{
  return net->params_size;
}

size_t
cw_net_get_buffers_size (const CwNet *net)
{
  return net->buffers_size;
}
