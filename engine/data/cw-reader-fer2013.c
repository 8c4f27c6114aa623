/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "base/cw-file.h"
#include "data/cw-csv.h"
#include "data/cw-emotion.h"
#include "data/cw-layout.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* FER2013 as tables of pixels: fer2013.csv (emotion,pixels,Usage), icml_face_data.csv (the same in
 * another order, with blanks in the header), train.csv (emotion,pixels), test.csv (pixels). A row's
 * pixels are grey values in decimal, 48 x 48 of them as published. They are read when somebody
 * wants the picture. */

/* No table of faces has larger ones; and the text of one fits into memory with ease. */
#define MAX_SIDE 1024

static const CwEmotion codes[7]
    = { CW_EMOTION_ANGER,   CW_EMOTION_DISGUST,  CW_EMOTION_FEAR,   CW_EMOTION_HAPPINESS,
        CW_EMOTION_SADNESS, CW_EMOTION_SURPRISE, CW_EMOTION_NEUTRAL };

/* Where an item's pixels are. */
typedef struct
{
  guint file; /* index into files */
  guint line;
  gsize offset, length;
} Row;

typedef struct
{
  int side;         /* of all pictures; 0 = not known yet */
  GPtrArray *paths; /* char * */
  GArray *files;    /* int: descriptors */
  GArray *rows;     /* Row, by item */
} Table;

static void
table_free (gpointer data)
{
  Table *table = data;

  g_ptr_array_unref (table->paths);
  for (guint i = 0; i < table->files->len; i++)
    g_close (g_array_index (table->files, int, i), NULL);
  g_array_unref (table->files);
  g_array_unref (table->rows);
  g_free (table);
}

static Table *
table_new (void)
{
  Table *table = g_new0 (Table, 1);

  table->paths = g_ptr_array_new_with_free_func (g_free);
  table->files = g_array_new (FALSE, FALSE, sizeof (int));
  table->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  return table;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* How many words there are. */
static gsize
count_values (const char *text, gsize length)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    n += !is_blank (text[i]) && (i == 0 || is_blank (text[i - 1]));
  return n;
}

/* Exactly @n numbers 0..255; FALSE at anything else. */
static gboolean
parse_pixels (const char *text, gsize length, guint8 *out, gsize n)
{
  const char *end = text + length;
  gsize found = 0;

  while (text < end)
    {
      int value = 0, digits = 0;

      if (is_blank (*text))
        {
          text++;
          continue;
        }
      for (; text < end && g_ascii_isdigit (*text) && digits < 4; text++, digits++)
        value = 10 * value + (*text - '0');
      if (digits == 0 || value > 255 || found == n || (text < end && !is_blank (*text)))
        return FALSE;
      out[found++] = (guint8) value;
    }
  return found == n;
}

static CwImage *
table_load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  const Table *table = data;
  const Row *row = &g_array_index (table->rows, Row, index);
  const char *path = table->paths->pdata[row->file];
  g_autofree char *text = g_malloc (row->length);
  g_autoptr (CwImage) image = cw_image_new (table->side, table->side, 1);
  CwImage *shrunk = NULL;

  if (!cw_file_read_at (g_array_index (table->files, int, row->file), path, row->offset, text,
                        row->length, error))
    return NULL;
  if (image != NULL && !parse_pixels (text, row->length, image->data, cw_image_bytes (image)))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: line %u: the pixels are not all numbers from 0 to 255", path, row->line);
      return NULL;
    }
  if (image != NULL)
    shrunk = max_side > 0 ? cw_image_shrink (image, max_side) : g_steal_pointer (&image);
  if (shrunk == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: line %u: not enough memory", path,
                 row->line);
  return shrunk;
}

/* ---- reading ---- */

/* Columns of one file; -1 = none. */
typedef struct
{
  int emotion, pixels, usage;
  CwSplit split; /* of all rows, where there is no column Usage */
  char *stem;    /* names the rows */
  guint file;
} Layout;

/* The first row says how large pictures are, as a row that was cut may happen to be square, too. */
static gboolean
check_size (Table *table, gsize n)
{
  if (table->side == 0)
    {
      for (int side = 2; side <= MAX_SIDE; side++)
        {
          if ((gsize) side * (gsize) side == n)
            table->side = side;
        }
    }
  return table->side > 0 && n == (gsize) table->side * (gsize) table->side;
}

static void
read_row (CwDataset *dataset, Table *table, CwCsv *csv, const Layout *layout, guint number)
{
  g_autofree char *name = g_strdup_printf ("%s-%07u", layout->stem, number);
  Row row = { .file = layout->file, .line = cw_csv_get_line (csv) };
  CwSplit split = layout->split;
  const char *text;
  int label = -1;

  if (layout->emotion >= 0)
    {
      const char *code = cw_csv_get_field (csv, (guint) layout->emotion);

      if (strlen (code) != 1 || *code < '0' || *code > '6')
        {
          cw_dataset_reject (dataset, name, "the emotion is not a number from 0 to 6");
          return;
        }
      label = (int) codes[*code - '0'];
    }
  if (layout->usage >= 0)
    split = _cw_layout_parse_split (cw_csv_get_field (csv, (guint) layout->usage));
  text = cw_csv_get_raw (csv, (guint) layout->pixels, &row.offset, &row.length);
  if (!check_size (table, count_values (text, row.length)))
    {
      g_autofree char *reason
          = g_strdup_printf ("%" G_GSIZE_FORMAT " pixels instead of %d x %d",
                             count_values (text, row.length), table->side, table->side);

      cw_dataset_reject (dataset, name, reason);
      return;
    }
  g_array_append_val (table->rows, row);
  cw_dataset_add_item (dataset, name, NULL, label, -1, split, NULL);
}

static gboolean
read_file (CwDataset *dataset, Table *table, const char *path, CwJob *job, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (CwCsv) csv = cw_csv_open (path, error);
  g_autofree char *stem = g_path_get_basename (path);
  int fd;
  Layout layout = { .file = table->files->len };

  if (csv == NULL)
    return FALSE;
  if (!cw_csv_next (csv, &local))
    {
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: the table is empty", path);
      return FALSE;
    }
  layout.pixels = cw_csv_require (csv, "pixels", error);
  fd = layout.pixels >= 0 ? cw_file_open (path, error) : -1;
  if (fd < 0)
    return FALSE;
  g_array_append_val (table->files, fd);
  g_ptr_array_add (table->paths, g_strdup (path));
  layout.emotion = cw_csv_find (csv, "emotion");
  layout.usage = cw_csv_find (csv, "Usage");
  if (g_str_has_suffix (stem, ".csv"))
    stem[strlen (stem) - 4] = '\0';
  layout.stem = stem;
  layout.split = _cw_layout_parse_split (stem);
  for (guint number = 0; cw_csv_next (csv, &local); number++)
    {
      if (number % 256 == 0 && !cw_job_progress (job, cw_csv_get_fraction (csv), NULL, error))
        return FALSE;
      if (layout.usage >= 0
          && !_cw_layout_check_split (csv, path, "Usage", (guint) layout.usage, error))
        return FALSE;
      read_row (dataset, table, csv, &layout, number);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

/* ---- the reader ---- */

static gboolean
has_pixels (const char *path)
{
  g_autoptr (CwCsv) csv = cw_csv_open (path, NULL);

  return csv != NULL && cw_csv_next (csv, NULL) && cw_csv_find (csv, "pixels") >= 0;
}

/* (transfer full): the tables of a location, the complete one before the contest's two. */
static GPtrArray *
find_files (const char *location)
{
  static const char *const whole[] = { "fer2013.csv", "icml_face_data.csv" };
  static const char *const halves[] = { "train.csv", "test.csv" };
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  gboolean is_whole;

  if (!g_file_test (location, G_FILE_TEST_IS_DIR))
    {
      g_ptr_array_add (files, g_strdup (location));
      return files;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (whole) && files->len == 0; i++)
    {
      char *path = _cw_layout_find_child (location, whole[i]);

      if (path != NULL)
        g_ptr_array_add (files, path);
    }
  is_whole = files->len > 0;
  for (size_t i = 0; i < G_N_ELEMENTS (halves) && !is_whole; i++)
    {
      g_autofree char *path = _cw_layout_find_child (location, halves[i]);

      if (path != NULL && has_pixels (path))
        g_ptr_array_add (files, g_steal_pointer (&path));
    }
  return files;
}

/* A table that names pixels in its first line, or that calls itself FER2013. */
static int
fer2013_probe (const char *location)
{
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *name = NULL;

  if (!g_file_test (location, G_FILE_TEST_IS_DIR) && !g_str_has_suffix (location, ".csv"))
    return 0;
  files = find_files (location);
  if (files->len == 0 || !g_file_test (files->pdata[0], G_FILE_TEST_IS_REGULAR))
    return 0;
  if (has_pixels (files->pdata[0]))
    return 90;
  name = g_path_get_basename (files->pdata[0]);
  return g_ascii_strcasecmp (name, "fer2013.csv") == 0
                 || g_ascii_strcasecmp (name, "icml_face_data.csv") == 0
             ? 60
             : 0;
}

static CwDataset *
fer2013_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "fer2013");
  g_autoptr (GPtrArray) files = find_files (location);
  Table *table = table_new ();

  cw_dataset_set_loader (dataset, table_load, NULL, table, table_free);
  cw_emotion_add_labels (dataset, CW_EMOTION_CONTEMPT);
  if (files->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: no fer2013.csv, icml_face_data.csv or train.csv in it", location);
      return NULL;
    }
  for (guint i = 0; i < files->len; i++)
    {
      cw_dataset_add_file (dataset, files->pdata[i]);
      if (!read_file (dataset, table, files->pdata[i], job, error))
        return NULL;
    }
  return g_steal_pointer (&dataset);
}

const CwReaderClass _cw_reader_fer2013 = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "fer2013",
            .label = N_ ("FER2013 table"),
            .description = N_ ("fer2013.csv and its kin: grey pictures as numbers in a table") },
  .probe = fer2013_probe,
  .open = fer2013_open,
};
