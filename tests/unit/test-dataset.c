/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "data/cw-dataset.h"
#include "face/cw-landmarks.h"

#include <math.h>
#include <string.h>

static void
test_items (void)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new ("/faces", "test");
  const float columns[2] = { 0.5f, -1 };
  const CwItem *item;
  guint index = 99;

  g_assert_cmpint (cw_dataset_add_label (dataset, "happiness"), ==, 0);
  g_assert_cmpint (cw_dataset_add_label (dataset, "anger"), ==, 1);
  g_assert_cmpint (cw_dataset_add_label (dataset, "happiness"), ==, 0);
  g_assert_cmpint (cw_dataset_add_subject (dataset, "S1"), ==, 0);
  g_assert_cmpint (cw_dataset_add_subject (dataset, "S2"), ==, 1);
  g_assert_cmpint (cw_dataset_add_subject (dataset, "S1"), ==, 0);
  g_assert_cmpint (cw_dataset_add_column (dataset, "valence"), ==, 0);
  g_assert_cmpint (cw_dataset_add_column (dataset, "arousal"), ==, 1);
  cw_dataset_add_item (dataset, "a/1.png", NULL, 1, 0, CW_SPLIT_TRAIN, columns);
  cw_dataset_add_item (dataset, "b.png", "/elsewhere/b.png", -1, -1, CW_SPLIT_NONE, NULL);
  cw_dataset_add_item (dataset, "a/1.png", NULL, 0, 1, CW_SPLIT_TEST, columns);

  g_assert_cmpstr (cw_dataset_get_location (dataset), ==, "/faces");
  g_assert_cmpstr (cw_dataset_get_layout (dataset), ==, "test");
  g_assert_cmpuint (cw_dataset_get_n_items (dataset), ==, 2);
  g_assert_cmpuint (cw_dataset_get_n_labels (dataset), ==, 2);
  g_assert_cmpstr (cw_dataset_get_label (dataset, 1), ==, "anger");
  g_assert_cmpuint (cw_dataset_get_n_subjects (dataset), ==, 2);
  g_assert_cmpstr (cw_dataset_get_subject (dataset, 0), ==, "S1");
  g_assert_cmpuint (cw_dataset_get_n_columns (dataset), ==, 2);
  g_assert_cmpstr (cw_dataset_get_column_name (dataset, 1), ==, "arousal");
  g_assert_cmpfloat (cw_dataset_get_column (dataset, 1, 0), ==, -1);
  g_assert_true (isnan (cw_dataset_get_column (dataset, 0, 1)));

  item = cw_dataset_get_item (dataset, 0);
  g_assert_cmpstr (item->name, ==, "a/1.png");
  g_assert_cmpint (item->label, ==, 1);
  g_assert_cmpint (item->subject, ==, 0);
  g_assert_cmpint (item->split, ==, CW_SPLIT_TRAIN);
  g_assert_true (cw_dataset_find (dataset, "b.png", &index));
  g_assert_cmpuint (index, ==, 1);
  g_assert_true (cw_dataset_find (dataset, "a/1.png", NULL));
  g_assert_false (cw_dataset_find (dataset, "c.png", &index));
  g_assert_cmpuint (cw_dataset_count_split (dataset, CW_SPLIT_TRAIN), ==, 1);
  g_assert_cmpuint (cw_dataset_count_split (dataset, CW_SPLIT_NONE), ==, 1);
  g_assert_cmpuint (cw_dataset_count_split (dataset, CW_SPLIT_TEST), ==, 0);

  /* The name that was taken. */
  g_assert_cmpuint (cw_dataset_get_n_rejected (dataset), ==, 1);
  g_assert_cmpstr (cw_dataset_get_rejected (dataset, 0)->name, ==, "a/1.png");
}

static void
test_paths (void)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new ("/faces", "test");
  g_autofree char *below = NULL;
  g_autofree char *own = NULL;
  g_autofree char *latin = NULL;

  cw_dataset_add_item (dataset, "a/1.png", NULL, -1, -1, CW_SPLIT_NONE, NULL);
  cw_dataset_add_item (dataset, "2", "/else/where.jpg", -1, -1, CW_SPLIT_NONE, NULL);
  /* A name in Latin-1: shown as UTF-8, opened by its bytes. */
  cw_dataset_add_item (dataset, "\xFC" "ber.png", NULL, -1, -1, CW_SPLIT_NONE, NULL);
  below = cw_dataset_dup_path (dataset, 0);
  own = cw_dataset_dup_path (dataset, 1);
  latin = cw_dataset_dup_path (dataset, 2);
  g_assert_cmpstr (below, ==, "/faces/a/1.png");
  g_assert_cmpstr (own, ==, "/else/where.jpg");
  g_assert_cmpstr (latin, ==, "/faces/\xFC" "ber.png");
  g_assert_true (g_utf8_validate (cw_dataset_get_item (dataset, 2)->name, -1, NULL));
  g_assert_true (cw_dataset_find (dataset, cw_dataset_get_item (dataset, 2)->name, NULL));
}

static CwImage *
make_image (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  CwImage *image;

  if (index % 10 == 3)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: broken",
                   cw_dataset_get_item (dataset, index)->name);
      return NULL;
    }
  image = cw_image_new (2, 2, 1);
  memset (image->data, (int) index, 4);
  return image;
}

static gboolean
odd_landmarks (CwDataset *dataset, guint index, gpointer data, CwPoint *points)
{
  for (int i = 0; index % 2 == 1 && i < CW_N_LANDMARKS; i++)
    points[i] = (CwPoint){ 0.25f, 0.75f };
  return index % 2 == 1;
}

static CwDataset *
make_generated (guint n, int *freed)
{
  CwDataset *dataset = cw_dataset_new ("made:up", "test");

  cw_dataset_set_loader (dataset, make_image, odd_landmarks, freed,
                         (GDestroyNotify) (GCallback) g_atomic_int_inc);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);

      cw_dataset_add_item (dataset, name, NULL, -1, -1, CW_SPLIT_NONE, NULL);
    }
  return dataset;
}

static void
test_loader (void)
{
  static int freed;
  CwDataset *dataset = make_generated (10, &freed);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = cw_dataset_load_image (dataset, 7, 0, &error);
  CwPoint points[CW_N_LANDMARKS];

  g_assert_no_error (error);
  g_assert_cmpint (image->data[3], ==, 7);
  g_assert_null (cw_dataset_dup_path (dataset, 0));
  cw_dataset_get_landmarks (dataset, 1, points);
  g_assert_cmpfloat (points[5].y, ==, 0.75f);
  cw_dataset_get_landmarks (dataset, 2, points);
  g_assert_cmpmem (points, sizeof points, cw_landmark_template_points (), sizeof points);
  g_object_unref (dataset);
  g_assert_cmpint (freed, ==, 1);
}

/* The template goes where the face is; landmarks of an item's own stay. */
static void
test_face (void)
{
  static int freed;
  g_autoptr (CwDataset) dataset = make_generated (4, &freed);
  const guint32 items[] = { 0, 1, 2, 3 };
  g_autofree char *before = cw_dataset_dup_state (dataset, items, 4);
  g_autofree char *after = NULL;
  guint64 fingerprint = cw_dataset_fingerprint (dataset);
  CwPoint points[CW_N_LANDMARKS];

  cw_dataset_set_face (dataset, 0.25f, -0.5f, 0.5f, 2);
  cw_dataset_get_landmarks (dataset, 1, points);
  g_assert_cmpfloat (points[5].x, ==, 0.25f);
  g_assert_cmpfloat (points[5].y, ==, 0.75f);
  g_assert_false (cw_dataset_find_landmarks (dataset, 2, points));
  cw_dataset_get_landmarks (dataset, 2, points);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      const CwPoint *from = &cw_landmark_template_points ()[i];

      g_assert_cmpfloat_with_epsilon (points[i].x, 0.25f + 0.5f * from->x, 1e-6f);
      g_assert_cmpfloat_with_epsilon (points[i].y, -0.5f + 2 * from->y, 1e-6f);
    }
  /* What is kept of the pictures is as good as before. */
  after = cw_dataset_dup_state (dataset, items, 4);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (cw_dataset_fingerprint (dataset), ==, fingerprint);
}

static void
test_check (void)
{
  static int freed;
  g_autoptr (CwDataset) dataset = make_generated (200, &freed);

  for (int n_threads = 1; n_threads <= 4; n_threads++)
    {
      g_autoptr (GPtrArray) rejected = NULL;
      g_autoptr (GError) error = NULL;

      cw_parallel_set_threads (n_threads);
      g_assert_true (cw_dataset_check (dataset, NULL, &rejected, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (rejected->len, ==, 20);
      for (guint i = 0; i < 20; i++)
        {
          const CwRejected *r = rejected->pdata[i];
          g_autofree char *name = g_strdup_printf ("item-%u", 10 * i + 3);

          g_assert_cmpstr (r->name, ==, name);
          g_assert_nonnull (strstr (r->reason, "broken"));
        }
    }
  cw_parallel_set_threads (0);
}

static void
stop_at_half (CwJob *job, double fraction, const char *what, gpointer user_data)
{
  g_assert_cmpfloat (fraction, <=, 1);
  if (fraction > 0.5)
    cw_job_cancel (job);
}

static void
test_check_cancelled (void)
{
  static int freed;
  g_autoptr (CwDataset) dataset = make_generated (400, &freed);
  g_autoptr (CwJob) job = cw_job_new (NULL, stop_at_half, NULL, NULL);
  g_autoptr (GPtrArray) rejected = NULL;
  g_autoptr (GError) error = NULL;

  /* By itself, so that the other threads cannot end before it is told. */
  cw_parallel_set_threads (1);
  g_assert_false (cw_dataset_check (dataset, job, &rejected, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (rejected);
  cw_parallel_set_threads (0);
}

typedef struct
{
  const char *location, *label, *name;
  int index;
  CwSplit split;
} Variant;

static guint64
fingerprint (const Variant *v)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new (v->location, "test");

  cw_dataset_add_label (dataset, "anger");
  cw_dataset_add_label (dataset, v->label);
  cw_dataset_add_item (dataset, "first", NULL, 0, -1, CW_SPLIT_TRAIN, NULL);
  cw_dataset_add_item (dataset, v->name, NULL, v->index, -1, v->split, NULL);
  return cw_dataset_fingerprint (dataset);
}

/* Where a data set lies does not matter, all else does. */
static void
test_fingerprint (void)
{
  const Variant base = { "/a", "fear", "second", 1, CW_SPLIT_TEST };
  const Variant others[] = { { "/a", "fear", "other", 1, CW_SPLIT_TEST },
                             { "/a", "fear", "second", 0, CW_SPLIT_TEST },
                             { "/a", "fear", "second", -1, CW_SPLIT_TEST },
                             { "/a", "fear", "second", 1, CW_SPLIT_VALID },
                             { "/a", "disgust", "second", 1, CW_SPLIT_TEST } };
  const Variant moved = { "/b", "fear", "second", 1, CW_SPLIT_TEST };

  g_assert_cmpuint (fingerprint (&base), ==, fingerprint (&moved));
  for (size_t i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpuint (fingerprint (&base), !=, fingerprint (&others[i]));
}

static void
test_names (void)
{
  g_assert_cmpstr (cw_split_name (CW_SPLIT_NONE), ==, "none");
  g_assert_cmpstr (cw_split_name (CW_SPLIT_TRAIN), ==, "train");
  g_assert_cmpstr (cw_split_name (CW_SPLIT_VALID), ==, "valid");
  g_assert_cmpstr (cw_split_name (CW_SPLIT_TEST), ==, "test");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/dataset/items", test_items);
  g_test_add_func ("/cw/dataset/paths", test_paths);
  g_test_add_func ("/cw/dataset/loader", test_loader);
  g_test_add_func ("/cw/dataset/face", test_face);
  g_test_add_func ("/cw/dataset/check", test_check);
  g_test_add_func ("/cw/dataset/check-cancelled", test_check_cancelled);
  g_test_add_func ("/cw/dataset/fingerprint", test_fingerprint);
  g_test_add_func ("/cw/dataset/names", test_names);
  return g_test_run ();
}
