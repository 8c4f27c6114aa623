/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include <math.h>

#define LIFT 0.07
/* An opening lower than this is a line. */
#define CLOSED 0.012

/* A point between the middle (f = 0) and a corner (f = 1) of a line that is at @middle_y in the
 * middle; the larger @power, the flatter the middle. */
static GfPoint
along (const GfMouth *mouth, int side, double f, double middle_y, double power)
{
  const GfPoint corner = mouth->corner[side];

  return (GfPoint){ gf_mix (mouth->middle_x, corner.x, f),
                    gf_mix (middle_y, corner.y, pow (f, power)) };
}

/* From the left to the right corner. */
static void
line_path (const GfCanvas *canvas, double middle_y, double power, double lift, GfPath *path)
{
  static const double steps[] = { 1, 0.88, 0.66, 0.4 };
  const GfMouth *mouth = &canvas->face->mouth;

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const GfPoint p = along (mouth, GF_LEFT, steps[i], middle_y, power);

      gf_path_add_at (path, canvas, p.x, p.y, lift);
    }
  gf_path_add_at (path, canvas, mouth->middle_x, middle_y, lift);
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const GfPoint p
          = along (mouth, GF_RIGHT, steps[G_N_ELEMENTS (steps) - 1 - i], middle_y, power);

      gf_path_add_at (path, canvas, p.x, p.y, lift);
    }
}

static double
upper_power (const GfMouth *mouth)
{
  return 1.75 + 1.4 * mouth->squareness * fmin (1, mouth->gap / 0.08);
}

static void
upper_inner_path (const GfCanvas *canvas, GfPath *path)
{
  const GfMouth *mouth = &canvas->face->mouth;

  line_path (canvas, mouth->upper_inner, upper_power (mouth), LIFT, path);
}

static void
lower_inner_path (const GfCanvas *canvas, GfPath *path)
{
  const GfMouth *mouth = &canvas->face->mouth;

  line_path (canvas, mouth->lower_inner, upper_power (mouth) + 0.6 * fmin (1, mouth->gap / 0.1),
             LIFT, path);
}

static void
lower_outer_path (const GfCanvas *canvas, GfPath *path)
{
  const GfMouth *mouth = &canvas->face->mouth;

  line_path (canvas, mouth->lower_outer, 2.2 + 1.2 * mouth->squareness, LIFT, path);
}

/* With the cupid's bow. */
static void
upper_outer_path (const GfCanvas *canvas, GfPath *path)
{
  static const double steps[] = { 1, 0.8, 0.5 };
  const GfMouth *mouth = &canvas->face->mouth;
  const double power = 1.35 + 1.1 * mouth->squareness;

  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const GfPoint p = along (mouth, GF_LEFT, steps[i], mouth->upper_outer, power);

      gf_path_add_at (path, canvas, p.x, p.y, LIFT);
    }
  gf_path_add_at (path, canvas, mouth->middle_x - mouth->peak_x, mouth->upper_outer - 0.004, LIFT);
  gf_path_add_at (path, canvas, mouth->middle_x, mouth->upper_outer + mouth->bow, LIFT);
  gf_path_add_at (path, canvas, mouth->middle_x + mouth->peak_x, mouth->upper_outer - 0.004, LIFT);
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const GfPoint p = along (mouth, GF_RIGHT, steps[2 - i], mouth->upper_outer, power);

      gf_path_add_at (path, canvas, p.x, p.y, LIFT);
    }
}

/* The area between two lines from corner to corner becomes the current path. */
static void
between (cairo_t *cr, const GfPath *upper, const GfPath *lower)
{
  GfPath back = { .n = 0 };

  gf_path_append (&back, lower, TRUE);
  gf_path_trace (upper, cr, FALSE);
  gf_path_continue (&back, cr);
  cairo_close_path (cr);
}

void
gf_sculpt_mouth (const GfCanvas *canvas, GfRelief *relief)
{
  const GfMouth *mouth = &canvas->face->mouth;
  const double unit = canvas->camera.unit;
  const double upper = mouth->upper_inner - mouth->upper_outer;
  const double lower = mouth->lower_outer - mouth->lower_inner;
  GfPath ridge = { .n = 0 };
  GfPath pout = { .n = 0 };

  /* The muzzle carries both lips. */
  gf_relief_bump (relief, gf_at (canvas, 0, mouth->upper_outer, 0.05), 0.34 * unit, 0.3 * unit, 0,
                  0.05 * unit);
  line_path (canvas, mouth->upper_inner - 0.55 * upper, 1.7, LIFT, &ridge);
  gf_relief_ridge (relief, &ridge, 0.8 * upper * unit, 0.8 * upper * unit, 0.3 * upper * unit,
                   0.3 * upper * unit);
  gf_path_add_at (&pout, canvas, mouth->middle_x - 0.1, mouth->lower_inner + 0.45 * lower, LIFT);
  gf_path_add_at (&pout, canvas, mouth->middle_x + 0.1, mouth->lower_inner + 0.45 * lower, LIFT);
  gf_relief_ridge (relief, &pout, 0.85 * lower * unit, 0.85 * lower * unit, 0.42 * lower * unit,
                   0.42 * lower * unit);
  /* The hollow under the lower lip. */
  gf_relief_bump (relief, gf_at (canvas, 0, mouth->lower_outer + 0.05, 0.05), 0.2 * unit,
                  0.08 * unit, 0, -0.035 * unit);
  for (int side = 0; side < 2; side++)
    {
      const GfPoint c = mouth->corner[side];
      const double s = GF_SIGN (side);
      const double au14 = canvas->face->activity.side[side][GF_AU14];
      const double au12 = canvas->face->activity.side[side][GF_AU12];

      gf_relief_bump (relief, gf_at (canvas, c.x + s * 0.03, c.y, 0.03), 0.1 * unit, 0.1 * unit, 0,
                      -(0.012 + 0.014 * au14 + 0.01 * au12) * unit);
      gf_relief_bump (relief, gf_at (canvas, c.x + s * 0.13, c.y + 0.02, 0.03), 0.11 * unit,
                      0.17 * unit, 0, (0.014 * au14 + 0.014 * au12) * unit);
    }
}

void
gf_tint_mouth (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const GfMouth *mouth = &canvas->face->mouth;
  const GfLook *look = &canvas->look;
  GfPath top = { .n = 0 };
  GfPath upper = { .n = 0 };
  GfPath lower = { .n = 0 };
  GfPath bottom = { .n = 0 };

  gf_blob (canvas, 0, mouth->lower_outer + 0.05, 0.05, 0.2, 0.065, look->skin_shadow, 0.5);
  gf_blob (canvas, 0, 0.5 * (mouth->upper_outer + canvas->face->nose.base_y), 0.06, 0.035, 0.07,
           look->skin_shadow, 0.3);
  upper_outer_path (canvas, &top);
  upper_inner_path (canvas, &upper);
  lower_inner_path (canvas, &lower);
  lower_outer_path (canvas, &bottom);
  /* Tightened lips roll in: little red is left to see, and it is pale. */
  between (cr, &top, &upper);
  gf_set_colour (canvas, gf_colour_mix (look->lip, look->lip_dark, 0.2),
                 0.92 - 0.3 * mouth->tension);
  cairo_fill (cr);
  between (cr, &lower, &bottom);
  gf_set_colour (canvas, look->lip, 0.9 - 0.3 * mouth->tension);
  cairo_fill (cr);
}

static void
draw_teeth (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const GfMouth *mouth = &canvas->face->mouth;
  const GfLook *look = &canvas->look;
  const GfActivity *a = &canvas->face->activity;
  const double bared = 0.026 + 0.055 * gf_activity_mean (a, GF_AU12)
                       + 0.06 * gf_activity_mean (a, GF_AU10) + 0.05 * gf_activity_mean (a, GF_AU20)
                       + 0.035 * gf_activity_mean (a, GF_AU23);
  const double both
      = CLAMP (gf_activity_mean (a, GF_AU20) + gf_activity_mean (a, GF_AU23)
                   + 0.6 * gf_activity_mean (a, GF_AU10) - 0.6 * gf_activity_mean (a, GF_AU26),
               0.0, 1.0);
  const double upper_edge = mouth->upper_inner + fmin (bared, 0.8 * mouth->gap);
  const double lower_edge = mouth->lower_inner - both * fmin (0.045, 0.34 * mouth->gap);
  GfPath gum = { .n = 0 };
  GfPath tips = { .n = 0 };

  line_path (canvas, mouth->upper_inner - 0.06, 2, LIFT - 0.04, &gum);
  line_path (canvas, upper_edge, 2.1, LIFT - 0.04, &tips);
  between (cr, &gum, &tips);
  gf_set_colour (canvas, look->tooth, 1);
  cairo_fill (cr);
  if (both > 0.05)
    {
      GfPath floor_path = { .n = 0 };
      GfPath low = { .n = 0 };

      line_path (canvas, lower_edge, 2.6, LIFT - 0.04, &low);
      line_path (canvas, mouth->lower_inner + 0.06, 2.4, LIFT - 0.04, &floor_path);
      between (cr, &low, &floor_path);
      gf_set_colour (canvas, gf_colour_scale (look->tooth, 0.86), 1);
      cairo_fill (cr);
    }
  /* The gaps; fainter towards the corners. */
  for (int i = -4; i <= 4; i++)
    {
      const double x = mouth->middle_x + 0.043 * i;
      const double gap = i == 0 ? 0.25 + 0.75 * canvas->person->teeth_gap : 0.22;
      const GfPoint up = gf_at (canvas, x, mouth->upper_inner - 0.02 - 0.004 * i * i, LIFT - 0.04);
      const GfPoint down = gf_at (canvas, x, upper_edge - 0.004 * i * i, LIFT - 0.04);

      cairo_move_to (cr, up.x, up.y);
      cairo_line_to (cr, down.x, down.y);
      gf_set_colour (canvas, look->lip_dark, gap);
      cairo_set_line_width (cr, gf_stroke_width (canvas, 0.008));
      cairo_stroke (cr);
    }
}

static void
draw_cavity (const GfCanvas *canvas, const GfPath *upper, const GfPath *lower)
{
  cairo_t *cr = canvas->cr;
  const GfMouth *mouth = &canvas->face->mouth;
  const double unit = canvas->camera.unit;

  cairo_save (cr);
  between (cr, upper, lower);
  cairo_clip (cr);
  cairo_set_source_rgb (cr, 0.19, 0.06, 0.07);
  cairo_paint (cr);
  if (mouth->gap > 0.07)
    {
      const double show = fmin (1, (mouth->gap - 0.07) / 0.1);

      gf_blob_px (cr, gf_at (canvas, mouth->middle_x, mouth->upper_inner + 0.5 * mouth->gap, 0),
                  0.16 * unit, 0.5 * mouth->gap * unit, 0, (GfColour){ 0.05, 0.01, 0.02 }, 0.7);
      gf_blob_px (cr, gf_at (canvas, mouth->middle_x, mouth->lower_inner + 0.02, 0.02), 0.19 * unit,
                  0.12 * unit, 0, (GfColour){ 0.8, 0.4, 0.4 }, 0.95 * show);
    }
  draw_teeth (canvas);
  /* The upper lip's shadow on the teeth. */
  gf_path_trace (upper, cr, FALSE);
  cairo_set_source_rgba (cr, 0.15, 0.04, 0.05, 0.4);
  cairo_set_line_width (cr, 0.035 * unit);
  cairo_stroke (cr);
  /* It is dark in the corners. */
  for (int side = 0; side < 2; side++)
    gf_blob_px (cr, gf_at (canvas, mouth->corner[side].x, mouth->corner[side].y, LIFT), 0.11 * unit,
                0.09 * unit, 0, (GfColour){ 0.15, 0.04, 0.05 }, 0.85);
  cairo_restore (cr);
}

static void
draw_gloss (const GfCanvas *canvas)
{
  const GfMouth *mouth = &canvas->face->mouth;
  const double lower = mouth->lower_outer - mouth->lower_inner;

  gf_blob (canvas, mouth->middle_x + 0.04 * canvas->light.x, mouth->lower_inner + 0.42 * lower, 0.1,
           0.11, 0.3 * lower, gf_colour_mix (canvas->look.lip, (GfColour){ 1, 0.95, 0.92 }, 0.6),
           (0.3 + 0.3 * canvas->person->lip_colour) * (1 - 0.6 * mouth->tension));
}

void
gf_draw_mouth (const GfCanvas *canvas)
{
  const GfMouth *mouth = &canvas->face->mouth;
  const GfLook *look = &canvas->look;
  const GfColour line = gf_colour_mix (look->lip_dark, (GfColour){ 0.15, 0.03, 0.04 }, 0.55);
  GfPath upper = { .n = 0 };
  GfPath lower = { .n = 0 };

  upper_inner_path (canvas, &upper);
  lower_inner_path (canvas, &lower);
  draw_gloss (canvas);
  if (mouth->gap > CLOSED)
    {
      draw_cavity (canvas, &upper, &lower);
      gf_taper (canvas, &upper, 0.014, 0.5, 0.5, line, 0.8);
      gf_taper (canvas, &lower, 0.01, 0.5, 0.5, line, 0.55);
    }
  else
    {
      gf_taper (canvas, &upper, 0.045, 0.3, 0.3, line, 0.25);
      gf_taper (canvas, &upper, 0.026, 0.45, 0.45, line, 0.9);
    }
  for (int side = 0; side < 2; side++)
    {
      const GfPoint c = mouth->corner[side];
      const double *au = canvas->face->activity.side[side];
      const double deep = 0.3 + 0.3 * au[GF_AU12] + 0.35 * au[GF_AU14] + 0.25 * au[GF_AU15];

      gf_blob (canvas, c.x, c.y, 0.05, 0.045, 0.04, look->crease, deep);
    }
}
