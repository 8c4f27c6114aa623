/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-search"

#include "search/cw-index-batch.h"

#include "base/cw-parallel.h"
#include "search/cw-index-codes-private.h"

#include <string.h>

/* Rows and queries of one tile: as many sums as fit into 16 registers of 8, with room for operands. */
#define TILE_ROWS 16
#define TILE_QUERIES 6
/* Rows of one block, that stay in the second cache for all queries. */
#define BLOCK_ROWS 128
#define QUERY_BLOCK 64

struct _CwCodedBatch
{
  const CwCodes *codes;
  const float *queries;
  guint n_queries;
  CwCodedQuery *coded; /* [n_queries] */
  gint16 *coarse;      /* [n_queries, width] */
  gint16 *panels;      /* per worker [BLOCK_ROWS, width] */
  float slack;
};

/* One call of bound. */
typedef struct
{
  const CwCodedBatch *batch;
  guint first_query, n_queries, first_row, n_rows;
  float *most;
  gsize stride;
} Bounding;

/* @n_rows codes, as pairs of elements of TILE_ROWS rows side by side: [width / 2][TILE_ROWS][2]. Rows
 * that are not there are zero. */
static void
spread_rows (const gint8 *codes, int width, guint n_rows, gint16 *panel)
{
  for (guint row = 0; row < TILE_ROWS; row++)
    {
      const gint8 *code = codes + (gsize) row * (gsize) width;

      for (int j = 0; j < width; j += 2)
        {
          gint16 *to = panel + j * TILE_ROWS + 2 * row;

          to[0] = row < n_rows ? code[j] : 0;
          to[1] = row < n_rows ? code[j + 1] : 0;
        }
    }
}

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_KERNEL 1
#define AVX2 __attribute__ ((target ("avx2")))
#include <immintrin.h>

/* Not where products of 512 bits are there: then floats are as fast. */
static gboolean
is_worth_it (void)
{
  return __builtin_cpu_supports ("avx2") && !__builtin_cpu_supports ("avx512f");
}

/* sums[query][row] = the scalar products of TILE_QUERIES queries, each @width after the other, with
 * the rows of @panel. */
AVX2 static void
multiply_tile (const gint16 *panel, const gint16 *const queries[TILE_QUERIES], int width,
               gint32 sums[TILE_QUERIES][TILE_ROWS])
{
  __m256i s[TILE_QUERIES][2];

#pragma GCC unroll 6
  for (int q = 0; q < TILE_QUERIES; q++)
    s[q][0] = s[q][1] = _mm256_setzero_si256 ();
  for (int j = 0; j < width; j += 2)
    {
      const __m256i *rows = (const __m256i *) (gconstpointer) (panel + j * TILE_ROWS);
      __m256i a = _mm256_load_si256 (rows), b = _mm256_load_si256 (rows + 1);

#pragma GCC unroll 6
      for (int q = 0; q < TILE_QUERIES; q++)
        {
          gint32 pair;
          __m256i x;

          memcpy (&pair, queries[q] + j, sizeof pair);
          x = _mm256_set1_epi32 (pair);
          s[q][0] = _mm256_add_epi32 (s[q][0], _mm256_madd_epi16 (a, x));
          s[q][1] = _mm256_add_epi32 (s[q][1], _mm256_madd_epi16 (b, x));
        }
    }
#pragma GCC unroll 6
  for (int q = 0; q < TILE_QUERIES; q++)
    {
      _mm256_storeu_si256 ((__m256i *) (gpointer) sums[q], s[q][0]);
      _mm256_storeu_si256 ((__m256i *) (gpointer) (sums[q] + 8), s[q][1]);
    }
}

#else
#define HAS_KERNEL 0
#endif

#if HAS_KERNEL

/* Bounds from sums. @query: its number in the batch, @at: in the call. */
AVX2 static void
bound_rows (const Bounding *b, guint query, guint at, guint row, guint n, const gint32 *sums)
{
  const CwCodes *c = b->batch->codes;
  const CwCodedQuery *q = &b->batch->coded[query];
  float *most = b->most + (gsize) at * b->stride + (row - b->first_row);
  float step = (float) q->step, missed = (float) q->missed;
  float rest = (float) q->mean_product + b->batch->slack;

  /* Floats will do: the slack is more than what they round. */
  for (guint i = 0; i < n; i++)
    most[i] = c->step[row + i] * step * (float) sums[i] + c->missed[row + i]
              + c->length[row + i] * missed + rest;
}

/* The queries @from.. of the call against TILE_ROWS rows from @row on. */
AVX2 static void
bound_tile (const Bounding *b, guint from, guint row, const gint16 *panel)
{
  const CwCodes *c = b->batch->codes;
  const gint16 *queries[TILE_QUERIES];
  gint32 sums[TILE_QUERIES][TILE_ROWS];
  guint n = MIN (TILE_QUERIES, b->n_queries - from);
  guint n_rows = MIN (TILE_ROWS, b->first_row + b->n_rows - row);

  /* Where queries are lacking, the last one again. */
  for (guint i = 0; i < TILE_QUERIES; i++)
    queries[i] = b->batch->coded[b->first_query + from + MIN (i, n - 1)].coarse;
  multiply_tile (panel, queries, c->width, sums);
  for (guint i = 0; i < n; i++)
    bound_rows (b, b->first_query + from + i, from + i, row, n_rows, sums[i]);
}

static void
bound_block (int block, int worker, void *data)
{
  const Bounding *b = data;
  const CwCodes *c = b->batch->codes;
  guint from = b->first_row + (guint) block * BLOCK_ROWS;
  guint to = MIN (from + BLOCK_ROWS, b->first_row + b->n_rows);
  gsize panel_size = TILE_ROWS * (gsize) c->width;
  gint16 *panels = b->batch->panels + (gsize) worker * BLOCK_ROWS * (gsize) c->width;

  for (guint row = from; row < to; row += TILE_ROWS)
    spread_rows (c->codes + (gsize) row * (gsize) c->width, c->width, MIN (TILE_ROWS, to - row),
                 panels + (row - from) / TILE_ROWS * panel_size);
  for (guint query = 0; query < b->n_queries; query += TILE_QUERIES)
    {
      for (guint row = from; row < to; row += TILE_ROWS)
        bound_tile (b, query, row, panels + (row - from) / TILE_ROWS * panel_size);
    }
}

static void
code_block (int block, int worker, void *data)
{
  CwCodedBatch *batch = data;
  gsize width = (gsize) batch->codes->width, dim = (gsize) batch->codes->dim;
  guint from = (guint) block * QUERY_BLOCK, to = MIN (from + QUERY_BLOCK, batch->n_queries);

  for (guint i = from; i < to; i++)
    _cw_coded_query_set (&batch->coded[i], batch->codes, batch->queries + i * dim,
                         batch->coarse + i * width);
}

#endif

CwCodedBatch *
_cw_coded_batch_new (const CwCodes *codes, const float *queries, guint n_queries)
{
#if HAS_KERNEL
  CwCodedBatch *batch;
  gsize width = (gsize) codes->width;

  if (!is_worth_it () || codes->width > CW_CODES_CHUNK)
    return NULL;
  batch = g_new0 (CwCodedBatch, 1);
  batch->codes = codes;
  batch->queries = queries;
  batch->n_queries = n_queries;
  batch->slack = (float) _cw_codes_get_slack (codes);
  batch->coded = g_new (CwCodedQuery, n_queries);
  batch->coarse = g_new0 (gint16, n_queries * width);
  /* Pages of workers that do not come are never touched. */
  batch->panels = g_aligned_alloc (CW_PARALLEL_MAX_THREADS * BLOCK_ROWS * width, sizeof (gint16), 64);
  cw_parallel_for ((int) ((n_queries + QUERY_BLOCK - 1) / QUERY_BLOCK), code_block, batch);
  return batch;
#else
  return NULL;
#endif
}

void
_cw_coded_batch_free (CwCodedBatch *batch)
{
  if (batch == NULL)
    return;
  g_free (batch->coded);
  g_free (batch->coarse);
  g_aligned_free (batch->panels);
  g_free (batch);
}

void
_cw_coded_batch_bound (guint first_query, guint n_queries, guint32 first_row, guint n_rows,
                       float *most, gsize stride, gpointer batch)
{
#if HAS_KERNEL
  Bounding b = { batch, first_query, n_queries, first_row, n_rows, most, stride };

  cw_parallel_for ((int) ((n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS), bound_block, &b);
#else
  g_assert_not_reached ();
#endif
}
