/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-colour-map.h"
#include "draw/cwb-viewport.h"

#include <contrawarp.h>


G_BEGIN_DECLS

/**
 * cwb_draw_wipe:
 * @width, @height: of the canvas
 * @divider: 0..1 of the width: @before is shown left of it, @after right of it
 *
 * Draws two pictures of one size, one at each side of a line with a handle. Needs no display.
 */
void cwb_draw_wipe (cairo_t *cr, double width, double height, const CwbPlace *place,
                    const CwImage *before, const CwImage *after, double divider,
                    const CwbPalette *palette);

/* Lightness of one picture less that of another, pixel by pixel, as colours. */
typedef struct
{
  cairo_surface_t *colours;
  CwbColourScale scale; /* grey levels */
  double mean, max;     /* of its absolute value, grey levels */
} CwbDifference;

/* (nullable): @after less @before (Rec. 601 luma); NULL where they are not of one size. */
CwbDifference *cwb_difference_new (const CwImage *before, const CwImage *after);
void           cwb_difference_free (CwbDifference *difference);
/* With a colour bar: red where @after is lighter, blue where it is darker. */
void           cwb_draw_difference (cairo_t *cr, double width, double height, const CwbPlace *place,
                                    const CwbDifference *difference, const CwbPalette *palette);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbDifference, cwb_difference_free)

G_END_DECLS
