/* SPDX-License-Identifier: MIT */
#include "base/cw-error.h"
#include "cw-test.h"
#include "run/cw-run-db.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

typedef struct
{
  char *folder;
  CwRunDb *db;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = cw_test_make_folder ();
  fixture->db = cw_run_db_open (fixture->folder, TRUE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  cw_run_db_close (fixture->db);
  cw_test_remove_folder (fixture->folder);
}

static CwStepRecord
make_record (guint64 step)
{
  double k = (double) step;

  return (CwStepRecord){ .step = step,
                         .epoch = k / 7,
                         .loss = 1 / (1 + k),
                         .loss_positive = k + 0.1,
                         .loss_negative = (double) NAN,
                         .cos_positive = 0.3,
                         .cos_base = 0.4,
                         .cos_negative = -1.0 / 3,
                         .notices = (double) NAN,
                         .feature_std = 1e-300,
                         .projection_std = 0.125,
                         .feature_rank = step % 3 == 0 ? 7.5 : (double) NAN,
                         .projection_rank = 0.1 * k,
                         .dead_features = 1e-9,
                         .alignment = 1.5,
                         .uniformity = -2.25,
                         .warp_margin = -0.01,
                         .warp_auc = 0.75,
                         .weight_norm = 33 + k,
                         .grad_norm = 1e300,
                         .lr = 1e-3,
                         .momentum = 0.996,
                         .images_per_second = 123.25,
                         .wait_share = 0 };
}

static void
add_steps (CwRunDb *db, guint64 from, guint64 to)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (CwStepRecord));
  g_autoptr (GError) error = NULL;

  for (guint64 step = from; step < to; step++)
    {
      CwStepRecord record = make_record (step);

      g_array_append_val (records, record);
    }
  cw_run_db_add_steps (db, (CwStepRecord *) records->data, records->len, &error);
  g_assert_no_error (error);
}

static void
assert_same (double a, double b)
{
  g_assert_true (isnan (a) ? isnan (b) : memcmp (&a, &b, sizeof a) == 0);
}

static void
assert_same_record (const CwStepRecord *a, const CwStepRecord *b)
{
  g_assert_cmpuint (a->step, ==, b->step);
  for (size_t at = offsetof (CwStepRecord, epoch); at < sizeof *a; at += sizeof (double))
    assert_same (G_STRUCT_MEMBER (double, a, at), G_STRUCT_MEMBER (double, b, at));
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) records = NULL;
  CwStepRecord changed = make_record (4);

  g_assert_cmpuint (cw_run_db_count_steps (fixture->db), ==, 0);
  g_assert_true (cw_run_db_add_steps (fixture->db, NULL, 0, NULL));
  add_steps (fixture->db, 0, 10);
  g_assert_cmpuint (cw_run_db_count_steps (fixture->db), ==, 10);

  /* A step that comes again takes the place of the old one, missing values included. */
  changed.loss = 42;
  changed.grad_norm = (double) NAN;
  g_assert_true (cw_run_db_add_steps (fixture->db, &changed, 1, NULL));
  records = cw_run_db_load_steps (fixture->db, 2, NULL);
  g_assert_cmpuint (records->len, ==, 8);
  for (guint i = 0; i < records->len; i++)
    {
      CwStepRecord want = i == 2 ? changed : make_record (2 + i);

      assert_same_record (&g_array_index (records, CwStepRecord, i), &want);
    }
}

static void
test_rewind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  guint64 step = 0;

  add_steps (fixture->db, 0, 30);
  g_assert_false (cw_run_db_last_checkpoint (fixture->db, G_MAXUINT64, &step));
  for (guint64 at = 10; at <= 30; at += 10)
    {
      g_autofree char *text = g_strdup_printf ("{\"at\":%d}", (int) at);

      g_assert_true (cw_run_db_add_checkpoint (fixture->db, at, "checkpoints/x", &error));
      g_assert_true (cw_run_db_add_evaluation (fixture->db, at, text, &error));
    }
  g_assert_true (cw_run_db_last_checkpoint (fixture->db, G_MAXUINT64, &step));
  g_assert_cmpuint (step, ==, 30);
  g_assert_true (cw_run_db_last_checkpoint (fixture->db, 29, &step));
  g_assert_cmpuint (step, ==, 20);
  g_assert_false (cw_run_db_last_checkpoint (fixture->db, 9, &step));

  cw_run_db_rewind (fixture->db, 20, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cw_run_db_count_steps (fixture->db), ==, 20);
  g_assert_true (cw_run_db_last_checkpoint (fixture->db, G_MAXUINT64, &step));
  g_assert_cmpuint (step, ==, 20);
  json = cw_run_db_dup_evaluation (fixture->db);
  g_assert_cmpstr (json, ==, "{\"at\":20}");
  g_assert_true (cw_run_db_remove_checkpoint (fixture->db, 20, &error));
  g_assert_true (cw_run_db_last_checkpoint (fixture->db, G_MAXUINT64, &step));
  g_assert_cmpuint (step, ==, 10);
}

/* Flags are events; those of steps that are forgotten go with them. */
static void
test_flags (Fixture *fixture, gconstpointer data)
{
  const CwHealthFlag flags[] = { { 3, CW_HEALTH_WARNING, CW_CAUSE_NO_PREDICTOR },
                                 { 8, CW_HEALTH_WARNING, CW_CAUSE_WARP_NOT_NOTICED },
                                 { 9, CW_HEALTH_COLLAPSE, CW_CAUSE_NO_PREDICTOR } };
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GArray) none = cw_run_db_load_flags (fixture->db), all = NULL, left = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (flags); i++)
    g_assert_true (cw_run_db_add_flag (fixture->db, &flags[i], NULL));
  /* Of another version, and of another kind. */
  g_assert_true (cw_run_db_add_event (fixture->db, 9, "health", "warning comet: look up", NULL));
  g_assert_true (cw_run_db_add_event (fixture->db, 9, "rejected", "warning dimensions: x", NULL));
  all = cw_run_db_load_flags (fixture->db);
  g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (flags));
  for (guint i = 0; i < all->len; i++)
    {
      g_assert_cmpuint (g_array_index (all, CwHealthFlag, i).step, ==, flags[i].step);
      g_assert_cmpint (g_array_index (all, CwHealthFlag, i).level, ==, flags[i].level);
      g_assert_cmpint (g_array_index (all, CwHealthFlag, i).cause, ==, flags[i].cause);
    }
  events = cw_run_db_list_events (fixture->db);
  g_assert_true (g_str_has_prefix (events->pdata[2], "9 health collapse no-predictor: The "));
  g_assert_true (cw_run_db_rewind (fixture->db, 9, NULL));
  left = cw_run_db_load_flags (fixture->db);
  g_assert_cmpuint (left->len, ==, 2);
}

static void
test_info_and_events (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *schema = cw_run_db_dup_info (fixture->db, "schema");
  g_autofree char *state = NULL;

  g_assert_cmpstr (schema, ==, "1");
  g_assert_null (cw_run_db_dup_info (fixture->db, "state"));
  g_assert_null (cw_run_db_dup_evaluation (fixture->db));
  g_assert_true (cw_run_db_set_info (fixture->db, "state", "running", NULL));
  g_assert_true (cw_run_db_set_info (fixture->db, "state", "it's \"done\"", NULL));
  state = cw_run_db_dup_info (fixture->db, "state");
  g_assert_cmpstr (state, ==, "it's \"done\"");
  g_assert_true (cw_run_db_add_event (fixture->db, 0, "started", "small, 2 threads", NULL));
  g_assert_true (cw_run_db_add_event (fixture->db, 12, "rejected", "a.png: cut short", NULL));
  events = cw_run_db_list_events (fixture->db);
  g_assert_cmpuint (events->len, ==, 2);
  g_assert_cmpstr (events->pdata[0], ==, "0 started small, 2 threads");
  g_assert_cmpstr (events->pdata[1], ==, "12 rejected a.png: cut short");
}

/* Somebody else looks on while the run writes, and what is committed survives its death. */
static void
test_reader (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRunDb) reader = NULL;

  add_steps (fixture->db, 0, 5);
  reader = cw_run_db_open (fixture->folder, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cw_run_db_count_steps (reader), ==, 5);
  add_steps (fixture->db, 5, 9);
  g_assert_cmpuint (cw_run_db_count_steps (reader), ==, 9);
  g_assert_false (cw_run_db_set_info (reader, "state", "x", &error));
  g_assert_nonnull (strstr (error->message, "run.db"));
}

/* The database and its WAL as they lie there while it is open are what a killed process leaves. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (fixture->folder, "copy", NULL);
  static const char *const names[] = { "run.db", "run.db-wal" };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRunDb) db = NULL;

  add_steps (fixture->db, 0, 50);
  g_assert_cmpint (g_mkdir (copy, 0700), ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = g_build_filename (fixture->folder, names[i], NULL);
      g_autofree char *to = g_build_filename (copy, names[i], NULL);
      g_autofree char *bytes = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (from, &bytes, &size, NULL));
      g_assert_true (g_file_set_contents (to, bytes, (gssize) size, NULL));
    }
  db = cw_run_db_open (copy, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cw_run_db_count_steps (db), ==, 50);
}

static void
assert_refused (const char *folder, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cw_run_db_open (folder, FALSE, &error));
  g_assert_error (error, CW_ERROR, code);
  g_assert_nonnull (strstr (error->message, "run.db"));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autofree char *path = g_build_filename (other, "run.db", NULL);
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  assert_refused (other, CW_ERROR_NOT_FOUND);
  g_assert_null (cw_run_db_open ("/proc/nowhere", TRUE, &error));
  g_assert_nonnull (strstr (error->message, "/proc/nowhere/run.db"));

  g_assert_true (g_file_set_contents (path, "this is no database, just some text", -1, NULL));
  assert_refused (other, CW_ERROR_CORRUPT_FILE);
  g_unlink (path);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db,
                                 "CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT);"
                                 "INSERT INTO info VALUES ('schema', '99')",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  sqlite3_close (db);
  assert_refused (other, CW_ERROR_UNSUPPORTED_FORMAT);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/run-db/steps", test_steps);
  ADD ("/run-db/rewind", test_rewind);
  ADD ("/run-db/info-and-events", test_info_and_events);
  ADD ("/run-db/flags", test_flags);
  ADD ("/run-db/reader", test_reader);
  ADD ("/run-db/killed", test_killed);
  ADD ("/run-db/refused", test_refused);
  return g_test_run ();
}
