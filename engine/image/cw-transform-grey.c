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
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.2,
                  N_ ("How often a view loses its colour")),
  CW_PARAM_END,
};

static const CwDrawnSpec drawn[] = {
  { "grey", N_ ("Grey"), CW_UNIT_FLAG },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;

  values[0] = cw_rng_uniform (rng) < p->probability ? 1.0f : 0.0f;
}

CW_CLONES static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  size_t n = (size_t) size * (size_t) size;

  if (values[0] < 0.5f)
    return;
  for (size_t i = 0; i < n; i++)
    {
      float *p = rgb + 3 * i;
      float grey = CW_LUMA_R * p[0] + CW_LUMA_G * p[1] + CW_LUMA_B * p[2];

      p[0] = p[1] = p[2] = grey;
    }
}

const CwTransformClass _cw_transform_grey = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "grey",
    .label = N_ ("Grey"),
    .description = N_ ("Takes the colour away"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_COLOUR,
  .drawn = drawn,
  .n_drawn = G_N_ELEMENTS (drawn),
  .draw = draw,
  .apply = apply,
};
