/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "eval/cw-label-share.h"
#include "eval/cw-linear.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  int seeds;
  int iterations;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, seeds, "seeds", N_ ("Draws"), "", 1, 100, 5,
                N_ ("How many times pictures are drawn for each share")),
  CW_PARAM_INT (Params, iterations, "iterations", N_ ("Iterations"), "", 1, 100000, 500,
                N_ ("Most steps of the optimizer; it stops earlier once it has converged")),
  CW_PARAM_END,
};

static const int percents[] = { 1, 5, 10, 25 };

/* What the draws of one share came to. */
typedef struct
{
  double *right;              /* [n scored]: share of the draws that answered the picture right */
  double sum, squares;        /* of the accuracies */
  double recall;              /* sum of the macro recalls */
} Tally;

static double
macro_recall (const CwFeatures *score, const int *answers, int n_classes)
{
  CwScores scores = { 0 };
  double recall;

  _cw_scores_add_answers (&scores, score, answers, n_classes);
  recall = cw_scores_get (&scores, "macro_recall");
  cw_scores_clear (&scores);
  return recall;
}

static gboolean
run_draw (const Params *p, const CwEvaluatorInput *input, int percent, guint draw, Tally *tally,
          CwJob *job, GError **error)
{
  const CwFeatures *score = input->score;
  g_autoptr (CwFeatures) few
      = _cw_label_share_draw (input->fit, input->n_classes, percent, input->seed, draw);
  g_autoptr (CwLinear) linear = cw_linear_fit_best (few, input->seed, p->iterations, job, error);
  g_autofree int *answers = g_new (int, score->n);
  guint n_right = 0;
  double accuracy;

  if (linear == NULL || !cw_linear_predict (linear, score->x, score->n, answers, error))
    return FALSE;
  for (guint i = 0; i < score->n; i++)
    {
      gboolean right = answers[i] == score->labels[i];

      n_right += right;
      tally->right[i] += (double) right / p->seeds;
    }
  accuracy = (double) n_right / score->n;
  tally->sum += accuracy;
  tally->squares += accuracy * accuracy;
  tally->recall += macro_recall (score, answers, input->n_classes);
  return TRUE;
}

/* Standard deviation over the draws, with n - 1. */
static double
deviation (const Tally *tally, int n)
{
  double mean = tally->sum / n;

  return n > 1 ? sqrt (fmax (tally->squares - n * mean * mean, 0) / (n - 1)) : (double) NAN;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  guint n = input->score->n, n_percents = G_N_ELEMENTS (percents);
  g_autofree double *right = g_new (double, n);

  _cw_scores_start (scores, input->score);
  for (guint share = 0; share < n_percents; share++)
    {
      Tally tally = { .right = right };

      for (guint i = 0; i < n; i++)
        right[i] = 0;
      for (int draw = 0; draw < p->seeds; draw++)
        {
          double done = (share + (double) draw / p->seeds) / n_percents;

          if (!cw_job_progress (job, done, _ ("Fitting on a few pictures"), error)
              || !run_draw (p, input, percents[share], (guint) draw, &tally, NULL, error))
            return FALSE;
        }
      cw_scores_add_mean (scores, _cw_scores_id ("accuracy_at_%_percent", percents[share]), right);
      cw_scores_add (scores, _cw_scores_id ("accuracy_sd_at_%_percent", percents[share]),
                     deviation (&tally, p->seeds));
      cw_scores_add (scores, _cw_scores_id ("macro_recall_at_%_percent", percents[share]),
                     tally.recall / p->seeds);
    }
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_low_shot = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "low-shot",
    .label = N_ ("Low-shot probe"),
    .description = N_ ("Linear probe on 1, 5, 10 and 25 % of each class of the fitted pictures, one "
                       "picture at least: mean and deviation of several draws"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_LABELS,
  .evaluate = evaluate,
};
