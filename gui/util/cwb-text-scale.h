/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How much larger than usual the text of @widget is: what is drawn with sizes in pixels has to grow
 * as much. 1 where the desktop says nothing else. */
double cwb_text_scale (GtkWidget *widget);

/* For the snapshot of a widget that draws charts: in units in which text of the usual size comes
 * out as large as the widget's; @width and @height are the widget's in them. Free with cairo_destroy();
 * NULL where there is nothing to draw on. */
cairo_t *cwb_text_scale_begin (GtkWidget *widget, GtkSnapshot *snapshot, double *width,
                               double *height);

G_END_DECLS
