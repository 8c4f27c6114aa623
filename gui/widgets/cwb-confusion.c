/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "widgets/cwb-confusion.h"

#include "draw/cwb-draw-confusion.h"
#include "util/cwb-text-scale.h"

struct _CwbConfusion
{
  GtkWidget parent_instance;
  int n;
  guint *counts;
  char **names;
};

G_DEFINE_FINAL_TYPE (CwbConfusion, cwb_confusion, GTK_TYPE_WIDGET)

static void
cwb_confusion_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CwbConfusion *self = CWB_CONFUSION (widget);
  CwbPalette palette;
  double width, height;
  cairo_t *cr;

  if (self->n == 0)
    return;
  cr = cwb_text_scale_begin (widget, snapshot, &width, &height);
  if (cr == NULL)
    return;
  cwb_palette_from_widget (&palette, widget);
  cwb_draw_confusion (cr, width, height, self->counts, self->n,
                      (const char *const *) self->names, &palette);
  cairo_destroy (cr);
}

static void
cwb_confusion_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = 220;
  *natural = 420;
}

static void
cwb_confusion_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (cwb_confusion_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
}

static void
cwb_confusion_finalize (GObject *object)
{
  CwbConfusion *self = CWB_CONFUSION (object);

  g_free (self->counts);
  g_strfreev (self->names);
  G_OBJECT_CLASS (cwb_confusion_parent_class)->finalize (object);
}

static void
cwb_confusion_class_init (CwbConfusionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cwb_confusion_finalize;
  widget_class->snapshot = cwb_confusion_snapshot;
  widget_class->measure = cwb_confusion_measure;
  widget_class->css_changed = cwb_confusion_css_changed;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cwb_confusion_init (CwbConfusion *self)
{
}

GtkWidget *
cwb_confusion_new (void)
{
  return g_object_new (CWB_TYPE_CONFUSION, NULL);
}

void
cwb_confusion_set (CwbConfusion *self, const guint *counts, int n, const char *const *names)
{
  g_autofree char *text = NULL;

  g_return_if_fail (CWB_IS_CONFUSION (self));

  g_free (self->counts);
  g_strfreev (self->names);
  self->n = n;
  self->counts = n > 0 ? g_memdup2 (counts, (gsize) n * (gsize) n * sizeof (guint)) : NULL;
  self->names = n > 0 ? g_strdupv ((char **) names) : NULL;
  text = cwb_describe_confusion (self->counts, n, names);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
