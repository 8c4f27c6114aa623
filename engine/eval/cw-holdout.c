/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-holdout.h"

#include "base/cw-rng.h"
#include "data/cw-deal.h"
#include "eval/cw-evaluator-private.h"

#define SHARE 5 /* one in five */

static int
largest (const int *values, guint n)
{
  int max = -1;

  for (guint i = 0; i < n; i++)
    max = MAX (max, values[i]);
  return max;
}

/* Whole subjects in a keyed order, until a fifth of the rows is held out; none that would make it more than
 * twice that. Rows without a subject stay. 0 where too few rows have one, or too few were held. */
static guint
hold_subjects (const CwFeatures *features, guint64 seed, gboolean *held)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_EVAL, CW_EVAL_HOLD_SUBJECTS, 0, 0, 0);
  guint n = features->n, n_subjects = (guint) (largest (features->subjects, n) + 1), n_used = 0;
  guint n_held = 0, n_known = 0;
  g_autofree guint *counts = g_new0 (guint, MAX (n_subjects, 1));
  g_autofree guint32 *order = g_new (guint32, MAX (n_subjects, 1));
  g_autofree gboolean *out = g_new0 (gboolean, MAX (n_subjects, 1));

  for (guint i = 0; i < n; i++)
    {
      if (features->subjects[i] < 0)
        continue;
      counts[features->subjects[i]]++;
      n_known++;
    }
  for (guint s = 0; s < n_subjects; s++)
    {
      if (counts[s] > 0)
        order[n_used++] = s;
    }
  if (n_used < 2 || 2 * n_known < n)
    return 0;
  cw_rng_shuffle (&rng, order, n_used);
  for (guint s = 0; s + 1 < n_used && n_held < n / SHARE; s++)
    {
      if (n_held + counts[order[s]] > MAX (2 * n / SHARE, 1))
        continue;
      out[order[s]] = TRUE;
      n_held += counts[order[s]];
    }
  if (n_held < n / (2 * SHARE))
    return 0;
  for (guint i = 0; i < n; i++)
    held[i] = features->subjects[i] >= 0 && out[features->subjects[i]];
  return n_held;
}

static guint
hold_of_each_class (const CwFeatures *features, guint64 seed, gboolean *held)
{
  int n_classes = largest (features->labels, features->n) + 1;
  guint n_units, n_held = 0;
  g_autofree guint32 *units
      = _cw_deal_units (features->subjects, features->sources, features->n, &n_units);
  g_autofree guint8 *sides = g_new0 (guint8, MAX (n_units, 1));
  g_autofree guint32 *rows = g_new (guint32, MAX (features->n, 1));

  for (int c = 0; c < n_classes; c++)
    {
      CwRng rng = cw_rng_new (seed, CW_RNG_EVAL, CW_EVAL_HOLD_CLASSES, 0, (uint32_t) c, 0);
      guint n = 0;

      for (guint i = 0; i < features->n; i++)
        {
          if (features->labels[i] == c)
            rows[n++] = i;
        }
      cw_rng_shuffle (&rng, rows, n);
      _cw_deal (rows, n, n >= 2 ? MAX (n / SHARE, 1) : 0, units, n_units, sides);
    }
  for (guint i = 0; i < features->n; i++)
    {
      held[i] = sides[units[i]] == CW_DEAL_OUT;
      n_held += held[i];
    }
  return n_held;
}

guint
_cw_holdout_order (const CwFeatures *features, guint64 seed, guint32 *order)
{
  g_autofree gboolean *held = g_new0 (gboolean, MAX (features->n, 1));
  guint n_held = hold_subjects (features, seed, held), kept = 0, last;

  if (n_held == 0)
    n_held = hold_of_each_class (features, seed, held);
  last = features->n - n_held;
  for (guint i = 0; i < features->n; i++)
    order[held[i] ? last++ : kept++] = i;
  return n_held;
}
