/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwJob:
 *
 * The progress and cancellation of one long piece of work. Whoever does the work calls
 * cw_job_progress() now and then, from any thread; whoever waits reads or is told. A %NULL job is
 * allowed everywhere: nobody watches and nobody cancels. Reference counted, thread-safe.
 */
typedef struct _CwJob CwJob;

/* Called on the worker's thread; must be quick and must not touch a widget. */
typedef void (*CwJobFunc) (CwJob *job, double fraction, const char *what, gpointer user_data);

CwJob        *cw_job_new (GCancellable *cancellable, CwJobFunc func, gpointer user_data,
                          GDestroyNotify destroy);
/* (transfer full): for a part of @job whose spans are its own: its progress is @job's, and it is cancelled
 * with it. NULL for NULL. */
CwJob        *cw_job_new_inner (CwJob *job);
CwJob        *cw_job_ref (CwJob *job);
void          cw_job_unref (CwJob *job);
GCancellable *cw_job_get_cancellable (CwJob *job);

/**
 * cw_job_progress:
 * @fraction: 0..1 of this job's own span, or -1 where nobody can tell
 * @what: (nullable): what is being done, translated, short
 *
 * Returns: FALSE with %G_IO_ERROR_CANCELLED once the job has been cancelled
 */
gboolean      cw_job_progress (CwJob *job, double fraction, const char *what, GError **error);
/* From now on 0..1 of cw_job_progress() means @from..@to of the whole. */
void          cw_job_set_span (CwJob *job, double from, double to);
double        cw_job_get_fraction (CwJob *job);
void          cw_job_cancel (CwJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwJob, cw_job_unref)

G_END_DECLS
