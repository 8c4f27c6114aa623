/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-pipeline.h"
#include "image/cw-warps-private.h"

const CwWarpClass *const cw_builtin_warps[] = {
  &_cw_warp_local_translation,
  &_cw_warp_muscle,
  NULL,
};

void
cw_warp_field (const CwWarpClass *warp, gconstpointer params, const CwWarpCommon *common,
               const CwWarpDraw *draw, CwField *field)
{
  float least = common->min_magnitude * (float) field->w, max;

  warp->fill (params, draw, field);
  if (common->remove_affine)
    cw_field_remove_affine (field, NULL);
  if (!(least > 0))
    return;
  max = cw_field_max (field);
  /* A field that is zero but for rounding has no direction to be scaled in. */
  if (max < least && max > 1e-4f)
    cw_field_scale (field, least / max);
}
