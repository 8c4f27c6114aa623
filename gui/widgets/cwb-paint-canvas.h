/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-painting.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_PAINT_CANVAS (cwb_paint_canvas_get_type ())
G_DECLARE_FINAL_TYPE (CwbPaintCanvas, cwb_paint_canvas, CWB, PAINT_CANVAS, GtkWidget)

/* Side of the picture that is warped, px. */
#define CWB_PAINT_CANVAS_SIDE 256

/**
 * CwbPaintCanvas:
 *
 * A face that is warped while one paints on it, with mouse, pen (whose pressure counts) or keys: arrows move
 * the brush, in smaller steps with Shift; while Space is held they paint; Enter dabs where the brush is. Only
 * new dabs are painted over the field of the earlier ones, once a frame.
 */
CwbPainting    *cwb_paint_canvas_get_painting (CwbPaintCanvas *self);
/* What is painted on from now on, instead of a painting of its own. */
void            cwb_paint_canvas_set_painting (CwbPaintCanvas *self, CwbPainting *painting);
/* The face to paint on; @points: its landmarks, CW_N_LANDMARKS, normalised. NULL for none. */
void            cwb_paint_canvas_set_face (CwbPaintCanvas *self, CwImage *image,
                                           const CwPoint *points);
/* What is painted, as it stands, at full amount: CWB_PAINT_CANVAS_SIDE squared. Lent. */
const CwField  *cwb_paint_canvas_get_field (CwbPaintCanvas *self);
/* The warped picture. Lent; NULL without a face. */
GdkTexture     *cwb_paint_canvas_get_texture (CwbPaintCanvas *self);
/* Arrows of the field over the picture. */
void            cwb_paint_canvas_set_show_field (CwbPaintCanvas *self, gboolean show);
/* Where the brush is, in the frame of the face. */
void            cwb_paint_canvas_get_cursor (CwbPaintCanvas *self, double *x, double *y);

G_END_DECLS
