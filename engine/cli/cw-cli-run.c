/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-cli-run.h"

#include "cli/cw-cli.h"

#include <stdio.h>
#include <unistd.h>

static gboolean
show_last_step (gpointer data)
{
  CwRun *run = data;
  guint64 step = cw_run_get_step (run), total = cw_run_get_total_steps (run);
  g_autoptr (GArray) records = cw_run_dup_records (run, 0);
  const CwStepRecord *r;
  double left = cw_run_get_seconds_left (run);

  if (records->len == 0 || total == 0)
    return G_SOURCE_CONTINUE;
  r = &g_array_index (records, CwStepRecord, records->len - 1);
  fprintf (stderr,
           "\r\033[Kstep %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
           "  loss %.4f  cos+ %.3f  cos- %.3f  %.0f images/s",
           step, total, r->loss, r->cos_positive, r->cos_negative, r->images_per_second);
  if (left >= 0)
    fprintf (stderr, "  %d:%02d left", (int) left / 60, (int) left % 60);
  fflush (stderr);
  return G_SOURCE_CONTINUE;
}

typedef struct
{
  guint n_told; /* flags; a resumed run has told its first ones already */
  gboolean skipped; /* told */
  gboolean live; /* a line is rewritten in place */
} Teller;

static void
tell_skipped (CwRun *run, Teller *teller)
{
  guint64 step;
  g_autofree char *why = cw_run_dup_skipped (run, &step);

  if (why == NULL || teller->skipped)
    return;
  teller->skipped = TRUE;
  fprintf (stderr,
           "%scontrawarp: goes on from step %" G_GUINT64_FORMAT
           ", not from the last checkpoint: %s\n",
           teller->live ? "\r\033[K" : "", step, why);
}

/* At the end, when their number is known. */
static void
tell_unreadable (CwRun *run)
{
  guint n = cw_run_get_n_unreadable (run);

  if (n > 0)
    fprintf (stderr,
             "contrawarp: %u of %u pictures could not be read; "
             "'contrawarp run show %s' lists them\n",
             n, cw_run_get_n_pictures (run), cw_run_get_folder (run));
}

/* What a diverged run is flagged with is in its error. */
static void
tell_news (CwRun *run, Teller *teller)
{
  g_autoptr (GArray) flags = cw_run_dup_flags (run);

  tell_skipped (run, teller);
  if (cw_run_get_state (run) == CW_RUN_FAILED)
    return;
  for (; teller->n_told < flags->len; teller->n_told++)
    {
      const CwHealthFlag *flag = &g_array_index (flags, CwHealthFlag, teller->n_told);

      fprintf (stderr, "%scontrawarp: step %" G_GUINT64_FORMAT ": %s (%s, %s)\n",
               teller->live ? "\r\033[K" : "", flag->step, cw_health_flag_text (flag),
               cw_health_level_name (flag->level), cw_health_cause_name (flag->cause));
    }
}

static void
stop (GCancellable *cancellable, gpointer run)
{
  cw_run_stop (run);
}

typedef struct
{
  CwRun *run;
  GMainLoop *loop;
} Waiter;

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static gpointer
wait_for_end (gpointer data)
{
  Waiter *waiter = data;

  cw_run_wait (waiter->run);
  /* From within the loop: a run may end before the loop begins. */
  g_idle_add (quit, waiter->loop);
  return NULL;
}

gboolean
cw_cli_run_to_end (CwRun *run, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Waiter waiter = { run, loop };
  Teller teller = { .live = isatty (STDERR_FILENO) };
  g_autoptr (GArray) told = cw_run_dup_flags (run);
  g_autofree char *message = NULL;
  gulong handler, steps;
  GThread *thread;
  guint timer = 0;

  teller.n_told = told->len;
  steps = g_signal_connect (run, "steps", G_CALLBACK (tell_news), &teller);
  if (!cw_run_start (run, error))
    {
      g_signal_handler_disconnect (run, steps);
      return FALSE;
    }
  if (teller.live)
    timer = g_timeout_add (500, show_last_step, run);
  handler = g_cancellable_connect (cw_cli_get_cancellable (), G_CALLBACK (stop), run, NULL);
  thread = g_thread_new ("waiter", wait_for_end, &waiter);
  g_main_loop_run (loop);
  g_thread_join (thread);
  g_cancellable_disconnect (cw_cli_get_cancellable (), handler);
  if (timer != 0)
    {
      g_source_remove (timer);
      fprintf (stderr, "\r\033[K");
    }
  g_signal_handler_disconnect (run, steps);
  tell_news (run, &teller);
  tell_unreadable (run);

  message = cw_run_dup_error (run);
  if (message != NULL)
    {
      g_set_error_literal (error, CW_ERROR, CW_ERROR_DIVERGED, message);
      return FALSE;
    }
  if (cw_run_get_state (run) == CW_RUN_STOPPED)
    return !g_cancellable_set_error_if_cancelled (cw_cli_get_cancellable (), error);
  return TRUE;
}
