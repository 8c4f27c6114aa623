/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "data/cw-dataset.h"
#include "eval/cw-bootstrap.h"
#include "eval/cw-evaluator.h"
#include "nn/cw-encoder.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CW_MAX_PROTOCOLS 16

typedef enum
{
  CW_CONTENDER_TRAINED,
  CW_CONTENDER_RANDOM_INIT,
  CW_CONTENDER_PIXELS,
  CW_N_CONTENDERS,
} CwContender;

const char *cw_contender_name (CwContender contender); /* "trained", "random_init", "pixels" */

/**
 * CwEvaluation:
 *
 * Protocols × contenders on one dataset, floors always beside the figure. Scores that are means over
 * rows have their bootstrap interval, over persons where these are known, and so have the differences.
 */
typedef struct
{
  guint n_fit, n_score, n_copies_removed, n_skipped;
  /* Beside those: pictures without a label, for the protocols that need none; 0 where none needs labels. */
  guint n_fit_unlabelled, n_score_unlabelled;
  guint n_shared;    /* scored, though cut from a photo or recording that is fitted on, too */
  const char *split; /* which rule chose the sides, one line */
  double majority;   /* share of the majority class on the scored side; NaN without labels */
  int n_classes;
  char **class_names; /* only classes that occur, in label order */
  int n_protocols;
  const CwEvaluatorClass *protocols[CW_MAX_PROTOCOLS];
  gpointer params[CW_MAX_PROTOCOLS];
  char *reasons[CW_MAX_PROTOCOLS]; /* (nullable): why a protocol does not apply to this data */
  CwScores scores[CW_N_CONTENDERS][CW_MAX_PROTOCOLS];
  /* The trained encoder's score minus the contender's; NaN where there is no interval. */
  CwDifference differences[CW_N_CONTENDERS][CW_MAX_PROTOCOLS][CW_MAX_SCORES];
  double seconds;
} CwEvaluation;

/**
 * cw_evaluation_run:
 * @random: (nullable): the same encoder at its random init; NULL leaves that floor out (NaN)
 * @protocols: NULL-terminated ids, or NULL for linear, knn, retrieval
 * @sets: (nullable): NULL-terminated "PROTOCOL.KEY=VALUE", parameters of @protocols; all are looked at
 *   before anything is done
 *
 * Scored pictures that are exact copies of fitted ones are left out. Pictures without a label take part
 * where one of the protocols needs no labels. A protocol that does not apply to the data is passed
 * over and says why, unless there is no other. BLAS work runs on the calling thread's
 * cw_parallel_for().
 */
CwEvaluation *cw_evaluation_run (const CwModel *model, const CwModel *random, CwDataset *dataset,
                                 const char *const *protocols, const char *const *sets,
                                 guint64 seed, CwJob *job, GError **error);
void          cw_evaluation_free (CwEvaluation *evaluation);
/* The members of design's `evaluate --json`, into an open object. */
void          cw_evaluation_to_json (const CwEvaluation *evaluation, JsonBuilder *builder);
/* (transfer full): a table for terminals. */
char         *cw_evaluation_to_text (const CwEvaluation *evaluation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwEvaluation, cw_evaluation_free)

G_END_DECLS
