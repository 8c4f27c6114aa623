/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu-conv.h"

#include "base/cw-parallel.h"
#include "nn/cpu/cw-cpu.h"

typedef struct
{
  const char *name;
  gboolean (*fits) (const CwConvShape *shape);
  size_t (*scratch) (const CwConvShape *shape);
  void (*forward) (const CwConvShape *shape, const float *x, const float *w,
                   const CwConvEnd *end, float *y, float *scratch);
  void (*backward_data) (const CwConvShape *shape, const float *dy, const float *w, float *dx,
                         int accumulate, float *scratch);
  void (*backward_weights) (const CwConvShape *shape, const float *x, const float *dy, float *dw,
                            float *scratch);
} Way;

static gboolean
always (const CwConvShape *shape)
{
  return TRUE;
}

#define WAY(name, fits_)                                                                            \
  {                                                                                                \
    #name, fits_, _cw_cpu_##name##_scratch, _cw_cpu_##name##_forward, _cw_cpu_##name##_backward_data,     \
        _cw_cpu_##name##_backward_weights                                                          \
  }

/* The first that fits. It depends on the shape only, not on how fast the machine happens to be today:
 * results are the same from run to run. */
static const Way *
choose (const CwConvShape *shape)
{
  static const Way ways[] = {
    WAY (position, _cw_cpu_position_fits),
    WAY (winograd, _cw_cpu_winograd_fits),
    WAY (im2col, always),
  };
  const Way *way = ways;

  while (!way->fits (shape))
    way++;
  return way;
}

const char *
_cw_cpu_conv_way (const CwConvShape *shape)
{
  return choose (shape)->name;
}

CW_CPU_CLONES static void
end_row (size_t n, const float *scale, const float *shift, const float *residual, int relu, float *y)
{
  CW_CPU_IVDEP
  for (size_t i = 0; i < n; i++)
    {
      float v = y[i];

      if (scale != NULL)
        v *= scale[i];
      if (shift != NULL)
        v += shift[i];
      if (residual != NULL)
        v += residual[i];
      /* Keeps a NaN. */
      y[i] = relu && v <= 0 ? 0 : v;
    }
}

CwConvShape
_cw_cpu_conv_turn_round (const CwConvShape *s)
{
  return (CwConvShape){ .n = s->n,
                        .h = s->ho,
                        .w = s->wo,
                        .c = s->k,
                        .k = s->c,
                        .ho = s->h,
                        .wo = s->w,
                        .kh = s->kh,
                        .kw = s->kw,
                        .stride = 1,
                        .pad = s->kh - 1 - s->pad };
}

void
_cw_cpu_conv_end (const CwConvEnd *end, size_t rows, int k, int k0, int k1, size_t offset, float *y)
{
  const float *residual = end->residual != NULL ? end->residual + offset + k0 : NULL;

  if (end->scale == NULL && end->shift == NULL && residual == NULL && !end->relu)
    return;
  for (size_t r = 0; r < rows; r++)
    end_row ((size_t) (k1 - k0), end->scale != NULL ? end->scale + k0 : NULL,
             end->shift != NULL ? end->shift + k0 : NULL,
             residual != NULL ? residual + r * (size_t) k : NULL, end->relu,
             y + r * (size_t) k + k0);
}

void
_cw_cpu_conv_forward (const CwConvShape *shape, const float *x, const float *w,
                      const CwConvEnd *end, float *y, float *scratch)
{
  static const CwConvEnd plain;

  choose (shape)->forward (shape, x, w, end != NULL ? end : &plain, y, scratch);
}

void
_cw_cpu_conv_backward_data (const CwConvShape *shape, const float *dy, const float *w, float *dx,
                            int accumulate, float *scratch)
{
  choose (shape)->backward_data (shape, dy, w, dx, accumulate, scratch);
}

typedef struct
{
  size_t rows;
  int k;
  const float *dy;
  float *db;
} Bias;

#define BIAS_COLUMNS 64
#define BIAS_ROWS 64

CW_CPU_CLONES static void
add_rows (size_t rows, size_t width, size_t step, const float *restrict dy, float *restrict sum)
{
  for (size_t r = 0; r < rows; r++)
    {
      for (size_t i = 0; i < width; i++)
        sum[i] += dy[r * step + i];
    }
}

/* Column sums of dY; rows in groups that keep the float sums short. */
static void
bias_block (int block, int worker, void *data)
{
  const Bias *b = data;
  int n0 = block * BIAS_COLUMNS, width = MIN (BIAS_COLUMNS, b->k - n0);
  size_t k = (size_t) b->k;
  double sums[BIAS_COLUMNS] = { 0 };

  for (size_t r = 0; r < b->rows; r += BIAS_ROWS)
    {
      float group[BIAS_COLUMNS] = { 0 };

      add_rows (MIN (BIAS_ROWS, b->rows - r), (size_t) width, k, b->dy + r * k + n0, group);
      for (int i = 0; i < width; i++)
        sums[i] += (double) group[i];
    }
  for (int i = 0; i < width; i++)
    b->db[n0 + i] += (float) sums[i];
}

void
_cw_cpu_conv_backward_weights (const CwConvShape *shape, const float *x, const float *dy, float *dw,
                               float *db, float *scratch)
{
  Bias bias = { .rows = (size_t) shape->n * (size_t) shape->ho * (size_t) shape->wo,
                .k = shape->k,
                .dy = dy,
                .db = db };

  choose (shape)->backward_weights (shape, x, dy, dw, scratch);
  if (db != NULL)
    cw_parallel_for ((shape->k + BIAS_COLUMNS - 1) / BIAS_COLUMNS, bias_block, &bias);
}

size_t
_cw_cpu_conv_scratch (const CwConvShape *shape)
{
  CwConvShape s = *shape;
  size_t most = 0;

  /* Fewer images may be cut in another way: enough for any number up to n. */
  for (s.n = 1; s.n <= shape->n; s.n++)
    most = MAX (most, choose (&s)->scratch (&s));
  return most;
}
