/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-prediction.h"

#include "learn/cw-rows.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>

const CwParamSpec _cw_prediction_specs[] = {
  CW_NEGATIVE_TERM_SPECS,
  CW_NEGATIVE_BRANCH_SPEC (CwPredictionParams, branch),
  CW_NEGATIVE_SPACE_SPEC (CwPredictionParams, space),
  CW_PARAM_END,
};

typedef struct
{
  float *unit, *d_unit, *inverse; /* online: [rows, dim], [rows] */
  float *target, *target_inverse; /* [rows, dim], [rows], or the first 2n of them */
  float *negatives;               /* scratch of the warp-negative term */
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (const CwPredictionParams *params, int n, int n_negatives, int dim, float *scratch,
         Layout *layout)
{
  size_t rows = (size_t) (2 + n_negatives) * (size_t) n;
  size_t embeddings = rows * (size_t) dim;

  if (scratch != NULL)
    {
      layout->unit = scratch;
      layout->d_unit = layout->unit + embeddings;
      layout->target = layout->d_unit + embeddings;
      layout->inverse = layout->target + embeddings;
      layout->target_inverse = layout->inverse + rows;
      layout->negatives = layout->target_inverse + rows;
    }
  return 3 * embeddings + 2 * rows
         + cw_negative_term_scratch_size (&params->term, n, n_negatives);
}

size_t
_cw_prediction_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return lay_out (params, n, n_negatives, dim, NULL, NULL);
}

gboolean
_cw_prediction_target_negatives (gconstpointer block)
{
  const CwPredictionParams *params = block;

  return cw_negative_term_needs_target (&params->term, params->branch);
}

/* Both directions of the base loss; d_unit must be zero. */
static void
attract (double scale, double offset, int n, int dim, const Layout *layout,
         CwObjectiveOutput *output)
{
  double sum = 0;

  for (int a = 0; a < 2 * n; a++)
    {
      size_t at = (size_t) a * (size_t) dim;
      const float *target = layout->target + (size_t) ((a + n) % (2 * n)) * (size_t) dim;

      sum += scale * (offset - _cw_row_dot (dim, layout->unit + at, target));
      _cw_row_add (dim, (float) -scale / (float) n, target, layout->d_unit + at);
    }
  output->terms[0].name = "positive";
  output->terms[0].value = sum / n;
  output->n_terms = 1;
  output->loss = sum / n;
}

/* Normalises some of the dimensions; no gradient yet. */
static void
begin (const CwPredictionParams *params, const CwObjectiveInput *input, int from, int to,
       const Layout *layout)
{
  size_t views = 2 * (size_t) input->n;
  size_t rows = views + (size_t) input->n_negatives * (size_t) input->n;

  _cw_rows_normalise_part (rows, input->dim, from, to, input->online, layout->unit,
                           layout->inverse);
  _cw_rows_normalise_part (_cw_prediction_target_negatives (params) ? rows : views, input->dim, from,
                           to, input->target, layout->target, layout->target_inverse);
  cw_ops ()->fill (rows * (size_t) input->dim, 0, layout->d_unit);
}

void
_cw_prediction_evaluate (const CwPredictionParams *params, double scale, double offset,
                         const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  int n = input->n, dim = input->dim;
  size_t rows = (size_t) (2 + input->n_negatives) * (size_t) n;
  int base_dim = cw_negative_term_base_dim (&params->term, (CwNegativeSpace) params->space, input);
  Layout layout = { 0 };

  lay_out (params, n, input->n_negatives, dim, input->scratch, &layout);
  begin (params, input, 0, base_dim, &layout);
  attract (scale, offset, n, dim, &layout, output);
  if (base_dim < dim)
    {
      cw_negative_term_measure_base (n, dim, layout.target, layout.unit + (size_t) n * (size_t) dim,
                                     output);
      _cw_rows_normalise_backward (rows, dim, layout.unit, layout.inverse, layout.d_unit,
                                   output->d_online);
      begin (params, input, base_dim, dim, &layout);
    }
  cw_negative_term_target (&params->term, params->branch, input, layout.unit, layout.d_unit,
                           layout.target, layout.negatives, output);
  _cw_rows_normalise_backward (rows, dim, layout.unit, layout.inverse, layout.d_unit,
                               output->d_online);
}
