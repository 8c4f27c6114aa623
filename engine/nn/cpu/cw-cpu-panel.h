/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* Columns of a panel. */
#define CW_CPU_PANEL 16

/**
 * _cw_cpu_panel_multiply:
 *
 * c [m, 16 n_panels] = (add ? c : 0) + a [m, k] * b [k, 16 n_panels], on the calling thread. Element
 * (i, p) of a is a[i * row_step + p * k_step]. b lies in panels: panel j holds its columns 16 j .. 16 j + 15
 * as [k, 16], @panel_step floats after the one before. Rows of c are @ldc floats apart.
 */
void _cw_cpu_panel_multiply (int m, int n_panels, int k, const float *a, size_t row_step,
                             size_t k_step, const float *panels, size_t panel_step, float *c,
                             size_t ldc, int add);
