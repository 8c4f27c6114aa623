/* SPDX-License-Identifier: MIT */
#pragma once

/* Eigenvalues of the symmetric @a `[n, n]` (destroyed) into @values `[n]`, in no order:
 * Householder's reduction to a tridiagonal matrix, then implicit QL steps. To rounding of the
 * largest. */
void cw_eigenvalues (double *a, int n, double *values);
