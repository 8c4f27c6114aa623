/* SPDX-License-Identifier: MIT */
#include "contrawarp.h"

#include "cw-test.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char *folder;

/* A data set in memory with all that a table can hold. Every seventh picture cannot be read, every third
 * is wider than high. */
typedef struct
{
  int side, channels;
  gboolean landmarks, same_shape;
} Source;

static CwImage *
load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  const Source *source = data;
  gboolean wide = !source->same_shape && index % 3 == 0;
  g_autoptr (CwImage) image = NULL;

  if (index % 7 == 6)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: broken on purpose",
                   cw_dataset_get_item (dataset, index)->name);
      return NULL;
    }
  /* The first picture in colour comes late. */
  image = cw_image_new (source->side + (wide ? 8 : 0), source->side,
                        source->channels == 3 && index > 3 ? 3 : 1);
  for (gsize i = 0; i < cw_image_bytes (image); i++)
    image->data[i] = (guint8) (i * 7 + index * 13 + i * index % 11);
  return max_side > 0 ? cw_image_shrink (image, max_side) : g_steal_pointer (&image);
}

/* Without the broken ones. */
static CwImage *
load_readable (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  return load (dataset, index % 7 == 6 ? index - 1 : index, max_side, data, error);
}

static gboolean
find_landmarks (CwDataset *dataset, guint index, gpointer data, CwPoint *points)
{
  const Source *source = data;

  if (!source->landmarks || index % 5 == 0)
    return FALSE;
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    points[i] = (CwPoint){ (float) (i + 1) / 31, (float) (index + 1) / 37 };
  return TRUE;
}

static const char *const labels[] = { "neutral", "happiness", "sadness" };

static CwDataset *
make_source (Source *source, guint n)
{
  CwDataset *dataset = cw_dataset_new ("memory", "test");

  cw_dataset_set_loader (dataset, load, find_landmarks, source, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    cw_dataset_add_label (dataset, labels[i]);
  cw_dataset_add_column (dataset, "au, 12");
  cw_dataset_add_column (dataset, "votes");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf (i % 2 ? "a \"quoted\", name %u.png" : " plain-%u", i);
      g_autofree char *subject = g_strdup_printf ("person\n%u", i / 4);
      float columns[] = { (float) i / 3, i % 4 == 1 ? NAN : -1e-20f * (float) i };

      cw_dataset_add_item (dataset, name, NULL, (int) (i % 4) - 1,
                           i % 6 == 5 ? -1 : cw_dataset_add_subject (dataset, subject),
                           (CwSplit) ((int) (i % 4) - 1), columns);
    }
  return dataset;
}

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
write_pack (CwDataset *dataset, const char *path, int side, CwPackReport *report)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cw_pack_write (dataset, path, side, NULL, report, &error));
  g_assert_no_error (error);
}

static CwDataset *
open_pack (const char *path)
{
  g_autoptr (GError) error = NULL;
  CwDataset *dataset = cw_dataset_open (path, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "pack");
  return dataset;
}

/* Grey stands for RGB with equal channels. */
static void
assert_same_picture (const CwImage *got, const CwImage *want)
{
  g_assert_cmpint (got->w, ==, want->w);
  g_assert_cmpint (got->h, ==, want->h);
  for (gsize i = 0; i < (gsize) got->w * (gsize) got->h * 3; i++)
    g_assert_cmpint (got->data[got->c == 3 ? i : i / 3], ==, want->data[want->c == 3 ? i : i / 3]);
}

static const char *
label_of (CwDataset *dataset, const CwItem *item)
{
  return item->label >= 0 ? cw_dataset_get_label (dataset, item->label) : "";
}

static const char *
subject_of (CwDataset *dataset, const CwItem *item)
{
  return item->subject >= 0 ? cw_dataset_get_subject (dataset, item->subject) : "";
}

static const char *
source_of (CwDataset *dataset, const CwItem *item)
{
  return item->source >= 0 ? cw_dataset_get_source (dataset, item->source) : "";
}

static void
assert_same_item (CwDataset *got, guint g, CwDataset *want, guint w)
{
  const CwItem *a = cw_dataset_get_item (got, g), *b = cw_dataset_get_item (want, w);

  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (label_of (got, a), ==, label_of (want, b));
  g_assert_cmpint (a->label, ==, b->label);
  g_assert_cmpstr (subject_of (got, a), ==, subject_of (want, b));
  g_assert_cmpstr (source_of (got, a), ==, source_of (want, b));
  g_assert_cmpint (a->split, ==, b->split);
  g_assert_cmpuint (cw_dataset_get_n_columns (got), ==, cw_dataset_get_n_columns (want));
  for (guint c = 0; c < cw_dataset_get_n_columns (got); c++)
    {
      float x = cw_dataset_get_column (got, c, g), y = cw_dataset_get_column (want, c, w);

      g_assert_cmpstr (cw_dataset_get_column_name (got, c), ==,
                       cw_dataset_get_column_name (want, c));
      g_assert_true (isnan (x) ? isnan (y) : memcmp (&x, &y, sizeof x) == 0);
    }
}

static void
assert_same_pixels (CwDataset *got, guint g, CwDataset *want, guint w, int max_side)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) a = cw_dataset_load_image (got, g, max_side, &error);
  g_autoptr (CwImage) b = cw_dataset_load_image (want, w, max_side, &error);

  g_assert_no_error (error);
  assert_same_picture (a, b);
}

/* What was packed is read as it would be from the source, at any size; for grey and for colour. */
static void
test_round_trip (void)
{
  g_autofree char *path = path_of ("round.npy");

  for (int channels = 1; channels <= 3; channels += 2)
    {
      Source source = { .side = 24, .channels = channels, .landmarks = TRUE, .same_shape = TRUE };
      g_autoptr (CwDataset) want = make_source (&source, 200);
      g_autoptr (CwDataset) got = NULL;
      g_auto (CwPackReport) report = { 0 };
      guint g = 0;

      /* In colour, some sources are known, and there is a column for them. */
      for (guint i = 0; channels == 3 && i < 200; i += 3)
        cw_dataset_set_source (want, i, i % 2 ? "a, photo" : "7");
      write_pack (want, path, 0, &report);
      g_assert_cmpint (report.side, ==, 24);
      g_assert_cmpint (report.channels, ==, channels);
      got = open_pack (path);
      for (guint w = 0; w < 200; w++)
        {
          CwPoint a[CW_N_LANDMARKS], b[CW_N_LANDMARKS];

          if (w % 7 == 6)
            continue;
          assert_same_item (got, g, want, w);
          for (int max_side = 0; max_side <= 40; max_side += 10)
            assert_same_pixels (got, g, want, w, max_side);
          g_assert_cmpint (cw_dataset_find_landmarks (got, g, a), ==,
                           cw_dataset_find_landmarks (want, w, b));
          cw_dataset_get_landmarks (got, g, a);
          cw_dataset_get_landmarks (want, w, b);
          cw_test_assert_close ("landmarks", 2 * CW_N_LANDMARKS, &a[0].x, &b[0].x, 1e-6, 0);
          g++;
        }
      g_assert_cmpuint (cw_dataset_get_n_items (got), ==, g);
      g_assert_cmpuint (report.n, ==, g);
      g_assert_cmpuint (report.rejected->len, ==, 28);
      g_assert_nonnull (strstr (((CwRejected *) report.rejected->pdata[0])->reason, "on purpose"));
    }
}

/* The largest centred square, with the landmarks moved along; smaller by area, larger bilinearly. */
static void
test_crops (void)
{
  Source source = { .side = 24, .channels = 3, .landmarks = TRUE };
  g_autoptr (CwDataset) wide = make_source (&source, 13);
  g_autofree char *path = path_of ("crops.npy");

  for (int side = 12; side <= 48; side += 12)
    {
      g_auto (CwPackReport) report = { 0 };
      g_autoptr (CwDataset) packed = NULL;
      g_autoptr (CwImage) whole = cw_dataset_load_image (wide, 9, 0, NULL);
      g_autoptr (CwImage) square = cw_image_new (24, 24, 3);
      g_autoptr (CwImage) want = NULL;
      g_autoptr (CwImage) got = NULL;
      CwPoint points[CW_N_LANDMARKS];
      guint index;

      for (int y = 0; y < 24; y++)
        memcpy (square->data + y * 72, whole->data + (y * 32 + 4) * 3, 72);
      write_pack (wide, path, side, &report);
      packed = open_pack (path);
      g_assert_true (cw_dataset_find (packed, cw_dataset_get_item (wide, 9)->name, &index));
      got = cw_dataset_load_image (packed, index, 0, NULL);
      g_assert_cmpint (got->w, ==, side);
      if (side <= 24)
        {
          want = cw_image_shrink (square, side);
          assert_same_picture (got, want);
        }
      else
        {
          /* Halfway between two pixels of the source, away from the border. */
          const CwPreprocess plain = { side, { 0, 0, 0 }, { 1, 1, 1 } };
          g_autofree float *rgb = g_new (float, 3 * side * side);

          cw_preprocess_picture (&plain, square, rgb);
          want = cw_picture_from_float (rgb, side, side);
          assert_same_picture (got, want);
        }
      cw_dataset_get_landmarks (packed, index, points);
      cw_test_assert_close ("landmark", 1, &points[6].x, (const float[]){ (7.0f / 31 * 32 - 4) / 24 },
                            1e-6, 0);
      cw_test_assert_close ("landmark", 1, &points[6].y, (const float[]){ 10.0f / 37 }, 1e-6, 0);
    }
}

/* Without landmarks in the source there are no columns for them, and the template stands in. */
static void
test_no_landmarks (void)
{
  Source source = { .side = 16, .channels = 1 };
  g_autoptr (CwDataset) dataset = make_source (&source, 5);
  g_autofree char *path = path_of ("template.npy");
  g_autofree char *table = path_of ("template.csv");
  g_autofree char *text = NULL;
  g_auto (CwPackReport) report = { 0 };
  g_autoptr (CwDataset) packed = NULL;
  CwPoint points[CW_N_LANDMARKS];

  write_pack (dataset, path, 0, &report);
  packed = open_pack (path);
  g_assert_false (cw_dataset_find_landmarks (packed, 0, points));
  cw_dataset_get_landmarks (packed, 0, points);
  g_assert_cmpmem (points, sizeof points, cw_landmark_template_points (), sizeof points);
  g_file_get_contents (table, &text, NULL, NULL);
  g_assert_true (g_str_has_prefix (text, "path,label,subject,split,\"au, 12\",votes\n"));
}

/* Somebody cuts the file while it is open: pictures that are still there are read, others are one line. */
static void
test_cut (void)
{
  Source source = { .side = 16, .channels = 3, .same_shape = TRUE };
  g_autoptr (CwDataset) dataset = make_source (&source, 6);
  g_autofree char *path = path_of ("cut.npy");
  g_auto (CwPackReport) report = { 0 };
  g_autoptr (CwDataset) packed = NULL;
  g_autoptr (CwImage) first = NULL;
  g_autoptr (CwImage) last = NULL;
  g_autoptr (CwImage) want = cw_dataset_load_image (dataset, 0, 0, NULL);
  g_autoptr (GError) error = NULL;

  write_pack (dataset, path, 0, &report);
  packed = open_pack (path);
  g_assert_cmpint (truncate (path, 192 + 3 * 16 * 16 * 3 + 100), ==, 0);
  first = cw_dataset_load_image (packed, 0, 0, &error);
  g_assert_no_error (error);
  assert_same_picture (first, want);
  last = cw_dataset_load_image (packed, cw_dataset_get_n_items (packed) - 1, 0, &error);
  g_assert_null (last);
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (error->message, "cut.npy"));
  g_assert_nonnull (strstr (error->message, "shorter"));
}

static char *
digest (CwDataset *dataset)
{
  const CwLoaderOptions options = { .seed = 4, .batch = 8, .n_threads = 2, .n_ahead = 2 };
  g_autoptr (CwViews) views = cw_views_new (16);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwLoader) loader = cw_loader_new (dataset, NULL, 0, views, &options, NULL, NULL, &error);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_assert_no_error (error);
  for (int b = 0; b < 6; b++)
    {
      CwBatch *batch = cw_loader_take (loader, NULL, &error);

      g_assert_no_error (error);
      g_checksum_update (sum, (const guchar *) batch->items, batch->n * 4);
      g_checksum_update (sum, (const guchar *) batch->pixels,
                         (gssize) (batch->n * batch->n_views * 16 * 16 * 3 * 4));
      cw_loader_release (loader, batch);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/* The trainer gets the same batches, bit for bit, from a data set and from its pack. */
static void
test_batches (void)
{
  g_autofree char *path = path_of ("batches.npy");

  for (int channels = 1; channels <= 3; channels += 2)
    {
      Source source = { .side = 32, .channels = channels, .landmarks = TRUE, .same_shape = TRUE };
      g_autoptr (CwDataset) direct = cw_dataset_new ("memory", "test");
      g_autoptr (CwDataset) packed = NULL;
      g_autofree char *want = NULL;
      g_autofree char *got = NULL;
      g_auto (CwPackReport) report = { 0 };

      cw_dataset_set_loader (direct, load_readable, find_landmarks, &source, NULL);
      for (guint i = 0; i < 30; i++)
        {
          g_autofree char *name = g_strdup_printf ("%u", i);

          cw_dataset_add_item (direct, name, NULL, -1, -1, CW_SPLIT_NONE, NULL);
        }
      write_pack (direct, path, 0, &report);
      packed = open_pack (path);
      g_assert_cmpuint (cw_dataset_fingerprint (packed), ==, cw_dataset_fingerprint (direct));
      want = digest (direct);
      got = digest (packed);
      g_assert_cmpstr (got, ==, want);
    }
}

/* ---- what is refused ---- */

static void
refuse (const char *path, GQuark domain, int code, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_dataset_open (path, NULL, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_refused (void)
{
  Source source = { .side = 16, .channels = 1, .same_shape = TRUE };
  g_autoptr (CwDataset) dataset = make_source (&source, 5);
  g_autofree char *path = path_of ("refused.npy");
  g_autofree char *table = path_of ("refused.csv");
  g_autofree char *text = NULL;
  g_autofree char *data = NULL;
  g_autofree guint8 *zeros = g_malloc0 (4 * 5 * 16 * 16 * 3);
  g_auto (CwPackReport) report = { 0 };
  gsize size;

  write_pack (dataset, path, 0, &report);
  g_file_get_contents (path, &data, &size, NULL);
  g_file_get_contents (table, &text, NULL, NULL);

  /* Cut anywhere. */
  for (gsize n = 0; n < size; n += 1 + n / 3)
    {
      g_file_set_contents (path, data, (gssize) n, NULL);
      refuse (path, CW_ERROR, CW_ERROR_CORRUPT_FILE, path);
    }
  /* Other shapes and types. */
  cw_npy_save (path, 'u', 4, (const gsize[]){ 5, 16, 12, 1 }, zeros, NULL);
  refuse (path, CW_ERROR, CW_ERROR_SHAPE_MISMATCH, "side");
  cw_npy_save (path, 'u', 4, (const gsize[]){ 5, 16, 16, 2 }, zeros, NULL);
  refuse (path, CW_ERROR, CW_ERROR_SHAPE_MISMATCH, "3 or 1");
  cw_npy_save (path, 'u', 3, (const gsize[]){ 5, 16, 16 }, zeros, NULL);
  refuse (path, CW_ERROR, CW_ERROR_SHAPE_MISMATCH, "3 axes");
  cw_npy_save (path, 'f', 4, (const gsize[]){ 5, 16, 16, 1 }, zeros, NULL);
  refuse (path, CW_ERROR, CW_ERROR_SHAPE_MISMATCH, "float32");
  /* One picture more than the table has rows. */
  cw_npy_save (path, 'u', 4, (const gsize[]){ 6, 16, 16, 1 }, zeros, NULL);
  refuse (path, CW_ERROR, CW_ERROR_SHAPE_MISMATCH, "5 rows for the 6 pictures");
  g_file_set_contents (path, data, (gssize) size, NULL);

  /* Tables: another one, one with a row too short, none. */
  g_file_set_contents (table, "path,label\na,b\n", -1, NULL);
  refuse (path, CW_ERROR, CW_ERROR_CORRUPT_FILE, "path,label,subject,split");
  g_file_set_contents (table, "", 0, NULL);
  refuse (path, CW_ERROR, CW_ERROR_CORRUPT_FILE, "path,label,subject,split");
  g_file_set_contents (table, "path,label,subject,split\na,,,\nb,,\nc,,,\nd,,,\ne,,,\n", -1, NULL);
  refuse (path, CW_ERROR, CW_ERROR_CORRUPT_FILE, "refused.csv:3: 3 fields");
  g_file_set_contents (table, "path,label,subject,split\na,,,Val\nb,,,tset\nc,,,\nd,,,\ne,,,\n", -1, NULL);
  refuse (path, CW_ERROR, CW_ERROR_CORRUPT_FILE, "refused.csv:3: split = 'tset' is none of train");
  g_unlink (table);
  refuse (path, CW_ERROR, CW_ERROR_NOT_FOUND, "refused.csv is missing");
  g_file_set_contents (table, text, -1, NULL);
  g_object_unref (open_pack (path));
}

/* A name that stands twice is refused; the others keep their pictures. */
static void
test_twice (void)
{
  g_autofree char *path = path_of ("twice.npy");
  g_autofree char *table = path_of ("twice.csv");
  g_autofree guint8 *pixels = g_malloc (3 * 64);
  g_autoptr (CwDataset) packed = NULL;
  g_autoptr (CwImage) image = NULL;

  for (int i = 0; i < 3 * 64; i++)
    pixels[i] = (guint8) i;
  cw_npy_save (path, 'u', 4, (const gsize[]){ 3, 8, 8, 1 }, pixels, NULL);
  g_file_set_contents (table, "path,label,subject,split\na,,,\na,,,\nb,,,\n", -1, NULL);
  packed = open_pack (path);
  g_assert_cmpuint (cw_dataset_get_n_items (packed), ==, 2);
  g_assert_cmpuint (cw_dataset_get_n_rejected (packed), ==, 1);
  image = cw_dataset_load_image (packed, 1, 0, NULL);
  g_assert_cmpint (image->data[0], ==, 128);
}

/* ---- writing that fails ---- */

static guint
count_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* A disk that is full at any byte leaves the old pack as it was, and nothing beside it. */
static void
test_full_disk (void)
{
  Source grey = { .side = 8, .channels = 1, .same_shape = TRUE };
  Source colour = { .side = 8, .channels = 3, .same_shape = TRUE };
  g_autoptr (CwDataset) old = make_source (&grey, 4);
  g_autoptr (CwDataset) new = make_source (&colour, 6);
  g_autofree char *path = path_of ("full.npy");
  g_auto (CwPackReport) report = { 0 };
  guint n_files;
  gboolean ok = FALSE;
  gint64 n;

  write_pack (old, path, 0, &report);
  n_files = count_files ();
  for (n = 0; !ok && n < 100000; n += 37)
    {
      g_auto (CwPackReport) other = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (CwDataset) packed = NULL;

      cw_file_fail_after (n);
      ok = cw_pack_write (new, path, 0, NULL, &other, &error);
      cw_file_fail_after (-1);
      packed = open_pack (path);
      g_assert_cmpuint (count_files (), ==, n_files);
      g_assert_cmpuint (cw_dataset_get_n_items (packed), ==, ok ? 6 : 4);
      if (!ok)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
          assert_same_pixels (packed, 3, old, 3, 0);
        }
    }
  g_assert_true (ok);
  g_assert_cmpint (n, >, 6 * 192);
}

static void
on_progress (CwJob *job, double fraction, const char *what, gpointer user_data)
{
  if (fraction > 0.3)
    cw_job_cancel (job);
}

static void
test_unwritable (void)
{
  Source source = { .side = 8, .channels = 1 };
  g_autoptr (CwDataset) dataset = make_source (&source, 200);
  g_autofree char *path = path_of ("cancelled.npy");
  g_autoptr (CwJob) job = cw_job_new (NULL, on_progress, NULL, NULL);
  g_auto (CwPackReport) report = { 0 };
  g_auto (CwPackReport) second = { 0 };
  g_auto (CwPackReport) third = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_files = count_files ();

  g_assert_false (cw_pack_write (dataset, path, 0, job, &report, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (cw_pack_write (dataset, "pack.bin", 0, NULL, &second, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_clear_error (&error);
  /* Even the superuser cannot write there. */
  g_assert_false (cw_pack_write (dataset, "/proc/pack.npy", 0, NULL, &third, &error));
  g_assert_nonnull (strstr (error->message, "/proc/pack"));
  g_assert_cmpuint (count_files (), ==, n_files);
}

static CwImage *
load_nothing (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "nothing there");
  return NULL;
}

static void
test_nothing (void)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new ("memory", "test");
  g_autofree char *path = path_of ("nothing.npy");
  g_auto (CwPackReport) report = { 0 };
  g_autoptr (GError) error = NULL;

  cw_dataset_set_loader (dataset, load_nothing, NULL, NULL, NULL);
  cw_dataset_add_item (dataset, "a", NULL, -1, -1, CW_SPLIT_NONE, NULL);
  g_assert_false (cw_pack_write (dataset, path, 0, NULL, &report, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "a: nothing there"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  folder = cw_test_make_folder ();
  g_test_add_func ("/pack/round-trip", test_round_trip);
  g_test_add_func ("/pack/crops", test_crops);
  g_test_add_func ("/pack/no-landmarks", test_no_landmarks);
  g_test_add_func ("/pack/cut", test_cut);
  g_test_add_func ("/pack/batches", test_batches);
  g_test_add_func ("/pack/refused", test_refused);
  g_test_add_func ("/pack/twice", test_twice);
  g_test_add_func ("/pack/full-disk", test_full_disk);
  g_test_add_func ("/pack/unwritable", test_unwritable);
  g_test_add_func ("/pack/nothing", test_nothing);
  status = g_test_run ();
  cw_test_remove_folder (folder);
  return status;
}
