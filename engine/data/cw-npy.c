/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-npy.h"

#include "base/cw-error.h"
#include "base/cw-file.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAGIC "\x93NUMPY"
#define MAGIC_SIZE 6
#define MAX_HEADER 65536

static gboolean
fail (const char *path, CwError code, const char *why, GError **error)
{
  g_set_error (error, CW_ERROR, (int) code, "%s: %s", path, why);
  return FALSE;
}

/* The text behind "'key':" of the header's dictionary. */
static const char *
find_value (const char *header, const char *key)
{
  g_autofree char *quoted = g_strdup_printf ("'%s'", key);
  const char *found = strstr (header, quoted);

  if (found == NULL)
    return NULL;
  found += strlen (quoted);
  while (*found == ' ')
    found++;
  if (*found != ':')
    return NULL;
  found++;
  while (*found == ' ')
    found++;
  return found;
}

/* "(2, 3)" or "(3,)"; FALSE at anything else. */
static gboolean
parse_shape (const char *text, const char *path, CwNpy *npy, GError **error)
{
  const char *broken = "the array's shape cannot be read";

  if (text == NULL || *text != '(')
    return fail (path, CW_ERROR_CORRUPT_FILE, broken, error);
  for (text++; *text != ')';)
    {
      char *end;
      guint64 n;

      if (*text == ' ' || *text == ',')
        {
          text++;
          continue;
        }
      if (!g_ascii_isdigit (*text))
        return fail (path, CW_ERROR_CORRUPT_FILE, broken, error);
      if (npy->n_dims == (int) G_N_ELEMENTS (npy->shape))
        return fail (path, CW_ERROR_UNSUPPORTED_FORMAT, "arrays of at most 4 dimensions are read",
                     error);
      n = g_ascii_strtoull (text, &end, 10);
      npy->shape[npy->n_dims++] = n;
      text = end;
    }
  return TRUE;
}

static gboolean
count_elements (const CwNpy *npy, gsize *n)
{
  *n = 1;
  for (int i = 0; i < npy->n_dims; i++)
    {
      if (!g_size_checked_mul (n, *n, npy->shape[i]))
        return FALSE;
    }
  return TRUE;
}

static gsize
type_size (char type)
{
  return type == 'f' ? sizeof (float) : 1;
}

/* Where the header's dictionary and the data begin; FALSE where the file is too short for them. */
static gboolean
find_parts (const guint8 *data, gsize size, gsize *header, gsize *header_size, const char *path,
            GError **error)
{
  if (size < 12 || memcmp (data, MAGIC, MAGIC_SIZE) != 0 || data[6] < 1 || data[6] > 3)
    return fail (path, CW_ERROR_CORRUPT_FILE, "not a NumPy array file", error);
  *header = data[6] == 1 ? 10 : 12;
  *header_size = (gsize) data[8] | (gsize) data[9] << 8;
  if (data[6] > 1)
    *header_size |= (gsize) data[10] << 16 | (gsize) data[11] << 24;
  if (*header_size > MAX_HEADER || *header_size > size - *header)
    return fail (path, CW_ERROR_CORRUPT_FILE, "the array's header is cut short", error);
  return TRUE;
}

static gboolean
parse_header (const char *header, const char *path, CwNpy *npy, GError **error)
{
  const char *descr = find_value (header, "descr");
  const char *order = find_value (header, "fortran_order");

  if (descr == NULL || order == NULL)
    return fail (path, CW_ERROR_CORRUPT_FILE, "the array's header lacks descr or fortran_order",
                 error);
  if (g_str_has_prefix (descr, "'<f4'"))
    npy->type = 'f';
  else if (g_str_has_prefix (descr, "'|u1'"))
    npy->type = 'u';
  else
    return fail (path, CW_ERROR_UNSUPPORTED_FORMAT, "only float32 and uint8 arrays are read", error);
  if (!parse_shape (find_value (header, "shape"), path, npy, error))
    return FALSE;
  /* With one dimension both orders are the same. */
  if (!g_str_has_prefix (order, "False") && npy->n_dims > 1)
    return fail (path, CW_ERROR_UNSUPPORTED_FORMAT, "only arrays in C order are read", error);
  return TRUE;
}

CwNpy *
cw_npy_open (const char *path, GError **error)
{
  g_autoptr (CwNpy) npy = g_new0 (CwNpy, 1);
  g_autofree char *header = NULL;
  const guint8 *data;
  gsize size, start, header_size, n;

  npy->path = g_strdup (path);
  npy->fd = cw_file_open (path, error);
  npy->map = npy->fd >= 0 ? g_mapped_file_new_from_fd (npy->fd, FALSE, error) : NULL;
  if (npy->map == NULL)
    return NULL;
  data = (const guint8 *) g_mapped_file_get_contents (npy->map);
  size = g_mapped_file_get_length (npy->map);
  if (!find_parts (data, size, &start, &header_size, path, error))
    return NULL;
  header = g_strndup ((const char *) data + start, header_size);
  if (!parse_header (header, path, npy, error))
    return NULL;
  start += header_size;
  if (!count_elements (npy, &n) || !g_size_checked_mul (&n, n, type_size (npy->type))
      || n != size - start)
    fail (path, CW_ERROR_CORRUPT_FILE, "the data do not fill the array's shape: cut short?", error);
  else if (npy->type == 'f' && start % sizeof (float) != 0)
    fail (path, CW_ERROR_UNSUPPORTED_FORMAT, "the data are not aligned; save it with NumPy", error);
  else
    {
      npy->start = start;
      npy->data = data + start;
      return g_steal_pointer (&npy);
    }
  return NULL;
}

void
cw_npy_free (CwNpy *npy)
{
  if (npy == NULL)
    return;
  g_clear_pointer (&npy->map, g_mapped_file_unref);
  if (npy->fd >= 0)
    g_close (npy->fd, NULL);
  g_free (npy->path);
  g_free (npy);
}

gboolean
cw_npy_read_row (const CwNpy *npy, gsize row, gpointer out, GError **error)
{
  gsize size = type_size (npy->type);

  g_return_val_if_fail (row < npy->shape[0], FALSE);

  for (int i = 1; i < npy->n_dims; i++)
    size *= npy->shape[i];
  return cw_file_read_at (npy->fd, npy->path, npy->start + row * size, out, size, error);
}

/* ---- writing ---- */

/* The file up to the data: a multiple of 64 bytes, @least at least. */
static GString *
make_header (char type, int n_dims, const gsize *shape, gsize least)
{
  GString *header = g_string_new_len (MAGIC "\x01\x00\x00\x00", MAGIC_SIZE + 4);
  gsize n;

  g_string_append_printf (header, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                          type == 'f' ? "<f4" : "|u1");
  for (int i = 0; i < n_dims; i++)
    g_string_append_printf (header, "%s%" G_GSIZE_FORMAT, i > 0 ? ", " : "", shape[i]);
  g_string_append (header, n_dims == 1 ? ",), }" : "), }");
  while ((header->len + 1) % 64 != 0 || header->len + 1 < least)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  n = header->len - (MAGIC_SIZE + 4);
  header->str[MAGIC_SIZE + 2] = (char) (n & 0xFF);
  header->str[MAGIC_SIZE + 3] = (char) (n >> 8);
  return header;
}

gboolean
cw_npy_save (const char *path, char type, int n_dims, const gsize *shape, gconstpointer data,
             GError **error)
{
  g_autoptr (GString) header = NULL;
  g_autoptr (CwFileWriter) writer = NULL;
  gsize n = type_size (type);

  g_return_val_if_fail (type == 'f' || type == 'u', FALSE);

  header = make_header (type, n_dims, shape, 0);
  for (int i = 0; i < n_dims; i++)
    n *= shape[i];
  writer = cw_file_writer_new (path, error);
  if (writer == NULL || !cw_file_writer_write (writer, header->str, header->len, error)
      || !cw_file_writer_write (writer, data, n, error))
    return FALSE;
  return cw_file_writer_commit (g_steal_pointer (&writer), error);
}

/* Room for four numbers of twenty digits. */
#define WRITER_HEADER 192

struct _CwNpyWriter
{
  CwFileWriter *file;
  char type;
  int n_dims;
  gsize shape[4];
  gsize row_bytes;
};

CwNpyWriter *
cw_npy_writer_new (const char *path, char type, int n_dims, const gsize *shape, GError **error)
{
  g_autoptr (CwNpyWriter) writer = NULL;
  g_autoptr (GString) header = NULL;

  g_return_val_if_fail (type == 'f' || type == 'u', NULL);
  g_return_val_if_fail (n_dims >= 1 && n_dims <= (int) G_N_ELEMENTS (writer->shape), NULL);

  writer = g_new0 (CwNpyWriter, 1);
  writer->type = type;
  writer->n_dims = n_dims;
  writer->row_bytes = type_size (type);
  for (int i = 1; i < n_dims; i++)
    {
      writer->shape[i] = shape[i];
      writer->row_bytes *= shape[i];
    }
  header = make_header (type, n_dims, writer->shape, WRITER_HEADER);
  writer->file = cw_file_writer_new (path, error);
  if (writer->file == NULL
      || !cw_file_writer_write (writer->file, header->str, header->len, error))
    return NULL;
  return g_steal_pointer (&writer);
}

gboolean
cw_npy_writer_append (CwNpyWriter *writer, gconstpointer rows, gsize n, GError **error)
{
  writer->shape[0] += n;
  return cw_file_writer_write (writer->file, rows, n * writer->row_bytes, error);
}

gboolean
cw_npy_writer_sync (CwNpyWriter *writer, GError **error)
{
  g_autoptr (GString) header
      = make_header (writer->type, writer->n_dims, writer->shape, WRITER_HEADER);

  g_assert (header->len == WRITER_HEADER);
  return cw_file_writer_write_at (writer->file, 0, header->str, header->len, error)
         && cw_file_writer_sync (writer->file, error);
}

gboolean
cw_npy_writer_commit (CwNpyWriter *writer, GError **error)
{
  gboolean ok = cw_file_writer_commit (g_steal_pointer (&writer->file), error);

  g_free (writer);
  return ok;
}

void
cw_npy_writer_abandon (CwNpyWriter *writer)
{
  if (writer == NULL)
    return;
  cw_file_writer_abandon (writer->file);
  g_free (writer);
}
