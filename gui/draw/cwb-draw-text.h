/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef enum
{
  CWB_ALIGN_LEFT,
  CWB_ALIGN_CENTRE,
  CWB_ALIGN_RIGHT,
} CwbAlign;

/* One line of text; @x is its left end, middle or right end, @y the middle of its height, @size that
 * of the font, all in units of @cr. Returns the width. */
double cwb_draw_text (cairo_t *cr, const char *text, double x, double y, CwbAlign align,
                      double size, gboolean bold, const GdkRGBA *colour);
double cwb_text_width (cairo_t *cr, const char *text, double size);
/* A dark panel on a picture, on which light writing is readable whatever the picture is. */
void   cwb_draw_panel (cairo_t *cr, double x, double y, double width, double height);
/* 1, 2 or 5 times a power of ten, such that about @n steps make @range, which is positive. */
double cwb_nice_step (double range, int n);

G_END_DECLS
