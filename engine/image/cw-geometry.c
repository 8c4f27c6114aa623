/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-geometry.h"

#include <math.h>

/* Products and inverses are formed in double, so that a chain of steps costs no pixels. */

CwMatrix
cw_matrix_identity (void)
{
  return (CwMatrix){ { 1, 0, 0, 0, 1, 0, 0, 0, 1 } };
}

CwMatrix
cw_matrix_translation (float tx, float ty)
{
  return (CwMatrix){ { 1, 0, tx, 0, 1, ty, 0, 0, 1 } };
}

CwMatrix
cw_matrix_scale (float sx, float sy)
{
  return (CwMatrix){ { sx, 0, 0, 0, sy, 0, 0, 0, 1 } };
}

CwMatrix
cw_matrix_rotation (float radians)
{
  float c = cosf (radians), s = sinf (radians);

  return (CwMatrix){ { c, -s, 0, s, c, 0, 0, 0, 1 } };
}

CwMatrix
cw_matrix_shear (float shx, float shy)
{
  return (CwMatrix){ { 1, shx, 0, shy, 1, 0, 0, 0, 1 } };
}

CwMatrix
cw_matrix_multiply (CwMatrix a, CwMatrix b)
{
  CwMatrix out;

  for (int i = 0; i < 3; i++)
    {
      for (int j = 0; j < 3; j++)
        {
          double sum = 0;

          for (int k = 0; k < 3; k++)
            sum += (double) a.m[3 * i + k] * (double) b.m[3 * k + j];
          out.m[3 * i + j] = (float) sum;
        }
    }
  return out;
}

CwMatrix
cw_matrix_invert (CwMatrix matrix)
{
  CwMatrix out = { { 0 } };
  double m[9], cofactor[9], det;

  for (int i = 0; i < 9; i++)
    m[i] = (double) matrix.m[i];
  cofactor[0] = m[4] * m[8] - m[5] * m[7];
  cofactor[1] = m[2] * m[7] - m[1] * m[8];
  cofactor[2] = m[1] * m[5] - m[2] * m[4];
  cofactor[3] = m[5] * m[6] - m[3] * m[8];
  cofactor[4] = m[0] * m[8] - m[2] * m[6];
  cofactor[5] = m[2] * m[3] - m[0] * m[5];
  cofactor[6] = m[3] * m[7] - m[4] * m[6];
  cofactor[7] = m[1] * m[6] - m[0] * m[7];
  cofactor[8] = m[0] * m[4] - m[1] * m[3];
  det = m[0] * cofactor[0] + m[1] * cofactor[3] + m[2] * cofactor[6];
  if (!(fabs (det) > 1e-20) || !isfinite (det))
    return out;
  for (int i = 0; i < 9; i++)
    out.m[i] = (float) (cofactor[i] / det);
  return out;
}

CwPoint
cw_matrix_apply (const CwMatrix *matrix, CwPoint p)
{
  const float *m = matrix->m;
  float x = m[0] * p.x + m[1] * p.y + m[2];
  float y = m[3] * p.x + m[4] * p.y + m[5];
  float w = m[6] * p.x + m[7] * p.y + m[8];

  return (CwPoint){ x / w, y / w };
}
