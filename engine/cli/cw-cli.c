/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

gboolean
cw_cli_parse (const CwCommand *command, const char *details, const GOptionEntry *entries,
              int *argc, char ***argv, int min, int max, int *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = g_strdup_printf ("%s.", command->summary);
  g_autofree char *program = g_strdup_printf ("contrawarp %s", command->name);
  int n;

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, details);
  g_option_context_add_main_entries (context, entries, NULL);
  g_set_prgname (program);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      *status = cw_cli_usage ("%s", error->message);
      return FALSE;
    }
  /* GOption leaves a "--" that ended the options where it stood. */
  if (*argc > 1 && strcmp ((*argv)[1], "--") == 0)
    {
      (*argv)[1] = (*argv)[0];
      (*argv)++;
      (*argc)--;
    }
  n = *argc - 1;
  if (n < min || (max >= 0 && n > max))
    {
      *status = cw_cli_usage ("%s: expected %s", n < min ? "too few arguments" : "too many arguments",
                              command->arguments);
      return FALSE;
    }
  return TRUE;
}

int
cw_cli_fail (const GError *error)
{
  cw_cli_job_done ();
  if (error->domain == G_OPTION_ERROR)
    return cw_cli_usage ("%s", error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      fprintf (stderr, "contrawarp: interrupted\n");
      return CW_CLI_INTERRUPTED;
    }
  fprintf (stderr, "contrawarp: %s\n", error->message);
  return CW_CLI_FAILED;
}

int
cw_cli_usage (const char *format, ...)
{
  va_list args;

  fprintf (stderr, "contrawarp: ");
  va_start (args, format);
  vfprintf (stderr, format, args);
  va_end (args);
  fprintf (stderr, "\nTry '%s --help'.\n", g_get_prgname ());
  return CW_CLI_USAGE;
}

/* ---- signals ---- */

/* What comes sooner after the first signal belongs to it: timeout(1) sends its own twice, and so does a
 * terminal that closes. */
#define SECOND_SIGNAL_USEC (G_USEC_PER_SEC / 2)

static int signal_pipe[2];

/* On whatever thread: those of OpenBLAS are there before main() and block nothing. */
static void
take_signal (int number)
{
  static _Atomic gint64 first;
  gint64 now = g_get_monotonic_time (), none = 0;
  int code = errno;

  if (atomic_compare_exchange_strong (&first, &none, now))
    {
      if (write (signal_pipe[1], "", 1) != 1)
        _exit (CW_CLI_INTERRUPTED);
    }
  else if (number != SIGHUP && now - none > SECOND_SIGNAL_USEC)
    _exit (CW_CLI_INTERRUPTED);
  errno = code;
}

static gpointer
wait_for_signal (gpointer cancellable)
{
  char byte;

  while (read (signal_pipe[0], &byte, 1) != 1)
    continue;
  /* Ctrl+C also ended the tee(1) that the messages go to; a checkpoint is written all the same. */
  signal (SIGPIPE, SIG_IGN);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
catch_signals (void)
{
  struct sigaction action = { .sa_handler = take_signal, .sa_flags = SA_RESTART }, before;

  sigemptyset (&action.sa_mask);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  /* nohup(1) ignores it. */
  if (sigaction (SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
    sigaction (SIGHUP, &action, NULL);
}

GCancellable *
cw_cli_get_cancellable (void)
{
  static GCancellable *cancellable;

  /* First called by main(). */
  if (cancellable == NULL)
    {
      g_autoptr (GError) error = NULL;

      cancellable = g_cancellable_new ();
      /* Without a pipe signals do what they do by default. */
      if (!g_unix_open_pipe (signal_pipe, FD_CLOEXEC, &error))
        {
          fprintf (stderr, "contrawarp: %s\n", error->message);
          return cancellable;
        }
      g_thread_unref (g_thread_new ("signals", wait_for_signal, cancellable));
      catch_signals ();
    }
  return cancellable;
}

/* ---- progress ---- */

static GMutex progress_lock;
static gint64 progress_time;
static gboolean progress_shown;

static void
show_progress (CwJob *job, double fraction, const char *what, gpointer user_data)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&progress_lock);
  if (now - progress_time > 100000)
    {
      progress_time = now;
      progress_shown = TRUE;
      if (fraction >= 0)
        fprintf (stderr, "\r\033[K%3.0f %%  %s", 100 * fraction, what != NULL ? what : "");
      else
        fprintf (stderr, "\r\033[K%s", what != NULL ? what : "");
      fflush (stderr);
    }
  g_mutex_unlock (&progress_lock);
}

CwJob *
cw_cli_job_new (void)
{
  return cw_job_new (cw_cli_get_cancellable (), isatty (STDERR_FILENO) ? show_progress : NULL, NULL,
                     NULL);
}

void
cw_cli_job_done (void)
{
  g_mutex_lock (&progress_lock);
  if (progress_shown)
    fprintf (stderr, "\r\033[K");
  progress_shown = FALSE;
  g_mutex_unlock (&progress_lock);
}

/* ---- JSON ---- */

void
cw_cli_print_json (JsonBuilder *builder)
{
  g_autofree char *text = cw_json_to_string (builder);

  printf ("%s\n", text);
}

/* ---- experiments ---- */

/* @set: "SECTION.KEY=VALUE" in the bytes of the command line. */
static gboolean
apply_set (CwExperiment *experiment, const char *set, GError **error)
{
  g_autofree char *text = g_utf8_make_valid (set, -1);
  const char *equals = strchr (text, '=');
  g_autofree char *key = equals != NULL ? g_strndup (text, (gsize) (equals - text)) : NULL;

  if (strcmp (text, set) != 0 || key == NULL || *key == '\0')
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--set %s: expected SECTION.KEY=VALUE, in UTF-8", text);
      return FALSE;
    }
  if (cw_experiment_set (experiment, key, equals + 1, error))
    return TRUE;
  g_prefix_error (error, "--set %s: ", text);
  return FALSE;
}

CwExperiment *
cw_cli_load_experiment (const char *what, char **parts, char **sets, GError **error)
{
  g_autoptr (CwExperiment) experiment = NULL;

  if (g_file_test (what, G_FILE_TEST_EXISTS) || strchr (what, G_DIR_SEPARATOR) != NULL
      || g_str_has_suffix (what, ".cwexp"))
    experiment = cw_experiment_load (what, error);
  else
    experiment = cw_experiment_load_preset (what, error);
  if (experiment == NULL)
    return NULL;

  for (int i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      if (!cw_experiment_apply_file (experiment, parts[i], error))
        return NULL;
    }
  for (int i = 0; sets != NULL && sets[i] != NULL; i++)
    {
      if (!apply_set (experiment, sets[i], error))
        return NULL;
    }
  return g_steal_pointer (&experiment);
}
