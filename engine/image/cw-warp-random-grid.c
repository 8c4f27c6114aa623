/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-warps-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>

CW_EXACT

/*
 * The random grid of face-swapping tools: cells of a half, a quarter or an eighth of the side; each
 * node inside the view moves by normal deviates, those on the border stay, and the map between is
 * bilinear. The records are the nodes inside, row by row: with k cells a side, (k - 1)^2 of them.
 */

#define MAX_CELLS 8

typedef struct
{
  int cell;
  float magnitude_min, magnitude_max;
} Params;

enum
{
  CELL_RANDOM,
  CELL_HALF,
  CELL_QUARTER,
  CELL_EIGHTH,
};

static const char *const cells[] = { "random", "half", "quarter", "eighth", NULL };

static const CwParamSpec specs[] = {
  CW_PARAM_ENUM (Params, cell, "cell", N_ ("Cell"), cells, CELL_RANDOM,
                 N_ ("Side of a cell, as a fraction of the view's; random: one of the three each "
                     "time, but no half where a region is chosen")),
  CW_WARP_MAGNITUDE_SPECS (Params),
  CW_PARAM_END,
};

static void
draw (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  const Params *p = params;
  float size = (float) context->size, spacing;
  /* A half has one node, which is near no region. */
  int first = context->region > 0 ? CELL_QUARTER : CELL_HALF;
  int cell = first + (int) cw_rng_below (rng, (guint32) (CELL_EIGHTH + 1 - first)), k;
  float magnitude = size * cw_rng_range (rng, p->magnitude_min, p->magnitude_max);

  k = 1 << (p->cell == CELL_RANDOM ? cell : p->cell);
  spacing = size / (float) k;
  out->n = 0;
  for (int j = 1; j < k; j++)
    {
      for (int i = 1; i < k; i++)
        {
          float x = spacing * (float) i, y = spacing * (float) j;

          _cw_warp_draw_normal (_cw_warp_add_push (out, x, y, spacing),
                                _cw_warp_region_weight (context, x, y), rng);
        }
    }
  _cw_warp_set_magnitude (out, magnitude);
}

/* Displacement of node (i, j) of the backward map: opposite to the push. */
static void
node_at (const CwWarpDraw *draw, int k, int i, int j, float d[2])
{
  d[0] = d[1] = 0;
  if (i > 0 && j > 0 && i < k && j < k)
    {
      const CwPush *push = &draw->push[(j - 1) * (k - 1) + i - 1];

      d[0] = -push->dx;
      d[1] = -push->dy;
    }
}

/* The nodes' displacements along the row that is at @v cells from the top. */
static void
blend_nodes (const CwWarpDraw *draw, int k, float v, float nodes[2 * (MAX_CELLS + 1)])
{
  int j = MIN ((int) v, k - 1);
  float a[2], b[2];

  v -= (float) j;
  for (int i = 0; i <= k; i++)
    {
      node_at (draw, k, i, j, a);
      node_at (draw, k, i, j + 1, b);
      nodes[2 * i] = a[0] + v * (b[0] - a[0]);
      nodes[2 * i + 1] = a[1] + v * (b[1] - a[1]);
    }
}

static void
fill (gconstpointer params, const CwWarpDraw *draw, CwField *field)
{
  int k = MIN (_cw_warp_lattice_side (draw->n) + 1, MAX_CELLS);
  float *d = field->d, nodes[2 * (MAX_CELLS + 1)];
  float sx = (float) k / (float) field->w, sy = (float) k / (float) field->h;

  for (int j = 0; j < field->h; j++)
    {
      blend_nodes (draw, k, ((float) j + 0.5f) * sy, nodes);
      for (int i = 0; i < field->w; i++, d += 2)
        {
          float u = ((float) i + 0.5f) * sx;
          int cell = MIN ((int) u, k - 1);
          const float *node = nodes + 2 * cell;

          u -= (float) cell;
          d[0] = node[0] + u * (node[2] - node[0]);
          d[1] = node[1] + u * (node[3] - node[1]);
        }
    }
}

const CwWarpClass _cw_warp_random_grid = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_WARP,
    .id = "random-grid",
    .label = N_ ("Random grid"),
    .description = N_ ("Moves the nodes of a grid at random, those on the border excepted; needs "
                       "no landmarks"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .draw = draw,
  .fill = fill,
};
