/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_PAGE (cwb_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (CwbPage, cwb_page, CWB, PAGE, GtkWidget)

/**
 * CwbPage:
 *
 * What all pages are: a widget with one child (property "child") that is given the session once, by
 * the property "session". A page overrides @session_set to follow it (g_signal_connect_object(): the session may outlive the page).
 * To show another page: gtk_widget_activate_action (page, "win.page", "s", "explore").
 */
struct _CwbPageClass
{
  GtkWidgetClass parent_class;

  void (*session_set) (CwbPage *self, CwbSession *session);
};

/* (nullable) before the session was given. */
CwbSession *cwb_page_get_session (CwbPage *self);

/**
 * cwb_page_open_window:
 * @child: what it shows, below a header bar
 * @place: becomes a weak pointer to the window
 *
 * Returns: (transfer none): a window of its own beside the page's, and gone with that
 */
GtkWindow *cwb_page_open_window (CwbPage *self, const char *title, GtkWidget *child, int width,
                                 int height, GtkWindow **place);

/* Shows @bar, which says in @label that there is a newer model, where @kept is not @newest. Both (nullable). */
void cwb_page_offer_newer (GtkWidget *bar, GtkLabel *label, const CwbEncoder *kept,
                           const CwbEncoder *newest);

/* An error or a state as the description of a status page, which takes markup: names of files do not. */
void cwb_page_describe (AdwStatusPage *status, const char *text);

G_END_DECLS
