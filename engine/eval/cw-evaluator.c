/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "eval/cw-metrics.h"

#include <math.h>
#include <string.h>

const CwEvaluatorClass *const cw_builtin_evaluators[] = {
  &_cw_evaluator_linear,
  &_cw_evaluator_knn,
  &_cw_evaluator_retrieval,
  NULL,
};

void
cw_scores_clear (CwScores *scores)
{
  g_free (scores->confusion);
  *scores = (CwScores) { 0 };
}

void
cw_scores_add (CwScores *scores, const char *id, double value)
{
  g_return_if_fail (scores->n_scores < CW_MAX_SCORES);

  scores->scores[scores->n_scores].id = id;
  scores->scores[scores->n_scores].value = value;
  scores->n_scores++;
}

double
cw_scores_get (const CwScores *scores, const char *id)
{
  for (int i = 0; i < scores->n_scores; i++)
    {
      if (strcmp (scores->scores[i].id, id) == 0)
        return scores->scores[i].value;
    }
  return (double) NAN;
}

static gboolean
check_labels (const CwFeatures *features, int n_classes, const char *side, GError **error)
{
  if (features->n == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "no labelled pictures on the %s side", side);
      return FALSE;
    }
  for (guint i = 0; i < features->n; i++)
    {
      if (features->labels[i] >= 0 && features->labels[i] < n_classes)
        continue;
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND,
                   "row %u of the %s side has label %d; there are %d classes, from 0", i, side,
                   features->labels[i], n_classes);
      return FALSE;
    }
  return TRUE;
}

gboolean
_cw_evaluator_check (const CwFeatures *fit, const CwFeatures *score, int n_classes, GError **error)
{
  if (fit->dim != score->dim)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "fitted features have %d dimensions, scored ones %d; embed both with one model",
                   fit->dim, score->dim);
      return FALSE;
    }
  return check_labels (fit, n_classes, "fitted", error)
         && check_labels (score, n_classes, "scored", error);
}

void
_cw_scores_from_answers (CwScores *scores, const CwFeatures *features, const int *answers,
                         int n_classes)
{
  scores->n_classes = n_classes;
  scores->confusion = g_new0 (guint, (gsize) n_classes * (gsize) n_classes);
  for (guint i = 0; i < features->n; i++)
    scores->confusion[(gsize) features->labels[i] * (gsize) n_classes + (gsize) answers[i]]++;
  cw_scores_add (scores, "accuracy", cw_metrics_accuracy (scores->confusion, n_classes));
  cw_scores_add (scores, "macro_recall", cw_metrics_macro_recall (scores->confusion, n_classes));
}
