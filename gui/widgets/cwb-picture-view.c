/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-picture-view.h"

#include <math.h>

#define MIN_SIDE 120
#define NATURAL_SIDE 220
/* A key moves a zoomed picture by this part of the square, and zooms by this much. */
#define PAN_STEP 0.1
#define ZOOM_STEP 1.25

typedef struct
{
  int w, h;
  CwbViewport viewport;
  double begun_x, begun_y;     /* of the drag under way */
  double dragged_x, dragged_y; /* how much of it has been obeyed */
  gboolean dragging_other;     /* it is for drag_to() */
  double pointer_x, pointer_y;
  gboolean pointer_inside;
  char *title, *detail;
  char *tooltip; /* (nullable) */
  GtkWidget *title_label, *detail_label;
} CwbPictureViewPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CwbPictureView, cwb_picture_view, GTK_TYPE_WIDGET)

static guint viewport_signal;

/* What both labels need below the picture. */
static int
labels_height (CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  int title, detail;

  gtk_widget_measure (priv->title_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &title, NULL, NULL);
  gtk_widget_measure (priv->detail_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &detail, NULL, NULL);
  return title + detail + 6;
}

static void
cwb_picture_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  int below = orientation == GTK_ORIENTATION_VERTICAL ? labels_height (CWB_PICTURE_VIEW (widget)) : 0;

  *minimum = MIN_SIDE + below;
  *natural = (orientation == GTK_ORIENTATION_VERTICAL && for_size > 0 ? MAX (for_size, MIN_SIDE)
                                                                      : NATURAL_SIDE)
             + below;
}

static GtkSizeRequestMode
cwb_picture_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
cwb_picture_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CwbPictureView *self = CWB_PICTURE_VIEW (widget);
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  int side = MIN (width, height - labels_height (self)), title, detail;

  gtk_widget_measure (priv->title_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &title, NULL, NULL);
  gtk_widget_measure (priv->detail_label, GTK_ORIENTATION_VERTICAL, -1, NULL, &detail, NULL, NULL);
  gtk_widget_size_allocate (priv->title_label, &(GtkAllocation) { 0, side + 4, width, title }, -1);
  gtk_widget_size_allocate (priv->detail_label,
                            &(GtkAllocation) { 0, side + 4 + title, width, detail }, -1);
}

/* Of the square that the picture has. */
static int
get_side (CwbPictureView *self)
{
  return MIN (gtk_widget_get_width (GTK_WIDGET (self)),
              gtk_widget_get_height (GTK_WIDGET (self)) - labels_height (self));
}

static CwbPlace
get_place (CwbPictureView *self, int side)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  return cwb_viewport_place (&priv->viewport, side, side, priv->w, priv->h);
}

static void
cwb_picture_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CwbPictureView *self = CWB_PICTURE_VIEW (widget);
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  int side = get_side (self);
  graphene_rect_t bounds
      = GRAPHENE_RECT_INIT ((float) (gtk_widget_get_width (widget) - side) / 2, 0, (float) side,
                            (float) side);

  if (side >= 1 && priv->w > 0)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
      CwbPlace place = get_place (self, side);
      CwbPalette palette;

      cwb_palette_from_widget (&palette, widget);
      cairo_translate (cr, (double) bounds.origin.x, 0);
      CWB_PICTURE_VIEW_GET_CLASS (self)->draw (self, cr, side, &place, &palette);
      cairo_destroy (cr);
    }
  GTK_WIDGET_CLASS (cwb_picture_view_parent_class)->snapshot (widget, snapshot);
}

/* ---- pointer ---- */

/* From the widget's coordinates to the square's. */
static double
to_square (CwbPictureView *self, double x)
{
  return x - (gtk_widget_get_width (GTK_WIDGET (self)) - get_side (self)) / 2.0;
}

/* Tells what the pointer is on; also after zooming, when it has not moved itself. */
static void
tell_pointer (CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  CwbPictureViewClass *klass = CWB_PICTURE_VIEW_GET_CLASS (self);
  int side = get_side (self);
  gboolean inside = priv->pointer_inside && priv->w > 0 && side >= 1;
  double x = 0, y = 0;

  if (klass->point == NULL)
    return;
  if (inside)
    {
      CwbPlace place = get_place (self, side);
      double at = to_square (self, priv->pointer_x);

      inside = at >= 0 && at < side && priv->pointer_y >= 0 && priv->pointer_y < side;
      x = (at - place.x) / place.scale;
      y = (priv->pointer_y - place.y) / place.scale;
    }
  klass->point (self, inside, x, y);
}

static void
viewport_changed (CwbPictureView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  tell_pointer (self);
  g_signal_emit (self, viewport_signal, 0);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  priv->pointer_x = x;
  priv->pointer_y = y;
  priv->pointer_inside = TRUE;
  tell_pointer (self);
}

static void
on_leave (GtkEventControllerMotion *controller, CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  priv->pointer_inside = FALSE;
  tell_pointer (self);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  int side = get_side (self);

  if ((state & GDK_CONTROL_MASK) == 0 || priv->w == 0 || side < 1)
    return GDK_EVENT_PROPAGATE;
  cwb_viewport_zoom (&priv->viewport, pow (ZOOM_STEP, -dy), to_square (self, priv->pointer_x),
                     priv->pointer_y, side, side, priv->w, priv->h);
  viewport_changed (self);
  return GDK_EVENT_STOP;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  CwbPictureViewClass *klass = CWB_PICTURE_VIEW_GET_CLASS (self);
  int side = MAX (get_side (self), 1);

  priv->begun_x = x;
  priv->begun_y = y;
  priv->dragged_x = priv->dragged_y = 0;
  priv->dragging_other
      = klass->drag_from != NULL && klass->drag_from (self, to_square (self, x) / side);
}

static void
on_drag (GtkGestureDrag *gesture, double x, double y, CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  int side = get_side (self);

  if (priv->w == 0 || side < 1)
    return;
  if (priv->dragging_other)
    {
      CWB_PICTURE_VIEW_GET_CLASS (self)->drag_to (self,
                                                  to_square (self, priv->begun_x + x) / side);
      return;
    }
  cwb_viewport_pan (&priv->viewport, x - priv->dragged_x, y - priv->dragged_y, side, side, priv->w,
                    priv->h);
  priv->dragged_x = x;
  priv->dragged_y = y;
  viewport_changed (self);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  if (n_press != 2)
    return;
  priv->viewport = cwb_viewport_whole ();
  viewport_changed (self);
}

/* ---- keys ---- */

static gboolean
zoom_by_key (CwbPictureView *self, double factor)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  int side = get_side (self);

  cwb_viewport_zoom (&priv->viewport, factor, side / 2.0, side / 2.0, side, side, priv->w, priv->h);
  viewport_changed (self);
  return GDK_EVENT_STOP;
}

/* What shows all of the picture has no use for arrow keys: they take the focus on. */
static gboolean
pan_by_key (CwbPictureView *self, double dx, double dy)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  int side = get_side (self);

  if (priv->viewport.zoom <= 1)
    return GDK_EVENT_PROPAGATE;
  cwb_viewport_pan (&priv->viewport, -PAN_STEP * dx * side, -PAN_STEP * dy * side, side, side,
                    priv->w, priv->h);
  viewport_changed (self);
  return GDK_EVENT_STOP;
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0 || priv->w == 0 || get_side (self) < 1)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return pan_by_key (self, -1, 0);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return pan_by_key (self, 1, 0);
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return pan_by_key (self, 0, -1);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return pan_by_key (self, 0, 1);
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      return zoom_by_key (self, ZOOM_STEP);
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      return zoom_by_key (self, 1 / ZOOM_STEP);
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      return zoom_by_key (self, 0);
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
add_controllers (CwbPictureView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll
      = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new ();

  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}

/* Asked for, not told: GTK asks the display where the pointer is whenever a tooltip is set. */
static gboolean
cwb_picture_view_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                                GtkTooltip *tooltip)
{
  CwbPictureViewPrivate *priv
      = cwb_picture_view_get_instance_private (CWB_PICTURE_VIEW (widget));

  gtk_tooltip_set_text (tooltip, priv->tooltip);
  return priv->tooltip != NULL;
}

/* ---- object ---- */

static void
cwb_picture_view_dispose (GObject *object)
{
  CwbPictureViewPrivate *priv
      = cwb_picture_view_get_instance_private (CWB_PICTURE_VIEW (object));

  g_clear_pointer (&priv->title, g_free);
  g_clear_pointer (&priv->detail, g_free);
  g_clear_pointer (&priv->tooltip, g_free);
  g_clear_pointer (&priv->title_label, gtk_widget_unparent);
  g_clear_pointer (&priv->detail_label, gtk_widget_unparent);
  G_OBJECT_CLASS (cwb_picture_view_parent_class)->dispose (object);
}

static void
cwb_picture_view_class_init (CwbPictureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_picture_view_dispose;
  widget_class->measure = cwb_picture_view_measure;
  widget_class->get_request_mode = cwb_picture_view_get_request_mode;
  widget_class->size_allocate = cwb_picture_view_size_allocate;
  widget_class->snapshot = cwb_picture_view_snapshot;
  widget_class->query_tooltip = cwb_picture_view_query_tooltip;
  viewport_signal = g_signal_new ("viewport-changed", G_TYPE_FROM_CLASS (klass),
                                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "picture-view");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cwb_picture_view_init (CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  priv->viewport = cwb_viewport_whole ();
  priv->title = g_strdup ("");
  priv->detail = g_strdup ("");
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  add_controllers (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  priv->title_label = gtk_label_new (NULL);
  /* An inscription does not ask for a size of its own: a new text is no reason to lay out the window anew. */
  priv->detail_label = gtk_inscription_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (priv->title_label), PANGO_ELLIPSIZE_END);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (priv->detail_label),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (priv->detail_label), 0.5f);
  gtk_widget_add_css_class (priv->title_label, "heading");
  gtk_widget_add_css_class (priv->detail_label, "caption");
  gtk_widget_add_css_class (priv->detail_label, "numeric");
  gtk_widget_add_css_class (priv->detail_label, "dim-label");
  gtk_widget_set_parent (priv->title_label, GTK_WIDGET (self));
  gtk_widget_set_parent (priv->detail_label, GTK_WIDGET (self));
}

static void
update_name (CwbPictureView *self)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);
  g_autofree char *name = NULL;

  name = *priv->detail != '\0' ? g_strdup_printf ("%s: %s", priv->title, priv->detail)
                               : g_strdup (priv->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
cwb_picture_view_set_title (CwbPictureView *self, const char *title)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  g_free (priv->title);
  priv->title = g_strdup (title);
  gtk_label_set_text (GTK_LABEL (priv->title_label), title);
  update_name (self);
}

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

void
cwb_picture_view_set_detail (CwbPictureView *self, const char *detail)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  g_free (priv->detail);
  priv->detail = g_strdup (detail != NULL ? detail : "");
  gtk_inscription_set_text (GTK_INSCRIPTION (priv->detail_label), priv->detail);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (priv->detail_label), count_lines (priv->detail));
  cwb_picture_view_set_tooltip (self, priv->detail);
  update_name (self);
  tell_pointer (self);
}

void
cwb_picture_view_set_tooltip (CwbPictureView *self, const char *text)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  g_free (priv->tooltip);
  priv->tooltip = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

void
cwb_picture_view_set_readout (CwbPictureView *self, const char *text)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  gtk_inscription_set_text (GTK_INSCRIPTION (priv->detail_label), text != NULL ? text : priv->detail);
}

void
cwb_picture_view_set_size (CwbPictureView *self, int w, int h)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  priv->w = w;
  priv->h = h;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
cwb_picture_view_get_side (CwbPictureView *self)
{
  return MAX (get_side (self), 0) * gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

void
cwb_picture_view_set_viewport (CwbPictureView *self, const CwbViewport *viewport)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  priv->viewport = *viewport;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
cwb_picture_view_get_viewport (CwbPictureView *self, CwbViewport *viewport)
{
  CwbPictureViewPrivate *priv = cwb_picture_view_get_instance_private (self);

  *viewport = priv->viewport;
}
