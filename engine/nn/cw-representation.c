/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cw-representation.h"

#include "base/cw-parallel.h"
#include "nn/cw-dot.h"
#include "nn/cw-eigenvalues.h"

#include <math.h>
#include <string.h>

/* What the source of RankMe adds to each share. */
#define LEAST_SHARE 1e-7
/* Columns whose products are summed up at a time, so that each row is read once for all of them. */
#define COLUMN_BLOCK 8

size_t
cw_representation_scratch (size_t n, int dim)
{
  size_t m = MIN (n, (size_t) dim);

  /* A Gram matrix with its eigenvalues and what they need; two numbers a row; or two a column. */
  return MAX (m * m + 4 * m, 2 * MAX (n, (size_t) dim));
}

/* ---- RankMe ---- */

typedef struct
{
  size_t n, dim;
  const float *rows;
  double *products; /* [m, m], m = min (n, dim); the lower triangle is made */
} Gram;

static void
multiply_row (int row, int worker, void *data)
{
  const Gram *g = data;
  size_t i = (size_t) row;

  for (size_t j = 0; j <= i; j++)
    g->products[i * g->n + j] = _cw_dot_float (g->rows + i * g->dim, g->rows + j * g->dim, g->dim);
}

static void
multiply_columns (int block, int worker, void *data)
{
  const Gram *g = data;
  size_t from = (size_t) block * COLUMN_BLOCK, to = MIN (from + COLUMN_BLOCK, g->dim);

  memset (g->products + from * g->dim, 0, (to - from) * g->dim * sizeof (double));
  for (size_t k = 0; k < g->n; k++)
    {
      const float *row = g->rows + k * g->dim;

      for (size_t i = from; i < to; i++)
        {
          double *sums = g->products + i * g->dim, factor = (double) row[i];

          for (size_t j = 0; j <= i; j++)
            sums[j] += factor * (double) row[j];
        }
    }
}

/* Products of the rows with each other, or of the columns where there are fewer of them: both have
 * the squares of the singular values as eigenvalues. Returns how many. */
static size_t
make_gram (size_t n, size_t dim, const float *rows, double *products)
{
  Gram g = { n, dim, rows, products };
  size_t m = MIN (n, dim);

  if (n <= dim)
    cw_parallel_for ((int) n, multiply_row, &g);
  else
    cw_parallel_for ((int) ((dim + COLUMN_BLOCK - 1) / COLUMN_BLOCK), multiply_columns, &g);
  for (size_t i = 0; i < m; i++)
    {
      for (size_t j = 0; j < i; j++)
        products[j * m + i] = products[i * m + j];
    }
  return m;
}

double
cw_rank_me (size_t n, int dim, const float *rows, double *scratch)
{
  size_t m = make_gram (n, (size_t) dim, rows, scratch);
  double *values = scratch + m * m, sum = 0, entropy = 0;

  if (!cw_symmetric_eigenvalues ((int) m, scratch, values, values + m))
    return (double) NAN;
  for (size_t k = 0; k < m; k++)
    {
      /* Rounding may leave it just below zero. */
      values[k] = values[k] > 0 ? sqrt (values[k]) : 0;
      sum += values[k];
    }
  if (sum <= 0)
    return 0;
  for (size_t k = 0; k < m; k++)
    {
      double share = values[k] / sum + LEAST_SHARE;

      entropy -= share * log (share);
    }
  return exp (entropy);
}

/* ---- on the unit sphere ---- */

/* 1 / length, or 0 for a row without direction; written so that NaN is not taken for that. */
static double
invert_length (size_t dim, const float *row)
{
  double length = sqrt (_cw_dot_float (row, row, dim));

  return length <= CW_SHORTEST_ROW ? 0 : 1 / length;
}

/* Of two rows, given their inverse lengths. */
static double
square_distance (size_t dim, const float *a, double inverse_a, const float *b, double inverse_b)
{
  double sum = 0;

  for (size_t j = 0; j < dim; j++)
    {
      double off = (double) a[j] * inverse_a - (double) b[j] * inverse_b;

      sum += off * off;
    }
  return sum;
}

double
cw_alignment (size_t n, int dim, const float *a, const float *b)
{
  size_t d = (size_t) dim;
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += square_distance (d, a + i * d, invert_length (d, a + i * d), b + i * d,
                            invert_length (d, b + i * d));
  return sum / (double) n;
}

typedef struct
{
  size_t dim;
  const float *rows;
  double *inverse; /* [n] */
  double *sums;    /* [n]: of each row with those before it */
} Spread;

static void
spread_row (int row, int worker, void *data)
{
  const Spread *s = data;
  size_t i = (size_t) row;
  double sum = 0;

  for (size_t j = 0; j < i; j++)
    {
      double cosine = _cw_dot_float (s->rows + i * s->dim, s->rows + j * s->dim, s->dim)
                      * s->inverse[i] * s->inverse[j];

      /* Less than 2 where one has no direction. */
      sum += exp (-2 * ((s->inverse[i] > 0) + (s->inverse[j] > 0) - 2 * cosine));
    }
  s->sums[i] = sum;
}

double
cw_uniformity (size_t n, int dim, const float *rows, double *scratch)
{
  Spread s = { (size_t) dim, rows, scratch, scratch + n };
  double sum = 0, n_pairs = 0.5 * (double) n * ((double) n - 1);

  if (n < 2)
    return (double) NAN;
  for (size_t i = 0; i < n; i++)
    s.inverse[i] = invert_length (s.dim, rows + i * s.dim);
  cw_parallel_for ((int) n, spread_row, &s);
  for (size_t i = 0; i < n; i++)
    sum += s.sums[i];
  return log (sum / n_pairs);
}

double
cw_feature_std (size_t n, int dim, const float *rows, double *scratch)
{
  double *sums = scratch, *squares = scratch + dim, total = 0;

  memset (scratch, 0, 2 * (size_t) dim * sizeof *scratch);
  for (size_t i = 0; i < n; i++)
    {
      const float *row = rows + i * (size_t) dim;
      double inverse = invert_length ((size_t) dim, row);

      for (int j = 0; j < dim; j++)
        {
          double x = (double) row[j] * inverse;

          sums[j] += x;
          squares[j] += x * x;
        }
    }
  for (int j = 0; j < dim; j++)
    {
      double mean = sums[j] / (double) n, variance = squares[j] / (double) n - mean * mean;

      /* Rounding may leave the variance of equal rows just below zero; NaN stays. */
      total += variance <= 0 ? 0 : sqrt (variance);
    }
  return total / dim;
}

double
cw_dead_share (size_t n, int dim, const float *rows)
{
  int n_dead = 0;

  for (int j = 0; j < dim; j++)
    {
      size_t i = 0;

      while (i < n && fabsf (rows[i * (size_t) dim + (size_t) j]) <= 0)
        i++;
      n_dead += i == n;
    }
  return (double) n_dead / dim;
}

/* ---- warps ---- */

double
cw_cosine (int dim, const float *a, const float *b)
{
  return _cw_dot_float (a, b, (size_t) dim) * invert_length ((size_t) dim, a)
         * invert_length ((size_t) dim, b);
}

static void
find_cosines (size_t n, size_t dim, const float *anchors, const float *others, double *cosines)
{
  for (size_t i = 0; i < n; i++)
    cosines[i] = cw_cosine ((int) dim, anchors + i * dim, others + i * dim);
}

static double
win (double a, double b)
{
  /* The difference is 0, or NaN. */
  return a > b ? 1 : a < b ? 0 : 0.5 + (a - b);
}

CwWarpNotice
cw_warp_notice (size_t n, int dim, const float *anchors, const float *positives,
                const float *warped, int n_warped, size_t stride, double *scratch)
{
  double *near = scratch, *far = scratch + n, rows = (double) n;
  CwWarpNotice notice = { 0 };

  find_cosines (n, (size_t) dim, anchors, positives, near);
  for (int v = 0; v < n_warped; v++)
    {
      find_cosines (n, (size_t) dim, anchors, warped + (size_t) v * stride * (size_t) dim, far);
      for (size_t i = 0; i < n; i++)
        {
          notice.margin += near[i] - far[i];
          notice.paired += win (near[i], far[i]);
          for (size_t j = 0; j < n; j++)
            notice.auc += win (near[i], far[j]);
        }
    }
  /* Without warped views 0 / 0. */
  notice.margin /= rows * n_warped;
  notice.paired /= rows * n_warped;
  notice.auc /= rows * rows * n_warped;
  return notice;
}
