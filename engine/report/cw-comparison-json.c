/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-comparison.h"

#include "base/cw-json.h"

#include <math.h>

static void
add_label (JsonBuilder *builder, guint condition)
{
  g_autofree char *label = cw_comparison_dup_label (condition);

  cw_json_add_string (builder, "condition", label);
}

static void
add_runs (JsonBuilder *builder, const CwComparison *self)
{
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (guint r = 0; r < self->n_runs; r++)
    {
      json_builder_begin_object (builder);
      cw_json_add_string (builder, "run", self->runs[r].folder);
      cw_json_add_int (builder, "seed", (gint64) self->runs[r].seed);
      add_label (builder, self->runs[r].condition);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_settings (JsonBuilder *builder, const CwComparison *self)
{
  json_builder_set_member_name (builder, "settings");
  json_builder_begin_object (builder);
  for (guint s = 0; s < self->settings->len; s++)
    {
      const CwComparedSetting *setting = self->settings->pdata[s];

      json_builder_set_member_name (builder, setting->key);
      json_builder_begin_object (builder);
      for (guint c = 0; c < self->n_conditions; c++)
        {
          g_autofree char *label = cw_comparison_dup_label (c);

          cw_json_add_string (builder, label, setting->values[c]);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
add_spread (JsonBuilder *builder, const char *name, const CwComparedSpread *spread)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  cw_json_add_int (builder, "n", spread->n);
  cw_json_add_number (builder, "mean", spread->mean);
  cw_json_add_number (builder, "sd", spread->sd);
  json_builder_set_member_name (builder, "interval");
  if (isfinite (spread->low))
    {
      json_builder_begin_array (builder);
      json_builder_add_double_value (builder, spread->low);
      json_builder_add_double_value (builder, spread->high);
      json_builder_end_array (builder);
    }
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

static void
add_condition (JsonBuilder *builder, const CwComparison *self, const CwComparedEvaluation *e,
               const CwComparedScore *score, guint condition)
{
  json_builder_begin_object (builder);
  add_label (builder, condition);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      CwComparedSpread spread = cw_comparison_spread (self, score, (CwContender) c, condition);

      add_spread (builder, cw_contender_name ((CwContender) c), &spread);
    }
  if (condition != self->reference)
    {
      CwComparedSpread difference
          = cw_comparison_difference (self, e, score, condition, self->reference);

      /* As it was called before there was a choice, where that is still so. */
      add_spread (builder, self->reference == 0 ? "minus_first" : "minus_reference", &difference);
    }
  json_builder_end_object (builder);
}

static void
add_evaluation (JsonBuilder *builder, const CwComparison *self, const CwComparedEvaluation *e)
{
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "data", e->data);
  cw_json_add_string (builder, "split", e->split);
  cw_json_add_string (builder, "encoder", e->network);
  cw_json_add_string (builder, "norm", e->norm);
  cw_json_add_int (builder, "n_train", e->n_fit);
  cw_json_add_int (builder, "n_test", e->n_score);
  cw_json_add_number (builder, "majority", e->majority);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_object (builder);
  for (guint r = 0; r < self->n_runs; r++)
    {
      if (e->steps[r] >= 0)
        cw_json_add_int (builder, self->runs[r].folder, e->steps[r]);
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "scores");
  json_builder_begin_array (builder);
  for (guint s = 0; s < e->scores->len; s++)
    {
      const CwComparedScore *score = e->scores->pdata[s];

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "protocol", score->protocol);
      cw_json_add_string (builder, "parameters", score->parameters);
      cw_json_add_string (builder, "score", score->id);
      cw_json_add_string (builder, "unit", cw_score_unit_name (score->unit));
      json_builder_set_member_name (builder, "conditions");
      json_builder_begin_array (builder);
      for (guint c = 0; c < self->n_conditions; c++)
        add_condition (builder, self, e, score, c);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

void
cw_comparison_to_json (const CwComparison *self, JsonBuilder *builder)
{
  g_autofree char *reference = cw_comparison_dup_label (self->reference);

  add_runs (builder, self);
  cw_json_add_string (builder, "reference", reference);
  add_settings (builder, self);
  json_builder_set_member_name (builder, "evaluations");
  json_builder_begin_array (builder);
  for (guint e = 0; e < self->evaluations->len; e++)
    add_evaluation (builder, self, self->evaluations->pdata[e]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "notes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->notes->len; i++)
    json_builder_add_string_value (builder, self->notes->pdata[i]);
  json_builder_end_array (builder);
}
