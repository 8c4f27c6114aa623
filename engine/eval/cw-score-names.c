/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Behind the id of a score for which the same person is barred. */
#define OTHER_SUBJECT "_other_subject"

/* What the built-in protocols score, for people. A "%" in an id stands for a number, and so does {n} in its name. */
static const struct
{
  const char *id, *name;
  CwScoreUnit unit;
} names[] = {
  { "accuracy", N_ ("accuracy"), CW_SCORE_SHARE },
  { "macro_recall", N_ ("macro recall"), CW_SCORE_SHARE },
  { "macro_f1", N_ ("macro F1"), CW_SCORE_SHARE },
  { "p_at_%", N_ ("P@{n}"), CW_SCORE_SHARE },
  { "macro_p_at_%", N_ ("macro P@{n}"), CW_SCORE_SHARE },
  { "recall_at_%", N_ ("recall@{n}"), CW_SCORE_SHARE },
  { "map", N_ ("mAP"), CW_SCORE_SHARE },
  { "same_subject_share_at_%", N_ ("same person in nearest {n}"), CW_SCORE_SHARE },
  { "same_subject_share_chance", N_ ("same person by chance"), CW_SCORE_SHARE },
  { "chance", N_ ("accuracy by chance"), CW_SCORE_SHARE },
  { "accuracy_at_%_percent", N_ ("accuracy at {n} %"), CW_SCORE_SHARE },
  { "accuracy_sd_at_%_percent", N_ ("s.d. of accuracy at {n} %"), CW_SCORE_SHARE },
  { "macro_recall_at_%_percent", N_ ("macro recall at {n} %"), CW_SCORE_SHARE },
  { "accuracy_one_class", N_ ("accuracy, one class"), CW_SCORE_SHARE },
  { "accuracy_two_class", N_ ("accuracy, two classes"), CW_SCORE_SHARE },
  { "accuracy_three_class", N_ ("accuracy, three classes"), CW_SCORE_SHARE },
  { "n_triplets", N_ ("number of triplets"), CW_SCORE_COUNT },
  { "valence_ccc", N_ ("valence, concordance"), CW_SCORE_COEFFICIENT },
  { "valence_pcc", N_ ("valence, correlation"), CW_SCORE_COEFFICIENT },
  { "valence_rmse", N_ ("valence, error"), CW_SCORE_NUMBER },
  { "valence_sagr", N_ ("valence, same sign"), CW_SCORE_SHARE },
  { "arousal_ccc", N_ ("arousal, concordance"), CW_SCORE_COEFFICIENT },
  { "arousal_pcc", N_ ("arousal, correlation"), CW_SCORE_COEFFICIENT },
  { "arousal_rmse", N_ ("arousal, error"), CW_SCORE_NUMBER },
  { "arousal_sagr", N_ ("arousal, same sign"), CW_SCORE_SHARE },
  { "similarity_columns", N_ ("similarity by columns"), CW_SCORE_COEFFICIENT },
  { "similarity_person", N_ ("similarity by person"), CW_SCORE_COEFFICIENT },
  { "similarity_pose", N_ ("similarity by pose"), CW_SCORE_COEFFICIENT },
  { "similarity_light", N_ ("similarity by light"), CW_SCORE_COEFFICIENT },
  { "variance_columns", N_ ("variance by columns"), CW_SCORE_SHARE },
  { "variance_person", N_ ("variance by person"), CW_SCORE_SHARE },
  { "variance_pose", N_ ("variance by pose"), CW_SCORE_SHARE },
  { "variance_light", N_ ("variance by light"), CW_SCORE_SHARE },
};

/* Whether @id is @pattern, with a @number in place of its "%" where it has one. */
static gboolean
matches (const char *pattern, const char *id, int *number)
{
  const char *place = strchr (pattern, '%');
  gsize before = place != NULL ? (gsize) (place - pattern) : 0;
  char *rest;

  if (place == NULL)
    return strcmp (pattern, id) == 0;
  if (strncmp (pattern, id, before) != 0 || !g_ascii_isdigit (id[before]))
    return FALSE;
  *number = (int) g_ascii_strtoll (id + before, &rest, 10);
  return strcmp (place + 1, rest) == 0;
}

/* (transfer full) */
static char *
put_number (const char *name, int number)
{
  g_autofree char *digits = g_strdup_printf ("%d", number);
  g_auto (GStrv) parts = g_strsplit (name, "{n}", 2);

  return g_strjoinv (digits, parts);
}

/* (nullable) (transfer full): of an id without the part about other persons. @unit (out) (optional). */
static char *
find (const char *id, CwScoreUnit *unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      int number = 0;

      if (!matches (names[i].id, id, &number))
        continue;
      if (unit != NULL)
        *unit = names[i].unit;
      return put_number (g_dgettext (GETTEXT_PACKAGE, names[i].name), number);
    }
  return NULL;
}

/* (transfer full): without the part about other persons. */
static char *
dup_core (const char *id)
{
  gsize length = strlen (id) - (g_str_has_suffix (id, OTHER_SUBJECT) ? strlen (OTHER_SUBJECT) : 0);

  return g_strndup (id, length);
}

char *
cw_score_dup_name (const char *id)
{
  g_autofree char *core = dup_core (id);
  g_autofree char *name = find (core, NULL);

  /* A plugin's. */
  if (name == NULL)
    return g_strdelimit (g_strdup (id), "_", ' ');
  return strcmp (core, id) == 0 ? g_steal_pointer (&name)
                                /* Translators: a score, for which only pictures of other persons count */
                                : g_strdup_printf (_ ("%s, other persons"), name);
}

char *
cw_score_dup_label (const char *protocol, const char *id)
{
  const CwDescriptor *evaluator = cw_registry_find (CW_KIND_EVALUATOR, protocol, NULL);
  g_autofree char *name = cw_score_dup_name (id);

  /* Translators: a protocol and one of its scores: "Linear probe, accuracy" */
  return g_strdup_printf (_ ("%s, %s"),
                          evaluator != NULL ? g_dgettext (GETTEXT_PACKAGE, evaluator->label) : protocol,
                          name);
}

CwScoreUnit
cw_score_guess_unit (const char *id)
{
  g_autofree char *core = dup_core (id);
  CwScoreUnit unit = CW_SCORE_NUMBER;
  g_autofree char *name = find (core, &unit);

  return unit;
}
