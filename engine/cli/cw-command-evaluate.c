/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <stdio.h>

/* Beside the run it belongs to, so that the window and `run show` find it. */
static void
keep_in_run (const char *folder, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, "run.db", NULL);
  g_autoptr (CwRunDb) db = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  db = cw_run_db_open (folder, TRUE, &error);
  if (db == NULL || !cw_run_db_add_evaluation (db, cw_run_db_count_steps (db), json, &error))
    fprintf (stderr, "contrawarp: the evaluation is not kept in the run: %s\n", error->message);
}

static int
run (int argc, char **argv)
{
  g_autofree char *model_path = NULL;
  g_autofree char *reader = NULL;
  g_autofree char *options = NULL;
  g_autofree char *protocols = NULL;
  g_auto (GStrv) ids = NULL;
  g_auto (GStrv) sets = NULL;
  gboolean json = FALSE;
  int seed = 1;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_path,
      "A run folder, a checkpoint or a .safetensors file", "M" },
    { "protocol", 'p', 0, G_OPTION_ARG_STRING, &protocols,
      "Comma-separated evaluators (default: linear,knn,retrieval)", "IDS" },
    { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &sets, "Change one parameter of an evaluator",
      "PROTOCOL.KEY=VALUE" },
    { "reader", 'r', 0, G_OPTION_ARG_STRING, &reader, "Read the data as this layout", "ID" },
    { "options", 'O', 0, G_OPTION_ARG_STRING, &options, "The reader's parameters",
      "KEY=VALUE&…" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Of splits and of the random-init floor", "S" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwJob) job = NULL;
  g_autoptr (CwModel) model = NULL;
  g_autoptr (CwModel) random = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (CwEvaluation) evaluation = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;
  int status;

  if (!cw_cli_parse (&cw_command_evaluate,
                     "Floors stand beside every figure: majority class, the same encoder at its "
                     "random init, pixels.\n'contrawarp ops list' shows the evaluators and their "
                     "parameters.",
                     entries, &argc, &argv, 1, 1, &status))
    return status;
  if (model_path == NULL)
    return cw_cli_usage ("expected --model M");
  if (seed < 0)
    return cw_cli_usage ("--seed %d is negative", seed);

  if (protocols != NULL)
    ids = g_strsplit (protocols, ",", -1);
  job = cw_cli_job_new ();
  model = cw_model_load (model_path, &error);
  if (model == NULL)
    return cw_cli_fail (error);
  random = cw_model_new_random (model->encoder, model->params, model->size, model->mean,
                                model->std, (guint64) seed);
  dataset = cw_dataset_open (argv[1], reader, options, job, &error);
  if (dataset == NULL)
    return cw_cli_fail (error);
  evaluation = cw_evaluation_run (model, random, dataset, (const char *const *) ids,
                                  (const char *const *) sets, (guint64) seed, job, &error);
  if (evaluation == NULL)
    return cw_cli_fail (error);
  cw_cli_job_done ();

  json_builder_begin_object (builder);
  cw_cli_add_string (builder, "model", model_path);
  cw_cli_add_string (builder, "data", argv[1]);
  cw_cli_add_int (builder, "seed", seed);
  cw_evaluation_to_json (evaluation, builder);
  json_builder_end_object (builder);
  text = cw_json_to_string (builder);
  keep_in_run (model_path, text);
  if (json)
    printf ("%s\n", text);
  else
    {
      g_autofree char *table = cw_evaluation_to_text (evaluation);

      printf ("%s", table);
    }
  return CW_CLI_OK;
}

const CwCommand cw_command_evaluate
    = { "evaluate", "DATA", "Score frozen features: linear probe, kNN, retrieval", run };
