/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "config.h"

#include "learn/cw-learn-builtins.h"
#include "learn/cw-rows.h"
#include "learn/cw-softmax.h"
#include "nn/cw-ops.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Cross-entropy of the data's labels, for the baseline that methods without labels are compared
 * with. Mean over views 0 and 1 of all labelled images of
 *
 *   -sum_c t_c log softmax (logits)_c,   t = (1 - s) [c is the label] + s / classes
 *
 * with the smoothing s (Szegedy et al., CVPR 2016). Images without a label have no gradient. */

typedef struct
{
  float smoothing;
} SupervisedParams;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (SupervisedParams, smoothing, "smoothing", N_ ("Label smoothing"), "", 0, 0.9, 0,
                  N_ ("Share of the target that is spread over all labels")),
  CW_PARAM_END,
};

/* The log-sum-exp of every row. */
static size_t
supervised_scratch_size (gconstpointer params, int n, int n_negatives, int dim)
{
  return 2 * (size_t) n;
}

/* Returns the loss of a row, in which @lse is known and d has @scale times the softmax; subtracts
 * @scale times the target from d. */
static double
compare_row (double smoothing, double scale, int dim, int label, double lse, const float *logits,
             float *d)
{
  double spread = smoothing / dim, loss = lse;

  for (int c = 0; c < dim; c++)
    {
      double target = spread + (c == label ? 1 - smoothing : 0);

      loss -= target * (double) logits[c];
      d[c] -= (float) (scale * target);
    }
  return loss;
}

/* Mean cosine of the logits of both views. */
static double
measure (int n, int dim, const float *logits)
{
  double sum = 0;

  for (int i = 0; i < n; i++)
    {
      const float *a = logits + (size_t) i * (size_t) dim, *b = a + (size_t) n * (size_t) dim;
      double lengths = sqrt (_cw_row_dot (dim, a, a)) * sqrt (_cw_row_dot (dim, b, b));

      sum += lengths <= 0 ? 0 : _cw_row_dot (dim, a, b) / lengths;
    }
  return sum / n;
}

static void
supervised_evaluate (gconstpointer block, const CwObjectiveInput *input, CwObjectiveOutput *output)
{
  const SupervisedParams *params = block;
  int n = input->n, dim = input->dim, n_labelled = 0;
  size_t rows = 2 * (size_t) n;
  double sum = 0, scale;

  for (int i = 0; i < n; i++)
    n_labelled += input->labels[i] >= 0;
  scale = 1.0 / MAX (2 * n_labelled, 1);
  cw_ops ()->copy (rows * (size_t) dim, input->online, output->d_online);
  _cw_softmax_rows (rows, (size_t) dim, scale, output->d_online, input->scratch);
  for (size_t a = 0; a < rows; a++)
    {
      int label = input->labels[a % (size_t) n];
      float *d = output->d_online + a * (size_t) dim;

      g_assert (label < dim);
      if (label >= 0)
        sum += compare_row ((double) params->smoothing, scale, dim, label,
                            (double) input->scratch[a], input->online + a * (size_t) dim, d);
      else
        cw_ops ()->fill ((size_t) dim, 0, d);
    }
  output->terms[0].name = "cross-entropy";
  output->terms[0].value = scale * sum;
  output->n_terms = 1;
  output->loss = scale * sum;
  output->cos_positive = measure (n, dim, input->online);
  output->cos_negative = output->notices = (double) NAN;
}

const CwObjectiveClass _cw_objective_supervised = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_OBJECTIVE,
    .id = "supervised",
    .label = N_ ("Supervised"),
    .description = N_ ("Learn the labels of the data, without warp negatives: a baseline"),
    .params = specs,
    .params_size = sizeof (SupervisedParams),
  },
  .head = CW_HEAD_LOGITS,
  .needs_labels = TRUE,
  .scratch_size = supervised_scratch_size,
  .evaluate = supervised_evaluate,
};
