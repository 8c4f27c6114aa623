/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-warps-private.h"

#include "base/cw-clones.h"

#include <glib/gi18n-lib.h>
#include <math.h>

CW_EXACT

/*
 * The local translation of interactive image warping (Gustafson, "Interactive image warping",
 * 1993): with centre c, drag V and radius R, the point x of the result shows
 *
 *   u = x - t^2 V,   t = (R^2 - |x-c|^2) / (R^2 - |x-c|^2 + |V|^2)   within the disc, else u = x.
 *
 * With r = |V| / R, what is at c moves by |V| / (1 + r^2)^2: less than the drag, and never more
 * than 0.325 R, reached at r = 1 / sqrt 3. A smaller drag with the same effect exists too, but
 * there the displacement falls from almost all to nothing in a thin ring, and the map folds; for
 * r >= 1 / sqrt 3 it never does. So a push states the displacement of its centre, and the drag is
 * the larger of the two that cause it.
 */

#define LEAST_RATIO 0.57735027f /* 1 / sqrt 3 */
#define MAX_POINTS 64

typedef struct
{
  int points;
  float magnitude_min, magnitude_max;
  float radius_min, radius_max;
  float jitter;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, points, "points", N_ ("Pushes"), "", 1, MAX_POINTS, 3,
                N_ ("How many points are pushed")),
  CW_PARAM_FLOAT (Params, magnitude_min, "magnitude-min", N_ ("Smallest push"), "", 0.002, 0.5,
                  0.07, N_ ("Smallest displacement of a pushed point, as a fraction of the side")),
  CW_PARAM_FLOAT (Params, magnitude_max, "magnitude-max", N_ ("Largest push"), "", 0.002, 0.5, 0.1,
                  N_ ("Largest displacement of a pushed point, as a fraction of the side")),
  CW_PARAM_FLOAT (Params, radius_min, "radius-min", N_ ("Smallest radius"), "", 0.05, 1, 0.32,
                  N_ ("Smallest reach of a push, as a fraction of the side")),
  CW_PARAM_FLOAT (Params, radius_max, "radius-max", N_ ("Largest radius"), "", 0.05, 1, 0.4,
                  N_ ("Largest reach of a push, as a fraction of the side")),
  CW_PARAM_FLOAT (Params, jitter, "jitter", N_ ("Jitter"), "", 0, 0.5, 0.03,
                  N_ ("How far along each axis a push may be from its landmark, as a fraction of "
                      "the side")),
  CW_PARAM_END,
};

static void
draw (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  const Params *p = params;
  float size = (float) context->size;
  guint8 candidates[CW_WARP_MAX_POINTS];
  int n = _cw_warp_list_candidates (context, candidates);

  out->n = p->points;
  for (int i = 0; i < out->n; i++)
    {
      /* Without replacement; when none is left, all are there again. */
      guint8 index = _cw_warp_pick (candidates, n, i % n, rng);
      CwPush *push = &out->push[i];
      float angle, length;

      push->x = context->points[index].x + size * cw_rng_range (rng, -p->jitter, p->jitter);
      push->y = context->points[index].y + size * cw_rng_range (rng, -p->jitter, p->jitter);
      push->x = CLAMP (push->x, 0.0f, size);
      push->y = CLAMP (push->y, 0.0f, size);
      angle = cw_rng_range (rng, 0.0f, (float) (2 * G_PI));
      length = size * cw_rng_range (rng, p->magnitude_min, p->magnitude_max);
      push->dx = length * cosf (angle);
      push->dy = length * sinf (angle);
      push->radius = size * cw_rng_range (rng, p->radius_min, p->radius_max);
    }
}

/* The square of the ratio r of drag to radius, r >= 1 / sqrt 3, for which the centre moves by
 * @share of the radius: r / (1 + r^2)^2 = share. A share beyond reach gets the ratio of the largest
 * that is not; the displacement is then scaled up. */
static float
square_ratio (float share)
{
  float lo = LEAST_RATIO, hi = 64.0f;

  for (int i = 0; i < 30; i++)
    {
      float mid = 0.5f * (lo + hi), q = 1.0f + mid * mid;

      if (mid > share * q * q)
        lo = mid;
      else
        hi = mid;
    }
  return lo * lo;
}

/* Moves the source points from @begin to @end of a row on by one push. With s = t^2 / t(c)^2 in 0..1,
 * u = x - s d. */
CW_CLONES static void
push_span (const CwPush *push, float ratio2, float y, int begin, int end, float *row)
{
  float scale = 1.0f / (push->radius * push->radius);

  CW_IVDEP
  for (int i = begin; i < end; i++)
    {
      float ux = (float) i + 0.5f + row[2 * i], uy = y + row[2 * i + 1];
      float x = ux - push->x, v = uy - push->y;
      float inside = 1.0f - (x * x + v * v) * scale, t;

      inside = inside > 0.0f ? inside : 0.0f;
      t = inside * (1.0f + ratio2) / (inside + ratio2);
      row[2 * i] -= t * t * push->dx;
      row[2 * i + 1] -= t * t * push->dy;
    }
}

/* The part of a row that a push can reach when earlier ones moved its points by @moved px at most. The
 * rest would be moved by exactly nothing. */
static void
push_row (const CwPush *push, float ratio2, float moved, float y, int w, float *row)
{
  /* One more pixel for the rounding. */
  float reach = push->radius + moved + 1.0f, far = y - push->y;
  float half = reach * reach - far * far;

  if (!(half > 0))
    return;
  half = sqrtf (half) + 1.0f;
  push_span (push, ratio2, y, (int) CLAMP (push->x - half, 0.0f, (float) w),
             (int) CLAMP (push->x + half + 1.0f, 0.0f, (float) w), row);
}

/* The picture is pushed by the first, then by the second and so on: a point of the result is
 * followed back from the last. */
static void
fill (gconstpointer params, const CwWarpDraw *pushes, CwField *field)
{
  float ratio2[CW_WARP_MAX_PUSHES], length[CW_WARP_MAX_PUSHES];
  int n = MIN (pushes->n, CW_WARP_MAX_PUSHES);

  cw_field_clear (field);
  for (int k = 0; k < n; k++)
    {
      const CwPush *push = &pushes->push[k];

      length[k] = hypotf (push->dx, push->dy);
      ratio2[k] = square_ratio (length[k] / push->radius);
    }
  for (int j = 0; j < field->h; j++)
    {
      float *row = field->d + 2 * (size_t) j * (size_t) field->w, moved = 0;

      for (int k = n - 1; k >= 0; k--)
        {
          if (!(pushes->push[k].radius > 0))
            continue;
          push_row (&pushes->push[k], ratio2[k], moved, (float) j + 0.5f, field->w, row);
          moved += length[k];
        }
    }
}

const CwWarpClass _cw_warp_local_translation = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_WARP,
    .id = "local-translation",
    .label = N_ ("Local translation"),
    .description = N_ ("Pushes the face at a few landmarks; the neighbourhood goes along"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .draw = draw,
  .fill = fill,
};
