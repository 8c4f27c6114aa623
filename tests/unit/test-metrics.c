/* SPDX-License-Identifier: MIT */
#include "base/cw-parallel.h"
#include "base/cw-rng.h"
#include "eval/cw-bootstrap.h"
#include "eval/cw-metrics.h"
#include "eval/cw-top-k.h"

#include <math.h>
#include <string.h>

#define assert_near(a, b) g_assert_cmpfloat_with_epsilon ((a), (b), 1e-12)

static void
test_accuracy (void)
{
  const guint confusion[] = { 8, 2, 0, /* */ 1, 3, 0, /* */ 0, 1, 5 };

  assert_near (cw_metrics_accuracy (confusion, 3), 16.0 / 20);
  assert_near (cw_metrics_macro_recall (confusion, 3), (0.8 + 0.75 + 5.0 / 6) / 3);
  /* Precisions 8/9, 3/6, 5/5. */
  assert_near (cw_metrics_macro_f1 (confusion, 3), (16.0 / 19 + 6.0 / 10 + 10.0 / 11) / 3);
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
  /* Answered twice and never right: an F1 of 0 counts. */
  assert_near (cw_metrics_macro_f1 (confusion, 3), (12.0 / 15 + 0 + 2.0 / 3) / 3);
  g_assert_true (isnan (cw_metrics_macro_f1 (nothing, 2)));
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

/* Truth 1, 2, 3, 4 and what is off by a shift, a turn, or everything. */
static void
test_numbers (void)
{
  const double truth[] = { 1, 2, 3, 4 }, shifted[] = { 2, 3, 4, 5 }, turned[] = { 4, 3, 2, 1 };
  const double flat[] = { 2, 2, 2, 2 }, tenths[] = { 0.1, 0.1, 0.1 };

  assert_near (cw_metrics_rmse (shifted, truth, 4), 1);
  assert_near (cw_metrics_pcc (shifted, truth, 4), 1);
  /* 2 · 1.25 / (1.25 + 1.25 + 1) */
  assert_near (cw_metrics_ccc (shifted, truth, 4), 2.5 / 3.5);
  assert_near (cw_metrics_rmse (turned, truth, 4), sqrt (5));
  assert_near (cw_metrics_pcc (turned, truth, 4), -1);
  assert_near (cw_metrics_ccc (turned, truth, 4), -1);
  g_assert_true (isnan (cw_metrics_pcc (flat, truth, 4)));
  /* A third of three tenths is not a tenth. */
  g_assert_true (isnan (cw_metrics_pcc (tenths, truth, 3)));
  assert_near (cw_metrics_ccc (flat, truth, 4), 0);
  g_assert_true (isnan (cw_metrics_ccc (flat, flat, 4)));
  g_assert_true (isnan (cw_metrics_rmse (flat, truth, 0)));
}

/* Student's t by SciPy 1.17.1: scipy.stats.t.ppf (0.975, n - 1). */
static void
test_spread (void)
{
  static const struct
  {
    guint n;
    double t;
  } quantiles[] = { { 2, 12.706205 }, { 3, 4.302653 }, { 10, 2.262157 }, { 11, 2.228139 },
                    { 21, 2.085963 }, { 101, 1.983972 } };
  const double values[] = { 4, (double) NAN, 2, 9 };
  double mean, sd;

  g_assert_cmpuint (cw_metrics_spread (values, 4, &mean, &sd), ==, 3);
  g_assert_cmpfloat_with_epsilon (mean, 5, 1e-12);
  g_assert_cmpfloat_with_epsilon (sd, sqrt (13), 1e-12);
  g_assert_cmpuint (cw_metrics_spread (values, 2, &mean, &sd), ==, 1);
  g_assert_cmpfloat_with_epsilon (mean, 4, 1e-12);
  g_assert_true (isnan (sd));
  g_assert_cmpuint (cw_metrics_spread (values + 1, 1, &mean, &sd), ==, 0);
  g_assert_true (isnan (mean) && isnan (sd));
  for (gsize i = 0; i < G_N_ELEMENTS (quantiles); i++)
    g_assert_cmpfloat_with_epsilon (cw_metrics_student_95 (3, quantiles[i].n),
                                    quantiles[i].t * 3 / sqrt (quantiles[i].n), 1e-3);
  g_assert_true (isnan (cw_metrics_student_95 (3, 1)));
}


static void
test_units (void)
{
  g_autofree char *share = cw_score_format (0.7914, CW_SCORE_SHARE);
  g_autofree char *error = cw_score_format (0.3456, CW_SCORE_NUMBER);
  g_autofree char *correlation = cw_score_format (-0.25, CW_SCORE_COEFFICIENT);
  g_autofree char *count = cw_score_format (1234, CW_SCORE_COUNT);
  g_autofree char *undefined = cw_score_format ((double) NAN, CW_SCORE_SHARE);

  g_assert_cmpstr (share, ==, "79.1 %");
  g_assert_cmpstr (error, ==, "0.346");
  g_assert_cmpstr (correlation, ==, "-0.250");
  g_assert_cmpstr (count, ==, "1234");
  g_assert_cmpstr (undefined, ==, "-");
}

/* What built-in protocols score has a name and a unit; what a plugin does is said as it is. */
static void
test_names (void)
{
  static const struct
  {
    const char *id, *name;
    CwScoreUnit unit;
  } cases[] = {
    { "accuracy", "accuracy", CW_SCORE_SHARE },
    { "macro_f1", "macro F1", CW_SCORE_SHARE },
    { "p_at_10", "P@10", CW_SCORE_SHARE },
    { "p_at_10_other_subject", "P@10, other persons", CW_SCORE_SHARE },
    { "map_other_subject", "mAP, other persons", CW_SCORE_SHARE },
    { "macro_recall_at_25_percent", "macro recall at 25 %", CW_SCORE_SHARE },
    { "similarity_columns_other_subject", "similarity by columns, other persons", CW_SCORE_COEFFICIENT },
    { "arousal_rmse", "arousal, error", CW_SCORE_NUMBER },
    { "n_triplets", "number of triplets", CW_SCORE_COUNT },
    { "p_at_", "p at ", CW_SCORE_NUMBER },
    { "p_at_1x", "p at 1x", CW_SCORE_NUMBER },
    { "my_score", "my score", CW_SCORE_NUMBER },
  };
  g_autofree char *foreign = cw_score_dup_label ("of-a-plugin", "my_score");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = cw_score_dup_name (cases[i].id);

      g_assert_cmpstr (name, ==, cases[i].name);
      g_assert_cmpint (cw_score_guess_unit (cases[i].id), ==, cases[i].unit);
    }
  g_assert_cmpstr (foreign, ==, "of-a-plugin, my score");
}

/* ---- bootstrap ---- */

#define N_ROWS 120
#define N_TRIALS 300

/* The interval of @rows' mean. */
static void
get_interval (const double *rows, guint n, const int *groups, guint64 seed, double *low,
              double *high)
{
  g_autofree double *means = g_new (double, CW_BOOTSTRAP_RESAMPLES);

  cw_bootstrap_means (&rows, 1, n, groups, seed, means);
  cw_bootstrap_interval (means, low, high);
}

/* Rows drawn with a known mean, in groups of @each that share their value: how often the interval holds
 * it. */
static double
coverage (guint each, gboolean told)
{
  guint n_held = 0;

  for (guint trial = 0; trial < N_TRIALS; trial++)
    {
      CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, trial, 0);
      double rows[N_ROWS], low, high;
      int groups[N_ROWS];

      for (guint i = 0; i < N_ROWS; i++)
        {
          groups[i] = 7 - 3 * (int) (i / each);
          rows[i] = i % each > 0 ? rows[i - 1] : (double) (cw_rng_uniform (&rng) < 0.6f);
        }
      get_interval (rows, N_ROWS, told ? groups : NULL, trial, &low, &high);
      n_held += low <= 0.6 && 0.6 <= high;
    }
  return (double) n_held / N_TRIALS;
}

/* 95 % (the deviation of 300 trials is 1.3 %), and with few groups a little less; rows that go together
 * are only honest when they are drawn together. */
static void
test_coverage (void)
{
  double single = coverage (1, FALSE), grouped = coverage (4, TRUE), fooled = coverage (4, FALSE);

  g_assert_cmpfloat (single, >, 0.91);
  g_assert_cmpfloat (single, <, 0.985);
  g_assert_cmpfloat (grouped, >, 0.89);
  g_assert_cmpfloat (fooled, <, 0.75);
}

/* Two contenders that differ on few rows: each for itself is uncertain, the difference is not. Same bits
 * for any number of threads. */
static void
test_paired (void)
{
  CwScores scores[2] = { { 0 } }, *both[] = { &scores[0], &scores[1] };
  CwDifference one[2 * CW_MAX_SCORES], many[2 * CW_MAX_SCORES];
  double rows[2][N_ROWS];

  for (guint i = 0; i < N_ROWS; i++)
    {
      rows[1][i] = i % 2;
      rows[0][i] = i % 10 == 0 ? 1 : rows[1][i];
    }
  rows[0][7] = rows[1][7] = (double) NAN;
  for (int c = 0; c < 2; c++)
    {
      cw_scores_set_rows (&scores[c], N_ROWS, NULL);
      cw_scores_add (&scores[c], "plain", 0.5);
      cw_scores_add_mean (&scores[c], "share", rows[c]);
    }
  cw_parallel_set_threads (1);
  cw_bootstrap_scores (both, 2, 3, one);
  cw_parallel_set_threads (4);
  cw_bootstrap_scores (both, 2, 3, many);
  cw_parallel_set_threads (0);
  assert_near (scores[1].scores[1].value, 59.0 / 119);
  assert_near (one[CW_MAX_SCORES + 1].value, 12.0 / 119);
  g_assert_true (isnan (one[CW_MAX_SCORES].value) && isnan (scores[0].scores[0].low));
  g_assert_cmpfloat (scores[0].scores[1].high - scores[0].scores[1].low, >, 0.15);
  g_assert_cmpfloat (one[CW_MAX_SCORES + 1].high - one[CW_MAX_SCORES + 1].low, <, 0.12);
  g_assert_cmpfloat (one[CW_MAX_SCORES + 1].low, >, 0.03);
  g_assert_cmpmem (&one[CW_MAX_SCORES + 1], sizeof *one, &many[CW_MAX_SCORES + 1], sizeof *many);
  cw_scores_clear (&scores[0]);
  cw_scores_clear (&scores[1]);
}

/* One person, or one row, says nothing about others. */
static void
test_no_interval (void)
{
  CwScores scores = { 0 }, *alone = &scores;
  CwDifference difference[CW_MAX_SCORES];
  const double rows[] = { 1, 0, 1 };

  cw_scores_set_rows (&scores, 3, (const int[]) { 4, 4, 4 });
  cw_scores_add_mean (&scores, "share", rows);
  cw_bootstrap_scores (&alone, 1, 1, difference);
  assert_near (scores.scores[0].value, 2.0 / 3);
  g_assert_true (isnan (scores.scores[0].low));
  cw_scores_clear (&scores);
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
  g_test_add_func ("/cw/metrics/numbers", test_numbers);
  g_test_add_func ("/cw/metrics/spread", test_spread);
  g_test_add_func ("/cw/metrics/units", test_units);
  g_test_add_func ("/cw/metrics/names", test_names);
  g_test_add_func ("/cw/metrics/coverage", test_coverage);
  g_test_add_func ("/cw/metrics/paired", test_paired);
  g_test_add_func ("/cw/metrics/no-interval", test_no_interval);
  g_test_add_func ("/cw/metrics/top-k", test_top_k);
  return g_test_run ();
}
