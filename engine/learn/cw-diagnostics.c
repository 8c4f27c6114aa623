/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-diagnostics.h"

#include "learn/cw-rows.h"

#include <math.h>

double
_cw_feature_std (int n, int dim, const float *features, double *scratch)
{
  double *sums = scratch, *squares = scratch + dim, total = 0;

  for (int j = 0; j < 2 * dim; j++)
    scratch[j] = 0;
  for (int i = 0; i < n; i++)
    {
      const float *row = features + (size_t) i * (size_t) dim;
      double length = sqrt (_cw_row_dot (dim, row, row));

      for (int j = 0; j < dim; j++)
        {
          double x = length <= 0 ? 0 : (double) row[j] / length;

          sums[j] += x;
          squares[j] += x * x;
        }
    }
  for (int j = 0; j < dim; j++)
    {
      double mean = sums[j] / n, variance = squares[j] / n - mean * mean;

      /* Rounding may leave the variance of equal rows just below zero; NaN stays. */
      total += variance <= 0 ? 0 : sqrt (variance);
    }
  return total / dim;
}

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
