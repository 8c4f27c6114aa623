/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>
#include <math.h>

CW_EXACT

typedef struct
{
  float probability;
  float strength;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.3,
                  N_ ("How often a view is lit from a side")),
  CW_PARAM_FLOAT (Params, strength, "strength", N_ ("Strength"), "", 0, 1, 0.3,
                  N_ ("Largest gain or loss of light, at the border; 1 doubles it and makes the "
                      "other side black")),
  CW_PARAM_END,
};

enum
{
  STRENGTH,
  DIRECTION,
  N_DRAWN,
};

static const CwDrawnSpec drawn[N_DRAWN] = {
  { "strength", N_ ("Strength"), "" },
  { "direction", N_ ("Direction of the light"), "°" },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;

  values[STRENGTH] = values[DIRECTION] = 0.0f;
  if (!(cw_rng_uniform (rng) < p->probability))
    return;
  values[STRENGTH] = cw_rng_range (rng, 0.0f, p->strength);
  values[DIRECTION] = cw_rng_range (rng, 0.0f, 360.0f);
}

/* @across: what the column adds to the gain, for each channel of each pixel. */
CW_CLONES static void
light_row (float gain, const float *across, size_t n, float *row)
{
  for (size_t i = 0; i < n; i++)
    row[i] = clamp01 (row[i] * (gain + across[i]));
}

/* The gain is 1 in the middle, 1 + strength where the light comes from and 1 - strength opposite,
 * and linear between: a direction of 0 is from the right, 90 from below. */
static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  float angle = values[DIRECTION] * (float) (G_PI / 180), side = (float) size;
  float dx = cosf (angle), dy = sinf (angle);
  /* The middles of the outermost pixels on the lit side get it all. */
  float scale = values[STRENGTH] / ((fabsf (dx) + fabsf (dy)) * MAX (side - 1.0f, 1.0f));
  size_t n = 3 * (size_t) size;

  if (!(values[STRENGTH] > 0))
    return;
  for (int x = 0; x < size; x++)
    {
      float gain = scale * dx * (2.0f * (float) x - (side - 1.0f));

      scratch[3 * x] = scratch[3 * x + 1] = scratch[3 * x + 2] = gain;
    }
  for (int y = 0; y < size; y++)
    light_row (1.0f + scale * dy * (2.0f * (float) y - (side - 1.0f)), scratch, n,
               rgb + n * (size_t) y);
}

const CwTransformClass _cw_transform_lighting = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "lighting",
    .label = N_ ("Lighting"),
    .description = N_ ("Lights the view from a side: brighter there, darker opposite"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_COLOUR,
  .drawn = drawn,
  .n_drawn = N_DRAWN,
  .draw = draw,
  .apply = apply,
};
