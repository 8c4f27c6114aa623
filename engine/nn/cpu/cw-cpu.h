/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-clones.h"
#include "nn/cw-ops.h"

/* What the CPU kernels share. Only cw-ops.c and the files here include this. */

#define CW_CPU_CLONES CW_CLONES
#define CW_CPU_IVDEP CW_IVDEP

/* Threads that one kernel can keep busy; each works in a lane of scratch of its own. */
#define CW_CPU_LANES 32

static inline int
ceil_div (int a, int b)
{
  return (a + b - 1) / b;
}

#define CW_CPU_ALIGN(n) (((n) + 15) & ~(size_t) 15)

/**
 * CwCpuTileFunc:
 * @lane: scratch of the lane that runs the tile; its contents are anything
 *
 * A tile's results depend on @tile alone.
 */
typedef void (*CwCpuTileFunc) (int tile, float *lane, void *data);

/* Runs @func for every tile, in parallel; @lanes holds CW_CPU_LANES times @lane_size floats. Threads
 * draw tiles as they get free, and a thread stays in its lane, so that few lanes are ever touched
 * and they stay in the cache. */
void   _cw_cpu_for_tiles (int n_tiles, CwCpuTileFunc func, void *data, float *lanes,
                          size_t lane_size);

/* c = op (a) op (b) + beta c on the calling thread. */
void   _cw_cpu_sgemm (int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda,
                      const float *b, int ldb, float beta, float *c, int ldc);
/* How to cut a product of [m, k] and [k, n] into at least eight tiles with as little repeated
 * packing as possible. Depends on the sizes only. */
void   _cw_cpu_cut_gemm (int m, int n, int k, int *tile_m, int *tile_n);

void   _cw_cpu_gemm (int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda,
                     const float *b, int ldb, float beta, float *c, int ldc);

size_t _cw_cpu_conv_scratch (const CwConvShape *shape);
const char *_cw_cpu_conv_way (const CwConvShape *shape);
void   _cw_cpu_conv_forward (const CwConvShape *shape, const float *x, const float *w,
                             const CwConvEnd *end, float *y, float *scratch);
void   _cw_cpu_conv_backward_data (const CwConvShape *shape, const float *dy, const float *w,
                                   float *dx, int accumulate, float *scratch);
void   _cw_cpu_conv_backward_weights (const CwConvShape *shape, const float *x, const float *dy,
                                      float *dw, float *db, float *scratch);

size_t _cw_cpu_norm_scratch (size_t rows, int c);
void   _cw_cpu_norm_forward_train (size_t rows, int c, const float *x, const float *gamma,
                                   const float *beta, float eps, float momentum,
                                   float *running_mean, float *running_var, float *mean,
                                   float *rstd, const float *residual, int relu, float *y,
                                   float *scratch);
void   _cw_cpu_norm_fold (int c, const float *bias, const float *gamma, const float *beta, float eps,
                          const float *running_mean, const float *running_var, float *scale,
                          float *shift);
void   _cw_cpu_norm_forward_eval (size_t rows, int c, const float *x, const float *gamma,
                                  const float *beta, float eps, const float *running_mean,
                                  const float *running_var, const float *residual, int relu,
                                  float *y);
void   _cw_cpu_norm_backward (size_t rows, int c, const float *x, const float *y, const float *dy,
                              const float *gamma, const float *mean, const float *rstd, int relu,
                              float *dx, int accumulate, float *dresidual, int residual_accumulate,
                              float *dgamma, float *dbeta, float *scratch);

void   _cw_cpu_relu_forward (size_t n, const float *x, float *y);
void   _cw_cpu_relu_backward (size_t n, const float *y, const float *dy, float *dx, int accumulate);
void   _cw_cpu_add_forward (size_t n, const float *a, const float *b, float *y);
void   _cw_cpu_fill (size_t n, float value, float *x);
void   _cw_cpu_copy (size_t n, const float *x, float *y);
void   _cw_cpu_axpy (size_t n, float alpha, const float *x, float *y);
void   _cw_cpu_lerp (size_t n, float m, const float *online, float *target);
double _cw_cpu_sum_squares (size_t n, const float *x);

void   _cw_cpu_max_pool_forward (const CwConvShape *shape, const float *x, float *y,
                                 uint8_t *index);
void   _cw_cpu_max_pool_backward (const CwConvShape *shape, const float *dy, const uint8_t *index,
                                  float *dx, int accumulate);
void   _cw_cpu_avg_pool_forward (int n, int hw, int c, const float *x, float *y);
void   _cw_cpu_avg_pool_backward (int n, int hw, int c, const float *dy, float *dx, int accumulate);

void   _cw_cpu_adamw (size_t n, float *w, const float *g, float *m, float *v, float lr, float beta1,
                      float beta2, float eps, float weight_decay, uint64_t step);
void   _cw_cpu_sgd (size_t n, float *w, const float *g, float *v, float lr, float momentum,
                    int nesterov, float weight_decay, uint64_t step);
void   _cw_cpu_lars (size_t n, float *w, const float *g, float *v, float lr, float momentum,
                     float trust, float weight_decay, uint64_t step);
