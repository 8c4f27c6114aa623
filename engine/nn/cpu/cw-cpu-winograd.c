/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu-conv.h"

#include "base/cw-parallel.h"
#include "nn/cpu/cw-cpu-panel.h"
#include "nn/cpu/cw-cpu-vector.h"
#include "nn/cpu/cw-cpu.h"

#include <glib.h>

/* Convolutions 3x3 of stride 1 by Winograd's F(4x4, 3x3) (Lavin and Gray 2016, arXiv 1509.09308, section 4.3):
 * a tile of 4 x 4 outputs from 6 x 6 inputs with 36 multiplications for each pair of channels instead
 * of 144. With the matrices B, G, A of that paper, * being element-wise:
 *
 *   forward            Y  = A^T [ (G W G^T) * (B^T X B) ] A
 *   backward, data     the forward of dY with the kernel turned round and transposed
 *   backward, weights  dW = G^T [ sum over tiles of (B^T X B) * (A dY A^T) ] G
 *
 * The sums over channels (or tiles) are, for each of the 36 points, a product of matrices. Layouts, p
 * being the point: filters U [p][panel of 16 k][c][16]; inputs V [p][tile][c]; outputs M
 * [p][tile][16 panels]; gradients of outputs D [p][panel of 16 k][tile][16]. Points, and rows of V, lie a few floats
 * further apart than they are long: at a power of two they would all fall into the same set of the cache. */

#define OUT 4
#define IN 6
#define POINTS (IN * IN)
/* Tiles come in multiples of the panel product's rows. */
#define TILE_ROUND 6
/* Bytes of V and M: with small filters, of one thread, to stay in its second-level cache; with large
 * ones, of all threads, to stay in the last-level cache. */
#define SMALL_FILTERS ((size_t) 1 << 20)
#define LANE_BYTES ((size_t) 320 << 10)
#define STAGE_BYTES ((size_t) 12 << 20)

#define FOR_IN _Pragma ("GCC unroll 6") for
#define FOR_OUT _Pragma ("GCC unroll 4") for

/* ---- the transforms in one dimension ----
 *
 * From the points 0, +-1/sqrt 2, +-sqrt 2 and infinity. The usual 0, +-1, +-2 need no multiplications by
 * sqrt 2, but their rounding error is twice as large: 1.6e-6 against 0.8e-6 relative, direct sums being
 * at 0.13e-6 (64 channels, normal numbers). */

#define NEAR 0.70710678f
#define FAR 1.41421356f
/* NEAR^3, FAR^3 */
#define NEAR3 0.35355339f
#define FAR3 2.82842712f

/* B^T d */
CW_INLINE void
input_line (const CwVec d[IN], CwVec v[IN])
{
  CwVec even1 = d[4] - 2 * d[2], odd1 = NEAR * (d[3] - 2 * d[1]);
  CwVec even2 = d[4] - 0.5f * d[2], odd2 = FAR * (d[3] - 0.5f * d[1]);

  v[0] = d[0] - 2.5f * d[2] + d[4];
  v[1] = even1 + odd1;
  v[2] = even1 - odd1;
  v[3] = even2 + odd2;
  v[4] = even2 - odd2;
  v[5] = d[1] - 2.5f * d[3] + d[5];
}

/* A^T m */
CW_INLINE void
output_line (const CwVec m[IN], CwVec y[OUT])
{
  CwVec sum1 = m[1] + m[2], difference1 = m[1] - m[2];
  CwVec sum2 = m[3] + m[4], difference2 = m[3] - m[4];

  y[0] = m[0] + sum1 + sum2;
  y[1] = NEAR * difference1 + FAR * difference2;
  y[2] = 0.5f * sum1 + 2 * sum2;
  y[3] = NEAR3 * difference1 + FAR3 * difference2 + m[5];
}

/* A y */
CW_INLINE void
gradient_line (const CwVec y[OUT], CwVec m[IN])
{
  CwVec even1 = y[0] + 0.5f * y[2], odd1 = NEAR * y[1] + NEAR3 * y[3];
  CwVec even2 = y[0] + 2 * y[2], odd2 = FAR * y[1] + FAR3 * y[3];

  m[0] = y[0];
  m[1] = even1 + odd1;
  m[2] = even1 - odd1;
  m[3] = even2 + odd2;
  m[4] = even2 - odd2;
  m[5] = y[3];
}

/* G w */
CW_INLINE void
filter_line (const CwVec w[3], CwVec u[IN])
{
  CwVec even1 = w[0] * (-2.0f / 3) - w[2] * (1.0f / 3), odd1 = w[1] * (-2 * NEAR / 3);
  CwVec even2 = w[0] * (1.0f / 6) + w[2] * (1.0f / 3), odd2 = w[1] * (FAR / 6);

  u[0] = w[0];
  u[1] = even1 + odd1;
  u[2] = even1 - odd1;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = w[2];
}

/* G^T u */
CW_INLINE void
filter_gradient_line (const CwVec u[IN], CwVec w[3])
{
  CwVec sum1 = u[1] + u[2], sum2 = u[3] + u[4];

  w[0] = u[0] + sum1 * (-2.0f / 3) + sum2 * (1.0f / 6);
  w[1] = (u[1] - u[2]) * (-2 * NEAR / 3) + (u[3] - u[4]) * (FAR / 6);
  w[2] = (sum2 - sum1) * (1.0f / 3) + u[5];
}

/* ---- what lies where ---- */

typedef struct
{
  CwConvShape s;
  int rows, columns, n_tiles; /* tiles of an image, down and across; of all images */
  int panels;                 /* of k, the last one may be padded with zeros */
  int width;                  /* 16 * panels */
  int chunk;                  /* tiles worked on together */
  gboolean weights;           /* the gradient of the weights, else a forward */
  gboolean staged;            /* all threads work on one chunk, else each on its own */
  size_t filter_step, v_step, m_step; /* from point to point */
  size_t v_row;                       /* from tile to tile of V */

  const float *x, *w, *dy;
  CwConvEnd end;
  float *y, *dw;
  gboolean turned; /* w is [3, 3, k, c] of the forward: to be turned round and transposed */
  int add;

  float *u, *v, *m;
  int first, count; /* the chunk at work, if staged */
} Winograd;

static void
cut (Winograd *g)
{
  size_t tile_bytes = POINTS * ((size_t) g->s.c + (size_t) g->width) * sizeof (float);
  size_t filter_bytes = POINTS * (size_t) g->s.c * (size_t) g->width * sizeof (float);
  int most;

  g->staged = g->weights || filter_bytes > SMALL_FILTERS;
  most = (int) ((g->staged ? STAGE_BYTES : LANE_BYTES) / tile_bytes);
  if (!g->staged)
    /* Enough chunks for several threads. */
    most = MIN (most, ceil_div (g->n_tiles, 8));
  most = MAX (most, TILE_ROUND);
  g->chunk = ceil_div (g->n_tiles, ceil_div (g->n_tiles, most));
  g->chunk = ceil_div (g->chunk, TILE_ROUND) * TILE_ROUND;
  g->v_row = (size_t) g->s.c + 16;
  g->v_step = (size_t) g->chunk * g->v_row + 16;
  g->m_step = (size_t) g->chunk * (size_t) g->width + 16;
  g->filter_step = (size_t) g->s.c * (size_t) g->width + 16;
}

static Winograd
make (const CwConvShape *s, gboolean weights)
{
  Winograd g = { .s = *s, .weights = weights };

  g.rows = ceil_div (s->ho, OUT);
  g.columns = ceil_div (s->wo, OUT);
  g.n_tiles = s->n * g.rows * g.columns;
  g.panels = ceil_div (s->k, CW_CPU_PANEL);
  g.width = g.panels * CW_CPU_PANEL;
  cut (&g);
  return g;
}

static size_t
chunk_floats (const Winograd *g)
{
  return CW_CPU_ALIGN (POINTS * g->v_step) + CW_CPU_ALIGN (POINTS * g->m_step);
}

static size_t
filter_floats (const Winograd *g)
{
  return CW_CPU_ALIGN (POINTS * g->filter_step);
}

/* ---- filters ---- */

/* Nine taps to 36 points. */
CW_INLINE void
transform_filter (const CwVec taps[3][3], float *u, size_t step)
{
  CwVec columns[IN][3], line[IN];

#pragma GCC unroll 3
  for (int j = 0; j < 3; j++)
    {
      const CwVec column[3] = { taps[0][j], taps[1][j], taps[2][j] };

      filter_line (column, line);
      FOR_IN (int i = 0; i < IN; i++)
        columns[i][j] = line[i];
    }
  FOR_IN (int i = 0; i < IN; i++)
    {
      filter_line (columns[i], line);
      FOR_IN (int j = 0; j < IN; j++)
        CW_VEC_STORE (u + (size_t) (i * IN + j) * step, line[j]);
    }
}

/* Eight output channels from @k on, for input channels c0..c1. @u: of the panel and of these columns. */
CW_CPU_CLONES static void
transform_filters (const Winograd *g, int k, int c0, int c1, float *u)
{
  const size_t tap = (size_t) g->s.c * (size_t) g->s.k;

  for (int c = c0; c < c1; c++)
    {
      const float *w = g->w + (size_t) c * (size_t) g->s.k + k;
      CwVec taps[3][3];

      for (int i = 0; i < 9; i++)
        taps[i / 3][i % 3] = CW_VEC_LOAD (w + (size_t) i * tap);
      transform_filter (taps, u + (size_t) c * CW_CPU_PANEL, g->filter_step);
    }
}

/* The same from the weights of the forward, [3, 3, k, c]. */
CW_CPU_CLONES static void
transform_turned_filters (const Winograd *g, int k, int c0, int c1, float *u)
{
  const size_t tap = (size_t) g->s.c * (size_t) g->s.k;

  for (int c = c0; c < c1; c += CW_VEC)
    {
      CwVec taps[9][CW_VEC];

      for (int i = 0; i < 9; i++)
        {
          const float *w = g->w + (size_t) (8 - i) * tap + (size_t) k * (size_t) g->s.c + c;

          for (int r = 0; r < CW_VEC; r++)
            taps[i][r] = CW_VEC_LOAD (w + (size_t) r * (size_t) g->s.c);
          _cw_vec_transpose (taps[i]);
        }
      for (int r = 0; r < CW_VEC; r++)
        {
          const CwVec own[3][3] = { { taps[0][r], taps[1][r], taps[2][r] },
                                    { taps[3][r], taps[4][r], taps[5][r] },
                                    { taps[6][r], taps[7][r], taps[8][r] } };

          transform_filter (own, u + (size_t) (c + r) * CW_CPU_PANEL, g->filter_step);
        }
    }
}

#define FILTER_CHANNELS 64

/* One panel, FILTER_CHANNELS input channels. */
static void
filter_block (int block, int worker, void *data)
{
  const Winograd *g = data;
  int parts = ceil_div (g->s.c, FILTER_CHANNELS);
  int panel = block / parts, c0 = block % parts * FILTER_CHANNELS;
  int c1 = MIN (c0 + FILTER_CHANNELS, g->s.c);

  for (int half = 0; half < CW_CPU_PANEL; half += CW_VEC)
    {
      int k = panel * CW_CPU_PANEL + half;
      float *u = g->u + (size_t) panel * (size_t) g->s.c * CW_CPU_PANEL + half;

      if (k >= g->s.k)
        {
          for (int p = 0; p < POINTS; p++)
            for (int c = c0; c < c1; c++)
              CW_VEC_STORE (u + (size_t) p * g->filter_step + (size_t) c * CW_CPU_PANEL,
                            (CwVec){ 0 });
        }
      else if (g->turned)
        transform_turned_filters (g, k, c0, c1, u);
      else
        transform_filters (g, k, c0, c1, u);
    }
}

/* ---- tiles ---- */

/* Where a tile of side @side at (y, x) of a picture [h, w] lies inside: rows i0..i1, columns j0..j1. */
typedef struct
{
  ptrdiff_t pixel; /* of its first corner, perhaps outside */
  int i0, i1, j0, j1;
} Place;

CW_INLINE Place
place_tile (const Winograd *g, int tile, int h, int w, int side, int pad)
{
  int across = tile % g->columns, down = tile / g->columns % g->rows;
  int image = tile / g->columns / g->rows;
  int y = down * OUT - pad, x = across * OUT - pad;

  return (Place){ .pixel = ((ptrdiff_t) image * h + y) * w + x,
                  .i0 = CLAMP (-y, 0, side),
                  .i1 = CLAMP (h - y, 0, side),
                  .j0 = CLAMP (-x, 0, side),
                  .j1 = CLAMP (w - x, 0, side) };
}

/* B^T X B of one tile; @v: its row of the first point. */
CW_CPU_CLONES static void
transform_input (const Winograd *g, int tile, float *v)
{
  const ptrdiff_t c = g->s.c, line = (ptrdiff_t) g->s.w * c;
  const Place at = place_tile (g, tile, g->s.h, g->s.w, IN, g->s.pad);
  const float *x = g->x + at.pixel * c;

  for (int channel = 0; channel < c; channel += CW_VEC)
    {
      CwVec columns[IN][IN], vector[IN];

      FOR_IN (int j = 0; j < IN; j++)
        {
          CwVec d[IN] = { { 0 } };

          if (j >= at.j0 && j < at.j1)
            FOR_IN (int i = 0; i < IN; i++)
              {
                if (i >= at.i0 && i < at.i1)
                  d[i] = CW_VEC_LOAD (x + i * line + j * c + channel);
              }
          input_line (d, vector);
          FOR_IN (int i = 0; i < IN; i++)
            columns[i][j] = vector[i];
        }
      FOR_IN (int i = 0; i < IN; i++)
        {
          input_line (columns[i], vector);
          FOR_IN (int j = 0; j < IN; j++)
            CW_VEC_STORE (v + (size_t) (i * IN + j) * g->v_step + channel, vector[j]);
        }
    }
}

/* A^T M A of one tile, ended, to where it belongs; @m: its row of the first point. */
CW_CPU_CLONES static void
transform_output (const Winograd *g, int tile, const float *m)
{
  const ptrdiff_t k = g->s.k, line = (ptrdiff_t) g->s.wo * k;
  const Place at = place_tile (g, tile, g->s.ho, g->s.wo, OUT, 0);
  float *y = g->y + at.pixel * k;
  const float *residual = g->end.residual != NULL ? g->end.residual + at.pixel * k : NULL;

  for (int channel = 0; channel < k; channel += CW_VEC)
    {
      CwVec columns[OUT][IN], vector[OUT], scale = (CwVec){ 0 } + 1, shift = { 0 };

      if (g->end.scale != NULL)
        scale = CW_VEC_LOAD (g->end.scale + channel);
      if (g->end.shift != NULL)
        shift = CW_VEC_LOAD (g->end.shift + channel);

      FOR_IN (int j = 0; j < IN; j++)
        {
          CwVec d[IN];

          FOR_IN (int i = 0; i < IN; i++)
            d[i] = CW_VEC_LOAD (m + (size_t) (i * IN + j) * g->m_step + channel);
          output_line (d, vector);
          FOR_OUT (int i = 0; i < OUT; i++)
            columns[i][j] = vector[i];
        }
      FOR_OUT (int i = 0; i < OUT; i++)
        {
          float *to = y + i * line + channel;

          if (i >= at.i1)
            break;
          output_line (columns[i], vector);
          FOR_OUT (int j = 0; j < OUT; j++)
            {
              if (j >= at.j1)
                break;
              vector[j] = vector[j] * scale + shift;
              if (g->add)
                vector[j] += CW_VEC_LOAD (to + j * k);
              if (residual != NULL)
                vector[j] += CW_VEC_LOAD (residual + i * line + j * k + channel);
              if (g->end.relu)
                vector[j] = CW_VEC_RELU (vector[j]);
              CW_VEC_STORE (to + j * k, vector[j]);
            }
        }
    }
}

/* A dY A^T of one tile; @d: its row of the first panel of the first point, rows of a panel being 16
 * floats. */
CW_CPU_CLONES static void
transform_gradient (const Winograd *g, int tile, float *d)
{
  const ptrdiff_t k = g->s.k, line = (ptrdiff_t) g->s.wo * k;
  const Place at = place_tile (g, tile, g->s.ho, g->s.wo, OUT, 0);
  const float *dy = g->dy + at.pixel * k;

  for (int channel = 0; channel < g->width; channel += CW_VEC)
    {
      CwVec columns[IN][OUT], vector[IN];
      float *to = d + (size_t) (channel / CW_CPU_PANEL) * (size_t) g->chunk * CW_CPU_PANEL
                  + channel % CW_CPU_PANEL;

      FOR_OUT (int j = 0; j < OUT; j++)
        {
          CwVec own[OUT] = { { 0 } };

          if (j < at.j1 && channel < k)
            FOR_OUT (int i = 0; i < OUT; i++)
              {
                if (i < at.i1)
                  own[i] = CW_VEC_LOAD (dy + i * line + j * k + channel);
              }
          gradient_line (own, vector);
          FOR_IN (int i = 0; i < IN; i++)
            columns[i][j] = vector[i];
        }
      FOR_IN (int i = 0; i < IN; i++)
        {
          gradient_line (columns[i], vector);
          FOR_IN (int j = 0; j < IN; j++)
            CW_VEC_STORE (to + (size_t) (i * IN + j) * g->m_step, vector[j]);
        }
    }
}

/* ---- forward ---- */

/* M of a chunk of @count tiles at points p0..p1, panels j0..j1. */
static void
multiply (const Winograd *g, int count, int p0, int p1, int j0, int j1, const float *v, float *m)
{
  const size_t panel = (size_t) g->s.c * CW_CPU_PANEL;

  for (int p = p0; p < p1; p++)
    _cw_cpu_panel_multiply (count, j1 - j0, g->s.c, v + (size_t) p * g->v_step, g->v_row, 1,
                            g->u + (size_t) p * g->filter_step + (size_t) j0 * panel, panel,
                            m + (size_t) p * g->m_step + (size_t) j0 * CW_CPU_PANEL,
                            (size_t) g->width, 0);
}

/* All of a chunk on one thread. */
static void
chunk_block (int block, float *lane, void *data)
{
  const Winograd *g = data;
  float *v = lane, *m = lane + CW_CPU_ALIGN (POINTS * g->v_step);
  int first = block * g->chunk, count = MIN (g->chunk, g->n_tiles - first);

  for (int t = 0; t < count; t++)
    transform_input (g, first + t, v + (size_t) t * g->v_row);
  multiply (g, count, 0, POINTS, 0, g->panels, v, m);
  for (int t = 0; t < count; t++)
    transform_output (g, first + t, m + (size_t) t * (size_t) g->width);
}

#define STAGE_TILES 6
#define STAGE_PANELS 8

static void
stage_input (int block, int worker, void *data)
{
  const Winograd *g = data;

  for (int t = block * STAGE_TILES; t < MIN ((block + 1) * STAGE_TILES, g->count); t++)
    transform_input (g, g->first + t, g->v + (size_t) t * g->v_row);
}

static void
stage_multiply (int block, int worker, void *data)
{
  const Winograd *g = data;
  int groups = ceil_div (g->panels, STAGE_PANELS);
  int point = block / groups, j0 = block % groups * STAGE_PANELS;

  multiply (g, g->count, point, point + 1, j0, MIN (j0 + STAGE_PANELS, g->panels), g->v, g->m);
}

static void
stage_output (int block, int worker, void *data)
{
  const Winograd *g = data;

  for (int t = block * STAGE_TILES; t < MIN ((block + 1) * STAGE_TILES, g->count); t++)
    transform_output (g, g->first + t, g->m + (size_t) t * (size_t) g->width);
}

static void
run (Winograd *g, float *scratch)
{
  g->u = scratch;
  scratch += filter_floats (g);
  cw_parallel_for (g->panels * ceil_div (g->s.c, FILTER_CHANNELS), filter_block, g);
  if (!g->staged)
    {
      _cw_cpu_for_tiles (ceil_div (g->n_tiles, g->chunk), chunk_block, g, scratch,
                         chunk_floats (g));
      return;
    }
  g->v = scratch;
  g->m = scratch + CW_CPU_ALIGN (POINTS * g->v_step);
  for (g->first = 0; g->first < g->n_tiles; g->first += g->chunk)
    {
      g->count = MIN (g->chunk, g->n_tiles - g->first);
      cw_parallel_for (ceil_div (g->count, STAGE_TILES), stage_input, g);
      cw_parallel_for (POINTS * ceil_div (g->panels, STAGE_PANELS), stage_multiply, g);
      cw_parallel_for (ceil_div (g->count, STAGE_TILES), stage_output, g);
    }
}

void
_cw_cpu_winograd_forward (const CwConvShape *shape, const float *x, const float *w,
                          const CwConvEnd *end, float *y, float *scratch)
{
  Winograd g = make (shape, FALSE);

  g.x = x;
  g.w = w;
  g.end = *end;
  g.y = y;
  run (&g, scratch);
}

/* ---- backward by the data ---- */

void
_cw_cpu_winograd_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                float *dx, int accumulate, float *scratch)
{
  CwConvShape turned = _cw_cpu_conv_turn_round (shape);
  Winograd g = make (&turned, FALSE);

  g.x = dy;
  g.w = w;
  g.turned = TRUE;
  g.y = dx;
  g.add = accumulate;
  run (&g, scratch);
}

/* ---- backward by the weights ---- */

static void
stage_gradient (int block, int worker, void *data)
{
  const Winograd *g = data;

  for (int t = block * STAGE_TILES; t < MIN ((block + 1) * STAGE_TILES, g->count); t++)
    {
      transform_input (g, g->first + t, g->v + (size_t) t * g->v_row);
      transform_gradient (g, g->first + t, g->m + (size_t) t * CW_CPU_PANEL);
    }
}

/* dU [c, 16 panels] of one point and a group of panels: the sum over the tiles of the chunk. */
static void
stage_sum (int block, int worker, void *data)
{
  const Winograd *g = data;
  int groups = ceil_div (g->panels, STAGE_PANELS);
  int point = block / groups, j0 = block % groups * STAGE_PANELS;
  size_t panel = (size_t) g->chunk * CW_CPU_PANEL;

  _cw_cpu_panel_multiply (g->s.c, MIN (STAGE_PANELS, g->panels - j0), g->count,
                          g->v + (size_t) point * g->v_step, 1, g->v_row,
                          g->m + (size_t) point * g->m_step + (size_t) j0 * panel, panel,
                          g->u + (size_t) point * g->filter_step + (size_t) j0 * CW_CPU_PANEL,
                          (size_t) g->width, g->first > 0);
}

/* dw += G^T dU G for one input channel. */
CW_CPU_CLONES static void
gather_channel (const Winograd *g, int c)
{
  const size_t tap = (size_t) g->s.c * (size_t) g->s.k;

  for (int k = 0; k < g->s.k; k += CW_VEC)
    {
      const float *u = g->u + (size_t) c * (size_t) g->width + k;
      float *dw = g->dw + (size_t) c * (size_t) g->s.k + k;
      CwVec columns[3][IN], vector[3];

      FOR_IN (int j = 0; j < IN; j++)
        {
          CwVec own[IN];

          FOR_IN (int i = 0; i < IN; i++)
            own[i] = CW_VEC_LOAD (u + (size_t) (i * IN + j) * g->filter_step);
          filter_gradient_line (own, vector);
          for (int i = 0; i < 3; i++)
            columns[i][j] = vector[i];
        }
      for (int i = 0; i < 3; i++)
        {
          filter_gradient_line (columns[i], vector);
          for (int j = 0; j < 3; j++)
            {
              float *to = dw + (size_t) (i * 3 + j) * tap;

              CW_VEC_STORE (to, CW_VEC_LOAD (to) + vector[j]);
            }
        }
    }
}

static void
gather_block (int c, int worker, void *data)
{
  gather_channel (data, c);
}

void
_cw_cpu_winograd_backward_weights (const CwConvShape *shape, const float *x, const float *dy,
                                   float *dw, float *scratch)
{
  Winograd g = make (shape, TRUE);

  g.x = x;
  g.dy = dy;
  g.dw = dw;
  g.u = scratch;
  g.v = scratch + filter_floats (&g);
  g.m = g.v + CW_CPU_ALIGN (POINTS * g.v_step);
  for (g.first = 0; g.first < g.n_tiles; g.first += g.chunk)
    {
      g.count = MIN (g.chunk, g.n_tiles - g.first);
      cw_parallel_for (ceil_div (g.count, STAGE_TILES), stage_gradient, &g);
      cw_parallel_for (POINTS * ceil_div (g.panels, STAGE_PANELS), stage_sum, &g);
    }
  cw_parallel_for (g.s.c, gather_block, &g);
}

/* ---- which, and what it takes ---- */

gboolean
_cw_cpu_winograd_fits (const CwConvShape *s)
{
  return s->kh == 3 && s->kw == 3 && s->stride == 1 && s->pad <= 2 && s->c % CW_VEC == 0
         && s->k % CW_VEC == 0 && s->c >= 16 && s->k >= 16
         /* With too much of the tiles outside the picture the rest does not pay: at least 1.8 times
          * fewer multiplications. */
         && 5 * s->ho * s->wo >= 36 * ceil_div (s->ho, OUT) * ceil_div (s->wo, OUT);
}

static size_t
forward_scratch (const CwConvShape *s)
{
  Winograd g = make (s, FALSE);

  return filter_floats (&g) + (g.staged ? 1 : CW_CPU_LANES) * chunk_floats (&g);
}

size_t
_cw_cpu_winograd_scratch (const CwConvShape *s)
{
  CwConvShape turned = _cw_cpu_conv_turn_round (s);
  Winograd g = make (s, TRUE);
  size_t weights = filter_floats (&g) + chunk_floats (&g);

  return MAX (weights, MAX (forward_scratch (s), forward_scratch (&turned)));
}
