/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-warps-private.h"

/* Halvings of the factor that makes a field free of folds. */
#define N_BISECTIONS 12

const CwWarpClass *const cw_builtin_warps[] = {
  &_cw_warp_local_translation,
  &_cw_warp_muscle,
  &_cw_warp_random_grid,
  &_cw_warp_thin_plate_spline,
  &_cw_warp_moving_least_squares,
  &_cw_warp_elastic,
  &_cw_warp_painted,
  NULL,
};

float
cw_warp_strength (const CwWarpCommon *common, guint32 epoch)
{
  float start = common->curriculum_start;

  if (common->curriculum <= 0 || epoch >= (guint32) common->curriculum)
    return 1;
  return start + (1 - start) * (float) epoch / (float) common->curriculum;
}

/* Scales to the drawn magnitude, what the curriculum leaves of it and the least displacement. */
static void
scale_to_magnitude (const CwWarpCommon *common, float magnitude, float strength, CwField *field)
{
  float least = common->min_magnitude * (float) field->w, max, wanted;

  if (!(magnitude > 0) && !(strength < 1) && !(least > 0))
    return;
  max = cw_field_max (field);
  /* A field that is zero but for rounding has no direction to be scaled in. */
  if (!(max > 1e-4f))
    return;
  wanted = strength * (magnitude > 0 ? magnitude : max);
  wanted = MAX (wanted, least);
  if (wanted < max || wanted > max)
    cw_field_scale (field, wanted / max);
}

static void
remove_folds (CwField *field)
{
  float lo = 0, hi = 1;

  if (cw_field_least_det (field, 1) >= CW_WARP_LEAST_DETERMINANT)
    return;
  for (int i = 0; i < N_BISECTIONS; i++)
    {
      float mid = 0.5f * (lo + hi);

      if (cw_field_least_det (field, mid) >= CW_WARP_LEAST_DETERMINANT)
        lo = mid;
      else
        hi = mid;
    }
  cw_field_scale (field, lo);
}

void
cw_warp_field (const CwWarpClass *warp, gconstpointer params, const CwWarpCommon *common,
               const CwWarpDraw *draw, float strength, CwField *field)
{
  warp->fill (params, draw, field);
  if (common->remove_affine)
    cw_field_remove_affine (field, NULL);
  scale_to_magnitude (common, draw->magnitude, strength, field);
  if (common->fold_free)
    remove_folds (field);
}
