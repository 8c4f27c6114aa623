/* SPDX-License-Identifier: MIT */
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "eval/cw-eigenvalues.h"
#include "eval/cw-selection.h"

#include <math.h>
#include <string.h>

/* The golden values are single precision. */
#define assert_near(a, b) g_assert_cmpfloat_with_epsilon ((a), (double) (b), 2e-6 * (1 + fabs ((a))))

/* NumPy's, by another way: singular values instead of eigenvalues of a product. */
static void
test_golden (void)
{
  size_t size;
  g_autofree float *data = cw_test_load_golden ("selection.bin", &size);
  const float *p = data;
  int n_cases = (int) *p++, m;
  double x[16], y[16];

  for (int i = 0; i < n_cases; i++)
    {
      guint n = (guint) *p++;
      int dim = (int) *p++;
      const float *a = p, *b = a + n * (guint) dim, *c = b + n * (guint) dim, *want = c + n * (guint) dim;

      assert_near (cw_selection_rankme (a, n, dim), want[0]);
      assert_near (cw_selection_alignment (a, b, n, dim), want[1]);
      assert_near (cw_selection_uniformity (a, n, dim), want[2]);
      assert_near (cw_selection_margin_auc (a, b, c, n, dim), want[3]);
      p = want + 4;
    }
  m = (int) *p++;
  for (int i = 0; i < m; i++)
    {
      x[i] = (double) p[i];
      y[i] = (double) p[m + i];
    }
  assert_near (cw_selection_spearman (x, y, (guint) m), p[2 * m]);
  g_assert_cmpint (p + 2 * m + 1 - data, ==, (gssize) size);
}

/* Cases whose answer is known without a program. */
static void
test_known (void)
{
  const float identity[] = { 2, 0, 0, 0, 2, 0, 0, 0, 2 };
  const float line[] = { 1, 2, 3, 2, 4, 6 };
  const float zero[6] = { 0 };
  const float opposite[] = { -2, 0, 0, 0, -2, 0, 0, 0, -2 };
  const double rising[] = { 1, 2, 3, 4 }, falling[] = { 8, 6, 4, 2 }, flat[] = { 5, 5, 5, 5 };
  const double gaps[] = { 1, NAN, 3, 4 };

  g_assert_cmpfloat_with_epsilon (cw_selection_rankme (identity, 3, 3), 3, 1e-5);
  g_assert_cmpfloat_with_epsilon (cw_selection_rankme (line, 2, 3), 1, 1e-5);
  g_assert_true (isnan (cw_selection_rankme (zero, 2, 3)));
  g_assert_cmpfloat_with_epsilon (cw_selection_alignment (identity, opposite, 3, 3), 4, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_selection_alignment (identity, identity, 3, 3), 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_selection_uniformity (identity, 3, 3), -4, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_selection_uniformity (line, 2, 3), 0, 1e-12);
  g_assert_true (isnan (cw_selection_uniformity (line, 1, 3)));
  g_assert_cmpfloat (cw_selection_margin_auc (identity, identity, opposite, 3, 3), ==, 1);
  g_assert_cmpfloat (cw_selection_margin_auc (identity, opposite, identity, 3, 3), ==, 0);
  g_assert_cmpfloat (cw_selection_margin_auc (identity, identity, identity, 3, 3), ==, 0.5);
  g_assert_cmpfloat_with_epsilon (cw_selection_spearman (rising, falling, 4), -1, 1e-12);
  g_assert_cmpfloat_with_epsilon (cw_selection_spearman (rising, gaps, 4), 1, 1e-12);
  g_assert_true (isnan (cw_selection_spearman (rising, flat, 4)));
  g_assert_true (isnan (cw_selection_spearman (rising, falling, 1)));
}

/* The second difference with fixed ends: 2 - 2 cos (k pi / (n + 1)); turned by a reflection, so
 * that nothing is tridiagonal to begin with. */
static void
test_eigenvalues (void)
{
  enum { N = 40 };
  double a[N * N] = { 0 }, turned[N * N], v[N], values[N], squares = 0;

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
  cw_eigenvalues (a, N, values);
  for (int k = 1; k <= N; k++)
    {
      double want = 2 - 2 * cos (k * G_PI / (N + 1)), nearest = INFINITY;

      for (int i = 0; i < N; i++)
        nearest = fmin (nearest, fabs (values[i] - want));
      g_assert_cmpfloat (nearest, <, 1e-12);
    }
}

static void
test_threads (void)
{
  enum { N = 300, DIM = 70 };
  g_autofree float *x = g_new (float, N * DIM);
  double rankme, uniformity;

  cw_test_fill_normal (x, N * DIM, 1.0f, 3);
  cw_parallel_set_threads (1);
  rankme = cw_selection_rankme (x, N, DIM);
  uniformity = cw_selection_uniformity (x, N, DIM);
  cw_parallel_set_threads (4);
  g_assert_cmpfloat (cw_selection_rankme (x, N, DIM), ==, rankme);
  g_assert_cmpfloat (cw_selection_uniformity (x, N, DIM), ==, uniformity);
  cw_parallel_set_threads (0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/selection/golden", test_golden);
  g_test_add_func ("/cw/selection/known", test_known);
  g_test_add_func ("/cw/selection/eigenvalues", test_eigenvalues);
  g_test_add_func ("/cw/selection/threads", test_threads);
  return g_test_run ();
}
