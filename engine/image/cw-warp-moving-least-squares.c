/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "config.h"

#include "image/cw-log2-private.h"
#include "image/cw-warps-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

CW_EXACT

/*
 * Moving least squares (Schaefer, McPhail, Warren, "Image deformation using moving least squares",
 * SIGGRAPH'06) as a backward map: a landmark at p moves to q = p + d, and the point v of the result
 * shows what the map that takes the q to the p best, weighted by 1 / |q - v|^(2 alpha), makes of v.
 * The map is affine, a similarity or rigid. With m and e the weighted means of q - v and of the
 * displacements p - q, M the matrix of the best map and 1 the identity,
 *
 *   f(v) - v = e - m (M - 1),
 *
 * and M - 1 follows from the displacements about their mean as M would from the p.
 */

#define MIN_NODES 8
#define MAX_NODES 128
#define CHUNK 32 /* points mapped at a time */

/* Square of the least distance from a handle, px^2. */
#define TINY 1e-6f

typedef struct
{
  int points;
  gboolean hold;
  int kind;
  float alpha;
  int lattice;
  float magnitude_min, magnitude_max;
} Params;

enum
{
  KIND_AFFINE,
  KIND_SIMILARITY,
  KIND_RIGID,
};

static const char *const kinds[] = { "affine", "similarity", "rigid", NULL };

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, points, "points", N_ ("Moved landmarks"), "", 1, CW_WARP_MAX_POINTS, 3,
                N_ ("How many landmarks are moved, as far as the view or the region has so many")),
  CW_PARAM_BOOL (Params, hold, "hold", N_ ("Hold the others"), FALSE,
                 N_ ("The landmarks that are not moved stay where they are")),
  CW_PARAM_ENUM (Params, kind, "map", N_ ("Map"), kinds, KIND_SIMILARITY,
                 N_ ("What the map may be near a point: affine, a similarity, or rigid")),
  CW_PARAM_FLOAT (Params, alpha, "alpha", N_ ("Weight exponent"), "", 0.5, 3, 1.5,
                  N_ ("How fast the influence of a landmark falls with the distance")),
  CW_PARAM_INT (Params, lattice, "lattice", N_ ("Lattice"), "", MIN_NODES, MAX_NODES, 24,
                N_ ("Nodes a side at which the map is computed, bilinear between them; every "
                    "pixel, where the view has no more")),
  CW_WARP_MAGNITUDE_SPECS (Params),
  CW_PARAM_END,
};

/* ---- drawing ---- */

static void
draw (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  const Params *p = params;
  float size = (float) context->size;
  float magnitude = size * cw_rng_range (rng, p->magnitude_min, p->magnitude_max);
  int n_points = MIN (context->n_points, CW_WARP_MAX_POINTS);
  gboolean moved[CW_WARP_MAX_POINTS] = { FALSE };
  guint8 candidates[CW_WARP_MAX_POINTS];
  int n = _cw_warp_list_candidates (context, candidates);

  out->n = 0;
  for (int i = 0; i < MIN (p->points, n); i++)
    {
      guint8 index = _cw_warp_pick (candidates, n, i, rng);
      CwPoint at = context->points[index];

      moved[index] = TRUE;
      _cw_warp_draw_normal (_cw_warp_add_push (out, at.x, at.y, size), 1, rng);
    }
  for (int i = 0; p->hold && i < n_points; i++)
    {
      if (!moved[i])
        _cw_warp_add_push (out, context->points[i].x, context->points[i].y, size);
    }
  _cw_warp_hold_border (out, size, 0);
  _cw_warp_set_magnitude (out, magnitude);
}

/* ---- the map ---- */

/* Weighted sums over the handles for some points of the result: of q - v (x, y), the displacements
 * (ex, ey) and their products. In double: next to a handle they cancel. */
typedef struct
{
  double w[CHUNK], x[CHUNK], y[CHUNK], ex[CHUNK], ey[CHUNK];
  double xx[CHUNK], xy[CHUNK], yy[CHUNK];
  double x_ex[CHUNK], x_ey[CHUNK], y_ex[CHUNK], y_ey[CHUNK];
} Sums;

/* Points of the result: n of them from (x, y) on to the right, @step apart. */
typedef struct
{
  float x, y, step;
  int n;
} Span;

CW_CLONES static void
add_position (const Span *span, const CwPush *push, float alpha, Sums *s)
{
  float x0 = push->x + push->dx - span->x, y = push->y + push->dy - span->y;

  for (int i = 0; i < span->n; i++)
    {
      float x = x0 - span->step * (float) i;
      double w = (double) _cw_exp2 (-alpha * _cw_log2 (x * x + y * y + TINY));
      double wx = w * (double) x, wy = w * (double) y;

      s->w[i] += w;
      s->x[i] += wx;
      s->y[i] += wy;
      s->xx[i] += wx * (double) x;
      s->xy[i] += wx * (double) y;
      s->yy[i] += wy * (double) y;
    }
}

CW_CLONES static void
add_displacement (const Span *span, const CwPush *push, float alpha, Sums *s)
{
  float x0 = push->x + push->dx - span->x, y = push->y + push->dy - span->y;
  double ex = -(double) push->dx, ey = -(double) push->dy;

  for (int i = 0; i < span->n; i++)
    {
      float x = x0 - span->step * (float) i;
      double w = (double) _cw_exp2 (-alpha * _cw_log2 (x * x + y * y + TINY));
      double wx = w * (double) x, wy = w * (double) y;

      s->ex[i] += w * ex;
      s->ey[i] += w * ey;
      s->x_ex[i] += wx * ex;
      s->x_ey[i] += wx * ey;
      s->y_ex[i] += wy * ex;
      s->y_ey[i] += wy * ey;
    }
}

/* Second moments about the means: of positions, and of positions (first) with displacements. */
typedef struct
{
  double xx, xy, yy;
  double x_ex, x_ey, y_ex, y_ey;
} Moments;

/* @m becomes M - 1, row vectors to its left. A degenerate set of handles has the identity for M. */
static void
fit_map (int kind, const Moments *c, double m[2][2])
{
  double size = c->xx + c->yy, det = c->xx * c->yy - c->xy * c->xy, re, im, length;

  memset (m, 0, 4 * sizeof **m);
  if (!(size > 1e-20) || (kind == KIND_AFFINE && !(det > 1e-12 * size * size)))
    return;
  if (kind == KIND_AFFINE)
    {
      m[0][0] = (c->yy * c->x_ex - c->xy * c->y_ex) / det;
      m[0][1] = (c->yy * c->x_ey - c->xy * c->y_ey) / det;
      m[1][0] = (c->xx * c->y_ex - c->xy * c->x_ex) / det;
      m[1][1] = (c->xx * c->y_ey - c->xy * c->x_ey) / det;
      return;
    }
  /* A similarity is a product with a complex number. */
  re = (c->x_ex + c->y_ey) / size;
  im = (c->x_ey - c->y_ex) / size;
  length = sqrt ((1 + re) * (1 + re) + im * im);
  if (kind == KIND_RIGID && length > 1e-12)
    {
      re = (1 + re) / length - 1;
      im = im / length;
    }
  m[0][0] = m[1][1] = re;
  m[0][1] = im;
  m[1][0] = -im;
}

static void
map_point (int kind, const Sums *s, int i, float d[2])
{
  double x = s->x[i] / s->w[i], y = s->y[i] / s->w[i];
  double ex = s->ex[i] / s->w[i], ey = s->ey[i] / s->w[i], m[2][2];
  const Moments about = {
    s->xx[i] - x * s->x[i],    s->xy[i] - x * s->y[i],    s->yy[i] - y * s->y[i],
    s->x_ex[i] - x * s->ex[i], s->x_ey[i] - x * s->ey[i], s->y_ex[i] - y * s->ex[i],
    s->y_ey[i] - y * s->ey[i],
  };

  fit_map (kind, &about, m);
  d[0] = (float) (ex - (x * m[0][0] + y * m[1][0]));
  d[1] = (float) (ey - (x * m[0][1] + y * m[1][1]));
}

/* Displacements @d `[span.n, 2]` of the backward map. */
static void
map_span (const Params *p, const CwWarpDraw *draw, Span span, float *d)
{
  int n = span.n;

  for (; n > 0; n -= CHUNK, d += 2 * CHUNK, span.x += span.step * CHUNK)
    {
      Sums sums = { 0 };

      span.n = MIN (n, CHUNK);
      for (int k = 0; k < draw->n; k++)
        {
          const CwPush *push = &draw->push[k];

          add_position (&span, push, p->alpha, &sums);
          if (fabsf (push->dx) + fabsf (push->dy) > 0)
            add_displacement (&span, push, p->alpha, &sums);
        }
      for (int i = 0; i < span.n; i++)
        map_point (p->kind, &sums, i, d + 2 * i);
    }
}

/* ---- filling ---- */

/* A row of the field at @v between two rows of @n nodes. */
static void
blend (const float *above, const float *below, float v, int n, int w, float *row)
{
  float nodes[2 * MAX_NODES], scale = (float) (n - 1) / (float) (w - 1);

  for (int k = 0; k < 2 * n; k++)
    nodes[k] = above[k] + v * (below[k] - above[k]);
  for (int i = 0; i < w; i++)
    {
      float u = scale * (float) i;
      int cell = MIN ((int) u, n - 2);
      const float *node = nodes + 2 * cell;

      u -= (float) cell;
      row[2 * i] = node[0] + u * (node[2] - node[0]);
      row[2 * i + 1] = node[1] + u * (node[3] - node[1]);
    }
}

/* The map at @n x @n nodes from the first pixel's centre to the last one's, two rows at a time. */
static void
fill_from_lattice (const Params *p, const CwWarpDraw *draw, int n, CwField *field)
{
  float rows[2][2 * MAX_NODES];
  float sx = (float) (field->w - 1) / (float) (n - 1);
  float sy = (float) (field->h - 1) / (float) (n - 1);
  int done = 0;

  for (int j = 0; j < field->h; j++)
    {
      float v = (float) j / sy;
      int k = MIN ((int) v, n - 2);

      for (; done < k + 2; done++)
        map_span (p, draw, (Span){ 0.5f, 0.5f + sy * (float) done, sx, n }, rows[done % 2]);
      blend (rows[k % 2], rows[(k + 1) % 2], v - (float) k, n, field->w,
             field->d + 2 * (size_t) j * (size_t) field->w);
    }
}

static void
fill (gconstpointer params, const CwWarpDraw *draw, CwField *field)
{
  const Params *p = params;

  if (draw->n == 0)
    {
      cw_field_clear (field);
      return;
    }
  if (p->lattice < MIN (field->w, field->h))
    {
      fill_from_lattice (p, draw, p->lattice, field);
      return;
    }
  for (int j = 0; j < field->h; j++)
    map_span (p, draw, (Span){ 0.5f, (float) j + 0.5f, 1, field->w },
              field->d + 2 * (size_t) j * (size_t) field->w);
}

const CwWarpClass _cw_warp_moving_least_squares = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_WARP,
    .id = "moving-least-squares",
    .label = N_ ("Moving least squares"),
    .description = N_ ("Moves a few landmarks, holds the border, and fits the best map around each "
                       "point"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .draw = draw,
  .fill = fill,
};
