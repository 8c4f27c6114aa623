/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-views.h"

#include "image/cw-pipeline-private.h"
#include "image/cw-region.h"
#include "image/cw-warps-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const transform_nicks[] = { "shared", "fresh", NULL };
static const char *const positive_nicks[] = { "plain", "warped", NULL };

static const char *const region_nicks[] = { "any",   "brows",  "eyes", "nose",
                                            "mouth", "cheeks", "jaw",  NULL };

/* The parameters of CwWarpCommon, for a block in which they are at @path. */
#define WARP_COMMON_SPECS(Struct, path)                                                            \
  CW_PARAM_BOOL (Struct, path remove_affine, "remove-affine", N_ ("Remove the affine part"), TRUE, \
                 N_ ("Subtracts what a global transform could undo")),                             \
  CW_PARAM_FLOAT (Struct, path min_magnitude, "min-magnitude", N_ ("Least displacement"), "", 0,   \
                  0.25, 0.02,                                                                      \
                  N_ ("A field whose largest displacement is below this fraction of the side is "  \
                      "scaled up to it")),                                                         \
  CW_PARAM_ENUM (Struct, path region, "region", N_ ("Region"), region_nicks, 0,                    \
                 N_ ("Which landmarks are moved, or near which; all, where the view has none of "  \
                     "that region")),                                                              \
  CW_PARAM_BOOL (Struct, path fold_free, "fold-free", N_ ("No folds"), FALSE,                      \
                 N_ ("A field that folds, or nearly so, is scaled down until it does not, even "   \
                     "below the least displacement")),                                             \
  CW_PARAM_INT (Struct, path curriculum, "curriculum", N_ ("Curriculum"), N_ ("epochs"), 0, 10000, \
                0, N_ ("Epochs over which displacements grow to their full size; 0 for none")),    \
  CW_PARAM_FLOAT (Struct, path curriculum_start, "curriculum-start",                               \
                  N_ ("Start of the curriculum"), "", 0, 1, 0.25,                                  \
                  N_ ("Factor of the displacements in the first epoch of a curriculum; the least " \
                      "displacement still holds"))

const CwParamSpec cw_warp_common_specs[] = {
  WARP_COMMON_SPECS (CwWarpCommon, ),
  CW_PARAM_END,
};

const CwParamSpec cw_negative_specs[] = {
  CW_PARAM_INT (CwNegativeParams, count, "count", N_ ("Negatives"), "", 0, CW_MAX_NEGATIVES, 1,
                N_ ("Warped negatives per picture")),
  CW_PARAM_ENUM (CwNegativeParams, transform, "transform", N_ ("Global transform"), transform_nicks,
                 CW_NEGATIVE_SHARED,
                 N_ ("shared: a negative is the positive plus a warp; fresh: it draws a global "
                     "transform of its own")),
  CW_PARAM_ENUM (CwNegativeParams, positive, "positive", N_ ("Positive"), positive_nicks,
                 CW_POSITIVE_PLAIN,
                 N_ ("warped: the positive has a warp of its own too, as a control: warps should "
                     "not help as positives")),
  WARP_COMMON_SPECS (CwNegativeParams, common.),
  CW_PARAM_END,
};

CwViews *
cw_views_new (int size)
{
  CwViews *views = g_new0 (CwViews, 1);

  views->preprocess = cw_preprocess_default (size);
  views->pipeline = cw_pipeline_new_preset ("default", NULL);
  views->warp = &_cw_warp_local_translation;
  views->warp_params = cw_params_block_new (views->warp->base.params,
                                            views->warp->base.params_size);
  cw_params_init (cw_negative_specs, &views->negatives);
  return views;
}

CwViews *
cw_views_copy (const CwViews *views)
{
  const CwDescriptor *warp = &views->warp->base;
  CwViews *copy = g_new (CwViews, 1);

  *copy = *views;
  copy->pipeline = cw_pipeline_copy (views->pipeline);
  copy->warp_params = g_malloc0 (MAX (warp->params_size, 1));
  cw_params_copy (warp->params, copy->warp_params, views->warp_params);
  return copy;
}

void
cw_views_free (CwViews *views)
{
  if (views == NULL)
    return;
  cw_pipeline_free (views->pipeline);
  cw_params_block_free (views->warp->base.params, views->warp_params);
  g_free (views);
}

int
cw_views_count (const CwViews *views)
{
  return 2 + views->negatives.count;
}

gboolean
cw_views_equal (const CwViews *a, const CwViews *b)
{
  return memcmp (&a->preprocess, &b->preprocess, sizeof a->preprocess) == 0
         && cw_pipeline_equal (a->pipeline, b->pipeline) && a->warp == b->warp
         && cw_params_equal (a->warp->base.params, a->warp_params, b->warp_params)
         && cw_params_equal (cw_negative_specs, &a->negatives, &b->negatives);
}

/* Where the landmarks are in the view. Those that the crop cut off are left out; if that is all of
 * them, they are brought to the border, and without any the middle stands for them. */
static int
place_points (const CwMatrix *view_to_source, int src_w, int src_h, int size,
              const CwPoint *points, int n_points, CwPoint *placed, guint8 *regions)
{
  CwMatrix source_to_view = cw_matrix_invert (*view_to_source);
  CwPoint all[CW_WARP_MAX_POINTS];
  float side = (float) size;
  int n = 0, total = MIN (n_points, CW_WARP_MAX_POINTS);

  for (int i = 0; i < total; i++)
    {
      CwPoint p = { points[i].x * (float) src_w, points[i].y * (float) src_h };

      all[i] = p = cw_matrix_apply (&source_to_view, p);
      if (!(p.x >= 0 && p.x <= side && p.y >= 0 && p.y <= side))
        continue;
      regions[n] = n_points == CW_N_LANDMARKS ? cw_landmark_regions[i] : 0;
      placed[n++] = p;
    }
  if (n > 0)
    return n;
  for (int i = 0; i < total; i++)
    {
      /* Written so that NaN becomes 0. */
      placed[i].x = all[i].x > 0 ? MIN (all[i].x, side) : 0;
      placed[i].y = all[i].y > 0 ? MIN (all[i].y, side) : 0;
      regions[i] = n_points == CW_N_LANDMARKS ? cw_landmark_regions[i] : 0;
    }
  if (total == 0)
    {
      placed[0] = (CwPoint){ 0.5f * side, 0.5f * side };
      total = 1;
    }
  return total;
}

/* All of them, wherever they come to be. */
static void
place_landmarks (const CwMatrix *view_to_source, int src_w, int src_h, const CwPoint *points,
                 CwPoint *landmarks)
{
  CwMatrix source_to_view = cw_matrix_invert (*view_to_source);

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      CwPoint p = { points[i].x * (float) src_w, points[i].y * (float) src_h };

      landmarks[i] = cw_matrix_apply (&source_to_view, p);
    }
}

static void
draw_warp (const CwViews *views, const CwViewKey *key, int src_w, int src_h, const CwPoint *points,
           int n_points, CwViewDraw *draw)
{
  int size = views->preprocess.size;
  CwMatrix matrix = cw_pipeline_matrix (views->pipeline, draw, src_w, src_h, size);
  CwPoint placed[CW_WARP_MAX_POINTS];
  guint8 regions[CW_WARP_MAX_POINTS];
  CwPoint landmarks[CW_N_LANDMARKS];
  CwWarpContext context
      = { .size = size, .points = placed, .region = views->negatives.common.region };
  CwRng rng = cw_rng_new (key->seed, CW_RNG_WARP, 0, key->epoch, key->item, key->view);

  context.n_points = place_points (&matrix, src_w, src_h, size, points, n_points, placed, regions);
  if (n_points == CW_N_LANDMARKS)
    {
      context.regions = regions;
      place_landmarks (&matrix, src_w, src_h, points, landmarks);
      context.landmarks = landmarks;
    }
  views->warp->draw (views->warp_params, &context, &rng, &draw->warp);
  draw->strength = cw_warp_strength (&views->negatives.common, key->epoch);
  draw->warped = TRUE;
}

void
cw_views_draw (const CwViews *views, guint64 seed, guint32 epoch, guint32 item, int view, int src_w,
               int src_h, const CwPoint *points, int n_points, CwViewDraw *draw)
{
  gboolean shares = view >= 2 && views->negatives.transform == CW_NEGATIVE_SHARED;
  CwViewKey key = { seed, epoch, item, shares ? 1 : (guint32) view };

  cw_pipeline_draw (views->pipeline, &key, src_w, src_h, views->preprocess.size, draw);
  if (view == 0 || (view == 1 && views->negatives.positive == CW_POSITIVE_PLAIN))
    return;
  key.view = (guint32) view;
  draw_warp (views, &key, src_w, src_h, points, n_points, draw);
}

void
cw_views_render (const CwViews *views, const CwViewDraw *draw, const CwImage *source,
                 CwRenderer *renderer, float *out, CwField *field)
{
  if (draw->warped)
    {
      if (field == NULL)
        field = renderer->field;
      cw_warp_field (views->warp, views->warp_params, &views->negatives.common, &draw->warp,
                     draw->strength, field);
      cw_pipeline_render (views->pipeline, draw, source, field, renderer, out);
      return;
    }
  if (field != NULL)
    cw_field_clear (field);
  cw_pipeline_render (views->pipeline, draw, source, NULL, renderer, out);
}
