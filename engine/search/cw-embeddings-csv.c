/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-search"

#include "search/cw-embeddings-csv.h"

#include "base/cw-error.h"

#include <string.h>

void
_cw_csv_reader_init (CwCsvReader *reader, const char *path, const char *text, gsize size)
{
  *reader = (CwCsvReader) { .path = path, .p = text, .end = text + size, .line = 1 };
  /* Some programs mark UTF-8. */
  if (size >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    reader->p += 3;
}

static gboolean
broken (const CwCsvReader *reader, const char *problem, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s:%" G_GUINT64_FORMAT ": %s", reader->path,
               reader->line, problem);
  return FALSE;
}

/* A quoted field, from behind its first quote to behind its last. */
static gboolean
read_quoted (CwCsvReader *reader, GString *field, guint64 *n_lines, GError **error)
{
  for (; reader->p < reader->end; reader->p++)
    {
      if (*reader->p == '"')
        {
          reader->p++;
          if (reader->p == reader->end || *reader->p != '"')
            return TRUE;
        }
      else if (*reader->p == '\n')
        (*n_lines)++;
      g_string_append_c (field, *reader->p);
    }
  return broken (reader, "a quote is not closed; get the file again", error);
}

/* TRUE at a line end, which is passed, and at the end of the file. */
static gboolean
at_line_end (CwCsvReader *reader)
{
  const char *p = reader->p;

  if (p < reader->end && *p == '\r' && p + 1 < reader->end && p[1] == '\n')
    p++;
  if (p < reader->end && *p != '\n')
    return FALSE;
  reader->p = p < reader->end ? p + 1 : p;
  return TRUE;
}

gboolean
_cw_csv_reader_next (CwCsvReader *reader, GPtrArray *fields, GError **error)
{
  guint64 n_lines = 1;

  g_ptr_array_set_size (fields, 0);
  if (reader->p == reader->end)
    return FALSE;
  for (;;)
    {
      g_autoptr (GString) field = g_string_new (NULL);

      if (reader->p < reader->end && *reader->p == '"')
        {
          reader->p++;
          if (!read_quoted (reader, field, &n_lines, error))
            return FALSE;
        }
      else
        {
          while (reader->p < reader->end && *reader->p != ',' && *reader->p != '\n'
                 && !(*reader->p == '\r' && reader->p + 1 < reader->end && reader->p[1] == '\n'))
            g_string_append_c (field, *reader->p++);
        }
      if (memchr (field->str, '\0', field->len) != NULL)
        return broken (reader, "a zero byte; this is no text file", error);
      g_ptr_array_add (fields, g_string_free (g_steal_pointer (&field), FALSE));
      if (at_line_end (reader))
        break;
      if (*reader->p != ',')
        return broken (reader, "text behind a closing quote; double quotes within a field", error);
      reader->p++;
    }
  reader->line += n_lines;
  return TRUE;
}
