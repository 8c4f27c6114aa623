/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"

#include <contrawarp.h>

#include <cairo.h>


G_BEGIN_DECLS

#define CWB_HISTOGRAM_BINS 48

/* How the displacements of a field are spread. */
typedef struct
{
  guint n;                 /* pixels; 0 = no field */
  double median, p95, max; /* px; the first two to a 4096th of the largest */
  double high;             /* the end of the last bin, px */
  guint bins[CWB_HISTOGRAM_BINS];
} CwbLengths;

/* @field: (nullable). */
void cwb_lengths_init (CwbLengths *lengths, const CwField *field);
/* (transfer full): "4096 pixels: median 0.3 px, 95 % within 3.1 px, largest 5.0 px". */
char *cwb_lengths_dup_text (const CwbLengths *lengths);

/**
 * cwb_draw_histogram:
 *
 * Draws the histogram into 0,0..width,height: the height of a bar is the root of its share, for the many
 * pixels that hardly move would hide the rest; median and 95 % are marked. Needs no display.
 */
void cwb_draw_histogram (cairo_t *cr, double width, double height, const CwbLengths *lengths,
                         const CwbPalette *palette);

G_END_DECLS
