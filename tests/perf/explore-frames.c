/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-explore-frames"

/* The Explore page while a slider of the warp is dragged: how long the main thread is busy for each frame, and
 * how far what is shown lags behind the slider. Busy is all time between two looks for events, so that nothing
 * the thread does is left out. Needs a display; ends with 77 (skipped) where there is none. */

#include "cwb-gui-test.h"

#include "cw-test.h"
#include "pages/cwb-explore-page.h"
#include "pages/cwb-train-page.h"
#include "widgets/cwb-param-field.h"

#include <contrawarp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TICK_MS 16
/* A sweep of the slider from one end to the other and back. */
#define TICKS_OF_SWEEP 240

static int side = 512, seconds = 10;
static gboolean train;
static char *overlay, *comparison;

typedef struct
{
  double busy, cpu; /* ms */
  gboolean renewed; /* the frame showed new views */
} Cost;

/* Of the main thread. */
typedef struct
{
  gint64 begun; /* when it last came back from waiting, us */
  double busy;  /* ms before that */
  Cost framed;  /* when the last frame ended */
  GArray *pieces; /* of double: ms from one wait to the next */
  GArray *frames; /* of Cost */
} Meter;

static Meter meter;

typedef struct
{
  double value;
  gint64 at; /* us */
} Move;

typedef struct
{
  CwbSession *session;
  CwbExplorePage *page;
  const CwParamSpec *spec;
  GtkRange *range;
  GArray *moves; /* of Move: what the slider said, tick by tick */
  GArray *lags;  /* of double: for how long it has said something else than is shown, ms */
  double shown;   /* at the last tick */
  double painted; /* with the last frame */
  int n_renders;
} Drag;

/* ---- measuring ---- */

static gint
poll_and_note (GPollFD *fds, guint n, gint timeout)
{
  double ms = (double) (g_get_monotonic_time () - meter.begun) / 1000;
  gint ready;

  meter.busy += ms;
  g_array_append_val (meter.pieces, ms);
  ready = g_poll (fds, n, timeout);
  meter.begun = g_get_monotonic_time ();
  return ready;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
report (const char *name, GArray *values)
{
  guint n = values->len;
  const double *v;

  if (n == 0)
    return;
  g_array_sort (values, compare);
  v = &g_array_index (values, double, 0);
  printf ("%-34s p50 %6.1f   p99 %6.1f   max %6.1f ms   (%u)\n", name, v[n / 2],
          v[n * 99 / 100], v[n - 1], n);
}

/* Of all, or of those that showed new views. */
static void
report_frames (gboolean renewed)
{
  g_autoptr (GArray) busy = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) cpu = g_array_new (FALSE, FALSE, sizeof (double));

  /* The first has what was before. */
  for (guint i = 1; i < meter.frames->len; i++)
    {
      const Cost *cost = &g_array_index (meter.frames, Cost, i);

      if (renewed && !cost->renewed)
        continue;
      g_array_append_val (busy, cost->busy);
      g_array_append_val (cpu, cost->cpu);
    }
  report (renewed ? "main thread busy, with new views" : "main thread busy, a frame", busy);
  report ("  processor time of it", cpu);
}

/* ---- the page ---- */

static gboolean
is_idle (gpointer page)
{
  return !cwb_explore_page_get_busy (page);
}

static gboolean
is_running (gpointer session)
{
  CwRun *run = cwb_session_get_run (session);

  return run != NULL && cw_run_get_step (run) > 2;
}

static void
set (CwbSession *session, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  if (!cw_experiment_set (cwb_session_get_experiment (session), key, value, &error))
    g_error ("%s", error->message);
}

/* A run that lasts longer than the measurement. */
static void
start_training (CwbWindow *window, CwbSession *session)
{
  set (session, "view.size", "64");
  set (session, "schedule.batch", "32");
  set (session, "schedule.epochs", "1000");
  cwb_session_experiment_changed (session);
  cwb_gui_test_show_page (window, "train");
  gtk_widget_activate_action (cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE),
                              "train.start", NULL);
  cwb_gui_test_wait ("the run", is_running, session);
}

static GtkWidget *
find_control (GtkWidget *root, const char *name)
{
  if (g_str_equal (gtk_widget_get_name (root), name))
    return cwb_param_field_get_control (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *control = find_control (child, name);

      if (control != NULL)
        return control;
    }
  return NULL;
}

static double
read_value (const Drag *drag, const CwViews *views)
{
  return cw_params_get_number (drag->spec, views->warp_params);
}

static void
on_frame (GdkFrameClock *clock, Drag *drag)
{
  double shown = read_value (drag, cwb_explore_page_get_exploration (drag->page)->scene->views);
  struct timespec used;
  Cost now, cost;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &used);
  now.cpu = 1e3 * (double) used.tv_sec + 1e-6 * (double) used.tv_nsec;
  now.busy = meter.busy + (double) (g_get_monotonic_time () - meter.begun) / 1000;
  now.renewed = shown != drag->painted;
  cost = (Cost){ now.busy - meter.framed.busy, now.cpu - meter.framed.cpu, now.renewed };
  meter.framed = now;
  drag->painted = shown;
  g_array_append_val (meter.frames, cost);
}

/* When the slider went on from what is shown. */
static gint64
find_departure (const Drag *drag, double shown, gint64 now)
{
  gint64 at = now;

  for (guint i = drag->moves->len; i > 0; i--)
    {
      const Move *move = &g_array_index (drag->moves, Move, i - 1);

      if (move->value == shown)
        break;
      at = move->at;
    }
  return at;
}

static gboolean
tick (gpointer data)
{
  Drag *drag = data;
  guint at = drag->moves->len % TICKS_OF_SWEEP, half = TICKS_OF_SWEEP / 2;
  double share = (double) (at < half ? at : TICKS_OF_SWEEP - at) / half;
  double shown = read_value (drag, cwb_explore_page_get_exploration (drag->page)->scene->views);
  gint64 now = g_get_monotonic_time ();
  double lag = (double) (now - find_departure (drag, shown, now)) / 1000;
  Move move = { .at = now };

  g_array_append_val (drag->lags, lag);
  drag->n_renders += shown != drag->shown;
  drag->shown = shown;
  gtk_range_set_value (drag->range, drag->spec->min + (drag->spec->max - drag->spec->min) * share);
  move.value = read_value (drag, cwb_session_get_experiment (drag->session)->recipe->views);
  g_array_append_val (drag->moves, move);
  return G_SOURCE_CONTINUE;
}

static void
drag_slider (CwbWindow *window, Drag *drag)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  gulong handler;
  guint timer;

  g_array_set_size (meter.pieces, 0);
  meter.begun = g_get_monotonic_time ();
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_frame), drag);
  timer = g_timeout_add (TICK_MS, tick, drag);
  cwb_gui_test_run_for (1000 * seconds);
  g_source_remove (timer);
  g_signal_handler_disconnect (clock, handler);
  report_frames (FALSE);
  report_frames (TRUE);
  report ("from one wait for events to the next", meter.pieces);
  report ("shown state behind the slider", drag->lags);
  printf ("%d renders of %u values of the slider\n", drag->n_renders, drag->moves->len);
}

static void
measure (CwbWindow *window, const char *location)
{
  CwbSession *session = cwb_window_get_session (window);
  Drag drag = { .session = session };
  g_autofree char *size = g_strdup_printf ("%d", side);
  g_autoptr (GArray) moves = g_array_new (FALSE, FALSE, sizeof (Move));
  g_autoptr (GArray) lags = g_array_new (FALSE, FALSE, sizeof (double));

  cwb_gui_test_open (window, location);
  if (overlay == NULL)
    overlay = g_strdup ("arrows");
  if (comparison == NULL)
    comparison = g_strdup ("none");
  if (train)
    start_training (window, session);
  set (session, "view.size", size);
  cwb_session_experiment_changed (session);
  cwb_gui_test_show_page (window, "explore");
  drag.page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EXPLORE_PAGE);
  g_object_set (drag.page, "overlay", overlay, "compare", comparison, NULL);
  cwb_gui_test_wait ("the views", is_idle, drag.page);
  drag.range = GTK_RANGE (find_control (GTK_WIDGET (drag.page), "warp.magnitude-max"));
  drag.spec = cw_params_find (
      cwb_session_get_experiment (session)->recipe->views->warp->base.params, "magnitude-max");
  drag.moves = moves;
  drag.lags = lags;
  printf ("views of %d px, %s, comparison: %s, %s\n", side, overlay, comparison, train ? "beside a training" : "nothing else");
  drag_slider (window, &drag);
  if (train)
    cw_run_stop (cwb_session_get_run (session));
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "side", 0, 0, G_OPTION_ARG_INT, &side, "Pixels of a view (default: 512)", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long to drag (default: 10)", "N" },
    { "overlay", 0, 0, G_OPTION_ARG_STRING, &overlay, "Default: arrows", "NAME" },
    { "compare", 0, 0, G_OPTION_ARG_STRING, &comparison, "Default: none", "NAME" },
    { "train", 0, 0, G_OPTION_ARG_NONE, &train, "With a training under way", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("LOCATION");
  g_autoptr (GError) error = NULL;
  char *folder = cw_test_make_folder ();
  CwbWindow *window;

  cw_background_enable ();
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || seconds < 1
      || seconds > 25)
    {
      fprintf (stderr, "explore-frames: %s\n", error != NULL ? error->message : "see --help");
      return 2;
    }
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  cwb_gui_test_init (&argc, &argv);
  meter.pieces = g_array_new (FALSE, FALSE, sizeof (double));
  meter.frames = g_array_new (FALSE, FALSE, sizeof (Cost));
  meter.begun = g_get_monotonic_time ();
  g_main_context_set_poll_func (NULL, poll_and_note);
  window = cwb_gui_test_window (1400, 900);
  measure (window, argv[1]);
  cwb_gui_test_close (window);
  g_array_unref (meter.pieces);
  g_array_unref (meter.frames);
  cw_test_remove_folder (folder);
  return 0;
}
