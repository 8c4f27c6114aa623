/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"

#include <string.h>

const CwEvaluatorClass *const cw_builtin_evaluators[] = {
  &_cw_evaluator_linear,
  &_cw_evaluator_knn,
  &_cw_evaluator_retrieval,
  &_cw_evaluator_low_shot,
  &_cw_evaluator_valence_arousal,
  &_cw_evaluator_identity,
  &_cw_evaluator_triplets,
  &_cw_evaluator_factors,
  &_cw_evaluator_fine_tune,
  NULL,
};

gboolean
_cw_evaluator_is_copy (const CwFeatures *a, guint row, const CwFeatures *b, guint other)
{
  return a->hashes[row] == b->hashes[other]
         || (a->sources[row] >= 0 && a->sources[row] == b->sources[other]);
}

gboolean
_cw_evaluator_is_same_subject (const CwFeatures *a, guint row, const CwFeatures *b, guint other)
{
  return a->subjects[row] >= 0 && a->subjects[row] == b->subjects[other];
}

/* ---- needs ---- */

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

static gboolean
check_subjects (const CwFeatures *features, GError **error)
{
  int first = -1;

  for (guint i = 0; i < features->n; i++)
    {
      if (first >= 0 && features->subjects[i] >= 0 && features->subjects[i] != first)
        return TRUE;
      first = first < 0 ? features->subjects[i] : first;
    }
  g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "it needs scored pictures of two known persons; %s",
               first < 0 ? "nobody is known here" : "only one is known here");
  return FALSE;
}

static gboolean
check_columns (const CwEvaluatorClass *evaluator, const CwFeatures *features, GError **error)
{
  if ((evaluator->needs & CW_NEEDS_COLUMNS) != 0 && features->n_columns == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "it needs columns; this data has none");
      return FALSE;
    }
  for (int i = 0; evaluator->columns != NULL && evaluator->columns[i] != NULL; i++)
    {
      if (cw_features_find_column (features, evaluator->columns[i]) >= 0)
        continue;
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "it needs a column '%s'; this data has none",
                   evaluator->columns[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_input (const CwEvaluatorClass *evaluator, const CwEvaluatorInput *input, GError **error)
{
  if (input->fit->dim != input->score->dim)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_SHAPE_MISMATCH,
                   "fitted features have %d dimensions, scored ones %d; embed both with one model",
                   input->fit->dim, input->score->dim);
      return FALSE;
    }
  if ((evaluator->needs & CW_NEEDS_LABELS) != 0
      && (!check_labels (input->fit, input->n_classes, "fitted", error)
          || !check_labels (input->score, input->n_classes, "scored", error)))
    return FALSE;
  if ((evaluator->needs & CW_NEEDS_SUBJECTS) != 0 && !check_subjects (input->score, error))
    return FALSE;
  if (!check_columns (evaluator, input->score, error))
    return FALSE;
  if ((evaluator->needs & CW_NEEDS_MODEL) != 0 && input->model == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "it needs the features' encoder; there is none");
      return FALSE;
    }
  if ((evaluator->needs & CW_NEEDS_TRIPLETS) != 0 && input->n_triplets == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "it needs triplets; this data has none");
      return FALSE;
    }
  return TRUE;
}

gboolean
cw_evaluator_run (const CwEvaluatorClass *evaluator, gconstpointer params,
                  const CwEvaluatorInput *input, CwScores *scores, CwJob *job, GError **error)
{
  return check_input (evaluator, input, error)
         && evaluator->evaluate (params, input, scores, job, error);
}
