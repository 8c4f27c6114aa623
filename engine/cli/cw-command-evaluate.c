/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-model.h"
#include "cli/cw-cli.h"

#include <stdio.h>
#include <string.h>

/* Beside the run it belongs to, so that `run show` and `run compare` find it; the window keeps its own
 * there too. */
static void
keep_in_run (const char *run, guint64 step, const char *json)
{
  g_autoptr (GError) error = NULL;
  gboolean kept;

  if (run != NULL && !cw_evaluation_record_keep (json, run, step, &kept, &error))
    fprintf (stderr, "contrawarp: the evaluation is not kept in the run: %s\n", error->message);
}

/* (transfer full) (nullable): the folder of the run that the model belongs to. */
static char *
dup_run (const CwCliModel *which)
{
  return g_file_test (which->path, G_FILE_TEST_IS_DIR) ? g_strdup (which->path)
                                                       : cw_checkpoint_dup_run (which->path, NULL);
}

/* With a comma between two; NULL for NULL. */
static char **
split_ids (const char *ids)
{
  return ids != NULL ? g_strsplit (ids, ",", -1) : NULL;
}

static const CwWarpClass *
find_warp (const char *id, GError **error)
{
  return (const CwWarpClass *) cw_registry_find (CW_KIND_WARP, id != NULL ? id : "local-translation",
                                                 error);
}

/* Names that there are not, and what is no setting, are slips of the command line. */
static gboolean
check_names (char **protocols, char **sets, char **curves, GError **error)
{
  for (int i = 0; protocols != NULL && protocols[i] != NULL; i++)
    {
      if (cw_registry_find (CW_KIND_EVALUATOR, protocols[i], error) == NULL)
        return FALSE;
    }
  for (int i = 0; sets != NULL && sets[i] != NULL; i++)
    {
      const char *dot = strchr (sets[i], '.');

      if (dot == NULL || strchr (dot, '=') == NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--set %s: expected PROTOCOL.KEY=VALUE", sets[i]);
          return FALSE;
        }
    }
  return cw_robustness_check ((const char *const *) curves, error);
}

static void
print_text (const CwCliModel *which, const CwEvaluationRecord *record)
{
  g_autofree char *table = cw_evaluation_to_text (record->evaluation);
  g_autofree char *more
      = record->robustness != NULL ? cw_robustness_to_text (record->robustness) : NULL;

  printf ("Encoder: %s. Norms: statistics of %s.\n%s%s",
          cw_network_name (cw_cli_model_get_network (which)),
          cw_cli_model_get_norm (which) == CW_NORM_BATCH
              ? "batches of up to " G_STRINGIFY (CW_FEATURES_BATCH) " pictures"
              : "training",
          record->seen ? "Mind that the run was trained on the scored pictures, too, without their "
                         "labels; pictures that it never saw may score lower.\n"
                       : "",
          table);
  if (more != NULL)
    printf ("\n%s", more);
}

/* The same encoder as it was before training. */
static CwModel *
random_init (const CwModel *model, int seed)
{
  CwModel *random = cw_model_new_random (model->encoder, model->params, model->size, model->mean,
                                         model->std, (guint64) seed);

  random->norm = model->norm;
  return random;
}

static int
run (int argc, char **argv)
{
  g_auto (CwCliModel) which = { NULL };
  g_autofree char *reader = NULL;
  g_autofree char *options = NULL;
  g_autofree char *protocols = NULL;
  g_auto (GStrv) protocol_ids = NULL;
  g_auto (GStrv) curve_ids = NULL;
  g_auto (GStrv) sets = NULL;
  const CwWarpClass *warp_class;
  g_autofree char *curves = NULL;
  g_autofree char *warp = NULL;
  g_autofree char *folder = NULL;
  gboolean json = FALSE, no_cache = FALSE, robustness = FALSE;
  int seed = 1;
  const GOptionEntry entries[] = {
    CW_CLI_MODEL_ENTRY (&which),
    CW_CLI_ENCODER_ENTRY (&which),
    CW_CLI_NORM_ENTRY (&which),
    { "protocol", 'p', 0, G_OPTION_ARG_FILENAME, &protocols,
      "Comma-separated evaluators (default: linear,knn,retrieval)", "IDS" },
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &sets, "Change one parameter of an evaluator",
      "PROTOCOL.KEY=VALUE" },
    { "reader", 'r', 0, G_OPTION_ARG_FILENAME, &reader, "Read the data as this layout", "ID" },
    { "options", 'O', 0, G_OPTION_ARG_FILENAME, &options,
      "The reader's parameters; face=LEFT,TOP,WIDTH,HEIGHT too", "KEY=VALUE&…" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Of splits and of the random-init floor", "S" },
    { "robustness", 0, 0, G_OPTION_ARG_NONE, &robustness,
      "Also disturb the scored pictures with growing strength", NULL },
    { "curves", 0, 0, G_OPTION_ARG_FILENAME, &curves,
      "With --robustness: comma-separated disturbances (default: all: rotation, translation, "
      "brightness, blur, jpeg, warp)",
      "IDS" },
    { "warp", 0, 0, G_OPTION_ARG_FILENAME, &warp,
      "With --robustness: the warp of the curve 'warp' (default: local-translation)", "ID" },
    { "no-cache", 0, 0, G_OPTION_ARG_NONE, &no_cache,
      "Neither take features kept in the user's cache folder nor keep them there", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwJob) job = NULL;
  g_autoptr (CwModel) model = NULL;
  g_autoptr (CwModel) random = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (CwEvaluation) evaluation = NULL;
  g_autoptr (CwRobustness) disturbed = NULL;
  g_autofree char *text = NULL;
  CwEvaluationRecord record;
  int status;

  if (!cw_cli_parse (&cw_command_evaluate,
                     "Floors stand beside every figure: majority class, the same encoder at its "
                     "random init, pixels.\n'contrawarp ops list' shows the evaluators and their "
                     "parameters.",
                     entries, &argc, &argv, 1, 1, &status))
    return status;
  if (which.path == NULL)
    return cw_cli_usage ("expected --model M");
  if (!cw_cli_model_check (&which, &status))
    return status;
  if (!robustness && (curves != NULL || warp != NULL))
    return cw_cli_usage ("--curves and --warp belong to --robustness");
  if (seed < 0)
    return cw_cli_usage ("--seed %d is negative", seed);

  protocol_ids = split_ids (protocols);
  curve_ids = split_ids (curves);
  warp_class = find_warp (warp, &error);
  if (warp_class == NULL || !check_names (protocol_ids, sets, curve_ids, &error))
    return cw_cli_usage ("%s", error->message);
  job = cw_cli_job_new ();
  cw_features_cache_set_limit (no_cache ? 0 : CW_FEATURES_CACHE_LIMIT);
  model = cw_cli_model_load (&which, &error);
  if (model == NULL)
    return cw_cli_fail (error);
  random = random_init (model, seed);
  dataset = cw_dataset_open (argv[1], reader, options, job, &error);
  if (dataset == NULL)
    return cw_cli_fail (error);
  cw_job_set_span (job, 0, robustness ? 0.3 : 1);
  evaluation = cw_evaluation_run (model, random, dataset, (const char *const *) protocol_ids,
                                  (const char *const *) sets, (guint64) seed, job, &error);
  if (evaluation == NULL)
    return cw_cli_fail (error);
  if (robustness)
    {
      cw_job_set_span (job, 0.3, 1);
      disturbed = cw_robustness_run (model, random, dataset, (const char *const *) curve_ids,
                                     warp_class, (guint64) seed, job, &error);
      if (disturbed == NULL)
        return cw_cli_fail (error);
    }
  cw_cli_job_done ();

  folder = dup_run (&which);
  record = (CwEvaluationRecord) { .path = which.path,
                                  .model = model,
                                  .network = cw_cli_model_get_network (&which),
                                  .dataset = dataset,
                                  .seed = (guint64) seed,
                                  .seen = cw_evaluation_record_find_seen (folder, dataset),
                                  .evaluation = evaluation,
                                  .robustness = disturbed };
  text = cw_evaluation_record_to_json (&record);
  keep_in_run (folder, model->step, text);
  if (json)
    printf ("%s\n", text);
  else
    print_text (&which, &record);
  return CW_CLI_OK;
}

const CwCommand cw_command_evaluate
    = { "evaluate", "DATA", "Score frozen features: linear probe, kNN, retrieval", run };
