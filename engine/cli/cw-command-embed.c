/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <stdio.h>

static int
run (int argc, char **argv)
{
  g_autofree char *model_path = NULL;
  g_autofree char *output = NULL;
  g_autofree char *reader = NULL;
  g_autofree char *options = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &model_path,
      "A run folder, a checkpoint or a .safetensors file", "M" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      "Vectors; items go beside it as .csv, origin as .json", "E.npy" },
    { "reader", 'r', 0, G_OPTION_ARG_STRING, &reader, "Read the data as this layout", "ID" },
    { "options", 'O', 0, G_OPTION_ARG_STRING, &options, "The reader's parameters",
      "KEY=VALUE&…" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwJob) job = NULL;
  g_autoptr (CwModel) model = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (GArray) items = NULL;
  g_autoptr (CwFeatures) features = NULL;
  g_autoptr (CwEmbeddings) embeddings = NULL;
  guint n_skipped = 0;
  int status;

  if (!cw_cli_parse (&cw_command_embed, NULL, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (model_path == NULL || output == NULL)
    return cw_cli_usage ("expected --model M and --output E.npy");

  job = cw_cli_job_new ();
  model = cw_model_load (model_path, &error);
  if (model == NULL)
    return cw_cli_fail (error);
  dataset = cw_dataset_open (argv[1], reader, options, job, &error);
  if (dataset == NULL)
    return cw_cli_fail (error);
  items = cw_split_select (dataset, CW_SPLIT_NONE);
  features = cw_features_embed (model, dataset, (const guint32 *) (gconstpointer) items->data,
                                items->len, &n_skipped, job, &error);
  if (features == NULL)
    return cw_cli_fail (error);
  embeddings = cw_embeddings_new (features, dataset, model_path);
  if (!cw_embeddings_save (embeddings, output, &error))
    return cw_cli_fail (error);
  cw_cli_job_done ();

  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      cw_cli_add_string (builder, "embeddings", output);
      cw_cli_add_int (builder, "n", embeddings->n);
      cw_cli_add_int (builder, "dim", embeddings->dim);
      cw_cli_add_int (builder, "skipped", n_skipped);
      json_builder_end_object (builder);
      cw_cli_print_json (builder);
    }
  else
    printf ("%s: %u vectors of %d, %u pictures skipped\n", output, embeddings->n, embeddings->dim,
            n_skipped);
  return CW_CLI_OK;
}

const CwCommand cw_command_embed = { "embed", "DATA", "Turn pictures into vectors (.npy)", run };
