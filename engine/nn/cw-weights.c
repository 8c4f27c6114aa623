/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cw-net-private.h"

#include "base/cw-parallel.h"
#include "base/cw-rng.h"

#include <math.h>
#include <string.h>

/* ---- layouts ---- */

/* Between [outer][inner] and [inner][outer]. */
static void
transpose (size_t outer, size_t inner, const float *src, float *dst)
{
  for (size_t i0 = 0; i0 < outer; i0 += 16)
    {
      for (size_t j = 0; j < inner; j++)
        {
          for (size_t i = i0; i < MIN (i0 + 16, outer); i++)
            dst[j * outer + i] = src[i * inner + j];
        }
    }
}

void
cw_tensor_to_file (const CwTensorInfo *info, const float *src, float *dst)
{
  if (info->role == CW_TENSOR_CONV)
    {
      /* [taps * c][k] to [k][c][taps] */
      size_t k = (size_t) info->shape[0], c = (size_t) info->shape[1];
      size_t taps = (size_t) info->shape[2] * (size_t) info->shape[3];

      for (size_t tap = 0; tap < taps; tap++)
        {
          for (size_t i = 0; i < c; i++)
            {
              for (size_t j = 0; j < k; j++)
                dst[(j * c + i) * taps + tap] = src[(tap * c + i) * k + j];
            }
        }
    }
  else if (info->role == CW_TENSOR_LINEAR)
    transpose ((size_t) info->shape[1], (size_t) info->shape[0], src, dst);
  else
    memcpy (dst, src, info->size * sizeof (float));
}

void
cw_tensor_from_file (const CwTensorInfo *info, const float *src, float *dst)
{
  if (info->role == CW_TENSOR_CONV)
    {
      size_t k = (size_t) info->shape[0], c = (size_t) info->shape[1];
      size_t taps = (size_t) info->shape[2] * (size_t) info->shape[3];

      for (size_t tap = 0; tap < taps; tap++)
        {
          for (size_t i = 0; i < c; i++)
            {
              for (size_t j = 0; j < k; j++)
                dst[(tap * c + i) * k + j] = src[(j * c + i) * taps + tap];
            }
        }
    }
  else if (info->role == CW_TENSOR_LINEAR)
    transpose ((size_t) info->shape[0], (size_t) info->shape[1], src, dst);
  else
    memcpy (dst, src, info->size * sizeof (float));
}

/* ---- blocks of weights ---- */

CwWeights *
cw_weights_new (CwNet *net)
{
  CwWeights *weights = g_new0 (CwWeights, 1);

  weights->net = cw_net_ref (net);
  weights->params = cw_ops ()->alloc (MAX (cw_net_get_params_size (net), 1) * sizeof (float));
  weights->buffers = cw_ops ()->alloc (MAX (cw_net_get_buffers_size (net), 1) * sizeof (float));
  if (weights->params == NULL || weights->buffers == NULL)
    {
      cw_weights_free (weights);
      return NULL;
    }
  return weights;
}

void
cw_weights_free (CwWeights *weights)
{
  if (weights == NULL)
    return;
  cw_ops ()->free (weights->params);
  cw_ops ()->free (weights->buffers);
  cw_net_unref (weights->net);
  g_free (weights);
}

void
cw_weights_copy (CwWeights *to, const CwWeights *from)
{
  g_assert (cw_net_get_params_size (to->net) == cw_net_get_params_size (from->net)
            && cw_net_get_buffers_size (to->net) == cw_net_get_buffers_size (from->net));
  cw_ops ()->copy (cw_net_get_params_size (to->net), from->params, to->params);
  cw_ops ()->copy (cw_net_get_buffers_size (to->net), from->buffers, to->buffers);
}

static void
copy_tensor (const CwTensorInfo *to, float *to_block, const CwTensorInfo *from,
             const float *from_block)
{
  if (from->size == to->size && from->role == to->role
      && memcmp (from->shape, to->shape, sizeof to->shape) == 0
      && strcmp (from->name, to->name) == 0)
    memcpy (to_block + to->offset, from_block + from->offset, to->size * sizeof (float));
}

void
cw_weights_copy_shared (CwWeights *to, const CwWeights *from)
{
  for (guint i = 0; i < cw_net_get_n_params (to->net); i++)
    {
      for (guint j = 0; j < cw_net_get_n_params (from->net); j++)
        copy_tensor (cw_net_get_param (to->net, i), to->params, cw_net_get_param (from->net, j),
                     from->params);
    }
  for (guint i = 0; i < cw_net_get_n_buffers (to->net); i++)
    {
      for (guint j = 0; j < cw_net_get_n_buffers (from->net); j++)
        copy_tensor (cw_net_get_buffer (to->net, i), to->buffers,
                     cw_net_get_buffer (from->net, j), from->buffers);
    }
}

/* ---- initial weights ---- */

/* Elements drawn by one block; a multiple of four, so that it begins at a Philox block. */
#define DRAW_BLOCK 8192

typedef struct
{
  CwRng rng;
  float *values;
  size_t size;
  float scale;
  gboolean normal;
} Draw;

/* Element i of a tensor always takes the same numbers of the stream: the 2 i-th and the next for a
 * normal value, the i-th for a uniform one. */
static void
draw_block (int block, int worker, void *data)
{
  const Draw *draw = data;
  size_t from = (size_t) block * DRAW_BLOCK, to = MIN (from + DRAW_BLOCK, draw->size);
  CwRng rng = draw->rng;

  rng.ctr[0] = (uint32_t) (from / (draw->normal ? 2 : 4));
  for (size_t i = from; i < to; i++)
    draw->values[i] = draw->normal ? draw->scale * cw_rng_normal (&rng)
                                   : cw_rng_range (&rng, -draw->scale, draw->scale);
}

static void
init_tensor (const CwNet *net, guint ordinal, guint64 seed, float *values)
{
  const CwTensorInfo *info = cw_net_get_param (net, ordinal);
  Draw draw = { .values = values, .size = info->size };

  draw.rng = cw_rng_new (seed, CW_RNG_INIT, 0, 0, ordinal, 0);
  if (info->role == CW_TENSOR_NORM_WEIGHT || info->role == CW_TENSOR_NORM_BIAS)
    {
      for (size_t i = 0; i < info->size; i++)
        values[i] = info->role == CW_TENSOR_NORM_WEIGHT ? 1.0f : 0.0f;
      return;
    }
  if (info->role == CW_TENSOR_CONV)
    {
      draw.normal = TRUE;
      draw.scale = sqrtf (2.0f / (float) (info->shape[0] * info->shape[2] * info->shape[3]));
    }
  else
    draw.scale = 1.0f / sqrtf ((float) _cw_net_get_fan_in (net, ordinal));
  cw_parallel_for ((int) ((info->size + DRAW_BLOCK - 1) / DRAW_BLOCK), draw_block, &draw);
}

void
cw_weights_init (CwWeights *weights, guint64 seed)
{
  const CwNet *net = weights->net;

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    init_tensor (net, i, seed, weights->params + cw_net_get_param (net, i)->offset);
  for (guint i = 0; i < cw_net_get_n_buffers (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_buffer (net, i);

      for (size_t j = 0; j < info->size; j++)
        weights->buffers[info->offset + j] = info->role == CW_TENSOR_RUNNING_VAR ? 1.0f : 0.0f;
    }
}
