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

#define FOLDER "contrawarp-demo" /* where none is named */

/* What would be trained. */
static CwExperiment *
load_experiment (const Options *options, GError **error)
{
  CwExperiment *experiment = cw_cli_load_experiment ("generated-demo", NULL, options->sets, error);

  if (experiment != NULL)
    experiment->recipe->seed = (guint64) options->seed;
  return experiment;
}

static char *
dup_run_folder (const char *folder)
{
  return g_build_filename (folder, "run", NULL);
}

/* An earlier demo of the same experiment can be gone on with, or reported on again; what is frozen has
 * absolute paths. (transfer full) (nullable): NULL where @folder has none. */
static CwRun *
find_earlier (const char *folder, const CwExperiment *experiment)
{
  g_autofree char *path = dup_run_folder (folder);
  g_autoptr (CwRun) run = cw_run_open (path, NULL);
  g_autofree char *wanted = cw_experiment_to_string (experiment);
  g_autofree char *there = NULL;

  if (run == NULL)
    return NULL;
  there = cw_experiment_to_string (cw_run_get_experiment (run));
  return strcmp (wanted, there) == 0 ? g_steal_pointer (&run) : NULL;
}

static gboolean
is_taken (const char *folder)
{
  g_autofree char *path = dup_run_folder (folder);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The folder that is named; else contrawarp-demo, or with a number behind where demos of other settings lie. */
static char *
choose_folder (const char *named, const CwExperiment *experiment)
{
  char *folder = g_strdup (named != NULL ? named : FOLDER);

  for (int i = 2; named == NULL && is_taken (folder); i++)
    {
      g_autoptr (CwRun) earlier = find_earlier (folder, experiment);

      if (earlier != NULL)
        break;
      g_free (folder);
      folder = g_strdup_printf (FOLDER "-%d", i);
    }
  return folder;
}

/* A new run, or an earlier one to its end. */
static CwRun *
train (const char *folder, const CwExperiment *experiment, GError **error)
{
  g_autofree char *path = dup_run_folder (folder);
  g_autoptr (CwRun) run = find_earlier (folder, experiment);

  if (run == NULL)
    run = cw_run_new (experiment, path, error);
  if (run == NULL
      || (cw_run_get_state (run) != CW_RUN_FINISHED && !cw_cli_run_to_end (run, error)))
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
make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0777) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot make %s: %s", folder,
               g_strerror (errno));
  return FALSE;
}

static gboolean
demonstrate (const Options *options, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (CwJob) job = cw_cli_job_new ();
  g_autoptr (CwExperiment) wanted = load_experiment (options, error);
  g_autoptr (CwRun) run = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (CwModel) model = NULL;
  g_autoptr (CwModel) random = NULL;
  g_autoptr (CwEvaluation) evaluation = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *html_path = NULL;
  g_autofree char *json_path = NULL;
  g_autofree char *html = NULL;
  g_autofree char *json = NULL;
  const CwExperiment *experiment;
  CwReportInput input;

  if (wanted == NULL)
    return FALSE;
  folder = choose_folder (options->folder, wanted);
  run = make_folder (folder, error) ? train (folder, wanted, error) : NULL;
  if (run == NULL)
    return FALSE;
  html_path = g_build_filename (folder, "report.html", NULL);
  json_path = g_build_filename (folder, "report.json", NULL);
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
      "Where the run and the report go (default: " FOLDER ")", "DIR" },
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
                     "DIR/report.html, DIR/report.json. Takes some minutes. Where DIR has such a run "
                     "already, it is trained to its end and reported on again.",
                     entries, &argc, &argv, 0, 0, &status))
    return status;
  if (options.seed < 0)
    return cw_cli_usage ("--seed %d is negative", options.seed);
  if (demonstrate (&options, &error))
    return CW_CLI_OK;
  status = cw_cli_fail (error);
  if (status == CW_CLI_INTERRUPTED)
    fprintf (stderr, "contrawarp: the same command goes on from here\n");
  return status;
}

const CwCommand cw_command_demo
    = { "demo", "", "The whole chain on generated faces, ending in a report", run_command };
