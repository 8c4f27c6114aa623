/* SPDX-License-Identifier: MIT */
#pragma once

#include "widgets/cwb-paint-canvas.h"

G_BEGIN_DECLS

#define CWB_TYPE_PAINT_VIEW (cwb_paint_view_get_type ())
G_DECLARE_FINAL_TYPE (CwbPaintView, cwb_paint_view, CWB, PAINT_VIEW, GtkWidget)

/**
 * CwbPaintView:
 *
 * A canvas with brushes, history and what becomes of the painting. Actions: "paint.undo", "paint.redo",
 * "paint.clear", "paint.smaller", "paint.larger" and "paint.use".
 *
 * ::saved (const char *name): the painting is a warp of cwb_warps_list() now.
 * ::use-requested (const char *strokes): to be the warp of the experiment; cw_strokes_check() has passed it.
 */
GtkWidget      *cwb_paint_view_new (void);
CwbPaintCanvas *cwb_paint_view_get_canvas (CwbPaintView *self);
/* What is painted on from now on, instead of a painting of its own: dabs, brush and what can be undone are still
 * there when the view is gone. */
void            cwb_paint_view_set_painting (CwbPaintView *self, CwbPainting *painting);
/* As cwb_paint_canvas_set_face(); the painting stays. */
void            cwb_paint_view_set_face (CwbPaintView *self, CwImage *image, const CwPoint *points);
/* As a warp of this name; what is wrong is said in one line. */
gboolean        cwb_paint_view_save (CwbPaintView *self, const char *name, GError **error);

G_END_DECLS
