/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include "gf-streams.h"

#include <math.h>

void
gf_head_path (const GfCanvas *canvas, GfPath *path)
{
  for (int i = 0; i < GF_N_OUTLINE; i++)
    {
      const GfPoint3 p = canvas->face->outline[i];

      gf_path_add (path, gf_at3 (canvas, p.x, p.y, p.z));
    }
}

/* The picture's angle of the face's x axis. */
static double
roll_of (const GfCanvas *canvas)
{
  const GfPoint a = gf_at3 (canvas, -0.5, 0.1, 0);
  const GfPoint b = gf_at3 (canvas, 0.5, 0.1, 0);

  return atan2 (b.y - a.y, b.x - a.x);
}

static void
bump (const GfCanvas *canvas, GfRelief *relief, double x, double y, double lift, double rx,
      double ry, double height)
{
  const double unit = canvas->camera.unit;

  gf_relief_bump (relief, gf_at (canvas, x, y, lift), rx * unit, ry * unit, roll_of (canvas),
                  height * unit);
}

void
gf_sculpt_skin (const GfCanvas *canvas, GfRelief *relief)
{
  const GfFace *face = canvas->face;
  const GfPerson *p = canvas->person;
  const double unit = canvas->camera.unit;
  const double w = face->width;
  const double mid = 0.5 * (face->top + face->chin);
  const double chin_up = 0.05 * gf_activity_mean (&face->activity, GF_AU17);

  gf_relief_dome (relief, gf_at3 (canvas, 0, mid, 0), 0.8 * w * unit,
                  0.58 * (face->chin - face->top) * unit, 0.56 * unit, roll_of (canvas));
  /* Forehead, temples, chin. */
  bump (canvas, relief, 0, -0.5, 0, 0.5 * w, 0.36, 0.05);
  bump (canvas, relief, -0.62 * w, -0.16, 0, 0.16, 0.3, -0.03);
  bump (canvas, relief, 0.62 * w, -0.16, 0, 0.16, 0.3, -0.03);
  bump (canvas, relief, 0, face->chin - 0.14 - chin_up, 0.06, 0.23 * p->chin_width, 0.16,
        0.055 + 0.4 * chin_up);
  for (int side = 0; side < 2; side++)
    {
      const double s = GF_SIGN (side);
      const double lift = face->cheek_lift[side];
      const GfPoint c = face->cheek[side];

      /* Cheekbone, the apple of the cheek, the hollow below. */
      bump (canvas, relief, s * 0.5 * w, 0.2, 0.02, 0.25, 0.13, 0.03 * p->cheekbones);
      bump (canvas, relief, c.x * 0.95, c.y, 0.03, 0.29, 0.23 - 0.03 * lift,
            0.035 + 0.02 * p->cheek_full + 0.095 * lift);
      bump (canvas, relief, s * 0.5 * w, 0.62 + 0.5 * face->jaw_drop, 0, 0.17, 0.24,
            -0.04 * (1 - p->cheek_full) - 0.018 * gf_activity_mean (&face->activity, GF_AU26));
      if (p->chin_cleft > 0.5)
        bump (canvas, relief, 0, face->chin - 0.1 - chin_up, 0.06, 0.03, 0.07,
              -0.03 * (p->chin_cleft - 0.3));
    }
}

static void
tint_base (const GfCanvas *canvas)
{
  const GfLook *look = &canvas->look;
  GfPath head = { .n = 0 };

  gf_head_path (canvas, &head);
  gf_path_trace (&head, canvas->cr, TRUE);
  gf_set_colour (canvas, look->skin, 1);
  cairo_fill (canvas->cr);
}

static void
tint_blush (const GfCanvas *canvas)
{
  const GfFace *face = canvas->face;
  const GfPerson *p = canvas->person;
  const GfLook *look = &canvas->look;

  for (int side = 0; side < 2; side++)
    {
      const double alpha = 0.13 + 0.4 * p->skin_blush + 0.12 * face->cheek_lift[side];

      gf_blob (canvas, face->cheek[side].x, face->cheek[side].y + 0.02, 0, 0.3, 0.24, look->blush,
               alpha * 0.8);
    }
  gf_blob (canvas, 0, face->nose.tip_y, 0.2, 0.14, 0.12, look->blush, 0.12 + 0.3 * p->skin_blush);
  gf_blob (canvas, 0, face->chin - 0.12, 0.05, 0.2, 0.12, look->blush, 0.05 + 0.2 * p->skin_blush);
  gf_blob (canvas, 0, -0.5, 0, 0.5, 0.3, look->skin_light, 0.12);
}

static void
tint_freckles (const GfCanvas *canvas)
{
  const GfPerson *p = canvas->person;
  CwRng rng = gf_texture_stream (p->texture, 1);
  const int n = p->freckles > 0.25 ? (int)(90 * (p->freckles - 0.15)) : 0;

  for (int i = 0; i < n; i++)
    {
      const double s = cw_rng_next (&rng) & 1 ? 1 : -1;
      const double x = s * fabs (0.25 + 0.19 * (double)cw_rng_normal (&rng));
      const double y = 0.27 + 0.09 * (double)cw_rng_normal (&rng);
      const double r = gf_rng_range (&rng, 0.009, 0.018);
      const GfPoint at = gf_at (canvas, x, y, 0.02);

      cairo_arc (canvas->cr, at.x, at.y, fmax (r * canvas->camera.unit, 0.35), 0, 2 * G_PI);
      gf_set_colour (canvas, canvas->look.skin_shadow, gf_rng_range (&rng, 0.25, 0.65));
      cairo_fill (canvas->cr);
    }
}

static void
tint_mole (const GfCanvas *canvas)
{
  const GfPerson *p = canvas->person;
  CwRng rng = gf_texture_stream (p->texture, 2);
  const double x = gf_rng_range (&rng, -0.5, 0.5);
  const double y = gf_rng_range (&rng, 0.3, 0.75);

  if (p->mole < 0.82)
    return;
  {
    const GfPoint at = gf_at (canvas, x, y, 0.02);

    cairo_arc (canvas->cr, at.x, at.y, fmax (0.017 * canvas->camera.unit, 0.5), 0, 2 * G_PI);
    gf_set_colour (canvas, canvas->look.crease, 0.75);
    cairo_fill (canvas->cr);
  }
}

void
gf_tint_skin (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  GfPath head = { .n = 0 };

  tint_base (canvas);
  /* What follows stays on the head. */
  cairo_save (cr);
  gf_head_path (canvas, &head);
  gf_path_trace (&head, cr, TRUE);
  cairo_clip (cr);
  tint_blush (canvas);
  tint_freckles (canvas);
  tint_mole (canvas);
  cairo_restore (cr);
}
