/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * cwb_toast_undo:
 * @widget: any below the window's toast overlay
 * @undo: called with @data where the user takes it back
 *
 * Says for some seconds what was done, with a button to undo it.
 */
void cwb_toast_undo (GtkWidget *widget, const char *text, GCallback undo, gpointer data,
                     GDestroyNotify destroy);

G_END_DECLS
