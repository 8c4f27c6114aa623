/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-ranking.h"

#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "eval/cw-nearest.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define QUERIES_AT_ONCE 256
#define DIGIT_BITS 11
#define N_DIGITS (1 << DIGIT_BITS)

typedef struct
{
  const float *rows, *queries;
  guint n, first; /* rows; query of block 0 */
  int dim;
  CwRankingFunc func;
  gpointer user_data;
  guint64 *scratch; /* [threads, 2, n] */
} Ranking;

/* The larger the score, the smaller the number. */
static guint32
key_of (float score)
{
  guint32 bits;

  /* No negative zero. */
  score += 0.0f;
  memcpy (&bits, &score, sizeof bits);
  return (bits & 0x80000000u) != 0 ? bits : ~(bits | 0x80000000u);
}

/* One stable pass over a digit of the key, which is in the upper half. */
static void
sort_by_digit (const guint64 *from, guint64 *to, guint n, int shift)
{
  guint32 places[N_DIGITS] = { 0 }, place = 0;

  for (guint i = 0; i < n; i++)
    places[from[i] >> shift & (N_DIGITS - 1)]++;
  for (int d = 0; d < N_DIGITS; d++)
    {
      guint32 count = places[d];

      places[d] = place;
      place += count;
    }
  for (guint i = 0; i < n; i++)
    to[places[from[i] >> shift & (N_DIGITS - 1)]++] = from[i];
}

static void
rank_query (int block, int worker, void *data)
{
  const Ranking *r = data;
  guint query = r->first + (guint) block;
  const float *q = r->queries + (gsize) query * (gsize) r->dim;
  guint64 *pairs = r->scratch + (gsize) worker * 2 * r->n, *other = pairs + r->n;
  guint32 *order = (guint32 *) pairs;

  for (guint i = 0; i < r->n; i++)
    {
      float score = cw_nearest_dot (q, r->rows + (gsize) i * (gsize) r->dim, r->dim);

      pairs[i] = (guint64) key_of (score) << 32 | i;
    }
  sort_by_digit (pairs, other, r->n, 32);
  sort_by_digit (other, pairs, r->n, 32 + DIGIT_BITS);
  sort_by_digit (pairs, other, r->n, 32 + 2 * DIGIT_BITS);
  for (guint i = 0; i < r->n; i++)
    order[i] = (guint32) other[i];
  r->func (query, order, r->user_data);
}

gboolean
_cw_ranking_for_each (const float *rows, guint n, int dim, const float *queries, guint n_queries,
                      CwRankingFunc func, gpointer user_data, CwJob *job, GError **error)
{
  /* What no thread uses is never touched. */
  g_autofree guint64 *scratch = g_try_malloc_n (CW_PARALLEL_MAX_THREADS * 2 * sizeof *scratch, n + 1);
  Ranking r = { rows, queries, n, 0, dim, func, user_data, scratch };

  if (scratch == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory to rank %u pictures", n);
      return FALSE;
    }
  for (; r.first < n_queries; r.first += QUERIES_AT_ONCE)
    {
      if (!cw_job_progress (job, (double) r.first / n_queries, _ ("Ranking pictures"), error))
        return FALSE;
      cw_parallel_for ((int) MIN (QUERIES_AT_ONCE, n_queries - r.first), rank_query, &r);
    }
  return TRUE;
}
