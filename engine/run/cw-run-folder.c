/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-run-private.h"

#include "base/cw-error.h"
#include "base/cw-paths.h"
#include "run/cw-checkpoint-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 6

char *
_cw_run_file (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* ---- making ---- */

static gboolean
fail (const char *what, const char *folder, int code, GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "cannot %s run folder %s: %s", what,
               folder, g_strerror (code));
  return FALSE;
}

/* What a run that has made no step has in its folder, besides its lock. */
static const char *const first_files[] = { "experiment.cwexp", "run.db-wal", "run.db-shm", "run.db" };

static gboolean
holds_first_files_only (const char *folder, gboolean *empty)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean known = dir != NULL;
  const char *name;

  *empty = TRUE;
  while (known && (name = g_dir_read_name (dir)) != NULL)
    {
      if (strcmp (name, "lock") == 0)
        continue;
      *empty = known = FALSE;
      for (size_t i = 0; i < G_N_ELEMENTS (first_files) && !known; i++)
        known = strcmp (name, first_files[i]) == 0;
    }
  return known;
}

static gboolean
failed_at_start (const char *folder)
{
  g_autoptr (CwRunDb) db = cw_run_db_open (folder, FALSE, NULL);
  g_autofree char *state = db != NULL ? cw_run_db_dup_info (db, "state") : NULL;
  guint64 step;

  return g_strcmp0 (state, cw_run_state_name (CW_RUN_FAILED)) == 0 && cw_run_db_count_steps (db) == 0
         && !cw_run_db_last_checkpoint (db, G_MAXUINT64, &step);
}

/* Free, too, is one whose run failed before its first step: once the cause is put right, the same command is
 * given again. */
static gboolean
check_free (const char *folder, GError **error)
{
  gboolean empty;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "run folder %s is a file; choose another one", folder);
      return FALSE;
    }
  if (holds_first_files_only (folder, &empty) && (empty || failed_at_start (folder)))
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               "run folder %s is not empty; choose another one, or resume the run in it", folder);
  return FALSE;
}

/* (transfer full): how many folders up to @folder are missing, the topmost first. */
static GPtrArray *
list_missing (const char *folder)
{
  GPtrArray *missing = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *at = g_strdup (folder);

  while (!g_file_test (at, G_FILE_TEST_EXISTS))
    {
      char *parent = g_path_get_dirname (at);

      g_ptr_array_insert (missing, 0, g_steal_pointer (&at));
      at = parent;
    }
  return missing;
}

static void
remove_files (const char *folder)
{
  for (size_t i = 0; i < G_N_ELEMENTS (first_files); i++)
    {
      g_autofree char *path = _cw_run_file (folder, first_files[i]);

      g_unlink (path);
    }
}

static gboolean
fill (const char *folder, const CwExperiment *frozen, GError **error)
{
  g_autofree char *path = _cw_run_file (folder, "experiment.cwexp");
  g_autofree char *created = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (CwRunDb) db = NULL;

  if (!cw_experiment_save (frozen, path, error))
    return FALSE;
  created = g_date_time_format_iso8601 (now);
  db = cw_run_db_open (folder, TRUE, error);
  return db != NULL && cw_run_db_set_info (db, "name", frozen->name, error)
         && cw_run_db_set_info (db, "created", created, error)
         && cw_run_db_set_info (db, "state", cw_run_state_name (CW_RUN_NEW), error);
}

/* Under the lock: of two that make a run in one folder, the second is refused. */
static gboolean
fill_free (const char *folder, const CwExperiment *frozen, GError **error)
{
  g_autofree char *lock = _cw_run_file (folder, "lock");
  int fd = _cw_run_folder_lock (folder, error);
  gboolean ok;

  if (fd < 0)
    return FALSE;
  ok = check_free (folder, error);
  if (ok)
    {
      remove_files (folder);
      ok = fill (folder, frozen, error);
      if (!ok)
        {
          remove_files (folder);
          g_unlink (lock);
        }
    }
  close (fd);
  return ok;
}

gboolean
_cw_run_folder_make (const char *folder, const CwExperiment *frozen, GError **error)
{
  g_autoptr (GPtrArray) missing = NULL;

  if (!check_free (folder, error))
    return FALSE;
  missing = list_missing (folder);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    fail ("make", folder, errno, error);
  else if (fill_free (folder, frozen, error))
    return TRUE;
  for (guint i = missing->len; i > 0; i--)
    g_rmdir (missing->pdata[i - 1]);
  return FALSE;
}

gboolean
_cw_run_folder_empty (const char *folder)
{
  g_autofree char *lock = _cw_run_file (folder, "lock");
  int fd = _cw_run_folder_lock (folder, NULL);
  gboolean empty, ok;

  if (fd < 0)
    return FALSE;
  ok = holds_first_files_only (folder, &empty) && !empty && failed_at_start (folder);
  if (ok)
    {
      remove_files (folder);
      g_unlink (lock);
    }
  close (fd);
  return ok;
}

/* ---- the lock ---- */

/* Locks of an open file description: they go with the process, hold against other objects in the
 * same process too, and can be asked about without being taken. */
static struct flock
whole_file (void)
{
  return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

static void
set_taken (const char *folder, int fd, GError **error)
{
  char text[32] = "";
  ssize_t n = pread (fd, text, sizeof text - 1, 0);

  text[MAX (n, 0)] = '\0';
  g_strdelimit (text, "\n", '\0');
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               "run folder %s: process %s trains in it; stop that one first", folder,
               *text != '\0' ? text : "of unknown number");
}

int
_cw_run_folder_lock (const char *folder, GError **error)
{
  g_autofree char *path = _cw_run_file (folder, "lock");
  g_autofree char *text = g_strdup_printf ("%d\n", (int) getpid ());
  struct flock lock = whole_file ();
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

  if (fd < 0)
    {
      fail ("write", folder, errno, error);
      return -1;
    }
  if (fcntl (fd, F_OFD_SETLK, &lock) != 0)
    {
      if (errno == EAGAIN || errno == EACCES)
        set_taken (folder, fd, error);
      else
        fail ("lock", folder, errno, error);
      close (fd);
      return -1;
    }
  /* Who holds it, for the message of the next one; nothing depends on it. */
  if (ftruncate (fd, 0) == 0 && pwrite (fd, text, strlen (text), 0) < 0)
    g_debug ("%s: %s", path, g_strerror (errno));
  return fd;
}

gboolean
_cw_run_folder_is_locked (const char *folder)
{
  g_autofree char *path = _cw_run_file (folder, "lock");
  struct flock lock = whole_file ();
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean locked;

  if (fd < 0)
    return FALSE;
  locked = fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close (fd);
  return locked;
}

/* ---- finding runs ---- */

typedef struct
{
  char *folder;
  gint64 made; /* ns */
} Found;

static void
found_clear (gpointer data)
{
  g_free (((Found *) data)->folder);
}

/* The experiment is written once, at the start. */
static gboolean
is_run (const char *folder, gint64 *made)
{
  g_autofree char *experiment = _cw_run_file (folder, "experiment.cwexp");
  g_autofree char *db = _cw_run_file (folder, "run.db");
  struct stat st;

  if (stat (experiment, &st) != 0 || !g_file_test (db, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  *made = (gint64) st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
  return TRUE;
}

static void
find_runs (const char *folder, int depth, GArray *found)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  Found run;

  if (is_run (folder, &run.made))
    {
      run.folder = g_strdup (folder);
      g_array_append_val (found, run);
      return;
    }
  dir = depth < MAX_DEPTH ? g_dir_open (folder, 0, NULL) : NULL;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (folder, name, NULL);

      if (*name != '.' && g_file_test (child, G_FILE_TEST_IS_DIR)
          && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        find_runs (child, depth + 1, found);
    }
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *x = a, *y = b;

  if (x->made != y->made)
    return x->made > y->made ? -1 : 1;
  return strcmp (x->folder, y->folder);
}

char **
cw_run_list (const char *folder)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  GPtrArray *names = g_ptr_array_new ();

  g_array_set_clear_func (found, found_clear);
  find_runs (folder, 0, found);
  g_array_sort (found, compare_found);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (names, g_strdup (g_array_index (found, Found, i).folder));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

char **
cw_run_expand (const char *const *folders, guint n)
{
  g_autoptr (GStrvBuilder) runs = g_strv_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) below = cw_run_list (folders[i]);
      guint n_below = g_strv_length (below);

      /* The run itself, or none: then whoever opens it says why. */
      if (n_below == 0 || (n_below == 1 && strcmp (below[0], folders[i]) == 0))
        {
          g_strv_builder_add (runs, folders[i]);
          continue;
        }
      qsort (below, n_below, sizeof *below, cw_paths_compare);
      g_strv_builder_addv (runs, (const char **) below);
    }
  return g_strv_builder_end (runs);
}
