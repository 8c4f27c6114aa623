/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"
#include "draw/cwb-viewport.h"

#include <contrawarp.h>

#include <cairo.h>


G_BEGIN_DECLS

/**
 * cwb_draw_mesh:
 * @width, @height: of the canvas
 * @spacing: of the lines before the warp, in units of @cr
 *
 * Draws where the lines of a square grid went that was on the face before the warp, over a picture of the
 * field's size at @place. Lines are fixed to the picture, so they move with it. Needs no display.
 */
void cwb_draw_mesh (cairo_t *cr, double width, double height, const CwbPlace *place,
                    const CwField *field, double spacing, const CwbPalette *palette);

G_END_DECLS
