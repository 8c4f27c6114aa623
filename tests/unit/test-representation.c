/* SPDX-License-Identifier: MIT */
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "eval/cw-metrics.h"
#include "nn/cw-eigenvalues.h"
#include "nn/cw-representation.h"

#include <math.h>
#include <string.h>

/* The golden values are single precision. */
#define assert_near(a, b) g_assert_cmpfloat_with_epsilon ((a), (double) (b), 2e-6 * (1 + fabs ((a))))

enum
{
  N_WARPED = 2,
  N_STATISTICS = 7,
};

/* One case of representation.py; returns what follows it. */
static const float *
check_case (const float *p)
{
  size_t n = (size_t) p[0], dim = (size_t) p[1], view = n * dim;
  const float *a = p + 2, *b = a + view, *warped = b + view, *want = warped + N_WARPED * view;
  g_autofree double *scratch = g_new (double, cw_representation_scratch (n, (int) dim));
  CwWarpNotice notice = cw_warp_notice (n, (int) dim, a, b, warped, N_WARPED, n, scratch);

  assert_near (cw_rank_me (n, (int) dim, a, scratch), want[0]);
  assert_near (cw_alignment (n, (int) dim, a, b), want[1]);
  assert_near (cw_uniformity (n, (int) dim, a, scratch), want[2]);
  assert_near (cw_feature_std (n, (int) dim, a, scratch), want[3]);
  assert_near (notice.margin, want[4]);
  assert_near (notice.auc, want[5]);
  assert_near (notice.paired, want[6]);
  return want + N_STATISTICS;
}

/* NumPy's, by another way: singular values instead of eigenvalues of a product. */
static void
test_golden (void)
{
  size_t size;
  g_autofree float *data = cw_test_load_golden ("representation.f32", &size);
  const float *p = data;
  int n_cases = (int) *p++, m;
  double x[16], y[16];

  for (int i = 0; i < n_cases; i++)
    p = check_case (p);
  m = (int) *p++;
  for (int i = 0; i < m; i++)
    {
      x[i] = (double) p[i];
      y[i] = (double) p[m + i];
    }
  assert_near (cw_metrics_spearman (x, y, (guint) m), p[2 * m]);
  g_assert_cmpint (p + 2 * m + 1 - data, ==, (gssize) size);
}

/* Cases whose answer is known without a program. */

static void
test_rank (void)
{
  g_autofree double *scratch = g_new (double, cw_representation_scratch (16, 16));
  g_autofree float *rows = g_new0 (float, 16 * 16);

  g_assert_cmpfloat (cw_rank_me (16, 16, rows, scratch), ==, 0);
  /* All along one direction, however long and of either sign. */
  for (int i = 0; i < 16; i++)
    {
      for (int j = 0; j < 16; j++)
        rows[i * 16 + j] = (float) ((i - 5) * (j + 1)) * 1e6f;
    }
  g_assert_cmpfloat_with_epsilon (cw_rank_me (16, 16, rows, scratch), 1, 1e-4);
  /* As many orthogonal directions as rows. */
  for (int i = 0; i < 16; i++)
    {
      for (int j = 0; j < 16; j++)
        rows[i * 16 + j] = i == j ? 1e-6f : 0;
    }
  g_assert_cmpfloat_with_epsilon (cw_rank_me (9, 16, rows, scratch), 9, 1e-4);
  /* Singular values 1 and 1/3: p = 3/4 and 1/4. */
  memset (rows, 0, 16 * sizeof (float));
  rows[0] = 3;
  rows[3] = 1;
  g_assert_cmpfloat_with_epsilon (cw_rank_me (2, 2, rows, scratch),
                                  exp (-0.75 * log (0.75) - 0.25 * log (0.25)), 1e-6);
  rows[3] = (float) NAN;
  g_assert_true (isnan (cw_rank_me (2, 2, rows, scratch)));
  g_assert_true (isnan (cw_rank_me (1, 4, rows, scratch)));
}

static void
test_sphere (void)
{
  const float apart[] = { 1, 0, 0, 5, -1, 0, 0, -5 }, alike[] = { 1, 1, 2, 2 };
  const float zero[] = { 0, 0, 0, 5 }, dead[] = { 0, 1, 0, -0.0f, 0, 2, 0, 0, 0, 0, 0, 1e-30f };
  double scratch[16];

  g_assert_cmpuint (cw_representation_scratch (2, 2), <=, G_N_ELEMENTS (scratch));
  g_assert_cmpfloat_with_epsilon (cw_alignment (2, 2, apart, apart + 4), 4, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_alignment (2, 2, apart, apart), 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_alignment (2, 2, apart, zero), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_uniformity (2, 2, apart, scratch), -4, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_uniformity (2, 2, alike, scratch), 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_uniformity (2, 2, zero, scratch), -2, 1e-12);
  g_assert_true (isnan (cw_uniformity (1, 2, alike, scratch)));
  g_assert_cmpfloat_with_epsilon (cw_feature_std (2, 2, alike, scratch), 0, 1e-7);
  g_assert_cmpfloat_with_epsilon (cw_feature_std (2, 2, apart, scratch), 0.5, 1e-12);
  g_assert_cmpfloat (cw_dead_share (3, 4, dead), ==, 0.5);
  g_assert_cmpfloat (cw_dead_share (2, 4, dead), ==, 0.75);
}

static void
test_warps (void)
{
  /* Two images in two dimensions: anchors, positives, warped views. */
  const float always[] = { 1, 0, 0, 1, 2, 0.1f, 0.1f, 2, 1, 1, 1, 1 };
  const float never[] = { 1, 0, 0, 1, 1, 1, 1, 1, 2, 0.1f, 0.1f, 2 };
  const float ties[] = { 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
  /* Cosines of the first image 0.8 and 0.6, of the second 0.28 and 0: the second's positive loses
   * to the first's warped view alone. */
  const float mixed[] = { 1, 0, 1, 0, 0.8f, 0.6f, 0.28f, 0.96f, 0.6f, 0.8f, 0, 1 };
  double scratch[16];

#define NOTICE(views, n_warped) cw_warp_notice (2, 2, views, views + 4, views + 8, n_warped, 2, scratch)
  g_assert_cmpfloat (NOTICE (always, 1).auc, ==, 1);
  g_assert_cmpfloat (NOTICE (always, 1).margin, >, 0.2);
  g_assert_cmpfloat (NOTICE (always, 1).paired, ==, 1);
  g_assert_cmpfloat (NOTICE (never, 1).auc, ==, 0);
  g_assert_cmpfloat (NOTICE (never, 1).paired, ==, 0);
  g_assert_cmpfloat (NOTICE (ties, 1).auc, ==, 0.5);
  g_assert_cmpfloat (NOTICE (ties, 1).paired, ==, 0.5);
  g_assert_cmpfloat (NOTICE (mixed, 1).auc, ==, 0.75);
  g_assert_cmpfloat (NOTICE (mixed, 1).paired, ==, 1);
  g_assert_true (isnan (NOTICE (ties, 0).auc));
  g_assert_true (isnan (NOTICE (ties, 0).margin));
  g_assert_true (isnan (NOTICE (ties, 0).paired));
#undef NOTICE
}

static void
test_spearman (void)
{
  const double rising[] = { 1, 2, 3, 4 }, falling[] = { 8, 6, 4, 2 }, flat[] = { 5, 5, 5, 5 };
  const double gaps[] = { 1, (double) NAN, 3, 4 };
  double ranks[] = { 7, 3, 7, 9 };

  cw_metrics_rank (ranks, 4);
  g_assert_cmpfloat (ranks[0], ==, 2.5);
  g_assert_cmpfloat (ranks[1], ==, 1);
  g_assert_cmpfloat (ranks[2], ==, 2.5);
  g_assert_cmpfloat (ranks[3], ==, 4);
  g_assert_cmpfloat_with_epsilon (cw_metrics_spearman (rising, falling, 4), -1, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_metrics_spearman (rising, gaps, 4), 1, 1e-12);
  g_assert_true (isnan (cw_metrics_spearman (rising, flat, 4)));
  g_assert_true (isnan (cw_metrics_spearman (rising, flat, 3)));
  g_assert_true (isnan (cw_metrics_spearman (rising, falling, 1)));
}

/* The second difference with fixed ends: 2 - 2 cos (k pi / (n + 1)); turned by a reflection, so
 * that nothing is tridiagonal to begin with. */
static void
test_eigenvalues (void)
{
  enum { N = 40 };
  double a[N * N] = { 0 }, turned[N * N], v[N], values[N], scratch[3 * N], squares = 0;

  for (int i = 0; i < N; i++)
    {
      v[i] = sin (1 + 3.0 * i);
      squares += v[i] * v[i];
      a[i * N + i] = 2;
      if (i > 0)
        a[i * N + i - 1] = a[(i - 1) * N + i] = -1;
    }
  for (int side = 0; side < 2; side++)
    {
      for (int i = 0; i < N; i++)
        {
          for (int j = 0; j < N; j++)
            {
              double sum = 0;

              for (int k = 0; k < N; k++)
                sum += ((i == k) - 2 * v[i] * v[k] / squares) * a[k * N + j];
              turned[j * N + i] = sum;
            }
        }
      memcpy (a, turned, sizeof a);
    }
  g_assert_true (cw_symmetric_eigenvalues (N, a, values, scratch));
  for (int k = 1; k <= N; k++)
    {
      double want = 2 - 2 * cos (k * G_PI / (N + 1)), nearest = INFINITY;

      for (int i = 0; i < N; i++)
        nearest = fmin (nearest, fabs (values[i] - want));
      g_assert_cmpfloat (nearest, <, 1e-12);
    }  a[3] = (double) NAN;
  g_assert_false (cw_symmetric_eigenvalues (2, a, values, scratch));
}

static void
test_threads (void)
{
  enum { N = 300, DIM = 70 };
  g_autofree float *x = g_new (float, N * DIM);
  g_autofree double *scratch = g_new (double, cw_representation_scratch (N, N));
  double tall, wide, uniformity;

  cw_test_fill_normal (x, N * DIM, 1.0f, 3);
  cw_parallel_set_threads (1);
  tall = cw_rank_me (N, DIM, x, scratch);
  wide = cw_rank_me (DIM, N, x, scratch);
  uniformity = cw_uniformity (N, DIM, x, scratch);
  cw_parallel_set_threads (4);
  g_assert_cmpfloat (cw_rank_me (N, DIM, x, scratch), ==, tall);
  g_assert_cmpfloat (cw_rank_me (DIM, N, x, scratch), ==, wide);
  g_assert_cmpfloat (cw_uniformity (N, DIM, x, scratch), ==, uniformity);
  cw_parallel_set_threads (0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/representation/golden", test_golden);
  g_test_add_func ("/cw/representation/rank", test_rank);
  g_test_add_func ("/cw/representation/sphere", test_sphere);
  g_test_add_func ("/cw/representation/warps", test_warps);
  g_test_add_func ("/cw/representation/spearman", test_spearman);
  g_test_add_func ("/cw/representation/eigenvalues", test_eigenvalues);
  g_test_add_func ("/cw/representation/threads", test_threads);
  return g_test_run ();
}
