/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "base/cw-error.h"
#include "data/cw-csv.h"
#include "data/cw-layout.h"
#include "data/cw-picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* FEC (Google's facial expression comparison): faceexp-comparison-data-{train,test}-public.csv, without
 * a header. A row has three faces (address, then left, right, top, bottom of the face as shares of the
 * picture), the kind of triplet, then annotators and the face (1 to 3) that each found least like
 * the other two. The release has addresses only, and many are dead: files.csv beside it, with the
 * columns url and path (relative to its folder), says which pictures are here. Nothing is fetched. */

#define N_FACE_FIELDS 5 /* address, left, right, top, bottom */
#define KIND_FIELD (3 * N_FACE_FIELDS)
#define FIRST_ANSWER (KIND_FIELD + 2) /* behind the first annotator */
#define FILES "files.csv"

static const struct
{
  const char *name;
  CwSplit split;
} tables[] = {
  { "faceexp-comparison-data-train-public.csv", CW_SPLIT_TRAIN },
  { "faceexp-comparison-data-test-public.csv", CW_SPLIT_TEST },
};

/* By how many expressions the three were chosen to show. */
static const char *const kinds[] = { "ONE_CLASS_TRIPLET", "TWO_CLASS_TRIPLET",
                                     "THREE_CLASS_TRIPLET" };

/* Shares of the picture's width and height. */
typedef struct
{
  float left, right, top, bottom;
} Box;

typedef struct
{
  GArray *boxes; /* Box, one per item */
} Faces;

static void
faces_free (gpointer data)
{
  Faces *faces = data;

  g_array_unref (faces->boxes);
  g_free (faces);
}

/* ---- pictures ---- */

/* (transfer full): NULL when memory is short. */
static CwImage *
cut (const CwImage *image, const Box *box)
{
  int x0 = CLAMP ((int) lroundf (box->left * (float) image->w), 0, image->w - 1);
  int x1 = CLAMP ((int) lroundf (box->right * (float) image->w), x0 + 1, image->w);
  int y0 = CLAMP ((int) lroundf (box->top * (float) image->h), 0, image->h - 1);
  int y1 = CLAMP ((int) lroundf (box->bottom * (float) image->h), y0 + 1, image->h);
  gsize c = (gsize) image->c, row = (gsize) (x1 - x0) * c;
  CwImage *out = cw_image_new (x1 - x0, y1 - y0, image->c);

  for (int y = y0; out != NULL && y < y1; y++)
    memcpy (out->data + (gsize) (y - y0) * row,
            image->data + ((gsize) y * (gsize) image->w + (gsize) x0) * c, row);
  return out;
}

static CwImage *
load_face (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  const Faces *faces = data;
  const Box *box = &g_array_index (faces->boxes, Box, index);
  float share = MIN (box->right - box->left, box->bottom - box->top);
  g_autofree char *path = cw_dataset_dup_path (dataset, index);
  g_autoptr (CwImage) image = NULL;
  g_autoptr (CwImage) face = NULL;
  CwImage *shrunk;
  double side = ceil ((double) max_side / (double) share);

  /* Whatever the picture's shape, the face in it is then at least as large as is asked for. */
  image = cw_picture_load (path, side < CW_IMAGE_MAX_SIDE ? (int) side : 0, error);
  if (image == NULL)
    return NULL;
  face = cut (image, box);
  shrunk = face == NULL ? NULL : max_side > 0 ? cw_image_shrink (face, max_side)
                                              : cw_image_ref (face);
  if (shrunk == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: not enough memory for its face", path);
  return shrunk;
}

/* ---- tables ---- */

/* (transfer full): address -> path; empty where nothing is here. NULL with an error. */
static GHashTable *
read_files (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILES, NULL);
  g_autoptr (CwCsv) csv = NULL;
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) local = NULL;
  int url, file;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: no such file; FEC comes without pictures: list those you have there, with the "
                   "columns url and path",
                   path);
      return NULL;
    }
  csv = cw_csv_open (path, error);
  if (csv == NULL || !cw_csv_next (csv, error) || (url = cw_csv_require (csv, "url", error)) < 0
      || (file = cw_csv_require (csv, "path", error)) < 0)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: the table is empty", path);
      return NULL;
    }
  while (cw_csv_next (csv, &local))
    g_hash_table_insert (files, g_strdup (cw_csv_get_field (csv, (guint) url)),
                         g_strdup (cw_csv_get_field (csv, (guint) file)));
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return g_steal_pointer (&files);
}

typedef struct
{
  CwDataset *dataset;
  Faces *faces;
  GHashTable *files;
  const char *folder;
  CwSplit split;
} Reading;

static gboolean
parse_box (CwCsv *csv, guint first, Box *box)
{
  float *sides[] = { &box->left, &box->right, &box->top, &box->bottom };

  for (guint i = 0; i < 4; i++)
    {
      const char *text = cw_csv_get_field (csv, first + i);
      char *end;
      double value = g_ascii_strtod (text, &end);

      if (end == text || *end != '\0' || !isfinite (value))
        return FALSE;
      *sides[i] = (float) CLAMP (value, 0.0, 1.0);
    }
  return box->left < box->right && box->top < box->bottom;
}

/* The item of a row's face, which is added where it is new. FALSE with a reason. */
static gboolean
find_face (Reading *r, CwCsv *csv, guint number, guint32 *item, char **reason)
{
  guint first = number * N_FACE_FIELDS, index;
  const char *url = cw_csv_get_field (csv, first);
  const char *file = g_hash_table_lookup (r->files, url);
  g_autofree char *raw = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  Box box;

  if (!parse_box (csv, first + 1, &box))
    {
      *reason = g_strdup_printf ("the box of face %u is not left < right, top < bottom in 0 to 1",
                                 number + 1);
      return FALSE;
    }
  if (file == NULL)
    {
      *reason = g_strdup_printf ("%s is not in " FILES, url);
      return FALSE;
    }
  raw = g_strdup_printf ("%s#%s,%s,%s,%s", file, cw_csv_get_field (csv, first + 1),
                         cw_csv_get_field (csv, first + 2), cw_csv_get_field (csv, first + 3),
                         cw_csv_get_field (csv, first + 4));
  name = g_utf8_make_valid (raw, -1);
  if (!cw_dataset_find (r->dataset, name, &index))
    {
      path = g_path_is_absolute (file) ? g_strdup (file)
                                       : g_build_filename (r->folder, file, NULL);
      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        {
          *reason = g_strdup_printf ("%s is in " FILES ", but there is no such picture", file);
          return FALSE;
        }
      index = cw_dataset_get_n_items (r->dataset);
      cw_dataset_add_item (r->dataset, name, path, -1, -1, r->split, NULL);
      cw_dataset_set_source (r->dataset, index, file);
      g_array_append_val (r->faces->boxes, box);
    }
  *item = index;
  return TRUE;
}

/* The face that most chose, 0..2; -1 where they were fewer than four of six. */
static int
parse_odd (CwCsv *csv)
{
  guint votes[3] = { 0 }, n = 0;
  int odd = 0;

  for (guint f = FIRST_ANSWER; f < cw_csv_get_n_fields (csv); f += 2)
    {
      const char *text = cw_csv_get_field (csv, f);

      if (strlen (text) != 1 || *text < '1' || *text > '3')
        continue;
      votes[*text - '1']++;
      n++;
    }
  for (int i = 1; i < 3; i++)
    {
      if (votes[i] > votes[odd])
        odd = i;
    }
  return n > 0 && 6 * votes[odd] >= 4 * n ? odd : -1;
}

static int
parse_kind (const char *text)
{
  for (int i = 0; i < (int) G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (text, kinds[i]) == 0)
        return i + 1;
    }
  return 0;
}

/* NULL where the row became a triplet, else (transfer full) why not. */
static char *
read_row (Reading *r, CwCsv *csv)
{
  CwTriplet triplet = { .n_classes = parse_kind (cw_csv_get_field (csv, KIND_FIELD)),
                        .odd = parse_odd (csv),
                        .split = r->split };
  char *reason = NULL;

  if (triplet.n_classes == 0)
    return g_strdup ("field 16 is no kind of triplet such as ONE_CLASS_TRIPLET");
  if (triplet.odd < 0)
    return g_strdup ("no face that four of six annotators found the odd one out");
  for (guint i = 0; i < 3; i++)
    {
      if (!find_face (r, csv, i, &triplet.items[i], &reason))
        return reason;
    }
  if (triplet.items[0] == triplet.items[1] || triplet.items[0] == triplet.items[2]
      || triplet.items[1] == triplet.items[2])
    return g_strdup ("a face stands in it twice");
  cw_dataset_add_triplet (r->dataset, &triplet);
  return NULL;
}

static gboolean
read_table (Reading *r, const char *path, CwJob *job, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (CwCsv) csv = cw_csv_open (path, error);
  g_autoptr (GError) local = NULL;

  if (csv == NULL)
    return FALSE;
  while (cw_csv_next (csv, &local))
    {
      g_autofree char *reason = NULL;
      g_autofree char *where = NULL;

      if (cw_csv_get_line (csv) % 512 == 0
          && !cw_job_progress (job, cw_csv_get_fraction (csv), NULL, error))
        return FALSE;
      reason = read_row (r, csv);
      if (reason == NULL)
        continue;
      where = g_strdup_printf ("%s:%u", name, cw_csv_get_line (csv));
      cw_dataset_reject (r->dataset, where, reason);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* ---- the reader ---- */

/* (transfer full) (nullable): the table numbered @i at @location: in the folder, or itself. */
static char *
find_table (const char *location, gsize i)
{
  g_autofree char *name = g_path_get_basename (location);

  if (g_file_test (location, G_FILE_TEST_IS_DIR))
    return _cw_layout_find_child (location, tables[i].name);
  return g_ascii_strcasecmp (name, tables[i].name) == 0 ? g_strdup (location) : NULL;
}

static int
fec_probe (const char *location)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *path = find_table (location, i);

      if (path != NULL)
        return 95;
    }
  return 0;
}

static gboolean
read_tables (Reading *r, const char *location, CwJob *job, GError **error)
{
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *path = find_table (location, i);

      if (path == NULL)
        continue;
      r->split = tables[i].split;
      if (!read_table (r, path, job, error))
        return FALSE;
      n++;
    }
  if (n == 0)
    g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no %s and no %s", location,
                 tables[0].name, tables[1].name);
  return n > 0;
}

static CwDataset *
fec_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "fec");
  g_autofree char *folder = g_file_test (location, G_FILE_TEST_IS_DIR)
                                ? g_strdup (location)
                                : g_path_get_dirname (location);
  g_autoptr (GHashTable) files = read_files (folder, error);
  Faces *faces = g_new0 (Faces, 1);
  Reading reading = { dataset, faces, files, folder, CW_SPLIT_NONE };

  faces->boxes = g_array_new (FALSE, FALSE, sizeof (Box));
  cw_dataset_set_loader (dataset, load_face, NULL, faces, faces_free);
  if (files == NULL || !read_tables (&reading, location, job, error))
    return NULL;
  return g_steal_pointer (&dataset);
}

const CwReaderClass _cw_reader_fec = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "fec",
            .label = N_ ("FEC triplets"),
            .description = N_ ("faceexp-comparison-data-*-public.csv, with files.csv for the pictures") },
  .probe = fec_probe,
  .open = fec_open,
};
