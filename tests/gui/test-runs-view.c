/* SPDX-License-Identifier: MIT */
#include "widgets/cwb-chart.h"
#include "widgets/cwb-runs-view.h"
#include "widgets/cwb-score-table.h"

#include "cw-test-runs.h"
#include "cw-test.h"
#include "cwb-gui-test.h"
#include "cwb-screenshot.h"

#include <glib/gstdio.h>
#include <string.h>

/* Runs side by side, from the Evaluate page. */

#define N_RUNS 5
#define N_STEPS 800

static const struct
{
  const char *name, *sets[3];
  double accuracy;
} runs[N_RUNS] = {
  { "simclr seed 1", { "experiment.seed=1", "objective.negative=none" }, 0.52 },
  { "simclr seed 2", { "experiment.seed=2", "objective.negative=none" }, 0.54 },
  { "warp <1> & a name that is a good deal longer than any label of a list has room for, or a table",
    { "experiment.seed=1" },
    0.55 },
  { "warp 2", { "experiment.seed=2" }, 0.572 },
  { "byol", { "experiment.seed=1", "objective.type=byol" }, 0.4 },
};

static char *runs_folder, *pictures;

/* (transfer full) */
static char *
dup_folder (int run)
{
  return g_build_filename (runs_folder, runs[run].name, NULL);
}

static gboolean
is_at_rest (gpointer view)
{
  return !cwb_runs_view_get_busy (view);
}

static void
wait (CwbRunsView *view)
{
  cwb_gui_test_wait ("the runs", is_at_rest, view);
}

static CwbRunsView *
open_view (CwbWindow *window)
{
  GtkWidget *page;

  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (GTK_WIDGET (window), g_type_from_name ("CwbEvaluatePage"));
  return cwb_gui_test_open_window (page, "evaluate.compare-runs", CWB_TYPE_RUNS_VIEW);
}

static void
choose (CwbRunsView *view, int run, gboolean chosen)
{
  g_autofree char *folder = dup_folder (run);

  cwb_runs_view_choose (view, folder, chosen);
}

static guint
count_rows (CwbRunsView *view)
{
  GtkListBox *list = cwb_gui_test_find (GTK_WIDGET (view), GTK_TYPE_LIST_BOX);
  guint n = 0;

  for (int i = 0; gtk_list_box_get_row_at_index (list, i) != NULL; i++)
    n += gtk_widget_get_child_visible (GTK_WIDGET (gtk_list_box_get_row_at_index (list, i))) ? 1 : 0;
  return n;
}

static void
on_text (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_there (gpointer data)
{
  return *(char **) data != NULL;
}

/* (transfer full) */
static char *
copy_tables (CwbRunsView *view)
{
  char *text = NULL;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (view), "runs.copy", NULL));
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (view)), NULL, on_text, &text);
  cwb_gui_test_wait ("the clipboard", is_there, &text);
  return text;
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("'%s' is not in:\n%s", part, text);
}

static void
test_compare (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  const CwComparison *comparison;
  g_autofree char *text = NULL;
  g_autofree char *single = NULL;

  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS);
  g_assert_null (cwb_runs_view_get_comparison (view));

  /* One run: what it keeps. */
  choose (view, 0, TRUE);
  wait (view);
  single = copy_tables (view);
  assert_has (single, "Linear probe, accuracy\t52.0 %\t50.0 %\t–");
  g_assert_null (strstr (single, "Settings That Differ"));

  for (int r = 1; r < 4; r++)
    choose (view, r, TRUE);
  wait (view);
  comparison = cwb_runs_view_get_comparison (view);
  g_assert_cmpuint (comparison->n_conditions, ==, 2);
  text = copy_tables (view);
  assert_has (text, "objective.negative\tnone\tnce");
  /* 0.03 and 0.032. */
  assert_has (text, "Linear probe, accuracy\t53.0 ± 1.4 %\t56.1 ± 1.6 %\t+3.1 [+1.8 … +4.4]\t50.0 %\t–");
  assert_has (text, "Majority class\t25.0 %");

  choose (view, 2, FALSE);
  choose (view, 3, FALSE);
  choose (view, 1, FALSE);
  choose (view, 0, FALSE);
  wait (view);
  g_assert_null (cwb_runs_view_get_comparison (view));
  g_assert_null (cwb_gui_test_find (GTK_WIDGET (view), CWB_TYPE_SCORE_TABLE));
  cwb_gui_test_close (window);
}

/* A curve for each run; single steps are up and down, the means of four are not. */
static void
test_curves (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  GtkDropDown *measure = cwb_gui_test_find (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN);
  CwbChart *chart = cwb_gui_test_find (GTK_WIDGET (view), CWB_TYPE_CHART);
  const CwbSeries *series;

  wait (view);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (chart)));
  choose (view, 1, TRUE);
  choose (view, 4, TRUE);
  wait (view);
  g_assert_cmpuint (cwb_chart_get_model (chart)->series->len, ==, 2);
  series = cwb_chart_get_model (chart)->series->pdata[1];
  g_assert_cmpstr (series->name, ==, "B: byol, seed 1");
  g_assert_cmpuint (series->y->len, ==, N_STEPS / 4);
  for (guint i = 0; i < series->y->len; i++)
    {
      g_assert_cmpfloat (g_array_index (series->x, double, i), ==, 4 * i + 3);
      g_assert_cmpfloat_with_epsilon (g_array_index (series->y, double, i),
                                      5 * (N_STEPS - 1 - 4 * i - 1.5) / (N_STEPS - 1), 1e-9);
    }
  gtk_drop_down_set_selected (measure, 1);
  series = cwb_chart_get_model (chart)->series->pdata[1];
  g_assert_cmpfloat (g_array_index (series->y, double, 0), ==, 0);
  choose (view, 1, FALSE);
  choose (view, 4, FALSE);
  wait (view);
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (chart)));
  cwb_gui_test_close (window);
}

static void
test_search (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  GtkEditable *search;

  wait (view);
  search = cwb_gui_test_find (GTK_WIDGET (view), GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (search, "WARP");
  g_signal_emit_by_name (search, "search-changed");
  g_assert_cmpuint (count_rows (view), ==, 2);
  /* What is chosen stays so while it is not shown. */
  choose (view, 0, TRUE);
  wait (view);
  g_assert_nonnull (cwb_runs_view_get_comparison (view));
  cwb_gui_test_close (window);
}

/* From elsewhere; what is no run is listed with the reason, and not compared. */
static void
test_add (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  char *elsewhere = cw_test_make_folder ();
  g_autofree char *folder = g_build_filename (elsewhere, "other", NULL);
  static const char *const sets[] = { "experiment.seed=9", NULL };

  cw_test_make_run (folder, sets);
  wait (view);
  cwb_runs_view_add (view, folder);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 1);
  g_assert_cmpuint (cwb_runs_view_get_comparison (view)->n_runs, ==, 1);
  cwb_runs_view_add (view, folder);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 1);
  cwb_runs_view_add (view, elsewhere);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 2);
  g_assert_cmpuint (cwb_runs_view_get_comparison (view)->n_runs, ==, 1);
  cwb_gui_test_close (window);
  cw_test_remove_folder (elsewhere);
}

/* A run that is broken after it was listed. */
static void
test_broken (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  g_autofree char *folder = g_build_filename (runs_folder, "doomed", NULL);
  static const char *const sets[] = { NULL };

  wait (view);
  cw_test_make_run (folder, sets);
  cwb_runs_view_add (view, folder);
  wait (view);
  g_assert_nonnull (cwb_runs_view_get_comparison (view));
  cw_test_remove_folder (g_strdup (folder));
  choose (view, 0, TRUE);
  wait (view);
  g_assert_null (cwb_runs_view_get_comparison (view));
  choose (view, 4, FALSE);
  cwb_runs_view_choose (view, folder, FALSE);
  wait (view);
  g_assert_nonnull (cwb_runs_view_get_comparison (view));
  cwb_gui_test_close (window);
}

/* What happens elsewhere shows when the window is looked at again; asked for twice, it is the same window. */
static void
test_again (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  GtkWidget *page = cwb_gui_test_find (GTK_WIDGET (window), g_type_from_name ("CwbEvaluatePage"));
  g_autofree char *folder = g_build_filename (runs_folder, "later", NULL);
  static const char *const sets[] = { "experiment.seed=5", NULL };
  const CwComparison *before;
  guint n;

  wait (view);
  n = count_rows (view);
  choose (view, 0, TRUE);
  wait (view);
  before = cwb_runs_view_get_comparison (view);
  cw_test_make_run (folder, sets);
  cw_test_keep_accuracy (folder, 10, 0.3, "");
  cwb_runs_view_reload (view);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, n + 1);
  /* Of that nothing has changed. */
  g_assert_true (cwb_runs_view_get_comparison (view) == before);
  cwb_runs_view_choose (view, folder, TRUE);
  wait (view);
  cw_test_keep_accuracy (folder, 20, 0.4, "");
  cwb_runs_view_reload (view);
  wait (view);
  g_assert_cmpint (((CwComparedEvaluation *) cwb_runs_view_get_comparison (view)->evaluations->pdata[0])->steps[1],
                   ==, 20);
  g_assert_true (gtk_widget_activate_action (page, "evaluate.compare-runs", NULL));
  g_assert_true (cwb_gui_test_find_anywhere (CWB_TYPE_RUNS_VIEW) == view);
  cwb_gui_test_close (window);
  cw_test_remove_folder (g_strdup (folder));
}

/* ---- pictures ---- */

static void
save (CwbRunsView *view, const char *name)
{
  g_autofree char *path = g_build_filename (pictures, name, NULL);

  cwb_gui_test_run_for (300);
  cwb_screenshot_save (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (view))), 1, path);
}

static void
test_pictures (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  GtkWindow *own = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view)));

  wait (view);
  save (view, "runs-none.png");
  for (int r = 0; r < N_RUNS; r++)
    choose (view, r, TRUE);
  wait (view);
  gtk_window_set_default_size (own, 1000, 1300);
  save (view, "runs-light.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_window_set_default_size (own, 400, 700);
  save (view, "runs-narrow-dark.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
  cwb_gui_test_close (window);
}

int
main (int argc, char **argv)
{
  char *data = g_dir_make_tmp ("contrawarp-test-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  cwb_gui_test_init (&argc, &argv);
  pictures = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "screenshots", NULL);
  g_mkdir_with_parents (pictures, 0755);
  runs_folder = g_build_filename (data, "contrawarp", "runs", NULL);
  g_mkdir_with_parents (runs_folder, 0755);
  for (int r = 0; r < N_RUNS; r++)
    {
      g_autofree char *folder = dup_folder (r);

      cw_test_make_run (folder, runs[r].sets);
      cw_test_keep_accuracy (folder, 100, runs[r].accuracy, "");
      cw_test_add_steps (folder, N_STEPS, r + 1);
    }
  g_test_add_func ("/cwb/runs/compare", test_compare);
  g_test_add_func ("/cwb/runs/curves", test_curves);
  g_test_add_func ("/cwb/runs/search", test_search);
  g_test_add_func ("/cwb/runs/add", test_add);
  g_test_add_func ("/cwb/runs/broken", test_broken);
  g_test_add_func ("/cwb/runs/again", test_again);
  g_test_add_func ("/cwb/runs/pictures", test_pictures);
  status = g_test_run ();
  cw_test_remove_folder (data);
  g_free (runs_folder);
  g_free (pictures);
  return status;
}
