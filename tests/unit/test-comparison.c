/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "cw-test-runs.h"
#include "cw-test.h"
#include "report/cw-comparison.h"

#include <math.h>
#include <string.h>

#define N_RUNS 6

/* Three seeds of one condition, and two and a later one of another, of which two are shared. */
static const struct
{
  const char *name, *sets[5];
} runs[N_RUNS] = {
  { "a1", { "experiment.seed=1", "objective.negative=none" } },
  { "a2", { "experiment.seed=2", "objective.negative=none", "run.keep=7", "experiment.name=x" } },
  { "a3", { "experiment.seed=3", "objective.negative=none", "data.cache-mib=64" } },
  { "b2", { "experiment.seed=2", "objective.type=byol" } },
  { "b3", { "experiment.seed=3", "objective.type=byol" } },
  { "b4", { "experiment.seed=4", "objective.type=byol" } },
};

typedef struct
{
  char *root;
  char *folders[N_RUNS + 1];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = cw_test_make_folder ();
  for (int r = 0; r < N_RUNS; r++)
    {
      fixture->folders[r] = g_build_filename (fixture->root, runs[r].name, NULL);
      cw_test_make_run (fixture->folders[r], runs[r].sets);
    }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (int r = 0; r < N_RUNS; r++)
    g_free (fixture->folders[r]);
  cw_test_remove_folder (fixture->root);
}

static CwComparison *
compare (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  CwComparison *comparison
      = cw_comparison_new ((const char *const *) fixture->folders, N_RUNS, &error);

  g_assert_no_error (error);
  return comparison;
}

static const CwComparedScore *
find_score (const CwComparison *comparison, guint evaluation, const char *id)
{
  const CwComparedEvaluation *e = comparison->evaluations->pdata[evaluation];

  for (guint s = 0; s < e->scores->len; s++)
    {
      const CwComparedScore *score = e->scores->pdata[s];

      if (strcmp (score->id, id) == 0)
        return score;
    }
  return NULL;
}

/* ---- conditions ---- */

static void
test_conditions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwComparison) comparison = compare (fixture);
  const CwComparedSetting *type = NULL, *negative = NULL;

  g_assert_cmpuint (comparison->n_conditions, ==, 2);
  for (guint r = 0; r < N_RUNS; r++)
    {
      g_assert_cmpuint (comparison->runs[r].condition, ==, r < 3 ? 0 : 1);
      g_assert_cmpuint (comparison->runs[r].seed, ==, (guint64) (r < 3 ? r + 1 : r - 1));
    }
  for (guint s = 0; s < comparison->settings->len; s++)
    {
      const CwComparedSetting *setting = comparison->settings->pdata[s];

      g_assert_false (g_str_has_prefix (setting->key, "run."));
      g_assert_false (g_str_has_prefix (setting->key, "experiment."));
      g_assert_cmpstr (setting->key, !=, "data.cache-mib");
      g_assert_cmpstr (setting->values[0], !=, setting->values[1]);
      if (strcmp (setting->key, "objective.type") == 0)
        type = setting;
      if (strcmp (setting->key, "objective.temperature") == 0)
        negative = setting;
    }
  g_assert_cmpstr (type->values[0], ==, "simclr");
  g_assert_cmpstr (type->values[1], ==, "byol");
  /* BYOL has none. */
  g_assert_nonnull (negative->values[0]);
  g_assert_null (negative->values[1]);
  g_assert_cmpuint (comparison->evaluations->len, ==, 0);
}

static void
test_labels (void)
{
  static const struct
  {
    guint condition;
    const char *label;
  } cases[] = { { 0, "A" }, { 25, "Z" }, { 26, "AA" }, { 51, "AZ" }, { 52, "BA" }, { 702, "AAA" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = cw_comparison_dup_label (cases[i].condition);

      g_assert_cmpstr (label, ==, cases[i].label);
    }
}

/* ---- figures ---- */

static void
test_figures (Fixture *fixture, gconstpointer data)
{
  static const double accuracies[N_RUNS] = { 0.4, 0.5, 0.6, 0.53, 0.65, 0.9 };
  g_autoptr (CwComparison) comparison = NULL;
  const CwComparedScore *accuracy;
  CwComparedSpread spread;

  for (int r = 0; r < N_RUNS; r++)
    cw_test_keep_accuracy (fixture->folders[r], 100, accuracies[r], "");
  comparison = compare (fixture);
  g_assert_cmpuint (comparison->evaluations->len, ==, 1);
  accuracy = find_score (comparison, 0, "accuracy");
  /* Neither intervals nor the confusion matrix are scores. */
  g_assert_cmpuint (((const CwComparedEvaluation *) comparison->evaluations->pdata[0])->scores->len, ==,
                    1);

  spread = cw_comparison_spread (comparison, accuracy, CW_CONTENDER_TRAINED, 0);
  g_assert_cmpuint (spread.n, ==, 3);
  g_assert_cmpfloat_with_epsilon (spread.mean, 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (spread.sd, 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (spread.high - spread.mean, 4.3027 * 0.1 / sqrt (3), 1e-5);
  spread = cw_comparison_spread (comparison, accuracy, CW_CONTENDER_RANDOM_INIT, 1);
  g_assert_cmpfloat_with_epsilon (spread.mean, 0.5, 1e-12);
  spread = cw_comparison_spread (comparison, accuracy, CW_CONTENDER_PIXELS, 1);
  g_assert_cmpuint (spread.n, ==, 0);

  /* Seeds 2 and 3: 0.03 and 0.05. */
  spread = cw_comparison_difference (comparison, accuracy, 1);
  g_assert_cmpuint (spread.n, ==, 2);
  g_assert_cmpfloat_with_epsilon (spread.mean, 0.04, 1e-12);
  g_assert_cmpfloat_with_epsilon (spread.low, 0.04 - 12.7062 * 0.01, 1e-5);
}

/* The newest evaluation counts, with those of its step; other data are another table. */
static void
test_newest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwComparison) comparison = NULL;
  const CwComparedEvaluation *e;

  cw_test_keep_accuracy (fixture->folders[0], 100, 0.1, ", \"old\": 1");
  cw_test_keep_accuracy (fixture->folders[0], 200, 0.2, ", \"beside\": 2");
  cw_test_keep_accuracy (fixture->folders[0], 200, 0.3, "");
  cw_test_keep_evaluation (fixture->folders[1], 50,
        "{\"data\": \"/other\", \"majority\": null, \"trained\": {\"knn\": {\"accuracy\": null}}, "
        "\"pixels\": 4}");
  comparison = compare (fixture);
  g_assert_cmpuint (comparison->evaluations->len, ==, 2);
  e = comparison->evaluations->pdata[0];
  g_assert_cmpint (e->steps[0], ==, 200);
  g_assert_cmpint (e->steps[1], ==, -1);
  g_assert_cmpfloat (find_score (comparison, 0, "accuracy")->values[CW_CONTENDER_TRAINED][0], ==, 0.3);
  g_assert_cmpfloat (find_score (comparison, 0, "beside")->values[CW_CONTENDER_TRAINED][0], ==, 2);
  g_assert_true (isnan (find_score (comparison, 0, "old")->values[CW_CONTENDER_TRAINED][0]));
  e = comparison->evaluations->pdata[1];
  g_assert_cmpstr (e->data, ==, "/other");
  g_assert_true (isnan (e->majority));
  g_assert_cmpint (e->steps[1], ==, 50);
}

/* ---- output ---- */

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("'%s' is not in:\n%s", part, text);
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwComparison) none = compare (fixture);
  g_autofree char *nothing = cw_comparison_to_text (none);
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;

  assert_has (nothing, "None of these runs keeps an evaluation");
  for (int r = 0; r < N_RUNS; r++)
    cw_test_keep_accuracy (fixture->folders[r], r == 5 ? 300 : 100, 0.5 + 0.01 * r * r,
                   r < 3 ? ", \"p_at_1\": 0.5, \"p_at_1_other_subject\": 0.5, \"n\": 3000, \"odd\": 0.25" : "");
  comparison = compare (fixture);
  text = cw_comparison_to_text (comparison);
  assert_has (text, "objective.type ");
  assert_has (text, "On /faces: fitted on 80, scored on 40 (by seed); encoder online, norms running.");
  assert_has (text, "b4: after 300 steps.");
  assert_has (text, "51.7 ± 2.1 %");
  assert_has (text, "majority class  25.0 %");
  /* Seeds 2 and 3: 0.59 - 0.51 and 0.66 - 0.54. */
  assert_has (text, "+10.0 (-15.4 … +35.4)");
  assert_has (text, "3000 ± 0");
  assert_has (text, "0.250 ± 0.000");
  assert_has (text, "p at 1 ");
  g_assert_null (strstr (text, "other subject"));
}

static void
test_json (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;

  cw_test_keep_accuracy (fixture->folders[0], 100, 0.5, "");
  cw_test_keep_accuracy (fixture->folders[3], 100, 0.5, "");
  comparison = compare (fixture);
  json_builder_begin_object (builder);
  cw_comparison_to_json (comparison, builder);
  json_builder_end_object (builder);
  text = cw_json_to_string (builder);
  assert_has (text, "\"condition\": \"B\"");
  /* One run each, of different seeds. */
  assert_has (text, "\"n\": 1");
  assert_has (text, "\"interval\": null");
  assert_has (text, "\"minus_first\"");
}

/* ---- errors ---- */

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  const char *twice[] = { fixture->folders[0], fixture->folders[1], fixture->folders[0] };
  const char *missing[] = { fixture->folders[0], fixture->root };
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_comparison_new (twice, 3, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  assert_has (error->message, "given twice");
  g_clear_error (&error);
  g_assert_null (cw_comparison_new (missing, 2, &error));
  assert_has (error->message, fixture->root);
  g_clear_error (&error);
  cw_test_keep_evaluation (fixture->folders[1], 5, "[cut");
  g_assert_null (cw_comparison_new (twice, 2, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  assert_has (error->message, fixture->folders[1]);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cw_init ();
  g_test_add_func ("/comparison/labels", test_labels);
  ADD ("/comparison/conditions", test_conditions);
  ADD ("/comparison/figures", test_figures);
  ADD ("/comparison/newest", test_newest);
  ADD ("/comparison/text", test_text);
  ADD ("/comparison/json", test_json);
  ADD ("/comparison/errors", test_errors);
  return g_test_run ();
}
