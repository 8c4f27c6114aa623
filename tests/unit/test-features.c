/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "base/cw-rng.h"
#include "cw-test.h"
#include "data/cw-picture.h"
#include "eval/cw-features-cache.h"
#include "eval/cw-features.h"
#include "image/cw-views.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define SIDE 20
#define SIZE 16
#define N 70

/* Pictures that come from a table, or from nowhere. */
typedef struct
{
  gint n_loads; /* atomic */
  guint unreadable;
  int code;     /* of the error then */
  guint seed;
} Table;

static CwImage *
make_picture (guint seed, guint item)
{
  CwImage *image = cw_image_new (SIDE, SIDE, 1);
  CwRng rng = cw_rng_new (seed, CW_RNG_TEST, 0, 0, item, 0);

  for (int i = 0; i < SIDE * SIDE; i++)
    image->data[i] = (guint8) cw_rng_below (&rng, 256);
  return image;
}

static CwImage *
load (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  Table *table = data;

  g_atomic_int_inc (&table->n_loads);
  if (index == table->unreadable)
    {
      g_set_error (error, CW_ERROR, table->code, "item %u is broken", index);
      return NULL;
    }
  return make_picture (table->seed, index);
}

static CwModel *
make_model (guint64 seed)
{
  CwPreprocess p = cw_preprocess_default (SIZE);
  const CwEncoderClass *encoder = cw_builtin_encoders[0];
  gpointer params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  CwModel *model;

  g_assert_true (cw_params_set_string (encoder->base.params, params, NULL, "width", "8", NULL));
  model = cw_model_new_random (encoder, params, SIZE, p.mean, p.std, seed);
  cw_params_block_free (encoder->base.params, params);
  return model;
}

typedef struct
{
  char *folder;
  char *source;
  Table table;
  CwDataset *dataset; /* of the table, whose file is @source */
  CwModel *model;
  guint32 items[N];
} Fixture;

static CwDataset *
make_dataset (Fixture *fixture, const char *source)
{
  CwDataset *dataset = cw_dataset_new (fixture->folder, "test");

  cw_dataset_set_loader (dataset, load, NULL, &fixture->table, NULL);
  cw_dataset_add_label (dataset, "one");
  if (source != NULL)
    cw_dataset_add_file (dataset, source);
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("row %u", i);

      cw_dataset_add_item (dataset, name, NULL, i % 2 == 0 ? 0 : -1, -1, CW_SPLIT_NONE, NULL);
    }
  return dataset;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = cw_test_make_folder ();
  fixture->source = g_build_filename (fixture->folder, "table.csv", NULL);
  g_assert_true (g_file_set_contents (fixture->source, "pixels", -1, NULL));
  fixture->table = (Table){ .unreadable = G_MAXUINT, .code = CW_ERROR_CORRUPT_FILE, .seed = 1 };
  fixture->dataset = make_dataset (fixture, fixture->source);
  fixture->model = make_model (1);
  for (guint i = 0; i < N; i++)
    fixture->items[i] = N - 1 - i;
  cw_features_cache_set_limit (1 << 30);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cw_features_cache_set_limit (0);
  g_object_unref (fixture->dataset);
  cw_model_unref (fixture->model);
  cw_test_remove_folder (fixture->folder);
  g_free (fixture->source);
}

static CwFeatures *
embed (Fixture *fixture, CwDataset *dataset, const CwModel *model)
{
  g_autoptr (GError) error = NULL;
  guint n_skipped;
  CwFeatures *features
      = cw_features_embed (model, dataset, fixture->items, N, &n_skipped, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (n_skipped, ==, N - features->n);
  return features;
}

/* How many pictures were decoded for it. */
static int
count_loads (Fixture *fixture, CwDataset *dataset, const CwModel *model, CwFeatures **features)
{
  g_autoptr (CwFeatures) f = NULL;

  g_atomic_int_set (&fixture->table.n_loads, 0);
  f = embed (fixture, dataset, model);
  if (features != NULL)
    *features = g_steal_pointer (&f);
  return g_atomic_int_get (&fixture->table.n_loads);
}

static void
assert_same (const CwFeatures *a, const CwFeatures *b)
{
  g_assert_cmpuint (a->n, ==, b->n);
  g_assert_cmpint (a->dim, ==, b->dim);
  g_assert_cmpmem (a->x, a->n * (gsize) a->dim * sizeof *a->x, b->x,
                   b->n * (gsize) b->dim * sizeof *b->x);
  g_assert_cmpmem (a->items, a->n * sizeof *a->items, b->items, b->n * sizeof *b->items);
  g_assert_cmpmem (a->labels, a->n * sizeof *a->labels, b->labels, b->n * sizeof *b->labels);
  g_assert_cmpmem (a->subjects, a->n * sizeof *a->subjects, b->subjects,
                   b->n * sizeof *b->subjects);
  g_assert_cmpmem (a->hashes, a->n * sizeof *a->hashes, b->hashes, b->n * sizeof *b->hashes);
  g_assert_cmpstr (a->model_sha256, ==, b->model_sha256);
}

static char *
cache_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "contrawarp", "features", NULL);
}

/* (transfer full): sorted names in the cache that end in @suffix. */
static GPtrArray *
list_cache (const char *suffix)
{
  g_autofree char *folder = cache_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_suffix (name, suffix))
        g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
    }
  return paths;
}

static void
clear_cache (void)
{
  g_autoptr (GPtrArray) all = list_cache ("");

  for (guint i = 0; i < all->len; i++)
    g_assert_cmpint (g_unlink (all->pdata[i]), ==, 0);
}

/* The second time nothing is read, and all is the same to the bit; with no limit set nothing is
 * kept. */
static void
test_hit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwModel) other = make_model (2);
  g_autoptr (CwModel) batch = make_model (1);
  g_autoptr (CwFeatures) first = NULL;
  g_autoptr (CwFeatures) second = NULL;
  g_autoptr (CwFeatures) uncached = NULL;
  g_autoptr (CwFeatures) one = NULL;

  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, &first), ==, N);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, &second), ==, 0);
  assert_same (first, second);
  cw_features_cache_set_limit (0);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, &uncached), ==, N);
  assert_same (first, uncached);
  cw_features_cache_set_limit (1 << 30);

  /* Other weights, another mode, other pictures. */
  g_assert_cmpint (count_loads (fixture, fixture->dataset, other, NULL), ==, N);
  batch->norm = CW_NORM_BATCH;
  g_assert_cmpint (count_loads (fixture, fixture->dataset, batch, NULL), ==, N);
  one = cw_features_embed (fixture->model, fixture->dataset, fixture->items, 1, NULL, NULL, NULL);
  g_assert_cmpuint (one->n, ==, 1);
  fixture->items[0] = 3;
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);
}

/* A picture that is in no dataset has the features that it would have there. */
static void
test_picture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwFeatures) want = cw_features_embed (fixture->model, fixture->dataset, fixture->items,
                                                   2, NULL, NULL, NULL);
  g_autoptr (CwImage) image = make_picture (fixture->table.seed, fixture->items[1]);
  g_autofree float *got = cw_features_embed_picture (fixture->model, image);

  cw_test_assert_close ("features", (size_t) want->dim, got, want->x + want->dim, 1e-6, 1e-5);
}

/* What there is of several is taken, the rest is made. */
static void
test_some (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwModel) other = make_model (2);
  const CwModel *models[] = { fixture->model, other };
  g_autoptr (GError) error = NULL;
  CwFeatures *before[3], *after[3];
  g_autoptr (GPtrArray) files = NULL;

  for (int round = 0; round < 2; round++)
    {
      CwFeatures **found = round == 0 ? before : after;

      if (round == 1)
        {
          files = list_cache (".json");
          g_assert_cmpuint (files->len, ==, 3);
          g_assert_cmpint (g_unlink (files->pdata[1]), ==, 0);
        }
      g_assert_true (cw_features_embed_all (models, 2, TRUE, 0, fixture->dataset, fixture->items, N,
                                            found, NULL, NULL, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpint (g_atomic_int_get (&fixture->table.n_loads), ==, 2 * N);
  for (int i = 0; i < 3; i++)
    {
      assert_same (before[i], after[i]);
      cw_features_free (before[i]);
      cw_features_free (after[i]);
    }
}

/* A table that was touched, or written anew with the old time and size, is read again. */
static void
test_stale (Fixture *fixture, gconstpointer data)
{
  struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1000 } };

  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);
  g_assert_cmpint (utimensat (AT_FDCWD, fixture->source, times, 0), ==, 0);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, 0);

  g_usleep (20000);
  g_assert_true (g_file_set_contents (fixture->source, "Pixels", -1, NULL));
  g_assert_cmpint (utimensat (AT_FDCWD, fixture->source, times, 0), ==, 0);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);

  cw_dataset_set_parameters (fixture->dataset, "reader?contrast=2");
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);
}

/* Pictures with a file each: a changed pixel changes the features. */
static void
test_changed_pixel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new (fixture->folder, "test");
  g_autoptr (CwFeatures) before = NULL;
  g_autoptr (CwFeatures) after = NULL;
  g_autoptr (CwFeatures) again = NULL;
  guint32 items[N];

  for (guint i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_autoptr (CwImage) image = make_picture (1, i);

      g_assert_true (cw_picture_save_png (image, path, NULL));
      cw_dataset_add_item (dataset, name, NULL, -1, -1, CW_SPLIT_NONE, NULL);
      items[i] = i;
    }
  before = cw_features_embed (fixture->model, dataset, items, N, NULL, NULL, NULL);
  for (int change = 0; change < 2; change++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, "7.png", NULL);
      g_autoptr (CwImage) image = make_picture (1, 7);

      image->data[5] = change == 0 ? (guint8) (image->data[5] ^ 0x80) : image->data[5];
      g_assert_true (cw_picture_save_png (image, path, NULL));
      g_clear_pointer (&after, cw_features_free);
      after = cw_features_embed (fixture->model, dataset, items, N, NULL, NULL, NULL);
      g_assert_true ((after->hashes[7] == before->hashes[7]) == (change == 1));
    }
  assert_same (before, after);
  again = cw_features_embed (fixture->model, dataset, items, N, NULL, NULL, NULL);
  assert_same (before, again);
}

/* Drawn pictures have no file: a few of them are looked at. */
static void
test_drawn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwDataset) dataset = make_dataset (fixture, NULL);
  g_autoptr (CwFeatures) before = NULL;
  g_autoptr (CwFeatures) after = NULL;

  g_assert_cmpint (count_loads (fixture, dataset, fixture->model, &before), >=, N);
  g_assert_cmpint (count_loads (fixture, dataset, fixture->model, &after), <, 10);
  assert_same (before, after);
  fixture->table.seed = 2;
  g_clear_pointer (&after, cw_features_free);
  g_assert_cmpint (count_loads (fixture, dataset, fixture->model, &after), >=, N);
  g_assert_cmpuint (before->hashes[0], !=, after->hashes[0]);
}

static void
cut (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size / 2, NULL));
}

static void
flip (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  bytes[size - 6] ^= 1;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
}

static void
empty (const char *path)
{
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
}

static void
fill_in (const char *path)
{
  g_assert_true (g_file_set_contents (path, "[1, {\"key\": 3}]", -1, NULL));
}

static void
remove_file (const char *path)
{
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* Files that are damaged in whatever way are made anew, and are good then. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *suffix;
    void (*damage) (const char *path);
  } cases[] = {
    { ".npy", cut },  { ".npy", flip },  { ".npy", empty },  { ".npy", fill_in },
    { ".npy", remove_file },             { ".json", cut },   { ".json", flip },
    { ".json", empty },                  { ".json", fill_in }, { ".json", remove_file },
  };
  g_autoptr (CwFeatures) first = embed (fixture, fixture->dataset, fixture->model);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) files = list_cache (cases[i].suffix);
      g_autoptr (CwFeatures) after = NULL;

      g_assert_cmpuint (files->len, ==, 1);
      cases[i].damage (files->pdata[0]);
      g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, &after), ==, N);
      assert_same (first, after);
      g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, 0);
    }
}

/* Files of other features under this name are not taken: neither both, nor one of them. */
static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { ".npy", ".json" };
  g_autoptr (CwModel) other = make_model (2);
  g_autoptr (CwFeatures) first = embed (fixture, fixture->dataset, fixture->model);
  char *own[2], *bytes[2];
  gsize sizes[2];

  for (int s = 0; s < 2; s++)
    {
      g_autoptr (GPtrArray) files = list_cache (suffixes[s]);

      own[s] = g_strdup (files->pdata[0]);
    }
  clear_cache ();
  cw_features_free (embed (fixture, fixture->dataset, other));
  for (int s = 0; s < 2; s++)
    {
      g_autoptr (GPtrArray) files = list_cache (suffixes[s]);

      g_assert_true (g_file_get_contents (files->pdata[0], &bytes[s], &sizes[s], NULL));
    }
  for (int which = 1; which < 4; which++)
    {
      g_autoptr (CwFeatures) after = NULL;

      for (int s = 0; s < 2; s++)
        {
          if (which >> s & 1)
            g_assert_true (g_file_set_contents (own[s], bytes[s], (gssize) sizes[s], NULL));
        }
      g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, &after), ==, N);
      assert_same (first, after);
    }
  for (int s = 0; s < 2; s++)
    {
      g_free (own[s]);
      g_free (bytes[s]);
    }
}

/* A broken picture is left out of what is kept; one that is out of reach for a moment keeps
 * nothing. */
static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwFeatures) first = NULL;
  g_autoptr (CwFeatures) second = NULL;
  g_autoptr (GPtrArray) files = NULL;

  fixture->table.unreadable = 30;
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, &first), ==, N);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, &second), ==, 0);
  g_assert_cmpuint (first->n, ==, N - 1);
  assert_same (first, second);

  clear_cache ();
  fixture->table.code = CW_ERROR_NO_MEMORY;
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);
  files = list_cache ("");
  g_assert_cmpuint (files->len, ==, 0);
}

/* Over the limit, what was not used for longest goes; what is too large alone is not kept. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  CwModel *models[3] = { make_model (1), make_model (2), make_model (3) };
  g_autofree char *folder = cache_folder ();
  g_autofree char *left = g_build_filename (folder, "left.npy.XXabcd", NULL);
  g_autoptr (GPtrArray) files = NULL;
  const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
  guint64 bytes = 0;

  for (int m = 0; m < 2; m++)
    {
      cw_features_free (embed (fixture, fixture->dataset, models[m]));
      g_usleep (20000);
    }
  files = list_cache ("");
  g_assert_cmpuint (files->len, ==, 4);
  for (guint i = 0; i < files->len; i++)
    {
      struct stat st;

      g_assert_cmpint (stat (files->pdata[i], &st), ==, 0);
      bytes += (guint64) st.st_size;
    }
  /* The remains of a process that died. */
  g_assert_true (g_file_set_contents (left, "12345", -1, NULL));
  g_assert_cmpint (utimensat (AT_FDCWD, left, old, 0), ==, 0);
  /* Now the second is the one not used for longest. */
  g_assert_cmpint (count_loads (fixture, fixture->dataset, models[0], NULL), ==, 0);
  g_usleep (20000);
  cw_features_cache_set_limit (bytes + 4);
  cw_features_free (embed (fixture, fixture->dataset, models[2]));
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_assert_cmpint (count_loads (fixture, fixture->dataset, models[2], NULL), ==, 0);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, models[0], NULL), ==, 0);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, models[1], NULL), ==, N);

  clear_cache ();
  cw_features_cache_set_limit (1000);
  cw_features_free (embed (fixture, fixture->dataset, models[0]));
  g_clear_pointer (&files, g_ptr_array_unref);
  files = list_cache ("");
  g_assert_cmpuint (files->len, ==, 0);
  for (int m = 0; m < 3; m++)
    cw_model_unref (models[m]);
}

/* A cache that cannot be written is no error. */
static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_build_filename (g_get_user_cache_dir (), "contrawarp", NULL);

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_cache_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (parent, "a file", -1, NULL));
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);
  g_assert_cmpint (count_loads (fixture, fixture->dataset, fixture->model, NULL), ==, N);
  g_assert_cmpint (g_unlink (parent), ==, 0);
}

/* ---- norms ---- */

/* Statistics of the batch: the same for any number of threads, of the pictures of the batch alone
 * (70 make two times 35), and nothing to do with the running ones, which stay as they are. */
static void
test_batch_norm (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwModel) model = make_model (1);
  g_autoptr (CwModel) moved = make_model (1);
  g_autoptr (CwFeatures) running = NULL;
  g_autoptr (CwFeatures) one = NULL;
  g_autoptr (CwFeatures) four = NULL;
  g_autoptr (CwFeatures) half = NULL;
  g_autoptr (CwFeatures) other = NULL;
  g_autofree char *before = cw_features_hash_model (model);
  g_autofree char *after = NULL;

  cw_features_cache_set_limit (0);
  running = embed (fixture, fixture->dataset, model);
  model->norm = CW_NORM_BATCH;
  cw_parallel_set_threads (1);
  one = embed (fixture, fixture->dataset, model);
  cw_parallel_set_threads (4);
  four = embed (fixture, fixture->dataset, model);
  cw_parallel_set_threads (0);
  assert_same (one, four);
  g_assert_cmpfloat (cw_test_relative_error (N * (gsize) one->dim, one->x, running->x), >, 0.01);
  after = cw_features_hash_model (model);
  g_assert_cmpstr (before, ==, after);

  half = cw_features_embed (model, fixture->dataset, fixture->items, N / 2, NULL, NULL, NULL);
  g_assert_cmpmem (half->x, N / 2 * (gsize) one->dim * sizeof (float), one->x,
                   N / 2 * (gsize) one->dim * sizeof (float));
  moved->norm = CW_NORM_BATCH;
  moved->weights->buffers[0] += 3;
  other = embed (fixture, fixture->dataset, moved);
  g_assert_cmpmem (other->x, N * (gsize) one->dim * sizeof (float), one->x,
                   N * (gsize) one->dim * sizeof (float));
}

#define ADD(path, func) g_test_add ("/cw/features/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("cache/hit", test_hit);
  ADD ("picture", test_picture);
  ADD ("cache/some", test_some);
  ADD ("cache/stale", test_stale);
  ADD ("cache/changed-pixel", test_changed_pixel);
  ADD ("cache/drawn", test_drawn);
  ADD ("cache/damaged", test_damaged);
  ADD ("cache/foreign", test_foreign);
  ADD ("cache/unreadable", test_unreadable);
  ADD ("cache/limit", test_limit);
  ADD ("cache/unwritable", test_unwritable);
  ADD ("batch-norm", test_batch_norm);
  return g_test_run ();
}
