/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-run-step.h"

#include <glib/gi18n.h>

struct _CwbRunStep
{
  GtkBox parent_instance;

  CwbSession *session;
  gboolean wanted; /* once the data of the run are open */
  GtkLabel *run_label;
  GtkSpinButton *step_spin, *place_spin;
};

G_DEFINE_FINAL_TYPE (CwbRunStep, cwb_run_step, GTK_TYPE_BOX)

static guint shown_signal;

static void
on_run_changed (CwbRunStep *self)
{
  CwRun *run = cwb_session_get_run (self->session);
  g_autofree char *text = NULL;

  if (run == NULL)
    text = g_strdup (_ ("Start or open a run on the Train page first."));
  else
    /* Translators: a run's folder, how many steps it has made */
    text = g_strdup_printf (_ ("%s, %'lu steps so far"), cw_run_get_folder (run),
                            (gulong) cw_run_get_step (run));
  gtk_label_set_text (self->run_label, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "run-step.show", run != NULL);
}

/* The views' settings alone, so that what else the experiment says stays; the editor can undo it. */
static gboolean
take_settings (CwbRunStep *self, const CwExperiment *of_run, GError **error)
{
  static const char *const sections[] = { "view", "warp", NULL };
  CwExperiment *experiment = cwb_session_get_experiment (self->session);
  g_autofree char *text = cw_experiment_section_to_string (of_run, sections);

  if (!cw_experiment_apply_text (experiment, text, of_run->name, error))
    return FALSE;
  experiment->data.source_side = of_run->data.source_side;
  cwb_session_experiment_changed (self->session);
  return TRUE;
}

static gboolean
show_step (CwbRunStep *self, const CwExperiment *of_run, GError **error)
{
  CwbSession *session = self->session;
  CwSplit split = of_run->data.split == 0 ? CW_SPLIT_NONE : (CwSplit) (of_run->data.split - 1);
  g_autoptr (GArray) items = cw_split_select (cwb_session_get_dataset (session), split);
  int batch = of_run->recipe->schedule.batch;
  int place = gtk_spin_button_get_value_as_int (self->place_spin);
  g_autofree guint32 *of_step = NULL;
  guint32 epoch;

  if ((int) items->len < batch)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   _ ("The run's batches have %'d pictures, but there are only %'u of its split "
                      "here."),
                   batch, items->len);
      return FALSE;
    }
  if (place >= batch)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   _ ("Place %d: the run's batches have the places 0 to %d."), place, batch - 1);
      return FALSE;
    }
  if (!take_settings (self, of_run, error))
    return FALSE;
  of_step = g_new (guint32, (gsize) batch);
  epoch = cw_loader_list_items ((const guint32 *) (gconstpointer) items->data, items->len,
                                of_run->recipe->seed, batch,
                                (guint64) gtk_spin_button_get_value (self->step_spin), of_step);
  g_signal_emit (self, shown_signal, 0, of_run->recipe->seed, epoch,
                 of_run->recipe->views->negatives.count);
  cwb_session_set_selected (session, of_step[place]);
  return TRUE;
}

static gboolean
has_data_of (CwbRunStep *self, const CwDataParams *data)
{
  CwbSession *session = self->session;
  const CwDataParams *open = &cwb_session_get_experiment (session)->data;

  return cwb_session_get_dataset (session) != NULL && g_str_equal (open->location, data->location)
         && g_str_equal (open->reader, data->reader) && g_str_equal (open->options, data->options);
}

static void
show_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbRunStep *self = CWB_RUN_STEP (widget);
  CwbSession *session = self->session;
  const CwExperiment *of_run = cw_run_get_experiment (cwb_session_get_run (session));
  g_autoptr (GError) error = NULL;

  self->wanted = !has_data_of (self, &of_run->data);
  if (self->wanted)
    cwb_session_open_location (session, of_run->data.location, of_run->data.reader,
                               of_run->data.options);
  else if (!show_step (self, of_run, &error))
    cwb_session_report_error (session, error->message);
}

/* The data of the run are open, if it was they that were waited for. */
static void
on_dataset_changed (CwbRunStep *self)
{
  CwRun *run = cwb_session_get_run (self->session);

  if (!self->wanted || run == NULL || !has_data_of (self, &cw_run_get_experiment (run)->data))
    return;
  self->wanted = FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self), "run-step.show", NULL);
}

static void
cwb_run_step_map (GtkWidget *widget)
{
  CwbRunStep *self = CWB_RUN_STEP (widget);

  GTK_WIDGET_CLASS (cwb_run_step_parent_class)->map (widget);
  if (self->session != NULL)
    on_run_changed (self);
}

static void
cwb_run_step_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CWB_TYPE_RUN_STEP);
  G_OBJECT_CLASS (cwb_run_step_parent_class)->dispose (object);
}

static void
cwb_run_step_class_init (CwbRunStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_run_step_dispose;
  widget_class->map = cwb_run_step_map;
  shown_signal = g_signal_new ("shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 3, G_TYPE_UINT64, G_TYPE_UINT, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-run-step.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbRunStep, run_label);
  gtk_widget_class_bind_template_child (widget_class, CwbRunStep, step_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbRunStep, place_spin);
  gtk_widget_class_install_action (widget_class, "run-step.show", NULL, show_step_action);
}

static void
cwb_run_step_init (CwbRunStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cwb_run_step_new (void)
{
  return g_object_new (CWB_TYPE_RUN_STEP, NULL);
}

void
cwb_run_step_set_session (CwbRunStep *self, CwbSession *session)
{
  g_return_if_fail (CWB_IS_RUN_STEP (self));

  self->session = session;
  g_signal_connect_object (session, "notify::run", G_CALLBACK (on_run_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_dataset_changed), self,
                           G_CONNECT_SWAPPED);
  on_run_changed (self);
}
