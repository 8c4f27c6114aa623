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
  float brightness, contrast, saturation, hue;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.8,
                  N_ ("How often a view's colours are changed")),
  CW_PARAM_FLOAT (Params, brightness, "brightness", N_ ("Brightness"), "", 0, 1, 0.4,
                  N_ ("The factor is drawn from 1 minus to 1 plus this")),
  CW_PARAM_FLOAT (Params, contrast, "contrast", N_ ("Contrast"), "", 0, 1, 0.4,
                  N_ ("The factor is drawn from 1 minus to 1 plus this")),
  CW_PARAM_FLOAT (Params, saturation, "saturation", N_ ("Saturation"), "", 0, 1, 0.2,
                  N_ ("The factor is drawn from 1 minus to 1 plus this")),
  CW_PARAM_FLOAT (Params, hue, "hue", N_ ("Hue"), "", 0, 0.5, 0.05,
                  N_ ("Largest turn of the colour circle either way; 1 is the whole circle")),
  CW_PARAM_END,
};

enum
{
  BRIGHTNESS,
  CONTRAST,
  SATURATION,
  HUE,
  N_DRAWN,
};

static const CwDrawnSpec drawn[N_DRAWN] = {
  { "brightness", N_ ("Brightness factor"), "" },
  { "contrast", N_ ("Contrast factor"), "" },
  { "saturation", N_ ("Saturation factor"), "" },
  { "hue", N_ ("Hue turn"), "" },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;
  gboolean fires = cw_rng_uniform (rng) < p->probability;

  values[BRIGHTNESS] = values[CONTRAST] = values[SATURATION] = 1.0f;
  values[HUE] = 0.0f;
  if (!fires)
    return;
  values[BRIGHTNESS] = cw_rng_range (rng, 1.0f - p->brightness, 1.0f + p->brightness);
  values[CONTRAST] = cw_rng_range (rng, 1.0f - p->contrast, 1.0f + p->contrast);
  values[SATURATION] = cw_rng_range (rng, 1.0f - p->saturation, 1.0f + p->saturation);
  values[HUE] = cw_rng_range (rng, -p->hue, p->hue);
}

/* The formulas below are torchvision's (ColorJitter on float tensors), here in a fixed order:
 * brightness, contrast, saturation, hue. */

static inline gboolean
differs (float a, float b)
{
  return a < b || a > b;
}

CW_INLINE float
luma (float r, float g, float b)
{
  return CW_LUMA_R * r + CW_LUMA_G * g + CW_LUMA_B * b;
}

static float
mean_luma (size_t n, const float *rgb)
{
  float mean[3];

  _cw_mean_colour (n, rgb, mean);
  return luma (mean[0], mean[1], mean[2]);
}

CW_CLONES static void
apply_brightness (float factor, size_t n, float *rgb)
{
  for (size_t i = 0; i < 3 * n; i++)
    rgb[i] = clamp01 (factor * rgb[i]);
}

CW_CLONES static void
apply_contrast (float factor, size_t n, float *rgb)
{
  float rest = (1.0f - factor) * mean_luma (n, rgb);

  for (size_t i = 0; i < 3 * n; i++)
    rgb[i] = clamp01 (factor * rgb[i] + rest);
}

/* Saturation and hue mix the channels; they work on planes of a few pixels, which vectorises. */
#define CHUNK 64

typedef struct
{
  float r[CHUNK], g[CHUNK], b[CHUNK];
} Planes;

CW_INLINE void
saturate (float factor, Planes *p)
{
  for (int i = 0; i < CHUNK; i++)
    {
      float rest = (1.0f - factor) * luma (p->r[i], p->g[i], p->b[i]);

      p->r[i] = clamp01 (factor * p->r[i] + rest);
      p->g[i] = clamp01 (factor * p->g[i] + rest);
      p->b[i] = clamp01 (factor * p->b[i] + rest);
    }
}

/* One channel of HSV to RGB: value less chroma times how far (in sixths of the circle, @h >= 0) the
 * hue is from that channel, between 0 and 1. */
CW_INLINE float
hsv_channel (float h, float offset, float value, float chroma)
{
  float k = h + offset, d;

  k -= 6.0f * (float) (int) (k * (1.0f / 6.0f));
  d = 2.0f - fabsf (k - 2.0f);
  return value - 0.5f * chroma * (fabsf (d) - fabsf (d - 1.0f) + 1.0f);
}

/* Small loops without branches: in one piece, or with the choices written as such, it would not be
 * vectorised. */
CW_INLINE void
turn_hue (float turn, Planes *p)
{
  float most[CHUNK], chroma[CHUNK], scale[CHUNK], red[CHUNK], green[CHUNK];
  int colourful = 0;

  for (int i = 0; i < CHUNK; i++)
    {
      float high = p->r[i] > p->g[i] ? p->r[i] : p->g[i];
      float low = p->r[i] < p->g[i] ? p->r[i] : p->g[i];

      most[i] = high > p->b[i] ? high : p->b[i];
      chroma[i] = most[i] - (low < p->b[i] ? low : p->b[i]);
    }
  for (int i = 0; i < CHUNK; i++)
    {
      red[i] = p->r[i] >= most[i] ? 1.0f : 0.0f;
      green[i] = p->g[i] >= most[i] ? 1.0f : 0.0f;
      /* Without chroma the hue is of no account, and all differences are 0. */
      scale[i] = 1.0f / (chroma[i] > 1e-12f ? chroma[i] : 1e-12f);
      colourful |= chroma[i] > 0.0f;
    }
  if (!colourful)
    return;
  for (int i = 0; i < CHUNK; i++)
    {
      /* In sixths of the circle: which channel is the largest, and where between its neighbours.
       * One more turn keeps it positive. */
      float from_red = (p->g[i] - p->b[i]) * scale[i];
      float from_green = (p->b[i] - p->r[i]) * scale[i] + 2.0f;
      float from_blue = (p->r[i] - p->g[i]) * scale[i] + 4.0f;
      float other = from_blue + green[i] * (from_green - from_blue);
      float h = other + red[i] * (from_red - other) + 6.0f * (turn + 1.0f);

      p->r[i] = clamp01 (hsv_channel (h, 5.0f, most[i], chroma[i]));
      p->g[i] = clamp01 (hsv_channel (h, 3.0f, most[i], chroma[i]));
      p->b[i] = clamp01 (hsv_channel (h, 1.0f, most[i], chroma[i]));
    }
}

CW_CLONES static void
apply_saturation_and_hue (float saturation, float hue, size_t n, float *rgb)
{
  Planes p = { 0 };

  for (size_t i = 0; i < n; i += CHUNK, rgb += 3 * CHUNK)
    {
      size_t m = MIN (n - i, CHUNK);

      for (size_t k = 0; k < m; k++)
        {
          p.r[k] = rgb[3 * k];
          p.g[k] = rgb[3 * k + 1];
          p.b[k] = rgb[3 * k + 2];
        }
      if (differs (saturation, 1.0f))
        saturate (saturation, &p);
      if (differs (hue, 0.0f))
        turn_hue (hue, &p);
      for (size_t k = 0; k < m; k++)
        {
          rgb[3 * k] = p.r[k];
          rgb[3 * k + 1] = p.g[k];
          rgb[3 * k + 2] = p.b[k];
        }
    }
}

/* A factor that changes nothing is left out, which also keeps its rounding out. */
static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  size_t n = (size_t) size * (size_t) size;

  if (differs (values[BRIGHTNESS], 1.0f))
    apply_brightness (values[BRIGHTNESS], n, rgb);
  if (differs (values[CONTRAST], 1.0f))
    apply_contrast (values[CONTRAST], n, rgb);
  if (differs (values[SATURATION], 1.0f) || differs (values[HUE], 0.0f))
    apply_saturation_and_hue (values[SATURATION], values[HUE], n, rgb);
}

const CwTransformClass _cw_transform_colour_jitter = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "colour-jitter",
    .label = N_ ("Colour jitter"),
    .description = N_ ("Changes brightness, contrast, saturation and hue"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_COLOUR,
  .drawn = drawn,
  .n_drawn = N_DRAWN,
  .draw = draw,
  .apply = apply,
};
