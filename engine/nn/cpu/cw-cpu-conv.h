/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-ops.h"

#include <glib.h>

/* The ways to compute a convolution; cw-cpu-conv.c chooses. All as CwOps has it, but that @end is given; scratch is enough for this
 * number of images, for all three directions. */

/* Ends @rows rows of sums in y, rows @k floats apart, at channels k0..k1. @offset: of the first row in the
 * whole of y, floats, for the residual. */
void     _cw_cpu_conv_end (const CwConvEnd *end, size_t rows, int k, int k0, int k1, size_t offset,
                           float *y);

/* The convolution of dy, with the kernel turned round and transposed, that gives dx. Stride 1 and a square
 * kernel larger than the padding. */
CwConvShape _cw_cpu_conv_turn_round (const CwConvShape *shape);

/* By matrix products with patches: every shape. */
size_t   _cw_cpu_im2col_scratch (const CwConvShape *shape);
void     _cw_cpu_im2col_forward (const CwConvShape *shape, const float *x, const float *w,
                                 const CwConvEnd *end, float *y, float *scratch);
void     _cw_cpu_im2col_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                       float *dx, int accumulate, float *scratch);
void     _cw_cpu_im2col_backward_weights (const CwConvShape *shape, const float *x, const float *dy,
                                          float *dw, float *scratch);

/* By F(4x4, 3x3). */
gboolean _cw_cpu_winograd_fits (const CwConvShape *shape);
size_t   _cw_cpu_winograd_scratch (const CwConvShape *shape);
void     _cw_cpu_winograd_forward (const CwConvShape *shape, const float *x, const float *w,
                                   const CwConvEnd *end, float *y, float *scratch);
void     _cw_cpu_winograd_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                         float *dx, int accumulate, float *scratch);
void     _cw_cpu_winograd_backward_weights (const CwConvShape *shape, const float *x,
                                            const float *dy, float *dw, float *scratch);

/* Position by position: tiny maps. */
gboolean _cw_cpu_position_fits (const CwConvShape *shape);
size_t   _cw_cpu_position_scratch (const CwConvShape *shape);
void     _cw_cpu_position_forward (const CwConvShape *shape, const float *x, const float *w,
                                   const CwConvEnd *end, float *y, float *scratch);
void     _cw_cpu_position_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                         float *dx, int accumulate, float *scratch);
void     _cw_cpu_position_backward_weights (const CwConvShape *shape, const float *x,
                                            const float *dy, float *dw, float *scratch);
