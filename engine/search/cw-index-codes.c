/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-search"

#include "search/cw-index-codes-private.h"

#include "base/cw-parallel.h"

#include <float.h>
#include <math.h>

#define ROW_BLOCK 1024
/* Codes are padded to whole vectors. */
#define ALIGN 32
#define N_LANES 8

/* Sums of whole numbers are the same in any order, so any vectors will do. Sanitizers run before the
 * choice could be made. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)         \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

static float
round_up (double x)
{
  return (float) (x * (1 + 1e-6)) + FLT_MIN;
}

/* Norm of @n elements, of which there is a whole number of lanes. */
static double
norm (const double *x, int n)
{
  double lanes[N_LANES] = { 0 }, sum = 0;

  for (int j = 0; j < n; j += N_LANES)
    {
      for (int l = 0; l < N_LANES; l++)
        lanes[l] += x[j + l] * x[j + l];
    }
  for (int l = 0; l < N_LANES; l++)
    sum += lanes[l];
  return sqrt (sum);
}

/* @said, @missed: scratch, [width], zero behind dim. */
static void
code_row (CwCodes *c, guint i, double *said, double *missed)
{
  const float *row = c->rows + (gsize) i * (gsize) c->dim;
  gint8 *code = c->codes + (gsize) i * (gsize) c->width;
  float max = 0, per_step;
  double step;

  for (int j = 0; j < c->dim; j++)
    max = MAX (max, fabsf (row[j] - c->mean[j]));
  c->step[i] = max / CW_CODE_MAX;
  per_step = c->step[i] > FLT_MIN ? 1 / c->step[i] : 0;
  step = (double) c->step[i];
  for (int j = 0; j < c->dim; j++)
    {
      float x = row[j] - c->mean[j];
      int value = (int) (x * per_step + (x < 0 ? -0.5f : 0.5f));

      /* However it was rounded: what the code says and misses is measured. */
      value = CLAMP (value, -CW_CODE_MAX, CW_CODE_MAX);
      code[j] = (gint8) value;
      said[j] = step * value;
      missed[j] = (double) row[j] - (double) c->mean[j] - said[j];
    }
  c->missed[i] = round_up (norm (missed, c->width));
  c->length[i] = round_up (norm (said, c->width));
}

static void
code_block (int block, int worker, void *data)
{
  CwCodes *c = data;
  guint from = (guint) block * ROW_BLOCK, to = MIN (from + ROW_BLOCK, c->n);
  double *scratch = c->scratch + (gsize) worker * 2 * (gsize) c->width;

  for (guint i = from; i < to; i++)
    code_row (c, i, scratch, scratch + c->width);
}

static void
measure_mean (CwCodes *c)
{
  g_autofree double *sum = g_new0 (double, c->dim);

  for (guint i = 0; i < c->n; i++)
    {
      for (int j = 0; j < c->dim; j++)
        sum[j] += (double) c->rows[(gsize) i * (gsize) c->dim + (gsize) j];
    }
  for (int j = 0; j < c->dim; j++)
    c->mean[j] = (float) (sum[j] / c->n);
}

CwCodes *
_cw_codes_new (const float *rows, guint n, int dim)
{
  CwCodes *c = g_new0 (CwCodes, 1);

  c->rows = rows;
  c->n = n;
  c->dim = dim;
  c->width = (dim + ALIGN - 1) / ALIGN * ALIGN;
  c->mean = g_new (float, dim);
  c->codes = g_try_malloc0_n (n, (gsize) c->width);
  c->step = g_new (float, n);
  c->missed = g_new (float, n);
  c->length = g_new (float, n);
  if (c->codes == NULL)
    {
      _cw_codes_free (c);
      return NULL;
    }
  measure_mean (c);
  c->scratch = g_new0 (double, CW_PARALLEL_MAX_THREADS * 2 * (gsize) c->width);
  cw_parallel_for ((int) ((n + ROW_BLOCK - 1) / ROW_BLOCK), code_block, c);
  g_clear_pointer (&c->scratch, g_free);
  return c;
}

void
_cw_codes_free (CwCodes *codes)
{
  if (codes == NULL)
    return;
  g_free (codes->mean);
  g_free (codes->codes);
  g_free (codes->step);
  g_free (codes->missed);
  g_free (codes->length);
  g_free (codes);
}

void
_cw_coded_query_set (CwCodedQuery *q, const CwCodes *codes, const float *query, gint16 *coarse)
{
  double missed = 0, max = 0;

  *q = (CwCodedQuery){ .coarse = coarse };
  for (int j = 0; j < codes->dim; j++)
    {
      max = fmax (max, fabs ((double) query[j]));
      q->mean_product += (double) codes->mean[j] * (double) query[j];
    }
  q->step = max / CW_QUERY_MAX;
  for (int j = 0; j < codes->dim; j++)
    {
      double rest;

      coarse[j] = (gint16) (max > 0 ? lrint ((double) query[j] / q->step) : 0);
      rest = (double) query[j] - q->step * coarse[j];
      missed += rest * rest;
    }
  q->missed = sqrt (missed) * (1 + 1e-6);
}

double
_cw_codes_get_slack (const CwCodes *codes)
{
  /* Rounding of the scalar product, of bounds kept as floats, of norms a little over 1. */
  return 2.0 * (codes->dim + 8) * (double) FLT_EPSILON;
}

/* ---- one query ---- */

typedef struct
{
  const CwCodes *codes;
  CwCodedQuery query;
  double slack;
  float *least, *most;
} Bounding;

CLONES static void
sum_products (const gint8 *codes, const gint16 *query, int width, guint n, gint64 *sums)
{
  for (guint i = 0; i < n; i++, codes += width)
    {
      gint64 sum = 0;

      for (int from = 0; from < width; from += CW_CODES_CHUNK)
        {
          int to = MIN (from + CW_CODES_CHUNK, width);
          gint32 part = 0;

          for (int j = from; j < to; j++)
            part += (gint32) query[j] * (gint32) codes[j];
          sum += part;
        }
      sums[i] = sum;
    }
}

static void
bound_block (int block, int worker, void *data)
{
  const Bounding *b = data;
  const CwCodes *c = b->codes;
  guint from = (guint) block * ROW_BLOCK, n = MIN (ROW_BLOCK, c->n - from);
  gint64 sums[ROW_BLOCK];

  sum_products (c->codes + (gsize) from * (gsize) c->width, b->query.coarse, c->width, n, sums);
  for (guint i = 0; i < n; i++)
    {
      guint row = from + i;
      double about = b->query.mean_product
                     + (double) c->step[row] * b->query.step * (double) sums[i];
      double off = (double) c->missed[row] + (double) c->length[row] * b->query.missed + b->slack;

      b->least[row] = (float) (about - off);
      b->most[row] = (float) (about + off);
    }
}

void
_cw_codes_bound (const CwCodes *codes, const float *query, float *least, float *most)
{
  g_autofree gint16 *coarse = g_new0 (gint16, codes->width);
  Bounding b = { .codes = codes, .least = least, .most = most };

  _cw_coded_query_set (&b.query, codes, query, coarse);
  b.slack = _cw_codes_get_slack (codes);
  cw_parallel_for ((int) ((codes->n + ROW_BLOCK - 1) / ROW_BLOCK), bound_block, &b);
}
