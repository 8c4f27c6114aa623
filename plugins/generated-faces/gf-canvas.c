/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-canvas.h"

#include <math.h>

GfPoint
gf_at (const GfCanvas *canvas, double x, double y, double lift)
{
  return gf_face_project (canvas->face, &canvas->camera, x, y, lift);
}

GfPoint
gf_at3 (const GfCanvas *canvas, double x, double y, double z)
{
  return gf_camera_project (&canvas->camera, (GfPoint3){ x, y, z });
}

void
gf_path_add (GfPath *path, GfPoint p)
{
  g_assert (path->n < GF_PATH_MAX);
  path->p[path->n++] = p;
}

void
gf_path_add_at (GfPath *path, const GfCanvas *canvas, double x, double y, double lift)
{
  gf_path_add (path, gf_at (canvas, x, y, lift));
}

void
gf_path_append (GfPath *path, const GfPath *other, gboolean reverse)
{
  for (int i = 0; i < other->n; i++)
    gf_path_add (path, other->p[reverse ? other->n - 1 - i : i]);
}

GfPoint
gf_path_sample (const GfPath *path, double t)
{
  const double at = CLAMP (t, 0.0, 1.0) * (path->n - 1);
  const int i = CLAMP ((int)at, 0, path->n - 2);

  return gf_point_mix (path->p[i], path->p[i + 1], at - i);
}

/* The point before the first and behind the last are the ends themselves in an open path. */
static GfPoint
neighbour (const GfPath *path, int i, gboolean closed)
{
  if (closed)
    return path->p[(i + path->n) % path->n];
  return path->p[CLAMP (i, 0, path->n - 1)];
}

static void
trace_segments (const GfPath *path, cairo_t *cr, gboolean closed)
{
  const int n = closed ? path->n : path->n - 1;

  for (int i = 0; i < n; i++)
    {
      const GfPoint a = neighbour (path, i - 1, closed);
      const GfPoint b = neighbour (path, i, closed);
      const GfPoint c = neighbour (path, i + 1, closed);
      const GfPoint d = neighbour (path, i + 2, closed);

      cairo_curve_to (cr, b.x + (c.x - a.x) / 6, b.y + (c.y - a.y) / 6, c.x - (d.x - b.x) / 6,
                      c.y - (d.y - b.y) / 6, c.x, c.y);
    }
}

void
gf_path_trace (const GfPath *path, cairo_t *cr, gboolean closed)
{
  if (path->n < 2)
    return;
  cairo_move_to (cr, path->p[0].x, path->p[0].y);
  trace_segments (path, cr, closed);
  if (closed)
    cairo_close_path (cr);
}

void
gf_path_continue (const GfPath *path, cairo_t *cr)
{
  if (path->n < 1)
    return;
  cairo_line_to (cr, path->p[0].x, path->p[0].y);
  trace_segments (path, cr, FALSE);
}

void
gf_set_colour (const GfCanvas *canvas, GfColour colour, double alpha)
{
  cairo_set_source_rgba (canvas->cr, colour.r, colour.g, colour.b, alpha);
}

double
gf_stroke_width (const GfCanvas *canvas, double width)
{
  return fmax (width * canvas->camera.unit, 0.35);
}

void
gf_blob_px (cairo_t *cr, GfPoint centre, double rx, double ry, double angle, GfColour colour,
            double alpha)
{
  cairo_pattern_t *pattern;

  if (alpha <= 0.004 || rx < 0.1 || ry < 0.1)
    return;
  pattern = cairo_pattern_create_radial (0, 0, 0, 0, 0, 1);
  /* A cosine bell in few stops. */
  cairo_pattern_add_color_stop_rgba (pattern, 0, colour.r, colour.g, colour.b, alpha);
  cairo_pattern_add_color_stop_rgba (pattern, 0.35, colour.r, colour.g, colour.b, 0.74 * alpha);
  cairo_pattern_add_color_stop_rgba (pattern, 0.65, colour.r, colour.g, colour.b, 0.27 * alpha);
  cairo_pattern_add_color_stop_rgba (pattern, 1, colour.r, colour.g, colour.b, 0);
  cairo_save (cr);
  cairo_translate (cr, centre.x, centre.y);
  cairo_rotate (cr, angle);
  cairo_scale (cr, rx, ry);
  cairo_rectangle (cr, -1, -1, 2, 2);
  cairo_set_source (cr, pattern);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_pattern_destroy (pattern);
}

void
gf_blob (const GfCanvas *canvas, double x, double y, double lift, double rx, double ry,
         GfColour colour, double alpha)
{
  const double step = 0.02;
  const GfPoint c = gf_at (canvas, x, y, lift);
  const GfPoint px = gf_at (canvas, x + step, y, lift);
  const GfPoint mx = gf_at (canvas, x - step, y, lift);
  const GfPoint py = gf_at (canvas, x, y + step, lift);
  const GfPoint my = gf_at (canvas, x, y - step, lift);
  const double unit = canvas->camera.unit;
  /* Foreshortened as the surface is there, within reason. */
  const double kx = CLAMP (hypot (px.x - mx.x, px.y - mx.y) / (2 * step * unit), 0.45, 1.25);
  const double ky = CLAMP (hypot (py.x - my.x, py.y - my.y) / (2 * step * unit), 0.45, 1.25);

  gf_blob_px (canvas->cr, c, rx * unit * kx, ry * unit * ky, atan2 (px.y - mx.y, px.x - mx.x),
              colour, alpha);
}

/* The outline of the tapered line: one side there, the other back. */
void
gf_taper (const GfCanvas *canvas, const GfPath *path, double width, double start, double end,
          GfColour colour, double alpha)
{
  enum
  {
    STEPS = 10
  };
  GfPath there = { .n = 0 };
  GfPath back = { .n = 0 };
  const double full = width * canvas->camera.unit;
  /* A line thinner than this is drawn fainter instead. */
  const double shown = fmax (full, 0.6);

  if (alpha <= 0.01 || path->n < 2)
    return;
  for (int i = 0; i <= STEPS; i++)
    {
      const double t = (double)i / STEPS;
      const GfPoint p = gf_path_sample (path, t);
      const GfPoint a = gf_path_sample (path, t - 0.08);
      const GfPoint b = gf_path_sample (path, t + 0.08);
      const double length = fmax (hypot (b.x - a.x, b.y - a.y), 1e-6);
      const double bell
          = t < 0.5 ? start + (1 - start) * sin (G_PI * t) : end + (1 - end) * sin (G_PI * t);
      const double half = 0.5 * shown * bell;
      const double nx = -(b.y - a.y) / length * half;
      const double ny = (b.x - a.x) / length * half;

      gf_path_add (&there, (GfPoint){ p.x + nx, p.y + ny });
      gf_path_add (&back, (GfPoint){ p.x - nx, p.y - ny });
    }
  gf_path_trace (&there, canvas->cr, FALSE);
  {
    GfPath reversed = { .n = 0 };

    gf_path_append (&reversed, &back, TRUE);
    gf_path_continue (&reversed, canvas->cr);
  }
  cairo_close_path (canvas->cr);
  gf_set_colour (canvas, colour, alpha * full / shown);
  cairo_fill (canvas->cr);
}

void
gf_crease (const GfCanvas *canvas, const GfPath *path, double width, double alpha)
{
  gf_taper (canvas, path, width * 3.4, 0.3, 0, canvas->look.crease, 0.16 * alpha);
  gf_taper (canvas, path, width * 2, 0.2, 0, canvas->look.crease, 0.22 * alpha);
  gf_taper (canvas, path, width, 0.15, 0, canvas->look.crease, 0.6 * alpha);
}
