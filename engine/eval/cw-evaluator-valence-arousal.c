/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "eval/cw-metrics.h"
#include "eval/cw-ridge.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define N_TARGETS 2
#define MIN_FITTED 10

typedef struct
{
  float l2;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_FLOAT (Params, l2, "l2", N_ ("Regularisation"), "", 0, 1000, 0,
                  N_ ("Weight of the squared weights; 0 = chosen on a held-out fifth of the fitted "
                      "pictures")),
  CW_PARAM_END,
};

static const char *const columns[] = { "valence", "arousal", NULL };

static const struct
{
  const char *ccc, *pcc, *rmse, *sagr;
} ids[N_TARGETS] = {
  { "valence_ccc", "valence_pcc", "valence_rmse", "valence_sagr" },
  { "arousal_ccc", "arousal_pcc", "arousal_rmse", "arousal_sagr" },
};

/* (transfer full): the rows of @features of which both are known; these into @targets (transfer full),
 * `[n, 2]`. Classes have no part in it. */
static CwFeatures *
take_known (const CwFeatures *features, double **targets)
{
  g_autofree guint32 *rows = g_new (guint32, MAX (features->n, 1));
  int at[N_TARGETS];
  guint n = 0;
  CwFeatures *known;

  *targets = g_new (double, (gsize) features->n * N_TARGETS + 1);
  for (int t = 0; t < N_TARGETS; t++)
    at[t] = cw_features_find_column (features, columns[t]);
  for (guint i = 0; i < features->n; i++)
    {
      const float *row = features->columns + (gsize) i * features->n_columns;

      if (!isfinite (row[at[0]]) || !isfinite (row[at[1]]))
        continue;
      for (int t = 0; t < N_TARGETS; t++)
        (*targets)[(gsize) n * N_TARGETS + (gsize) t] = (double) row[at[t]];
      rows[n++] = i;
    }
  known = cw_features_select (features, rows, n);
  /* What is held out is a fifth of all, not of each class. */
  for (guint i = 0; i < n; i++)
    known->labels[i] = 0;
  return known;
}

static int
sign_of (double value)
{
  return (value > 0) - (value < 0);
}

static void
add_scores (CwScores *scores, int target, const double *predicted, const double *truth, guint n)
{
  g_autofree double *agree = g_new (double, n);

  for (guint i = 0; i < n; i++)
    agree[i] = sign_of (predicted[i]) == sign_of (truth[i]);
  cw_scores_add_unit (scores, ids[target].ccc, CW_SCORE_COEFFICIENT,
                      cw_metrics_ccc (predicted, truth, n));
  cw_scores_add_unit (scores, ids[target].pcc, CW_SCORE_COEFFICIENT,
                      cw_metrics_pcc (predicted, truth, n));
  cw_scores_add_unit (scores, ids[target].rmse, CW_SCORE_NUMBER,
                      cw_metrics_rmse (predicted, truth, n));
  cw_scores_add_mean (scores, ids[target].sagr, agree);
}

/* Column @t of `[n, 2]`. (transfer full) */
static double *
dup_target (const double *values, guint n, int t)
{
  double *column = g_new (double, n);

  for (guint i = 0; i < n; i++)
    column[i] = values[(gsize) i * N_TARGETS + (gsize) t];
  return column;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  g_autofree double *fit_targets = NULL;
  g_autofree double *score_targets = NULL;
  g_autofree double *predicted = NULL;
  g_autoptr (CwFeatures) fit = take_known (input->fit, &fit_targets);
  g_autoptr (CwFeatures) score = take_known (input->score, &score_targets);
  g_autoptr (CwRidge) ridge = NULL;

  if (fit->n < MIN_FITTED || score->n < 2)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "it needs %d pictures of known valence and arousal to fit on and 2 to score; here "
                   "are %u and %u",
                   MIN_FITTED, fit->n, score->n);
      return FALSE;
    }
  ridge = p->l2 > 0
              ? cw_ridge_fit (fit, fit_targets, N_TARGETS, (double) p->l2, job, error)
              : cw_ridge_fit_best (fit, fit_targets, N_TARGETS, input->seed, job, error);
  if (ridge == NULL)
    return FALSE;
  predicted = g_new (double, (gsize) score->n * N_TARGETS);
  cw_ridge_predict (ridge, score->x, score->n, predicted);
  _cw_scores_start (scores, score);
  for (int t = 0; t < N_TARGETS; t++)
    {
      g_autofree double *one = dup_target (predicted, score->n, t);
      g_autofree double *truth = dup_target (score_targets, score->n, t);

      add_scores (scores, t, one, truth, score->n);
    }
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_valence_arousal = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "valence-arousal",
    .label = N_ ("Valence and arousal"),
    .description = N_ ("Ridge regression on standardised frozen features: concordance, correlation, "
                       "error, share of the same sign"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .columns = columns,
  .evaluate = evaluate,
};
