/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_PAINT_WINDOW (cwb_paint_window_get_type ())
G_DECLARE_FINAL_TYPE (CwbPaintWindow, cwb_paint_window, CWB, PAINT_WINDOW, GObject)

/**
 * CwbPaintWindow:
 *
 * Where a page's user paints a warp: at most one window, on the face that is selected when it is opened. The
 * painting, and what can be undone in it, stays when the window is closed or opened on another face; its strokes
 * are still there at the program's next start. What is used becomes the warp of the session's experiment.
 *
 * ::saved (): cwb_warps_list() has one more, or another one.
 */

/* Of a page that has its session and disposes of the window before it goes. */
CwbPaintWindow *cwb_paint_window_new (CwbPage *page);
/* A face must be selected. */
void            cwb_paint_window_open (CwbPaintWindow *self);
/* The face is being loaded, and the window is not there yet. */
gboolean        cwb_paint_window_is_opening (CwbPaintWindow *self);

G_END_DECLS
