/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"
#include "draw/cwb-viewport.h"

#include <contrawarp.h>

#include <cairo.h>


G_BEGIN_DECLS

/* Landmarks of a picture in its pixels. */
typedef struct
{
  const CwPoint *before, *after; /* the warp; the same where there is none */
  int n;
  gboolean borrowed; /* the template's, not the item's own */
} CwbLandmarks;

/**
 * cwb_draw_landmarks:
 * @width, @height: of the canvas
 * @w, @h: of the picture, px
 *
 * Draws landmarks over a picture at @place: hollow where they were before the warp, filled where they
 * are now, a line between. Those that do not move are filled. Borrowed ones are grey and smaller. Says in
 * the lower left corner what is what. Needs no display.
 */
void cwb_draw_landmarks (cairo_t *cr, double width, double height, const CwbPlace *place, int w,
                         int h, const CwbLandmarks *landmarks, const CwbPalette *palette);

G_END_DECLS
