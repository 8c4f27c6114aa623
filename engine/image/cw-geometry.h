/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * Coordinates: x to the right, y down, in pixels; the centre of pixel (i, j) is (i + 0.5, j + 0.5),
 * so a picture covers [0, w] x [0, h] whatever its resolution. "Normalised" means divided by the
 * picture's own width and height. A "backward" map takes a point of the output to the point of the
 * source that is shown there.
 */
typedef struct
{
  float x, y;
} CwPoint;

/* 3x3 homography, row major; affine while m[6] = m[7] = 0, m[8] = 1. */
typedef struct
{
  float m[9];
} CwMatrix;

CwMatrix cw_matrix_identity (void);
CwMatrix cw_matrix_translation (float tx, float ty);
CwMatrix cw_matrix_scale (float sx, float sy);
CwMatrix cw_matrix_rotation (float radians);
/* x += shx * y, y += shy * x. */
CwMatrix cw_matrix_shear (float shx, float shy);
/* First @b, then @a: (a * b) p = a (b p). */
CwMatrix cw_matrix_multiply (CwMatrix a, CwMatrix b);
/* All zero where @m is singular. */
CwMatrix cw_matrix_invert (CwMatrix m);
CwPoint  cw_matrix_apply (const CwMatrix *m, CwPoint p);
