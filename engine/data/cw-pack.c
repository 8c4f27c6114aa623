/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-pack.h"

#include "base/cw-error.h"
#include "base/cw-file.h"
#include "base/cw-parallel.h"
#include "data/cw-csv.h"
#include "data/cw-npy.h"
#include "data/cw-outputs.h"
#include "data/cw-pack-private.h"
#include "data/cw-picture.h"
#include "face/cw-landmarks.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

/* Pictures decoded at once: enough to keep all threads busy, few enough to fit into memory. */
#define CHUNK 64

#define LARGEST_DEFAULT_SIDE 256

const char *const _cw_pack_fixed_columns[CW_PACK_N_FIXED] = { "path", "label", "subject", "split" };

char *
_cw_pack_table_path (const char *path)
{
  g_autofree char *stem = NULL;

  if (!g_str_has_suffix (path, ".npy"))
    return NULL;
  stem = g_strndup (path, strlen (path) - strlen (".npy"));
  return g_strconcat (stem, ".csv", NULL);
}

gboolean
_cw_pack_is_crops (const CwNpy *npy)
{
  return npy->type == 'u' && npy->n_dims == 4 && npy->shape[0] <= G_MAXINT32 && npy->shape[1] >= 1
         && npy->shape[1] <= CW_IMAGE_MAX_SIDE && npy->shape[1] == npy->shape[2]
         && (npy->shape[3] == 1 || npy->shape[3] == 3);
}

gboolean
_cw_pack_has_header (CwCsv *csv)
{
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < CW_PACK_N_FIXED; i++)
    ok = strcmp (cw_csv_get_field (csv, i), _cw_pack_fixed_columns[i]) == 0;
  return ok;
}

char *
_cw_pack_landmark_column (int point, int axis)
{
  return g_strconcat (cw_landmark_template[point].id, axis == 0 ? ".x" : ".y", NULL);
}

void
cw_pack_report_clear (CwPackReport *report)
{
  g_clear_pointer (&report->rejected, g_ptr_array_unref);
}

/* ---- crops ---- */

/* The largest centred square of a picture, in its pixels. */
typedef struct
{
  int left, top, side;
} Square;

static Square
find_square (const CwImage *image)
{
  int side = MIN (image->w, image->h);

  return (Square){ (image->w - side) / 2, (image->h - side) / 2, side };
}

/* (transfer full): NULL when memory is short. */
static CwImage *
cut (CwImage *image, Square square)
{
  gsize c = (gsize) image->c, row = (gsize) square.side * c;
  CwImage *out;

  if (image->w == image->h)
    return cw_image_ref (image);
  out = cw_image_new (square.side, square.side, image->c);
  for (int y = 0; out != NULL && y < square.side; y++)
    memcpy (out->data + (gsize) y * row,
            image->data
                + ((gsize) (square.top + y) * (gsize) image->w + (gsize) square.left) * c,
            row);
  return out;
}

/* (transfer full): NULL when memory is short. */
static CwImage *
enlarge (const CwImage *image, int side)
{
  /* 0..1, neither shifted nor scaled. */
  const CwPreprocess plain = { side, { 0, 0, 0 }, { 1, 1, 1 } };
  gsize n = (gsize) side * (gsize) side;
  g_autofree float *rgb = g_try_new (float, 3 * n);
  g_autoptr (CwImage) colour = NULL;
  CwImage *grey;

  if (rgb == NULL)
    return NULL;
  cw_preprocess_picture (&plain, image, rgb);
  colour = cw_picture_from_float (rgb, side, side);
  if (colour == NULL || image->c == 3)
    return g_steal_pointer (&colour);
  grey = cw_image_new (side, side, 1);
  for (gsize i = 0; grey != NULL && i < n; i++)
    grey->data[i] = colour->data[3 * i];
  return grey;
}

/* (transfer full): NULL when memory is short. */
static CwImage *
make_crop (CwImage *image, int side)
{
  g_autoptr (CwImage) square = cut (image, find_square (image));

  if (square == NULL)
    return NULL;
  return square->w < side ? enlarge (square, side) : cw_image_shrink (square, side);
}

/* Normalised coordinates in the picture to those in its crop. */
static void
move_landmarks (const CwImage *image, CwPoint *points)
{
  Square square = find_square (image);

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      points[i].x = (points[i].x * (float) image->w - (float) square.left) / (float) square.side;
      points[i].y = (points[i].y * (float) image->h - (float) square.top) / (float) square.side;
    }
}

/* ---- decoding, on threads of its own: cw_parallel_for() neither allocates nor waits ---- */

typedef struct
{
  CwImage *crop; /* NULL: cannot be read */
  char *reason;
  gboolean has_landmarks;
  CwPoint landmarks[CW_N_LANDMARKS];
} Piece;

typedef struct
{
  CwDataset *dataset;
  guint first, n; /* items of the chunk */
  int side;
  gint next; /* atomic */
  Piece pieces[CHUNK];
} Chunk;

static void
clear_piece (Piece *piece)
{
  g_clear_pointer (&piece->crop, cw_image_unref);
  g_clear_pointer (&piece->reason, g_free);
}

static void
make_piece (CwDataset *dataset, guint index, int side, Piece *piece)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = cw_dataset_load_image (dataset, index, 0, &error);

  memset (piece, 0, sizeof *piece);
  if (image == NULL)
    {
      piece->reason = g_strdup (error->message);
      return;
    }
  piece->crop = make_crop (image, side);
  if (piece->crop == NULL)
    piece->reason = g_strdup ("not enough memory for its crop");
  piece->has_landmarks = cw_dataset_find_landmarks (dataset, index, piece->landmarks);
  if (piece->has_landmarks)
    move_landmarks (image, piece->landmarks);
}

static gpointer
chunk_main (gpointer data)
{
  Chunk *chunk = data;
  guint i;

  while ((i = (guint) g_atomic_int_add (&chunk->next, 1)) < chunk->n)
    make_piece (chunk->dataset, chunk->first + i, chunk->side, &chunk->pieces[i]);
  return NULL;
}

static void
decode_chunk (Chunk *chunk)
{
  GThread *threads[CW_PARALLEL_MAX_THREADS];
  int n_threads = MIN (cw_parallel_get_threads (), (int) chunk->n);

  chunk->next = 0;
  for (int t = 1; t < n_threads; t++)
    threads[t] = g_thread_new ("cw-pack", chunk_main, chunk);
  chunk_main (chunk);
  for (int t = 1; t < n_threads; t++)
    g_thread_join (threads[t]);
}

/* ---- the table ---- */

static gboolean
has_landmarks (CwDataset *dataset)
{
  CwPoint points[CW_N_LANDMARKS];
  gboolean found = FALSE;

  for (guint i = 0; i < cw_dataset_get_n_items (dataset) && !found; i++)
    found = cw_dataset_find_landmarks (dataset, i, points);
  return found;
}

static void
append_row (GString *table, const GPtrArray *fields)
{
  cw_csv_append_row (table, (const char *const *) fields->pdata, fields->len);
}

static void
append_header (GString *table, CwDataset *dataset, gboolean landmarks)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < CW_PACK_N_FIXED; i++)
    g_ptr_array_add (fields, g_strdup (_cw_pack_fixed_columns[i]));
  if (cw_dataset_get_n_sources (dataset) > 0)
    g_ptr_array_add (fields, g_strdup (CW_PACK_SOURCE_COLUMN));
  for (guint c = 0; c < cw_dataset_get_n_columns (dataset); c++)
    g_ptr_array_add (fields, g_strdup (cw_dataset_get_column_name (dataset, c)));
  for (int i = 0; landmarks && i < 2 * CW_N_LANDMARKS; i++)
    g_ptr_array_add (fields, _cw_pack_landmark_column (i / 2, i % 2));
  append_row (table, fields);
}

/* (transfer full): nine digits give a float back as it was. */
static char *
format_number (float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return g_strdup ("");
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.9g", (double) value));
}

static void
append_item (GString *table, CwDataset *dataset, guint index, gboolean landmarks,
             const Piece *piece)
{
  const CwItem *item = cw_dataset_get_item (dataset, index);
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (fields, g_strdup (item->name));
  g_ptr_array_add (fields, g_strdup (item->label >= 0 ? cw_dataset_get_label (dataset, item->label)
                                                      : ""));
  g_ptr_array_add (fields,
                   g_strdup (item->subject >= 0 ? cw_dataset_get_subject (dataset, item->subject)
                                                : ""));
  g_ptr_array_add (fields,
                   g_strdup (item->split != CW_SPLIT_NONE ? cw_split_name (item->split) : ""));
  if (cw_dataset_get_n_sources (dataset) > 0)
    g_ptr_array_add (fields, g_strdup (item->source >= 0
                                           ? cw_dataset_get_source (dataset, item->source) : ""));
  for (guint c = 0; c < cw_dataset_get_n_columns (dataset); c++)
    g_ptr_array_add (fields, format_number (cw_dataset_get_column (dataset, c, index)));
  for (int i = 0; landmarks && i < CW_N_LANDMARKS; i++)
    {
      CwPoint p = piece->has_landmarks ? piece->landmarks[i] : (CwPoint){ NAN, NAN };

      g_ptr_array_add (fields, format_number (p.x));
      g_ptr_array_add (fields, format_number (p.y));
    }
  append_row (table, fields);
}

/* ---- writing ---- */

typedef struct
{
  CwDataset *dataset;
  gboolean landmarks;
  CwNpyWriter *crops;
  GString *table;
  guint8 *row; /* [side, side, 3] */
  CwPackReport *report;
} Pack;

static void
clear_pack (Pack *pack)
{
  g_clear_pointer (&pack->crops, cw_npy_writer_abandon);
  if (pack->table != NULL)
    g_string_free (pack->table, TRUE);
  g_free (pack->row);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pack, clear_pack)

/* Begins, or begins again, with crops of @channels. */
static gboolean
begin (Pack *pack, const char *path, int channels, GError **error)
{
  CwPackReport *report = pack->report;
  const gsize side = (gsize) report->side, shape[] = { 0, side, side, (gsize) channels };

  g_clear_pointer (&pack->crops, cw_npy_writer_abandon);
  g_string_truncate (pack->table, 0);
  g_ptr_array_set_size (report->rejected, 0);
  report->n = 0;
  report->channels = channels;
  append_header (pack->table, pack->dataset, pack->landmarks);
  pack->crops = cw_npy_writer_new (path, 'u', 4, shape, error);
  return pack->crops != NULL;
}

static gboolean
add_piece (Pack *pack, guint index, const Piece *piece, GError **error)
{
  const CwImage *crop = piece->crop;
  const guint8 *pixels;

  if (crop == NULL)
    {
      g_ptr_array_add (pack->report->rejected,
                       cw_rejected_new (cw_dataset_get_item (pack->dataset, index)->name,
                                        piece->reason));
      return TRUE;
    }
  pixels = crop->data;
  if (crop->c < pack->report->channels)
    {
      for (gsize i = 0; i < cw_image_bytes (crop); i++)
        memset (pack->row + 3 * i, crop->data[i], 3);
      pixels = pack->row;
    }
  append_item (pack->table, pack->dataset, index, pack->landmarks, piece);
  pack->report->n++;
  return cw_npy_writer_append (pack->crops, pixels, 1, error);
}

static gboolean
add_chunk (Pack *pack, const Chunk *chunk, gboolean *needs_colour, GError **error)
{
  for (guint i = 0; i < chunk->n; i++)
    {
      const Piece *piece = &chunk->pieces[i];

      if (piece->crop != NULL && piece->crop->c > pack->report->channels)
        {
          *needs_colour = TRUE;
          return TRUE;
        }
      if (!add_piece (pack, chunk->first + i, piece, error))
        return FALSE;
    }
  return TRUE;
}

/* All items, unless one needs more channels than the crops have: then it stops there. */
static gboolean
add_items (Pack *pack, CwJob *job, gboolean *needs_colour, GError **error)
{
  guint n = cw_dataset_get_n_items (pack->dataset);
  g_autofree Chunk *chunk = g_new0 (Chunk, 1);
  gboolean ok = TRUE;

  *needs_colour = FALSE;
  chunk->dataset = pack->dataset;
  chunk->side = pack->report->side;
  for (guint first = 0; ok && !*needs_colour && first < n; first += CHUNK)
    {
      if (!cw_job_progress (job, (double) first / n, NULL, error))
        return FALSE;
      chunk->first = first;
      chunk->n = MIN (n - first, CHUNK);
      decode_chunk (chunk);
      ok = add_chunk (pack, chunk, needs_colour, error);
      for (guint i = 0; i < chunk->n; i++)
        clear_piece (&chunk->pieces[i]);
    }
  return ok;
}

/* 0 when no picture can be read. */
static int
choose_side (CwDataset *dataset)
{
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      g_autoptr (CwImage) image = cw_dataset_load_image (dataset, i, 0, NULL);

      if (image != NULL)
        return CLAMP (MIN (image->w, image->h), CW_PACK_MIN_SIDE, LARGEST_DEFAULT_SIDE);
    }
  return 0;
}

static gboolean
refuse_empty (CwDataset *dataset, const CwPackReport *report, GError **error)
{
  const CwRejected *first = report->rejected->len > 0 ? report->rejected->pdata[0] : NULL;

  g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: not one picture can be packed%s%s%s%s",
               cw_dataset_get_location (dataset), first != NULL ? "; first of all " : "",
               first != NULL ? first->name : "", first != NULL ? ": " : "",
               first != NULL ? first->reason : "");
  return FALSE;
}

static gboolean
is_pack (const char *path, const char *table_path)
{
  g_autoptr (CwNpy) crops = cw_npy_open (path, NULL);
  g_autoptr (CwCsv) csv = crops != NULL ? cw_csv_open (table_path, NULL) : NULL;

  return csv != NULL && _cw_pack_is_crops (crops) && cw_csv_next (csv, NULL)
         && _cw_pack_has_header (csv);
}

static gboolean
check_outputs (CwDataset *dataset, const char *path, const char *table_path, GError **error)
{
  const char *const paths[] = { table_path, path };

  return cw_outputs_check (paths, G_N_ELEMENTS (paths), dataset, is_pack (path, table_path),
                           "part of a pack", error);
}

/* Both are complete on disk before either gets its name. */
static gboolean
finish (Pack *pack, const char *path, const char *table_path, CwFileWriter *table_file,
        GError **error)
{
  g_autoptr (CwFileWriter) table = table_file;

  return cw_file_writer_write (table, pack->table->str, pack->table->len, error)
         && cw_file_writer_sync (table, error) && cw_npy_writer_sync (pack->crops, error)
         && check_outputs (pack->dataset, path, table_path, error)
         && cw_file_writer_commit (g_steal_pointer (&table), error)
         && cw_npy_writer_commit (g_steal_pointer (&pack->crops), error);
}

gboolean
cw_pack_write (CwDataset *dataset, const char *path, int side, CwJob *job, CwPackReport *report,
               GError **error)
{
  g_autofree char *table_path = _cw_pack_table_path (path);
  g_autoptr (CwFileWriter) table = NULL;
  g_auto (Pack) pack = { .dataset = dataset, .report = report };
  gboolean needs_colour;

  g_return_val_if_fail (side == 0 || (side >= CW_PACK_MIN_SIDE && side <= CW_PACK_MAX_SIDE), FALSE);

  memset (report, 0, sizeof *report);
  report->rejected = g_ptr_array_new_with_free_func (cw_rejected_free);
  if (table_path == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "%s: the name of a pack ends in .npy; the items stand beside it in .csv", path);
      return FALSE;
    }
  /* What must not or cannot be written is known before hours of decoding. */
  if (!check_outputs (dataset, path, table_path, error))
    return FALSE;
  table = cw_file_writer_new (table_path, error);
  if (table == NULL)
    return FALSE;
  report->side = side > 0 ? side : choose_side (dataset);
  if (report->side == 0)
    report->side = CW_PACK_MIN_SIDE;
  pack.landmarks = has_landmarks (dataset);
  pack.table = g_string_new (NULL);
  pack.row = g_malloc (3 * (gsize) report->side * (gsize) report->side);

  /* Grey until a picture in colour turns up: among pictures in colour that is soon, and among grey ones
   * never. */
  if (!begin (&pack, path, 1, error) || !add_items (&pack, job, &needs_colour, error))
    return FALSE;
  if (needs_colour
      && (!begin (&pack, path, 3, error) || !add_items (&pack, job, &needs_colour, error)))
    return FALSE;
  if (report->n == 0)
    return refuse_empty (dataset, report, error);
  return finish (&pack, path, table_path, g_steal_pointer (&table), error);
}
