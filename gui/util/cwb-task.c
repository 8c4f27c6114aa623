/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-task.h"

struct _CwbTask
{
  gatomicrefcount refs;
  const CwbTaskClass *klass;
  gpointer data;
  GWeakRef owner;
  CwJob *job;
  GMainContext *context;
  gboolean cancelled; /* of the starting thread only */

  GMutex lock; /* guards what follows */
  double fraction;
  char *what;
  gboolean pending; /* an idle that will tell the owner is on its way */
};

static gboolean
tell_progress (gpointer user_data)
{
  CwbTask *task = user_data;
  g_autoptr (GObject) owner = g_weak_ref_get (&task->owner);
  g_autofree char *what = NULL;
  double fraction;

  g_mutex_lock (&task->lock);
  task->pending = FALSE;
  fraction = task->fraction;
  what = g_strdup (task->what);
  g_mutex_unlock (&task->lock);

  if (owner != NULL && !task->cancelled)
    task->klass->progress (owner, task, fraction, what);
  return G_SOURCE_REMOVE;
}

/* On the worker. */
static void
on_progress (CwJob *job, double fraction, const char *what, gpointer user_data)
{
  CwbTask *task = user_data;
  gboolean first;

  g_mutex_lock (&task->lock);
  task->fraction = fraction;
  if (g_strcmp0 (task->what, what) != 0)
    {
      g_free (task->what);
      task->what = g_strdup (what);
    }
  first = !task->pending;
  task->pending = TRUE;
  g_mutex_unlock (&task->lock);

  if (first)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, tell_progress, cwb_task_ref (task),
                             (GDestroyNotify) cwb_task_unref);
      g_source_attach (source, task->context);
    }
}

static void
run (GTask *gtask, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CwbTask *task = task_data;
  GError *error = NULL;
  gpointer result;

  cw_background_enter (CW_BACKGROUND_SOON);
  result = task->klass->work (task->data, task->job, &error);
  if (result != NULL)
    g_task_return_pointer (gtask, result, task->klass->free_result);
  else if (error != NULL)
    g_task_return_error (gtask, error);
  else
    g_task_return_pointer (gtask, NULL, NULL);
}

static void
on_done (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  CwbTask *task = user_data;
  g_autoptr (GObject) owner = g_weak_ref_get (&task->owner);
  g_autoptr (GError) error = NULL;
  gpointer result = g_task_propagate_pointer (G_TASK (async_result), &error);

  if (owner != NULL && !task->cancelled)
    task->klass->done (owner, task, result, error);
  else if (result != NULL && task->klass->free_result != NULL)
    task->klass->free_result (result);
  cwb_task_unref (task);
}

/* The worker may drop the last reference to the GTask; so it owns nothing that must end on the main
 * thread: the owner is held weakly and never passed as its source object. */
CwbTask *
cwb_task_start (const CwbTaskClass *klass, gpointer owner, gpointer data)
{
  CwbTask *task = g_new0 (CwbTask, 1);
  g_autoptr (GTask) gtask = NULL;

  g_atomic_ref_count_init (&task->refs);
  task->klass = klass;
  task->data = data;
  g_weak_ref_init (&task->owner, owner);
  task->job = cw_job_new (NULL, klass->progress != NULL ? on_progress : NULL, task, NULL);
  task->context = g_main_context_ref_thread_default ();
  g_mutex_init (&task->lock);

  gtask = g_task_new (NULL, NULL, on_done, cwb_task_ref (task));
  g_task_set_task_data (gtask, cwb_task_ref (task), (GDestroyNotify) cwb_task_unref);
  g_task_run_in_thread (gtask, run);
  return task;
}

CwbTask *
cwb_task_ref (CwbTask *task)
{
  g_atomic_ref_count_inc (&task->refs);
  return task;
}

void
cwb_task_unref (CwbTask *task)
{
  if (!g_atomic_ref_count_dec (&task->refs))
    return;
  if (task->klass->free_data != NULL)
    task->klass->free_data (task->data);
  g_weak_ref_clear (&task->owner);
  cw_job_unref (task->job);
  g_main_context_unref (task->context);
  g_mutex_clear (&task->lock);
  g_free (task->what);
  g_free (task);
}

gpointer
cwb_task_get_data (CwbTask *task)
{
  return task->data;
}

void
cwb_task_cancel (CwbTask *task)
{
  task->cancelled = TRUE;
  cw_job_cancel (task->job);
}

void
cwb_task_clear (CwbTask **task)
{
  if (*task == NULL)
    return;
  cwb_task_cancel (*task);
  cwb_task_unref (*task);
  *task = NULL;
}
