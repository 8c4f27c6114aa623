/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include "gf-streams.h"

#include <math.h>

#define LIFT 0.06

/* Thickness from the inner to the outer end. */
static const double profile[GF_N_SPINE] = { 0.78, 1, 0.92, 0.66, 0.12 };

static GfPoint
edge (const GfBrow *brow, int i, double sign)
{
  const GfPoint p = brow->spine[i];

  return (GfPoint){ p.x, p.y + sign * 0.5 * brow->thickness * profile[i] };
}

static void
draw_mass (const GfCanvas *canvas, const GfBrow *brow, double grow, double alpha)
{
  GfPath path = { .n = 0 };

  for (int i = 0; i < GF_N_SPINE; i++)
    {
      const GfPoint p = edge (brow, i, -1 - grow);

      gf_path_add_at (&path, canvas, p.x, p.y, LIFT);
    }
  for (int i = GF_N_SPINE - 1; i >= 0; i--)
    {
      const GfPoint p = edge (brow, i, 1 + grow);

      gf_path_add_at (&path, canvas, p.x, p.y, LIFT);
    }
  gf_path_trace (&path, canvas->cr, TRUE);
  gf_set_colour (canvas, canvas->look.brow, alpha);
  cairo_fill (canvas->cr);
}

/* Short hairs that lean outwards; upright at the inner end. */
static void
draw_hairs (const GfCanvas *canvas, int side, const GfBrow *brow)
{
  cairo_t *cr = canvas->cr;
  CwRng rng = gf_texture_stream (canvas->person->texture, 10 + (uint32_t)side);
  const double s = GF_SIGN (side);
  enum
  {
    HAIRS = 40
  };

  cairo_set_line_width (cr, gf_stroke_width (canvas, 0.008));
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int i = 0; i < HAIRS; i++)
    {
      const double t = (i + gf_rng_range (&rng, 0, 1)) / HAIRS * 0.96;
      const double at = t * (GF_N_SPINE - 1);
      const int k = MIN ((int)at, GF_N_SPINE - 2);
      const GfPoint low = gf_point_mix (edge (brow, k, 1), edge (brow, k + 1, 1), at - k);
      const GfPoint high = gf_point_mix (edge (brow, k, -1), edge (brow, k + 1, -1), at - k);
      const double lean = gf_mix (0.012, 0.05, t);
      const double reach = gf_rng_range (&rng, 0.8, 1.25);
      const double v = gf_rng_range (&rng, 0, 0.4);
      const GfPoint a = gf_point_mix (low, high, v);
      const GfPoint b = gf_point_mix (low, high, fmin (v + 0.7 * reach, 1.15));
      const GfPoint pa = gf_at (canvas, a.x, a.y, LIFT);
      const GfPoint pb = gf_at (canvas, b.x + s * lean, b.y + 0.01 * t, LIFT);

      cairo_move_to (cr, pa.x, pa.y);
      cairo_line_to (cr, pb.x, pb.y);
    }
  gf_set_colour (canvas, gf_colour_scale (canvas->look.brow, 0.7), 0.42);
  cairo_stroke (cr);
}

void
gf_draw_brows (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  GfPath head = { .n = 0 };
  const double alpha = 0.5 + 0.35 * canvas->person->brow_darkness;

  cairo_save (cr);
  gf_head_path (canvas, &head);
  gf_path_trace (&head, cr, TRUE);
  cairo_clip (cr);
  for (int side = 0; side < 2; side++)
    {
      const GfBrow *brow = &canvas->face->brow[side];

      draw_mass (canvas, brow, 0.35, 0.3 * alpha);
      draw_mass (canvas, brow, -0.08, alpha);
      draw_hairs (canvas, side, brow);
    }
  cairo_restore (cr);
}
