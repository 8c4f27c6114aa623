/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-transforms-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

CW_EXACT

/* Sigma is given for a view of this side and grows with the view's: the same blur of a face
 * whatever the resolution. */
#define REFERENCE_SIDE 48.0f

/* Taps on either side: enough for the largest sigma on a side of 2700 px; cut off beyond. */
#define MAX_RADIUS 512

typedef struct
{
  float probability;
  float sigma_min, sigma_max;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, probability, "probability", N_ ("Probability"), "", 0, 1, 0.3,
                  N_ ("How often a view is blurred")),
  CW_PARAM_FLOAT (Params, sigma_min, "sigma-min", N_ ("Smallest sigma"), "px/48", 0.01, 3, 0.1,
                  N_ ("Smallest standard deviation, in pixels of a view of side 48")),
  CW_PARAM_FLOAT (Params, sigma_max, "sigma-max", N_ ("Largest sigma"), "px/48", 0.01, 3, 1.5,
                  N_ ("Largest standard deviation, in pixels of a view of side 48")),
  CW_PARAM_END,
};

static const CwDrawnSpec drawn[] = {
  { "sigma", N_ ("Sigma"), "px/48" },
};

static void
draw (gconstpointer params, const CwTransformContext *context, CwRng *rng, float *values)
{
  const Params *p = params;
  gboolean fires = cw_rng_uniform (rng) < p->probability;

  values[0] = fires ? cw_rng_range (rng, p->sigma_min, p->sigma_max) : 0.0f;
}

/* One half of the kernel, middle first; the whole sums to 1. Returns the radius. */
static int
make_kernel (float sigma, float kernel[MAX_RADIUS + 1])
{
  int radius = (int) MIN (ceilf (3.0f * sigma), (float) MAX_RADIUS);
  float sum = 0;

  for (int k = radius; k >= 0; k--)
    {
      kernel[k] = expf (-0.5f * (float) (k * k) / (sigma * sigma));
      sum += k > 0 ? 2 * kernel[k] : kernel[k];
    }
  for (int k = 0; k <= radius; k++)
    kernel[k] /= sum;
  return radius;
}

/* The border pixel itself is the mirror: -1 is 1. */
static inline int
reflect (int i, int n)
{
  int period = 2 * MAX (n - 1, 1);

  i = ABS (i) % period;
  return i < n ? i : period - i;
}

CW_CLONES static void
blur_down (const float *in, int size, const float *kernel, int radius, float *out)
{
  size_t n = 3 * (size_t) size;

  for (int y = 0; y < size; y++)
    {
      const float *row = in + n * (size_t) y;
      float *o = out + n * (size_t) y;

      for (size_t i = 0; i < n; i++)
        o[i] = kernel[0] * row[i];
      for (int k = 1; k <= radius; k++)
        {
          const float *above = in + n * (size_t) reflect (y - k, size);
          const float *below = in + n * (size_t) reflect (y + k, size);

          for (size_t i = 0; i < n; i++)
            o[i] += kernel[k] * (above[i] + below[i]);
        }
    }
}

static void
blur_pixel (const float *row, int x, int size, const float *kernel, int radius, float *out)
{
  for (int c = 0; c < 3; c++)
    out[3 * x + c] = kernel[0] * row[3 * x + c];
  for (int k = 1; k <= radius; k++)
    {
      const float *left = row + 3 * reflect (x - k, size);
      const float *right = row + 3 * reflect (x + k, size);

      for (int c = 0; c < 3; c++)
        out[3 * x + c] += kernel[k] * (left[c] + right[c]);
    }
}

CW_CLONES static void
blur_across (const float *in, int size, const float *kernel, int radius, float *out)
{
  int inner = MIN (radius, size), end = MAX (size - radius, inner);

  for (int y = 0; y < size; y++, in += 3 * size, out += 3 * size)
    {
      for (int x = 0; x < inner; x++)
        blur_pixel (in, x, size, kernel, radius, out);
      for (int i = 3 * inner; i < 3 * end; i++)
        out[i] = kernel[0] * in[i];
      for (int k = 1; k <= radius; k++)
        {
          for (int i = 3 * inner; i < 3 * end; i++)
            out[i] += kernel[k] * (in[i - 3 * k] + in[i + 3 * k]);
        }
      for (int x = end; x < size; x++)
        blur_pixel (in, x, size, kernel, radius, out);
    }
}

static void
apply (gconstpointer params, const float *values, int size, float *rgb, float *scratch)
{
  float kernel[MAX_RADIUS + 1];
  float sigma = values[0] * (float) size / REFERENCE_SIDE;
  int radius;

  if (!(sigma > 0))
    return;
  radius = make_kernel (sigma, kernel);
  blur_down (rgb, size, kernel, radius, scratch);
  blur_across (scratch, size, kernel, radius, rgb);
}

const CwTransformClass _cw_transform_blur = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_TRANSFORM,
    .id = "blur",
    .label = N_ ("Blur"),
    .description = N_ ("Gaussian blur; the border reflects"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .pattern = CW_TRANSFORM_FILTER,
  .drawn = drawn,
  .n_drawn = G_N_ELEMENTS (drawn),
  .draw = draw,
  .apply = apply,
};
