/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <glib.h>

/* An image surface to draw on in tests; no display. */
typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
} CwbCanvas;

CwbCanvas cwb_canvas_new (int w, int h); /* transparent */
void      cwb_canvas_free (CwbCanvas *canvas);
/* 0xAARRGGBB, premultiplied. */
guint32   cwb_canvas_get (CwbCanvas *canvas, int x, int y);
/* As PNG in the build folder, for people to look at. */
void      cwb_canvas_save (CwbCanvas *canvas, const char *name);
