/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-field-view.h"

#include "draw/cwb-draw-field.h"

#include <math.h>

#define MIN_SIDE 120
#define NATURAL_SIDE 220
#define ARROW_SPACING 18.0

struct _CwbFieldView
{
  GtkWidget parent_instance;

  CwImage *image;
  CwField *field;
  gboolean show_field;
  CwbViewport viewport;
  double dragged_x, dragged_y; /* how much of the drag under way has been obeyed */
  double pointer_x, pointer_y;
  char *title;
  GtkWidget *title_label, *detail_label;
};

G_DEFINE_FINAL_TYPE (CwbFieldView, cwb_field_view, GTK_TYPE_WIDGET)

static guint viewport_signal;

/* What both labels need below the picture. */
static int
labels_height (CwbFieldView *self)
{
  int title, detail;

  gtk_widget_measure (self->title_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &title, NULL, NULL);
  gtk_widget_measure (self->detail_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &detail, NULL, NULL);
  return title + detail + 6;
}

static void
cwb_field_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  int below = orientation == GTK_ORIENTATION_VERTICAL ? labels_height (CWB_FIELD_VIEW (widget)) : 0;

  *minimum = MIN_SIDE + below;
  *natural = (orientation == GTK_ORIENTATION_VERTICAL && for_size > 0 ? MAX (for_size, MIN_SIDE)
                                                                      : NATURAL_SIDE)
             + below;
}

static GtkSizeRequestMode
cwb_field_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
cwb_field_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CwbFieldView *self = CWB_FIELD_VIEW (widget);
  int side = MIN (width, height - labels_height (self)), title, detail;

  gtk_widget_measure (self->title_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &title, NULL, NULL);
  gtk_widget_measure (self->detail_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &detail, NULL, NULL);
  gtk_widget_size_allocate (self->title_label, &(GtkAllocation) { 0, side + 4, width, title }, -1);
  gtk_widget_size_allocate (self->detail_label,
                            &(GtkAllocation) { 0, side + 4 + title, width, detail }, -1);
}

/* Of the square that the picture has. */
static int
get_side (CwbFieldView *self)
{
  return MIN (gtk_widget_get_width (GTK_WIDGET (self)),
              gtk_widget_get_height (GTK_WIDGET (self)) - labels_height (self));
}

static void
cwb_field_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CwbFieldView *self = CWB_FIELD_VIEW (widget);
  float width = (float) gtk_widget_get_width (widget);
  float side = (float) get_side (self);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((width - side) / 2, 0, side, side);
  CwbPalette palette;
  CwbPlace place;
  cairo_t *cr;

  if (side >= 1 && self->image != NULL)
    {
      cwb_palette_from_widget (&palette, widget);
      cr = gtk_snapshot_append_cairo (snapshot, &bounds);
      cairo_translate (cr, (double) bounds.origin.x, 0);
      place = cwb_viewport_place (&self->viewport, (double) side, (double) side, self->image->w,
                                  self->image->h);
      cwb_draw_picture (cr, &place, self->image);
      if (self->field != NULL && self->show_field)
        cwb_draw_quiver (cr, (double) side, (double) side, &place, self->field, ARROW_SPACING,
                         &palette);
      cairo_destroy (cr);
    }
  GTK_WIDGET_CLASS (cwb_field_view_parent_class)->snapshot (widget, snapshot);
}

/* ---- zoom and pan ---- */

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, CwbFieldView *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, CwbFieldView *self)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  int side = get_side (self);

  if ((state & GDK_CONTROL_MASK) == 0 || self->image == NULL || side < 1)
    return GDK_EVENT_PROPAGATE;
  cwb_viewport_zoom (&self->viewport, pow (1.25, -dy),
                     self->pointer_x - (gtk_widget_get_width (GTK_WIDGET (self)) - side) / 2.0,
                     self->pointer_y, side, side, self->image->w, self->image->h);
  g_signal_emit (self, viewport_signal, 0);
  return GDK_EVENT_STOP;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, CwbFieldView *self)
{
  self->dragged_x = self->dragged_y = 0;
}

static void
on_drag (GtkGestureDrag *gesture, double x, double y, CwbFieldView *self)
{
  int side = get_side (self);

  if (self->image == NULL || side < 1)
    return;
  cwb_viewport_pan (&self->viewport, x - self->dragged_x, y - self->dragged_y, side, side,
                    self->image->w, self->image->h);
  self->dragged_x = x;
  self->dragged_y = y;
  g_signal_emit (self, viewport_signal, 0);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, CwbFieldView *self)
{
  if (n_press != 2)
    return;
  self->viewport = cwb_viewport_whole ();
  g_signal_emit (self, viewport_signal, 0);
}

static void
add_controllers (CwbFieldView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}

static void
cwb_field_view_dispose (GObject *object)
{
  CwbFieldView *self = CWB_FIELD_VIEW (object);

  g_clear_pointer (&self->image, cw_image_unref);
  g_clear_pointer (&self->field, cw_field_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->title_label, gtk_widget_unparent);
  g_clear_pointer (&self->detail_label, gtk_widget_unparent);
  G_OBJECT_CLASS (cwb_field_view_parent_class)->dispose (object);
}

static void
cwb_field_view_class_init (CwbFieldViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_field_view_dispose;
  widget_class->measure = cwb_field_view_measure;
  widget_class->get_request_mode = cwb_field_view_get_request_mode;
  widget_class->size_allocate = cwb_field_view_size_allocate;
  widget_class->snapshot = cwb_field_view_snapshot;
  viewport_signal = g_signal_new ("viewport-changed", G_TYPE_FROM_CLASS (klass),
                                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cwb_field_view_init (CwbFieldView *self)
{
  self->show_field = TRUE;
  self->viewport = cwb_viewport_whole ();
  add_controllers (self);
  self->title_label = gtk_label_new (NULL);
  self->detail_label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->title_label), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (self->detail_label), PANGO_ELLIPSIZE_END);
  gtk_label_set_justify (GTK_LABEL (self->detail_label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->title_label, "heading");
  gtk_widget_add_css_class (self->detail_label, "caption");
  gtk_widget_add_css_class (self->detail_label, "numeric");
  gtk_widget_add_css_class (self->detail_label, "dim-label");
  gtk_widget_set_parent (self->title_label, GTK_WIDGET (self));
  gtk_widget_set_parent (self->detail_label, GTK_WIDGET (self));
}

GtkWidget *
cwb_field_view_new (const char *title)
{
  CwbFieldView *self = g_object_new (CWB_TYPE_FIELD_VIEW, NULL);

  self->title = g_strdup (title);
  gtk_label_set_text (GTK_LABEL (self->title_label), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}

void
cwb_field_view_set (CwbFieldView *self, CwImage *image, CwField *field, const char *detail)
{
  g_autofree char *name = NULL;

  g_return_if_fail (CWB_IS_FIELD_VIEW (self));

  g_clear_pointer (&self->image, cw_image_unref);
  g_clear_pointer (&self->field, cw_field_free);
  self->image = image != NULL ? cw_image_ref (image) : NULL;
  self->field = field;
  if (detail == NULL)
    detail = "";
  gtk_label_set_text (GTK_LABEL (self->detail_label), detail);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), *detail != '\0' ? detail : NULL);
  name = *detail != '\0' ? g_strdup_printf ("%s: %s", self->title, detail) : g_strdup (self->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
cwb_field_view_set_show_field (CwbFieldView *self, gboolean show)
{
  self->show_field = show;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
cwb_field_view_set_viewport (CwbFieldView *self, const CwbViewport *viewport)
{
  self->viewport = *viewport;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
cwb_field_view_get_viewport (CwbFieldView *self, CwbViewport *viewport)
{
  *viewport = self->viewport;
}

CwImage *
cwb_field_view_get_image (CwbFieldView *self)
{
  return self->image;
}

const CwField *
cwb_field_view_get_field (CwbFieldView *self)
{
  return self->field;
}
