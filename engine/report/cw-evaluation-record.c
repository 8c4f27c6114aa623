/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-report"

#include "report/cw-evaluation-record.h"

#include "base/cw-json.h"
#include "eval/cw-features.h"
#include "run/cw-experiment.h"
#include "run/cw-run-db.h"

#include <string.h>

gboolean
cw_evaluation_record_find_seen (const char *run, CwDataset *dataset)
{
  g_autofree char *file = g_build_filename (run != NULL ? run : "", "experiment.cwexp", NULL);
  g_autofree char *now = NULL, *trained_on = NULL;
  g_autoptr (CwExperiment) experiment = NULL;
  g_autoptr (CwRunDb) db = NULL;

  if (run == NULL || !g_file_test (file, G_FILE_TEST_EXISTS))
    return FALSE;
  experiment = cw_experiment_load (file, NULL);
  db = experiment != NULL && experiment->data.split != CW_SPLIT_TRAIN + 1
           ? cw_run_db_open (run, FALSE, NULL)
           : NULL;
  if (db == NULL)
    return FALSE;
  trained_on = cw_run_db_dup_info (db, "data_fingerprint");
  now = cw_dataset_dup_fingerprint (dataset);
  return g_strcmp0 (trained_on, now) == 0;
}

/* The same data have the same name wherever the program was started. */
static void
add_data (JsonBuilder *builder, CwDataset *dataset)
{
  const char *location = cw_dataset_get_location (dataset);
  g_autofree char *path = g_canonicalize_filename (location, NULL);
  g_autofree char *fingerprint = cw_dataset_dup_fingerprint (dataset);
  float face[4];

  cw_json_add_string (builder, "data", g_file_test (path, G_FILE_TEST_EXISTS) ? path : location);
  cw_json_add_string (builder, "data_fingerprint", fingerprint);
  cw_dataset_get_face (dataset, face);
  json_builder_set_member_name (builder, "face");
  json_builder_begin_array (builder);
  for (int k = 0; k < 4; k++)
    json_builder_add_double_value (builder, (double) face[k]);
  json_builder_end_array (builder);
}

char *
cw_evaluation_record_to_json (const CwEvaluationRecord *record)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "model", record->path);
  cw_json_add_int (builder, "step", (gint64) record->model->step);
  cw_json_add_string (builder, "encoder", cw_network_name (record->network));
  cw_json_add_string (builder, "norm", cw_norm_mode_name (record->model->norm));
  if (record->model->norm == CW_NORM_BATCH)
    cw_json_add_int (builder, "norm_batch", CW_FEATURES_BATCH);
  add_data (builder, record->dataset);
  cw_json_add_int (builder, "seed", (gint64) record->seed);
  json_builder_set_member_name (builder, "seen_in_training");
  json_builder_add_boolean_value (builder, record->seen);
  cw_evaluation_to_json (record->evaluation, builder);
  if (record->robustness != NULL)
    {
      json_builder_set_member_name (builder, "robustness");
      cw_robustness_to_json (record->robustness, builder);
    }
  json_builder_end_object (builder);
  return cw_json_to_string (builder);
}

gboolean
cw_evaluation_record_keep (const char *json, const char *run, guint64 step, gboolean *kept,
                           GError **error)
{
  g_autofree char *path = g_build_filename (run, "run.db", NULL);
  g_autoptr (CwRunDb) db = NULL;

  *kept = g_file_test (path, G_FILE_TEST_EXISTS);
  if (!*kept)
    return TRUE;
  db = cw_run_db_open (run, TRUE, error);
  *kept = db != NULL && cw_run_db_add_evaluation (db, step, json, error);
  return *kept;
}

CwScoreUnit
cw_evaluation_record_find_unit (JsonObject *json, const char *protocol, const char *id)
{
  JsonObject *all = cw_json_get_object (json, "units");
  const char *name = cw_json_get_string (cw_json_get_object (all, protocol), id);

  for (int unit = 0; name != NULL && unit < CW_N_SCORE_UNITS; unit++)
    {
      if (strcmp (name, cw_score_unit_name ((CwScoreUnit) unit)) == 0)
        return (CwScoreUnit) unit;
    }
  if (all == NULL)
    return cw_score_guess_unit (id);
  return name != NULL && *name != '\0' ? CW_SCORE_NUMBER : CW_SCORE_SHARE;
}
