/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of a picture is shown, whatever its size: all views of a face share one. */
typedef struct
{
  double zoom; /* 1 = the whole picture fits; >= 1 */
  double x, y; /* the point in the middle, normalised */
} CwbViewport;

#define CWB_VIEWPORT_MAX_ZOOM 32.0

/* Where a picture lies on a canvas: pixel p of it is drawn at (x, y) + scale * p. */
typedef struct
{
  double x, y, scale;
} CwbPlace;

/* A part of a canvas. */
typedef struct
{
  double x, y, width, height;
} CwbBox;

/* All of it. */
CwbViewport cwb_viewport_whole (void);
/* Of a picture of @w x @h pixels on a canvas of @width x @height units. */
CwbPlace    cwb_viewport_place (const CwbViewport *self, double width, double height, int w, int h);
/* What of such a picture is on the canvas; nothing has a width or height of 0. */
CwbBox      cwb_place_visible (const CwbPlace *self, double width, double height, int w, int h);
/* Zooms by @factor about the canvas point (@x, @y), which stays where it is; within the limits. */
void        cwb_viewport_zoom (CwbViewport *self, double factor, double x, double y, double width,
                               double height, int w, int h);
/* Moves the picture by (@dx, @dy) canvas units; no further than its border to the canvas's middle. */
void        cwb_viewport_pan (CwbViewport *self, double dx, double dy, double width, double height,
                              int w, int h);

/* Of a picture whose longer side has @longer px there is another with @smaller: whether that one, then at
 * @place_of_smaller, shows as much of it in a square of @side units and @device_side device px, all of it being seen. */
gboolean cwb_place_smaller (const CwbPlace *place, double side, int device_side, int longer,
                            int smaller, CwbPlace *place_of_smaller);

G_END_DECLS
