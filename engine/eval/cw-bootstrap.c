/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-bootstrap.h"

#include "base/cw-parallel.h"
#include "base/cw-rng.h"
#include "eval/cw-evaluator-private.h"

#include <math.h>
#include <string.h>

#define RESAMPLES_AT_ONCE 8

/* ---- means of resamples ---- */

typedef struct
{
  guint n_groups, n_series;
  const double *sums;   /* [n_groups, n_series] */
  const double *counts; /* [n_groups, n_series] */
  double *drawn;        /* [resamples, 2, n_series]: sums, then counts */
  guint64 seed;
} Draws;

static void
draw_block (int block, int worker, void *data)
{
  const Draws *d = data;
  guint from = (guint) block * RESAMPLES_AT_ONCE;

  for (guint r = from; r < MIN (from + RESAMPLES_AT_ONCE, CW_BOOTSTRAP_RESAMPLES); r++)
    {
      CwRng rng = cw_rng_new (d->seed, CW_RNG_EVAL, CW_EVAL_BOOTSTRAP, 0, r, 0);
      double *sums = d->drawn + (gsize) r * 2 * d->n_series, *counts = sums + d->n_series;

      for (guint i = 0; i < d->n_groups; i++)
        {
          gsize first = (gsize) cw_rng_below (&rng, d->n_groups) * d->n_series;

          for (guint s = 0; s < d->n_series; s++)
            {
              sums[s] += d->sums[first + s];
              counts[s] += d->counts[first + s];
            }
        }
    }
}

/* (transfer full): groups numbered 0.. in the order in which they come, `[n_rows]`. */
static guint32 *
number_groups (const int *groups, guint n_rows, guint *n_groups)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  guint32 *numbered = g_new (guint32, MAX (n_rows, 1));

  for (guint i = 0; i < n_rows; i++)
    {
      gpointer key = GINT_TO_POINTER (groups != NULL ? groups[i] : (int) i), number;

      if (!g_hash_table_lookup_extended (numbers, key, NULL, &number))
        {
          number = GUINT_TO_POINTER (g_hash_table_size (numbers));
          g_hash_table_insert (numbers, key, number);
        }
      numbered[i] = GPOINTER_TO_UINT (number);
    }
  *n_groups = g_hash_table_size (numbers);
  return numbered;
}

void
cw_bootstrap_means (const double *const *series, guint n_series, guint n_rows, const int *groups,
                    guint64 seed, double *means)
{
  guint n_groups;
  g_autofree guint32 *numbers = number_groups (groups, n_rows, &n_groups);
  g_autofree double *sums = g_new0 (double, (gsize) n_groups * n_series + 1);
  g_autofree double *counts = g_new0 (double, (gsize) n_groups * n_series + 1);
  g_autofree double *drawn = g_new0 (double, (gsize) CW_BOOTSTRAP_RESAMPLES * 2 * n_series + 1);
  Draws draws = { n_groups, n_series, sums, counts, drawn, seed };

  for (guint i = 0; i < n_rows; i++)
    {
      for (guint s = 0; s < n_series; s++)
        {
          gsize at = (gsize) numbers[i] * n_series + s;

          if (isnan (series[s][i]))
            continue;
          sums[at] += series[s][i];
          counts[at] += 1;
        }
    }
  if (n_groups > 0)
    cw_parallel_for ((CW_BOOTSTRAP_RESAMPLES + RESAMPLES_AT_ONCE - 1) / RESAMPLES_AT_ONCE,
                     draw_block, &draws);
  for (guint r = 0; r < CW_BOOTSTRAP_RESAMPLES; r++)
    {
      const double *sum = drawn + (gsize) r * 2 * n_series, *count = sum + n_series;

      for (guint s = 0; s < n_series; s++)
        means[(gsize) s * CW_BOOTSTRAP_RESAMPLES + r]
            = count[s] > 0 ? sum[s] / count[s] : (double) NAN;
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

static double
percentile (const double *sorted, guint n, double share)
{
  double place = share * (n - 1);
  guint below = (guint) place;

  return sorted[below] + (place - below) * (sorted[MIN (below + 1, n - 1)] - sorted[below]);
}

void
cw_bootstrap_interval (double *means, double *low, double *high)
{
  guint n = 0;

  for (guint r = 0; r < CW_BOOTSTRAP_RESAMPLES; r++)
    {
      if (!isnan (means[r]))
        means[n++] = means[r];
    }
  *low = *high = (double) NAN;
  if (n < 2)
    return;
  qsort (means, n, sizeof *means, compare_doubles);
  *low = percentile (means, n, 0.025);
  *high = percentile (means, n, 0.975);
}

/* ---- scores ---- */

static gboolean
has_two_groups (const CwScores *scores)
{
  if (scores->groups == NULL)
    return scores->n_rows > 1;
  for (guint i = 1; i < scores->n_rows; i++)
    {
      if (scores->groups[i] != scores->groups[0])
        return TRUE;
    }
  return FALSE;
}

/* Which of the series is the contender's score @s; -1 where it has no rows. */
static int
find_series (const double *const *series, guint n_series, const CwScores *scores, int s)
{
  for (guint i = 0; s < scores->n_scores && i < n_series; i++)
    {
      if (series[i] == scores->scores[s].rows)
        return (int) i;
    }
  return -1;
}

static void
compare_scores (const CwScores *first, const CwScores *other, const double *const *series,
                guint n_series, const double *means, CwDifference *differences)
{
  g_autofree double *apart = g_new (double, CW_BOOTSTRAP_RESAMPLES);

  for (int s = 0; s < MIN (first->n_scores, other->n_scores); s++)
    {
      int a = find_series (series, n_series, first, s), b = find_series (series, n_series, other, s);

      if (a < 0 || b < 0)
        continue;
      for (guint r = 0; r < CW_BOOTSTRAP_RESAMPLES; r++)
        apart[r] = means[(gsize) a * CW_BOOTSTRAP_RESAMPLES + r]
                   - means[(gsize) b * CW_BOOTSTRAP_RESAMPLES + r];
      differences[s].value = first->scores[s].value - other->scores[s].value;
      cw_bootstrap_interval (apart, &differences[s].low, &differences[s].high);
    }
}

/* (transfer container): the rows of all scores of all contenders that have any. */
static GPtrArray *
list_series (CwScores *const *contenders, guint n_contenders)
{
  GPtrArray *series = g_ptr_array_new ();

  for (guint c = 0; c < n_contenders; c++)
    {
      const CwScores *scores = contenders[c];

      if (scores->n_rows != contenders[0]->n_rows)
        continue;
      for (int s = 0; s < scores->n_scores; s++)
        {
          if (scores->scores[s].rows != NULL)
            g_ptr_array_add (series, scores->scores[s].rows);
        }
    }
  return series;
}

void
cw_bootstrap_scores (CwScores *const *contenders, guint n_contenders, guint64 seed,
                     CwDifference *differences)
{
  g_autoptr (GPtrArray) list = list_series (contenders, n_contenders);
  const double *const *series = (const double *const *) list->pdata;
  g_autofree double *means = NULL;

  for (guint i = 0; i < n_contenders * CW_MAX_SCORES; i++)
    differences[i] = (CwDifference) { (double) NAN, (double) NAN, (double) NAN };
  if (list->len == 0 || !has_two_groups (contenders[0]))
    return;
  means = g_new (double, (gsize) list->len * CW_BOOTSTRAP_RESAMPLES);
  cw_bootstrap_means (series, list->len, contenders[0]->n_rows, contenders[0]->groups, seed, means);
  for (guint c = 1; c < n_contenders; c++)
    compare_scores (contenders[0], contenders[c], series, list->len, means,
                    differences + (gsize) c * CW_MAX_SCORES);
  for (guint c = 0; c < n_contenders; c++)
    {
      for (int s = 0; s < contenders[c]->n_scores; s++)
        {
          CwScore *score = &contenders[c]->scores[s];
          int i = find_series (series, list->len, contenders[c], s);

          if (i >= 0)
            cw_bootstrap_interval (means + (gsize) i * CW_BOOTSTRAP_RESAMPLES, &score->low,
                                   &score->high);
        }
    }
}
