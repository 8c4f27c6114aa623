/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-job.h"

struct _CwJob
{
  gatomicrefcount refs;
  GCancellable *cancellable;
  CwJobFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  GMutex lock;
  double from, to, fraction; /* guarded by lock */
};

CwJob *
cw_job_new (GCancellable *cancellable, CwJobFunc func, gpointer user_data, GDestroyNotify destroy)
{
  CwJob *job = g_new0 (CwJob, 1);

  g_atomic_ref_count_init (&job->refs);
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  job->func = func;
  job->user_data = user_data;
  job->destroy = destroy;
  job->to = 1.0;
  g_mutex_init (&job->lock);
  return job;
}

static void
forward_progress (CwJob *part, double fraction, const char *what, gpointer whole)
{
  cw_job_progress (whole, fraction, what, NULL);
}

CwJob *
cw_job_new_inner (CwJob *job)
{
  return job != NULL ? cw_job_new (job->cancellable, forward_progress, job, NULL) : NULL;
}

CwJob *
cw_job_ref (CwJob *job)
{
  g_atomic_ref_count_inc (&job->refs);
  return job;
}

void
cw_job_unref (CwJob *job)
{
  if (!g_atomic_ref_count_dec (&job->refs))
    return;
  if (job->destroy != NULL)
    job->destroy (job->user_data);
  g_object_unref (job->cancellable);
  g_mutex_clear (&job->lock);
  g_free (job);
}

GCancellable *
cw_job_get_cancellable (CwJob *job)
{
  return job != NULL ? job->cancellable : NULL;
}

gboolean
cw_job_progress (CwJob *job, double fraction, const char *what, GError **error)
{
  if (job == NULL)
    return TRUE;
  if (g_cancellable_set_error_if_cancelled (job->cancellable, error))
    return FALSE;

  g_mutex_lock (&job->lock);
  if (fraction >= 0)
    fraction = job->from + (job->to - job->from) * CLAMP (fraction, 0.0, 1.0);
  job->fraction = fraction;
  g_mutex_unlock (&job->lock);

  if (job->func != NULL)
    job->func (job, fraction, what, job->user_data);
  return TRUE;
}

void
cw_job_set_span (CwJob *job, double from, double to)
{
  if (job == NULL)
    return;
  g_mutex_lock (&job->lock);
  job->from = from;
  job->to = to;
  g_mutex_unlock (&job->lock);
}

double
cw_job_get_fraction (CwJob *job)
{
  double fraction;

  if (job == NULL)
    return 0;
  g_mutex_lock (&job->lock);
  fraction = job->fraction;
  g_mutex_unlock (&job->lock);
  return fraction;
}

void
cw_job_cancel (CwJob *job)
{
  if (job != NULL)
    g_cancellable_cancel (job->cancellable);
}
