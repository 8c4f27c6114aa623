/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-face.h"

#include <math.h>
#include <string.h>

/* Lifts of features over the head's surface. */
#define LIFT_BROW 0.06
#define LIFT_EYE -0.01
#define LIFT_NOSE_TIP 0.24
#define LIFT_WING 0.08
#define LIFT_LIPS 0.07

double
gf_face_depth (const GfFace *face, double x, double y)
{
  const double u = x / (0.74 * face->width);
  const double v = (y - 0.1) / 1.25;
  const double q = 1 - u * u - v * v;

  /* Steeper towards the temples than an ellipsoid. */
  return q > 0 ? 0.54 * pow (q, 0.6) : 0;
}

GfPoint
gf_face_project (const GfFace *face, const GfCamera *camera, double x, double y, double lift)
{
  return gf_camera_project (camera, (GfPoint3){ x, y, gf_face_depth (face, x, y) + lift });
}

/* The right half from the top to the chin; the left half mirrors it. */
static void
shape_outline (GfFace *face)
{
  const GfPerson *p = face->person;
  const double w = face->width;
  const double jaw = p->jaw_width;
  const double full = p->cheek_full;
  const double square = p->jaw_square;
  const double drop = face->jaw_drop;
  const double chin = face->chin;
  const double raise = 0.02 * gf_activity_mean (&face->activity, GF_AU17);
  const GfPoint3 half[GF_N_OUTLINE / 2 + 1] = {
    { 0, face->top, -0.1 },
    { 0.40 * w, face->top + 0.085, -0.08 },
    { 0.64 * w, face->top + 0.36, -0.02 },
    { 0.715 * w, -0.16, 0.04 },
    { (0.705 + 0.03 * (p->cheekbones - 0.5)) * w, 0.17, 0.1 },
    { (0.675 + 0.04 * (full - 0.45)) * w * gf_mix (1, jaw, 0.5), 0.48 + 0.05 * drop, 0.12 },
    { (0.575 + 0.05 * square + 0.05 * (full - 0.45)) * w * jaw, 0.76 + 0.03 * square + 0.4 * drop,
      0.18 },
    { (0.36 + 0.06 * square) * w * jaw * gf_mix (1, p->chin_width, 0.4),
      chin - 0.125 + 0.03 * square + 0.1 * drop, 0.28 },
    { (0.165 + 0.03 * square) * p->chin_width, chin - 0.018 - raise, 0.36 },
    { 0, chin - raise, 0.38 },
  };

  for (int i = 0; i <= GF_N_OUTLINE / 2; i++)
    face->outline[i] = half[i];
  for (int i = 1; i < GF_N_OUTLINE / 2; i++)
    {
      GfPoint3 mirrored = half[i];

      mirrored.x = -mirrored.x;
      face->outline[GF_N_OUTLINE - i] = mirrored;
    }
}

static void
shape_eye (GfFace *face, int side)
{
  const GfPerson *p = face->person;
  const double *au = face->activity.side[side];
  const double s = GF_SIGN (side);
  GfEye *eye = &face->eye[side];
  const double half = 0.152 * p->eye_size;
  const double x = 0.325 * p->eye_spacing * gf_mix (1, face->width, 0.6);
  const double y = 0.012 * p->eye_height;
  const double open = p->eye_size * p->eye_open;
  const double tilt = 0.022 * p->eye_tilt;
  double up = (0.072 - 0.02 * p->lid_droop) * open;
  double down = 0.053 * open;

  up += 0.055 * au[GF_AU5] * (1 - 0.5 * au[GF_AU43]);
  down += 0.008 * au[GF_AU5];
  up -= 0.014 * au[GF_AU6] + 0.026 * au[GF_AU7] * (1 - 0.6 * au[GF_AU5]) + 0.022 * au[GF_AU9]
        + 0.01 * au[GF_AU4] * (1 - au[GF_AU5]);
  down -= 0.036 * au[GF_AU6] + 0.03 * au[GF_AU7] + 0.022 * au[GF_AU9] + 0.008 * au[GF_AU12];
  up = fmax (up, 0.018);
  down = fmax (down, 0.004);
  eye->closed = au[GF_AU43];
  up = gf_mix (up, -0.8 * down + 0.004, eye->closed);
  eye->centre = (GfPoint){ s * x, y };
  eye->inner = (GfPoint){ s * (x - half), y + 0.014 + tilt * 0.5 };
  eye->outer = (GfPoint){ s * (x + half), y + 0.002 - tilt };
  eye->up = up;
  eye->down = down;
  eye->crease = (0.02 + 0.026 * p->lid_crease) * (1 - 0.4 * au[GF_AU5]) + 0.06 * eye->closed
                - 0.012 * au[GF_AU4];
}

static void
shape_brow (GfFace *face, int side)
{
  const GfPerson *p = face->person;
  const double *au = face->activity.side[side];
  const double s = GF_SIGN (side);
  GfBrow *brow = &face->brow[side];
  const double w = gf_mix (1, face->width, 0.6);
  const double base = -0.2 - 0.028 * p->brow_height + 0.006 * p->eye_height;
  const double arch = 0.07 * p->brow_arch;
  const double tilt = 0.022 * p->brow_tilt;
  const double inner = (0.135 + 0.022 * p->brow_gap) * w;
  const double outer = 0.555 * w;
  /* Along the brow: how much each unit moves a point of it. */
  static const double lift1[GF_N_SPINE] = { 0.145, 0.09, 0.025, 0, 0 };
  static const double lift2[GF_N_SPINE] = { 0.015, 0.05, 0.1, 0.12, 0.085 };
  static const double drop4[GF_N_SPINE] = { 0.11, 0.088, 0.055, 0.025, 0.01 };
  static const double in4[GF_N_SPINE] = { 0.045, 0.036, 0.02, 0.01, 0 };
  static const double rise[GF_N_SPINE] = { 0, 0.5, 0.9, 0.92, 0.05 };
  static const double slope[GF_N_SPINE] = { 1, 0.5, 0, -0.6, -1 };

  for (int i = 0; i < GF_N_SPINE; i++)
    {
      const double t = (double)i / (GF_N_SPINE - 1);
      /* AU 1 with 4 keeps the inner end up and draws it in: the oblique brow of grief. */
      const double down = drop4[i] * au[GF_AU4] * (1 - (i < 2 ? 0.62 : 0.2) * au[GF_AU1]);
      double y = base - arch * rise[i] + tilt * slope[i] * -1;

      y += -lift1[i] * au[GF_AU1] - lift2[i] * au[GF_AU2] + down;
      y += 0.035 * (1 - t) * au[GF_AU9] + 0.012 * au[GF_AU6];
      brow->spine[i].x = s * (gf_mix (inner, outer, t) - in4[i] * au[GF_AU4]);
      brow->spine[i].y = y;
    }
  brow->thickness = 0.052 * p->brow_thickness * (1 + 0.15 * au[GF_AU4]);
}

static void
shape_nose (GfFace *face)
{
  const GfPerson *p = face->person;
  GfNose *nose = &face->nose;
  const double half = 0.135 * p->nose_width;

  nose->bridge_y = 0.06;
  nose->base_y = 0.455 * p->nose_length;
  nose->tip_y = nose->base_y - 0.055 - 0.022 * p->nose_turn;
  nose->bridge_half = 0.05 + 0.02 * p->nose_bridge;
  nose->tip_half = 0.068 + 0.03 * p->nose_tip;
  for (int side = 0; side < 2; side++)
    {
      const double *au = face->activity.side[side];

      nose->wing[side].x = GF_SIGN (side)
                           * (half + 0.02 * au[GF_AU9] + 0.012 * au[GF_AU10] + 0.014 * au[GF_AU12]
                              + 0.005 * au[GF_AU4]);
      nose->wing[side].y = nose->base_y - 0.055 - 0.045 * au[GF_AU9] - 0.014 * au[GF_AU10];
    }
  nose->tip_y -= 0.018 * gf_activity_mean (&face->activity, GF_AU9);
  nose->tip_y += 0.006 * gf_activity_mean (&face->activity, GF_AU12);
}

static void
shape_corner (GfFace *face, int side, double y)
{
  const GfPerson *p = face->person;
  const double *au = face->activity.side[side];
  double x = 0.24 * p->mouth_width;

  x += 0.085 * au[GF_AU12] + 0.045 * au[GF_AU14] + 0.1 * au[GF_AU20] + 0.012 * au[GF_AU15]
       + 0.012 * au[GF_AU10];
  x -= 0.03 * au[GF_AU23] + 0.045 * au[GF_AU26] * (1 - au[GF_AU12]) + 0.015 * au[GF_AU17];
  y += -0.011 - 0.012 * p->mouth_rest;
  y += -0.115 * au[GF_AU12] - 0.022 * au[GF_AU14] + 0.1 * au[GF_AU15] + 0.04 * au[GF_AU20]
       - 0.012 * au[GF_AU10] + 0.055 * au[GF_AU26];
  /* Between the lips as they part, unless the corners are pulled up. */
  y += 0.035 * au[GF_AU25] * (1 - 0.8 * au[GF_AU12]);
  face->mouth.corner[side] = (GfPoint){ GF_SIGN (side) * x, y };
}

static void
shape_mouth (GfFace *face)
{
  const GfPerson *p = face->person;
  const GfActivity *a = &face->activity;
  GfMouth *mouth = &face->mouth;
  const double au9 = gf_activity_mean (a, GF_AU9), au10 = gf_activity_mean (a, GF_AU10);
  const double au12 = gf_activity_mean (a, GF_AU12), au17 = gf_activity_mean (a, GF_AU17);
  const double au20 = gf_activity_mean (a, GF_AU20), au23 = gf_activity_mean (a, GF_AU23);
  const double au25 = gf_activity_mean (a, GF_AU25), au26 = gf_activity_mean (a, GF_AU26);
  const double y
      = 0.5 * (face->nose.base_y + face->chin - face->jaw_drop) - 0.075 + 0.014 * p->mouth_height;
  const double slim = (1 - 0.55 * au23) * (1 - 0.2 * au12) * (1 - 0.2 * au20);
  double upper = 0.056 * p->lip_upper * slim * (1 - 0.15 * au17) * (1 - 0.15 * au10);
  double lower = 0.078 * p->lip_lower * slim * (1 + 0.12 * au17) * (1 - 0.15 * au26);
  const double lift = 0.022 * au9 + 0.055 * au10 + 0.006 * au12 - 0.01 * au26;

  for (int side = 0; side < 2; side++)
    shape_corner (face, side, y);
  mouth->middle_x = 0.25 * (mouth->corner[0].x + mouth->corner[1].x);
  mouth->gap = (0.075 + 0.03 * au10 + 0.035 * au12) * au25 + 0.2 * au26 * fmax (au25, 0.35);
  mouth->upper_inner
      = y - lift - 0.3 * (0.075 + 0.02 * au12) * au25 + 0.012 * au12 * (1 - au25) - 0.026 * au17;
  mouth->lower_inner = mouth->upper_inner + mouth->gap;
  mouth->upper_outer = mouth->upper_inner - upper;
  mouth->lower_outer = mouth->lower_inner + lower;
  mouth->peak_x = 0.062 * p->mouth_width * (1 + 0.25 * au12 + 0.2 * au10);
  mouth->bow = 0.022 * p->lip_bow * (1 - 0.6 * au12) * (1 - 0.5 * au23) * (1 - 0.5 * au20);
  mouth->squareness = CLAMP (0.35 + 0.6 * au20 + 0.4 * au10 + 0.35 * au12 - 0.1 * au26, 0.0, 1.0);
  mouth->tension = au23;
}

static void
shape_cheek (GfFace *face, int side)
{
  const double *au = face->activity.side[side];
  const double lift = fmin (1, 0.7 * au[GF_AU6] + 0.6 * au[GF_AU12] + 0.25 * au[GF_AU9]
                                   + 0.2 * au[GF_AU10] + 0.15 * au[GF_AU14]);

  face->cheek_lift[side] = lift;
  face->cheek[side].x = GF_SIGN (side) * (0.43 + 0.02 * lift) * face->width;
  face->cheek[side].y = 0.36 - 0.075 * lift + 0.15 * face->jaw_drop;
}

void
gf_face_shape (GfFace *face, const GfPerson *person, const GfActivity *activity)
{
  memset (face, 0, sizeof *face);
  face->person = person;
  face->activity = *activity;
  face->width = person->head_width;
  face->jaw_drop = 0.2 * gf_activity_mean (activity, GF_AU26);
  face->top = -0.93 * person->head_length;
  face->chin = 1.11 * person->chin_length * gf_mix (1, person->head_length, 0.7) + face->jaw_drop;
  shape_outline (face);
  shape_nose (face);
  shape_mouth (face);
  for (int side = 0; side < 2; side++)
    {
      shape_eye (face, side);
      shape_brow (face, side);
      shape_cheek (face, side);
    }
}

typedef struct
{
  const char *id;
  double x, y, lift;
} Mark;

void
gf_face_landmarks (const GfFace *face, const GfCamera *camera, CwPoint *points)
{
  const GfBrow *bl = &face->brow[GF_LEFT], *br = &face->brow[GF_RIGHT];
  const GfEye *el = &face->eye[GF_LEFT], *er = &face->eye[GF_RIGHT];
  const GfNose *nose = &face->nose;
  const GfMouth *mouth = &face->mouth;
  const GfPoint3 jaw = face->outline[GF_N_OUTLINE / 2 - 2];
  /* The outline is not on the surface. */
  const double jaw_lift = jaw.z - gf_face_depth (face, jaw.x, jaw.y);
  const Mark marks[CW_N_LANDMARKS] = {
    { "brow-left-outer", bl->spine[4].x, bl->spine[4].y, LIFT_BROW },
    { "brow-left-middle", bl->spine[2].x, bl->spine[2].y, LIFT_BROW },
    { "brow-left-inner", bl->spine[0].x, bl->spine[0].y, LIFT_BROW },
    { "brow-right-inner", br->spine[0].x, br->spine[0].y, LIFT_BROW },
    { "brow-right-middle", br->spine[2].x, br->spine[2].y, LIFT_BROW },
    { "brow-right-outer", br->spine[4].x, br->spine[4].y, LIFT_BROW },
    { "eye-left-outer", el->outer.x, el->outer.y, LIFT_EYE },
    { "eye-left-lid", el->centre.x, el->centre.y - el->up, LIFT_EYE },
    { "eye-left-inner", el->inner.x, el->inner.y, LIFT_EYE },
    { "eye-right-inner", er->inner.x, er->inner.y, LIFT_EYE },
    { "eye-right-lid", er->centre.x, er->centre.y - er->up, LIFT_EYE },
    { "eye-right-outer", er->outer.x, er->outer.y, LIFT_EYE },
    { "nose-bridge", 0, nose->bridge_y, 0.1 },
    { "nose-tip", 0, nose->tip_y, LIFT_NOSE_TIP },
    { "nose-left-wing", nose->wing[GF_LEFT].x, nose->wing[GF_LEFT].y, LIFT_WING },
    { "nose-right-wing", nose->wing[GF_RIGHT].x, nose->wing[GF_RIGHT].y, LIFT_WING },
    { "mouth-left-corner", mouth->corner[GF_LEFT].x, mouth->corner[GF_LEFT].y, LIFT_LIPS },
    { "mouth-upper-lip", mouth->middle_x, mouth->upper_outer, LIFT_LIPS },
    { "mouth-right-corner", mouth->corner[GF_RIGHT].x, mouth->corner[GF_RIGHT].y, LIFT_LIPS },
    { "mouth-lower-lip", mouth->middle_x, mouth->lower_outer, LIFT_LIPS },
    { "cheek-left", face->cheek[GF_LEFT].x, face->cheek[GF_LEFT].y, 0 },
    { "cheek-right", face->cheek[GF_RIGHT].x, face->cheek[GF_RIGHT].y, 0 },
    { "jaw-left", -jaw.x, jaw.y, jaw_lift },
    { "jaw-right", jaw.x, jaw.y, jaw_lift },
  };

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      /* By name, so that a template in another order is noticed in tests and not mixed up. */
      for (int j = 0; j < CW_N_LANDMARKS; j++)
        {
          if (strcmp (cw_landmark_template[i].id, marks[j].id) == 0)
            {
              const GfPoint p
                  = gf_face_project (face, camera, marks[j].x, marks[j].y, marks[j].lift);

              points[i] = (CwPoint){ (float)p.x, (float)p.y };
              break;
            }
        }
    }
}
