/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-text-scale.h"

#include <pango/pangocairo.h>

#define USUAL_DPI 96

double
cwb_text_scale (GtkWidget *widget)
{
  double dpi = pango_cairo_context_get_resolution (gtk_widget_get_pango_context (widget));

  return dpi > 0 ? CLAMP (dpi / USUAL_DPI, 0.5, 3) : 1;
}

cairo_t *
cwb_text_scale_begin (GtkWidget *widget, GtkSnapshot *snapshot, double *width, double *height)
{
  float w = (float) gtk_widget_get_width (widget), h = (float) gtk_widget_get_height (widget);
  double scale = cwb_text_scale (widget);
  cairo_t *cr;

  if (w < 1 || h < 1)
    return NULL;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, w, h));
  cairo_scale (cr, scale, scale);
  *width = (double) w / scale;
  *height = (double) h / scale;
  return cr;
}
