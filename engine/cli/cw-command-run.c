/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-command-run-rank.h"
#include "cli/cw-cli-record.h"
#include "cli/cw-cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void
add_run (JsonBuilder *builder, CwRun *run)
{
  const CwExperiment *experiment = cw_run_get_experiment (run);

  cw_json_add_string (builder, "run", cw_run_get_folder (run));
  cw_json_add_string (builder, "name", experiment->name);
  cw_json_add_string (builder, "state", cw_run_state_name (cw_run_get_state (run)));
  cw_json_add_int (builder, "steps", (gint64) cw_run_get_step (run));
  cw_json_add_string (builder, "encoder", experiment->recipe->encoder->base.id);
  cw_json_add_string (builder, "objective", experiment->recipe->objective->base.id);
  cw_json_add_string (builder, "data", experiment->data.location);
  cw_json_add_int (builder, "seed", (gint64) experiment->recipe->seed);
}

static int
list (const char *folder, gboolean json)
{
  g_auto (GStrv) runs = cw_run_list (folder);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GError) error
          = g_error_new (CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no such folder", folder);

      return cw_cli_fail (error);
    }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (int i = 0; runs[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CwRun) run = cw_run_open (runs[i], &error);

      /* One broken folder does not hide the others. */
      if (run == NULL)
        {
          fprintf (stderr, "contrawarp: %s\n", error->message);
          continue;
        }
      json_builder_begin_object (builder);
      add_run (builder, run);
      json_builder_end_object (builder);
      if (!json)
        printf ("%-9s %8" G_GUINT64_FORMAT " steps  %s\n",
                cw_run_state_name (cw_run_get_state (run)), cw_run_get_step (run), runs[i]);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (json)
    cw_cli_print_json (builder);
  return CW_CLI_OK;
}

static void
add_record (JsonBuilder *builder, const CwStepRecord *r)
{
  json_builder_begin_object (builder);
  cw_json_add_int (builder, "step", (gint64) r->step);
  cw_json_add_number (builder, "epoch", r->epoch);
  cw_json_add_number (builder, "loss", r->loss);
  cw_json_add_number (builder, "loss_positive", r->loss_positive);
  cw_json_add_number (builder, "loss_negative", r->loss_negative);
  cw_json_add_number (builder, "cos_positive", r->cos_positive);
  cw_json_add_number (builder, "cos_base", r->cos_base);
  cw_json_add_number (builder, "cos_negative", r->cos_negative);
  cw_json_add_number (builder, "notices", r->notices);
  cw_json_add_number (builder, "feature_std", r->feature_std);
  cw_json_add_number (builder, "projection_std", r->projection_std);
  cw_json_add_number (builder, "feature_rank", r->feature_rank);
  cw_json_add_number (builder, "projection_rank", r->projection_rank);
  cw_json_add_number (builder, "dead_features", r->dead_features);
  cw_json_add_number (builder, "alignment", r->alignment);
  cw_json_add_number (builder, "uniformity", r->uniformity);
  cw_json_add_number (builder, "warp_margin", r->warp_margin);
  cw_json_add_number (builder, "warp_auc", r->warp_auc);
  cw_json_add_number (builder, "grad_norm", r->grad_norm);
  cw_json_add_number (builder, "weight_norm", r->weight_norm);
  cw_json_add_number (builder, "lr", r->lr);
  cw_json_add_number (builder, "momentum", r->momentum);
  cw_json_add_number (builder, "images_per_second", r->images_per_second);
  cw_json_add_number (builder, "wait_share", r->wait_share);
  json_builder_end_object (builder);
}

static void
add_health (JsonBuilder *builder, const GArray *flags)
{
  json_builder_set_member_name (builder, "health");
  json_builder_begin_object (builder);
  cw_json_add_string (
      builder, "level",
      cw_health_level_name (cw_health_worst ((const CwHealthFlag *) flags->data, flags->len)));
  json_builder_set_member_name (builder, "flags");
  json_builder_begin_array (builder);
  for (guint i = 0; i < flags->len; i++)
    {
      const CwHealthFlag *flag = &g_array_index (flags, CwHealthFlag, i);

      json_builder_begin_object (builder);
      cw_json_add_int (builder, "step", (gint64) flag->step);
      cw_json_add_string (builder, "level", cw_health_level_name (flag->level));
      cw_json_add_string (builder, "cause", cw_health_cause_name (flag->cause));
      cw_json_add_string (builder, "message", cw_health_flag_text (flag));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/* What a run left behind. */
typedef struct
{
  CwRun *run;
  GArray *records;   /* CwStepRecord */
  GPtrArray *events; /* char * */
  GArray *flags;     /* CwHealthFlag */
  char *evaluation;  /* (nullable): JSON */
  char *experiment;
} Account;

static void
account_clear (Account *account)
{
  g_clear_object (&account->run);
  g_clear_pointer (&account->records, g_array_unref);
  g_clear_pointer (&account->events, g_ptr_array_unref);
  g_clear_pointer (&account->flags, g_array_unref);
  g_free (account->evaluation);
  g_free (account->experiment);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Account, account_clear)

static gboolean
load_account (const char *folder, Account *account, GError **error)
{
  g_autoptr (CwRunDb) db = NULL;

  account->run = cw_run_open (folder, error);
  db = account->run != NULL ? cw_run_db_open (folder, FALSE, error) : NULL;
  account->records = db != NULL ? cw_run_db_load_steps (db, 0, error) : NULL;
  if (account->records == NULL)
    return FALSE;
  account->events = cw_run_db_list_events (db);
  account->flags = cw_run_db_load_flags (db);
  account->evaluation = cw_run_db_dup_evaluation (db);
  account->experiment = cw_experiment_to_string (cw_run_get_experiment (account->run));
  return TRUE;
}

/* All of them as "metrics", or the last one as "last", null where there is none. */
static void
add_records (JsonBuilder *builder, const GArray *records, gboolean all)
{
  json_builder_set_member_name (builder, all ? "metrics" : "last");
  if (all)
    {
      json_builder_begin_array (builder);
      for (guint i = 0; i < records->len; i++)
        add_record (builder, &g_array_index (records, CwStepRecord, i));
      json_builder_end_array (builder);
    }
  else if (records->len > 0)
    add_record (builder, &g_array_index (records, CwStepRecord, records->len - 1));
  else
    json_builder_add_null_value (builder);
}

static void
show_json (const Account *account, gboolean metrics)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) evaluation
      = account->evaluation != NULL ? json_from_string (account->evaluation, NULL) : NULL;

  json_builder_begin_object (builder);
  add_run (builder, account->run);
  cw_json_add_string (builder, "experiment", account->experiment);
  json_builder_set_member_name (builder, "events");
  json_builder_begin_array (builder);
  for (guint i = 0; i < account->events->len; i++)
    json_builder_add_string_value (builder, account->events->pdata[i]);
  json_builder_end_array (builder);
  add_health (builder, account->flags);
  json_builder_set_member_name (builder, "evaluation");
  if (evaluation != NULL)
    json_builder_add_value (builder, g_steal_pointer (&evaluation));
  else
    json_builder_add_null_value (builder);
  add_records (builder, account->records, metrics);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static void
show_text (const char *folder, const Account *account)
{
  const GArray *records = account->records, *flags = account->flags;

  printf ("%s: %s, %u steps recorded\n\n%s\n", folder,
          cw_run_state_name (cw_run_get_state (account->run)), records->len, account->experiment);
  for (guint i = 0; i < account->events->len; i++)
    printf ("%s\n", (const char *) account->events->pdata[i]);
  if (records->len > 0)
    {
      const CwStepRecord *r = &g_array_index (records, CwStepRecord, records->len - 1);

      printf ("last step: loss %.4f, cos+ %.3f, cos- %.3f, feature std %.4f, %.0f images/s\n",
              r->loss, r->cos_positive, r->cos_negative, r->feature_std, r->images_per_second);
    }
  if (account->evaluation != NULL)
    cw_cli_print_record (account->evaluation);
  /* Of a run that has made no step nothing can be said. */
  if (records->len > 0)
    printf ("health: %s\n",
            cw_health_level_name (
                cw_health_worst ((const CwHealthFlag *) flags->data, flags->len)));
}

static int
show (const char *folder, gboolean json, gboolean metrics)
{
  g_autoptr (GError) error = NULL;
  g_auto (Account) account = { NULL };

  if (!load_account (folder, &account, &error))
    return cw_cli_fail (error);
  if (json)
    show_json (&account, metrics);
  else
    show_text (folder, &account);
  return CW_CLI_OK;
}

static int
compare (char **given, guint n_given, const char *scores, const char *against, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwJob) job = cw_cli_job_new ();
  g_auto (GStrv) folders = cw_run_expand ((const char *const *) given, n_given);
  g_autoptr (CwComparison) comparison = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (GStrv) names = scores != NULL ? g_strsplit (scores, ",", -1) : NULL;
  g_autofree char *text = NULL;

  if (g_strv_length (folders) < 2)
    return cw_cli_usage ("'run compare' takes two runs at least, or a folder that has them");
  comparison = cw_comparison_new ((const char *const *) folders, g_strv_length (folders), job, &error);
  if (comparison == NULL
      || (names != NULL
          && !cw_comparison_keep_scores (comparison, (const char *const *) names, &error))
      || (against != NULL && !cw_comparison_set_reference (comparison, against, &error)))
    return cw_cli_fail (error);
  cw_cli_job_done ();
  if (!json)
    {
      text = cw_comparison_to_text (comparison);
      printf ("%s", text);
      return CW_CLI_OK;
    }
  json_builder_begin_object (builder);
  cw_comparison_to_json (comparison, builder);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
  return CW_CLI_OK;
}

/* Options of one action that are given to another. */
static int
check_options (const char *action, gboolean metrics, gboolean json, const char *scores,
               const char *against, const CwCliRank *rank)
{
  if (metrics && (strcmp (action, "show") != 0 || !json))
    return cw_cli_usage ("--metrics is for show --json");
  if ((scores != NULL || against != NULL) && strcmp (action, "compare") != 0)
    return cw_cli_usage ("--scores and --against are for compare");
  if (cw_cli_rank_is_given (rank) && strcmp (action, "rank") != 0)
    return cw_cli_usage ("--encoder, --norm, --reader, --options, --seed and --no-cache are for rank");
  return CW_CLI_OK;
}

static int
run_command (int argc, char **argv)
{
  g_auto (CwCliRank) rank = { .seed = CW_CLI_RANK_NO_SEED };
  gboolean json = FALSE, metrics = FALSE;
  g_autofree char *scores = NULL;
  g_autofree char *against = NULL;
  const GOptionEntry entries[] = {
    { "metrics", 0, 0, G_OPTION_ARG_NONE, &metrics, "show --json: every recorded step", NULL },
    { "scores", 0, 0, G_OPTION_ARG_FILENAME, &scores,
      "compare: comma-separated scores (default: all), as linear.accuracy, or p_at_10 of all protocols",
      "IDS" },
    { "against", 0, 0, G_OPTION_ARG_FILENAME, &against,
      "compare: whose condition the differences of the others are from (default: the first run's)",
      "RUN" },
    CW_CLI_RANK_ENTRIES (&rank),
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!cw_cli_parse (&cw_command_run, NULL, entries, &argc, &argv, 1, -1, &status))
    return status;
  status = check_options (argv[1], metrics, json, scores, against, &rank);
  if (status != CW_CLI_OK)
    return status;
  if (strcmp (argv[1], "rank") == 0 && argc == 4)
    return cw_cli_run_rank (argv[2], argv[3], &rank, json);
  if (strcmp (argv[1], "list") == 0 && argc <= 3)
    return list (argc > 2 ? argv[2] : "runs", json);
  if (strcmp (argv[1], "show") == 0 && argc == 3)
    return show (argv[2], json, metrics);
  if (strcmp (argv[1], "compare") == 0 && argc > 2)
    return compare (argv + 2, (guint) argc - 2, scores, against, json);
  return cw_cli_usage (
      "expected 'list [FOLDER]', 'show RUN', 'compare RUN|FOLDER…' or 'rank RUN DATA'");
}

const CwCommand cw_command_run
    = { "run", "list [FOLDER] | show RUN | compare RUN|FOLDER… | rank RUN DATA",
        "Training runs: what there is, what one did, how they differ, which checkpoint is best",
        run_command };
