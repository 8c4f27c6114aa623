/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-paint-view.h"

#include "models/cwb-warps.h"
#include "widgets/cwb-param-row.h"

#include <glib/gi18n.h>

#define TEMPLATE "/org/contrawarp/Workbench/ui/cwb-paint-view.ui"

/* Of the brush's size, by a key. */
#define SIZE_FACTOR 1.15

struct _CwbPaintView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  CwbPaintCanvas *canvas;
  GtkLabel *status_label;
  GtkToggleButton *push_button, *pinch_button, *bloat_button, *swirl_button, *smooth_button;
  GtkToggleButton *field_button;
  GtkRange *size_scale, *strength_scale;
  GtkWidget *save_button, *confirm_button;
  GtkPopover *save_popover;
  GtkEditable *name_entry;
  GtkLabel *name_label;
};

G_DEFINE_FINAL_TYPE (CwbPaintView, cwb_paint_view, GTK_TYPE_WIDGET)

static guint saved_signal, use_signal;

static CwbPainting *
get_painting (CwbPaintView *self)
{
  return cwb_paint_canvas_get_painting (self->canvas);
}

/* ---- what it says ---- */

static void
show_status (CwbPaintView *self)
{
  g_autofree char *dabs = NULL, *text = NULL;
  guint n;

  cwb_painting_get_dabs (get_painting (self), &n);
  if (n == 0)
    {
      gtk_label_set_text (self->status_label,
                          _ ("Drag over the face to paint. Arrow keys move the brush, Space paints."));
      return;
    }
  if (cwb_painting_is_full (get_painting (self)))
    {
      text = g_strdup_printf (_ ("No more than %'d dabs: undo some and use a larger brush."),
                              CW_STROKES_MAX_DABS);
      gtk_label_set_text (self->status_label, text);
      return;
    }
  dabs = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u dab", "%'u dabs", n), n);
  /* Translators: "12 dabs, moved by 4.5 % of the picture at most" */
  text = g_strdup_printf (_ ("%s, moved by %.1f %% of the picture at most"), dabs,
                          100 * (double) cw_field_max (cwb_paint_canvas_get_field (self->canvas))
                              / CWB_PAINT_CANVAS_SIDE);
  gtk_label_set_text (self->status_label, text);
}

static void
update (CwbPaintView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  CwbPainting *painting = get_painting (self);
  guint n;

  cwb_painting_get_dabs (painting, &n);
  gtk_widget_action_set_enabled (widget, "paint.undo", cwb_painting_can_undo (painting));
  gtk_widget_action_set_enabled (widget, "paint.redo", cwb_painting_can_redo (painting));
  gtk_widget_action_set_enabled (widget, "paint.clear", n > 0);
  gtk_widget_action_set_enabled (widget, "paint.use", n > 0);
  gtk_widget_set_sensitive (self->save_button, n > 0);
  show_status (self);
}

static void
on_changed (CwbPainting *painting, guint kept, CwbPaintView *self)
{
  update (self);
}

/* ---- brush ---- */

static GtkToggleButton *
get_button (CwbPaintView *self, CwbBrush brush)
{
  GtkToggleButton *const buttons[CWB_N_BRUSHES]
      = { [CWB_BRUSH_PUSH] = self->push_button,   [CWB_BRUSH_PINCH] = self->pinch_button,
          [CWB_BRUSH_BLOAT] = self->bloat_button, [CWB_BRUSH_SWIRL] = self->swirl_button,
          [CWB_BRUSH_SMOOTH] = self->smooth_button };

  return buttons[brush];
}

static void
on_tool (GtkToggleButton *button, CwbPaintView *self)
{
  CwbPainting *painting = get_painting (self);

  for (int brush = 0; brush < CWB_N_BRUSHES; brush++)
    {
      if (button == get_button (self, brush) && gtk_toggle_button_get_active (button)
          && cwb_painting_get_brush (painting) != (CwbBrush) brush)
        cwb_painting_set_brush (painting, brush);
    }
}

/* The scales call back when they change, and then have the painting's value. */
static void
on_brush_changed (CwbPainting *painting, CwbPaintView *self)
{
  gtk_toggle_button_set_active (get_button (self, cwb_painting_get_brush (painting)), TRUE);
  gtk_range_set_value (self->size_scale, cwb_painting_get_size (painting));
  gtk_range_set_value (self->strength_scale, cwb_painting_get_strength (painting));
}

static void
on_size (GtkRange *range, CwbPaintView *self)
{
  cwb_painting_set_size (get_painting (self), gtk_range_get_value (range));
}

static void
on_strength (GtkRange *range, CwbPaintView *self)
{
  cwb_painting_set_strength (get_painting (self), gtk_range_get_value (range));
}

static void
on_field (GtkToggleButton *button, CwbPaintView *self)
{
  cwb_paint_canvas_set_show_field (self->canvas, gtk_toggle_button_get_active (button));
}

static void
scale_brush (CwbPaintView *self, double factor)
{
  cwb_painting_set_size (get_painting (self), factor * cwb_painting_get_size (get_painting (self)));
}

/* ---- actions ---- */

static void
act (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwbPaintView *self = CWB_PAINT_VIEW (widget);
  CwbPainting *painting = get_painting (self);

  if (g_str_equal (action, "paint.undo"))
    cwb_painting_undo (painting);
  else if (g_str_equal (action, "paint.redo"))
    cwb_painting_redo (painting);
  else if (g_str_equal (action, "paint.clear"))
    cwb_painting_clear (painting);
  else if (g_str_equal (action, "paint.smaller"))
    scale_brush (self, 1 / SIZE_FACTOR);
  else
    scale_brush (self, SIZE_FACTOR);
}

static void
use (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwbPaintView *self = CWB_PAINT_VIEW (widget);
  g_autofree char *strokes = cwb_painting_dup_text (get_painting (self));
  g_autoptr (GError) error = NULL;

  if (cw_strokes_check (strokes, &error))
    g_signal_emit (self, use_signal, 0, strokes);
  else
    gtk_label_set_text (self->status_label, error->message);
}

/* ---- saving ---- */

gboolean
cwb_paint_view_save (CwbPaintView *self, const char *name, GError **error)
{
  g_autofree char *strokes = NULL;

  g_return_val_if_fail (CWB_IS_PAINT_VIEW (self), FALSE);

  strokes = cwb_painting_dup_text (get_painting (self));
  if (!cwb_warps_save_strokes (name, strokes, error))
    return FALSE;
  g_signal_emit (self, saved_signal, 0, name);
  return TRUE;
}

/* What is wrong with the name; else, whether it is somebody's. */
static void
on_name_changed (CwbPaintView *self)
{
  const char *name = gtk_editable_get_text (self->name_entry), *text = "";
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok = cwb_warps_check_name (name, &error);

  if (!ok)
    text = error->message;
  else
    {
      path = cwb_warps_path (name);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        text = _ ("Replaces the warp of this name");
    }
  gtk_label_set_text (self->name_label, text);
  gtk_widget_set_sensitive (self->confirm_button, ok);
}

static void
on_save (CwbPaintView *self)
{
  g_autoptr (GError) error = NULL;

  if (cwb_paint_view_save (self, gtk_editable_get_text (self->name_entry), &error))
    gtk_popover_popdown (self->save_popover);
  else
    gtk_label_set_text (self->name_label, error->message);
}

static void
on_save_shown (GtkPopover *popover, CwbPaintView *self)
{
  on_name_changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));
}

/* ---- object ---- */

static void
cwb_paint_view_dispose (GObject *object)
{
  CwbPaintView *self = CWB_PAINT_VIEW (object);

  if (self->canvas != NULL)
    g_signal_handlers_disconnect_by_data (get_painting (self), self);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_PAINT_VIEW);
  G_OBJECT_CLASS (cwb_paint_view_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, CwbPaintView, box);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, canvas);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, status_label);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, push_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, pinch_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, bloat_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, swirl_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, smooth_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, field_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, size_scale);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, strength_scale);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, save_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, confirm_button);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, save_popover);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, name_entry);
  gtk_widget_class_bind_template_child (klass, CwbPaintView, name_label);
  gtk_widget_class_bind_template_callback (klass, on_tool);
  gtk_widget_class_bind_template_callback (klass, on_size);
  gtk_widget_class_bind_template_callback (klass, on_strength);
  gtk_widget_class_bind_template_callback (klass, on_field);
  gtk_widget_class_bind_template_callback (klass, on_name_changed);
  gtk_widget_class_bind_template_callback (klass, on_save);
  gtk_widget_class_bind_template_callback (klass, on_save_shown);
}

static void
install_actions (GtkWidgetClass *klass)
{
  static const char *const actions[]
      = { "paint.undo", "paint.redo", "paint.clear", "paint.smaller", "paint.larger" };

  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i], NULL, act);
  gtk_widget_class_install_action (klass, "paint.use", NULL, use);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_z, GDK_CONTROL_MASK, "paint.undo", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "paint.redo", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_bracketleft, 0, "paint.smaller", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_bracketright, 0, "paint.larger", NULL);
}

static void
cwb_paint_view_class_init (CwbPaintViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_paint_view_dispose;
  g_type_ensure (CWB_TYPE_PAINT_CANVAS);
  gtk_widget_class_set_template_from_resource (widget_class, TEMPLATE);
  bind_children (widget_class);
  install_actions (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  saved_signal = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  use_signal = g_signal_new ("use-requested", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                             NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
follow_painting (CwbPaintView *self)
{
  g_signal_connect (get_painting (self), "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (get_painting (self), "brush-changed", G_CALLBACK (on_brush_changed), self);
  on_brush_changed (get_painting (self), self);
  update (self);
}

static void
cwb_paint_view_init (CwbPaintView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cwb_param_row_stop_scroll (GTK_WIDGET (self->size_scale));
  cwb_param_row_stop_scroll (GTK_WIDGET (self->strength_scale));
  follow_painting (self);
}

GtkWidget *
cwb_paint_view_new (void)
{
  return g_object_new (CWB_TYPE_PAINT_VIEW, NULL);
}

CwbPaintCanvas *
cwb_paint_view_get_canvas (CwbPaintView *self)
{
  return self->canvas;
}

void
cwb_paint_view_set_painting (CwbPaintView *self, CwbPainting *painting)
{
  g_return_if_fail (CWB_IS_PAINT_VIEW (self));
  g_return_if_fail (CWB_IS_PAINTING (painting));

  g_signal_handlers_disconnect_by_data (get_painting (self), self);
  cwb_paint_canvas_set_painting (self->canvas, painting);
  follow_painting (self);
}

void
cwb_paint_view_set_face (CwbPaintView *self, CwImage *image, const CwPoint *points)
{
  g_return_if_fail (CWB_IS_PAINT_VIEW (self));

  cwb_paint_canvas_set_face (self->canvas, image, points);
  show_status (self);
}
