/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-negative-term.h"

/* What BYOL and SimSiam share: the online output of one view shall point where the target of the
 * other does, plus warp negatives. */

/* The block of both objectives. */
typedef struct
{
  CwNegativeTermParams term;
  int branch; /* CwNegativeBranch */
  int space;  /* CwNegativeSpace */
} CwPredictionParams;

extern const CwParamSpec _cw_prediction_specs[];

size_t   _cw_prediction_scratch_size (gconstpointer params, int n, int n_negatives, int dim);
gboolean _cw_prediction_target_negatives (gconstpointer params);
/* The base loss is @scale times the sum of (@offset - cosine) over both directions, mean over
 * images. Asks for target rows as CwObjectiveInput has them. */
void     _cw_prediction_evaluate (const CwPredictionParams *params, double scale, double offset,
                                  const CwObjectiveInput *input, CwObjectiveOutput *output);
