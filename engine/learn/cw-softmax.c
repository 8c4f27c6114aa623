/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-softmax.h"

#include "base/cw-parallel.h"

#include <glib.h>
#include <math.h>

/* Elements that make a block worth a thread's while. */
#define BLOCK ((size_t) 8192)

typedef struct
{
  size_t n_rows, n, rows_per_block;
  double scale;
  float *logits, *lse;
} Softmax;

/* Returns the log-sum-exp. */
static double
softmax_row (size_t n, double scale, float *row)
{
  float highest = -HUGE_VALF, factor;
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    highest = row[i] > highest ? row[i] : highest;
  for (size_t i = 0; i < n; i++)
    {
      row[i] = expf (row[i] - highest);
      sum += (double) row[i];
    }
  factor = (float) (scale / sum);
  for (size_t i = 0; i < n; i++)
    row[i] *= factor;
  return (double) highest + log (sum);
}

static void
softmax_block (int block, int worker, void *data)
{
  const Softmax *s = data;
  size_t from = (size_t) block * s->rows_per_block;
  size_t to = MIN (from + s->rows_per_block, s->n_rows);

  for (size_t i = from; i < to; i++)
    s->lse[i] = (float) softmax_row (s->n, s->scale, s->logits + i * s->n);
}

void
_cw_softmax_rows (size_t n_rows, size_t n, double scale, float *logits, float *lse)
{
  Softmax s = { .n_rows = n_rows, .n = n, .scale = scale, .logits = logits, .lse = lse };

  s.rows_per_block = MAX (1, BLOCK / n);
  cw_parallel_for ((int) ((n_rows + s.rows_per_block - 1) / s.rows_per_block), softmax_block, &s);
}
