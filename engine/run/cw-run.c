/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-run-private.h"

#include "base/cw-error.h"
#include "run/cw-experiment-private.h"

#include <string.h>
#include <unistd.h>

G_DEFINE_FINAL_TYPE (CwRun, cw_run, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_STEP,
  N_PROPS,
};

enum
{
  SIGNAL_STEPS,
  SIGNAL_MODEL,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *const state_names[]
    = { "new", "starting", "running", "paused", "stopped", "finished", "failed", NULL };

const char *
cw_run_state_name (CwRunState state)
{
  g_return_val_if_fail ((guint) state <= CW_RUN_FAILED, NULL);
  return state_names[state];
}

gboolean
_cw_run_parse_state (const char *name, CwRunState *state)
{
  for (int i = 0; name != NULL && state_names[i] != NULL; i++)
    {
      if (strcmp (name, state_names[i]) == 0)
        {
          *state = (CwRunState) i;
          return TRUE;
        }
    }
  return FALSE;
}

/* ---- telling the main context ---- */

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static gboolean
tell (gpointer data)
{
  g_autoptr (CwRun) run = g_weak_ref_get (data);
  guint news;

  if (run == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&run->lock);
  news = run->pending;
  run->pending = 0;
  run->idle = FALSE;
  g_mutex_unlock (&run->lock);

  if (news & CW_RUN_NEWS_STEPS)
    {
      g_object_notify_by_pspec (G_OBJECT (run), properties[PROP_STEP]);
      g_signal_emit (run, signals[SIGNAL_STEPS], 0);
    }
  if (news & CW_RUN_NEWS_MODEL)
    g_signal_emit (run, signals[SIGNAL_MODEL], 0);
  if (news & CW_RUN_NEWS_STATE)
    g_object_notify_by_pspec (G_OBJECT (run), properties[PROP_STATE]);
  return G_SOURCE_REMOVE;
}

void
_cw_run_tell (CwRun *run, guint news)
{
  g_autoptr (GSource) source = NULL;
  GWeakRef *ref;

  run->pending |= news;
  if (run->idle || run->silent)
    return;
  run->idle = TRUE;
  /* A weak one: where nobody runs the main context, the source must not keep the run. */
  ref = g_new0 (GWeakRef, 1);
  g_weak_ref_init (ref, run);
  source = g_idle_source_new ();
  g_source_set_callback (source, tell, ref, weak_ref_free);
  g_source_attach (source, run->context);
}

/* ---- the object ---- */

static void
cw_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CwRun *run = CW_RUN (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, (int) cw_run_get_state (run));
      break;
    case PROP_STEP:
      g_value_set_uint64 (value, cw_run_get_step (run));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
cw_run_dispose (GObject *object)
{
  CwRun *run = CW_RUN (object);

  if (run->thread != NULL)
    {
      g_mutex_lock (&run->lock);
      run->silent = TRUE;
      g_mutex_unlock (&run->lock);
      cw_run_stop (run);
      g_thread_join (g_steal_pointer (&run->thread));
    }
  G_OBJECT_CLASS (cw_run_parent_class)->dispose (object);
}

static void
cw_run_finalize (GObject *object)
{
  CwRun *run = CW_RUN (object);

  g_free (run->folder);
  cw_experiment_free (run->experiment);
  g_main_context_unref (run->context);
  g_clear_object (&run->cancellable);
  g_mutex_clear (&run->lock);
  g_cond_clear (&run->changed);
  g_free (run->error);
  g_free (run->sha256);
  g_free (run->skipped);
  g_clear_pointer (&run->records, g_array_unref);
  g_clear_pointer (&run->unreadable, g_ptr_array_unref);
  g_array_unref (run->flags);
  g_clear_pointer (&run->model, cw_model_unref);
  G_OBJECT_CLASS (cw_run_parent_class)->finalize (object);
}

static void
cw_run_class_init (CwRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cw_run_get_property;
  object_class->dispose = cw_run_dispose;
  object_class->finalize = cw_run_finalize;

  properties[PROP_STATE]
      = g_param_spec_int ("state", NULL, NULL, CW_RUN_NEW, CW_RUN_FAILED, CW_RUN_NEW,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STEP] = g_param_spec_uint64 ("step", NULL, NULL, 0, G_MAXUINT64, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_STEPS] = g_signal_new ("steps", CW_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MODEL] = g_signal_new ("model", CW_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
}

static void
cw_run_init (CwRun *run)
{
  g_mutex_init (&run->lock);
  g_cond_init (&run->changed);
  run->context = g_main_context_ref_thread_default ();
  run->seconds_left = -1;
  run->flags = g_array_new (FALSE, FALSE, sizeof (CwHealthFlag));
}

/* ---- a new one ---- */

static gboolean
check_location (const CwExperiment *frozen, GError **error)
{
  const char *location = frozen->data.location;

  if (*location == '\0')
    return _cw_experiment_refuse_location (frozen, error);
  if (g_path_is_absolute (location) && !g_file_test (location, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: no such file or folder (data.location)", location);
      return FALSE;
    }
  return TRUE;
}

CwRun *
cw_run_new (const CwExperiment *experiment, const char *folder, GError **error)
{
  g_autoptr (CwExperiment) copy = cw_experiment_copy (experiment), frozen = NULL;
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  g_autofree char *text = NULL;
  CwRun *run;

  /* What is trained is what the file says, to the letter: so it is for who resumes. */
  _cw_experiment_freeze (copy);
  text = cw_experiment_to_string (copy);
  frozen = cw_experiment_parse (text, experiment->name, error);
  if (frozen == NULL || !check_location (frozen, error)
      || !_cw_run_folder_make (absolute, frozen, error))
    return NULL;
  run = g_object_new (CW_TYPE_RUN, NULL);
  run->folder = g_steal_pointer (&absolute);
  run->experiment = g_steal_pointer (&frozen);
  run->records = g_array_new (FALSE, FALSE, sizeof (CwStepRecord));
  run->unreadable = g_ptr_array_new_with_free_func (g_free);
  return run;
}

gboolean
cw_run_discard (CwRun *run)
{
  return cw_run_get_state (run) == CW_RUN_FAILED && cw_run_get_step (run) == 0
         && _cw_run_folder_empty (run->folder);
}

/* ---- one that is there ---- */

static guint64
info_number (CwRunDb *db, const char *key)
{
  g_autofree char *text = cw_run_db_dup_info (db, key);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
}

static void
read_info (CwRun *run, CwRunDb *db)
{
  g_autofree char *state = cw_run_db_dup_info (db, "state");
  g_autofree char *seconds = cw_run_db_dup_info (db, "seconds");

  if (!_cw_run_parse_state (state, &run->state))
    run->state = CW_RUN_STOPPED;
  /* It cannot be under way where nobody holds the lock: it was killed. */
  if ((run->state == CW_RUN_STARTING || run->state == CW_RUN_RUNNING
       || run->state == CW_RUN_PAUSED)
      && !_cw_run_folder_is_locked (run->folder))
    run->state = CW_RUN_STOPPED;
  if (run->state == CW_RUN_FAILED)
    run->error = cw_run_db_dup_info (db, "error");
  if (run->state == CW_RUN_FINISHED || run->state == CW_RUN_STOPPED)
    run->sha256 = cw_run_db_dup_info (db, "weights_sha256");
  run->step = cw_run_db_count_steps (db);
  run->total = info_number (db, "total_steps");
  run->steps_per_epoch = (guint) info_number (db, "steps_per_epoch");
  run->bytes = (gsize) info_number (db, "bytes");
  run->n_pictures = (guint) info_number (db, "pictures");
  run->n_unreadable = (guint) info_number (db, "unreadable");
  run->seconds = seconds != NULL ? g_ascii_strtod (seconds, NULL) : 0;
  g_array_unref (run->flags);
  run->flags = cw_run_db_load_flags (db);
}

CwRun *
cw_run_open (const char *folder, GError **error)
{
  g_autoptr (CwRun) run = g_object_new (CW_TYPE_RUN, NULL);
  g_autofree char *path = NULL;
  g_autoptr (CwRunDb) db = NULL;

  run->folder = g_canonicalize_filename (folder, NULL);
  path = _cw_run_file (run->folder, "experiment.cwexp");
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "%s: not the folder of a run (no experiment.cwexp in it)", run->folder);
      return NULL;
    }
  run->experiment = cw_experiment_load (path, error);
  if (run->experiment == NULL)
    return NULL;
  db = cw_run_db_open (run->folder, FALSE, error);
  if (db == NULL)
    return NULL;
  read_info (run, db);
  return g_steal_pointer (&run);
}

/* ---- requests ---- */

void
cw_run_set_threads (CwRun *run, int threads)
{
  run->threads = threads;
}

gboolean
cw_run_start (CwRun *run, GError **error)
{
  CwRunStart *start;
  CwRunState state = cw_run_get_state (run);
  int lock_fd;

  g_mutex_lock (&run->lock);
  if (run->active || state == CW_RUN_FINISHED)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s: the run is %s", run->folder,
                   run->active ? "under way already"
                               : "finished; a new run can begin with its encoder (encoder.weights) "
                                 "and train longer");
      g_mutex_unlock (&run->lock);
      return FALSE;
    }
  g_mutex_unlock (&run->lock);
  g_clear_pointer (&run->thread, g_thread_join);

  lock_fd = _cw_run_folder_lock (run->folder, error);
  if (lock_fd < 0)
    return FALSE;
  g_atomic_int_set (&run->stop, FALSE);
  g_atomic_int_set (&run->pause, FALSE);
  g_mutex_lock (&run->lock);
  g_clear_object (&run->cancellable);
  run->cancellable = g_cancellable_new ();
  run->active = TRUE;
  run->state = CW_RUN_STARTING;
  g_clear_pointer (&run->error, g_free);
  g_clear_pointer (&run->sha256, g_free);
  g_clear_pointer (&run->skipped, g_free);
  _cw_run_tell (run, CW_RUN_NEWS_STATE);
  g_mutex_unlock (&run->lock);

  start = g_new (CwRunStart, 1);
  *start = (CwRunStart){ run, lock_fd };
  run->thread = g_thread_new ("cw-run", _cw_run_thread, start);
  return TRUE;
}

static void
request (CwRun *run, gint *what, gboolean value)
{
  g_atomic_int_set (what, value);
  g_mutex_lock (&run->lock);
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

void
cw_run_pause (CwRun *run)
{
  request (run, &run->pause, TRUE);
}

void
cw_run_unpause (CwRun *run)
{
  request (run, &run->pause, FALSE);
}

void
cw_run_stop (CwRun *run)
{
  g_autoptr (GCancellable) cancellable = NULL;

  request (run, &run->stop, TRUE);
  g_mutex_lock (&run->lock);
  if (run->cancellable != NULL)
    cancellable = g_object_ref (run->cancellable);
  g_mutex_unlock (&run->lock);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

void
cw_run_request_model (CwRun *run)
{
  request (run, &run->model_wanted, TRUE);
}

void
cw_run_wait (CwRun *run)
{
  g_mutex_lock (&run->lock);
  while (run->active)
    g_cond_wait (&run->changed, &run->lock);
  g_mutex_unlock (&run->lock);
}

/* ---- getters ---- */

#define GETTER(Type, what)                                                                         \
  Type cw_run_get_##what (CwRun *run)                                                              \
  {                                                                                                \
    Type value;                                                                                    \
                                                                                                   \
    g_mutex_lock (&run->lock);                                                                     \
    value = run->what;                                                                             \
    g_mutex_unlock (&run->lock);                                                                   \
    return value;                                                                                  \
  }

GETTER (CwRunState, state)
GETTER (guint64, step)
GETTER (guint, steps_per_epoch)
GETTER (double, seconds)
GETTER (double, seconds_left)
GETTER (gsize, bytes)
GETTER (guint, n_pictures)
GETTER (guint, n_unreadable)

guint64
cw_run_get_total_steps (CwRun *run)
{
  guint64 total;

  g_mutex_lock (&run->lock);
  total = run->total;
  g_mutex_unlock (&run->lock);
  return total;
}

static char *
dup_locked (CwRun *run, char **text)
{
  char *copy;

  g_mutex_lock (&run->lock);
  copy = g_strdup (*text);
  g_mutex_unlock (&run->lock);
  return copy;
}

char *
cw_run_dup_error (CwRun *run)
{
  return dup_locked (run, &run->error);
}

char *
cw_run_dup_weights_sha256 (CwRun *run)
{
  return dup_locked (run, &run->sha256);
}

char *
cw_run_dup_skipped (CwRun *run, guint64 *step)
{
  char *skipped;

  g_mutex_lock (&run->lock);
  skipped = g_strdup (run->skipped);
  *step = run->restored;
  g_mutex_unlock (&run->lock);
  return skipped;
}

const char *
cw_run_get_folder (CwRun *run)
{
  return run->folder;
}

const CwExperiment *
cw_run_get_experiment (CwRun *run)
{
  return run->experiment;
}

/* Of a run that was opened: a table of many runs does not need them. With the lock held. */
static void
load_records (CwRun *run)
{
  g_autoptr (CwRunDb) db = cw_run_db_open (run->folder, FALSE, NULL);

  run->records = db != NULL ? cw_run_db_load_steps (db, 0, NULL) : NULL;
  if (run->records == NULL)
    run->records = g_array_new (FALSE, FALSE, sizeof (CwStepRecord));
}

GArray *
cw_run_dup_records (CwRun *run, guint from)
{
  GArray *copy = g_array_new (FALSE, FALSE, sizeof (CwStepRecord));

  g_mutex_lock (&run->lock);
  if (run->records == NULL)
    load_records (run);
  if (from < run->records->len)
    g_array_append_vals (copy, &g_array_index (run->records, CwStepRecord, from),
                         run->records->len - from);
  g_mutex_unlock (&run->lock);
  return copy;
}

/* The same. What the reader had refused before stands before them in the database. */
static void
load_unreadable (CwRun *run)
{
  g_autoptr (CwRunDb) db = cw_run_db_open (run->folder, FALSE, NULL);

  run->unreadable = db != NULL ? cw_run_db_list_rejected (db, run->n_unreadable)
                               : g_ptr_array_new_with_free_func (g_free);
}

GPtrArray *
cw_run_dup_unreadable (CwRun *run, guint from)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  g_mutex_lock (&run->lock);
  if (run->unreadable == NULL)
    load_unreadable (run);
  for (guint i = from; i < run->unreadable->len; i++)
    g_ptr_array_add (copy, g_strdup (run->unreadable->pdata[i]));
  g_mutex_unlock (&run->lock);
  return copy;
}

GArray *
cw_run_dup_flags (CwRun *run)
{
  GArray *copy;

  g_mutex_lock (&run->lock);
  copy = g_array_copy (run->flags);
  g_mutex_unlock (&run->lock);
  return copy;
}

CwModel *
cw_run_dup_model (CwRun *run)
{
  CwModel *model;

  g_mutex_lock (&run->lock);
  model = run->model != NULL ? cw_model_ref (run->model) : NULL;
  g_mutex_unlock (&run->lock);
  return model;
}
