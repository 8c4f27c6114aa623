/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>

CW_EXACT

typedef struct
{
  float probability;
  float threshold;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.2,
                  N_ ("How often a view is solarised")),
  CW_PARAM_FLOAT (Params, threshold, "threshold", N_ ("Threshold"), "", 0, 1, 0.75,
                  N_ ("Values from here on are inverted; 1 is white")),
  CW_PARAM_END,
};

static const CwDrawnSpec drawn[] = {
  { "solarise", N_ ("Solarised"), CW_UNIT_FLAG },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;

  values[0] = cw_rng_uniform (rng) < p->probability ? 1.0f : 0.0f;
}

CW_CLONES static void
invert_from (float threshold, size_t n, float *rgb)
{
  for (size_t i = 0; i < n; i++)
    {
      float sign = rgb[i] >= threshold ? -1.0f : 1.0f, white = rgb[i] >= threshold ? 1.0f : 0.0f;

      rgb[i] = white + sign * rgb[i];
    }
}

static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  const Params *p = params;

  if (values[0] >= 0.5f)
    invert_from (p->threshold, 3 * (size_t) size * (size_t) size, rgb);
}

const CwTransformClass _cw_transform_solarise = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "solarise",
    .label = N_ ("Solarise"),
    .description = N_ ("Inverts what is bright"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_COLOUR,
  .drawn = drawn,
  .n_drawn = G_N_ELEMENTS (drawn),
  .draw = draw,
  .apply = apply,
};
