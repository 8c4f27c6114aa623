/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* Statistics over a batch of embeddings, dimension by dimension. Sums are double, in row order, on
 * the calling thread: the same bits for any number of threads. */

/* @centred [n, dim] = @x minus the mean of its column; @variance [dim]: of the population. */
void _cw_columns_centre (size_t n, int dim, const float *x, float *centred, float *variance);
/* x [n, dim]: every column times its factor. */
void _cw_columns_scale (size_t n, int dim, const float *factors, float *x);
/* @d_x += the gradient by x of columns standardised to @y = centred * @inverse, where inverse = 1 /
 * sqrt (variance + some eps); from @d_y, the gradient by y. All [n, dim], inverse [dim]. */
void _cw_columns_standardise_backward (size_t n, int dim, const float *y, const float *inverse,
                                       const float *d_y, float *d_x);
