/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "widgets/cwb-param-row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const CwParamSpec *spec;
  gpointer block;
  CwbParamChanged changed;
  gpointer user_data;
  GtkWidget *widget;  /* what has these data */
  GtkWidget *control; /* lent: a child of the row */
  GtkWidget *reset;   /* (nullable): sliders have none */
  char *remark;       /* (nullable): what is said of the value */
  char *refused;      /* (nullable): why the text is not the value */
  gboolean updating;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->remark);
  g_free (row->refused);
  g_free (row);
}

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

/* What is wrong comes first, then what is said of the value, then its unit. */
static void
show_subtitle (Row *row)
{
  const char *text = row->refused != NULL ? row->refused
                     : row->remark != NULL ? row->remark
                                           : row->spec->unit;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row->widget), text != NULL ? text : "");
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row->widget), row->refused != NULL ? 0 : 3);
}

static void
set_refused (Row *row, const char *why)
{
  if (g_strcmp0 (why, row->refused) == 0)
    return;
  g_free (row->refused);
  row->refused = g_strdup (why);
  if (why != NULL)
    gtk_widget_add_css_class (row->control, "error");
  else
    gtk_widget_remove_css_class (row->control, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row->control), GTK_ACCESSIBLE_STATE_INVALID,
                               why != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                           : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  show_subtitle (row);
}

/* The block keeps its value while the text is none. */
static void
on_text (GtkEditable *control, Row *row)
{
  CwParamSpec table[2] = { *row->spec, CW_PARAM_END };
  g_autoptr (GError) error = NULL;

  if (row->updating)
    return;
  cw_params_set_string (table, row->block, NULL, row->spec->id, gtk_editable_get_text (control),
                        &error);
  set_refused (row, error != NULL ? error->message : NULL);
  if (error == NULL)
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
        set_refused (row, NULL);
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

void
cwb_param_row_stop_scroll (GtkWidget *control)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (control);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
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
  cwb_param_row_stop_scroll (spin);
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
  g_autofree char *reset_text = g_strdup_printf (_ ("Reset “%s” to its default"), label);

  *row = (Row) { .spec = spec, .block = block, .changed = changed, .user_data = user_data,
                 .widget = widget };
  g_object_set_data_full (G_OBJECT (widget), "cwb-param-row", row, row_free);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (widget), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), label);
  show_subtitle (row);
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

/* ---- slider ---- */

static void
show_slider_value (GtkRange *range, const Row *row)
{
  g_autofree char *text = NULL;
  int digits = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (range), "cwb-digits"));

  text = g_strdup_printf ("%.*f", digits, gtk_range_get_value (range));
  gtk_inscription_set_text (GTK_INSCRIPTION (row->reset), text);
}

static void
on_slide (GtkRange *range, Row *row)
{
  show_slider_value (range, row);
  if (!row->updating
      && cw_params_set_number (row->spec, row->block, gtk_range_get_value (range), NULL)
      && row->changed != NULL)
    row->changed (row->spec, row->user_data);
}

/* After the decimal point: some hundreds of steps over the range. */
static int
count_digits (const CwParamSpec *spec)
{
  return spec->type == CW_PARAM_FLOAT ? MAX (0, 2 - (int) floor (log10 (spec->max - spec->min))) : 0;
}

static GtkWidget *
make_scale (const CwParamSpec *spec)
{
  int digits = count_digits (spec);
  double step = pow (10, -digits);
  GtkWidget *scale;

  scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, spec->min, spec->max, step);
  gtk_range_set_increments (GTK_RANGE (scale), step,
                            MAX (1, floor ((spec->max - spec->min) / 10 / step)) * step);
  gtk_range_set_round_digits (GTK_RANGE (scale), digits);
  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_scale_add_mark (GTK_SCALE (scale), spec->def, GTK_POS_BOTTOM, NULL);
  g_object_set_data (G_OBJECT (scale), "cwb-digits", GINT_TO_POINTER (digits));
  cwb_param_row_stop_scroll (scale);
  return scale;
}

/* As wide as the longest number needs: while the slider moves the window is not laid out anew. */
static GtkWidget *
make_slider_value (const CwParamSpec *spec)
{
  g_autofree char *longest = g_strdup_printf ("%.0f", MAX (fabs (spec->min), fabs (spec->max)));
  GtkWidget *value = gtk_inscription_new (NULL);
  guint n = (guint) strlen (longest) + (guint) (spec->min < 0) + 1 + (guint) count_digits (spec);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (value), n);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (value), 1);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_add_css_class (value, "dim-label");
  return value;
}

/* (transfer full): what it is, then its range and default. */
static char *
dup_tooltip (const CwParamSpec *spec)
{
  const char *blurb = g_dgettext (GETTEXT_PACKAGE, spec->blurb);

  /* Translators: explanation of a parameter; smallest and largest value, default */
  return g_strdup_printf (_ ("%s\nFrom %g to %g, default %g"), blurb, spec->min, spec->max,
                          spec->def);
}

GtkWidget *
cwb_param_slider_new (const CwParamSpec *spec, gpointer block, CwbParamChanged changed,
                      gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char *label = g_dgettext (GETTEXT_PACKAGE, spec->label);
  const char *blurb = g_dgettext (GETTEXT_PACKAGE, spec->blurb);
  g_autofree char *text = spec->unit != NULL && *spec->unit != '\0'
                              ? g_strdup_printf ("%s (%s)", label, spec->unit)
                              : g_strdup (label);
  g_autofree char *tooltip = dup_tooltip (spec);
  GtkWidget *title = gtk_label_new (text), *value = make_slider_value (spec);
  GtkWidget *scale = make_scale (spec);
  Row *row = g_new0 (Row, 1);

  *row = (Row) { .spec = spec, .block = block, .changed = changed, .user_data = user_data,
                 .widget = box, .control = scale, .reset = value };
  g_object_set_data_full (G_OBJECT (box), "cwb-param-row", row, row_free);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_set_tooltip_text (box, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, blurb, -1);
  g_signal_connect (scale, "value-changed", G_CALLBACK (on_slide), row);
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), value);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), scale);
  cwb_param_slider_update (box);
  return box;
}

void
cwb_param_slider_update (GtkWidget *slider)
{
  Row *row = g_object_get_data (G_OBJECT (slider), "cwb-param-row");

  row->updating = TRUE;
  gtk_range_set_value (GTK_RANGE (row->control), cw_params_get_number (row->spec, row->block));
  row->updating = FALSE;
  show_slider_value (GTK_RANGE (row->control), row);
}

void
cwb_param_row_update (GtkWidget *widget)
{
  Row *row = g_object_get_data (G_OBJECT (widget), "cwb-param-row");

  if (GTK_IS_RANGE (row->control))
    {
      cwb_param_slider_update (widget);
      return;
    }
  show_value (row);
  gtk_widget_set_visible (row->reset, !is_default (row));
}

void
cwb_param_row_set_remark (GtkWidget *widget, const char *remark)
{
  Row *row = g_object_get_data (G_OBJECT (widget), "cwb-param-row");

  g_return_if_fail (ADW_IS_ACTION_ROW (widget));

  if (g_strcmp0 (remark, row->remark) == 0)
    return;
  g_free (row->remark);
  row->remark = g_strdup (remark);
  show_subtitle (row);
}

GtkWidget *
cwb_param_row_get_control (GtkWidget *widget)
{
  const Row *row = g_object_get_data (G_OBJECT (widget), "cwb-param-row");

  return row->control;
}
