/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-metrics.h"

#include <math.h>

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

static Moments
measure (const double *predicted, const double *truth, guint n)
{
  Moments m = { { 0 } };

  for (guint i = 0; i < n; i++)
    {
      m.mean[0] += predicted[i] / n;
      m.mean[1] += truth[i] / n;
    }
  for (guint i = 0; i < n; i++)
    {
      double a = predicted[i] - m.mean[0], b = truth[i] - m.mean[1];

      m.var[0] += a * a / n;
      m.var[1] += b * b / n;
      m.cov += a * b / n;
    }
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
