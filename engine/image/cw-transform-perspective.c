/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  float probability;
  float distortion;
} Params;

/* Up to 0.46 (by computation over all extreme corners) no horizon runs through the view, whatever
 * is drawn: all of it is in front. */
static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.5,
                  N_ ("How often a view is tilted")),
  CW_PARAM_FLOAT (Params, distortion, "distortion", N_ ("Distortion"), "", 0, 0.45, 0.15,
                  N_ ("How far the corners move inwards at most, as a fraction of half the side")),
  CW_PARAM_END,
};

/* How far each corner of the picture moves inwards, as a fraction of the side. */
static const CwDrawnSpec drawn[] = {
  { "top-left-x", N_ ("Upper left, across"), "" },
  { "top-left-y", N_ ("Upper left, down"), "" },
  { "top-right-x", N_ ("Upper right, across"), "" },
  { "top-right-y", N_ ("Upper right, down"), "" },
  { "bottom-right-x", N_ ("Lower right, across"), "" },
  { "bottom-right-y", N_ ("Lower right, up"), "" },
  { "bottom-left-x", N_ ("Lower left, across"), "" },
  { "bottom-left-y", N_ ("Lower left, up"), "" },
};

/* As torchvision's RandomPerspective, but without its rounding to whole pixels. */
static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;
  gboolean fires = cw_rng_uniform (rng) < p->probability;

  for (size_t i = 0; i < G_N_ELEMENTS (drawn); i++)
    values[i] = fires ? cw_rng_range (rng, 0.0f, 0.5f * p->distortion) : 0.0f;
}

/* The homography that takes the unit square to a quadrangle, corner by corner from (0, 0) clockwise
 * (Heckbert, "Fundamentals of texture mapping and image warping", 1989). */
static CwMatrix
square_to_quadrangle (const CwPoint q[4])
{
  float ax = q[1].x - q[2].x, bx = q[3].x - q[2].x, x = q[0].x - q[1].x - bx;
  float ay = q[1].y - q[2].y, by = q[3].y - q[2].y, y = q[0].y - q[1].y - by;
  float det = ax * by - bx * ay;
  float g = (x * by - bx * y) / det, h = (ax * y - x * ay) / det;

  return (CwMatrix){ { q[1].x - q[0].x + g * q[1].x, q[3].x - q[0].x + h * q[3].x, q[0].x,
                       q[1].y - q[0].y + g * q[1].y, q[3].y - q[0].y + h * q[3].y, q[0].y, g, h,
                       1 } };
}

static CwMatrix
matrix (gconstpointer params, const CwTransformContext *context, const float *values)
{
  const CwPoint corners[4] = {
    { values[0], values[1] },
    { 1 - values[2], values[3] },
    { 1 - values[4], 1 - values[5] },
    { values[6], 1 - values[7] },
  };

  return cw_matrix_invert (square_to_quadrangle (corners));
}

const CwTransformClass _cw_transform_perspective = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "perspective",
    .label = N_ ("Perspective"),
    .description = N_ ("Moves the corners inwards, each by itself; stands after a crop, where the "
                       "view is square"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_GEOMETRIC,
  .drawn = drawn,
  .n_drawn = G_N_ELEMENTS (drawn),
  .draw = draw,
  .matrix = matrix,
};
