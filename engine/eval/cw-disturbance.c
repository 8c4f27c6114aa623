/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-disturbance.h"

#include "data/cw-picture.h"
#include "eval/cw-evaluator-private.h"
#include "eval/cw-render-pool.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

/* What a transform draws, set instead. */
typedef struct
{
  const char *transform;
  void (*set) (const CwTransformClass *transform, float strength, CwRng *rng, float *values);
} Setter;

static float *
find_value (const CwTransformClass *transform, const char *id, float *values)
{
  for (int i = 0; i < transform->n_drawn; i++)
    {
      if (strcmp (transform->drawn[i].id, id) == 0)
        return &values[i];
    }
  g_return_val_if_reached (NULL);
}

static float
draw_sign (CwRng *rng)
{
  return cw_rng_below (rng, 2) == 0 ? 1.0f : -1.0f;
}

static void
set_rotation (const CwTransformClass *transform, float strength, CwRng *rng, float *values)
{
  *find_value (transform, "rotation", values) = strength * draw_sign (rng);
}

static void
set_translation (const CwTransformClass *transform, float strength, CwRng *rng, float *values)
{
  float angle = cw_rng_range (rng, 0.0f, (float) (2 * G_PI));

  *find_value (transform, "translation-x", values) = strength * cosf (angle);
  *find_value (transform, "translation-y", values) = strength * sinf (angle);
}

static void
set_brightness (const CwTransformClass *transform, float strength, CwRng *rng, float *values)
{
  *find_value (transform, "brightness", values) = 1.0f + strength * draw_sign (rng);
}

static void
set_blur (const CwTransformClass *transform, float strength, CwRng *rng, float *values)
{
  *find_value (transform, "sigma", values) = strength;
}

static void
set_jpeg (const CwTransformClass *transform, float strength, CwRng *rng, float *values)
{
  *find_value (transform, "quality", values) = 100.0f - strength;
}

static const struct
{
  CwDisturbanceKind kind;
  Setter setter; /* no transform: the warp */
} kinds[] = {
  { { "rotation", "°", 7, { 0, 5, 10, 15, 20, 30, 40 } }, { "affine", set_rotation } },
  { { "translation", "side", 6, { 0, 0.02f, 0.05f, 0.1f, 0.15f, 0.2f } },
    { "affine", set_translation } },
  { { "brightness", "", 6, { 0, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f } },
    { "colour-jitter", set_brightness } },
  { { "blur", "px/48", 6, { 0, 0.5f, 1, 1.5f, 2, 3 } }, { "blur", set_blur } },
  { { "jpeg", "100 - quality", 6, { 0, 20, 50, 70, 80, 90 } }, { "jpeg", set_jpeg } },
  { { "warp", "side", 7, { 0, 0.02f, 0.04f, 0.06f, 0.08f, 0.11f, 0.15f } }, { NULL, NULL } },
};

static const CwTransformClass *
find_transform (const Setter *setter)
{
  return (const CwTransformClass *) cw_registry_find (CW_KIND_TRANSFORM, setter->transform, NULL);
}

const CwDisturbanceKind *
_cw_disturbance_get_kind (int i)
{
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      if (kinds[k].setter.transform != NULL && find_transform (&kinds[k].setter) == NULL)
        continue;
      if (i-- == 0)
        return &kinds[k].kind;
    }
  return NULL;
}

/* ---- a disturbance ---- */

struct _CwDisturbance
{
  const Setter *setter;
  guint32 stream;
  float strength;
  CwPipeline *pipeline; /* the transform alone, or nothing */
  CwViewDraw neutral;   /* of the pipeline: changes nothing */
  const CwWarpClass *warp;
  gpointer warp_params;
  CwDataset *dataset;
  CwPreprocess raw, scaled; /* RGB 0..1; as the encoder wants it */
  guint64 seed;
  GAsyncQueue *pool; /* CwRenderBuffers */
};

/* What the step draws when it never fires: every value where it changes nothing. */
static void
find_neutral (CwDisturbance *d)
{
  CwPipelineStep *step = &d->pipeline->steps[0];
  const CwViewKey key = { d->seed, 0, 0, 0 };
  const CwParamSpec *probability = cw_params_find (step->transform->base.params, "probability");

  if (probability != NULL)
    cw_params_set_number (probability, step->params, 0, NULL);
  cw_pipeline_draw (d->pipeline, &key, d->raw.size, d->raw.size, d->raw.size, &d->neutral);
}

CwDisturbance *
_cw_disturbance_new (const CwDisturbanceKind *kind, const CwWarpClass *warp, CwDataset *dataset,
                     const CwModel *model, guint64 seed)
{
  CwDisturbance *d = g_new0 (CwDisturbance, 1);
  gsize k = 0;

  while (&kinds[k].kind != kind)
    k++;
  d->setter = &kinds[k].setter;
  d->stream = CW_EVAL_DISTURBANCES + (guint32) k;
  d->dataset = g_object_ref (dataset);
  d->seed = seed;
  d->raw = (CwPreprocess){ model->size, { 0, 0, 0 }, { 1, 1, 1 } };
  d->scaled = cw_features_preprocess (model);
  d->pool = _cw_render_pool_new ();
  d->pipeline = cw_pipeline_new ();
  d->warp = warp;
  d->warp_params = cw_params_block_new (warp->base.params, warp->base.params_size);
  if (d->setter->transform != NULL)
    {
      cw_pipeline_append (d->pipeline, find_transform (d->setter), NULL, NULL);
      find_neutral (d);
    }
  return d;
}

void
_cw_disturbance_free (CwDisturbance *d)
{
  if (d == NULL)
    return;
  cw_pipeline_free (d->pipeline);
  cw_params_block_free (d->warp->base.params, d->warp_params);
  g_object_unref (d->dataset);
  g_async_queue_unref (d->pool);
  g_free (d);
}

void
_cw_disturbance_set_strength (CwDisturbance *d, float strength)
{
  d->strength = strength;
}

/* Landmarks in pixels of the centred square; those beyond it are brought to its border. */
static void
place_landmarks (CwDisturbance *d, guint32 item, const CwImage *image, CwPoint *points)
{
  float w = (float) image->w, h = (float) image->h, side = MIN (w, h), size = (float) d->raw.size;

  cw_dataset_get_landmarks (d->dataset, item, points);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      float x = (points[i].x * w - 0.5f * (w - side)) * size / side;
      float y = (points[i].y * h - 0.5f * (h - side)) * size / side;

      /* Written so that NaN becomes 0. */
      points[i].x = x > 0 ? MIN (x, size) : 0;
      points[i].y = y > 0 ? MIN (y, size) : 0;
    }
}

static void
fill_field (CwDisturbance *d, guint32 item, const CwImage *image, CwRng *rng, CwField *field)
{
  const CwWarpCommon common = { .remove_affine = TRUE, .min_magnitude = 0 };
  CwPoint points[CW_N_LANDMARKS];
  const CwWarpContext context = { .size = d->raw.size,
                                  .points = points,
                                  .n_points = CW_N_LANDMARKS,
                                  .regions = cw_landmark_regions,
                                  .landmarks = points };
  CwWarpDraw draw = { 0 };
  float max;

  place_landmarks (d, item, image, points);
  d->warp->draw (d->warp_params, &context, rng, &draw);
  cw_warp_field (d->warp, d->warp_params, &common, &draw, 1, field);
  max = cw_field_max (field);
  if (max > 0)
    cw_field_scale (field, d->strength * (float) d->raw.size / max);
}

/* The disturbed one of @out, which is RGB 0..1, back into it. It is disturbed at the encoder's own
 * resolution: a weak disturbance is then next to none, while sampling the picture anew at each
 * strength would be a disturbance of its own. */
static void
disturb (CwDisturbance *d, guint32 item, const CwImage *image, float *out)
{
  g_autoptr (CwImage) square = cw_picture_from_float (out, d->raw.size, d->raw.size);
  CwRng rng = cw_rng_new (d->seed, CW_RNG_EVAL, d->stream, 0, item, 0);
  CwViewDraw draw = d->neutral;
  CwRenderBuffers *buffers;

  if (square == NULL)
    g_error ("No memory for a picture of %d x %d pixels", d->raw.size, d->raw.size);
  buffers = _cw_render_pool_take (d->pool, d->raw.size);
  if (d->setter->transform != NULL)
    d->setter->set (d->pipeline->steps[0].transform, d->strength, &rng, draw.values[0]);
  else
    fill_field (d, item, image, &rng, buffers->field);
  cw_pipeline_render (d->pipeline, &draw, square,
                      d->setter->transform == NULL ? buffers->field : NULL, buffers->renderer, out);
  _cw_render_pool_give_back (d->pool, buffers);
}

void
_cw_disturbance_prepare (guint32 item, const CwImage *image, float *out, gpointer disturbance)
{
  CwDisturbance *d = disturbance;

  if (!(d->strength > 0))
    {
      cw_preprocess_picture (&d->scaled, image, out);
      return;
    }
  cw_preprocess_picture (&d->raw, image, out);
  disturb (d, item, image, out);
  cw_preprocess_apply (&d->scaled, out, (size_t) d->raw.size * (size_t) d->raw.size);
}
