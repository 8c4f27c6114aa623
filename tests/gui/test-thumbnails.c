/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "models/cwb-item-model.h"
#include "util/cwb-thumbnails.h"

#include <contrawarp.h>
#include <string.h>

/* The thumbnail service and the item model, on a data set whose pictures are made up here. */

#define SIDE 64
#define PICTURE_BYTES (4 * SIDE * SIDE)

/* What the loader does and saw. */
static struct
{
  GMutex lock;
  GCond cond;
  gboolean closed;  /* hold decodings back */
  gboolean keeps_0; /* hold that of picture 0 back, and with it one of the two threads */
  GArray *decoded;  /* guint, in order */
} loader;

static CwImage *
load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  CwImage *image;

  g_mutex_lock (&loader.lock);
  g_array_append_val (loader.decoded, index);
  while (loader.closed || (index == 0 && loader.keeps_0))
    g_cond_wait (&loader.cond, &loader.lock);
  g_mutex_unlock (&loader.lock);
  if (index == 7)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "face-7: cut short");
      return NULL;
    }
  image = cw_image_new (SIDE, SIDE, 1);
  memset (image->data, (int) index, (gsize) SIDE * SIDE);
  return image;
}

static CwDataset *
make_dataset (guint n)
{
  CwDataset *dataset = cw_dataset_new ("made up", "test");

  cw_dataset_set_loader (dataset, load, NULL, NULL, NULL);
  cw_dataset_add_label (dataset, "a");
  cw_dataset_add_label (dataset, "b");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("face-%u", i);

      /* Every third one is without a class; halves are train and valid. */
      cw_dataset_add_item (dataset, name, NULL, i % 3 == 2 ? -1 : (int) (i % 3), -1,
                           i < n / 2 ? CW_SPLIT_TRAIN : CW_SPLIT_VALID, NULL);
    }
  return dataset;
}

static void
set_closed (gboolean closed)
{
  g_mutex_lock (&loader.lock);
  loader.closed = closed;
  g_cond_broadcast (&loader.cond);
  g_mutex_unlock (&loader.lock);
}

static void
set_keeps_0 (gboolean keeps_0)
{
  g_mutex_lock (&loader.lock);
  loader.keeps_0 = keeps_0;
  g_cond_broadcast (&loader.cond);
  g_mutex_unlock (&loader.lock);
}

static guint
count_decoded (void)
{
  guint n;

  g_mutex_lock (&loader.lock);
  n = loader.decoded->len;
  g_mutex_unlock (&loader.lock);
  return n;
}

static void
setup (void)
{
  set_closed (FALSE);
  g_array_set_size (loader.decoded, 0);
}

typedef struct
{
  guint n_pictures, n_errors;
} Count;

static void
on_thumbnail (GdkTexture *texture, const char *error, gpointer user_data)
{
  Count *count = user_data;

  g_assert_true ((texture != NULL) != (error != NULL));
  if (texture != NULL)
    count->n_pictures++;
  else
    count->n_errors++;
}

static gboolean
is_idle (gpointer thumbnails)
{
  return cwb_thumbnails_get_n_waiting (thumbnails) == 0;
}

static gboolean
both_threads_are_busy (gpointer unused)
{
  return count_decoded () == 2;
}

static gboolean
all_six_are_decoded (gpointer unused)
{
  return count_decoded () == 6;
}

static void
test_one_decoding_for_all (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (10);
  g_autoptr (CwbThumbnails) thumbnails = cwb_thumbnails_new (100 * PICTURE_BYTES);
  Count count = { 0 };

  setup ();
  set_closed (TRUE);
  for (int i = 0; i < 5; i++)
    cwb_thumbnails_request (thumbnails, dataset, 3, SIDE, on_thumbnail, &count);
  set_closed (FALSE);
  cwb_gui_test_wait ("five answers", is_idle, thumbnails);
  g_assert_cmpuint (count.n_pictures, ==, 5);
  g_assert_cmpuint (count_decoded (), ==, 1);
  g_assert_nonnull (cwb_thumbnails_peek (thumbnails, dataset, 3, SIDE));
  g_assert_null (cwb_thumbnails_peek (thumbnails, dataset, 3, 2 * SIDE));
  g_assert_null (cwb_thumbnails_peek (thumbnails, dataset, 4, SIDE));
  g_assert_cmpuint (cwb_thumbnails_get_bytes (thumbnails), ==, PICTURE_BYTES);
}

static void
test_newest_first (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (10);
  g_autoptr (CwbThumbnails) thumbnails = cwb_thumbnails_new (100 * PICTURE_BYTES);
  const guint order[] = { 2, 5, 4, 3 };
  Count count = { 0 };

  setup ();
  set_closed (TRUE);
  /* Two threads take the first two; the others queue up. */
  cwb_thumbnails_request (thumbnails, dataset, 0, SIDE, on_thumbnail, &count);
  cwb_thumbnails_request (thumbnails, dataset, 1, SIDE, on_thumbnail, &count);
  cwb_gui_test_wait ("both threads at work", both_threads_are_busy, NULL);
  for (guint i = 2; i < 6; i++)
    cwb_thumbnails_request (thumbnails, dataset, i, SIDE, on_thumbnail, &count);
  /* Asked for once more, 2 comes first. */
  cwb_thumbnails_request (thumbnails, dataset, 2, SIDE, on_thumbnail, &count);
  /* One thread is left to take them, so that there is one order. */
  set_keeps_0 (TRUE);
  set_closed (FALSE);
  cwb_gui_test_wait ("all are decoded", all_six_are_decoded, NULL);
  set_keeps_0 (FALSE);
  cwb_gui_test_wait ("all answers", is_idle, thumbnails);
  g_assert_cmpuint (count.n_pictures, ==, 7);
  g_assert_cmpuint (count_decoded (), ==, 6);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpuint (g_array_index (loader.decoded, guint, 2 + i), ==, order[i]);
}

static void
test_cancel (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (10);
  g_autoptr (CwbThumbnails) thumbnails = cwb_thumbnails_new (100 * PICTURE_BYTES);
  Count count = { 0 };
  guint queued, shared;

  setup ();
  set_closed (TRUE);
  cwb_thumbnails_request (thumbnails, dataset, 0, SIDE, on_thumbnail, &count);
  cwb_thumbnails_request (thumbnails, dataset, 1, SIDE, on_thumbnail, &count);
  cwb_gui_test_wait ("both threads at work", both_threads_are_busy, NULL);
  queued = cwb_thumbnails_request (thumbnails, dataset, 2, SIDE, on_thumbnail, &count);
  shared = cwb_thumbnails_request (thumbnails, dataset, 0, SIDE, on_thumbnail, &count);
  cwb_thumbnails_cancel (thumbnails, queued);
  cwb_thumbnails_cancel (thumbnails, shared);
  cwb_thumbnails_cancel (thumbnails, shared); /* once more does nothing */
  set_closed (FALSE);
  cwb_gui_test_wait ("all answers", is_idle, thumbnails);
  g_assert_cmpuint (count.n_pictures, ==, 2);
  g_assert_cmpuint (count_decoded (), ==, 2);
}

static void
test_least_recently_used_goes (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (10);
  g_autoptr (CwbThumbnails) thumbnails = cwb_thumbnails_new (3 * PICTURE_BYTES);
  Count count = { 0 };

  setup ();
  for (guint i = 0; i < 4; i++)
    {
      cwb_thumbnails_request (thumbnails, dataset, i, SIDE, on_thumbnail, &count);
      cwb_gui_test_wait ("the answer", is_idle, thumbnails);
      g_assert_nonnull (cwb_thumbnails_peek (thumbnails, dataset, 0, SIDE)); /* a use of 0 */
    }
  g_assert_null (cwb_thumbnails_peek (thumbnails, dataset, 1, SIDE));
  g_assert_nonnull (cwb_thumbnails_peek (thumbnails, dataset, 2, SIDE));
  g_assert_nonnull (cwb_thumbnails_peek (thumbnails, dataset, 3, SIDE));
  g_assert_cmpuint (cwb_thumbnails_get_bytes (thumbnails), ==, 3 * PICTURE_BYTES);
}

static void
test_error (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (10);
  g_autoptr (CwbThumbnails) thumbnails = cwb_thumbnails_new (3 * PICTURE_BYTES);
  Count count = { 0 };

  setup ();
  cwb_thumbnails_request (thumbnails, dataset, 7, SIDE, on_thumbnail, &count);
  cwb_gui_test_wait ("the answer", is_idle, thumbnails);
  g_assert_cmpuint (count.n_errors, ==, 1);
  g_assert_cmpuint (cwb_thumbnails_get_bytes (thumbnails), ==, 0);
}

/* Whatever is under way ends with the object, and nobody is told. */
static void
test_end_in_between (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (10);
  CwbThumbnails *thumbnails = cwb_thumbnails_new (3 * PICTURE_BYTES);
  Count count = { 0 };

  setup ();
  for (guint i = 0; i < 6; i++)
    cwb_thumbnails_request (thumbnails, dataset, i, SIDE, on_thumbnail, &count);
  g_assert_finalize_object (thumbnails);
  cwb_gui_test_run_for (50);
  g_assert_cmpuint (count.n_pictures, ==, 0);
  g_assert_cmpuint (G_OBJECT (dataset)->ref_count, ==, 1);
}

static void
test_bucket (void)
{
  g_assert_cmpint (cwb_thumbnails_bucket (48, 1), ==, 64);
  g_assert_cmpint (cwb_thumbnails_bucket (96, 1), ==, 128);
  g_assert_cmpint (cwb_thumbnails_bucket (96, 2), ==, 256);
  g_assert_cmpint (cwb_thumbnails_bucket (2000, 2), ==, 512);
}

/* ---- item model ---- */

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, guint *n)
{
  g_assert_cmpuint (position, ==, 0);
  g_assert_cmpuint (added, ==, g_list_model_get_n_items (model));
  (*n)++;
}

static void
test_item_model (void)
{
  g_autoptr (CwDataset) dataset = make_dataset (30);
  g_autoptr (CwbItemModel) model = cwb_item_model_new (dataset);
  GListModel *list = G_LIST_MODEL (model);
  g_autoptr (CwbItem) item = g_list_model_get_item (list, 4);
  g_autoptr (CwbItem) same = NULL;
  g_autofree char *name = NULL, *label = NULL;
  const guint32 indices[] = { 9, 4 };
  guint n_changes = 0;

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), &n_changes);
  g_object_get (item, "name", &name, "label", &label, NULL);
  g_assert_cmpstr (name, ==, "face-4");
  g_assert_cmpstr (label, ==, "b");
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 30);
  g_assert_null (g_list_model_get_item (list, 30));

  cwb_item_model_set_filter (model, 1, CWB_ANY);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 10);
  g_assert_cmpuint (cwb_item_model_find (model, 4), ==, 1);
  g_assert_cmpuint (cwb_item_model_find (model, 5), ==, G_MAXUINT);
  same = g_list_model_get_item (list, 1);
  g_assert_true (same == item);

  cwb_item_model_set_filter (model, -1, CW_SPLIT_VALID);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 5);
  cwb_item_model_set_filter (model, 0, CW_SPLIT_TEST);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);

  cwb_item_model_set_indices (model, indices, 2);
  g_assert_cmpuint (cwb_item_model_find (model, 4), ==, 1);
  cwb_item_model_set_filter (model, CWB_ANY, CWB_ANY);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 30);
  g_assert_cmpuint (n_changes, ==, 5);
}

int
main (int argc, char *argv[])
{
  loader.decoded = g_array_new (FALSE, FALSE, sizeof (guint));
  cwb_gui_test_init (&argc, &argv);
  g_test_add_func ("/thumbnails/one-decoding", test_one_decoding_for_all);
  g_test_add_func ("/thumbnails/newest-first", test_newest_first);
  g_test_add_func ("/thumbnails/cancel", test_cancel);
  g_test_add_func ("/thumbnails/least-recently-used", test_least_recently_used_goes);
  g_test_add_func ("/thumbnails/error", test_error);
  g_test_add_func ("/thumbnails/end", test_end_in_between);
  g_test_add_func ("/thumbnails/bucket", test_bucket);
  g_test_add_func ("/item-model", test_item_model);
  return g_test_run ();
}
