/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include <math.h>

#define LIFT -0.01
#define IRIS 0.078

/* The edge of a lid from the inner to the outer corner: @height above (> 0) or below the line
 * between the corners, highest at @peak (0..1 from the inner corner). */
static void
lid_path (const GfCanvas *canvas, const GfEye *eye, double height, double peak, GfPath *path)
{
  enum
  {
    STEPS = 6
  };

  for (int i = 0; i <= STEPS; i++)
    {
      const double t = (double)i / STEPS;
      /* A parabola whose top is moved to the peak, with fuller shoulders. */
      const double u = pow (t, log (0.5) / log (peak));
      const double bell = pow (4 * u * (1 - u), 0.8);
      const GfPoint p = gf_point_mix (eye->inner, eye->outer, t);

      gf_path_add_at (path, canvas, p.x, p.y - height * bell, LIFT);
    }
}

static void
upper_lid (const GfCanvas *canvas, const GfEye *eye, GfPath *path)
{
  lid_path (canvas, eye, eye->up, 0.46, path);
}

static void
lower_lid (const GfCanvas *canvas, const GfEye *eye, GfPath *path)
{
  lid_path (canvas, eye, -eye->down, 0.56, path);
}

static void
crease_path (const GfCanvas *canvas, const GfEye *eye, GfPath *path)
{
  /* The fold stays behind when the lid comes down. */
  const double rest = fmax (eye->up, 0.02) + eye->crease;
  GfEye fold = *eye;
  const double s = eye->centre.x < 0 ? -1 : 1;

  fold.inner.x += s * 0.012;
  fold.inner.y -= 0.02;
  fold.outer.x += s * 0.01;
  fold.outer.y -= 0.014;
  lid_path (canvas, &fold, rest - 0.012, 0.5, path);
}

void
gf_sculpt_eyes (const GfCanvas *canvas, GfRelief *relief)
{
  const GfFace *face = canvas->face;
  const GfPerson *p = canvas->person;
  const double unit = canvas->camera.unit;

  for (int side = 0; side < 2; side++)
    {
      const GfEye *eye = &face->eye[side];
      const GfBrow *brow = &face->brow[side];
      const double au4 = face->activity.side[side][GF_AU4];
      GfPath ridge = { .n = 0 };

      gf_relief_bump (relief, gf_at (canvas, eye->centre.x, eye->centre.y - 0.02, LIFT),
                      0.24 * unit, 0.16 * unit, 0, -(0.05 + 0.05 * p->eye_depth) * unit);
      gf_relief_bump (relief, gf_at (canvas, eye->centre.x * 0.62, eye->centre.y - 0.03, LIFT),
                      0.11 * unit, 0.13 * unit, 0, -0.04 * unit);
      gf_relief_bump (relief, gf_at (canvas, eye->centre.x, eye->centre.y, LIFT), 0.16 * unit,
                      0.12 * unit, 0, 0.045 * unit);
      for (int i = 0; i < GF_N_SPINE; i++)
        gf_path_add_at (&ridge, canvas, brow->spine[i].x, brow->spine[i].y + 0.02, 0.05);
      gf_relief_ridge (relief, &ridge, 0.12 * unit, 0.1 * unit,
                       (0.02 + 0.015 * p->masculine + 0.035 * au4) * unit, 0.015 * unit);
    }
}

void
gf_tint_eyes (const GfCanvas *canvas)
{
  const GfFace *face = canvas->face;
  const GfPerson *p = canvas->person;
  const GfLook *look = &canvas->look;

  for (int side = 0; side < 2; side++)
    {
      const GfEye *eye = &face->eye[side];

      gf_blob (canvas, eye->centre.x, eye->centre.y - 0.03, LIFT, 0.24, 0.15, look->skin_shadow,
               0.25 + 0.25 * p->eye_depth);
      gf_blob (canvas, eye->inner.x * 0.9, eye->centre.y - 0.01, LIFT, 0.09, 0.13,
               look->skin_shadow, 0.3 + 0.15 * p->eye_depth);
      gf_blob (canvas, eye->centre.x * 0.97, eye->centre.y + 0.12, LIFT, 0.17, 0.06,
               look->skin_shadow, 0.1 + 0.4 * p->eye_bags);
      if (p->lashes > 0.6 && p->lip_colour > 0.4) /* make-up */
        gf_blob (canvas, eye->centre.x, eye->centre.y - 0.07, LIFT, 0.17, 0.08,
                 gf_colour_hsl (p->lip_hue, 0.3, 0.35), 0.3);
    }
}

static void
draw_upper_lid_skin (const GfCanvas *canvas, const GfEye *eye)
{
  cairo_t *cr = canvas->cr;
  const GfLook *look = &canvas->look;
  const double crease = canvas->person->lid_crease;
  GfPath fold = { .n = 0 };
  GfPath lid = { .n = 0 };
  GfPath area = { .n = 0 };
  const GfColour skin = gf_colour_mix (look->skin, look->skin_shadow, 0.32);

  crease_path (canvas, eye, &fold);
  upper_lid (canvas, eye, &lid);
  gf_path_append (&area, &fold, FALSE);
  gf_path_append (&area, &lid, TRUE);
  gf_path_trace (&area, cr, TRUE);
  gf_set_colour (canvas, skin, 0.35 + 0.5 * eye->closed);
  cairo_fill (cr);
  if (eye->closed > 0.4)
    gf_blob (canvas, eye->centre.x, eye->centre.y - 0.01, LIFT, 0.1, 0.05, look->skin_light,
             0.25 * eye->closed);
  gf_taper (canvas, &fold, 0.03, 0.1, 0.2, look->crease, 0.25 * crease + 0.08);
  gf_taper (canvas, &fold, 0.014, 0.1, 0.2, look->crease, 0.6 * crease + 0.05);
}

static void
draw_iris (const GfCanvas *canvas, const GfEye *eye)
{
  cairo_t *cr = canvas->cr;
  const GfLook *look = &canvas->look;
  const double unit = canvas->camera.unit;
  /* The eyes look at the viewer: against the turn of the head. */
  const double gaze_x = canvas->gaze_x - 0.045 * canvas->camera.m[0][2];
  const GfPoint at = gf_at (canvas, eye->centre.x + gaze_x, eye->centre.y - 0.004, 0.01);
  const double r = IRIS * canvas->person->eye_size * unit;
  const GfPoint gleam = { at.x + 0.42 * r * (canvas->light.x < 0 ? -1 : 1), at.y - 0.42 * r };
  cairo_pattern_t *shade
      = cairo_pattern_create_radial (at.x, at.y + 0.15 * r, 0.1 * r, at.x, at.y, r);

  cairo_pattern_add_color_stop_rgb (shade, 0, look->iris_light.r, look->iris_light.g,
                                    look->iris_light.b);
  cairo_pattern_add_color_stop_rgb (shade, 0.7, look->iris.r, look->iris.g, look->iris.b);
  cairo_pattern_add_color_stop_rgb (shade, 0.85, look->iris_dark.r, look->iris_dark.g,
                                    look->iris_dark.b);
  cairo_pattern_add_color_stop_rgb (shade, 1, look->iris_dark.r * 0.8, look->iris_dark.g * 0.8,
                                    look->iris_dark.b * 0.8);
  cairo_arc (cr, at.x, at.y, r, 0, 2 * G_PI);
  cairo_set_source (cr, shade);
  cairo_fill (cr);
  cairo_pattern_destroy (shade);
  cairo_arc (cr, at.x, at.y, 0.46 * r, 0, 2 * G_PI);
  cairo_set_source_rgb (cr, 0.03, 0.02, 0.03);
  cairo_fill (cr);
  cairo_arc (cr, gleam.x, gleam.y, 0.26 * r, 0, 2 * G_PI);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.92);
  cairo_fill (cr);
  cairo_arc (cr, 2 * at.x - gleam.x, 2 * at.y - gleam.y, 0.16 * r, 0, 2 * G_PI);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.3);
  cairo_fill (cr);
}

static void
draw_ball (const GfCanvas *canvas, const GfEye *eye)
{
  cairo_t *cr = canvas->cr;
  const GfLook *look = &canvas->look;
  GfPath area = { .n = 0 };
  GfPath upper = { .n = 0 };
  GfPath lower = { .n = 0 };
  const GfPoint at = gf_at (canvas, eye->centre.x, eye->centre.y, LIFT);
  const double unit = canvas->camera.unit;

  upper_lid (canvas, eye, &upper);
  lower_lid (canvas, eye, &lower);
  cairo_save (cr);
  gf_path_trace (&upper, cr, FALSE);
  {
    GfPath back = { .n = 0 };

    gf_path_append (&back, &lower, TRUE);
    gf_path_continue (&back, cr);
  }
  cairo_close_path (cr);
  cairo_clip (cr);
  gf_set_colour (canvas, gf_colour_scale (look->white, 0.8), 1);
  cairo_paint (cr);
  gf_blob_px (cr, (GfPoint){ at.x, at.y + 0.02 * unit }, 0.16 * unit, 0.1 * unit, 0, look->white,
              1);
  gf_blob_px (cr, gf_at (canvas, eye->inner.x, eye->inner.y, LIFT), 0.035 * unit, 0.035 * unit, 0,
              (GfColour){ 0.8, 0.42, 0.4 }, 0.8);
  draw_iris (canvas, eye);
  /* The shadow that the upper lid casts. */
  gf_path_append (&area, &upper, FALSE);
  gf_path_trace (&area, cr, FALSE);
  gf_set_colour (canvas, (GfColour){ 0.12, 0.07, 0.08 }, 0.35);
  cairo_set_line_width (cr, 0.05 * unit);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_edges (const GfCanvas *canvas, const GfEye *eye)
{
  const GfPerson *p = canvas->person;
  const GfLook *look = &canvas->look;
  const GfColour dark = gf_colour_mix (gf_colour_scale (look->crease, 0.35),
                                       (GfColour){ 0.05, 0.03, 0.04 }, 0.4 + 0.6 * p->lashes);
  const double s = eye->centre.x < 0 ? -1 : 1;
  const double width = 0.022 + 0.02 * p->lashes;
  GfPath upper = { .n = 0 };
  GfPath lower = { .n = 0 };

  upper_lid (canvas, eye, &upper);
  /* The lashes go on past the outer corner. */
  gf_path_add_at (&upper, canvas, eye->outer.x + s * (0.008 + 0.022 * p->lashes),
                  eye->outer.y - 0.014 * p->lashes + 0.02 * eye->closed, LIFT);
  lower_lid (canvas, eye, &lower);
  gf_taper (canvas, &lower, 0.03, 0.2, 0.6, look->skin_shadow, 0.45);
  gf_taper (canvas, &lower, 0.013, 0.2, 0.9, gf_colour_scale (look->crease, 0.7), 0.75);
  gf_taper (canvas, &upper, width * (1 + 0.15 * eye->closed), 0.25, 0.35, dark, 0.92);
}

void
gf_draw_eyes (const GfCanvas *canvas)
{
  for (int side = 0; side < 2; side++)
    {
      const GfEye *eye = &canvas->face->eye[side];

      draw_upper_lid_skin (canvas, eye);
      if (eye->up + eye->down > 0.008)
        draw_ball (canvas, eye);
      draw_edges (canvas, eye);
    }
}
