/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-evaluation.h"

#include "base/cw-json.h"

#include <math.h>
#include <string.h>

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

/* [low, high] as @name_interval, where there is one. */
static void
add_interval (JsonBuilder *builder, const char *name, double low, double high)
{
  g_autofree char *member = g_strconcat (name, "_interval", NULL);

  if (!isfinite (low) || !isfinite (high))
    return;
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  json_builder_add_double_value (builder, low);
  json_builder_add_double_value (builder, high);
  json_builder_end_array (builder);
}

static void
add_scores (JsonBuilder *builder, const CwScores *scores)
{
  for (int s = 0; s < scores->n_scores; s++)
    {
      const CwScore *score = &scores->scores[s];

      if (score->unit == CW_SCORE_COUNT && isfinite (score->value))
        cw_json_add_int (builder, score->id, (guint) score->value);
      else
        cw_json_add_number (builder, score->id, score->value);
      add_interval (builder, score->id, score->low, score->high);
    }
  if (scores->confusion != NULL)
    add_confusion (builder, scores);
}

static void
add_contender (JsonBuilder *builder, const CwEvaluation *e, CwContender contender)
{
  json_builder_set_member_name (builder, cw_contender_name (contender));
  json_builder_begin_object (builder);
  for (int p = 0; p < e->n_protocols; p++)
    {
      json_builder_set_member_name (builder, e->protocols[p]->base.id);
      json_builder_begin_object (builder);
      if (e->reasons[p] != NULL)
        {
          json_builder_set_member_name (builder, "skipped");
          json_builder_add_string_value (builder, e->reasons[p]);
        }
      add_scores (builder, &e->scores[contender][p]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

/* By protocol, what is not at its default. */
static void
add_parameters (JsonBuilder *builder, const CwEvaluation *e)
{
  json_builder_set_member_name (builder, "parameters");
  json_builder_begin_object (builder);
  for (int p = 0; p < e->n_protocols; p++)
    {
      const CwDescriptor *protocol = &e->protocols[p]->base;
      gpointer defaults = cw_params_block_new (protocol->params, protocol->params_size);

      json_builder_set_member_name (builder, protocol->id);
      json_builder_begin_object (builder);
      for (const CwParamSpec *spec = protocol->params; spec != NULL && spec->id != NULL; spec++)
        {
          g_autofree char *value = cw_params_dup_string (spec, e->params[p]);
          g_autofree char *usual = cw_params_dup_string (spec, defaults);

          if (strcmp (value, usual) != 0)
            cw_json_add_string (builder, spec->id, value);
        }
      json_builder_end_object (builder);
      cw_params_block_free (protocol->params, defaults);
    }
  json_builder_end_object (builder);
}

/* By protocol, what is not a share. */
static void
add_units (JsonBuilder *builder, const CwEvaluation *e)
{
  json_builder_set_member_name (builder, "units");
  json_builder_begin_object (builder);
  for (int p = 0; p < e->n_protocols; p++)
    {
      const CwScores *scores = &e->scores[CW_CONTENDER_TRAINED][p];

      json_builder_set_member_name (builder, e->protocols[p]->base.id);
      json_builder_begin_object (builder);
      for (int s = 0; s < scores->n_scores; s++)
        {
          if (scores->scores[s].unit != CW_SCORE_SHARE)
            cw_json_add_string (builder, scores->scores[s].id,
                                cw_score_unit_name (scores->scores[s].unit));
        }
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

/* "trained_minus_...": by protocol, the differences that have an interval. */
static void
add_differences (JsonBuilder *builder, const CwEvaluation *e, CwContender contender)
{
  g_autofree char *name = g_strconcat ("trained_minus_", cw_contender_name (contender), NULL);

  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  for (int p = 0; p < e->n_protocols; p++)
    {
      const CwScores *scores = &e->scores[CW_CONTENDER_TRAINED][p];

      json_builder_set_member_name (builder, e->protocols[p]->base.id);
      json_builder_begin_object (builder);
      for (int s = 0; s < scores->n_scores; s++)
        {
          const CwDifference *difference = &e->differences[contender][p][s];

          if (!isfinite (difference->low))
            continue;
          cw_json_add_number (builder, scores->scores[s].id, difference->value);
          add_interval (builder, scores->scores[s].id, difference->low, difference->high);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

void
cw_evaluation_to_json (const CwEvaluation *evaluation, JsonBuilder *builder)
{
  const CwEvaluation *e = evaluation;

  cw_json_add_int (builder, "n_train", e->n_fit);
  cw_json_add_int (builder, "n_test", e->n_score);
  cw_json_add_int (builder, "n_train_unlabelled", e->n_fit_unlabelled);
  cw_json_add_int (builder, "n_test_unlabelled", e->n_score_unlabelled);
  cw_json_add_int (builder, "copies_removed", e->n_copies_removed);
  cw_json_add_int (builder, "skipped", e->n_skipped);
  cw_json_add_int (builder, "shared_sources", e->n_shared);
  cw_json_add_number (builder, "majority", e->majority);
  json_builder_set_member_name (builder, "split");
  json_builder_add_string_value (builder, e->split);
  json_builder_set_member_name (builder, "classes");
  json_builder_begin_array (builder);
  for (int c = 0; c < e->n_classes; c++)
    json_builder_add_string_value (builder, e->class_names[c]);
  json_builder_end_array (builder);
  add_parameters (builder, e);
  add_units (builder, e);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    add_contender (builder, e, (CwContender) c);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      if (c != CW_CONTENDER_TRAINED)
        add_differences (builder, e, (CwContender) c);
    }
  cw_json_add_number (builder, "evaluation_seconds", e->seconds);
}

/* ---- text ---- */

static void
add_row_name (GString *text, const char *protocol, const char *name)
{
  g_string_append_printf (text, "%-15s %-36s", protocol, name);
}

static void
add_protocol (GString *text, const CwEvaluation *e, int p)
{
  const CwScores *trained = &e->scores[CW_CONTENDER_TRAINED][p];

  if (e->reasons[p] != NULL)
    g_string_append_printf (text, "%-15s skipped: %s\n", e->protocols[p]->base.id, e->reasons[p]);
  for (int s = 0; s < trained->n_scores; s++)
    {
      g_autofree char *name = cw_score_dup_name (trained->scores[s].id);

      if (strstr (trained->scores[s].id, "subject") != NULL && !cw_scores_know_persons (trained))
        continue;
      add_row_name (text, s == 0 ? e->protocols[p]->base.id : "", name);
      for (int c = 0; c < CW_N_CONTENDERS; c++)
        {
          g_autofree char *cell = cw_score_dup_text (&e->scores[c][p].scores[s]);

          g_string_append_printf (text, " %22s", cell);
        }
      g_string_append_c (text, '\n');
    }
}

char *
cw_evaluation_to_text (const CwEvaluation *evaluation)
{
  const CwEvaluation *e = evaluation;
  GString *text = g_string_new (NULL);
  g_autofree char *majority = cw_score_format (e->majority, CW_SCORE_SHARE);

  g_string_append_printf (text, "Fitted on %u pictures, scored on %u, %d classes (%s).\n", e->n_fit,
                          e->n_score, e->n_classes, e->split);
  if (e->n_fit_unlabelled + e->n_score_unlabelled > 0)
    g_string_append_printf (text,
                            "Protocols that need no label had %u and %u more, which have none.\n",
                            e->n_fit_unlabelled, e->n_score_unlabelled);
  if (e->n_copies_removed > 0)
    g_string_append_printf (text, "Left out %u scored pictures: exact copies of fitted ones.\n",
                            e->n_copies_removed);
  if (e->n_shared > 0)
    g_string_append_printf (text,
                            "Mind that %u scored pictures are cut from photos or recordings that are "
                            "fitted on, too.\n",
                            e->n_shared);
  if (e->n_skipped > 0)
    g_string_append_printf (text, "Left out %u pictures that cannot be read.\n", e->n_skipped);
  g_string_append (text, "In brackets: 95 % bootstrap interval.\n\n");
  add_row_name (text, "", "");
  g_string_append_printf (text, " %22s %22s %22s\n", "trained", "random init", "pixels");
  for (int p = 0; p < e->n_protocols; p++)
    add_protocol (text, e, p);
  add_row_name (text, "floor", "majority class");
  g_string_append_printf (text, " %22s\n", majority);
  return g_string_free (text, FALSE);
}
