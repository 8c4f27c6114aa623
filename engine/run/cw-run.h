/* SPDX-License-Identifier: MIT */
#pragma once

#include "run/cw-experiment.h"
#include "run/cw-run-db.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  CW_RUN_NEW,      /* folder made, nothing trained yet */
  CW_RUN_STARTING, /* opening data, building nets */
  CW_RUN_RUNNING,
  CW_RUN_PAUSED,
  CW_RUN_STOPPED,  /* on demand, with a checkpoint; can be resumed */
  CW_RUN_FINISHED,
  CW_RUN_FAILED,   /* cw_run_dup_error() says why; the last good checkpoint stays */
} CwRunState;

const char *cw_run_state_name (CwRunState state);

#define CW_TYPE_RUN (cw_run_get_type ())
G_DECLARE_FINAL_TYPE (CwRun, cw_run, CW, RUN, GObject)

/**
 * CwRun:
 *
 * One training run and its folder:
 *
 *   experiment.cwexp   frozen at the start, complete
 *   run.db             see cw-run-db.h
 *   checkpoints/, state/   see cw-checkpoint.h
 *   lock               held while a process trains here
 *
 * Owns one thread while it trains. Commands are requests that the thread obeys between steps.
 * Properties: "state" and "step" notify, and ::steps (new records to fetch) is emitted, on the
 * thread-default main context of the thread that made the object, at most one emission pending.
 * Dropping the last reference stops the run, with a checkpoint, and waits for that.
 *
 * Where another process trains in the folder, the object shows what there was when it was opened.
 */

/* A new run in @folder (made; must be absent or empty). @experiment is copied. One line naming the
 * folder when it cannot be written or is taken. */
CwRun      *cw_run_new (const CwExperiment *experiment, const char *folder, GError **error);
/* Where the run failed before its first step: takes what it has put into its folder out again; the folder stays.
 * For who tells the cause and wants nothing left of the try. Returns: FALSE, and nothing changed, elsewhere */
gboolean    cw_run_discard (CwRun *run);
/* A run that is there. */
CwRun      *cw_run_open (const char *folder, GError **error);
/* Compute threads from the next start on, instead of the experiment's; 0 = the experiment's. The
 * result does not depend on it. */
void        cw_run_set_threads (CwRun *run, int threads);
/* Starts its thread: from the last checkpoint that is good, or from the beginning where there never
 * was one. Fails where another process trains in the folder, and for a run that is finished. Where
 * no checkpoint can be read the run fails, and its folder stays as it is. */
gboolean    cw_run_start (CwRun *run, GError **error);
void        cw_run_pause (CwRun *run);
void        cw_run_unpause (CwRun *run);
/* Stops after the step being made, with a checkpoint. */
void        cw_run_stop (CwRun *run);
/* Blocks until the thread has ended (not for the main thread of a GUI). */
void        cw_run_wait (CwRun *run);

CwRunState          cw_run_get_state (CwRun *run);
char               *cw_run_dup_error (CwRun *run); /* NULL unless failed */
/* (transfer full) (nullable): what is wrong with the newest checkpoint, where the last start had to
 * go on from an earlier one; @step is that one's. Comes with ::steps. */
char               *cw_run_dup_skipped (CwRun *run, guint64 *step);
const char         *cw_run_get_folder (CwRun *run);
const CwExperiment *cw_run_get_experiment (CwRun *run); /* frozen */
guint64             cw_run_get_step (CwRun *run);
guint64             cw_run_get_total_steps (CwRun *run); /* 0 until known */
guint               cw_run_get_steps_per_epoch (CwRun *run);
double              cw_run_get_seconds (CwRun *run);      /* of training, pauses excluded */
double              cw_run_get_seconds_left (CwRun *run); /* -1 until known */
gsize               cw_run_get_bytes (CwRun *run);
/* (transfer full) (element-type CwStepRecord): records from index @from of its history on. */
GArray             *cw_run_dup_records (CwRun *run, guint from);
/* Of its data: what it trains on, 0 until known, and what of that could not be read when its turn
 * came: others took its place. New ones come with ::steps. */
guint               cw_run_get_n_pictures (CwRun *run);
guint               cw_run_get_n_unreadable (CwRun *run);
/* (transfer full) (element-type char *): which, and why, a line each, from index @from on. */
GPtrArray          *cw_run_dup_unreadable (CwRun *run, guint from);
/* (transfer full) (element-type CwHealthFlag): what was noticed of its health, oldest first. New
 * flags come with ::steps, that of a failure with "state". */
GArray             *cw_run_dup_flags (CwRun *run);
/* (transfer full) (nullable): newest copy of the encoder: published every checkpoint and on
 * request. NULL before the first of this object (see cw_model_load() for those before). */
CwModel            *cw_run_dup_model (CwRun *run);
/* Asks for a fresh copy after the current step; ::model is emitted when it is there. */
void                cw_run_request_model (CwRun *run);
/* Hex SHA-256 of the weights at the end, NULL before it stopped or finished. */
char               *cw_run_dup_weights_sha256 (CwRun *run);

/* Run folders below @folder (itself included), newest first: (transfer full), GStrv. */
char              **cw_run_list (const char *folder);
/* (transfer full), GStrv: of @folders `[n]` those that are runs, and instead of another the runs below it, by name;
 * one below which there is none stays as it is. */
char              **cw_run_expand (const char *const *folders, guint n);

G_END_DECLS
