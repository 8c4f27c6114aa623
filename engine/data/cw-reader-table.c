/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-classes.h"
#include "data/cw-csv.h"
#include "data/cw-layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A table of one's own: a csv file, or labels.csv in a folder, with a column path (relative to the
 * table's folder) and any of label, subject, split, source (the recording or photo that a picture is
 * taken from); every other column that holds nothing but numbers and what stands for none becomes a column of the
 * dataset. */

/* The names that a column goes by; the first is ours. */
static const char *const path_names[] = { "path", "file", "filename", "image", NULL };
static const char *const label_names[] = { "label", "emotion", "expression", "class", NULL };
static const char *const subject_names[] = { "subject", "person", "identity", NULL };
static const char *const split_names[] = { "split", "usage", "set", NULL };
static const char *const source_names[] = { "source", "recording", "video", "clip", NULL };

/* What stands in a column. */
typedef struct
{
  char *name;
  gboolean has_numbers;
  char *word; /* (nullable): the first that is no number */
  guint line; /* of it */
} Column;

typedef struct
{
  guint n_columns;
  int path, label, subject, split, source; /* -1 = none */
  GArray *columns;                 /* Column */
  GArray *numbers;                 /* guint: columns that hold numbers */
} Layout;

/* (transfer full) */
static char *
find_table (const char *location)
{
  if (g_file_test (location, G_FILE_TEST_IS_DIR))
    {
      char *table = _cw_layout_find_child (location, "labels.csv");

      return table != NULL ? table : g_build_filename (location, "labels.csv", NULL);
    }
  return g_strdup (location);
}

static int
find_column (CwCsv *csv, const char *const *names)
{
  int column = -1;

  for (int i = 0; names[i] != NULL && column < 0; i++)
    column = cw_csv_find (csv, names[i]);
  return column;
}

/* ---- the two passes ---- */

static void
clear_column (gpointer data)
{
  Column *column = data;

  g_free (column->name);
  g_free (column->word);
}

static void
clear_layout (Layout *layout)
{
  g_array_unref (layout->columns);
  g_array_unref (layout->numbers);
}

static gboolean
read_header (CwCsv *csv, Layout *layout, GError **error)
{
  layout->n_columns = cw_csv_get_n_fields (csv);
  layout->path = find_column (csv, path_names);
  layout->label = find_column (csv, label_names);
  layout->subject = find_column (csv, subject_names);
  layout->split = find_column (csv, split_names);
  layout->source = find_column (csv, source_names);
  for (guint c = 0; c < layout->n_columns; c++)
    {
      Column column = { .name = g_strdup (cw_csv_get_field (csv, c)) };

      g_array_append_val (layout->columns, column);
    }
  /* The error is that of the name that is ours. */
  return layout->path >= 0 || cw_csv_require (csv, path_names[0], error) >= 0;
}

static Column *
column_of (const Layout *layout, guint c)
{
  return &g_array_index (layout->columns, Column, c);
}

static gboolean
is_special (const Layout *layout, guint column)
{
  return (int) column == layout->path || (int) column == layout->label
         || (int) column == layout->subject || (int) column == layout->split
         || (int) column == layout->source;
}

static void
survey_cell (CwCsv *csv, Column *column, guint c)
{
  const char *text;
  float value;

  if (column->has_numbers && column->word != NULL)
    return;
  text = cw_csv_get_field (csv, c);
  if (cw_csv_is_missing (text))
    return;
  if (cw_csv_parse_number (text, &value))
    column->has_numbers = TRUE;
  else if (column->word == NULL)
    {
      column->word = g_strdup (text);
      column->line = cw_csv_get_line (csv);
    }
}

/* First pass: which classes there are and which columns are numbers. */
static gboolean
survey (CwCsv *csv, const char *path, Layout *layout, CwClasses *classes, CwJob *job, GError **error)
{
  while (cw_csv_next (csv, error))
    {
      if (cw_csv_get_line (csv) % 512 == 0
          && !cw_job_progress (job, 0.5 * cw_csv_get_fraction (csv), NULL, error))
        return FALSE;
      if (layout->split >= 0
          && !_cw_layout_check_split (csv, path, column_of (layout, (guint) layout->split)->name,
                                      (guint) layout->split, error))
        return FALSE;
      if (layout->label >= 0)
        _cw_classes_see (classes, cw_csv_get_field (csv, (guint) layout->label));
      for (guint c = 0; c < layout->n_columns; c++)
        survey_cell (csv, column_of (layout, c), c);
    }
  return *error == NULL;
}

/* One slip in a column of numbers takes all of them away: that is told. */
static void
add_columns (CwDataset *dataset, const char *path, Layout *layout)
{
  for (guint c = 0; c < layout->n_columns; c++)
    {
      const Column *column = column_of (layout, c);

      if (is_special (layout, c) || !column->has_numbers)
        continue;
      if (column->word == NULL)
        {
          cw_dataset_add_column (dataset, column->name);
          g_array_append_val (layout->numbers, c);
        }
      else
        {
          g_autofree char *text = g_strdup_printf (
              "%s:%u: %s = '%s' is no number, as others in this column are; the column is left out",
              path, column->line, column->name, column->word);

          cw_dataset_add_remark (dataset, text);
        }
    }
}

static void
read_row (CwDataset *dataset, CwCsv *csv, const Layout *layout, CwClasses *classes,
          const char *folder, float *columns)
{
  const char *name = cw_csv_get_field (csv, (guint) layout->path);
  const char *subject = layout->subject >= 0 ? cw_csv_get_field (csv, (guint) layout->subject) : "";
  const char *label = layout->label >= 0 ? cw_csv_get_field (csv, (guint) layout->label) : "";
  const char *split = layout->split >= 0 ? cw_csv_get_field (csv, (guint) layout->split) : "";
  const char *source = layout->source >= 0 ? cw_csv_get_field (csv, (guint) layout->source) : "";
  g_autofree char *path = NULL;

  if (*name == '\0')
    {
      g_autofree char *where = g_strdup_printf ("line %u", cw_csv_get_line (csv));

      cw_dataset_reject (dataset, where, "the path is empty");
      return;
    }
  path = g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      cw_dataset_reject (dataset, name, "listed, but there is no such picture");
      return;
    }
  for (guint i = 0; i < layout->numbers->len; i++)
    {
      if (!cw_csv_parse_number (cw_csv_get_field (csv, g_array_index (layout->numbers, guint, i)),
                         &columns[i]))
        columns[i] = NAN;
    }
  if (cw_dataset_add_item (dataset, name, path, _cw_classes_find (classes, label),
                           *subject != '\0' ? cw_dataset_add_subject (dataset, subject) : -1,
                           _cw_layout_parse_split (split), columns)
      && *source != '\0')
    cw_dataset_set_source (dataset, cw_dataset_get_n_items (dataset) - 1, source);
}

/* @error is never NULL. */
static gboolean
read_table (CwDataset *dataset, const char *path, Layout *layout, CwJob *job, GError **error)
{
  g_autoptr (CwClasses) classes = _cw_classes_new ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree float *columns = NULL;
  g_autoptr (CwCsv) first = cw_csv_open (path, error);
  g_autoptr (CwCsv) second = first != NULL ? cw_csv_open (path, error) : NULL;

  if (second == NULL)
    return FALSE;
  if (!cw_csv_next (first, error) || !cw_csv_next (second, error))
    {
      if (*error == NULL)
        g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: the table is empty", path);
      return FALSE;
    }
  if (!read_header (first, layout, error) || !survey (first, path, layout, classes, job, error))
    return FALSE;

  _cw_classes_add_labels (classes, dataset);
  add_columns (dataset, path, layout);
  columns = g_new (float, layout->numbers->len + 1);
  while (cw_csv_next (second, error))
    {
      if (cw_csv_get_line (second) % 512 == 0
          && !cw_job_progress (job, 0.5 + 0.5 * cw_csv_get_fraction (second), NULL, error))
        return FALSE;
      read_row (dataset, second, layout, classes, folder, columns);
    }
  return *error == NULL;
}

/* ---- the reader ---- */

static int
table_probe (const char *location)
{
  g_autofree char *path = find_table (location);
  g_autoptr (CwCsv) csv = NULL;

  if (!g_str_has_suffix (path, ".csv") || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return 0;
  csv = cw_csv_open (path, NULL);
  if (csv == NULL || !cw_csv_next (csv, NULL))
    return 5;
  if (cw_csv_find (csv, path_names[0]) >= 0)
    return 80;
  return find_column (csv, path_names) >= 0 ? 40 : 5;
}

static CwDataset *
table_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autofree char *path = find_table (location);
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "table");
  g_autoptr (GError) local = NULL;
  Layout layout = { .columns = g_array_new (FALSE, FALSE, sizeof (Column)),
                    .numbers = g_array_new (FALSE, FALSE, sizeof (guint)) };

  g_array_set_clear_func (layout.columns, clear_column);
  cw_dataset_add_table (dataset, path);
  read_table (dataset, path, &layout, job, &local);
  clear_layout (&layout);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&dataset);
}

const CwReaderClass _cw_reader_table = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "table",
            .label = N_ ("Table of pictures"),
            .description = N_ ("labels.csv with path and any of label, subject, split, source, numbers") },
  .probe = table_probe,
  .open = table_open,
};
