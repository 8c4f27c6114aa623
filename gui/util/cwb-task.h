/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/**
 * CwbTask:
 *
 * One piece of work on a thread of GTask's pool, on behalf of an object that may go away meanwhile.
 * Everything but the work itself runs on the thread that started it, in its main context. After
 * cwb_task_cancel(), or once the owner is gone, neither @progress nor @done is called any more.
 * Reference counted.
 */
typedef struct _CwbTask CwbTask;

/* On the worker: returns the result, or NULL with an error, or without one where there is nothing to
 * be had. Touches no widget. */
typedef gpointer (*CwbTaskWork) (gpointer data, CwJob *job, GError **error);
/* @fraction as in cw_job_progress(): -1 where nobody can tell. */
typedef void (*CwbTaskProgress) (gpointer owner, CwbTask *task, double fraction, const char *what);
/* @result: (transfer full) (nullable); @error: (nullable), of the work. */
typedef void (*CwbTaskDone) (gpointer owner, CwbTask *task, gpointer result, const GError *error);

typedef struct
{
  CwbTaskWork work;
  CwbTaskProgress progress; /* (nullable) */
  CwbTaskDone done;
  GDestroyNotify free_data;   /* (nullable); may run on either thread */
  GDestroyNotify free_result; /* of a result that nobody takes any more */
} CwbTaskClass;

/* (transfer full). @klass is kept: constant. @data is taken. */
CwbTask *cwb_task_start (const CwbTaskClass *klass, gpointer owner, gpointer data);
CwbTask *cwb_task_ref (CwbTask *task);
void     cwb_task_unref (CwbTask *task);
gpointer cwb_task_get_data (CwbTask *task);
void     cwb_task_cancel (CwbTask *task);
/* Cancels and drops the reference in @task, if there is one. */
void     cwb_task_clear (CwbTask **task);

G_END_DECLS
