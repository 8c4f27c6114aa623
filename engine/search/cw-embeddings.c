/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-search"

#include "search/cw-embeddings.h"

#include "base/cw-error.h"
#include "base/cw-file.h"
#include "base/cw-json.h"
#include "data/cw-csv.h"
#include "data/cw-npy.h"
#include "data/cw-outputs.h"
#include "search/cw-embeddings-csv.h"

#include <string.h>

#define MAX_DIM 1000000

static const char *const columns[] = { "path", "label", "subject", "split" };
#define N_COLUMNS G_N_ELEMENTS (columns)

CwEmbeddings *
cw_embeddings_new (const CwFeatures *features, CwDataset *dataset, const char *model_path)
{
  CwEmbeddings *e = g_new0 (CwEmbeddings, 1);
  gsize size = (gsize) features->n * (gsize) features->dim;

  e->n = features->n;
  e->dim = features->dim;
  e->x = g_new (float, MAX (size, 1));
  memcpy (e->x, features->x, size * sizeof *e->x);
  e->paths = g_new0 (char *, e->n + 1);
  e->labels = g_new0 (char *, e->n + 1);
  e->subjects = g_new0 (char *, e->n + 1);
  e->splits = g_new0 (char *, e->n + 1);
  for (guint i = 0; i < e->n; i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, features->items[i]);

      e->paths[i] = g_strdup (item->name);
      e->labels[i] = g_strdup (item->label >= 0 ? cw_dataset_get_label (dataset, item->label) : "");
      e->subjects[i]
          = g_strdup (item->subject >= 0 ? cw_dataset_get_subject (dataset, item->subject) : "");
      e->splits[i] = g_strdup (item->split != CW_SPLIT_NONE ? cw_split_name (item->split) : "");
    }
  e->model = g_strdup (model_path != NULL ? model_path : "");
  e->dataset = g_strdup (cw_dataset_get_location (dataset));
  e->sha256 = g_strdup (features->model_sha256 != NULL ? features->model_sha256 : "");
  cw_embeddings_set_network (e, "", "");
  return e;
}

void
cw_embeddings_set_network (CwEmbeddings *embeddings, const char *encoder, const char *norm)
{
  g_free (embeddings->encoder);
  g_free (embeddings->norm);
  embeddings->encoder = g_strdup (encoder);
  embeddings->norm = g_strdup (norm);
}

void
cw_embeddings_free (CwEmbeddings *embeddings)
{
  if (embeddings == NULL)
    return;
  g_free (embeddings->x);
  g_strfreev (embeddings->paths);
  g_strfreev (embeddings->labels);
  g_strfreev (embeddings->subjects);
  g_strfreev (embeddings->splits);
  g_free (embeddings->model);
  g_free (embeddings->dataset);
  g_free (embeddings->sha256);
  g_free (embeddings->encoder);
  g_free (embeddings->norm);
  g_free (embeddings);
}

/* E.csv and E.json beside E.npy. */
static gboolean
name_companions (const char *path, char **csv, char **json, GError **error)
{
  g_autofree char *stem = NULL;

  if (!g_str_has_suffix (path, ".npy"))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "%s: the name of embeddings ends in .npy; the items stand beside it in .csv", path);
      return FALSE;
    }
  stem = g_strndup (path, strlen (path) - strlen (".npy"));
  *csv = g_strconcat (stem, ".csv", NULL);
  *json = g_strconcat (stem, ".json", NULL);
  return TRUE;
}

static char *
describe (const CwEmbeddings *e)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "model", e->model);
  cw_json_add_string (builder, "dataset", e->dataset);
  json_builder_set_member_name (builder, "n");
  json_builder_add_int_value (builder, e->n);
  json_builder_set_member_name (builder, "dim");
  json_builder_add_int_value (builder, e->dim);
  cw_json_add_string (builder, "sha256", e->sha256);
  cw_json_add_string (builder, "encoder", e->encoder);
  cw_json_add_string (builder, "norm", e->norm);
  json_builder_end_object (builder);
  text = cw_json_to_string (builder);
  return g_strconcat (text, "\n", NULL);
}

static CwFileWriter *
write_text (const char *path, const char *text, gsize size, GError **error)
{
  g_autoptr (CwFileWriter) writer = cw_file_writer_new (path, error);

  if (writer == NULL || !cw_file_writer_write (writer, text, size, error)
      || !cw_file_writer_sync (writer, error))
    return NULL;
  return g_steal_pointer (&writer);
}

static CwNpyWriter *
write_vectors (const CwEmbeddings *e, const char *path, GError **error)
{
  const gsize shape[] = { 0, (gsize) e->dim };
  g_autoptr (CwNpyWriter) writer = cw_npy_writer_new (path, 'f', 2, shape, error);

  if (writer == NULL || !cw_npy_writer_append (writer, e->x, e->n, error)
      || !cw_npy_writer_sync (writer, error))
    return NULL;
  return g_steal_pointer (&writer);
}

/* All are complete on disk before the first gets its name. */
static gboolean
write_files (const CwEmbeddings *e, const char *path, const char *csv, const char *json,
             const GString *table, GError **error)
{
  g_autofree char *description = describe (e);
  g_autoptr (CwFileWriter) items = write_text (csv, table->str, table->len, error);
  g_autoptr (CwFileWriter) origin = NULL;
  g_autoptr (CwNpyWriter) vectors = NULL;

  if (items == NULL)
    return FALSE;
  origin = write_text (json, description, strlen (description), error);
  if (origin == NULL)
    return FALSE;
  vectors = write_vectors (e, path, error);
  return vectors != NULL && cw_embeddings_check_output (path, NULL, error)
         && cw_file_writer_commit (g_steal_pointer (&items), error)
         && cw_file_writer_commit (g_steal_pointer (&origin), error)
         && cw_npy_writer_commit (g_steal_pointer (&vectors), error);
}

gboolean
cw_embeddings_save (const CwEmbeddings *embeddings, const char *path, GError **error)
{
  const CwEmbeddings *e = embeddings;
  g_autoptr (GString) table = g_string_new (NULL);
  g_autofree char *csv = NULL;
  g_autofree char *json = NULL;

  if (!name_companions (path, &csv, &json, error)
      || !cw_embeddings_check_output (path, NULL, error))
    return FALSE;
  cw_csv_append_row (table, columns, N_COLUMNS);
  for (guint i = 0; i < e->n; i++)
    {
      const char *const fields[N_COLUMNS]
          = { e->paths[i], e->labels[i], e->subjects[i], e->splits[i] };

      cw_csv_append_row (table, fields, N_COLUMNS);
    }
  return write_files (e, path, csv, json, table, error);
}

static gboolean
load_vectors (CwEmbeddings *e, const char *path, GError **error)
{
  g_autoptr (CwNpy) npy = cw_npy_open (path, error);
  gsize size;

  if (npy == NULL)
    return FALSE;
  if (npy->n_dims != 2 || npy->type != 'f')
    {
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "%s: embeddings are float32 with two axes; this has %d axes of %s", path,
                   npy->n_dims, npy->type == 'f' ? "float32" : "uint8");
      return FALSE;
    }
  if (npy->shape[0] >= G_MAXINT32 || npy->shape[1] < 1 || npy->shape[1] > MAX_DIM)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
                   "%s: %" G_GSIZE_FORMAT " vectors of %" G_GSIZE_FORMAT
                   "; at most 2^31 vectors of 1 to %d are read",
                   path, npy->shape[0], npy->shape[1], MAX_DIM);
      return FALSE;
    }
  e->n = (guint) npy->shape[0];
  e->dim = (int) npy->shape[1];
  size = npy->shape[0] * npy->shape[1] * sizeof *e->x;
  e->x = g_try_malloc (MAX (size, sizeof *e->x));
  if (e->x == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: not enough memory for %u vectors of %d",
                   path, e->n, e->dim);
      return FALSE;
    }
  memcpy (e->x, npy->data, size);
  return TRUE;
}

static gboolean
check_header (const CwCsvReader *reader, const GPtrArray *fields, GError **error)
{
  gboolean ok = fields->len == N_COLUMNS;

  for (guint i = 0; ok && i < N_COLUMNS; i++)
    ok = strcmp (fields->pdata[i], columns[i]) == 0;
  if (!ok)
    g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                 "%s:1: the first line has to be path,label,subject,split", reader->path);
  return ok;
}

static gboolean
load_items (CwEmbeddings *e, const char *path, const char *npy_path, GError **error)
{
  char **const fields_of[N_COLUMNS] = { e->paths = g_new0 (char *, e->n + 1),
                                        e->labels = g_new0 (char *, e->n + 1),
                                        e->subjects = g_new0 (char *, e->n + 1),
                                        e->splits = g_new0 (char *, e->n + 1) };
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) broken = NULL;
  g_autofree char *text = NULL;
  CwCsvReader reader;
  gsize size;
  guint64 line;
  guint n = 0;

  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;
  _cw_csv_reader_init (&reader, path, text, size);
  if (_cw_csv_reader_next (&reader, fields, &broken) || broken == NULL)
    {
      if (!check_header (&reader, fields, error))
        return FALSE;
    }
  for (line = reader.line; broken == NULL && _cw_csv_reader_next (&reader, fields, &broken);
       line = reader.line, n++)
    {
      if (fields->len != N_COLUMNS)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                       "%s:%" G_GUINT64_FORMAT ": %u fields where path,label,subject,split are four",
                       path, line, fields->len);
          return FALSE;
        }
      if (n == e->n)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                       "%s:%" G_GUINT64_FORMAT ": more rows than the %u vectors of %s; embed again",
                       path, line, e->n, npy_path);
          return FALSE;
        }
      for (guint i = 0; i < N_COLUMNS; i++)
        {
          fields_of[i][n] = fields->pdata[i];
          fields->pdata[i] = NULL;
        }
    }
  if (broken != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&broken));
      return FALSE;
    }
  if (n < e->n)
    g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                 "%s:%" G_GUINT64_FORMAT ": ends after %u rows; %s has %u vectors; embed again", path,
                 reader.line, n, npy_path, e->n);
  return n == e->n;
}

/* (transfer full): a string member, "" where it is missing or something else. */
static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return g_strdup (node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
                       ? json_node_get_string (node) : "");
}

static gboolean
check_number (JsonObject *object, const char *name, gint64 want, const char *path,
              const char *npy_path, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: \"%s\" is missing or no whole number",
                   path, name);
      return FALSE;
    }
  if (json_node_get_int (node) != want)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "%s: \"%s\" is %" G_GINT64_FORMAT ", %s has %" G_GINT64_FORMAT "; embed again", path,
                   name, json_node_get_int (node), npy_path, want);
      return FALSE;
    }
  return TRUE;
}

static gboolean
load_description (CwEmbeddings *e, const char *path, const char *npy_path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) problem = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;
  if (!json_parser_load_from_data (parser, text, (gssize) size, &problem))
    {
      /* "<data>:3:5: ..." names a file nobody has. */
      const char *what = g_str_has_prefix (problem->message, "<data>")
                             ? problem->message + strlen ("<data>") : problem->message;

      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s%s%s", path, *what == ':' ? "" : ": ",
                   what);
      return FALSE;
    }
  if (json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: not a JSON object", path);
      return FALSE;
    }
  object = json_node_get_object (json_parser_get_root (parser));
  e->model = dup_member (object, "model");
  e->dataset = dup_member (object, "dataset");
  e->sha256 = dup_member (object, "sha256");
  e->encoder = dup_member (object, "encoder");
  e->norm = dup_member (object, "norm");
  return check_number (object, "n", e->n, path, npy_path, error)
         && check_number (object, "dim", e->dim, path, npy_path, error);
}

CwEmbeddings *
cw_embeddings_load (const char *path, GError **error)
{
  g_autoptr (CwEmbeddings) e = g_new0 (CwEmbeddings, 1);
  g_autofree char *csv = NULL;
  g_autofree char *json = NULL;

  if (!name_companions (path, &csv, &json, error) || !load_vectors (e, path, error)
      || !load_description (e, json, path, error) || !load_items (e, csv, path, error))
    return NULL;
  return g_steal_pointer (&e);
}

/* Without reading the vectors. */
static gboolean
are_embeddings (const char *path, const char *csv, const char *json)
{
  g_autoptr (CwEmbeddings) e = g_new0 (CwEmbeddings, 1);
  g_autoptr (CwNpy) npy = cw_npy_open (path, NULL);
  g_autoptr (CwCsv) table = npy != NULL ? cw_csv_open (csv, NULL) : NULL;
  gboolean ok = table != NULL && npy->n_dims == 2 && npy->type == 'f' && cw_csv_next (table, NULL)
                && cw_csv_get_n_fields (table) == N_COLUMNS;

  for (guint i = 0; ok && i < N_COLUMNS; i++)
    ok = strcmp (cw_csv_get_field (table, i), columns[i]) == 0;
  if (!ok)
    return FALSE;
  e->n = (guint) npy->shape[0];
  e->dim = (int) npy->shape[1];
  return load_description (e, json, path, NULL);
}

gboolean
cw_embeddings_check_output (const char *path, CwDataset *dataset, GError **error)
{
  g_autofree char *csv = NULL;
  g_autofree char *json = NULL;

  if (!name_companions (path, &csv, &json, error))
    return FALSE;
  return cw_outputs_check ((const char *const[]){ csv, json, path }, 3, dataset,
                           are_embeddings (path, csv, json), "part of such vectors", error);
}
