/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu.h"

#include "base/cw-parallel.h"

#include <glib.h>
#include <string.h>

/* Floats per block: small enough for the first cache levels, large enough to pay for its start. */
#define BLOCK ((size_t) 16384)

typedef struct
{
  size_t n;
  float scalar;
  const float *a, *b;
  float *out;
} Args;

/* Defines the block function @name over spans of @n elements: @body is the loop's. */
#define SPAN(name, body)                                                                           \
  CW_CPU_CLONES static void name##_span (size_t n, float scalar, const float *a, const float *b,   \
                                         float *out)                                               \
  {                                                                                                \
    CW_CPU_IVDEP                                                                                   \
    for (size_t i = 0; i < n; i++)                                                                 \
      body;                                                                                        \
  }                                                                                                \
  static void name##_block (int block, int worker, void *data)                                     \
  {                                                                                                \
    const Args *args = data;                                                                       \
    size_t at = (size_t) block * BLOCK;                                                            \
                                                                                                   \
    name##_span (MIN (BLOCK, args->n - at), args->scalar, args->a != NULL ? args->a + at : NULL,   \
                 args->b != NULL ? args->b + at : NULL, args->out + at);                           \
  }

/* Keeps a NaN. */
SPAN (relu, out[i] = a[i] <= 0 ? 0 : a[i])
SPAN (relu_back, out[i] = a[i] > 0 ? b[i] : 0)
SPAN (relu_back_add, out[i] += a[i] > 0 ? b[i] : 0)
SPAN (add, out[i] = a[i] + b[i])
SPAN (fill, out[i] = scalar)
SPAN (axpy, out[i] += scalar * a[i])
SPAN (lerp, out[i] = scalar * out[i] + (1.0f - scalar) * a[i])

static void
copy_block (int block, int worker, void *data)
{
  const Args *args = data;
  size_t at = (size_t) block * BLOCK;

  memcpy (args->out + at, args->a + at, MIN (BLOCK, args->n - at) * sizeof (float));
}

static void
for_blocks (CwBlockFunc func, Args args)
{
  cw_parallel_for ((int) ((args.n + BLOCK - 1) / BLOCK), func, &args);
}

void
_cw_cpu_relu_forward (size_t n, const float *x, float *y)
{
  for_blocks (relu_block, (Args){ .n = n, .a = x, .out = y });
}

void
_cw_cpu_relu_backward (size_t n, const float *y, const float *dy, float *dx, int accumulate)
{
  for_blocks (accumulate ? relu_back_add_block : relu_back_block,
              (Args){ .n = n, .a = y, .b = dy, .out = dx });
}

void
_cw_cpu_add_forward (size_t n, const float *a, const float *b, float *y)
{
  for_blocks (add_block, (Args){ .n = n, .a = a, .b = b, .out = y });
}

void
_cw_cpu_fill (size_t n, float value, float *x)
{
  for_blocks (fill_block, (Args){ .n = n, .scalar = value, .out = x });
}

void
_cw_cpu_copy (size_t n, const float *x, float *y)
{
  for_blocks (copy_block, (Args){ .n = n, .a = x, .out = y });
}

void
_cw_cpu_axpy (size_t n, float alpha, const float *x, float *y)
{
  for_blocks (axpy_block, (Args){ .n = n, .scalar = alpha, .a = x, .out = y });
}

void
_cw_cpu_lerp (size_t n, float m, const float *online, float *target)
{
  for_blocks (lerp_block, (Args){ .n = n, .scalar = m, .a = online, .out = target });
}

/* ---- sum of squares ---- */

#define MAX_PARTS 256

typedef struct
{
  size_t n, part;
  const float *x;
  double sums[MAX_PARTS];
} Squares;

CW_CPU_CLONES static double
squares_span (size_t n, const float *x)
{
  double sums[16] = { 0 }, sum = 0;
  size_t i;

  for (i = 0; i + 16 <= n; i += 16)
    {
      for (int j = 0; j < 16; j++)
        sums[j] += (double) x[i + (size_t) j] * (double) x[i + (size_t) j];
    }
  for (; i < n; i++)
    sums[0] += (double) x[i] * (double) x[i];
  for (int j = 0; j < 16; j++)
    sum += sums[j];
  return sum;
}

static void
squares_part (int block, int worker, void *data)
{
  Squares *s = data;
  size_t at = (size_t) block * s->part;

  s->sums[block] = squares_span (MIN (s->part, s->n - at), s->x + at);
}

double
_cw_cpu_sum_squares (size_t n, const float *x)
{
  Squares s = { .n = n, .x = x };
  int n_parts;
  double sum = 0;

  s.part = MAX (BLOCK, (n + MAX_PARTS - 1) / MAX_PARTS);
  n_parts = (int) ((n + s.part - 1) / s.part);
  cw_parallel_for (n_parts, squares_part, &s);
  for (int i = 0; i < n_parts; i++)
    sum += s.sums[i];
  return sum;
}
