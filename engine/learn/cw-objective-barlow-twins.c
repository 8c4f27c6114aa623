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

/* Barlow Twins (Zbontar et al., ICML 2021): each dimension of the projections is standardised over
 * the batch, y = (z - mean) / sqrt (variance + 1e-5) with the variance of the population, and the
 * correlations between the dimensions of both views, C = y0^T y1 / n, shall be the identity:
 *
 *   scale [sum_i (1 - C_ii)^2 + lambda sum_{i != j} C_ij^2].
 *
 * Reported in these two parts, "invariance" and "redundancy". The scale, 0.024 as in the authors'
 * code, matters beside the warp-negative term and for optimizers that look at a gradient's length.
 * The term compares the cosines of the projections as they are, with gradient into all. */

#define VARIANCE_EPS 1e-5

typedef struct
{
  CwNegativeTermParams term;
  float lambda, scale;
} BarlowParams;

static const CwParamSpec specs[] = {
  CW_NEGATIVE_TERM_SPECS,
  CW_PARAM_FLOAT (BarlowParams, lambda, "lambda", N_ ("Redundancy"), "", 0, 10, 0.0051,
                  N_ ("Factor of the correlations between different dimensions")),
  CW_PARAM_FLOAT (BarlowParams, scale, "scale", N_ ("Scale"), "", 1e-6, 1000, 0.024,
                  N_ ("Factor of the loss but for its warp-negative term")),
  CW_PARAM_END,
};

typedef struct
{
  float *unit, *d_unit, *inverse; /* [rows, dim], [rows] */
  float *y, *d_y;                 /* [2n, dim]: standardised */
  float *deviation;               /* [2, dim]: 1 / standard deviation */
  float *correlation;             /* [dim, dim]; then the gradient by it */
  float *negatives;               /* scratch of the warp-negative term */
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (const BarlowParams *params, int n, int n_negatives, int dim, float *scratch,
         Layout *layout)
{
  size_t rows = (size_t) (2 + n_negatives) * (size_t) n, d = (size_t) dim;
  size_t views = 2 * (size_t) n * d;

  if (scratch != NULL)
    {
      layout->unit = scratch;
      layout->d_unit = layout->unit + rows * d;
      layout->y = layout->d_unit + rows * d;
      layout->d_y = layout->y + views;
      layout->correlation = layout->d_y + views;
      layout->deviation = layout->correlation + d * d;
      layout->inverse = layout->deviation + 2 * d;
      layout->negatives = layout->inverse + rows;
    }
  return 2 * rows * d + 2 * views + d * d + 2 * d + rows
         + cw_negative_term_scratch_size (&params->term, n, n_negatives);
}

static size_t
barlow_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return lay_out (params, n, n_negatives, dim, NULL, NULL);
}

static void
standardise (const CwObjectiveInput *input, const Layout *layout)
{
  size_t dim = (size_t) input->dim, view = (size_t) input->n * dim;

  for (size_t v = 0; v < 2; v++)
    {
      float *deviation = layout->deviation + v * dim;

      _cw_columns_centre ((size_t) input->n, input->dim, input->online + v * view,
                          layout->y + v * view, deviation);
      for (size_t j = 0; j < dim; j++)
        deviation[j] = (float) (1 / sqrt ((double) deviation[j] + VARIANCE_EPS));
      _cw_columns_scale ((size_t) input->n, input->dim, deviation, layout->y + v * view);
    }
}

/* Both terms; the correlations make way for the gradient by them. */
static void
be_identity (const BarlowParams *params, int dim, float *correlation, CwObjectiveOutput *output)
{
  double scale = (double) params->scale, other = scale * (double) params->lambda;
  double invariance = 0, redundancy = 0;

  for (int i = 0; i < dim; i++)
    {
      for (int j = 0; j < dim; j++)
        {
          float *c = correlation + (size_t) i * (size_t) dim + (size_t) j;
          double off = i == j ? (double) *c - 1 : (double) *c;

          if (i == j)
            invariance += off * off;
          else
            redundancy += off * off;
          *c = (float) (2 * (i == j ? scale : other) * off);
        }
    }
  output->terms[0].name = "invariance";
  output->terms[0].value = scale * invariance;
  output->terms[1].name = "redundancy";
  output->terms[1].value = other * redundancy;
  output->n_terms = 2;
  output->loss = scale * invariance + other * redundancy;
}

static void
correlate (const BarlowParams *params, const CwObjectiveInput *input, const Layout *layout,
           CwObjectiveOutput *output)
{
  const CwOps *ops = cw_ops ();
  int n = input->n, dim = input->dim;
  size_t view = (size_t) n * (size_t) dim;
  float mean = 1.0f / (float) n;

  ops->gemm (1, 0, dim, dim, n, mean, layout->y, dim, layout->y + view, dim, 0,
             layout->correlation, dim);
  be_identity (params, dim, layout->correlation, output);
  ops->gemm (0, 1, n, dim, dim, mean, layout->y + view, dim, layout->correlation, dim, 0,
             layout->d_y, dim);
  ops->gemm (0, 0, n, dim, dim, mean, layout->y, dim, layout->correlation, dim, 0,
             layout->d_y + view, dim);
  for (size_t v = 0; v < 2; v++)
    _cw_columns_standardise_backward ((size_t) n, dim, layout->y + v * view,
                                      layout->deviation + v * (size_t) dim, layout->d_y + v * view,
                                      output->d_online + v * view);
}

static void
barlow_evaluate (gconstpointer block, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  const BarlowParams *params = block;
  size_t rows = (size_t) (2 + input->n_negatives) * (size_t) input->n;
  Layout layout = { 0 };

  lay_out (params, input->n, input->n_negatives, input->dim, input->scratch, &layout);
  _cw_rows_normalise (rows, input->dim, input->online, layout.unit, layout.inverse);
  cw_ops ()->fill (rows * (size_t) input->dim, 0, layout.d_unit);
  standardise (input, &layout);
  correlate (params, input, &layout, output);
  cw_negative_term_online (&params->term, input, layout.unit, layout.d_unit, layout.negatives,
                           output);
  _cw_rows_normalise_backward (rows, input->dim, layout.unit, layout.inverse, layout.d_unit,
                               output->d_online);
}

const CwObjectiveClass _cw_objective_barlow_twins = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "barlow-twins",
    .label = N_ ("Barlow Twins"),
    .description = N_ ("Dimensions equal in both views and uncorrelated; warp negatives by the "
                       "cosines of projections"),
    .params = specs,
    .params_size = sizeof (BarlowParams),
  },
  .head = CW_HEAD_PROJECTION,
  .scratch_size = barlow_scratch_size,
  .evaluate = barlow_evaluate,
};
