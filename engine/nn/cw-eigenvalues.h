/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Eigenvalues, in no order, of the symmetric @a `[n, n]` (destroyed), to rounding of the largest:
 * Householder's reduction to a tridiagonal matrix, then implicit QL (Golub and Van Loan, 8.3).
 * @values: n doubles; @scratch: 3 n doubles. FALSE where @a is not finite. */
gboolean cw_symmetric_eigenvalues (int n, double *a, double *values, double *scratch);

G_END_DECLS
