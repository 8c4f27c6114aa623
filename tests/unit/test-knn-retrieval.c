/* SPDX-License-Identifier: MIT */
#include "cw-test.h"
#include "eval/cw-evaluator.h"

#include <math.h>
#include <string.h>

static const CwEvaluatorClass *
find (const char *id)
{
  for (gsize i = 0; cw_builtin_evaluators[i] != NULL; i++)
    {
      if (strcmp (cw_builtin_evaluators[i]->base.id, id) == 0)
        return cw_builtin_evaluators[i];
    }
  g_assert_not_reached ();
}

/* @settings: "key=value" ..., NULL at the end. */
static void
evaluate_with (const char *id, const char *const *settings, const CwFeatures *fit,
               const CwFeatures *score, int n_classes, CwScores *scores)
{
  const CwEvaluatorClass *evaluator = find (id);
  CwEvaluatorInput input = { fit, score, n_classes, NULL, 0, 1 };
  gpointer params
      = cw_params_block_new (evaluator->base.params, evaluator->base.params_size);
  g_autoptr (GError) error = NULL;

  cw_scores_clear (scores);
  for (; settings != NULL && *settings != NULL; settings++)
    {
      g_auto (GStrv) parts = g_strsplit (*settings, "=", 2);

      cw_params_set_string (evaluator->base.params, params, NULL, parts[0], parts[1], &error);
      g_assert_no_error (error);
    }
  g_assert_true (cw_evaluator_run (evaluator, params, &input, scores, NULL, &error));
  g_assert_no_error (error);
  cw_params_block_free (evaluator->base.params, params);
}

static double
evaluate (const char *id, const CwFeatures *fit, const CwFeatures *score, int n_classes,
          const char *score_id)
{
  CwScores scores = { 0 };
  double value;

  evaluate_with (id, NULL, fit, score, n_classes, &scores);
  value = cw_scores_get (&scores, score_id);
  cw_scores_clear (&scores);
  return value;
}

static CwFeatures *
take_features (const float **p, guint n, int dim, guint64 first_hash)
{
  CwFeatures *features = cw_features_new (n, dim);
  gsize size = (gsize) n * (gsize) dim;

  memcpy (features->x, *p, size * sizeof (float));
  for (guint i = 0; i < n; i++)
    {
      features->items[i] = i;
      features->labels[i] = (int) (*p)[size + i];
      features->subjects[i] = (int) (*p)[size + n + i];
      features->hashes[i] = first_hash + i;
    }
  *p += size + 2 * n;
  return features;
}

/* Rows answered as in @want, found through the confusion. */
static void
assert_answers (const CwScores *scores, const CwFeatures *score, const float *want, int n_classes)
{
  g_autofree guint *confusion = g_new0 (guint, n_classes * n_classes);

  for (guint i = 0; i < score->n; i++)
    confusion[score->labels[i] * n_classes + (int) want[i]]++;
  g_assert_cmpint (scores->n_classes, ==, n_classes);
  g_assert_cmpmem (scores->confusion, (gsize) (n_classes * n_classes) * sizeof *confusion, confusion,
                   (gsize) (n_classes * n_classes) * sizeof *confusion);
}

static void
test_golden (void)
{
  static const char *const settings[][4] = {
    { "k=20", "temperature=0.07", "other-subjects=false", NULL },
    { "k=1", "temperature=0.07", "other-subjects=false", NULL },
    { "k=7", "temperature=0.5", "other-subjects=false", NULL },
    { "k=20", "temperature=0.07", "other-subjects=true", NULL },
  };
  static const char *const ids[] = { "p_at_10", "p_at_10_other_subject", "same_subject_share_at_10",
                                     "macro_p_at_10" };
  size_t size;
  g_autofree float *data = cw_test_load_golden ("knn.bin", &size);
  const float *p = data + 4;
  guint n = (guint) data[0], m = (guint) data[1];
  int dim = (int) data[2], n_classes = (int) data[3];
  g_autoptr (CwFeatures) fit = take_features (&p, n, dim, 1000);
  g_autoptr (CwFeatures) score = take_features (&p, m, dim, 5000);
  CwScores scores = { 0 };

  score->hashes[3] = score->hashes[5];
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++, p += m)
    {
      evaluate_with ("knn", settings[i], fit, score, n_classes, &scores);
      assert_answers (&scores, score, p, n_classes);
    }
  evaluate_with ("retrieval", NULL, fit, score, n_classes, &scores);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, ids[i]), (double) *p++, 1e-6);
  evaluate_with ("retrieval", (const char *[]) { "gallery=fit", NULL }, fit, score, n_classes,
                 &scores);
  g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, "p_at_10"), (double) *p++, 1e-6);
  g_assert_cmpuint ((size_t) (p - data), ==, size);
  cw_scores_clear (&scores);
}

/* @signal: of the class; @identity: of the person. */
static CwFeatures *
make_features (guint n, int n_classes, guint n_subjects, float signal, float identity, guint seed)
{
  const int dim = 48;
  CwFeatures *features = cw_features_new (n, dim);

  cw_test_fill_normal (features->x, (gsize) n * (gsize) dim, 1.0f, seed);
  for (guint i = 0; i < n; i++)
    {
      guint label = i % (guint) n_classes, subject = i / (guint) n_classes % MAX (n_subjects, 1);

      features->items[i] = i;
      features->labels[i] = (int) label;
      features->subjects[i] = n_subjects > 0 ? (int) subject : -1;
      features->hashes[i] = (guint64) seed << 32 | i;
      features->x[i * (guint) dim + label] += signal;
      features->x[i * (guint) dim + 8 + subject % 40] += identity;
    }
  return features;
}

static void
test_chance_and_perfect (void)
{
  g_autoptr (CwFeatures) noise_fit = make_features (1200, 4, 0, 0, 0, 1);
  g_autoptr (CwFeatures) noise = make_features (1600, 4, 0, 0, 0, 2);
  g_autoptr (CwFeatures) clear_fit = make_features (200, 4, 0, 1000, 0, 3);
  g_autoptr (CwFeatures) clear = make_features (120, 4, 0, 1000, 0, 4);

  g_assert_cmpfloat (fabs (evaluate ("knn", noise_fit, noise, 4, "accuracy") - 0.25), <, 0.04);
  g_assert_cmpfloat (fabs (evaluate ("retrieval", noise_fit, noise, 4, "p_at_10") - 0.25), <, 0.02);
  g_assert_cmpfloat (evaluate ("knn", clear_fit, clear, 4, "accuracy"), ==, 1);
  g_assert_cmpfloat (evaluate ("knn", clear_fit, clear, 4, "macro_recall"), ==, 1);
  g_assert_cmpfloat (evaluate ("retrieval", clear_fit, clear, 4, "p_at_10"), ==, 1);
  g_assert_cmpfloat (evaluate ("linear", clear_fit, clear, 4, "accuracy"), ==, 1);
}

/* Features that know nothing but the person: each of 30 has one class. What looks good with the
 * person's own pictures falls to chance without them. */
static void
test_leakage (void)
{
  g_autoptr (CwFeatures) fit = make_features (240, 2, 30, 0, 0, 5);
  g_autoptr (CwFeatures) score = make_features (600, 2, 30, 0, 40, 6);
  CwScores scores = { 0 };

  for (guint i = 0; i < score->n; i++)
    score->labels[i] = score->subjects[i] % 2;
  evaluate_with ("retrieval", NULL, fit, score, 2, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "p_at_10"), >, 0.99);
  g_assert_cmpfloat (cw_scores_get (&scores, "same_subject_share_at_10"), >, 0.99);
  g_assert_cmpfloat (fabs (cw_scores_get (&scores, "p_at_10_other_subject") - 0.5), <, 0.06);
  g_assert_cmpfloat (fabs (cw_scores_get (&scores, "macro_p_at_10_other_subject") - 0.5), <, 0.06);

  /* The same persons on both sides: kNN may not profit either. */
  evaluate_with ("knn", NULL, score, score, 2, &scores);
  g_assert_cmpfloat (fabs (cw_scores_get (&scores, "accuracy") - 0.5), <, 0.1);
  evaluate_with ("knn", (const char *[]) { "other-subjects=false", NULL }, score, score, 2, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy"), >, 0.99);
  cw_scores_clear (&scores);
}

static void
test_unknown_subjects (void)
{
  g_autoptr (CwFeatures) fit = make_features (100, 4, 0, 2, 0, 7);
  g_autoptr (CwFeatures) score = make_features (100, 4, 0, 2, 0, 8);
  CwScores scores = { 0 };

  evaluate_with ("retrieval", NULL, fit, score, 4, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "p_at_10"), ==,
                     cw_scores_get (&scores, "p_at_10_other_subject"));
  g_assert_true (isnan (cw_scores_get (&scores, "same_subject_share_at_10")));
  cw_scores_clear (&scores);
}

/* Four pictures, k = 10: the query, its copy under another label, two more. Only those two count. */
static void
test_few_and_copies (void)
{
  g_autoptr (CwFeatures) score = cw_features_new (4, 2);
  const float x[] = { 1, 0, /* */ 1, 0, /* */ 1, 0.1f, /* */ 0, 1 };
  const int labels[] = { 0, 1, 0, 1 };
  CwScores scores = { 0 };

  memcpy (score->x, x, sizeof x);
  memcpy (score->labels, labels, sizeof labels);
  for (guint i = 0; i < 4; i++)
    score->hashes[i] = 7 + i;
  score->hashes[1] = score->hashes[0];
  evaluate_with ("retrieval", NULL, score, score, 2, &scores);
  /* Rows 0 and 1 see {2, 3}: 1/2 each; 2 sees {0, 1, 3}: 1/3; 3 sees {0, 1, 2}: 1/3. */
  g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, "p_at_10"),
                                  (0.5 + 0.5 + 1.0 / 3 + 1.0 / 3) / 4, 1e-12);
  evaluate_with ("retrieval", (const char *[]) { "k=1", NULL }, score, score, 2, &scores);
  /* 0 → 2 right; 1 → 2 wrong; 2 → 0 right (1 alike, later); 3 → 2 wrong. */
  g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, "p_at_1"), 0.5, 1e-12);

  /* Nobody left: no precision, and the most frequent class as answer. */
  for (guint i = 0; i < 4; i++)
    score->hashes[i] = 7;
  score->labels[3] = 0;
  evaluate_with ("retrieval", NULL, score, score, 2, &scores);
  g_assert_true (isnan (cw_scores_get (&scores, "p_at_10")));
  evaluate_with ("knn", NULL, score, score, 2, &scores);
  g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, "accuracy"), 0.75, 1e-12);
  cw_scores_clear (&scores);
}

/* Four frames of two recordings: each frame's twin is barred, whoever is asked. */
static void
test_sources (void)
{
  g_autoptr (CwFeatures) frames = make_features (4, 1, 0, 0, 0, 9);
  CwScores scores = { 0 };

  for (guint i = 0; i < 4; i++)
    {
      frames->labels[i] = (int) (i / 2);
      frames->sources[i] = (int) (i / 2);
    }
  evaluate_with ("retrieval", NULL, frames, frames, 2, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "p_at_1"), ==, 0);
  g_assert_true (isnan (cw_scores_get (&scores, "map")));
  evaluate_with ("knn", NULL, frames, frames, 2, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy"), ==, 0);
  cw_scores_clear (&scores);
}

/* A gallery of both sides holds what each holds. */
static void
test_gallery (void)
{
  g_autoptr (CwFeatures) fit = cw_features_new (1, 2);
  g_autoptr (CwFeatures) score = cw_features_new (2, 2);
  CwScores scores = { 0 };

  fit->x[0] = 1;
  fit->labels[0] = 0;
  fit->hashes[0] = 1;
  score->x[0] = 1;
  score->x[1] = 0.2f;
  score->x[3] = 1;
  score->labels[0] = 0;
  score->labels[1] = 1;
  score->hashes[0] = 2;
  score->hashes[1] = 3;
  evaluate_with ("retrieval", (const char *[]) { "gallery=all", "k=1", NULL }, fit, score, 2,
                 &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "p_at_1"), ==, 0.5);
  evaluate_with ("retrieval", (const char *[]) { "gallery=all", "k=2", NULL }, fit, score, 2,
                 &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "p_at_2"), ==, 0.25);
  evaluate_with ("retrieval", (const char *[]) { "k=2", NULL }, fit, score, 2, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "p_at_2"), ==, 0);
  cw_scores_clear (&scores);
}

static void
test_copies_removed (void)
{
  g_autoptr (CwFeatures) fit = make_features (20, 2, 0, 1, 0, 1);
  g_autoptr (CwFeatures) score = make_features (10, 2, 0, 1, 0, 2);
  g_autoptr (CwFeatures) rest = NULL;
  guint n_removed;

  score->hashes[0] = fit->hashes[19];
  score->hashes[7] = fit->hashes[0];
  rest = cw_features_without_copies (score, fit, &n_removed);
  g_assert_cmpuint (n_removed, ==, 2);
  g_assert_cmpuint (rest->n, ==, 8);
  g_assert_cmpuint (rest->items[0], ==, 1);
  g_assert_cmpuint (rest->items[6], ==, 8);
  g_assert_cmpint (rest->labels[6], ==, score->labels[8]);
  g_assert_cmpmem (rest->x + 6 * 48, 48 * sizeof (float), score->x + 8 * 48, 48 * sizeof (float));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/knn-retrieval/golden", test_golden);
  g_test_add_func ("/cw/knn-retrieval/chance-and-perfect", test_chance_and_perfect);
  g_test_add_func ("/cw/knn-retrieval/leakage", test_leakage);
  g_test_add_func ("/cw/knn-retrieval/unknown-subjects", test_unknown_subjects);
  g_test_add_func ("/cw/knn-retrieval/few-and-copies", test_few_and_copies);
  g_test_add_func ("/cw/knn-retrieval/sources", test_sources);
  g_test_add_func ("/cw/knn-retrieval/gallery", test_gallery);
  g_test_add_func ("/cw/knn-retrieval/copies-removed", test_copies_removed);
  return g_test_run ();
}
