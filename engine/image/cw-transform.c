/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-transforms-private.h"

const CwTransformClass *const cw_builtin_transforms[] = {
  &_cw_transform_crop,          &_cw_transform_flip, &_cw_transform_affine,
  &_cw_transform_colour_jitter, &_cw_transform_grey, &_cw_transform_blur,
  NULL,
};
