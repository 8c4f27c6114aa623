/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-paint-canvas.h"

#include "draw/cwb-draw-field.h"
#include "util/cwb-texture.h"

#include <glib/gi18n.h>
#include <math.h>

#define SIDE CWB_PAINT_CANVAS_SIDE
#define MIN_SIDE 160
#define NATURAL_SIDE 420
#define ARROW_SPACING 18.0

/* Of the brush by keys, in faces. */
#define STEP 0.02
#define FINE_STEP 0.005

/* A dab by Enter pushes so far, in radii: two dabs and a little. */
#define KEY_PUSH 0.55

struct _CwbPaintCanvas
{
  GtkWidget parent_instance;

  CwbPainting *painting;
  CwImage *face;       /* (nullable) */
  CwRenderer *renderer;
  CwPipeline *pipeline; /* without steps */
  CwMatrix frame;      /* of the face: its units to px of the picture */
  CwField *field, *scratch;
  guint n_painted;     /* dabs that are in the field */
  gboolean dirty;      /* the texture is of an earlier field */
  GdkTexture *texture;
  float *pixels;

  gboolean show_field;
  gboolean hovered;
  double x, y;         /* of the brush, in faces */
  double start_x, start_y; /* of the drag, in the widget */
  double last_dx, last_dy; /* the arrow key that was pressed last */
};

G_DEFINE_FINAL_TYPE (CwbPaintCanvas, cwb_paint_canvas, GTK_TYPE_WIDGET)

/* ---- the warped picture ---- */

static void
paint_new_dabs (CwbPaintCanvas *self)
{
  guint n;
  const CwDab *dabs = cwb_painting_get_dabs (self->painting, &n);

  if (self->n_painted == 0)
    cw_field_clear (self->field);
  for (; self->n_painted < n; self->n_painted++)
    cw_dab_apply (&dabs[self->n_painted], &self->frame, self->field, self->scratch);
}

static void
render (CwbPaintCanvas *self)
{
  CwViewDraw draw = { 0 };
  g_autoptr (CwImage) image = cw_image_new (SIDE, SIDE, 3);

  paint_new_dabs (self);
  cw_pipeline_render (self->pipeline, &draw, self->face, self->field, self->renderer,
                      self->pixels);
  for (int i = 0; i < 3 * SIDE * SIDE; i++)
    image->data[i] = (guint8) (self->pixels[i] * 255.0f + 0.5f);
  g_clear_object (&self->texture);
  self->texture = cwb_texture_new (image);
  self->dirty = FALSE;
}

static void
on_changed (CwbPainting *painting, guint kept, CwbPaintCanvas *self)
{
  /* Dabs that went cannot be taken out of the field. */
  if (kept < self->n_painted)
    self->n_painted = 0;
  self->dirty = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- places ---- */

/* The square that the picture has in the widget. */
static CwbPlace
get_place (CwbPaintCanvas *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self)), side = MAX (MIN (width, height), 1);

  return (CwbPlace){ floor ((width - side) / 2), floor ((height - side) / 2), side / SIDE };
}

/* From the widget to the frame of the face. */
static void
find_on_face (CwbPaintCanvas *self, double x, double y, double *face_x, double *face_y)
{
  CwbPlace place = get_place (self);
  CwMatrix inverse = cw_matrix_invert (self->frame);
  CwPoint p = { (float) ((x - place.x) / place.scale), (float) ((y - place.y) / place.scale) };

  p = cw_matrix_apply (&inverse, p);
  *face_x = CLAMP ((double) p.x, -1, 2);
  *face_y = CLAMP ((double) p.y, -1, 2);
}

/* ---- drawing ---- */

static void
draw_brush (CwbPaintCanvas *self, cairo_t *cr, const CwbPlace *place)
{
  const float *m = self->frame.m;
  double unit = sqrt (fabs ((double) (m[0] * m[4] - m[1] * m[3])));
  CwPoint p = cw_matrix_apply (&self->frame, (CwPoint){ (float) self->x, (float) self->y });
  double x = place->x + place->scale * (double) p.x, y = place->y + place->scale * (double) p.y;

  cairo_new_path (cr);
  cairo_arc (cr, x, y, unit * cwb_painting_get_size (self->painting) * place->scale, 0, 2 * G_PI);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x, y, 1, 0, 2 * G_PI);
  /* Seen on light and on dark skin. */
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
}

static void
draw_over (CwbPaintCanvas *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  GtkWidget *widget = GTK_WIDGET (self);
  CwbPlace place = { 0, 0, (double) bounds->size.width / SIDE };
  double side = (double) bounds->size.width;
  CwbPalette palette;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);

  cairo_translate (cr, (double) bounds->origin.x, (double) bounds->origin.y);
  cairo_rectangle (cr, 0, 0, side, side);
  cairo_clip (cr);
  cwb_palette_from_widget (&palette, widget);
  if (self->show_field)
    cwb_draw_quiver (cr, side, side, &place, self->field, ARROW_SPACING, &palette);
  if (self->hovered || gtk_widget_has_focus (widget))
    draw_brush (self, cr, &place);
  cairo_destroy (cr);
}

static void
cwb_paint_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CwbPaintCanvas *self = CWB_PAINT_CANVAS (widget);
  CwbPlace place = get_place (self);
  float side = (float) (SIDE * place.scale);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) place.x, (float) place.y, side, side);
  GdkTexture *texture = cwb_paint_canvas_get_texture (self);

  if (texture == NULL)
    return;
  gtk_snapshot_append_texture (snapshot, texture, &bounds);
  draw_over (self, snapshot, &bounds);
}

static void
cwb_paint_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = MIN_SIDE;
  *natural = orientation == GTK_ORIENTATION_VERTICAL && for_size > 0
                 ? CLAMP (for_size, MIN_SIDE, NATURAL_SIDE)
                 : NATURAL_SIDE;
}

static GtkSizeRequestMode
cwb_paint_canvas_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* ---- pointer ---- */

/* A pen says how hard it is pressed; a mouse does not. */
static double
get_pressure (GtkGesture *gesture)
{
  GdkEvent *event = gtk_gesture_get_last_event (
      gesture, gtk_gesture_single_get_current_sequence (GTK_GESTURE_SINGLE (gesture)));
  double pressure;

  if (event == NULL || gdk_event_get_device_tool (event) == NULL
      || !gdk_event_get_axis (event, GDK_AXIS_PRESSURE, &pressure))
    return 1;
  return pressure;
}

static void
move_brush_to (CwbPaintCanvas *self, double x, double y)
{
  find_on_face (self, x, y, &self->x, &self->y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, CwbPaintCanvas *self)
{
  self->hovered = TRUE;
  if (!cwb_painting_is_painting (self->painting))
    move_brush_to (self, x, y);
}

static void
on_leave (GtkEventControllerMotion *controller, CwbPaintCanvas *self)
{
  self->hovered = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, CwbPaintCanvas *self)
{
  if (self->face == NULL)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->start_x = x;
  self->start_y = y;
  move_brush_to (self, x, y);
  cwb_painting_begin (self->painting, self->x, self->y, get_pressure (GTK_GESTURE (gesture)));
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, CwbPaintCanvas *self)
{
  if (self->face == NULL)
    return;
  move_brush_to (self, self->start_x + dx, self->start_y + dy);
  cwb_painting_move (self->painting, self->x, self->y, get_pressure (GTK_GESTURE (gesture)));
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, CwbPaintCanvas *self)
{
  cwb_painting_end (self->painting);
}

/* ---- keys ---- */

/* One way in widget coordinates, which is what arrow keys mean also on a face that is turned. */
static void
step (CwbPaintCanvas *self, double dx, double dy, gboolean fine)
{
  const float *m = self->frame.m;
  CwMatrix inverse = cw_matrix_invert (self->frame);
  double unit = sqrt (fabs ((double) (m[0] * m[4] - m[1] * m[3])));
  double length = unit * (fine ? FINE_STEP : STEP);
  double x = length * dx, y = length * dy;

  self->last_dx = (double) inverse.m[0] * x + (double) inverse.m[1] * y;
  self->last_dy = (double) inverse.m[3] * x + (double) inverse.m[4] * y;
  self->x = CLAMP (self->x + self->last_dx, -1, 2);
  self->y = CLAMP (self->y + self->last_dy, -1, 2);
  cwb_painting_move (self->painting, self->x, self->y, 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where the brush is; a push goes the way of the last arrow key. */
static void
dab (CwbPaintCanvas *self)
{
  CwbPainting *painting = self->painting;
  double length = hypot (self->last_dx, self->last_dy);

  cwb_painting_begin (painting, self->x, self->y, 1);
  if (cwb_painting_get_brush (painting) == CWB_BRUSH_PUSH)
    {
      double far = KEY_PUSH * cwb_painting_get_size (painting) / length;

      self->x = CLAMP (self->x + far * self->last_dx, -1, 2);
      self->y = CLAMP (self->y + far * self->last_dy, -1, 2);
      cwb_painting_move (painting, self->x, self->y, 1);
    }
  cwb_painting_end (painting);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                CwbPaintCanvas *self)
{
  gboolean fine = (state & GDK_SHIFT_MASK) != 0;

  if (self->face == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
      step (self, -1, 0, fine);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
      step (self, 1, 0, fine);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
      step (self, 0, -1, fine);
      return GDK_EVENT_STOP;
    case GDK_KEY_Down:
      step (self, 0, 1, fine);
      return GDK_EVENT_STOP;
    case GDK_KEY_space:
      /* Comes again while it is held. */
      if (!cwb_painting_is_painting (self->painting))
        cwb_painting_begin (self->painting, self->x, self->y, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      dab (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
on_key_released (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                 CwbPaintCanvas *self)
{
  if (key == GDK_KEY_space)
    cwb_painting_end (self->painting);
}

static void
on_focus (GtkEventControllerFocus *controller, CwbPaintCanvas *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The release of a key would go elsewhere. */
static void
on_focus_lost (GtkEventControllerFocus *controller, CwbPaintCanvas *self)
{
  cwb_painting_end (self->painting);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- object ---- */

static void
add_controllers (CwbPaintCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (on_key_released), self);
  g_signal_connect (focus, "enter", G_CALLBACK (on_focus), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_focus_lost), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_add_controller (widget, focus);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
}

static void
release_painting (CwbPaintCanvas *self)
{
  if (self->painting == NULL)
    return;
  /* What the canvas began would go on with the next press. */
  cwb_painting_end (self->painting);
  g_signal_handlers_disconnect_by_data (self->painting, self);
  g_clear_object (&self->painting);
}

static void
cwb_paint_canvas_dispose (GObject *object)
{
  CwbPaintCanvas *self = CWB_PAINT_CANVAS (object);

  release_painting (self);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->face, cw_image_unref);
  G_OBJECT_CLASS (cwb_paint_canvas_parent_class)->dispose (object);
}

static void
cwb_paint_canvas_finalize (GObject *object)
{
  CwbPaintCanvas *self = CWB_PAINT_CANVAS (object);

  cw_field_free (self->field);
  cw_field_free (self->scratch);
  cw_pipeline_free (self->pipeline);
  cw_renderer_free (self->renderer);
  g_free (self->pixels);
  G_OBJECT_CLASS (cwb_paint_canvas_parent_class)->finalize (object);
}

static void
cwb_paint_canvas_class_init (CwbPaintCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_paint_canvas_dispose;
  G_OBJECT_CLASS (klass)->finalize = cwb_paint_canvas_finalize;
  widget_class->snapshot = cwb_paint_canvas_snapshot;
  widget_class->measure = cwb_paint_canvas_measure;
  widget_class->get_request_mode = cwb_paint_canvas_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cwb_paint_canvas_init (CwbPaintCanvas *self)
{
  g_autoptr (CwbPainting) painting = cwb_painting_new ();

  self->pipeline = cw_pipeline_new ();
  self->renderer = cw_renderer_new (SIDE);
  self->field = cw_field_new (SIDE, SIDE);
  self->scratch = cw_field_new (SIDE, SIDE);
  self->pixels = g_new (float, 3 * SIDE * SIDE);
  self->frame = cw_matrix_scale (SIDE, SIDE);
  self->x = self->y = 0.5;
  self->last_dy = -STEP;
  cwb_paint_canvas_set_painting (self, painting);
  add_controllers (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Face to paint on"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("Arrow keys move the brush, and paint while Space is held; "
                                     "Enter dabs once"),
                                  -1);
}

CwbPainting *
cwb_paint_canvas_get_painting (CwbPaintCanvas *self)
{
  return self->painting;
}

void
cwb_paint_canvas_set_painting (CwbPaintCanvas *self, CwbPainting *painting)
{
  g_return_if_fail (CWB_IS_PAINT_CANVAS (self));
  g_return_if_fail (CWB_IS_PAINTING (painting));

  release_painting (self);
  self->painting = g_object_ref (painting);
  g_signal_connect (painting, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (painting, "brush-changed", G_CALLBACK (gtk_widget_queue_draw), self);
  on_changed (painting, 0, self);
}

/* Landmarks in px of the picture. */
static void
find_frame (CwbPaintCanvas *self, const CwPoint *points)
{
  CwViewDraw draw = { 0 };
  CwMatrix map = cw_pipeline_matrix (self->pipeline, &draw, self->face->w, self->face->h, SIDE);
  CwMatrix inverse = cw_matrix_invert (map);
  CwPoint placed[CW_N_LANDMARKS];

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      CwPoint p = { points[i].x * (float) self->face->w, points[i].y * (float) self->face->h };

      placed[i] = cw_matrix_apply (&inverse, p);
    }
  if (!cw_strokes_frame (placed, &self->frame))
    self->frame = cw_matrix_scale (SIDE, SIDE);
}

void
cwb_paint_canvas_set_face (CwbPaintCanvas *self, CwImage *image, const CwPoint *points)
{
  g_return_if_fail (CWB_IS_PAINT_CANVAS (self));
  g_return_if_fail (image == NULL || points != NULL);

  cwb_painting_end (self->painting);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->face, cw_image_unref);
  if (image != NULL)
    {
      self->face = cw_image_ref (image);
      find_frame (self, points);
    }
  self->n_painted = 0;
  self->dirty = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const CwField *
cwb_paint_canvas_get_field (CwbPaintCanvas *self)
{
  paint_new_dabs (self);
  return self->field;
}

GdkTexture *
cwb_paint_canvas_get_texture (CwbPaintCanvas *self)
{
  if (self->face != NULL && (self->texture == NULL || self->dirty))
    render (self);
  return self->texture;
}

void
cwb_paint_canvas_set_show_field (CwbPaintCanvas *self, gboolean show)
{
  self->show_field = show;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
cwb_paint_canvas_get_cursor (CwbPaintCanvas *self, double *x, double *y)
{
  *x = self->x;
  *y = self->y;
}
