/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-safetensors.h"

#include "base/cw-error.h"
#include "base/cw-file.h"

#include <string.h>

typedef struct
{
  char *name;
  CwDtype dtype;
  int rank;
  gint64 shape[8];
  gsize bytes;
  char *data; /* little-endian */
} Tensor;

struct _CwSafetensorsWriter
{
  GPtrArray *tensors;   /* of Tensor */
  GHashTable *metadata; /* strings by key */
};

static const char *const dtype_names[] = { "F32", "I64", "U8" };
static const gsize dtype_sizes[] = { 4, 8, 1 };

static void
tensor_free (gpointer data)
{
  Tensor *tensor = data;

  g_free (tensor->name);
  g_free (tensor->data);
  g_free (tensor);
}

CwSafetensorsWriter *
cw_safetensors_writer_new (void)
{
  CwSafetensorsWriter *writer = g_new0 (CwSafetensorsWriter, 1);

  writer->tensors = g_ptr_array_new_with_free_func (tensor_free);
  writer->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return writer;
}

void
cw_safetensors_writer_free (CwSafetensorsWriter *writer)
{
  if (writer == NULL)
    return;
  g_ptr_array_unref (writer->tensors);
  g_hash_table_unref (writer->metadata);
  g_free (writer);
}

void
cw_safetensors_writer_set_metadata (CwSafetensorsWriter *writer, const char *key,
                                    const char *value)
{
  g_hash_table_insert (writer->metadata, g_strdup (key), g_utf8_make_valid (value, -1));
}

static void
to_little_endian (CwDtype dtype, char *data, gsize n)
{
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN || dtype == CW_DTYPE_U8)
    return;
  for (gsize i = 0, size = dtype_sizes[dtype]; i < n; i++)
    {
      for (gsize a = i * size, b = a + size - 1; a < b; a++, b--)
        {
          char c = data[a];

          data[a] = data[b];
          data[b] = c;
        }
    }
}

void
cw_safetensors_writer_add (CwSafetensorsWriter *writer, const char *name, CwDtype dtype, int rank,
                           const gint64 *shape, gconstpointer data)
{
  Tensor *tensor;
  gsize n = 1;

  g_return_if_fail (rank >= 0 && rank <= 8);
  g_return_if_fail (strcmp (name, "__metadata__") != 0);

  tensor = g_new0 (Tensor, 1);
  tensor->name = g_strdup (name);
  tensor->dtype = dtype;
  tensor->rank = rank;
  for (int i = 0; i < rank; i++)
    {
      tensor->shape[i] = shape[i];
      n *= (gsize) shape[i];
    }
  tensor->bytes = n * dtype_sizes[dtype];
  tensor->data = g_memdup2 (data, tensor->bytes);
  to_little_endian (dtype, tensor->data, n);
  g_ptr_array_add (writer->tensors, tensor);
}

/* Largest elements first keeps every tensor aligned without padding, which the format forbids. */
static int
compare_tensors (gconstpointer a, gconstpointer b)
{
  const Tensor *x = *(Tensor *const *) a, *y = *(Tensor *const *) b;

  if (dtype_sizes[x->dtype] != dtype_sizes[y->dtype])
    return dtype_sizes[x->dtype] > dtype_sizes[y->dtype] ? -1 : 1;
  return strcmp (x->name, y->name);
}

static void
append_string (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_printf (json, "\\%c", *c);
      else if (*c == '\n')
        g_string_append (json, "\\n");
      else if ((guchar) *c < 0x20)
        g_string_append_printf (json, "\\u%04x", (guint) *c);
      else
        g_string_append_c (json, *c);
    }
  g_string_append_c (json, '"');
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
append_metadata (GString *json, GHashTable *metadata)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (metadata), compare_keys);

  if (keys == NULL)
    return;
  g_string_append (json, "\"__metadata__\":{");
  for (GList *l = keys; l != NULL; l = l->next)
    {
      if (l != keys)
        g_string_append_c (json, ',');
      append_string (json, l->data);
      g_string_append_c (json, ':');
      append_string (json, g_hash_table_lookup (metadata, l->data));
    }
  g_string_append_c (json, '}');
}

static GString *
make_header (CwSafetensorsWriter *writer)
{
  GString *json = g_string_new ("{");
  gsize place = 0;

  append_metadata (json, writer->metadata);
  for (guint i = 0; i < writer->tensors->len; i++)
    {
      const Tensor *tensor = writer->tensors->pdata[i];

      if (json->len > 1)
        g_string_append_c (json, ',');
      append_string (json, tensor->name);
      g_string_append_printf (json, ":{\"dtype\":\"%s\",\"shape\":[", dtype_names[tensor->dtype]);
      for (int k = 0; k < tensor->rank; k++)
        g_string_append_printf (json, "%s%" G_GINT64_FORMAT, k > 0 ? "," : "", tensor->shape[k]);
      g_string_append_printf (json, "],\"data_offsets\":[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT "]}",
                              place, place + tensor->bytes);
      place += tensor->bytes;
    }
  g_string_append_c (json, '}');
  while (json->len % 8 != 0)
    g_string_append_c (json, ' ');
  return json;
}

gboolean
cw_safetensors_writer_save (CwSafetensorsWriter *writer, const char *path, GError **error)
{
  g_autoptr (CwFileWriter) out = NULL;
  g_autoptr (GString) header = NULL;
  guint64 size;

  g_ptr_array_sort (writer->tensors, compare_tensors);
  for (guint i = 1; i < writer->tensors->len; i++)
    {
      const Tensor *a = writer->tensors->pdata[i - 1], *b = writer->tensors->pdata[i];

      g_return_val_if_fail (strcmp (a->name, b->name) != 0, FALSE);
    }
  header = make_header (writer);
  if (header->len > CW_SAFETENSORS_MAX_HEADER || writer->tensors->len > CW_SAFETENSORS_MAX_TENSORS)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE, "%s: too many tensors for one file", path);
      return FALSE;
    }
  out = cw_file_writer_new (path, error);
  size = GUINT64_TO_LE ((guint64) header->len);
  if (out == NULL || !cw_file_writer_write (out, &size, sizeof size, error)
      || !cw_file_writer_write (out, header->str, header->len, error))
    return FALSE;
  for (guint i = 0; i < writer->tensors->len; i++)
    {
      const Tensor *tensor = writer->tensors->pdata[i];

      if (!cw_file_writer_write (out, tensor->data, tensor->bytes, error))
        return FALSE;
    }
  return cw_file_writer_commit (g_steal_pointer (&out), error);
}
