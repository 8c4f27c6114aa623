/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-file.h"
#include "base/cw-rng.h"
#include "contrawarp.h"
#include "cw-test-faces.h"
#include "cw-test.h"
#include "run/cw-safetensors.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  CwExperiment *experiment;
  CwDataset *dataset;
  GArray *items;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = cw_test_make_folder ();
  fixture->experiment = cw_test_tiny_experiment (fixture->folder);
  fixture->dataset = cw_experiment_open_data (fixture->experiment, NULL, &fixture->items, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cw_file_fail_after (-1);
  g_array_unref (fixture->items);
  g_object_unref (fixture->dataset);
  cw_experiment_free (fixture->experiment);
  cw_test_remove_folder (fixture->folder);
}

static CwTrainer *
make_trainer (Fixture *fixture)
{
  const CwLoaderOptions options = { .n_threads = 1, .n_ahead = 2, .cache_bytes = 1 << 20 };
  g_autoptr (GError) error = NULL;
  CwTrainer *trainer
      = cw_trainer_new (fixture->experiment->recipe, fixture->dataset,
                        (guint32 *) fixture->items->data, fixture->items->len, &options, NULL,
                        NULL, &error);

  g_assert_no_error (error);
  return trainer;
}

static void
make_steps (CwTrainer *trainer, int n)
{
  for (int i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      CwStepRecord record;

      cw_trainer_step (trainer, &record, &error);
      g_assert_no_error (error);
    }
}

static char *
save (Fixture *fixture, CwTrainer *trainer)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;

  cw_checkpoint_save (trainer, fixture->experiment->recipe, fixture->folder, &path, &error);
  g_assert_no_error (error);
  return path;
}

static void
assert_same_weights (CwTrainer *a, CwTrainer *b)
{
  g_autofree char *x = cw_trainer_dup_weights_sha256 (a), *y = cw_trainer_dup_weights_sha256 (b);

  g_assert_cmpuint (strlen (x), ==, 64);
  g_assert_cmpstr (x, ==, y);
}

static void
assert_restore_refused (Fixture *fixture, guint64 step, int code, const char *word1,
                        const char *word2)
{
  g_autoptr (CwTrainer) trainer = make_trainer (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_false (cw_checkpoint_restore (trainer, fixture->folder, step, &error));
  g_assert_error (error, CW_ERROR, code);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, word1) == NULL || strstr (error->message, word2) == NULL)
    g_error ("no '%s' and '%s' in: %s", word1, word2, error->message);
}

static void
assert_same_state (CwTrainer *a, CwTrainer *b)
{
  gsize n, n_other;
  const float *x = cw_trainer_get_objective_state (a, &n);
  const float *y = cw_trainer_get_objective_state (b, &n_other);

  g_assert_cmpuint (n, ==, n_other);
  if (n > 0)
    g_assert_cmpmem (x, n * sizeof (float), y, n * sizeof (float));
}

/* With moments of each optimizer, with and without a target, a state and a classifier. */
static void
test_restore (Fixture *fixture, gconstpointer data)
{
  static const char *const kinds[][2]
      = { { "simclr", "adamw" }, { "byol", "sgd" }, { "moco", "lars" }, { "supervised", "adamw" } };

  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (CwTrainer) a = NULL, b = NULL;
      g_autofree char *path = NULL, *fresh = NULL, *trained = NULL;
      g_autoptr (GError) error = NULL;

      cw_test_set (fixture->experiment, "objective.type", kinds[i][0]);
      cw_test_set (fixture->experiment, "optimizer.type", kinds[i][1]);
      a = make_trainer (fixture);
      b = make_trainer (fixture);
      assert_same_weights (a, b);
      fresh = cw_trainer_dup_weights_sha256 (a);
      make_steps (a, 5);
      trained = cw_trainer_dup_weights_sha256 (a);
      g_assert_cmpstr (fresh, !=, trained);
      path = save (fixture, a);
      g_assert_true (g_str_has_suffix (path, "/checkpoints/step-00000005.safetensors"));
      cw_checkpoint_restore (b, fixture->folder, 5, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (cw_trainer_get_step (b), ==, 5);
      assert_same_weights (a, b);
      assert_same_state (a, b);
      /* Moments, schedule and order of the data show only now. */
      make_steps (a, 4);
      make_steps (b, 4);
      assert_same_weights (a, b);
      assert_same_state (a, b);
    }
}

static void
test_contents (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = NULL;
  g_autofree char *path = NULL;
  g_autoptr (CwSafetensors) file = NULL;
  g_auto (GStrv) names = NULL;
  gint64 shape[8], count = 0;

  cw_test_set (fixture->experiment, "experiment.seed", "42");
  trainer = make_trainer (fixture);
  make_steps (trainer, 3);
  path = save (fixture, trainer);
  file = cw_safetensors_open (path, NULL);
  names = cw_safetensors_list (file);
  for (int i = 0; names[i] != NULL; i++)
    {
      g_assert_false (g_str_has_prefix (names[i], "projector."));
      g_assert_false (g_str_has_prefix (names[i], "predictor."));
    }
  g_assert_cmpint (cw_safetensors_get_shape (file, "conv1.weight", shape), ==, 4);
  g_assert_cmpint (shape[0], ==, 8);
  g_assert_cmpint (shape[1], ==, 3);
  g_assert_cmpint (cw_safetensors_get_shape (file, "layer2.0.downsample.1.running_var", shape), ==,
                   1);
  g_assert_cmpint (cw_safetensors_get_shape (file, "bn1.num_batches_tracked", shape), ==, 0);
  g_assert_true (cw_safetensors_read_i64 (file, "bn1.num_batches_tracked", &count, 1, NULL));
  g_assert_cmpint (count, ==, 3);
  g_assert_cmpstr (cw_safetensors_get_metadata (file, "contrawarp.encoder"), ==, "small");
  g_assert_cmpstr (cw_safetensors_get_metadata (file, "contrawarp.params"), ==, "width=8\n");
  g_assert_cmpstr (cw_safetensors_get_metadata (file, "contrawarp.size"), ==, "16");
  g_assert_cmpstr (cw_safetensors_get_metadata (file, "contrawarp.mean"), ==, "0.5,0.5,0.5");
  g_assert_cmpstr (cw_safetensors_get_metadata (file, "contrawarp.step"), ==, "3");
  g_assert_cmpstr (cw_safetensors_get_metadata (file, "contrawarp.seed"), ==, "42");
}

/* Names of files below @folder, for "nothing else is left". */
static guint
count_files (const char *folder, const char *sub)
{
  g_autofree char *path = g_build_filename (folder, sub, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static goffset
file_size (const char *path)
{
  GStatBuf st;

  g_assert_cmpint (g_stat (path, &st), ==, 0);
  return st.st_size;
}

/* The disk fills up at any point of a save: the checkpoint before stays the last one, and loads. */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = make_trainer (fixture), again = make_trainer (fixture);
  g_autofree char *path = NULL, *hash = NULL, *state = NULL;
  gint64 size;
  guint n_partial = 0;

  make_steps (trainer, 2);
  path = save (fixture, trainer);
  hash = cw_trainer_dup_weights_sha256 (trainer);
  state = g_build_filename (fixture->folder, "state", "step-00000002.safetensors", NULL);
  size = file_size (path) + file_size (state);
  make_steps (trainer, 1);
  for (gint64 room = 0; room < size; room += size / 23)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *restored = NULL;
      guint64 step = 0;

      cw_file_fail_after (room);
      g_assert_false (cw_checkpoint_save (trainer, fixture->experiment->recipe, fixture->folder,
                                          NULL, &error));
      cw_file_fail_after (-1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      g_assert_nonnull (strstr (error->message, fixture->folder));
      g_assert_cmpuint (count_files (fixture->folder, "checkpoints"), ==, 1);
      /* Either half of the new one, or nothing of it. */
      g_assert_cmpuint (count_files (fixture->folder, "state"), <=, 2);
      n_partial += count_files (fixture->folder, "state") == 2;
      g_assert_true (cw_checkpoint_find_last (fixture->folder, G_MAXUINT64, &step));
      g_assert_cmpuint (step, ==, 2);
      g_assert_true (cw_checkpoint_restore (again, fixture->folder, 2, &error));
      restored = cw_trainer_dup_weights_sha256 (again);
      g_assert_cmpstr (restored, ==, hash);
    }
  g_assert_cmpuint (n_partial, >, 0);
}

static void
test_find_last (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = make_trainer (fixture);
  guint64 step = 0;

  g_assert_false (cw_checkpoint_find_last (fixture->folder, G_MAXUINT64, &step));
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *path = NULL;

      make_steps (trainer, 1);
      path = save (fixture, trainer);
      if (i == 2)
        g_assert_true (g_file_set_contents (path, "cut", 3, NULL));
    }
  g_assert_true (cw_checkpoint_find_last (fixture->folder, G_MAXUINT64, &step));
  g_assert_cmpuint (step, ==, 2);
  g_assert_true (cw_checkpoint_find_last (fixture->folder, 1, &step));
  g_assert_cmpuint (step, ==, 1);
  cw_checkpoint_remove (fixture->folder, 1);
  g_assert_false (cw_checkpoint_find_last (fixture->folder, 1, &step));
  g_assert_cmpuint (count_files (fixture->folder, "state"), ==, 2);
}

static void
test_other_architecture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = make_trainer (fixture);
  g_autofree char *path = NULL;

  make_steps (trainer, 1);
  path = save (fixture, trainer);
  assert_restore_refused (fixture, 2, CW_ERROR_NOT_FOUND, "step-00000002", "no such file");
  cw_test_set (fixture->experiment, "objective.type", "byol");
  assert_restore_refused (fixture, 1, CW_ERROR_SHAPE_MISMATCH, "/state/step-00000001",
                          "no tensor 'predictor.0.weight'");
  cw_test_set (fixture->experiment, "objective.type", "simclr");
  cw_test_set (fixture->experiment, "heads.projector-out", "12");
  assert_restore_refused (fixture, 1, CW_ERROR_SHAPE_MISMATCH, "'projector.3.weight' is [8, 16]",
                          "has [12, 16]");
  cw_test_set (fixture->experiment, "encoder.width", "16");
  assert_restore_refused (fixture, 1, CW_ERROR_SHAPE_MISMATCH, path,
                          "'conv1.weight' is [8, 3, 3, 3], the experiment's encoder has "
                          "[16, 3, 3, 3]");
  /* All that resnet18 needs and something on top is another architecture too. */
  cw_test_set (fixture->experiment, "encoder.type", "resnet18");
  cw_test_set (fixture->experiment, "encoder.width", "8");
  cw_test_set (fixture->experiment, "encoder.stem", "small");
  assert_restore_refused (fixture, 1, CW_ERROR_SHAPE_MISMATCH, path, "layer1.1.conv1.weight");
}

static void
test_other_queue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = NULL;
  g_autofree char *path = NULL;

  cw_test_set (fixture->experiment, "objective.type", "moco");
  cw_test_set (fixture->experiment, "objective.queue", "20");
  trainer = make_trainer (fixture);
  make_steps (trainer, 1);
  path = save (fixture, trainer);
  cw_test_set (fixture->experiment, "objective.queue", "21");
  assert_restore_refused (fixture, 1, CW_ERROR_SHAPE_MISMATCH, "/state/step-00000001",
                          "'objective.state' is [161], the experiment has [169]");
}

static void
cut_in_half (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size / 2, NULL));
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = make_trainer (fixture);
  g_autofree char *path = NULL, *bytes = NULL, *state = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CwModel) model = NULL;
  gsize size;

  make_steps (trainer, 1);
  path = save (fixture, trainer);
  state = g_build_filename (fixture->folder, "state", "step-00000001.safetensors", NULL);
  /* A weight that is not the one that was saved. */
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  bytes[size - 2] ^= 0x10;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  assert_restore_refused (fixture, 1, CW_ERROR_CORRUPT_FILE, path, "does not belong");
  bytes[size - 2] ^= 0x10;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));

  cut_in_half (state);
  assert_restore_refused (fixture, 1, CW_ERROR_CORRUPT_FILE, state, "cut short");
  cut_in_half (path);
  assert_restore_refused (fixture, 1, CW_ERROR_CORRUPT_FILE, path, "cut short");
  model = cw_model_load (path, &error);
  g_assert_null (model);
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  g_assert_nonnull (strstr (error->message, path));
}

/* ---- models ---- */

static void
assert_same_model (const CwModel *a, const CwModel *b)
{
  gsize n = (gsize) a->size * (gsize) a->size * 3;
  g_autofree float *pixels = g_new (float, n), *fa = g_new (float, a->dim),
                   *fb = g_new (float, a->dim);
  g_autoptr (CwPlan) pa = cw_model_plan (a, 1), pb = cw_model_plan (b, 1);

  g_assert_true (a->encoder == b->encoder);
  g_assert_true (cw_params_equal (a->encoder->base.params, a->params, b->params));
  g_assert_cmpint (a->size, ==, b->size);
  g_assert_cmpint (a->dim, ==, b->dim);
  g_assert_cmpmem (a->mean, sizeof a->mean, b->mean, sizeof b->mean);
  g_assert_cmpmem (a->std, sizeof a->std, b->std, sizeof b->std);
  cw_test_fill_normal (pixels, n, 1, 3);
  cw_model_embed (a, pa, pixels, 1, fa);
  cw_model_embed (b, pb, pixels, 1, fb);
  g_assert_cmpmem (fa, (gsize) a->dim * sizeof *fa, fb, (gsize) b->dim * sizeof *fb);
}

static void
test_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = make_trainer (fixture);
  g_autofree char *first = NULL, *second = NULL, *alone = NULL;
  g_autoptr (CwModel) before = NULL, model = NULL, from_run = NULL, from_file = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_model_load (fixture->folder, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  g_clear_error (&error);

  make_steps (trainer, 1);
  first = save (fixture, trainer);
  before = cw_trainer_copy_model (trainer);
  make_steps (trainer, 1);
  second = save (fixture, trainer);
  model = cw_trainer_copy_model (trainer);

  from_run = cw_model_load (fixture->folder, &error);
  g_assert_no_error (error);
  assert_same_model (model, from_run);
  g_assert_cmpstr (from_run->origin, ==, second);
  from_file = cw_model_load (first, &error);
  g_assert_no_error (error);
  assert_same_model (before, from_file);
  g_clear_pointer (&from_file, cw_model_unref);

  alone = g_build_filename (fixture->folder, "alone.safetensors", NULL);
  g_assert_true (cw_model_save (model, alone, &error));
  from_file = cw_model_load (alone, &error);
  g_assert_no_error (error);
  assert_same_model (model, from_file);

  /* The last good one. */
  cut_in_half (second);
  g_clear_pointer (&from_run, cw_model_unref);
  from_run = cw_model_load (fixture->folder, &error);
  g_assert_no_error (error);
  assert_same_model (before, from_run);
}

/* A supervised run's file has its classifier beside the encoder; who wants the encoder does not
 * mind. */
static void
test_classifier (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = NULL;
  g_autofree char *path = NULL;
  g_autoptr (CwModel) model = NULL, loaded = NULL;
  g_autoptr (CwSafetensors) file = NULL;
  g_autoptr (GError) error = NULL;
  gint64 shape[8];

  cw_test_set (fixture->experiment, "objective.type", "supervised");
  trainer = make_trainer (fixture);
  make_steps (trainer, 2);
  path = save (fixture, trainer);
  file = cw_safetensors_open (path, NULL);
  g_assert_cmpint (cw_safetensors_get_shape (file, "classifier.weight", shape), ==, 2);
  g_assert_cmpint (shape[0], ==, 3);
  g_assert_cmpint (shape[1], ==, 64);
  g_assert_cmpint (cw_safetensors_get_shape (file, "classifier.bias", shape), ==, 1);
  g_assert_cmpint (cw_safetensors_get_shape (file, "projector.0.weight", shape), <, 0);

  model = cw_trainer_copy_model (trainer);
  loaded = cw_model_load (path, &error);
  g_assert_no_error (error);
  assert_same_model (model, loaded);
}

static void
assert_no_target (const char *path, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_model_load_network (path, CW_NETWORK_TARGET, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strstr (error->message, "online"));
}

/* The moving average of a run is another encoder than the one that is trained; where there is none, it is
 * said why. */
static void
test_target (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) with = NULL, without = NULL;
  g_autofree char *path = NULL, *alone = NULL, *state = NULL;
  g_autoptr (CwModel) online = NULL, target = NULL, from_file = NULL, want = NULL;
  g_autoptr (GError) error = NULL;

  without = make_trainer (fixture);
  make_steps (without, 1);
  path = save (fixture, without);
  assert_no_target (path, "without one");
  g_free (path);

  cw_test_set (fixture->experiment, "objective.type", "byol");
  with = make_trainer (fixture);
  make_steps (with, 2);
  path = save (fixture, with);
  online = cw_model_load_network (fixture->folder, CW_NETWORK_ONLINE, &error);
  g_assert_no_error (error);
  target = cw_model_load_network (fixture->folder, CW_NETWORK_TARGET, &error);
  g_assert_no_error (error);
  want = cw_trainer_copy_model (with);
  assert_same_model (want, online);
  cw_weights_copy_shared (want->weights, cw_trainer_get_target (with));
  assert_same_model (want, target);
  g_assert_cmpint (memcmp (online->weights->params, target->weights->params,
                           cw_net_get_params_size (online->net) * sizeof (float)), !=, 0);
  g_assert_nonnull (strstr (target->origin, "target"));
  from_file = cw_model_load_network (path, CW_NETWORK_TARGET, &error);
  g_assert_no_error (error);
  assert_same_model (target, from_file);

  alone = g_build_filename (fixture->folder, "alone.safetensors", NULL);
  g_assert_true (cw_model_save (online, alone, &error));
  assert_no_target (alone, "not a checkpoint");
  /* Another state under its name. */
  g_assert_true (cw_model_save (target, path, &error));
  g_clear_pointer (&from_file, cw_model_unref);
  from_file = cw_model_load_network (path, CW_NETWORK_TARGET, &error);
  g_assert_null (from_file);
  g_assert_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE);
  state = g_build_filename (fixture->folder, "state", "step-00000002.safetensors", NULL);
  g_assert_nonnull (strstr (error->message, state));
}

static void
assert_model_refused (const char *path, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_model_load (path, &error));
  g_assert_error (error, CW_ERROR, code);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, path) == NULL || strstr (error->message, word) == NULL)
    g_error ("no '%s' and '%s' in: %s", path, word, error->message);
}

/* The header is text: a value of the same length can be put in. */
static void
replace_in_file (const char *path, const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize size;
  char *place;

  g_assert_cmpuint (strlen (from), ==, strlen (to));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  place = memmem (bytes, size, from, strlen (from));
  g_assert_nonnull (place);
  memcpy (place, to, strlen (to));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
}

static void
test_model_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwTrainer) trainer = make_trainer (fixture);
  g_autofree char *path = NULL, *state = NULL, *plain = NULL;
  g_autoptr (CwSafetensorsWriter) writer = cw_safetensors_writer_new ();
  const gint64 shape[] = { 1 };
  const float one = 1;

  make_steps (trainer, 1);
  path = save (fixture, trainer);
  state = g_build_filename (fixture->folder, "state", "step-00000001.safetensors", NULL);
  assert_model_refused (state, CW_ERROR_UNSUPPORTED_FORMAT, "checkpoints/");
  replace_in_file (path, "\"width=8\\n\"", "\"width=9\\n\"");
  assert_model_refused (path, CW_ERROR_SHAPE_MISMATCH,
                        "'conv1.weight' is [8, 3, 3, 3], encoder 'small' has [9, 3, 3, 3]");
  replace_in_file (path, "\"width=9\\n\"", "\"width=7\\n\"");
  assert_model_refused (path, CW_ERROR_INVALID_CONFIG, "width = 7 is outside");
  replace_in_file (path, "\"width=7\\n\"", "\"width=8\\n\"");
  replace_in_file (path, "0.5,0.5,0.5", "0.5,0.5,nan");
  assert_model_refused (path, CW_ERROR_CORRUPT_FILE, "contrawarp.mean");
  replace_in_file (path, "0.5,0.5,nan", "0.5,0.5,0.5");
  replace_in_file (path, "\"contrawarp.size\":\"16\"", "\"contrawarp.size\":\"-1\"");
  assert_model_refused (path, CW_ERROR_CORRUPT_FILE, "contrawarp.size");
  replace_in_file (path, "\"contrawarp.encoder\":\"small\"", "\"contrawarp.encoder\":\"bogus\"");
  assert_model_refused (path, CW_ERROR_NOT_FOUND, "bogus");

  plain = g_build_filename (fixture->folder, "plain.safetensors", NULL);
  cw_safetensors_writer_add (writer, "weight", CW_DTYPE_F32, 1, shape, &one);
  g_assert_true (cw_safetensors_writer_save (writer, plain, NULL));
  assert_model_refused (plain, CW_ERROR_UNSUPPORTED_FORMAT, "resnet18");
}

static CwModel *
make_resnet (const char *id, const char *width, const char *stem, int size, guint64 seed)
{
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  static const float mean[3] = { 0.485f, 0.456f, 0.406f }, std[3] = { 0.229f, 0.224f, 0.225f };
  CwModel *model;

  cw_test_set (experiment, "encoder.type", id);
  cw_test_set (experiment, "encoder.width", width);
  cw_test_set (experiment, "encoder.stem", stem);
  model = cw_model_new_random (experiment->recipe->encoder, experiment->recipe->encoder_params,
                               size, mean, std, seed);
  /* Statistics as after training: means that are not 0, variances that are not 1. */
  for (guint i = 0; i < cw_net_get_n_buffers (model->net); i++)
    {
      const CwTensorInfo *info = cw_net_get_buffer (model->net, i);
      CwRng rng = cw_rng_new (seed, CW_RNG_TEST, 0, 0, i, 0);

      for (size_t k = 0; k < info->size; k++)
        model->weights->buffers[info->offset + k]
            = info->role == CW_TENSOR_RUNNING_VAR ? cw_rng_range (&rng, 0.5f, 2)
                                                  : cw_rng_range (&rng, -0.2f, 0.2f);
    }
  return model;
}

/* The tensors of @path without metadata, but those that begin with @without (nullable), and with a
 * classifier. */
static void
strip (const char *path, const char *without, const char *to)
{
  g_autoptr (CwSafetensorsWriter) writer = cw_safetensors_writer_new ();
  g_autoptr (CwSafetensors) file = cw_safetensors_open (path, NULL);
  g_auto (GStrv) names = cw_safetensors_list (file);
  const gint64 fc_shape[] = { 10, 4 };
  const float fc[40] = { 0 };

  for (int i = 0; names[i] != NULL; i++)
    {
      gint64 shape[8], n = 1;
      int rank = cw_safetensors_get_shape (file, names[i], shape);
      g_autofree float *values = NULL;

      if (without != NULL && g_str_has_prefix (names[i], without))
        continue;
      for (int k = 0; k < rank; k++)
        n *= shape[k];
      values = g_new (float, n);
      g_assert_true (cw_safetensors_read_f32 (file, names[i], values, (gsize) n, NULL));
      cw_safetensors_writer_add (writer, names[i], CW_DTYPE_F32, rank, shape, values);
    }
  cw_safetensors_writer_add (writer, "fc.weight", CW_DTYPE_F32, 2, fc_shape, fc);
  cw_safetensors_writer_add (writer, "fc.bias", CW_DTYPE_F32, 1, fc_shape, fc);
  g_assert_true (cw_safetensors_writer_save (writer, to, NULL));
}

typedef struct
{
  const char *id, *width, *stem;
  int size;
} Resnet;

static const Resnet resnets[] = {
  { "resnet18", "64", "imagenet", 224 }, { "resnet18", "8", "small", 32 },
  { "resnet34", "8", "imagenet", 224 },  { "resnet34", "16", "small", 32 },
  { "resnet50", "8", "imagenet", 224 },  { "resnet50", "12", "small", 32 },
};

/* A file with torchvision's names and nothing to say what it is. */
static void
test_torchvision (Fixture *fixture, gconstpointer data)
{
  for (size_t i = 0; i < G_N_ELEMENTS (resnets); i++)
    {
      const Resnet *r = &resnets[i];
      g_autoptr (CwModel) model = make_resnet (r->id, r->width, r->stem, r->size, 5), loaded = NULL;
      g_autofree char *ours = g_build_filename (fixture->folder, "ours.safetensors", NULL);
      g_autofree char *theirs = g_build_filename (fixture->folder, "theirs.safetensors", NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (cw_model_save (model, ours, &error));
      strip (ours, NULL, theirs);
      loaded = cw_model_load (theirs, &error);
      g_assert_no_error (error);
      assert_same_model (model, loaded);
    }
}

/* Other numbers of blocks are no network that is known; a tensor that lacks is named. */
static void
test_torchvision_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwModel) model = make_resnet ("resnet50", "8", "small", 32, 5);
  g_autofree char *ours = g_build_filename (fixture->folder, "ours.safetensors", NULL);
  g_autofree char *theirs = g_build_filename (fixture->folder, "theirs.safetensors", NULL);

  g_assert_true (cw_model_save (model, ours, NULL));
  strip (ours, "layer3.5.", theirs);
  assert_model_refused (theirs, CW_ERROR_UNSUPPORTED_FORMAT,
                        "stages of 3, 4, 5 and 3 bottleneck blocks");
  strip (ours, "layer2.1.bn3.weight", theirs);
  assert_model_refused (theirs, CW_ERROR_SHAPE_MISMATCH,
                        "no tensor 'layer2.1.bn3.weight', which encoder 'resnet50' has as [64]");
}

/* Every tensor as an array of its own. */
static void
test_npy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwModel) model = make_resnet ("resnet18", "8", "small", 32, 5);
  g_autofree char *folder = g_build_filename (fixture->folder, "arrays", NULL);
  g_autofree char *conv = g_build_filename (folder, "layer2.0.conv1.weight.npy", NULL);
  g_autofree char *mean = g_build_filename (folder, "bn1.running_mean.npy", NULL);
  g_autoptr (CwNpy) weight = NULL, statistics = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (cw_model_save_npy (model, folder, &error));
  weight = cw_npy_open (conv, &error);
  g_assert_no_error (error);
  g_assert_cmpint (weight->n_dims, ==, 4);
  g_assert_cmpuint (weight->shape[0], ==, 16);
  g_assert_cmpuint (weight->shape[1], ==, 8);
  g_assert_cmpuint (weight->shape[3], ==, 3);
  for (guint i = 0; i < cw_net_get_n_params (model->net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (model->net, i);
      g_autofree float *want = g_new (float, info->size);

      if (strcmp (info->name, "layer2.0.conv1.weight") != 0)
        continue;
      cw_tensor_to_file (info, model->weights->params + info->offset, want);
      g_assert_cmpmem (weight->data, info->size * sizeof *want, want, info->size * sizeof *want);
    }
  statistics = cw_npy_open (mean, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (statistics->shape[0], ==, 8);
  g_assert_false (cw_model_save_npy (model, conv, &error));
  g_assert_nonnull (strstr (error->message, conv));
}

/* Arrays of two encoders do not come into one folder, and those of one come there together. */
static void
test_npy_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwModel) model = make_resnet ("resnet18", "8", "small", 32, 5);
  g_autofree char *folder = g_build_filename (fixture->folder, "arrays", NULL);
  g_autofree char *mine = g_build_filename (folder, "mine.npy", NULL);
  g_autoptr (GError) error = NULL;

  cw_file_fail_after (100000);
  g_assert_false (cw_model_save_npy (model, folder, &error));
  cw_file_fail_after (-1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  cw_file_fail_after (100000);
  g_assert_false (cw_model_save_npy (model, folder, NULL));
  cw_file_fail_after (-1);
  g_assert_cmpint (g_rmdir (folder), ==, 0);

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  g_assert_true (cw_file_save (mine, "", 0, NULL));
  g_assert_false (cw_model_save_npy (model, folder, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "not empty"));
  g_assert_cmpint (g_unlink (mine), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* ---- for the test with PyTorch ---- */

/* Writes resnet18.safetensors, inputs.f32 [n, size, size, 3] and features.f32 [n, 512]. */
static int
write_for_torch (const char *folder)
{
  enum
  {
    N = 3,
    SIZE = 64
  };
  g_autoptr (CwModel) model = make_resnet ("resnet18", "64", "imagenet", SIZE, 7);
  g_autoptr (CwPlan) plan = cw_model_plan (model, N);
  gsize n_inputs = N * SIZE * SIZE * 3, n_features = (gsize) N * (gsize) model->dim;
  g_autofree float *inputs = g_new (float, n_inputs), *features = g_new (float, n_features);
  g_autofree char *weights_path = g_build_filename (folder, "resnet18.safetensors", NULL);
  g_autofree char *inputs_path = g_build_filename (folder, "inputs.f32", NULL);
  g_autofree char *features_path = g_build_filename (folder, "features.f32", NULL);

  cw_test_fill_normal (inputs, n_inputs, 1, 11);
  cw_model_embed (model, plan, inputs, N, features);
  return cw_model_save (model, weights_path, NULL)
                 && cw_file_save (inputs_path, inputs, n_inputs * sizeof (float), NULL)
                 && cw_file_save (features_path, features, n_features * sizeof (float), NULL)
             ? 0
             : 1;
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  cw_init ();
  if (argc == 3 && strcmp (argv[1], "--for-torch") == 0)
    return write_for_torch (argv[2]);
  g_test_init (&argc, &argv, NULL);
  cw_test_register_faces ();
  ADD ("/checkpoint/restore", test_restore);
  ADD ("/checkpoint/contents", test_contents);
  ADD ("/checkpoint/full-disk", test_full_disk);
  ADD ("/checkpoint/find-last", test_find_last);
  ADD ("/checkpoint/other-architecture", test_other_architecture);
  ADD ("/checkpoint/other-queue", test_other_queue);
  ADD ("/checkpoint/damaged", test_damaged);
  ADD ("/checkpoint/model", test_model);
  ADD ("/checkpoint/target", test_target);
  ADD ("/checkpoint/classifier", test_classifier);
  ADD ("/checkpoint/model-refused", test_model_refused);
  ADD ("/checkpoint/torchvision", test_torchvision);
  ADD ("/checkpoint/torchvision-refused", test_torchvision_refused);
  ADD ("/checkpoint/npy", test_npy);
  ADD ("/checkpoint/npy-whole", test_npy_whole);
  return g_test_run ();
}
