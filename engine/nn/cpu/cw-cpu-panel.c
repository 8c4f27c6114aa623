/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cpu/cw-cpu-panel.h"

#include "nn/cpu/cw-cpu-vector.h"
#include "nn/cpu/cw-cpu.h"

#include <glib.h>

/* Products whose right-hand side lies in panels of 16 columns, [k, 16] each: for the many small
 * products of one layer, where a general matrix product spends its time on packing. A block of 6 x 16
 * sums stays in registers (12 of 16 with AVX2); the left-hand side is read where it lies, in any
 * order, one number at a time. */

#define ROWS 6
/* Of k at a time: a panel's part, 16 KiB, stays in the first-level cache. */
#define DEPTH 256

CW_INLINE void
block (const int rows, const int add, int k, const float *a, size_t row_step, size_t k_step,
       const float *panel, float *c, size_t ldc)
{
  CwVec sums[ROWS][2];

#pragma GCC unroll 6
  for (int r = 0; r < rows; r++)
    {
      sums[r][0] = add ? CW_VEC_LOAD (c + (size_t) r * ldc) : (CwVec){ 0 };
      sums[r][1] = add ? CW_VEC_LOAD (c + (size_t) r * ldc + CW_VEC) : (CwVec){ 0 };
    }
  for (int p = 0; p < k; p++)
    {
      CwVec left = CW_VEC_LOAD (panel), right = CW_VEC_LOAD (panel + CW_VEC);

#pragma GCC unroll 6
      for (int r = 0; r < rows; r++)
        {
          float x = a[(size_t) r * row_step];

          sums[r][0] += x * left;
          sums[r][1] += x * right;
        }
      a += k_step;
      panel += CW_CPU_PANEL;
    }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++)
    {
      CW_VEC_STORE (c + (size_t) r * ldc, sums[r][0]);
      CW_VEC_STORE (c + (size_t) r * ldc + CW_VEC, sums[r][1]);
    }
}

CW_INLINE void
strip (const int add, int m, int k, const float *a, size_t row_step, size_t k_step,
       const float *panel, float *c, size_t ldc)
{
  for (; m >= ROWS; m -= ROWS, a += ROWS * row_step, c += ROWS * ldc)
    block (ROWS, add, k, a, row_step, k_step, panel, c, ldc);
  switch (m)
    {
    case 5:
      block (5, add, k, a, row_step, k_step, panel, c, ldc);
      break;
    case 4:
      block (4, add, k, a, row_step, k_step, panel, c, ldc);
      break;
    case 3:
      block (3, add, k, a, row_step, k_step, panel, c, ldc);
      break;
    case 2:
      block (2, add, k, a, row_step, k_step, panel, c, ldc);
      break;
    case 1:
      block (1, add, k, a, row_step, k_step, panel, c, ldc);
      break;
    default:
      break;
    }
}

CW_CPU_CLONES static void
multiply_strip (int m, int k, const float *a, size_t row_step, size_t k_step, const float *panel,
                float *c, size_t ldc, int add)
{
  if (add)
    strip (1, m, k, a, row_step, k_step, panel, c, ldc);
  else
    strip (0, m, k, a, row_step, k_step, panel, c, ldc);
}

void
_cw_cpu_panel_multiply (int m, int n_panels, int k, const float *a, size_t row_step, size_t k_step,
                        const float *panels, size_t panel_step, float *c, size_t ldc, int add)
{
  for (int from = 0; from < k; from += DEPTH)
    {
      int depth = MIN (DEPTH, k - from);

      for (int j = 0; j < n_panels; j++)
        multiply_strip (m, depth, a + (size_t) from * k_step, row_step, k_step,
                        panels + (size_t) j * panel_step + (size_t) from * CW_CPU_PANEL,
                        c + (size_t) j * CW_CPU_PANEL, ldc, add || from > 0);
    }
}
