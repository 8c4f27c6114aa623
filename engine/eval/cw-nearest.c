/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-nearest.h"

#include "base/cw-parallel.h"
#include "nn/cw-ops.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A tile of products, 8 MiB at most, stays in the last cache until it has been looked through. */
#define QUERY_GROUP 1024
#define ROW_BLOCK 2048
#define QUERY_BLOCK 8
#define STRETCH 32
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

/* ---- search ---- */

typedef struct
{
  const float *rows, *queries;
  guint n, k;
  int dim;
  CwNearestBarFunc bar;
  gpointer user_data;
  CwNeighbour *out;
  CwNearestBoundFunc bound;
  gpointer bound_data;
  CwTopK *tops; /* [n_group] */
  float *tile;  /* [n_group, ROW_BLOCK]: bounds of the rows first_row.. */
  /* Of now: */
  guint first_query, n_group, first_row, n_rows;
} Search;

/* Most stretches of a tile have nothing for anyone. */
static gboolean
has_candidate (const float *scores, float least)
{
  int n = 0;

  for (int i = 0; i < STRETCH; i++)
    n += scores[i] >= least;
  return n > 0;
}

/* Offers @n rows from @row on to the heap of @query. */
static void
take_candidates (const Search *s, guint query, CwTopK *top, const float *scores, guint32 row,
                 guint n)
{
  const float *q = s->queries + (gsize) query * (gsize) s->dim;
  float least = cw_top_k_threshold (top);

  for (guint i = 0; i < n; i++)
    {
      float score;

      if (i % STRETCH == 0 && i + STRETCH <= n && !has_candidate (scores + i, least))
        {
          i += STRETCH - 1;
          continue;
        }
      if (!(scores[i] >= least))
        continue;
      score = cw_nearest_dot (q, s->rows + (gsize) (row + i) * (gsize) s->dim, s->dim);
      if (!cw_top_k_would_keep (top, row + i, score)
          || (s->bar != NULL && s->bar (query, row + i, s->user_data)))
        continue;
      cw_top_k_add (top, row + i, score);
      least = cw_top_k_threshold (top);
    }
}

static void
take_block (int block, int worker, void *data)
{
  const Search *s = data;
  guint from = (guint) block * QUERY_BLOCK, to = MIN (from + QUERY_BLOCK, s->n_group);

  for (guint i = from; i < to; i++)
    take_candidates (s, s->first_query + i, &s->tops[i], s->tile + (gsize) i * ROW_BLOCK,
                     s->first_row, s->n_rows);
}

/* Queries first_query.. against all rows, one large tile of bounds after the other. */
static void
search_group (Search *s)
{
  for (guint i = 0; i < s->n_group; i++)
    cw_top_k_init (&s->tops[i], s->out + (gsize) (s->first_query + i) * s->k, MIN (s->k, s->n));
  for (s->first_row = 0; s->first_row < s->n; s->first_row += s->n_rows)
    {
      s->n_rows = MIN (ROW_BLOCK, s->n - s->first_row);
      s->bound (s->first_query, s->n_group, s->first_row, s->n_rows, s->tile, ROW_BLOCK,
                s->bound_data);
      cw_parallel_for ((int) ((s->n_group + QUERY_BLOCK - 1) / QUERY_BLOCK), take_block, s);
    }
  for (guint i = 0; i < s->n_group; i++)
    {
      CwNeighbour *out = s->out + (gsize) (s->first_query + i) * s->k;

      for (guint j = cw_top_k_finish (&s->tops[i]); j < s->k; j++)
        out[j] = (CwNeighbour) { G_MAXUINT32, NAN };
    }
}

void
cw_nearest_search_bounded (const float *rows, guint n, int dim, const float *queries,
                           guint n_queries, guint k, CwNearestBarFunc bar, gpointer user_data,
                           CwNearestBoundFunc bound, gpointer bound_data, CwNeighbour *out)
{
  guint group = MIN (n_queries, QUERY_GROUP);
  g_autofree float *tile = NULL;
  g_autofree CwTopK *tops = NULL;
  Search s = { .rows = rows,
               .queries = queries,
               .n = n,
               .k = k,
               .dim = dim,
               .bar = bar,
               .user_data = user_data,
               .out = out,
               .bound = bound,
               .bound_data = bound_data };

  if (n_queries == 0 || k == 0)
    return;
  tile = s.tile = g_new (float, (gsize) group * ROW_BLOCK);
  tops = s.tops = g_new (CwTopK, group);
  for (; s.first_query < n_queries; s.first_query += s.n_group)
    {
      s.n_group = MIN (group, n_queries - s.first_query);
      search_group (&s);
    }
}

/* ---- bounds by a matrix product ---- */

typedef struct
{
  const float *rows, *queries;
  int dim;
  float slack; /* how far a matrix product may be from the scalar product, at most */
} Product;

typedef struct
{
  float *most;
  gsize stride;
  guint n_rows;
  float slack;
} Raise;

static void
raise_row (int query, int worker, void *data)
{
  const Raise *r = data;
  float *most = r->most + (gsize) query * r->stride;

  for (guint i = 0; i < r->n_rows; i++)
    most[i] += r->slack;
}

/* One large product: small ones spend a third of their time on rearranging what they multiply. */
static void
bound_by_product (guint first_query, guint n_queries, guint32 first_row, guint n_rows, float *most,
                  gsize stride, gpointer data)
{
  const Product *p = data;
  gsize dim = (gsize) p->dim;
  Raise r = { most, stride, n_rows, p->slack };

  cw_ops ()->gemm (0, 1, (int) n_queries, (int) n_rows, p->dim, 1.0f,
                   p->queries + first_query * dim, p->dim, p->rows + first_row * dim, p->dim, 0.0f,
                   most, (int) stride);
  cw_parallel_for ((int) n_queries, raise_row, &r);
}

void
cw_nearest_search (const float *rows, guint n, int dim, const float *queries, guint n_queries,
                   guint k, CwNearestBarFunc bar, gpointer user_data, CwNeighbour *out)
{
  Product p = { rows, queries, dim, 0 };

  /* Either sum of dim products of total size 1 at most is off by dim roundings at most. */
  p.slack = 2.0f * (float) (dim + 2) * FLT_EPSILON;
  cw_nearest_search_bounded (rows, n, dim, queries, n_queries, k, bar, user_data, bound_by_product,
                             &p, out);
}
