/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-clones.h"

/* Eight floats that the compiler keeps in one register where there are such, in two where not. They are
 * handed around by pointer only: by value they would change the calling convention with the machine. */
typedef float CwVec __attribute__ ((vector_size (32), aligned (4), may_alias));

typedef int CwVecMask __attribute__ ((vector_size (32), aligned (4), may_alias));

#define CW_VEC 8
#define CW_VEC_LOAD(from) (*(const CwVec *) (from))
#define CW_VEC_STORE(to, value) (*(CwVec *) (to) = (value))

/* max (0, value); keeps a NaN. */
#define CW_VEC_RELU(value) ((CwVec) ((CwVecMask) (value) & ~((value) <= 0)))

/* Rows to columns, 8 x 8. */
CW_INLINE void
_cw_vec_transpose (CwVec r[CW_VEC])
{
  typedef int Index __attribute__ ((vector_size (32)));
  const Index low = { 0, 8, 1, 9, 4, 12, 5, 13 }, high = { 2, 10, 3, 11, 6, 14, 7, 15 };
  const Index even = { 0, 1, 8, 9, 4, 5, 12, 13 }, odd = { 2, 3, 10, 11, 6, 7, 14, 15 };
  const Index first = { 0, 1, 2, 3, 8, 9, 10, 11 }, second = { 4, 5, 6, 7, 12, 13, 14, 15 };
  CwVec a[CW_VEC], b[CW_VEC];

#pragma GCC unroll 4
  for (int i = 0; i < CW_VEC; i += 2)
    {
      a[i] = __builtin_shuffle (r[i], r[i + 1], low);
      a[i + 1] = __builtin_shuffle (r[i], r[i + 1], high);
    }
#pragma GCC unroll 2
  for (int i = 0; i < CW_VEC; i += 4)
    {
      b[i] = __builtin_shuffle (a[i], a[i + 2], even);
      b[i + 1] = __builtin_shuffle (a[i], a[i + 2], odd);
      b[i + 2] = __builtin_shuffle (a[i + 1], a[i + 3], even);
      b[i + 3] = __builtin_shuffle (a[i + 1], a[i + 3], odd);
    }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    {
      r[i] = __builtin_shuffle (b[i], b[i + 4], first);
      r[i + 4] = __builtin_shuffle (b[i], b[i + 4], second);
    }
}
