/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * cwb_scroll_take_sideways:
 * @bar: what its hadjustment is moved by
 *
 * Makes @scrolled, which scrolls sideways only, and @bar leave the wheel to the page around them: GTK's own swallow what
 * they have no use for. Shift and the wheel scroll sideways.
 */
void                cwb_scroll_take_sideways (GtkScrolledWindow *scrolled, GtkWidget *bar);
/* Makes @inner, which is in @page and scrolls up and down itself, leave the wheel to that where it is at an end. */
void                cwb_scroll_pass_on (GtkScrolledWindow *inner, GtkScrolledWindow *page);
/* (transfer full): for a window: Page Up and Page Down scroll @scrolled wherever the focus is, but in a popover. */
GtkEventController *cwb_scroll_page_keys_new (GtkScrolledWindow *scrolled);

G_END_DECLS
