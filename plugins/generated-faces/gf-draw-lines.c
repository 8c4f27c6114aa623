/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-draw.h"

#include <math.h>

/* A line through three points, in the face's space. */
static void
arc (const GfCanvas *canvas, GfPoint a, GfPoint b, GfPoint c, GfPath *path)
{
  enum
  {
    STEPS = 5
  };

  for (int i = 0; i <= STEPS; i++)
    {
      const double t = (double)i / STEPS;
      /* The quadratic through all three, b at the middle. */
      const double wa = (1 - t) * (1 - 2 * t), wb = 4 * t * (1 - t), wc = t * (2 * t - 1);

      gf_path_add_at (path, canvas, wa * a.x + wb * b.x + wc * c.x, wa * a.y + wb * b.y + wc * c.y,
                      0.03);
    }
}

static void
crease (const GfCanvas *canvas, GfPoint a, GfPoint b, GfPoint c, double width, double alpha)
{
  GfPath path = { .n = 0 };

  if (alpha < 0.02)
    return;
  arc (canvas, a, b, c, &path);
  gf_crease (canvas, &path, width, fmin (alpha, 1));
}

/* From the wing of the nose around the corner of the mouth. */
static void
nasolabial (const GfCanvas *canvas, int side, GfPath *path)
{
  const GfFace *face = canvas->face;
  const double *au = face->activity.side[side];
  const double s = GF_SIGN (side);
  const GfPoint wing = face->nose.wing[side];
  const GfPoint corner = face->mouth.corner[side];
  const double out = 0.055 + 0.02 * au[GF_AU12] + 0.03 * au[GF_AU14];
  const GfPoint a = { wing.x + s * 0.035, wing.y - 0.03 };
  const GfPoint c = { corner.x + s * out, corner.y + 0.015 };
  const GfPoint b
      = { gf_mix (a.x, c.x, 0.5) + s * (0.012 + 0.03 * au[GF_AU12] + 0.03 * au[GF_AU10]),
          gf_mix (a.y, c.y, 0.45) - 0.02 * au[GF_AU10] };

  arc (canvas, a, b, c, path);
}

static double
nasolabial_strength (const GfCanvas *canvas, int side)
{
  const double *au = canvas->face->activity.side[side];
  const double age = canvas->person->age;

  return fmin (1, 0.06 + 0.42 * age * age + 0.62 * au[GF_AU12] + 0.6 * au[GF_AU10]
                      + 0.5 * au[GF_AU9] + 0.25 * au[GF_AU6] + 0.3 * au[GF_AU14]
                      + 0.15 * au[GF_AU20]);
}

void
gf_sculpt_lines (const GfCanvas *canvas, GfRelief *relief)
{
  const GfFace *face = canvas->face;
  const double unit = canvas->camera.unit;

  for (int side = 0; side < 2; side++)
    {
      const double *au = face->activity.side[side];
      const double depth = nasolabial_strength (canvas, side);
      const GfPoint inner = face->brow[side].spine[0];
      GfPath fold = { .n = 0 };

      nasolabial (canvas, side, &fold);
      gf_relief_ridge (relief, &fold, 0.07 * unit, 0.06 * unit, -0.03 * depth * unit,
                       -0.02 * depth * unit);
      /* The brow's bulge where the corrugator bunches. */
      gf_relief_bump (relief, gf_at (canvas, inner.x, inner.y + 0.01, 0.05), 0.09 * unit,
                      0.09 * unit, 0, 0.045 * au[GF_AU4] * unit);
    }
  gf_relief_bump (relief, gf_at (canvas, 0, face->brow[0].spine[0].y + 0.02, 0.05), 0.05 * unit,
                  0.13 * unit, 0, -0.045 * gf_activity_mean (&face->activity, GF_AU4) * unit);
}

/* The lines between the brows. */
static void
draw_frown (const GfCanvas *canvas)
{
  const GfFace *face = canvas->face;
  const double age = canvas->person->age;

  for (int side = 0; side < 2; side++)
    {
      const double *au = face->activity.side[side];
      const double s = GF_SIGN (side);
      const GfPoint inner = face->brow[side].spine[0];
      const double x = fmax (0.035, fabs (inner.x) - 0.065);
      const double strength = 0.95 * au[GF_AU4] + 0.25 * au[GF_AU9] + 0.16 * age * age;
      const double raised = au[GF_AU1] * au[GF_AU4];

      crease (canvas, (GfPoint){ s * (x + 0.012), inner.y - 0.085 },
              (GfPoint){ s * (x - 0.008), inner.y - 0.015 },
              (GfPoint){ s * (x + 0.004), inner.y + 0.075 }, 0.022, strength * (1 - 0.45 * raised));
    }
}

/* Forehead: across the middle for AU 1, over the outer halves for AU 2. */
static void
draw_forehead (const GfCanvas *canvas)
{
  const GfFace *face = canvas->face;
  const double age = canvas->person->age;
  const double rest = 0.3 * fmax (0, age - 0.35);

  for (int row = 0; row < 3; row++)
    {
      const double y = -0.375 - 0.095 * row - 0.02 * gf_activity_mean (&face->activity, GF_AU2);
      const double faint = 1 - 0.22 * row;
      const double both = gf_activity_mean (&face->activity, GF_AU1);

      crease (canvas, (GfPoint){ -0.2 + 0.02 * row, y + 0.015 },
              (GfPoint){ 0, y - 0.012 * (1 + row) }, (GfPoint){ 0.2 - 0.02 * row, y + 0.015 },
              0.016, (0.62 * both + rest) * faint);
      for (int side = 0; side < 2; side++)
        {
          const double s = GF_SIGN (side);
          const double au2 = face->activity.side[side][GF_AU2];

          crease (canvas, (GfPoint){ s * 0.14, y + 0.008 }, (GfPoint){ s * 0.31, y - 0.03 },
                  (GfPoint){ s * 0.46, y + 0.02 }, 0.016, (0.55 * au2 + rest) * faint);
        }
    }
}

static void
draw_crows_feet (const GfCanvas *canvas, int side)
{
  const GfEye *eye = &canvas->face->eye[side];
  const double *au = canvas->face->activity.side[side];
  const double age = canvas->person->age;
  const double s = GF_SIGN (side);
  const double strength
      = (0.35 + 0.65 * age) * 0.95 * au[GF_AU6] + 0.18 * fmax (0, age - 0.45) + 0.15 * au[GF_AU9];

  for (int i = -1; i <= 1; i++)
    {
      const GfPoint a = { eye->outer.x + s * 0.03, eye->outer.y + 0.01 + 0.022 * i };

      crease (canvas, a, (GfPoint){ a.x + s * 0.04, a.y + 0.012 * i - 0.003 },
              (GfPoint){ a.x + s * 0.08, a.y + 0.032 * i }, 0.014, strength);
    }
}

/* The bag and the furrow under the eye. */
static void
draw_under_eye (const GfCanvas *canvas, int side)
{
  const GfEye *eye = &canvas->face->eye[side];
  const double *au = canvas->face->activity.side[side];
  const double y = eye->centre.y + fmax (eye->down, 0.02);
  const double strength = 0.1 + 0.45 * canvas->person->eye_bags + 0.55 * au[GF_AU6]
                          + 0.45 * au[GF_AU7] + 0.35 * au[GF_AU9];

  crease (canvas, (GfPoint){ eye->inner.x * 1.02, y + 0.012 },
          (GfPoint){ eye->centre.x * 0.98, y + 0.05 },
          (GfPoint){ gf_mix (eye->centre.x, eye->outer.x, 0.75), y + 0.02 }, 0.018,
          0.55 * strength);
}

static void
draw_nose_wrinkles (const GfCanvas *canvas, int side)
{
  const double au9 = canvas->face->activity.side[side][GF_AU9];
  const double s = GF_SIGN (side);

  for (int i = 0; i < 3; i++)
    {
      const double y = 0.05 + 0.065 * i;
      const double x = 0.055 + 0.012 * i;

      crease (canvas, (GfPoint){ s * 0.02, y - 0.02 }, (GfPoint){ s * x, y },
              (GfPoint){ s * (x + 0.06), y + 0.055 }, 0.018, 0.85 * au9);
    }
}

/* Around the mouth: the fold, the dimple, the lines of a drooping or stretched corner. */
static void
draw_mouth_lines (const GfCanvas *canvas, int side)
{
  const double *au = canvas->face->activity.side[side];
  const double s = GF_SIGN (side);
  const GfPoint c = canvas->face->mouth.corner[side];
  const double age = canvas->person->age;
  const double x = c.x + s * (0.045 + 0.015 * au[GF_AU12]);
  GfPath fold = { .n = 0 };

  nasolabial (canvas, side, &fold);
  gf_crease (canvas, &fold, 0.022, 0.75 * nasolabial_strength (canvas, side));
  crease (canvas, (GfPoint){ x, c.y - 0.065 }, (GfPoint){ x + s * 0.022, c.y - 0.005 },
          (GfPoint){ x - s * 0.002, c.y + 0.06 }, 0.026, 0.95 * au[GF_AU14]);
  crease (canvas, (GfPoint){ c.x + s * 0.01, c.y + 0.005 },
          (GfPoint){ c.x + s * 0.035, c.y + 0.06 }, (GfPoint){ c.x + s * 0.03, c.y + 0.13 }, 0.022,
          0.8 * au[GF_AU15] + 0.2 * fmax (0, age - 0.5));
  crease (canvas, (GfPoint){ x + s * 0.02, c.y - 0.06 }, (GfPoint){ x + s * 0.055, c.y + 0.02 },
          (GfPoint){ x + s * 0.045, c.y + 0.11 }, 0.018, 0.6 * au[GF_AU20]);
}

/* The chin: a curved furrow and a pebbled skin for AU 17, fine lines on tightened lips. */
static void
draw_chin (const GfCanvas *canvas)
{
  const GfFace *face = canvas->face;
  const GfMouth *mouth = &face->mouth;
  const double au17 = gf_activity_mean (&face->activity, GF_AU17);
  const double y = mouth->lower_outer + 0.045;

  crease (canvas, (GfPoint){ -0.13, y + 0.035 }, (GfPoint){ 0, y - 0.008 },
          (GfPoint){ 0.13, y + 0.035 }, 0.022, 0.75 * au17 + 0.1);
  if (au17 > 0.1)
    {
      static const GfPoint dents[]
          = { { -0.07, 0.1 },  { 0.02, 0.085 }, { 0.08, 0.11 }, { -0.02, 0.135 },
              { 0.05, 0.155 }, { -0.09, 0.15 }, { 0.0, 0.175 } };

      for (size_t i = 0; i < G_N_ELEMENTS (dents); i++)
        gf_blob (canvas, dents[i].x, y + dents[i].y - 0.02, 0.05, 0.026, 0.02, canvas->look.crease,
                 0.42 * au17);
    }
  for (int i = -2; i <= 2; i++)
    crease (canvas, (GfPoint){ mouth->middle_x + 0.05 * i, mouth->upper_outer - 0.05 },
            (GfPoint){ mouth->middle_x + 0.048 * i, mouth->upper_outer - 0.025 },
            (GfPoint){ mouth->middle_x + 0.045 * i, mouth->upper_outer }, 0.012,
            0.45 * mouth->tension);
}

void
gf_draw_lines (const GfCanvas *canvas)
{
  cairo_t *cr = canvas->cr;
  GfPath head = { .n = 0 };

  cairo_save (cr);
  gf_head_path (canvas, &head);
  gf_path_trace (&head, cr, TRUE);
  cairo_clip (cr);
  draw_forehead (canvas);
  draw_frown (canvas);
  for (int side = 0; side < 2; side++)
    {
      draw_crows_feet (canvas, side);
      draw_under_eye (canvas, side);
      draw_nose_wrinkles (canvas, side);
      draw_mouth_lines (canvas, side);
    }
  draw_chin (canvas);
  cairo_restore (cr);
}
