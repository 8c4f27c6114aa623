/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu.h"

#include "base/cw-parallel.h"

#include <glib.h>
#include <math.h>

#define BLOCK ((size_t) 16384)

typedef struct
{
  size_t n;
  float *w, *m, *v;
  const float *g;
  float beta1, beta2, keep, step_size, root_scale, eps;
} AdamW;

CW_CPU_CLONES static void
adamw_span (const AdamW *a, size_t from, size_t to)
{
  float *restrict w = a->w, *restrict m = a->m, *restrict v = a->v;
  const float *restrict g = a->g;
  const float beta1 = a->beta1, beta2 = a->beta2, keep = a->keep;
  const float step_size = a->step_size, root_scale = a->root_scale, eps = a->eps;

  for (size_t i = from; i < to; i++)
    {
      float mi = beta1 * m[i] + (1.0f - beta1) * g[i];
      float vi = beta2 * v[i] + (1.0f - beta2) * g[i] * g[i];

      m[i] = mi;
      v[i] = vi;
      w[i] = w[i] * keep - step_size * (mi / (sqrtf (vi) * root_scale + eps));
    }
}

static void
adamw_block (int block, int worker, void *data)
{
  const AdamW *a = data;
  size_t at = (size_t) block * BLOCK;

  adamw_span (a, at, MIN (at + BLOCK, a->n));
}

void
_cw_cpu_adamw (size_t n, float *w, const float *g, float *m, float *v, float lr, float beta1,
               float beta2, float eps, float weight_decay, uint64_t step)
{
  /* The corrections of the moments' bias, in double: beta2^step is close to one. */
  double correct1 = 1.0 - pow ((double) beta1, (double) step);
  double correct2 = 1.0 - pow ((double) beta2, (double) step);
  AdamW a = { .n = n,
              .w = w,
              .m = m,
              .v = v,
              .g = g,
              .beta1 = beta1,
              .beta2 = beta2,
              .keep = 1.0f - lr * weight_decay,
              .step_size = (float) ((double) lr / correct1),
              .root_scale = (float) (1.0 / sqrt (correct2)),
              .eps = eps };

  cw_parallel_for ((int) ((n + BLOCK - 1) / BLOCK), adamw_block, &a);
}

typedef struct
{
  size_t n;
  float *w, *v;
  const float *g;
  float lr, momentum, weight_decay;
  float scale; /* of the gradient, its decay included */
  int nesterov, first;
} Sgd;

CW_CPU_CLONES static void
sgd_span (const Sgd *s, size_t from, size_t to)
{
  float *restrict w = s->w, *restrict v = s->v;
  const float *restrict g = s->g;
  const float lr = s->lr, momentum = s->momentum, decay = s->weight_decay, scale = s->scale;
  const float old = s->first ? 0.0f : momentum;
  /* w moves along d + mu v (Nesterov) or along v. */
  const float by_gradient = s->nesterov ? 1.0f : 0.0f;
  const float by_velocity = s->nesterov ? momentum : 1.0f;

  for (size_t i = from; i < to; i++)
    {
      float d = scale * (g[i] + decay * w[i]);
      float vi = old * v[i] + d;

      v[i] = vi;
      w[i] -= lr * (by_gradient * d + by_velocity * vi);
    }
}

static void
sgd_block (int block, int worker, void *data)
{
  const Sgd *s = data;
  size_t at = (size_t) block * BLOCK;

  sgd_span (s, at, MIN (at + BLOCK, s->n));
}

void
_cw_cpu_sgd (size_t n, float *w, const float *g, float *v, float lr, float momentum, int nesterov,
             float weight_decay, uint64_t step)
{
  Sgd s = { .n = n,
            .w = w,
            .v = v,
            .g = g,
            .lr = lr,
            .momentum = momentum,
            .weight_decay = weight_decay,
            .scale = 1,
            .nesterov = nesterov,
            .first = step <= 1 };

  cw_parallel_for ((int) ((n + BLOCK - 1) / BLOCK), sgd_block, &s);
}

/* ---- LARS ---- */

#define MAX_PARTS 256

typedef struct
{
  size_t n, part;
  const float *w, *g;
  float weight_decay;
  double w_squares[MAX_PARTS], d_squares[MAX_PARTS];
} Lengths;

CW_CPU_CLONES static void
lengths_span (const Lengths *l, size_t from, size_t to, double *w_squares, double *d_squares)
{
  const float *restrict w = l->w, *restrict g = l->g;
  double decay = (double) l->weight_decay, ws[8] = { 0 }, ds[8] = { 0 };

  for (size_t i = from; i < to; i++)
    {
      double wi = (double) w[i], di = (double) g[i] + decay * wi;

      ws[i % 8] += wi * wi;
      ds[i % 8] += di * di;
    }
  *w_squares = *d_squares = 0;
  for (int j = 0; j < 8; j++)
    {
      *w_squares += ws[j];
      *d_squares += ds[j];
    }
}

static void
lengths_part (int block, int worker, void *data)
{
  Lengths *l = data;
  size_t at = (size_t) block * l->part;

  lengths_span (l, at, MIN (at + l->part, l->n), &l->w_squares[block], &l->d_squares[block]);
}

/* |w| / |g + wd w|; 0 where one of them is. */
static double
compare_lengths (size_t n, const float *w, const float *g, float weight_decay)
{
  Lengths l = { .n = n, .w = w, .g = g, .weight_decay = weight_decay };
  double w_squares = 0, d_squares = 0;
  int n_parts;

  l.part = MAX (BLOCK, (n + MAX_PARTS - 1) / MAX_PARTS);
  n_parts = (int) ((n + l.part - 1) / l.part);
  cw_parallel_for (n_parts, lengths_part, &l);
  for (int i = 0; i < n_parts; i++)
    {
      w_squares += l.w_squares[i];
      d_squares += l.d_squares[i];
    }
  return d_squares <= 0 ? 0 : sqrt (w_squares / d_squares);
}

void
_cw_cpu_lars (size_t n, float *w, const float *g, float *v, float lr, float momentum, float trust,
              float weight_decay, uint64_t step)
{
  double ratio = compare_lengths (n, w, g, weight_decay);
  Sgd s = { .n = n,
            .w = w,
            .v = v,
            .g = g,
            .lr = lr,
            .momentum = momentum,
            .weight_decay = weight_decay,
            .scale = ratio <= 0 ? 1 : (float) ((double) trust * ratio),
            .first = step <= 1 };

  cw_parallel_for ((int) ((n + BLOCK - 1) / BLOCK), sgd_block, &s);
}
