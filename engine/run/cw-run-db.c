/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-run-db.h"

#include "base/cw-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#define SCHEMA_VERSION "1"

struct _CwRunDb
{
  sqlite3 *db;
  char *path;
};

static const char schema[]
    = "CREATE TABLE IF NOT EXISTS info (key TEXT PRIMARY KEY, value TEXT);"
      "CREATE TABLE IF NOT EXISTS metrics (step INTEGER, name TEXT, value REAL,"
      "  PRIMARY KEY (step, name)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, time REAL, step INTEGER,"
      "  kind TEXT, message TEXT);"
      "CREATE TABLE IF NOT EXISTS checkpoints (step INTEGER PRIMARY KEY, path TEXT, time REAL);"
      "CREATE TABLE IF NOT EXISTS evaluations (id INTEGER PRIMARY KEY, time REAL, step INTEGER,"
      "  json TEXT);"
      "INSERT OR IGNORE INTO info VALUES ('schema', '" SCHEMA_VERSION "');";

/* The values of a step that have a row; an undefined one has none. */
static const struct
{
  const char *name;
  size_t offset;
} metrics[] = {
  { "alignment", offsetof (CwStepRecord, alignment) },
  { "cos_base", offsetof (CwStepRecord, cos_base) },
  { "cos_negative", offsetof (CwStepRecord, cos_negative) },
  { "cos_positive", offsetof (CwStepRecord, cos_positive) },
  { "dead_features", offsetof (CwStepRecord, dead_features) },
  { "epoch", offsetof (CwStepRecord, epoch) },
  { "feature_rank", offsetof (CwStepRecord, feature_rank) },
  { "feature_std", offsetof (CwStepRecord, feature_std) },
  { "grad_norm", offsetof (CwStepRecord, grad_norm) },
  { "images_per_second", offsetof (CwStepRecord, images_per_second) },
  { "loss", offsetof (CwStepRecord, loss) },
  { "loss_negative", offsetof (CwStepRecord, loss_negative) },
  { "loss_positive", offsetof (CwStepRecord, loss_positive) },
  { "lr", offsetof (CwStepRecord, lr) },
  { "momentum", offsetof (CwStepRecord, momentum) },
  { "notices", offsetof (CwStepRecord, notices) },
  { "projection_rank", offsetof (CwStepRecord, projection_rank) },
  { "projection_std", offsetof (CwStepRecord, projection_std) },
  { "uniformity", offsetof (CwStepRecord, uniformity) },
  { "wait_share", offsetof (CwStepRecord, wait_share) },
  { "warp_auc", offsetof (CwStepRecord, warp_auc) },
  { "warp_margin", offsetof (CwStepRecord, warp_margin) },
  { "weight_norm", offsetof (CwStepRecord, weight_norm) },
};

static gboolean
fail (CwRunDb *db, GError **error)
{
  int code = sqlite3_errcode (db->db);
  const char *text = sqlite3_errmsg (db->db);

  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: broken database: %s", db->path, text);
  else
    g_set_error (error, G_IO_ERROR,
                 code == SQLITE_FULL       ? G_IO_ERROR_NO_SPACE
                 : code == SQLITE_READONLY ? G_IO_ERROR_READ_ONLY
                 : code == SQLITE_BUSY     ? G_IO_ERROR_BUSY
                                           : G_IO_ERROR_FAILED,
                 "%s: %s", db->path, text);
  return FALSE;
}

static gboolean
execute (CwRunDb *db, const char *sql, GError **error)
{
  return sqlite3_exec (db->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail (db, error);
}

/* NULL on error; to be finalized. */
static sqlite3_stmt *
prepare (CwRunDb *db, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db->db, sql, -1, &statement, NULL) != SQLITE_OK)
    fail (db, error);
  return statement;
}

static void
bind_text (sqlite3_stmt *statement, int i, const char *text)
{
  sqlite3_bind_text (statement, i, text, -1, SQLITE_TRANSIENT);
}

/* Runs and ends a statement that yields no rows. */
static gboolean
finish (CwRunDb *db, sqlite3_stmt *statement, GError **error)
{
  gboolean ok = sqlite3_step (statement) == SQLITE_DONE || fail (db, error);

  sqlite3_finalize (statement);
  return ok;
}

static double
now (void)
{
  return (double) g_get_real_time () / 1e6;
}

/* Asks for something only a run's database has, so that a file of another kind is told at once. */
static gboolean
check_schema (CwRunDb *db, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok = FALSE;

  if (sqlite3_prepare_v2 (db->db, "SELECT value FROM info WHERE key = 'schema'", -1, &statement,
                          NULL)
      != SQLITE_OK)
    return fail (db, error);
  switch (sqlite3_step (statement))
    {
    case SQLITE_ROW:
      ok = g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), SCHEMA_VERSION) == 0;
      if (!ok)
        g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                     "%s: made by another version of the program (schema %s, this one reads "
                     SCHEMA_VERSION ")",
                     db->path, sqlite3_column_text (statement, 0));
      break;
    case SQLITE_DONE:
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: not the database of a run",
                   db->path);
      break;
    default:
      fail (db, error);
      break;
    }
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
open_writable (CwRunDb *db, GError **error)
{
  if (sqlite3_open_v2 (db->path, &db->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL)
      != SQLITE_OK)
    return fail (db, error);
  sqlite3_busy_timeout (db->db, 5000);
  /* WAL loses no committed transaction when the process is killed; a power cut may cost the last
   * ones, never the file. */
  return execute (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;", error)
         && execute (db, "BEGIN IMMEDIATE;", error) && execute (db, schema, error)
         && execute (db, "COMMIT;", error) && check_schema (db, error);
}

static gboolean
is_empty (const char *path)
{
  GStatBuf st;

  return g_stat (path, &st) != 0 || st.st_size == 0;
}

static gboolean
open_readable (CwRunDb *db, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *wal = g_strconcat (db->path, "-wal", NULL);
  g_autofree char *uri = NULL, *immutable = NULL;

  if (!g_file_test (db->path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no such file", db->path);
      return FALSE;
    }
  if (sqlite3_open_v2 (db->path, &db->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
    return fail (db, error);
  sqlite3_busy_timeout (db->db, 5000);
  if (check_schema (db, &local))
    return TRUE;
  /* Reading WAL needs a shared memory file beside it, which a medium or folder that cannot be
   * written does not give; where nothing waits in a WAL file the database alone is all. */
  if (!is_empty (wal)
      || (sqlite3_errcode (db->db) != SQLITE_CANTOPEN
          && sqlite3_errcode (db->db) != SQLITE_READONLY))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_clear_pointer (&db->db, sqlite3_close_v2);
  uri = g_filename_to_uri (db->path, NULL, error);
  if (uri == NULL)
    return FALSE;
  immutable = g_strconcat (uri, "?immutable=1", NULL);
  if (sqlite3_open_v2 (immutable, &db->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL)
      != SQLITE_OK)
    return fail (db, error);
  return check_schema (db, error);
}

CwRunDb *
cw_run_db_open (const char *run_folder, gboolean writable, GError **error)
{
  g_autoptr (CwRunDb) db = g_new0 (CwRunDb, 1);
  g_autofree char *absolute = g_canonicalize_filename (run_folder, NULL);

  db->path = g_build_filename (absolute, "run.db", NULL);
  if (!(writable ? open_writable (db, error) : open_readable (db, error)))
    return NULL;
  return g_steal_pointer (&db);
}

void
cw_run_db_close (CwRunDb *db)
{
  if (db == NULL)
    return;
  sqlite3_close_v2 (db->db);
  g_free (db->path);
  g_free (db);
}

gboolean
cw_run_db_set_info (CwRunDb *db, const char *key, const char *value, GError **error)
{
  sqlite3_stmt *statement = prepare (db, "INSERT OR REPLACE INTO info VALUES (?, ?)", error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, key);
  bind_text (statement, 2, value);
  return finish (db, statement, error);
}

/* The text of the first row's first column; NULL if there is none. */
static char *
query_text (CwRunDb *db, const char *sql, const char *argument)
{
  sqlite3_stmt *statement = prepare (db, sql, NULL);
  char *text = NULL;

  if (statement == NULL)
    return NULL;
  if (argument != NULL)
    bind_text (statement, 1, argument);
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return text;
}

char *
cw_run_db_dup_info (CwRunDb *db, const char *key)
{
  return query_text (db, "SELECT value FROM info WHERE key = ?", key);
}

static gboolean
add_step (sqlite3_stmt *statement, const CwStepRecord *record)
{
  for (size_t k = 0; k < G_N_ELEMENTS (metrics); k++)
    {
      double value = G_STRUCT_MEMBER (double, record, metrics[k].offset);

      if (isnan (value))
        continue;
      sqlite3_bind_int64 (statement, 1, (gint64) record->step);
      sqlite3_bind_text (statement, 2, metrics[k].name, -1, SQLITE_STATIC);
      sqlite3_bind_double (statement, 3, value);
      if (sqlite3_step (statement) != SQLITE_DONE)
        return FALSE;
      sqlite3_reset (statement);
    }
  return TRUE;
}

/* A value that is no longer there must not stay from the step that is replaced. */
static gboolean
forget_step (sqlite3_stmt *statement, guint64 step)
{
  gboolean ok;

  sqlite3_bind_int64 (statement, 1, (gint64) step);
  ok = sqlite3_step (statement) == SQLITE_DONE;
  sqlite3_reset (statement);
  return ok;
}

gboolean
cw_run_db_add_steps (CwRunDb *db, const CwStepRecord *records, guint n, GError **error)
{
  sqlite3_stmt *forget, *add;
  gboolean ok = TRUE;

  if (n == 0)
    return TRUE;
  forget = prepare (db, "DELETE FROM metrics WHERE step = ?", error);
  if (forget == NULL)
    return FALSE;
  add = prepare (db, "INSERT INTO metrics VALUES (?, ?, ?)", error);
  if (add == NULL || !execute (db, "BEGIN IMMEDIATE", error))
    {
      sqlite3_finalize (forget);
      sqlite3_finalize (add);
      return FALSE;
    }
  for (guint i = 0; ok && i < n; i++)
    ok = forget_step (forget, records[i].step) && add_step (add, &records[i]);
  if (!ok)
    fail (db, error);
  sqlite3_finalize (forget);
  sqlite3_finalize (add);
  if (ok && execute (db, "COMMIT", error))
    return TRUE;
  execute (db, "ROLLBACK", NULL);
  return FALSE;
}

gboolean
cw_run_db_add_event (CwRunDb *db, guint64 step, const char *kind, const char *message,
                     GError **error)
{
  sqlite3_stmt *statement = prepare (
      db, "INSERT INTO events (time, step, kind, message) VALUES (?, ?, ?, ?)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_double (statement, 1, now ());
  sqlite3_bind_int64 (statement, 2, (gint64) step);
  bind_text (statement, 3, kind);
  bind_text (statement, 4, message);
  return finish (db, statement, error);
}

gboolean
cw_run_db_add_flag (CwRunDb *db, const CwHealthFlag *flag, GError **error)
{
  g_autofree char *message
      = g_strdup_printf ("%s %s: %s", cw_health_level_name (flag->level),
                         cw_health_cause_name (flag->cause), cw_health_flag_text (flag));

  return cw_run_db_add_event (db, flag->step, "health", message, error);
}

gboolean
cw_run_db_add_checkpoint (CwRunDb *db, guint64 step, const char *path, GError **error)
{
  sqlite3_stmt *statement
      = prepare (db, "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) step);
  bind_text (statement, 2, path);
  sqlite3_bind_double (statement, 3, now ());
  return finish (db, statement, error);
}

gboolean
cw_run_db_remove_checkpoint (CwRunDb *db, guint64 step, GError **error)
{
  sqlite3_stmt *statement = prepare (db, "DELETE FROM checkpoints WHERE step = ?", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) step);
  return finish (db, statement, error);
}

gboolean
cw_run_db_add_evaluation (CwRunDb *db, guint64 step, const char *json, GError **error)
{
  sqlite3_stmt *statement
      = prepare (db, "INSERT INTO evaluations (time, step, json) VALUES (?, ?, ?)", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_double (statement, 1, now ());
  sqlite3_bind_int64 (statement, 2, (gint64) step);
  bind_text (statement, 3, json);
  return finish (db, statement, error);
}

gboolean
cw_run_db_rewind (CwRunDb *db, guint64 step, GError **error)
{
  /* Step numbers of metrics count from 0, those of checkpoints are steps done. */
  g_autofree char *sql = g_strdup_printf (
      "BEGIN IMMEDIATE; DELETE FROM metrics WHERE step >= %" G_GUINT64_FORMAT
      "; DELETE FROM events WHERE kind = 'health' AND step >= %" G_GUINT64_FORMAT
      "; DELETE FROM checkpoints WHERE step > %" G_GUINT64_FORMAT
      "; DELETE FROM evaluations WHERE step > %" G_GUINT64_FORMAT "; COMMIT;",
      step, step, step, step);

  if (execute (db, sql, error))
    return TRUE;
  execute (db, "ROLLBACK", NULL);
  return FALSE;
}

gboolean
cw_run_db_last_checkpoint (CwRunDb *db, guint64 at_most, guint64 *step)
{
  sqlite3_stmt *statement = prepare (
      db, "SELECT step FROM checkpoints WHERE step <= ? ORDER BY step DESC LIMIT 1", NULL);
  gboolean found;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) MIN (at_most, (guint64) G_MAXINT64));
  found = sqlite3_step (statement) == SQLITE_ROW;
  if (found)
    *step = (guint64) sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return found;
}

static CwStepRecord
empty_record (guint64 step)
{
  CwStepRecord record = { .step = step };

  for (size_t k = 0; k < G_N_ELEMENTS (metrics); k++)
    G_STRUCT_MEMBER (double, &record, metrics[k].offset) = (double) NAN;
  return record;
}

static void
set_metric (CwStepRecord *record, const char *name, double value)
{
  /* A name this version does not know is passed over. */
  for (size_t k = 0; k < G_N_ELEMENTS (metrics); k++)
    {
      if (strcmp (metrics[k].name, name) == 0)
        {
          G_STRUCT_MEMBER (double, record, metrics[k].offset) = value;
          return;
        }
    }
}

GArray *
cw_run_db_load_steps (CwRunDb *db, guint64 from, GError **error)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (CwStepRecord));
  sqlite3_stmt *statement
      = prepare (db, "SELECT step, name, value FROM metrics WHERE step >= ? ORDER BY step, name",
                 error);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, (gint64) MIN (from, (guint64) G_MAXINT64));
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      guint64 step = (guint64) sqlite3_column_int64 (statement, 0);
      const char *name = (const char *) sqlite3_column_text (statement, 1);

      if (records->len == 0 || g_array_index (records, CwStepRecord, records->len - 1).step != step)
        {
          CwStepRecord record = empty_record (step);

          g_array_append_val (records, record);
        }
      if (name != NULL)
        set_metric (&g_array_index (records, CwStepRecord, records->len - 1), name,
                    sqlite3_column_double (statement, 2));
    }
  if (code != SQLITE_DONE)
    fail (db, error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE ? g_steal_pointer (&records) : NULL;
}

char *
cw_run_db_dup_evaluation (CwRunDb *db)
{
  return query_text (db, "SELECT json FROM evaluations ORDER BY id DESC LIMIT 1", NULL);
}

static void
kept_evaluation_free (gpointer data)
{
  CwKeptEvaluation *kept = data;

  g_free (kept->json);
  g_free (kept);
}

GPtrArray *
cw_run_db_list_evaluations (CwRunDb *db, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (kept_evaluation_free);
  sqlite3_stmt *statement
      = prepare (db, "SELECT step, json FROM evaluations WHERE json IS NOT NULL ORDER BY id", error);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      CwKeptEvaluation *kept = g_new (CwKeptEvaluation, 1);

      kept->step = (guint64) sqlite3_column_int64 (statement, 0);
      kept->json = g_strdup ((const char *) sqlite3_column_text (statement, 1));
      g_ptr_array_add (list, kept);
    }
  if (code != SQLITE_DONE)
    fail (db, error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE ? g_steal_pointer (&list) : NULL;
}

GPtrArray *
cw_run_db_list_events (CwRunDb *db)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement
      = prepare (db, "SELECT step || ' ' || kind || ' ' || message FROM events ORDER BY id", NULL);

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (lines, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return lines;
}

GPtrArray *
cw_run_db_list_rejected (CwRunDb *db, guint n)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement
      = prepare (db,
                 "SELECT message FROM (SELECT id, message FROM events WHERE kind = 'rejected' "
                 "ORDER BY id DESC LIMIT ?) ORDER BY id",
                 NULL);

  if (statement == NULL)
    return lines;
  sqlite3_bind_int64 (statement, 1, n);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (lines, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return lines;
}

GArray *
cw_run_db_load_flags (CwRunDb *db)
{
  GArray *flags = g_array_new (FALSE, FALSE, sizeof (CwHealthFlag));
  sqlite3_stmt *statement = prepare (
      db, "SELECT step, message FROM events WHERE kind = 'health' ORDER BY id", NULL);

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *message = (const char *) sqlite3_column_text (statement, 1);
      CwHealthFlag flag = { .step = (guint64) sqlite3_column_int64 (statement, 0) };
      g_auto (GStrv) words = g_strsplit_set (message != NULL ? message : "", " :", 3);

      /* One that this version does not know is passed over. */
      if (g_strv_length (words) == 3 && cw_health_parse (words[0], words[1], &flag))
        g_array_append_val (flags, flag);
    }
  sqlite3_finalize (statement);
  return flags;
}

guint64
cw_run_db_count_steps (CwRunDb *db)
{
  /* Steps are there from 0 and without gaps; the last is found through the key, without a scan. */
  g_autofree char *count = query_text (db, "SELECT ifnull (max (step) + 1, 0) FROM metrics", NULL);

  return count != NULL ? g_ascii_strtoull (count, NULL, 10) : 0;
}
