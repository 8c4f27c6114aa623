/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-diagnostics.h"

#include "learn/cw-rows.h"
#include "learn/cw-spectrum.h"

#include <math.h>

double
cw_feature_std (int n, int dim, const float *features, double *scratch)
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

/* ---- what costs more ---- */

size_t
cw_diagnostics_scratch (int dim)
{
  size_t n = CW_DIAGNOSTICS_ROWS;

  /* A Gram matrix with what its eigenvalues need, or two sets of cosines, or inverse lengths. */
  return MAX (n * n + 4 * n, 2 * (size_t) dim);
}

/* Products of the rows with each other, or of the columns where there are fewer of them, `[m, m]`:
 * both have the squares of the singular values as eigenvalues. Returns m. */
static int
make_gram (int n, int dim, const float *rows, double *gram)
{
  int m = MIN (n, dim);

  for (int i = 0; i < m; i++)
    {
      for (int j = 0; j <= i; j++)
        {
          double sum = 0;

          if (m == n)
            sum = _cw_row_dot (dim, rows + (size_t) i * (size_t) dim,
                               rows + (size_t) j * (size_t) dim);
          for (int k = 0; m < n && k < n; k++)
            {
              const float *row = rows + (size_t) k * (size_t) dim;

              sum += (double) row[i] * (double) row[j];
            }
          gram[i * m + j] = gram[j * m + i] = sum;
        }
    }
  return m;
}

double
cw_rank_me (int n, int dim, const float *rows, double *scratch)
{
  double *values = scratch + CW_DIAGNOSTICS_ROWS * CW_DIAGNOSTICS_ROWS, sum = 0, entropy = 0;
  int m = make_gram (MIN (n, CW_DIAGNOSTICS_ROWS), dim, rows, scratch);

  if (!_cw_symmetric_eigenvalues (m, scratch, values, values + m))
    return (double) NAN;
  for (int i = 0; i < m; i++)
    {
      /* Rounding may leave it just below zero. */
      values[i] = values[i] > 0 ? sqrt (values[i]) : 0;
      sum += values[i];
    }
  for (int i = 0; i < m; i++)
    {
      if (values[i] > 0)
        entropy -= values[i] / sum * log (values[i] / sum);
    }
  return sum > 0 ? exp (entropy) : 0;
}

/* Cosine of two rows; 0 where one of them has no direction, as in _cw_rows_normalise(). */
static double
row_cosine (int dim, const float *a, const float *b)
{
  double lengths = sqrt (_cw_row_dot (dim, a, a)) * sqrt (_cw_row_dot (dim, b, b));

  return lengths <= 0 ? 0 : _cw_row_dot (dim, a, b) / lengths;
}

double
cw_alignment (int n, int dim, const float *a, const float *b)
{
  double sum = 0;

  n = MIN (n, CW_DIAGNOSTICS_ROWS);
  for (int i = 0; i < n; i++)
    sum += 2
           - 2 * row_cosine (dim, a + (size_t) i * (size_t) dim, b + (size_t) i * (size_t) dim);
  return sum / n;
}

double
cw_uniformity (int n, int dim, const float *rows, double *scratch)
{
  double *inverse = scratch, sum = 0;

  n = MIN (n, CW_DIAGNOSTICS_ROWS);
  for (int i = 0; i < n; i++)
    {
      const float *row = rows + (size_t) i * (size_t) dim;
      double length = sqrt (_cw_row_dot (dim, row, row));

      inverse[i] = length <= 0 ? 0 : 1 / length;
      for (int j = 0; j < i; j++)
        {
          double dot = _cw_row_dot (dim, row, rows + (size_t) j * (size_t) dim);

          sum += exp (-4 * (1 - dot * inverse[i] * inverse[j]));
        }
    }
  return n > 1 ? log (sum / (0.5 * n * (n - 1))) : (double) NAN;
}

double
cw_dead_share (int n, int dim, const float *rows)
{
  int n_dead = 0;

  for (int j = 0; j < dim; j++)
    {
      int i = 0;

      while (i < n && fabsf (rows[(size_t) i * (size_t) dim + (size_t) j]) <= 0)
        i++;
      n_dead += i == n;
    }
  return (double) n_dead / dim;
}

CwWarpNotice
cw_warp_notice (int n, int n_negatives, int dim, const float *features, double *scratch)
{
  size_t view = (size_t) n * (size_t) dim;
  int n_rows = MIN (n, CW_DIAGNOSTICS_ROWS);
  double *positive = scratch, *warped = scratch + n_rows;
  double difference = 0, wins = 0, n_pairs = (double) n_rows * n_rows * n_negatives;

  /* Without negatives 0 / 0. */
  for (int v = 1; v < 2 + n_negatives; v++)
    {
      double *cosines = v == 1 ? positive : warped;

      for (int i = 0; i < n_rows; i++)
        {
          const float *anchor = features + (size_t) i * (size_t) dim;

          cosines[i] = row_cosine (dim, anchor, anchor + (size_t) v * view);
          difference += v == 1 ? cosines[i] * n_negatives : -cosines[i];
        }
      for (int i = 0; v > 1 && i < n_rows * n_rows; i++)
        {
          double p = positive[i / n_rows], w = warped[i % n_rows];

          wins += p > w ? 1 : p < w ? 0 : 0.5;
        }
    }
  return (CwWarpNotice){ difference / ((double) n_rows * n_negatives), wins / n_pairs };
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
