/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "base/cw-registry.h"
#include "eval/cw-features.h"

G_BEGIN_DECLS

#define CW_MAX_SCORES 8

/* What an evaluator found. Scores are shares in 0..1; NaN = not defined here. */
typedef struct
{
  int n_scores;
  struct
  {
    const char *id; /* "accuracy", "macro_recall", "p_at_10" ...: static */
    double value;
  } scores[CW_MAX_SCORES];
  int n_classes;
  guint *confusion; /* (nullable): [n_classes, n_classes], rows = truth, columns = answer */
} CwScores;

void   cw_scores_clear (CwScores *scores);
void   cw_scores_add (CwScores *scores, const char *id, double value);
double cw_scores_get (const CwScores *scores, const char *id); /* NaN if not there */

/**
 * CwEvaluatorClass:
 *
 * A protocol on frozen features: fitted on @fit, scored on @score (both labelled throughout).
 */
typedef struct
{
  CwDescriptor base;
  gboolean (*evaluate) (gconstpointer params, const CwFeatures *fit, const CwFeatures *score,
                        int n_classes, guint64 seed, CwScores *scores, CwJob *job,
                        GError **error);
} CwEvaluatorClass;

/* NULL-terminated: linear, knn, retrieval. */
extern const CwEvaluatorClass *const cw_builtin_evaluators[];

G_END_DECLS
