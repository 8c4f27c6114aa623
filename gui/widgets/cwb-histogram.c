/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-histogram.h"

#include "util/cwb-text-scale.h"

#include <glib/gi18n.h>

struct _CwbHistogram
{
  GtkWidget parent_instance;

  CwbLengths lengths;
};

G_DEFINE_FINAL_TYPE (CwbHistogram, cwb_histogram, GTK_TYPE_WIDGET)

static void
cwb_histogram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  double scale = cwb_text_scale (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : (int) (90 * scale);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : (int) (120 * scale);
}

static void
cwb_histogram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CwbHistogram *self = CWB_HISTOGRAM (widget);
  CwbPalette palette;
  double width, height;
  cairo_t *cr = cwb_text_scale_begin (widget, snapshot, &width, &height);

  if (cr == NULL)
    return;
  cwb_palette_from_widget (&palette, widget);
  cwb_draw_histogram (cr, width, height, &self->lengths, &palette);
  cairo_destroy (cr);
}

/* Asked for, not told: GTK asks the display where the pointer is whenever a tooltip is set. */
static gboolean
cwb_histogram_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                             GtkTooltip *tooltip)
{
  g_autofree char *numbers = cwb_lengths_dup_text (&CWB_HISTOGRAM (widget)->lengths);

  gtk_tooltip_set_text (tooltip, numbers);
  return TRUE;
}

static void
cwb_histogram_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (cwb_histogram_parent_class)->css_changed (widget, change);
  gtk_widget_queue_draw (widget);
}

static void
cwb_histogram_class_init (CwbHistogramClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = cwb_histogram_measure;
  widget_class->snapshot = cwb_histogram_snapshot;
  widget_class->query_tooltip = cwb_histogram_query_tooltip;
  widget_class->css_changed = cwb_histogram_css_changed;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cwb_histogram_init (CwbHistogram *self)
{
  const CwbLengths none = { .high = 1 };

  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  cwb_histogram_set_lengths (self, &none);
}

GtkWidget *
cwb_histogram_new (void)
{
  return g_object_new (CWB_TYPE_HISTOGRAM, NULL);
}

void
cwb_histogram_set_lengths (CwbHistogram *self, const CwbLengths *lengths)
{
  g_autofree char *numbers = NULL, *name = NULL;

  g_return_if_fail (CWB_IS_HISTOGRAM (self));

  self->lengths = *lengths;
  numbers = cwb_lengths_dup_text (&self->lengths);
  /* Translators: accessible name of a histogram: what it says in numbers */
  name = g_strdup_printf (_ ("Lengths of the displacements: %s"), numbers);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
