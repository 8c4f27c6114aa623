/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"

#include <contrawarp.h>

#include <cairo.h>

G_BEGIN_DECLS

/**
 * cwb_draw_picture:
 *
 * Draws @image into 0,0..width,height, as large as fits, centred. Enlarged pixels stay pixels (nearest):
 * what is shown is what the net gets. Needs no display.
 */
void cwb_draw_picture (cairo_t *cr, double width, double height, const CwImage *image);

/**
 * cwb_draw_quiver:
 * @spacing: of the arrows, in units of @cr: constant on the screen, whatever the field's resolution
 *
 * Draws @field over a picture of its size drawn by cwb_draw_picture(): an arrow from where the face was to
 * where the warp put it (against the backward displacement), at true length, and a length legend in pixels
 * of the field. Shorter than two units: no arrow.
 */
void cwb_draw_quiver (cairo_t *cr, double width, double height, const CwField *field, double spacing,
                      const CwbPalette *palette);

G_END_DECLS
