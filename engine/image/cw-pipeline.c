/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-pipeline-private.h"

#include "base/cw-error.h"
#include "image/cw-transforms-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const views_nicks[] = { "all", "anchor", "positive", NULL };

const CwParamSpec cw_step_specs[] = {
  CW_PARAM_BOOL (CwPipelineStep, enabled, "enabled", N_ ("Enabled"), TRUE,
                 N_ ("A step that is not enabled changes nothing, the draws of others included")),
  CW_PARAM_ENUM (CwPipelineStep, views, "views", N_ ("For views"), views_nicks, CW_STEP_ALL,
                 N_ ("all; anchor: the first view only; positive: the second view and the warp "
                     "negatives")),
  CW_PARAM_END,
};

CwPipeline *
cw_pipeline_new (void)
{
  return g_new0 (CwPipeline, 1);
}

CwPipeline *
cw_pipeline_copy (const CwPipeline *pipeline)
{
  CwPipeline *copy = cw_pipeline_new ();

  *copy = *pipeline;
  for (int i = 0; i < copy->n_steps; i++)
    {
      CwPipelineStep *step = &copy->steps[i];
      const CwDescriptor *base = &step->transform->base;

      step->params = g_malloc0 (MAX (base->params_size, 1));
      cw_params_copy (base->params, step->params, pipeline->steps[i].params);
      step->name = g_strdup (step->name);
    }
  return copy;
}

void
cw_pipeline_free (CwPipeline *pipeline)
{
  if (pipeline == NULL)
    return;
  for (int i = 0; i < pipeline->n_steps; i++)
    {
      CwPipelineStep *step = &pipeline->steps[i];

      cw_params_block_free (step->transform->base.params, step->params);
      g_free (step->name);
    }
  g_free (pipeline);
}

CwPipelineStep *
cw_pipeline_find (CwPipeline *pipeline, const char *name)
{
  for (int i = 0; i < pipeline->n_steps; i++)
    {
      if (strcmp (pipeline->steps[i].name, name) == 0)
        return &pipeline->steps[i];
    }
  return NULL;
}

char *
_cw_pipeline_dup_name (CwPipeline *pipeline, const char *stem)
{
  char *name = g_strdup (stem);

  for (int i = 2; cw_pipeline_find (pipeline, name) != NULL; i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s-%d", stem, i);
    }
  return name;
}

static gboolean
is_name (const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
        return FALSE;
    }
  return *name != '\0';
}

/* A stream that follows from the name alone (FNV-1a, folded), so that a step keeps its draws
 * wherever it stands and whatever comes and goes around it; the next one that none of the first
 * @n_steps has where two names meet. */
static int
choose_stream (const CwPipeline *pipeline, int n_steps, const char *name)
{
  guint32 hash = 2166136261u;
  int stream;

  for (const char *p = name; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * 16777619u;
  stream = (int) ((hash ^ hash >> 8 ^ hash >> 16 ^ hash >> 24) & 255u);
  for (int i = 0; i < n_steps; i++)
    {
      if (pipeline->steps[i].stream == stream)
        {
          stream = (stream + 1) & 255;
          i = -1;
        }
    }
  return stream;
}

void
_cw_pipeline_choose_streams (CwPipeline *pipeline)
{
  for (int i = 0; i < pipeline->n_steps; i++)
    pipeline->steps[i].stream = choose_stream (pipeline, i, pipeline->steps[i].name);
}

CwPipelineStep *
cw_pipeline_append (CwPipeline *pipeline, const CwTransformClass *transform, const char *name,
                    GError **error)
{
  const CwDescriptor *base = &transform->base;
  CwPipelineStep *step;

  if (pipeline->n_steps == CW_PIPELINE_MAX_STEPS)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "no room for step '%s': a pipeline has %d steps at most; remove one",
                   name != NULL ? name : base->id, CW_PIPELINE_MAX_STEPS);
      return NULL;
    }
  if (name != NULL && !is_name (name))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "'%s' cannot name a step; use letters, digits, '-' and '_'", name);
      return NULL;
    }
  if (name != NULL && cw_pipeline_find (pipeline, name) != NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "there are two steps named '%s'; rename one", name);
      return NULL;
    }
  step = &pipeline->steps[pipeline->n_steps];
  step->transform = transform;
  step->params = cw_params_block_new (base->params, base->params_size);
  step->name = name != NULL ? g_strdup (name) : _cw_pipeline_dup_name (pipeline, base->id);
  cw_params_init (cw_step_specs, step);
  step->stream = choose_stream (pipeline, pipeline->n_steps, step->name);
  pipeline->n_steps++;
  return step;
}

static gboolean
belongs (const CwPipelineStep *step, guint32 view)
{
  return step->enabled
         && (step->views == CW_STEP_ALL || (step->views == CW_STEP_ANCHOR) == (view == 0));
}

void
cw_pipeline_draw (const CwPipeline *pipeline, const CwViewKey *key, int src_w, int src_h, int size,
                  CwViewDraw *draw)
{
  const CwTransformContext context = { src_w, src_h, size };

  memset (draw, 0, sizeof *draw);
  for (int i = 0; i < pipeline->n_steps; i++)
    {
      const CwPipelineStep *step = &pipeline->steps[i];
      CwRng rng;

      draw->skipped[i] = !belongs (step, key->view);
      if (draw->skipped[i])
        continue;
      rng = cw_rng_new (key->seed, CW_RNG_VIEW, (guint32) step->stream, key->epoch, key->item,
                        key->view);
      step->transform->draw (step->params, &context, &rng, draw->values[i]);
    }
}

/* From fractions of what is looked at to pixels of the source. A crop chooses from the whole picture and
 * keeps its aspect; without one it is the centred square, as an encoder gets it
 * (cw_preprocess_picture()). */
static CwMatrix
first_matrix (const CwPipeline *pipeline, const CwViewDraw *draw, float w, float h)
{
  float side = MIN (w, h);

  for (int i = 0; i < pipeline->n_steps; i++)
    {
      if (!draw->skipped[i] && pipeline->steps[i].transform == &_cw_transform_crop)
        return cw_matrix_scale (w, h);
    }
  return cw_matrix_multiply (cw_matrix_translation (0.5f * (w - side), 0.5f * (h - side)),
                             cw_matrix_scale (side, side));
}

CwMatrix
cw_pipeline_matrix (const CwPipeline *pipeline, const CwViewDraw *draw, int src_w, int src_h,
                    int size)
{
  const CwTransformContext context = { src_w, src_h, size };
  CwMatrix m = first_matrix (pipeline, draw, (float) src_w, (float) src_h);

  /* The first step sees the source, so its backward map comes last. */
  for (int i = 0; i < pipeline->n_steps; i++)
    {
      const CwPipelineStep *step = &pipeline->steps[i];

      if (!draw->skipped[i] && step->transform->pattern == CW_TRANSFORM_GEOMETRIC)
        m = cw_matrix_multiply (m, step->transform->matrix (step->params, &context,
                                                            draw->values[i]));
    }
  return cw_matrix_multiply (m, cw_matrix_scale (1.0f / (float) size, 1.0f / (float) size));
}

CwRenderer *
cw_renderer_new (int size)
{
  CwRenderer *renderer;
  size_t side = (size_t) size;

  g_return_val_if_fail (size >= 1, NULL);

  renderer = g_new0 (CwRenderer, 1);
  renderer->size = size;
  renderer->rows = g_new (float, CW_GATHER_ROWS * side);
  renderer->scratch = g_new (float, 3 * side * side);
  renderer->field = cw_field_new (size, size);
  return renderer;
}

void
cw_renderer_free (CwRenderer *renderer)
{
  if (renderer == NULL)
    return;
  g_free (renderer->rows);
  g_free (renderer->scratch);
  cw_field_free (renderer->field);
  g_free (renderer);
}

int
cw_renderer_get_size (const CwRenderer *renderer)
{
  return renderer->size;
}

void
cw_pipeline_render (const CwPipeline *pipeline, const CwViewDraw *draw, const CwImage *source,
                    const CwField *warp_field, CwRenderer *renderer, float *out)
{
  int size = renderer->size;
  CwMatrix matrix = cw_pipeline_matrix (pipeline, draw, source->w, source->h, size);

  g_return_if_fail (warp_field == NULL || (warp_field->w == size && warp_field->h == size));

  _cw_gather (source, &matrix, warp_field, size, renderer->rows, out);
  for (int i = 0; i < pipeline->n_steps; i++)
    {
      const CwPipelineStep *step = &pipeline->steps[i];

      if (!draw->skipped[i] && step->transform->pattern != CW_TRANSFORM_GEOMETRIC)
        step->transform->apply (step->params, draw->values[i], size, out, renderer->scratch);
    }
}
