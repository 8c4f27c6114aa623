/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_WINDOW (cwb_window_get_type ())
G_DECLARE_FINAL_TYPE (CwbWindow, cwb_window, CWB, WINDOW, AdwApplicationWindow)

/**
 * CwbWindow:
 *
 * The window: pages, toasts, drop target. Actions: win.page (state: "data", "explore", "train",
 * "evaluate" or "browse"), win.open-folder, win.open-file, win.open-location (the address),
 * win.open-recent (location, reader, options), win.use-generated, win.cancel-open, win.open-run
 * (a folder), win.guide.
 */
CwbWindow  *cwb_window_new (GtkApplication *application);
/* The data that were open when the program ended, generated faces where that is nothing, and the run,
 * where its folder is still there. */
void        cwb_window_open_last (CwbWindow *self);
CwbSession *cwb_window_get_session (CwbWindow *self);

G_END_DECLS
