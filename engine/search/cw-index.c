/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-search"

#include "search/cw-index.h"

#include "base/cw-parallel.h"
#include "eval/cw-nearest.h"
#include "search/cw-index-batch.h"
#include "search/cw-index-codes.h"

#include <math.h>

#define ROW_BLOCK 1024
/* Fewer rows are compared faster than narrowed down. */
#define MIN_CODED 4096

struct _CwIndex
{
  guint n;
  int dim;
  float *rows; /* [n, dim], normalised */
  CwCodes *codes; /* (nullable) */
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
  index->codes = n >= MIN_CODED ? _cw_codes_new (rows, n, dim) : NULL;
  return index;
}

void
cw_index_free (CwIndex *index)
{
  if (index == NULL)
    return;
  _cw_codes_free (index->codes);
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
  const float *query; /* normalised */
  float *scores;      /* [n] */
  const float *most;  /* (nullable): [n]: a row that cannot reach @least is not looked at */
  float least;
} Scoring;

static void
score_block (int block, int worker, void *data)
{
  const Scoring *s = data;
  gsize dim = (gsize) s->index->dim;
  guint from = (guint) block * ROW_BLOCK, to = MIN (from + ROW_BLOCK, s->index->n);

  for (guint i = from; i < to; i++)
    s->scores[i] = s->most == NULL || s->most[i] >= s->least
                       ? cw_nearest_dot (s->query, s->index->rows + i * dim, s->index->dim)
                       : -INFINITY;
}

/* The best of @scores that are not barred. */
static guint
select_best (const float *scores, guint n, guint k, CwIndexBarFunc bar, gpointer user_data,
             CwNeighbour *out)
{
  CwTopK top;

  cw_top_k_init (&top, out, MIN (k, n));
  for (guint i = 0; i < n; i++)
    {
      if (scores[i] >= cw_top_k_threshold (&top) && cw_top_k_would_keep (&top, i, scores[i])
          && (bar == NULL || !bar (i, user_data)))
        cw_top_k_add (&top, i, scores[i]);
    }
  return cw_top_k_finish (&top);
}

guint
cw_index_search (CwIndex *index, const float *query, guint k, CwIndexBarFunc bar,
                 gpointer user_data, CwNeighbour *out)
{
  g_autofree float *normalised = cw_nearest_normalise (query, 1, index->dim);
  g_autofree float *scores = g_new (float, MAX (index->n, 1));
  g_autofree float *most = NULL;
  Scoring scoring = { .index = index, .query = normalised, .scores = scores };

  if (k == 0)
    return 0;
  if (index->codes != NULL && k <= index->n / 16)
    {
      guint n;

      /* The k-th best of what rows reach at least: what cannot reach that is not among the best. */
      most = g_new (float, index->n);
      _cw_codes_bound (index->codes, normalised, scores, most);
      n = select_best (scores, index->n, k, bar, user_data, out);
      scoring.least = n == k ? out[k - 1].score : -INFINITY;
      scoring.most = most;
    }
  cw_parallel_for ((int) ((index->n + ROW_BLOCK - 1) / ROW_BLOCK), score_block, &scoring);
  return select_best (scores, index->n, k, bar, user_data, out);
}

void
cw_index_search_batch (CwIndex *index, const float *queries, guint n_queries, guint k,
                       CwIndexBatchBarFunc bar, gpointer user_data, CwNeighbour *out)
{
  g_autofree float *normalised = cw_nearest_normalise (queries, n_queries, index->dim);
  CwCodedBatch *batch = NULL;

  if (normalised == NULL)
    g_error ("No memory for %u queries", n_queries);
  if (index->codes != NULL && n_queries > 0)
    batch = _cw_coded_batch_new (index->codes, normalised, n_queries);
  if (batch != NULL)
    cw_nearest_search_bounded (index->rows, index->n, index->dim, normalised, n_queries, k, bar,
                               user_data, _cw_coded_batch_bound, batch, out);
  else
    cw_nearest_search (index->rows, index->n, index->dim, normalised, n_queries, k, bar, user_data,
                       out);
  _cw_coded_batch_free (batch);
}
