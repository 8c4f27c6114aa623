/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-comparison.h"

#include "base/cw-error.h"
#include "data/cw-split.h"
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
  g_free (score->parameters);
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
  g_free (evaluation->fingerprint);
  g_free (evaluation->face);
  g_free (evaluation->steps);
  g_free (evaluation->seeds);
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
  g_ptr_array_unref (self->notes);
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

/* Random init has the encoder and its input; so have the pixels the latter. */
static gboolean
has_same_floors (const CwComparison *self)
{
  for (guint s = 0; s < self->settings->len; s++)
    {
      const char *key = ((const CwComparedSetting *) self->settings->pdata[s])->key;

      if (strcmp (key, "view.size") == 0
          || (g_str_has_prefix (key, "encoder.") && strcmp (key, "encoder.weights") != 0))
        return FALSE;
    }
  return TRUE;
}

/* ---- evaluations ---- */

/* Records are text in a database that anybody may write to: what is not of the right kind is not there. */

static JsonObject *
get_object (JsonObject *json, const char *name)
{
  JsonNode *node = json_object_get_member (json, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string (JsonObject *json, const char *name)
{
  JsonNode *node = json_object_get_member (json, name);
  gboolean is_string = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                       && json_node_get_value_type (node) == G_TYPE_STRING;

  return is_string ? json_node_get_string (node) : "";
}

static double
get_number (JsonObject *json, const char *name)
{
  JsonNode *node = json_object_get_member (json, name);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                            : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) NAN;
}

/* 0 where there is none. */
static gint64
get_count (JsonObject *json, const char *name)
{
  double number = get_number (json, name);

  return number >= 0 && number <= G_MAXINT32 ? (gint64) number : 0;
}

/* (transfer full): "" where there is none. */
static char *
dup_face (JsonObject *json)
{
  JsonNode *node = json_object_get_member (json, "face");

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_to_string (node, FALSE) : g_strdup ("");
}

/* A record without a fingerprint is taken at its word. */
static gboolean
is_same_data (const CwComparedEvaluation *e, JsonObject *json)
{
  const char *fingerprint = get_string (json, "data_fingerprint");
  g_autofree char *face = dup_face (json);

  if (*e->face != '\0' && *face != '\0' && strcmp (e->face, face) != 0)
    return FALSE;
  if (*e->fingerprint != '\0' && *fingerprint != '\0')
    return strcmp (e->fingerprint, fingerprint) == 0;
  return strcmp (e->data, get_string (json, "data")) == 0;
}

static gboolean
is_same_evaluation (const CwComparedEvaluation *e, JsonObject *json)
{
  double majority = get_number (json, "majority");

  return strcmp (e->split, get_string (json, "split")) == 0
         && strcmp (e->network, get_string (json, "encoder")) == 0
         && strcmp (e->norm, get_string (json, "norm")) == 0
         && e->n_fit == get_count (json, "n_train") && e->n_score == get_count (json, "n_test")
         /* Drawn sides differ in it; for others it tells labels that were read differently. */
         && (e->drawn || isnan (majority) || isnan (e->majority) || majority == e->majority)
         && is_same_data (e, json);
}

static CwComparedEvaluation *
find_evaluation (CwComparison *self, JsonObject *json)
{
  CwComparedEvaluation *e;

  for (guint i = 0; i < self->evaluations->len; i++)
    {
      if (is_same_evaluation (self->evaluations->pdata[i], json))
        return self->evaluations->pdata[i];
    }
  e = g_new0 (CwComparedEvaluation, 1);
  e->data = g_strdup (get_string (json, "data"));
  e->split = g_strdup (get_string (json, "split"));
  e->network = g_strdup (get_string (json, "encoder"));
  e->norm = g_strdup (get_string (json, "norm"));
  e->fingerprint = g_strdup (get_string (json, "data_fingerprint"));
  e->face = dup_face (json);
  e->drawn = !g_str_has_prefix (e->split, CW_SPLIT_OWN);
  e->n_fit = get_count (json, "n_train");
  e->n_score = get_count (json, "n_test");
  e->majority = get_number (json, "majority");
  e->steps = g_new (gint64, self->n_runs);
  e->seeds = g_new0 (gint64, self->n_runs);
  for (guint r = 0; r < self->n_runs; r++)
    e->steps[r] = -1;
  e->scores = g_ptr_array_new_with_free_func (score_free);
  g_ptr_array_add (self->evaluations, e);
  return e;
}

/* (transfer full): "k=50&smooth=true" */
static char *
dup_parameters (JsonObject *json, const char *protocol)
{
  JsonObject *all = get_object (json, "parameters");
  JsonObject *own = all != NULL ? get_object (all, protocol) : NULL;
  g_autoptr (GList) names = own != NULL ? json_object_get_members (own) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "&" : "", (const char *) name->data,
                            get_string (own, name->data));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* By the record's units, which tell of scores that are no shares. */
static CwScoreUnit
find_unit (JsonObject *json, const char *protocol, const char *id)
{
  JsonObject *all = get_object (json, "units");
  JsonObject *own = all != NULL ? get_object (all, protocol) : NULL;
  const char *name = own != NULL ? get_string (own, id) : "";

  for (int unit = 0; unit < CW_N_SCORE_UNITS; unit++)
    {
      if (strcmp (name, cw_score_unit_name ((CwScoreUnit) unit)) == 0)
        return (CwScoreUnit) unit;
    }
  return all == NULL || *name != '\0' ? CW_SCORE_NUMBER : CW_SCORE_SHARE;
}

static CwComparedScore *
find_score (CwComparison *self, CwComparedEvaluation *e, const char *protocol,
            const char *parameters, const char *id)
{
  CwComparedScore *score;

  for (guint i = 0; i < e->scores->len; i++)
    {
      score = e->scores->pdata[i];
      if (strcmp (score->protocol, protocol) == 0 && strcmp (score->parameters, parameters) == 0
          && strcmp (score->id, id) == 0)
        return score;
    }
  score = g_new0 (CwComparedScore, 1);
  score->protocol = g_strdup (protocol);
  score->parameters = g_strdup (parameters);
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
read_protocol (CwComparison *self, CwComparedEvaluation *e, JsonObject *json, CwContender contender,
               const char *protocol, JsonObject *scores, guint run)
{
  g_autofree char *parameters = dup_parameters (json, protocol);
  g_autoptr (GList) names = json_object_get_members (scores);

  for (GList *name = names; name != NULL; name = name->next)
    {
      /* Beside them there are intervals, the confusion matrix and reasons. */
      double value = get_number (scores, name->data);
      CwComparedScore *score;

      if (isnan (value))
        continue;
      score = find_score (self, e, protocol, parameters, name->data);
      score->values[contender][run] = value;
      if (score->unit == CW_SCORE_NUMBER)
        score->unit = find_unit (json, protocol, score->id);
    }
}

static void
read_evaluation (CwComparison *self, JsonObject *json, gint64 step, guint run)
{
  CwComparedEvaluation *e = find_evaluation (self, json);

  if (step < e->steps[run])
    return;
  if (step > e->steps[run])
    forget_scores (e, run);
  e->steps[run] = step;
  e->seeds[run] = get_count (json, "seed");
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      JsonObject *protocols = get_object (json, cw_contender_name ((CwContender) c));
      g_autoptr (GList) names = protocols != NULL ? json_object_get_members (protocols) : NULL;

      for (GList *name = names; name != NULL; name = name->next)
        {
          JsonObject *scores = get_object (protocols, name->data);

          if (scores != NULL)
            read_protocol (self, e, json, (CwContender) c, name->data, scores, run);
        }
    }
}

/* What only an earlier step had. */
static void
drop_empty (const CwComparison *self, CwComparedEvaluation *e)
{
  for (guint i = e->scores->len; i > 0; i--)
    {
      const CwComparedScore *score = e->scores->pdata[i - 1];
      gboolean any = FALSE;

      for (guint r = 0; r < self->n_runs; r++)
        any = any || !isnan (score->values[CW_CONTENDER_TRAINED][r]);
      if (!any)
        g_ptr_array_remove_index (e->scores, i - 1);
    }
}

static gboolean
read_evaluations (CwComparison *self, guint run, GError **error)
{
  const char *folder = self->runs[run].folder;
  g_autoptr (CwRunDb) db = cw_run_db_open (folder, FALSE, error);
  g_autoptr (GPtrArray) kept = db != NULL ? cw_run_db_list_evaluations (db, error) : NULL;

  if (kept == NULL)
    return FALSE;
  for (guint i = 0; i < kept->len; i++)
    {
      const CwKeptEvaluation *evaluation = kept->pdata[i];
      g_autoptr (JsonNode) node = json_from_string (evaluation->json, NULL);

      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        read_evaluation (self, json_node_get_object (node), (gint64) evaluation->step, run);
      else
        g_ptr_array_add (self->notes,
                         g_strdup_printf ("%s: an evaluation in run.db is not JSON; it is passed over",
                                          folder));
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
cw_comparison_new (const char *const *folders, guint n, CwJob *job, GError **error)
{
  g_autoptr (CwComparison) self = g_new0 (CwComparison, 1);
  g_autoptr (GPtrArray) conditions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_key_file_unref);

  self->runs = g_new0 (CwComparedRun, n);
  self->settings = g_ptr_array_new_with_free_func (setting_free);
  self->evaluations = g_ptr_array_new_with_free_func (evaluation_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  for (guint r = 0; r < n; r++)
    {
      if (!cw_job_progress (job, -1, NULL, error) || !read_run (self, folders[r], conditions, error))
        return NULL;
    }
  self->n_conditions = conditions->len;
  compare_settings (self, conditions);
  self->same_floors = has_same_floors (self);
  for (guint r = 0; r < n; r++)
    {
      if (!cw_job_progress (job, -1, NULL, error) || !read_evaluations (self, r, error))
        return NULL;
    }
  for (guint e = 0; e < self->evaluations->len; e++)
    drop_empty (self, self->evaluations->pdata[e]);
  return g_steal_pointer (&self);
}

/* ---- choice ---- */

static gboolean
is_named (const CwComparedScore *score, const char *name)
{
  g_autofree char *whole = g_strconcat (score->protocol, ".", score->id, NULL);

  return strcmp (name, whole) == 0 || strcmp (name, score->id) == 0;
}

/* Of all evaluations: whether one has a score of this name. */
static gboolean
has_score (const CwComparison *self, const char *name)
{
  for (guint e = 0; e < self->evaluations->len; e++)
    {
      const GPtrArray *scores = ((const CwComparedEvaluation *) self->evaluations->pdata[e])->scores;

      for (guint s = 0; s < scores->len; s++)
        {
          if (is_named (scores->pdata[s], name))
            return TRUE;
        }
    }
  return FALSE;
}

/* (transfer full): "knn.accuracy, linear.accuracy" */
static char *
list_scores (const CwComparison *self)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) sorted = NULL;
  GString *text = g_string_new (NULL);

  for (guint e = 0; e < self->evaluations->len; e++)
    {
      const GPtrArray *scores = ((const CwComparedEvaluation *) self->evaluations->pdata[e])->scores;

      for (guint s = 0; s < scores->len; s++)
        {
          const CwComparedScore *score = scores->pdata[s];

          g_hash_table_add (names, g_strconcat (score->protocol, ".", score->id, NULL));
        }
    }
  sorted = g_list_sort (g_hash_table_get_keys (names), (GCompareFunc) strcmp);
  for (GList *name = sorted; name != NULL; name = name->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", (const char *) name->data);
  return g_string_free (text, FALSE);
}

static void
keep_scores (CwComparedEvaluation *e, const char *const *names)
{
  for (guint s = e->scores->len; s > 0; s--)
    {
      gboolean named = FALSE;

      for (const char *const *name = names; *name != NULL; name++)
        named = named || is_named (e->scores->pdata[s - 1], *name);
      if (!named)
        g_ptr_array_remove_index (e->scores, s - 1);
    }
}

gboolean
cw_comparison_keep_scores (CwComparison *self, const char *const *names, GError **error)
{
  for (const char *const *name = names; *name != NULL; name++)
    {
      g_autofree char *there = NULL;

      if (has_score (self, *name))
        continue;
      there = list_scores (self);
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "no score '%s' is kept in these runs; there are: %s",
                   *name, *there != '\0' ? there : "none");
      return FALSE;
    }
  for (guint e = self->evaluations->len; e > 0; e--)
    {
      CwComparedEvaluation *evaluation = self->evaluations->pdata[e - 1];

      keep_scores (evaluation, names);
      if (evaluation->scores->len == 0)
        g_ptr_array_remove_index (self->evaluations, e - 1);
    }
  return TRUE;
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
                          const CwComparedScore *score, guint condition)
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
                         - get_mean (self, trained, 0, seed, e, e->seeds[r]);
    }
  return get_spread (differences, n);
}
