/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-run-form.h"

#include "util/cwb-dataset-text.h"
#include "util/cwb-settings.h"
#include "util/cwb-toast.h"
#include "widgets/cwb-experiment-form.h"

#include <glib/gi18n.h>

/* What the session begins with. */
#define DEFAULT_PRESET "generated-demo"

struct _CwbRunForm
{
  AdwBin parent_instance;

  CwbSession *session; /* (nullable) before it was given */
  char **presets;
  GArray *splits;    /* int: what the entries of split_row stand for, as in [data] */
  gboolean choosing; /* the rows are being filled */
  gboolean editing;  /* what changes is changed in the form */
  gboolean stale;    /* the form is made anew when the page is shown next */

  AdwPreferencesGroup *new_group;
  AdwComboRow *preset_row, *split_row;
  AdwActionRow *data_row;
  GtkSpinButton *seed_button;
  CwbExperimentForm *experiment_form;
};

G_DEFINE_FINAL_TYPE (CwbRunForm, cwb_run_form, ADW_TYPE_BIN)

static void
on_form_changed (CwbExperimentForm *form, CwbRunForm *self)
{
  self->editing = TRUE;
  cwb_session_experiment_changed (self->session);
  self->editing = FALSE;
}

static void
describe_preset (CwbRunForm *self)
{
  guint selected = adw_combo_row_get_selected (self->preset_row);
  g_autofree char *text = selected != GTK_INVALID_LIST_POSITION
                              ? cw_experiment_dup_preset_description (self->presets[selected])
                              : NULL;
  g_autofree char *markup = g_markup_escape_text (text != NULL ? text : "", -1);

  adw_preferences_group_set_description (self->new_group, markup);
}

/* The settings that others took the place of. */
typedef struct
{
  CwbRunForm *form;
  CwExperiment *settings;
  char *preset;
} Replaced;

static void
replaced_free (gpointer data)
{
  Replaced *replaced = data;

  g_object_unref (replaced->form);
  cw_experiment_free (replaced->settings);
  g_free (replaced->preset);
  g_free (replaced);
}

static void
show_preset (CwbRunForm *self, const char *name)
{
  self->choosing = TRUE;
  for (guint i = 0; self->presets[i] != NULL; i++)
    {
      if (g_str_equal (self->presets[i], name))
        adw_combo_row_set_selected (self->preset_row, i);
    }
  self->choosing = FALSE;
  describe_preset (self);
}

static void
choose_preset (CwbRunForm *self, const char *name)
{
  show_preset (self, name);
  cwb_settings_set_string ("preset", name);
}

static void
on_undo (AdwToast *toast, Replaced *replaced)
{
  CwbRunForm *self = replaced->form;

  if (self->session == NULL)
    return;
  choose_preset (self, replaced->preset);
  cwb_session_set_settings (self->session, replaced->settings);
}

/* What was set by hand may have taken a while. */
void
cwb_run_form_replace_settings (CwbRunForm *self, const CwExperiment *experiment, const char *said)
{
  Replaced *replaced;

  g_return_if_fail (CWB_IS_RUN_FORM (self));

  replaced = g_new0 (Replaced, 1);
  replaced->form = g_object_ref (self);
  replaced->settings = cw_experiment_copy (cwb_session_get_experiment (self->session));
  replaced->preset = cwb_settings_dup_string ("preset", DEFAULT_PRESET);
  cwb_session_set_settings (self->session, experiment);
  cwb_toast_undo (GTK_WIDGET (self), said, G_CALLBACK (on_undo), replaced, replaced_free);
}

static void
on_preset (AdwComboRow *row, GParamSpec *pspec, CwbRunForm *self)
{
  guint selected = adw_combo_row_get_selected (row);
  g_autoptr (CwExperiment) experiment = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  if (self->choosing || self->session == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;
  experiment = cw_experiment_load_preset (self->presets[selected], &error);
  if (experiment == NULL)
    {
      cwb_session_report_error (self->session, error->message);
      return;
    }
  said = g_strdup_printf (_ ("All settings are those of “%s” now"), self->presets[selected]);
  cwb_run_form_replace_settings (self, experiment, said);
  choose_preset (self, self->presets[selected]);
}

static void
fill_presets (CwbRunForm *self)
{
  g_autofree char *last = cwb_settings_dup_string ("preset", DEFAULT_PRESET);
  g_autoptr (GtkStringList) names = NULL;

  self->presets = cw_experiment_list_presets ();
  names = gtk_string_list_new ((const char *const *) self->presets);
  self->choosing = TRUE;
  adw_combo_row_set_model (self->preset_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->preset_row, GTK_INVALID_LIST_POSITION);
  self->choosing = FALSE;
  show_preset (self, last);
}

static void
on_split (AdwComboRow *row, GParamSpec *pspec, CwbRunForm *self)
{
  guint selected = adw_combo_row_get_selected (row);

  if (self->choosing || selected == GTK_INVALID_LIST_POSITION)
    return;
  cwb_session_get_experiment (self->session)->data.split = g_array_index (self->splits, int, selected);
  cwb_session_experiment_changed (self->session);
}

static void
on_seed (GtkSpinButton *button, CwbRunForm *self)
{
  if (self->choosing)
    return;
  cwb_session_get_experiment (self->session)->recipe->seed = (guint64) gtk_spin_button_get_value (button);
  cwb_session_experiment_changed (self->session);
}

static void
show_choices (CwbRunForm *self)
{
  const CwExperiment *experiment = cwb_session_get_experiment (self->session);

  self->choosing = TRUE;
  for (guint i = 0; i < self->splits->len; i++)
    {
      if (g_array_index (self->splits, int, i) == experiment->data.split)
        adw_combo_row_set_selected (self->split_row, i);
    }
  gtk_spin_button_set_value (self->seed_button, (double) experiment->recipe->seed);
  self->choosing = FALSE;
}

static void
add_split (CwbRunForm *self, GtkStringList *names, int split, const char *name, guint n)
{
  g_autofree char *text = g_strdup_printf (_ ("%s (%'u)"), name, n);

  gtk_string_list_append (names, text);
  g_array_append_val (self->splits, split);
}

static void
fill_splits (CwbRunForm *self, CwDataset *dataset)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_array_set_size (self->splits, 0);
  if (dataset != NULL)
    add_split (self, names, 0, _ ("All"), cw_dataset_get_n_items (dataset));
  for (CwSplit split = CW_SPLIT_TRAIN; dataset != NULL && split <= CW_SPLIT_TEST; split++)
    {
      guint n = cw_dataset_count_split (dataset, split);

      if (n > 0)
        add_split (self, names, (int) split + 1, cw_split_name (split), n);
    }
  self->choosing = TRUE;
  adw_combo_row_set_model (self->split_row, G_LIST_MODEL (names));
  self->choosing = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->split_row), self->splits->len > 1);
}

static void
on_dataset (CwbSession *session, GParamSpec *pspec, CwbRunForm *self)
{
  CwDataset *dataset = cwb_session_get_dataset (session);
  g_autofree char *text = NULL, *markup = NULL;

  if (dataset != NULL)
    {
      guint n = cw_dataset_get_n_items (dataset);
      g_autofree char *title = cwb_dataset_dup_title (dataset);

      text = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%s (%'u picture)", "%s (%'u pictures)", n), title, n);
    }
  else
    text = g_strdup (_ ("None: open a folder on the Data page"));
  markup = g_markup_escape_text (text, -1);
  adw_action_row_set_subtitle (self->data_row, markup);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->data_row),
                               dataset != NULL ? cw_dataset_get_location (dataset) : NULL);
  fill_splits (self, dataset);
  show_choices (self);
}

static void
on_experiment_changed (CwbSession *session, CwbRunForm *self)
{
  show_choices (self);
  /* What is edited in the form must not be torn down under the pointer. */
  if (self->editing)
    return;
  /* Whoever else changed it may have replaced what the rows write into. To make them anew takes longer than many
   * frames of a slider that is dragged on the Explore page. */
  self->stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  cwb_experiment_form_set_experiment (self->experiment_form,
                                      self->stale ? NULL : cwb_session_get_experiment (session));
}

static void
cwb_run_form_map (GtkWidget *widget)
{
  CwbRunForm *self = CWB_RUN_FORM (widget);

  if (self->stale)
    cwb_experiment_form_set_experiment (self->experiment_form,
                                        cwb_session_get_experiment (self->session));
  self->stale = FALSE;
  GTK_WIDGET_CLASS (cwb_run_form_parent_class)->map (widget);
}

void
cwb_run_form_set_session (CwbRunForm *self, CwbSession *session)
{
  g_return_if_fail (CWB_IS_RUN_FORM (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_dataset), self, 0);
  g_signal_connect_object (session, "experiment-changed", G_CALLBACK (on_experiment_changed), self,
                           0);
  cwb_experiment_form_set_experiment (self->experiment_form, cwb_session_get_experiment (session));
  on_dataset (session, NULL, self);
}

static void
cwb_run_form_dispose (GObject *object)
{
  CwbRunForm *self = CWB_RUN_FORM (object);

  if (self->experiment_form != NULL)
    cwb_experiment_form_set_experiment (self->experiment_form, NULL);
  g_clear_object (&self->session);
  g_clear_pointer (&self->presets, g_strfreev);
  g_clear_pointer (&self->splits, g_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_RUN_FORM);
  G_OBJECT_CLASS (cwb_run_form_parent_class)->dispose (object);
}

static void
cwb_run_form_class_init (CwbRunFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_run_form_dispose;
  widget_class->map = cwb_run_form_map;
  g_type_ensure (CWB_TYPE_EXPERIMENT_FORM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-run-form.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbRunForm, new_group);
  gtk_widget_class_bind_template_child (widget_class, CwbRunForm, preset_row);
  gtk_widget_class_bind_template_child (widget_class, CwbRunForm, data_row);
  gtk_widget_class_bind_template_child (widget_class, CwbRunForm, split_row);
  gtk_widget_class_bind_template_child (widget_class, CwbRunForm, seed_button);
  gtk_widget_class_bind_template_child (widget_class, CwbRunForm, experiment_form);
  gtk_widget_class_bind_template_callback (widget_class, on_form_changed);
}

static void
cwb_run_form_init (CwbRunForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->splits = g_array_new (FALSE, FALSE, sizeof (int));
  fill_presets (self);
  g_signal_connect (self->preset_row, "notify::selected", G_CALLBACK (on_preset), self);
  g_signal_connect (self->split_row, "notify::selected", G_CALLBACK (on_split), self);
  g_signal_connect (self->seed_button, "value-changed", G_CALLBACK (on_seed), self);
}
