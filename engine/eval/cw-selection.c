/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-selection.h"

#include "base/cw-parallel.h"
#include "eval/cw-eigenvalues.h"

#include <math.h>
#include <string.h>

#define LEAST_SHARE 1e-7

static double
dot (const double *a, const double *b, gsize n)
{
  double lanes[4] = { 0 };
  gsize i = 0;

  for (; i + 4 <= n; i += 4)
    {
      for (gsize l = 0; l < 4; l++)
        lanes[l] += a[i + l] * b[i + l];
    }
  for (gsize l = 0; i + l < n; l++)
    lanes[l] += a[i + l] * b[i + l];
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

/* ---- RankMe ---- */

/* (transfer full): @x as double, so that the vectors whose products are wanted are its rows:
 * @n_rows of @length. */
static double *
lay_out (const float *x, guint n, int dim, int *n_rows, gsize *length)
{
  gsize d = (gsize) dim;
  double *rows = g_new (double, MAX (n, 1) * d);
  gboolean transpose = n > (guint) dim;

  *n_rows = transpose ? dim : (int) n;
  *length = transpose ? n : d;
  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = 0; j < d; j++)
        rows[transpose ? j * n + i : i * d + j] = (double) x[i * d + j];
    }
  return rows;
}

typedef struct
{
  const double *rows;
  double *products; /* [n, n] */
  int n;
  gsize length;
} Gram;

static void
gram_row (int row, int worker, void *data)
{
  Gram *gram = data;
  gsize n = (gsize) gram->n, i = (gsize) row;

  for (gsize j = 0; j <= i; j++)
    gram->products[i * n + j] = gram->products[j * n + i]
        = dot (gram->rows + i * gram->length, gram->rows + j * gram->length, gram->length);
}

double
cw_selection_rankme (const float *x, guint n, int dim)
{
  Gram gram = { 0 };
  g_autofree double *rows = lay_out (x, n, dim, &gram.n, &gram.length);
  g_autofree double *products = g_new (double, (gsize) gram.n * (gsize) gram.n + 1);
  g_autofree double *values = g_new (double, gram.n + 1);
  double sum = 0, entropy = 0;

  gram.rows = rows;
  gram.products = products;
  cw_parallel_for (gram.n, gram_row, &gram);
  cw_eigenvalues (products, gram.n, values);
  for (int k = 0; k < gram.n; k++)
    {
      values[k] = sqrt (fmax (values[k], 0));
      sum += values[k];
    }
  if (!(sum > 0))
    return (double) NAN;
  for (int k = 0; k < gram.n; k++)
    {
      double share = values[k] / sum + LEAST_SHARE;

      entropy -= share * log (share);
    }
  return exp (entropy);
}

/* ---- on the sphere ---- */

/* (transfer full): rows divided by their norm, as double; zeros stay. */
static double *
normalise (const float *x, guint n, int dim)
{
  gsize d = (gsize) dim;
  double *out = g_new (double, MAX (n, 1) * d);

  for (gsize i = 0; i < n; i++)
    {
      double *row = out + i * d, norm;

      for (gsize j = 0; j < d; j++)
        row[j] = (double) x[i * d + j];
      norm = sqrt (dot (row, row, d));
      for (gsize j = 0; j < d; j++)
        row[j] = norm > 0 ? row[j] / norm : 0;
    }
  return out;
}

static double
square_distance (const double *a, const double *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

double
cw_selection_alignment (const float *a, const float *b, guint n, int dim)
{
  g_autofree double *x = normalise (a, n, dim);
  g_autofree double *y = normalise (b, n, dim);
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += square_distance (x + i * (gsize) dim, y + i * (gsize) dim, (gsize) dim);
  return sum / n;
}

typedef struct
{
  const double *rows;
  double *sums; /* [n]: of each row with those before it */
  gsize dim;
} Spread;

static void
spread_row (int row, int worker, void *data)
{
  Spread *spread = data;
  const double *x = spread->rows + (gsize) row * spread->dim;
  double sum = 0;

  for (gsize j = 0; j < (gsize) row; j++)
    sum += exp (-2 * square_distance (x, spread->rows + j * spread->dim, spread->dim));
  spread->sums[row] = sum;
}

double
cw_selection_uniformity (const float *x, guint n, int dim)
{
  g_autofree double *rows = normalise (x, n, dim);
  g_autofree double *sums = g_new (double, MAX (n, 1));
  Spread spread = { rows, sums, (gsize) dim };
  double sum = 0;

  if (n < 2)
    return (double) NAN;
  cw_parallel_for ((int) n, spread_row, &spread);
  for (guint i = 0; i < n; i++)
    sum += sums[i];
  return log (sum / (0.5 * n * (n - 1.0)));
}

double
cw_selection_margin_auc (const float *anchors, const float *positives, const float *negatives,
                       guint n, int dim)
{
  g_autofree double *a = normalise (anchors, n, dim);
  g_autofree double *p = normalise (positives, n, dim);
  g_autofree double *q = normalise (negatives, n, dim);
  gsize d = (gsize) dim;
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double near = dot (a + i * d, p + i * d, d), far = dot (a + i * d, q + i * d, d);

      sum += near > far ? 1 : near < far ? 0 : 0.5;
    }
  return sum / n;
}

/* ---- rank correlation ---- */

/* Ranks from 1; equal values share their mean rank. */
static void
rank (const double *values, guint n, double *ranks)
{
  for (guint i = 0; i < n; i++)
    {
      guint less = 0, equal = 0;

      for (guint j = 0; j < n; j++)
        {
          less += values[j] < values[i];
          equal += !(values[j] < values[i]) && !(values[j] > values[i]);
        }
      ranks[i] = less + 0.5 * (equal + 1);
    }
}

double
cw_selection_spearman (const double *a, const double *b, guint n)
{
  g_autofree double *x = g_new (double, n + 1);
  g_autofree double *y = g_new (double, n + 1);
  g_autofree double *ranks_x = g_new (double, n + 1);
  g_autofree double *ranks_y = g_new (double, n + 1);
  double xy = 0, xx = 0, yy = 0, mean;
  guint m = 0;

  for (guint i = 0; i < n; i++)
    {
      if (isnan (a[i]) || isnan (b[i]))
        continue;
      x[m] = a[i];
      y[m++] = b[i];
    }
  rank (x, m, ranks_x);
  rank (y, m, ranks_y);
  mean = 0.5 * (m + 1.0);
  for (guint i = 0; i < m; i++)
    {
      xy += (ranks_x[i] - mean) * (ranks_y[i] - mean);
      xx += (ranks_x[i] - mean) * (ranks_x[i] - mean);
      yy += (ranks_y[i] - mean) * (ranks_y[i] - mean);
    }
  return xx > 0 && yy > 0 ? xy / sqrt (xx * yy) : (double) NAN;
}
