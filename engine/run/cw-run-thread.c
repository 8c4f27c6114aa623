/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "config.h"

#include "run/cw-run-private.h"

#include "base/cw-background.h"
#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "run/cw-checkpoint.h"
#include "run/cw-experiment-private.h"
#include "run/cw-initial-weights.h"

#include <cblas.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define FLUSH_USEC G_USEC_PER_SEC
#define MAX_REJECTED_TOLD 200

/* All that the run's thread has while it trains. */
typedef struct
{
  CwRun *run;
  const CwExperiment *experiment;
  CwRunDb *db;
  CwDataset *dataset;
  GArray *items;
  CwTrainer *trainer;
  CwHealth health;
  guint64 checkpoint_steps; /* between checkpoints */
  guint64 last_checkpoint;
  gboolean has_checkpoint;
  gboolean lost; /* none of the checkpoints can be read: the folder stays as it is */
  GArray *unsaved; /* of CwStepRecord */
  gint64 flushed;  /* monotonic time */
  double seconds;  /* of training, those before a resume included */
  double step_seconds; /* running mean */

  /* From the loader's threads. */
  GMutex reject_lock;
  GHashTable *reject_seen;  /* item numbers */
  GHashTable *reject_known; /* lines of before this start */
  GPtrArray *reject_lines;  /* still to be saved */
} Session;

/* ---- what others see ---- */

static gboolean
set_state (Session *s, CwRunState state, GError **error)
{
  CwRun *run = s->run;

  g_mutex_lock (&run->lock);
  run->state = state;
  _cw_run_tell (run, CW_RUN_NEWS_STATE);
  g_mutex_unlock (&run->lock);
  return cw_run_db_set_info (s->db, "state", cw_run_state_name (state), error);
}

static gboolean
set_info_number (Session *s, const char *key, guint64 value, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  return cw_run_db_set_info (s->db, key, text, error);
}

/* With the run's lock held. */
static void
set_flags (CwRun *run, const CwHealth *health)
{
  g_array_set_size (run->flags, 0);
  g_array_append_vals (run->flags, health->flags, (guint) health->n_flags);
}

static void
publish_step (Session *s, const CwStepRecord *record)
{
  CwRun *run = s->run;
  guint64 step = cw_trainer_get_step (s->trainer);

  g_mutex_lock (&run->lock);
  g_array_append_vals (run->records, record, 1);
  set_flags (run, &s->health);
  run->step = step;
  run->seconds = s->seconds;
  if (run->total > step && s->step_seconds > 0)
    run->seconds_left = s->step_seconds * (double) (run->total - step);
  else
    run->seconds_left = run->total == step ? 0 : -1;
  _cw_run_tell (run, CW_RUN_NEWS_STEPS);
  g_mutex_unlock (&run->lock);
}

static void
publish_model (Session *s)
{
  CwRun *run = s->run;
  CwModel *model = cw_trainer_copy_model (s->trainer), *before;
  g_autofree char *name = g_path_get_basename (run->folder), *step = model->origin;

  model->origin = g_strdup_printf ("%s, %s", name, step);
  g_mutex_lock (&run->lock);
  before = run->model;
  run->model = model;
  _cw_run_tell (run, CW_RUN_NEWS_MODEL);
  g_mutex_unlock (&run->lock);
  cw_model_unref (before);
}

/* ---- pictures that cannot be read ---- */

static void
publish_unreadable (CwRun *run, const char *line)
{
  g_mutex_lock (&run->lock);
  g_ptr_array_add (run->unreadable, g_strdup (line));
  run->n_unreadable = run->unreadable->len;
  _cw_run_tell (run, CW_RUN_NEWS_STEPS);
  g_mutex_unlock (&run->lock);
}

static void
reject (guint32 item, const char *reason, gpointer data)
{
  Session *s = data;
  const char *name = cw_dataset_get_item (s->dataset, item)->name;
  g_autofree char *line = NULL;

  g_mutex_lock (&s->reject_lock);
  /* Every epoch comes to it again, and so does a resume. */
  if (g_hash_table_add (s->reject_seen, GUINT_TO_POINTER (item)))
    line = strstr (reason, name) != NULL ? g_strdup (reason)
                                         : g_strdup_printf ("%s: %s", name, reason);
  if (line != NULL && !g_hash_table_contains (s->reject_known, line))
    {
      publish_unreadable (s->run, line);
      g_ptr_array_add (s->reject_lines, g_steal_pointer (&line));
    }
  g_mutex_unlock (&s->reject_lock);
}

/* Before there is a loader that rejects. */
static void
load_unreadable (Session *s)
{
  g_autoptr (GPtrArray) lines = cw_run_dup_unreadable (s->run, 0);

  for (guint i = 0; i < lines->len; i++)
    g_hash_table_add (s->reject_known, g_strdup (lines->pdata[i]));
}

static gboolean
save_rejected (Session *s, GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;
  guint n;

  g_mutex_lock (&s->reject_lock);
  lines = s->reject_lines;
  s->reject_lines = g_ptr_array_new_with_free_func (g_free);
  n = cw_run_get_n_unreadable (s->run);
  g_mutex_unlock (&s->reject_lock);
  for (guint i = 0; i < lines->len; i++)
    {
      if (!cw_run_db_add_event (s->db, cw_trainer_get_step (s->trainer), "rejected",
                                lines->pdata[i], error))
        return FALSE;
    }
  return lines->len == 0 || set_info_number (s, "unreadable", n, error);
}

/* What the reader refused, at the start of a run. */
static gboolean
save_refused (Session *s, GError **error)
{
  guint n = cw_dataset_get_n_rejected (s->dataset);
  g_autofree char *rest = NULL;

  for (guint i = 0; i < MIN (n, MAX_REJECTED_TOLD); i++)
    {
      const CwRejected *rejected = cw_dataset_get_rejected (s->dataset, i);
      g_autofree char *line = g_strdup_printf ("%s: %s", rejected->name, rejected->reason);

      if (!cw_run_db_add_event (s->db, 0, "rejected", line, error))
        return FALSE;
    }
  if (n <= MAX_REJECTED_TOLD)
    return TRUE;
  rest = g_strdup_printf ("and %u more", n - MAX_REJECTED_TOLD);
  return cw_run_db_add_event (s->db, 0, "rejected", rest, error);
}

/* ---- saving ---- */

static gboolean
flush (Session *s, GError **error)
{
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];

  s->flushed = g_get_monotonic_time ();
  if (!save_rejected (s, error))
    return FALSE;
  if (s->unsaved->len == 0)
    return TRUE;
  g_ascii_formatd (seconds, sizeof seconds, "%.3f", s->seconds);
  if (!cw_run_db_add_steps (s->db, (CwStepRecord *) s->unsaved->data, s->unsaved->len, error)
      || !cw_run_db_set_info (s->db, "seconds", seconds, error))
    return FALSE;
  g_array_set_size (s->unsaved, 0);
  return TRUE;
}

/* Removes all but the newest run.keep, and what was left half-written. */
static gboolean
prune (Session *s, GError **error)
{
  guint64 at = G_MAXUINT64, step;
  int n = 0;

  while (cw_run_db_last_checkpoint (s->db, at, &step))
    {
      if (++n > s->experiment->run.keep)
        {
          if (!cw_run_db_remove_checkpoint (s->db, step, error))
            return FALSE;
          cw_checkpoint_remove (s->run->folder, step);
        }
      if (step == 0)
        break;
      at = step - 1;
    }
  cw_checkpoint_sweep (s->run->folder);
  return TRUE;
}

static gboolean
checkpoint (Session *s, GError **error)
{
  guint64 step = cw_trainer_get_step (s->trainer);
  g_autofree char *path = NULL, *name = NULL, *relative = NULL;

  if (s->has_checkpoint && s->last_checkpoint == step)
    return flush (s, error);
  if (!flush (s, error)
      || !cw_checkpoint_save (s->trainer, s->experiment->recipe, s->run->folder, &path, error))
    return FALSE;
  name = g_path_get_basename (path);
  relative = g_build_filename ("checkpoints", name, NULL);
  if (!cw_run_db_add_checkpoint (s->db, step, relative, error) || !prune (s, error))
    return FALSE;
  s->has_checkpoint = TRUE;
  s->last_checkpoint = step;
  publish_model (s);
  return TRUE;
}

/* ---- starting ---- */

/* A resume goes on in the order of the data; other data has another. */
static gboolean
check_data (Session *s, GError **error)
{
  g_autofree char *before = cw_run_db_dup_info (s->db, "data_fingerprint");
  g_autofree char *now = cw_dataset_dup_fingerprint (s->dataset);

  if (before == NULL)
    return cw_run_db_set_info (s->db, "data_fingerprint", now, error);
  if (strcmp (before, now) == 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "%s has changed since the run began (%u pictures now); start a new run",
               s->experiment->data.location, cw_dataset_get_n_items (s->dataset));
  return FALSE;
}

static gboolean
open_data (Session *s, GError **error)
{
  g_autoptr (CwJob) job = NULL;

  g_mutex_lock (&s->run->lock);
  job = cw_job_new (s->run->cancellable, NULL, NULL, NULL);
  g_mutex_unlock (&s->run->lock);
  s->dataset = cw_experiment_open_data (s->experiment, job, &s->items, error);
  return s->dataset != NULL && cw_job_progress (job, 1, NULL, error) && check_data (s, error);
}

static gboolean
make_trainer (Session *s, GError **error)
{
  const CwExperiment *e = s->experiment;
  const CwLoaderOptions options = {
    .seed = e->recipe->seed,
    .batch = e->recipe->schedule.batch,
    .n_threads = e->run.loader_threads,
    .n_ahead = MIN (e->run.loader_threads + 1, 16),
    .source_side = e->data.source_side,
    .cache_bytes = (gsize) e->data.cache_mib << 20,
  };

  g_clear_pointer (&s->trainer, cw_trainer_free);
  s->trainer = cw_trainer_new (e->recipe, s->dataset, (const guint32 *) s->items->data,
                               s->items->len, &options, reject, s, error);
  return s->trainer != NULL;
}

/* A resume that found no checkpoint begins again, with what it began with. */
static gboolean
check_initial (Session *s, const char *path, GError **error)
{
  g_autofree char *before = cw_run_db_dup_info (s->db, "initial_sha256");
  g_autofree char *now = cw_trainer_dup_weights_sha256 (s->trainer);
  g_autofree char *line = g_strdup_printf ("encoder of %s", path);

  if (before == NULL)
    return cw_run_db_set_info (s->db, "initial_sha256", now, error)
           && cw_run_db_add_event (s->db, 0, "loaded", line, error);
  if (strcmp (before, now) == 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "%s has changed since the run began; start a new run", path);
  return FALSE;
}

/* The encoder that the experiment begins with, where it names one and no checkpoint is there. */
static gboolean
load_initial (Session *s, GError **error)
{
  g_autofree char *path = _cw_experiment_dup_weights (s->experiment), *what = NULL;

  if (*path == '\0' || s->has_checkpoint)
    return TRUE;
  what = g_strdup_printf ("encoder '%s'", s->experiment->recipe->encoder->base.id);
  return _cw_initial_weights_load (s->trainer, path, what, error)
         && check_initial (s, path, error);
}

/* A checkpoint that cannot be put back. */
typedef struct
{
  guint64 step;
  char *why;
} Skipped;

static void
skipped_clear (gpointer data)
{
  g_free (((Skipped *) data)->why);
}

/* @skipped, the newest first, are kept as events and told. */
static gboolean
record_skipped (Session *s, const GArray *skipped, GError **error)
{
  CwRun *run = s->run;

  for (guint i = 0; i < skipped->len; i++)
    {
      const Skipped *one = &g_array_index (skipped, Skipped, i);

      if (!cw_run_db_add_event (s->db, one->step, "skipped", one->why, error))
        return FALSE;
    }
  if (skipped->len == 0)
    return TRUE;
  g_mutex_lock (&run->lock);
  run->skipped = g_strdup (g_array_index (skipped, Skipped, 0).why);
  run->restored = s->last_checkpoint;
  _cw_run_tell (run, CW_RUN_NEWS_STEPS);
  g_mutex_unlock (&run->lock);
  return TRUE;
}

/* To begin again would end what the run has made so far. */
static gboolean
refuse_lost (Session *s, const GArray *skipped, GError **error)
{
  s->lost = TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
               "no checkpoint of %s can be read, nothing was changed; put back a copy of one, or "
               "start a new run (the newest: %s)",
               s->run->folder, g_array_index (skipped, Skipped, 0).why);
  return FALSE;
}

/* Puts back the newest checkpoint that is good. Only a run that never had one begins again. */
static gboolean
restore (Session *s, GError **error)
{
  g_autoptr (GArray) skipped = g_array_new (FALSE, FALSE, sizeof (Skipped));
  guint64 at = G_MAXUINT64, step;

  g_array_set_clear_func (skipped, skipped_clear);
  while (cw_run_db_last_checkpoint (s->db, at, &step))
    {
      g_autoptr (GError) local = NULL;
      Skipped one = { .step = step };

      if (cw_checkpoint_restore (s->trainer, s->run->folder, step, &local))
        {
          s->has_checkpoint = TRUE;
          s->last_checkpoint = step;
          return record_skipped (s, skipped, error);
        }
      one.why = g_strdup (local->message);
      g_array_append_val (skipped, one);
      if (step == 0)
        break;
      at = step - 1;
    }
  return skipped->len == 0 || refuse_lost (s, skipped, error);
}

/* What was noticed of the records up to here, as if the run had never stopped. */
static gboolean
load_health (Session *s, const GArray *records, GError **error)
{
  g_autoptr (GArray) known = cw_run_db_load_flags (s->db);

  cw_health_init (&s->health, s->experiment->recipe);
  for (guint i = 0; i < records->len; i++)
    cw_health_add (&s->health, &g_array_index (records, CwStepRecord, i));
  /* A run of an earlier version has measures without flags. */
  for (guint i = known->len; i < (guint) s->health.n_flags; i++)
    {
      if (!cw_run_db_add_flag (s->db, &s->health.flags[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
load_history (Session *s, GError **error)
{
  CwRun *run = s->run;
  GArray *records = cw_run_db_load_steps (s->db, 0, error);

  if (records == NULL)
    return FALSE;
  if (!load_health (s, records, error))
    {
      g_array_unref (records);
      return FALSE;
    }
  g_mutex_lock (&run->lock);
  g_clear_pointer (&run->records, g_array_unref);
  run->records = records;
  set_flags (run, &s->health);
  run->step = cw_trainer_get_step (s->trainer);
  run->total = cw_trainer_get_total_steps (s->trainer);
  run->steps_per_epoch = cw_trainer_get_steps_per_epoch (s->trainer);
  run->bytes = cw_trainer_get_bytes (s->trainer);
  run->n_pictures = s->items->len;
  s->seconds = run->seconds;
  _cw_run_tell (run, CW_RUN_NEWS_STEPS);
  g_mutex_unlock (&run->lock);
  return set_info_number (s, "total_steps", cw_trainer_get_total_steps (s->trainer), error)
         && set_info_number (s, "steps_per_epoch", cw_trainer_get_steps_per_epoch (s->trainer),
                             error)
         && set_info_number (s, "pictures", s->items->len, error)
         && set_info_number (s, "bytes", cw_trainer_get_bytes (s->trainer), error);
}

/* Padding is not counted. */
static gsize
count_encoder_params (CwTrainer *trainer)
{
  CwNet *net = cw_trainer_get_online (trainer)->net;
  gsize n = 0;

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (net, i);

      if (!g_str_has_prefix (info->name, "projector.")
          && !g_str_has_prefix (info->name, "predictor."))
        n += info->size;
    }
  return n;
}

/* The frozen experiment is a file, and files are edited: where a run goes on in another way than it began, its
 * events say so. */
static gboolean
record_experiment (Session *s, guint64 step, GError **error)
{
  g_autofree char *before = cw_run_db_dup_info (s->db, "experiment");
  g_autofree char *now = cw_experiment_to_string (s->experiment);
  g_autofree char *edits = before != NULL ? _cw_experiment_dup_edits (s->experiment, before) : NULL;

  return (edits == NULL || cw_run_db_add_event (s->db, step, "edited", edits, error))
         && cw_run_db_set_info (s->db, "experiment", now, error);
}

static gboolean
record_start (Session *s, gboolean first, GError **error)
{
  guint64 step = cw_trainer_get_step (s->trainer);
  g_autofree char *environment = g_strdup_printf (
      "contrawarp %s; %d compute threads, %d loader threads; OpenBLAS for %s; encoder %s with "
      "%" G_GSIZE_FORMAT " parameters; %u pictures of %s",
      CW_VERSION, cw_parallel_get_threads (), s->experiment->run.loader_threads,
      openblas_get_corename (), s->experiment->recipe->encoder->base.id,
      count_encoder_params (s->trainer), s->items->len, cw_dataset_get_location (s->dataset));

  if (!cw_run_db_set_info (s->db, "environment", environment, error)
      || !record_experiment (s, step, error))
    return FALSE;
  if (!first)
    return cw_run_db_add_event (s->db, step, "resumed", environment, error);
  return cw_run_db_add_event (s->db, 0, "started", environment, error) && save_refused (s, error);
}

static gboolean
mark_starting (Session *s, GError **error)
{
  return set_state (s, CW_RUN_STARTING, error)
         && cw_run_db_set_info (s->db, "weights_sha256", NULL, error);
}

/* Until a run that has checkpoints is back at one of them, what it has is not written to. */
static gboolean
go_back (Session *s, GError **error)
{
  guint64 step;
  gboolean is_new = !cw_run_db_last_checkpoint (s->db, G_MAXUINT64, &step);

  if (is_new && !mark_starting (s, error))
    return FALSE;
  return open_data (s, error) && make_trainer (s, error) && restore (s, error)
         && mark_starting (s, error)
         && cw_run_db_rewind (s->db, cw_trainer_get_step (s->trainer), error);
}

static gboolean
start (Session *s, GError **error)
{
  int threads = s->run->threads > 0 ? s->run->threads : s->experiment->run.threads;
  g_autofree char *started = NULL;
  double steps;

  if (threads > 0)
    cw_parallel_set_threads (threads);
  s->db = cw_run_db_open (s->run->folder, TRUE, error);
  if (s->db == NULL)
    return FALSE;
  load_unreadable (s);
  started = cw_run_db_dup_info (s->db, "environment");
  if (!go_back (s, error) || !load_initial (s, error) || !load_history (s, error)
      || !record_start (s, started == NULL, error))
    return FALSE;
  steps = (double) s->experiment->run.checkpoint_every
          * (double) cw_trainer_get_steps_per_epoch (s->trainer);
  s->checkpoint_steps = (guint64) MAX (llrint (steps), 1);
  s->flushed = g_get_monotonic_time ();
  return set_state (s, CW_RUN_RUNNING, error);
}

/* ---- training ---- */

static gboolean
is_stopped (Session *s)
{
  return g_atomic_int_get (&s->run->stop);
}

static void
obey_model_request (Session *s)
{
  if (g_atomic_int_compare_and_exchange (&s->run->model_wanted, TRUE, FALSE))
    publish_model (s);
}

static gboolean
is_paused (Session *s)
{
  return g_atomic_int_get (&s->run->pause) && !is_stopped (s);
}

static gboolean
wait_while_paused (Session *s, GError **error)
{
  CwRun *run = s->run;

  if (!is_paused (s))
    return TRUE;
  if (!flush (s, error) || !set_state (s, CW_RUN_PAUSED, error))
    return FALSE;
  while (is_paused (s))
    {
      g_mutex_lock (&run->lock);
      while (is_paused (s) && !g_atomic_int_get (&run->model_wanted))
        g_cond_wait (&run->changed, &run->lock);
      g_mutex_unlock (&run->lock);
      obey_model_request (s);
    }
  return is_stopped (s) || set_state (s, CW_RUN_RUNNING, error);
}

/* The last @n flags are new. */
static gboolean
save_flags (Session *s, int n, GError **error)
{
  for (int i = s->health.n_flags - n; i < s->health.n_flags; i++)
    {
      if (!cw_run_db_add_flag (s->db, &s->health.flags[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_step (Session *s, GError **error)
{
  gint64 began = g_get_monotonic_time ();
  CwStepRecord record;
  double seconds;

  if (!cw_trainer_step (s->trainer, &record, error))
    return FALSE;
  seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  s->seconds += seconds;
  s->step_seconds
      = s->step_seconds > 0 ? 0.95 * s->step_seconds + 0.05 * seconds : MAX (seconds, 1e-6);
  g_array_append_val (s->unsaved, record);
  if (!save_flags (s, cw_health_add (&s->health, &record), error))
    return FALSE;
  publish_step (s, &record);
  return TRUE;
}

static gboolean
train (Session *s, GError **error)
{
  guint64 total = cw_trainer_get_total_steps (s->trainer), step;

  while ((step = cw_trainer_get_step (s->trainer)) < total && !is_stopped (s))
    {
      if (!wait_while_paused (s, error))
        return FALSE;
      obey_model_request (s);
      if (is_stopped (s))
        break;
      if (!make_step (s, error))
        return FALSE;
      if ((step + 1) % s->checkpoint_steps == 0 && !checkpoint (s, error))
        return FALSE;
      if (g_get_monotonic_time () - s->flushed >= FLUSH_USEC && !flush (s, error))
        return FALSE;
    }
  /* Nothing is lost where nothing was done. */
  return step == 0 || checkpoint (s, error);
}

/* ---- ending ---- */

static char *
save_hash (Session *s, GError **error)
{
  g_autofree char *hash = cw_trainer_dup_weights_sha256 (s->trainer);

  return cw_run_db_set_info (s->db, "weights_sha256", hash, error) ? g_steal_pointer (&hash) : NULL;
}

static CwRunState
record_end (Session *s, char **hash, GError **error)
{
  guint64 step = cw_trainer_get_step (s->trainer);
  CwRunState state = step == cw_trainer_get_total_steps (s->trainer) ? CW_RUN_FINISHED
                                                                     : CW_RUN_STOPPED;
  g_autofree char *line = NULL;

  *hash = save_hash (s, error);
  if (*hash == NULL)
    return CW_RUN_FAILED;
  line = g_strdup_printf ("weights %s", *hash);
  if (!cw_run_db_add_event (s->db, step, cw_run_state_name (state), line, error)
      || !cw_run_db_set_info (s->db, "state", cw_run_state_name (state), error))
    return CW_RUN_FAILED;
  return state;
}

/* What was done until then is kept; what cannot be written now is lost, the message is not. */
static void
record_failure (Session *s, const GError *error)
{
  guint64 step = s->trainer != NULL ? cw_trainer_get_step (s->trainer) : 0;
  gboolean diverged = g_error_matches (error, CW_ERROR, CW_ERROR_DIVERGED);

  if (s->db == NULL || s->lost)
    return;
  if (diverged)
    save_flags (s, cw_health_add_divergence (&s->health, step), NULL);
  if (s->trainer != NULL)
    flush (s, NULL);
  cw_run_db_set_info (s->db, "error", error->message, NULL);
  cw_run_db_add_event (s->db, step, diverged ? "diverged" : "failed", error->message, NULL);
  cw_run_db_set_info (s->db, "state", cw_run_state_name (CW_RUN_FAILED), NULL);
}

/* A full disk ends no run: its last checkpoint is whole. */
static void
advise (GError *error)
{
  char *message = error->message;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return;
  error->message = g_strconcat (message, "; free some space, then resume the run", NULL);
  g_free (message);
}

static void
session_clear (Session *s)
{
  /* First, since its loader calls reject(). */
  g_clear_pointer (&s->trainer, cw_trainer_free);
  g_clear_object (&s->dataset);
  g_clear_pointer (&s->items, g_array_unref);
  g_clear_pointer (&s->db, cw_run_db_close);
  g_array_unref (s->unsaved);
  g_ptr_array_unref (s->reject_lines);
  g_hash_table_unref (s->reject_seen);
  g_hash_table_unref (s->reject_known);
  g_mutex_clear (&s->reject_lock);
}

/* The last thing the thread does: then folder and database are free again. */
static void
leave (const Session *s, int lock_fd, CwRunState state, char *hash, const GError *error)
{
  CwRun *run = s->run;

  close (lock_fd);
  g_mutex_lock (&run->lock);
  if (g_error_matches (error, CW_ERROR, CW_ERROR_DIVERGED))
    set_flags (run, &s->health);
  run->state = state;
  run->sha256 = hash;
  run->error = state == CW_RUN_FAILED ? g_strdup (error->message) : NULL;
  run->active = FALSE;
  _cw_run_tell (run, CW_RUN_NEWS_STATE);
  g_cond_broadcast (&run->changed);
  g_mutex_unlock (&run->lock);
}

gpointer
_cw_run_thread (gpointer data)
{
  g_autofree CwRunStart *begin = data;
  CwRun *run = begin->run;
  Session s = { .run = run, .experiment = run->experiment };
  g_autoptr (GError) error = NULL;
  CwRunState state = CW_RUN_FAILED;
  char *hash = NULL;

  cw_background_enter (CW_BACKGROUND_LONG);
  s.unsaved = g_array_new (FALSE, FALSE, sizeof (CwStepRecord));
  s.reject_lines = g_ptr_array_new_with_free_func (g_free);
  s.reject_seen = g_hash_table_new (NULL, NULL);
  s.reject_known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&s.reject_lock);

  if (start (&s, &error) && train (&s, &error))
    state = record_end (&s, &hash, &error);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && is_stopped (&s)
           && cw_run_db_set_info (s.db, "state", cw_run_state_name (CW_RUN_STOPPED), NULL))
    state = CW_RUN_STOPPED;
  if (state == CW_RUN_FAILED)
    {
      advise (error);
      record_failure (&s, error);
    }
  session_clear (&s);
  leave (&s, begin->lock_fd, state, hash, error);
  return NULL;
}
