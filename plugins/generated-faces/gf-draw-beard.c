/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include "gf-streams.h"

#include <math.h>

#define LIFT 0.04

static double
beard_alpha (const GfCanvas *canvas)
{
  const double density = canvas->person->beard_density;

  switch (gf_person_beard (canvas->person))
    {
    case GF_BEARD_STUBBLE:
      return 0.14 + 0.16 * density;
    case GF_BEARD_SHORT:
      return 0.55 + 0.25 * density;
    case GF_BEARD_FULL:
      return 0.78 + 0.2 * density;
    case GF_BEARD_MOUSTACHE:
    case GF_BEARD_GOATEE:
      return 0.65 + 0.3 * density;
    case GF_BEARD_NONE:
    case GF_N_BEARD:
    default:
      return 0;
    }
}

/* The cheeks' edge of a beard, from the ear to the corner of the mouth; @grow widens it. */
static void
cheek_line (const GfCanvas *canvas, int side, double grow, GfPath *path)
{
  const GfFace *face = canvas->face;
  const double s = GF_SIGN (side);
  const double w = face->width;
  const GfPoint c = face->mouth.corner[side];

  gf_path_add_at (path, canvas, s * 0.66 * w, 0.16 - grow, LIFT);
  gf_path_add_at (path, canvas, s * (0.59 + 0.2 * grow) * w, 0.38 - grow, LIFT);
  gf_path_add_at (path, canvas, s * 0.47 * w, 0.56 - grow, LIFT);
  gf_path_add_at (path, canvas, c.x + s * 0.06, c.y - 0.06 - grow, LIFT);
}

/* Cheeks, jaw, chin and upper lip in one. */
static void
jaw_area (const GfCanvas *canvas, double grow, GfPath *path)
{
  const GfFace *face = canvas->face;
  const double top = 0.4 * face->mouth.upper_outer + 0.6 * face->nose.base_y;
  GfPath right = { .n = 0 };

  cheek_line (canvas, GF_LEFT, grow, path);
  gf_path_add_at (path, canvas, -0.12, top - 0.5 * grow, LIFT);
  gf_path_add_at (path, canvas, 0, top + 0.015 - 0.5 * grow, LIFT);
  gf_path_add_at (path, canvas, 0.12, top - 0.5 * grow, LIFT);
  cheek_line (canvas, GF_RIGHT, grow, &right);
  gf_path_append (path, &right, TRUE);
  /* Back along the outline, a little outside of it. */
  for (int i = 4; i <= GF_N_OUTLINE - 4; i++)
    {
      const GfPoint3 p = face->outline[i];

      gf_path_add (path, gf_at3 (canvas, p.x * 1.02, p.y + 0.02, p.z));
    }
}

static void
chin_area (const GfCanvas *canvas, double grow, GfPath *path)
{
  const GfFace *face = canvas->face;
  const GfMouth *mouth = &face->mouth;
  const double top = 0.4 * mouth->upper_outer + 0.6 * face->nose.base_y;

  gf_path_add_at (path, canvas, 0, top - 0.5 * grow, LIFT);
  for (int i = 0; i < 2; i++)
    {
      const double s = i == 0 ? 1 : -1;
      const GfPoint c = mouth->corner[i == 0 ? GF_RIGHT : GF_LEFT];
      const GfPoint side[] = {
        { s * 0.15, top + 0.01 - 0.5 * grow },
        { c.x + s * (0.055 + grow), c.y - 0.02 },
        { c.x * 0.95 + s * (0.03 + grow), 0.5 * (c.y + face->chin) + 0.03 },
        { s * (0.16 + grow), face->chin - 0.015 },
      };

      for (int j = 0; j < 4; j++)
        {
          const GfPoint p = side[i == 0 ? j : 3 - j];

          gf_path_add_at (path, canvas, p.x, p.y, LIFT);
        }
    }
}

static void
fill_soft (const GfCanvas *canvas, void (*area) (const GfCanvas *, double, GfPath *), double alpha)
{
  static const double grow[] = { 0.045, 0.02, -0.01 };
  static const double share[] = { 0.3, 0.45, 0.85 };

  for (int i = 0; i < 3; i++)
    {
      GfPath path = { .n = 0 };

      area (canvas, grow[i], &path);
      gf_path_trace (&path, canvas->cr, TRUE);
      gf_set_colour (canvas, canvas->look.beard, share[i] * alpha);
      cairo_fill (canvas->cr);
    }
}

void
gf_tint_beard (const GfCanvas *canvas)
{
  const GfBeard beard = gf_person_beard (canvas->person);
  cairo_t *cr = canvas->cr;
  GfPath head = { .n = 0 };

  if (beard == GF_BEARD_NONE || beard == GF_BEARD_MOUSTACHE)
    return;
  cairo_save (cr);
  gf_head_path (canvas, &head);
  gf_path_trace (&head, cr, TRUE);
  cairo_clip (cr);
  fill_soft (canvas, beard == GF_BEARD_GOATEE ? chin_area : jaw_area, beard_alpha (canvas));
  cairo_restore (cr);
}

static void
draw_moustache (const GfCanvas *canvas)
{
  const GfFace *face = canvas->face;
  const GfMouth *mouth = &face->mouth;
  cairo_t *cr = canvas->cr;
  const double top = face->nose.base_y + 0.03;
  CwRng rng = gf_texture_stream (canvas->person->texture, 20);

  for (int side = 0; side < 2; side++)
    {
      const double s = GF_SIGN (side);
      const GfPoint c = mouth->corner[side];
      const double low = mouth->upper_outer + 0.25 * (mouth->upper_inner - mouth->upper_outer);
      const GfPoint shape[] = { { 0, top + 0.02 },
                                { s * 0.12, top + 0.012 },
                                { 0.85 * c.x, gf_mix (top, c.y, 0.62) },
                                { c.x + s * 0.035, c.y + 0.02 },
                                { 0.72 * c.x, gf_mix (low, c.y, 0.45) },
                                { s * 0.09, low },
                                { 0, low + 0.012 } };
      GfPath path = { .n = 0 };

      for (size_t i = 0; i < G_N_ELEMENTS (shape); i++)
        gf_path_add_at (&path, canvas, shape[i].x, shape[i].y, 0.08);
      gf_path_trace (&path, cr, TRUE);
      gf_set_colour (canvas, canvas->look.beard, beard_alpha (canvas));
      cairo_fill (cr);
      for (int i = 0; i < 14; i++)
        {
          const double f = gf_rng_range (&rng, 0.05, 0.95);
          const GfPoint a
              = gf_at (canvas, c.x * f, gf_mix (top + 0.015, gf_mix (top, c.y, 0.7), f * f), 0.08);
          const GfPoint b = gf_at (canvas, c.x * (f + 0.14), gf_mix (low, c.y, f * f), 0.08);

          cairo_move_to (cr, a.x, a.y);
          cairo_line_to (cr, b.x, b.y);
        }
      gf_set_colour (canvas, gf_colour_mix (canvas->look.beard, (GfColour){ 1, 0.95, 0.9 }, 0.28),
                     0.35);
      cairo_set_line_width (cr, gf_stroke_width (canvas, 0.012));
      cairo_stroke (cr);
    }
}

/* Beyond the chin. */
static void
draw_length (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const GfFace *face = canvas->face;
  const double hang = 0.04 + 0.16 * canvas->person->beard_density;
  const double y = face->mouth.lower_outer + 0.07;
  const GfPoint3 jaw = face->outline[6];
  const GfPoint half[] = { { 0, y },
                           { 0.2, y + 0.05 },
                           { jaw.x * 0.82, jaw.y - 0.05 },
                           { jaw.x * 0.985, jaw.y + 0.02 },
                           { 0.8 * face->outline[7].x + 0.06, face->chin + 0.1 * hang },
                           { 0.17, face->chin + 0.85 * hang },
                           { 0, face->chin + hang } };
  const int n = G_N_ELEMENTS (half);
  GfPath path = { .n = 0 };

  for (int i = 0; i < 2 * n - 2; i++)
    {
      const GfPoint p = i < n ? half[i] : half[2 * n - 2 - i];

      gf_path_add (&path, gf_at3 (canvas, i < n ? p.x : -p.x, p.y, 0.34));
    }
  gf_path_trace (&path, cr, TRUE);
  gf_set_colour (canvas, canvas->look.beard, 0.82);
  cairo_fill (cr);
}

/* Dots of stubble or short hairs. */
static void
draw_hairs (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const GfFace *face = canvas->face;
  const GfBeard beard = gf_person_beard (canvas->person);
  const double length = beard == GF_BEARD_STUBBLE ? 0.012 : beard == GF_BEARD_FULL ? 0.075 : 0.04;
  const int n = beard == GF_BEARD_STUBBLE ? 150 : 90;
  GfPath head = { .n = 0 };

  cairo_save (cr);
  if (beard != GF_BEARD_FULL)
    {
      gf_head_path (canvas, &head);
      gf_path_trace (&head, cr, TRUE);
      cairo_clip (cr);
    }
  for (int shade = 0; shade < 2; shade++)
    {
      CwRng rng = gf_texture_stream (canvas->person->texture, 21 + (uint32_t)shade);

      for (int i = 0; i < n; i++)
        {
          const double x = gf_rng_range (&rng, -0.6, 0.6) * face->width;
          const double edge = fabs (x) / (0.62 * face->width);
          const double low = gf_mix (face->chin - 0.03, 0.75, edge * edge);
          const double high = gf_mix (face->mouth.lower_outer + 0.08, 0.35, edge);
          const double y = gf_mix (high, low, gf_rng_range (&rng, 0, 1));
          const double lean = 0.3 * x;
          const GfPoint a = gf_at (canvas, x, y, LIFT);
          const GfPoint b = gf_at (canvas, x + length * lean, y + length, LIFT);

          if (beard == GF_BEARD_GOATEE && fabs (x) > 0.22)
            continue;
          cairo_move_to (cr, a.x, a.y);
          cairo_line_to (cr, b.x, b.y);
        }
      gf_set_colour (canvas,
                     shade == 0
                         ? gf_colour_scale (canvas->look.beard, 0.6)
                         : gf_colour_mix (canvas->look.beard, (GfColour){ 1, 0.95, 0.9 }, 0.3),
                     beard == GF_BEARD_STUBBLE ? (shade == 0 ? 0.35 : 0) : 0.35);
      cairo_set_line_width (cr, gf_stroke_width (canvas, 0.012));
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

void
gf_draw_beard (const GfCanvas *canvas)
{
  const GfBeard beard = gf_person_beard (canvas->person);

  if (beard == GF_BEARD_NONE)
    return;
  if (beard == GF_BEARD_FULL)
    draw_length (canvas);
  if (beard != GF_BEARD_MOUSTACHE)
    draw_hairs (canvas);
  if (beard != GF_BEARD_STUBBLE)
    draw_moustache (canvas);
}
