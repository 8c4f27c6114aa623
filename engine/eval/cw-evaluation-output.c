/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-evaluation.h"

#include <math.h>
#include <string.h>

static void
add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_count (JsonBuilder *builder, const char *name, guint value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_confusion (JsonBuilder *builder, const CwScores *scores)
{
  json_builder_set_member_name (builder, "confusion");
  json_builder_begin_array (builder);
  for (int truth = 0; truth < scores->n_classes; truth++)
    {
      json_builder_begin_array (builder);
      for (int answer = 0; answer < scores->n_classes; answer++)
        json_builder_add_int_value (builder,
                                    scores->confusion[truth * scores->n_classes + answer]);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

void
cw_evaluation_to_json (const CwEvaluation *evaluation, JsonBuilder *builder)
{
  const CwEvaluation *e = evaluation;

  add_count (builder, "n_train", e->n_fit);
  add_count (builder, "n_test", e->n_score);
  add_count (builder, "copies_removed", e->n_copies_removed);
  add_count (builder, "skipped", e->n_skipped);
  add_number (builder, "majority", e->majority);
  json_builder_set_member_name (builder, "split");
  json_builder_add_string_value (builder, e->split);
  json_builder_set_member_name (builder, "classes");
  json_builder_begin_array (builder);
  for (int c = 0; c < e->n_classes; c++)
    json_builder_add_string_value (builder, e->class_names[c]);
  json_builder_end_array (builder);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      json_builder_set_member_name (builder, cw_contender_name ((CwContender) c));
      json_builder_begin_object (builder);
      for (int p = 0; p < e->n_protocols; p++)
        {
          const CwScores *scores = &e->scores[c][p];

          json_builder_set_member_name (builder, e->protocols[p]->base.id);
          json_builder_begin_object (builder);
          for (int s = 0; s < scores->n_scores; s++)
            add_number (builder, scores->scores[s].id, scores->scores[s].value);
          if (scores->confusion != NULL)
            add_confusion (builder, scores);
          json_builder_end_object (builder);
        }
      json_builder_end_object (builder);
    }
  add_number (builder, "evaluation_seconds", e->seconds);
}

/* "p_at_10_other_subject" for people. */
static char *
dup_score_name (const char *id)
{
  char *name = g_strdup (id);

  g_strdelimit (name, "_", ' ');
  return name;
}

static void
add_cell (GString *text, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (value))
    g_string_append_printf (text, " %11s %%",
                            g_ascii_formatd (number, sizeof number, "%.1f", 100 * value));
  else
    g_string_append_printf (text, " %11s  ", "-");
}

char *
cw_evaluation_to_text (const CwEvaluation *evaluation)
{
  const CwEvaluation *e = evaluation;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Fitted on %u pictures, scored on %u, %d classes (%s).\n", e->n_fit,
                          e->n_score, e->n_classes, e->split);
  if (e->n_copies_removed > 0)
    g_string_append_printf (text, "Left out %u scored pictures: exact copies of fitted ones.\n",
                            e->n_copies_removed);
  if (e->n_skipped > 0)
    g_string_append_printf (text, "Left out %u pictures that cannot be read.\n", e->n_skipped);
  g_string_append_printf (text, "\n%-11s %-28s %13s %13s %13s\n", "", "", "trained", "random init",
                          "pixels");
  for (int p = 0; p < e->n_protocols; p++)
    {
      const CwScores *trained = &e->scores[CW_CONTENDER_TRAINED][p];

      for (int s = 0; s < trained->n_scores; s++)
        {
          g_autofree char *name = dup_score_name (trained->scores[s].id);

          g_string_append_printf (text, "%-11s %-28s", s == 0 ? e->protocols[p]->base.id : "", name);
          for (int c = 0; c < CW_N_CONTENDERS; c++)
            add_cell (text, cw_scores_get (&e->scores[c][p], trained->scores[s].id));
          g_string_append_c (text, '\n');
        }
    }
  g_string_append_printf (text, "%-11s %-28s", "floor", "majority class");
  add_cell (text, e->majority);
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}
