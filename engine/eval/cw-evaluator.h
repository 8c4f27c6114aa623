/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "base/cw-registry.h"
#include "data/cw-dataset.h"
#include "eval/cw-features.h"

G_BEGIN_DECLS

#define CW_MAX_SCORES 40

typedef enum
{
  CW_SCORE_SHARE,       /* 0..1: shown as per cent */
  CW_SCORE_COEFFICIENT, /* -1..1: correlations */
  CW_SCORE_NUMBER,      /* in the unit of what was predicted */
  CW_SCORE_COUNT,
  CW_N_SCORE_UNITS,
} CwScoreUnit;

const char *cw_score_unit_name (CwScoreUnit unit); /* "share", "coefficient" ... */

/* One figure; NaN = not defined here. */
typedef struct
{
  const char *id; /* "accuracy", "macro_recall", "p_at_10" ...: static */
  CwScoreUnit unit;
  double value;
  double low, high; /* 95 % interval; NaN where there is none: cw_bootstrap_scores() */
  double *rows;     /* (nullable): [n_rows], where @value is their mean; NaN = has no say */
} CwScore;

/* What an evaluator found. */
typedef struct
{
  int n_scores;
  CwScore scores[CW_MAX_SCORES];
  guint n_rows;
  int *groups;      /* (nullable): [n_rows]: rows that do not stand for themselves, such as those of
                     * one person, have one in common; NULL = each for itself */
  int n_classes;
  guint *confusion; /* (nullable): [n_classes, n_classes], rows = truth, columns = answer */
} CwScores;

void           cw_scores_clear (CwScores *scores);
/* A share without an interval. */
void           cw_scores_add (CwScores *scores, const char *id, double value);
void           cw_scores_add_unit (CwScores *scores, const char *id, CwScoreUnit unit, double value);
/* What cw_scores_add_mean() takes from now on: @groups (nullable) as in CwScores, copied. Once. */
void           cw_scores_set_rows (CwScores *scores, guint n_rows, const int *groups);
/* A share that is the mean of @rows `[n_rows]`, copied; NaN has no say. */
void           cw_scores_add_mean (CwScores *scores, const char *id, const double *rows);
const CwScore *cw_scores_find (const CwScores *scores, const char *id); /* (nullable) */
double         cw_scores_get (const CwScores *scores, const char *id);  /* NaN if not there */
/* (transfer full): "79.1 %", "0.612", "-"; a point whatever the locale. */
char          *cw_score_format (double value, CwScoreUnit unit);
/* (transfer full): the same with its interval where it has one: "79.1 % (77.0-81.2)". */
char          *cw_score_dup_text (const CwScore *score);
/* FALSE where the scores about persons say that none is known: what is said of other persons is what is said of all. */
gboolean       cw_scores_know_persons (const CwScores *scores);
/* (transfer full): @id for people, translated: "P@10, other persons"; one that is not known without its underscores. */
char          *cw_score_dup_name (const char *id);
/* (transfer full): the same behind its protocol: "Linear probe, accuracy". */
char          *cw_score_dup_label (const char *protocol, const char *id);
/* For records that do not tell: number where the id is not known. */
CwScoreUnit    cw_score_guess_unit (const char *id);

/* What a protocol cannot do without. */
typedef enum
{
  CW_NEEDS_LABELS = 1 << 0,   /* both sides; it is given rows with a label only */
  CW_NEEDS_SUBJECTS = 1 << 1, /* scored pictures of two known persons at least */
  CW_NEEDS_COLUMNS = 1 << 2,  /* a column at least */
  CW_NEEDS_TRIPLETS = 1 << 3,
  CW_NEEDS_MODEL = 1 << 4, /* what embedded the features, and the pictures: pixels take no part */
} CwNeeds;

/* What a protocol works on. */
typedef struct
{
  const CwFeatures *fit, *score;
  int n_classes; /* labels are 0..n_classes-1 */
  const CwTriplet *triplets; /* [n_triplets]: of dataset items, as in CwFeatures.items */
  guint n_triplets;
  guint64 seed;
  const CwModel *model; /* (nullable): what embedded both sides */
  CwDataset *dataset;   /* of which the rows are items; NULL at most where @model is */
} CwEvaluatorInput;

/**
 * CwEvaluatorClass:
 *
 * A protocol, mostly on frozen features: fitted on one side, scored on the other. @evaluate is called with
 * an input that has what the protocol needs; CW_ERROR_EMPTY from it means that there is too little
 * of it, and is no failure of the evaluation.
 */
typedef struct
{
  CwDescriptor base;
  guint needs;                /* of CwNeeds */
  const char *const *columns; /* (nullable) (array zero-terminated): columns it needs by name */
  gboolean (*evaluate) (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores,
                        CwJob *job, GError **error);
} CwEvaluatorClass;

/**
 * cw_evaluator_run:
 *
 * Returns: FALSE with CW_ERROR_EMPTY where @input lacks what @evaluator needs (one line says what),
 *   CW_ERROR_SHAPE_MISMATCH, CW_ERROR_NOT_FOUND (a label outside the classes), or what the protocol
 *   says
 */
gboolean cw_evaluator_run (const CwEvaluatorClass *evaluator, gconstpointer params,
                           const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
                           GError **error);

/* NULL-terminated: linear, knn, retrieval, low-shot, valence-arousal, identity, triplets, factors,
 * fine-tune. */
extern const CwEvaluatorClass *const cw_builtin_evaluators[];

G_END_DECLS
