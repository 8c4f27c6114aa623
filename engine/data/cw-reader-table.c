/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-csv.h"
#include "data/cw-emotion.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A table of one's own: a csv file, or labels.csv in a folder, with a column path (relative to the
 * table's folder) and any of label, subject, split; every other column whose first value is a number
 * becomes a column of the dataset. */

typedef struct
{
  int path, label, subject, split;
  GArray *numbers; /* int: table columns that are numbers */
} Layout;

static char *
find_table (const char *location)
{
  if (g_file_test (location, G_FILE_TEST_IS_DIR))
    return g_build_filename (location, "labels.csv", NULL);
  return g_strdup (location);
}

static int
table_probe (const char *location)
{
  g_autofree char *path = find_table (location);
  g_autoptr (CwCsv) csv = NULL;

  if (!g_str_has_suffix (path, ".csv") || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return 0;
  csv = cw_csv_open (path, NULL);
  return csv != NULL && cw_csv_next (csv) && cw_csv_find (csv, "path") >= 0 ? 80 : 5;
}

static gboolean
is_number (const char *text, float *value)
{
  char *end;
  double number = g_ascii_strtod (text, &end);

  *value = (float) number;
  return end != text && *end == '\0' && isfinite (number);
}

/* Classes: canonical where all are emotions, else in byte order. */
static void
add_classes (CwDataset *dataset, const char *path, int label)
{
  g_autoptr (CwCsv) csv = cw_csv_open (path, NULL);
  g_autoptr (GTree) names = g_tree_new_full ((GCompareDataFunc) (GCallback) strcmp, NULL, g_free,
                                             NULL);
  gboolean emotions = TRUE;

  if (csv == NULL || label < 0 || !cw_csv_next (csv))
    return;
  while (cw_csv_next (csv))
    {
      const char *name = cw_csv_get_field (csv, (guint) label);

      if (*name == '\0')
        continue;
      emotions = emotions && cw_emotion_parse (name) >= 0;
      g_tree_replace (names, g_strdup (name), NULL);
    }
  if (g_tree_nnodes (names) == 0)
    return;
  if (emotions)
    cw_emotion_add_labels (dataset, CW_N_EMOTIONS);
  for (GTreeNode *node = emotions ? NULL : g_tree_node_first (names); node != NULL;
       node = g_tree_node_next (node))
    cw_dataset_add_label (dataset, g_tree_node_key (node));
}

static int
find_label (CwDataset *dataset, const char *name)
{
  int emotion = cw_emotion_parse (name);

  for (int i = 0; i < (int) cw_dataset_get_n_labels (dataset); i++)
    {
      const char *label = cw_dataset_get_label (dataset, i);

      if (strcmp (label, name) == 0 || (emotion >= 0 && cw_emotion_parse (label) == emotion))
        return i;
    }
  return -1;
}

static CwSplit
parse_split (const char *text)
{
  if (g_ascii_strncasecmp (text, "train", 5) == 0)
    return CW_SPLIT_TRAIN;
  if (g_ascii_strncasecmp (text, "val", 3) == 0 || g_ascii_strcasecmp (text, "dev") == 0)
    return CW_SPLIT_VALID;
  if (g_ascii_strncasecmp (text, "test", 4) == 0)
    return CW_SPLIT_TEST;
  return CW_SPLIT_NONE;
}

/* The first data row is the current one: it tells which columns are numbers. */
static void
find_numbers (CwDataset *dataset, CwCsv *csv, Layout *layout, char **header)
{
  layout->numbers = g_array_new (FALSE, FALSE, sizeof (int));
  for (int c = 0; header[c] != NULL; c++)
    {
      float value;

      if (c == layout->path || c == layout->label || c == layout->subject || c == layout->split
          || !is_number (cw_csv_get_field (csv, (guint) c), &value))
        continue;
      g_array_append_val (layout->numbers, c);
      cw_dataset_add_column (dataset, header[c]);
    }
}

static void
read_row (CwDataset *dataset, CwCsv *csv, const Layout *layout, const char *folder)
{
  const char *name = cw_csv_get_field (csv, (guint) layout->path);
  g_autofree char *path = NULL;
  g_autofree float *columns = g_new (float, layout->numbers->len + 1);
  const char *subject
      = layout->subject >= 0 ? cw_csv_get_field (csv, (guint) layout->subject) : "";

  if (*name == '\0')
    {
      g_autofree char *where = g_strdup_printf ("line %u", cw_csv_get_line (csv));

      cw_dataset_reject (dataset, where, "the path is empty");
      return;
    }
  path = g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      cw_dataset_reject (dataset, name, "listed, but there is no such picture");
      return;
    }
  for (guint i = 0; i < layout->numbers->len; i++)
    {
      const char *text = cw_csv_get_field (csv, (guint) g_array_index (layout->numbers, int, i));

      if (!is_number (text, &columns[i]))
        columns[i] = NAN;
    }
  cw_dataset_add_item (
      dataset, name, path,
      layout->label >= 0 ? find_label (dataset, cw_csv_get_field (csv, (guint) layout->label)) : -1,
      *subject != '\0' ? cw_dataset_add_subject (dataset, subject) : -1,
      layout->split >= 0 ? parse_split (cw_csv_get_field (csv, (guint) layout->split))
                         : CW_SPLIT_NONE,
      columns);
}

static CwDataset *
table_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autofree char *path = find_table (location);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (CwCsv) csv = cw_csv_open (path, error);
  g_autoptr (CwDataset) dataset = NULL;
  g_autoptr (GPtrArray) header = g_ptr_array_new_with_free_func (g_free);
  Layout layout = { 0 };
  gboolean first = TRUE;

  if (csv == NULL)
    return NULL;
  if (!cw_csv_next (csv))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: the table is empty", path);
      return NULL;
    }
  layout.path = cw_csv_require (csv, "path", error);
  if (layout.path < 0)
    return NULL;
  layout.label = cw_csv_find (csv, "label");
  layout.subject = cw_csv_find (csv, "subject");
  layout.split = cw_csv_find (csv, "split");
  for (guint c = 0; c < cw_csv_get_n_fields (csv); c++)
    g_ptr_array_add (header, g_strdup (cw_csv_get_field (csv, c)));
  g_ptr_array_add (header, NULL);

  dataset = cw_dataset_new (location, "table");
  add_classes (dataset, path, layout.label);
  while (cw_csv_next (csv))
    {
      if (first)
        find_numbers (dataset, csv, &layout, (char **) header->pdata);
      first = FALSE;
      if (cw_csv_get_line (csv) % 512 == 0 && !cw_job_progress (job, -1, NULL, error))
        {
          g_array_unref (layout.numbers);
          return NULL;
        }
      read_row (dataset, csv, &layout, folder);
    }
  g_clear_pointer (&layout.numbers, g_array_unref);
  return g_steal_pointer (&dataset);
}

const CwReaderClass cw_reader_table = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "table",
            .label = N_("Table of pictures"),
            .description = N_("labels.csv with path and any of label, subject, split, numbers") },
  .probe = table_probe,
  .open = table_open,
};
