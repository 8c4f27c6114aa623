/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-experiment-private.h"

#include "base/cw-error.h"
#include "data/cw-reader.h"
#include "data/cw-split.h"

#include <string.h>

#define GENERATED "generated:"

CwExperiment *
cw_experiment_new (void)
{
  CwExperiment *experiment = g_new0 (CwExperiment, 1);

  cw_params_init (_cw_experiment_specs, experiment);
  cw_params_init (_cw_data_specs, &experiment->data);
  cw_params_init (_cw_initial_specs, &experiment->initial);
  cw_params_init (_cw_run_specs, &experiment->run);
  experiment->recipe = cw_recipe_new ();
  return experiment;
}

CwExperiment *
cw_experiment_copy (const CwExperiment *experiment)
{
  CwExperiment *copy = g_new0 (CwExperiment, 1);

  cw_params_copy (_cw_experiment_specs, copy, experiment);
  cw_params_copy (_cw_data_specs, &copy->data, &experiment->data);
  cw_params_copy (_cw_initial_specs, &copy->initial, &experiment->initial);
  cw_params_copy (_cw_run_specs, &copy->run, &experiment->run);
  copy->path = g_strdup (experiment->path);
  copy->recipe = cw_recipe_copy (experiment->recipe);
  return copy;
}

void
cw_experiment_free (CwExperiment *experiment)
{
  if (experiment == NULL)
    return;
  cw_params_clear (_cw_experiment_specs, experiment);
  cw_params_clear (_cw_data_specs, &experiment->data);
  cw_params_clear (_cw_initial_specs, &experiment->initial);
  cw_params_clear (_cw_run_specs, &experiment->run);
  cw_recipe_free (experiment->recipe);
  g_free (experiment->path);
  g_free (experiment);
}

/* ---- keys beside those of the tables ---- */

static gboolean
is_step (const char *section)
{
  return g_str_has_prefix (section, CW_STEP_PREFIX);
}

const char *
_cw_experiment_get_root (const char *section)
{
  return is_step (section) ? "view" : section;
}

static CwPipelineStep *
find_step (const CwExperiment *experiment, const char *section)
{
  return cw_pipeline_find (experiment->recipe->views->pipeline,
                           section + strlen (CW_STEP_PREFIX));
}

const char *const *
_cw_experiment_list_extra_keys (const char *section)
{
  static const char *const none[] = { NULL }, *const seed[] = { "seed", NULL },
                    *const view[] = { "preset", "steps", NULL }, *const type[] = { "type", NULL };

  if (strcmp (section, "experiment") == 0)
    return seed;
  if (strcmp (section, "view") == 0)
    return view;
  if (is_step (section) || strcmp (section, "warp") == 0
      || strcmp (section, "encoder") == 0 || strcmp (section, "objective") == 0
      || strcmp (section, "optimizer") == 0)
    return type;
  return none;
}

char *
_cw_experiment_dup_extra (const CwExperiment *experiment, const char *section, const char *key)
{
  const CwRecipe *recipe = experiment->recipe;

  if (strcmp (key, "seed") == 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, recipe->seed);
  if (strcmp (key, "steps") == 0)
    return _cw_experiment_dup_steps (experiment);
  /* What it stands for is written. */
  if (strcmp (key, "preset") == 0)
    return NULL;
  if (is_step (section))
    {
      const CwPipelineStep *step = find_step (experiment, section);

      return strcmp (step->name, step->transform->base.id) != 0
                 ? g_strdup (step->transform->base.id)
                 : NULL;
    }
  if (strcmp (section, "warp") == 0)
    return g_strdup (recipe->views->warp->base.id);
  if (strcmp (section, "encoder") == 0)
    return g_strdup (recipe->encoder->base.id);
  if (strcmp (section, "objective") == 0)
    return g_strdup (recipe->objective->base.id);
  return g_strdup (recipe->optimizer->base.id);
}

static gboolean
set_seed (CwRecipe *recipe, const char *value, const char *where, GError **error)
{
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &recipe->seed, NULL))
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "seed = '%s' in %s is not a whole number from 0 to %" G_GUINT64_FORMAT, value, where,
               G_MAXUINT64);
  return FALSE;
}

/* A change to the operation that is there already keeps its parameters. */
static gboolean
set_type (CwExperiment *experiment, const char *section, const char *value, const char *where,
          GError **error)
{
  static const struct
  {
    const char *section;
    gboolean (*set) (CwRecipe *, const char *, GError **);
  } types[] = {
    { "warp", cw_recipe_set_warp },
    { "encoder", cw_recipe_set_encoder },
    { "objective", cw_recipe_set_objective },
    { "optimizer", cw_recipe_set_optimizer },
  };
  g_autofree char *before = _cw_experiment_dup_extra (experiment, section, "type");

  if (strcmp (before, value) == 0)
    return TRUE;
  for (size_t i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) local = NULL;

      if (strcmp (section, types[i].section) != 0)
        continue;
      if (types[i].set (experiment->recipe, value, &local))
        return TRUE;
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "type = '%s' in %s: %s", value, where,
                   local->message);
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
set_extra (CwExperiment *experiment, const char *section, const char *key, const char *value,
           const char *where, GError **error)
{
  if (strcmp (key, "seed") == 0)
    return set_seed (experiment->recipe, value, where, error);
  if (strcmp (key, "steps") == 0)
    return _cw_experiment_set_steps (experiment, value, NULL, where, error);
  if (strcmp (key, "preset") == 0)
    return _cw_experiment_set_preset (experiment, value, where, error);
  if (is_step (section))
    return _cw_experiment_set_step_type (experiment, find_step (experiment, section), value, where,
                                         error);
  return set_type (experiment, section, value, where, error);
}

/* ---- all keys ---- */

/* The sections called @name: [warp] has two tables. */
static GPtrArray *
find_sections (CwExperiment *experiment, const char *name, const char *file, GError **error)
{
  g_autoptr (GPtrArray) all = cw_experiment_list_sections (experiment);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (_cw_experiment_section_free);
  g_autoptr (GString) known = g_string_new (NULL);

  while (all->len > 0)
    {
      CwExperimentSection *section = g_ptr_array_steal_index (all, 0);

      if (!g_str_has_suffix (known->str, section->name))
        g_string_append_printf (known, "%s%s", known->len > 0 ? ", " : "", section->name);
      if (strcmp (section->name, name) == 0)
        g_ptr_array_add (found, section);
      else
        _cw_experiment_section_free (section);
    }
  if (found->len > 0)
    return g_steal_pointer (&found);
  if (is_step (name))
    {
      g_autofree char *steps = _cw_experiment_dup_steps (experiment);

      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "unknown section [%s]%s%s: steps of [view] are %s", name,
                   file != NULL ? " in " : "", file != NULL ? file : "", steps);
    }
  else
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                 "unknown section [%s]%s%s; there are %s", name, file != NULL ? " in " : "",
                 file != NULL ? file : "", known->str);
  return NULL;
}

/* Writes the message about a key that no table has, with all that [@section] takes. */
static void
refuse_key (GPtrArray *sections, const char *section, const char *key, const char *where,
            GError **error)
{
  g_autoptr (GArray) all = g_array_new (TRUE, TRUE, sizeof (CwParamSpec));
  const char *const *extra = _cw_experiment_list_extra_keys (section);

  for (int i = 0; extra[i] != NULL; i++)
    {
      CwParamSpec spec = { .id = extra[i], .type = CW_PARAM_STRING };

      g_array_append_val (all, spec);
    }
  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *s = sections->pdata[i];

      if (s->specs != NULL)
        g_array_append_vals (all, s->specs, (guint) cw_params_count (s->specs));
    }
  cw_params_set_string ((const CwParamSpec *) all->data, NULL, where, key, "", error);
}

gboolean
_cw_experiment_set_key (CwExperiment *experiment, const char *section, const char *key,
                        const char *value, const char *file, GError **error)
{
  g_autoptr (GPtrArray) sections = find_sections (experiment, section, file, error);
  g_autofree char *where = file != NULL ? g_strdup_printf ("[%s] of %s", section, file)
                                        : g_strdup_printf ("[%s]", section);

  if (sections == NULL)
    return FALSE;
  if (!g_utf8_validate (value, -1, NULL))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s in %s is not UTF-8 text", key,
                   where);
      return FALSE;
    }
  if (g_strv_contains (_cw_experiment_list_extra_keys (section), key))
    return set_extra (experiment, section, key, value, where, error);
  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *s = sections->pdata[i];

      if (cw_params_find (s->specs, key) != NULL)
        return cw_params_set_string (s->specs, s->block, where, key, value, error);
    }
  refuse_key (sections, section, key, where, error);
  return FALSE;
}

gboolean
cw_experiment_set (CwExperiment *experiment, const char *key, const char *value, GError **error)
{
  const char *dot = strrchr (key, '.');
  g_autofree char *section = NULL, *text = g_strstrip (g_strdup (value));

  if (dot == NULL || dot == key || dot[1] == '\0')
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "'%s' is not a key; keys are SECTION.KEY, such as objective.temperature", key);
      return FALSE;
    }
  section = g_strndup (key, (gsize) (dot - key));
  /* Who types a path means the folder they are in, not the experiment's. */
  if ((strcmp (key, "data.location") == 0 || strcmp (key, "encoder.weights") == 0) && *text != '\0' && *text != '~'
      && !g_str_has_prefix (text, GENERATED))
    {
      char *absolute = g_canonicalize_filename (text, NULL);

      g_free (text);
      text = absolute;
    }
  return _cw_experiment_set_key (experiment, section, dot + 1, text, NULL, error);
}

/* ---- paths ---- */

/* (transfer full): "~/x" and paths relative to the experiment's folder made absolute. */
static char *
resolve (const CwExperiment *experiment, const char *place)
{
  g_autofree char *folder = NULL;

  if (*place == '\0' || g_str_has_prefix (place, GENERATED))
    return g_strdup (place);
  if (place[0] == '~' && (place[1] == '/' || place[1] == '\0'))
    return g_canonicalize_filename (place + 1 + (place[1] == '/'), g_get_home_dir ());
  if (experiment->path != NULL)
    {
      g_autofree char *path = g_canonicalize_filename (experiment->path, NULL);

      folder = g_path_get_dirname (path);
    }
  return g_canonicalize_filename (place, folder);
}

char *
_cw_experiment_dup_location (const CwExperiment *experiment)
{
  return resolve (experiment, experiment->data.location);
}

char *
_cw_experiment_dup_weights (const CwExperiment *experiment)
{
  return resolve (experiment, experiment->initial.weights);
}

void
_cw_experiment_freeze (CwExperiment *experiment)
{
  char *location = _cw_experiment_dup_location (experiment);
  char *weights = _cw_experiment_dup_weights (experiment);

  g_free (experiment->data.location);
  experiment->data.location = location;
  g_free (experiment->initial.weights);
  experiment->initial.weights = weights;
  g_clear_pointer (&experiment->path, g_free);
}

/* ---- data ---- */

gboolean
_cw_experiment_refuse_location (const CwExperiment *experiment, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "experiment '%s' does not say where its pictures are; give the folder with "
               "--set data.location=DIR",
               experiment->name);
  return FALSE;
}

/* Labels that are learnt cannot be scored by: where the data have a split for each, they are kept apart. */
static gboolean
check_labels (const CwExperiment *experiment, CwDataset *dataset, GError **error)
{
  if (!experiment->recipe->objective->needs_labels || experiment->data.split != 0
      || cw_dataset_count_split (dataset, CW_SPLIT_TRAIN) == 0
      || cw_dataset_count_split (dataset, CW_SPLIT_VALID)
                 + cw_dataset_count_split (dataset, CW_SPLIT_TEST)
             == 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "data.split: with 'all' the objective '%s' would learn the labels of the pictures of "
               "%s that an evaluation scores; choose train",
               experiment->recipe->objective->base.id, cw_dataset_get_location (dataset));
  return FALSE;
}

CwDataset *
cw_experiment_open_data (const CwExperiment *experiment, CwJob *job, GArray **items,
                         GError **error)
{
  const CwDataParams *data = &experiment->data;
  g_autofree char *location = _cw_experiment_dup_location (experiment);
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (GArray) selected = NULL;
  CwSplit split = data->split == 0 ? CW_SPLIT_NONE : (CwSplit) (data->split - 1);

  if (*location == '\0')
    {
      _cw_experiment_refuse_location (experiment, error);
      return NULL;
    }
  dataset = cw_dataset_open (location, data->reader, data->options, job, error);
  if (dataset == NULL || !check_labels (experiment, dataset, error))
    return NULL;
  selected = cw_split_select (dataset, split);
  if (selected->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "%s: no picture in split '%s'; choose another one with data.split", location,
                   cw_split_name (split));
      return NULL;
    }
  if (items != NULL)
    *items = g_steal_pointer (&selected);
  return g_steal_pointer (&dataset);
}
