/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-experiment-private.h"

#include "base/cw-error.h"

#include <string.h>

/* Two structs change places: what each owns goes along. */
#define SWAP(a, b)                                                                                 \
  do                                                                                               \
    {                                                                                              \
      __typeof__ (a) swapped = (a);                                                                \
                                                                                                   \
      (a) = (b);                                                                                   \
      (b) = swapped;                                                                               \
    }                                                                                              \
  while (0)

static void
swap_warp (CwViews *views, CwViews *fresh)
{
  SWAP (views->warp, fresh->warp);
  SWAP (views->warp_params, fresh->warp_params);
  SWAP (views->negatives, fresh->negatives);
}

static void
swap_section (CwExperiment *experiment, CwExperiment *fresh, const char *section)
{
  CwRecipe *recipe = experiment->recipe, *other = fresh->recipe;

  if (strcmp (section, "experiment") == 0)
    {
      SWAP (experiment->name, fresh->name);
      SWAP (recipe->seed, other->seed);
    }
  else if (strcmp (section, "data") == 0)
    SWAP (experiment->data, fresh->data);
  else if (strcmp (section, "view") == 0)
    SWAP (recipe->views->preprocess.size, other->views->preprocess.size);
  else if (strcmp (section, "warp") == 0)
    swap_warp (recipe->views, other->views);
  else if (strcmp (section, "encoder") == 0)
    {
      SWAP (recipe->encoder, other->encoder);
      SWAP (recipe->encoder_params, other->encoder_params);
      SWAP (experiment->initial, fresh->initial);
    }
  else if (strcmp (section, "heads") == 0)
    SWAP (recipe->heads, other->heads);
  else if (strcmp (section, "objective") == 0)
    {
      SWAP (recipe->objective, other->objective);
      SWAP (recipe->objective_params, other->objective_params);
    }
  else if (strcmp (section, "optimizer") == 0)
    {
      SWAP (recipe->optimizer, other->optimizer);
      SWAP (recipe->optimizer_params, other->optimizer_params);
    }
  else if (strcmp (section, "schedule") == 0)
    SWAP (recipe->schedule, other->schedule);
  else if (strcmp (section, "run") == 0)
    SWAP (experiment->run, fresh->run);
}

/* The pipeline that a text without [view] begins with: the experiment's, the steps that the text has at
 * their defaults. */
static void
begin_pipeline (CwExperiment *fresh, const CwExperiment *experiment, char **groups)
{
  CwPipeline **pipeline = &fresh->recipe->views->pipeline;

  cw_pipeline_free (*pipeline);
  *pipeline = cw_pipeline_copy (experiment->recipe->views->pipeline);
  for (int i = 0; i < (*pipeline)->n_steps; i++)
    {
      g_autofree char *group = g_strconcat (CW_STEP_PREFIX, (*pipeline)->steps[i].name, NULL);

      if (g_strv_contains ((const char *const *) groups, group))
        cw_pipeline_reset (*pipeline, i);
    }
}

/* @path: (nullable): relative to its folder are the locations of the text. */
static gboolean
apply (CwExperiment *experiment, const char *text, gsize size, const char *name, const char *path,
       GError **error)
{
  g_autoptr (GKeyFile) keys = _cw_experiment_read_keys (text, size, name, error);
  g_autoptr (CwExperiment) fresh = cw_experiment_new ();
  g_auto (GStrv) groups = NULL;

  if (keys == NULL)
    return FALSE;
  groups = g_key_file_get_groups (keys, NULL);
  if (*groups == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "%s: there is no section in it; a section begins with its name, such as [warp]",
                   name);
      return FALSE;
    }
  if (!g_key_file_has_group (keys, "view"))
    begin_pipeline (fresh, experiment, groups);
  if (!_cw_experiment_set_all (fresh, keys, name, error))
    return FALSE;
  if (path != NULL)
    {
      fresh->path = g_canonicalize_filename (path, NULL);
      _cw_experiment_freeze (fresh);
    }
  /* Where the text has nothing of it, it is the same. */
  SWAP (experiment->recipe->views->pipeline, fresh->recipe->views->pipeline);
  for (int i = 0; groups[i] != NULL; i++)
    swap_section (experiment, fresh, groups[i]);
  return TRUE;
}

gboolean
cw_experiment_apply_text (CwExperiment *experiment, const char *text, const char *name,
                          GError **error)
{
  return apply (experiment, text, strlen (text), name != NULL ? name : "experiment", NULL, error);
}

gboolean
cw_experiment_apply_file (CwExperiment *experiment, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize size;

  return _cw_experiment_read_file (path, &text, &size, error)
         && apply (experiment, text, size, path, path, error);
}
