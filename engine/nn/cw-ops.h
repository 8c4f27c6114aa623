/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * CwOps:
 *
 * The table of numeric operations. Layers, objectives and the trainer reach kernels through it and
 * only through it, so that an accelerator can take its place. All tensors are float32, NHWC, packed.
 * Kernels never allocate (scratch is the caller's, sized by the *_scratch functions), never fail,
 * and give the same bits for any number of threads.
 *
 * "d" before a name is the gradient by that tensor. Gradients of parameters are accumulated (+=);
 * gradients of activations are written, or accumulated where an argument says so.
 */
typedef struct
{
  int n, h, w, c;        /* input */
  int k, ho, wo;         /* output channels and size */
  int kh, kw;            /* kernel */
  int stride, pad;
} CwConvShape;

/* What becomes of a convolution's sums before they are written: y = sum * scale + shift + residual, then
 * ReLU. Each but relu may be NULL. */
typedef struct
{
  const float *scale, *shift; /* [k] */
  const float *residual;      /* as y, and apart from it */
  int relu;
} CwConvEnd;

typedef struct
{
  const char *id; /* "cpu" */

  void *(*alloc) (size_t bytes); /* zeroed, 64-byte aligned; NULL when memory is short */
  void (*free) (void *data);

  /* y [n, ho, wo, k] = x [n, h, w, c] * w [kh, kw, c, k] (cross-correlation), ended as @end says */
  size_t (*conv_scratch) (const CwConvShape *shape); /* floats, for all three, any smaller n too */
  const char *(*conv_way) (const CwConvShape *shape); /* how it is computed: "winograd", "im2col" ... */
  void (*conv_forward) (const CwConvShape *shape, const float *x, const float *w,
                        const CwConvEnd *end, float *y, float *scratch);
  void (*conv_backward_data) (const CwConvShape *shape, const float *dy, const float *w, float *dx,
                              int accumulate, float *scratch);
  void (*conv_backward_weights) (const CwConvShape *shape, const float *x, const float *dy,
                                 float *dw, float *db, float *scratch);

  /* Batch norm over rows: x, y [rows, c]. Forward with batch statistics: mean, rstd [c] are written
   * (rstd = 1 / sqrt (biased variance + eps)); running ones move by @momentum with the unbiased
   * variance (PyTorch's convention); scratch as norm_scratch. y = relu ? max (0, .) : . after adding
   * @residual (nullable, [rows, c]). y may be x. */
  size_t (*norm_scratch) (size_t rows, int c);
  void (*norm_forward_train) (size_t rows, int c, const float *x, const float *gamma,
                              const float *beta, float eps, float momentum, float *running_mean,
                              float *running_var, float *mean, float *rstd, const float *residual,
                              int relu, float *y, float *scratch);
  /* With running statistics. Alone, or folded into the end of the convolution before it, whose bias
   * (nullable) comes first. */
  void (*norm_fold) (int c, const float *bias, const float *gamma, const float *beta, float eps,
                     const float *running_mean, const float *running_var, float *scale,
                     float *shift);
  void (*norm_forward_eval) (size_t rows, int c, const float *x, const float *gamma,
                             const float *beta, float eps, const float *running_mean,
                             const float *running_var, const float *residual, int relu, float *y);
  /* @y is needed where relu; @dresidual (nullable) gets the gradient behind the ReLU. gamma, dgamma,
   * beta, dbeta may be NULL (no affine). dx is written, or accumulated; written, it may be dy. */
  void (*norm_backward) (size_t rows, int c, const float *x, const float *y, const float *dy,
                         const float *gamma, const float *mean, const float *rstd, int relu,
                         float *dx, int accumulate, float *dresidual, int residual_accumulate,
                         float *dgamma, float *dbeta, float *scratch);

  void (*relu_forward) (size_t n, const float *x, float *y);
  void (*relu_backward) (size_t n, const float *y, const float *dy, float *dx, int accumulate);
  void (*add_forward) (size_t n, const float *a, const float *b, float *y);

  /* Square window @k, stride; padding counts as -infinity. index [n, ho, wo, c] remembers the
   * winner (offset in its window). */
  void (*max_pool_forward) (const CwConvShape *shape, const float *x, float *y, uint8_t *index);
  void (*max_pool_backward) (const CwConvShape *shape, const float *dy, const uint8_t *index,
                             float *dx, int accumulate);
  /* y [n, c] = mean over hw of x [n, hw, c] */
  void (*avg_pool_forward) (int n, int hw, int c, const float *x, float *y);
  void (*avg_pool_backward) (int n, int hw, int c, const float *dy, float *dx, int accumulate);

  /* c [m, n] = alpha * op (a) op (b) + beta * c; row major; ta, tb: transposed. Parallel. */
  void (*gemm) (int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda,
                const float *b, int ldb, float beta, float *c, int ldc);

  void (*fill) (size_t n, float value, float *x);
  void (*copy) (size_t n, const float *x, float *y);
  void (*axpy) (size_t n, float alpha, const float *x, float *y); /* y += alpha x */
  /* target = m * target + (1 - m) * online */
  void (*lerp) (size_t n, float m, const float *online, float *target);
  double (*sum_squares) (size_t n, const float *x); /* fixed order; not finite if any x is not */

  /* w, g, m, v [n]. step counts from 1. Decoupled weight decay (Loshchilov & Hutter 2019). */
  void (*adamw) (size_t n, float *w, const float *g, float *m, float *v, float lr, float beta1,
                 float beta2, float eps, float weight_decay, uint64_t step);
  /* PyTorch's SGD: g += wd w; v = mu v + g (v = g at step 1); w -= lr (nesterov ? g + mu v : v) */
  void (*sgd) (size_t n, float *w, const float *g, float *v, float lr, float momentum,
               int nesterov, float weight_decay, uint64_t step);
  /* LARS (You et al. 2017) as in BYOL: g += wd w; g *= trust |w| / |g|, but for where a length is
   * zero; then as sgd without nesterov */
  void (*lars) (size_t n, float *w, const float *g, float *v, float lr, float momentum,
                float trust, float weight_decay, uint64_t step);
} CwOps;

/* Output size of a window operation. */
int          cw_conv_out (int in, int kernel, int stride, int pad);
/* The built-in table. Its first use sets OpenBLAS to one thread. */
const CwOps *cw_ops_cpu (void);
/* The table in use; the CPU's until a plugin sets another one. */
const CwOps *cw_ops (void);
/* Takes effect for what is made afterwards: before any net, weights or plan. NULL = the CPU's. */
void         cw_ops_set (const CwOps *ops);
