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
 * The thin-plate spline (Bookstein, "Principal warps", PAMI 1989) through the displacements of
 * control points p_i: of all functions through them the one that bends least,
 *
 *   f(x) = a + b x + sum w_i U(|x - p_i|),   U(r) = r^2 log r^2,   sum w_i = 0, sum w_i p_i = 0,
 *
 * for each component. It makes the backward map: at p_i the view shows what was at p_i - d_i. The base
 * of the logarithm does not matter: it scales the weights.
 */

#define MAX_CONTROLS 100
#define MAX_UNKNOWNS (MAX_CONTROLS + 3)
#define CHUNK 64 /* columns made at a time */

/* Landmarks nearer to each other than this fraction of the side count as one. */
#define LEAST_DISTANCE 0.02f

typedef struct
{
  int points;
  int grid;
  float magnitude_min, magnitude_max;
} Params;

enum
{
  POINTS_GRID,
  POINTS_LANDMARKS,
};

static const char *const points[] = { "grid", "landmarks", NULL };

static const CwParamSpec specs[] = {
  CW_PARAM_ENUM (Params, points, "points", N_ ("Control points"), points, POINTS_GRID,
                 N_ ("grid: on a grid over the view, all moved; landmarks: at the landmarks, with "
                     "the border held")),
  CW_PARAM_INT (Params, grid, "grid", N_ ("Grid"), "", 3, 10, 5,
                N_ ("Control points along each side of the grid")),
  CW_WARP_MAGNITUDE_SPECS (Params),
  CW_PARAM_END,
};

/* ---- drawing ---- */

static void
draw_grid (const CwWarpContext *context, int n, CwRng *rng, CwWarpDraw *out)
{
  float spacing = (float) context->size / (float) (n - 1);

  for (int i = 0; i < n * n; i++)
    {
      float x = spacing * (float) (i % n), y = spacing * (float) (i / n);

      _cw_warp_draw_normal (_cw_warp_add_push (out, x, y, spacing),
                            _cw_warp_region_weight (context, x, y), rng);
    }
}

/* A control point at landmark @i, unless one is there. */
static CwPush *
add_landmark (const CwWarpContext *context, int i, CwWarpDraw *out)
{
  float size = (float) context->size;
  CwPoint p = context->points[i];

  if (out->n >= MAX_CONTROLS - CW_WARP_N_BORDER
      || _cw_warp_is_near (out, p.x, p.y, LEAST_DISTANCE * size))
    return NULL;
  return _cw_warp_add_push (out, p.x, p.y, size);
}

/* The landmarks of the region move; the others and the border stay. */
static void
draw_landmarks (const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  guint8 candidates[CW_WARP_MAX_POINTS];
  int n = _cw_warp_list_candidates (context, candidates);

  for (int i = 0; i < n; i++)
    {
      CwPush *push = add_landmark (context, candidates[i], out);

      if (push != NULL)
        _cw_warp_draw_normal (push, 1, rng);
    }
  for (int i = 0; i < MIN (context->n_points, CW_WARP_MAX_POINTS); i++)
    add_landmark (context, i, out);
  _cw_warp_hold_border (out, (float) context->size, LEAST_DISTANCE * (float) context->size);
}

static void
draw (gconstpointer params, const CwWarpContext *context, CwRng *rng, CwWarpDraw *out)
{
  const Params *p = params;
  float magnitude = (float) context->size * cw_rng_range (rng, p->magnitude_min, p->magnitude_max);

  out->n = 0;
  if (p->points == POINTS_GRID)
    draw_grid (context, p->grid, rng, out);
  else
    draw_landmarks (context, rng, out);
  _cw_warp_set_magnitude (out, magnitude);
}

/* ---- solving ---- */

/* Symmetric equations of the weights and the affine part, and both right sides. */
typedef struct
{
  int n; /* unknowns */
  double row[MAX_UNKNOWNS][MAX_UNKNOWNS + 2];
} System;

CW_INLINE float
kernel (float r2)
{
  r2 += 1e-12f; /* 0 log 0 is 0 */
  return r2 * _cw_log2 (r2);
}

/* In units of the side. */
static void
set_up (const CwWarpDraw *draw, int n, float unit, System *s)
{
  s->n = n + 3;
  for (int i = 0; i < s->n; i++)
    memset (s->row[i], 0, (size_t) (s->n + 2) * sizeof (double));
  for (int i = 0; i < n; i++)
    {
      const CwPush *p = &draw->push[i];
      double *row = s->row[i];

      for (int k = 0; k < n; k++)
        {
          float dx = (p->x - draw->push[k].x) * unit, dy = (p->y - draw->push[k].y) * unit;

          row[k] = i == k ? 0 : (double) kernel (dx * dx + dy * dy);
        }
      row[n] = s->row[n][i] = 1;
      row[n + 1] = s->row[n + 1][i] = (double) (p->x * unit);
      row[n + 2] = s->row[n + 2][i] = (double) (p->y * unit);
      row[n + 3] = -(double) p->dx;
      row[n + 4] = -(double) p->dy;
    }
}

CW_CLONES static void
subtract_row (double *row, const double *pivot, double factor, int n)
{
  for (int k = 0; k < n; k++)
    row[k] -= factor * pivot[k];
}

static void
swap_rows (System *s, int a, int b)
{
  for (int k = 0; a != b && k < s->n + 2; k++)
    {
      double value = s->row[a][k];

      s->row[a][k] = s->row[b][k];
      s->row[b][k] = value;
    }
}

/* Gauss with row pivots; @out `[n, 2]`. An unknown that the equations leave open (too few points,
 * all in a line) becomes zero. */
static void
solve (System *s, double out[MAX_UNKNOWNS][2])
{
  int n = s->n;

  for (int k = 0; k < n; k++)
    {
      int best = k;

      for (int i = k + 1; i < n; i++)
        best = fabs (s->row[i][k]) > fabs (s->row[best][k]) ? i : best;
      swap_rows (s, k, best);
      for (int i = k + 1; i < n && fabs (s->row[k][k]) > 1e-9; i++)
        subtract_row (s->row[i] + k, s->row[k] + k, s->row[i][k] / s->row[k][k], n + 2 - k);
    }
  for (int i = n - 1; i >= 0; i--)
    {
      for (int c = 0; c < 2; c++)
        {
          double sum = s->row[i][n + c];

          for (int k = i + 1; k < n; k++)
            sum -= s->row[i][k] * out[k][c];
          out[i][c] = fabs (s->row[i][i]) > 1e-9 ? sum / s->row[i][i] : 0;
        }
    }
}

/* ---- filling ---- */

/* The spline, in floats: controls and weights of both components. */
typedef struct
{
  int n;
  float x[MAX_CONTROLS], y[MAX_CONTROLS], w[MAX_CONTROLS][2];
  float affine[3][2]; /* of 1, x, y */
} Spline;

static void
fit (const CwWarpDraw *draw, float unit, Spline *spline)
{
  int n = MIN (draw->n, MAX_CONTROLS);
  double solution[MAX_UNKNOWNS][2];
  System system;

  set_up (draw, n, unit, &system);
  solve (&system, solution);
  spline->n = n;
  for (int i = 0; i < n; i++)
    {
      spline->x[i] = draw->push[i].x * unit;
      spline->y[i] = draw->push[i].y * unit;
    }
  for (int c = 0; c < 2; c++)
    {
      for (int i = 0; i < n; i++)
        spline->w[i][c] = (float) solution[i][c];
      for (int i = 0; i < 3; i++)
        spline->affine[i][c] = (float) solution[n + i][c];
    }
}

/* Adds a control's share at @n pixels that are @x, x + unit, ... to its right and @y below it. */
CW_CLONES static void
add_control (float x, float y, float unit, const float w[2], int n, float sum[2][CHUNK])
{
  float y2 = y * y, wx = w[0], wy = w[1];

  for (int i = 0; i < n; i++)
    {
      float dx = x + unit * (float) i, u = kernel (dx * dx + y2);

      sum[0][i] += wx * u;
      sum[1][i] += wy * u;
    }
}

static void
fill_part (const Spline *spline, float unit, int begin, int n, int j, float *d)
{
  float x0 = ((float) begin + 0.5f) * unit, y = ((float) j + 0.5f) * unit, sum[2][CHUNK];

  for (int c = 0; c < 2; c++)
    {
      float a = spline->affine[0][c] + spline->affine[2][c] * y, b = spline->affine[1][c];

      for (int i = 0; i < n; i++)
        sum[c][i] = a + b * (x0 + unit * (float) i);
    }
  for (int k = 0; k < spline->n; k++)
    add_control (x0 - spline->x[k], y - spline->y[k], unit, spline->w[k], n, sum);
  for (int i = 0; i < n; i++)
    {
      d[2 * i] = sum[0][i];
      d[2 * i + 1] = sum[1][i];
    }
}

static void
fill (gconstpointer params, const CwWarpDraw *draw, CwField *field)
{
  float unit = 1.0f / (float) MAX (field->w, field->h);
  float *d = field->d;
  Spline spline;

  fit (draw, unit, &spline);
  for (int j = 0; j < field->h; j++)
    {
      for (int begin = 0; begin < field->w; begin += CHUNK)
        {
          int n = MIN (CHUNK, field->w - begin);

          fill_part (&spline, unit, begin, n, j, d);
          d += 2 * n;
        }
    }
}

const CwWarpClass _cw_warp_thin_plate_spline = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_WARP,
    .id = "thin-plate-spline",
    .label = N_ ("Thin-plate spline"),
    .description = N_ ("Bends the view like a thin plate through control points that move at "
                       "random"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .draw = draw,
  .fill = fill,
};
