/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-rows.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>

/* BYOL (Grill et al., NeurIPS 2020): the prediction q of one view shall point where the target
 * network's projection t of the other does. Per image
 *
 *   1/2 [(2 - 2 cos (q0, t1)) + (2 - 2 cos (q1, t0))],   mean over images: 0 .. 4.
 *
 * The paper adds the two directions; their mean here is half of that, so that the warp-negative
 * term has the same weight against one comparison whichever the objective. The term compares with
 * the target's projection of the anchor: cos+ = cos (q1, t0), cos-_k = cos (q of warped view k, t0).
 * No gradient goes into the target; the warped views are encoded by the online branch. */

static const CwParamSpec specs[] = {
  CW_NEGATIVE_TERM_SPECS,
  CW_PARAM_END,
};

typedef struct
{
  float *unit, *d_unit, *inverse; /* online: [rows, dim], [rows] */
  float *target, *target_inverse; /* [2n, dim], [2n] */
  float *cosines;                 /* [1 + n_negatives, n]; then their gradient */
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (int n, int n_negatives, int dim, float *scratch, Layout *layout)
{
  size_t views = 2 * (size_t) n, rows = views + (size_t) n_negatives * (size_t) n;
  size_t embeddings = rows * (size_t) dim;

  if (scratch != NULL)
    {
      layout->unit = scratch;
      layout->d_unit = layout->unit + embeddings;
      layout->target = layout->d_unit + embeddings;
      layout->inverse = layout->target + views * (size_t) dim;
      layout->target_inverse = layout->inverse + rows;
      layout->cosines = layout->target_inverse + views;
    }
  return 2 * embeddings + views * (size_t) dim + rows + views
         + (size_t) (1 + n_negatives) * (size_t) n;
}

static size_t
byol_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return lay_out (n, n_negatives, dim, NULL, NULL);
}

/* Both directions of the base loss; d_unit must be zero. */
static void
attract (int n, int dim, const Layout *layout, CwObjectiveOutput *output)
{
  double sum = 0;

  for (int a = 0; a < 2 * n; a++)
    {
      size_t at = (size_t) a * (size_t) dim;
      const float *target = layout->target + (size_t) ((a + n) % (2 * n)) * (size_t) dim;

      sum += 1 - _cw_row_dot (dim, layout->unit + at, target);
      _cw_row_add (dim, -1.0f / (float) n, target, layout->d_unit + at);
    }
  output->terms[0].name = "positive";
  output->terms[0].value = sum / n;
  output->n_terms = 1;
  output->loss = sum / n;
}

static void
repel (const CwNegativeTermParams *params, const CwObjectiveInput *input, const Layout *layout,
       CwObjectiveOutput *output)
{
  int n = input->n, dim = input->dim, n_cosines = (1 + input->n_negatives) * n;

  /* Row n + c of the predictions belongs to cosine c: positives first, then the warped views. */
  for (int c = 0; c < n_cosines; c++)
    layout->cosines[c]
        = (float) _cw_row_dot (dim, layout->unit + (size_t) (n + c) * (size_t) dim,
                               layout->target + (size_t) (c % n) * (size_t) dim);
  cw_negative_term_evaluate (params, (double) input->negative_weight, n, input->n_negatives,
                             layout->cosines, output);
  for (int c = 0; c < n_cosines; c++)
    _cw_row_add (dim, layout->cosines[c], layout->target + (size_t) (c % n) * (size_t) dim,
                 layout->d_unit + (size_t) (n + c) * (size_t) dim);
}

static void
byol_evaluate (gconstpointer params, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  int n = input->n, dim = input->dim;
  size_t rows = (size_t) (2 + input->n_negatives) * (size_t) n;
  Layout layout = { 0 };

  lay_out (n, input->n_negatives, dim, input->scratch, &layout);
  _cw_rows_normalise (rows, dim, input->online, layout.unit, layout.inverse);
  _cw_rows_normalise (2 * (size_t) n, dim, input->target, layout.target, layout.target_inverse);
  cw_ops ()->fill (rows * (size_t) dim, 0, layout.d_unit);
  attract (n, dim, &layout, output);
  repel (params, input, &layout, output);
  _cw_rows_normalise_backward (rows, dim, layout.unit, layout.inverse, layout.d_unit,
                               output->d_online);
}

const CwObjectiveClass _cw_objective_byol = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "byol",
    .label = N_ ("BYOL"),
    .description = N_ ("Predict the target network's view of the same face, plus warp negatives"),
    .params = specs,
    .params_size = sizeof (CwNegativeTermParams),
  },
  .needs_predictor = TRUE,
  .needs_target = TRUE,
  .scratch_size = byol_scratch_size,
  .evaluate = byol_evaluate,
};
