/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-run.h"
#include "cli/cw-cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  char **sets;
  int seed;
  gboolean json;
} Options;

static CwRun *
train (const Options *options, GError **error)
{
  g_autofree char *folder = g_build_filename (options->folder, "run", NULL);
  g_autoptr (CwExperiment) experiment
      = cw_cli_load_experiment ("generated-demo", NULL, options->sets, error);
  g_autoptr (CwRun) run = NULL;

  if (experiment == NULL)
    return NULL;
  experiment->recipe->seed = (guint64) options->seed;
  run = cw_run_new (experiment, folder, error);
  if (run == NULL || !cw_cli_run_to_end (run, error))
    return NULL;
  return g_steal_pointer (&run);
}

static char *
make_json (const CwEvaluation *evaluation, CwRun *run, double seconds)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *hash = cw_run_dup_weights_sha256 (run);

  json_builder_begin_object (builder);
  cw_json_add_number (builder, "seconds", seconds);
  cw_json_add_number (builder, "training_seconds", cw_run_get_seconds (run));
  cw_json_add_int (builder, "steps", (gint64) cw_run_get_step (run));
  cw_json_add_int (builder, "seed", (gint64) cw_run_get_experiment (run)->recipe->seed);
  cw_json_add_string (builder, "weights_sha256", hash);
  cw_evaluation_to_json (evaluation, builder);
  json_builder_end_object (builder);
  return cw_json_to_string (builder);
}

static gboolean
demonstrate (const Options *options, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (CwJob) job = cw_cli_job_new ();
  g_autoptr (CwRun) run = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (CwModel) model = NULL;
  g_autoptr (CwModel) random = NULL;
  g_autoptr (CwEvaluation) evaluation = NULL;
  g_autofree char *html_path = g_build_filename (options->folder, "report.html", NULL);
  g_autofree char *json_path = g_build_filename (options->folder, "report.json", NULL);
  g_autofree char *html = NULL;
  g_autofree char *json = NULL;
  const CwExperiment *experiment;
  CwReportInput input;

  run = train (options, error);
  if (run == NULL)
    return FALSE;
  experiment = cw_run_get_experiment (run);
  dataset = cw_experiment_open_data (experiment, job, NULL, error);
  if (dataset == NULL)
    return FALSE;
  model = cw_model_load (cw_run_get_folder (run), error);
  if (model == NULL)
    return FALSE;
  random = cw_recipe_random_model (experiment->recipe);
  cw_job_set_span (job, 0, 0.7);
  evaluation = cw_evaluation_run (model, random, dataset, NULL, NULL, experiment->recipe->seed, job,
                                  error);
  if (evaluation == NULL)
    return FALSE;

  input = (CwReportInput) { .title = "Contrawarp: the whole chain on generated faces",
                            .seconds = (double) (g_get_monotonic_time () - start) / 1e6,
                            .run = run,
                            .dataset = dataset,
                            .trained = model,
                            .random = random,
                            .evaluation = evaluation };
  cw_job_set_span (job, 0.7, 1);
  html = cw_report_to_html (&input, job, error);
  if (html == NULL || !cw_file_save (html_path, html, strlen (html), error))
    return FALSE;
  json = make_json (evaluation, run, (double) (g_get_monotonic_time () - start) / 1e6);
  if (!cw_file_save (json_path, json, strlen (json), error))
    return FALSE;
  cw_cli_job_done ();

  if (options->json)
    printf ("%s\n", json);
  else
    {
      g_autofree char *table = cw_evaluation_to_text (evaluation);

      printf ("%s\nReport: %s\n        %s\n", table, html_path, json_path);
    }
  return TRUE;
}

static int
run_command (int argc, char **argv)
{
  Options options = { .seed = 1 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder,
      "Where the run and the report go (default: contrawarp-demo)", "DIR" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "Of everything random (default: 1)", "S" },
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.sets, "Change one key of the experiment",
      "SECTION.KEY=VALUE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print the report's JSON", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!cw_cli_parse (&cw_command_demo,
                     "Generated faces, training of the small encoder, evaluation, report: "
                     "DIR/report.html, DIR/report.json. Takes some minutes.",
                     entries, &argc, &argv, 0, 0, &status))
    return status;
  if (options.seed < 0)
    return cw_cli_usage ("--seed %d is negative", options.seed);
  if (options.folder == NULL)
    options.folder = g_strdup ("contrawarp-demo");
  if (g_mkdir_with_parents (options.folder, 0777) != 0)
    {
      g_set_error (&error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot make %s: %s",
                   options.folder, g_strerror (errno));
      return cw_cli_fail (error);
    }
  return demonstrate (&options, &error) ? CW_CLI_OK : cw_cli_fail (error);
}

const CwCommand cw_command_demo
    = { "demo", "", "The whole chain on generated faces, ending in a report", run_command };
