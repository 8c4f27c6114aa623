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
 * taken from); every other column that holds nothing but numbers becomes a column of the dataset. */

/* The names that a column goes by; the first is ours. */
static const char *const path_names[] = { "path", "file", "filename", "image", NULL };
static const char *const label_names[] = { "label", "emotion", "expression", "class", NULL };
static const char *const subject_names[] = { "subject", "person", "identity", NULL };
static const char *const split_names[] = { "split", "usage", "set", NULL };
static const char *const source_names[] = { "source", "recording", "video", "clip", NULL };

typedef struct
{
  guint n_columns;
  int path, label, subject, split, source; /* -1 = none */
  GPtrArray *header;               /* char * */
  GArray *numeric;                 /* guint8: 0 = empty so far, 1 = numbers, 2 = something else */
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

/* An empty cell is no number, and no word either. */
static gboolean
parse_number (const char *text, float *value)
{
  char *end;
  double number = g_ascii_strtod (text, &end);

  *value = (float) number;
  return end != text && *end == '\0' && isfinite (*value);
}

/* ---- the two passes ---- */

static void
clear_layout (Layout *layout)
{
  g_ptr_array_unref (layout->header);
  g_array_unref (layout->numeric);
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
    g_ptr_array_add (layout->header, g_strdup (cw_csv_get_field (csv, c)));
  g_array_set_size (layout->numeric, layout->n_columns);
  /* The error is that of the name that is ours. */
  return layout->path >= 0 || cw_csv_require (csv, path_names[0], error) >= 0;
}

static gboolean
is_special (const Layout *layout, guint column)
{
  return (int) column == layout->path || (int) column == layout->label
         || (int) column == layout->subject || (int) column == layout->split
         || (int) column == layout->source;
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
          && !_cw_layout_check_split (csv, path, layout->header->pdata[layout->split],
                                      (guint) layout->split, error))
        return FALSE;
      if (layout->label >= 0)
        _cw_classes_see (classes, cw_csv_get_field (csv, (guint) layout->label));
      for (guint c = 0; c < layout->n_columns; c++)
        {
          guint8 *kind = &g_array_index (layout->numeric, guint8, c);
          const char *text = *kind != 2 ? cw_csv_get_field (csv, c) : "";
          float value;

          if (*text != '\0')
            *kind = parse_number (text, &value) ? 1 : 2;
        }
    }
  for (guint c = 0; c < layout->n_columns; c++)
    {
      if (g_array_index (layout->numeric, guint8, c) == 1 && !is_special (layout, c))
        g_array_append_val (layout->numbers, c);
    }
  return *error == NULL;
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
      if (!parse_number (cw_csv_get_field (csv, g_array_index (layout->numbers, guint, i)),
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
  columns = g_new (float, layout->numbers->len + 1);
  for (guint i = 0; i < layout->numbers->len; i++)
    cw_dataset_add_column (dataset,
                           layout->header->pdata[g_array_index (layout->numbers, guint, i)]);
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
  Layout layout = { .header = g_ptr_array_new_with_free_func (g_free),
                    .numeric = g_array_new (FALSE, TRUE, sizeof (guint8)),
                    .numbers = g_array_new (FALSE, FALSE, sizeof (guint)) };

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
