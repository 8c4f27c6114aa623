/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include <math.h>

#define LIFT 0.13

static void
lens_path (const GfCanvas *canvas, int side, double grow, GfPath *path)
{
  const GfGlasses style = gf_person_glasses (canvas->person);
  const GfEye *eye = &canvas->face->eye[side];
  const double x = eye->centre.x * 1.02;
  const double y = 0.02;
  const double rx = (style == GF_GLASSES_ROUND ? 0.225 : 0.25) + grow;
  const double ry = (style == GF_GLASSES_ROUND ? 0.215 : 0.165) + grow;
  /* Round, or a rounded rectangle: a superellipse. */
  const double power = style == GF_GLASSES_ROUND ? 1 : 0.5;
  enum
  {
    STEPS = 16
  };

  for (int i = 0; i < STEPS; i++)
    {
      const double t = 2 * G_PI * (i + 0.5) / STEPS;
      const double c = cos (t), s = sin (t);

      gf_path_add_at (path, canvas, x + copysign (pow (fabs (c), power), c) * rx,
                      y + copysign (pow (fabs (s), power), s) * ry, LIFT);
    }
}

static void
draw_lens (const GfCanvas *canvas, int side)
{
  cairo_t *cr = canvas->cr;
  const gboolean rimless = gf_person_glasses (canvas->person) == GF_GLASSES_RIMLESS;
  const double unit = canvas->camera.unit;
  GfPath lens = { .n = 0 };
  const GfPoint at = gf_at (canvas, canvas->face->eye[side].centre.x, 0.02, LIFT);

  lens_path (canvas, side, 0, &lens);
  cairo_save (cr);
  gf_path_trace (&lens, cr, TRUE);
  cairo_clip_preserve (cr);
  gf_set_colour (canvas, (GfColour){ 0.85, 0.92, 1 }, 0.07);
  cairo_fill (cr);
  /* A glare across the lit corner. */
  {
    const double s = canvas->light.x < 0 ? -1 : 1;

    cairo_move_to (cr, at.x + s * 0.02 * unit, at.y - 0.3 * unit);
    cairo_line_to (cr, at.x + s * 0.12 * unit, at.y - 0.3 * unit);
    cairo_line_to (cr, at.x + s * 0.3 * unit, at.y + 0.1 * unit);
    cairo_line_to (cr, at.x + s * 0.24 * unit, at.y + 0.1 * unit);
    cairo_close_path (cr);
    gf_set_colour (canvas, (GfColour){ 1, 1, 1 }, 0.16);
    cairo_fill (cr);
  }
  cairo_restore (cr);
  gf_path_trace (&lens, cr, TRUE);
  gf_set_colour (canvas, canvas->look.glasses, rimless ? 0.55 : 0.95);
  cairo_set_line_width (cr, gf_stroke_width (canvas, rimless ? 0.012 : 0.032));
  cairo_stroke (cr);
}

void
gf_draw_glasses (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const double w = canvas->face->width;
  const double half = gf_person_glasses (canvas->person) == GF_GLASSES_ROUND ? 0.225 : 0.25;

  if (gf_person_glasses (canvas->person) == GF_GLASSES_NONE)
    return;
  draw_lens (canvas, GF_LEFT);
  draw_lens (canvas, GF_RIGHT);
  for (int side = 0; side < 2; side++)
    {
      const double s = GF_SIGN (side);
      const double x = fabs (canvas->face->eye[side].centre.x) * 1.02;
      const GfPoint hinge = gf_at (canvas, s * (x + half), -0.02, LIFT);
      const GfPoint ear = gf_at3 (canvas, s * 0.74 * w, -0.03, -0.02);
      const GfPoint in = gf_at (canvas, s * (x - half), 0, LIFT);
      const GfPoint bridge = gf_at (canvas, 0, -0.03, LIFT + 0.05);

      cairo_move_to (cr, hinge.x, hinge.y);
      cairo_line_to (cr, ear.x, ear.y);
      cairo_move_to (cr, in.x, in.y);
      cairo_line_to (cr, bridge.x, bridge.y);
    }
  gf_set_colour (canvas, canvas->look.glasses, 0.92);
  cairo_set_line_width (cr, gf_stroke_width (canvas, 0.028));
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (cr);
}
