/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cw-ops.h"

#include "nn/cpu/cw-cpu.h"

#include <cblas.h>
#include <glib.h>
#include <stdlib.h>

#define ALIGNMENT ((size_t) 64)

/* calloc, because it leaves large blocks untouched until they are used; the address it gave stands
 * before the aligned one. */
static void *
cpu_alloc (size_t bytes)
{
  char *base, *data;

  if (bytes > SIZE_MAX - 2 * ALIGNMENT)
    return NULL;
  base = calloc (1, bytes + 2 * ALIGNMENT);
  if (base == NULL)
    return NULL;
  data = base + ALIGNMENT + (ALIGNMENT - ((uintptr_t) base & (ALIGNMENT - 1)));
  ((void **) (void *) data)[-1] = base;
  return data;
}

static void
cpu_free (void *data)
{
  if (data != NULL)
    free (((void **) data)[-1]);
}

static const CwOps cpu_ops = {
  .id = "cpu",
  .alloc = cpu_alloc,
  .free = cpu_free,
  .conv_scratch = _cw_cpu_conv_scratch,
  .conv_way = _cw_cpu_conv_way,
  .conv_forward = _cw_cpu_conv_forward,
  .conv_backward_data = _cw_cpu_conv_backward_data,
  .conv_backward_weights = _cw_cpu_conv_backward_weights,
  .norm_scratch = _cw_cpu_norm_scratch,
  .norm_forward_train = _cw_cpu_norm_forward_train,
  .norm_fold = _cw_cpu_norm_fold,
  .norm_forward_eval = _cw_cpu_norm_forward_eval,
  .norm_backward = _cw_cpu_norm_backward,
  .relu_forward = _cw_cpu_relu_forward,
  .relu_backward = _cw_cpu_relu_backward,
  .add_forward = _cw_cpu_add_forward,
  .max_pool_forward = _cw_cpu_max_pool_forward,
  .max_pool_backward = _cw_cpu_max_pool_backward,
  .avg_pool_forward = _cw_cpu_avg_pool_forward,
  .avg_pool_backward = _cw_cpu_avg_pool_backward,
  .gemm = _cw_cpu_gemm,
  .fill = _cw_cpu_fill,
  .copy = _cw_cpu_copy,
  .axpy = _cw_cpu_axpy,
  .lerp = _cw_cpu_lerp,
  .sum_squares = _cw_cpu_sum_squares,
  .adamw = _cw_cpu_adamw,
  .sgd = _cw_cpu_sgd,
  .lars = _cw_cpu_lars,
};

static const CwOps *ops_in_use;

int
cw_conv_out (int in, int kernel, int stride, int pad)
{
  return in + 2 * pad < kernel ? 0 : (in + 2 * pad - kernel) / stride + 1;
}

const CwOps *
cw_ops_cpu (void)
{
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      openblas_set_num_threads (1);
      g_once_init_leave (&ready, 1);
    }
  return &cpu_ops;
}

const CwOps *
cw_ops (void)
{
  const CwOps *ops = g_atomic_pointer_get (&ops_in_use);

  return ops != NULL ? ops : cw_ops_cpu ();
}

void
cw_ops_set (const CwOps *ops)
{
  g_atomic_pointer_set (&ops_in_use, ops);
}
