/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-face.h"
#include "gf-look.h"

#include <cairo.h>

/* Where the light comes from, in the picture's space (x right, y down, z towards the viewer;
 * a unit vector), and how strongly it models: 0 = flat. */
typedef struct
{
  double x, y, z;
  double contrast;
} GfLight;

/* What every drawing function takes: where it draws, and what. */
typedef struct
{
  cairo_t *cr;
  int size; /* of the picture, pixels */
  GfCamera camera;
  GfLight light;
  const GfFace *face;
  const GfPerson *person;
  GfLook look;
  double gaze_x; /* where the eyes look, beside the viewer */
} GfCanvas;

/* A smooth line or outline through points, in pixels. */
#define GF_PATH_MAX 96

typedef struct
{
  GfPoint p[GF_PATH_MAX];
  int n;
} GfPath;

/* A point of the face's surface, @lift above it, in pixels. */
GfPoint gf_at (const GfCanvas *canvas, double x, double y, double lift);
/* A point in the face's space. */
GfPoint gf_at3 (const GfCanvas *canvas, double x, double y, double z);

/* More points than fit are a programming error. */
void gf_path_add (GfPath *path, GfPoint p);
void gf_path_add_at (GfPath *path, const GfCanvas *canvas, double x, double y, double lift);
/* @b behind @a, from its last point to its first where @reverse. */
void gf_path_append (GfPath *path, const GfPath *other, gboolean reverse);
/* The point at @t of 0..1 along the points. */
GfPoint gf_path_sample (const GfPath *path, double t);
/* Catmull-Rom splines into the current path; closed joins the ends smoothly. */
void gf_path_trace (const GfPath *path, cairo_t *cr, gboolean closed);
/* The same, continuing from the current point. */
void gf_path_continue (const GfPath *path, cairo_t *cr);

void gf_set_colour (const GfCanvas *canvas, GfColour colour, double alpha);
/* Pixels of @width units of the face, but never thinner than what shows. */
double gf_stroke_width (const GfCanvas *canvas, double width);
/* A soft spot with half axes @rx, @ry (units of the face), turned with the head. */
void gf_blob (const GfCanvas *canvas, double x, double y, double lift, double rx, double ry,
              GfColour colour, double alpha);
/* A soft spot in pixels; @angle in radians. */
void gf_blob_px (cairo_t *cr, GfPoint centre, double rx, double ry, double angle, GfColour colour,
                 double alpha);
/* A line of the path that is @width thick in its middle (units of the face) and tapers to @start
 * and @end of that at its ends (0..1). */
void gf_taper (const GfCanvas *canvas, const GfPath *path, double width, double start, double end,
               GfColour colour, double alpha);
/* A fold of the skin: a dark tapered line in a soft valley. */
void gf_crease (const GfCanvas *canvas, const GfPath *path, double width, double alpha);
