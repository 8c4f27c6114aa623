/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-transforms-private.h"

CW_EXACT

const CwTransformClass *const cw_builtin_transforms[] = {
  &_cw_transform_crop,          &_cw_transform_flip,     &_cw_transform_affine,
  &_cw_transform_colour_jitter, &_cw_transform_grey,     &_cw_transform_blur,
  &_cw_transform_perspective,   &_cw_transform_solarise, &_cw_transform_posterise,
  &_cw_transform_noise,         &_cw_transform_erasing,  &_cw_transform_jpeg,
  &_cw_transform_lighting,      NULL,
};

/* Twelve sums (four pixels) side by side, emptied now and then, so that they can be formed several
 * at a time in an order that is ours. */
CW_CLONES void
_cw_mean_colour (size_t n, const float *rgb, float mean[3])
{
  double sum[3] = { 0 };
  size_t i = 0;

  while (i + 4 <= n)
    {
      size_t end = MIN (i + 1024, n - n % 4);
      float lanes[12] = { 0 };

      for (; i < end; i += 4)
        {
          for (size_t k = 0; k < 12; k++)
            lanes[k] += rgb[3 * i + k];
        }
      for (size_t k = 0; k < 12; k++)
        sum[k % 3] += (double) lanes[k];
    }
  for (i *= 3; i < 3 * n; i++)
    sum[i % 3] += (double) rgb[i];
  for (size_t c = 0; c < 3; c++)
    mean[c] = (float) (sum[c] / (double) n);
}

float
_cw_draw_seed (CwRng *rng)
{
  return (float) (cw_rng_next (rng) >> 8);
}

void
_cw_fill_noise (float seed, float *noise, size_t n)
{
  CwRng rng = cw_rng_new ((guint64) MAX (seed, 0.0f), CW_RNG_PIXELS, 0, 0, 0, 0);

  cw_rng_fill_normal (&rng, noise, n);
}
