/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-pipeline-private.h"
#include "image/cw-warps-private.h"

#include <glib/gi18n-lib.h>

const CwWarpClass *const cw_builtin_warps[] = {
  &_cw_warp_local_translation,
  NULL,
};

const CwParamSpec cw_warp_common_specs[] = {
  CW_WARP_COMMON_SPECS (CwWarpCommon, remove_affine, min_magnitude),
  CW_PARAM_END,
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
