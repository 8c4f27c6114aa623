/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-rng.h"
#include "cw-test.h"
#include "data/cw-loader.h"

#include <math.h>
#include <string.h>

#define SIZE 16

/* A data set in memory: picture i is a ramp that depends on i; those with i in the set of the
 * unreadable are not there. Counts how often each is decoded. */
typedef struct
{
  guint n;
  guint every_bad; /* i % every_bad == 0 cannot be read; 0 = all can */
  gint decoded[512];
  gint delay; /* microseconds a picture takes */
} Source;

static CwImage *
source_load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  Source *source = data;
  CwImage *image;

  g_atomic_int_inc (&source->decoded[index]);
  if (source->delay > 0)
    g_usleep ((gulong) source->delay * (1 + index % 3));
  if (source->every_bad > 0 && index % source->every_bad == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: broken on purpose",
                   cw_dataset_get_item (dataset, index)->name);
      return NULL;
    }
  g_assert_cmpint (max_side, ==, 2 * SIZE);
  image = cw_image_new (20, 24, 3);
  for (gsize i = 0; i < cw_image_bytes (image); i++)
    image->data[i] = (guint8) (i * 7 + index * 13 + i * index % 11);
  return image;
}

static CwDataset *
make_dataset (Source *source)
{
  CwDataset *dataset = cw_dataset_new ("memory", "test");

  cw_dataset_set_loader (dataset, source_load, NULL, source, NULL);
  for (guint i = 0; i < source->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);

      cw_dataset_add_item (dataset, name, NULL, -1, -1, CW_SPLIT_NONE, NULL);
    }
  return dataset;
}

static const CwLoaderOptions plain = { .seed = 11, .batch = 8, .n_threads = 2, .n_ahead = 2 };

static CwLoader *
make_loader (CwDataset *dataset, const CwLoaderOptions *options)
{
  g_autoptr (CwViews) views = cw_views_new (SIZE);
  g_autoptr (GError) error = NULL;
  CwLoader *loader = cw_loader_new (dataset, NULL, 0, views, options, NULL, NULL, &error);

  g_assert_no_error (error);
  return loader;
}

static CwBatch *
take (CwLoader *loader)
{
  g_autoptr (GError) error = NULL;
  double wait = -1;
  CwBatch *batch = cw_loader_take (loader, &wait, &error);

  g_assert_no_error (error);
  g_assert_nonnull (batch);
  g_assert_cmpfloat (wait, >=, 0);
  return batch;
}

static gsize
n_floats (const CwBatch *batch)
{
  return (gsize) batch->n * (gsize) batch->n_views * SIZE * SIZE * 3;
}

/* A checksum of items and pixels of @n batches from where the loader stands. */
static char *
digest (CwLoader *loader, int n)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (int i = 0; i < n; i++)
    {
      CwBatch *batch = take (loader);

      g_checksum_update (sum, (const guchar *) &batch->step, sizeof batch->step);
      g_checksum_update (sum, (const guchar *) batch->items, (gssize) batch->n * 4);
      g_checksum_update (sum, (const guchar *) batch->pixels, (gssize) (n_floats (batch) * 4));
      cw_loader_release (loader, batch);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static void
test_order (void)
{
  static Source source = { .n = 35 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwLoader) loader = make_loader (dataset, &plain);

  g_assert_cmpuint (cw_loader_get_batches_per_epoch (loader), ==, 4);
  for (guint32 epoch = 0; epoch < 3; epoch++)
    {
      guint32 order[35], listed[8];
      guint8 seen[35] = { 0 };
      /* The order of an epoch, as documented. */
      CwRng rng = cw_rng_new (11, CW_RNG_SHUFFLE, 0, epoch, 0, 0);

      for (guint32 i = 0; i < 35; i++)
        order[i] = i;
      cw_rng_shuffle (&rng, order, 35);
      for (guint32 b = 0; b < 4; b++)
        {
          CwBatch *batch = take (loader);

          g_assert_cmpuint (batch->epoch, ==, epoch);
          g_assert_cmpuint (batch->index, ==, b);
          g_assert_cmpuint (batch->step, ==, epoch * 4 + b);
          g_assert_cmpint (batch->n, ==, 8);
          g_assert_cmpint (batch->n_views, ==, 3);
          g_assert_cmpmem (batch->items, 8 * 4, order + b * 8, 8 * 4);
          for (int i = 0; i < 8; i++)
            g_assert_cmpint (seen[batch->items[i]]++, ==, 0);
          g_assert_cmpuint (cw_loader_list_items (NULL, 35, 11, 8, batch->step, listed), ==, epoch);
          g_assert_cmpmem (batch->items, 8 * 4, listed, 8 * 4);
          cw_loader_release (loader, batch);
        }
    }
}

static void
test_threads (void)
{
  static Source source = { .n = 40, .every_bad = 7, .delay = 50 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autofree char *want = NULL;

  for (int n_threads = 1; n_threads <= 3; n_threads++)
    {
      for (int n_ahead = 1; n_ahead <= 16; n_ahead += 15)
        {
          CwLoaderOptions options = plain;
          g_autoptr (CwLoader) loader = NULL;
          g_autofree char *got = NULL;

          options.n_threads = n_threads;
          options.n_ahead = n_ahead;
          loader = make_loader (dataset, &options);
          got = digest (loader, 12);
          if (want == NULL)
            want = g_steal_pointer (&got);
          else
            g_assert_cmpstr (got, ==, want);
        }
    }
}

static void
test_seed (void)
{
  static Source source = { .n = 40 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  CwLoaderOptions options = plain;
  g_autoptr (CwLoader) first = make_loader (dataset, &options);
  g_autoptr (CwLoader) second = NULL;
  g_autofree char *one = digest (first, 2);
  g_autofree char *two = NULL;

  options.seed = 12;
  second = make_loader (dataset, &options);
  two = digest (second, 2);
  g_assert_cmpstr (one, !=, two);
}

static void
test_seek (void)
{
  static Source source = { .n = 40, .delay = 30 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  static const guint64 steps[] = { 7, 0, 3, 3, 100, 1, 99, 6 };

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (CwLoader) fresh = make_loader (dataset, &plain);
      g_autofree char *want = NULL;

      cw_loader_seek (fresh, steps[i]);
      want = digest (fresh, 3);
      /* From wherever the other stands, with batches in work and ready. */
      for (guint taken = 0; taken < 3; taken++)
        {
          g_autoptr (CwLoader) loader = make_loader (dataset, &plain);
          g_autofree char *got = NULL;

          for (guint k = 0; k < taken; k++)
            cw_loader_release (loader, take (loader));
          cw_loader_seek (loader, steps[i]);
          got = digest (loader, 3);
          g_assert_cmpstr (got, ==, want);
        }
    }
}

/* A batch that is still lent is not disturbed by a seek. */
static void
test_seek_while_lent (void)
{
  static Source source = { .n = 40 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwLoader) loader = make_loader (dataset, &plain);
  g_autoptr (CwLoader) other = make_loader (dataset, &plain);
  CwBatch *lent = take (loader);
  g_autofree float *copy = g_memdup2 (lent->pixels, n_floats (lent) * 4);
  g_autofree char *want = NULL;
  g_autofree char *got = NULL;

  cw_loader_seek (loader, 5);
  cw_loader_release (loader, take (loader));
  g_assert_cmpuint (lent->step, ==, 0);
  g_assert_cmpmem (lent->pixels, n_floats (lent) * 4, copy, n_floats (lent) * 4);
  cw_loader_release (loader, lent);
  got = digest (loader, 4);
  cw_loader_seek (other, 6);
  want = digest (other, 4);
  g_assert_cmpstr (got, ==, want);
}

static void
test_pixels (void)
{
  static Source source = { .n = 24 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwViews) views = cw_views_new (SIZE);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autoptr (CwLoader) loader = NULL;
  g_autoptr (GError) error = NULL;
  const gsize view_floats = SIZE * SIZE * 3;
  g_autofree float *want = g_new (float, view_floats);

  views->negatives.count = 2;
  loader = cw_loader_new (dataset, NULL, 0, views, &plain, NULL, NULL, &error);
  g_assert_no_error (error);
  cw_loader_seek (loader, 4);
  for (int b = 0; b < 2; b++)
    {
      CwBatch *batch = take (loader);

      g_assert_cmpint (batch->n_views, ==, 4);
      for (int v = 0; v < batch->n_views; v++)
        {
          for (int i = 0; i < batch->n; i++)
            {
              const float *got
                  = batch->pixels + (gsize) (v * batch->n + i) * view_floats;

              g_assert_true (cw_loader_render_view (dataset, batch->items[i], views, 0, 11,
                                                    batch->epoch, v, renderer, want, NULL, NULL,
                                                    &error));
              g_assert_no_error (error);
              cw_preprocess_apply (&views->preprocess, want, SIZE * SIZE);
              g_assert_cmpmem (got, view_floats * 4, want, view_floats * 4);
            }
        }
      cw_loader_release (loader, batch);
    }
}

/* Of a batch, with what any other caller of the same functions makes for the same address. */
static void
assert_batch (const CwBatch *batch, CwDataset *dataset, const CwViews *views)
{
  const gsize view_floats = SIZE * SIZE * 3;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  g_autofree float *want = g_new (float, view_floats);

  g_assert_cmpint (batch->n_views, ==, cw_views_count (views));
  for (int i = 0; i < batch->n; i++)
    {
      g_autoptr (CwImage) image = cw_dataset_load_image (dataset, batch->items[i], 2 * SIZE, NULL);
      CwPoint points[CW_N_LANDMARKS];

      cw_dataset_get_landmarks (dataset, batch->items[i], points);
      for (int v = 0; v < batch->n_views; v++)
        {
          CwViewDraw draw;

          cw_views_draw (views, 11, batch->epoch, batch->items[i], v, image->w, image->h, points,
                         CW_N_LANDMARKS, &draw);
          g_assert_cmpint (draw.warped, ==, v >= 2);
          cw_views_render (views, &draw, image, renderer, want, field);
          g_assert_cmpint (cw_field_max (field) > 0, ==, v >= 2);
          cw_preprocess_apply (&views->preprocess, want, SIZE * SIZE);
          g_assert_cmpmem (batch->pixels + (gsize) (v * batch->n + i) * view_floats,
                           view_floats * 4, want, view_floats * 4);
        }
    }
}

static void
set_warp (CwViews *views, const CwWarpClass *warp)
{
  cw_params_block_free (views->warp->base.params, views->warp_params);
  views->warp = warp;
  views->warp_params = cw_params_block_new (warp->base.params, warp->base.params_size);
}

/* The trainer's bytes are the explorer's: every family, both transforms of negatives, several of
 * them, with everything on that depends on the epoch or the landmarks. */
static void
test_families (void)
{
  static Source source = { .n = 24 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwViews) views = cw_views_new (SIZE);

  views->negatives.count = 3;
  views->negatives.common.curriculum = 3;
  for (int i = 0; cw_builtin_warps[i] != NULL; i++)
    {
      set_warp (views, cw_builtin_warps[i]);
      for (int way = 0; way < 4; way++)
        {
          g_autoptr (CwLoader) loader = NULL;
          g_autoptr (GError) error = NULL;

          views->negatives.transform = way % 2 == 0 ? CW_NEGATIVE_SHARED : CW_NEGATIVE_FRESH;
          views->negatives.common.region = way < 2 ? 0 : CW_REGION_MOUTH + 1;
          views->negatives.common.fold_free = way >= 2;
          loader = cw_loader_new (dataset, NULL, 0, views, &plain, NULL, NULL, &error);
          g_assert_no_error (error);
          /* The last of an epoch of three and the first of the next. */
          cw_loader_seek (loader, 2);
          for (int b = 0; b < 2; b++)
            {
              CwBatch *batch = take (loader);

              g_assert_cmpuint (batch->epoch, ==, b);
              assert_batch (batch, dataset, views);
              cw_loader_release (loader, batch);
            }
        }
    }
}

/* Landmarks, field and draw of a warped view come back; an unreadable item is an error. */
static void
test_render_view (void)
{
  static Source source = { .n = 8, .every_bad = 7 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwViews) views = cw_views_new (SIZE);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  g_autoptr (GError) error = NULL;
  g_autofree float *out = g_new (float, SIZE * SIZE * 3);
  CwViewDraw draw;

  g_assert_true (cw_loader_render_view (dataset, 3, views, 0, 1, 0, 2, renderer, out, field, &draw,
                                        &error));
  g_assert_no_error (error);
  g_assert_true (draw.warped);
  g_assert_cmpfloat (cw_field_max (field), >, 0);
  g_assert_true (cw_loader_render_view (dataset, 3, views, 0, 1, 0, 1, renderer, out, field, &draw,
                                        &error));
  g_assert_false (draw.warped);
  g_assert_cmpfloat (cw_field_max (field), ==, 0);
  g_assert_false (cw_loader_render_view (dataset, 7, views, 0, 1, 0, 1, renderer, out, field, &draw,
                                         &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
}

typedef struct
{
  GMutex lock;
  guint8 times[512];
} Rejects;

static void
on_reject (guint32 item, const char *reason, gpointer user_data)
{
  Rejects *rejects = user_data;
  g_autofree char *name = g_strdup_printf ("item-%u:", item);

  g_assert_true (g_str_has_prefix (reason, name));
  g_mutex_lock (&rejects->lock);
  rejects->times[item]++;
  g_mutex_unlock (&rejects->lock);
}

static void
test_unreadable (void)
{
  static Source source = { .n = 40, .every_bad = 4 };
  static Rejects rejects;
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwViews) views = cw_views_new (SIZE);
  CwLoaderOptions options = plain;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwLoader) loader = NULL;

  options.n_threads = 3;
  loader = cw_loader_new (dataset, NULL, 0, views, &options, on_reject, &rejects, &error);
  for (guint32 epoch = 0; epoch < 3; epoch++)
    {
      guint32 order[40];
      CwRng rng = cw_rng_new (11, CW_RNG_SHUFFLE, 0, epoch, 0, 0);

      for (guint32 i = 0; i < 40; i++)
        order[i] = i;
      cw_rng_shuffle (&rng, order, 40);
      for (guint b = 0; b < 5; b++)
        {
          CwBatch *batch = take (loader);
          guint next = 8 * (b + 1);

          /* The k-th gap holds the k-th readable one behind the batch. */
          for (guint i = 0; i < 8; i++)
            {
              guint32 want = order[8 * b + i];

              while (want % 4 == 0)
                want = order[next++ % 40];
              g_assert_cmpuint (batch->items[i], ==, want);
              for (guint k = 0; k < i; k++)
                g_assert_cmpuint (batch->items[k], !=, batch->items[i]);
            }
          cw_loader_release (loader, batch);
        }
    }
  cw_loader_free (g_steal_pointer (&loader));
  for (guint i = 0; i < 40; i++)
    g_assert_cmpint (rejects.times[i], ==, i % 4 == 0);
}

static void
test_none (void)
{
  static Source source = { .n = 16, .every_bad = 1 };
  g_autoptr (CwDataset) none = make_dataset (&source);
  g_autoptr (CwLoader) loader = make_loader (none, &plain);
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_loader_take (loader, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_null (cw_loader_take (loader, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
}

static CwImage *
load_only_five (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  CwImage *image;

  if (index != 5)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "broken");
      return NULL;
    }
  image = cw_image_new (2, 2, 1);
  memset (image->data, 9, 4);
  return image;
}

/* Fewer readable pictures than a batch has places: they are repeated. */
static void
test_only_one (void)
{
  static Source source = { .n = 16 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwLoader) loader = NULL;

  cw_dataset_set_loader (dataset, load_only_five, NULL, NULL, NULL);
  loader = make_loader (dataset, &plain);
  for (int b = 0; b < 4; b++)
    {
      CwBatch *batch = take (loader);

      for (int i = 0; i < 8; i++)
        g_assert_cmpuint (batch->items[i], ==, 5);
      cw_loader_release (loader, batch);
    }
}

/* The cache changes how often pictures are decoded, and nothing else. */
static void
test_cache (void)
{
  /* Nothing, three pictures of 20 * 24 * 3 bytes, all. */
  static const gsize sizes[] = { 0, 3 * 1440 + 100, 1 << 20 };
  g_autofree char *want = NULL;

  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      Source source = { .n = 32 };
      g_autoptr (CwDataset) dataset = make_dataset (&source);
      CwLoaderOptions options = plain;
      CwLoader *loader;
      g_autofree char *got = NULL;
      int total = 0;

      options.cache_bytes = sizes[s];
      options.n_threads = 1;
      loader = make_loader (dataset, &options);
      got = digest (loader, 4 * 4);
      cw_loader_free (loader);
      if (want == NULL)
        want = g_strdup (got);
      g_assert_cmpstr (got, ==, want);
      for (guint i = 0; i < 32; i++)
        total += source.decoded[i];
      /* At least four epochs; one decoding each where all are kept. */
      if (s == 0)
        g_assert_cmpint (total, >=, 4 * 32);
      else if (s == 1)
        g_assert_cmpint (total, >=, 3 + 4 * 29);
      else
        g_assert_cmpint (total, ==, 32);
    }
}

/* The time that the taker waits is what it is told: all of it while pictures are slow, next to none once
 * batches are ready. */
static void
test_wait (void)
{
  static Source source = { .n = 40, .delay = 4000 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwLoader) loader = make_loader (dataset, &plain);
  double first = 0, second = 0;

  cw_loader_release (loader, cw_loader_take (loader, &first, NULL));
  /* Eight pictures of 4 to 12 ms on two threads. */
  g_assert_cmpfloat (first, >=, 0.016);
  /* Two batches ahead, with time to make them. */
  g_usleep (400000);
  cw_loader_release (loader, cw_loader_take (loader, &second, NULL));
  g_assert_cmpfloat (second, <, 0.5 * first);
}

static void
test_items (void)
{
  static Source source = { .n = 40 };
  static const guint32 items[] = { 30, 3, 17, 8, 21, 2, 39, 11 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);
  g_autoptr (CwViews) views = cw_views_new (SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwLoader) loader
      = cw_loader_new (dataset, items, 8, views, &plain, NULL, NULL, &error);

  g_assert_no_error (error);
  for (int b = 0; b < 3; b++)
    {
      CwBatch *batch = take (loader);
      guint32 listed[8];
      guint found = 0;

      g_assert_cmpuint (batch->epoch, ==, b);
      cw_loader_list_items (items, 8, 11, 8, batch->step, listed);
      g_assert_cmpmem (batch->items, 8 * 4, listed, 8 * 4);
      for (int i = 0; i < 8; i++)
        {
          for (int k = 0; k < 8; k++)
            found += batch->items[i] == items[k];
        }
      g_assert_cmpuint (found, ==, 8);
      cw_loader_release (loader, batch);
    }
  g_assert_null (cw_loader_new (dataset, items, 7, views, &plain, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_EMPTY);
}

/* Ended before the first batch, with batches in work, ready, and lent. */
static void
test_end (void)
{
  static Source source = { .n = 40, .every_bad = 5, .delay = 200 };
  g_autoptr (CwDataset) dataset = make_dataset (&source);

  for (int round = 0; round < 24; round++)
    {
      CwLoaderOptions options = plain;
      CwLoader *loader;
      CwBatch *batch = NULL;

      options.n_threads = 1 + round % 3;
      loader = make_loader (dataset, &options);
      for (int k = 0; k < round / 3 % 4; k++)
        {
          if (batch != NULL)
            cw_loader_release (loader, batch);
          batch = take (loader);
        }
      if (batch != NULL && round % 2 == 0)
        cw_loader_release (loader, batch);
      if (round % 5 == 0)
        cw_loader_seek (loader, 9);
      g_usleep ((gulong) (round % 4) * 500);
      cw_loader_free (loader);
    }
  cw_loader_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cw/loader/order", test_order);
  g_test_add_func ("/cw/loader/threads", test_threads);
  g_test_add_func ("/cw/loader/seed", test_seed);
  g_test_add_func ("/cw/loader/seek", test_seek);
  g_test_add_func ("/cw/loader/seek-while-lent", test_seek_while_lent);
  g_test_add_func ("/cw/loader/pixels", test_pixels);
  g_test_add_func ("/cw/loader/families", test_families);
  g_test_add_func ("/cw/loader/render-view", test_render_view);
  g_test_add_func ("/cw/loader/unreadable", test_unreadable);
  g_test_add_func ("/cw/loader/none", test_none);
  g_test_add_func ("/cw/loader/only-one", test_only_one);
  g_test_add_func ("/cw/loader/cache", test_cache);
  g_test_add_func ("/cw/loader/wait", test_wait);
  g_test_add_func ("/cw/loader/items", test_items);
  g_test_add_func ("/cw/loader/end", test_end);
  return g_test_run ();
}
