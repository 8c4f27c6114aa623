/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

/* (transfer full): the widget as it is drawn now, @scale pixels a unit. No window manager and no X
 * server is asked. */
GdkTexture *cwb_screenshot_take (GtkWidget *widget, int scale);
/* The same as PNG file. */
void        cwb_screenshot_save (GtkWidget *widget, int scale, const char *path);
