/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"
#include "draw/cwb-viewport.h"

#include <contrawarp.h>

#include <cairo.h>

G_BEGIN_DECLS

/**
 * cwb_draw_picture:
 *
 * Draws @image at @place. Enlarged pixels stay pixels (nearest): what is shown is what the net gets.
 * Needs no display.
 */
void cwb_draw_picture (cairo_t *cr, const CwbPlace *place, const CwImage *image);

/**
 * cwb_draw_quiver:
 * @width, @height: of the canvas
 * @spacing: of the arrows, in units of @cr: constant on the screen, whatever the field's resolution
 *
 * Draws @field over a picture of its size that was drawn at @place: an arrow from where the face was to
 * where the warp put it (against the backward displacement), at true length, and a length legend in pixels
 * of the field. Shorter than two units: no arrow.
 */
void cwb_draw_quiver (cairo_t *cr, double width, double height, const CwbPlace *place,
                      const CwField *field, double spacing, const CwbPalette *palette);

G_END_DECLS
