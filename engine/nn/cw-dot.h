/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-clones.h"

#include <stddef.h>

/* Scalar products whose terms are added up in double precision, in an order that depends on the
 * length alone. Lanes are added up side by side; the compiler makes vectors of them without
 * changing a bit. */

#define CW_DOT_LANES 8

CW_INLINE double
_cw_dot_join (double lanes[CW_DOT_LANES])
{
  for (int width = CW_DOT_LANES / 2; width > 0; width /= 2)
    {
      for (int l = 0; l < width; l++)
        lanes[l] += lanes[l + width];
    }
  return lanes[0];
}

CW_INLINE double
_cw_dot_double (const double *a, const double *b, size_t n)
{
  double lanes[CW_DOT_LANES] = { 0 };
  size_t i = 0;

  for (; i + CW_DOT_LANES <= n; i += CW_DOT_LANES)
    {
      for (size_t l = 0; l < CW_DOT_LANES; l++)
        lanes[l] += a[i + l] * b[i + l];
    }
  for (size_t l = 0; i + l < n; l++)
    lanes[l] += a[i + l] * b[i + l];
  return _cw_dot_join (lanes);
}

CW_INLINE double
_cw_dot_float (const float *a, const float *b, size_t n)
{
  double lanes[CW_DOT_LANES] = { 0 };
  size_t i = 0;

  for (; i + CW_DOT_LANES <= n; i += CW_DOT_LANES)
    {
      for (size_t l = 0; l < CW_DOT_LANES; l++)
        lanes[l] += (double) a[i + l] * (double) b[i + l];
    }
  for (size_t l = 0; i + l < n; l++)
    lanes[l] += (double) a[i + l] * (double) b[i + l];
  return _cw_dot_join (lanes);
}
