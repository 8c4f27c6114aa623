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
