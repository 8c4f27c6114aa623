/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "cw-test-runs.h"
#include "cw-test.h"
#include "data/cw-split.h"
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
      = cw_comparison_new ((const char *const *) fixture->folders, N_RUNS, NULL, &error);

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

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("'%s' is not in:\n%s", part, text);
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
  g_assert_cmpstr (type->label, ==, "Objective");
  g_assert_cmpstr (negative->label, ==, "Objective: Temperature");
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
  spread = cw_comparison_difference (comparison, comparison->evaluations->pdata[0], accuracy, 1,
                                     0);
  g_assert_cmpuint (spread.n, ==, 2);
  g_assert_cmpfloat_with_epsilon (spread.mean, 0.04, 1e-12);
  g_assert_cmpfloat_with_epsilon (spread.low, 0.04 - 12.7062 * 0.01, 1e-5);
}

/* The furthest step counts, whatever was evaluated last; other data are another table. */
static void
test_steps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwComparison) comparison = NULL;
  const CwComparedEvaluation *e;
  gint64 step;

  cw_test_keep_accuracy (fixture->folders[0], 200, 0.2, ", \"beside\": 2");
  cw_test_keep_accuracy (fixture->folders[0], 100, 0.1, ", \"old\": 1");
  cw_test_keep_accuracy (fixture->folders[0], 200, 0.3, "");
  cw_test_keep_accuracy (fixture->folders[2], 100, 0.1, ", \"forgotten\": 1");
  cw_test_keep_accuracy (fixture->folders[2], 150, 0.1, "");
  cw_test_keep_evaluation (fixture->folders[1], 50,
                           "{\"data\": \"/other\", \"majority\": null, \"trained\": {\"knn\": "
                           "{\"accuracy\": null, \"macro_recall\": 0.1}}, \"pixels\": 4}");
  comparison = compare (fixture);
  g_assert_cmpuint (comparison->evaluations->len, ==, 2);
  e = comparison->evaluations->pdata[0];
  g_assert_cmpint (e->steps[0], ==, 200);
  g_assert_cmpint (e->steps[1], ==, -1);
  g_assert_cmpint (e->steps[2], ==, 150);
  g_assert_cmpfloat (find_score (comparison, 0, "accuracy")->values[CW_CONTENDER_TRAINED][0], ==, 0.3);
  g_assert_cmpfloat (find_score (comparison, 0, "beside")->values[CW_CONTENDER_TRAINED][0], ==, 2);
  g_assert_null (find_score (comparison, 0, "old"));
  g_assert_null (find_score (comparison, 0, "forgotten"));
  g_assert_false (cw_comparison_find_step (comparison, e, 0, &step));
  g_assert_true (cw_comparison_find_step (comparison, e, 1, &step));
  g_assert_cmpint (step, ==, -1);
  e = comparison->evaluations->pdata[1];
  g_assert_cmpstr (e->data, ==, "/other");
  g_assert_true (isnan (e->majority));
  g_assert_cmpint (e->steps[1], ==, 50);
}

/* Another condition than the first may be what the others are held against. */
static void
test_reference (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;
  CwComparedSpread spread;

  for (int r = 0; r < N_RUNS; r++)
    cw_test_keep_accuracy (fixture->folders[r], 100, 0.5 + 0.01 * r * r, "");
  comparison = compare (fixture);
  g_assert_cmpuint (comparison->reference, ==, 0);
  g_assert_false (cw_comparison_set_reference (comparison, fixture->root, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  assert_has (error->message, fixture->root);
  g_assert_cmpuint (comparison->reference, ==, 0);
  g_assert_true (cw_comparison_set_reference (comparison, fixture->folders[4], NULL));
  g_assert_cmpuint (comparison->reference, ==, 1);
  /* Seeds 2 and 3: 0.51 - 0.59 and 0.54 - 0.66. */
  spread = cw_comparison_difference (comparison, comparison->evaluations->pdata[0],
                                     find_score (comparison, 0, "accuracy"), 0, 1);
  g_assert_cmpuint (spread.n, ==, 2);
  g_assert_cmpfloat_with_epsilon (spread.mean, -0.1, 1e-12);
  text = cw_comparison_to_text (comparison);
  assert_has (text, "A − B");
  assert_has (text, "-10.0 (-35.4 … +15.4) (2)");
  g_assert_null (strstr (text, "B − A"));
}

/* Conditions are called as their folders are, without the seed; those of one name by the folder above, too. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path, *sets[3], *name;
  } cases[] = {
    { "one/simclr-1", { "experiment.seed=1", "objective.temperature=0.3" }, "one/simclr" },
    { "two/simclr-1", { "experiment.seed=1", "objective.temperature=0.4" }, "two/simclr" },
    { "two/warp seed 11", { "experiment.seed=11", "objective.temperature=0.5" }, "warp" },
    { "two/warp-6", { "experiment.seed=1", "objective.temperature=0.6" }, "warp-6" },
    { "two/7", { "experiment.seed=7", "objective.temperature=0.7" }, "7" },
  };
  const char *folders[G_N_ELEMENTS (cases)];
  g_autoptr (CwComparison) comparison = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    cw_test_make_run (folders[i] = g_build_filename (fixture->root, cases[i].path, NULL), cases[i].sets);
  comparison = cw_comparison_new (folders, G_N_ELEMENTS (cases), NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = cw_comparison_dup_name (comparison, (guint) i);

      g_assert_cmpstr (name, ==, cases[i].name);
      g_free ((char *) folders[i]);
    }
}

/* A run that was copied, or trained again, is no further seed. */
static void
test_repeated_seed (Fixture *fixture, gconstpointer data)
{
  static const char *const again[] = { "experiment.seed=2", "objective.type=byol", "experiment.name=copy",
                                       NULL };
  const char *folders[5];
  g_autofree char *copy = g_build_filename (fixture->root, "copy", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwComparison) comparison = NULL;
  const CwComparedScore *accuracy;
  CwComparedSpread spread;

  cw_test_make_run (copy, again);
  for (int r = 0; r < 4; r++)
    cw_test_keep_accuracy (folders[r] = fixture->folders[r], 100, 0.1 * (r + 1), "");
  cw_test_keep_accuracy (folders[4] = copy, 100, 0.6, "");
  comparison = cw_comparison_new (folders, 5, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (comparison->n_conditions, ==, 2);
  g_assert_cmpuint (cw_comparison_count_seeds (comparison, 0), ==, 3);
  g_assert_cmpuint (cw_comparison_count_seeds (comparison, 1), ==, 1);
  accuracy = find_score (comparison, 0, "accuracy");
  spread = cw_comparison_spread (comparison, accuracy, CW_CONTENDER_TRAINED, 1);
  g_assert_cmpuint (spread.n, ==, 1);
  g_assert_cmpfloat_with_epsilon (spread.mean, 0.5, 1e-12);
  g_assert_true (isnan (spread.sd));
  /* Seed 2: 0.5 - 0.2. */
  spread = cw_comparison_difference (comparison, comparison->evaluations->pdata[0], accuracy, 1,
                                     0);
  g_assert_cmpuint (spread.n, ==, 1);
  g_assert_cmpfloat_with_epsilon (spread.mean, 0.3, 1e-12);
  g_assert_true (isnan (spread.low));
}

static void
keep_split (Fixture *fixture, int run, const char *split, int seed, double accuracy, const char *more)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *json = g_strdup_printf (
      "{\"data\": \"/faces\", \"split\": \"%s\", \"seed\": %d, \"trained\": {\"knn\": {\"accuracy\": "
      "%s}}%s}",
      split, seed, g_ascii_dtostr (number, sizeof number, accuracy), more);

  cw_test_keep_evaluation (fixture->folders[run], 100, json);
}

/* The same protocol with other parameters is another score. */
static void
test_parameters (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;

  keep_split (fixture, 1, CW_SPLIT_OWN, 1, 0.5, "");
  keep_split (fixture, 3, CW_SPLIT_OWN, 1, 0.7, ", \"parameters\": {\"knn\": {\"k\": \"1\"}}");
  comparison = compare (fixture);
  g_assert_cmpuint (comparison->evaluations->len, ==, 1);
  g_assert_cmpuint (((const CwComparedEvaluation *) comparison->evaluations->pdata[0])->scores->len, ==,
                    2);
  text = cw_comparison_to_text (comparison);
  /* Without units, as older records are: what it is says it. */
  assert_has (text, "knn k=1 ");
  assert_has (text, "70.0 % (1)");
}

/* Sides that were drawn by other seeds are other pictures; the layout's own are the same. The data are known by their
 * fingerprint, where there is one, and by how faces are cut out. */
static void
test_sides (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwComparison) own = NULL;
  g_autoptr (CwComparison) drawn = NULL;
  g_autoptr (CwComparison) moved = NULL;

  keep_split (fixture, 1, CW_SPLIT_OWN ": x", 1, 0.5, "");
  keep_split (fixture, 3, CW_SPLIT_OWN ": x", 2, 0.7, "");
  own = compare (fixture);
  g_assert_cmpuint (own->evaluations->len, ==, 1);
  g_assert_cmpuint (cw_comparison_difference (own, own->evaluations->pdata[0],
                                              find_score (own, 0, "accuracy"), 1, 0).n, ==, 1);
  keep_split (fixture, 1, "by draw", 1, 0.5, "");
  keep_split (fixture, 3, "by draw", 2, 0.7, "");
  keep_split (fixture, 2, "by draw", 1, 0.6, "");
  keep_split (fixture, 4, "by draw", 1, 0.9, "");
  drawn = compare (fixture);
  g_assert_cmpuint (drawn->evaluations->len, ==, 2);
  g_assert_cmpuint (cw_comparison_difference (drawn, drawn->evaluations->pdata[1],
                                              find_score (drawn, 1, "accuracy"), 1, 0).n, ==, 1);
  keep_split (fixture, 1, "x", 1, 0.5, ", \"data_fingerprint\": \"07\", \"face\": [0, 0, 1, 1]");
  keep_split (fixture, 3, "x", 1, 0.5, ", \"data_fingerprint\": \"08\", \"face\": [0, 0, 1, 1]");
  keep_split (fixture, 4, "x", 1, 0.5, ", \"data_fingerprint\": \"07\", \"face\": [0.1, 0, 1, 1]");
  moved = compare (fixture);
  g_assert_cmpuint (moved->evaluations->len, ==, 5);
}

static void
test_scores (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "accuracy", NULL }, *const whole[] = { "linear.accuracy", NULL },
                           *const unknown[] = { "linear.accuracy", "speed", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;

  cw_test_keep_accuracy (fixture->folders[0], 100, 0.5, ", \"n\": 1");
  keep_split (fixture, 0, "x", 1, 0.5, "");
  comparison = compare (fixture);
  g_assert_false (cw_comparison_keep_scores (comparison, unknown, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  assert_has (error->message, "'speed'");
  assert_has (error->message, "there are: knn.accuracy, linear.accuracy, linear.n");
  g_assert_cmpuint (comparison->evaluations->len, ==, 2);
  g_assert_true (cw_comparison_keep_scores (comparison, names, NULL));
  g_assert_cmpuint (comparison->evaluations->len, ==, 2);
  g_assert_null (find_score (comparison, 0, "n"));
  g_assert_true (cw_comparison_keep_scores (comparison, whole, NULL));
  g_assert_cmpuint (comparison->evaluations->len, ==, 1);
}

/* Many conditions stand below each other. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  const char *folders[9] = { NULL };
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;

  for (int r = 0; r < 9; r++)
    {
      g_autofree char *name = g_strdup_printf ("many%d", r);
      g_autofree char *weight = g_strdup_printf ("objective.negative-weight=%d", r + 1);
      const char *sets[] = { weight, NULL };

      folders[r] = g_build_filename (fixture->root, name, NULL);
      cw_test_make_run (folders[r], sets);
      cw_test_keep_accuracy (folders[r], 100, 0.1 * r, "");
    }
  comparison = cw_comparison_new (folders, 9, NULL, NULL);
  text = cw_comparison_to_text (comparison);
  assert_has (text, "Settings that differ  objective.negative-weight\nA                     1\nB ");
  assert_has (text, "\nI                       80.0 %");
  for (int r = 0; r < 9; r++)
    g_free ((char *) folders[r]);
}

/* Of the same encoder one for all, though the first condition has none; of different ones each its own. */
static void
test_floors (Fixture *fixture, gconstpointer data)
{
  static const char *const other[] = { "experiment.seed=1", "encoder.width=8", NULL };
  g_autofree char *small = g_build_filename (fixture->root, "small", NULL);
  const char *folders[2] = { fixture->folders[0], small };
  g_autoptr (CwComparison) same = NULL;
  g_autoptr (CwComparison) different = NULL;
  g_autofree char *text = NULL;
  g_autofree char *two = NULL;

  cw_test_keep_accuracy (fixture->folders[4], 100, 0.6, "");
  same = compare (fixture);
  g_assert_true (same->same_floors);
  text = cw_comparison_to_text (same);
  assert_has (text, "random init  pixels");
  assert_has (text, "60.0 % (1)  50.0 %       -");
  assert_has (text, "No differences: no other condition has a seed in common with A here.");
  g_assert_null (strstr (text, "B − A"));

  cw_test_make_run (small, other);
  different = cw_comparison_new (folders, 2, NULL, NULL);
  g_assert_false (different->same_floors);
  cw_test_keep_accuracy (small, 100, 0.6, "");
  cw_comparison_free (g_steal_pointer (&different));
  different = cw_comparison_new (folders, 2, NULL, NULL);
  two = cw_comparison_to_text (different);
  assert_has (two, "A random init  B random init");
}

/* ---- output ---- */

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
  assert_has (text, "A: after 100 steps.");
  assert_has (text, "51.7 ± 2.1 %");
  assert_has (text, "majority class  25.0 %");
  /* Seeds 2 and 3: 0.59 - 0.51 and 0.66 - 0.54. */
  assert_has (text, "+10.0 (-15.4 … +35.4) (2)");
  assert_has (text, "3000 ± 0");
  assert_has (text, "0.250 ± 0.000");
  assert_has (text, "P@1 ");
  g_assert_null (strstr (text, "other persons"));
}

static JsonObject *
get_first (JsonObject *object, const char *name, guint index)
{
  return json_array_get_object_element (json_object_get_array_member (object, name), index);
}

static void
test_json (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *evaluation, *score, *b, *minus;

  cw_test_keep_accuracy (fixture->folders[0], 100, 0.5, "");
  cw_test_keep_accuracy (fixture->folders[3], 90, 0.75, "");
  comparison = compare (fixture);
  json_builder_begin_object (builder);
  cw_comparison_to_json (comparison, builder);
  json_builder_end_object (builder);
  text = cw_json_to_string (builder);
  node = json_from_string (text, NULL);
  evaluation = get_first (json_node_get_object (node), "evaluations", 0);
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (evaluation, "steps"),
                                               fixture->folders[3]), ==, 90);
  score = get_first (evaluation, "scores", 0);
  g_assert_cmpstr (json_object_get_string_member (score, "unit"), ==, "share");
  b = get_first (score, "conditions", 1);
  g_assert_cmpstr (json_object_get_string_member (b, "condition"), ==, "B");
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (b, "trained"),
                                                    "mean"), ==, 0.75);
  /* One run each, of different seeds. */
  minus = json_object_get_object_member (b, "minus_first");
  g_assert_cmpint (json_object_get_int_member (minus, "n"), ==, 0);
  g_assert_true (json_object_get_null_member (minus, "mean"));
  g_assert_true (json_object_get_null_member (minus, "interval"));
  g_assert_cmpstr (json_object_get_string_member (get_first (json_node_get_object (node), "runs", 3),
                                                  "condition"), ==, "B");
}

/* ---- errors ---- */

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  const char *twice[] = { fixture->folders[0], fixture->folders[1], fixture->folders[0] };
  const char *missing[] = { fixture->folders[0], fixture->root };
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_comparison_new (twice, 3, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  assert_has (error->message, "given twice");
  g_clear_error (&error);
  g_assert_null (cw_comparison_new (missing, 2, NULL, &error));
  assert_has (error->message, fixture->root);
  g_clear_error (&error);
}

/* Of a database that somebody wrote into: a note, and what is right besides is there. */
static void
test_odd_records (Fixture *fixture, gconstpointer data)
{
  static const char *const odd[] = {
    "[cut",
    "{\"data\": 1, \"split\": [], \"encoder\": {}, \"norm\": true, \"n_train\": \"x\", \"face\": 3, "
    "\"trained\": {\"linear\": {\"accuracy\": [2]}, \"knn\": 7}, \"units\": 5, \"parameters\": []}",
    "{\"data\": 2, \"norm\": 3, \"trained\": {\"linear\": {\"accuracy\": 0.5}}, \"pixels\": 1, "
    "\"units\": {\"linear\": 4}, \"parameters\": {\"linear\": {\"k\": 9}}, \"n_test\": 1e300}",
  };
  g_autoptr (CwComparison) comparison = NULL;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      cw_test_keep_evaluation (fixture->folders[0], 5, odd[i]);
      cw_test_keep_evaluation (fixture->folders[3], 5, odd[i]);
    }
  cw_test_keep_accuracy (fixture->folders[0], 5, 0.4, "");
  comparison = compare (fixture);
  g_assert_cmpuint (comparison->notes->len, ==, 2);
  assert_has (comparison->notes->pdata[0], fixture->folders[0]);
  assert_has (comparison->notes->pdata[1], fixture->folders[3]);
  text = cw_comparison_to_text (comparison);
  assert_has (text, "On /faces: ");
  assert_has (text, "40.0 % (1)");
  assert_has (text, comparison->notes->pdata[0]);
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
  ADD ("/comparison/reference", test_reference);
  ADD ("/comparison/names", test_names);
  ADD ("/comparison/steps", test_steps);
  ADD ("/comparison/text", test_text);
  ADD ("/comparison/json", test_json);
  ADD ("/comparison/errors", test_errors);
  ADD ("/comparison/odd-records", test_odd_records);
  ADD ("/comparison/repeated-seed", test_repeated_seed);
  ADD ("/comparison/parameters", test_parameters);
  ADD ("/comparison/sides", test_sides);
  ADD ("/comparison/scores", test_scores);
  ADD ("/comparison/many", test_many);
  ADD ("/comparison/floors", test_floors);
  return g_test_run ();
}
