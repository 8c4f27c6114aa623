/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-health.h"
#include "learn/cw-trainer.h"

G_BEGIN_DECLS

/**
 * CwRunDb:
 *
 * run.db of a run folder: SQLite, WAL, so that other processes read while a run writes.
 *
 *   info (key TEXT PRIMARY KEY, value TEXT)             schema, name, state, created, environment,
 *     experiment (its text when the run last began or went on; "edited" events tell what was changed then),
 *     pictures (trained on), unreadable (events of kind "rejected" that training itself added) ...
 *   metrics (step INTEGER, name TEXT, value REAL, PRIMARY KEY (step, name)) WITHOUT ROWID
 *   events (id INTEGER PRIMARY KEY, time REAL, step INTEGER, kind TEXT, message TEXT); the message of
 *     kind "health" is "LEVEL CAUSE: text" with the names of cw-health.h
 *   checkpoints (step INTEGER PRIMARY KEY, path TEXT, time REAL)
 *   evaluations (id INTEGER PRIMARY KEY, time REAL, step INTEGER, json TEXT)
 *
 * One thread at a time.
 */
typedef struct _CwRunDb CwRunDb;

typedef struct
{
  guint64 step; /* how many steps its model was trained */
  char *json;   /* as `contrawarp evaluate --json` prints it */
} CwKeptEvaluation;

CwRunDb *cw_run_db_open (const char *run_folder, gboolean writable, GError **error);
void     cw_run_db_close (CwRunDb *db);

gboolean cw_run_db_set_info (CwRunDb *db, const char *key, const char *value, GError **error);
char    *cw_run_db_dup_info (CwRunDb *db, const char *key); /* NULL if not there */
/* Many steps in one transaction; a step that is there already is replaced. */
gboolean cw_run_db_add_steps (CwRunDb *db, const CwStepRecord *records, guint n, GError **error);
gboolean cw_run_db_add_event (CwRunDb *db, guint64 step, const char *kind, const char *message,
                              GError **error);
gboolean cw_run_db_add_checkpoint (CwRunDb *db, guint64 step, const char *path, GError **error);
gboolean cw_run_db_add_evaluation (CwRunDb *db, guint64 step, const char *json, GError **error);
gboolean cw_run_db_remove_checkpoint (CwRunDb *db, guint64 step, GError **error);
/* Flags of a run's health are events of kind "health"; (transfer full) (element-type CwHealthFlag),
 * oldest first. */
gboolean cw_run_db_add_flag (CwRunDb *db, const CwHealthFlag *flag, GError **error);
GArray  *cw_run_db_load_flags (CwRunDb *db);
/* Forgets what came after @step steps had been done (metrics and flags of step @step on, later
 * checkpoints and evaluations): a resume goes on from there. */
gboolean cw_run_db_rewind (CwRunDb *db, guint64 step, GError **error);
/* Last checkpoint with step <= @at_most; FALSE if none. */
gboolean cw_run_db_last_checkpoint (CwRunDb *db, guint64 at_most, guint64 *step);
/* (transfer full) (element-type CwStepRecord): steps from @from on. */
GArray  *cw_run_db_load_steps (CwRunDb *db, guint64 from, GError **error);
/* (transfer full): JSON of the newest evaluation; NULL if none. */
char    *cw_run_db_dup_evaluation (CwRunDb *db);
/* (transfer full) (element-type CwKeptEvaluation): oldest first. NULL where they cannot all be read. */
GPtrArray *cw_run_db_list_evaluations (CwRunDb *db, GError **error);
/* (transfer full) (element-type char *): "step kind message" lines, oldest first. */
GPtrArray *cw_run_db_list_events (CwRunDb *db);
/* (transfer full) (element-type char *): messages of the newest @n events of kind "rejected", the
 * oldest first. */
GPtrArray *cw_run_db_list_rejected (CwRunDb *db, guint n);
guint64  cw_run_db_count_steps (CwRunDb *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRunDb, cw_run_db_close)

G_END_DECLS
