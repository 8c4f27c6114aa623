/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-ops.h"

#include <glib.h>

/* The ways to compute a convolution; cw-cpu-conv.c chooses. All as CwOps has it; scratch is enough for this
 * number of images, for all three directions. */

/* By matrix products with patches: every shape. */
size_t   _cw_cpu_im2col_scratch (const CwConvShape *shape);
void     _cw_cpu_im2col_forward (const CwConvShape *shape, const float *x, const float *w,
                                 const float *b, float *y, float *scratch);
void     _cw_cpu_im2col_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                       float *dx, int accumulate, float *scratch);
void     _cw_cpu_im2col_backward_weights (const CwConvShape *shape, const float *x, const float *dy,
                                          float *dw, float *scratch);

/* By F(4x4, 3x3). */
gboolean _cw_cpu_winograd_fits (const CwConvShape *shape);
size_t   _cw_cpu_winograd_scratch (const CwConvShape *shape);
void     _cw_cpu_winograd_forward (const CwConvShape *shape, const float *x, const float *w,
                                   const float *b, float *y, float *scratch);
void     _cw_cpu_winograd_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                         float *dx, int accumulate, float *scratch);
void     _cw_cpu_winograd_backward_weights (const CwConvShape *shape, const float *x,
                                            const float *dy, float *dw, float *scratch);

/* Position by position: tiny maps. */
gboolean _cw_cpu_position_fits (const CwConvShape *shape);
size_t   _cw_cpu_position_scratch (const CwConvShape *shape);
void     _cw_cpu_position_forward (const CwConvShape *shape, const float *x, const float *w,
                                   const float *b, float *y, float *scratch);
void     _cw_cpu_position_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                         float *dx, int accumulate, float *scratch);
void     _cw_cpu_position_backward_weights (const CwConvShape *shape, const float *x,
                                            const float *dy, float *dw, float *scratch);
