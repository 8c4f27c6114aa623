/* SPDX-License-Identifier: MIT */
#include "contrawarp.h"
#include "cw-test-faces.h"
#include "cw-test.h"
#include "learn/cw-diagnostics.h"

#include <math.h>
#include <string.h>

#define NOTHING ((double) NAN)

/* ---- the detector, on streams made up ---- */

static CwRecipe *
make_recipe (const char *objective, gboolean warps)
{
  CwRecipe *recipe = cw_recipe_new ();
  g_autoptr (GError) error = NULL;

  cw_recipe_set_objective (recipe, objective, &error);
  g_assert_no_error (error);
  cw_params_set_string (recipe->objective->base.params, recipe->objective_params, NULL, "negative",
                        warps ? "nce" : "none", &error);
  g_assert_no_error (error);
  return recipe;
}

/* A run that is well. */
static CwStepRecord
well (guint64 step)
{
  gboolean rare = step % CW_DIAGNOSTICS_EVERY == 0;
  double k = (double) step;

  return (CwStepRecord){ .step = step,
                         .epoch = k / 20,
                         .cos_base = 0.7 - 0.6 * exp (-k / 20),
                         .projection_std = 0.08 + 0.01 * sin (k),
                         .feature_rank = rare ? 12 + 4 * exp (-k / 50) : NOTHING,
                         .dead_features = rare ? 0.02 : NOTHING,
                         .warp_auc = rare ? 0.61 + 0.05 * sin (k) : NOTHING,
                         .weight_norm = 30 + 0.001 * k,
                         .lr = 1e-3,
                         .momentum = 0.99 };
}

/* Makes @record of step @k ill. */
typedef void (*Illness) (CwStepRecord *record, double k);

static void
stay_well (CwStepRecord *record, double k)
{
}

static void
come_together (CwStepRecord *record, double k)
{
  record->projection_std *= exp (-k / 30);
}

/* As healthy ones do in passing. */
static void
halve (CwStepRecord *record, double k)
{
  record->projection_std *= 0.45;
  if (k < 30)
    record->projection_std /= 0.45;
}

static void
follow_at_once (CwStepRecord *record, double k)
{
  record->momentum = k / 1000;
}

static void
follow_and_collapse (CwStepRecord *record, double k)
{
  follow_at_once (record, k);
  come_together (record, k);
}

static void
leap (CwStepRecord *record, double k)
{
  record->weight_norm *= 1 + 0.5 * CLAMP ((k - 40) / 10, 0, 1);
}

static void
leap_and_flatten (CwStepRecord *record, double k)
{
  leap (record, k);
  if (k > 60)
    record->feature_rank /= 3;
}

/* Tenfold, but over hundreds of steps. */
static void
grow (CwStepRecord *record, double k)
{
  record->weight_norm *= pow (1.003, k);
}

static void
flatten (CwStepRecord *record, double k)
{
  record->feature_rank = k > 0 ? record->feature_rank / 10 : record->feature_rank;
}

static void
die (CwStepRecord *record, double k)
{
  record->dead_features = k > 100 ? 0.6 : record->dead_features;
}

static void
die_out (CwStepRecord *record, double k)
{
  record->dead_features = 1;
}

static void
drift_apart (CwStepRecord *record, double k)
{
  record->cos_base = 0.1;
}

static void
overlook (CwStepRecord *record, double k)
{
  record->warp_auc -= 0.09;
}

static void
forget (CwStepRecord *record, double k)
{
  record->projection_std = record->feature_rank = record->dead_features = NOTHING;
  record->warp_auc = record->weight_norm = record->cos_base = record->momentum = NOTHING;
}

static const struct
{
  const char *name;
  const char *objective;
  gboolean warps, no_predictor;
  Illness illness;
  const char *want; /* "level cause" of each flag, in order */
  guint64 by;       /* record of the last flag at most */
} streams[] = {
  { "well-byol", "byol", TRUE, FALSE, stay_well, "", 0 },
  { "well-simclr", "simclr", TRUE, FALSE, stay_well, "", 0 },
  { "in-passing", "byol", TRUE, FALSE, halve, "", 0 },
  { "slow-growth", "byol", FALSE, FALSE, grow, "", 0 },
  { "without-measures", "byol", TRUE, FALSE, forget, "", 0 },
  { "no-predictor", "byol", TRUE, TRUE, come_together,
    "warning no-predictor;collapse no-predictor;", 60 },
  { "no-predictor-yet", "byol", FALSE, TRUE, stay_well, "warning no-predictor;", 0 },
  { "none-needed", "simclr", FALSE, TRUE, stay_well, "", 0 },
  { "momentum", "byol", FALSE, FALSE, follow_at_once, "warning target-momentum;", 0 },
  { "momentum-collapse", "byol", FALSE, FALSE, follow_and_collapse,
    "warning target-momentum;collapse target-momentum;", 60 },
  { "leap", "simclr", TRUE, FALSE, leap, "warning learning-rate;", 50 },
  { "leap-collapse", "simclr", TRUE, FALSE, leap_and_flatten,
    "warning learning-rate;collapse learning-rate;", 125 },
  { "unexplained", "simclr", FALSE, FALSE, come_together, "collapse unknown;", 100 },
  { "dimensions", "simclr", FALSE, FALSE, flatten, "warning dimensions;", 200 },
  { "dying", "simclr", FALSE, FALSE, die, "warning dead-features;", 125 },
  { "dead", "simclr", FALSE, FALSE, die_out, "collapse dead-features;", 0 },
  { "negatives", "byol", TRUE, FALSE, drift_apart, "warning negatives-dominate;", 120 },
  { "no-negatives", "byol", FALSE, FALSE, drift_apart, "", 0 },
  { "overlooked", "simclr", TRUE, FALSE, overlook, "warning warp-not-noticed;", 1500 },
  { "nothing-to-notice", "simclr", FALSE, FALSE, overlook, "", 0 },
};

static char *
dup_flags (const CwHealthFlag *flags, int n)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s %s;", cw_health_level_name (flags[i].level),
                            cw_health_cause_name (flags[i].cause));
  return g_string_free (text, FALSE);
}

static void
test_stream (gconstpointer data)
{
  size_t s = GPOINTER_TO_SIZE (data);
  g_autoptr (CwRecipe) recipe = make_recipe (streams[s].objective, streams[s].warps);
  g_autofree char *got = NULL;
  CwHealth health;
  int n = 0;

  if (streams[s].no_predictor)
    recipe->heads.predictor = CW_PREDICTOR_NONE;
  cw_health_init (&health, recipe);
  for (guint64 step = 0; step < 1500; step++)
    {
      CwStepRecord record = well (step);
      int raised;

      streams[s].illness (&record, (double) step);
      raised = cw_health_add (&health, &record);
      for (int i = 0; i < raised; i++)
        g_assert_cmpuint (health.flags[n + i].step, ==, step);
      n += raised;
      g_assert_cmpint (health.n_flags, ==, n);
    }
  got = dup_flags (health.flags, n);
  g_assert_cmpstr (got, ==, streams[s].want);
  for (int i = 0; i < n; i++)
    {
      g_assert_cmpuint (health.flags[i].step, <=, streams[s].by);
      g_assert_cmpuint (strlen (cw_health_flag_text (&health.flags[i])), >, 20);
    }
}

static void
test_divergence (void)
{
  g_autoptr (CwRecipe) recipe = make_recipe ("simclr", TRUE);
  CwHealth health;
  CwHealthFlag flag = { 0 };

  cw_health_init (&health, recipe);
  g_assert_cmpint (cw_health_worst (health.flags, 0), ==, CW_HEALTH_GOOD);
  g_assert_cmpint (cw_health_add_divergence (&health, 7), ==, 1);
  g_assert_cmpint (cw_health_add_divergence (&health, 7), ==, 0);
  g_assert_cmpuint (health.flags[0].step, ==, 7);
  g_assert_cmpint (health.flags[0].cause, ==, CW_CAUSE_LEARNING_RATE);
  g_assert_cmpint (cw_health_worst (health.flags, 1), ==, CW_HEALTH_COLLAPSE);
  g_assert_true (cw_health_parse ("warning", "dimensions", &flag));
  g_assert_cmpint (flag.level, ==, CW_HEALTH_WARNING);
  g_assert_cmpint (flag.cause, ==, CW_CAUSE_DIMENSIONS);
  g_assert_false (cw_health_parse ("warning", "bad luck", &flag));
}

/* ---- runs ---- */

static CwExperiment *
make_experiment (const char *folder, const char *objective)
{
  CwExperiment *experiment = cw_test_tiny_experiment (folder);
  static const char *const keys[][2] = {
    { "data.options", "n=64" },      { "schedule.batch", "16" },    { "schedule.epochs", "25" },
    { "view.size", "16" },           { "objective.negative", "none" },
    { "heads.projector-hidden", "32" }, { "heads.projector-out", "16" },
    { "heads.predictor-hidden", "32" }, { "run.checkpoint-every", "2.5" },
  };

  cw_test_set (experiment, "objective.type", objective);
  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    cw_test_set (experiment, keys[i][0], keys[i][1]);
  return experiment;
}

static CwRun *
new_run (CwExperiment *experiment, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  CwRun *run = cw_run_new (experiment, path, &error);

  g_assert_no_error (error);
  return run;
}

static void
start (CwRun *run)
{
  g_autoptr (GError) error = NULL;

  cw_run_start (run, &error);
  g_assert_no_error (error);
}

/* (transfer full): of 100 steps. */
static char *
train (const char *objective, const char *key, const char *value)
{
  char *folder = cw_test_make_folder ();
  g_autoptr (CwExperiment) experiment = make_experiment (folder, objective);
  g_autoptr (CwRun) run = NULL;
  g_autoptr (GArray) flags = NULL;

  if (key != NULL)
    cw_test_set (experiment, key, value);
  run = new_run (experiment, folder, "run");
  start (run);
  cw_run_wait (run);
  flags = cw_run_dup_flags (run);
  cw_test_remove_folder (folder);
  return dup_flags ((const CwHealthFlag *) flags->data, (int) flags->len);
}

static void
test_causes (void)
{
  static const struct
  {
    const char *objective, *key, *value;
    const char *want; /* begins the flags */
  } cases[] = {
    { "byol", NULL, NULL, "" },
    { "simclr", NULL, NULL, "" },
    { "simclr", "objective.negative", "nce", "" },
    { "byol", "heads.predictor", "none", "warning no-predictor;collapse no-predictor;" },
    { "byol", "schedule.ema", "0", "warning target-momentum;" },
    { "byol", "optimizer.lr", "0.1", "warning learning-rate;" },
    { "simclr", "optimizer.lr", "0.1", "warning learning-rate;" },
    /* Not finite after a few steps. */
    { "simclr", "optimizer.lr", "1e9", "warning learning-rate;collapse learning-rate;" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = train (cases[i].objective, cases[i].key, cases[i].value);

      g_test_message ("%s %s = %s: %s", cases[i].objective, cases[i].key, cases[i].value, got);
      if (*cases[i].want == '\0')
        g_assert_cmpstr (got, ==, "");
      else
        g_assert_true (g_str_has_prefix (got, cases[i].want));
    }
}

static GArray *
load_flags (CwRun *run)
{
  g_autoptr (CwRunDb) db = cw_run_db_open (cw_run_get_folder (run), FALSE, NULL);

  return cw_run_db_load_flags (db);
}

static void
assert_same_flags (GArray *a, GArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      const CwHealthFlag *x = &g_array_index (a, CwHealthFlag, i);
      const CwHealthFlag *y = &g_array_index (b, CwHealthFlag, i);

      g_assert_cmpuint (x->step, ==, y->step);
      g_assert_cmpint (x->level, ==, y->level);
      g_assert_cmpint (x->cause, ==, y->cause);
    }
}

/* Stopped between the first flag and the second, then from a checkpoint before the second, then
 * opened: every flag is there once, as if the run had never stopped. */
static void
test_resume (void)
{
  char *folder = cw_test_make_folder ();
  g_autoptr (CwExperiment) experiment = make_experiment (folder, "byol");
  g_autoptr (CwRun) whole = NULL, parts = NULL, again = NULL;
  g_autoptr (GArray) want = NULL, got = NULL, saved = NULL, opened = NULL;

  cw_test_set (experiment, "heads.predictor", "none");
  whole = new_run (experiment, folder, "whole");
  start (whole);
  cw_run_wait (whole);
  want = cw_run_dup_flags (whole);
  g_assert_cmpuint (want->len, ==, 2);
  saved = load_flags (whole);
  assert_same_flags (saved, want);
  g_clear_pointer (&saved, g_array_unref);

  parts = new_run (experiment, folder, "parts");
  for (int part = 0; part < 2; part++)
    {
      start (parts);
      while (cw_run_get_step (parts) < (part == 0 ? 12 : 60))
        g_usleep (200);
      cw_run_stop (parts);
      cw_run_wait (parts);
    }
  {
    g_autoptr (CwRunDb) db = cw_run_db_open (cw_run_get_folder (parts), TRUE, NULL);

    /* As if killed: the run goes back, and what it saw since is seen anew. */
    for (guint64 step; cw_run_db_last_checkpoint (db, G_MAXUINT64, &step) && step > 20;)
      cw_run_db_remove_checkpoint (db, step, NULL);
  }
  start (parts);
  cw_run_wait (parts);
  g_assert_cmpint (cw_run_get_state (parts), ==, CW_RUN_FINISHED);
  got = cw_run_dup_flags (parts);
  assert_same_flags (got, want);
  saved = load_flags (parts);
  assert_same_flags (saved, want);
  again = cw_run_open (cw_run_get_folder (parts), NULL);
  opened = cw_run_dup_flags (again);
  assert_same_flags (opened, want);
  cw_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  cw_test_register_faces ();
  for (size_t i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_autofree char *path = g_strconcat ("/cw/health/stream/", streams[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_stream);
    }
  g_test_add_func ("/cw/health/divergence", test_divergence);
  g_test_add_func ("/cw/health/causes", test_causes);
  g_test_add_func ("/cw/health/resume", test_resume);
  return g_test_run ();
}
