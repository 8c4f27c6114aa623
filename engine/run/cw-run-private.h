/* SPDX-License-Identifier: MIT */
#pragma once

#include "run/cw-run.h"

G_BEGIN_DECLS

struct _CwRun
{
  GObject parent_instance;

  /* Constant once made. */
  char *folder; /* absolute */
  CwExperiment *experiment;
  GMainContext *context;

  /* The owner's thread. */
  GThread *thread;
  int threads; /* 0 = the experiment's */

  /* Requests; atomic. */
  gint stop, pause, model_wanted;

  GMutex lock;
  GCond changed; /* a request came, or the thread has ended */

  /* Guarded by lock. */
  gboolean active; /* the thread is there */
  GCancellable *cancellable; /* of opening the data */
  CwRunState state;
  char *error, *sha256;
  char *skipped;    /* of the newest checkpoint that this start passed over */
  guint64 restored; /* step of the one it took instead */
  guint64 step, total;
  guint steps_per_epoch;
  double seconds, seconds_left;
  gsize bytes;
  guint n_pictures, n_unreadable;
  GArray *records;       /* NULL = still to be loaded */
  GPtrArray *unreadable; /* lines; the same */
  GArray *flags;   /* of CwHealthFlag */
  CwModel *model;
  guint pending; /* CwRunNews to tell */
  gboolean idle; /* a source is under way */
  gboolean silent; /* nobody listens any more */
};

typedef enum
{
  CW_RUN_NEWS_STATE = 1,
  CW_RUN_NEWS_STEPS = 2,
  CW_RUN_NEWS_MODEL = 4,
} CwRunNews;

/* With the lock held: has @news told on the run's main context. */
void     _cw_run_tell (CwRun *run, guint news);
/* The thread's function; @lock_fd of @data is its own to release. */
typedef struct
{
  CwRun *run;
  int lock_fd;
} CwRunStart;
gpointer _cw_run_thread (gpointer data);
gboolean _cw_run_parse_state (const char *name, CwRunState *state);

/* ---- the folder ---- */
/* (transfer full) */
char    *_cw_run_file (const char *folder, const char *name);
/* All that a run begins with, or nothing. @folder is missing or empty, or its run failed before its first step. */
gboolean _cw_run_folder_make (const char *folder, const CwExperiment *frozen, GError **error);
/* Takes out of @folder what the above has put there, where the run failed before its first step; FALSE elsewhere. */
gboolean _cw_run_folder_empty (const char *folder);
/* A descriptor that holds the lock while it is open; -1 where it is taken. The kernel frees it with
 * the process, however that ends. */
int      _cw_run_folder_lock (const char *folder, GError **error);
gboolean _cw_run_folder_is_locked (const char *folder);

G_END_DECLS
