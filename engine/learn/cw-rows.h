/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* Rows of embeddings on the unit sphere: what the objectives compare. Sums are
 * double, in row order, on the calling thread: the same bits for any number of threads. */

/* @unit [n, dim] = @x with every row divided by its length; @inverse [n]: 1 / length. A row of
 * zeros has no direction: it stays zero, its inverse is 0 and it gets no gradient. What is not
 * finite stays so. */
void   _cw_rows_normalise (size_t n, int dim, const float *x, float *unit, float *inverse);
/* The same of the columns from @begin to @end alone; the others are zero in @unit, and get no gradient where
 * @d_unit is zero there too. */
void   _cw_rows_normalise_part (size_t n, int dim, int begin, int end, const float *x, float *unit,
                                float *inverse);
/* @d_x += the gradient by x, from @d_unit, the gradient by unit. */
void   _cw_rows_normalise_backward (size_t n, int dim, const float *unit, const float *inverse,
                                    const float *d_unit, float *d_x);
double _cw_row_dot (int dim, const float *a, const float *b);
/* y += alpha x */
void   _cw_row_add (int dim, float alpha, const float *x, float *y);
