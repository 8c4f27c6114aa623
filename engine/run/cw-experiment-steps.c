/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-experiment-private.h"

#include "base/cw-error.h"

#include <string.h>

char *
_cw_experiment_dup_steps (const CwExperiment *experiment)
{
  const CwPipeline *pipeline = experiment->recipe->views->pipeline;
  GString *steps = g_string_new (NULL);

  for (int i = 0; i < pipeline->n_steps; i++)
    g_string_append_printf (steps, "%s%s", i > 0 ? ";" : "", pipeline->steps[i].name);
  return g_string_free (steps, FALSE);
}

/* @name, or @name less a number at its end: "blur-2" is a second blur. */
static const CwTransformClass *
find_transform_of_name (const char *name)
{
  const CwDescriptor *found = cw_registry_find (CW_KIND_TRANSFORM, name, NULL);
  const char *dash = strrchr (name, '-');

  if (found == NULL && dash != NULL && dash[1] != '\0'
      && strspn (dash + 1, "0123456789") == strlen (dash + 1))
    {
      g_autofree char *stem = g_strndup (name, (gsize) (dash - name));

      found = cw_registry_find (CW_KIND_TRANSFORM, stem, NULL);
    }
  return (const CwTransformClass *) found;
}

static const CwTransformClass *
find_transform (const char *id, const char *key, const char *where, GError **error)
{
  g_autoptr (GError) local = NULL;
  const CwDescriptor *found = cw_registry_find (CW_KIND_TRANSFORM, id, &local);

  if (found == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s = '%s' in %s: %s", key, id, where,
                 local->message);
  return (const CwTransformClass *) found;
}

/* What the step @name is: as its section says, else as it is, else as its name says. */
static const CwTransformClass *
choose_transform (const CwPipelineStep *before, const char *name, GKeyFile *keys,
                  const char *where, GError **error)
{
  g_autofree char *section = g_strconcat (CW_STEP_PREFIX, name, NULL);
  g_autofree char *type
      = keys != NULL ? g_key_file_get_string (keys, section, "type", NULL) : NULL;
  const CwTransformClass *transform;

  if (type != NULL)
    {
      g_autofree char *place = g_strdup_printf ("[%s], step of %s", section, where);

      return find_transform (g_strstrip (type), "type", place, error);
    }
  if (before != NULL)
    return before->transform;
  transform = find_transform_of_name (name);
  if (transform == NULL)
    find_transform (name, "steps", where, error);
  return transform;
}

static void
take_over (CwPipelineStep *step, const CwPipelineStep *before)
{
  const CwParamSpec *specs = step->transform->base.params;

  cw_params_clear (specs, step->params);
  cw_params_copy (specs, step->params, before->params);
  cw_params_copy (cw_step_specs, step, before);
}

static gboolean
append (CwPipeline *pipeline, CwPipeline *before, const char *name, GKeyFile *keys,
        const char *where, GError **error)
{
  const CwPipelineStep *old = cw_pipeline_find (before, name);
  const CwTransformClass *transform;
  CwPipelineStep *step;

  if (cw_pipeline_find (pipeline, name) != NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "steps in %s: '%s' stands twice; call the second one %s-2", where, name, name);
      return FALSE;
    }
  transform = choose_transform (old, name, keys, where, error);
  if (transform == NULL)
    return FALSE;
  step = cw_pipeline_append (pipeline, transform, name, error);
  if (step == NULL)
    {
      g_prefix_error (error, "steps in %s: ", where);
      return FALSE;
    }
  if (old != NULL && old->transform == transform)
    take_over (step, old);
  return TRUE;
}

gboolean
_cw_experiment_set_steps (CwExperiment *experiment, const char *steps, GKeyFile *keys,
                          const char *where, GError **error)
{
  CwViews *views = experiment->recipe->views;
  g_autoptr (CwPipeline) pipeline = cw_pipeline_new ();
  g_auto (GStrv) names = g_strsplit (steps, ";", -1);

  for (int i = 0; names[i] != NULL; i++)
    {
      g_strstrip (names[i]);
      /* A semicolon at the end is usual in lists of key files. */
      if (*names[i] == '\0' && names[i + 1] == NULL)
        break;
      if (!append (pipeline, views->pipeline, names[i], keys, where, error))
        return FALSE;
    }
  cw_pipeline_free (views->pipeline);
  views->pipeline = g_steal_pointer (&pipeline);
  return TRUE;
}

gboolean
_cw_experiment_set_preset (CwExperiment *experiment, const char *name, const char *where,
                           GError **error)
{
  CwViews *views = experiment->recipe->views;
  g_autoptr (GError) local = NULL;
  CwPipeline *pipeline = cw_pipeline_new_preset (name, &local);

  if (pipeline == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "preset = '%s' in %s: %s", name, where,
                   local->message);
      return FALSE;
    }
  cw_pipeline_free (views->pipeline);
  views->pipeline = pipeline;
  return TRUE;
}

gboolean
_cw_experiment_set_step_type (CwExperiment *experiment, CwPipelineStep *step, const char *type,
                              const char *where, GError **error)
{
  const CwTransformClass *transform = find_transform (type, "type", where, error);

  if (transform == NULL)
    return FALSE;
  if (transform == step->transform)
    return TRUE;
  cw_params_block_free (step->transform->base.params, step->params);
  step->transform = transform;
  step->params = cw_params_block_new (transform->base.params, transform->base.params_size);
  return TRUE;
}
