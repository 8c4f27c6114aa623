/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include "gf-streams.h"

#include <math.h>

/* How far behind the face's plane the outline of the hair is. */
#define HAIR_Z -0.12

/* The measures of one style. Hair in front is the area between an outer contour, around the skull,
 * and the hairline; both run from the left to the right. */
typedef struct
{
  double volume;   /* over the skull */
  double top;      /* more of it above */
  double sideburn; /* y where the hair in front ends at the sides */
  double lower;    /* how much lower than the hairline the hair hangs on the forehead */
  double sweep;    /* the forehead's edge falls towards one side, -1..1 */
  double curls;    /* size of curls along the edges, 0 = smooth */
  double alpha;
} Cap;

/* Strands of two shades in one stroke each. */
typedef struct
{
  const GfCanvas *canvas;
  CwRng rng;
} Strands;

static double
hairline_y (const GfPerson *p, const GfFace *face)
{
  return face->top + 0.31 - 0.07 * p->hair_line;
}

static void
skull_point (const GfCanvas *canvas, double turn, double grow, double top, GfPoint *p)
{
  const GfFace *face = canvas->face;
  const double rx = 0.725 * face->width + grow;
  const double ry = -face->top - 0.12 + grow + top;

  /* A little boxier than an ellipse, as the outline of the head is. */
  p->x = rx * copysign (pow (fabs (sin (turn)), 0.8), turn);
  p->y = -0.12 - ry * copysign (pow (fabs (cos (turn)), 0.8), cos (turn));
}

/* Scallops: pushes every other point outwards, one more than the other. */
static double
curl_of (CwRng *rng, int i, double curls)
{
  return (i % 2 == 0 ? 0.5 : -0.5) * curls * gf_rng_range (rng, 0.4, 1.4);
}

static void
cap_outer (const GfCanvas *canvas, const Cap *cap, GfPath *path)
{
  const int steps = cap->curls > 0 ? 26 : 14;
  CwRng rng = gf_texture_stream (canvas->person->texture, 37);
  const double end
      = acos (CLAMP (-(cap->sideburn + 0.12) / (-canvas->face->top - 0.12), -0.6, 0.6));

  for (int i = 0; i <= steps; i++)
    {
      const double turn = gf_mix (-end, end, (double)i / steps);
      const double rim = fmin (1, 6.0 * fmin (i, steps - i) / steps);
      /* It closes up towards the ears. */
      const double bulge = (cap->volume + curl_of (&rng, i, cap->curls)) * (0.25 + 0.75 * rim);
      GfPoint p;

      skull_point (canvas, turn, bulge, cap->top * fmax (0, cos (turn)), &p);
      gf_path_add (path, gf_at3 (canvas, p.x, p.y, HAIR_Z));
    }
}

static void
cap_inner (const GfCanvas *canvas, const Cap *cap, GfPath *path)
{
  const GfPerson *p = canvas->person;
  const double w = canvas->face->width;
  const double y = hairline_y (p, canvas->face) + cap->lower;
  const double recede = 0.11 * fmax (0, p->hair_line) * (cap->lower > 0.02 ? 0.3 : 1);
  const GfPoint half[] = {
    { 0.672 * w, cap->sideburn },
    { 0.628 * w, fmin (-0.06, cap->sideburn - 0.05) },
    { 0.6 * w, -0.26 },
    { 0.5 * w, y + 0.12 - recede },
    { 0.36 * w, y + 0.03 - recede },
    { 0.18 * w, y },
  };
  const int n = G_N_ELEMENTS (half);
  CwRng rng = gf_texture_stream (canvas->person->texture, 38);

  for (int i = 0; i < 2 * n + 1; i++)
    {
      const double s = i < n ? -1 : 1;
      const GfPoint q = i == n ? (GfPoint){ 0, y } : half[i < n ? i : 2 * n - i];
      const double x = i == n ? 0 : s * q.x;
      const double high = fmax (0, 1 - fabs (x) / (0.6 * w));

      gf_path_add_at (path, canvas, x,
                      q.y + 0.1 * cap->sweep * (x / w) * (high > 0 ? 1 : 0) * 2
                          + curl_of (&rng, i, 0.6 * cap->curls),
                      0.03);
    }
}

/* Shaded from the lit side to the other, over the width of the head. */
static void
set_hair_source (const GfCanvas *canvas, double darker)
{
  const GfLook *look = &canvas->look;
  const double k = 0.55 * canvas->light.contrast;
  const GfPoint a = gf_at3 (canvas, -0.9, -0.3, HAIR_Z);
  const GfPoint b = gf_at3 (canvas, 0.9, -0.3, HAIR_Z);
  cairo_pattern_t *shade = cairo_pattern_create_linear (a.x, a.y, b.x, b.y);

  for (int i = 0; i <= 4; i++)
    {
      const double t = 0.25 * i;
      /* The middle faces the viewer, the rims turn away. */
      const double lit = k * ((2 * t - 1) * canvas->light.x - 0.35 * pow (2 * t - 1, 2)) - darker;
      const GfColour c = lit > 0
                             ? gf_colour_mix (look->hair, look->hair_light, fmin (1, lit))
                             : gf_colour_mix (look->hair, look->hair_dark, fmin (1.3, -1.4 * lit));

      cairo_pattern_add_color_stop_rgb (shade, t, c.r, c.g, c.b);
    }
  cairo_set_source (canvas->cr, shade);
  cairo_pattern_destroy (shade);
}

static void
stroke_strands (const GfCanvas *canvas, GfColour colour, double width, double alpha)
{
  gf_set_colour (canvas, colour, alpha);
  cairo_set_line_width (canvas->cr, gf_stroke_width (canvas, width));
  cairo_set_line_cap (canvas->cr, CAIRO_LINE_CAP_ROUND);
  cairo_stroke (canvas->cr);
}

/* From the outer to the inner contour, as combed; @lean in parts of the contour. */
static void
strands_across (const GfCanvas *canvas, const GfPath *outer, const GfPath *inner, int n,
                double lean, double wave)
{
  for (int shade = 0; shade < 2; shade++)
    {
      CwRng rng = gf_texture_stream (canvas->person->texture, 30 + (uint32_t)shade);

      for (int i = 0; i < n; i++)
        {
          const double t = (i + gf_rng_range (&rng, 0, 1)) / n;
          const double from = gf_rng_range (&rng, 0, 0.45);
          const double to = gf_rng_range (&rng, 0.6, 1);
          const double bend = wave * gf_rng_range (&rng, -0.12, 0.12);
          const GfPoint o = gf_path_sample (outer, t + 0.3 * lean);
          const GfPoint m = gf_path_sample (inner, t - lean);
          const GfPoint a = gf_point_mix (o, m, from);
          const GfPoint b = gf_point_mix (o, m, to);
          const GfPoint c = gf_point_mix (gf_path_sample (outer, t + bend),
                                          gf_path_sample (inner, t + bend), 0.5 * (from + to));

          cairo_move_to (canvas->cr, a.x, a.y);
          cairo_curve_to (canvas->cr, c.x, c.y, c.x, c.y, b.x, b.y);
        }
      stroke_strands (canvas, shade == 0 ? canvas->look.hair_dark : canvas->look.hair_light,
                      shade == 0 ? 0.03 : 0.02, shade == 0 ? 0.4 : 0.38);
    }
}

/* Along both contours, as hanging. */
static void
strands_along (const GfCanvas *canvas, const GfPath *outer, const GfPath *inner, int n,
               uint32_t key)
{
  enum
  {
    STEPS = 7
  };

  for (int shade = 0; shade < 2; shade++)
    {
      CwRng rng = gf_texture_stream (canvas->person->texture, 40 + key + (uint32_t)shade);

      for (int i = 0; i < n; i++)
        {
          const double k = (i + gf_rng_range (&rng, 0, 1)) / n;
          const double from = gf_rng_range (&rng, 0, 0.4);
          const double to = gf_rng_range (&rng, 0.6, 1);
          GfPath strand = { .n = 0 };

          for (int j = 0; j <= STEPS; j++)
            {
              const double t = gf_mix (from, to, (double)j / STEPS);

              gf_path_add (&strand,
                           gf_point_mix (gf_path_sample (outer, t), gf_path_sample (inner, t), k));
            }
          gf_path_trace (&strand, canvas->cr, FALSE);
        }
      stroke_strands (canvas, shade == 0 ? canvas->look.hair_dark : canvas->look.hair_light,
                      shade == 0 ? 0.034 : 0.022, shade == 0 ? 0.42 : 0.36);
    }
}

static void
draw_curls (const GfCanvas *canvas, const GfPath *outer, const GfPath *inner, int n, double size)
{
  cairo_t *cr = canvas->cr;
  const double unit = canvas->camera.unit;

  for (int shade = 0; shade < 2; shade++)
    {
      CwRng rng = gf_texture_stream (canvas->person->texture, 34 + (uint32_t)shade);

      for (int i = 0; i < n; i++)
        {
          const double t = gf_rng_range (&rng, 0.02, 0.98);
          const double k = gf_rng_range (&rng, 0.02, 0.95);
          const double turn = gf_rng_range (&rng, 0, 2 * G_PI);
          const double r = size * unit * gf_rng_range (&rng, 0.6, 1.1);
          const GfPoint at = gf_point_mix (gf_path_sample (outer, t), gf_path_sample (inner, t), k);

          cairo_new_sub_path (cr);
          cairo_arc (cr, at.x, at.y, r, turn, turn + 3.6);
        }
      stroke_strands (canvas, shade == 0 ? canvas->look.hair_dark : canvas->look.hair_light,
                      shade == 0 ? 0.022 : 0.016, shade == 0 ? 0.4 : 0.26);
    }
}

static void
draw_shine (const GfCanvas *canvas, double volume, double strength)
{
  const double x = 0.34 * canvas->light.x;
  const double unit = canvas->camera.unit;
  const GfPoint at = gf_at3 (canvas, x, canvas->face->top + 0.13 - 0.5 * volume, 0.1);

  gf_blob_px (canvas->cr, at, 0.42 * unit, 0.13 * unit,
              atan2 (canvas->camera.m[1][0], canvas->camera.m[0][0]) + 0.35 * x,
              canvas->look.hair_light, strength * canvas->light.contrast);
}

/* Hair throws a soft shadow on the forehead. */
static void
draw_hair_shadow (const GfCanvas *canvas, const GfPath *inner)
{
  cairo_t *cr = canvas->cr;
  GfPath head = { .n = 0 };

  cairo_save (cr);
  gf_head_path (canvas, &head);
  gf_path_trace (&head, cr, TRUE);
  cairo_clip (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (int i = 1; i <= 4; i++)
    {
      gf_path_trace (inner, cr, FALSE);
      gf_set_colour (canvas, canvas->look.skin_shadow, 0.13);
      cairo_set_line_width (cr, 0.045 * i * canvas->camera.unit);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

static void
close_area (const GfPath *outer, const GfPath *inner, cairo_t *cr)
{
  GfPath back = { .n = 0 };

  gf_path_append (&back, inner, TRUE);
  gf_path_trace (outer, cr, FALSE);
  gf_path_continue (&back, cr);
  cairo_close_path (cr);
}

static void
draw_cap (const GfCanvas *canvas, const Cap *cap)
{
  cairo_t *cr = canvas->cr;
  GfPath outer = { .n = 0 };
  GfPath inner = { .n = 0 };

  cap_outer (canvas, cap, &outer);
  cap_inner (canvas, cap, &inner);
  if (cap->volume > 0.03)
    draw_hair_shadow (canvas, &inner);
  cairo_save (cr);
  close_area (&outer, &inner, cr);
  cairo_clip (cr);
  set_hair_source (canvas, 0);
  cairo_paint_with_alpha (cr, cap->alpha);
  if (cap->curls > 0)
    draw_curls (canvas, &outer, &inner, 150, 0.75 * cap->curls);
  else
    strands_across (canvas, &outer, &inner, cap->alpha < 1 ? 14 : 26,
                    0.06 + 0.1 * fabs (cap->sweep), canvas->person->hair_wave);
  draw_shine (canvas, cap->volume, cap->alpha < 1 ? 0.3 : 0.5);
  cairo_restore (cr);
}

/* Short hair that stands up: spikes over the cap. */
static void
draw_quiff (const GfCanvas *canvas, double volume, double top)
{
  cairo_t *cr = canvas->cr;
  CwRng rng = gf_texture_stream (canvas->person->texture, 36);
  enum
  {
    SPIKES = 11
  };
  GfPath path = { .n = 0 };

  for (int i = 0; i <= SPIKES; i++)
    {
      const double turn = gf_mix (-0.9, 0.9, (i + gf_rng_range (&rng, -0.25, 0.25)) / SPIKES);
      const double lean = canvas->person->hair_part < 0 ? -1 : 1;
      const double rise = fmax (0, cos (1.6 * turn)) * gf_rng_range (&rng, 0.5, 1.2);
      GfPoint low, high;

      skull_point (canvas, turn, volume - 0.02, top * fmax (0, cos (turn)), &low);
      skull_point (canvas, turn + 0.13 * lean, volume + 0.09 * rise, top * fmax (0, cos (turn)),
                   &high);
      gf_path_add (&path, gf_at3 (canvas, low.x, low.y, HAIR_Z));
      if (i < SPIKES)
        gf_path_add (&path, gf_at3 (canvas, high.x, high.y, HAIR_Z));
    }
  gf_path_trace (&path, cr, TRUE);
  set_hair_source (canvas, 0.05);
  cairo_fill (cr);
}

/* The side of a head of long hair: a curtain from the parting to the tips. */
typedef struct
{
  double part_x;
  double volume;
  double tip; /* y of the ends */
  double wave;
  double flick; /* the ends turn outwards (> 0) or inwards */
} Curtain;

static void
curtain_paths (const GfCanvas *canvas, const Curtain *c, int side, GfPath *outer, GfPath *inner)
{
  const GfFace *face = canvas->face;
  const double s = GF_SIGN (side);
  const double w = face->width;
  const double v = c->volume;
  const double line = hairline_y (canvas->person, face);
  const double part = s * c->part_x;
  enum
  {
    STEPS = 12
  };

  for (int i = 0; i <= STEPS; i++)
    {
      const double t = (double)i / STEPS;
      const double ripple
          = c->wave * 0.045 * sin (9 * t + (side == GF_LEFT ? 0 : 1)) * fmax (0, t - 0.3);
      GfPoint o, n;

      if (t < 0.4)
        {
          /* Around the skull. */
          const double turn = gf_mix (asin (CLAMP (part / (0.725 * w), -0.9, 0.9)), 1.72, t / 0.4);

          skull_point (canvas, turn, v * (0.55 + 0.45 * t / 0.4), 0, &o);
        }
      else
        {
          const double u = (t - 0.4) / 0.6;

          skull_point (canvas, 1.72, v, 0, &o);
          o.x += 0.06 * sin (G_PI * u) + c->flick * u * u * 0.16 - 0.05 * u;
          o.y = gf_mix (o.y, c->tip, u);
          /* The ends are rounded off. */
          o.x -= 0.09 * pow (fmax (0, u - 0.8) / 0.2, 2);
        }
      if (t < 0.35)
        {
          const double u = t / 0.35;

          /* From the parting along the hairline to the temple. */
          n.x = gf_mix (part, 0.6 * w, pow (u, 0.75));
          n.y = gf_mix (line - 0.015, -0.2, pow (u, 1.9));
        }
      else
        {
          const double u = (t - 0.35) / 0.65;

          n.x = 0.6 * w + 0.035 * sin (G_PI * u) + c->flick * u * u * 0.08 - 0.02 * u;
          n.y = gf_mix (-0.2, c->tip - 0.02, u);
        }
      gf_path_add (outer, gf_at3 (canvas, s * (o.x + 1.2 * ripple), o.y, HAIR_Z));
      /* On the face, then beside it. */
      gf_path_add (inner, t < 0.35 ? gf_at (canvas, s * n.x, n.y, 0.03)
                                   : gf_at3 (canvas, s * (n.x + ripple), n.y,
                                             gf_mix (gf_face_depth (face, 0.6 * w, -0.2) + 0.03,
                                                     0.1, fmin (1, (t - 0.35) * 4))));
    }
}

static void
draw_curtain (const GfCanvas *canvas, const Curtain *c, int side)
{
  cairo_t *cr = canvas->cr;
  GfPath outer = { .n = 0 };
  GfPath inner = { .n = 0 };

  curtain_paths (canvas, c, side, &outer, &inner);
  draw_hair_shadow (canvas, &inner);
  cairo_save (cr);
  close_area (&outer, &inner, cr);
  cairo_clip (cr);
  set_hair_source (canvas, 0);
  cairo_paint (cr);
  strands_along (canvas, &outer, &inner, 12, 2 * (uint32_t)side);
  draw_shine (canvas, c->volume, 0.5);
  cairo_restore (cr);
}

static Curtain
curtain_of (const GfPerson *p)
{
  const GfHair hair = gf_person_hair (p);
  Curtain c = { .volume = 0.07 + 0.1 * p->hair_volume, .part_x = 0.32 * p->hair_part };

  if (fabs (p->hair_part) < 0.3)
    c.part_x = 0;
  if (hair == GF_HAIR_BOB)
    {
      c.tip = 0.62 + 0.3 * p->hair_length;
      c.flick = p->hair_wave > 0.6 ? 0.5 : -0.7;
      c.wave = 0.4 * p->hair_wave;
    }
  else
    {
      c.tip = 1.3 + 0.6 * p->hair_length;
      c.wave = hair == GF_HAIR_LONG_WAVY ? 0.8 + p->hair_wave : 0.1;
      c.flick = hair == GF_HAIR_LONG_WAVY ? 0.7 : 0.2;
      c.volume += hair == GF_HAIR_LONG_WAVY ? 0.05 : 0;
    }
  return c;
}

/* A straight fringe over the forehead. */
static void
draw_fringe (const GfCanvas *canvas)
{
  const Cap cap = { .volume = 0.02,
                    .sideburn = -0.1,
                    .lower = 0.25,
                    .alpha = 1,
                    .sweep = 0.25 * canvas->person->hair_part };

  draw_cap (canvas, &cap);
}

static void
draw_bun (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const double unit = canvas->camera.unit;
  const GfPoint at
      = gf_at3 (canvas, 0.1 * canvas->person->hair_part, canvas->face->top - 0.14, -0.4);
  const double r = (0.2 + 0.08 * canvas->person->hair_volume) * unit;

  cairo_arc (cr, at.x, at.y, r, 0, 2 * G_PI);
  set_hair_source (canvas, 0.15);
  cairo_fill (cr);
  for (int i = 0; i < 3; i++)
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, at.x, at.y + 0.1 * r, r * (0.35 + 0.2 * i), 3.4, 5.9);
    }
  stroke_strands (canvas, canvas->look.hair_dark, 0.025, 0.5);
}

/* Cloth around the face and over the shoulders. */
static void
draw_scarf (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const GfFace *face = canvas->face;
  const double w = face->width;
  const double v = 0.07 + 0.06 * canvas->person->hair_volume;
  const double chin = face->chin;
  GfPath outer = { .n = 0 };
  GfPath inner = { .n = 0 };
  const GfPoint ring[] = { { 0, face->top + 0.33 }, { 0.36, face->top + 0.39 },
                           { 0.58, -0.28 },         { 0.645, 0.1 },
                           { 0.6, 0.55 },           { 0.44, 0.5 * chin + 0.44 },
                           { 0.2, chin + 0.01 },    { 0, chin + 0.03 } };
  const int n = G_N_ELEMENTS (ring);

  for (int i = 0; i <= 12; i++)
    {
      GfPoint p;

      skull_point (canvas, gf_mix (-1.75, 1.75, i / 12.0), v, 0, &p);
      gf_path_add (&outer, gf_at3 (canvas, p.x, p.y, HAIR_Z));
    }
  gf_path_add (&outer, gf_at3 (canvas, 0.74 * w, 0.75, HAIR_Z));
  gf_path_add (&outer, gf_at3 (canvas, 0.8, 1.2, HAIR_Z));
  gf_path_add (&outer, gf_at3 (canvas, 1.1, 1.9, HAIR_Z));
  gf_path_add (&outer, gf_at3 (canvas, -1.1, 1.9, HAIR_Z));
  gf_path_add (&outer, gf_at3 (canvas, -0.8, 1.2, HAIR_Z));
  gf_path_add (&outer, gf_at3 (canvas, -0.74 * w, 0.75, HAIR_Z));
  for (int i = 0; i < 2 * n - 2; i++)
    {
      const GfPoint q = i < n ? ring[i] : ring[2 * n - 2 - i];
      const double s = i < n ? 1 : -1;
      const double z = q.y > 0.6 ? 0.3 : gf_face_depth (face, q.x * w, q.y) + 0.02;

      gf_path_add (&inner, gf_at3 (canvas, s * q.x * w, q.y, z));
    }
  draw_hair_shadow (canvas, &inner);
  cairo_save (cr);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  gf_path_trace (&outer, cr, TRUE);
  gf_path_trace (&inner, cr, TRUE);
  cairo_clip (cr);
  set_hair_source (canvas, 0.05);
  cairo_paint (cr);
  /* Folds that run around the face and down. */
  for (int i = 0; i < 5; i++)
    {
      const double s = i % 2 == 0 ? 1 : -1;
      const double k = 0.03 + 0.05 * i;
      GfPath fold = { .n = 0 };

      gf_path_add (&fold, gf_at3 (canvas, s * (0.66 + k) * w, -0.2 + 0.1 * i, 0.1));
      gf_path_add (&fold, gf_at3 (canvas, s * (0.66 + 0.4 * k) * w, 0.6, 0.15));
      gf_path_add (&fold, gf_at3 (canvas, s * (0.3 - k), 1.12 + 0.1 * i, 0.15));
      gf_path_add (&fold, gf_at3 (canvas, s * -0.2, 1.25 + 0.13 * i, 0.15));
      gf_taper (canvas, &fold, 0.05, 0.2, 0.2, canvas->look.hair_dark, 0.5);
      gf_taper (canvas, &fold, 0.02, 0.2, 0.2, canvas->look.hair_light, 0.25);
    }
  gf_path_trace (&inner, cr, TRUE);
  gf_set_colour (canvas, canvas->look.hair_dark, 0.55);
  cairo_set_line_width (cr, 0.05 * canvas->camera.unit);
  cairo_stroke (cr);
  draw_shine (canvas, v, 0.35);
  cairo_restore (cr);
}

/* Half the width of the hair behind, from the ears (0) to the tips (4). */
static double
back_x (const Curtain *c, int i)
{
  return 0.72 + c->volume + 0.03 * i * fmax (0, c->flick)
         - (c->flick < 0 ? 0.014 * i * i : 0.008 * i * i);
}

static void
draw_long_back (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  const Curtain c = curtain_of (canvas->person);
  GfPath path = { .n = 0 };

  for (int i = 0; i <= 10; i++)
    {
      GfPoint p;

      skull_point (canvas, gf_mix (-1.72, 1.72, i / 10.0), 0.8 * c.volume, 0, &p);
      gf_path_add (&path, gf_at3 (canvas, p.x, p.y, -0.35));
    }
  for (int i = 1; i <= 4; i++)
    gf_path_add (&path, gf_at3 (canvas, back_x (&c, i), gf_mix (0, c.tip, i / 4.0), -0.35));
  gf_path_add (&path, gf_at3 (canvas, 0.3, c.tip + 0.05, -0.35));
  gf_path_add (&path, gf_at3 (canvas, -0.3, c.tip + 0.05, -0.35));
  for (int i = 4; i >= 1; i--)
    gf_path_add (&path, gf_at3 (canvas, -back_x (&c, i), gf_mix (0, c.tip, i / 4.0), -0.35));
  gf_path_trace (&path, cr, TRUE);
  set_hair_source (canvas, 0.45);
  cairo_fill (cr);
}

/* What is seen of the hair of short styles, and of cloth, beside a turned head. */
static void
draw_skull_back (const GfCanvas *canvas, double volume, double end)
{
  GfPath path = { .n = 0 };

  for (int i = 0; i <= 12; i++)
    {
      GfPoint p;

      skull_point (canvas, gf_mix (-end, end, i / 12.0), volume * (i % 12 == 0 ? -2 : 1), 0, &p);
      gf_path_add (&path, gf_at3 (canvas, p.x, p.y, HAIR_Z));
    }
  gf_path_trace (&path, canvas->cr, TRUE);
  set_hair_source (canvas, 0.3);
  cairo_fill (canvas->cr);
}

/* Cloth under the chin and behind the cheeks. */
static void
draw_scarf_back (const GfCanvas *canvas)
{
  const double w = canvas->face->width;
  GfPath path = { .n = 0 };

  gf_path_add (&path, gf_at3 (canvas, -0.74 * w, -0.2, HAIR_Z));
  gf_path_add (&path, gf_at3 (canvas, 0, canvas->face->top, HAIR_Z));
  gf_path_add (&path, gf_at3 (canvas, 0.74 * w, -0.2, HAIR_Z));
  gf_path_add (&path, gf_at3 (canvas, 0.72 * w, 0.8, HAIR_Z));
  gf_path_add (&path, gf_at3 (canvas, 0, 1.6, HAIR_Z));
  gf_path_add (&path, gf_at3 (canvas, -0.72 * w, 0.8, HAIR_Z));
  gf_path_trace (&path, canvas->cr, TRUE);
  set_hair_source (canvas, 0.45);
  cairo_fill (canvas->cr);
}

/* What is left around the ears; thin towards the temple, so that it fades there. */
static void
draw_side_patch (const GfCanvas *canvas, int side)
{
  cairo_t *cr = canvas->cr;
  const double w = canvas->face->width;
  const double s = GF_SIGN (side);
  const GfPoint shape[] = { { 0.69, 0.13 },  { 0.66, -0.02 }, { 0.64, -0.16 },  { 0.625, -0.34 },
                            { 0.66, -0.44 }, { 0.72, -0.34 }, { 0.765, -0.14 }, { 0.745, 0.1 } };
  CwRng rng = gf_texture_stream (canvas->person->texture, 39);

  for (int layer = 0; layer < 3; layer++)
    {
      const double inset = 0.022 * layer;
      GfPath path = { .n = 0 };

      for (size_t i = 0; i < G_N_ELEMENTS (shape); i++)
        gf_path_add (&path, gf_at3 (canvas, s * (i < 5 ? shape[i].x + inset : shape[i].x) * w,
                                    shape[i].y + (i == 4 ? 2 * inset : 0), -0.02));
      gf_path_trace (&path, cr, TRUE);
      cairo_save (cr);
      cairo_clip (cr);
      set_hair_source (canvas, 0.1);
      cairo_paint_with_alpha (cr, layer == 2 ? 0.75 : 0.4);
      cairo_restore (cr);
    }
  for (int shade = 0; shade < 2; shade++)
    {
      for (int i = 0; i < 9; i++)
        {
          const double x = 0.65 + 0.011 * i + gf_rng_range (&rng, -0.01, 0.01);
          const double top = gf_rng_range (&rng, -0.38, -0.2);
          const GfPoint p = gf_at3 (canvas, s * (x - 0.015) * w, top, -0.02);
          const GfPoint q = gf_at3 (canvas, s * (x + 0.03) * w, top + 0.26, -0.02);

          cairo_move_to (cr, p.x, p.y);
          cairo_line_to (cr, q.x, q.y);
        }
      stroke_strands (canvas, shade == 0 ? canvas->look.hair_dark : canvas->look.hair_light, 0.014,
                      0.4);
    }
}

void
gf_draw_hair_back (const GfCanvas *canvas)
{
  switch (gf_person_hair (canvas->person))
    {
    case GF_HAIR_BOB:
    case GF_HAIR_LONG_STRAIGHT:
    case GF_HAIR_LONG_WAVY:
      draw_long_back (canvas);
      break;
    case GF_HAIR_TIED:
      if (canvas->person->hair_length > 0.5)
        draw_bun (canvas);
      draw_skull_back (canvas, 0.005, 1.3);
      break;
    case GF_HAIR_SIDE_PART:
    case GF_HAIR_QUIFF:
    case GF_HAIR_CURLY:
    case GF_HAIR_AFRO:
      draw_skull_back (canvas, 0.02, 1.35);
      break;
    case GF_HAIR_SCARF:
      draw_scarf_back (canvas);
      break;
    case GF_HAIR_BALD:
    case GF_HAIR_FRINGE_OF_HAIR:
    case GF_HAIR_BUZZ:
    case GF_N_HAIR:
      break;
    }
}

static void
draw_short (const GfCanvas *canvas, GfHair hair)
{
  const GfPerson *p = canvas->person;
  const double v = p->hair_volume;
  Cap cap = { .alpha = 1, .sideburn = 0.04 };

  if (hair == GF_HAIR_BUZZ)
    cap = (Cap){ .volume = 0.02, .sideburn = 0.02, .alpha = 0.8 };
  else if (hair == GF_HAIR_SIDE_PART)
    cap = (Cap){ .volume = 0.05 + 0.06 * v,
                 .top = 0.05 + 0.06 * v,
                 .sideburn = 0.05,
                 .lower = 0.02 + 0.09 * p->hair_length,
                 .sweep = p->hair_part < 0 ? -0.9 : 0.9,
                 .alpha = 1 };
  else if (hair == GF_HAIR_QUIFF)
    cap = (Cap){ .volume = 0.035, .top = 0.06 + 0.08 * v, .sideburn = 0.02, .alpha = 1 };
  else if (hair == GF_HAIR_CURLY)
    cap = (Cap){ .volume = 0.1 + 0.07 * v,
                 .top = 0.03,
                 .sideburn = 0.03,
                 .lower = 0.05 + 0.05 * p->hair_length,
                 .curls = 0.055,
                 .alpha = 1 };
  else if (hair == GF_HAIR_AFRO)
    cap = (Cap){
      .volume = 0.2 + 0.16 * v, .top = 0.05, .sideburn = 0.08, .curls = 0.04, .alpha = 1
    };
  else if (hair == GF_HAIR_TIED)
    cap = (Cap){ .volume = 0.03 + 0.03 * v, .sideburn = -0.02, .alpha = 1 };
  if (hair == GF_HAIR_QUIFF)
    draw_quiff (canvas, cap.volume, cap.top);
  draw_cap (canvas, &cap);
}

void
gf_draw_hair_front (const GfCanvas *canvas)
{
  const GfHair hair = gf_person_hair (canvas->person);

  switch (hair)
    {
    case GF_HAIR_BALD:
      break;
    case GF_HAIR_FRINGE_OF_HAIR:
      draw_side_patch (canvas, GF_LEFT);
      draw_side_patch (canvas, GF_RIGHT);
      break;
    case GF_HAIR_BUZZ:
    case GF_HAIR_SIDE_PART:
    case GF_HAIR_QUIFF:
    case GF_HAIR_CURLY:
    case GF_HAIR_AFRO:
    case GF_HAIR_TIED:
      draw_short (canvas, hair);
      break;
    case GF_HAIR_BOB:
    case GF_HAIR_LONG_STRAIGHT:
    case GF_HAIR_LONG_WAVY:
      {
        const Curtain c = curtain_of (canvas->person);

        if (hair == GF_HAIR_BOB && canvas->person->hair_line < 0)
          draw_fringe (canvas);
        /* The fuller side last. */
        draw_curtain (canvas, &c, c.part_x < 0 ? GF_LEFT : GF_RIGHT);
        draw_curtain (canvas, &c, c.part_x < 0 ? GF_RIGHT : GF_LEFT);
      }
      break;
    case GF_HAIR_SCARF:
      draw_scarf (canvas);
      break;
    case GF_N_HAIR:
      break;
    }
}
