/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-classes.h"
#include "data/cw-csv.h"
#include "data/cw-layout.h"
#include "data/cw-npy.h"
#include "data/cw-pack-private.h"
#include "image/cw-region.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A pack as cw-pack.h describes it. Pictures are read one by one, when somebody wants them. */

typedef struct
{
  CwNpy *crops;
  GArray *rows;       /* guint32: row of the array of each item */
  CwPoint *landmarks; /* (nullable): [n rows, CW_N_LANDMARKS]; NaN = none */
} Pack;

static Pack *
pack_new (CwNpy *crops)
{
  Pack *pack = g_new0 (Pack, 1);

  pack->crops = crops;
  pack->rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  return pack;
}

static void
pack_free (gpointer data)
{
  Pack *pack = data;

  cw_npy_free (pack->crops);
  g_array_unref (pack->rows);
  g_free (pack->landmarks);
  g_free (pack);
}

/* ---- pictures ---- */

static CwImage *
out_of_memory (CwDataset *dataset, guint index, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: not enough memory for the picture",
               cw_dataset_get_item (dataset, index)->name);
  return NULL;
}

static CwImage *
pack_load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  const Pack *pack = data;
  int side = (int) pack->crops->shape[1], c = (int) pack->crops->shape[3];
  g_autoptr (CwImage) image = cw_image_new (side, side, c);
  CwImage *shrunk;

  if (image == NULL)
    return out_of_memory (dataset, index, error);
  if (!cw_npy_read_row (pack->crops, g_array_index (pack->rows, guint32, index), image->data, error))
    return NULL;
  if (max_side <= 0 || side <= max_side)
    return g_steal_pointer (&image);
  shrunk = cw_image_shrink (image, max_side);
  return shrunk != NULL ? shrunk : out_of_memory (dataset, index, error);
}

static gboolean
pack_landmarks (CwDataset *dataset, guint index, gpointer data, CwPoint *points)
{
  const Pack *pack = data;
  const CwPoint *own;

  if (pack->landmarks == NULL)
    return FALSE;
  own = pack->landmarks + (gsize) g_array_index (pack->rows, guint32, index) * CW_N_LANDMARKS;
  if (isnan (own->x))
    return FALSE;
  memcpy (points, own, CW_N_LANDMARKS * sizeof *points);
  return TRUE;
}

/* ---- the array ---- */

static CwNpy *
open_crops (const char *location, GError **error)
{
  g_autoptr (CwNpy) npy = cw_npy_open (location, error);

  if (npy == NULL)
    return NULL;
  if (!_cw_pack_is_crops (npy))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "%s: a pack is uint8 with the axes n, side, side and 3 or 1; this has %d axes of "
                   "%s",
                   location, npy->n_dims, npy->type == 'f' ? "float32" : "uint8");
      return NULL;
    }
  return g_steal_pointer (&npy);
}

/* ---- the table ---- */

typedef struct
{
  const char *npy_path, *path;
  guint n_fields;
  gboolean sources; /* whether there is a column for them */
  guint first;      /* column of the data set */
  guint n_columns;
  gboolean landmarks;
} Table;

static gboolean
names_landmarks (CwCsv *csv, guint first)
{
  for (guint i = 0; i < 2 * CW_N_LANDMARKS; i++)
    {
      g_autofree char *name = _cw_pack_landmark_column ((int) i / 2, (int) i % 2);

      if (strcmp (cw_csv_get_field (csv, first + i), name) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_header (CwCsv *csv, Table *table, GError **error)
{
  gboolean ok = cw_csv_next (csv, error);

  if (!ok && *error != NULL)
    return FALSE;
  if (!ok || !_cw_pack_has_header (csv))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: the first line has to begin with path,label,subject,split", table->path);
      return FALSE;
    }
  table->n_fields = cw_csv_get_n_fields (csv);
  table->sources = strcmp (cw_csv_get_field (csv, CW_PACK_N_FIXED), CW_PACK_SOURCE_COLUMN) == 0;
  table->first = CW_PACK_N_FIXED + (table->sources ? 1 : 0);
  table->n_columns = table->n_fields - table->first;
  table->landmarks = table->n_columns >= 2 * CW_N_LANDMARKS
                     && names_landmarks (csv, table->n_fields - 2 * CW_N_LANDMARKS);
  if (table->landmarks)
    table->n_columns -= 2 * CW_N_LANDMARKS;
  return TRUE;
}

static void
add_columns (CwDataset *dataset, CwCsv *csv, const Table *table)
{
  for (guint c = 0; c < table->n_columns; c++)
    cw_dataset_add_column (dataset, cw_csv_get_field (csv, table->first + c));
}

/* First pass: which classes there are, and whether there is a row for each crop. */
static gboolean
survey (CwCsv *csv, const Table *table, gsize n, CwClasses *classes, GError **error)
{
  gsize rows = 0;

  while (cw_csv_next (csv, error))
    {
      if (cw_csv_get_n_fields (csv) != table->n_fields)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                       "%s:%u: %u fields where the first line has %u", table->path,
                       cw_csv_get_line (csv), cw_csv_get_n_fields (csv), table->n_fields);
          return FALSE;
        }
      if (!_cw_layout_check_split (csv, table->path, _cw_pack_fixed_columns[CW_PACK_SPLIT],
                                   CW_PACK_SPLIT, error))
        return FALSE;
      _cw_classes_see (classes, cw_csv_get_field (csv, CW_PACK_LABEL));
      rows++;
    }
  if (*error == NULL && rows != n)
    g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                 "%s: %" G_GSIZE_FORMAT " rows for the %" G_GSIZE_FORMAT
                 " pictures of %s; pack the data set again",
                 table->path, rows, n, table->npy_path);
  return *error == NULL;
}

static void
read_landmarks (CwCsv *csv, const Table *table, CwPoint *points)
{
  guint first = table->n_fields - 2 * CW_N_LANDMARKS;
  gboolean ok = TRUE;

  for (guint i = 0; i < CW_N_LANDMARKS; i++)
    ok = cw_csv_parse_number (cw_csv_get_field (csv, first + 2 * i), &points[i].x)
         && cw_csv_parse_number (cw_csv_get_field (csv, first + 2 * i + 1), &points[i].y) && ok;
  if (!ok)
    points[0].x = NAN;
}

static void
read_row (CwDataset *dataset, CwCsv *csv, const Table *table, CwClasses *classes, Pack *pack,
          guint32 row, float *columns)
{
  const char *subject = cw_csv_get_field (csv, CW_PACK_SUBJECT);
  const char *source = table->sources ? cw_csv_get_field (csv, CW_PACK_N_FIXED) : "";

  for (guint c = 0; c < table->n_columns; c++)
    {
      if (!cw_csv_parse_number (cw_csv_get_field (csv, table->first + c), &columns[c]))
        columns[c] = NAN;
    }
  if (table->landmarks)
    read_landmarks (csv, table, pack->landmarks + (gsize) row * CW_N_LANDMARKS);
  /* A name that stands twice is refused. */
  if (!cw_dataset_add_item (dataset, cw_csv_get_field (csv, CW_PACK_PATH), NULL,
                            _cw_classes_find (classes, cw_csv_get_field (csv, CW_PACK_LABEL)),
                            *subject != '\0' ? cw_dataset_add_subject (dataset, subject) : -1,
                            _cw_layout_parse_split (cw_csv_get_field (csv, CW_PACK_SPLIT)), columns))
    return;
  g_array_append_val (pack->rows, row);
  if (*source != '\0')
    cw_dataset_set_source (dataset, cw_dataset_get_n_items (dataset) - 1, source);
}

/* @error is never NULL. */
static gboolean
read_table (CwDataset *dataset, Pack *pack, Table *table, CwJob *job, GError **error)
{
  g_autoptr (CwClasses) classes = _cw_classes_new ();
  g_autoptr (CwCsv) first = cw_csv_open (table->path, error);
  g_autoptr (CwCsv) second = first != NULL ? cw_csv_open (table->path, error) : NULL;
  g_autofree float *columns = NULL;

  if (second == NULL || !read_header (first, table, error))
    return FALSE;
  add_columns (dataset, first, table);
  if (!survey (first, table, pack->crops->shape[0], classes, error))
    return FALSE;
  _cw_classes_add_labels (classes, dataset);
  columns = g_new (float, table->n_columns + 1);
  if (table->landmarks)
    pack->landmarks = g_new (CwPoint, pack->crops->shape[0] * CW_N_LANDMARKS);
  cw_csv_next (second, error);
  for (guint32 row = 0; cw_csv_next (second, error); row++)
    {
      if (row % 512 == 0 && !cw_job_progress (job, cw_csv_get_fraction (second), NULL, error))
        return FALSE;
      read_row (dataset, second, table, classes, pack, row, columns);
    }
  return *error == NULL;
}

/* ---- the reader ---- */

static int
pack_probe (const char *location)
{
  g_autofree char *table = _cw_pack_table_path (location);
  g_autoptr (CwNpy) npy = NULL;

  if (table == NULL || !g_file_test (location, G_FILE_TEST_IS_REGULAR))
    return 0;
  npy = cw_npy_open (location, NULL);
  /* Nobody else reads such a file; the error is then of use to somebody. */
  if (npy == NULL || !_cw_pack_is_crops (npy) || !g_file_test (table, G_FILE_TEST_IS_REGULAR))
    return 10;
  return 95;
}

static CwDataset *
pack_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autofree char *path = _cw_pack_table_path (location);
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "pack");
  g_autoptr (GError) local = NULL;
  Table table = { .npy_path = location, .path = path };
  CwNpy *crops;
  Pack *pack;

  if (path == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                   "%s: a pack is a file NAME.npy with NAME.csv beside it", location);
      return NULL;
    }
  crops = open_crops (location, error);
  if (crops == NULL)
    return NULL;
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: its table %s is missing; pack the data set again", location, path);
      cw_npy_free (crops);
      return NULL;
    }
  pack = pack_new (crops);
  cw_dataset_set_loader (dataset, pack_load, pack_landmarks, pack, pack_free);
  cw_dataset_add_file (dataset, location);
  cw_dataset_add_file (dataset, path);
  if (!read_table (dataset, pack, &table, job, &local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&dataset);
}

const CwReaderClass _cw_reader_pack = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "pack",
            .label = N_ ("Pack of crops"),
            .description = N_ ("NAME.npy with all pictures decoded, uint8 [n, side, side, 3 or 1], "
                               "and NAME.csv beside it") },
  .probe = pack_probe,
  .open = pack_open,
};
