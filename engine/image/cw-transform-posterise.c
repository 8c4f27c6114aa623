/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>

CW_EXACT

#define MAX_BITS 8

typedef struct
{
  float probability;
  int bits;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.2,
                  N_ ("How often a view is posterised")),
  CW_PARAM_INT (Params, bits, "bits", N_ ("Bits"), "", 1, MAX_BITS, 5,
                N_ ("What is left of each channel: two to the power of this many levels")),
  CW_PARAM_END,
};

/* 0: all are left. */
static const CwDrawnSpec drawn[] = {
  { "bits", N_ ("Bits"), "" },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;

  values[0] = cw_rng_uniform (rng) < p->probability ? (float) p->bits : 0.0f;
}

/* torchvision's formula for float tensors: rounded down, so that white gets darker. */
CW_CLONES static void
round_down (float levels, size_t n, float *rgb)
{
  float step = 1.0f / levels, last = levels - 1.0f;

  for (size_t i = 0; i < n; i++)
    {
      float level = rgb[i] * levels;

      level = level > 0.0f ? level : 0.0f;
      level = level < last ? level : last;
      rgb[i] = step * (float) (int) level;
    }
}

static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  int bits = (int) CLAMP (values[0], 0.0f, (float) MAX_BITS);

  if (bits > 0)
    round_down ((float) (1 << bits), 3 * (size_t) size * (size_t) size, rgb);
}

const CwTransformClass _cw_transform_posterise = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "posterise",
    .label = N_ ("Posterise"),
    .description = N_ ("Leaves a few levels of each channel"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_COLOUR,
  .drawn = drawn,
  .n_drawn = G_N_ELEMENTS (drawn),
  .draw = draw,
  .apply = apply,
};
