/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include <glib/gi18n-lib.h>

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

static inline float
clamp01 (float x)
{
  x = x > 0.0f ? x : 0.0f;
  return x < 1.0f ? x : 1.0f;
}

static inline float
luma (const float *p)
{
  return CW_LUMA_R * p[0] + CW_LUMA_G * p[1] + CW_LUMA_B * p[2];
}

/* Returns the mean brightness of the result, which the contrast turns about. */
static float
apply_brightness (float factor, size_t n, float *rgb)
{
  double sum = 0;

  for (size_t i = 0; i < 3 * n; i++)
    rgb[i] = clamp01 (factor * rgb[i]);
  /* Lanes, so that the sum can be taken several at a time, in an order that is ours. */
  for (size_t i = 0; i < n;)
    {
      size_t end = MIN (i + 256, n);
      float lanes[4] = { 0 };

      for (; i + 4 <= end; i += 4)
        {
          for (size_t k = 0; k < 4; k++)
            lanes[k] += luma (rgb + 3 * (i + k));
        }
      for (; i < end; i++)
        lanes[0] += luma (rgb + 3 * i);
      sum += (double) (lanes[0] + lanes[1] + lanes[2] + lanes[3]);
    }
  return (float) (sum / (double) n);
}

static void
apply_contrast (float factor, float mean, size_t n, float *rgb)
{
  float rest = (1.0f - factor) * mean;

  for (size_t i = 0; i < 3 * n; i++)
    rgb[i] = clamp01 (factor * rgb[i] + rest);
}

static void
apply_saturation (float factor, size_t n, float *rgb)
{
  for (size_t i = 0; i < n; i++)
    {
      float *p = rgb + 3 * i;
      float rest = (1.0f - factor) * luma (p);

      p[0] = clamp01 (factor * p[0] + rest);
      p[1] = clamp01 (factor * p[1] + rest);
      p[2] = clamp01 (factor * p[2] + rest);
    }
}

/* One channel of HSV to RGB: value less chroma times how far (in sixths of the circle, @h6 >= 0)
 * the hue is from that channel. */
static inline float
hsv_channel (float h6, float offset, float value, float chroma)
{
  float k = h6 + offset, d;

  k -= 6.0f * (float) (int) (k * (1.0f / 6.0f));
  d = k < 4.0f - k ? k : 4.0f - k;
  return value - chroma * clamp01 (d);
}

static void
apply_hue (float turn, size_t n, float *rgb)
{
  for (size_t i = 0; i < n; i++)
    {
      float *p = rgb + 3 * i;
      float r = p[0], g = p[1], b = p[2];
      float most = r > g ? r : g, least = r < g ? r : g, chroma, scale, h;

      most = most > b ? most : b;
      least = least < b ? least : b;
      chroma = most - least;
      scale = 1.0f / (chroma > 0.0f ? chroma : 1.0f);
      /* In sixths of the circle: which channel is the largest, and where between its neighbours. */
      h = b >= most ? 4.0f + (r - g) * scale : 0.0f;
      h = g >= most ? 2.0f + (b - r) * scale : h;
      h = r >= most ? (g - b) * scale : h;
      h = chroma > 0.0f ? h + 6.0f * turn : 0.0f;
      h = h < 0.0f ? h + 6.0f : h;
      p[0] = clamp01 (hsv_channel (h, 5.0f, most, chroma));
      p[1] = clamp01 (hsv_channel (h, 3.0f, most, chroma));
      p[2] = clamp01 (hsv_channel (h, 1.0f, most, chroma));
    }
}

static inline gboolean
differs (float a, float b)
{
  return a < b || a > b;
}

/* A factor that changes nothing is left out, which also keeps its rounding out. */
static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  size_t n = (size_t) size * (size_t) size;

  if (differs (values[BRIGHTNESS], 1.0f) || differs (values[CONTRAST], 1.0f))
    {
      float mean = apply_brightness (values[BRIGHTNESS], n, rgb);

      if (differs (values[CONTRAST], 1.0f))
        apply_contrast (values[CONTRAST], mean, n, rgb);
    }
  if (differs (values[SATURATION], 1.0f))
    apply_saturation (values[SATURATION], n, rgb);
  if (differs (values[HUE], 0.0f))
    apply_hue (values[HUE], n, rgb);
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
