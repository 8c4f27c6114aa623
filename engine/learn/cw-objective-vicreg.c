/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-columns.h"
#include "learn/cw-learn-builtins.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-rows.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* VICReg (Bardes, Ponce & LeCun, ICLR 2022), on projections z0, z1 [n, d] of both views as they are,
 * not normalised. With c the projections less their mean over the batch, and every term as the
 * authors' code has it (the means over d included):
 *
 *   invariance  lambda  mean over n, d of (z0 - z1)^2
 *   variance    mu      mean over views, d of max (0, 1 - sqrt (sum_n c^2 / (n - 1) + 1e-4))
 *   covariance  nu      sum over views of 1/d sum_{i != j} C_ij^2,   C = c^T c / (n - 1)
 *
 * The warp-negative term compares the cosines of the projections, with gradient into all. */

#define VARIANCE_EPS 1e-4

typedef struct
{
  CwNegativeTermParams term;
  float invariance, variance, covariance;
} VicregParams;

static const CwParamSpec specs[] = {
  CW_NEGATIVE_TERM_SPECS,
  CW_PARAM_FLOAT (VicregParams, invariance, "invariance", N_ ("Invariance"), "", 0, 1000, 25,
                  N_ ("Factor of the squared distance between both views")),
  CW_PARAM_FLOAT (VicregParams, variance, "variance", N_ ("Variance"), "", 0, 1000, 25,
                  N_ ("Factor of what a dimension's standard deviation lacks to 1")),
  CW_PARAM_FLOAT (VicregParams, covariance, "covariance", N_ ("Covariance"), "", 0, 1000, 1,
                  N_ ("Factor of the squared covariances between dimensions")),
  CW_PARAM_END,
};

typedef struct
{
  float *unit, *d_unit, *inverse; /* [rows, dim], [rows] */
  float *centred;                 /* [n, dim], of one view */
  float *variance;                /* [dim]; then the slope of the variance term by c, over c */
  float *covariance;              /* [dim, dim]; its diagonal 0 */
  float *negatives;               /* scratch of the warp-negative term */
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (const VicregParams *params, int n, int n_negatives, int dim, float *scratch,
         Layout *layout)
{
  size_t rows = (size_t) (2 + n_negatives) * (size_t) n, d = (size_t) dim;
  size_t view = (size_t) n * d;

  if (scratch != NULL)
    {
      layout->unit = scratch;
      layout->d_unit = layout->unit + rows * d;
      layout->centred = layout->d_unit + rows * d;
      layout->covariance = layout->centred + view;
      layout->variance = layout->covariance + d * d;
      layout->inverse = layout->variance + d;
      layout->negatives = layout->inverse + rows;
    }
  return 2 * rows * d + view + d * d + d + rows
         + cw_negative_term_scratch_size (&params->term, n, n_negatives);
}

static size_t
vicreg_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return lay_out (params, n, n_negatives, dim, NULL, NULL);
}

/* Returns the term; adds its gradient. */
static double
pull_together (double factor, size_t n_values, const float *z, float *d_z)
{
  double sum = 0, mean = factor / (double) n_values;

  for (size_t i = 0; i < n_values; i++)
    {
      double apart = (double) z[i] - (double) z[n_values + i];
      float slope = (float) (2 * mean * apart);

      sum += apart * apart;
      d_z[i] += slope;
      d_z[n_values + i] -= slope;
    }
  return mean * sum;
}

/* Of one view. Replaces the variances by what makes the term's gradient of the centred values. */
static double
spread_out (double factor, int n, int dim, float *variance)
{
  double sum = 0, mean = factor / (2.0 * dim);

  for (int j = 0; j < dim; j++)
    {
      double std = sqrt ((double) variance[j] * n / (n - 1) + VARIANCE_EPS);
      double lacks = 1 - std, slope = -mean / ((n - 1) * std);

      /* Written so that NaN counts as lacking: it must reach the loss. */
      if (lacks <= 0)
        lacks = slope = 0;
      sum += lacks;
      variance[j] = (float) slope;
    }
  return mean * sum;
}

/* Of one view: the term, and its gradient added to @d_z. */
static double
decorrelate (double factor, int n, int dim, const Layout *layout, float *d_z)
{
  const CwOps *ops = cw_ops ();
  double mean = factor / dim;

  ops->gemm (1, 0, dim, dim, n, 1.0f / (float) (n - 1), layout->centred, dim, layout->centred, dim,
             0, layout->covariance, dim);
  for (int j = 0; j < dim; j++)
    layout->covariance[(size_t) j * (size_t) (dim + 1)] = 0;
  ops->gemm (0, 0, n, dim, dim, (float) (4 * mean / (n - 1)), layout->centred, dim,
             layout->covariance, dim, 1, d_z, dim);
  return mean * ops->sum_squares ((size_t) dim * (size_t) dim, layout->covariance);
}

/* Variance and covariance of both views. */
static void
regularise (const VicregParams *params, const CwObjectiveInput *input, const Layout *layout,
            double terms[2], float *d_online)
{
  int n = input->n, dim = input->dim;
  size_t view = (size_t) n * (size_t) dim;

  for (size_t v = 0; v < 2; v++)
    {
      float *d_view = d_online + v * view;

      _cw_columns_centre ((size_t) n, dim, input->online + v * view, layout->centred,
                          layout->variance);
      terms[0] += spread_out ((double) params->variance, n, dim, layout->variance);
      terms[1] += decorrelate ((double) params->covariance, n, dim, layout, d_view);
      _cw_columns_scale ((size_t) n, dim, layout->variance, layout->centred);
      cw_ops ()->axpy (view, 1, layout->centred, d_view);
    }
}

static void
vicreg_evaluate (gconstpointer block, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  const VicregParams *params = block;
  static const char *const names[] = { "invariance", "variance", "covariance" };
  size_t rows = (size_t) (2 + input->n_negatives) * (size_t) input->n;
  double terms[3] = { 0 };
  Layout layout = { 0 };

  lay_out (params, input->n, input->n_negatives, input->dim, input->scratch, &layout);
  _cw_rows_normalise (rows, input->dim, input->online, layout.unit, layout.inverse);
  cw_ops ()->fill (rows * (size_t) input->dim, 0, layout.d_unit);
  terms[0] = pull_together ((double) params->invariance, (size_t) input->n * (size_t) input->dim,
                            input->online, output->d_online);
  regularise (params, input, &layout, terms + 1, output->d_online);
  for (int t = 0; t < 3; t++)
    {
      output->terms[t].name = names[t];
      output->terms[t].value = terms[t];
      output->loss += terms[t];
    }
  output->n_terms = 3;
  cw_negative_term_online (&params->term, input, layout.unit, layout.d_unit, layout.negatives,
                           output);
  _cw_rows_normalise_backward (rows, input->dim, layout.unit, layout.inverse, layout.d_unit,
                               output->d_online);
}

const CwObjectiveClass _cw_objective_vicreg = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "vicreg",
    .label = N_ ("VICReg"),
    .description = N_ ("Both views alike, dimensions spread and uncorrelated; warp negatives by "
                       "the cosines of projections"),
    .params = specs,
    .params_size = sizeof (VicregParams),
  },
  .head = CW_HEAD_PROJECTION,
  .scratch_size = vicreg_scratch_size,
  .evaluate = vicreg_evaluate,
};
