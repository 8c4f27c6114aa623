/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "util/cwb-toast.h"

#include <adwaita.h>
#include <glib/gi18n.h>

void
cwb_toast_undo (GtkWidget *widget, const char *text, GCallback undo, gpointer data,
                GDestroyNotify destroy)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *title = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (title);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_object_set_data_full (G_OBJECT (toast), "cwb-undo", data, destroy);
  g_signal_connect (toast, "button-clicked", undo, data);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}
