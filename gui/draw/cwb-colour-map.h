/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef enum
{
  CWB_COLOUR_MAP_SEQUENTIAL, /* 0..1: dark violet to yellow, lightness rises all along (viridis) */
  CWB_COLOUR_MAP_DIVERGING,  /* 0..1 about 0.5: blue, white, red, lightness falls to both sides */
  CWB_COLOUR_MAP_CYCLIC,     /* 0..1 round a circle: magenta, yellow, green, blue */
  CWB_N_COLOUR_MAPS,
} CwbColourMap;

#define CWB_COLOUR_MAP_SIZE 256

/* The colours of @map, opaque 0xffRRGGBB, CWB_COLOUR_MAP_SIZE of them from 0 to 1. */
const guint32 *cwb_colour_map_get_table (CwbColourMap map);
/* The colour at @t, clamped to 0..1, NaN = 0. */
guint32        cwb_colour_map_lookup (CwbColourMap map, double t);

/* What the colours of a bar mean. */
typedef struct
{
  CwbColourMap map;
  double low, high; /* values at the ends, low < high */
  gboolean open;    /* values beyond both ends have the colours of the ends */
  const char *unit; /* after the name; "" where it has none */
  const char *name; /* of the quantity */
} CwbColourScale;

/* Of a bar with its ticks and its name. */
#define CWB_COLOUR_BAR_HEIGHT 38.0

/**
 * cwb_draw_colour_bar:
 * @x, @y: top left corner
 * @width: of the whole, at least 80
 * @ink: of writing and ticks
 *
 * Draws a level colour bar with tick labels and, above, name and unit, CWB_COLOUR_BAR_HEIGHT high. Needs
 * no display.
 */
void cwb_draw_colour_bar (cairo_t *cr, double x, double y, double width,
                          const CwbColourScale *scale, const GdkRGBA *ink);
/* Where @value is on such a bar, in units of @cr. */
double cwb_colour_bar_place (double x, double width, const CwbColourScale *scale, double value);

G_END_DECLS
