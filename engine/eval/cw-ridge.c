/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-ridge.h"

#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "eval/cw-cholesky.h"
#include "eval/cw-holdout.h"
#include "eval/cw-standardise.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows whose products are summed up in single precision; the sums of these are in double. */
#define ROW_BLOCK 512
#define PREDICT_BLOCK 64

static const double l2_path[] = { 100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 1e-3, 1e-4 };

/* The rows that are fitted, as far as the solution depends on them. */
typedef struct
{
  const CwFeatures *features;
  const double *targets;
  const guint32 *order; /* rows; the first n are fitted */
  guint n;
  int dim, n_targets;
  const CwRidge *scaling; /* mean and scale */
  double *covariance;     /* [dim, dim]: of centred rows, over n */
  double *slope;          /* [dim, n_targets]: covariance with the targets */
  double *mean;           /* [dim]: of the standardised rows that are fitted */
  double *target_mean;    /* [n_targets] */
  double *factor;         /* [dim, dim] */
  float *block, *product; /* [ROW_BLOCK, dim], [dim, dim] */
} Problem;

static void
problem_clear (Problem *p)
{
  g_free (p->covariance);
  g_free (p->slope);
  g_free (p->mean);
  g_free (p->target_mean);
  g_free (p->factor);
  g_free (p->block);
  g_free (p->product);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Problem, problem_clear)

void
cw_ridge_free (CwRidge *ridge)
{
  if (ridge == NULL)
    return;
  g_free (ridge->mean);
  g_free (ridge->scale);
  g_free (ridge->weights);
  g_free (ridge->bias);
  g_free (ridge->l2);
  g_free (ridge);
}

static CwRidge *
ridge_new (int dim, int n_targets)
{
  CwRidge *ridge = g_new0 (CwRidge, 1);

  ridge->dim = dim;
  ridge->n_targets = n_targets;
  ridge->mean = g_new (float, dim);
  ridge->scale = g_new (float, dim);
  ridge->weights = g_new0 (double, (gsize) n_targets * (gsize) dim);
  ridge->bias = g_new0 (double, n_targets);
  ridge->l2 = g_new0 (double, n_targets);
  return ridge;
}

/* FALSE when memory is short. */
static gboolean
alloc_problem (Problem *p)
{
  gsize dim = (gsize) p->dim;

  p->covariance = g_try_new (double, dim * dim);
  p->factor = g_try_new (double, dim * dim);
  p->product = g_try_new (float, dim * dim);
  p->block = g_try_new (float, ROW_BLOCK * dim);
  p->slope = g_new (double, dim * (gsize) p->n_targets);
  p->mean = g_new (double, dim);
  p->target_mean = g_new (double, p->n_targets);
  return p->covariance != NULL && p->factor != NULL && p->product != NULL && p->block != NULL;
}

static void
measure_means (Problem *p)
{
  g_autofree float *row = g_new (float, p->dim);

  memset (p->mean, 0, (gsize) p->dim * sizeof *p->mean);
  memset (p->target_mean, 0, (gsize) p->n_targets * sizeof *p->target_mean);
  for (guint i = 0; i < p->n; i++)
    {
      guint32 at = p->order[i];

      _cw_standardise_row (p->scaling->mean, p->scaling->scale, p->dim,
                           p->features->x + (gsize) at * (gsize) p->dim, row);
      for (int j = 0; j < p->dim; j++)
        p->mean[j] += (double) row[j] / p->n;
      for (int t = 0; t < p->n_targets; t++)
        p->target_mean[t] += p->targets[(gsize) at * (gsize) p->n_targets + (gsize) t] / p->n;
    }
}

/* Adds @n rows from @first on: into the block, then what they are with the targets. */
static void
take_rows (Problem *p, guint first, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint32 at = p->order[first + i];
      float *row = p->block + (gsize) i * (gsize) p->dim;

      _cw_standardise_row (p->scaling->mean, p->scaling->scale, p->dim,
                           p->features->x + (gsize) at * (gsize) p->dim, row);
      for (int j = 0; j < p->dim; j++)
        row[j] = (float) ((double) row[j] - p->mean[j]);
      for (int t = 0; t < p->n_targets; t++)
        {
          double y = p->targets[(gsize) at * (gsize) p->n_targets + (gsize) t] - p->target_mean[t];

          for (int j = 0; j < p->dim; j++)
            p->slope[j * p->n_targets + t] += (double) row[j] * y / p->n;
        }
    }
}

/* The first @n rows of the order are those to fit from now on. */
static void
fit_on (Problem *p, guint n)
{
  gsize dim = (gsize) p->dim;

  p->n = n;
  measure_means (p);
  memset (p->covariance, 0, dim * dim * sizeof *p->covariance);
  memset (p->slope, 0, dim * (gsize) p->n_targets * sizeof *p->slope);
  for (guint first = 0; first < n; first += ROW_BLOCK)
    {
      guint count = MIN (ROW_BLOCK, n - first);

      take_rows (p, first, count);
      cw_ops ()->gemm (1, 0, p->dim, p->dim, (int) count, 1.0f, p->block, p->dim, p->block, p->dim,
                       0.0f, p->product, p->dim);
      for (gsize i = 0; i < dim * dim; i++)
        p->covariance[i] += (double) p->product[i] / n;
    }
}

/* @weights `[dim, n_targets]`. FALSE where @l2 is lost in the rounding of the covariance. */
static gboolean
solve (Problem *p, double l2, double *weights)
{
  gsize dim = (gsize) p->dim;

  memcpy (p->factor, p->covariance, dim * dim * sizeof *p->factor);
  for (gsize j = 0; j < dim; j++)
    p->factor[j * dim + j] += l2;
  if (!_cw_cholesky_factor (p->factor, p->dim))
    return FALSE;
  memcpy (weights, p->slope, dim * (gsize) p->n_targets * sizeof *weights);
  _cw_cholesky_solve (p->factor, p->dim, weights, p->n_targets);
  return TRUE;
}

/* Target @t of the solution @weights becomes @ridge's. */
static void
keep_target (const Problem *p, const double *weights, int t, double l2, CwRidge *ridge)
{
  double *own = ridge->weights + (gsize) t * (gsize) p->dim;

  ridge->l2[t] = l2;
  ridge->bias[t] = p->target_mean[t];
  for (int j = 0; j < p->dim; j++)
    {
      own[j] = weights[j * p->n_targets + t];
      ridge->bias[t] -= own[j] * p->mean[j];
    }
}

/* Of target @t, over the rows that are not fitted. */
static double
held_out_error (const Problem *p, const CwRidge *ridge, int t)
{
  g_autofree double *predicted = g_new (double, p->n_targets);
  double sum = 0;

  for (guint i = p->n; i < p->features->n; i++)
    {
      guint32 at = p->order[i];
      double apart;

      cw_ridge_predict (ridge, p->features->x + (gsize) at * (gsize) p->dim, 1, predicted);
      apart = predicted[t] - p->targets[(gsize) at * (gsize) p->n_targets + (gsize) t];
      sum += apart * apart;
    }
  return sum;
}

/* Into @l2 `[n_targets]`. */
static gboolean
choose_l2 (Problem *p, const CwRidge *scaling, double *l2, CwJob *job, GError **error)
{
  g_autoptr (CwRidge) tried = ridge_new (p->dim, p->n_targets);
  g_autofree double *weights = g_new (double, (gsize) p->dim * (gsize) p->n_targets);
  g_autofree double *best = g_new (double, p->n_targets);

  memcpy (tried->mean, scaling->mean, (gsize) p->dim * sizeof *tried->mean);
  memcpy (tried->scale, scaling->scale, (gsize) p->dim * sizeof *tried->scale);
  for (int t = 0; t < p->n_targets; t++)
    best[t] = INFINITY;
  for (gsize i = 0; i < G_N_ELEMENTS (l2_path); i++)
    {
      if (!cw_job_progress (job, (double) i / (G_N_ELEMENTS (l2_path) + 1),
                            _ ("Fitting the regression"), error))
        return FALSE;
      if (!solve (p, l2_path[i], weights))
        break;
      for (int t = 0; t < p->n_targets; t++)
        {
          double loss;

          keep_target (p, weights, t, l2_path[i], tried);
          loss = held_out_error (p, tried, t);
          if (loss < best[t])
            {
              best[t] = loss;
              l2[t] = l2_path[i];
            }
        }
    }
  return TRUE;
}

/* @ridge with its scaling, and a problem of all rows in @order. */
static CwRidge *
prepare (const CwFeatures *features, const double *targets, int n_targets, const guint32 *order,
         Problem *p, GError **error)
{
  g_autoptr (CwRidge) ridge = ridge_new (features->dim, n_targets);

  if (features->n == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "no features to fit the regression on");
      return NULL;
    }
  if (!_cw_standardise_check (features, error))
    return NULL;
  _cw_standardise_measure (features, ridge->mean, ridge->scale);
  p->features = features;
  p->targets = targets;
  p->order = order;
  p->dim = features->dim;
  p->n_targets = n_targets;
  p->scaling = ridge;
  if (!alloc_problem (p))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY,
                   "not enough memory for a regression on features of %d", features->dim);
      return NULL;
    }
  return g_steal_pointer (&ridge);
}

/* Each target with its own of @l2. */
static gboolean
finish (Problem *p, const double *l2, CwRidge *ridge, CwJob *job, GError **error)
{
  g_autofree double *weights = g_new (double, (gsize) p->dim * (gsize) p->n_targets);

  fit_on (p, p->features->n);
  for (int t = 0; t < p->n_targets; t++)
    {
      if (!solve (p, l2[t], weights))
        {
          g_set_error (error, CW_ERROR, CW_ERROR_DIVERGED,
                       "l2 = %g is too small for features that depend on each other", l2[t]);
          return FALSE;
        }
      keep_target (p, weights, t, l2[t], ridge);
    }
  return cw_job_progress (job, 1, _ ("Fitting the regression"), error);
}

CwRidge *
cw_ridge_fit (const CwFeatures *features, const double *targets, int n_targets, double l2,
              CwJob *job, GError **error)
{
  g_autofree guint32 *order = g_new (guint32, MAX (features->n, 1));
  g_autofree double *l2s = g_new (double, n_targets);
  g_auto (Problem) problem = { 0 };
  g_autoptr (CwRidge) ridge = NULL;

  g_return_val_if_fail (l2 > 0, NULL);

  for (guint i = 0; i < features->n; i++)
    order[i] = i;
  for (int t = 0; t < n_targets; t++)
    l2s[t] = l2;
  ridge = prepare (features, targets, n_targets, order, &problem, error);
  if (ridge == NULL || !finish (&problem, l2s, ridge, job, error))
    return NULL;
  return g_steal_pointer (&ridge);
}

CwRidge *
cw_ridge_fit_best (const CwFeatures *features, const double *targets, int n_targets, guint64 seed,
                   CwJob *job, GError **error)
{
  g_autofree guint32 *order = g_new (guint32, MAX (features->n, 1));
  guint n_held = _cw_holdout_order (features, seed, order);
  g_autofree double *l2 = g_new (double, n_targets);
  g_auto (Problem) problem = { 0 };
  g_autoptr (CwRidge) ridge = prepare (features, targets, n_targets, order, &problem, error);

  if (ridge == NULL)
    return NULL;
  for (int t = 0; t < n_targets; t++)
    l2[t] = 1;
  if (n_held > 0)
    {
      fit_on (&problem, features->n - n_held);
      if (!choose_l2 (&problem, ridge, l2, job, error))
        return NULL;
    }
  if (!finish (&problem, l2, ridge, job, error))
    return NULL;
  return g_steal_pointer (&ridge);
}

/* ---- prediction ---- */

typedef struct
{
  const CwRidge *ridge;
  const float *x;
  guint n;
  double *predicted;
} Prediction;

static void
predict_block (int block, int worker, void *data)
{
  const Prediction *p = data;
  const CwRidge *r = p->ridge;
  guint from = (guint) block * PREDICT_BLOCK;

  for (guint i = from; i < MIN (from + PREDICT_BLOCK, p->n); i++)
    {
      const float *x = p->x + (gsize) i * (gsize) r->dim;

      for (int t = 0; t < r->n_targets; t++)
        {
          const double *w = r->weights + (gsize) t * (gsize) r->dim;
          double sum = r->bias[t];

          for (int j = 0; j < r->dim; j++)
            sum += w[j] * (double) ((x[j] - r->mean[j]) * r->scale[j]);
          p->predicted[(gsize) i * (gsize) r->n_targets + (gsize) t] = sum;
        }
    }
}

void
cw_ridge_predict (const CwRidge *ridge, const float *x, guint n, double *predicted)
{
  Prediction p = { ridge, x, n, predicted };

  cw_parallel_for ((int) ((n + PREDICT_BLOCK - 1) / PREDICT_BLOCK), predict_block, &p);
}
