/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-warps-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

CW_EXACT

/*
 * Noise smoothed by a Gaussian (Simard, Steinkraus, Platt, "Best practices for convolutional neural
 * networks applied to visual document analysis", ICDAR'03). The noise is on a square lattice over
 * the view instead of on every pixel: with no more than LARGEST_SPACING standard deviations between
 * the nodes, the variance of what is made of it ripples by about four per cent. The records are the
 * nodes, row by row; their radius is the standard deviation.
 */

#define LARGEST_SPACING 1.6f
#define MAX_NODES 12 /* a side */
#define CHUNK 64     /* columns made at a time */

typedef struct
{
  float sigma;
  float magnitude_min, magnitude_max;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, sigma, "sigma", N_ ("Smoothness"), "", 0.06, 0.5, 0.12,
                  N_ ("Standard deviation of the Gaussian that smooths the noise, as a fraction of "
                      "the side")),
  CW_WARP_MAGNITUDE_SPECS (Params),
  CW_PARAM_END,
};

static void
draw (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  const Params *p = params;
  float size = (float) context->size, spacing;
  float magnitude = size * cw_rng_range (rng, p->magnitude_min, p->magnitude_max);
  int n = (int) ceilf (1.0f / (LARGEST_SPACING * p->sigma)) + 1;

  n = CLAMP (n, 3, MAX_NODES);
  spacing = size / (float) (n - 1);
  out->n = 0;
  for (int i = 0; i < n * n; i++)
    {
      float x = spacing * (float) (i % n), y = spacing * (float) (i / n);

      _cw_warp_draw_normal (_cw_warp_add_push (out, x, y, p->sigma * size),
                            _cw_warp_region_weight (context, x, y), rng);
    }
  _cw_warp_set_magnitude (out, magnitude);
}

static float
gauss (float x, float sigma)
{
  return expf (-0.5f * x * x / (sigma * sigma));
}

/* Adds @d times the weights to @n pixels of a row. */
CW_CLONES static void
add_column (const float *weight, const float d[2], int n, float *row)
{
  for (int i = 0; i < n; i++)
    {
      row[2 * i] += d[0] * weight[i];
      row[2 * i + 1] += d[1] * weight[i];
    }
}

/* Columns @begin and the @n after it: the Gaussian is a product of one along x and one along y. */
static void
fill_columns (const CwWarpDraw *draw, int nodes, int begin, int n, CwField *field)
{
  float sigma = draw->push[0].radius, across[MAX_NODES][CHUNK];

  for (int k = 0; k < nodes; k++)
    {
      for (int i = 0; i < n; i++)
        across[k][i] = gauss ((float) (begin + i) + 0.5f - draw->push[k].x, sigma);
    }
  for (int j = 0; j < field->h; j++)
    {
      float *row = field->d + 2 * ((size_t) j * (size_t) field->w + (size_t) begin);
      float d[MAX_NODES][2] = { 0 };

      for (int l = 0; l < nodes; l++)
        {
          const CwPush *push = &draw->push[l * nodes];
          float down = gauss ((float) j + 0.5f - push->y, sigma);

          for (int k = 0; k < nodes; k++)
            {
              d[k][0] -= down * push[k].dx;
              d[k][1] -= down * push[k].dy;
            }
        }
      for (int k = 0; k < nodes; k++)
        add_column (across[k], d[k], n, row);
    }
}

static void
fill (gconstpointer params, const CwWarpDraw *draw, CwField *field)
{
  int nodes = MIN (_cw_warp_lattice_side (draw->n), MAX_NODES);

  cw_field_clear (field);
  if (nodes == 0 || !(draw->push[0].radius > 0))
    return;
  for (int begin = 0; begin < field->w; begin += CHUNK)
    fill_columns (draw, nodes, begin, MIN (CHUNK, field->w - begin), field);
}

const CwWarpClass _cw_warp_elastic = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_WARP,
    .id = "elastic",
    .label = N_ ("Elastic"),
    .description = N_ ("Moves everything by smoothed noise; needs no landmarks"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .draw = draw,
  .fill = fill,
};
