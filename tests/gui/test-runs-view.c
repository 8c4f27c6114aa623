/* SPDX-License-Identifier: MIT */
#include "pages/cwb-train-page.h"
#include "util/cwb-settings.h"
#include "widgets/cwb-chart.h"
#include "widgets/cwb-curves-view.h"
#include "widgets/cwb-runs-view.h"
#include "widgets/cwb-score-choice.h"
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
  /* As the form has it, and the conditions by what their runs are called. */
  assert_has (text, "Setting\tA: simclr\tB: warp <1> & a name");
  assert_has (text, "Objective: Warp negatives\tnone\tnce");
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
  GtkDropDown *measure = cwb_gui_test_find (cwb_gui_test_find (GTK_WIDGET (view), CWB_TYPE_CURVES_VIEW),
                                            GTK_TYPE_DROP_DOWN);
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

static gboolean
shows_text (GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL (root) && gtk_widget_get_mapped (root)
      && strstr (gtk_label_get_text (GTK_LABEL (root)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (shows_text (child, text))
        return TRUE;
    }
  return FALSE;
}

/* Of the first row; the one beside it removes what was added. */
static GtkWidget *
find_open_button (CwbRunsView *view)
{
  GtkListBox *list = cwb_gui_test_find (GTK_WIDGET (view), GTK_TYPE_LIST_BOX);

  return cwb_gui_test_find (GTK_WIDGET (gtk_list_box_get_row_at_index (list, 0)), GTK_TYPE_BUTTON);
}

static gboolean
has_run (gpointer session)
{
  return cwb_session_get_run (session) != NULL;
}

/* On the Train page; not while a training goes on. */
static void
test_open (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbSession *session = cwb_window_get_session (window);
  CwbRunsView *view = open_view (window);
  g_autofree char *folder = dup_folder (4);
  AdwViewStack *pages = cwb_gui_test_find (GTK_WIDGET (window), ADW_TYPE_VIEW_STACK);
  char *trained;
  CwRun *run;

  wait (view);
  g_signal_emit_by_name (find_open_button (view), "clicked");
  cwb_gui_test_wait ("the run", has_run, session);
  run = cwb_session_get_run (session);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (pages), ==, "train");
  g_assert_cmpstr (cw_run_get_folder (run), ==, folder);

  cwb_gui_test_open (window, "generated:faces?n=64&size=48&per-subject=8");
  cwb_gui_test_set_tiny (session, "0.001", "1000");
  gtk_widget_activate_action (cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE),
                              "train.start", NULL);
  run = cwb_session_get_run (session);
  g_assert_cmpstr (cw_run_get_folder (run), !=, folder);
  g_signal_emit_by_name (find_open_button (view), "clicked");
  cwb_gui_test_run_for (300);
  g_assert_true (cwb_session_get_run (session) == run);
  cw_run_stop (run);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  trained = g_strdup (cw_run_get_folder (run));
  cwb_gui_test_close (window);
  cw_test_remove_folder (trained);
}

static void
remove_first (CwbRunsView *view)
{
  g_signal_emit_by_name (gtk_widget_get_next_sibling (find_open_button (view)), "clicked");
}

/* From elsewhere, by a run's folder or by one that has some; where there is none it says so. */

static void
test_add (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbRunsView *view = open_view (window);
  char *elsewhere = cw_test_make_folder ();
  g_autofree char *folder = g_build_filename (elsewhere, "other", NULL);
  g_autofree char *empty = g_build_filename (elsewhere, "other", "checkpoints", NULL);
  g_autofree char *away = g_strconcat (elsewhere, "-away", NULL);
  static const char *const sets[] = { "experiment.seed=9", NULL };

  cw_test_make_run (folder, sets);
  g_mkdir_with_parents (empty, 0755);
  wait (view);
  cwb_runs_view_add (view, folder);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 1);
  g_assert_cmpuint (cwb_runs_view_get_comparison (view)->n_runs, ==, 1);
  cwb_runs_view_add (view, folder);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 1);
  cwb_runs_view_choose (view, folder, FALSE);
  cwb_runs_view_add (view, elsewhere);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 1);
  g_assert_cmpuint (cwb_runs_view_get_comparison (view)->n_runs, ==, 1);
  g_assert_false (shows_text (GTK_WIDGET (view), "There are no runs in"));
  cwb_runs_view_add (view, empty);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 1);
  g_assert_true (shows_text (GTK_WIDGET (view), "There are no runs in"));
  cwb_gui_test_close (window);

  /* It is there the next time, too, until it is removed; while its disk is not there, it is not forgotten. */
  g_assert_cmpint (g_rename (elsewhere, away), ==, 0);
  window = cwb_gui_test_window (900, 640);
  view = open_view (window);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS);
  g_assert_cmpint (g_rename (away, elsewhere), ==, 0);
  cwb_runs_view_reload (view);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS + 1);
  g_assert_null (cwb_runs_view_get_comparison (view));
  cwb_runs_view_choose (view, folder, TRUE);
  wait (view);
  remove_first (view);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS);
  g_assert_null (cwb_runs_view_get_comparison (view));
  cwb_runs_view_reload (view);
  wait (view);
  g_assert_cmpuint (count_rows (view), ==, N_RUNS);
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

/* ---- many conditions ---- */

#define N_MANY 7

/* (transfer full): a folder with a run of each of @n conditions, with many scores, as three protocols give them. */
static char *
make_many (int n)
{
  char *root = cw_test_make_folder ();

  for (int r = 0; r < n; r++)
    {
      g_autofree char *name = g_strdup_printf ("weight-%02d-1", r);
      g_autofree char *folder = g_build_filename (root, name, NULL);
      g_autofree char *weight = g_strdup_printf ("objective.negative-weight=%d", r + 1);
      const char *sets[] = { "experiment.seed=1", weight, NULL };
      g_autofree char *json = g_strdup_printf (
          "{\"data\": \"/faces\", \"encoder\": \"online\", \"norm\": \"running\", \"n_train\": 80, \"n_test\": 40, "
          "\"split\": \"by seed\", \"majority\": 0.25, \"trained\": {\"linear\": {\"accuracy\": 0.4%d, "
          "\"macro_recall\": 0.3%d, \"macro_f1\": 0.31}, \"knn\": {\"accuracy\": 0.4, \"macro_recall\": 0.3, "
          "\"macro_f1\": 0.2}, \"retrieval\": {\"p_at_1\": 0.3, \"p_at_10\": 0.41, \"recall_at_5\": 0.5, "
          "\"map\": 0.2, \"p_at_10_other_subject\": 0.3%d, \"map_other_subject\": 0.1%d}}, \"pixels\": {\"linear\": "
          "{\"accuracy\": 0.3}}}",
          r, r, r, r);

      cw_test_make_run (folder, sets);
      cw_test_keep_evaluation (folder, 100, json);
      cw_test_add_steps (folder, N_STEPS, r + 1);
    }
  return root;
}

static CwbRunsView *
open_many (CwbWindow *window, const char *root)
{
  CwbRunsView *view = open_view (window);

  wait (view);
  cwb_runs_view_add (view, root);
  wait (view);
  return view;
}

/* So that the next test finds none of them. */
static void
close_many (CwbWindow *window, char *root)
{
  cwb_settings_set_value ("compared-runs", g_variant_new_array (G_VARIANT_TYPE ("ay"), NULL, 0));
  cwb_gui_test_close (window);
  cw_test_remove_folder (root);
}

/* All runs of a folder are chosen at once; of many scores some are shown, until somebody asks for others. */
static void
test_many (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  char *root = make_many (N_MANY);
  CwbRunsView *view = open_many (window, root);
  CwbScoreChoice *scores = cwb_gui_test_find (GTK_WIDGET (view), CWB_TYPE_SCORE_CHOICE);
  GtkMenuButton *button = cwb_gui_test_find (GTK_WIDGET (scores), GTK_TYPE_MENU_BUTTON);
  GtkCheckButton *all = cwb_gui_test_find (GTK_WIDGET (gtk_menu_button_get_popover (button)),
                                           GTK_TYPE_CHECK_BUTTON);
  g_autofree char *text = NULL;
  g_autofree char *every = NULL;
  g_autofree char *again = NULL;

  g_assert_cmpuint (cwb_runs_view_get_comparison (view)->n_conditions, ==, N_MANY);
  text = copy_tables (view);
  /* Old records tell no unit. */
  assert_has (text, "kNN, accuracy\t40.0 %");
  assert_has (text, "Linear probe, macro recall\t30.0 %");
  assert_has (text, "Retrieval, P@10, other persons\t30.0 %");
  assert_has (text, "Retrieval, mAP, other persons\t10.0 %");
  g_assert_null (strstr (text, "macro F1"));
  g_assert_null (strstr (text, "P@10\t"));
  gtk_check_button_set_active (all, TRUE);
  every = copy_tables (view);
  assert_has (every, "Retrieval, recall@5\t50.0 %");
  assert_has (every, "kNN, macro F1\t20.0 %");
  gtk_check_button_set_active (all, FALSE);
  again = copy_tables (view);
  g_assert_cmpstr (again, ==, text);
  gtk_widget_activate_action (GTK_WIDGET (view), "runs.select-none", NULL);
  wait (view);
  g_assert_null (cwb_runs_view_get_comparison (view));
  gtk_widget_activate_action (GTK_WIDGET (view), "runs.select-all", NULL);
  wait (view);
  g_assert_cmpuint (cwb_runs_view_get_comparison (view)->n_runs, ==, N_MANY + N_RUNS);
  close_many (window, root);
}

/* Where persons are known of some data only, the usual scores of the others are shown, too. */
static void
test_persons (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  char *root = make_many (2);
  g_autofree char *folder = g_build_filename (root, "weight-00-1", NULL);
  CwbRunsView *view;
  g_autofree char *text = NULL;

  cw_test_keep_evaluation (folder, 100,
                           "{\"data\": \"/strangers\", \"n_train\": 60, \"n_test\": 30, \"trained\": {\"retrieval\": "
                           "{\"p_at_10\": 0.7, \"p_at_20\": 0.6, \"map\": 0.5, \"recall_at_5\": 0.9}}}");
  view = open_many (window, root);
  text = copy_tables (view);
  assert_has (text, "Retrieval, P@10\t70.0 %");
  assert_has (text, "Retrieval, mAP\t50.0 %");
  assert_has (text, "Retrieval, P@10, other persons\t30.0 %");
  g_assert_null (strstr (text, "recall@5"));
  close_many (window, root);
}

/* Another condition is what the others are held against; it stays so while more are chosen. */
static void
test_reference (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  char *root = make_many (3);
  CwbRunsView *view = open_many (window, root);
  GtkDropDown *drop = cwb_gui_test_find (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN);
  g_autofree char *first = copy_tables (view);
  g_autofree char *text = NULL;
  g_autofree char *more = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (gtk_drop_down_get_model (drop)), ==, 3);
  assert_has (first, "\tB − A\tC − A\t");
  gtk_drop_down_set_selected (drop, 2);
  text = copy_tables (view);
  assert_has (text, "\tA − C\tB − C\t");
  assert_has (text, "Linear probe, accuracy\t40.0 %\t41.0 %\t42.0 %\t−2.0\t−1.0\t");
  choose (view, 0, TRUE);
  wait (view);
  more = copy_tables (view);
  assert_has (more, "\tA − C\tB − C\tD − C\t");
  g_assert_cmpuint (gtk_drop_down_get_selected (drop), ==, 2);
  close_many (window, root);
}

/* No two conditions have a line of the same colour and dashes. */
static void
test_looks (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  char *root = make_many (24);
  CwbRunsView *view = open_many (window, root);
  CwbChart *chart = cwb_gui_test_find (GTK_WIDGET (view), CWB_TYPE_CHART);
  g_autoptr (GHashTable) looks = g_hash_table_new (NULL, NULL);

  g_assert_cmpuint (cwb_chart_get_model (chart)->series->len, ==, 24);
  for (guint s = 0; s < 24; s++)
    {
      const CwbSeries *series = cwb_chart_get_model (chart)->series->pdata[s];

      g_hash_table_add (looks, GUINT_TO_POINTER (series->colour % CWB_N_SERIES_COLOURS
                                                 + 100 * (series->dash % CWB_N_DASHES)));
    }
  g_assert_cmpuint (g_hash_table_size (looks), ==, 24);
  close_many (window, root);
}

/* As a notch of the wheel over @at goes: up, to the first that has a use for it. */
static void
turn_wheel (GtkWidget *at)
{
  for (GtkWidget *widget = at; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

      for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
        {
          g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
          gboolean taken = FALSE;

          if (!GTK_IS_EVENT_CONTROLLER_SCROLL (controller)
              || (gtk_event_controller_scroll_get_flags (GTK_EVENT_CONTROLLER_SCROLL (controller))
                  & GTK_EVENT_CONTROLLER_SCROLL_VERTICAL) == 0)
            continue;
          g_signal_emit_by_name (controller, "scroll", 0.0, 1.0, &taken);
          if (taken)
            return;
        }
    }
}

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

typedef struct
{
  GtkAdjustment *adjustment;
  double value;
} Beyond;

static gboolean
is_beyond (gpointer data)
{
  const Beyond *beyond = data;

  return gtk_adjustment_get_value (beyond->adjustment) > beyond->value;
}

/* Over a table that is wider than the window, too, the wheel and Page Down move the page; the names stay. */
static void
test_scroll (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  char *root = make_many (N_MANY);
  CwbRunsView *view = open_many (window, root);
  GtkWidget *table = cwb_gui_test_find (GTK_WIDGET (view), CWB_TYPE_SCORE_TABLE);
  GtkScrolledWindow *page = cwb_gui_test_find (GTK_WIDGET (view), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *at = gtk_scrolled_window_get_vadjustment (page), *sideways, *own;
  GtkScrolledWindow *figures, *inner;
  GtkWidget *name, *bar, *list, *root_window = GTK_WIDGET (gtk_widget_get_root (table));
  double before, x, y;

  /* The one of the settings has a column for each condition. */
  table = gtk_widget_get_next_sibling (gtk_widget_get_next_sibling (table));
  figures = cwb_gui_test_find (table, GTK_TYPE_SCROLLED_WINDOW);
  cwb_gui_test_run_for (300);
  sideways = gtk_scrolled_window_get_hadjustment (figures);
  g_assert_cmpfloat (gtk_adjustment_get_upper (sideways), >, gtk_adjustment_get_page_size (sideways) + 100);
  /* There to be seen, below the last row. */
  bar = gtk_widget_get_next_sibling (GTK_WIDGET (figures));
  g_assert_true (GTK_IS_SCROLLBAR (bar));
  cwb_gui_test_wait ("the bar", is_mapped, bar);
  name = gtk_widget_get_last_child (gtk_widget_get_first_child (table));
  g_assert_true (gtk_widget_translate_coordinates (bar, name, 0, 0, &x, &y));
  g_assert_cmpfloat (y, >=, gtk_widget_get_height (name));
  before = gtk_adjustment_get_value (at);
  turn_wheel (cwb_gui_test_find (GTK_WIDGET (figures), GTK_TYPE_LABEL));
  g_assert_cmpfloat (gtk_adjustment_get_value (at), >, before);
  /* Over the bar, too, and over the list of the runs once it is at its end. */
  before = gtk_adjustment_get_value (at);
  turn_wheel (gtk_widget_get_first_child (bar));
  g_assert_cmpfloat (gtk_adjustment_get_value (at), >, before);
  g_assert_cmpfloat (gtk_adjustment_get_value (sideways), ==, 0);
  list = cwb_gui_test_find (GTK_WIDGET (view), GTK_TYPE_LIST_BOX);
  inner = GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (list, GTK_TYPE_SCROLLED_WINDOW));
  own = gtk_scrolled_window_get_vadjustment (inner);
  gtk_adjustment_set_value (at, 0);
  turn_wheel (list);
  g_assert_cmpfloat (gtk_adjustment_get_value (at), ==, 0);
  gtk_adjustment_set_value (own, gtk_adjustment_get_upper (own));
  turn_wheel (list);
  g_assert_cmpfloat (gtk_adjustment_get_value (at), >, 0);

  before = gtk_adjustment_get_value (at);
  g_assert_true (cwb_gui_test_press (root_window, GDK_KEY_Page_Down, 0));
  cwb_gui_test_wait ("the next page", is_beyond, &(Beyond){ at, before + 200 });

  g_assert_true (gtk_widget_translate_coordinates (name, table, 0, 0, &before, &y));
  gtk_adjustment_set_value (sideways, gtk_adjustment_get_upper (sideways));
  cwb_gui_test_run_for (100);
  g_assert_true (gtk_widget_translate_coordinates (name, table, 0, 0, &x, &y));
  g_assert_cmpfloat (x, ==, before);
  close_many (window, root);
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

static void
test_pictures_many (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  char *root = make_many (N_MANY);
  CwbRunsView *view = open_many (window, root);
  GtkWindow *own = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view)));

  gtk_window_set_default_size (own, 1000, 1700);
  save (view, "runs-many-light.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_window_set_default_size (own, 460, 1500);
  save (view, "runs-many-narrow-dark.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_LIGHT);
  close_many (window, root);
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
  g_test_add_func ("/cwb/runs/open", test_open);
  g_test_add_func ("/cwb/runs/add", test_add);
  g_test_add_func ("/cwb/runs/broken", test_broken);
  g_test_add_func ("/cwb/runs/again", test_again);
  g_test_add_func ("/cwb/runs/many", test_many);
  g_test_add_func ("/cwb/runs/persons", test_persons);
  g_test_add_func ("/cwb/runs/reference", test_reference);
  g_test_add_func ("/cwb/runs/looks", test_looks);
  g_test_add_func ("/cwb/runs/scroll", test_scroll);
  g_test_add_func ("/cwb/runs/pictures", test_pictures);
  g_test_add_func ("/cwb/runs/pictures-many", test_pictures_many);
  status = g_test_run ();
  cw_test_remove_folder (data);
  g_free (runs_folder);
  g_free (pictures);
  return status;
}
