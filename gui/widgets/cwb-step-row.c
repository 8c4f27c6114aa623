/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-step-row.h"

#include "widgets/cwb-param-section.h"

#include <glib/gi18n.h>

struct _CwbStepRow
{
  AdwExpanderRow parent_instance;

  CwPipelineStep *step; /* lent */
  CwbParamSection *section;
  gboolean built; /* the fields are there */
  GtkWidget *warning, *enabled;
};

G_DEFINE_FINAL_TYPE (CwbStepRow, cwb_step_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  EDITED,
  COMMAND,
  DROPPED,
  MENU,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *
get_label (const CwPipelineStep *step)
{
  return g_dgettext (GETTEXT_PACKAGE, step->transform->base.label);
}

/* ---- values ---- */

/* The name where the title does not say it, and which views the step is for where not all. */
static void
show_subtitle (CwbStepRow *self)
{
  const char *name = self->step->name;
  gboolean named = !g_str_equal (name, self->step->transform->base.id);
  const char *views = NULL;
  g_autofree char *both = NULL;

  if (self->step->views != CW_STEP_ALL)
    views = self->step->views == CW_STEP_ANCHOR ? _ ("anchor") : _ ("positive side");
  if (named && views != NULL)
    both = g_strdup_printf ("%s · %s", name, views);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self),
                                 both != NULL ? both : views != NULL ? views : named ? name : "");
}

static void
announce (CwbStepRow *self, const CwParamSpec *spec)
{
  /* Translators: an edit that can be undone: a step of the pipeline, its parameter */
  g_autofree char *label = g_strdup_printf (_ ("%s: %s"), get_label (self->step),
                                            g_dgettext (GETTEXT_PACKAGE, spec->label));
  g_autofree char *key
      = g_strconcat (cwb_param_section_get_name (self->section), ".", spec->id, NULL);

  show_subtitle (self);
  g_signal_emit (self, signals[EDITED], 0, label, key);
}

static void
on_field (const CwParamSpec *spec, gpointer user_data)
{
  announce (user_data, spec);
}

static void
on_enabled (CwbStepRow *self)
{
  self->step->enabled = gtk_switch_get_active (GTK_SWITCH (self->enabled));
  announce (self, cw_params_find (cw_step_specs, "enabled"));
}

static void
build_fields (CwbStepRow *self)
{
  AdwExpanderRow *row = ADW_EXPANDER_ROW (self);
  const CwParamSpec *views = cw_params_find (cw_step_specs, "views");

  if (self->built || !adw_expander_row_get_expanded (row))
    return;
  self->built = TRUE;
  for (const CwParamSpec *s = self->step->transform->base.params; s != NULL && s->id != NULL; s++)
    adw_expander_row_add_row (row, cwb_param_section_add (self->section, s, self->step->params));
  adw_expander_row_add_row (row, cwb_param_section_add (self->section, views, self->step));
}

/* ---- commands ---- */

static void
command_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[COMMAND], 0, name + strlen ("step."));
}

/* Not while a field has the focus: it has a use for these keys. */
static gboolean
has_header_focus (CwbStepRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  for (GtkWidget *w = focus; w != NULL && w != GTK_WIDGET (self); w = gtk_widget_get_parent (w))
    {
      if (g_object_get_data (G_OBJECT (w), "cwb-param-section") != NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        CwbStepRow *self)
{
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();
  gboolean moves = modifiers == GDK_ALT_MASK || modifiers == GDK_CONTROL_MASK;
  const char *action = NULL;

  if (moves && (key == GDK_KEY_Up || key == GDK_KEY_KP_Up))
    action = "step.up";
  else if (moves && (key == GDK_KEY_Down || key == GDK_KEY_KP_Down))
    action = "step.down";
  else if (modifiers == 0 && (key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete))
    action = "step.remove";
  if (action == NULL || !has_header_focus (self))
    return GDK_EVENT_PROPAGATE;
  gtk_widget_activate_action (GTK_WIDGET (self), action, NULL);
  return GDK_EVENT_STOP;
}

/* ---- drag and drop ---- */

static GdkContentProvider *
on_drag_prepare (GtkDragSource *source, double x, double y, CwbStepRow *self)
{
  return gdk_content_provider_new_typed (CWB_TYPE_STEP_ROW, self);
}

static void
on_drag_begin (GtkDragSource *source, GdkDrag *drag, CwbStepRow *self)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 0, 0);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, CwbStepRow *self)
{
  CwbStepRow *other = g_value_get_object (value);

  /* Only within one list. */
  if (other == NULL || other == self
      || gtk_widget_get_parent (GTK_WIDGET (other)) != gtk_widget_get_parent (GTK_WIDGET (self)))
    return FALSE;
  g_signal_emit (self, signals[DROPPED], 0, other);
  return TRUE;
}

static void
on_drop_hover (GtkDropTarget *target, GParamSpec *pspec, CwbStepRow *self)
{
  if (gtk_drop_target_get_current_drop (target) != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "drop-here");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-here");
}

static void
add_drag_and_drop (CwbStepRow *self, GtkWidget *handle)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (CWB_TYPE_STEP_ROW, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (on_drag_prepare), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_drag_begin), self);
  gtk_widget_add_controller (handle, GTK_EVENT_CONTROLLER (source));
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  g_signal_connect (target, "notify::current-drop", G_CALLBACK (on_drop_hover), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- header ---- */

static GtkWidget *
make_handle (CwbStepRow *self)
{
  GtkWidget *handle = gtk_image_new_from_icon_name ("list-drag-handle-symbolic");

  gtk_widget_add_css_class (handle, "dim-label");
  gtk_widget_set_tooltip_text (handle, _ ("Drag to another place (Alt+Up, Alt+Down)"));
  gtk_widget_set_cursor_from_name (handle, "grab");
  add_drag_and_drop (self, handle);
  return handle;
}

static GtkWidget *
make_switch (CwbStepRow *self)
{
  GtkWidget *control = gtk_switch_new ();
  g_autofree char *text = g_strdup_printf (_ ("Use “%s”"), self->step->name);

  gtk_switch_set_active (GTK_SWITCH (control), self->step->enabled);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (control, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
  g_signal_connect_swapped (control, "notify::active", G_CALLBACK (on_enabled), self);
  return control;
}

static void
on_menu (CwbStepRow *self, GtkWidget *button)
{
  g_signal_emit (self, signals[MENU], 0, button);
}

static GtkWidget *
make_menu_button (CwbStepRow *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("view-more-symbolic");
  g_autofree char *text = g_strdup_printf (_ ("Move, duplicate or remove “%s”"), self->step->name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_HAS_POPUP, TRUE, -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (on_menu), self);
  return button;
}

static void
make_header (CwbStepRow *self, const CwPipeline *pipeline, int index)
{
  AdwExpanderRow *row = ADW_EXPANDER_ROW (self);
  GtkWidget *widget = GTK_WIDGET (self);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), get_label (self->step));
  show_subtitle (self);
  adw_expander_row_add_prefix (row, make_handle (self));
  self->warning = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  gtk_widget_add_css_class (self->warning, "warning");
  gtk_widget_set_visible (self->warning, FALSE);
  self->enabled = make_switch (self);
  /* Each comes before those that are there. */
  adw_expander_row_add_action (row, make_menu_button (self));
  adw_expander_row_add_action (row, self->enabled);
  adw_expander_row_add_action (row, self->warning);
  gtk_widget_action_set_enabled (widget, "step.up", index > 0);
  gtk_widget_action_set_enabled (widget, "step.down", index < pipeline->n_steps - 1);
  gtk_widget_action_set_enabled (widget, "step.duplicate",
                                 pipeline->n_steps < CW_PIPELINE_MAX_STEPS);
}

/* ---- object ---- */

static void
cwb_step_row_finalize (GObject *object)
{
  CwbStepRow *self = CWB_STEP_ROW (object);

  g_clear_pointer (&self->section, cwb_param_section_unref);
  G_OBJECT_CLASS (cwb_step_row_parent_class)->finalize (object);
}

static void
cwb_step_row_class_init (CwbStepRowClass *klass)
{
  static const char *const actions[]
      = { "step.up", "step.down", "step.duplicate", "step.reset", "step.remove" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cwb_step_row_finalize;
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, command_action);
  signals[EDITED] = g_signal_new ("edited", CWB_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[COMMAND] = g_signal_new ("command", CWB_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[DROPPED] = g_signal_new ("dropped", CWB_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, CWB_TYPE_STEP_ROW);
  signals[MENU] = g_signal_new ("menu", CWB_TYPE_STEP_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, GTK_TYPE_WIDGET);
}

static void
cwb_step_row_init (CwbStepRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  /* Before the list in the row, which moves its cursor with these keys. */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::expanded", G_CALLBACK (build_fields), NULL);
}

GtkWidget *
cwb_step_row_new (CwPipeline *pipeline, int index)
{
  CwbStepRow *self = g_object_new (CWB_TYPE_STEP_ROW, NULL);
  g_autofree char *section = NULL;

  self->step = &pipeline->steps[index];
  section = g_strconcat ("view.", self->step->name, NULL);
  self->section = cwb_param_section_new (section, on_field, self);
  gtk_widget_set_name (GTK_WIDGET (self), section);
  make_header (self, pipeline, index);
  return GTK_WIDGET (self);
}

const char *
cwb_step_row_get_step (CwbStepRow *self)
{
  g_return_val_if_fail (CWB_IS_STEP_ROW (self), NULL);
  return self->step->name;
}

void
cwb_step_row_set_remarks (CwbStepRow *self, const GPtrArray *remarks)
{
  const char *section = cwb_param_section_get_name (self->section);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < remarks->len; i++)
    {
      const CwExperimentRemark *remark = remarks->pdata[i];

      if (g_str_equal (remark->section, section))
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", remark->message);
    }
  gtk_widget_set_visible (self->warning, text->len > 0);
  gtk_widget_set_tooltip_text (self->warning, text->len > 0 ? text->str : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->warning), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text->str, -1);
  cwb_param_section_set_remarks (self->section, remarks);
}

void
cwb_step_row_focus (CwbStepRow *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}
