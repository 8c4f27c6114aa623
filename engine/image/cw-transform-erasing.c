/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the noise, as torchvision's fill has it where views are normalised by 0.5 and 0.25. */
#define NOISE_MEAN 0.5f
#define NOISE_SD 0.25f

enum
{
  FILL_GREY,
  FILL_MEAN,
  FILL_NOISE,
};

typedef struct
{
  float probability;
  float scale_min, scale_max;
  float ratio_min, ratio_max;
  int fill;
} Params;

static const char *const fills[] = { "grey", "mean", "noise", NULL };

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.2,
                  N_ ("How often a part of a view is erased")),
  CW_PARAM_FLOAT (Params, scale_min, "scale-min", N_ ("Smallest area"), "", 0, 1, 0.02,
                  N_ ("Smallest area of the rectangle, as a fraction of the view's")),
  CW_PARAM_FLOAT (Params, scale_max, "scale-max", N_ ("Largest area"), "", 0, 1, 0.1,
                  N_ ("Largest area of the rectangle, as a fraction of the view's")),
  CW_PARAM_FLOAT (Params, ratio_min, "ratio-min", N_ ("Smallest aspect"), "", 0.1, 10, 0.5,
                  N_ ("Smallest ratio of the rectangle's width to its height")),
  CW_PARAM_FLOAT (Params, ratio_max, "ratio-max", N_ ("Largest aspect"), "", 0.1, 10, 2,
                  N_ ("Largest ratio of the rectangle's width to its height")),
  CW_PARAM_ENUM (Params, fill, "fill", N_ ("Fill"), fills, FILL_GREY,
                 N_ ("What is there instead: grey, the view's mean colour, or noise")),
  CW_PARAM_END,
};

enum
{
  X,
  Y,
  WIDTH,
  HEIGHT,
  SEED,
  N_DRAWN,
};

static const CwDrawnSpec drawn[N_DRAWN] = {
  { "x", N_ ("Left edge"), "" },
  { "y", N_ ("Upper edge"), "" },
  { "width", N_ ("Width"), "" },
  { "height", N_ ("Height"), "" },
  { "seed", N_ ("Seed"), "" },
};

/* Area and aspect as torchvision's RandomErasing draws them; one that does not fit is cut to the
 * view, so that there is no second try. */
static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;
  float area, ratio;

  for (int i = 0; i < N_DRAWN; i++)
    values[i] = 0.0f;
  if (!(cw_rng_uniform (rng) < p->probability))
    return;
  area = cw_rng_range (rng, p->scale_min, p->scale_max);
  ratio = expf (cw_rng_range (rng, logf (p->ratio_min), logf (p->ratio_max)));
  values[WIDTH] = MIN (sqrtf (area * ratio), 1.0f);
  values[HEIGHT] = MIN (sqrtf (area / ratio), 1.0f);
  values[X] = cw_rng_uniform (rng) * (1.0f - values[WIDTH]);
  values[Y] = cw_rng_uniform (rng) * (1.0f - values[HEIGHT]);
  values[SEED] = _cw_draw_seed (rng);
}

/* The whole pixel nearest to a place in 0..1. */
static int
to_pixel (float place, int size)
{
  return (int) (CLAMP (place, 0.0f, 1.0f) * (float) size + 0.5f);
}

static void
paint (int begin, int end, const float colour[3], float *row)
{
  for (int x = begin; x < end; x++)
    {
      for (int c = 0; c < 3; c++)
        row[3 * x + c] = colour[c];
    }
}

static void
paint_noise (int begin, int end, const float *noise, float *row)
{
  for (int i = 3 * begin; i < 3 * end; i++)
    row[i] = clamp01 (NOISE_MEAN + NOISE_SD * noise[i - 3 * begin]);
}

static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  const Params *p = params;
  int left = to_pixel (values[X], size), right = to_pixel (values[X] + values[WIDTH], size);
  int top = to_pixel (values[Y], size), bottom = to_pixel (values[Y] + values[HEIGHT], size);
  float colour[3] = { 0.5f, 0.5f, 0.5f };

  if (right <= left || bottom <= top)
    return;
  if (p->fill == FILL_MEAN)
    _cw_mean_colour ((size_t) size * (size_t) size, rgb, colour);
  if (p->fill == FILL_NOISE)
    _cw_fill_noise (values[SEED], scratch, 3 * (size_t) (right - left) * (size_t) (bottom - top));
  for (int y = top; y < bottom; y++)
    {
      float *row = rgb + 3 * (size_t) y * (size_t) size;

      if (p->fill == FILL_NOISE)
        paint_noise (left, right, scratch + 3 * (y - top) * (right - left), row);
      else
        paint (left, right, colour, row);
    }
}

const CwTransformClass _cw_transform_erasing = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "erasing",
    .label = N_ ("Erasing"),
    .description = N_ ("Covers a rectangle of random place, area and aspect"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_COLOUR,
  .drawn = drawn,
  .n_drawn = N_DRAWN,
  .draw = draw,
  .apply = apply,
};
