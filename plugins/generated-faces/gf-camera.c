/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-camera.h"

#include <math.h>

/* The point about which a head turns, in the face's space, and where it is in the picture. */
#define PIVOT_Y 0.25
#define PIVOT_Z -0.15
#define PICTURE_X 0.5
#define PICTURE_Y 0.52
/* The share of the picture's side that is one unit of the face. */
#define UNIT 0.455
/* Distance of the viewer; large, so that the perspective is weak. */
#define DISTANCE 6.0
/* The depth at which the scale is the nominal one. */
#define NOMINAL_Z 0.5

GfCamera
gf_camera_new (const GfPose *pose, double size)
{
  const double cy = cos (pose->yaw), sy = sin (pose->yaw);
  const double cp = cos (pose->pitch), sp = sin (pose->pitch);
  const double cr = cos (pose->roll), sr = sin (pose->roll);
  /* pitch * yaw: first the head turns, then it nods. */
  const double m[3][3] = { { cy, 0, sy }, { sp * sy, cp, -sp * cy }, { -cp * sy, sp, cp * cy } };
  GfCamera camera;

  for (int i = 0; i < 3; i++)
    {
      camera.m[0][i] = cr * m[0][i] - sr * m[1][i];
      camera.m[1][i] = sr * m[0][i] + cr * m[1][i];
      camera.m[2][i] = m[2][i];
    }
  camera.unit = UNIT * size * pose->scale;
  camera.x = (PICTURE_X + pose->shift_x) * size;
  camera.y = (PICTURE_Y + pose->shift_y) * size;
  return camera;
}

GfPoint
gf_camera_project (const GfCamera *camera, GfPoint3 p)
{
  const double v[3] = { p.x, p.y - PIVOT_Y, p.z - PIVOT_Z };
  double r[3];
  double k;

  for (int i = 0; i < 3; i++)
    r[i] = camera->m[i][0] * v[0] + camera->m[i][1] * v[1] + camera->m[i][2] * v[2];
  k = camera->unit * (DISTANCE - NOMINAL_Z) / (DISTANCE - r[2]);
  return (GfPoint){ camera->x + k * r[0], camera->y + k * r[1] };
}
