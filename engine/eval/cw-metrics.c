/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-metrics.h"

#include <math.h>
#include <stdlib.h>

double
cw_metrics_accuracy (const guint *confusion, int n)
{
  guint64 right = 0, all = 0;

  for (int truth = 0; truth < n; truth++)
    {
      for (int answer = 0; answer < n; answer++)
        {
          guint count = confusion[truth * n + answer];

          all += count;
          if (truth == answer)
            right += count;
        }
    }
  return all > 0 ? (double) right / (double) all : (double) NAN;
}

double
cw_metrics_macro_recall (const guint *confusion, int n)
{
  double sum = 0;
  int n_rows = 0;

  for (int truth = 0; truth < n; truth++)
    {
      guint64 all = 0;

      for (int answer = 0; answer < n; answer++)
        all += confusion[truth * n + answer];
      if (all == 0)
        continue;
      sum += (double) confusion[truth * n + truth] / (double) all;
      n_rows++;
    }
  return n_rows > 0 ? sum / n_rows : (double) NAN;
}

double
cw_metrics_majority (const int *labels, guint n)
{
  g_autofree guint *counts = NULL;
  guint all = 0, best = 0;
  int max = -1;

  for (guint i = 0; i < n; i++)
    max = MAX (max, labels[i]);
  if (max < 0)
    return (double) NAN;
  counts = g_new0 (guint, (gsize) max + 1);
  for (guint i = 0; i < n; i++)
    {
      if (labels[i] < 0)
        continue;
      all++;
      counts[labels[i]]++;
      best = MAX (best, counts[labels[i]]);
    }
  return (double) best / (double) all;
}

double
cw_metrics_macro_f1 (const guint *confusion, int n)
{
  double sum = 0;
  int n_classes = 0;

  for (int c = 0; c < n; c++)
    {
      guint64 truth = 0, answered = 0;

      for (int other = 0; other < n; other++)
        {
          truth += confusion[c * n + other];
          answered += confusion[other * n + c];
        }
      if (truth + answered == 0)
        continue;
      sum += 2.0 * confusion[c * n + c] / (double) (truth + answered);
      n_classes++;
    }
  return n_classes > 0 ? sum / n_classes : (double) NAN;
}

/* ---- predicted numbers ---- */

typedef struct
{
  double mean[2], var[2], cov; /* predicted, truth; over n */
} Moments;

/* Counted from the first row, so that what is constant has no variance, not even by rounding. */
static Moments
measure (const double *predicted, const double *truth, guint n)
{
  Moments m = { { 0 } };

  for (guint i = 0; i < n; i++)
    {
      m.mean[0] += (predicted[i] - predicted[0]) / n;
      m.mean[1] += (truth[i] - truth[0]) / n;
    }
  for (guint i = 0; i < n; i++)
    {
      double a = predicted[i] - predicted[0] - m.mean[0], b = truth[i] - truth[0] - m.mean[1];

      m.var[0] += a * a / n;
      m.var[1] += b * b / n;
      m.cov += a * b / n;
    }
  m.mean[0] += n > 0 ? predicted[0] : 0;
  m.mean[1] += n > 0 ? truth[0] : 0;
  return m;
}

static double
divide (double a, double b)
{
  return b > 0 ? a / b : (double) NAN;
}

double
cw_metrics_rmse (const double *predicted, const double *truth, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (predicted[i] - truth[i]) * (predicted[i] - truth[i]);
  return sqrt (divide (sum, n));
}

double
cw_metrics_pcc (const double *predicted, const double *truth, guint n)
{
  Moments m = measure (predicted, truth, n);

  return divide (m.cov, sqrt (m.var[0] * m.var[1]));
}

double
cw_metrics_ccc (const double *predicted, const double *truth, guint n)
{
  Moments m = measure (predicted, truth, n);
  double apart = m.mean[0] - m.mean[1];

  return divide (2 * m.cov, m.var[0] + m.var[1] + apart * apart);
}

/* ---- spread ---- */

guint
cw_metrics_spread (const double *values, guint n, double *mean, double *sd)
{
  double sum = 0, squares = 0;
  guint count = 0;

  for (guint i = 0; i < n; i++)
    {
      if (isnan (values[i]))
        continue;
      sum += values[i];
      count++;
    }
  *mean = divide (sum, count);
  for (guint i = 0; i < n; i++)
    {
      if (!isnan (values[i]))
        squares += (values[i] - *mean) * (values[i] - *mean);
    }
  *sd = count > 1 ? sqrt (squares / (count - 1)) : (double) NAN;
  return count;
}

/* t(0.975) for 1 .. 9 degrees of freedom; for more, the expansion in their reciprocal (Abramowitz and
 * Stegun, 26.7.5), which is right to four figures there. */
static double
student_quantile (guint freedom)
{
  static const double few[] = { 12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622 };
  const double z = 1.959964, z3 = z * z * z, z5 = z3 * z * z;
  double v = freedom;

  if (freedom <= G_N_ELEMENTS (few))
    return few[freedom - 1];
  return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v)
         + (3 * z5 * z * z + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v);
}

double
cw_metrics_student_95 (double sd, guint n)
{
  return n > 1 ? student_quantile (n - 1) * sd / sqrt (n) : (double) NAN;
}

/* ---- ranks ---- */

typedef struct
{
  double value;
  guint index;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;

  return x->value < y->value ? -1 : x->value > y->value;
}

void
cw_metrics_rank (double *values, guint n)
{
  g_autofree Ranked *sorted = g_new (Ranked, (gsize) n + 1);

  for (guint i = 0; i < n; i++)
    sorted[i] = (Ranked) { values[i], i };
  qsort (sorted, n, sizeof *sorted, compare_ranked);
  for (guint from = 0, to; from < n; from = to)
    {
      for (to = from + 1; to < n && sorted[to].value <= sorted[from].value; to++)
        ;
      for (guint i = from; i < to; i++)
        values[sorted[i].index] = (from + to + 1) / 2.0;
    }
}

double
cw_metrics_spearman (const double *a, const double *b, guint n)
{
  g_autofree double *x = g_new (double, (gsize) n + 1);
  g_autofree double *y = g_new (double, (gsize) n + 1);
  guint m = 0;

  for (guint i = 0; i < n; i++)
    {
      if (isnan (a[i]) || isnan (b[i]))
        continue;
      x[m] = a[i];
      y[m++] = b[i];
    }
  cw_metrics_rank (x, m);
  cw_metrics_rank (y, m);
  return cw_metrics_pcc (x, y, m);
}
