/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "widgets/cwb-experiment-form.h"

#include "widgets/cwb-param-row.h"

#include <glib/gi18n.h>
#include <string.h>

struct _CwbExperimentForm
{
  GtkWidget parent_instance;
  GtkWidget *list;
  CwExperiment *experiment; /* lent */
  GHashTable *expanded;     /* labels of the sections that are open */
  guint rebuild_id;
};

G_DEFINE_FINAL_TYPE (CwbExperimentForm, cwb_experiment_form, GTK_TYPE_WIDGET)

static guint changed_signal;

static void build (CwbExperimentForm *self);

static void
on_param_changed (const CwParamSpec *spec, gpointer user_data)
{
  g_signal_emit (user_data, changed_signal, 0);
}

static gboolean
rebuild (gpointer data)
{
  CwbExperimentForm *self = data;

  self->rebuild_id = 0;
  build (self);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  CwbExperimentForm *form;
  char *key; /* "objective.type" */
} TypeChoice;

static void
type_choice_free (gpointer data, GClosure *closure)
{
  TypeChoice *choice = data;

  g_free (choice->key);
  g_free (choice);
}

static void
on_type_chosen (GtkDropDown *control, GParamSpec *pspec, gpointer data)
{
  TypeChoice *choice = data;
  GtkStringObject *item = gtk_drop_down_get_selected_item (control);
  g_autoptr (GError) error = NULL;

  if (item == NULL)
    return;
  if (!cw_experiment_set (choice->form->experiment, choice->key,
                          gtk_string_object_get_string (item), &error))
    {
      g_message ("%s", error->message);
      return;
    }
  g_signal_emit (choice->form, changed_signal, 0);
  /* The rows of the old operation go; not while one of them is still handling its signal. */
  if (choice->form->rebuild_id == 0)
    choice->form->rebuild_id = g_idle_add (rebuild, choice->form);
}

static GtkWidget *
make_type_row (CwbExperimentForm *self, const CwExperimentSection *section)
{
  g_autoptr (GPtrArray) operations = cw_registry_list (section->kind);
  GtkStringList *ids = gtk_string_list_new (NULL);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *control;
  TypeChoice *choice = g_new0 (TypeChoice, 1);
  guint selected = 0;

  for (guint i = 0; i < operations->len; i++)
    {
      const CwDescriptor *d = operations->pdata[i];

      gtk_string_list_append (ids, d->id);
      if (d == section->type)
        selected = i;
    }
  control = gtk_drop_down_new (G_LIST_MODEL (ids), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (control), selected);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  choice->form = self;
  choice->key = g_strconcat (section->name, ".type", NULL);
  g_signal_connect_data (control, "notify::selected", G_CALLBACK (on_type_chosen), choice,
                         type_choice_free, 0);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Kind"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_dgettext (GETTEXT_PACKAGE, section->label), -1);
  if (section->type != NULL)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                                   g_dgettext (GETTEXT_PACKAGE, section->type->description));
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  return row;
}

static void
on_expanded (AdwExpanderRow *row, GParamSpec *pspec, CwbExperimentForm *self)
{
  const char *name = g_object_get_data (G_OBJECT (row), "cwb-section");

  if (adw_expander_row_get_expanded (row))
    g_hash_table_add (self->expanded, g_strdup (name));
  else
    g_hash_table_remove (self->expanded, name);
}

/* Which operation it is, of several; of a step of the pipeline the title says that, unless two are
 * of one kind. */
static const char *
get_subtitle (const CwExperimentSection *section)
{
  const char *step; /* of "view.crop" */

  if (section->type->kind != CW_KIND_TRANSFORM)
    return g_dgettext (GETTEXT_PACKAGE, section->type->label);
  step = strchr (section->name, '.') + 1;
  return g_str_equal (step, section->type->id) ? "" : step;
}

static void
add_rows (CwbExperimentForm *self, GtkWidget *expander, const CwExperimentSection *section)
{
  if (section->type != NULL)
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander), get_subtitle (section));
  if (section->kind != CW_N_KINDS)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), make_type_row (self, section));
  for (const CwParamSpec *s = section->specs; s != NULL && s->id != NULL; s++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (expander),
                              cwb_param_row_new (s, section->block, on_param_changed, self));
}

static GtkWidget *
make_section (CwbExperimentForm *self, const CwExperimentSection *section)
{
  GtkWidget *expander = adw_expander_row_new ();

  g_object_set_data_full (G_OBJECT (expander), "cwb-section", g_strdup (section->label), g_free);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander),
                                 g_dgettext (GETTEXT_PACKAGE, section->label));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander),
                                 g_hash_table_contains (self->expanded, section->label));
  g_signal_connect (expander, "notify::expanded", G_CALLBACK (on_expanded), self);
  return expander;
}

static void
build (CwbExperimentForm *self)
{
  g_autoptr (GPtrArray) sections = NULL;
  const CwExperimentSection *last = NULL;
  GtkWidget *child, *expander = NULL;

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  if (self->experiment == NULL)
    return;
  sections = cw_experiment_list_sections (self->experiment);
  for (guint i = 0; i < sections->len; i++)
    {
      const CwExperimentSection *section = sections->pdata[i];

      /* Where the data is, the Data page says. */
      if (strcmp (section->name, "data") == 0)
        continue;
      if (cw_params_count (section->specs) == 0 && section->kind == CW_N_KINDS)
        continue;
      /* What every step has and what this one has stand together. */
      if (last == NULL || strcmp (last->name, section->name) != 0
          || strcmp (last->label, section->label) != 0)
        {
          expander = make_section (self, section);
          gtk_list_box_append (GTK_LIST_BOX (self->list), expander);
        }
      add_rows (self, expander, section);
      last = section;
    }
}

static void
cwb_experiment_form_dispose (GObject *object)
{
  CwbExperimentForm *self = CWB_EXPERIMENT_FORM (object);

  g_clear_handle_id (&self->rebuild_id, g_source_remove);
  g_clear_pointer (&self->list, gtk_widget_unparent);
  g_clear_pointer (&self->expanded, g_hash_table_unref);
  G_OBJECT_CLASS (cwb_experiment_form_parent_class)->dispose (object);
}

static void
cwb_experiment_form_class_init (CwbExperimentFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_experiment_form_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
cwb_experiment_form_init (CwbExperimentForm *self)
{
  self->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Experiment"), -1);
  gtk_widget_set_parent (self->list, GTK_WIDGET (self));
}

GtkWidget *
cwb_experiment_form_new (void)
{
  return g_object_new (CWB_TYPE_EXPERIMENT_FORM, NULL);
}

void
cwb_experiment_form_set_experiment (CwbExperimentForm *self, CwExperiment *experiment)
{
  g_return_if_fail (CWB_IS_EXPERIMENT_FORM (self));

  self->experiment = experiment;
  g_clear_handle_id (&self->rebuild_id, g_source_remove);
  build (self);
}
