/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-pca.h"

#include "base/cw-rng.h"
#include "eval/cw-evaluator-private.h"
#include "nn/cw-dot.h"
#include "nn/cw-ops.h"

#include <math.h>
#include <string.h>

/* Axes carried along beyond those wanted: they take up what lies next to the border. */
#define N_SPARE 16
#define N_ROUNDS 40
#define N_SWEEPS 30
#define ROW_BLOCK 4096
/* Of the largest variance; below it is the rounding of single precision. Such an axis would point
 * anywhere, and other vectors than these may well vary along it. */
#define LEAST_VARIANCE 1e-6

/* Modified Gram-Schmidt, each row twice; a row that depends on those before becomes zero. */
static void
orthonormalise (double *q, int n, int dim)
{
  for (int i = 0; i < n; i++)
    {
      double *row = q + (gsize) i * (gsize) dim, before = sqrt (_cw_dot_double (row, row, (gsize) dim)), after = 0;

      for (int pass = 0; pass < 2; pass++)
        {
          for (int j = 0; j < i; j++)
            {
              const double *other = q + (gsize) j * (gsize) dim;
              double along = _cw_dot_double (row, other, (gsize) dim);

              for (int k = 0; k < dim; k++)
                row[k] -= along * other[k];
            }
        }
      after = sqrt (_cw_dot_double (row, row, (gsize) dim));
      for (int k = 0; k < dim; k++)
        row[k] = after > 1e-6 * before ? row[k] / after : 0;
    }
}

/* Eigenvectors of the symmetric @a `[n, n]` (destroyed) by Jacobi's rotations: rows of @vectors, its
 * eigenvalues on the diagonal of @a. */
static void
rotate_to_diagonal (double *a, double *vectors, int n)
{
  memset (vectors, 0, (gsize) n * (gsize) n * sizeof *vectors);
  for (int i = 0; i < n; i++)
    vectors[i * n + i] = 1;
  for (int sweep = 0; sweep < N_SWEEPS; sweep++)
    {
      double off = 0, all = 0;

      for (int i = 0; i < n; i++)
        {
          for (int j = 0; j < n; j++)
            {
              all += a[i * n + j] * a[i * n + j];
              off += i == j ? 0 : a[i * n + j] * a[i * n + j];
            }
        }
      if (off <= 1e-24 * all)
        return;
      for (int p = 0; p < n; p++)
        {
          for (int q = p + 1; q < n; q++)
            {
              double theta, t, c, s;

              if (fabs (a[p * n + q]) <= 1e-300)
                continue;
              theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
              t = copysign (1, theta) / (fabs (theta) + sqrt (theta * theta + 1));
              c = 1 / sqrt (t * t + 1);
              s = t * c;
              for (int k = 0; k < n; k++)
                {
                  double akp = a[k * n + p], akq = a[k * n + q];

                  a[k * n + p] = c * akp - s * akq;
                  a[k * n + q] = s * akp + c * akq;
                }
              for (int k = 0; k < n; k++)
                {
                  double apk = a[p * n + k], aqk = a[q * n + k];
                  double vpk = vectors[p * n + k], vqk = vectors[q * n + k];

                  a[p * n + k] = c * apk - s * aqk;
                  a[q * n + k] = s * apk + c * aqk;
                  vectors[p * n + k] = c * vpk - s * vqk;
                  vectors[q * n + k] = s * vpk + c * vqk;
                }
            }
        }
    }
}

static void
subtract_mean (const CwPca *pca, const float *x, guint n, float *out)
{
  for (guint i = 0; i < n; i++)
    {
      for (int j = 0; j < pca->dim; j++)
        out[(gsize) i * (gsize) pca->dim + (gsize) j]
            = x[(gsize) i * (gsize) pca->dim + (gsize) j] - pca->mean[j];
    }
}

/* Mean into @pca, covariance into @covariance `[dim, dim]`. */
static void
measure (CwPca *pca, const float *x, guint n, float *covariance)
{
  int dim = pca->dim;
  g_autofree double *sum = g_new0 (double, dim);
  g_autofree float *rows = g_new (float, (gsize) MIN (n, ROW_BLOCK) * (gsize) dim);

  for (guint i = 0; i < n; i++)
    {
      for (int j = 0; j < dim; j++)
        sum[j] += (double) x[(gsize) i * (gsize) dim + (gsize) j];
    }
  for (int j = 0; j < dim; j++)
    pca->mean[j] = (float) (sum[j] / n);
  for (guint from = 0; from < n; from += ROW_BLOCK)
    {
      guint count = MIN (ROW_BLOCK, n - from);

      subtract_mean (pca, x + (gsize) from * (gsize) dim, count, rows);
      cw_ops ()->gemm (1, 0, dim, dim, (int) count, 1.0f / (float) n, rows, dim, rows, dim,
                       from > 0 ? 1.0f : 0.0f, covariance, dim);
    }
}

/* product = q covariance, for rows of q. */
static void
apply (const float *covariance, const double *q, int n, int dim, float *single, double *product)
{
  float *out = single + (gsize) n * (gsize) dim;

  for (gsize i = 0; i < (gsize) n * (gsize) dim; i++)
    single[i] = (float) q[i];
  cw_ops ()->gemm (0, 0, n, dim, dim, 1.0f, single, dim, covariance, dim, 0.0f, out, dim);
  for (gsize i = 0; i < (gsize) n * (gsize) dim; i++)
    product[i] = (double) out[i];
}

/* Axis @rank: the @n rows of @q mixed by @mix `[n]`, its sign fixed. */
static void
write_axis (CwPca *pca, int rank, const double *q, int n, const double *mix)
{
  float *axis = pca->axes + (gsize) rank * (gsize) pca->dim;
  int top = 0;

  for (int j = 0; j < pca->dim; j++)
    {
      double sum = 0;

      for (int i = 0; i < n; i++)
        sum += mix[i] * q[(gsize) i * (gsize) pca->dim + (gsize) j];
      axis[j] = (float) sum;
      if (fabsf (axis[j]) > fabsf (axis[top]))
        top = j;
    }
  if (axis[top] < 0)
    {
      for (int j = 0; j < pca->dim; j++)
        axis[j] = -axis[j];
    }
}

/* Within the subspace @q `[n, dim]`, the axes in order of variance. */
static void
find_axes (CwPca *pca, const float *covariance, const double *q, int n, float *single,
           double *product)
{
  int dim = pca->dim;
  g_autofree double *inner = g_new (double, (gsize) n * (gsize) n);
  g_autofree double *mix = g_new (double, (gsize) n * (gsize) n);
  g_autofree gboolean *used = g_new0 (gboolean, n);

  apply (covariance, q, n, dim, single, product);
  for (int i = 0; i < n; i++)
    {
      for (int j = 0; j <= i; j++)
        inner[i * n + j] = inner[j * n + i]
            = _cw_dot_double (q + (gsize) i * (gsize) dim, product + (gsize) j * (gsize) dim,
                              (gsize) dim);
    }
  rotate_to_diagonal (inner, mix, n);
  for (int rank = 0; rank < pca->n_axes; rank++)
    {
      int best = -1;

      for (int i = 0; i < n; i++)
        {
          if (!used[i] && (best < 0 || inner[i * n + i] > inner[best * n + best]))
            best = i;
        }
      used[best] = TRUE;
      pca->variance[rank] = fmax (inner[best * n + best], 0);
      if (pca->variance[rank] > LEAST_VARIANCE * pca->variance[0])
        write_axis (pca, rank, q, n, mix + (gsize) best * (gsize) n);
    }
}

CwPca *
cw_pca_fit (const float *x, guint n, int dim, int n_axes, guint64 seed)
{
  g_autoptr (CwPca) pca = g_new0 (CwPca, 1);
  int n_rows = MIN (n_axes + N_SPARE, dim);
  g_autofree float *covariance = g_try_new (float, (gsize) dim * (gsize) dim);
  g_autofree float *single = g_try_new (float, 2 * (gsize) n_rows * (gsize) dim);
  g_autofree double *q = g_try_new (double, (gsize) n_rows * (gsize) dim);
  g_autofree double *product = g_try_new (double, (gsize) n_rows * (gsize) dim);
  CwRng rng = cw_rng_new (seed, CW_RNG_EVAL, CW_EVAL_AXES, 0, 0, 0);

  g_return_val_if_fail (n > 0 && dim > 0 && n_axes > 0, NULL);

  if (covariance == NULL || single == NULL || q == NULL || product == NULL)
    return NULL;
  pca->dim = dim;
  pca->n_axes = MIN (n_axes, dim);
  pca->mean = g_new (float, dim);
  pca->axes = g_new0 (float, (gsize) pca->n_axes * (gsize) dim);
  pca->variance = g_new (double, pca->n_axes);
  measure (pca, x, n, covariance);

  for (gsize i = 0; i < (gsize) n_rows * (gsize) dim; i++)
    q[i] = (double) cw_rng_normal (&rng);
  orthonormalise (q, n_rows, dim);
  for (int round = 0; round < (n_rows < dim ? N_ROUNDS : 0); round++)
    {
      apply (covariance, q, n_rows, dim, single, product);
      memcpy (q, product, (gsize) n_rows * (gsize) dim * sizeof *q);
      orthonormalise (q, n_rows, dim);
    }
  find_axes (pca, covariance, q, n_rows, single, product);
  return g_steal_pointer (&pca);
}

float *
cw_pca_project (const CwPca *pca, const float *x, guint n)
{
  guint block = MIN (n, ROW_BLOCK);
  g_autofree float *rows = g_try_new (float, (gsize) MAX (block, 1) * (gsize) pca->dim);
  float *out = g_try_new (float, (gsize) MAX (n, 1) * (gsize) pca->n_axes);

  if (rows == NULL || out == NULL)
    {
      g_free (out);
      return NULL;
    }
  for (guint from = 0; from < n; from += block)
    {
      guint count = MIN (block, n - from);

      subtract_mean (pca, x + (gsize) from * (gsize) pca->dim, count, rows);
      cw_ops ()->gemm (0, 1, (int) count, pca->n_axes, pca->dim, 1.0f, rows, pca->dim, pca->axes,
                       pca->dim, 0.0f, out + (gsize) from * (gsize) pca->n_axes, pca->n_axes);
    }
  return out;
}

void
cw_pca_free (CwPca *pca)
{
  if (pca == NULL)
    return;
  g_free (pca->mean);
  g_free (pca->axes);
  g_free (pca->variance);
  g_free (pca);
}
