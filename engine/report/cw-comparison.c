/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "config.h"

#include "report/cw-comparison-private.h"

#include "base/cw-error.h"
#include "run/cw-run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- memory ---- */

static void
setting_free (gpointer data)
{
  CwComparedSetting *setting = data;

  g_free (setting->key);
  g_free (setting->label);
  for (guint c = 0; c < setting->n_values; c++)
    g_free (setting->values[c]);
  g_free (setting->values);
  g_free (setting);
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
  GKeyFile *settings = cw_experiment_to_keys (experiment);

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

/* @labels: key -> label. Adds what the forms of @experiment say of its keys. */
static void
read_labels (GHashTable *labels, const CwExperiment *experiment)
{
  g_autoptr (CwExperiment) copy = cw_experiment_copy (experiment);
  g_autoptr (GPtrArray) sections = cw_experiment_list_sections (copy);

  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *section = sections->pdata[i];
      const char *of_section = g_dgettext (GETTEXT_PACKAGE, section->label);

      if (section->kind != CW_N_KINDS)
        g_hash_table_replace (labels, g_strconcat (section->name, ".type", NULL), g_strdup (of_section));
      for (int s = 0; s < cw_params_count (section->specs); s++)
        {
          const CwParamSpec *spec = &section->specs[s];

          g_hash_table_replace (
              labels, g_strconcat (section->name, ".", spec->id, NULL),
              /* Translators: a section of an experiment and one of its settings: "Objective: Temperature" */
              g_strdup_printf (_ ("%s: %s"), of_section, g_dgettext (GETTEXT_PACKAGE, spec->label)));
        }
    }
}

static void
compare_key (CwComparison *self, GPtrArray *conditions, GHashTable *labels, const char *group,
             const char *key)
{
  g_autofree char *name = g_strconcat (group, ".", key, NULL);
  char **values = g_new0 (char *, conditions->len);
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
  setting->label = g_strdup (g_hash_table_lookup (labels, name));
  setting->key = g_steal_pointer (&name);
  setting->values = values;
  setting->n_values = conditions->len;
  g_ptr_array_add (self->settings, setting);
}

static void
compare_settings (CwComparison *self, GPtrArray *conditions, GHashTable *labels)
{
  for (guint c = 0; c < conditions->len; c++)
    {
      g_auto (GStrv) groups = g_key_file_get_groups (conditions->pdata[c], NULL);

      for (char **group = groups; *group != NULL; group++)
        {
          g_auto (GStrv) keys = g_key_file_get_keys (conditions->pdata[c], *group, NULL, NULL);

          for (char **key = keys; *key != NULL; key++)
            compare_key (self, conditions, labels, *group, *key);
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

/* ---- the whole ---- */

static gboolean
read_run (CwComparison *self, const char *folder, GPtrArray *conditions, GHashTable *labels,
          GError **error)
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
  read_labels (labels, cw_run_get_experiment (opened));
  self->n_runs++;
  return TRUE;
}

CwComparison *
cw_comparison_new (const char *const *folders, guint n, CwJob *job, GError **error)
{
  g_autoptr (CwComparison) self = g_new0 (CwComparison, 1);
  g_autoptr (GPtrArray) conditions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_key_file_unref);
  g_autoptr (GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  self->runs = g_new0 (CwComparedRun, n);
  self->settings = g_ptr_array_new_with_free_func (setting_free);
  self->evaluations = g_ptr_array_new_with_free_func (_cw_compared_evaluation_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  for (guint r = 0; r < n; r++)
    {
      if (!cw_job_progress (job, -1, NULL, error)
          || !read_run (self, folders[r], conditions, labels, error))
        return NULL;
    }
  self->n_conditions = conditions->len;
  compare_settings (self, conditions, labels);
  self->same_floors = has_same_floors (self);
  for (guint r = 0; r < n; r++)
    {
      if (!cw_job_progress (job, -1, NULL, error) || !_cw_comparison_read_evaluations (self, r, error))
        return NULL;
    }
  for (guint e = 0; e < self->evaluations->len; e++)
    _cw_comparison_drop_empty (self, self->evaluations->pdata[e]);
  return g_steal_pointer (&self);
}

gboolean
cw_comparison_set_reference (CwComparison *self, const char *run, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (run, NULL);

  for (guint r = 0; r < self->n_runs; r++)
    {
      g_autofree char *other = g_canonicalize_filename (self->runs[r].folder, NULL);

      if (strcmp (path, other) != 0)
        continue;
      self->reference = self->runs[r].condition;
      return TRUE;
    }
  g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: this run is none of those that are compared", run);
  return FALSE;
}
