/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* The lower triangle of the symmetric @a `[n, n]` becomes its Cholesky factor. FALSE where @a is not
 * positive definite. */
gboolean _cw_cholesky_factor (double *a, int n);
/* @b `[n, n_columns]` becomes the solution of (factor factorᵀ) x = b. */
void     _cw_cholesky_solve (const double *factor, int n, double *b, int n_columns);
