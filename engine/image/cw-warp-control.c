/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-warps-private.h"

#include <math.h>

/* Standard deviation of the bump around the points of a region, as a fraction of the side. */
#define REGION_REACH 0.1f

int
_cw_warp_list_candidates (const CwWarpContext *context, guint8 candidates[CW_WARP_MAX_POINTS])
{
  int n = 0, n_points = MIN (context->n_points, CW_WARP_MAX_POINTS);

  for (int i = 0; context->region > 0 && context->regions != NULL && i < n_points; i++)
    {
      if (context->regions[i] == context->region - 1)
        candidates[n++] = (guint8) i;
    }
  for (int i = 0; n == 0 && i < n_points; i++)
    candidates[i] = (guint8) i;
  return n > 0 ? n : n_points;
}

guint8
_cw_warp_pick (guint8 *candidates, int n, int taken, CwRng *rng)
{
  int pick = taken + (int) cw_rng_below (rng, (guint32) (n - taken));
  guint8 index = candidates[pick];

  candidates[pick] = candidates[taken];
  candidates[taken] = index;
  return index;
}

float
_cw_warp_region_weight (const CwWarpContext *context, float x, float y)
{
  float reach = REGION_REACH * (float) context->size, nearest = G_MAXFLOAT;
  guint8 candidates[CW_WARP_MAX_POINTS];
  int n = _cw_warp_list_candidates (context, candidates);

  if (context->region == 0 || context->regions == NULL
      || context->regions[candidates[0]] != context->region - 1)
    return 1;
  for (int i = 0; i < n; i++)
    {
      float dx = x - context->points[candidates[i]].x, dy = y - context->points[candidates[i]].y;

      nearest = MIN (nearest, dx * dx + dy * dy);
    }
  return expf (-0.5f * nearest / (reach * reach));
}

CwPush *
_cw_warp_add_push (CwWarpDraw *draw, float x, float y, float radius)
{
  CwPush *push = &draw->push[draw->n++];

  *push = (CwPush){ .x = x, .y = y, .radius = radius };
  return push;
}

gboolean
_cw_warp_is_near (const CwWarpDraw *draw, float x, float y, float distance)
{
  for (int i = 0; i < draw->n; i++)
    {
      float dx = x - draw->push[i].x, dy = y - draw->push[i].y;

      if (dx * dx + dy * dy < distance * distance)
        return TRUE;
    }
  return FALSE;
}

void
_cw_warp_hold_border (CwWarpDraw *draw, float size, float distance)
{
  for (int i = 0; i < 9; i++)
    {
      float x = 0.5f * size * (float) (i % 3), y = 0.5f * size * (float) (i / 3);

      if (i != 4 && !_cw_warp_is_near (draw, x, y, distance))
        _cw_warp_add_push (draw, x, y, size);
    }
}

void
_cw_warp_draw_normal (CwPush *push, float weight, CwRng *rng)
{
  push->dx = weight * cw_rng_normal (rng);
  push->dy = weight * cw_rng_normal (rng);
}

void
_cw_warp_set_magnitude (CwWarpDraw *draw, float magnitude)
{
  float largest = 0;

  for (int i = 0; i < draw->n; i++)
    largest = MAX (largest, hypotf (draw->push[i].dx, draw->push[i].dy));
  draw->magnitude = magnitude;
  if (!(largest > 0))
    return;
  for (int i = 0; i < draw->n; i++)
    {
      draw->push[i].dx *= magnitude / largest;
      draw->push[i].dy *= magnitude / largest;
    }
}

int
_cw_warp_lattice_side (int n)
{
  int side = 0;

  while ((side + 1) * (side + 1) <= n)
    side++;
  return side;
}
