/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-diagnostics.h"

#include <math.h>

gboolean
_cw_buffers_finite (const CwWeights *weights)
{
  return isfinite (
      cw_ops ()->sum_squares (cw_net_get_buffers_size (weights->net), weights->buffers));
}

const char *
_cw_find_non_finite_buffer (const CwWeights *weights)
{
  for (guint i = 0; i < cw_net_get_n_buffers (weights->net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_buffer (weights->net, i);

      if (!isfinite (cw_ops ()->sum_squares (tensor->size, weights->buffers + tensor->offset)))
        return tensor->name;
    }
  return NULL;
}

const char *
_cw_find_long_param (const CwNet *net, const float *block, double limit)
{
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *tensor = cw_net_get_param (net, i);
      double norm = sqrt (cw_ops ()->sum_squares (tensor->size, block + tensor->offset));

      if (!(norm < limit))
        return tensor->name;
    }
  return NULL;
}
