/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-run.h"
#include "cli/cw-cli.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char **parts, **sets;
  char *folder;
  gboolean resume, json;
  int threads;
} Options;

static void
report (CwRun *run, gboolean json)
{
  g_autofree char *hash = cw_run_dup_weights_sha256 (run);
  guint64 steps = cw_run_get_step (run);
  guint per_epoch = cw_run_get_steps_per_epoch (run);
  double seconds = cw_run_get_seconds (run);
  const CwExperiment *experiment = cw_run_get_experiment (run);
  double epochs = per_epoch > 0 ? (double) steps / per_epoch : 0;
  g_autoptr (GArray) records = cw_run_dup_records (run, 0);
  double images_per_second = 0;

  /* Over what this process did: a resumed run has steps of another one. */
  for (guint i = 0; i < records->len; i++)
    images_per_second += 1 / g_array_index (records, CwStepRecord, i).images_per_second;
  if (records->len > 0)
    images_per_second = records->len / images_per_second;

  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "run", cw_run_get_folder (run));
      cw_json_add_string (builder, "state", cw_run_state_name (cw_run_get_state (run)));
      cw_json_add_int (builder, "steps", (gint64) steps);
      cw_json_add_number (builder, "epochs", epochs);
      cw_json_add_number (builder, "seconds", seconds);
      cw_json_add_number (builder, "images_per_second", images_per_second);
      cw_json_add_string (builder, "weights_sha256", hash);
      cw_json_add_string (builder, "name", experiment->name);
      json_builder_end_object (builder);
      cw_cli_print_json (builder);
    }
  else
    printf ("%s: %s after %" G_GUINT64_FORMAT " steps (%.1f epochs), %.1f s, %.0f images/s\n"
            "weights %s\n",
            cw_run_get_folder (run), cw_run_state_name (cw_run_get_state (run)), steps, epochs,
            seconds, images_per_second, hash != NULL ? hash : "-");
}

/* That warp negatives are not made is no news for who chose an objective without them. */
static gboolean
is_news (const CwExperimentRemark *remark, const CwExperiment *experiment, char **sets)
{
  gboolean news = strcmp (remark->section, "warp") != 0 || strcmp (remark->key, "count") != 0
                  || experiment->recipe->views->negatives.count == 0;

  for (int i = 0; sets != NULL && sets[i] != NULL; i++)
    news = news || g_str_has_prefix (sets[i], "warp.");
  return news;
}

/* Settings that do not do what they seem to: the window shows them beside their fields. */
static void
tell_remarks (const CwExperiment *experiment, char **sets)
{
  g_autoptr (GPtrArray) remarks = cw_experiment_list_remarks (experiment);

  for (guint i = 0; i < remarks->len; i++)
    {
      const CwExperimentRemark *remark = remarks->pdata[i];

      if (is_news (remark, experiment, sets))
        fprintf (stderr, "contrawarp: %s.%s: %s\n", remark->section, remark->key, remark->by_key);
    }
}

/* (transfer full): a folder that was not there, made, so that nobody else takes it: runs/NAME-TIME, or with a
 * number behind. */
static char *
make_folder (const char *experiment)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdup_printf ("%s-%s", experiment, stamp);
  g_autofree char *first = g_build_filename ("runs", g_strdelimit (name, "/ ", '-'), NULL);
  char *folder = g_strdup (first);

  /* What else is wrong the run says. */
  g_mkdir_with_parents ("runs", 0777);
  for (int i = 2; g_mkdir (folder, 0777) != 0 && errno == EEXIST; i++)
    {
      g_free (folder);
      folder = g_strdup_printf ("%s-%d", first, i);
    }
  return folder;
}

static CwRun *
make_run (const char *what, const Options *options, GError **error)
{
  g_autoptr (CwExperiment) experiment = NULL;
  g_autofree char *made = NULL;
  CwRun *run;

  if (options->resume)
    return cw_run_open (options->folder, error);

  experiment = cw_cli_load_experiment (what, options->parts, options->sets, error);
  if (experiment == NULL)
    return NULL;
  tell_remarks (experiment, options->sets);
  if (options->threads > 0)
    experiment->run.threads = options->threads;
  if (options->folder == NULL)
    made = make_folder (experiment->name);
  run = cw_run_new (experiment, made != NULL ? made : options->folder, error);
  if (run == NULL && made != NULL)
    g_rmdir (made);
  return run;
}

static int
run_command (int argc, char **argv)
{
  Options options = { 0 };
  const GOptionEntry entries[] = {
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.sets, "Change one key of the experiment",
      "SECTION.KEY=VALUE" },
    { "apply", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.parts,
      "Take the sections of a file instead of the experiment's", "FILE" },
    { "run", 0, 0, G_OPTION_ARG_FILENAME, &options.folder,
      "Folder of the run (default: runs/NAME-TIME)", "DIR" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &options.resume,
      "Go on with the run in --run DIR from its last checkpoint", NULL },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads,
      "Compute threads; the result does not depend on it", "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRun) run = NULL;
  gboolean made;
  int status;

  if (!cw_cli_parse (&cw_command_train,
                     "EXPERIMENT is a .cwexp file or the name of a preset. A run that was "
                     "interrupted goes on with\n  contrawarp train --run DIR --resume",
                     entries, &argc, &argv, 0, 1, &status))
    return status;
  if (options.resume && options.folder == NULL)
    return cw_cli_usage ("--resume needs --run DIR");
  if (options.resume && (options.sets != NULL || options.parts != NULL))
    return cw_cli_usage ("%s cannot change the frozen experiment of a run that is resumed",
                         options.sets != NULL ? "--set" : "--apply");
  if (options.resume && argc > 1)
    return cw_cli_usage ("a run that is resumed has its own experiment; leave out '%s'", argv[1]);
  if (!options.resume && argc != 2)
    return cw_cli_usage ("expected one EXPERIMENT");
  if (options.threads < 0 || options.threads > CW_PARALLEL_MAX_THREADS)
    return cw_cli_usage ("--threads %d is outside 1 to %d", options.threads,
                         CW_PARALLEL_MAX_THREADS);

  made = options.folder == NULL || !g_file_test (options.folder, G_FILE_TEST_EXISTS);
  run = make_run (argc > 1 ? argv[1] : NULL, &options, &error);
  if (run == NULL)
    return cw_cli_fail (error);
  if (options.threads > 0)
    cw_run_set_threads (run, options.threads);
  if (!cw_cli_run_to_end (run, &error))
    {
      status = cw_cli_fail (error);
      if (status == CW_CLI_INTERRUPTED)
        fprintf (stderr, "contrawarp: go on with 'contrawarp train --run %s --resume'\n",
                 cw_run_get_folder (run));
      /* What kept a run from beginning is told; there is nothing to keep. */
      if (!options.resume && cw_run_discard (run) && made)
        g_rmdir (cw_run_get_folder (run));
      return status;
    }
  report (run, options.json);
  return CW_CLI_OK;
}

const CwCommand cw_command_train
    = { "train", "[EXPERIMENT]", "Train an encoder, or go on with a run", run_command };
