/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu.h"

#include "base/cw-parallel.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Rows are cut into chunks that stay in the first-level cache while they are read twice. Sums
 * within a chunk are float, per channel and in row order; chunks are joined in double, in their
 * order. */
#define CHUNK_FLOATS 8192
/* Channels that are joined together. */
#define GROUP 64

typedef struct
{
  size_t rows, chunk;
  int c, n_chunks;
  const float *x, *y, *dy, *gamma, *beta, *mean, *rstd, *residual;
  float eps, momentum;
  float *running_mean, *running_var, *new_mean, *new_rstd;
  float *out, *dresidual, *dgamma, *dbeta;
  int relu, accumulate, residual_accumulate;
  float *parts;                /* [n_chunks][3][c] */
  float *scale, *slope, *push; /* [c] each: factors of the second pass */
} Norm;

static size_t
chunk_rows (int c)
{
  return (size_t) MAX (8, CHUNK_FLOATS / c);
}

static void
set_chunks (Norm *norm, float *scratch)
{
  norm->chunk = chunk_rows (norm->c);
  norm->n_chunks = (int) ((norm->rows + norm->chunk - 1) / norm->chunk);
  norm->scale = scratch;
  norm->slope = scratch + norm->c;
  norm->push = scratch + 2 * norm->c;
  norm->parts = scratch + 3 * norm->c;
}

size_t
_cw_cpu_norm_scratch (size_t rows, int c)
{
  size_t chunk = chunk_rows (c);

  return 3 * (size_t) c * (1 + (rows + chunk - 1) / chunk);
}

/* ---- statistics ---- */

CW_CPU_CLONES static void
add_rows (size_t rows, size_t c, const float *restrict x, float *restrict sum)
{
  size_t r = 0;

  memset (sum, 0, c * sizeof (float));
  for (; r + 4 <= rows; r += 4)
    {
      const float *restrict a = x + r * c, *restrict b = a + c, *restrict d = b + c,
                            *restrict e = d + c;

      for (size_t i = 0; i < c; i++)
        sum[i] += (a[i] + b[i]) + (d[i] + e[i]);
    }
  for (; r < rows; r++)
    {
      for (size_t i = 0; i < c; i++)
        sum[i] += x[r * c + i];
    }
}

/* Sums of the deviations from @mean and of their squares. */
CW_CPU_CLONES static void
add_deviations (size_t rows, size_t c, const float *restrict x, const float *restrict mean,
                float *restrict rest, float *restrict squares)
{
  size_t r = 0;

  memset (rest, 0, c * sizeof (float));
  memset (squares, 0, c * sizeof (float));
  for (; r + 2 <= rows; r += 2)
    {
      const float *restrict a = x + r * c, *restrict b = a + c;

      for (size_t i = 0; i < c; i++)
        {
          float u = a[i] - mean[i], v = b[i] - mean[i];

          rest[i] += u + v;
          squares[i] += u * u + v * v;
        }
    }
  for (; r < rows; r++)
    {
      for (size_t i = 0; i < c; i++)
        {
          float u = x[r * c + i] - mean[i];

          rest[i] += u;
          squares[i] += u * u;
        }
    }
}

static void
measure_chunk (int chunk, int worker, void *data)
{
  const Norm *n = data;
  size_t c = (size_t) n->c, at = (size_t) chunk * n->chunk;
  size_t rows = MIN (n->chunk, n->rows - at);
  float *mean = n->parts + (size_t) chunk * 3 * c;

  add_rows (rows, c, n->x + at * c, mean);
  for (size_t i = 0; i < c; i++)
    mean[i] /= (float) rows;
  add_deviations (rows, c, n->x + at * c, mean, mean + c, mean + 2 * c);
}

/* Joins the chunks' statistics (Chan, Golub, LeVeque 1979) for one group of channels. */
static void
join_statistics (int group, int worker, void *data)
{
  const Norm *n = data;
  size_t c = (size_t) n->c, from = (size_t) group * GROUP, count = MIN ((size_t) GROUP, c - from);
  double mean[GROUP] = { 0 }, squares[GROUP] = { 0 };

  for (int pass = 0; pass < 2; pass++)
    {
      for (int k = 0; k < n->n_chunks; k++)
        {
          const float *part = n->parts + (size_t) k * 3 * c + from;
          double rows = (double) MIN (n->chunk, n->rows - (size_t) k * n->chunk);

          for (size_t i = 0; i < count; i++)
            {
              double shift = (double) part[c + i] / rows;
              double chunk_mean = (double) part[i] + shift;

              if (pass == 0)
                mean[i] += chunk_mean * rows;
              else
                squares[i] += (double) part[2 * c + i] - rows * shift * shift
                              + rows * (chunk_mean - mean[i]) * (chunk_mean - mean[i]);
            }
        }
      for (size_t i = 0; i < count && pass == 0; i++)
        mean[i] /= (double) n->rows;
    }

  for (size_t i = 0; i < count; i++)
    {
      double variance = MAX (squares[i], 0.0) / (double) n->rows;
      double unbiased
          = n->rows > 1 ? variance * (double) n->rows / (double) (n->rows - 1) : variance;
      double keep = 1.0 - (double) n->momentum;

      /* A NaN must not become the variance 0. */
      if (squares[i] != squares[i])
        variance = unbiased = squares[i];
      n->new_mean[from + i] = (float) mean[i];
      n->new_rstd[from + i] = (float) (1.0 / sqrt (variance + (double) n->eps));
      n->running_mean[from + i]
          = (float) (keep * (double) n->running_mean[from + i] + (double) n->momentum * mean[i]);
      n->running_var[from + i]
          = (float) (keep * (double) n->running_var[from + i] + (double) n->momentum * unbiased);
    }
}

/* ---- y = (x - mean) * scale + beta, + residual, ReLU ---- */

static inline __attribute__ ((always_inline)) void
apply_rows (size_t rows, size_t c, const float *x, const float *mean, const float *scale,
            const float *beta, const float *residual, float *y, int add, int relu)
{
  for (size_t r = 0; r < rows; r++)
    {
      /* y may be x. */
      CW_CPU_IVDEP
      for (size_t i = 0; i < c; i++)
        {
          float v = (x[r * c + i] - mean[i]) * scale[i] + beta[i];

          if (add)
            v += residual[r * c + i];
          /* Keeps a NaN. */
          y[r * c + i] = relu && v <= 0 ? 0 : v;
        }
    }
}

CW_CPU_CLONES static void
apply_span (size_t rows, size_t c, const float *x, const float *mean, const float *scale,
            const float *beta, const float *residual, float *y, int relu)
{
  if (residual != NULL && relu)
    apply_rows (rows, c, x, mean, scale, beta, residual, y, 1, 1);
  else if (residual != NULL)
    apply_rows (rows, c, x, mean, scale, beta, residual, y, 1, 0);
  else if (relu)
    apply_rows (rows, c, x, mean, scale, beta, residual, y, 0, 1);
  else
    apply_rows (rows, c, x, mean, scale, beta, residual, y, 0, 0);
}

static void
apply_chunk (int chunk, int worker, void *data)
{
  const Norm *n = data;
  size_t c = (size_t) n->c, at = (size_t) chunk * n->chunk;

  apply_span (MIN (n->chunk, n->rows - at), c, n->x + at * c, n->mean, n->scale, n->beta,
              n->residual != NULL ? n->residual + at * c : NULL, n->out + at * c, n->relu);
}

void
_cw_cpu_norm_forward_train (size_t rows, int c, const float *x, const float *gamma,
                            const float *beta, float eps, float momentum, float *running_mean,
                            float *running_var, float *mean, float *rstd, const float *residual,
                            int relu, float *y, float *scratch)
{
  Norm n = { .rows = rows,
             .c = c,
             .x = x,
             .eps = eps,
             .momentum = momentum,
             .running_mean = running_mean,
             .running_var = running_var,
             .new_mean = mean,
             .new_rstd = rstd,
             .mean = mean,
             .residual = residual,
             .relu = relu,
             .out = y };

  if (rows == 0)
    return;
  set_chunks (&n, scratch);
  cw_parallel_for (n.n_chunks, measure_chunk, &n);
  cw_parallel_for ((c + GROUP - 1) / GROUP, join_statistics, &n);
  for (int i = 0; i < c; i++)
    {
      n.scale[i] = gamma != NULL ? gamma[i] * rstd[i] : rstd[i];
      n.slope[i] = beta != NULL ? beta[i] : 0.0f;
    }
  n.beta = n.slope;
  cw_parallel_for (n.n_chunks, apply_chunk, &n);
}

/* The factors are made anew for every group of channels, on the stack: there is no scratch here. */
static void
apply_running (int chunk, int worker, void *data)
{
  const Norm *n = data;
  size_t c = (size_t) n->c, at = (size_t) chunk * n->chunk;
  size_t rows = MIN (n->chunk, n->rows - at);
  float scale[1024], beta[1024];

  for (size_t from = 0; from < c; from += G_N_ELEMENTS (scale))
    {
      size_t count = MIN (G_N_ELEMENTS (scale), c - from);

      for (size_t i = 0; i < count; i++)
        {
          float rstd = 1.0f / sqrtf (n->running_var[from + i] + n->eps);

          scale[i] = n->gamma != NULL ? n->gamma[from + i] * rstd : rstd;
          beta[i] = n->beta != NULL ? n->beta[from + i] : 0.0f;
        }
      if (count == c)
        apply_span (rows, c, n->x + at * c, n->mean, scale, beta,
                    n->residual != NULL ? n->residual + at * c : NULL, n->out + at * c, n->relu);
      else
        {
          for (size_t r = at; r < at + rows; r++)
            apply_span (1, count, n->x + r * c + from, n->mean + from, scale, beta,
                        n->residual != NULL ? n->residual + r * c + from : NULL,
                        n->out + r * c + from, n->relu);
        }
    }
}

void
_cw_cpu_norm_fold (int c, const float *bias, const float *gamma, const float *beta, float eps,
                   const float *running_mean, const float *running_var, float *scale, float *shift)
{
  for (int i = 0; i < c; i++)
    {
      scale[i] = (gamma != NULL ? gamma[i] : 1.0f) / sqrtf (running_var[i] + eps);
      shift[i] = (beta != NULL ? beta[i] : 0.0f)
                 + ((bias != NULL ? bias[i] : 0.0f) - running_mean[i]) * scale[i];
    }
}

void
_cw_cpu_norm_forward_eval (size_t rows, int c, const float *x, const float *gamma,
                           const float *beta, float eps, const float *running_mean,
                           const float *running_var, const float *residual, int relu, float *y)
{
  Norm n = { .rows = rows,
             .c = c,
             .x = x,
             .gamma = gamma,
             .beta = beta,
             .eps = eps,
             .mean = running_mean,
             .running_var = (float *) running_var, /* read only here */
             .residual = residual,
             .relu = relu,
             .out = y };

  n.chunk = chunk_rows (c);
  n.n_chunks = (int) ((rows + n.chunk - 1) / n.chunk);
  cw_parallel_for (n.n_chunks, apply_running, &n);
}

/* ---- backward ---- */

/* Sums of g and of g * (x - mean), g = the gradient before the ReLU. */
static inline __attribute__ ((always_inline)) void
add_gradient_rows (size_t rows, size_t c, const float *restrict x, const float *restrict y,
                   const float *restrict dy, const float *restrict mean, float *restrict sum,
                   float *restrict moment, int relu)
{
  for (size_t r = 0; r < rows; r++)
    {
      for (size_t i = 0; i < c; i++)
        {
          float g = relu && !(y[r * c + i] > 0) ? 0.0f : dy[r * c + i];

          sum[i] += g;
          moment[i] += g * (x[r * c + i] - mean[i]);
        }
    }
}

CW_CPU_CLONES static void
add_gradients (size_t rows, size_t c, const float *x, const float *y, const float *dy,
               const float *mean, float *sum, float *moment, int relu)
{
  memset (sum, 0, c * sizeof (float));
  memset (moment, 0, c * sizeof (float));
  if (relu)
    add_gradient_rows (rows, c, x, y, dy, mean, sum, moment, 1);
  else
    add_gradient_rows (rows, c, x, y, dy, mean, sum, moment, 0);
}

static void
measure_gradient_chunk (int chunk, int worker, void *data)
{
  const Norm *n = data;
  size_t c = (size_t) n->c, at = (size_t) chunk * n->chunk;
  float *part = n->parts + (size_t) chunk * 3 * c;

  add_gradients (MIN (n->chunk, n->rows - at), c, n->x + at * c, n->relu ? n->y + at * c : NULL,
                 n->dy + at * c, n->mean, part, part + c, n->relu);
}

/* dx = scale * g + slope * (x - mean) + push */
static void
join_gradients (int group, int worker, void *data)
{
  const Norm *n = data;
  size_t c = (size_t) n->c, from = (size_t) group * GROUP, count = MIN ((size_t) GROUP, c - from);
  double sum[GROUP] = { 0 }, moment[GROUP] = { 0 };

  for (int k = 0; k < n->n_chunks; k++)
    {
      const float *part = n->parts + (size_t) k * 3 * c + from;

      for (size_t i = 0; i < count; i++)
        {
          sum[i] += (double) part[i];
          moment[i] += (double) part[c + i];
        }
    }
  for (size_t i = 0; i < count; i++)
    {
      double rstd = (double) n->rstd[from + i];
      double scale = n->gamma != NULL ? (double) n->gamma[from + i] * rstd : rstd;

      n->scale[from + i] = (float) scale;
      n->slope[from + i] = (float) (-scale * rstd * rstd * moment[i] / (double) n->rows);
      n->push[from + i] = (float) (-scale * sum[i] / (double) n->rows);
      if (n->dgamma != NULL)
        n->dgamma[from + i] += (float) (moment[i] * rstd);
      if (n->dbeta != NULL)
        n->dbeta[from + i] += (float) sum[i];
    }
}

static inline __attribute__ ((always_inline)) void
spread_rows (const Norm *n, size_t from, size_t to, int relu, int add, int residual,
             int residual_add)
{
  size_t c = (size_t) n->c;
  const float *scale = n->scale, *slope = n->slope, *push = n->push, *mean = n->mean;

  for (size_t r = from; r < to; r++)
    {
      const float *x = n->x + r * c, *dy = n->dy + r * c;
      const float *y = relu ? n->y + r * c : NULL;
      float *dx = n->out + r * c, *back = residual ? n->dresidual + r * c : NULL;

      /* dx may be dy. */
      CW_CPU_IVDEP
      for (size_t i = 0; i < c; i++)
        {
          float g = relu && !(y[i] > 0) ? 0.0f : dy[i];
          float d = scale[i] * g + slope[i] * (x[i] - mean[i]) + push[i];

          dx[i] = add ? dx[i] + d : d;
          if (residual)
            back[i] = residual_add ? back[i] + g : g;
        }
    }
}

CW_CPU_CLONES static void
spread_span (const Norm *n, size_t from, size_t to)
{
  int residual = n->dresidual != NULL;

#define CASE(relu_, add_)                                                                          \
  if (!!n->relu == relu_ && !!n->accumulate == add_)                                               \
    {                                                                                              \
      if (!residual)                                                                               \
        spread_rows (n, from, to, relu_, add_, 0, 0);                                              \
      else if (n->residual_accumulate)                                                             \
        spread_rows (n, from, to, relu_, add_, 1, 1);                                              \
      else                                                                                         \
        spread_rows (n, from, to, relu_, add_, 1, 0);                                              \
    }
  CASE (0, 0)
  CASE (0, 1)
  CASE (1, 0)
  CASE (1, 1)
#undef CASE
}

static void
spread_chunk (int chunk, int worker, void *data)
{
  const Norm *n = data;
  size_t at = (size_t) chunk * n->chunk;

  spread_span (n, at, MIN (at + n->chunk, n->rows));
}

void
_cw_cpu_norm_backward (size_t rows, int c, const float *x, const float *y, const float *dy,
                       const float *gamma, const float *mean, const float *rstd, int relu,
                       float *dx, int accumulate, float *dresidual, int residual_accumulate,
                       float *dgamma, float *dbeta, float *scratch)
{
  Norm n = { .rows = rows,
             .c = c,
             .x = x,
             .y = y,
             .dy = dy,
             .gamma = gamma,
             .mean = mean,
             .rstd = rstd,
             .relu = relu,
             .out = dx,
             .accumulate = accumulate,
             .dresidual = dresidual,
             .residual_accumulate = residual_accumulate,
             .dgamma = dgamma,
             .dbeta = dbeta };

  if (rows == 0)
    return;
  set_chunks (&n, scratch);
  cw_parallel_for (n.n_chunks, measure_gradient_chunk, &n);
  cw_parallel_for ((c + GROUP - 1) / GROUP, join_gradients, &n);
  cw_parallel_for (n.n_chunks, spread_chunk, &n);
}
