/* SPDX-License-Identifier: MIT */
#include "cw-test-runs.h"

void
cw_test_make_run (const char *folder, const char *const *sets)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  g_autoptr (CwRun) run = NULL;

  for (const char *const *set = sets; *set != NULL; set++)
    {
      g_auto (GStrv) parts = g_strsplit (*set, "=", 2);

      cw_experiment_set (experiment, parts[0], parts[1], &error);
      g_assert_no_error (error);
    }
  run = cw_run_new (experiment, folder, &error);
  g_assert_no_error (error);
}

void
cw_test_add_steps (const char *folder, guint n, double loss)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRunDb) db = cw_run_db_open (folder, TRUE, &error);
  g_autofree CwStepRecord *records = g_new0 (CwStepRecord, n);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      records[i].step = i;
      records[i].loss = loss * (n - 1 - i) / (n - 1) + (i % 2 == 0 ? 0.1 : -0.1);
    }
  cw_run_db_add_steps (db, records, n, &error);
  g_assert_no_error (error);
}

void
cw_test_keep_evaluation (const char *folder, guint64 step, const char *json)
{
  g_autoptr (GError) error = NULL;
  gboolean kept;

  cw_evaluation_record_keep (json, folder, step, &kept, &error);
  g_assert_no_error (error);
  g_assert_true (kept);
}

void
cw_test_keep_accuracy (const char *folder, guint64 step, double accuracy, const char *more)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *json = g_strdup_printf (
      "{\"data\": \"/faces\", \"encoder\": \"online\", \"norm\": \"running\", \"n_train\": 80, "
      "\"n_test\": 40, \"split\": \"by seed\", \"majority\": 0.25, \"trained\": {\"linear\": "
      "{\"accuracy\": %s, \"accuracy_interval\": [0, 1], \"confusion\": [[1]]%s}}, \"units\": "
      "{\"linear\": {\"n\": \"count\", \"odd\": \"parsec\"}}, \"random_init\": {\"linear\": "
      "{\"accuracy\": 0.5, \"skipped\": \"a reason\"}}}",
      g_ascii_dtostr (number, sizeof number, accuracy), more);

  cw_test_keep_evaluation (folder, step, json);
}
