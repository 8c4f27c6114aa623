/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu-conv.h"

#include "base/cw-parallel.h"
#include "nn/cpu/cw-cpu-panel.h"
#include "nn/cpu/cw-cpu-vector.h"
#include "nn/cpu/cw-cpu.h"

#include <glib.h>
#include <string.h>

/* Convolutions of tiny maps, where most of a kernel's taps lie outside the picture: with 3 x 3 taps on a
 * map of 2 x 2, 20 of 36. For every tap and every pair of an output position p and the input position q that
 * the tap joins, all images at once:
 *
 *   forward            Y_p [n, k]   += X_q W_tap
 *   backward, data     dX_q [n, c]  += dY_p W_tap^T
 *   backward, weights  dW_tap [c, k] += X_q^T dY_p
 *
 * A task owns a panel of 16 columns of the result. */

#define MAX_OUTPUTS 4
#define MAX_INPUTS 16
#define MIN_IMAGES 8

typedef struct
{
  const CwConvShape *s;
  int n_outputs, n_inputs; /* positions */
  size_t copy_row;         /* of the copy of x, from image to image */
  const float *x, *w, *dy;
  const CwConvEnd *end;
  float *y, *dx, *dw;
  float *copy; /* x as [q][n][copy_row]: at x's own steps all images would share a set of the cache */
  int accumulate;
} Position;

static Position
make (const CwConvShape *s)
{
  return (Position){ .s = s,
                     .n_outputs = s->ho * s->wo,
                     .n_inputs = s->h * s->w,
                     .copy_row = (size_t) s->c + 16 };
}

/* The input position that @tap joins to output position @p; -1 if it is outside. */
static int
join (const CwConvShape *s, int tap, int p)
{
  int y = p / s->wo * s->stride - s->pad + tap / s->kw;
  int x = p % s->wo * s->stride - s->pad + tap % s->kw;

  return y >= 0 && y < s->h && x >= 0 && x < s->w ? y * s->w + x : -1;
}

static int
n_taps (const CwConvShape *s)
{
  return s->kh * s->kw;
}

/* @rows x 16 floats, rows @step apart, into a panel. */
static void
pack (int rows, const float *from, size_t step, float *panel)
{
  for (int r = 0; r < rows; r++)
    memcpy (panel + (size_t) r * CW_CPU_PANEL, from + (size_t) r * step,
            CW_CPU_PANEL * sizeof (float));
}

/* The panel [k, 16] of the transpose of w [16, k], rows @k apart. */
CW_CPU_CLONES static void
pack_transposed (int k, const float *w, float *panel)
{
  for (int p = 0; p < k; p += CW_VEC)
    {
      for (int half = 0; half < CW_CPU_PANEL; half += CW_VEC)
        {
          CwVec rows[CW_VEC];

          for (int r = 0; r < CW_VEC; r++)
            rows[r] = CW_VEC_LOAD (w + (size_t) (half + r) * (size_t) k + p);
          _cw_vec_transpose (rows);
          for (int r = 0; r < CW_VEC; r++)
            CW_VEC_STORE (panel + (size_t) (p + r) * CW_CPU_PANEL + half, rows[r]);
        }
    }
}

/* ---- forward ---- */

static void
forward_panel (int block, float *panel, void *data)
{
  const Position *g = data;
  const CwConvShape *s = g->s;
  size_t c = (size_t) s->c, k = (size_t) s->k, j = (size_t) block * CW_CPU_PANEL;
  size_t x_row = (size_t) g->n_inputs * c, y_row = (size_t) g->n_outputs * k;
  size_t outputs = (size_t) s->n * (size_t) g->n_outputs;

  /* No tap need reach every output. */
  for (size_t i = 0; i < outputs; i++)
    memset (g->y + i * k + j, 0, CW_CPU_PANEL * sizeof (float));
  for (int tap = 0; tap < n_taps (s); tap++)
    {
      pack (s->c, g->w + (size_t) tap * c * k + j, k, panel);
      for (int p = 0; p < g->n_outputs; p++)
        {
          int q = join (s, tap, p);

          if (q >= 0)
            _cw_cpu_panel_multiply (s->n, 1, s->c, g->x + (size_t) q * c, x_row, 1, panel, 0,
                                    g->y + (size_t) p * k + j, y_row, 1);
        }
    }
  _cw_cpu_conv_end (g->end, outputs, s->k, (int) j, (int) j + CW_CPU_PANEL, 0, g->y);
}

void
_cw_cpu_position_forward (const CwConvShape *shape, const float *x, const float *w,
                          const CwConvEnd *end, float *y, float *scratch)
{
  Position g = make (shape);

  g.x = x;
  g.w = w;
  g.end = end;
  g.y = y;
  _cw_cpu_for_tiles (shape->k / CW_CPU_PANEL, forward_panel, &g, scratch,
                     (size_t) shape->c * CW_CPU_PANEL);
}

/* ---- backward by the data ---- */

static void
data_panel (int block, float *panel, void *data)
{
  const Position *g = data;
  const CwConvShape *s = g->s;
  size_t c = (size_t) s->c, k = (size_t) s->k, i = (size_t) block * CW_CPU_PANEL;
  size_t x_row = (size_t) g->n_inputs * c, y_row = (size_t) g->n_outputs * k;

  if (!g->accumulate)
    {
      for (size_t at = 0; at < (size_t) s->n * (size_t) g->n_inputs; at++)
        memset (g->dx + at * c + i, 0, CW_CPU_PANEL * sizeof (float));
    }
  for (int tap = 0; tap < n_taps (s); tap++)
    {
      pack_transposed (s->k, g->w + ((size_t) tap * c + i) * k, panel);
      for (int p = 0; p < g->n_outputs; p++)
        {
          int q = join (s, tap, p);

          if (q >= 0)
            _cw_cpu_panel_multiply (s->n, 1, s->k, g->dy + (size_t) p * k, y_row, 1, panel, 0,
                                    g->dx + (size_t) q * c + i, x_row, 1);
        }
    }
}

void
_cw_cpu_position_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                float *dx, int accumulate, float *scratch)
{
  Position g = make (shape);

  g.dy = dy;
  g.w = w;
  g.dx = dx;
  g.accumulate = accumulate;
  _cw_cpu_for_tiles (shape->c / CW_CPU_PANEL, data_panel, &g, scratch,
                     (size_t) shape->k * CW_CPU_PANEL);
}

/* ---- backward by the weights ---- */

static void
copy_image (int image, int worker, void *data)
{
  const Position *g = data;
  size_t c = (size_t) g->s->c, n = (size_t) g->s->n;

  for (size_t q = 0; q < (size_t) g->n_inputs; q++)
    memcpy (g->copy + (q * n + (size_t) image) * g->copy_row,
            g->x + ((size_t) image * (size_t) g->n_inputs + q) * c, c * sizeof (float));
}

static void
weights_panel (int block, float *panels, void *data)
{
  const Position *g = data;
  const CwConvShape *s = g->s;
  size_t c = (size_t) s->c, k = (size_t) s->k, n = (size_t) s->n, j = (size_t) block * CW_CPU_PANEL;

  for (int p = 0; p < g->n_outputs; p++)
    pack (s->n, g->dy + (size_t) p * k + j, (size_t) g->n_outputs * k,
          panels + (size_t) p * n * CW_CPU_PANEL);
  for (int tap = 0; tap < n_taps (s); tap++)
    {
      for (int p = 0; p < g->n_outputs; p++)
        {
          int q = join (s, tap, p);

          if (q >= 0)
            _cw_cpu_panel_multiply (s->c, 1, s->n, g->copy + (size_t) q * n * g->copy_row, 1,
                                    g->copy_row, panels + (size_t) p * n * CW_CPU_PANEL, 0,
                                    g->dw + (size_t) tap * c * k + j, k, 1);
        }
    }
}

static size_t
copy_floats (const Position *g)
{
  return CW_CPU_ALIGN ((size_t) g->n_inputs * (size_t) g->s->n * g->copy_row);
}

static size_t
weights_lane (const Position *g)
{
  return (size_t) g->n_outputs * (size_t) g->s->n * CW_CPU_PANEL;
}

void
_cw_cpu_position_backward_weights (const CwConvShape *shape, const float *x, const float *dy,
                                   float *dw, float *scratch)
{
  Position g = make (shape);

  g.x = x;
  g.dy = dy;
  g.dw = dw;
  g.copy = scratch;
  cw_parallel_for (shape->n, copy_image, &g);
  _cw_cpu_for_tiles (shape->k / CW_CPU_PANEL, weights_panel, &g, scratch + copy_floats (&g),
                     weights_lane (&g));
}

/* ---- which, and what it takes ---- */

gboolean
_cw_cpu_position_fits (const CwConvShape *s)
{
  return s->ho * s->wo <= MAX_OUTPUTS && s->h * s->w > 1 && s->h * s->w <= MAX_INPUTS
         && s->n >= MIN_IMAGES && s->c % CW_CPU_PANEL == 0 && s->k % CW_CPU_PANEL == 0;
}

size_t
_cw_cpu_position_scratch (const CwConvShape *s)
{
  Position g = make (s);
  size_t panel = (size_t) MAX (s->c, s->k) * CW_CPU_PANEL;

  return MAX (CW_CPU_LANES * panel, copy_floats (&g) + CW_CPU_LANES * weights_lane (&g));
}
