/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-landmarks.h"


G_BEGIN_DECLS

#define CWB_MAX_OUTLINES 16

/* What a view was cut from: its corners in the source, normalised, clockwise in the view from its top
 * left; they may lie outside. */
typedef struct
{
  CwPoint corners[4];
  const char *label;
  int kind; /* 0 anchor, 1 positive, 2 negative */
} CwbOutline;

/* What there is to draw over the source picture. */
typedef struct
{
  int w, h; /* of the picture as it is shown, px */
  gboolean has_face;
  float face[4]; /* left, top, width, height, normalised */
  CwbLandmarks landmarks;
  CwbOutline outlines[CWB_MAX_OUTLINES];
  int n_outlines;
} CwbSourceMarks;

/**
 * cwb_draw_source_marks:
 * @width, @height: of the canvas
 *
 * Draws over the source picture at @place the face's box, the landmarks and the outline of each view, with a
 * dot at the view's top left corner: a mirrored view is seen. Outlines differ by colour and dash; a
 * legend names them. Needs no display.
 */
void cwb_draw_source_marks (cairo_t *cr, double width, double height, const CwbPlace *place,
                            const CwbSourceMarks *marks, const CwbPalette *palette);

G_END_DECLS
