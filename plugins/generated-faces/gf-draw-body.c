/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include <math.h>

/* How far the neck is behind the middle of the head. */
#define NECK_Z -0.2
/* The collar. */
#define COLLAR_Y 1.24

static void
draw_neck (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const GfLook *look = &canvas->look;
  const double half = 0.41 * canvas->person->neck_width;
  const double xs[] = { half, half * 0.97, half * 1.06, half * 1.7 };
  const double ys[] = { 0.4, COLLAR_Y - 0.3, COLLAR_Y, COLLAR_Y + 0.4 };
  const GfPoint top = gf_at3 (canvas, 0, 0.95, NECK_Z);
  const GfPoint bottom = gf_at3 (canvas, 0, 1.7, NECK_Z);
  GfPath path = { .n = 0 };
  cairo_pattern_t *shade;
  const GfColour dark = gf_colour_mix (look->skin_shadow, look->crease, 0.25);

  for (int i = 0; i < 4; i++)
    gf_path_add (&path, gf_at3 (canvas, -xs[i], ys[i], NECK_Z));
  for (int i = 3; i >= 0; i--)
    gf_path_add (&path, gf_at3 (canvas, xs[i], ys[i], NECK_Z));
  gf_path_trace (&path, cr, TRUE);
  shade = cairo_pattern_create_linear (top.x, top.y, bottom.x, bottom.y);
  cairo_pattern_add_color_stop_rgb (shade, 0, dark.r * 0.85, dark.g * 0.85, dark.b * 0.85);
  cairo_pattern_add_color_stop_rgb (shade, 0.5, gf_mix (dark.r, look->skin.r, 0.35),
                                    gf_mix (dark.g, look->skin.g, 0.35),
                                    gf_mix (dark.b, look->skin.b, 0.35));
  cairo_pattern_add_color_stop_rgb (shade, 1, gf_mix (dark.r, look->skin.r, 0.8),
                                    gf_mix (dark.g, look->skin.g, 0.8),
                                    gf_mix (dark.b, look->skin.b, 0.8));
  cairo_set_source (cr, shade);
  cairo_fill (cr);
  cairo_pattern_destroy (shade);
  {
    /* The side away from the light. */
    const double s = canvas->light.x > 0 ? -1 : 1;

    gf_blob_px (cr, gf_at3 (canvas, s * half, 1.25, NECK_Z), 0.35 * canvas->camera.unit,
                0.6 * canvas->camera.unit, 0, look->crease,
                0.35 * fabs (canvas->light.x) * canvas->light.contrast);
  }
}

static void
draw_clothes (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const GfLook *look = &canvas->look;
  const double half = 0.43 * canvas->person->neck_width;
  const double vee = canvas->person->collar < 0.4 ? 0.42 : 0.12;
  const GfPoint left = gf_at3 (canvas, -1, 1.6, NECK_Z);
  const GfPoint right = gf_at3 (canvas, 1, 1.6, NECK_Z);
  const double lit = 0.5 * canvas->light.x;
  GfPath path = { .n = 0 };
  cairo_pattern_t *shade;
  static const double xs[] = { 1.9, 1.25, 0.9 };
  static const double ys[] = { COLLAR_Y + 0.6, COLLAR_Y + 0.3, COLLAR_Y + 0.16 };

  for (int i = 0; i < 3; i++)
    gf_path_add (&path, gf_at3 (canvas, -xs[i], ys[i], NECK_Z));
  gf_path_add (&path, gf_at3 (canvas, -half * 1.16, COLLAR_Y + 0.01, NECK_Z));
  gf_path_add (&path, gf_at3 (canvas, -half * 0.55, COLLAR_Y + 0.03 + 0.6 * vee, NECK_Z));
  gf_path_add (&path, gf_at3 (canvas, 0, COLLAR_Y + 0.05 + vee, NECK_Z));
  gf_path_add (&path, gf_at3 (canvas, half * 0.55, COLLAR_Y + 0.03 + 0.6 * vee, NECK_Z));
  gf_path_add (&path, gf_at3 (canvas, half * 1.16, COLLAR_Y + 0.01, NECK_Z));
  for (int i = 2; i >= 0; i--)
    gf_path_add (&path, gf_at3 (canvas, xs[i], ys[i], NECK_Z));
  gf_path_trace (&path, cr, FALSE);
  {
    const GfPoint a = gf_at3 (canvas, 2.2, 3.2, NECK_Z);
    const GfPoint b = gf_at3 (canvas, -2.2, 3.2, NECK_Z);

    cairo_line_to (cr, a.x, a.y);
    cairo_line_to (cr, b.x, b.y);
  }
  cairo_close_path (cr);
  shade = cairo_pattern_create_linear (left.x, left.y, right.x, right.y);
  for (int i = 0; i <= 2; i++)
    {
      const double t = 0.5 * i;
      const GfColour c
          = gf_colour_scale (look->clothes, 0.82 + lit * (t - 0.5) + 0.12 * (t == 0.5));

      cairo_pattern_add_color_stop_rgb (shade, t, c.r, c.g, c.b);
    }
  cairo_set_source (cr, shade);
  cairo_fill (cr);
  cairo_pattern_destroy (shade);
  if (canvas->person->collar > 0.6)
    {
      GfPath hem = { .n = 0 };

      for (int i = 3; i < path.n - 3; i++)
        gf_path_add (&hem, path.p[i]);
      gf_path_trace (&hem, cr, FALSE);
      gf_set_colour (canvas, look->clothes_dark, 0.9);
      cairo_set_line_width (cr, gf_stroke_width (canvas, 0.05));
      cairo_stroke (cr);
    }
}

void
gf_draw_body (const GfCanvas *canvas)
{
  draw_neck (canvas);
  draw_clothes (canvas);
}

static void
draw_ear (const GfCanvas *canvas, int side)
{
  cairo_t *cr = canvas->cr;
  const GfPerson *p = canvas->person;
  const GfLook *look = &canvas->look;
  const double s = GF_SIGN (side);
  const double size = p->ear_size;
  const double out = (0.075 + 0.055 * p->ear_stick) * size;
  const double x = 0.69 * canvas->face->width;
  /* Lit where it faces the light. */
  const double lit = CLAMP (1 + 0.3 * canvas->light.contrast * s * canvas->light.x, 0.6, 1.15);
  const GfPoint shell[] = {
    { x, -0.1 * size },        { x + out * 0.75, -0.13 * size }, { x + out * 1.15, -0.03 * size },
    { x + out, 0.13 * size },  { x + out * 0.6, 0.26 * size },   { x + out * 0.15, 0.33 * size },
    { x - 0.05, 0.28 * size },
  };
  const GfPoint fold[] = {
    { x + out * 0.2, -0.05 * size }, { x + out * 0.7, -0.07 * size },
    { x + out * 0.82, 0.02 * size }, { x + out * 0.65, 0.12 * size },
    { x + out * 0.35, 0.2 * size },
  };
  GfPath path = { .n = 0 };
  GfPath inner = { .n = 0 };

  for (size_t i = 0; i < G_N_ELEMENTS (shell); i++)
    gf_path_add (&path, gf_at3 (canvas, s * shell[i].x, 0.06 + shell[i].y, -0.08));
  gf_path_trace (&path, cr, TRUE);
  gf_set_colour (canvas, gf_colour_scale (gf_colour_mix (look->skin, look->blush, 0.35), lit), 1);
  cairo_fill (cr);
  for (size_t i = 0; i < G_N_ELEMENTS (fold); i++)
    gf_path_add (&inner, gf_at3 (canvas, s * fold[i].x, 0.06 + fold[i].y, -0.07));
  gf_taper (canvas, &inner, 0.045, 0.4, 0.3, look->skin_shadow, 0.75);
  gf_blob_px (cr, gf_at3 (canvas, s * (x + 0.2 * out), 0.14, -0.07), 0.05 * canvas->camera.unit,
              0.09 * canvas->camera.unit, 0, look->crease, 0.5);
}

void
gf_draw_ears (const GfCanvas *canvas)
{
  draw_ear (canvas, GF_LEFT);
  draw_ear (canvas, GF_RIGHT);
}
