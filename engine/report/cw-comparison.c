/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-comparison.h"

#include "base/cw-error.h"
#include "eval/cw-metrics.h"
#include "run/cw-run.h"

#include <math.h>
#include <string.h>

/* ---- memory ---- */

static void
setting_free (gpointer data)
{
  CwComparedSetting *setting = data;

  g_free (setting->key);
  g_strfreev (setting->values);
  g_free (setting);
}

static void
score_free (gpointer data)
{
  CwComparedScore *score = data;

  for (int c = 0; c < CW_N_CONTENDERS; c++)
    g_free (score->values[c]);
  g_free (score->protocol);
  g_free (score->id);
  g_free (score);
}

static void
evaluation_free (gpointer data)
{
  CwComparedEvaluation *evaluation = data;

  g_free (evaluation->data);
  g_free (evaluation->split);
  g_free (evaluation->network);
  g_free (evaluation->norm);
  g_free (evaluation->steps);
  g_ptr_array_unref (evaluation->scores);
  g_free (evaluation);
}

void
cw_comparison_free (CwComparison *self)
{
  if (self == NULL)
    return;
  for (guint r = 0; r < self->n_runs; r++)
    g_free (self->runs[r].folder);
  g_free (self->runs);
  g_ptr_array_unref (self->settings);
  g_ptr_array_unref (self->evaluations);
  g_free (self);
}

/* ---- conditions ---- */

static GKeyFile *
read_settings (const CwExperiment *experiment)
{
  GKeyFile *settings = g_key_file_new ();
  g_autofree char *text = cw_experiment_to_string (experiment);

  g_key_file_load_from_data (settings, text, (gsize) -1, G_KEY_FILE_NONE, NULL);
  /* What the result does not depend on. */
  g_key_file_remove_key (settings, "experiment", "name", NULL);
  g_key_file_remove_key (settings, "experiment", "seed", NULL);
  g_key_file_remove_group (settings, "run", NULL);
  g_key_file_remove_key (settings, "data", "cache-mib", NULL);
  return settings;
}

/* @conditions: (element-type GKeyFile): those so far. Returns which one @settings is, a new one maybe. */
static guint
find_condition (GPtrArray *conditions, GKeyFile *settings)
{
  g_autofree char *text = g_key_file_to_data (settings, NULL, NULL);

  for (guint c = 0; c < conditions->len; c++)
    {
      g_autofree char *other = g_key_file_to_data (conditions->pdata[c], NULL, NULL);

      if (strcmp (text, other) == 0)
        return c;
    }
  g_ptr_array_add (conditions, g_key_file_ref (settings));
  return conditions->len - 1;
}

static gboolean
is_listed (const GPtrArray *settings, const char *key)
{
  for (guint i = 0; i < settings->len; i++)
    {
      if (strcmp (((const CwComparedSetting *) settings->pdata[i])->key, key) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
compare_key (CwComparison *self, GPtrArray *conditions, const char *group, const char *key)
{
  g_autofree char *name = g_strconcat (group, ".", key, NULL);
  char **values = g_new0 (char *, conditions->len + 1);
  CwComparedSetting *setting;
  gboolean same = TRUE;

  for (guint c = 0; c < conditions->len; c++)
    {
      values[c] = g_key_file_get_string (conditions->pdata[c], group, key, NULL);
      same = same && g_strcmp0 (values[c], values[0]) == 0;
    }
  if (same || is_listed (self->settings, name))
    {
      for (guint c = 0; c < conditions->len; c++)
        g_free (values[c]);
      g_free (values);
      return;
    }
  setting = g_new (CwComparedSetting, 1);
  setting->key = g_steal_pointer (&name);
  setting->values = values;
  g_ptr_array_add (self->settings, setting);
}

static void
compare_settings (CwComparison *self, GPtrArray *conditions)
{
  for (guint c = 0; c < conditions->len; c++)
    {
      g_auto (GStrv) groups = g_key_file_get_groups (conditions->pdata[c], NULL);

      for (char **group = groups; *group != NULL; group++)
        {
          g_auto (GStrv) keys = g_key_file_get_keys (conditions->pdata[c], *group, NULL, NULL);

          for (char **key = keys; *key != NULL; key++)
            compare_key (self, conditions, *group, *key);
        }
    }
}

/* ---- evaluations ---- */

static CwComparedEvaluation *
find_evaluation (CwComparison *self, JsonObject *json)
{
  const char *data = json_object_get_string_member_with_default (json, "data", "");
  const char *split = json_object_get_string_member_with_default (json, "split", "");
  const char *network = json_object_get_string_member_with_default (json, "encoder", "");
  const char *norm = json_object_get_string_member_with_default (json, "norm", "");
  gint64 n_fit = json_object_get_int_member_with_default (json, "n_train", 0);
  gint64 n_score = json_object_get_int_member_with_default (json, "n_test", 0);
  CwComparedEvaluation *e;

  for (guint i = 0; i < self->evaluations->len; i++)
    {
      e = self->evaluations->pdata[i];
      if (strcmp (e->data, data) == 0 && strcmp (e->split, split) == 0
          && strcmp (e->network, network) == 0 && strcmp (e->norm, norm) == 0 && e->n_fit == n_fit
          && e->n_score == n_score)
        return e;
    }
  e = g_new0 (CwComparedEvaluation, 1);
  e->data = g_strdup (data);
  e->split = g_strdup (split);
  e->network = g_strdup (network);
  e->norm = g_strdup (norm);
  e->n_fit = n_fit;
  e->n_score = n_score;
  e->majority = json_object_get_double_member_with_default (json, "majority", (double) NAN);
  e->steps = g_new (gint64, self->n_runs);
  for (guint r = 0; r < self->n_runs; r++)
    e->steps[r] = -1;
  e->scores = g_ptr_array_new_with_free_func (score_free);
  g_ptr_array_add (self->evaluations, e);
  return e;
}

/* NULL where there is none. */
static JsonObject *
get_object (JsonObject *json, const char *name)
{
  JsonNode *node = json_object_get_member (json, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* By @units, which tells of those that are no shares. */
static CwScoreUnit
find_unit (JsonObject *units, const char *protocol, const char *id)
{
  JsonObject *of_protocol = get_object (units, protocol);
  const char *name = of_protocol != NULL
                         ? json_object_get_string_member_with_default (of_protocol, id, NULL)
                         : NULL;

  for (int unit = 0; name != NULL && unit < CW_N_SCORE_UNITS; unit++)
    {
      if (strcmp (name, cw_score_unit_name ((CwScoreUnit) unit)) == 0)
        return (CwScoreUnit) unit;
    }
  return name != NULL ? CW_SCORE_NUMBER : CW_SCORE_SHARE;
}

static CwComparedScore *
find_score (CwComparison *self, CwComparedEvaluation *e, const char *protocol, const char *id)
{
  CwComparedScore *score;

  for (guint i = 0; i < e->scores->len; i++)
    {
      score = e->scores->pdata[i];
      if (strcmp (score->protocol, protocol) == 0 && strcmp (score->id, id) == 0)
        return score;
    }
  score = g_new0 (CwComparedScore, 1);
  score->protocol = g_strdup (protocol);
  score->id = g_strdup (id);
  score->unit = CW_SCORE_NUMBER;
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      score->values[c] = g_new (double, self->n_runs);
      for (guint r = 0; r < self->n_runs; r++)
        score->values[c][r] = (double) NAN;
    }
  g_ptr_array_add (e->scores, score);
  return score;
}

/* Of an earlier step. */
static void
forget_scores (CwComparedEvaluation *e, guint run)
{
  for (guint i = 0; i < e->scores->len; i++)
    {
      CwComparedScore *score = e->scores->pdata[i];

      for (int c = 0; c < CW_N_CONTENDERS; c++)
        score->values[c][run] = (double) NAN;
    }
}

static void
read_protocol (CwComparison *self, CwComparedEvaluation *e, CwContender contender,
               const char *protocol, JsonObject *scores, JsonObject *units, guint run)
{
  g_autoptr (GList) names = json_object_get_members (scores);

  for (GList *name = names; name != NULL; name = name->next)
    {
      JsonNode *value = json_object_get_member (scores, name->data);
      CwComparedScore *score;

      /* Beside them there are intervals, the confusion matrix and reasons. */
      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) == G_TYPE_STRING)
        continue;
      score = find_score (self, e, protocol, name->data);
      score->values[contender][run] = json_node_get_double (value);
      if (units != NULL)
        score->unit = find_unit (units, protocol, score->id);
    }
}

static void
read_evaluation (CwComparison *self, JsonObject *json, gint64 step, guint run)
{
  CwComparedEvaluation *e = find_evaluation (self, json);

  if (e->steps[run] != step)
    forget_scores (e, run);
  e->steps[run] = step;
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      JsonObject *protocols = get_object (json, cw_contender_name ((CwContender) c));
      g_autoptr (GList) names = protocols != NULL ? json_object_get_members (protocols) : NULL;

      for (GList *name = names; name != NULL; name = name->next)
        {
          JsonObject *scores = get_object (protocols, name->data);

          if (scores != NULL)
            read_protocol (self, e, (CwContender) c, name->data, scores, get_object (json, "units"),
                           run);
        }
    }
}

static gboolean
read_evaluations (CwComparison *self, guint run, GError **error)
{
  const char *folder = self->runs[run].folder;
  g_autoptr (CwRunDb) db = cw_run_db_open (folder, FALSE, error);
  g_autoptr (GPtrArray) kept = NULL;

  if (db == NULL)
    return FALSE;
  kept = cw_run_db_list_evaluations (db);
  for (guint i = 0; i < kept->len; i++)
    {
      const CwKeptEvaluation *evaluation = kept->pdata[i];
      g_autoptr (JsonNode) node = json_from_string (evaluation->json, NULL);

      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
        {
          g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                       "%s: run.db keeps an evaluation that is not JSON; evaluate the run anew", folder);
          return FALSE;
        }
      read_evaluation (self, json_node_get_object (node), (gint64) evaluation->step, run);
    }
  return TRUE;
}

/* ---- the whole ---- */

static gboolean
read_run (CwComparison *self, const char *folder, GPtrArray *conditions, GError **error)
{
  CwComparedRun *run = &self->runs[self->n_runs];
  g_autofree char *path = g_canonicalize_filename (folder, NULL);
  g_autoptr (CwRun) opened = NULL;
  g_autoptr (GKeyFile) settings = NULL;

  for (guint r = 0; r < self->n_runs; r++)
    {
      g_autofree char *other = g_canonicalize_filename (self->runs[r].folder, NULL);

      if (strcmp (path, other) == 0)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                       "%s: this run is given twice; give each once", folder);
          return FALSE;
        }
    }
  opened = cw_run_open (folder, error);
  if (opened == NULL)
    return FALSE;
  settings = read_settings (cw_run_get_experiment (opened));
  run->folder = g_strdup (folder);
  run->seed = cw_run_get_experiment (opened)->recipe->seed;
  run->condition = find_condition (conditions, settings);
  self->n_runs++;
  return TRUE;
}

CwComparison *
cw_comparison_new (const char *const *folders, guint n, GError **error)
{
  g_autoptr (CwComparison) self = g_new0 (CwComparison, 1);
  g_autoptr (GPtrArray) conditions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_key_file_unref);

  self->runs = g_new0 (CwComparedRun, n);
  self->settings = g_ptr_array_new_with_free_func (setting_free);
  self->evaluations = g_ptr_array_new_with_free_func (evaluation_free);
  for (guint r = 0; r < n; r++)
    {
      if (!read_run (self, folders[r], conditions, error))
        return NULL;
    }
  self->n_conditions = conditions->len;
  compare_settings (self, conditions);
  for (guint r = 0; r < n; r++)
    {
      if (!read_evaluations (self, r, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

/* ---- figures ---- */

char *
cw_comparison_dup_label (guint condition)
{
  GString *label = g_string_new (NULL);

  for (guint rest = condition + 1; rest > 0; rest = (rest - 1) / 26)
    g_string_prepend_c (label, (char) ('A' + (rest - 1) % 26));
  return g_string_free (label, FALSE);
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

CwComparedSpread
cw_comparison_spread (const CwComparison *self, const CwComparedScore *score, CwContender contender,
                      guint condition)
{
  g_autofree double *values = g_new (double, self->n_runs);
  guint n = 0;

  for (guint r = 0; r < self->n_runs; r++)
    {
      if (self->runs[r].condition == condition)
        values[n++] = score->values[contender][r];
    }
  return get_spread (values, n);
}

CwComparedSpread
cw_comparison_difference (const CwComparison *self, const CwComparedScore *score, guint condition)
{
  const double *trained = score->values[CW_CONTENDER_TRAINED];
  g_autofree double *differences = g_new (double, self->n_runs);
  g_autofree gboolean *used = g_new0 (gboolean, self->n_runs);
  guint n = 0;

  for (guint r = 0; r < self->n_runs; r++)
    {
      for (guint other = 0; self->runs[r].condition == condition && other < self->n_runs; other++)
        {
          if (used[other] || self->runs[other].condition != 0
              || self->runs[other].seed != self->runs[r].seed || isnan (trained[other])
              || isnan (trained[r]))
            continue;
          used[other] = TRUE;
          differences[n++] = trained[r] - trained[other];
          break;
        }
    }
  return get_spread (differences, n);
}
