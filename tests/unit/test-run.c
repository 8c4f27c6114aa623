/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "contrawarp.h"
#include "cw-test-faces.h"
#include "cw-test.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEPS 18 /* 3 epochs of 6 */

typedef struct
{
  char *folder; /* of the data, and of the runs below it */
  CwExperiment *experiment;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = cw_test_make_folder ();
  fixture->experiment = cw_test_tiny_experiment (fixture->folder);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cw_experiment_free (fixture->experiment);
  cw_test_remove_folder (fixture->folder);
}

static char *
path_of (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static CwRun *
new_run (Fixture *fixture, const char *name)
{
  g_autofree char *path = path_of (fixture, name);
  g_autoptr (GError) error = NULL;
  CwRun *run = cw_run_new (fixture->experiment, path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_NEW);
  return run;
}

static CwRun *
open_run (Fixture *fixture, const char *name)
{
  g_autofree char *path = path_of (fixture, name);
  g_autoptr (GError) error = NULL;
  CwRun *run = cw_run_open (path, &error);

  g_assert_no_error (error);
  return run;
}

static void
start (CwRun *run)
{
  g_autoptr (GError) error = NULL;

  cw_run_start (run, &error);
  g_assert_no_error (error);
}

static void
finish (CwRun *run)
{
  g_autofree char *message = NULL;

  cw_run_wait (run);
  message = cw_run_dup_error (run);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_FINISHED);
  g_assert_cmpuint (cw_run_get_step (run), ==, cw_run_get_total_steps (run));
}

/* Until the run has made @n steps; it must not have ended before. */
static void
wait_for_steps (CwRun *run, guint64 n)
{
  while (cw_run_get_step (run) < n)
    {
      g_assert_cmpint (cw_run_get_state (run), <=, CW_RUN_PAUSED);
      g_usleep (500);
    }
}

static void
wait_for_state (CwRun *run, CwRunState state)
{
  while (cw_run_get_state (run) != state)
    g_usleep (500);
}

static gboolean
has_event (CwRun *run, const char *word)
{
  g_autoptr (CwRunDb) db = cw_run_db_open (cw_run_get_folder (run), FALSE, NULL);
  g_autoptr (GPtrArray) events = cw_run_db_list_events (db);

  for (guint i = 0; i < events->len; i++)
    {
      if (strstr (events->pdata[i], word) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* All that training decides; how fast it was differs. */
static void
assert_same_history (GArray *a, GArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    {
      const CwStepRecord *x = &g_array_index (a, CwStepRecord, i);
      const CwStepRecord *y = &g_array_index (b, CwStepRecord, i);

      g_assert_cmpuint (x->step, ==, y->step);
      for (size_t at = offsetof (CwStepRecord, epoch);
           at < offsetof (CwStepRecord, images_per_second); at += sizeof (double))
        {
          double v = G_STRUCT_MEMBER (double, x, at), w = G_STRUCT_MEMBER (double, y, at);

          g_assert_true (isnan (v) ? isnan (w) : memcmp (&v, &w, sizeof v) == 0);
        }
    }
}

/* Weights and history, from memory and from the database, are those of the run @want. */
static void
assert_same_end (CwRun *run, CwRun *want)
{
  g_autofree char *a = cw_run_dup_weights_sha256 (run), *b = cw_run_dup_weights_sha256 (want);
  g_autoptr (GArray) ra = cw_run_dup_records (run, 0), rb = cw_run_dup_records (want, 0);
  g_autoptr (CwRunDb) db = cw_run_db_open (cw_run_get_folder (run), FALSE, NULL);
  g_autoptr (GArray) saved = cw_run_db_load_steps (db, 0, NULL);

  g_assert_nonnull (a);
  g_assert_cmpstr (a, ==, b);
  assert_same_history (ra, rb);
  assert_same_history (saved, rb);
}

static CwRun *
make_reference (Fixture *fixture)
{
  CwRun *run = new_run (fixture, "reference");

  start (run);
  finish (run);
  return run;
}

/* ---- a run ---- */

typedef struct
{
  GMainLoop *loop;
  guint n_steps, n_states, n_models;
  guint64 last_step;
  GThread *thread;
} Watch;

static void
on_steps (CwRun *run, Watch *watch)
{
  g_assert_true (g_thread_self () == watch->thread);
  watch->n_steps++;
  watch->last_step = cw_run_get_step (run);
}

static void
on_model (CwRun *run, Watch *watch)
{
  g_assert_true (g_thread_self () == watch->thread);
  watch->n_models++;
}

static void
on_state (CwRun *run, GParamSpec *pspec, Watch *watch)
{
  g_assert_true (g_thread_self () == watch->thread);
  watch->n_states++;
  if (cw_run_get_state (run) >= CW_RUN_STOPPED)
    g_main_loop_quit (watch->loop);
}

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

static void
test_to_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) run = new_run (fixture, "a/b/run"), again = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Watch watch = { .loop = loop, .thread = g_thread_self () };
  g_autoptr (GArray) records = NULL, opened = NULL;
  g_autoptr (CwModel) model = NULL, loaded = NULL;
  g_autofree char *hash = NULL, *hash2 = NULL;
  g_autoptr (GError) error = NULL;
  guint64 step = 0;

  g_assert_null (cw_run_dup_model (run));
  g_assert_null (cw_run_dup_weights_sha256 (run));
  g_signal_connect (run, "steps", G_CALLBACK (on_steps), &watch);
  g_signal_connect (run, "model", G_CALLBACK (on_model), &watch);
  g_signal_connect (run, "notify::state", G_CALLBACK (on_state), &watch);
  start (run);
  g_assert_false (cw_run_start (run, &error));
  g_assert_nonnull (strstr (error->message, "under way"));
  g_clear_error (&error);
  g_main_loop_run (loop);
  finish (run);
  g_assert_cmpuint (watch.last_step, ==, STEPS);
  g_assert_cmpuint (watch.n_steps, >=, 1);
  g_assert_cmpuint (watch.n_models, >=, 1);
  g_assert_cmpuint (watch.n_states, >=, 1);

  g_assert_cmpuint (cw_run_get_steps_per_epoch (run), ==, 6);
  g_assert_cmpuint (cw_run_get_bytes (run), >, 0);
  g_assert_cmpfloat (cw_run_get_seconds (run), >, 0);
  g_assert_cmpfloat (cw_run_get_seconds_left (run), ==, 0);
  records = cw_run_dup_records (run, 5);
  g_assert_cmpuint (records->len, ==, STEPS - 5);
  g_assert_cmpuint (g_array_index (records, CwStepRecord, 0).step, ==, 5);
  model = cw_run_dup_model (run);
  g_assert_cmpstr (model->origin, ==, "run, step 18");
  /* A checkpoint every half epoch; the newest three stay. */
  g_assert_cmpuint (count_files (cw_run_get_folder (run), "checkpoints"), ==, 3);
  g_assert_cmpuint (count_files (cw_run_get_folder (run), "state"), ==, 3);
  g_assert_true (cw_checkpoint_find_last (cw_run_get_folder (run), 17, &step));
  g_assert_cmpuint (step, ==, 15);
  g_assert_true (has_event (run, "0 started contrawarp "));
  g_assert_true (has_event (run, "encoder small with "));
  g_assert_true (has_event (run, "0 rejected face-x: not even a name"));
  hash = cw_run_dup_weights_sha256 (run);
  g_assert_true (has_event (run, hash));

  again = open_run (fixture, "a/b/run");
  g_assert_cmpint (cw_run_get_state (again), ==, CW_RUN_FINISHED);
  g_assert_cmpuint (cw_run_get_step (again), ==, STEPS);
  g_assert_cmpuint (cw_run_get_total_steps (again), ==, STEPS);
  hash2 = cw_run_dup_weights_sha256 (again);
  g_assert_cmpstr (hash, ==, hash2);
  opened = cw_run_dup_records (again, 5);
  assert_same_history (opened, records);
  g_assert_false (cw_run_start (again, &error));
  g_assert_nonnull (strstr (error->message, "finished"));
  loaded = cw_model_load (cw_run_get_folder (run), NULL);
  g_assert_nonnull (loaded);
  g_assert_cmpmem (loaded->weights->params,
                   cw_net_get_params_size (loaded->net) * sizeof (float), model->weights->params,
                   cw_net_get_params_size (model->net) * sizeof (float));
}

/* The number of threads of either kind changes nothing. */
static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) one = NULL, many = NULL;

  cw_test_set (fixture->experiment, "run.threads", "1");
  one = new_run (fixture, "one");
  start (one);
  finish (one);
  g_assert_cmpint (cw_parallel_get_threads (), ==, 1);
  cw_test_set (fixture->experiment, "run.loader-threads", "3");
  many = new_run (fixture, "many");
  cw_run_set_threads (many, 4);
  start (many);
  finish (many);
  g_assert_cmpint (cw_parallel_get_threads (), ==, 4);
  assert_same_end (many, one);
}

static void
test_pause (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) reference = make_reference (fixture), run = NULL, watcher = NULL;
  g_autoptr (CwModel) model = NULL;
  guint64 step;

  cw_test_set (fixture->experiment, "data.options", "delay-ms=2");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  run = new_run (fixture, "paused");
  start (run);
  wait_for_steps (run, 1);
  cw_run_pause (run);
  wait_for_state (run, CW_RUN_PAUSED);
  step = cw_run_get_step (run);
  g_assert_cmpuint (step, <, STEPS);
  watcher = open_run (fixture, "paused");
  g_assert_cmpint (cw_run_get_state (watcher), ==, CW_RUN_PAUSED);
  g_assert_cmpuint (cw_run_get_step (watcher), ==, step);
  g_clear_pointer (&model, cw_model_unref);
  cw_run_request_model (run);
  while ((model = cw_run_dup_model (run)) == NULL)
    g_usleep (500);
  g_usleep (30000);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_PAUSED);
  g_assert_cmpuint (cw_run_get_step (run), ==, step);
  cw_run_unpause (run);
  finish (run);
  assert_same_end (run, reference);
}

/* ---- resuming ---- */

static void
stop_and_resume (Fixture *fixture, const char *name)
{
  g_autoptr (CwRun) reference = make_reference (fixture);
  g_autoptr (CwRun) run = new_run (fixture, name);

  start (run);
  wait_for_steps (run, 4);
  cw_run_stop (run);
  cw_run_wait (run);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_STOPPED);
  g_assert_cmpuint (cw_run_get_step (run), <, STEPS);
  /* By the same object, and by one of somebody who comes later. */
  start (run);
  wait_for_steps (run, cw_run_get_step (run) + 2);
  cw_run_stop (run);
  cw_run_wait (run);
  if (cw_run_get_state (run) == CW_RUN_STOPPED)
    {
      g_autoptr (CwRun) later = open_run (fixture, name);

      g_assert_cmpint (cw_run_get_state (later), ==, CW_RUN_STOPPED);
      start (later);
      finish (later);
      assert_same_end (later, reference);
      g_assert_true (has_event (later, " resumed "));
    }
  else
    assert_same_end (run, reference);
}

/* One that learns labels leaves those of a part of the data alone. */
static void
set_objective (Fixture *fixture, const char *id)
{
  cw_test_set (fixture->experiment, "objective.type", id);
  if (g_str_equal (id, "supervised"))
    cw_test_set (fixture->experiment, "data.split", "train");
}

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  cw_test_set (fixture->experiment, "data.options", "delay-ms=1");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  cw_test_set (fixture->experiment, "schedule.warmup", "0.5");
  set_objective (fixture, data);
  if (!g_str_equal (data, "supervised"))
    cw_test_set (fixture->experiment, "objective.negative-warmup", "2");
  stop_and_resume (fixture, "stopped");
}

/* Somebody edits the frozen experiment: the run obeys, and its events say from where on. */
static void
test_edited (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (CwRunDb) db = NULL;
  g_autoptr (CwRun) run = NULL;
  g_autoptr (CwExperiment) edited = NULL;
  g_autofree char *path = NULL;
  int n_edited = 0;

  cw_test_set (fixture->experiment, "data.options", "delay-ms=2");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  run = new_run (fixture, "edited");
  start (run);
  wait_for_steps (run, 2);
  cw_run_stop (run);
  cw_run_wait (run);
  path = g_build_filename (cw_run_get_folder (run), "experiment.cwexp", NULL);
  g_clear_object (&run);

  edited = cw_experiment_load (path, &error);
  g_assert_no_error (error);
  cw_test_set (edited, "optimizer.lr", "0.0123");
  g_assert_true (cw_experiment_save (edited, path, &error));
  run = open_run (fixture, "edited");
  start (run);
  finish (run);
  db = cw_run_db_open (cw_run_get_folder (run), FALSE, &error);
  g_assert_no_error (error);
  events = cw_run_db_list_events (db);
  for (guint i = 0; i < events->len; i++)
    {
      if (strstr (events->pdata[i], " edited ") == NULL)
        continue;
      g_assert_nonnull (strstr (events->pdata[i], "edited optimizer.lr = 0.0123 (was "));
      g_assert_null (strstr (events->pdata[i], ";"));
      n_edited++;
    }
  g_assert_cmpint (n_edited, ==, 1);
}

static void
test_stop_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) reference = make_reference (fixture), run = new_run (fixture, "run");

  start (run);
  cw_run_stop (run);
  cw_run_wait (run);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_STOPPED);
  start (run);
  finish (run);
  assert_same_end (run, reference);
}

/* Who drops a run that trains stops it, and loses nothing. */
static void
test_drop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) reference = make_reference (fixture), again = NULL;
  CwRun *run = NULL;

  cw_test_set (fixture->experiment, "data.options", "delay-ms=2");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  run = new_run (fixture, "dropped");
  start (run);
  wait_for_steps (run, 2);
  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *) &run);
  g_object_unref (run);
  g_assert_null (run);
  again = open_run (fixture, "dropped");
  g_assert_cmpint (cw_run_get_state (again), ==, CW_RUN_STOPPED);
  g_assert_cmpuint (cw_run_get_step (again), >=, 2);
  start (again);
  finish (again);
  assert_same_end (again, reference);
}

static GSubprocess *
spawn (const char *folder, GSubprocessFlags flags)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *child
      = g_subprocess_new (flags, &error, "/proc/self/exe", "--train", folder, NULL);

  g_assert_no_error (error);
  return child;
}

/* What the child does: opens the run and trains it. */
static int
train_in_child (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRun) run = cw_run_open (folder, &error);

  if (run == NULL || !cw_run_start (run, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  cw_run_wait (run);
  return cw_run_get_state (run) == CW_RUN_FINISHED ? 0 : 1;
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) reference = NULL, run = NULL;
  g_autoptr (GSubprocess) child = NULL;
  guint64 step = 0;

  cw_test_set (fixture->experiment, "objective.type", data);
  reference = make_reference (fixture);
  cw_test_set (fixture->experiment, "data.options", "delay-ms=6");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  run = new_run (fixture, "killed");
  child = spawn (cw_run_get_folder (run), G_SUBPROCESS_FLAGS_NONE);
  /* In the middle of an epoch, a few steps behind a checkpoint. */
  while (!cw_checkpoint_find_last (cw_run_get_folder (run), G_MAXUINT64, &step) || step < 6)
    g_usleep (1000);
  g_usleep (40000);
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (child));
  g_assert_cmpint (g_subprocess_get_term_sig (child), ==, SIGKILL);

  g_clear_object (&run);
  run = open_run (fixture, "killed");
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_STOPPED);
  g_assert_null (cw_run_dup_weights_sha256 (run));
  start (run);
  finish (run);
  assert_same_end (run, reference);
}

static void
cut_in_half (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size / 2, NULL));
}

/* A run that was stopped after a few checkpoints. */
static CwRun *
make_stopped (Fixture *fixture)
{
  CwRun *run;

  cw_test_set (fixture->experiment, "data.options", "delay-ms=2");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  run = new_run (fixture, "run");
  start (run);
  wait_for_steps (run, 7);
  cw_run_stop (run);
  cw_run_wait (run);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_STOPPED);
  return run;
}

/* The last checkpoint is broken: the one before is as good. */
static void
test_broken_checkpoint (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) reference = make_reference (fixture), run = make_stopped (fixture);
  g_autoptr (CwRun) again = open_run (fixture, "run");
  g_autofree char *path = NULL, *skipped = NULL;
  guint64 newest = 0, before = 0, restored = 0;

  g_assert_true (cw_checkpoint_find_last (cw_run_get_folder (run), G_MAXUINT64, &newest));
  path = cw_checkpoint_dup_path (cw_run_get_folder (run), newest);
  cut_in_half (path);
  g_assert_true (cw_checkpoint_find_last (cw_run_get_folder (run), newest, &before));
  g_assert_cmpuint (before, <, newest);
  g_assert_null (cw_run_dup_skipped (again, &restored));
  start (again);
  finish (again);
  g_assert_true (has_event (again, " skipped "));
  skipped = cw_run_dup_skipped (again, &restored);
  g_assert_nonnull (strstr (skipped, path));
  g_assert_cmpuint (restored, ==, before);
  assert_same_end (again, reference);
}

/* What a run's database says. */
static char *
dump (CwRun *run)
{
  static const char *const keys[] = { "state", "error", "seconds", "weights_sha256" };
  g_autoptr (CwRunDb) db = cw_run_db_open (cw_run_get_folder (run), FALSE, NULL);
  g_autoptr (GPtrArray) events = cw_run_db_list_events (db);
  GString *text = g_string_new (NULL);
  guint64 step = 0;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *value = cw_run_db_dup_info (db, keys[i]);

      g_string_append_printf (text, "%s=%s\n", keys[i], value);
    }
  for (guint i = 0; i < events->len; i++)
    g_string_append_printf (text, "%s\n", (char *) events->pdata[i]);
  g_assert_true (cw_run_db_last_checkpoint (db, G_MAXUINT64, &step));
  g_string_append_printf (text, "%d steps, checkpoint %d\n", (int) cw_run_db_count_steps (db),
                          (int) step);
  return g_string_free (text, FALSE);
}

/* No checkpoint is good: the run fails, as often as it is asked, and loses nothing by it. */
static void
test_lost_checkpoints (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) reference = make_reference (fixture), run = make_stopped (fixture);
  g_autoptr (CwRun) again = open_run (fixture, "run"), later = NULL;
  g_autoptr (GArray) steps = cw_checkpoint_list (cw_run_get_folder (run));
  guint64 step = cw_run_get_step (run), newest = g_array_index (steps, guint64, steps->len - 1);
  g_autofree char *before = dump (run), *bytes = NULL;
  g_autofree char *path = cw_checkpoint_dup_path (cw_run_get_folder (run), newest);
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  for (guint i = 0; i < steps->len; i++)
    {
      g_autofree char *broken = cw_checkpoint_dup_path (cw_run_get_folder (run),
                                                        g_array_index (steps, guint64, i));

      cut_in_half (broken);
    }
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *message = NULL, *after = NULL;

      start (again);
      cw_run_wait (again);
      g_assert_cmpint (cw_run_get_state (again), ==, CW_RUN_FAILED);
      message = cw_run_dup_error (again);
      g_assert_nonnull (strstr (message, path));
      g_assert_nonnull (strstr (message, "start a new run"));
      g_assert_null (strchr (message, '\n'));
      g_assert_cmpuint (cw_run_get_step (again), ==, step);
      after = dump (run);
      g_assert_cmpstr (after, ==, before);
    }
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  later = open_run (fixture, "run");
  g_assert_cmpint (cw_run_get_state (later), ==, CW_RUN_STOPPED);
  start (later);
  finish (later);
  assert_same_end (later, reference);
}

/* ---- what goes wrong ---- */

static void
assert_new_refused (Fixture *fixture, const char *folder, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_run_new (fixture->experiment, folder, &error));
  g_assert_nonnull (error);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, word) == NULL)
    g_error ("no '%s' in: %s", word, error->message);
}

static void
test_folders (Fixture *fixture, gconstpointer data)
{
  g_autofree char *full = path_of (fixture, "full"), *file = path_of (fixture, "full/file");
  g_autofree char *locked = path_of (fixture, "locked"), *empty = path_of (fixture, "empty");
  g_autofree char *below = path_of (fixture, "locked/a/b");
  g_autofree char *in_file = path_of (fixture, "full/file/a");
  g_autofree char *deep = path_of (fixture, "deep/er/run"), *top = path_of (fixture, "deep");
  g_autoptr (CwRun) run = NULL;
  g_autoptr (GError) error = NULL;

  g_mkdir (full, 0700);
  g_mkdir (empty, 0700);
  g_assert_true (g_file_set_contents (file, "text", -1, NULL));
  assert_new_refused (fixture, full, full);
  assert_new_refused (fixture, file, file);
  assert_new_refused (fixture, in_file, in_file);
  g_assert_cmpuint (count_files (fixture->folder, "full"), ==, 1);
  assert_new_refused (fixture, "/proc/contrawarp/run", "/proc/contrawarp/run");
  if (getuid () != 0)
    {
      g_mkdir (locked, 0500);
      assert_new_refused (fixture, below, below);
      assert_new_refused (fixture, locked, locked);
      g_assert_cmpuint (count_files (fixture->folder, "locked"), ==, 0);
    }

  /* Bad data is told before a folder is made. */
  cw_test_set (fixture->experiment, "data.location", "/nowhere/at/all");
  assert_new_refused (fixture, deep, "/nowhere/at/all");
  cw_test_set (fixture->experiment, "data.location", "");
  assert_new_refused (fixture, deep, "--set data.location=DIR");
  g_assert_false (g_file_test (top, G_FILE_TEST_EXISTS));

  g_assert_null (cw_run_open (empty, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, empty));

  cw_test_set (fixture->experiment, "data.location", fixture->folder);
  run = new_run (fixture, "empty");
  assert_new_refused (fixture, empty, "not empty");
}

static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) run = NULL, other = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL, *pid = g_strdup_printf ("process %d ", (int) getpid ());

  cw_test_set (fixture->experiment, "data.options", "delay-ms=2");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  run = new_run (fixture, "run");
  start (run);
  wait_for_steps (run, 1);
  cw_run_pause (run);
  wait_for_state (run, CW_RUN_PAUSED);
  other = open_run (fixture, "run");
  g_assert_cmpint (cw_run_get_state (other), ==, CW_RUN_PAUSED);
  g_assert_false (cw_run_start (other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, pid));
  g_assert_nonnull (strstr (error->message, cw_run_get_folder (run)));

  child = spawn (cw_run_get_folder (run), G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_assert_true (g_subprocess_communicate_utf8 (child, NULL, NULL, NULL, &said, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 1);
  g_assert_nonnull (strstr (said, pid));
  cw_run_unpause (run);
  finish (run);
}

/* Replaces a line of a frozen experiment, as nobody should. */
static void
tamper (CwRun *run, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (cw_run_get_folder (run), "experiment.cwexp", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

static void
test_diverged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) run = NULL, again = NULL, later = NULL;
  g_autofree char *message = NULL, *saved = NULL;
  g_autoptr (CwModel) model = NULL;
  guint64 step = 0;

  cw_test_set (fixture->experiment, "data.options", "delay-ms=2");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  cw_test_set (fixture->experiment, "optimizer.type", "sgd");
  cw_test_set (fixture->experiment, "schedule.warmup", "0");
  /* None but that of the stop: weights may be useless a while before they are not finite. */
  cw_test_set (fixture->experiment, "run.checkpoint-every", "10");
  run = new_run (fixture, "run");
  start (run);
  wait_for_steps (run, 4);
  cw_run_stop (run);
  cw_run_wait (run);
  tamper (run, "\nlr=0.05\n", "\nlr=1e9\n");
  again = open_run (fixture, "run");
  start (again);
  cw_run_wait (again);
  g_assert_cmpint (cw_run_get_state (again), ==, CW_RUN_FAILED);
  message = cw_run_dup_error (again);
  g_assert_nonnull (strstr (message, "not finite"));
  g_assert_null (strchr (message, '\n'));
  g_assert_true (has_event (again, " diverged step "));

  /* The last good checkpoint is there, and so is the reason, for others too. */
  g_assert_true (cw_checkpoint_find_last (cw_run_get_folder (run), G_MAXUINT64, &step));
  g_assert_cmpuint (step, >=, 4);
  model = cw_model_load (cw_run_get_folder (run), NULL);
  g_assert_nonnull (model);
  later = open_run (fixture, "run");
  g_assert_cmpint (cw_run_get_state (later), ==, CW_RUN_FAILED);
  saved = cw_run_dup_error (later);
  g_assert_cmpstr (saved, ==, message);

  /* And it can go on from there. */
  tamper (run, "\nlr=1e9\n", "\nlr=0.05\n");
  g_clear_object (&later);
  later = open_run (fixture, "run");
  start (later);
  finish (later);
}

static void
test_changed_data (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) run = NULL, again = NULL;
  g_autofree char *message = NULL;

  cw_test_set (fixture->experiment, "data.options", "n=24&delay-ms=2");
  cw_test_set (fixture->experiment, "data.cache-mib", "0");
  run = new_run (fixture, "run");
  start (run);
  wait_for_steps (run, 1);
  cw_run_stop (run);
  cw_run_wait (run);
  tamper (run, "n=24&", "n=25&");
  again = open_run (fixture, "run");
  start (again);
  cw_run_wait (again);
  g_assert_cmpint (cw_run_get_state (again), ==, CW_RUN_FAILED);
  message = cw_run_dup_error (again);
  g_assert_nonnull (strstr (message, "has changed"));
}

/* The reader's own refusal (face-x) is not among them. */
static void
assert_one_unreadable (CwRun *run)
{
  g_autoptr (GPtrArray) lines = cw_run_dup_unreadable (run, 0), none = NULL;

  g_assert_cmpuint (cw_run_get_n_pictures (run), >=, 24);
  g_assert_cmpuint (cw_run_get_n_unreadable (run), ==, 1);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpstr (lines->pdata[0], ==, "face-5: broken on purpose");
  none = cw_run_dup_unreadable (run, 1);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_broken_picture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) run = NULL, again = NULL, later = NULL;
  g_autoptr (CwRunDb) db = NULL;
  g_autoptr (GPtrArray) events = NULL;
  guint n = 0;

  cw_test_set (fixture->experiment, "data.options", "broken=5&delay-ms=2");
  run = new_run (fixture, "run");
  start (run);
  /* In the second epoch: all have had their turn, and the resume comes to it again. */
  wait_for_steps (run, 8);
  cw_run_stop (run);
  cw_run_wait (run);
  again = open_run (fixture, "run");
  assert_one_unreadable (again);
  start (again);
  finish (again);
  assert_one_unreadable (again);
  later = open_run (fixture, "run");
  assert_one_unreadable (later);
  db = cw_run_db_open (cw_run_get_folder (run), FALSE, NULL);
  events = cw_run_db_list_events (db);
  for (guint i = 0; i < events->len; i++)
    n += strstr (events->pdata[i], "rejected face-5: broken on purpose") != NULL;
  g_assert_cmpuint (n, ==, 1);
}

static void
test_no_data (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) run = NULL;
  g_autofree char *message = NULL;

  cw_test_set (fixture->experiment, "data.split", "test");
  run = new_run (fixture, "run");
  start (run);
  cw_run_wait (run);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_FAILED);
  message = cw_run_dup_error (run);
  g_assert_nonnull (strstr (message, "split 'test'"));
}

/* A run that failed before its first step does not stand in the way of the next, and leaves nothing if that is
 * wished; one that has made steps stays. */
static void
test_failed_at_start (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) run = NULL, again = NULL, good = NULL;
  g_autofree char *path = path_of (fixture, "run");

  cw_test_set (fixture->experiment, "data.split", "test");
  run = new_run (fixture, "run");
  g_assert_false (cw_run_discard (run));
  start (run);
  cw_run_wait (run);
  again = new_run (fixture, "run");
  start (again);
  cw_run_wait (again);
  g_assert_cmpint (cw_run_get_state (again), ==, CW_RUN_FAILED);
  g_assert_true (cw_run_discard (again));
  g_assert_cmpint (g_rmdir (path), ==, 0);

  cw_test_set (fixture->experiment, "data.split", "all");
  good = new_run (fixture, "run");
  start (good);
  finish (good);
  g_assert_false (cw_run_discard (good));
  g_assert_cmpuint (cw_run_get_step (good), ==, STEPS);
}

/* A random encoder, told from the run's own one by its seed. */
static char *
save_encoder (Fixture *fixture, const char *name, guint64 seed)
{
  const CwRecipe *recipe = fixture->experiment->recipe;
  const CwPreprocess *p = &recipe->views->preprocess;
  g_autoptr (CwModel) model = cw_model_new_random (recipe->encoder, recipe->encoder_params, p->size,
                                                   p->mean, p->std, seed);
  char *path = path_of (fixture, name);

  g_assert_true (cw_model_save (model, path, NULL));
  return path;
}

/* Steps so small that what comes out is what went in. */
static void
assert_began_with (CwRun *run, const char *weights)
{
  g_autoptr (CwModel) start = cw_model_load (weights, NULL);
  g_autoptr (CwModel) end = cw_model_load (cw_run_get_folder (run), NULL);
  size_t n = cw_net_get_params_size (start->net);

  g_assert_cmpuint (n, ==, cw_net_get_params_size (end->net));
  g_assert_cmpfloat (cw_test_relative_error (n, end->weights->params, start->weights->params), <,
                     1e-3);
}

/* From a file, then from the run that began with it; the target has the same encoder. */
static void
test_initial_weights (Fixture *fixture, gconstpointer data)
{
  g_autofree char *weights = save_encoder (fixture, "w.safetensors", 77);
  g_autoptr (CwRun) run = NULL, next = NULL;

  set_objective (fixture, data);
  cw_test_set (fixture->experiment, "optimizer.lr", "0.000000001");
  cw_test_set (fixture->experiment, "encoder.weights", weights);
  run = new_run (fixture, "run");
  start (run);
  finish (run);
  assert_began_with (run, weights);
  g_assert_true (has_event (run, "loaded encoder of"));

  cw_test_set (fixture->experiment, "experiment.seed", "5");
  cw_test_set (fixture->experiment, "encoder.weights", cw_run_get_folder (run));
  next = new_run (fixture, "next");
  start (next);
  finish (next);
  assert_began_with (next, weights);
}

static void
assert_start_fails (Fixture *fixture, const char *name, const char *word1, const char *word2)
{
  g_autoptr (CwRun) run = new_run (fixture, name);
  g_autofree char *message = NULL;

  start (run);
  cw_run_wait (run);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_FAILED);
  message = cw_run_dup_error (run);
  if (strstr (message, word1) == NULL || strstr (message, word2) == NULL)
    g_error ("no '%s' and '%s' in: %s", word1, word2, message);
}

/* File, tensor and both shapes are named. */
static void
test_wrong_weights (Fixture *fixture, gconstpointer data)
{
  g_autofree char *weights = save_encoder (fixture, "w.safetensors", 77);
  g_autofree char *nowhere = path_of (fixture, "nowhere.safetensors");

  cw_test_set (fixture->experiment, "encoder.weights", nowhere);
  assert_start_fails (fixture, "a", nowhere, "no such file");
  cw_test_set (fixture->experiment, "encoder.weights", weights);
  cw_test_set (fixture->experiment, "encoder.width", "9");
  assert_start_fails (fixture, "b", weights,
                      "tensor 'conv1.weight' is [8, 3, 3, 3], encoder 'small' has [9, 3, 3, 3]");
  cw_test_set (fixture->experiment, "encoder.type", "resnet18");
  cw_test_set (fixture->experiment, "encoder.width", "8");
  cw_test_set (fixture->experiment, "encoder.stem", "small");
  assert_start_fails (fixture, "c", weights, "no tensor 'layer1.1.conv1.weight', which encoder "
                                             "'resnet18' has as [8, 8, 3, 3]");
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CwRun) a = new_run (fixture, "runs/a");
  g_autoptr (CwRun) b = NULL, c = NULL;
  g_auto (GStrv) all = NULL, one = NULL, none = NULL;

  g_usleep (20000);
  b = new_run (fixture, "runs/deeper/b");
  g_usleep (20000);
  c = new_run (fixture, "runs/c");
  all = cw_run_list (fixture->folder);
  g_assert_cmpuint (g_strv_length (all), ==, 3);
  g_assert_cmpstr (all[0], ==, cw_run_get_folder (c));
  g_assert_cmpstr (all[1], ==, cw_run_get_folder (b));
  g_assert_cmpstr (all[2], ==, cw_run_get_folder (a));
  one = cw_run_list (cw_run_get_folder (b));
  g_assert_cmpuint (g_strv_length (one), ==, 1);
  none = cw_run_list ("/nowhere");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  cw_init ();
  cw_test_register_faces ();
  if (argc == 3 && strcmp (argv[1], "--train") == 0)
    return train_in_child (argv[2]);
  g_test_init (&argc, &argv, NULL);
  ADD ("/run/to-end", NULL, test_to_end);
  ADD ("/run/threads", NULL, test_threads);
  ADD ("/run/pause", NULL, test_pause);
  ADD ("/run/resume/simclr", "simclr", test_resume);
  ADD ("/run/resume/byol", "byol", test_resume);
  ADD ("/run/resume/moco", "moco", test_resume);
  ADD ("/run/resume/supervised", "supervised", test_resume);
  ADD ("/run/edited", NULL, test_edited);
  ADD ("/run/stop-at-once", NULL, test_stop_at_once);
  ADD ("/run/drop", NULL, test_drop);
  ADD ("/run/killed/simclr", "simclr", test_killed);
  ADD ("/run/killed/byol", "byol", test_killed);
  ADD ("/run/killed/moco", "moco", test_killed);
  ADD ("/run/broken-checkpoints/one", NULL, test_broken_checkpoint);
  ADD ("/run/broken-checkpoints/all", NULL, test_lost_checkpoints);
  ADD ("/run/folders", NULL, test_folders);
  ADD ("/run/lock", NULL, test_lock);
  ADD ("/run/diverged", NULL, test_diverged);
  ADD ("/run/changed-data", NULL, test_changed_data);
  ADD ("/run/broken-picture", NULL, test_broken_picture);
  ADD ("/run/no-data", NULL, test_no_data);
  ADD ("/run/failed-at-start", NULL, test_failed_at_start);
  ADD ("/run/initial-weights/simclr", "simclr", test_initial_weights);
  ADD ("/run/initial-weights/byol", "byol", test_initial_weights);
  ADD ("/run/initial-weights/supervised", "supervised", test_initial_weights);
  ADD ("/run/wrong-weights", NULL, test_wrong_weights);
  ADD ("/run/list", NULL, test_list);
  return g_test_run ();
}
