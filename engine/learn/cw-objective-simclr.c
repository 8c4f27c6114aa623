/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-rows.h"
#include "learn/cw-softmax.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* NT-Xent (Chen et al., SimCLR, ICML 2020): each of the 2n views 0 and 1 has to pick its partner
 * out of the 2n - 1 others by cosine / temperature; mean over the 2n. Reported in two parts that add up
 * to it: "positive", minus the logit of the partner, and "batch", the log-sum-exp over the others.
 * Warp negatives take no part in it; they have the term of their own, of the cosines with the
 * anchor's projection, with gradient into anchor, positive and warped views alike. */

typedef struct
{
  CwNegativeTermParams term;
  float temperature;
  int space; /* CwNegativeSpace */
} SimclrParams;

static const CwParamSpec specs[] = {
  CW_NEGATIVE_TERM_SPECS,
  CW_PARAM_FLOAT (SimclrParams, temperature, "temperature", N_ ("Temperature"), "", 0.01, 10, 0.2,
                  N_ ("Divides the cosines between the faces of a batch")),
  CW_NEGATIVE_SPACE_SPEC (SimclrParams, space),
  CW_PARAM_END,
};

typedef struct
{
  float *unit, *d_unit; /* [rows, dim] */
  float *inverse;       /* [rows] */
  float *logits;        /* [2n, 2n]; then their gradient */
  float *lse;           /* [2n] */
  float *negatives;     /* scratch of the warp-negative term */
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (const SimclrParams *params, int n, int n_negatives, int dim, float *scratch,
         Layout *layout)
{
  size_t rows = (size_t) (2 + n_negatives) * (size_t) n;
  size_t embeddings = rows * (size_t) dim, pairs = 4 * (size_t) n * (size_t) n;

  if (scratch != NULL)
    {
      layout->unit = scratch;
      layout->d_unit = layout->unit + embeddings;
      layout->logits = layout->d_unit + embeddings;
      layout->inverse = layout->logits + pairs;
      layout->lse = layout->inverse + rows;
      layout->negatives = layout->lse + 2 * (size_t) n;
    }
  return 2 * embeddings + pairs + rows + 2 * (size_t) n
         + cw_negative_term_scratch_size (&params->term, n, n_negatives);
}

static size_t
simclr_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return lay_out (params, n, n_negatives, dim, NULL, NULL);
}

/* From the logits their gradient, and the two terms. */
static void
cross_entropy (int n_views, const Layout *layout, CwObjectiveOutput *output)
{
  double positive = 0, batch = 0;
  size_t n = (size_t) n_views;

  for (size_t a = 0; a < n; a++)
    {
      float *row = layout->logits + a * n;

      positive -= (double) row[(a + n / 2) % n];
      row[a] = -INFINITY; /* no view is its own partner */
    }
  _cw_softmax_rows (n, n, 1.0 / n_views, layout->logits, layout->lse);
  for (size_t a = 0; a < n; a++)
    {
      layout->logits[a * n + (a + n / 2) % n] -= 1.0f / (float) n_views;
      batch += (double) layout->lse[a];
    }
  output->terms[0].name = "positive";
  output->terms[0].value = positive / n_views;
  output->terms[1].name = "batch";
  output->terms[1].value = batch / n_views;
  output->n_terms = 2;
  output->loss = (positive + batch) / n_views;
}

/* Loss and gradient of NT-Xent; leaves d_unit of views 0 and 1. */
static void
contrast (const SimclrParams *params, int n, int dim, const Layout *layout,
          CwObjectiveOutput *output)
{
  const CwOps *ops = cw_ops ();
  int n_views = 2 * n;
  float scale = 1 / params->temperature;

  ops->gemm (0, 1, n_views, n_views, dim, scale, layout->unit, dim, layout->unit, dim, 0,
             layout->logits, n_views);
  cross_entropy (n_views, layout, output);
  /* A cosine stands in two rows: G u and its transpose, in two products. */
  ops->gemm (0, 0, n_views, dim, n_views, scale, layout->logits, n_views, layout->unit, dim, 0,
             layout->d_unit, dim);
  ops->gemm (1, 0, n_views, dim, n_views, scale, layout->logits, n_views, layout->unit, dim, 1,
             layout->d_unit, dim);
}

static void
simclr_evaluate (gconstpointer block, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  const SimclrParams *params = block;
  int dim = input->dim;
  size_t rows = (size_t) (2 + input->n_negatives) * (size_t) input->n, embeddings = rows * (size_t) dim;
  size_t base = 2 * (size_t) input->n * (size_t) dim;
  int base_dim = cw_negative_term_base_dim (&params->term, (CwNegativeSpace) params->space, input);
  Layout layout = { 0 };

  lay_out (params, input->n, input->n_negatives, dim, input->scratch, &layout);
  _cw_rows_normalise_part (rows, dim, 0, base_dim, input->online, layout.unit, layout.inverse);
  contrast (params, input->n, dim, &layout, output);
  cw_ops ()->fill (embeddings - base, 0, layout.d_unit + base);
  if (base_dim < dim)
    {
      cw_negative_term_measure_base (input->n, dim, layout.unit, layout.unit + base / 2, output);
      _cw_rows_normalise_backward (rows, dim, layout.unit, layout.inverse, layout.d_unit,
                                   output->d_online);
      _cw_rows_normalise_part (rows, dim, base_dim, dim, input->online, layout.unit, layout.inverse);
      cw_ops ()->fill (embeddings, 0, layout.d_unit);
    }
  cw_negative_term_online (&params->term, input, layout.unit, layout.d_unit, layout.negatives,
                           output);
  _cw_rows_normalise_backward (rows, dim, layout.unit, layout.inverse, layout.d_unit,
                               output->d_online);
}

const CwObjectiveClass _cw_objective_simclr = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "simclr",
    .label = N_ ("SimCLR"),
    .description = N_ ("Contrast with the other faces of the batch, plus warp negatives"),
    .params = specs,
    .params_size = sizeof (SimclrParams),
  },
  .head = CW_HEAD_PROJECTION,
  .scratch_size = simclr_scratch_size,
  .evaluate = simclr_evaluate,
};
