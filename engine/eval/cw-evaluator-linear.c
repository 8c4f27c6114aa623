/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "eval/cw-linear.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  float l2;
  int iterations;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, l2, "l2", N_ ("Regularisation"), "", 0, 1000, 0,
                  N_ ("Weight of the squared weights; 0 = chosen on a held-out fifth of the fitted "
                      "pictures")),
  CW_PARAM_INT (Params, iterations, "iterations", N_ ("Iterations"), "", 1, 100000, 500,
                N_ ("Most steps of the optimizer; it stops earlier once it has converged")),
  CW_PARAM_END,
};

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  const CwFeatures *score = input->score;
  g_autoptr (CwLinear) linear = NULL;
  g_autofree int *answers = NULL;

  linear = p->l2 > 0
               ? cw_linear_fit (input->fit, (double) p->l2, p->iterations, job, error)
               : cw_linear_fit_best (input->fit, input->seed, p->iterations, job, error);
  if (linear == NULL)
    return FALSE;
  answers = g_new (int, score->n);
  if (!cw_linear_predict (linear, score->x, score->n, answers, error))
    return FALSE;
  _cw_scores_add_answers (scores, score, answers, input->n_classes);
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_linear = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "linear",
    .label = N_ ("Linear probe"),
    .description = N_ ("Logistic regression on standardised frozen features"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_LABELS,
  .evaluate = evaluate,
};
