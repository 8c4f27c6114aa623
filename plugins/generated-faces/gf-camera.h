/* SPDX-License-Identifier: MIT */
#pragma once

/* A point of the face or of the picture. The face's own space: the origin is between the eyes, x to
 * the picture's right, y down, z towards the viewer; the unit is a little more than the distance of
 * the pupils (half the width of a face is about 0.7, the chin is at about y = 1.1). */
typedef struct
{
  double x, y;
} GfPoint;

typedef struct
{
  double x, y, z;
} GfPoint3;

/* Where a head is and how it is turned. Angles in radians: positive yaw looks to the picture's
 * right, positive pitch up, positive roll clockwise. Shifts are parts of the picture's side. */
typedef struct
{
  double yaw, pitch, roll;
  double scale;
  double shift_x, shift_y;
} GfPose;

/* From the face's space to pixels: rotation, weak perspective, similarity. */
typedef struct
{
  double m[3][3]; /* rotation about the head's middle */
  double unit;    /* pixels per unit of the face at the depth of the eyes */
  double x, y;    /* pixels: where the head's middle is */
} GfCamera;

GfCamera gf_camera_new (const GfPose *pose, double size);
GfPoint  gf_camera_project (const GfCamera *camera, GfPoint3 p);

static inline double
gf_mix (double a, double b, double t)
{
  return a + (b - a) * t;
}

static inline GfPoint
gf_point_mix (GfPoint a, GfPoint b, double t)
{
  return (GfPoint) { gf_mix (a.x, b.x, t), gf_mix (a.y, b.y, t) };
}
