/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-model.h"
#include "cli/cw-cli.h"

#include <stdio.h>

#define MOST_NAMED 5 /* pictures that cannot be read */

/* Which were left out; `dataset scan` tells why. */
static void
name_skipped (CwDataset *dataset, const GArray *items, const CwFeatures *features)
{
  guint n_named = 0, row = 0;

  for (guint i = 0; i < items->len && n_named < MOST_NAMED; i++)
    {
      guint32 item = g_array_index (items, guint32, i);

      if (row < features->n && features->items[row] == item)
        row++;
      else
        {
          fprintf (stderr, "contrawarp: %s: cannot be read, left out\n",
                   cw_dataset_get_item (dataset, item)->name);
          n_named++;
        }
    }
  if (items->len - features->n > n_named)
    fprintf (stderr, "contrawarp: and %u more; 'contrawarp dataset scan' names all, with the reason\n",
             items->len - features->n - n_named);
}

static int
run (int argc, char **argv)
{
  g_auto (CwCliModel) which = { NULL };
  g_autofree char *output = NULL;
  g_autofree char *reader = NULL;
  g_autofree char *options = NULL;
  gboolean json = FALSE, no_cache = FALSE;
  const GOptionEntry entries[] = {
    CW_CLI_MODEL_ENTRY (&which),
    CW_CLI_ENCODER_ENTRY (&which),
    CW_CLI_NORM_ENTRY (&which),
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      "Vectors; items go beside it as .csv, origin as .json", "E.npy" },
    { "reader", 'r', 0, G_OPTION_ARG_FILENAME, &reader, "Read the data as this layout", "ID" },
    { "options", 'O', 0, G_OPTION_ARG_FILENAME, &options, "The reader's parameters",
      "KEY=VALUE&…" },
    { "no-cache", 0, 0, G_OPTION_ARG_NONE, &no_cache,
      "Neither take features kept in the user's cache folder nor keep them there", NULL },
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
  g_autofree char *model_path = NULL;
  guint n_skipped = 0;
  int status;

  if (!cw_cli_parse (&cw_command_embed, NULL, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (which.path == NULL || output == NULL)
    return cw_cli_usage ("expected --model M and --output E.npy");
  if (!g_str_has_suffix (output, ".npy"))
    return cw_cli_usage ("--output %s: the name of embeddings ends in .npy", output);
  if (!cw_cli_model_check (&which, &status))
    return status;

  job = cw_cli_job_new ();
  cw_features_cache_set_limit (no_cache ? 0 : CW_FEATURES_CACHE_LIMIT);
  model = cw_cli_model_load (&which, &error);
  if (model == NULL)
    return cw_cli_fail (error);
  dataset = cw_dataset_open (argv[1], reader, options, job, &error);
  if (dataset == NULL || !cw_embeddings_check_output (output, dataset, &error))
    return cw_cli_fail (error);
  items = cw_split_select (dataset, CW_SPLIT_NONE);
  features = cw_features_embed (model, dataset, (const guint32 *) (gconstpointer) items->data,
                                items->len, &n_skipped, job, &error);
  if (features == NULL)
    return cw_cli_fail (error);
  /* A search may be asked for somewhere else. */
  model_path = g_canonicalize_filename (which.path, NULL);
  embeddings = cw_embeddings_new (features, dataset, model_path);
  cw_embeddings_set_network (embeddings, cw_network_name (cw_cli_model_get_network (&which)),
                             cw_norm_mode_name (model->norm));
  if (!cw_embeddings_save (embeddings, output, &error))
    return cw_cli_fail (error);
  cw_cli_job_done ();
  name_skipped (dataset, items, features);

  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "embeddings", output);
      cw_cli_model_to_json (&which, builder);
      cw_json_add_int (builder, "n", embeddings->n);
      cw_json_add_int (builder, "dim", embeddings->dim);
      cw_json_add_int (builder, "skipped", n_skipped);
      json_builder_end_object (builder);
      cw_cli_print_json (builder);
    }
  else
    printf ("%s: %u vectors of %d, %u pictures skipped\n", output, embeddings->n, embeddings->dim,
            n_skipped);
  return CW_CLI_OK;
}

const CwCommand cw_command_embed = { "embed", "DATA", "Turn pictures into vectors (.npy)", run };
