/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-compare-view.h"

#include "draw/cwb-draw-field.h"
#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* Two changes there and back a second. */
#define FLICKER_MS 250
/* How near the divider a drag takes it, of the width. */
#define REACH 0.06
#define STEP 0.02

const CwbCompareModeInfo cwb_compare_modes[CWB_N_COMPARE_MODES] = {
  { "wipe", N_ ("Wipe") },
  { "difference", N_ ("Difference") },
  { "flicker", N_ ("Flicker") },
};

struct _CwbCompareView
{
  CwbPictureView parent_instance;

  CwImage *before, *after, *before_shown, *after_shown;
  char *before_name, *after_name;
  CwbCompareMode mode;
  double divider;
  gboolean shows_after;
  guint flicker_id;
  CwbDifference *difference; /* (nullable): made when it is first drawn */
};

G_DEFINE_FINAL_TYPE (CwbCompareView, cwb_compare_view, CWB_TYPE_PICTURE_VIEW)

/* ---- what is said ---- */

static gboolean
is_animated (CwbCompareView *self)
{
  gboolean enabled;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &enabled,
                NULL);
  return enabled;
}

static CwbDifference *
get_difference (CwbCompareView *self)
{
  if (self->difference == NULL && self->before != NULL && self->after != NULL)
    self->difference = cwb_difference_new (self->before, self->after);
  return self->difference;
}

static char *
dup_detail (CwbCompareView *self)
{
  switch (self->mode)
    {
    case CWB_COMPARE_WIPE:
      /* Translators: names of two pictures, beside each other */
      return g_strdup_printf (_ ("left %s, right %s"), self->before_name, self->after_name);
    case CWB_COMPARE_DIFFERENCE:
      if (get_difference (self) == NULL)
        return g_strdup ("");
      /* Translators: grey levels; names of two pictures */
      return g_strdup_printf (_ ("mean %.1f, largest %.0f grey levels\n%s less %s"),
                              self->difference->mean, self->difference->max, self->after_name,
                              self->before_name);
    case CWB_COMPARE_FLICKER:
      return is_animated (self)
                 ? g_strdup_printf (_ ("%s and %s in turn"), self->before_name, self->after_name)
                 : g_strdup_printf (_ ("%s\nSpace changes the picture"),
                                    self->shows_after ? self->after_name : self->before_name);
    case CWB_N_COMPARE_MODES:
    default:
      g_assert_not_reached ();
    }
}

static void
describe (CwbCompareView *self)
{
  g_autofree char *detail = NULL, *text = NULL;

  if (self->before == NULL || self->after == NULL)
    return;
  detail = dup_detail (self);
  cwb_picture_view_set_title (CWB_PICTURE_VIEW (self), _ (cwb_compare_modes[self->mode].label));
  cwb_picture_view_set_detail (CWB_PICTURE_VIEW (self), detail);
  if (self->mode == CWB_COMPARE_WIPE)
    text = g_strdup_printf (_ ("The divider is at %.0f %% of the width; Left and Right move it"),
                            100 * self->divider);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : detail, -1);
}

/* ---- flicker ---- */

static void
turn_over (CwbCompareView *self)
{
  self->shows_after = !self->shows_after;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_flicker (gpointer self)
{
  turn_over (self);
  return G_SOURCE_CONTINUE;
}

/* Runs only while there is something to see. */
static void
update_flicker (CwbCompareView *self)
{
  gboolean wanted = self->mode == CWB_COMPARE_FLICKER && self->before != NULL
                    && gtk_widget_get_mapped (GTK_WIDGET (self)) && is_animated (self);

  if (wanted && self->flicker_id == 0)
    self->flicker_id = g_timeout_add (FLICKER_MS, on_flicker, self);
  else if (!wanted)
    g_clear_handle_id (&self->flicker_id, g_source_remove);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_animations (GtkSettings *settings, GParamSpec *pspec, CwbCompareView *self)
{
  update_flicker (self);
  describe (self);
}

static void
cwb_compare_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (cwb_compare_view_parent_class)->map (widget);
  update_flicker (CWB_COMPARE_VIEW (widget));
}

static void
cwb_compare_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (cwb_compare_view_parent_class)->unmap (widget);
  update_flicker (CWB_COMPARE_VIEW (widget));
}

/* ---- drawing ---- */

/* Which picture is which, where there is room for it. */
static void
draw_names (CwbCompareView *self, cairo_t *cr, double side, const CwbPalette *palette)
{
  double left = cwb_text_width (cr, self->before_name, 10);
  double right = cwb_text_width (cr, self->after_name, 10), x = self->divider * side;

  if (x > left + 16)
    {
      cwb_draw_panel (cr, 4, 4, left + 8, 18);
      cwb_draw_text (cr, self->before_name, 8, 13, CWB_ALIGN_LEFT, 10, FALSE, &palette->on_panel);
    }
  if (side - x > right + 16)
    {
      cwb_draw_panel (cr, side - 12 - right, 4, right + 8, 18);
      cwb_draw_text (cr, self->after_name, side - 8, 13, CWB_ALIGN_RIGHT, 10, FALSE,
                     &palette->on_panel);
    }
}

static void
cwb_compare_view_draw (CwbPictureView *view, cairo_t *cr, double side, const CwbPlace *place,
                       const CwbPalette *palette)
{
  CwbCompareView *self = CWB_COMPARE_VIEW (view);
  CwbPlace smaller;
  gboolean small = cwb_place_smaller (place, side, cwb_picture_view_get_side (view),
                                      MAX (self->before->w, self->before->h),
                                      MAX (self->before_shown->w, self->before_shown->h), &smaller);
  const CwImage *before = small ? self->before_shown : self->before;
  const CwImage *after = small ? self->after_shown : self->after;

  if (self->mode == CWB_COMPARE_WIPE)
    {
      cwb_draw_wipe (cr, side, side, small ? &smaller : place, before, after, self->divider, palette);
      draw_names (self, cr, side, palette);
    }
  else if (self->mode == CWB_COMPARE_FLICKER)
    cwb_draw_picture (cr, small ? &smaller : place, self->shows_after ? after : before);
  else if (get_difference (self) != NULL)
    cwb_draw_difference (cr, side, side, place, self->difference, palette);
}

/* ---- divider ---- */

static gboolean
cwb_compare_view_drag_from (CwbPictureView *view, double x)
{
  CwbCompareView *self = CWB_COMPARE_VIEW (view);

  return self->mode == CWB_COMPARE_WIPE && fabs (x - self->divider) <= REACH;
}

static void
cwb_compare_view_drag_to (CwbPictureView *view, double x)
{
  cwb_compare_view_set_divider (CWB_COMPARE_VIEW (view), x);
}

static gboolean
move_divider (CwbCompareView *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Left:
      cwb_compare_view_set_divider (self, self->divider - STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
      cwb_compare_view_set_divider (self, self->divider + STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      cwb_compare_view_set_divider (self, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      cwb_compare_view_set_divider (self, 1);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        CwbCompareView *self)
{
  /* With Shift they move a zoomed picture, as without it in the other modes. */
  if (self->mode == CWB_COMPARE_WIPE)
    return (state & GDK_SHIFT_MASK) != 0 ? GDK_EVENT_PROPAGATE : move_divider (self, key);
  if (self->mode != CWB_COMPARE_FLICKER || key != GDK_KEY_space || is_animated (self))
    return GDK_EVENT_PROPAGATE;
  turn_over (self);
  describe (self);
  return GDK_EVENT_STOP;
}

/* ---- object ---- */

static void
cwb_compare_view_dispose (GObject *object)
{
  CwbCompareView *self = CWB_COMPARE_VIEW (object);

  g_clear_handle_id (&self->flicker_id, g_source_remove);
  g_clear_pointer (&self->before, cw_image_unref);
  g_clear_pointer (&self->after, cw_image_unref);
  g_clear_pointer (&self->before_shown, cw_image_unref);
  g_clear_pointer (&self->after_shown, cw_image_unref);
  g_clear_pointer (&self->before_name, g_free);
  g_clear_pointer (&self->after_name, g_free);
  g_clear_pointer (&self->difference, cwb_difference_free);
  G_OBJECT_CLASS (cwb_compare_view_parent_class)->dispose (object);
}

static void
cwb_compare_view_class_init (CwbCompareViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  CwbPictureViewClass *view_class = CWB_PICTURE_VIEW_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_compare_view_dispose;
  widget_class->map = cwb_compare_view_map;
  widget_class->unmap = cwb_compare_view_unmap;
  view_class->draw = cwb_compare_view_draw;
  view_class->drag_from = cwb_compare_view_drag_from;
  view_class->drag_to = cwb_compare_view_drag_to;
}

static void
cwb_compare_view_init (CwbCompareView *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();

  self->divider = 0.5;
  cwb_picture_view_set_title (CWB_PICTURE_VIEW (self), _ (cwb_compare_modes[0].label));
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)),
                           "notify::gtk-enable-animations", G_CALLBACK (on_animations), self, 0);
}

GtkWidget *
cwb_compare_view_new (void)
{
  return g_object_new (CWB_TYPE_COMPARE_VIEW, NULL);
}

static void
replace (CwImage **old, CwImage *image)
{
  cw_image_ref (image);
  g_clear_pointer (old, cw_image_unref);
  *old = image;
}

void
cwb_compare_view_set (CwbCompareView *self, const CwbCompared *before, const CwbCompared *after,
                      CwbDifference *difference)
{
  g_return_if_fail (CWB_IS_COMPARE_VIEW (self));

  replace (&self->before, before->image);
  replace (&self->before_shown, before->shown);
  replace (&self->after, after->image);
  replace (&self->after_shown, after->shown);
  g_free (self->before_name);
  g_free (self->after_name);
  self->before_name = g_strdup (before->name);
  self->after_name = g_strdup (after->name);
  g_clear_pointer (&self->difference, cwb_difference_free);
  self->difference = difference;
  cwb_picture_view_set_size (CWB_PICTURE_VIEW (self), before->image->w, before->image->h);
  update_flicker (self);
  describe (self);
}

void
cwb_compare_view_set_mode (CwbCompareView *self, CwbCompareMode mode)
{
  g_return_if_fail (CWB_IS_COMPARE_VIEW (self));

  self->mode = mode;
  self->shows_after = FALSE;
  update_flicker (self);
  describe (self);
}

CwbCompareMode
cwb_compare_view_get_mode (CwbCompareView *self)
{
  return self->mode;
}

void
cwb_compare_view_set_divider (CwbCompareView *self, double divider)
{
  g_return_if_fail (CWB_IS_COMPARE_VIEW (self));

  self->divider = CLAMP (divider, 0, 1);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

double
cwb_compare_view_get_divider (CwbCompareView *self)
{
  return self->divider;
}

gboolean
cwb_compare_view_get_shows_after (CwbCompareView *self)
{
  return self->shows_after;
}
