/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-model.h"
#include "cli/cw-cli.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  const CwEmbeddings *embeddings;
  gint64 row;          /* of the query among the embeddings, -1 = not there */
  const char *subject; /* barred; NULL = nobody */
} Bar;

static gboolean
is_barred (guint32 row, gpointer user_data)
{
  const Bar *bar = user_data;

  return (gint64) row == bar->row
         || (bar->subject != NULL && *bar->subject != '\0'
             && strcmp (bar->embeddings->subjects[row], bar->subject) == 0);
}

/* By its name, or by its path below the folder that the embeddings were made of. */
static gint64
find_row (const CwEmbeddings *embeddings, const char *query)
{
  g_autofree char *folder = g_canonicalize_filename (embeddings->dataset, NULL);
  g_autofree char *full = g_canonicalize_filename (query, NULL);
  const char *relative = g_str_has_prefix (full, folder) && full[strlen (folder)] == '/'
                             ? full + strlen (folder) + 1
                             : query;

  for (guint i = 0; i < embeddings->n; i++)
    {
      if (strcmp (embeddings->paths[i], query) == 0 || strcmp (embeddings->paths[i], relative) == 0)
        return i;
    }
  return -1;
}

/* The model that made @embeddings, or the one that @which names instead. */
static CwModel *
load_model (const CwEmbeddings *embeddings, const CwCliModel *which, GError **error)
{
  CwCliModel choice = *which;
  CwModel *model;

  if (choice.path == NULL)
    choice.path = embeddings->model;
  if (choice.encoder == NULL && *embeddings->encoder != '\0')
    choice.encoder = embeddings->encoder;
  if (cw_cli_model_get_network (&choice) == CW_N_NETWORKS)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "the embeddings are of the encoder '%s', which is not known here; choose one by "
                   "--encoder",
                   choice.encoder);
      return NULL;
    }
  if (strcmp (embeddings->norm, cw_norm_mode_name (CW_NORM_BATCH)) == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "the embeddings were made with the statistics of batches, which one picture does "
                   "not have; embed again with --norm running, or name an item of them");
      return NULL;
    }
  model = cw_cli_model_load (&choice, error);
  if (model == NULL && which->path == NULL && error != NULL)
    {
      g_autofree char *message = g_strdup ((*error)->message);

      g_clear_error (error);
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s, which made the embeddings, cannot be loaded (%s); name another model by "
                   "--model",
                   embeddings->model, message);
    }
  return model;
}

/* The picture @path under the model that made @embeddings. */
static float *
embed_picture (const CwEmbeddings *embeddings, const CwCliModel *which, const char *path,
               GError **error)
{
  const char *from = which->path != NULL ? which->path : embeddings->model;
  g_autoptr (CwModel) model = load_model (embeddings, which, error);
  g_autoptr (CwImage) image = NULL;

  if (model == NULL)
    return NULL;
  if (model->dim != embeddings->dim)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "%s: gives vectors of %d, the embeddings have %d; name the model they were made "
                   "with by --model",
                   from, model->dim, embeddings->dim);
      return NULL;
    }
  image = cw_picture_load (path, 2 * model->size, error);
  if (image == NULL)
    return NULL;
  return cw_features_embed_picture (model, image);
}

static void
print_json (const char *query, const CwEmbeddings *embeddings, const CwNeighbour *found, guint n)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "query", query);
  json_builder_set_member_name (builder, "neighbours");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      guint32 row = found[i].row;

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "path", embeddings->paths[row]);
      cw_json_add_number (builder, "score", (double) found[i].score);
      cw_json_add_string (builder, "label",
                          *embeddings->labels[row] ? embeddings->labels[row] : NULL);
      cw_json_add_string (builder, "subject",
                          *embeddings->subjects[row] ? embeddings->subjects[row] : NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static int
run (int argc, char **argv)
{
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  g_auto (CwCliModel) which = { NULL };
  gboolean json = FALSE, others = FALSE;
  int k = 10;
  const GOptionEntry entries[] = {
    { "embeddings", 'e', 0, G_OPTION_ARG_FILENAME, &path, "Vectors made by 'contrawarp embed'",
      "E.npy" },
    { "query", 'q', 0, G_OPTION_ARG_FILENAME, &query,
      "A picture file, or the path of an item of the embeddings", "IMAGE" },
    { "neighbours", 'k', 0, G_OPTION_ARG_INT, &k, "How many (default: 10)", "K" },
    { "other-subjects", 0, 0, G_OPTION_ARG_NONE, &others,
      "Bar the person of the query (where the query is an item with a subject)", NULL },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &which.path,
      "Embed the query with this model instead of the one that made the embeddings", "M" },
    { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &which.encoder,
      "online or target (default: the one that made the embeddings)", "WHICH" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwEmbeddings) embeddings = NULL;
  g_autoptr (CwIndex) index = NULL;
  g_autofree float *vector = NULL;
  g_autofree CwNeighbour *found = NULL;
  Bar bar;
  guint n;
  int status;

  if (!cw_cli_parse (&cw_command_search, NULL, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (path == NULL || query == NULL)
    return cw_cli_usage ("expected --embeddings E.npy and --query IMAGE");
  if (!cw_cli_model_check (&which, &status))
    return status;
  if (k < 1 || k > 1000000)
    return cw_cli_usage ("-k %d is outside 1 to 1000000", k);

  embeddings = cw_embeddings_load (path, &error);
  if (embeddings == NULL)
    return cw_cli_fail (error);
  bar = (Bar) { embeddings, find_row (embeddings, query), NULL };
  if (bar.row >= 0)
    {
      vector = g_memdup2 (embeddings->x + (gsize) bar.row * (gsize) embeddings->dim,
                          (gsize) embeddings->dim * sizeof (float));
      if (others)
        bar.subject = embeddings->subjects[bar.row];
    }
  else
    {
      vector = embed_picture (embeddings, &which, query, &error);
      if (vector == NULL)
        return cw_cli_fail (error);
    }
  index = cw_index_new (embeddings->x, embeddings->n, embeddings->dim);
  found = g_new (CwNeighbour, k);
  n = cw_index_search (index, vector, (guint) k, is_barred, &bar, found);

  if (json)
    print_json (query, embeddings, found, n);
  else
    {
      for (guint i = 0; i < n; i++)
        printf ("%.4f  %s  %s  %s\n", (double) found[i].score, embeddings->paths[found[i].row],
                embeddings->labels[found[i].row], embeddings->subjects[found[i].row]);
    }
  return CW_CLI_OK;
}

const CwCommand cw_command_search
    = { "search", "", "Nearest faces of a face, with their cosine", run };
