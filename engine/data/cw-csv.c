/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-csv.h"

#include "base/cw-error.h"

#include <string.h>

struct _CwCsv
{
  char *path;
  GMappedFile *map;
  const char *at, *end;
  GPtrArray *fields; /* char * */
  guint line;        /* of the current row */
  guint next_line;
};

CwCsv *
cw_csv_open (const char *path, GError **error)
{
  GMappedFile *map = g_mapped_file_new (path, FALSE, error);
  CwCsv *csv;
  gsize size;

  if (map == NULL)
    return NULL;
  csv = g_new0 (CwCsv, 1);
  csv->path = g_strdup (path);
  csv->map = map;
  csv->at = g_mapped_file_get_contents (map);
  size = g_mapped_file_get_length (map);
  csv->end = csv->at + size;
  if (size >= 3 && memcmp (csv->at, "\xEF\xBB\xBF", 3) == 0)
    csv->at += 3;
  csv->fields = g_ptr_array_new_with_free_func (g_free);
  csv->next_line = 1;
  return csv;
}

void
cw_csv_close (CwCsv *csv)
{
  if (csv == NULL)
    return;
  g_ptr_array_unref (csv->fields);
  g_mapped_file_unref (csv->map);
  g_free (csv->path);
  g_free (csv);
}

/* Reads the field at csv->at up to the comma or line end behind it. */
static char *
read_field (CwCsv *csv)
{
  GString *text;

  while (csv->at < csv->end && (*csv->at == ' ' || *csv->at == '\t'))
    csv->at++;
  if (csv->at < csv->end && *csv->at == '"')
    {
      text = g_string_new (NULL);
      for (csv->at++; csv->at < csv->end; csv->at++)
        {
          if (*csv->at == '"')
            {
              if (csv->at + 1 >= csv->end || csv->at[1] != '"')
                break;
              csv->at++;
            }
          if (*csv->at == '\n')
            csv->next_line++;
          g_string_append_c (text, *csv->at);
        }
      while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n')
        csv->at++;
      return g_string_free (text, FALSE);
    }
  {
    const char *start = csv->at;

    while (csv->at < csv->end && *csv->at != ',' && *csv->at != '\n')
      csv->at++;
    return g_strchomp (g_strndup (start, (gsize) (csv->at - start)));
  }
}

gboolean
cw_csv_next (CwCsv *csv)
{
  while (csv->at < csv->end)
    {
      g_ptr_array_set_size (csv->fields, 0);
      csv->line = csv->next_line;
      for (;;)
        {
          g_ptr_array_add (csv->fields, read_field (csv));
          if (csv->at >= csv->end || *csv->at == '\n')
            break;
          csv->at++;
        }
      if (csv->at < csv->end)
        csv->at++;
      csv->next_line++;
      if (csv->fields->len > 1 || *(const char *) csv->fields->pdata[0] != '\0')
        return TRUE;
    }
  return FALSE;
}

guint
cw_csv_get_n_fields (CwCsv *csv)
{
  return csv->fields->len;
}

const char *
cw_csv_get_field (CwCsv *csv, guint field)
{
  return field < csv->fields->len ? csv->fields->pdata[field] : "";
}

guint
cw_csv_get_line (CwCsv *csv)
{
  return csv->line;
}

int
cw_csv_find (CwCsv *csv, const char *name)
{
  for (guint i = 0; i < csv->fields->len; i++)
    {
      if (g_ascii_strcasecmp (csv->fields->pdata[i], name) == 0)
        return (int) i;
    }
  return -1;
}

int
cw_csv_require (CwCsv *csv, const char *name, GError **error)
{
  int column = cw_csv_find (csv, name);

  if (column < 0)
    g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: no column '%s' in its first line",
                 csv->path, name);
  return column;
}
