/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  float probability;
  float rotation;
  float translation;
  float scale_min, scale_max;
  float shear;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.8,
                  N_ ("How often a view is moved at all")),
  CW_PARAM_FLOAT (Params, rotation, "rotation", N_ ("Rotation"), "°", 0, 180, 8,
                  N_ ("Largest rotation about the middle, either way")),
  CW_PARAM_FLOAT (Params, translation, "translation", N_ ("Translation"), "", 0, 0.5, 0.03,
                  N_ ("Largest shift along each axis, as a fraction of the side")),
  CW_PARAM_FLOAT (Params, scale_min, "scale-min", N_ ("Smallest scale"), "", 0.5, 2, 0.95,
                  N_ ("Smallest magnification")),
  CW_PARAM_FLOAT (Params, scale_max, "scale-max", N_ ("Largest scale"), "", 0.5, 2, 1.05,
                  N_ ("Largest magnification")),
  CW_PARAM_FLOAT (Params, shear, "shear", N_ ("Shear"), "°", 0, 45, 3,
                  N_ ("Largest angle by which upright lines lean, either way")),
  CW_PARAM_END,
};

enum
{
  ROTATION,
  TRANSLATION_X,
  TRANSLATION_Y,
  SCALE,
  SHEAR,
  N_DRAWN,
};

static const CwDrawnSpec drawn[N_DRAWN] = {
  { "rotation", N_ ("Rotation"), "°" },
  { "translation-x", N_ ("Shift to the right"), "" },
  { "translation-y", N_ ("Shift downwards"), "" },
  { "scale", N_ ("Scale"), "" },
  { "shear", N_ ("Shear"), "°" },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;
  gboolean fires = cw_rng_uniform (rng) < p->probability;

  for (int i = 0; i < N_DRAWN; i++)
    values[i] = i == SCALE ? 1.0f : 0.0f;
  if (!fires)
    return;
  values[ROTATION] = cw_rng_range (rng, -p->rotation, p->rotation);
  values[TRANSLATION_X] = cw_rng_range (rng, -p->translation, p->translation);
  values[TRANSLATION_Y] = cw_rng_range (rng, -p->translation, p->translation);
  values[SCALE] = cw_rng_range (rng, p->scale_min, p->scale_max);
  values[SHEAR] = cw_rng_range (rng, -p->shear, p->shear);
}

/* What happens to the picture, about its middle: scaled, sheared, rotated clockwise, shifted. The
 * backward map is the inverse of that. */
static CwMatrix
matrix (gconstpointer params, const CwTransformContext *context, const float *values)
{
  const float to_radians = (float) (G_PI / 180);
  CwMatrix m = cw_matrix_translation (0.5f + values[TRANSLATION_X], 0.5f + values[TRANSLATION_Y]);

  m = cw_matrix_multiply (m, cw_matrix_rotation (values[ROTATION] * to_radians));
  m = cw_matrix_multiply (m, cw_matrix_shear (tanf (values[SHEAR] * to_radians), 0));
  m = cw_matrix_multiply (m, cw_matrix_scale (values[SCALE], values[SCALE]));
  m = cw_matrix_multiply (m, cw_matrix_translation (-0.5f, -0.5f));
  return cw_matrix_invert (m);
}

const CwTransformClass _cw_transform_affine = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "affine",
    .label = N_ ("Affine"),
    .description = N_ ("Rotates, shifts, scales and shears about the middle; stands after a crop, "
                       "where the view is square"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_GEOMETRIC,
  .drawn = drawn,
  .n_drawn = N_DRAWN,
  .draw = draw,
  .matrix = matrix,
};
