/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluator.h"

extern const CwEvaluatorClass _cw_evaluator_linear;
extern const CwEvaluatorClass _cw_evaluator_knn;
extern const CwEvaluatorClass _cw_evaluator_retrieval;

/* What every protocol asks of its features: rows on both sides, one width, labels of 0..n_classes-1. */
gboolean _cw_evaluator_check (const CwFeatures *fit, const CwFeatures *score, int n_classes,
                              GError **error);
/* Accuracy, macro recall and confusion of @answers to @features' labels. */
void     _cw_scores_from_answers (CwScores *scores, const CwFeatures *features, const int *answers,
                                  int n_classes);
