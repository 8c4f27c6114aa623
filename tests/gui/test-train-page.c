/* SPDX-License-Identifier: MIT */
/* What the Train page offers for the next run, and how the window closes on one. */
#include "cwb-gui-test.h"

#include "cw-test.h"
#include "pages/cwb-train-page.h"
#include "util/cwb-settings.h"
#include "widgets/cwb-run-charts.h"

#include <math.h>
#include <string.h>

#define FACES "generated:faces?n=96&seed=1&size=48&per-subject=8"

static CwbTrainPage *
find_page (CwbWindow *window)
{
  cwb_gui_test_show_page (window, "train");
  return cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
}

/* (transfer full): eight pictures, three of the train split and two of the test split's. */
static char *
make_split_faces (void)
{
  g_autofree char *folder = cwb_gui_test_make_faces (2, 4), *path = g_build_filename (folder, "labels.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path,
                       "path,label,split\n"
                       "class-a/face-00.png,a,train\n"
                       "class-a/face-01.png,a,train\n"
                       "class-b/face-00.png,b,train\n"
                       "class-a/face-02.png,a,test\n"
                       "class-b/face-01.png,b,test\n",
                       -1, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&path);
}

static void
choose (GtkWidget *row, const char *text)
{
  GListModel *model = adw_combo_row_get_model (ADW_COMBO_ROW (row));

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (model, i);

      if (strcmp (gtk_string_object_get_string (item), text) == 0)
        {
          adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
          return;
        }
    }
  g_test_message ("no '%s'", text);
  g_assert_not_reached ();
}

static const char *
get_choice (GtkWidget *row)
{
  return gtk_string_object_get_string (adw_combo_row_get_selected_item (ADW_COMBO_ROW (row)));
}

/* What has a train split is trained on that alone, whatever the preset says, until one chooses otherwise. */
static void
test_split (void)
{
  g_autofree char *table = make_split_faces ();
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page = GTK_WIDGET (find_page (window)), *row = cwb_gui_test_find_row (page, "Pictures");
  CwExperiment *experiment;

  cwb_gui_test_open (window, FACES);
  g_assert_false (gtk_widget_get_visible (row));
  g_assert_cmpint (cwb_session_get_experiment (session)->data.split, ==, 0);

  cwb_gui_test_open (window, table);
  g_assert_true (gtk_widget_get_visible (row));
  g_assert_cmpstr (get_choice (row), ==, "train (3)");
  g_assert_cmpint (cwb_session_get_experiment (session)->data.split, ==, CW_SPLIT_TRAIN + 1);
  choose (row, "test (2)");
  g_assert_cmpint (cwb_session_get_experiment (session)->data.split, ==, CW_SPLIT_TEST + 1);
  choose (row, "All (5)");
  g_assert_cmpint (cwb_session_get_experiment (session)->data.split, ==, 0);

  /* This preset says nothing of splits. */
  choose (cwb_gui_test_find_row (page, "Preset"), "byol-warp");
  experiment = cwb_session_get_experiment (session);
  g_assert_cmpstr (experiment->recipe->objective->base.id, ==, "byol");
  g_assert_cmpstr (experiment->data.location, ==, table);
  g_assert_cmpint (experiment->data.split, ==, CW_SPLIT_TRAIN + 1);
  g_assert_cmpstr (get_choice (row), ==, "train (3)");

  /* Faces without splits are all there is, then. */
  cwb_gui_test_open (window, FACES);
  g_assert_cmpint (cwb_session_get_experiment (session)->data.split, ==, 0);
  cwb_gui_test_close (window);
}

/* The seed of the form is that of the run; another run takes over its settings. */
static void
test_seed (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page = GTK_WIDGET (find_page (window));
  GtkSpinButton *seed = cwb_gui_test_find (cwb_gui_test_find_row (page, "Seed"), GTK_TYPE_SPIN_BUTTON);

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "1");
  g_assert_cmpfloat (gtk_spin_button_get_value (seed), ==, 1);
  gtk_spin_button_set_value (seed, 7);
  g_assert_true (gtk_widget_activate_action (page, "train.start", NULL));
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  g_assert_cmpuint (cw_run_get_experiment (cwb_session_get_run (session))->recipe->seed, ==, 7);

  choose (cwb_gui_test_find_row (page, "Preset"), "fast");
  g_assert_cmpfloat (gtk_spin_button_get_value (seed), ==, 1);
  g_assert_true (gtk_widget_activate_action (page, "train.use-settings", NULL));
  g_assert_cmpfloat (gtk_spin_button_get_value (seed), ==, 7);
  g_assert_cmpint (cwb_session_get_experiment (session)->recipe->schedule.batch, ==, 16);
  cwb_gui_test_close (window);
}

/* What was set by hand is there again after a preset, on request, and at the next start. */
static void
test_settings_kept (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page = GTK_WIDGET (find_page (window));
  GtkWidget *button;
  g_autofree char *kept = NULL;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "3");
  choose (cwb_gui_test_find_row (page, "Preset"), "fast");
  g_assert_cmpint (cwb_session_get_experiment (session)->recipe->schedule.batch, !=, 16);
  cwb_gui_test_run_for (100);
  button = cwb_gui_test_find_button (GTK_WIDGET (window), "_Undo");
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpint (cwb_session_get_experiment (session)->recipe->schedule.batch, ==, 16);
  g_assert_cmpstr (get_choice (cwb_gui_test_find_row (page, "Preset")), ==, "generated-demo");
  cwb_gui_test_close (window);

  kept = cwb_settings_dup_string ("experiment", "");
  g_assert_nonnull (strstr (kept, "batch=16"));
  g_assert_nonnull (strstr (kept, "epochs=3"));
}

static GtkWindow *
find_question (CwbWindow *window)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (other) && gtk_window_get_transient_for (other) == GTK_WINDOW (window))
        return other;
    }
  return NULL;
}

/* As its button does; whether a dialog that is answered goes by itself is its own affair. */
static void
answer (GtkWindow *question, const char *response)
{
  g_object_ref (question);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), response);
  gtk_window_destroy (question);
  g_object_unref (question);
}

static gboolean
is_training (gpointer session)
{
  return cw_run_get_state (cwb_session_get_run (session)) == CW_RUN_RUNNING;
}

static gboolean
is_gone (gpointer weak)
{
  return *(gpointer *) weak == NULL;
}

/* A run of hours. */
static CwbWindow *
train_and_close (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page = GTK_WIDGET (find_page (window));

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "4000");
  g_assert_true (gtk_widget_activate_action (page, "train.start", NULL));
  cwb_gui_test_wait ("the training", is_training, session);
  gtk_window_close (GTK_WINDOW (window));
  cwb_gui_test_run_for (50);
  return window;
}

/* Who waits with the answer until the run has ended is asked no more, and the window stays. */
static void
test_close_question_outlived (void)
{
  CwbWindow *window = train_and_close ();
  GtkWindow *question = find_question (window);

  g_assert_nonnull (question);
  g_object_add_weak_pointer (G_OBJECT (question), (gpointer *) &question);
  cw_run_stop (cwb_session_get_run (cwb_window_get_session (window)));
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, cwb_window_get_session (window));
  cwb_gui_test_wait ("the question to go", is_gone, &question);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  cwb_gui_test_close (window);
}

/* The answer may come in the same turn of the main loop as the run's end. */
static void
test_close_answer_late (void)
{
  CwbWindow *window = train_and_close ();
  GtkWindow *question = find_question (window);

  cw_run_stop (cwb_session_get_run (cwb_window_get_session (window)));
  while (!cwb_gui_test_run_has_ended (cwb_window_get_session (window)))
    g_usleep (1000);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  answer (question, "stop");
  cwb_gui_test_wait ("the window to go", is_gone, &window);
}

static void
test_close_stops (void)
{
  CwbWindow *window = train_and_close ();
  GtkWindow *question = find_question (window);

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  answer (question, "stop");
  cwb_gui_test_wait ("the window to go", is_gone, &window);
}

static gboolean
has_steps (gpointer session)
{
  return cw_run_get_step (cwb_session_get_run (session)) >= 3;
}

/* What would begin from nothing asks before it replaces what was recorded. */
static void
test_resume_without_checkpoint (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 700);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page = GTK_WIDGET (find_page (window));
  GtkWindow *question;
  CwRun *run;
  guint64 step;

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "4000");
  g_assert_true (gtk_widget_activate_action (page, "train.start", NULL));
  cwb_gui_test_wait ("the first steps", has_steps, session);
  gtk_widget_activate_action (page, "train.stop", NULL);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (50);
  run = cwb_session_get_run (session);
  step = cw_run_get_step (run);
  cw_test_remove_folder (g_build_filename (cw_run_get_folder (run), "checkpoints", NULL));

  g_assert_null (find_question (window));
  g_assert_true (gtk_widget_activate_action (page, "train.resume", NULL));
  question = find_question (window);
  g_assert_nonnull (question);
  answer (question, "cancel");
  cwb_gui_test_run_for (50);
  g_assert_cmpint ((int) cw_run_get_state (run), ==, (int) CW_RUN_STOPPED);
  g_assert_cmpuint (cw_run_get_step (run), ==, step);
  cwb_gui_test_close (window);
}

static double
get_cursor (GtkWidget *charts, const char *chart)
{
  double cursor;

  g_object_get (gtk_widget_get_template_child (charts, CWB_TYPE_RUN_CHARTS, chart), "cursor",
                &cursor, NULL);
  return cursor;
}

/* The charts have one x axis, and one cursor. */
static void
test_cursor (void)
{
  CwbWindow *window = cwb_gui_test_window (1000, 900);
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page = GTK_WIDGET (find_page (window)), *chart;
  GtkWidget *charts = cwb_gui_test_find (page, CWB_TYPE_RUN_CHARTS);

  cwb_gui_test_open (window, FACES);
  cwb_gui_test_set_tiny (session, "0.001", "1");
  cwb_gui_test_show_page (window, "train");
  gtk_widget_activate_action (page, "train.start", NULL);
  cwb_gui_test_wait ("the end of the run", cwb_gui_test_run_has_ended, session);
  cwb_gui_test_run_for (200);
  g_assert_true (isnan (get_cursor (charts, "loss_chart")));

  chart = GTK_WIDGET (gtk_widget_get_template_child (charts, CWB_TYPE_RUN_CHARTS, "cosine_chart"));
  g_assert_true (cwb_gui_test_press (chart, GDK_KEY_End, 0));
  g_assert_cmpfloat (get_cursor (charts, "cosine_chart"), >, 0);
  g_assert_cmpfloat (get_cursor (charts, "loss_chart"), ==, get_cursor (charts, "cosine_chart"));
  g_assert_cmpfloat (get_cursor (charts, "std_chart"), ==, get_cursor (charts, "cosine_chart"));
  g_assert_true (cwb_gui_test_press (chart, GDK_KEY_Escape, 0));
  g_assert_true (isnan (get_cursor (charts, "loss_chart")));
  g_assert_true (isnan (get_cursor (charts, "std_chart")));
  cwb_gui_test_close (window);
}

int
main (int argc, char **argv)
{
  cwb_gui_test_init (&argc, &argv);
  g_test_add_func ("/cwb/train/split", test_split);
  g_test_add_func ("/cwb/train/seed", test_seed);
  g_test_add_func ("/cwb/train/cursor", test_cursor);
  g_test_add_func ("/cwb/train/settings-kept", test_settings_kept);
  g_test_add_func ("/cwb/train/resume-without-checkpoint", test_resume_without_checkpoint);
  g_test_add_func ("/cwb/train/close/question-outlived", test_close_question_outlived);
  g_test_add_func ("/cwb/train/close/answer-late", test_close_answer_late);
  g_test_add_func ("/cwb/train/close/stops", test_close_stops);
  return g_test_run ();
}
