/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-sheet.h"

#include <cairo.h>

G_BEGIN_DECLS

/* The natural size with cells of @cell units. */
void     cwb_sheet_measure (const CwbSheet *sheet, double cell, double *width, double *height);

/**
 * cwb_draw_sheet:
 *
 * Draws the pictures with their labels, black on white as on paper, the title above and the parameters
 * below, into the size that cwb_sheet_measure() gives. Needs no display.
 */
void     cwb_draw_sheet (cairo_t *cr, const CwbSheet *sheet, double cell);

/* Writes a PNG, SVG or PDF by the name's ending, cells of @cell px or points; whole or not at all. One line
 * naming the file on failure. */
gboolean cwb_sheet_export (const CwbSheet *sheet, double cell, const char *path, GError **error);

G_END_DECLS
