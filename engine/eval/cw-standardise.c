/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-standardise.h"

#include "base/cw-error.h"

#include <math.h>

gboolean
_cw_standardise_check (const CwFeatures *features, GError **error)
{
  for (guint i = 0; i < features->n; i++)
    {
      const float *x = features->x + (gsize) i * (gsize) features->dim;

      for (int j = 0; j < features->dim; j++)
        {
          if (!isfinite (x[j]))
            {
              g_set_error (error, CW_ERROR, CW_ERROR_DIVERGED,
                           "row %u of the features is not finite; take an earlier checkpoint", i);
              return FALSE;
            }
        }
    }
  return TRUE;
}

void
_cw_standardise_measure (const CwFeatures *features, float *mean, float *scale)
{
  int dim = features->dim;
  g_autofree double *sum = g_new0 (double, dim);
  g_autofree double *squares = g_new0 (double, dim);

  for (guint i = 0; i < features->n; i++)
    {
      const float *x = features->x + (gsize) i * (gsize) dim;

      for (int j = 0; j < dim; j++)
        sum[j] += (double) x[j];
    }
  for (int j = 0; j < dim; j++)
    sum[j] /= features->n;
  for (guint i = 0; i < features->n; i++)
    {
      const float *x = features->x + (gsize) i * (gsize) dim;

      for (int j = 0; j < dim; j++)
        squares[j] += ((double) x[j] - sum[j]) * ((double) x[j] - sum[j]);
    }
  for (int j = 0; j < dim; j++)
    {
      double deviation = sqrt (squares[j] / features->n);

      mean[j] = (float) sum[j];
      /* Below the resolution of a float it is rounding, not a feature. */
      scale[j] = deviation > 1e-6 * fabs (sum[j]) ? (float) (1 / deviation) : 1.0f;
      if (!isfinite (scale[j]))
        scale[j] = 1.0f;
    }
}

void
_cw_standardise_row (const float *mean, const float *scale, int dim, const float *x, float *out)
{
  for (int j = 0; j < dim; j++)
    out[j] = (x[j] - mean[j]) * scale[j];
}
