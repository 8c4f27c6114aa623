/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-nearest.h"

#include "base/cw-parallel.h"
#include "nn/cw-ops.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define QUERY_BLOCK 64
#define FEW_QUERY_BLOCK 8
#define ROW_BLOCK 1024
#define NORMALISE_BLOCK 512
#define N_LANES 16

float
cw_nearest_dot (const float *a, const float *b, int dim)
{
  float lanes[N_LANES] = { 0 };
  int i = 0;

  /* Lanes are added up in parallel; the compiler makes vectors of them without changing a bit. */
  for (; i + N_LANES <= dim; i += N_LANES)
    {
      for (int l = 0; l < N_LANES; l++)
        lanes[l] += a[i + l] * b[i + l];
    }
  for (int l = 0; i + l < dim; l++)
    lanes[l] += a[i + l] * b[i + l];
  for (int width = N_LANES / 2; width > 0; width /= 2)
    {
      for (int l = 0; l < width; l++)
        lanes[l] += lanes[l + width];
    }
  return lanes[0];
}

static double
sum_squares (const float *x, int dim)
{
  double lanes[8] = { 0 };
  int i = 0;

  for (; i + 8 <= dim; i += 8)
    {
      for (int l = 0; l < 8; l++)
        lanes[l] += (double) x[i + l] * (double) x[i + l];
    }
  for (int l = 0; i + l < dim; l++)
    lanes[l] += (double) x[i + l] * (double) x[i + l];
  for (int l = 1; l < 8; l++)
    lanes[0] += lanes[l];
  return lanes[0];
}

typedef struct
{
  const float *x;
  float *out;
  guint n;
  int dim;
} Normalise;

static void
normalise_block (int block, int worker, void *data)
{
  const Normalise *job = data;
  guint from = (guint) block * NORMALISE_BLOCK, to = MIN (from + NORMALISE_BLOCK, job->n);

  for (guint i = from; i < to; i++)
    {
      const float *x = job->x + (gsize) i * (gsize) job->dim;
      float *out = job->out + (gsize) i * (gsize) job->dim;
      double squares = sum_squares (x, job->dim);
      double scale = squares > 0 && isfinite (squares) ? 1 / sqrt (squares) : 0;

      for (int j = 0; j < job->dim; j++)
        out[j] = scale > 0 ? (float) ((double) x[j] * scale) : 0.0f;
    }
}

float *
cw_nearest_normalise (const float *x, guint n, int dim)
{
  Normalise job = { .x = x, .n = n, .dim = dim };
  gsize size;

  g_return_val_if_fail (dim > 0, NULL);

  if (!g_size_checked_mul (&size, n, (gsize) dim) || !g_size_checked_mul (&size, size, sizeof (float)))
    return NULL;
  job.out = g_try_malloc (MAX (size, sizeof (float)));
  if (job.out != NULL)
    cw_parallel_for ((int) ((n + NORMALISE_BLOCK - 1) / NORMALISE_BLOCK), normalise_block, &job);
  return job.out;
}

typedef struct
{
  const float *rows, *queries;
  guint n, n_queries, k, query_block;
  int dim;
  CwNearestBarFunc bar;
  gpointer user_data;
  CwNeighbour *out;
  float *tiles; /* per worker [query_block, ROW_BLOCK] */
  float slack;  /* how far a matrix product may be from the scalar product, at most */
} Search;

/* Offers the rows @first.. of one tile to the heap of @query. */
static void
take_candidates (const Search *s, guint query, CwTopK *top, const float *scores, guint32 first,
                 guint n)
{
  const float *q = s->queries + (gsize) query * (gsize) s->dim;
  float least = cw_top_k_threshold (top) - s->slack;

  for (guint i = 0; i < n; i++)
    {
      guint32 row = first + i;
      float score;

      if (!(scores[i] >= least))
        continue;
      score = cw_nearest_dot (q, s->rows + (gsize) row * (gsize) s->dim, s->dim);
      if (!cw_top_k_would_keep (top, row, score)
          || (s->bar != NULL && s->bar (query, row, s->user_data)))
        continue;
      cw_top_k_add (top, row, score);
      least = cw_top_k_threshold (top) - s->slack;
    }
}

static void
search_block (int block, int worker, void *data)
{
  const Search *s = data;
  guint first = (guint) block * s->query_block;
  guint n_queries = MIN (s->query_block, s->n_queries - first);
  float *tile = s->tiles + (gsize) worker * s->query_block * ROW_BLOCK;
  CwTopK tops[QUERY_BLOCK];

  for (guint i = 0; i < n_queries; i++)
    cw_top_k_init (&tops[i], s->out + (gsize) (first + i) * s->k, MIN (s->k, s->n));
  for (guint row = 0; row < s->n; row += ROW_BLOCK)
    {
      guint n_rows = MIN (ROW_BLOCK, s->n - row);

      cw_ops ()->gemm (0, 1, (int) n_queries, (int) n_rows, s->dim, 1.0f,
                       s->queries + (gsize) first * (gsize) s->dim, s->dim,
                       s->rows + (gsize) row * (gsize) s->dim, s->dim, 0.0f, tile, ROW_BLOCK);
      for (guint i = 0; i < n_queries; i++)
        take_candidates (s, first + i, &tops[i], tile + (gsize) i * ROW_BLOCK, row, n_rows);
    }
  for (guint i = 0; i < n_queries; i++)
    {
      CwNeighbour *out = s->out + (gsize) (first + i) * s->k;

      for (guint j = cw_top_k_finish (&tops[i]); j < s->k; j++)
        out[j] = (CwNeighbour) { G_MAXUINT32, NAN };
    }
}

void
cw_nearest_search (const float *rows, guint n, int dim, const float *queries, guint n_queries,
                   guint k, CwNearestBarFunc bar, gpointer user_data, CwNeighbour *out)
{
  g_autofree float *tiles = NULL;
  Search s = { .rows = rows,
               .queries = queries,
               .n = n,
               .n_queries = n_queries,
               .k = k,
               .dim = dim,
               .bar = bar,
               .user_data = user_data,
               .out = out };

  if (n_queries == 0 || k == 0)
    return;
  /* Few queries are cut finer, so that every core gets some. */
  s.query_block = n_queries > 4 * QUERY_BLOCK ? QUERY_BLOCK : FEW_QUERY_BLOCK;
  /* Either sum of dim products of total size 1 at most is off by dim roundings at most. */
  s.slack = 2.0f * (float) (dim + 2) * FLT_EPSILON;
  /* Pages of workers that do not come are never touched. */
  tiles = s.tiles = g_new (float, (gsize) CW_PARALLEL_MAX_THREADS * s.query_block * ROW_BLOCK);
  cw_parallel_for ((int) ((n_queries + s.query_block - 1) / s.query_block), search_block, &s);
}
