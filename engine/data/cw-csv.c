/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-csv.h"

#include "base/cw-error.h"

#include <math.h>
#include <string.h>

/* Where a field lies in the file; its text is made when somebody asks for it, as a row of pixels is
 * long and only its place is wanted. */
typedef struct
{
  const char *start;
  gsize length;
  gboolean doubled; /* has "" for " */
  GString *text;    /* (nullable): kept from row to row */
  gboolean made;    /* text is this row's */
} Field;

struct _CwCsv
{
  char *path;
  GMappedFile *map;
  const char *begin, *at, *end;
  GArray *fields; /* Field; only grows */
  guint n_fields; /* of the current row */
  guint line;     /* of the current row */
  guint next_line;
};

static void
clear_field (gpointer data)
{
  Field *field = data;

  if (field->text != NULL)
    g_string_free (field->text, TRUE);
}

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
  /* An empty file has no contents. */
  size = g_mapped_file_get_length (map);
  csv->begin = size > 0 ? g_mapped_file_get_contents (map) : "";
  csv->at = csv->begin;
  csv->end = csv->at + size;
  if (size >= 3 && memcmp (csv->at, "\xEF\xBB\xBF", 3) == 0)
    csv->at += 3;
  csv->fields = g_array_new (FALSE, TRUE, sizeof (Field));
  g_array_set_clear_func (csv->fields, clear_field);
  csv->next_line = 1;
  return csv;
}

void
cw_csv_close (CwCsv *csv)
{
  if (csv == NULL)
    return;
  g_array_unref (csv->fields);
  g_mapped_file_unref (csv->map);
  g_free (csv->path);
  g_free (csv);
}

static Field *
next_field (CwCsv *csv)
{
  Field *field;

  if (csv->n_fields == csv->fields->len)
    g_array_set_size (csv->fields, csv->fields->len + 1);
  field = &g_array_index (csv->fields, Field, csv->n_fields);
  csv->n_fields++;
  field->made = field->doubled = FALSE;
  return field;
}

/* Up to the comma or line end behind the field. */
static const char *
find_field_end (const char *at, const char *end)
{
  while (at < end && *at != ',' && *at != '\n')
    at++;
  return at;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* csv->at is behind the opening quote. */
static gboolean
read_quoted (CwCsv *csv, Field *field, GError **error)
{
  field->start = csv->at;
  for (; csv->at < csv->end; csv->at++)
    {
      if (*csv->at == '\n')
        csv->next_line++;
      if (*csv->at != '"')
        continue;
      if (csv->at + 1 < csv->end && csv->at[1] == '"')
        {
          field->doubled = TRUE;
          csv->at++;
          continue;
        }
      field->length = (gsize) (csv->at - field->start);
      csv->at = find_field_end (csv->at, csv->end);
      return TRUE;
    }
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
               "%s: a quote in the row that begins on line %u is never closed", csv->path, csv->line);
  return FALSE;
}

static gboolean
read_field (CwCsv *csv, GError **error)
{
  Field *field = next_field (csv);
  const char *last;

  while (csv->at < csv->end && is_blank (*csv->at))
    csv->at++;
  if (csv->at < csv->end && *csv->at == '"')
    {
      csv->at++;
      return read_quoted (csv, field, error);
    }
  field->start = csv->at;
  csv->at = last = find_field_end (csv->at, csv->end);
  while (last > field->start && is_blank (last[-1]))
    last--;
  field->length = (gsize) (last - field->start);
  return TRUE;
}

gboolean
cw_csv_next (CwCsv *csv, GError **error)
{
  while (csv->at < csv->end)
    {
      csv->n_fields = 0;
      csv->line = csv->next_line;
      for (;;)
        {
          if (!read_field (csv, error))
            {
              csv->n_fields = 0;
              return FALSE;
            }
          if (csv->at >= csv->end || *csv->at == '\n')
            break;
          csv->at++;
        }
      if (csv->at < csv->end)
        csv->at++;
      csv->next_line++;
      if (csv->n_fields > 1 || g_array_index (csv->fields, Field, 0).length > 0)
        return TRUE;
    }
  csv->n_fields = 0;
  return FALSE;
}

guint
cw_csv_get_n_fields (CwCsv *csv)
{
  return csv->n_fields;
}

const char *
cw_csv_get_field (CwCsv *csv, guint index)
{
  Field *field;

  if (index >= csv->n_fields)
    return "";
  field = &g_array_index (csv->fields, Field, index);
  if (field->text == NULL)
    field->text = g_string_new (NULL);
  if (!field->made)
    {
      g_string_truncate (field->text, 0);
      g_string_append_len (field->text, field->start, (gssize) field->length);
      if (field->doubled)
        g_string_replace (field->text, "\"\"", "\"", 0);
      field->made = TRUE;
    }
  return field->text->str;
}

const char *
cw_csv_get_raw (CwCsv *csv, guint index, gsize *offset, gsize *length)
{
  const Field *field;

  *offset = *length = 0;
  if (index >= csv->n_fields)
    return "";
  field = &g_array_index (csv->fields, Field, index);
  *offset = (gsize) (field->start - csv->begin);
  *length = field->length;
  return field->start;
}

guint
cw_csv_get_line (CwCsv *csv)
{
  return csv->line;
}

double
cw_csv_get_fraction (CwCsv *csv)
{
  gsize size = (gsize) (csv->end - csv->begin);

  return size > 0 ? (double) (csv->at - csv->begin) / (double) size : 1.0;
}

int
cw_csv_find (CwCsv *csv, const char *name)
{
  for (guint i = 0; i < csv->n_fields; i++)
    {
      if (g_ascii_strcasecmp (cw_csv_get_field (csv, i), name) == 0)
        return (int) i;
    }
  return -1;
}

/* For messages: at most a few words, whatever the file is. */
static char *
list_fields (CwCsv *csv)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < csv->n_fields && list->len < 80; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (cw_csv_get_field (csv, i), -1);
      g_autofree char *part = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), 24));

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                              g_strdelimit (part, "\r\n\t", ' '));
    }
  return g_string_free (list, FALSE);
}

int
cw_csv_require (CwCsv *csv, const char *name, GError **error)
{
  int column = cw_csv_find (csv, name);

  if (column < 0)
    {
      g_autofree char *list = list_fields (csv);

      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: no column '%s' in its first line, which has: %s", csv->path, name, list);
    }
  return column;
}

static gboolean
needs_quotes (const char *field)
{
  size_t n = strlen (field);

  return strpbrk (field, ",\"\r\n") != NULL
         || (n > 0 && (is_blank (field[0]) || is_blank (field[n - 1])));
}

gboolean
cw_csv_is_missing (const char *text)
{
  static const char *const words[] = { "", "na", "n/a", "null", "none" };
  char *end;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_ascii_strcasecmp (text, words[i]) == 0)
        return TRUE;
    }
  /* Which reads nan, inf and what is too large as well. */
  return !isfinite ((float) g_ascii_strtod (text, &end)) && *end == '\0';
}

gboolean
cw_csv_parse_number (const char *text, float *value)
{
  char *end;
  double number = g_ascii_strtod (text, &end);

  *value = (float) number;
  return end != text && *end == '\0' && isfinite (*value);
}

void
cw_csv_append_row (GString *text, const char *const *fields, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      if (!needs_quotes (fields[i]))
        {
          g_string_append (text, fields[i]);
          continue;
        }
      g_string_append_c (text, '"');
      for (const char *p = fields[i]; *p != '\0'; p++)
        {
          if (*p == '"')
            g_string_append_c (text, '"');
          g_string_append_c (text, *p);
        }
      g_string_append_c (text, '"');
    }
  g_string_append_c (text, '\n');
}
