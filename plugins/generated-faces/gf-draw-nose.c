/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include <math.h>

void
gf_sculpt_nose (const GfCanvas *canvas, GfRelief *relief)
{
  const GfFace *face = canvas->face;
  const GfNose *nose = &face->nose;
  const GfPerson *p = canvas->person;
  const double unit = canvas->camera.unit;
  GfPath ridge = { .n = 0 };
  const double height = 0.065 + 0.03 * p->masculine + 0.05 * p->nose_bridge;

  gf_path_add_at (&ridge, canvas, 0, -0.14, 0.04);
  gf_path_add_at (&ridge, canvas, 0, 0.06, 0.09);
  gf_path_add_at (&ridge, canvas, 0, 0.5 * (0.06 + nose->tip_y), 0.16);
  gf_path_add_at (&ridge, canvas, 0, nose->tip_y - 0.02, 0.22);
  gf_relief_ridge (relief, &ridge, (nose->bridge_half + 0.05) * unit,
                   (nose->tip_half + 0.07) * unit, 0.12 * height * unit, 1.3 * height * unit);
  gf_relief_bump (relief, gf_at (canvas, 0, nose->tip_y, 0.22), (nose->tip_half + 0.03) * unit,
                  (nose->tip_half + 0.015) * unit, 0, 0.075 * unit);
  for (int side = 0; side < 2; side++)
    gf_relief_bump (relief,
                    gf_at (canvas, nose->wing[side].x * 0.72, nose->wing[side].y + 0.005, 0.12),
                    0.075 * unit, 0.07 * unit, 0, 0.06 * unit);
}

/* What the nose keeps the light from. */
void
gf_tint_nose (const GfCanvas *canvas)
{
  const GfNose *nose = &canvas->face->nose;
  const GfLook *look = &canvas->look;
  const GfLight *light = &canvas->light;
  const double away = -light->x;
  const double strength = CLAMP (light->contrast, 0.0, 1.2);

  gf_blob (canvas, 0.14 * away, nose->base_y + 0.045 + 0.05 * -light->y, 0.02, 0.17, 0.075,
           look->skin_shadow, 0.5 * strength);
  gf_blob (canvas, 0.22 * away, nose->base_y - 0.1, 0.02, 0.09 + 0.06 * fabs (away), 0.16,
           look->skin_shadow, 0.75 * fabs (away) * strength);
}

static void
draw_wing (const GfCanvas *canvas, int side)
{
  const GfNose *nose = &canvas->face->nose;
  const double s = GF_SIGN (side);
  const double x = fabs (nose->wing[side].x), y = nose->wing[side].y;
  const double flare = canvas->face->activity.side[side][GF_AU9];
  GfPath path = { .n = 0 };

  gf_path_add_at (&path, canvas, s * (x - 0.03), y - 0.07, 0.1);
  gf_path_add_at (&path, canvas, s * x, y - 0.025, 0.08);
  gf_path_add_at (&path, canvas, s * (x - 0.004), y + 0.035, 0.08);
  gf_path_add_at (&path, canvas, s * (x - 0.045), y + 0.055, 0.1);
  gf_taper (canvas, &path, 0.034, 0.1, 0.3, canvas->look.crease, 0.2 + 0.1 * flare);
  gf_taper (canvas, &path, 0.017, 0.1, 0.3, canvas->look.crease, 0.5 + 0.25 * flare);
}

static void
draw_nostril (const GfCanvas *canvas, int side)
{
  cairo_t *cr = canvas->cr;
  const GfNose *nose = &canvas->face->nose;
  const double s = GF_SIGN (side);
  const double flare = canvas->face->activity.side[side][GF_AU9];
  const double x = 0.5 * fabs (nose->wing[side].x);
  const double y = nose->base_y - 0.022 - 0.4 * (nose->base_y - 0.055 - nose->wing[side].y);
  const double half = 0.26 * fabs (nose->wing[side].x);
  const double open = 0.014 + 0.01 * flare;
  const GfColour dark = gf_colour_scale (canvas->look.crease, 0.5);
  GfPath path = { .n = 0 };

  gf_path_add_at (&path, canvas, s * (x - half), y + 0.012, 0.15);
  gf_path_add_at (&path, canvas, s * (x - 0.1 * half), y - open, 0.14);
  gf_path_add_at (&path, canvas, s * (x + half), y + 0.004, 0.12);
  gf_path_add_at (&path, canvas, s * (x + 0.1 * half), y + open * 0.7, 0.14);
  gf_path_trace (&path, cr, TRUE);
  gf_set_colour (canvas, dark, 0.8);
  cairo_fill (cr);
}

void
gf_draw_nose (const GfCanvas *canvas)
{
  const GfNose *nose = &canvas->face->nose;
  const GfLook *look = &canvas->look;
  GfPath base = { .n = 0 };

  for (int side = 0; side < 2; side++)
    {
      draw_wing (canvas, side);
      draw_nostril (canvas, side);
    }
  gf_path_add_at (&base, canvas, -0.04, nose->base_y - 0.008, 0.14);
  gf_path_add_at (&base, canvas, 0, nose->base_y + 0.006, 0.15);
  gf_path_add_at (&base, canvas, 0.04, nose->base_y - 0.008, 0.14);
  gf_taper (canvas, &base, 0.025, 0.2, 0.2, look->crease, 0.4);
  /* A gleam on the tip, towards the light. */
  gf_blob (canvas, 0.03 * canvas->light.x, nose->tip_y - 0.02 + 0.03 * canvas->light.y, 0.24, 0.055,
           0.045, look->skin_light, 0.25 + 0.35 * canvas->person->skin_shine);
}
