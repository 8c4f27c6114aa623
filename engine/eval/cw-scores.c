/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-evaluator-private.h"

#include "eval/cw-metrics.h"

#include <math.h>
#include <string.h>

void
cw_scores_clear (CwScores *scores)
{
  for (int s = 0; s < scores->n_scores; s++)
    g_free (scores->scores[s].rows);
  g_free (scores->groups);
  g_free (scores->confusion);
  *scores = (CwScores) { 0 };
}

static void
add (CwScores *scores, const char *id, CwScoreUnit unit, double value, double *rows)
{
  g_return_if_fail (scores->n_scores < CW_MAX_SCORES);

  scores->scores[scores->n_scores++]
      = (CwScore) { id, unit, value, (double) NAN, (double) NAN, rows };
}

void
cw_scores_add (CwScores *scores, const char *id, double value)
{
  add (scores, id, CW_SCORE_SHARE, value, NULL);
}

void
cw_scores_add_unit (CwScores *scores, const char *id, CwScoreUnit unit, double value)
{
  add (scores, id, unit, value, NULL);
}

void
cw_scores_set_rows (CwScores *scores, guint n_rows, const int *groups)
{
  g_return_if_fail (scores->groups == NULL && scores->n_scores == 0);

  scores->n_rows = n_rows;
  scores->groups = g_memdup2 (groups, n_rows * sizeof *groups);
}

void
cw_scores_add_mean (CwScores *scores, const char *id, const double *rows)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < scores->n_rows; i++)
    {
      if (isnan (rows[i]))
        continue;
      sum += rows[i];
      n++;
    }
  add (scores, id, CW_SCORE_SHARE, n > 0 ? sum / n : (double) NAN,
       g_memdup2 (rows, scores->n_rows * sizeof *rows));
}

const CwScore *
cw_scores_find (const CwScores *scores, const char *id)
{
  for (int i = 0; i < scores->n_scores; i++)
    {
      if (strcmp (scores->scores[i].id, id) == 0)
        return &scores->scores[i];
    }
  return NULL;
}

double
cw_scores_get (const CwScores *scores, const char *id)
{
  const CwScore *found = cw_scores_find (scores, id);

  return found != NULL ? found->value : (double) NAN;
}

gboolean
cw_scores_know_persons (const CwScores *scores)
{
  for (int s = 0; s < scores->n_scores; s++)
    {
      if (g_str_has_prefix (scores->scores[s].id, "same_subject_share_at_"))
        return !isnan (scores->scores[s].value);
    }
  return TRUE;
}

const char *
cw_score_unit_name (CwScoreUnit unit)
{
  static const char *const names[CW_N_SCORE_UNITS] = { [CW_SCORE_SHARE] = "share",
                                                       [CW_SCORE_COEFFICIENT] = "coefficient",
                                                       [CW_SCORE_NUMBER] = "number",
                                                       [CW_SCORE_COUNT] = "count" };

  g_return_val_if_fail (unit < CW_N_SCORE_UNITS, NULL);
  return names[unit];
}

char *
cw_score_format (double value, CwScoreUnit unit)
{
  static const char *const formats[]
      = { [CW_SCORE_SHARE] = "%.1f", [CW_SCORE_COEFFICIENT] = "%.3f", [CW_SCORE_NUMBER] = "%.3f",
          [CW_SCORE_COUNT] = "%.0f" };
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (unit < G_N_ELEMENTS (formats), NULL);

  if (!isfinite (value))
    return g_strdup ("-");
  g_ascii_formatd (text, sizeof text, formats[unit], unit == CW_SCORE_SHARE ? 100 * value : value);
  return g_strconcat (text, unit == CW_SCORE_SHARE ? " %" : "", NULL);
}

char *
cw_score_dup_text (const CwScore *score)
{
  g_autofree char *value = cw_score_format (score->value, score->unit);
  g_autofree char *low = cw_score_format (score->low, score->unit);
  g_autofree char *high = cw_score_format (score->high, score->unit);

  if (!isfinite (score->low))
    return g_steal_pointer (&value);
  return g_strdup_printf ("%s (%.*s-%.*s)", value, (int) strcspn (low, " "), low,
                          (int) strcspn (high, " "), high);
}

void
_cw_scores_start (CwScores *scores, const CwFeatures *features)
{
  g_autofree int *groups = g_new (int, MAX (features->n, 1));
  int n_subjects = 0, n_sources = 0;

  for (guint i = 0; i < features->n; i++)
    {
      n_subjects = MAX (n_subjects, features->subjects[i] + 1);
      n_sources = MAX (n_sources, features->sources[i] + 1);
    }
  for (guint i = 0; i < features->n; i++)
    groups[i] = features->subjects[i] >= 0 ? features->subjects[i]
                : features->sources[i] >= 0 ? n_subjects + features->sources[i]
                                            : n_subjects + n_sources + (int) i;
  cw_scores_set_rows (scores, features->n, n_subjects + n_sources > 0 ? groups : NULL);
}

void
_cw_scores_add_answers (CwScores *scores, const CwFeatures *features, const int *answers,
                        int n_classes)
{
  g_autofree double *right = g_new (double, MAX (features->n, 1));

  scores->n_classes = n_classes;
  scores->confusion = g_new0 (guint, (gsize) n_classes * (gsize) n_classes);
  for (guint i = 0; i < features->n; i++)
    {
      scores->confusion[(gsize) features->labels[i] * (gsize) n_classes + (gsize) answers[i]]++;
      right[i] = features->labels[i] == answers[i];
    }
  _cw_scores_start (scores, features);
  cw_scores_add_mean (scores, "accuracy", right);
  cw_scores_add (scores, "macro_recall", cw_metrics_macro_recall (scores->confusion, n_classes));
  cw_scores_add (scores, "macro_f1", cw_metrics_macro_f1 (scores->confusion, n_classes));
}

const char *
_cw_scores_id (const char *format, int number)
{
  g_autofree char *digits = g_strdup_printf ("%d", number);
  g_auto (GStrv) parts = g_strsplit (format, "%", 2);
  g_autofree char *id = g_strconcat (parts[0], digits, parts[1], NULL);

  return g_intern_string (id);
}
