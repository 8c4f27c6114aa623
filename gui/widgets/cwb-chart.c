/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "widgets/cwb-chart.h"

#include "util/cwb-text-scale.h"

#include <adwaita.h>
#include <math.h>

struct _CwbChart
{
  GtkWidget parent_instance;
  CwbChartModel *model;
  CwbChartFrame frame; /* of the last drawing, in pixels of the widget */
  double cursor;       /* x, NaN = hidden */
};

enum
{
  PROP_CURSOR = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CwbChart, cwb_chart, GTK_TYPE_WIDGET)

static void
cwb_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CwbChart *self = CWB_CHART (widget);
  CwbChartFrame *f = &self->frame;
  double width, height, scale = cwb_text_scale (widget);
  CwbPalette palette;
  cairo_t *cr;

  if (self->model == NULL)
    return;
  cr = cwb_text_scale_begin (widget, snapshot, &width, &height);
  if (cr == NULL)
    return;
  cwb_palette_from_widget (&palette, widget);
  cwb_draw_chart (cr, width, height, self->model, self->cursor, &palette, f);
  f->left *= scale;
  f->top *= scale;
  f->width *= scale;
  f->height *= scale;
  cairo_destroy (cr);
}

static void
cwb_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                   int *natural, int *minimum_baseline, int *natural_baseline)
{
  double scale = cwb_text_scale (widget);

  /* Not wider: a narrow window has to do with large text too. */
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : (int) (150 * scale);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 520 : (int) (240 * scale);
}

static void
set_cursor (CwbChart *self, double x)
{
  if (x == self->cursor || (isnan (x) && isnan (self->cursor)))
    return;
  self->cursor = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR]);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, CwbChart *self)
{
  const CwbChartFrame *f = &self->frame;

  if (f->width > 0)
    set_cursor (self, CLAMP (f->x0 + (x - f->left) / f->width * (f->x1 - f->x0), f->x0, f->x1));
}

static void
on_leave (GtkEventControllerMotion *controller, CwbChart *self)
{
  set_cursor (self, NAN);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        CwbChart *self)
{
  const CwbChartFrame *f = &self->frame;
  double step = MAX (1, round ((f->x1 - f->x0) / 100));
  double cursor = isnan (self->cursor) ? f->x1 : self->cursor;

  switch (key)
    {
    case GDK_KEY_Left:
      set_cursor (self, MAX (f->x0, cursor - step));
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
      set_cursor (self, MIN (f->x1, cursor + step));
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      set_cursor (self, f->x0);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      set_cursor (self, f->x1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (isnan (self->cursor))
        return GDK_EVENT_PROPAGATE;
      set_cursor (self, NAN);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
cwb_chart_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (cwb_chart_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
}

static void
cwb_chart_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_CURSOR)
    g_value_set_double (value, CWB_CHART (object)->cursor);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
cwb_chart_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_CURSOR)
    set_cursor (CWB_CHART (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
cwb_chart_dispose (GObject *object)
{
  CwbChart *self = CWB_CHART (object);

  g_clear_pointer (&self->model, cwb_chart_model_free);
  G_OBJECT_CLASS (cwb_chart_parent_class)->dispose (object);
}

static void
cwb_chart_class_init (CwbChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = cwb_chart_get_property;
  G_OBJECT_CLASS (klass)->set_property = cwb_chart_set_property;
  G_OBJECT_CLASS (klass)->dispose = cwb_chart_dispose;
  /* Lax, because NaN is in no range; nor may it be said to be the default. */
  properties[PROP_CURSOR] = g_param_spec_double (
      "cursor", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0,
      G_PARAM_READWRITE | G_PARAM_LAX_VALIDATION | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  widget_class->snapshot = cwb_chart_snapshot;
  widget_class->measure = cwb_chart_measure;
  widget_class->css_changed = cwb_chart_css_changed;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cwb_chart_init (CwbChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();

  self->cursor = NAN;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
}

GtkWidget *
cwb_chart_new (void)
{
  return g_object_new (CWB_TYPE_CHART, NULL);
}

void
cwb_chart_take_model (CwbChart *self, CwbChartModel *model)
{
  g_return_if_fail (CWB_IS_CHART (self));

  g_clear_pointer (&self->model, cwb_chart_model_free);
  self->model = model;
  cwb_chart_changed (self);
}

CwbChartModel *
cwb_chart_get_model (CwbChart *self)
{
  g_return_val_if_fail (CWB_IS_CHART (self), NULL);

  return self->model;
}

void
cwb_chart_changed (CwbChart *self)
{
  g_autofree char *text = cwb_chart_model_describe (self->model);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
