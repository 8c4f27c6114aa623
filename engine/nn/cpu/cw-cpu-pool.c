/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu.h"

#include "base/cw-parallel.h"

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const CwConvShape *s;
  const float *x;
  float *y;
  uint8_t *index;
  const uint8_t *winners;
  int accumulate;
} Pool;

/* One more pixel of the window, @tap, for @c channels. A NaN wins and stays, as in PyTorch. */
CW_CPU_CLONES static void
take_maximum (int c, uint8_t tap, const float *restrict x, float *restrict best,
              uint8_t *restrict winner)
{
  for (int i = 0; i < c; i++)
    {
      int better = (x[i] > best[i]) | (x[i] != x[i]);

      best[i] = better ? x[i] : best[i];
      winner[i] = better ? tap : winner[i];
    }
}

/* A row of the output. */
static void
max_forward_row (int row, int worker, void *data)
{
  const Pool *p = data;
  const CwConvShape *s = p->s;
  int image = row / s->ho, oy = row % s->ho;
  size_t c = (size_t) s->c;
  const float *x = p->x + (size_t) image * (size_t) s->h * (size_t) s->w * c;
  float *y = p->y + (size_t) row * (size_t) s->wo * c;
  uint8_t *index = p->index + (size_t) row * (size_t) s->wo * c;

  for (int ox = 0; ox < s->wo; ox++)
    {
      int iy0 = oy * s->stride - s->pad, ix0 = ox * s->stride - s->pad;
      float *best = y + (size_t) ox * c;
      uint8_t *winner = index + (size_t) ox * c;

      memset (winner, 0, c);
      for (size_t i = 0; i < c; i++)
        best[i] = -INFINITY;
      for (int ky = MAX (0, -iy0); ky < MIN (s->kh, s->h - iy0); ky++)
        {
          for (int kx = MAX (0, -ix0); kx < MIN (s->kw, s->w - ix0); kx++)
            take_maximum ((int) c, (uint8_t) (ky * s->kw + kx),
                          x + ((size_t) (iy0 + ky) * (size_t) s->w + (size_t) (ix0 + kx)) * c, best,
                          winner);
        }
    }
}

void
_cw_cpu_max_pool_forward (const CwConvShape *shape, const float *x, float *y, uint8_t *index)
{
  Pool pool = { .s = shape, .x = x, .y = y, .index = index };

  g_assert (shape->kh * shape->kw <= 256);
  cw_parallel_for (shape->n * shape->ho, max_forward_row, &pool);
}

CW_CPU_CLONES static void
take_gradient (int c, uint8_t tap, const float *restrict dy, const uint8_t *restrict winner,
               float *restrict dx)
{
  for (int i = 0; i < c; i++)
    dx[i] += winner[i] == tap ? dy[i] : 0.0f;
}

/* A row of the input: every pixel collects from the windows that cover it. */
static void
max_backward_row (int row, int worker, void *data)
{
  const Pool *p = data;
  const CwConvShape *s = p->s;
  int image = row / s->h, iy = row % s->h;
  size_t c = (size_t) s->c;
  size_t plane = (size_t) image * (size_t) s->ho * (size_t) s->wo * c;
  float *dx = p->y + (size_t) row * (size_t) s->w * c;

  if (!p->accumulate)
    memset (dx, 0, (size_t) s->w * c * sizeof (float));
  for (int ky = 0; ky < s->kh; ky++)
    {
      int oy = iy + s->pad - ky;

      if (oy < 0 || oy % s->stride != 0 || oy / s->stride >= s->ho)
        continue;
      oy /= s->stride;
      for (int ix = 0; ix < s->w; ix++)
        {
          for (int kx = (ix + s->pad) % s->stride; kx < s->kw; kx += s->stride)
            {
              int ox = (ix + s->pad - kx) / s->stride;
              size_t at = plane + ((size_t) oy * (size_t) s->wo + (size_t) ox) * c;

              if (ix + s->pad - kx < 0 || ox >= s->wo)
                continue;
              take_gradient ((int) c, (uint8_t) (ky * s->kw + kx), p->x + at, p->winners + at,
                             dx + (size_t) ix * c);
            }
        }
    }
}

void
_cw_cpu_max_pool_backward (const CwConvShape *shape, const float *dy, const uint8_t *index,
                           float *dx, int accumulate)
{
  Pool pool = { .s = shape, .x = dy, .winners = index, .y = dx, .accumulate = accumulate };

  cw_parallel_for (shape->n * shape->h, max_backward_row, &pool);
}

typedef struct
{
  int hw, c, accumulate;
  const float *x;
  float *y;
} Mean;

CW_CPU_CLONES static void
mean_image (int hw, int c, const float *restrict x, float *restrict y)
{
  const float scale = 1.0f / (float) hw;

  for (int i = 0; i < c; i++)
    y[i] = 0;
  for (int j = 0; j < hw; j++)
    {
      const float *restrict row = x + (size_t) j * (size_t) c;

      for (int i = 0; i < c; i++)
        y[i] += row[i];
    }
  for (int i = 0; i < c; i++)
    y[i] *= scale;
}

static void
mean_forward (int image, int worker, void *data)
{
  const Mean *m = data;

  mean_image (m->hw, m->c, m->x + (size_t) image * (size_t) m->hw * (size_t) m->c,
              m->y + (size_t) image * (size_t) m->c);
}

void
_cw_cpu_avg_pool_forward (int n, int hw, int c, const float *x, float *y)
{
  Mean m = { .hw = hw, .c = c, .x = x, .y = y };

  cw_parallel_for (n, mean_forward, &m);
}

CW_CPU_CLONES static void
spread_image (int hw, int c, const float *restrict dy, float *restrict dx, int accumulate)
{
  const float scale = 1.0f / (float) hw;

  for (int j = 0; j < hw; j++)
    {
      float *restrict row = dx + (size_t) j * (size_t) c;

      if (accumulate)
        {
          for (int i = 0; i < c; i++)
            row[i] += scale * dy[i];
        }
      else
        {
          for (int i = 0; i < c; i++)
            row[i] = scale * dy[i];
        }
    }
}

static void
mean_backward (int image, int worker, void *data)
{
  const Mean *m = data;

  spread_image (m->hw, m->c, m->x + (size_t) image * (size_t) m->c,
                m->y + (size_t) image * (size_t) m->hw * (size_t) m->c, m->accumulate);
}

void
_cw_cpu_avg_pool_backward (int n, int hw, int c, const float *dy, float *dx, int accumulate)
{
  Mean m = { .hw = hw, .c = c, .x = dy, .y = dx, .accumulate = accumulate };

  cw_parallel_for (n, mean_backward, &m);
}
