/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"
#include "draw/cwb-viewport.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  double value; /* cosine, -1..1 */
  int series;   /* which of the palette's colours */
} CwbBar;

#define CWB_BAR_HEIGHT 26.0

/**
 * cwb_draw_bars:
 *
 * Draws @n level bars from the top, CWB_BAR_HEIGHT each, in the order given: name, bar from 0 (to the
 * left where the value is negative), value. The bars begin where the least value that is not positive
 * leaves room. Needs no display.
 */
void cwb_draw_bars (cairo_t *cr, double width, const CwbBar *bars, int n,
                    const CwbPalette *palette);

/**
 * cwb_draw_sweep:
 * @values: `[side, side]` by rows from the top left, at the places' middles
 *
 * Draws over a picture of @w x @h px at @place how much each place matters, the largest value opaque
 * and the least clear, with a colour bar below. Needs no display.
 */
void cwb_draw_sweep (cairo_t *cr, double width, double height, const CwbPlace *place, int w, int h,
                     const float *values, int side);

G_END_DECLS
