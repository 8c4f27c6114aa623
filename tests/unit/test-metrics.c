/* SPDX-License-Identifier: MIT */
#include "eval/cw-evaluator.h"
#include "eval/cw-metrics.h"
#include "eval/cw-top-k.h"

#include <math.h>

#define assert_near(a, b) g_assert_cmpfloat_with_epsilon ((a), (b), 1e-12)

static void
test_accuracy (void)
{
  const guint confusion[] = { 8, 2, 0, /* */ 1, 3, 0, /* */ 0, 1, 5 };

  assert_near (cw_metrics_accuracy (confusion, 3), 16.0 / 20);
  assert_near (cw_metrics_macro_recall (confusion, 3), (0.8 + 0.75 + 5.0 / 6) / 3);
}

/* A class that nobody scored says nothing about recall, even if it was answered. */
static void
test_class_without_row (void)
{
  const guint confusion[] = { 6, 2, 0, /* */ 0, 0, 0, /* */ 1, 0, 1 };
  const guint nothing[4] = { 0 };

  assert_near (cw_metrics_accuracy (confusion, 3), 0.7);
  assert_near (cw_metrics_macro_recall (confusion, 3), (0.75 + 0.5) / 2);
  g_assert_true (isnan (cw_metrics_accuracy (nothing, 2)));
  g_assert_true (isnan (cw_metrics_macro_recall (nothing, 2)));
}

static void
test_majority (void)
{
  const int labels[] = { 4, 0, 4, -1, 0, 4, -1, -1, -1, 2 };
  const int unknown[] = { -1, -1 };

  assert_near (cw_metrics_majority (labels, G_N_ELEMENTS (labels)), 0.5);
  g_assert_true (isnan (cw_metrics_majority (unknown, 2)));
  g_assert_true (isnan (cw_metrics_majority (unknown, 0)));
}

static void
test_scores (void)
{
  CwScores scores = { 0 };

  cw_scores_add (&scores, "accuracy", 0.25);
  cw_scores_add (&scores, "macro_recall", (double) NAN);
  scores.confusion = g_new0 (guint, 4);
  assert_near (cw_scores_get (&scores, "accuracy"), 0.25);
  g_assert_true (isnan (cw_scores_get (&scores, "macro_recall")));
  g_assert_true (isnan (cw_scores_get (&scores, "p_at_10")));
  cw_scores_clear (&scores);
  g_assert_cmpint (scores.n_scores, ==, 0);
  g_assert_null (scores.confusion);
}

/* Whatever the order of arrival, the same ones stay, in the same order. */
static void
test_top_k (void)
{
  const float scores[] = { 0.5f, 0.9f, 0.5f, -1.0f, 0.9f, 0.5f, 0.7f };
  const guint32 want[] = { 1, 4, 6, 0, 2 };

  for (guint start = 0; start < G_N_ELEMENTS (scores); start++)
    {
      CwNeighbour storage[5];
      CwTopK top;

      cw_top_k_init (&top, storage, 5);
      for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
        {
          guint row = (start + 3 * i) % G_N_ELEMENTS (scores);

          cw_top_k_add (&top, row, scores[row]);
        }
      g_assert_cmpuint (cw_top_k_finish (&top), ==, 5);
      for (guint i = 0; i < 5; i++)
        {
          g_assert_cmpuint (storage[i].row, ==, want[i]);
          g_assert_cmpfloat (storage[i].score, ==, scores[want[i]]);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/metrics/accuracy", test_accuracy);
  g_test_add_func ("/cw/metrics/class-without-row", test_class_without_row);
  g_test_add_func ("/cw/metrics/majority", test_majority);
  g_test_add_func ("/cw/metrics/scores", test_scores);
  g_test_add_func ("/cw/metrics/top-k", test_top_k);
  return g_test_run ();
}
