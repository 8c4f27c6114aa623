/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-search"

#include "search/cw-index.h"

#include "base/cw-parallel.h"
#include "eval/cw-nearest.h"

#include <string.h>

#define ROW_BLOCK 1024

struct _CwIndex
{
  guint n;
  int dim;
  float *rows; /* [n, dim], normalised */
};

CwIndex *
cw_index_new (const float *x, guint n, int dim)
{
  float *rows = cw_nearest_normalise (x, n, dim);
  CwIndex *index;

  if (rows == NULL)
    return NULL;
  index = g_new (CwIndex, 1);
  index->n = n;
  index->dim = dim;
  index->rows = rows;
  return index;
}

void
cw_index_free (CwIndex *index)
{
  if (index == NULL)
    return;
  g_free (index->rows);
  g_free (index);
}

guint
cw_index_get_n (CwIndex *index)
{
  return index->n;
}

int
cw_index_get_dim (CwIndex *index)
{
  return index->dim;
}

const float *
cw_index_get_row (CwIndex *index, guint32 row)
{
  g_return_val_if_fail (row < index->n, NULL);
  return index->rows + (gsize) row * (gsize) index->dim;
}

typedef struct
{
  const CwIndex *index;
  const float *query;
  float *scores; /* [n] */
} Scoring;

static void
score_block (int block, int worker, void *data)
{
  const Scoring *s = data;
  gsize dim = (gsize) s->index->dim;
  guint from = (guint) block * ROW_BLOCK, to = MIN (from + ROW_BLOCK, s->index->n);

  for (guint i = from; i < to; i++)
    s->scores[i] = cw_nearest_dot (s->query, s->index->rows + i * dim, s->index->dim);
}

guint
cw_index_search (CwIndex *index, const float *query, guint k, CwIndexBarFunc bar,
                 gpointer user_data, CwNeighbour *out)
{
  g_autofree float *normalised = cw_nearest_normalise (query, 1, index->dim);
  g_autofree float *scores = g_new (float, MAX (index->n, 1));
  Scoring scoring = { .index = index, .query = normalised, .scores = scores };
  CwTopK top;

  cw_parallel_for ((int) ((index->n + ROW_BLOCK - 1) / ROW_BLOCK), score_block, &scoring);
  cw_top_k_init (&top, out, MIN (k, index->n));
  for (guint i = 0; i < index->n; i++)
    {
      if (scores[i] >= cw_top_k_threshold (&top) && cw_top_k_would_keep (&top, i, scores[i])
          && (bar == NULL || !bar (i, user_data)))
        cw_top_k_add (&top, i, scores[i]);
    }
  return cw_top_k_finish (&top);
}

void
cw_index_search_batch (CwIndex *index, const float *queries, guint n_queries, guint k,
                       CwIndexBatchBarFunc bar, gpointer user_data, CwNeighbour *out)
{
  g_autofree float *normalised = cw_nearest_normalise (queries, n_queries, index->dim);

  if (normalised == NULL)
    g_error ("No memory for %u queries", n_queries);
  cw_nearest_search (index->rows, index->n, index->dim, normalised, n_queries, k, bar, user_data,
                     out);
}
