/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-linear.h"

#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "eval/cw-cholesky.h"
#include "eval/cw-holdout.h"
#include "eval/cw-lbfgs.h"
#include "eval/cw-standardise.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define ROW_BLOCK 512
/* Beyond this the covariance costs more than it saves. */
#define MAX_PRECONDITIONED 1536
#define TOLERANCE 1e-5
/* Choosing needs no more digits than the choice. */
#define ROUGH_TOLERANCE 1e-4

static const double l2_path[] = { 1, 0.3, 0.1, 0.03, 0.01, 0.003, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5 };

/* Features made ready for fitting: in a given order of rows, standardised, classes numbered. */
typedef struct
{
  guint n;        /* rows that are fitted: the first ones */
  int dim, n_classes;
  float *x;       /* [rows, dim] */
  int *classes;   /* [rows]: index of the class */
  double l2;
  float *weights; /* [dim, n_classes], single precision of what is tried */
  float *bias;
  float *logits;  /* [rows, n_classes]; then their residuals */
  float *slope;   /* [dim, n_classes] */
  double *block_loss; /* [blocks] */
  double *block_bias; /* [blocks, n_classes] */
  float *covariance;  /* (nullable): [dim, dim] of the rows that are fitted */
  double *factor;     /* (nullable): of covariance + l2 / curvature */
  double curvature;   /* mean p (1 - p) of the class shares */
} Problem;

static void
problem_clear (Problem *problem)
{
  g_free (problem->x);
  g_free (problem->classes);
  g_free (problem->weights);
  g_free (problem->bias);
  g_free (problem->logits);
  g_free (problem->slope);
  g_free (problem->block_loss);
  g_free (problem->block_bias);
  g_free (problem->covariance);
  g_free (problem->factor);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Problem, problem_clear)

void
cw_linear_free (CwLinear *linear)
{
  if (linear == NULL)
    return;
  g_free (linear->classes);
  g_free (linear->mean);
  g_free (linear->scale);
  g_free (linear->weights);
  g_free (linear->bias);
  g_free (linear);
}

static float *
alloc_floats (gsize a, gsize b)
{
  gsize size;

  if (!g_size_checked_mul (&size, a, b) || !g_size_checked_mul (&size, size, sizeof (float)))
    return NULL;
  return g_try_malloc0 (MAX (size, sizeof (float)));
}

/* Labels that occur; @index (transfer full) maps a label to its class. */
static int *
find_classes (const CwFeatures *features, CwLinear *linear)
{
  int max = 0, *index;

  for (guint i = 0; i < features->n; i++)
    max = MAX (max, features->labels[i]);
  index = g_new (int, max + 1);
  for (int c = 0; c <= max; c++)
    index[c] = -1;
  for (guint i = 0; i < features->n; i++)
    index[features->labels[i]] = 0;
  linear->classes = g_new (int, max + 1);
  for (int c = 0; c <= max; c++)
    {
      if (index[c] < 0)
        continue;
      index[c] = linear->n_classes;
      linear->classes[linear->n_classes++] = c;
    }
  return index;
}

/* @order: (nullable): the rows' order. */
static gboolean
prepare (const CwFeatures *features, const guint32 *order, CwLinear *linear, Problem *problem,
         GError **error)
{
  g_autofree int *index = NULL;
  guint n = features->n, n_blocks = (n + ROW_BLOCK - 1) / ROW_BLOCK;
  int dim = features->dim, k;

  if (features->n == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "no features to fit the linear probe on");
      return FALSE;
    }
  if (!_cw_standardise_check (features, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    g_return_val_if_fail (features->labels[i] >= 0, FALSE);
  linear->dim = dim;
  linear->mean = g_new (float, dim);
  linear->scale = g_new (float, dim);
  _cw_standardise_measure (features, linear->mean, linear->scale);
  index = find_classes (features, linear);
  k = linear->n_classes;
  linear->weights = g_new0 (float, (gsize) dim * (gsize) k);
  linear->bias = g_new0 (float, k);

  problem->dim = dim;
  problem->n_classes = k;
  problem->x = alloc_floats (n, (gsize) dim);
  problem->logits = alloc_floats (n, (gsize) k);
  if (problem->x == NULL || problem->logits == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY,
                   "not enough memory for a linear probe on %u features of %d", n, dim);
      return FALSE;
    }
  problem->classes = g_new (int, n);
  problem->weights = g_new (float, (gsize) dim * (gsize) k);
  problem->bias = g_new (float, k);
  problem->slope = g_new (float, (gsize) dim * (gsize) k);
  problem->block_loss = g_new (double, n_blocks);
  problem->block_bias = g_new (double, (gsize) n_blocks * (gsize) k);
  for (guint i = 0; i < n; i++)
    {
      guint row = order != NULL ? order[i] : i;

      _cw_standardise_row (linear->mean, linear->scale, dim,
                           features->x + (gsize) row * (gsize) dim,
                           problem->x + (gsize) i * (gsize) dim);
      problem->classes[i] = index[features->labels[row]];
    }
  return TRUE;
}

/* The first @n rows are those to fit from now on. */
static void
fit_on (Problem *problem, guint n)
{
  g_autofree guint *counts = g_new0 (guint, problem->n_classes);
  int dim = problem->dim;
  double squares = 0;

  problem->n = n;
  for (guint i = 0; i < n; i++)
    counts[problem->classes[i]]++;
  for (int c = 0; c < problem->n_classes; c++)
    squares += (double) counts[c] * counts[c] / ((double) n * n);
  problem->curvature = fmax ((1 - squares) / problem->n_classes, 1e-4);
  if (dim > MAX_PRECONDITIONED)
    return;
  if (problem->covariance == NULL)
    {
      problem->covariance = g_new (float, (gsize) dim * (gsize) dim);
      problem->factor = g_new (double, (gsize) dim * (gsize) dim);
    }
  cw_ops ()->gemm (1, 0, dim, dim, (int) n, 1.0f / (float) n, problem->x, dim, problem->x, dim,
                   0.0f, problem->covariance, dim);
}

/* Cross-entropy of one block of rows; its logits become softmax - one-hot. */
static void
residual_block (int block, int worker, void *data)
{
  Problem *p = data;
  guint from = (guint) block * ROW_BLOCK, to = MIN (from + ROW_BLOCK, p->n);
  double *bias = p->block_bias + (gsize) block * (gsize) p->n_classes, loss = 0;
  int k = p->n_classes;

  for (int c = 0; c < k; c++)
    bias[c] = 0;
  for (guint i = from; i < to; i++)
    {
      float *z = p->logits + (gsize) i * (gsize) k, max = -INFINITY, sum = 0;

      for (int c = 0; c < k; c++)
        {
          z[c] += p->bias[c];
          max = MAX (max, z[c]);
        }
      loss -= (double) (z[p->classes[i]] - max);
      for (int c = 0; c < k; c++)
        {
          z[c] = expf (z[c] - max);
          sum += z[c];
        }
      loss += log ((double) sum);
      for (int c = 0; c < k; c++)
        {
          z[c] = z[c] / sum - (c == p->classes[i] ? 1.0f : 0.0f);
          bias[c] += (double) z[c];
        }
    }
  p->block_loss[block] = loss;
}

static double
objective (const double *w, double *gradient, gpointer user_data)
{
  Problem *p = user_data;
  int k = p->n_classes, n_weights = p->dim * k, n_blocks = (int) ((p->n + ROW_BLOCK - 1) / ROW_BLOCK);
  double loss = 0, squares = 0;

  for (int i = 0; i < n_weights; i++)
    p->weights[i] = (float) w[i];
  for (int c = 0; c < k; c++)
    p->bias[c] = (float) w[n_weights + c];
  cw_ops ()->gemm (0, 0, (int) p->n, k, p->dim, 1.0f, p->x, p->dim, p->weights, k, 0.0f, p->logits,
                   k);
  cw_parallel_for (n_blocks, residual_block, p);
  cw_ops ()->gemm (1, 0, p->dim, k, (int) p->n, 1.0f, p->x, p->dim, p->logits, k, 0.0f, p->slope,
                   k);

  for (int c = 0; c < k; c++)
    gradient[n_weights + c] = 0;
  for (int b = 0; b < n_blocks; b++)
    {
      loss += p->block_loss[b];
      for (int c = 0; c < k; c++)
        gradient[n_weights + c] += p->block_bias[b * k + c] / p->n;
    }
  for (int i = 0; i < n_weights; i++)
    {
      gradient[i] = (double) p->slope[i] / p->n + p->l2 * w[i];
      squares += w[i] * w[i];
    }
  return loss / p->n + 0.5 * p->l2 * squares;
}

/* The Hessian where all classes are as likely as they are often, without what ties them together:
 * curvature * covariance + l2. */
static void
precondition (double *direction, gpointer user_data)
{
  const Problem *p = user_data;
  int n = (p->dim + 1) * p->n_classes;

  _cw_cholesky_solve (p->factor, p->dim, direction, p->n_classes);
  for (int i = 0; i < n; i++)
    direction[i] /= p->curvature;
}

static gboolean
factorise (Problem *problem)
{
  int dim = problem->dim;

  if (problem->covariance == NULL)
    return FALSE;
  for (gsize i = 0; i < (gsize) dim * (gsize) dim; i++)
    problem->factor[i] = (double) problem->covariance[i];
  for (int j = 0; j < dim; j++)
    problem->factor[(gsize) j * (gsize) dim + (gsize) j] += problem->l2 / problem->curvature;
  return _cw_cholesky_factor (problem->factor, dim);
}

/* From @w to the minimum at @l2, in @w. */
static gboolean
solve (Problem *problem, double l2, double tolerance, int max_iterations, double *w,
       CwLbfgsResult *result, CwJob *job, GError **error)
{
  CwLbfgsOptions options = { .max_iterations = max_iterations, .tolerance = tolerance };
  int n = (problem->dim + 1) * problem->n_classes;
  gboolean factorised;

  problem->l2 = l2;
  factorised = factorise (problem);
  if (!cw_lbfgs_minimise (n, w, objective, factorised ? precondition : NULL, problem, &options,
                          result, job, error))
    return FALSE;
  g_debug ("l2 %g: %d iterations, %d evaluations, value %.6f, gradient %.2g%s", l2,
           result->iterations, result->evaluations, result->value, result->gradient,
           result->converged ? "" : ", not converged");
  return TRUE;
}

static gboolean
finish (CwLinear *linear, Problem *problem, double l2, int max_iterations, double *w, CwJob *job,
        GError **error)
{
  int n_weights = linear->dim * linear->n_classes;
  CwLbfgsResult result;

  if (!solve (problem, l2, TOLERANCE, max_iterations, w, &result, job, error))
    return FALSE;
  for (int i = 0; i < n_weights; i++)
    linear->weights[i] = (float) w[i];
  for (int c = 0; c < linear->n_classes; c++)
    linear->bias[c] = (float) w[n_weights + c];
  linear->l2 = l2;
  linear->n_iterations = result.iterations;
  linear->converged = result.converged;
  return TRUE;
}

CwLinear *
cw_linear_fit (const CwFeatures *features, double l2, int max_iterations, CwJob *job,
               GError **error)
{
  g_autoptr (CwLinear) linear = g_new0 (CwLinear, 1);
  g_auto (Problem) problem = { 0 };
  g_autofree double *w = NULL;

  g_return_val_if_fail (l2 > 0, NULL);

  if (!prepare (features, NULL, linear, &problem, error))
    return NULL;
  fit_on (&problem, features->n);
  w = g_new0 (double, (gsize) (linear->dim + 1) * (gsize) linear->n_classes);
  if (!finish (linear, &problem, l2, max_iterations, w, job, error))
    return NULL;
  return g_steal_pointer (&linear);
}

/* Mean cross-entropy of the rows that are not fitted, under @w. */
static double
held_out_loss (Problem *problem, guint n_all, const double *w)
{
  int k = problem->n_classes, n_weights = problem->dim * k;
  Problem held = *problem;
  double loss = 0;

  /* Scratch is shared with the fitted rows; only the data moves on. */
  held.n = n_all - problem->n;
  held.x = problem->x + (gsize) problem->n * (gsize) problem->dim;
  held.classes = problem->classes + problem->n;
  for (int i = 0; i < n_weights; i++)
    held.weights[i] = (float) w[i];
  for (int c = 0; c < k; c++)
    held.bias[c] = (float) w[n_weights + c];
  cw_ops ()->gemm (0, 0, (int) held.n, k, held.dim, 1.0f, held.x, held.dim, held.weights, k, 0.0f,
                   held.logits, k);
  cw_parallel_for ((int) ((held.n + ROW_BLOCK - 1) / ROW_BLOCK), residual_block, &held);
  for (guint b = 0; b < (held.n + ROW_BLOCK - 1) / ROW_BLOCK; b++)
    loss += held.block_loss[b];
  return loss / held.n;
}

/* Walks the path from strong to weak, each start where the last ended; stops when it got worse
 * twice. */
static gboolean
choose_l2 (Problem *problem, guint n_all, int max_iterations, double *w, double *l2, CwJob *job,
           GError **error)
{
  gsize n = (gsize) (problem->dim + 1) * (gsize) problem->n_classes;
  g_autofree double *best_w = g_new0 (double, n);
  double best = INFINITY;
  int n_worse = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (l2_path) && n_worse < 2; i++)
    {
      CwLbfgsResult result;
      double loss;

      if (!cw_job_progress (job, (double) i / (G_N_ELEMENTS (l2_path) + 1),
                            _ ("Fitting the linear probe"), error)
          || !solve (problem, l2_path[i], ROUGH_TOLERANCE, max_iterations, w, &result, job, error))
        return FALSE;
      loss = held_out_loss (problem, n_all, w);
      if (loss < best)
        {
          best = loss;
          *l2 = l2_path[i];
          memcpy (best_w, w, n * sizeof *w);
          n_worse = 0;
        }
      else
        n_worse++;
    }
  memcpy (w, best_w, n * sizeof *w);
  return TRUE;
}

CwLinear *
cw_linear_fit_best (const CwFeatures *features, guint64 seed, int max_iterations, CwJob *job,
                    GError **error)
{
  g_autoptr (CwLinear) linear = g_new0 (CwLinear, 1);
  g_auto (Problem) problem = { 0 };
  g_autofree guint32 *order = g_new (guint32, MAX (features->n, 1));
  g_autofree double *w = NULL;
  guint n_held = _cw_holdout_order (features, seed, order);
  double l2 = 0.01;

  if (!prepare (features, order, linear, &problem, error))
    return NULL;
  w = g_new0 (double, (gsize) (linear->dim + 1) * (gsize) linear->n_classes);
  if (n_held > 0)
    {
      fit_on (&problem, features->n - n_held);
      if (!choose_l2 (&problem, features->n, max_iterations, w, &l2, job, error))
        return NULL;
    }
  fit_on (&problem, features->n);
  if (!finish (linear, &problem, l2, max_iterations, w, job, error)
      || !cw_job_progress (job, 1, _ ("Fitting the linear probe"), error))
    return NULL;
  return g_steal_pointer (&linear);
}

gboolean
cw_linear_predict (const CwLinear *linear, const float *x, guint n, int *labels, GError **error)
{
  int k = linear->n_classes, dim = linear->dim;
  guint block = MIN (n, 4096);
  g_autofree float *rows = alloc_floats (block, (gsize) dim);
  g_autofree float *logits = alloc_floats (block, (gsize) k);

  if (rows == NULL || logits == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory to score features of %d",
                   dim);
      return FALSE;
    }
  for (guint from = 0; from < n; from += block)
    {
      guint count = MIN (block, n - from);

      for (guint i = 0; i < count; i++)
        _cw_standardise_row (linear->mean, linear->scale, dim,
                             x + (gsize) (from + i) * (gsize) dim, rows + (gsize) i * (gsize) dim);
      cw_ops ()->gemm (0, 0, (int) count, k, dim, 1.0f, rows, dim, linear->weights, k, 0.0f, logits,
                       k);
      for (guint i = 0; i < count; i++)
        {
          const float *z = logits + (gsize) i * (gsize) k;
          int best = 0;

          for (int c = 1; c < k; c++)
            {
              if (z[c] + linear->bias[c] > z[best] + linear->bias[best])
                best = c;
            }
          labels[from + i] = linear->classes[best];
        }
    }
  return TRUE;
}
