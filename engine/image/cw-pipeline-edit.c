/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-pipeline-private.h"

#include <string.h>

void
cw_pipeline_move (CwPipeline *pipeline, int from, int to)
{
  CwPipelineStep step;

  g_return_if_fail (from >= 0 && from < pipeline->n_steps);
  g_return_if_fail (to >= 0 && to < pipeline->n_steps);

  step = pipeline->steps[from];
  if (from < to)
    memmove (&pipeline->steps[from], &pipeline->steps[from + 1],
             (size_t) (to - from) * sizeof step);
  else
    memmove (&pipeline->steps[to + 1], &pipeline->steps[to], (size_t) (from - to) * sizeof step);
  pipeline->steps[to] = step;
  _cw_pipeline_choose_streams (pipeline);
}

void
cw_pipeline_remove (CwPipeline *pipeline, int index)
{
  CwPipelineStep *step;

  g_return_if_fail (index >= 0 && index < pipeline->n_steps);

  cw_pipeline_move (pipeline, index, pipeline->n_steps - 1);
  step = &pipeline->steps[--pipeline->n_steps];
  cw_params_block_free (step->transform->base.params, step->params);
  g_free (step->name);
  memset (step, 0, sizeof *step);
  _cw_pipeline_choose_streams (pipeline);
}

/* (transfer full): "blur" of "blur-2". */
static char *
dup_stem (const char *name)
{
  const char *dash = strrchr (name, '-');

  if (dash == NULL || dash == name || dash[1] == '\0'
      || strspn (dash + 1, "0123456789") != strlen (dash + 1))
    return g_strdup (name);
  return g_strndup (name, (gsize) (dash - name));
}

CwPipelineStep *
cw_pipeline_duplicate (CwPipeline *pipeline, int index, GError **error)
{
  g_autofree char *stem = NULL, *name = NULL;
  const CwParamSpec *specs;
  CwPipelineStep *step;

  g_return_val_if_fail (index >= 0 && index < pipeline->n_steps, NULL);

  stem = dup_stem (pipeline->steps[index].name);
  name = _cw_pipeline_dup_name (pipeline, stem);
  step = cw_pipeline_append (pipeline, pipeline->steps[index].transform, name, error);
  if (step == NULL)
    return NULL;
  specs = step->transform->base.params;
  cw_params_clear (specs, step->params);
  cw_params_copy (specs, step->params, pipeline->steps[index].params);
  cw_params_copy (cw_step_specs, step, &pipeline->steps[index]);
  cw_pipeline_move (pipeline, pipeline->n_steps - 1, index + 1);
  return &pipeline->steps[index + 1];
}

void
cw_pipeline_reset (CwPipeline *pipeline, int index)
{
  CwPipelineStep *step;

  g_return_if_fail (index >= 0 && index < pipeline->n_steps);

  step = &pipeline->steps[index];
  cw_params_clear (step->transform->base.params, step->params);
  cw_params_init (step->transform->base.params, step->params);
  cw_params_init (cw_step_specs, step);
}

gboolean
cw_pipeline_equal (const CwPipeline *a, const CwPipeline *b)
{
  if (a->n_steps != b->n_steps)
    return FALSE;
  for (int i = 0; i < a->n_steps; i++)
    {
      const CwPipelineStep *p = &a->steps[i], *q = &b->steps[i];

      if (p->transform != q->transform || strcmp (p->name, q->name) != 0
          || !cw_params_equal (cw_step_specs, p, q)
          || !cw_params_equal (p->transform->base.params, p->params, q->params))
        return FALSE;
    }
  return TRUE;
}
