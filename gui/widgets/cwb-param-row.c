/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "widgets/cwb-param-row.h"

#include <glib/gi18n.h>
#include <math.h>

typedef struct
{
  const CwParamSpec *spec;
  gpointer block;
  CwbParamChanged changed;
  gpointer user_data;
  GtkWidget *control; /* lent: a child of the row */
  GtkWidget *reset;   /* (nullable): sliders have none */
  gboolean updating;
} Row;

static gboolean
is_default (const Row *row)
{
  const CwParamSpec *spec = row->spec;
  double value;

  if (spec->type == CW_PARAM_STRING)
    {
      g_autofree char *text = cw_params_dup_string (spec, row->block);

      return g_strcmp0 (text, spec->def_string) == 0;
    }
  value = cw_params_get_number (spec, row->block);
  return spec->type == CW_PARAM_FLOAT ? fabs (value - spec->def) <= 1e-6 * fabs (spec->def)
                                      : (int) value == (int) spec->def;
}

static void
announce (Row *row)
{
  if (row->reset != NULL)
    gtk_widget_set_visible (row->reset, !is_default (row));
  if (row->changed != NULL)
    row->changed (row->spec, row->user_data);
}

static void
store (Row *row, double value)
{
  if (!row->updating && cw_params_set_number (row->spec, row->block, value, NULL))
    announce (row);
}

static void
on_spin (GtkSpinButton *spin, Row *row)
{
  store (row, gtk_spin_button_get_value (spin));
}

static void
on_switch (GtkSwitch *control, GParamSpec *pspec, Row *row)
{
  store (row, gtk_switch_get_active (control));
}

static void
on_choice (GtkDropDown *control, GParamSpec *pspec, Row *row)
{
  store (row, gtk_drop_down_get_selected (control));
}

static void
on_text (GtkEditable *control, Row *row)
{
  CwParamSpec table[2] = { *row->spec, CW_PARAM_END };

  if (!row->updating
      && cw_params_set_string (table, row->block, NULL, row->spec->id,
                               gtk_editable_get_text (control), NULL))
    announce (row);
}

/* The block's value into the control. */
static void
show_value (Row *row)
{
  row->updating = TRUE;
  switch (row->spec->type)
    {
    case CW_PARAM_BOOL:
      gtk_switch_set_active (GTK_SWITCH (row->control),
                             cw_params_get_number (row->spec, row->block) != 0);
      break;
    case CW_PARAM_ENUM:
      gtk_drop_down_set_selected (GTK_DROP_DOWN (row->control),
                                  (guint) cw_params_get_number (row->spec, row->block));
      break;
    case CW_PARAM_STRING:
      {
        g_autofree char *text = cw_params_dup_string (row->spec, row->block);

        gtk_editable_set_text (GTK_EDITABLE (row->control), text);
      }
      break;
    case CW_PARAM_INT:
    case CW_PARAM_FLOAT:
    default:
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (row->control),
                                 cw_params_get_number (row->spec, row->block));
      break;
    }
  row->updating = FALSE;
}

static void
on_reset (GtkButton *button, Row *row)
{
  CwParamSpec table[2] = { *row->spec, CW_PARAM_END };

  if (row->spec->type == CW_PARAM_STRING)
    cw_params_set_string (table, row->block, NULL, row->spec->id, row->spec->def_string, NULL);
  else
    cw_params_set_number (row->spec, row->block, row->spec->def, NULL);
  show_value (row);
  announce (row);
}

/* Scrolling a form must not change what the pointer happens to be over. */
static gboolean
swallow_scroll (GtkEventControllerScroll *controller, double dx, double dy, gpointer unused)
{
  return GDK_EVENT_STOP;
}

static void
stop_scroll (GtkWidget *control)
{
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (swallow_scroll), NULL);
  gtk_widget_add_controller (control, scroll);
}

/* A step of about a tenth of the default, and the digits it needs. */
static double
get_step (const CwParamSpec *spec, int *digits)
{
  double step, scale = spec->def > 0 ? spec->def : spec->max - spec->min;

  *digits = 0;
  if (spec->type != CW_PARAM_FLOAT)
    return 1;
  step = pow (10, floor (log10 (scale)) - 1);
  *digits = CLAMP ((int) ceil (-log10 (step)) + 1, 1, 9);
  return step;
}

static GtkWidget *
make_spin (const CwParamSpec *spec, Row *row)
{
  int digits;
  double step = get_step (spec, &digits);
  GtkWidget *spin;

  spin = gtk_spin_button_new_with_range (spec->min, spec->max, step);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), (guint) digits);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 7);
  stop_scroll (spin);
  g_signal_connect (spin, "value-changed", G_CALLBACK (on_spin), row);
  return spin;
}

static GtkWidget *
make_control (const CwParamSpec *spec, Row *row)
{
  GtkWidget *control;

  switch (spec->type)
    {
    case CW_PARAM_BOOL:
      control = gtk_switch_new ();
      g_signal_connect (control, "notify::active", G_CALLBACK (on_switch), row);
      return control;
    case CW_PARAM_ENUM:
      control = gtk_drop_down_new_from_strings (spec->nicks);
      g_signal_connect (control, "notify::selected", G_CALLBACK (on_choice), row);
      return control;
    case CW_PARAM_STRING:
      control = gtk_entry_new ();
      gtk_editable_set_width_chars (GTK_EDITABLE (control), 12);
      g_signal_connect (control, "changed", G_CALLBACK (on_text), row);
      return control;
    case CW_PARAM_INT:
    case CW_PARAM_FLOAT:
    default:
      return make_spin (spec, row);
    }
}

GtkWidget *
cwb_param_row_new (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                   gpointer user_data)
{
  GtkWidget *widget = adw_action_row_new ();
  Row *row = g_new0 (Row, 1);
  const char *label = g_dgettext (GETTEXT_PACKAGE, spec->label);
  const char *blurb = g_dgettext (GETTEXT_PACKAGE, spec->blurb);
  g_autofree char *reset_text = g_strdup_printf (_("Reset “%s” to its default"), label);

  *row = (Row) { .spec = spec, .block = block, .changed = changed, .user_data = user_data };
  g_object_set_data_full (G_OBJECT (widget), "cwb-param-row", row, g_free);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), label);
  if (spec->unit != NULL && *spec->unit != '\0')
    adw_action_row_set_subtitle (ADW_ACTION_ROW (widget), spec->unit);
  gtk_widget_set_tooltip_text (widget, blurb);

  row->reset = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gtk_widget_add_css_class (row->reset, "flat");
  gtk_widget_set_valign (row->reset, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (row->reset, reset_text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->reset), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  reset_text, -1);
  g_signal_connect (row->reset, "clicked", G_CALLBACK (on_reset), row);

  row->control = make_control (spec, row);
  gtk_widget_set_valign (row->control, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, blurb, -1);
  show_value (row);
  gtk_widget_set_visible (row->reset, !is_default (row));
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->reset);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), row->control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (widget), row->control);
  return widget;
}

static void
on_slide (GtkRange *range, Row *row)
{
  store (row, gtk_range_get_value (range));
}

GtkWidget *
cwb_param_slider_new (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                      gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const char *label = g_dgettext (GETTEXT_PACKAGE, spec->label);
  const char *blurb = g_dgettext (GETTEXT_PACKAGE, spec->blurb);
  g_autofree char *text = spec->unit != NULL && *spec->unit != '\0'
                              ? g_strdup_printf ("%s (%s)", label, spec->unit)
                              : g_strdup (label);
  GtkWidget *title = gtk_label_new (text);
  Row *row = g_new0 (Row, 1);
  int digits;
  double step = get_step (spec, &digits);
  GtkWidget *scale
      = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, spec->min, spec->max, step);

  g_return_val_if_fail (spec->type == CW_PARAM_INT || spec->type == CW_PARAM_FLOAT, NULL);

  *row = (Row) { .spec = spec, .block = block, .changed = changed, .user_data = user_data };
  g_object_set_data_full (G_OBJECT (box), "cwb-param-row", row, g_free);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_scale_set_digits (GTK_SCALE (scale), digits);
  gtk_scale_set_draw_value (GTK_SCALE (scale), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_RIGHT);
  gtk_range_set_value (GTK_RANGE (scale), cw_params_get_number (spec, block));
  gtk_widget_set_tooltip_text (box, blurb);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, blurb, -1);
  stop_scroll (scale);
  g_signal_connect (scale, "value-changed", G_CALLBACK (on_slide), row);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), scale);
  return box;
}
