/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>

CW_EXACT

/*
 * What a baseline JPEG file loses: JFIF's colours, blocks of 8 x 8 from the upper left corner,
 * their cosine transform, rounded to multiples of the tables that ITU-T T.81 gives in Annex K,
 * scaled by quality as libjpeg does. Chroma is not subsampled. The rest of a file, the entropy code,
 * loses nothing and is left out. Blocks that reach over the border repeat its pixels.
 */

#define SIDE 8
#define AREA (SIDE * SIDE)

typedef struct
{
  float probability;
  int quality_min, quality_max;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.3,
                  N_ ("How often a view is compressed")),
  CW_PARAM_INT (Params, quality_min, "quality-min", N_ ("Lowest quality"), "", 1, 100, 50,
                N_ ("Lowest quality, on libjpeg's scale from 1 to 100")),
  CW_PARAM_INT (Params, quality_max, "quality-max", N_ ("Highest quality"), "", 1, 100, 95,
                N_ ("Highest quality, on libjpeg's scale from 1 to 100")),
  CW_PARAM_END,
};

/* 0: not compressed. */
static const CwDrawnSpec drawn[] = {
  { "quality", N_ ("Quality"), "" },
};

static const guint8 tables[2][AREA] = {
  {
    16,  11,  10,  16,  24,  40,  51,  61,
    12,  12,  14,  19,  26,  58,  60,  55,
    14,  13,  16,  24,  40,  57,  69,  56,
    14,  17,  22,  29,  51,  87,  80,  62,
    18,  22,  37,  56,  68,  109, 103, 77,
    24,  35,  55,  64,  81,  104, 113, 92,
    49,  64,  78,  87,  103, 121, 120, 101,
    72,  92,  95,  98,  112, 100, 103, 99,
  },
  {
    17,  18,  24,  47,  99,  99,  99,  99,
    18,  21,  26,  66,  99,  99,  99,  99,
    24,  26,  56,  99,  99,  99,  99,  99,
    47,  66,  99,  99,  99,  99,  99,  99,
    99,  99,  99,  99,  99,  99,  99,  99,
    99,  99,  99,  99,  99,  99,  99,  99,
    99,  99,  99,  99,  99,  99,  99,  99,
    99,  99,  99,  99,  99,  99,  99,  99,
  },
};

/* Half the cosine of k pi / 16. */
#define C1 0.490392640f
#define C2 0.461939766f
#define C3 0.415734806f
#define C4 0.353553391f
#define C5 0.277785117f
#define C6 0.191341716f
#define C7 0.0975451610f

/* Row u: the cosine of frequency u, orthonormal; and the same turned round. */
static const float cosines[AREA] = {
   C4,  C4,  C4,  C4,  C4,  C4,  C4,  C4,
   C1,  C3,  C5,  C7, -C7, -C5, -C3, -C1,
   C2,  C6, -C6, -C2, -C2, -C6,  C6,  C2,
   C3, -C7, -C1, -C5,  C5,  C1,  C7, -C3,
   C4, -C4, -C4,  C4,  C4, -C4, -C4,  C4,
   C5, -C1,  C7,  C3, -C3, -C7,  C1, -C5,
   C6, -C2,  C2, -C6, -C6,  C2, -C2,  C6,
   C7, -C5,  C3, -C1,  C1, -C3,  C5, -C7,
};
static const float cosines_turned[AREA] = {
   C4,  C1,  C2,  C3,  C4,  C5,  C6,  C7,
   C4,  C3,  C6, -C7, -C4, -C1, -C2, -C5,
   C4,  C5, -C6, -C1, -C4,  C7,  C2,  C3,
   C4,  C7, -C2, -C5,  C4,  C3, -C6, -C1,
   C4, -C7, -C2,  C5,  C4, -C3, -C6,  C1,
   C4, -C5, -C6,  C1, -C4, -C7,  C2, -C3,
   C4, -C3,  C6,  C7, -C4,  C1, -C2,  C5,
   C4, -C1,  C2, -C3,  C4, -C5,  C6, -C7,
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;
  int range = MAX (p->quality_max - p->quality_min, 0) + 1;

  values[0] = 0.0f;
  if (cw_rng_uniform (rng) < p->probability)
    values[0] = (float) (p->quality_min + (int) cw_rng_below (rng, (guint32) range));
}

/* The steps of the coefficients, 1..255. */
static void
scale_table (const guint8 table[AREA], int quality, float step[AREA])
{
  int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;

  for (int i = 0; i < AREA; i++)
    step[i] = (float) CLAMP ((table[i] * scale + 50) / 100, 1, 255);
}

/* The transpose of @basis times @in: twice makes the transform in both directions. */
CW_INLINE void
transform (const float basis[AREA], const float in[AREA], float out[AREA])
{
  for (int u = 0; u < SIDE; u++)
    {
      float sum[SIDE] = { 0 };

      for (int y = 0; y < SIDE; y++)
        {
          for (int x = 0; x < SIDE; x++)
            sum[x] += basis[SIDE * u + y] * in[SIDE * y + x];
        }
      for (int x = 0; x < SIDE; x++)
        out[SIDE * x + u] = sum[x];
    }
}

/* To the nearest multiple of each step, by way of the numbers in which a float has no fractions. */
CW_INLINE void
quantise (const float step[AREA], float coefficients[AREA])
{
  const float whole = 0x1.8p23f;

  for (int i = 0; i < AREA; i++)
    coefficients[i] = (coefficients[i] / step[i] + whole - whole) * step[i];
}

CW_INLINE void
lose (const float step[AREA], float plane[AREA])
{
  float half[AREA], coefficients[AREA];

  transform (cosines, plane, half);
  transform (cosines, half, coefficients);
  quantise (step, coefficients);
  transform (cosines_turned, coefficients, half);
  transform (cosines_turned, half, plane);
}

/* Brightness less its middle, then the two differences, of 8-bit values. */
CW_INLINE void
split (int size, int left, int top, const float *rgb, float planes[3][AREA])
{
  for (int i = 0; i < AREA; i++)
    {
      int x = MIN (left + i % SIDE, size - 1), y = MIN (top + i / SIDE, size - 1);
      const float *p = rgb + 3 * ((size_t) y * (size_t) size + (size_t) x);
      float r = 255.0f * p[0], g = 255.0f * p[1], b = 255.0f * p[2];

      planes[0][i] = 0.299f * r + 0.587f * g + 0.114f * b - 128.0f;
      planes[1][i] = -0.168735892f * r - 0.331264108f * g + 0.5f * b;
      planes[2][i] = 0.5f * r - 0.418687589f * g - 0.0813124109f * b;
    }
}

CW_INLINE void
join (int size, int left, int top, float planes[3][AREA], float *rgb)
{
  const float unit = 1.0f / 255.0f;
  int w = MIN (SIDE, size - left), h = MIN (SIDE, size - top);

  for (int y = 0; y < h; y++)
    {
      for (int x = 0; x < w; x++)
        {
          float *p = rgb + 3 * ((size_t) (top + y) * (size_t) size + (size_t) (left + x));
          float luma = planes[0][SIDE * y + x] + 128.0f;
          float blue = planes[1][SIDE * y + x], red = planes[2][SIDE * y + x];

          p[0] = clamp01 (unit * (luma + 1.402f * red));
          p[1] = clamp01 (unit * (luma - 0.344136286f * blue - 0.714136286f * red));
          p[2] = clamp01 (unit * (luma + 1.772f * blue));
        }
    }
}

CW_CLONES static void
compress (const float luma_step[AREA], const float chroma_step[AREA], int size, float *rgb)
{
  float planes[3][AREA];

  for (int top = 0; top < size; top += SIDE)
    {
      for (int left = 0; left < size; left += SIDE)
        {
          split (size, left, top, rgb, planes);
          lose (luma_step, planes[0]);
          lose (chroma_step, planes[1]);
          lose (chroma_step, planes[2]);
          join (size, left, top, planes, rgb);
        }
    }
}

static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  int quality = (int) CLAMP (values[0], 0.0f, 100.0f);
  float luma_step[AREA], chroma_step[AREA];

  if (quality == 0)
    return;
  scale_table (tables[0], quality, luma_step);
  scale_table (tables[1], quality, chroma_step);
  compress (luma_step, chroma_step, size, rgb);
}

const CwTransformClass _cw_transform_jpeg = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "jpeg",
    .label = N_ ("JPEG"),
    .description = N_ ("Leaves what a JPEG file of low quality would; chroma keeps its resolution"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_FILTER,
  .drawn = drawn,
  .n_drawn = G_N_ELEMENTS (drawn),
  .draw = draw,
  .apply = apply,
};
