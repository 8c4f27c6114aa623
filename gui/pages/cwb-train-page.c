/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-train-page.h"

#include "models/cwb-runs.h"
#include "util/cwb-keys.h"
#include "util/cwb-task.h"
#include "widgets/cwb-health-light.h"
#include "widgets/cwb-run-charts.h"
#include "widgets/cwb-run-form.h"
#include "widgets/cwb-unreadable-button.h"

#include <glib/gi18n.h>
#include <math.h>

/* Of the pictures: with more of them gone a run is not what it looks like. A few broken files among
 * thousands are nothing to act on. */
#define MAX_UNREADABLE 0.01

struct _CwbTrainPage
{
  CwbPage parent_instance;

  CwbSession *session;
  CwRun *run; /* (nullable): the one that is shown */
  GtkFileChooserNative *chooser;
  CwbTask *opening; /* (nullable): a run that is there */

  CwbRunForm *form;
  GtkButton *pause_button, *stop_button, *resume_button, *settings_button;
  GtkLabel *state_label, *detail_label, *health_label;
  CwbHealthLight *health_light;
  GtkProgressBar *progress;
  CwbUnreadableButton *unreadable;
  GtkStack *stack;
  AdwStatusPage *error_page;
  CwbRunCharts *charts;
};

G_DEFINE_FINAL_TYPE (CwbTrainPage, cwb_train_page, CWB_TYPE_PAGE)

/* ---- state ---- */

static char *
format_duration (double seconds)
{
  int s = (int) ceil (seconds);

  if (s < 60)
    return g_strdup_printf (_ ("%d s"), s);
  if (s < 3600)
    return g_strdup_printf (_ ("%d min %d s"), s / 60, s % 60);
  return g_strdup_printf (_ ("%d h %d min"), s / 3600, s / 60 % 60);
}

static void
show_detail (CwbTrainPage *self)
{
  guint64 step = cw_run_get_step (self->run), total = cw_run_get_total_steps (self->run);
  double left = cw_run_get_seconds_left (self->run);
  guint per_epoch = cw_run_get_steps_per_epoch (self->run);
  guint n_shown = cwb_run_charts_get_n_steps (self->charts);
  g_autoptr (GString) text = g_string_new (NULL);

  if (total > 0)
    g_string_append_printf (text, _ ("Step %'lu of %'lu"), (gulong) step, (gulong) total);
  if (per_epoch > 0)
    g_string_append_printf (text, _ ("  ·  epoch %.1f"), (double) step / per_epoch);
  if (cw_run_get_state (self->run) == CW_RUN_RUNNING && n_shown > 0)
    {
      g_autoptr (GArray) last = cw_run_dup_records (self->run, n_shown - 1);

      if (last->len > 0)
        {
          const CwStepRecord *record = &g_array_index (last, CwStepRecord, 0);

          g_string_append_printf (text, _ ("  ·  %.0f images/s"), record->images_per_second);
          /* Less is nothing to act on. */
          if (record->wait_share >= 0.01)
            g_string_append_printf (text, _ ("  ·  %.0f %% of the time waiting for data"),
                                    100 * record->wait_share);
        }
      if (left >= 0)
        {
          g_autofree char *duration = format_duration (left);

          g_string_append_printf (text, _ ("  ·  %s left"), duration);
        }
    }
  else if (step > 0)
    {
      g_autofree char *duration = format_duration (cw_run_get_seconds (self->run));

      g_string_append_printf (text, _ ("  ·  trained for %s"), duration);
    }
  gtk_label_set_text (self->detail_label, text->str);
  gtk_progress_bar_set_fraction (self->progress,
                                 total > 0 ? MIN (1.0, (double) step / (double) total) : 0);
}

static void
add_remark (GString *remarks, const char *remark)
{
  if (remarks->len > 0)
    g_string_append_c (remarks, '\n');
  g_string_append (remarks, remark);
}

/* (transfer full) (nullable): what is worth a warning besides the run's flags. */
static char *
dup_remarks (CwRun *run)
{
  g_autoptr (GString) remarks = g_string_new (NULL);
  guint n = cw_run_get_n_pictures (run), n_unreadable = cw_run_get_n_unreadable (run);
  guint64 step = 0;
  g_autofree char *skipped = cw_run_dup_skipped (run, &step);

  if (n > 0 && n_unreadable > MAX_UNREADABLE * n)
    {
      g_autofree char *line
          = g_strdup_printf (_ ("%'u of %'u pictures could not be read: is the data still there?"),
                             n_unreadable, n);

      add_remark (remarks, line);
    }
  if (skipped != NULL)
    {
      g_autofree char *line = g_strdup_printf (
          _ ("Went on from step %lu, not from the last checkpoint: %s"), (gulong) step, skipped);

      add_remark (remarks, line);
    }
  return remarks->len > 0 ? g_string_free (g_steal_pointer (&remarks), FALSE) : NULL;
}

/* A run of which nothing is known yet has no light. */
static void
show_health (CwbTrainPage *self)
{
  g_autoptr (GArray) flags = self->run != NULL ? cw_run_dup_flags (self->run)
                                               : g_array_new (FALSE, FALSE, sizeof (CwHealthFlag));
  const CwHealthFlag *data = (const CwHealthFlag *) flags->data;
  g_autofree char *remarks = self->run != NULL ? dup_remarks (self->run) : NULL;
  g_autofree char *lines = cwb_health_light_dup_lines (data, flags->len, remarks);
  gboolean noticed = *lines != '\0';

  cwb_health_light_set_flags (self->health_light, data, flags->len, remarks);
  gtk_widget_set_visible (GTK_WIDGET (self->health_light),
                          cwb_run_charts_get_n_steps (self->charts) > 0 || noticed);
  gtk_label_set_text (self->health_label, lines);
  gtk_widget_set_visible (GTK_WIDGET (self->health_label), noticed);
  cwb_unreadable_button_update (self->unreadable);
}

static void
show_pause (CwbTrainPage *self, gboolean paused)
{
  const char *text = paused ? _ ("Go on (Ctrl+P)") : _ ("Pause after this step (Ctrl+P)");

  gtk_button_set_icon_name (self->pause_button,
                            paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause_button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
}

static void
update_actions (CwbTrainPage *self, CwRunState state)
{
  gboolean active = cwb_runs_is_active (self->run), idle = !active && self->opening == NULL;
  gboolean unfinished = self->run != NULL && !active && state != CW_RUN_FINISHED;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.start",
                                 idle && self->session != NULL
                                     && cwb_session_get_dataset (self->session) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.pause",
                                 state == CW_RUN_RUNNING || state == CW_RUN_PAUSED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.stop", active);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.resume", idle && unfinished);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.open", idle);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.use-settings", self->run != NULL);
  show_pause (self, state == CW_RUN_PAUSED);
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button), active);
  gtk_widget_set_visible (GTK_WIDGET (self->stop_button), active);
  gtk_widget_set_visible (GTK_WIDGET (self->resume_button), unfinished);
  gtk_widget_set_visible (GTK_WIDGET (self->settings_button), self->run != NULL && !active);
}

static void
update (CwbTrainPage *self)
{
  CwRunState state = self->run != NULL ? cw_run_get_state (self->run) : CW_RUN_NEW;

  update_actions (self, state);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), self->run != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), self->run != NULL);
  show_health (self);
  if (self->run == NULL)
    {
      gtk_label_set_text (self->state_label, self->opening != NULL ? _ ("Opening the run…") : "");
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  if (state == CW_RUN_FAILED)
    {
      g_autofree char *error = cw_run_dup_error (self->run);

      gtk_label_set_text (self->state_label, cwb_runs_state_text (state));
      cwb_page_describe (self->error_page, error != NULL ? error : "");
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  else
    {
      g_autofree char *name = g_path_get_basename (cw_run_get_folder (self->run));
      g_autofree char *text = g_strdup_printf ("%s  ·  %s", cwb_runs_state_text (state), name);

      gtk_label_set_text (self->state_label, text);
      gtk_stack_set_visible_child_name (self->stack, "charts");
    }
  show_detail (self);
}

static void
on_steps (CwRun *run, CwbTrainPage *self)
{
  cwb_run_charts_update (self->charts);
  show_detail (self);
  show_health (self);
}

/* A finished or stopped run's encoder is what the other pages look through. */
static void
on_state (CwRun *run, GParamSpec *pspec, CwbTrainPage *self)
{
  CwRunState state = cw_run_get_state (run);

  cwb_run_charts_update (self->charts);
  if (state == CW_RUN_FINISHED || state == CW_RUN_STOPPED)
    {
      g_autoptr (CwModel) model = cw_run_dup_model (run);

      if (model != NULL)
        cwb_session_set_trained_model (self->session, model, run);
    }
  update (self);
}

static void
on_model (CwRun *run, CwbTrainPage *self)
{
  g_autoptr (CwModel) model = cw_run_dup_model (run);

  if (model != NULL)
    cwb_session_set_trained_model (self->session, model, run);
}

static void
follow_run (CwbTrainPage *self)
{
  CwRun *run = cwb_session_get_run (self->session);

  if (run == self->run)
    return;
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  cwb_unreadable_button_set_run (self->unreadable, run);
  cwb_run_charts_set_run (self->charts, run);
  if (run != NULL)
    {
      g_signal_connect_object (run, "steps", G_CALLBACK (on_steps), self, 0);
      g_signal_connect_object (run, "notify::state", G_CALLBACK (on_state), self, 0);
      g_signal_connect_object (run, "model", G_CALLBACK (on_model), self, 0);
    }
  update (self);
}

/* ---- actions ---- */

static void
start_run (CwbTrainPage *self, CwRun *run)
{
  g_autoptr (GError) error = NULL;

  if (!cw_run_start (run, &error))
    {
      cwb_session_report_error (self->session, error->message);
      return;
    }
  cwb_session_set_run (self->session, run);
  update (self);
}

/* (transfer full): below the runs' folder, named for experiment and time; two may begin in the same second. */
static char *
name_folder (CwbTrainPage *self, const CwExperiment *experiment)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *stem = g_strdup_printf ("%s-%s", experiment->name, stamp);
  const char *runs = cwb_session_get_runs_folder (self->session);
  char *folder;

  g_strdelimit (stem, "/ ", '-');
  folder = g_build_filename (runs, stem, NULL);
  for (int i = 2; g_file_test (folder, G_FILE_TEST_EXISTS); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%d", stem, i);

      g_free (folder);
      folder = g_build_filename (runs, name, NULL);
    }
  return folder;
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (widget);
  const CwExperiment *experiment = cwb_session_get_experiment (self->session);
  g_autofree char *folder = name_folder (self, experiment);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRun) run = NULL;

  run = cw_run_new (experiment, folder, &error);
  if (run == NULL)
    {
      cwb_session_report_error (self->session, error->message);
      return;
    }
  start_run (self, run);
}

static void
pause_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (widget);

  if (cw_run_get_state (self->run) == CW_RUN_PAUSED)
    cw_run_unpause (self->run);
  else
    cw_run_pause (self->run);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cw_run_stop (CWB_TRAIN_PAGE (widget)->run);
}

static void
show_curves_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_stack_set_visible_child_name (CWB_TRAIN_PAGE (widget)->stack, "charts");
}

static void
on_anew (AdwMessageDialog *dialog, const char *response, CwbTrainPage *self)
{
  if (g_str_equal (response, "anew") && !cwb_runs_is_active (self->run))
    start_run (self, self->run);
}

/* Nothing to go on from: all that is in the charts would be gone. */
static void
ask_anew (CwbTrainPage *self)
{
  GtkWidget *dialog
      = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                _ ("Begin This Run Anew?"), NULL);
  guint n = cwb_run_charts_get_n_steps (self->charts);

  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      g_dngettext (GETTEXT_PACKAGE,
                   "It has no checkpoint to go on from. Its %'u recorded step is replaced.",
                   "It has no checkpoint to go on from. Its %'u recorded steps are replaced.", n),
      n);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "anew",
                                    _ ("_Begin Anew"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "anew",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_anew), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (widget);
  g_autoptr (GArray) checkpoints = cw_checkpoint_list (cw_run_get_folder (self->run));

  if (checkpoints->len == 0 && cwb_run_charts_get_n_steps (self->charts) > 0)
    ask_anew (self);
  else
    start_run (self, self->run);
}

/* ---- a run that is there ---- */

typedef struct
{
  CwRun *run;
  CwModel *model; /* NULL where it has none */
  char *error;    /* of a model that should be there */
} Opened;

static void
opened_free (gpointer data)
{
  Opened *opened = data;

  g_object_unref (opened->run);
  g_clear_pointer (&opened->model, cw_model_unref);
  g_free (opened->error);
  g_free (opened);
}

/* What the object would only load when it is asked is asked for here: a long run has much of it. */
static void
load_history (CwRun *run)
{
  g_autoptr (GArray) records = cw_run_dup_records (run, 0);
  g_autoptr (GPtrArray) unreadable = cw_run_dup_unreadable (run, 0);
}

static gpointer
open_work (gpointer folder, CwJob *job, GError **error)
{
  g_autoptr (CwRun) run = cw_run_open (folder, error);
  g_autoptr (GArray) checkpoints = NULL;
  g_autoptr (GError) local = NULL;
  Opened *opened;

  if (run == NULL)
    return NULL;
  if (cwb_runs_is_active (run))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   _ ("%s: another program trains in it; stop that one first"), (char *) folder);
      return NULL;
    }
  load_history (run);
  opened = g_new0 (Opened, 1);
  checkpoints = cw_checkpoint_list (folder);
  if (checkpoints->len > 0)
    opened->model = cw_model_load (folder, &local);
  opened->error = local != NULL ? g_strdup (local->message) : NULL;
  opened->run = g_steal_pointer (&run);
  return opened;
}

/* Nobody asked for it: a folder that is gone is no error. */
static gpointer
reopen_work (gpointer folder, CwJob *job, GError **error)
{
  return g_file_test (folder, G_FILE_TEST_IS_DIR) ? open_work (folder, job, error) : NULL;
}

static void
open_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (owner);
  Opened *opened = result;

  cwb_task_clear (&self->opening);
  if (opened == NULL)
    {
      if (error != NULL)
        cwb_session_report_error (self->session, error->message);
      update (self);
      return;
    }
  cwb_session_set_run (self->session, opened->run);
  if (opened->model != NULL)
    cwb_session_set_model (self->session, opened->model);
  else if (opened->error != NULL)
    cwb_session_report_error (self->session, opened->error);
  opened_free (opened);
}

static const CwbTaskClass open_class = {
  .work = open_work,
  .done = open_done,
  .free_data = g_free,
  .free_result = opened_free,
};

static const CwbTaskClass reopen_class = {
  .work = reopen_work,
  .done = open_done,
  .free_data = g_free,
  .free_result = opened_free,
};

static void
start_opening (CwbTrainPage *self, const CwbTaskClass *klass, const char *folder)
{
  g_return_if_fail (CWB_IS_TRAIN_PAGE (self));
  g_return_if_fail (!cwb_runs_is_active (self->run));

  cwb_task_clear (&self->opening);
  self->opening = cwb_task_start (klass, self, g_strdup (folder));
  update (self);
}

void
cwb_train_page_open_run (CwbTrainPage *self, const char *folder)
{
  start_opening (self, &open_class, folder);
}

void
cwb_train_page_reopen_run (CwbTrainPage *self, const char *folder)
{
  start_opening (self, &reopen_class, folder);
}

static void
on_run_chosen (GtkNativeDialog *dialog, int response, CwbTrainPage *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL && !cwb_runs_is_active (self->run))
    cwb_train_page_open_run (self, path);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (widget);
  g_autoptr (GFile) folder = g_file_new_for_path (cwb_session_get_runs_folder (self->session));

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Open a Run"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                               _ ("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_run_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
use_settings_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (widget);
  g_autofree char *run = g_path_get_basename (cw_run_get_folder (self->run));
  g_autofree char *said = g_strdup_printf (_ ("All settings are those of %s now"), run);

  cwb_run_form_replace_settings (self->form, cw_run_get_experiment (self->run), said);
}

static void
cwb_train_page_session_set (CwbPage *page, CwbSession *session)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (page);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::run", G_CALLBACK (follow_run), self,
                           G_CONNECT_SWAPPED);
  cwb_run_form_set_session (self->form, session);
  follow_run (self);
  update (self);
}

static void
cwb_train_page_dispose (GObject *object)
{
  CwbTrainPage *self = CWB_TRAIN_PAGE (object);

  cwb_task_clear (&self->opening);
  g_clear_object (&self->chooser);
  g_clear_object (&self->run);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_TRAIN_PAGE);
  G_OBJECT_CLASS (cwb_train_page_parent_class)->dispose (object);
}

static void
cwb_train_page_class_init (CwbTrainPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_train_page_dispose;
  CWB_PAGE_CLASS (klass)->session_set = cwb_train_page_session_set;
  g_type_ensure (CWB_TYPE_HEALTH_LIGHT);
  g_type_ensure (CWB_TYPE_RUN_CHARTS);
  g_type_ensure (CWB_TYPE_RUN_FORM);
  g_type_ensure (CWB_TYPE_UNREADABLE_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-train-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, form);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, pause_button);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, resume_button);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, settings_button);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, detail_label);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, health_label);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, health_light);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, progress);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, unreadable);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, CwbTrainPage, charts);
  gtk_widget_class_install_action (widget_class, "train.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "train.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "train.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "train.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "train.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "train.use-settings", NULL, use_settings_action);
  gtk_widget_class_install_action (widget_class, "train.show-curves", NULL, show_curves_action);
}

static void
cwb_train_page_init (CwbTrainPage *self)
{
  static const CwbKey keys[] = {
    { GDK_KEY_r, GDK_CONTROL_MASK, "train.start" },
    { GDK_KEY_p, GDK_CONTROL_MASK, "train.pause" },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  cwb_keys_add (GTK_WIDGET (self), keys, G_N_ELEMENTS (keys));
  update (self);
}
