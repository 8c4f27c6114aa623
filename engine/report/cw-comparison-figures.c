/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-comparison.h"

#include "eval/cw-metrics.h"

#include <math.h>
#include <string.h>

/* Behind the id of a score for which the same person is barred. */
#define OTHER_SUBJECT "_other_subject"

char *
cw_comparison_dup_label (guint condition)
{
  GString *label = g_string_new (NULL);

  for (guint rest = condition + 1; rest > 0; rest = (rest - 1) / 26)
    g_string_prepend_c (label, (char) ('A' + (rest - 1) % 26));
  return g_string_free (label, FALSE);
}

/* Cuts @part off the end of @name where a separator stands before it and something before that. */
static void
cut_end (char *name, const char *part)
{
  gsize end = strlen (name) - strlen (part);

  if (g_str_has_suffix (name, part) && end >= 2 && strchr ("-_. ", name[end - 1]) != NULL)
    name[end - 1] = '\0';
}

/* (transfer full): the folder's name without the seed: "simclr-warp" of "simclr-warp-3" or "simclr-warp-seed-3". */
static char *
dup_run_name (const CwComparedRun *run)
{
  g_autofree char *path = g_canonicalize_filename (run->folder, NULL);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, run->seed);

  cut_end (name, seed);
  cut_end (name, "seed");
  return g_steal_pointer (&name);
}

/* (transfer full): the name of the first run of @condition. */
static char *
dup_first_name (const CwComparison *self, guint condition, gboolean with_parent)
{
  for (guint r = 0; r < self->n_runs; r++)
    {
      g_autofree char *name = NULL;
      g_autofree char *path = NULL;
      g_autofree char *above = NULL;
      g_autofree char *parent = NULL;
      g_autofree char *shown = NULL;

      if (self->runs[r].condition != condition)
        continue;
      name = dup_run_name (&self->runs[r]);
      if (!with_parent)
        return g_steal_pointer (&name);
      path = g_canonicalize_filename (self->runs[r].folder, NULL);
      above = g_path_get_dirname (path);
      parent = g_path_get_basename (above);
      shown = g_filename_display_name (parent);
      return g_strconcat (shown, "/", name, NULL);
    }
  g_return_val_if_reached (g_strdup (""));
}

char *
cw_comparison_dup_name (const CwComparison *self, guint condition)
{
  g_autofree char *name = dup_first_name (self, condition, FALSE);

  for (guint c = 0; c < self->n_conditions; c++)
    {
      g_autofree char *other = dup_first_name (self, c, FALSE);

      if (c != condition && strcmp (name, other) == 0)
        return dup_first_name (self, condition, TRUE);
    }
  return g_steal_pointer (&name);
}

static CwComparedSpread
get_spread (const double *values, guint n)
{
  CwComparedSpread spread;
  double half;

  spread.n = cw_metrics_spread (values, n, &spread.mean, &spread.sd);
  half = cw_metrics_student_95 (spread.sd, spread.n);
  spread.low = spread.mean - half;
  spread.high = spread.mean + half;
  return spread;
}

static gboolean
is_of (const CwComparison *self, guint run, guint condition)
{
  return condition == CW_COMPARED_ALL || self->runs[run].condition == condition;
}

/* Whether an earlier run of the condition has the seed of @run. */
static gboolean
is_repeated (const CwComparison *self, guint run, guint condition)
{
  for (guint r = 0; r < run; r++)
    {
      if (is_of (self, r, condition) && self->runs[r].seed == self->runs[run].seed)
        return TRUE;
    }
  return FALSE;
}

/* Mean of @values over the runs of @condition with @seed; with @e not NULL, over those alone that are scored on
 * sides drawn by @sides_seed. NaN where there is none. */
static double
get_mean (const CwComparison *self, const double *values, guint condition, guint64 seed,
          const CwComparedEvaluation *e, gint64 sides_seed)
{
  double sum = 0;
  guint n = 0;

  for (guint r = 0; r < self->n_runs; r++)
    {
      if (!is_of (self, r, condition) || self->runs[r].seed != seed || isnan (values[r])
          || (e != NULL && e->drawn && e->seeds[r] != sides_seed))
        continue;
      sum += values[r];
      n++;
    }
  return n > 0 ? sum / n : (double) NAN;
}

gboolean
cw_comparison_find_step (const CwComparison *self, const CwComparedEvaluation *e, guint condition,
                         gint64 *step)
{
  gboolean any = FALSE;

  for (guint r = 0; r < self->n_runs; r++)
    {
      if (!is_of (self, r, condition))
        continue;
      if (any && e->steps[r] != *step)
        return FALSE;
      *step = e->steps[r];
      any = TRUE;
    }
  return any;
}

char *
cw_comparison_dup_same_step (const CwComparison *self, const CwComparedEvaluation *e, guint condition)
{
  g_autoptr (GString) labels = g_string_new (NULL);
  gint64 step, other;

  if (!cw_comparison_find_step (self, e, condition, &step))
    return NULL;
  for (guint c = 0; c < self->n_conditions; c++)
    {
      g_autofree char *label = cw_comparison_dup_label (c);

      if (!cw_comparison_find_step (self, e, c, &other) || other != step)
        continue;
      if (c < condition)
        return NULL;
      g_string_append_printf (labels, "%s%s", labels->len > 0 ? ", " : "", label);
    }
  return g_string_free (g_steal_pointer (&labels), FALSE);
}

guint
cw_comparison_count_seeds (const CwComparison *self, guint condition)
{
  guint n = 0;

  for (guint r = 0; r < self->n_runs; r++)
    n += is_of (self, r, condition) && !is_repeated (self, r, condition) ? 1 : 0;
  return n;
}

CwComparedSpread
cw_comparison_spread (const CwComparison *self, const CwComparedScore *score, CwContender contender,
                      guint condition)
{
  g_autofree double *means = g_new (double, self->n_runs);
  guint n = 0;

  for (guint r = 0; r < self->n_runs; r++)
    {
      if (is_of (self, r, condition) && !is_repeated (self, r, condition))
        means[n++] = get_mean (self, score->values[contender], condition, self->runs[r].seed, NULL, 0);
    }
  return get_spread (means, n);
}

CwComparedSpread
cw_comparison_difference (const CwComparison *self, const CwComparedEvaluation *e,
                          const CwComparedScore *score, guint condition, guint reference)
{
  const double *trained = score->values[CW_CONTENDER_TRAINED];
  g_autofree double *differences = g_new (double, self->n_runs);
  guint n = 0;

  for (guint r = 0; r < self->n_runs; r++)
    {
      guint64 seed = self->runs[r].seed;

      if (!is_of (self, r, condition) || is_repeated (self, r, condition))
        continue;
      differences[n++] = get_mean (self, trained, condition, seed, e, e->seeds[r])
                         - get_mean (self, trained, reference, seed, e, e->seeds[r]);
    }
  return get_spread (differences, n);
}

/* ---- what is shown ---- */

static gboolean
has_same_values (const CwComparison *self, const CwComparedScore *a, const CwComparedScore *b)
{
  for (guint r = 0; r < self->n_runs; r++)
    {
      double x = a->values[CW_CONTENDER_TRAINED][r], y = b->values[CW_CONTENDER_TRAINED][r];

      /* NaN beside NaN is the same, too. */
      if (!(x == y || (isnan (x) && isnan (y))))
        return FALSE;
    }
  return TRUE;
}

/* Where no person is known, that of other persons is the score over all, and one of the two is enough. */
static gboolean
says_nothing_new (const CwComparison *self, const CwComparedEvaluation *e, const CwComparedScore *score)
{
  g_autofree char *over_all = g_strdup (score->id);

  if (!g_str_has_suffix (score->id, OTHER_SUBJECT))
    return FALSE;
  over_all[strlen (over_all) - strlen (OTHER_SUBJECT)] = '\0';
  for (guint s = 0; s < e->scores->len; s++)
    {
      const CwComparedScore *other = e->scores->pdata[s];

      if (strcmp (other->protocol, score->protocol) == 0
          && strcmp (other->parameters, score->parameters) == 0 && strcmp (other->id, over_all) == 0)
        return has_same_values (self, score, other);
    }
  return FALSE;
}

GPtrArray *
cw_comparison_list_scores (const CwComparison *self, const CwComparedEvaluation *e)
{
  GPtrArray *scores = g_ptr_array_new ();

  for (guint s = 0; s < e->scores->len; s++)
    {
      if (!says_nothing_new (self, e, e->scores->pdata[s]))
        g_ptr_array_add (scores, e->scores->pdata[s]);
    }
  return scores;
}
