/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"
#include "learn/cw-negative-term.h"
#include "learn/cw-rows.h"
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
} SimclrParams;

static const CwParamSpec specs[] = {
  CW_NEGATIVE_TERM_SPECS,
  CW_PARAM_FLOAT (SimclrParams, temperature, "temperature", N_ ("Temperature"), "", 0.01, 10, 0.2,
                  N_ ("Divides the cosines between the faces of a batch")),
  CW_PARAM_END,
};

typedef struct
{
  float *unit, *d_unit; /* [rows, dim] */
  float *inverse;       /* [rows] */
  float *logits;        /* [2n, 2n]; then their gradient */
  float *cosines;       /* [1 + n_negatives, n]; then their gradient */
} Layout;

/* Returns the floats needed; @scratch may be NULL where only they are asked for. */
static size_t
lay_out (int n, int n_negatives, int dim, float *scratch, Layout *layout)
{
  size_t rows = (size_t) (2 + n_negatives) * (size_t) n;
  size_t embeddings = rows * (size_t) dim, pairs = 4 * (size_t) n * (size_t) n;

  if (scratch != NULL)
    {
      layout->unit = scratch;
      layout->d_unit = layout->unit + embeddings;
      layout->logits = layout->d_unit + embeddings;
      layout->inverse = layout->logits + pairs;
      layout->cosines = layout->inverse + rows;
    }
  return 2 * embeddings + pairs + rows + (size_t) (1 + n_negatives) * (size_t) n;
}

static size_t
simclr_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return lay_out (n, n_negatives, dim, NULL, NULL);
}

/* One row of logits: returns its log-sum-exp without @self and replaces it by @scale times the
 * gradient of (log-sum-exp - logit of @partner). */
static double
contrast_row (int n_views, int self, int partner, double scale, float *row)
{
  double highest = -HUGE_VAL, sum = 0;

  for (int b = 0; b < n_views; b++)
    {
      if (b != self)
        highest = MAX (highest, (double) row[b]);
    }
  for (int b = 0; b < n_views; b++)
    {
      if (b != self)
        sum += exp ((double) row[b] - highest);
    }
  for (int b = 0; b < n_views; b++)
    {
      double share = b == self ? 0 : exp ((double) row[b] - highest) / sum;

      row[b] = (float) (scale * (b == partner ? share - 1 : share));
    }
  return highest + log (sum);
}

/* Loss and gradient of NT-Xent; leaves d_unit of views 0 and 1. */
static void
contrast (const SimclrParams *params, int n, int dim, const Layout *layout,
          CwObjectiveOutput *output)
{
  const CwOps *ops = cw_ops ();
  int n_views = 2 * n;
  float scale = 1 / params->temperature;
  float *logits = layout->logits;
  double positive = 0, batch = 0;

  ops->gemm (0, 1, n_views, n_views, dim, scale, layout->unit, dim, layout->unit, dim, 0, logits,
             n_views);
  for (int a = 0; a < n_views; a++)
    {
      int partner = (a + n) % n_views;
      float *row = logits + (size_t) a * (size_t) n_views;

      positive -= (double) row[partner];
      batch += contrast_row (n_views, a, partner, 1.0 / n_views, row);
    }
  positive /= n_views;
  batch /= n_views;
  output->terms[0].name = "positive";
  output->terms[0].value = positive;
  output->terms[1].name = "batch";
  output->terms[1].value = batch;
  output->n_terms = 2;
  output->loss = positive + batch;

  /* A cosine stands in two rows: G u and its transpose, in two products. */
  ops->gemm (0, 0, n_views, dim, n_views, scale, logits, n_views, layout->unit, dim, 0,
             layout->d_unit, dim);
  ops->gemm (1, 0, n_views, dim, n_views, scale, logits, n_views, layout->unit, dim, 1,
             layout->d_unit, dim);
}

/* Value and gradient of the warp-negative term, on top of contrast()'s. */
static void
repel (const SimclrParams *params, const CwObjectiveInput *input, const Layout *layout,
       CwObjectiveOutput *output)
{
  int n = input->n, dim = input->dim;
  size_t view = (size_t) n * (size_t) dim;

  for (int v = 1; v < 2 + input->n_negatives; v++)
    {
      for (int i = 0; i < n; i++)
        {
          const float *anchor = layout->unit + (size_t) i * (size_t) dim;

          layout->cosines[(v - 1) * n + i]
              = (float) _cw_row_dot (dim, anchor, anchor + (size_t) v * view);
        }
    }
  cw_negative_term_evaluate (&params->term, (double) input->negative_weight, n,
                             input->n_negatives, layout->cosines, output);
  for (int v = 1; v < 2 + input->n_negatives; v++)
    {
      for (int i = 0; i < n; i++)
        {
          size_t at = (size_t) i * (size_t) dim, other = at + (size_t) v * view;
          float slope = layout->cosines[(v - 1) * n + i];

          _cw_row_add (dim, slope, layout->unit + other, layout->d_unit + at);
          _cw_row_add (dim, slope, layout->unit + at, layout->d_unit + other);
        }
    }
}

static void
simclr_evaluate (gconstpointer block, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  const SimclrParams *params = block;
  size_t rows = (size_t) (2 + input->n_negatives) * (size_t) input->n;
  size_t base = 2 * (size_t) input->n * (size_t) input->dim;
  Layout layout = { 0 };

  lay_out (input->n, input->n_negatives, input->dim, input->scratch, &layout);
  _cw_rows_normalise (rows, input->dim, input->online, layout.unit, layout.inverse);
  contrast (params, input->n, input->dim, &layout, output);
  cw_ops ()->fill (rows * (size_t) input->dim - base, 0, layout.d_unit + base);
  repel (params, input, &layout, output);
  _cw_rows_normalise_backward (rows, input->dim, layout.unit, layout.inverse, layout.d_unit,
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
  .scratch_size = simclr_scratch_size,
  .evaluate = simclr_evaluate,
};
