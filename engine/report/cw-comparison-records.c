/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-comparison-private.h"

#include "base/cw-error.h"
#include "base/cw-json.h"
#include "data/cw-split.h"
#include "report/cw-evaluation-record.h"
#include "run/cw-run-db.h"

#include <math.h>
#include <string.h>

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

void
_cw_compared_evaluation_free (gpointer data)
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

/* "" where there is none. */
static const char *
get_string (JsonObject *json, const char *name)
{
  const char *text = cw_json_get_string (json, name);

  return text != NULL ? text : "";
}

/* 0 where there is none. */
static gint64
get_count (JsonObject *json, const char *name)
{
  double number = cw_json_get_number (json, name);

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
  double majority = cw_json_get_number (json, "majority");

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
  e->majority = cw_json_get_number (json, "majority");
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
  JsonObject *all = cw_json_get_object (json, "parameters");
  JsonObject *own = all != NULL ? cw_json_get_object (all, protocol) : NULL;
  g_autoptr (GList) names = own != NULL ? json_object_get_members (own) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *name = names; name != NULL; name = name->next)
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "&" : "", (const char *) name->data,
                            get_string (own, name->data));
  return g_string_free (g_steal_pointer (&text), FALSE);
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
      double value = cw_json_get_number (scores, name->data);
      CwComparedScore *score;

      if (isnan (value))
        continue;
      score = find_score (self, e, protocol, parameters, name->data);
      score->values[contender][run] = value;
      if (score->unit == CW_SCORE_NUMBER)
        score->unit = cw_evaluation_record_find_unit (json, protocol, score->id);
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
      JsonObject *protocols = cw_json_get_object (json, cw_contender_name ((CwContender) c));
      g_autoptr (GList) names = protocols != NULL ? json_object_get_members (protocols) : NULL;

      for (GList *name = names; name != NULL; name = name->next)
        {
          JsonObject *scores = cw_json_get_object (protocols, name->data);

          if (scores != NULL)
            read_protocol (self, e, json, (CwContender) c, name->data, scores, run);
        }
    }
}

void
_cw_comparison_drop_empty (const CwComparison *self, CwComparedEvaluation *e)
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

gboolean
_cw_comparison_read_evaluations (CwComparison *self, guint run, GError **error)
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
