/* SPDX-License-Identifier: MIT */
/* Train, Evaluate and Browse through their actions, on a few generated faces. */
#include "cwb-gui-test.h"

#include "cw-test.h"
#include "models/cwb-row.h"
#include "models/cwb-scoring.h"
#include "pages/cwb-browse-page.h"
#include "pages/cwb-evaluate-page.h"
#include "pages/cwb-train-page.h"
#include "widgets/cwb-chart.h"
#include "widgets/cwb-confusion.h"
#include "widgets/cwb-experiment-form.h"
#include "widgets/cwb-face-cell.h"
#include "widgets/cwb-health-light.h"
#include "widgets/cwb-score-table.h"
#include "widgets/cwb-unreadable-button.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define FACES "generated:faces?n=96&seed=1&size=48&per-subject=8"

static gboolean
run_is_paused (gpointer data)
{
  return cw_run_get_state (cwb_session_get_run (data)) == CW_RUN_PAUSED;
}

static gboolean
has_model (gpointer data)
{
  return cwb_session_get_model (data) != NULL;
}

static const char *
stack_page (gpointer page)
{
  return gtk_stack_get_visible_child_name (cwb_gui_test_find (page, GTK_TYPE_STACK));
}

static gboolean
shows_result (gpointer page)
{
  return strcmp (stack_page (page), "result") == 0;
}

static gboolean
shows_neighbours (gpointer page)
{
  GtkGridView *grid = cwb_gui_test_find (page, GTK_TYPE_GRID_VIEW);
  GListModel *model = G_LIST_MODEL (gtk_grid_view_get_model (grid));

  return strcmp (stack_page (page), "neighbours") == 0 && g_list_model_get_n_items (model) > 0;
}

static gboolean
has_24_points (gpointer chart)
{
  return cwb_chart_model_get_n_points (cwb_chart_get_model (chart)) == 24;
}

static GtkSpinButton *
find_spin (GtkWidget *form, double value)
{
  for (GtkWidget *w = gtk_widget_get_first_child (form); w != NULL; w = gtk_widget_get_next_sibling (w))
    {
      GtkSpinButton *found = GTK_IS_SPIN_BUTTON (w) && gtk_spin_button_get_value (GTK_SPIN_BUTTON (w)) == value
                                 ? GTK_SPIN_BUTTON (w)
                                 : find_spin (w, value);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What is changed elsewhere replaces what the form's rows write into: also where the keys go to one of them, and
 * while the page is not shown. */
static void
test_form_follows (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  CwExperiment *experiment = cwb_session_get_experiment (session);
  GtkWidget *page, *form;
  GtkSpinButton *spin;
  g_autoptr (GError) error = NULL;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  form = cwb_gui_test_find (page, CWB_TYPE_EXPERIMENT_FORM);
  cw_experiment_set (experiment, "schedule.epochs", "4321", &error);
  g_assert_no_error (error);
  cwb_session_experiment_changed (session);
  spin = find_spin (form, 4321);
  adw_expander_row_set_expanded (
      ADW_EXPANDER_ROW (gtk_widget_get_ancestor (GTK_WIDGET (spin), ADW_TYPE_EXPANDER_ROW)), TRUE);
  cwb_gui_test_run_for (300);
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (spin)));
  gtk_editable_set_text (GTK_EDITABLE (spin), "55"); /* and no Return */

  g_assert_true (cw_experiment_apply_text (experiment, "[schedule]\nepochs = 1234\n", NULL, &error));
  cwb_session_experiment_changed (session);
  g_assert_null (find_spin (form, 4321));
  gtk_spin_button_set_value (find_spin (form, 1234), 1235);
  g_assert_cmpint ((int) experiment->recipe->schedule.epochs, ==, 1235);

  cwb_gui_test_show_page (window, "data");
  g_assert_true (cw_experiment_apply_text (experiment, "[schedule]\nepochs = 77\n", NULL, &error));
  cwb_session_experiment_changed (session);
  g_assert_null (find_spin (form, 1235));
  cwb_gui_test_show_page (window, "train");
  g_assert_nonnull (find_spin (form, 77));
  cwb_gui_test_close (window);
}

/* What a run handed over and what is opened of it later are the same step of the same run. */
static void
assert_opens (const CwbEncoder *trained)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwModel) model = cw_model_load (trained->run, &error);
  g_autoptr (CwbEncoder) opened = NULL;

  g_assert_no_error (error);
  opened = cwb_encoder_new (model);
  g_assert_cmpuint (trained->step, ==, 24);
  g_assert_cmpuint (opened->step, ==, 24);
  g_assert_cmpstr (opened->run, ==, trained->run);
  g_assert_cmpstr (opened->name, ==, trained->name);
  g_assert_true (opened->label_free && trained->label_free);
  g_assert_true (cwb_encoder_equal (opened, trained));
}

static gboolean
has_last_encoder (gpointer session)
{
  const CwbEncoder *encoder = cwb_session_get_encoder (session);

  return encoder != NULL && encoder->step == 24;
}

static const char *
get_subtitle (GtkWidget *form, const char *title)
{
  return adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (cwb_gui_test_find_row (form, title)));
}

/* Below a title is what it does not say. */
static void
test_form_words (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwExperiment *experiment = cwb_session_get_experiment (cwb_window_get_session (window));
  GtkWidget *form;
  g_autoptr (GError) error = NULL;

  cw_experiment_set (experiment, "objective.type", "simclr", &error);
  g_assert_no_error (error);
  cwb_session_experiment_changed (cwb_window_get_session (window));
  cwb_gui_test_show_page (window, "train");
  form = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EXPERIMENT_FORM);
  g_assert_cmpstr (get_subtitle (form, "Crop"), ==, "");
  g_assert_cmpstr (get_subtitle (form, "Colour jitter"), ==, "");
  g_assert_cmpstr (get_subtitle (form, "Objective"), ==, "SimCLR");
  cwb_gui_test_close (window);
}

static void
assert_negatives_named (GtkWidget *page, const char *name)
{
  CwbChartModel *loss = cwb_chart_get_model (cwb_gui_test_find (page, CWB_TYPE_CHART));

  g_assert_cmpstr (((CwbSeries *) g_ptr_array_index (loss->series, 2))->name, ==, name);
}

/* Start, pause, go on, to the end: the charts have every step, the model is there. */
static void
test_train (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "4");
  cw_experiment_set (cwb_session_get_experiment (session), "objective.negative-weight", "3", NULL);
  cwb_session_experiment_changed (session);
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  g_assert_true (gtk_widget_activate_action (page, "train.start", NULL));
  g_assert_nonnull (cwb_session_get_run (session));
  gtk_widget_activate_action (page, "train.pause", NULL);
  while (!run_is_paused (session) && !cwb_gui_test_run_has_ended (session))
    {
      cwb_gui_test_run_for (20);
      if (cw_run_get_state (cwb_session_get_run (session)) == CW_RUN_RUNNING)
        gtk_widget_activate_action (page, "train.pause", NULL);
    }
  if (run_is_paused (session))
    {
      guint64 step = cw_run_get_step (cwb_session_get_run (session));

      cwb_gui_test_run_for (200);
      g_assert_cmpuint (cw_run_get_step (cwb_session_get_run (session)), ==, step);
      gtk_widget_activate_action (page, "train.pause", NULL);
    }
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_wait ("the model", has_model, session);
  /* The page is told of the last steps from the main loop. */
  cwb_gui_test_wait ("all 24 steps in the chart", has_24_points,
                     cwb_gui_test_find (page, CWB_TYPE_CHART));
  cwb_gui_test_wait ("the encoder of the last step", has_last_encoder, session);
  assert_opens (cwb_session_get_encoder (session));
  assert_negatives_named (page, "warp negatives (weight 3)");
  cwb_gui_test_close (window);
}

/* Until the page has been told that a run ended it starts no other. */
static gboolean
starts_another (gpointer page)
{
  CwbSession *session = cwb_page_get_session (CWB_PAGE (page));
  CwRun *before = cwb_session_get_run (session);

  gtk_widget_activate_action (page, "train.start", NULL);
  return cwb_session_get_run (session) != before;
}

/* Divergence is shown, with the reason, and the window goes on. */
static void
test_train_failure (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page;
  g_autofree char *message = NULL;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "1e-3", "40");
  cw_experiment_set (cwb_session_get_experiment (session), "optimizer.type", "sgd", NULL);
  /* With its weight decay every step multiplies the weights by -1e5. */
  cw_experiment_set (cwb_session_get_experiment (session), "optimizer.lr", "1e9", NULL);
  cwb_session_experiment_changed (session);
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  gtk_widget_activate_action (page, "train.start", NULL);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  message = cw_run_dup_error (cwb_session_get_run (session));
  g_assert_nonnull (message);
  g_assert_cmpint ((int) cw_run_get_state (cwb_session_get_run (session)), ==, (int) CW_RUN_FAILED);
  /* The next one is as good as the first, and has a folder of its own although it begins in the
   * same second. */
  cwb_gui_test_set_tiny (session, "1e-3", "1");
  cw_experiment_set (cwb_session_get_experiment (session), "optimizer.type", "adamw", NULL);
  cwb_session_experiment_changed (session);
  cwb_gui_test_wait ("another run", starts_another, page);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  g_assert_cmpint ((int) cw_run_get_state (cwb_session_get_run (session)), ==, (int) CW_RUN_FINISHED);
  cwb_gui_test_close (window);
}

static void
run_to_end (CwbWindow *window, GtkWidget *page)
{
  g_assert_true (gtk_widget_activate_action (page, "train.start", NULL));
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, cwb_window_get_session (window));
  cwb_gui_test_run_for (50);
}

/* The light is there with the first run, and says what was noticed. */
static void
test_train_health (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page, *light;
  g_autofree char *well = NULL;
  const char *ill;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "1");
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  light = cwb_gui_test_find (page, CWB_TYPE_HEALTH_LIGHT);
  g_assert_false (gtk_widget_get_visible (light));
  run_to_end (window, page);
  g_assert_true (gtk_widget_get_visible (light));
  well = g_strdup (gtk_widget_get_tooltip_text (light));
  g_assert_true (gtk_widget_has_css_class (light, "success"));

  cw_experiment_set (cwb_session_get_experiment (session), "objective.type", "byol", NULL);
  cw_experiment_set (cwb_session_get_experiment (session), "heads.predictor", "none", NULL);
  cwb_session_experiment_changed (session);
  run_to_end (window, page);
  ill = gtk_widget_get_tooltip_text (light);
  g_assert_false (gtk_widget_has_css_class (light, "success"));
  g_assert_cmpstr (ill, !=, well);
  g_assert_nonnull (strstr (ill, "heads.predictor = mlp"));
  cwb_gui_test_close (window);
}

static gboolean
has_a_point (gpointer chart)
{
  return cwb_chart_model_get_n_points (cwb_chart_get_model (chart)) > 0;
}

static gboolean
has_8_points (gpointer chart)
{
  return cwb_chart_model_get_n_points (cwb_chart_get_model (chart)) >= 8;
}

static gboolean
can_be_resumed (gpointer page)
{
  return gtk_widget_get_visible (cwb_gui_test_find_named (page, "resume"));
}

/* As the page's own button does, once the page knows that the run has ended. */
static void
resume (GtkWidget *page)
{
  cwb_gui_test_wait ("the Resume button", can_be_resumed, page);
  g_assert_true (gtk_widget_activate_action (page, "train.resume", NULL));
  g_assert_false (can_be_resumed (page));
}

/* Trains with a checkpoint at every step until the chart has some of them; then stops. */
static CwRun *
stop_early (CwbWindow *window, GtkWidget *page)
{
  CwbSession *session = cwb_window_get_session (window);
  CwRun *run;

  cwb_gui_test_set_tiny (session, "0.001", "40");
  cw_experiment_set (cwb_session_get_experiment (session), "run.checkpoint-every", "0.1667", NULL);
  cwb_session_experiment_changed (session);
  g_assert_true (gtk_widget_activate_action (page, "train.start", NULL));
  cwb_gui_test_wait ("some steps", has_8_points, cwb_gui_test_find (page, CWB_TYPE_CHART));
  gtk_widget_activate_action (page, "train.stop", NULL);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  run = cwb_session_get_run (session);
  g_assert_cmpint ((int) cw_run_get_state (run), ==, (int) CW_RUN_STOPPED);
  return run;
}

/* Every step once, in order. */
static void
assert_steps_in_order (GtkWidget *page)
{
  CwbChartModel *model = cwb_chart_get_model (cwb_gui_test_find (page, CWB_TYPE_CHART));
  const CwbSeries *series = g_ptr_array_index (model->series, 0);

  for (guint i = 0; i < series->x->len; i++)
    g_assert_cmpfloat (g_array_index (series->x, double, i), ==, i + 1);
}

static guint
n_points (GtkWidget *page)
{
  CwbChart *chart = cwb_gui_test_find (page, CWB_TYPE_CHART);

  return cwb_chart_model_get_n_points (cwb_chart_get_model (chart));
}

static gboolean
has_skipped (gpointer run)
{
  guint64 step;
  g_autofree char *skipped = cw_run_dup_skipped (run, &step);

  return skipped != NULL;
}

/* All of @run, the newest first; @saved: where the good ones are now. */
static void
break_checkpoints (CwRun *run, GPtrArray *saved)
{
  g_autoptr (GArray) steps = cw_checkpoint_list (cw_run_get_folder (run));

  g_assert_cmpuint (steps->len, >, 1);
  for (guint i = steps->len; i > 0; i--)
    {
      guint64 step = g_array_index (steps, guint64, i - 1);
      g_autofree char *path = cw_checkpoint_dup_path (cw_run_get_folder (run), step);
      char *copy = g_strconcat (path, ".good", NULL);

      g_assert_cmpint (g_rename (path, copy), ==, 0);
      g_assert_true (g_file_set_contents (path, "broken", -1, NULL));
      g_ptr_array_add (saved, copy);
    }
}

/* No checkpoint can be read: the run fails, keeps its curves, and says what to do. With one that is
 * older than the last it goes on from there, and says that too. */
static void
test_train_broken_checkpoints (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  g_autoptr (GPtrArray) saved = g_ptr_array_new_with_free_func (g_free);
  GtkWidget *page, *light;
  g_autofree char *message = NULL, *path = NULL;
  guint n;
  CwRun *run;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  light = cwb_gui_test_find (page, CWB_TYPE_HEALTH_LIGHT);
  run = stop_early (window, page);
  n = n_points (page);
  break_checkpoints (run, saved);
  resume (page);
  cwb_gui_test_wait ("the failure", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  message = cw_run_dup_error (run);
  g_assert_nonnull (strstr (message, "start a new run"));
  g_assert_cmpuint (n_points (page), ==, n);

  path = g_strndup (saved->pdata[1], strlen (saved->pdata[1]) - strlen (".good"));
  g_assert_cmpint (g_rename (saved->pdata[1], path), ==, 0);
  resume (page);
  cwb_gui_test_wait ("an earlier checkpoint", has_skipped, run);
  gtk_widget_activate_action (page, "train.stop", NULL);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  g_assert_cmpuint (n_points (page), ==, cw_run_get_step (run));
  assert_steps_in_order (page);
  g_assert_true (gtk_widget_has_css_class (light, "warning"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (light), "not from the last checkpoint"));
  cwb_gui_test_close (window);
}

static void
on_error (CwbSession *session, const char *message, char **last)
{
  g_free (*last);
  *last = g_strdup (message);
}

static gboolean
is_told (gpointer last)
{
  return *(char **) last != NULL;
}

static gboolean
has_run (gpointer session)
{
  return cwb_session_get_run (session) != NULL;
}

/* Of a stopped run that was made in another window: its folder. */
static char *
make_stopped_run (guint64 *step)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  GtkWidget *page;
  CwRun *run;
  char *folder;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  run = stop_early (window, page);
  cwb_gui_test_wait ("the Resume button", can_be_resumed, page);
  folder = g_strdup (cw_run_get_folder (run));
  *step = cw_run_get_step (run);
  cwb_gui_test_close (window);
  return folder;
}

/* A run that is opened is shown with its curves and its encoder and rests, until it is resumed. */
static void
test_open_run (void)
{
  guint64 step;
  g_autofree char *folder = make_stopped_run (&step), *error = NULL;
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  CwbTrainPage *page;
  CwRun *run;

  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  g_signal_connect (session, "error", G_CALLBACK (on_error), &error);
  g_assert_false (can_be_resumed (page));
  cwb_train_page_open_run (page, cwb_session_get_runs_folder (session));
  cwb_gui_test_wait ("the refusal", is_told, &error);
  g_assert_nonnull (strstr (error, "not the folder of a run"));
  g_assert_null (cwb_session_get_run (session));
  g_clear_pointer (&error, g_free);

  cwb_train_page_open_run (page, folder);
  g_assert_null (cwb_session_get_run (session)); /* nothing is read in the meantime */
  cwb_gui_test_wait ("the run", has_run, session);
  cwb_gui_test_wait ("its model", has_model, session);
  cwb_gui_test_run_for (300);
  run = cwb_session_get_run (session);
  g_assert_cmpint ((int) cw_run_get_state (run), ==, (int) CW_RUN_STOPPED);
  g_assert_cmpuint (cw_run_get_step (run), ==, step);
  g_assert_cmpuint (n_points (GTK_WIDGET (page)), ==, step);

  resume (GTK_WIDGET (page));
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  g_assert_cmpint ((int) cw_run_get_state (run), ==, (int) CW_RUN_FINISHED);
  g_assert_false (can_be_resumed (page));
  g_assert_cmpuint (n_points (GTK_WIDGET (page)), ==, 240);
  assert_steps_in_order (GTK_WIDGET (page));
  g_assert_null (error);
  cwb_gui_test_close (window);
}

/* What was open last is open again at the next start: the run, too, while it is there. */
static void
test_last_run (void)
{
  guint64 step;
  g_autofree char *folder = make_stopped_run (&step), *away = g_strconcat (folder, ".away", NULL);
  g_autofree char *error = NULL;
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);

  cwb_window_open_last (window);
  cwb_gui_test_wait ("the run", has_run, session);
  cwb_gui_test_wait ("its model", has_model, session);
  g_assert_cmpstr (cw_run_get_folder (cwb_session_get_run (session)), ==, folder);
  g_assert_cmpint ((int) cw_run_get_state (cwb_session_get_run (session)), ==, (int) CW_RUN_STOPPED);
  cwb_gui_test_close (window);

  g_assert_cmpint (g_rename (folder, away), ==, 0);
  window = cwb_gui_test_window (1000, 700);
  session = cwb_window_get_session (window);
  g_signal_connect (session, "error", G_CALLBACK (on_error), &error);
  cwb_window_open_last (window);
  cwb_gui_test_wait_open (window);
  cwb_gui_test_run_for (200);
  g_assert_null (cwb_session_get_run (session));
  g_assert_null (error);
  cwb_gui_test_close (window);
}

/* The folder goes away once the run has begun: this is no green light, and the list says which
 * pictures are missing. */
static void
test_train_vanishing_data (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  g_autofree char *folder = cwb_gui_test_make_faces (4, 24);
  g_autofree char *away = g_strconcat (folder, ".away", NULL);
  GtkWidget *page, *light, *button, *popover;
  GListModel *rows;
  g_autoptr (CwbRow) row = NULL;
  CwRun *run;

  cwb_gui_test_open (window, folder);
  cwb_gui_test_set_tiny (session, "0.001", "100");
  cw_experiment_set (cwb_session_get_experiment (session), "data.cache-mib", "0", NULL);
  cwb_session_experiment_changed (session);
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  light = cwb_gui_test_find (page, CWB_TYPE_HEALTH_LIGHT);
  button = cwb_gui_test_find (page, CWB_TYPE_UNREADABLE_BUTTON);
  g_assert_true (gtk_widget_activate_action (page, "train.start", NULL));
  run = cwb_session_get_run (session);
  cwb_gui_test_wait ("a step", has_a_point, cwb_gui_test_find (page, CWB_TYPE_CHART));
  g_assert_false (gtk_widget_get_visible (button));
  g_assert_cmpint (g_rename (folder, away), ==, 0);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  g_assert_cmpint (g_rename (away, folder), ==, 0);

  g_assert_cmpuint (cw_run_get_n_unreadable (run), >, 1);
  g_assert_cmpuint (cw_run_get_n_pictures (run), ==, 96);
  g_assert_true (gtk_widget_has_css_class (light, "warning"));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (light), "of 96 pictures"));
  g_assert_true (gtk_widget_get_visible (button));
  popover = GTK_WIDGET (
      gtk_menu_button_get_popover (cwb_gui_test_find (button, GTK_TYPE_MENU_BUTTON)));
  rows = G_LIST_MODEL (gtk_list_view_get_model (cwb_gui_test_find (popover, GTK_TYPE_LIST_VIEW)));
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, cw_run_get_n_unreadable (run));
  row = g_list_model_get_item (rows, 0);
  g_assert_nonnull (strstr (cwb_row_get_title (row), "face-"));
  g_assert_cmpstr (cwb_row_get_detail (row), !=, "");
  cwb_gui_test_close (window);
}

static CwbWindow *
window_with_model (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  const CwRecipe *recipe = cwb_session_get_experiment (session)->recipe;
  g_autoptr (CwModel) model = cw_recipe_random_model (recipe);

  cwb_gui_test_open (window, FACES);
  cwb_session_set_model (session, model);
  return window;
}

/* A run that nobody starts, of as few labels as @objective needs. */
static CwRun *
make_run (CwbWindow *window, const char *objective)
{
  CwbSession *session = cwb_window_get_session (window);
  g_autoptr (CwExperiment) experiment
      = cw_experiment_copy (cwb_session_get_experiment (session));
  g_autofree char *name = g_strconcat ("run-", objective, NULL);
  g_autofree char *folder = g_build_filename (cwb_session_get_runs_folder (session), name, NULL);
  g_autoptr (GError) error = NULL;
  CwRun *run;

  cw_experiment_set (experiment, "objective.type", objective, &error);
  g_assert_no_error (error);
  run = cw_run_new (experiment, folder, &error);
  g_assert_no_error (error);
  return run;
}

/* As if @run had published its encoder after @step steps. */
static void
publish (CwbWindow *window, CwRun *run, guint64 step)
{
  CwbSession *session = cwb_window_get_session (window);
  g_autoptr (CwModel) model
      = cw_recipe_random_model (cwb_session_get_experiment (session)->recipe);

  model->step = step;
  cwb_session_set_trained_model (session, model, run);
}

static GtkWidget *
get_child (GtkWidget *page, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (page, G_OBJECT_TYPE (page), name));
}

static const char *
get_text (GtkWidget *page, const char *name)
{
  return gtk_label_get_text (GTK_LABEL (get_child (page, name)));
}

static void
assert_offers (GtkWidget *page, const char *what)
{
  g_assert_true (gtk_widget_get_visible (get_child (page, "newer_bar")));
  g_assert_nonnull (strstr (get_text (page, "newer_label"), what));
}

/* What the text of the table has as the row of @label; NULL where there is none. */
static char *
dup_row (GtkWidget *page, const char *label)
{
  GdkContentProvider *provider;
  g_auto (GValue) value = G_VALUE_INIT;
  g_auto (GStrv) lines = NULL;

  gtk_widget_activate_action (page, "evaluate.copy", NULL);
  provider = gdk_clipboard_get_content (gtk_widget_get_clipboard (page));
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (provider, &value, NULL));
  lines = g_strsplit (g_value_get_string (&value), "\n", -1);
  for (int i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], label) && lines[i][strlen (label)] == '\t')
        return g_strdup (lines[i] + strlen (label) + 1);
    }
  return NULL;
}

static gboolean
praises (GtkWidget *root)
{
  for (GtkWidget *w = gtk_widget_get_first_child (root); w != NULL; w = gtk_widget_get_next_sibling (w))
    {
      if (gtk_widget_has_css_class (w, "accent") || praises (w))
        return TRUE;
    }
  return FALSE;
}

/* A training that goes on disturbs neither the evaluation under way nor its figures, which say whose they are and
 * are kept with the run. */
static void
test_evaluate_while_training (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  g_autoptr (CwRun) run = make_run (window, "simclr");
  g_autoptr (CwModel) other
      = cw_recipe_random_model (cwb_session_get_experiment (cwb_window_get_session (window))->recipe);
  g_autoptr (CwRunDb) db = NULL;
  g_autofree char *json = NULL;
  g_autofree char *none = NULL;
  g_autofree char *row = NULL;
  GtkWidget *page;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
  publish (window, run, 5);
  publish (window, run, 10);
  g_assert_false (gtk_widget_get_visible (get_child (page, "newer_bar")));
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  publish (window, run, 20);
  g_assert_cmpstr (stack_page (page), ==, "busy");
  cwb_gui_test_wait ("the evaluation", shows_result, page);
  g_assert_cmpstr (get_text (page, "title_label"), ==, "run-simclr, step 10, on Generated faces");
  publish (window, run, 30);
  g_assert_cmpstr (stack_page (page), ==, "result");
  assert_offers (page, "run-simclr, step 30");
  row = dup_row (page, "kNN, accuracy");
  g_assert_nonnull (row);
  /* It is of step 10: a resume from there keeps it. */
  db = cw_run_db_open (cw_run_get_folder (run), TRUE, NULL);
  g_assert_true (cw_run_db_rewind (db, 10, NULL));
  json = cw_run_db_dup_evaluation (db);
  g_assert_nonnull (strstr (json, "\"trained_minus_pixels\""));
  g_assert_true (cw_run_db_rewind (db, 9, NULL));
  none = cw_run_db_dup_evaluation (db);
  g_assert_null (none);

  /* Asked for, it takes the place of the other; cancelled, the other is there again. */
  gtk_widget_activate_action (page, "evaluate.start-newer", NULL);
  g_assert_cmpstr (stack_page (page), ==, "busy");
  gtk_widget_activate_action (page, "evaluate.cancel", NULL);
  g_assert_cmpstr (stack_page (page), ==, "result");
  assert_offers (page, "run-simclr, step 30");
  gtk_widget_activate_action (page, "evaluate.start-newer", NULL);
  cwb_gui_test_wait ("the evaluation", shows_result, page);
  g_assert_cmpstr (get_text (page, "title_label"), ==, "run-simclr, step 30, on Generated faces");
  g_assert_false (gtk_widget_get_visible (get_child (page, "newer_bar")));

  /* Opened by the user: the figures go, and it is the one to be scored whatever a training does. */
  cwb_session_set_model (cwb_window_get_session (window), other);
  g_assert_cmpstr (stack_page (page), ==, "empty");
  publish (window, run, 40);
  g_assert_nonnull (strstr (get_text (page, "encoder_label"), other->origin));
  cwb_gui_test_close (window);
}

/* Cells have their intervals; nothing is praised where the contenders are one and the same encoder. */
static void
test_evaluate_table (void)
{
  CwbWindow *window = window_with_model ();
  g_autofree char *accuracy = NULL;
  g_autofree char *persons = NULL;
  g_auto (GStrv) cells = NULL;
  GtkWidget *page;

  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  cwb_gui_test_wait ("the evaluation", shows_result, page);
  accuracy = dup_row (page, "Linear probe, accuracy");
  g_assert_nonnull (accuracy);
  cells = g_strsplit (accuracy, "\t", -1);
  g_assert_cmpuint (g_strv_length (cells), ==, CW_N_CONTENDERS);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    g_assert_true (g_regex_match_simple ("^[0-9.]+ % \\[[0-9.]+–[0-9.]+\\]$", cells[c], 0, 0));
  g_assert_cmpstr (cells[CW_CONTENDER_TRAINED], ==, cells[CW_CONTENDER_RANDOM_INIT]);
  g_assert_false (praises (cwb_gui_test_find (page, CWB_TYPE_SCORE_TABLE)));
  persons = dup_row (page, "Retrieval, P@10, other persons");
  g_assert_nonnull (persons);
  /* Weights of which nobody knows how they were trained. */
  g_assert_null (strstr (get_text (page, "summary_label"), "label"));
  cwb_gui_test_close (window);
}

/* Where no person is known there is nothing to say about other persons. */
static void
test_evaluate_no_persons (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  g_autofree char *folder = cwb_gui_test_make_faces (2, 20);
  g_autofree char *all = NULL;
  g_autofree char *persons = NULL;
  g_autofree char *same = NULL;
  GtkWidget *page;

  cwb_session_open_location (session, folder, "folder", "labels=folder");
  cwb_gui_test_wait_open (window);
  g_assert_cmpuint (cw_dataset_get_n_labels (cwb_session_get_dataset (session)), ==, 2);
  {
    g_autoptr (CwRun) free_of_labels = make_run (window, "byol");
    g_autoptr (CwRun) supervised = make_run (window, "supervised");

    cwb_gui_test_show_page (window, "evaluate");
    page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
    publish (window, free_of_labels, 1);
    gtk_widget_activate_action (page, "evaluate.start", NULL);
    cwb_gui_test_wait ("the evaluation", shows_result, page);
    g_assert_nonnull (strstr (get_text (page, "summary_label"), "never saw a label"));
    publish (window, supervised, 1);
    gtk_widget_activate_action (page, "evaluate.start-newer", NULL);
    cwb_gui_test_wait ("the evaluation", shows_result, page);
    g_assert_null (strstr (get_text (page, "summary_label"), "never saw a label"));
  }
  all = dup_row (page, "Retrieval, P@10");
  persons = dup_row (page, "Retrieval, P@10, other persons");
  same = dup_row (page, "Same person among the nearest 10");
  g_assert_nonnull (all);
  g_assert_null (persons);
  g_assert_null (same);
  cwb_gui_test_close (window);
}

/* Better than both floors, by the intervals of the differences. */
static void
test_stands_out (void)
{
  g_autofree CwEvaluation *e = g_new0 (CwEvaluation, 1);
  CwDifference *random = &e->differences[CW_CONTENDER_RANDOM_INIT][0][1];
  CwDifference *pixels = &e->differences[CW_CONTENDER_PIXELS][0][1];

  e->n_protocols = 1;
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      cw_scores_add (&e->scores[c][0], "accuracy", 0.5);
      cw_scores_add (&e->scores[c][0], "map", 0.5);
    }
  random->low = 0.01;
  pixels->low = 0.02;
  g_assert_true (cwb_scoring_stands_out (e, 0, "map"));
  g_assert_false (cwb_scoring_stands_out (e, 0, "accuracy"));
  pixels->low = -0.001;
  g_assert_false (cwb_scoring_stands_out (e, 0, "map"));
  pixels->low = (double) NAN;
  g_assert_false (cwb_scoring_stands_out (e, 0, "map"));
}

static void
test_evaluate (void)
{
  CwbWindow *window = window_with_model ();
  GtkWidget *page;

  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
  g_assert_cmpstr (stack_page (page), ==, "empty");
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  cwb_gui_test_wait ("the evaluation", shows_result, page);
  g_assert_nonnull (cwb_gui_test_find (page, CWB_TYPE_CONFUSION));
  /* Other faces: the figures are no longer theirs. */
  cwb_gui_test_open (window, "generated:faces?n=64&seed=2&size=48&per-subject=8");
  g_assert_cmpstr (stack_page (page), ==, "empty");
  /* Cancelled: back to where it was. */
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  gtk_widget_activate_action (page, "evaluate.cancel", NULL);
  cwb_gui_test_run_for (500);
  cwb_gui_test_close (window);
}

/* Only the chosen protocols are run; without any there is nothing to start. One that does not apply
 * is no error beside another. */
static void
test_evaluate_protocols (void)
{
  static const char *const usual[] = { "protocols.linear", "protocols.knn", "protocols.retrieval" };
  CwbWindow *window = window_with_model ();
  GtkWidget *page;

  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
  for (size_t i = 0; i < G_N_ELEMENTS (usual); i++)
    gtk_widget_activate_action (page, usual[i], NULL);
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  cwb_gui_test_run_for (100);
  g_assert_cmpstr (stack_page (page), ==, "empty");
  gtk_widget_activate_action (page, "protocols.factors", NULL);
  gtk_widget_activate_action (page, "protocols.triplets", NULL);
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  cwb_gui_test_wait ("the evaluation", shows_result, page);
  cwb_gui_test_close (window);
}

/* Without labels there is nothing to score, and the action is not there. */
static void
test_evaluate_unlabelled (void)
{
  CwbWindow *window = window_with_model ();
  g_autofree char *folder = cwb_gui_test_make_faces (2, 4);
  GtkWidget *page;

  cwb_gui_test_open (window, folder);
  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  cwb_gui_test_run_for (100);
  g_assert_cmpstr (stack_page (page), ==, "empty");
  cwb_gui_test_close (window);
}

/* Neighbours of the chosen face; other persons only, unless asked otherwise; a neighbour becomes
 * the query, and back. */
static void
test_browse (void)
{
  CwbWindow *window = window_with_model ();
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page;
  GtkGridView *grid;
  guint before;

  cwb_session_set_selected (session, 5);
  cwb_gui_test_show_page (window, "browse");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_BROWSE_PAGE);
  cwb_gui_test_wait ("the neighbours", shows_neighbours, page);
  grid = cwb_gui_test_find (page, GTK_TYPE_GRID_VIEW);
  before = g_list_model_get_n_items (G_LIST_MODEL (gtk_grid_view_get_model (grid)));
  g_assert_cmpuint (before, ==, 60);
  for (guint i = 0; i < before; i++)
    {
      g_autoptr (GObject) item
          = g_list_model_get_item (G_LIST_MODEL (gtk_grid_view_get_model (grid)), i);
      guint index;

      g_object_get (item, "index", &index, NULL);
      g_assert_cmpint (cw_dataset_get_item (cwb_session_get_dataset (session), index)->subject, !=,
                       cw_dataset_get_item (cwb_session_get_dataset (session), 5)->subject);
    }
  g_signal_emit_by_name (grid, "activate", 0);
  g_assert_cmpuint (cwb_session_get_selected (session), !=, 5);
  cwb_gui_test_wait ("the neighbours", shows_neighbours, page);
  gtk_widget_activate_action (page, "browse.back", NULL);
  g_assert_cmpuint (cwb_session_get_selected (session), ==, 5);
  cwb_gui_test_close (window);
}

static gboolean
is_of_step_20 (gpointer session)
{
  CwbVectors *vectors = cwb_session_get_vectors (session);

  return vectors != NULL && vectors->encoder->step == 20;
}

/* A training that goes on takes away neither neighbours nor the way back. */
static void
test_browse_while_training (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  g_autoptr (CwRun) run = make_run (window, "moco");
  g_autoptr (CwModel) other = cw_recipe_random_model (cwb_session_get_experiment (session)->recipe);
  CwbVectors *vectors;
  GtkWidget *page;

  cwb_gui_test_open (window, FACES);
  publish (window, run, 10);
  cwb_session_set_selected (session, 5);
  cwb_gui_test_show_page (window, "browse");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_BROWSE_PAGE);
  publish (window, run, 15);
  cwb_gui_test_wait ("the neighbours", shows_neighbours, page);
  vectors = cwb_session_get_vectors (session);
  g_assert_cmpuint (vectors->encoder->step, ==, 10);
  g_signal_emit_by_name (cwb_gui_test_find (page, GTK_TYPE_GRID_VIEW), "activate", 0);
  publish (window, run, 20);
  g_assert_cmpstr (stack_page (page), ==, "neighbours");
  g_assert_nonnull (strstr (get_text (page, "encoder_label"), "run-moco, step 10"));
  assert_offers (page, "run-moco, step 20");
  g_assert_true (cwb_session_get_vectors (session) == vectors);
  gtk_widget_activate_action (page, "browse.back", NULL);
  g_assert_cmpuint (cwb_session_get_selected (session), ==, 5);

  gtk_widget_activate_action (page, "browse.embed-newer", NULL);
  g_assert_cmpstr (stack_page (page), ==, "busy");
  gtk_widget_activate_action (page, "browse.cancel", NULL);
  g_assert_cmpstr (stack_page (page), ==, "neighbours");
  gtk_widget_activate_action (page, "browse.embed-newer", NULL);
  cwb_gui_test_wait ("the newer vectors", is_of_step_20, session);
  g_assert_false (gtk_widget_get_visible (get_child (page, "newer_bar")));

  cwb_session_set_model (session, other);
  g_assert_null (cwb_session_get_vectors (session));
  cwb_gui_test_wait ("the neighbours", shows_neighbours, page);
  g_assert_true (cwb_session_get_vectors (session)->encoder->model == other);
  cwb_gui_test_close (window);
}

static const char *
result_page (gpointer page)
{
  return gtk_stack_get_visible_child_name (
      GTK_STACK (gtk_widget_get_template_child (page, CWB_TYPE_BROWSE_PAGE, "result_stack")));
}

static gboolean
shows_no_neighbours (gpointer page)
{
  return strcmp (result_page (page), "unreadable") == 0;
}

static gboolean
shows_query (gpointer page)
{
  return shows_neighbours (page)
         && cwb_face_cell_get_texture (cwb_gui_test_find (page, CWB_TYPE_FACE_CELL)) != NULL;
}

static const char *
browse_text (GtkWidget *page, const char *label)
{
  return gtk_label_get_text (
      GTK_LABEL (gtk_widget_get_template_child (page, CWB_TYPE_BROWSE_PAGE, label)));
}

static void
assert_no_neighbours (GtkWidget *page)
{
  GtkGridView *grid = cwb_gui_test_find (page, GTK_TYPE_GRID_VIEW);

  cwb_gui_test_wait ("the error", shows_no_neighbours, page);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (gtk_grid_view_get_model (grid))), ==,
                    0);
  g_assert_cmpstr (browse_text (page, "summary_label"), ==, "");
}

/* A picture from outside is shown, with its own neighbours or with none; it cannot be explored. How
 * many faces could not be read is said. */
static void
test_browse_files (void)
{
  CwbWindow *window = window_with_model ();
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_BROWSE_PAGE);
  AdwViewStack *pages = cwb_gui_test_find (GTK_WIDGET (window), ADW_TYPE_VIEW_STACK);
  char *folder = cwb_gui_test_make_faces (2, 3), *other = cwb_gui_test_make_faces (1, 1);
  g_autofree char *broken = g_build_filename (folder, "class-a", "broken.png", NULL);
  g_autofree char *outside = g_build_filename (other, "class-a", "face-00.png", NULL);
  guint item;

  g_assert_true (g_file_set_contents (broken, "no picture", -1, NULL));
  cwb_gui_test_open (window, folder);
  cwb_gui_test_show_page (window, "browse");
  cwb_gui_test_wait ("the neighbours", shows_query, page);
  g_assert_nonnull (strstr (browse_text (page, "summary_label"), "1 picture could not be read"));

  cwb_browse_page_query_file (CWB_BROWSE_PAGE (page), outside);
  g_assert_false (shows_query (page));
  cwb_gui_test_wait ("the picture", shows_query, page);
  g_assert_cmpstr (browse_text (page, "query_label"), ==, "face-00.png");
  gtk_widget_activate_action (page, "browse.explore", NULL);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (pages), ==, "browse");

  cwb_browse_page_query_file (CWB_BROWSE_PAGE (page), broken);
  assert_no_neighbours (page);
  g_assert_cmpstr (browse_text (page, "query_label"), ==, "broken.png");
  g_assert_false (shows_query (page));

  gtk_widget_activate_action (page, "browse.back", NULL);
  cwb_gui_test_wait ("the neighbours", shows_query, page);
  g_assert_cmpstr (result_page (page), ==, "neighbours");
  g_assert_true (cw_dataset_find (cwb_session_get_dataset (session), "class-a/broken.png", &item));
  cwb_session_set_selected (session, item);
  assert_no_neighbours (page);
  gtk_widget_activate_action (page, "browse.explore", NULL);
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (pages), ==, "explore");
  cwb_gui_test_close (window);
  cw_test_remove_folder (folder);
  cw_test_remove_folder (other);
}

static gboolean
shows_busy (gpointer page)
{
  return strcmp (stack_page (page), "busy") == 0;
}

/* A page's keys are there as soon as it is, and each page has its own; the focus comes along. */
static void
test_keys (void)
{
  CwbWindow *window = window_with_model ();
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *root = GTK_WIDGET (window), *train, *evaluate, *browse;

  train = cwb_gui_test_find (root, CWB_TYPE_TRAIN_PAGE);
  evaluate = cwb_gui_test_find (root, CWB_TYPE_EVALUATE_PAGE);
  browse = cwb_gui_test_find (root, CWB_TYPE_BROWSE_PAGE);
  cwb_gui_test_set_tiny (session, "0.001", "1");
  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  cwb_gui_test_show_page (window, "evaluate");
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), evaluate));
  g_assert_true (cwb_gui_test_press_anywhere (root, GDK_KEY_r, GDK_CONTROL_MASK));
  g_assert_true (shows_busy (evaluate));
  g_assert_null (cwb_session_get_run (session));
  cwb_gui_test_wait ("the evaluation", shows_result, evaluate);

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  cwb_gui_test_show_page (window, "train");
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), train));
  g_assert_true (cwb_gui_test_press_anywhere (root, GDK_KEY_r, GDK_CONTROL_MASK));
  g_assert_nonnull (cwb_session_get_run (session));
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);

  cwb_gui_test_show_page (window, "browse");
  cwb_gui_test_wait ("the neighbours", shows_neighbours, browse);
  g_signal_emit_by_name (cwb_gui_test_find (browse, GTK_TYPE_GRID_VIEW), "activate", 0);
  g_assert_cmpuint (cwb_session_get_selected (session), !=, 0);
  g_assert_true (cwb_gui_test_press_anywhere (root, GDK_KEY_Left, GDK_ALT_MASK));
  g_assert_cmpuint (cwb_session_get_selected (session), ==, 0);
  cwb_gui_test_close (window);
}

static void
take_error (CwbSession *session, const char *message, char **error)
{
  g_free (*error);
  *error = g_strdup (message);
}

static gboolean
has_error (gpointer error)
{
  return *(char **) error != NULL;
}

/* Of a file alone, which is no checkpoint of a run; then of one that is cut. */
static void
test_open_model (void)
{
  CwbWindow *window = cwb_gui_test_window (900, 640);
  CwbSession *session = cwb_window_get_session (window);
  CwbEvaluatePage *page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
  g_autoptr (CwExperiment) experiment = cw_experiment_new ();
  const CwRecipe *recipe = experiment->recipe;
  const CwPreprocess *input = &recipe->views->preprocess;
  g_autoptr (CwModel) model = cw_model_new_random (recipe->encoder, recipe->encoder_params, input->size,
                                                   input->mean, input->std, 3);
  char *folder = cw_test_make_folder ();
  g_autofree char *good = g_build_filename (folder, "good.safetensors", NULL);
  g_autofree char *cut = g_build_filename (folder, "cut.safetensors", NULL);
  g_autofree char *message = NULL;

  g_assert_true (cw_model_save (model, good, NULL));
  g_assert_true (g_file_set_contents (cut, "{", 1, NULL));
  g_signal_connect (session, "error", G_CALLBACK (take_error), &message);
  cwb_evaluate_page_open_model (page, cut);
  cwb_gui_test_wait ("the error", has_error, &message);
  g_assert_nonnull (strstr (message, "cut.safetensors"));
  g_assert_null (cwb_session_get_model (session));
  cwb_evaluate_page_open_model (page, good);
  cwb_gui_test_wait ("the model", has_model, session);
  g_assert_cmpstr (cwb_session_get_encoder (session)->name, ==, "good.safetensors");
  g_assert_null (cwb_session_get_encoder (session)->run);
  cwb_gui_test_close (window);
  cw_test_remove_folder (folder);
}

static gboolean
shows_kept (gpointer page)
{
  return gtk_widget_get_visible (get_child (page, "kept_label"));
}

/* What a run was scored before is there when its checkpoint is opened again, on the same faces. */
static void
test_kept_scores (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *root = GTK_WIDGET (window), *page;
  g_autofree char *accuracy = NULL;
  g_autofree char *line = NULL;
  g_autofree char *path = NULL;
  g_auto (GStrv) cells = NULL;
  const CwbEncoder *encoder;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "1");
  gtk_widget_activate_action (cwb_gui_test_find (root, CWB_TYPE_TRAIN_PAGE), "train.start", NULL);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (root, CWB_TYPE_EVALUATE_PAGE);
  cwb_gui_test_run_for (200);
  g_assert_false (shows_kept (page));
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  cwb_gui_test_wait ("the evaluation", shows_result, page);
  accuracy = dup_row (page, "Linear probe, accuracy");
  cells = g_strsplit (accuracy, " [", 2);
  line = g_strdup_printf ("\nLinear probe, accuracy: %s\n", cells[0]);

  encoder = cwb_session_get_encoder (session);
  path = g_strdup_printf ("%s/checkpoints/step-%08" G_GUINT64_FORMAT ".safetensors", encoder->run,
                          encoder->step);
  cwb_evaluate_page_open_model (CWB_EVALUATE_PAGE (page), path);
  cwb_gui_test_wait ("the earlier scores", shows_kept, page);
  g_assert_nonnull (strstr (get_text (page, "kept_label"), line));
  cwb_gui_test_open (window, "generated:faces?n=64&seed=2&size=48&per-subject=8");
  cwb_gui_test_run_for (500);
  g_assert_false (shows_kept (page));
  cwb_gui_test_close (window);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = g_dir_make_tmp ("contrawarp-test-XXXXXX", NULL);

  /* Runs go below the user's data folder. */
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  cwb_gui_test_init (&argc, &argv);
  g_test_add_func ("/cwb/train/form-follows", test_form_follows);
  g_test_add_func ("/cwb/train/form-words", test_form_words);
  g_test_add_func ("/cwb/train/run", test_train);
  g_test_add_func ("/cwb/train/failure", test_train_failure);
  g_test_add_func ("/cwb/train/health", test_train_health);
  g_test_add_func ("/cwb/train/broken-checkpoints", test_train_broken_checkpoints);
  g_test_add_func ("/cwb/train/vanishing-data", test_train_vanishing_data);
  g_test_add_func ("/cwb/train/open-run", test_open_run);
  g_test_add_func ("/cwb/train/last-run", test_last_run);
  g_test_add_func ("/cwb/evaluate/open-model", test_open_model);
  g_test_add_func ("/cwb/evaluate/run", test_evaluate);
  g_test_add_func ("/cwb/evaluate/kept-scores", test_kept_scores);
  g_test_add_func ("/cwb/evaluate/protocols", test_evaluate_protocols);
  g_test_add_func ("/cwb/evaluate/unlabelled", test_evaluate_unlabelled);
  g_test_add_func ("/cwb/evaluate/while-training", test_evaluate_while_training);
  g_test_add_func ("/cwb/evaluate/table", test_evaluate_table);
  g_test_add_func ("/cwb/evaluate/no-persons", test_evaluate_no_persons);
  g_test_add_func ("/cwb/evaluate/stands-out", test_stands_out);
  g_test_add_func ("/cwb/browse/neighbours", test_browse);
  g_test_add_func ("/cwb/browse/while-training", test_browse_while_training);
  g_test_add_func ("/cwb/browse/files", test_browse_files);
  g_test_add_func ("/cwb/keys", test_keys);
  return g_test_run ();
}
