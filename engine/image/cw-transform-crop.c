/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  float scale_min, scale_max;
  float ratio_min, ratio_max;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, scale_min, "scale-min", N_ ("Smallest area"), "", 0.05, 1, 0.6,
                  N_ ("Smallest area of the crop, as a fraction of the picture's")),
  CW_PARAM_FLOAT (Params, scale_max, "scale-max", N_ ("Largest area"), "", 0.05, 1, 1,
                  N_ ("Largest area of the crop, as a fraction of the picture's")),
  CW_PARAM_FLOAT (Params, ratio_min, "ratio-min", N_ ("Smallest aspect"), "", 0.5, 2, 0.9,
                  N_ ("Smallest ratio of the crop's width to its height")),
  CW_PARAM_FLOAT (Params, ratio_max, "ratio-max", N_ ("Largest aspect"), "", 0.5, 2, 1.11,
                  N_ ("Largest ratio of the crop's width to its height")),
  CW_PARAM_END,
};

enum
{
  X,
  Y,
  WIDTH,
  HEIGHT,
  N_DRAWN,
};

static const CwDrawnSpec drawn[N_DRAWN] = {
  { "x", N_ ("Left edge"), "" },
  { "y", N_ ("Upper edge"), "" },
  { "width", N_ ("Width"), "" },
  { "height", N_ ("Height"), "" },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;
  float aspect = (float) context->src_w / (float) context->src_h;
  float area = cw_rng_range (rng, p->scale_min, p->scale_max);
  float ratio = expf (cw_rng_range (rng, logf (p->ratio_min), logf (p->ratio_max)));
  /* Fractions of the picture; the ratio is one of pixels. */
  float w = sqrtf (area * ratio / aspect), h = sqrtf (area / ratio * aspect);
  float fit = 1.0f / MAX (MAX (w, h), 1.0f);

  /* A crop that does not fit keeps its shape and shrinks: no second try, so that the number of
   * draws is fixed. */
  w = MIN (w * fit, 1.0f);
  h = MIN (h * fit, 1.0f);
  values[X] = cw_rng_uniform (rng) * (1.0f - w);
  values[Y] = cw_rng_uniform (rng) * (1.0f - h);
  values[WIDTH] = w;
  values[HEIGHT] = h;
}

static CwMatrix
matrix (gconstpointer params, const CwTransformContext *context, const float *values)
{
  return cw_matrix_multiply (cw_matrix_translation (values[X], values[Y]),
                             cw_matrix_scale (values[WIDTH], values[HEIGHT]));
}

const CwTransformClass _cw_transform_crop = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "crop",
    .label = N_ ("Crop"),
    .description = N_ ("Cuts out a rectangle of random place, area and aspect"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_GEOMETRIC,
  .drawn = drawn,
  .n_drawn = N_DRAWN,
  .draw = draw,
  .matrix = matrix,
};
