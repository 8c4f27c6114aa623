/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>

CW_EXACT

enum
{
  EACH,
  GREY,
};

typedef struct
{
  float probability;
  float sd_min, sd_max;
  int channels;
} Params;

static const char *const channels[] = { "each", "grey", NULL };

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.3,
                  N_ ("How often a view gets noise")),
  CW_PARAM_FLOAT (Params, sd_min, "sd-min", N_ ("Smallest deviation"), "", 0, 0.5, 0.01,
                  N_ ("Smallest standard deviation; 1 is white")),
  CW_PARAM_FLOAT (Params, sd_max, "sd-max", N_ ("Largest deviation"), "", 0, 0.5, 0.05,
                  N_ ("Largest standard deviation; 1 is white")),
  CW_PARAM_ENUM (Params, channels, "channels", N_ ("Channels"), channels, EACH,
                 N_ ("each: every channel has noise of its own; grey: all have the same")),
  CW_PARAM_END,
};

enum
{
  SD,
  SEED,
  N_DRAWN,
};

static const CwDrawnSpec drawn[N_DRAWN] = {
  { "sd", N_ ("Standard deviation"), "" },
  { "seed", N_ ("Seed"), "" },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;

  values[SD] = values[SEED] = 0.0f;
  if (!(cw_rng_uniform (rng) < p->probability))
    return;
  values[SD] = cw_rng_range (rng, p->sd_min, p->sd_max);
  values[SEED] = _cw_draw_seed (rng);
}

CW_CLONES static void
add_each (float sd, const float *noise, size_t n, float *rgb)
{
  for (size_t i = 0; i < 3 * n; i++)
    rgb[i] = clamp01 (rgb[i] + sd * noise[i]);
}

CW_CLONES static void
add_grey (float sd, const float *noise, size_t n, float *rgb)
{
  for (size_t i = 0; i < n; i++)
    {
      float *p = rgb + 3 * i, add = sd * noise[i];

      p[0] = clamp01 (p[0] + add);
      p[1] = clamp01 (p[1] + add);
      p[2] = clamp01 (p[2] + add);
    }
}

static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  const Params *p = params;
  size_t n = (size_t) size * (size_t) size;

  if (!(values[SD] > 0))
    return;
  _cw_fill_noise (values[SEED], scratch, p->channels == GREY ? n : 3 * n);
  if (p->channels == GREY)
    add_grey (values[SD], scratch, n, rgb);
  else
    add_each (values[SD], scratch, n, rgb);
}

const CwTransformClass _cw_transform_noise = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "noise",
    .label = N_ ("Noise"),
    .description = N_ ("Adds Gaussian noise, pixel by pixel"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_COLOUR,
  .drawn = drawn,
  .n_drawn = N_DRAWN,
  .draw = draw,
  .apply = apply,
};
