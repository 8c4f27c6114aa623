/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-score-text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const CwbScoreText texts[] = {
  { "linear", "accuracy", FALSE, FALSE },
  { "linear", "macro_recall", FALSE, FALSE },
  { "linear", "macro_f1", FALSE, FALSE },
  { "knn", "accuracy", FALSE, FALSE },
  { "knn", "macro_recall", FALSE, FALSE },
  { "retrieval", "p_at_10", FALSE, FALSE },
  { "retrieval", "p_at_10_other_subject", TRUE, FALSE },
  { "retrieval", "map_other_subject", TRUE, FALSE },
  { "retrieval", "same_subject_share_at_10", TRUE, TRUE },
};

const CwbScoreText *
cwb_score_text_find (const char *protocol, const char *id)
{
  for (size_t t = 0; t < G_N_ELEMENTS (texts); t++)
    {
      if (strcmp (texts[t].protocol, protocol) == 0 && strcmp (texts[t].id, id) == 0)
        return &texts[t];
    }
  return NULL;
}

/* ---- figures ---- */

/* (transfer full): without its unit. */
static char *
format_number (double value, CwScoreUnit unit)
{
  switch (unit)
    {
    case CW_SCORE_SHARE:
      return g_strdup_printf ("%.1f", 100 * value);
    case CW_SCORE_COUNT:
      return g_strdup_printf ("%.0f", value);
    case CW_SCORE_COEFFICIENT:
    case CW_SCORE_NUMBER:
    case CW_N_SCORE_UNITS:
    default:
      return g_strdup_printf ("%.3f", value);
    }
}

char *
cwb_score_text_dup_value (double value, CwScoreUnit unit)
{
  if (!isfinite (value))
    return g_strdup ("–");
  return unit == CW_SCORE_SHARE ? g_strdup_printf (_ ("%.1f %%"), 100 * value)
                                : format_number (value, unit);
}

char *
cwb_score_text_dup_score (const CwScore *score)
{
  g_autofree char *value = cwb_score_text_dup_value (score->value, score->unit);
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  if (!isfinite (score->low) || !isfinite (score->high))
    return g_steal_pointer (&value);
  low = format_number (score->low, score->unit);
  high = format_number (score->high, score->unit);
  /* Translators: a figure and the two ends of its 95 % interval */
  return g_strdup_printf (_ ("%s [%s–%s]"), value, low, high);
}

/* Takes @text, and tells how many seeds it is of where that are not all. */
static char *
add_count (char *text, const CwComparedSpread *spread, guint expected)
{
  g_autofree char *plain = text;

  return spread->n > 0 && spread->n < expected ? g_strdup_printf ("%s (%u)", plain, spread->n)
                                               : g_steal_pointer (&plain);
}

char *
cwb_score_text_dup_spread (const CwComparedSpread *spread, CwScoreUnit unit, guint expected)
{
  g_autofree char *mean = NULL;
  g_autofree char *sd = NULL;

  if (!isfinite (spread->sd))
    return add_count (cwb_score_text_dup_value (spread->mean, unit), spread, expected);
  mean = format_number (spread->mean, unit);
  sd = format_number (spread->sd, unit);
  return add_count (unit == CW_SCORE_SHARE
                        /* Translators: a mean and its standard deviation, per cent */
                        ? g_strdup_printf (_ ("%s ± %s %%"), mean, sd)
                        : g_strdup_printf ("%s ± %s", mean, sd),
                    spread, expected);
}

/* (transfer full): always with its sign. */
static char *
format_signed (double value, CwScoreUnit unit)
{
  g_autofree char *size = format_number (fabs (value), unit);

  return g_strconcat (value < 0 ? "−" : "+", size, NULL);
}

char *
cwb_score_text_dup_difference (const CwComparedSpread *spread, CwScoreUnit unit, guint expected)
{
  g_autofree char *mean = NULL;
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  if (!isfinite (spread->mean))
    return g_strdup ("–");
  mean = format_signed (spread->mean, unit);
  if (!isfinite (spread->low))
    return add_count (g_steal_pointer (&mean), spread, expected);
  low = format_signed (spread->low, unit);
  high = format_signed (spread->high, unit);
  /* Translators: a difference and the two ends of its 95 % interval, all with their signs */
  return add_count (g_strdup_printf (_ ("%s [%s … %s]"), mean, low, high), spread, expected);
}

char *
cwb_score_text_dup_condition (const CwComparison *comparison, guint condition, int most)
{
  g_autofree char *label = cw_comparison_dup_label (condition);
  g_autofree char *name = cw_comparison_dup_name (comparison, condition);
  g_autofree char *start = NULL;

  if (g_utf8_strlen (name, -1) <= most)
    return g_strdup_printf (_ ("%s: %s"), label, name);
  start = g_utf8_substring (name, 0, most - 1);
  return g_strdup_printf (_ ("%s: %s…"), label, start);
}
