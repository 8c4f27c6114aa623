/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "base/cw-rng.h"
#include "cw-test.h"
#include "eval/cw-evaluator.h"
#include "eval/cw-metrics.h"
#include "eval/cw-ridge.h"

#include <math.h>
#include <string.h>

#define assert_near(a, b) g_assert_cmpfloat_with_epsilon ((a), (b), 1e-12)

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
static gboolean
try_run (const char *id, const char *const *settings, const CwEvaluatorInput *input,
         CwScores *scores, GError **error)
{
  const CwEvaluatorClass *evaluator = find (id);
  gpointer params = cw_params_block_new (evaluator->base.params, evaluator->base.params_size);
  gboolean ok;

  cw_scores_clear (scores);
  for (; settings != NULL && *settings != NULL; settings++)
    {
      g_auto (GStrv) parts = g_strsplit (*settings, "=", 2);

      g_assert_true (cw_params_set_string (evaluator->base.params, params, NULL, parts[0], parts[1],
                                           NULL));
    }
  ok = cw_evaluator_run (evaluator, params, input, scores, NULL, error);
  cw_params_block_free (evaluator->base.params, params);
  return ok;
}

static void
run (const char *id, const char *const *settings, const CwEvaluatorInput *input, CwScores *scores)
{
  g_autoptr (GError) error = NULL;

  try_run (id, settings, input, scores, &error);
  g_assert_no_error (error);
}

/* ---- features ---- */

/* Gives @features the columns @names, NULL-terminated; values `[n, columns]`. */
static void
set_columns (CwFeatures *features, const char *const *names, const float *values)
{
  features->n_columns = g_strv_length ((char **) names);
  features->column_names = g_strdupv ((char **) names);
  features->columns
      = g_memdup2 (values, (gsize) features->n * features->n_columns * sizeof *values);
}

/* @n rows of @dim: noise of deviation @noise, 1 in the place of the class, of @n_classes. */
static CwFeatures *
make_features (guint n, int dim, int n_classes, float noise, guint seed)
{
  CwFeatures *features = cw_features_new (n, dim);

  cw_test_fill_normal (features->x, (gsize) n * (gsize) dim, noise, seed);
  for (guint i = 0; i < n; i++)
    {
      features->items[i] = 1000 * seed + i;
      features->labels[i] = (int) (i % (guint) n_classes);
      features->hashes[i] = (guint64) seed << 32 | i;
      features->x[i * (gsize) dim + i % (guint) n_classes] += 1.0f;
    }
  return features;
}

/* ---- golden ---- */

typedef struct
{
  const float *p;
  guint n, m;
  int dim, n_classes;
  CwFeatures *fit, *score;
} Golden;

static CwFeatures *
take_features (Golden *g, guint n, guint64 first_hash)
{
  CwFeatures *features = cw_features_new (n, g->dim);
  gsize size = (gsize) n * (gsize) g->dim;

  memcpy (features->x, g->p, size * sizeof (float));
  for (guint i = 0; i < n; i++)
    {
      features->items[i] = i;
      features->labels[i] = (int) g->p[size + i];
      features->subjects[i] = (int) g->p[size + n + i];
      features->hashes[i] = first_hash + i;
    }
  g->p += size + 2 * n;
  return features;
}

static void
take_all_features (Golden *g, const float *data)
{
  g->n = (guint) data[0];
  g->m = (guint) data[1];
  g->dim = (int) data[2];
  g->n_classes = (int) data[3];
  g->p = data + 4;
  g->fit = take_features (g, g->n, 1000);
  g->score = take_features (g, g->m, 5000);
  g->score->hashes[3] = g->score->hashes[5];
  for (guint i = 0; i < g->m; i++)
    g->score->sources[i] = (int) *g->p++;
}

static void
check_retrieval (Golden *g)
{
  static const int ks[] = { 1, 5, 10, 20 };
  static const char *const suffixes[] = { "", "_other_subject" };
  CwEvaluatorInput input = { g->fit, g->score, g->n_classes, NULL, 0, 1 };
  CwScores scores = { 0 };

  run ("retrieval", NULL, &input, &scores);
  for (int bar = 0; bar < 2; bar++)
    {
      static const char *const kinds[] = { "p_at_", "recall_at_" };
      g_autofree char *map = g_strconcat ("map", suffixes[bar], NULL);

      for (int kind = 0; kind < 2; kind++)
        {
          for (int i = 0; i < 4; i++)
            {
              g_autofree char *id
                  = g_strdup_printf ("%s%d%s", kinds[kind], ks[i], suffixes[bar]);

              g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, id), (double) *g->p++, 1e-6);
            }
        }
      g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, map), (double) *g->p++, 1e-6);
    }
  cw_scores_clear (&scores);
}

static void
check_answers (Golden *g)
{
  g_autofree guint *confusion = g_new0 (guint, g->n_classes * g->n_classes);

  for (guint i = 0; i < g->m; i++)
    confusion[g->score->labels[i] * g->n_classes + (int) *g->p++]++;
  g_assert_cmpfloat_with_epsilon (cw_metrics_macro_f1 (confusion, g->n_classes), (double) *g->p++,
                                  1e-6);
  g_assert_cmpfloat_with_epsilon (cw_metrics_macro_recall (confusion, g->n_classes),
                                  (double) *g->p++, 1e-6);
}

/* The four scores of both targets. */
static void
check_valence_arousal (Golden *g, double l2)
{
  static const char *const ids[] = { "valence_ccc",  "valence_pcc", "valence_rmse", "valence_sagr",
                                     "arousal_ccc",  "arousal_pcc", "arousal_rmse", "arousal_sagr" };
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *setting
      = g_strconcat ("l2=", g_ascii_formatd (number, sizeof number, "%.9g", l2), NULL);
  CwEvaluatorInput input = { g->fit, g->score, g->n_classes, NULL, 0, 1 };
  CwScores scores = { 0 };

  run ("valence-arousal", (const char *[]) { setting, NULL }, &input, &scores);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, ids[i]), (double) *g->p++, 2e-5);
  g_assert_cmpint (cw_scores_find (&scores, "valence_rmse")->unit, ==, CW_SCORE_NUMBER);
  cw_scores_clear (&scores);
}

static void
check_ridge (Golden *g)
{
  const char *const names[] = { "valence", "arousal", NULL };
  const float *targets = g->p;
  g_autofree double *wide = g_new (double, 2 * g->n);
  g_autofree double *predicted = g_new (double, 2 * g->m);
  int n_l2;

  for (guint i = 0; i < 2 * g->n; i++)
    wide[i] = (double) targets[i];
  set_columns (g->fit, names, targets);
  set_columns (g->score, names, targets + 2 * g->n);
  g->p += 2 * g->n + 2 * g->m;
  n_l2 = (int) *g->p++;
  for (int l = 0; l < n_l2; l++)
    {
      double l2 = (double) *g->p++;
      g_autoptr (GError) error = NULL;
      g_autoptr (CwRidge) ridge = cw_ridge_fit (g->fit, wide, 2, l2, NULL, &error);

      g_assert_no_error (error);
      cw_ridge_predict (ridge, g->score->x, g->m, predicted);
      for (int i = 0; i < 2 * g->dim; i++)
        g_assert_cmpfloat_with_epsilon (ridge->weights[i], (double) *g->p++, 2e-5);
      for (int t = 0; t < 2; t++)
        g_assert_cmpfloat_with_epsilon (ridge->bias[t], (double) *g->p++, 2e-5);
      for (guint i = 0; i < 2 * g->m; i++)
        g_assert_cmpfloat_with_epsilon (predicted[i], (double) *g->p++, 5e-5);
      check_valence_arousal (g, l2);
    }
}

static void
check_factors (Golden *g, const char *const *names, const float *columns, const char *const *ids)
{
  CwEvaluatorInput input = { g->fit, g->score, g->n_classes, NULL, 0, 1 };
  CwScores scores = { 0 };

  g_clear_pointer (&g->score->column_names, g_strfreev);
  g_clear_pointer (&g->score->columns, g_free);
  set_columns (g->score, names, columns);
  run ("factors", NULL, &input, &scores);
  for (gsize i = 0; ids[i] != NULL; i++)
    g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, ids[i]), (double) *g->p++, 2e-5);
  cw_scores_clear (&scores);
}

static void
test_golden (void)
{
  const char *const units[] = { "au1", "au2", "au3", NULL };
  const char *const units_scores[]
      = { "similarity_columns", "similarity_columns_other_subject", "similarity_person",
          "variance_columns", "variance_person", NULL };
  const char *const sides[] = { "au1", "pose-yaw", "light-x", NULL };
  const char *const sides_scores[]
      = { "similarity_columns", "similarity_person", "similarity_pose", "similarity_light",
          "variance_columns", "variance_person", "variance_pose", "variance_light", NULL };
  size_t size;
  g_autofree float *data = cw_test_load_golden ("evaluators.bin", &size);
  Golden golden = { NULL };
  const float *columns;

  take_all_features (&golden, data);
  columns = golden.p;
  golden.p += 3 * golden.m;
  check_retrieval (&golden);
  check_answers (&golden);
  check_ridge (&golden);
  check_factors (&golden, units, columns, units_scores);
  check_factors (&golden, sides, columns, sides_scores);
  g_assert_cmpuint ((size_t) (golden.p - data), ==, size);
  cw_features_free (golden.fit);
  cw_features_free (golden.score);
}

/* ---- ridge ---- */

/* Strong where there is nothing to learn, weak where there is, each target for itself; unlike the mean,
 * what is learned holds for new rows. */
static void
test_ridge_choice (void)
{
  const guint n = 300;
  const int dim = 40;
  g_autoptr (CwFeatures) fit = make_features (n, dim, 1, 1.0f, 1);
  g_autofree double *targets = g_new (double, 2 * n);
  g_autofree float *noise = g_new (float, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRidge) ridge = NULL;
  double predicted[2];

  cw_test_fill_normal (noise, n, 1.0f, 2);
  for (guint i = 0; i < n; i++)
    {
      targets[2 * i] = 3 * (double) fit->x[i * (guint) dim + 5] - 1;
      targets[2 * i + 1] = (double) noise[i];
    }
  ridge = cw_ridge_fit_best (fit, targets, 2, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (ridge->l2[0], <=, 1e-3);
  g_assert_cmpfloat (ridge->l2[1], >=, 1);
  cw_ridge_predict (ridge, fit->x, 1, predicted);
  g_assert_cmpfloat_with_epsilon (predicted[0], targets[0], 0.01);

  fit->x[7] = NAN;
  g_assert_null (cw_ridge_fit (fit, targets, 2, 1, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_DIVERGED);
}

/* More dimensions than rows, and twice the same one. */
static void
test_ridge_dependent (void)
{
  g_autoptr (CwFeatures) fit = make_features (20, 64, 1, 1.0f, 3);
  double targets[20], predicted[20];
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRidge) ridge = NULL;

  for (guint i = 0; i < 20; i++)
    {
      fit->x[64 * i + 1] = fit->x[64 * i];
      targets[i] = (double) fit->x[64 * i] * 2 + 1;
    }
  ridge = cw_ridge_fit (fit, targets, 1, 1e-4, NULL, &error);
  g_assert_no_error (error);
  cw_ridge_predict (ridge, fit->x, 20, predicted);
  g_assert_cmpfloat (cw_metrics_rmse (predicted, targets, 20), <, 0.05);
  g_assert_cmpfloat_with_epsilon (ridge->weights[0], ridge->weights[1], 1e-6);
}

/* ---- low-shot ---- */

/* One class has a single picture among 200: it is drawn for each share, or its pictures could not be
 * told. */
static void
test_low_shot_stratified (void)
{
  g_autoptr (CwFeatures) fit = make_features (200, 4, 3, 0.01f, 1);
  g_autoptr (CwFeatures) score = make_features (80, 4, 4, 0.01f, 2);
  CwEvaluatorInput input = { fit, score, 4, NULL, 0, 1 };
  CwScores scores = { 0 };

  fit->labels[0] = 3;
  fit->x[0] = 0;
  fit->x[3] = 1;
  run ("low-shot", (const char *[]) { "seeds=3", NULL }, &input, &scores);
  assert_near (cw_scores_get (&scores, "accuracy_at_1_percent"), 1);
  assert_near (cw_scores_get (&scores, "accuracy_sd_at_1_percent"), 0);
  assert_near (cw_scores_get (&scores, "macro_recall_at_25_percent"), 1);
  run ("low-shot", (const char *[]) { "seeds=1", NULL }, &input, &scores);
  g_assert_true (isnan (cw_scores_get (&scores, "accuracy_sd_at_1_percent")));
  cw_scores_clear (&scores);
}

/* A weak signal needs pictures; draws differ. */
static void
test_low_shot_grows (void)
{
  g_autoptr (CwFeatures) fit = make_features (800, 20, 4, 0.5f, 3);
  g_autoptr (CwFeatures) score = make_features (400, 20, 4, 0.5f, 4);
  CwEvaluatorInput input = { fit, score, 4, NULL, 0, 1 };
  CwScores scores = { 0 };

  run ("low-shot", NULL, &input, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy_at_1_percent"), <, 0.65);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy_at_5_percent"), >,
                     cw_scores_get (&scores, "accuracy_at_1_percent") + 0.05);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy_at_25_percent"), >, 0.75);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy_sd_at_1_percent"), >, 0.005);
  cw_scores_clear (&scores);
}

/* ---- valence and arousal ---- */

/* Rows of which one is unknown count on neither side; too few that are known are no failure. */
static void
test_valence_arousal_known (void)
{
  const char *const names[] = { "Arousal", "other", "VALENCE", NULL };
  g_autoptr (CwFeatures) fit = make_features (40, 3, 1, 1.0f, 1);
  g_autoptr (CwFeatures) score = make_features (30, 3, 1, 1.0f, 2);
  CwEvaluatorInput input = { fit, score, 0, NULL, 0, 1 };
  CwScores scores = { 0 };
  float columns[40][3];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 40; i++)
    {
      columns[i][0] = fit->x[3 * i + 1];
      columns[i][1] = NAN;
      columns[i][2] = i < 10 ? NAN : fit->x[3 * i] + 0.5f;
    }
  set_columns (fit, names, columns[0]);
  for (guint i = 0; i < 30; i++)
    {
      columns[i][0] = i < 6 ? NAN : score->x[3 * i + 1];
      columns[i][2] = score->x[3 * i] + 0.5f;
    }
  set_columns (score, names, columns[0]);
  run ("valence-arousal", (const char *[]) { "l2=0.0001", NULL }, &input, &scores);
  g_assert_cmpuint (scores.n_rows, ==, 24);
  g_assert_cmpfloat (cw_scores_get (&scores, "valence_ccc"), >, 0.999);
  g_assert_cmpfloat (cw_scores_get (&scores, "arousal_rmse"), <, 0.01);
  for (guint i = 0; i < 40; i++)
    fit->columns[3 * i + 2] = i < 31 ? NAN : 1;
  g_assert_false (try_run ("valence-arousal", NULL, &input, &scores, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "here are 9 and 24"));
}

/* ---- identity ---- */

/* Twelve persons of six pictures; @clear: features are nothing but the person, else nothing of it. */
static CwFeatures *
make_persons (gboolean clear)
{
  CwFeatures *features = make_features (72, 12, clear ? 12 : 1, clear ? 0.01f : 1.0f, 5);

  for (guint i = 0; i < 72; i++)
    {
      features->subjects[i] = (int) (i % 12);
      features->labels[i] = -1;
    }
  return features;
}

static void
test_identity (void)
{
  g_autoptr (CwFeatures) clear = make_persons (TRUE);
  g_autoptr (CwFeatures) noise = make_persons (FALSE);
  CwEvaluatorInput input = { clear, clear, 0, NULL, 0, 1 };
  CwScores scores = { 0 };
  g_autoptr (GError) error = NULL;

  run ("identity", (const char *[]) { "k=5", NULL }, &input, &scores);
  assert_near (cw_scores_get (&scores, "accuracy"), 1);
  assert_near (cw_scores_get (&scores, "chance"), 1.0 / 12);
  assert_near (cw_scores_get (&scores, "same_subject_share_at_5"), 1);
  g_assert_cmpfloat_with_epsilon (cw_scores_get (&scores, "same_subject_share_chance"), 5.0 / 71,
                                  1e-12);
  /* Of two persons only: six pictures are scored. */
  run ("identity", (const char *[]) { "most=2", NULL }, &input, &scores);
  assert_near (cw_scores_get (&scores, "chance"), 0.5);

  input.fit = input.score = noise;
  run ("identity", (const char *[]) { "k=5", NULL }, &input, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy"), <, 0.3);
  g_assert_cmpfloat (cw_scores_get (&scores, "same_subject_share_at_5"), <, 0.2);

  /* One picture each. */
  for (guint i = 0; i < 72; i++)
    noise->subjects[i] = (int) i;
  g_assert_false (try_run ("identity", NULL, &input, &scores, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "two persons; there are 0"));
  g_clear_error (&error);
  for (guint i = 0; i < 72; i++)
    noise->subjects[i] = -1;
  g_assert_false (try_run ("identity", NULL, &input, &scores, &error));
  g_assert_nonnull (strstr (error->message, "nobody is known"));
}

/* Each person was recorded in four sessions, which is all that the features show. */
static void
test_identity_sources (void)
{
  g_autoptr (CwFeatures) features = make_features (144, 48, 48, 0.01f, 5);
  CwEvaluatorInput input = { features, features, 0, NULL, 0, 1 };
  CwScores scores = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 144; i++)
    {
      features->subjects[i] = (int) (i % 12);
      features->sources[i] = (int) (i % 48);
    }
  run ("identity", NULL, &input, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "accuracy"), <, 0.3);
  /* Of one session, nobody can be known again. */
  for (guint i = 0; i < 144; i++)
    features->sources[i] = (int) (i % 12);
  g_assert_false (try_run ("identity", NULL, &input, &scores, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
}

/* ---- triplets ---- */

/* Items 0 to 2 are on the scored side, 3 on the fitted one, 4 nowhere. */
static void
test_triplets (void)
{
  static const float x[] = { 1, 0, /* */ 1, 0.1f, /* */ 0, 2 };
  g_autoptr (CwFeatures) fit = cw_features_new (1, 2);
  g_autoptr (CwFeatures) score = cw_features_new (3, 2);
  CwTriplet triplets[] = {
    { { 0, 1, 2 }, 2, 1, CW_SPLIT_TEST },  /* right */
    { { 2, 0, 1 }, 0, 1, CW_SPLIT_TEST },  /* the same in another order: right */
    { { 0, 1, 2 }, 0, 1, CW_SPLIT_TEST },  /* wrong */
    { { 3, 0, 1 }, 0, 2, CW_SPLIT_TEST },  /* right */
    { { 0, 2, 3 }, 1, 2, CW_SPLIT_TEST },  /* 0 is at a right angle to both others: no pair is nearest */
    { { 0, 2, 3 }, 2, 2, CW_SPLIT_TEST },
    { { 0, 1, 4 }, 2, 2, CW_SPLIT_TEST },  /* not there */
    { { 0, 1, 2 }, 2, 2, CW_SPLIT_TRAIN }, /* not for testing */
  };
  CwEvaluatorInput input = { fit, score, 0, triplets, G_N_ELEMENTS (triplets), 1 };
  CwScores scores = { 0 };
  g_autoptr (GError) error = NULL;

  fit->items[0] = 3;
  fit->x[0] = -5;
  memcpy (score->x, x, sizeof x);
  for (guint i = 0; i < 3; i++)
    score->items[i] = i;
  run ("triplets", NULL, &input, &scores);
  assert_near (cw_scores_get (&scores, "accuracy"), 3.0 / 6);
  assert_near (cw_scores_get (&scores, "accuracy_one_class"), 2.0 / 3);
  assert_near (cw_scores_get (&scores, "accuracy_two_class"), 1.0 / 3);
  g_assert_true (isnan (cw_scores_get (&scores, "accuracy_three_class")));
  assert_near (cw_scores_get (&scores, "n_triplets"), 6);
  /* Only for training: then these count. */
  input.triplets = &triplets[7];
  input.n_triplets = 1;
  run ("triplets", NULL, &input, &scores);
  assert_near (cw_scores_get (&scores, "accuracy"), 1);
  input.triplets = &triplets[6];
  g_assert_false (try_run ("triplets", NULL, &input, &scores, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "none of the 1 triplets"));
}

/* ---- factors ---- */

/* Vectors on a quarter of a circle, by angle; persons have no part in it. Cosine falls as the angles come
 * apart, and so does closeness in the column: the same order throughout. */
static void
test_factors_columns (void)
{
  const char *const names[] = { "angle", "noise", "same", NULL };
  g_autoptr (CwFeatures) score = cw_features_new (30, 2);
  CwEvaluatorInput input = { score, score, 0, NULL, 0, 1 };
  CwScores scores = { 0 };
  float columns[30][3];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 30; i++)
    {
      /* Any two differences are apart by more than rounding. */
      float angle = 0.001f * (float) (i * i + i % 7);

      columns[i][0] = angle;
      columns[i][1] = (float) (i * 17 % 30);
      columns[i][2] = 4;
      score->x[2 * i] = 3 * cosf (angle);
      score->x[2 * i + 1] = 3 * sinf (angle);
      score->subjects[i] = (int) (i % 5);
      score->hashes[i] = i;
    }
  set_columns (score, names, columns[0]);
  run ("factors", (const char *[]) { "columns=angle, same", NULL }, &input, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "similarity_columns"), >, 0.999);
  g_assert_cmpfloat (cw_scores_get (&scores, "similarity_columns_other_subject"), >, 0.999);
  g_assert_cmpfloat (cw_scores_get (&scores, "variance_columns"), >, 0.97);
  g_assert_cmpfloat (cw_scores_get (&scores, "variance_person"), <, 0.001);
  run ("factors", (const char *[]) { "columns=noise", NULL }, &input, &scores);
  g_assert_cmpfloat (fabs (cw_scores_get (&scores, "similarity_columns")), <, 0.2);

  g_assert_false (try_run ("factors", (const char *[]) { "columns=same", NULL }, &input, &scores,
                           &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_false (try_run ("factors", (const char *[]) { "columns=angel", NULL }, &input, &scores,
                           &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "no column 'angel'"));
}

/* Features that are the person, and one column that goes with the person a little: what the column seems
 * to explain is the person's. */
static void
test_factors_person (void)
{
  const char *const names[] = { "au", NULL };
  g_autoptr (CwFeatures) score = make_persons (TRUE);
  CwEvaluatorInput input = { score, score, 0, NULL, 0, 1 };
  CwScores scores = { 0 };
  float columns[72];

  for (guint i = 0; i < 72; i++)
    columns[i] = (float) (i % 12) + (float) (i / 12 * 5 % 7);
  set_columns (score, names, columns);
  run ("factors", NULL, &input, &scores);
  g_assert_cmpfloat (cw_scores_get (&scores, "variance_person"), >, 0.1);
  g_assert_cmpfloat (cw_scores_get (&scores, "variance_columns"), <, 0.01);
  g_assert_cmpfloat (cw_scores_get (&scores, "similarity_person"), >, 0.3);
  g_assert_cmpfloat (fabs (cw_scores_get (&scores, "similarity_columns")), <, 0.1);

  /* Nobody known. */
  for (guint i = 0; i < 72; i++)
    score->subjects[i] = -1;
  run ("factors", NULL, &input, &scores);
  g_assert_true (isfinite (cw_scores_get (&scores, "similarity_columns")));
  g_assert_true (isnan (cw_scores_get (&scores, "similarity_person")));
  g_assert_true (isnan (cw_scores_get (&scores, "variance_person")));
  cw_scores_clear (&scores);
}

/* ---- what holds for every evaluator ---- */

static gboolean
same_scores (const CwScores *a, const CwScores *b)
{
  gsize cells = (gsize) a->n_classes * (gsize) a->n_classes * sizeof *a->confusion;

  if (a->n_scores != b->n_scores || a->n_classes != b->n_classes)
    return FALSE;
  for (int i = 0; i < a->n_scores; i++)
    {
      if (strcmp (a->scores[i].id, b->scores[i].id) != 0
          || memcmp (&a->scores[i].value, &b->scores[i].value, sizeof (double)) != 0)
        return FALSE;
    }
  return (a->confusion == NULL) == (b->confusion == NULL)
         && (a->confusion == NULL || memcmp (a->confusion, b->confusion, cells) == 0);
}

static void
check_scores (const CwScores *scores, const CwFeatures *score)
{
  g_assert_cmpint (scores->n_scores, >, 0);
  for (int i = 0; i < scores->n_scores; i++)
    {
      const CwScore *s = &scores->scores[i];

      if (isfinite (s->value))
        g_assert_cmpfloat (s->value, >=, s->unit == CW_SCORE_COEFFICIENT ? -1 : 0);
      if (isfinite (s->value) && s->unit < CW_SCORE_NUMBER)
        g_assert_cmpfloat (s->value, <=, 1 + 1e-9);
      for (int j = 0; j < i; j++)
        g_assert_cmpstr (scores->scores[i].id, !=, scores->scores[j].id);
    }
  if (scores->confusion != NULL)
    {
      guint sum = 0;

      for (int i = 0; i < scores->n_classes * scores->n_classes; i++)
        sum += scores->confusion[i];
      g_assert_cmpuint (sum, ==, score->n);
    }
}

/* Least, default and largest of each parameter; twice, and with other threads: the same. */
static void
sweep (const CwEvaluatorClass *evaluator, const CwEvaluatorInput *input)
{
  const CwParamSpec *specs = evaluator->base.params;

  for (int s = 0; s < cw_params_count (specs); s++)
    {
      const CwParamSpec *spec = &specs[s];
      double max = spec->type == CW_PARAM_ENUM
                       ? (double) g_strv_length ((char **) spec->nicks) - 1 : spec->max;
      const double values[] = { spec->min, spec->def, max };

      for (gsize v = 0; spec->type != CW_PARAM_STRING && v < G_N_ELEMENTS (values); v++)
        {
          gpointer params = cw_params_block_new (specs, evaluator->base.params_size);
          CwScores one = { 0 }, two = { 0 };

          g_assert_true (cw_params_set_number (spec, params, values[v], NULL));
          cw_parallel_set_threads (1);
          g_assert_true (cw_evaluator_run (evaluator, params, input, &one, NULL, NULL));
          cw_parallel_set_threads (3);
          g_assert_true (cw_evaluator_run (evaluator, params, input, &two, NULL, NULL));
          cw_parallel_set_threads (0);
          g_assert_true (same_scores (&one, &two));
          check_scores (&one, input->score);
          cw_scores_clear (&one);
          cw_scores_clear (&two);
          cw_params_block_free (specs, params);
        }
    }
}

static gboolean
fails (const CwEvaluatorClass *evaluator, const CwEvaluatorInput *like, const CwFeatures *fit,
       const CwFeatures *score, CwJob *job, GQuark domain, int code)
{
  gpointer params = cw_params_block_new (evaluator->base.params, evaluator->base.params_size);
  CwEvaluatorInput input = *like;
  CwScores scores = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean ok;

  input.fit = fit;
  input.score = score;
  ok = cw_evaluator_run (evaluator, params, &input, &scores, job, &error);
  g_assert_true (ok || (error != NULL && strchr (error->message, '\n') == NULL));
  cw_scores_clear (&scores);
  cw_params_block_free (evaluator->base.params, params);
  return !ok && g_error_matches (error, domain, code);
}

/* @n_subjects persons, two columns. */
static CwFeatures *
make_side (guint n, int n_classes, guint n_subjects, guint seed)
{
  const char *const names[] = { "valence", "arousal", NULL };
  CwFeatures *features = make_features (n, 48, n_classes, 0.7f, seed);
  g_autofree float *columns = g_new (float, 2 * n);

  cw_test_fill_normal (columns, 2 * n, 0.5f, seed + 100);
  set_columns (features, names, columns);
  for (guint i = 0; i < n; i++)
    features->subjects[i] = (int) (i / 3 % n_subjects);
  return features;
}

static void
test_conformance (void)
{
  g_autoptr (CwFeatures) fit = make_side (150, 3, 7, 1);
  g_autoptr (CwFeatures) score = make_side (90, 4, 5, 2);
  g_autoptr (CwFeatures) nothing = cw_features_new (0, 48);
  g_autoptr (CwFeatures) narrow = cw_features_new (3, 5);
  g_autoptr (CwFeatures) strange = make_side (8, 8, 2, 3);
  g_autoptr (CwJob) job = cw_job_new (NULL, NULL, NULL, NULL);
  CwTriplet triplets[30];
  CwEvaluatorInput input = { fit, score, 4, triplets, G_N_ELEMENTS (triplets), 3 };

  for (guint i = 0; i < G_N_ELEMENTS (triplets); i++)
    triplets[i] = (CwTriplet) { { 2000 + i, 2001 + i, 2040 + i }, (int) (i % 3), (int) (i % 3) + 1,
                                CW_SPLIT_NONE };
  cw_job_cancel (job);
  for (gsize i = 0; cw_builtin_evaluators[i] != NULL; i++)
    {
      const CwEvaluatorClass *evaluator = cw_builtin_evaluators[i];
      gboolean labels = (evaluator->needs & CW_NEEDS_LABELS) != 0;

      g_assert_cmpuint (evaluator->base.abi, ==, CW_ABI_VERSION);
      g_assert_cmpint (evaluator->base.kind, ==, CW_KIND_EVALUATOR);
      g_assert_true (*evaluator->base.label != '\0' && *evaluator->base.description != '\0');
      if ((evaluator->needs & CW_NEEDS_MODEL) != 0)
        {
          /* These features are of no pictures. */
          g_assert_true (fails (evaluator, &input, fit, score, NULL, CW_ERROR, CW_ERROR_EMPTY));
          continue;
        }
      sweep (evaluator, &input);
      g_assert_true (fails (evaluator, &input, fit, score, job, G_IO_ERROR, G_IO_ERROR_CANCELLED));
      g_assert_true (fails (evaluator, &input, fit, nothing, NULL, CW_ERROR, CW_ERROR_EMPTY));
      g_assert_true (!labels
                     || fails (evaluator, &input, nothing, score, NULL, CW_ERROR, CW_ERROR_EMPTY));
      g_assert_true (fails (evaluator, &input, fit, narrow, NULL, CW_ERROR, CW_ERROR_SHAPE_MISMATCH));
      g_assert_true (!labels
                     || fails (evaluator, &input, fit, strange, NULL, CW_ERROR, CW_ERROR_NOT_FOUND));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/evaluators/golden", test_golden);
  g_test_add_func ("/cw/evaluators/ridge-choice", test_ridge_choice);
  g_test_add_func ("/cw/evaluators/ridge-dependent", test_ridge_dependent);
  g_test_add_func ("/cw/evaluators/low-shot-stratified", test_low_shot_stratified);
  g_test_add_func ("/cw/evaluators/low-shot-grows", test_low_shot_grows);
  g_test_add_func ("/cw/evaluators/valence-arousal-known", test_valence_arousal_known);
  g_test_add_func ("/cw/evaluators/identity", test_identity);
  g_test_add_func ("/cw/evaluators/identity-sources", test_identity_sources);
  g_test_add_func ("/cw/evaluators/triplets", test_triplets);
  g_test_add_func ("/cw/evaluators/factors-columns", test_factors_columns);
  g_test_add_func ("/cw/evaluators/factors-person", test_factors_person);
  g_test_add_func ("/cw/evaluators/conformance", test_conformance);
  return g_test_run ();
}
