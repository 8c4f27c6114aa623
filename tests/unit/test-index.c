/* SPDX-License-Identifier: MIT */
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "eval/cw-nearest.h"
#include "search/cw-index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Over the sizes of the blocks that searches work in, and not a multiple of them. */
#define N 2500
#define DIM 37

static float *
make_rows (guint n, int dim, guint seed)
{
  float *x = g_new (float, (gsize) n * (gsize) dim);

  cw_test_fill_normal (x, (gsize) n * (gsize) dim, 3.0f, seed);
  return x;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const CwNeighbour *x = a, *y = b;

  if (x->score < y->score || x->score > y->score)
    return x->score > y->score ? -1 : 1;
  return x->row < y->row ? -1 : 1;
}

/* Every row compared and sorted. */
static guint
search_naively (CwIndex *index, const float *query, CwIndexBarFunc bar, gpointer user_data,
                CwNeighbour *out)
{
  int dim = cw_index_get_dim (index);
  g_autofree float *q = cw_nearest_normalise (query, 1, dim);
  guint n = 0;

  for (guint i = 0; i < cw_index_get_n (index); i++)
    {
      if (bar == NULL || !bar (i, user_data))
        out[n++] = (CwNeighbour) { i, cw_nearest_dot (q, cw_index_get_row (index, i), dim) };
    }
  qsort (out, n, sizeof *out, compare);
  return n;
}

static gboolean
bars_thirds (guint32 row, gpointer user_data)
{
  return row % 3 == GPOINTER_TO_UINT (user_data) % 3;
}

static gboolean
bars_thirds_of_query (guint query, guint32 row, gpointer user_data)
{
  return bars_thirds (row, GUINT_TO_POINTER (query));
}

static void
assert_same (const CwNeighbour *got, const CwNeighbour *want, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (got[i].row, ==, want[i].row);
      g_assert_cmpfloat (got[i].score, ==, want[i].score);
    }
}

/* One by one and in batches, with and without a bar, for several k: to the last bit. */
static void
test_equals_naive (void)
{
  g_autofree float *x = make_rows (N, DIM, 1);
  g_autofree float *queries = make_rows (300, DIM, 2);
  g_autofree CwNeighbour *want = g_new (CwNeighbour, N);
  const guint ks[] = { 1, 10, 700 };

  /* Many rows at equal distance. */
  for (guint i = 40; i < 60; i++)
    memcpy (x + 17 * i * DIM, x + 17 * 40 * DIM, DIM * sizeof *x);
  memcpy (queries + 5 * DIM, x + 17 * 40 * DIM, DIM * sizeof *x);
  for (gsize i = 0; i < G_N_ELEMENTS (ks); i++)
    {
      guint k = ks[i];
      g_autoptr (CwIndex) index = cw_index_new (x, N, DIM);
      g_autofree CwNeighbour *found = g_new (CwNeighbour, k);
      g_autofree CwNeighbour *batch = g_new (CwNeighbour, 300 * k);
      g_autofree CwNeighbour *barred = g_new (CwNeighbour, 300 * k);

      cw_index_search_batch (index, queries, 300, k, NULL, NULL, batch);
      cw_index_search_batch (index, queries, 300, k, bars_thirds_of_query, NULL, barred);
      for (guint q = 0; q < 300; q++)
        {
          guint n = search_naively (index, queries + q * DIM, NULL, NULL, want);

          g_assert_cmpuint (n, ==, N);
          assert_same (batch + q * k, want, k);
          g_assert_cmpuint (cw_index_search (index, queries + q * DIM, k, NULL, NULL, found), ==, k);
          assert_same (found, want, k);
          search_naively (index, queries + q * DIM, bars_thirds, GUINT_TO_POINTER (q), want);
          assert_same (barred + q * k, want, k);
          cw_index_search (index, queries + q * DIM, k, bars_thirds, GUINT_TO_POINTER (q), found);
          assert_same (found, want, k);
        }
    }
}

/* The cosine itself, in double. */
static void
test_scores (void)
{
  g_autofree float *x = make_rows (50, 512, 3);
  g_autoptr (CwIndex) index = cw_index_new (x, 50, 512);
  CwNeighbour found[50];

  g_assert_cmpuint (cw_index_search (index, x, 50, NULL, NULL, found), ==, 50);
  g_assert_cmpuint (found[0].row, ==, 0);
  for (guint i = 0; i < 50; i++)
    {
      const float *row = x + found[i].row * 512;
      double ab = 0, aa = 0, bb = 0;

      for (int j = 0; j < 512; j++)
        {
          ab += (double) x[j] * (double) row[j];
          aa += (double) x[j] * (double) x[j];
          bb += (double) row[j] * (double) row[j];
        }
      g_assert_cmpfloat_with_epsilon ((double) found[i].score, ab / sqrt (aa * bb), 1e-6);
    }
}

/* As features behind a ReLU are: all on one side, and so all alike. Enough rows that a single query is
 * narrowed down first. */
static void
test_narrowed (void)
{
  const guint n = 9000;
  const int dim = 70;
  g_autofree float *x = make_rows (n, dim, 5);
  g_autofree CwNeighbour *want = g_new (CwNeighbour, n);
  g_autofree CwNeighbour *batch = g_new (CwNeighbour, 400 * 50);
  const guint ks[] = { 1, 50, 560, 4000 };

  for (int round = 0; round < 2; round++)
    {
      g_autoptr (CwIndex) index = NULL;

      for (gsize i = 0; round == 1 && i < n * (gsize) dim; i++)
        x[i] = MAX (x[i] + 1, 0);
      /* Rows without direction, rows alike, an element far larger than the rest. */
      memset (x + 100 * dim, 0, (gsize) dim * sizeof *x);
      memcpy (x + 7000 * dim, x + 200 * dim, (gsize) dim * sizeof *x);
      x[300 * dim] = 1e6f;
      index = cw_index_new (x, n, dim);
      cw_index_search_batch (index, x, 400, 50, bars_thirds_of_query, NULL, batch);
      for (guint q = 0; q < 400; q += 20)
        {
          for (gsize i = 0; i < G_N_ELEMENTS (ks); i++)
            {
              g_autofree CwNeighbour *found = g_new (CwNeighbour, ks[i]);

              search_naively (index, x + q * (guint) dim, NULL, NULL, want);
              g_assert_cmpuint (
                  cw_index_search (index, x + q * (guint) dim, ks[i], NULL, NULL, found), ==, ks[i]);
              assert_same (found, want, ks[i]);
              search_naively (index, x + q * (guint) dim, bars_thirds, GUINT_TO_POINTER (q), want);
              cw_index_search (index, x + q * (guint) dim, ks[i], bars_thirds, GUINT_TO_POINTER (q),
                               found);
              assert_same (found, want, ks[i]);
              if (ks[i] == 50)
                assert_same (batch + q * 50, want, 50);
            }
        }
    }
}

/* ---- what could deceive bounds ---- */

#define DECEIVING_N 5000

/* Copies of one row, each off by a bit or two in one element. */
static void
make_near_ties (float *x, guint n, int dim)
{
  for (guint i = 1; i < n; i++)
    {
      float *row = x + (gsize) i * (gsize) dim;

      memcpy (row, x, (gsize) dim * sizeof *x);
      row[i % (guint) dim] = nextafterf (row[i % (guint) dim], i % 2 != 0 ? 9.0f : -9.0f);
    }
}

/* One element of each: the codes' mean and steps are of no use. */
static void
make_axes (float *x, guint n, int dim)
{
  memset (x, 0, (gsize) n * (gsize) dim * sizeof *x);
  for (guint i = 0; i < n; i++)
    x[(gsize) i * (gsize) dim + i % (guint) dim] = i % 3 != 0 ? 1 : -1e-20f;
}

/* Lengths from nothing to nearly the largest float: only the direction counts. */
static void
make_scales (float *x, guint n, int dim)
{
  for (guint i = 0; i < n; i++)
    {
      float scale = powf (10, (float) (i % 70) - 35);

      for (int j = 0; j < dim; j++)
        x[(gsize) i * (gsize) dim + (gsize) j] *= scale;
    }
}

/* A few directions, again and again, and their opposites: scores are tied by the hundred. */
static void
make_ties (float *x, guint n, int dim)
{
  for (guint i = 7; i < n; i++)
    {
      for (int j = 0; j < dim; j++)
        x[(gsize) i * (gsize) dim + (gsize) j]
            = (i % 2 != 0 ? 1.0f : -2.0f) * x[(gsize) (i % 7) * (gsize) dim + (gsize) j];
    }
}

/* All alike but for a small part, as features of a collapsed encoder. */
static void
make_collapsed (float *x, guint n, int dim)
{
  for (gsize i = 0; i < n * (gsize) dim; i++)
    x[i] = 1 + 1e-6f * x[i];
}

/* Numbers that are not, here and there. */
static void
make_broken (float *x, guint n, int dim)
{
  for (guint i = 0; i < n; i += 3)
    x[(gsize) i * (gsize) dim + i % (guint) dim] = i % 2 != 0 ? NAN : INFINITY;
}

static void
check_deceiving (void (*make) (float *x, guint n, int dim), int dim)
{
  const guint n = DECEIVING_N, ks[] = { 1, 50, 300 }, n_queries = 23;
  g_autofree float *x = make_rows (n, dim, 6);
  g_autofree float *queries = make_rows (n_queries, dim, 7);
  g_autofree CwNeighbour *want = g_new (CwNeighbour, n);
  g_autoptr (CwIndex) index = NULL;

  make (x, n, dim);
  /* Rows as they are, and strangers. */
  memcpy (queries, x, 12 * (gsize) dim * sizeof *x);
  index = cw_index_new (x, n, dim);
  for (gsize i = 0; i < G_N_ELEMENTS (ks); i++)
    {
      guint k = ks[i];
      g_autofree CwNeighbour *found = g_new (CwNeighbour, k);
      g_autofree CwNeighbour *batch = g_new (CwNeighbour, n_queries * k);

      cw_index_search_batch (index, queries, n_queries, k, NULL, NULL, batch);
      for (guint q = 0; q < n_queries; q++)
        {
          search_naively (index, queries + q * (guint) dim, NULL, NULL, want);
          for (guint j = 0; j < k; j++)
            g_assert_true (isfinite (want[j].score));
          assert_same (batch + q * k, want, k);
          cw_index_search (index, queries + q * (guint) dim, k, NULL, NULL, found);
          assert_same (found, want, k);
        }
    }
}

static void
test_deceiving (void)
{
  void (*const makers[]) (float *, guint, int) = { make_near_ties, make_axes,      make_scales,
                                                   make_ties,      make_collapsed, make_broken };
  /* Less than a vector, not a multiple of one, several. */
  const int dims[] = { 1, 19, 128 };

  for (gsize m = 0; m < G_N_ELEMENTS (makers); m++)
    {
      for (gsize d = 0; d < G_N_ELEMENTS (dims); d++)
        check_deceiving (makers[m], dims[d]);
    }
  /* Longer than what is added up in 32 bits. */
  check_deceiving (make_axes, 2100);
}

static void
test_threads (void)
{
  g_autofree float *x = make_rows (N, DIM, 4);
  g_autofree CwNeighbour *one = g_new (CwNeighbour, 400 * 9);
  g_autofree CwNeighbour *many = g_new (CwNeighbour, 400 * 9);

  for (int threads = 1; threads <= 5; threads += 2)
    {
      g_autoptr (CwIndex) index = NULL;

      cw_parallel_set_threads (threads);
      index = cw_index_new (x, N, DIM);
      cw_index_search_batch (index, x, 400, 9, NULL, NULL, threads == 1 ? one : many);
      if (threads > 1)
        g_assert_cmpmem (one, 400 * 9 * sizeof *one, many, 400 * 9 * sizeof *many);
    }
  cw_parallel_set_threads (0);
}

/* Enough rows for codes, one query and many. */
static void
test_threads_coded (void)
{
  g_autofree float *x = make_rows (9000, 64, 8);
  g_autofree CwNeighbour *one = g_new (CwNeighbour, 1100 * 9);
  g_autofree CwNeighbour *many = g_new (CwNeighbour, 1100 * 9);

  for (int threads = 1; threads <= 4; threads++)
    {
      g_autoptr (CwIndex) index = NULL;
      CwNeighbour *out = threads == 1 ? one : many;

      cw_parallel_set_threads (threads);
      index = cw_index_new (x, 9000, 64);
      cw_index_search_batch (index, x, 1099, 9, NULL, NULL, out);
      cw_index_search (index, x, 9, NULL, NULL, out + 1099 * 9);
      if (threads > 1)
        g_assert_cmpmem (one, 1100 * 9 * sizeof *one, many, 1100 * 9 * sizeof *many);
    }
  cw_parallel_set_threads (0);
}

static gboolean
bars_all (guint32 row, gpointer user_data)
{
  return TRUE;
}

/* Fewer rows than asked for, none at all, rows without direction. */
static void
test_edges (void)
{
  const float x[] = { 1, 0, /* */ 0, 0, /* */ NAN, 1, /* */ 0, -2, /* */ INFINITY, 0, /* */ 3, 4 };
  const float query[] = { 0, 5 };
  const guint32 want[] = { 5, 0, 1, 2, 4, 3 };
  CwNeighbour found[9], batch[18];
  g_autoptr (CwIndex) index = cw_index_new (x, 6, 2);
  g_autoptr (CwIndex) empty = cw_index_new (x, 0, 2);

  g_assert_cmpuint (cw_index_search (index, query, 9, NULL, NULL, found), ==, 6);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (found[i].row, ==, want[i]);
  g_assert_cmpfloat_with_epsilon (found[0].score, 0.8f, 1e-6f);
  g_assert_cmpfloat (found[2].score, ==, 0.0f);
  g_assert_cmpfloat (found[5].score, ==, -1.0f);

  cw_index_search_batch (index, query, 1, 9, NULL, NULL, batch);
  assert_same (batch, found, 6);
  g_assert_cmpuint (batch[6].row, ==, G_MAXUINT32);
  g_assert_cmpuint (batch[8].row, ==, G_MAXUINT32);
  g_assert_cmpuint (cw_index_search (index, query, 9, bars_all, NULL, found), ==, 0);
  g_assert_cmpuint (cw_index_search (index, query, 0, NULL, NULL, found), ==, 0);
  g_assert_cmpuint (cw_index_search (empty, query, 9, NULL, NULL, found), ==, 0);
  cw_index_search_batch (empty, query, 1, 9, NULL, NULL, batch);
  g_assert_cmpuint (batch[0].row, ==, G_MAXUINT32);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/index/equals-naive", test_equals_naive);
  g_test_add_func ("/cw/index/scores", test_scores);
  g_test_add_func ("/cw/index/narrowed", test_narrowed);
  g_test_add_func ("/cw/index/deceiving", test_deceiving);
  g_test_add_func ("/cw/index/threads", test_threads);
  g_test_add_func ("/cw/index/threads-coded", test_threads_coded);
  g_test_add_func ("/cw/index/edges", test_edges);
  return g_test_run ();
}
