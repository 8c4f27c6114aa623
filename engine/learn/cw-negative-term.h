/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-objective.h"

G_BEGIN_DECLS

/* The warp-negative term, shared by the objectives: what makes a net notice local warps. It knows
 * nothing but cosines with the anchor of the same image; which branches they come from is the
 * objective's affair. */

extern const char *const cw_negative_term_nicks[]; /* of CwNegativeTerm */

/* The rows of CwNegativeTermParams, for the head of an objective's table; N_() must be there. */
#define CW_NEGATIVE_TERM_SPECS                                                                     \
  CW_PARAM_ENUM (CwNegativeTermParams, negative, "negative", N_ ("Warp negatives"),                \
                 cw_negative_term_nicks, CW_NEGATIVE_NCE,                                          \
                 N_ ("How warped views are pushed away from their own face; none makes no "        \
                     "warped views")),                                                             \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_weight, "negative-weight",                        \
                  N_ ("Weight of the negatives"), "", 0, 100, 1,                                   \
                  N_ ("Factor of the warp-negative term in the loss")),                            \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_margin, "negative-margin",                        \
                  N_ ("Margin of the hinge"), "", 0, 2, 0.3,                                       \
                  N_ ("By how much the cosine of the positive must exceed that of a warped "       \
                      "view; hinge only")),                                                        \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_tau, "negative-tau",                              \
                  N_ ("Temperature of the negatives"), "", 0.01, 10, 0.2,                          \
                  N_ ("Divides the cosines of the warp-negative term; nce only")),                 \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_warmup, "negative-warmup",                        \
                  N_ ("Warm-up of the negatives"), N_ ("epochs"), 0, 1000, 0,                      \
                  N_ ("Epochs over which the weight of the warp negatives rises from 0"))

/**
 * cw_negative_term_evaluate:
 * @weight: factor of the term, after its schedule
 * @cosines: `[1 + n_negatives, n]`; in: cos+ of every image, then cos-_k of every image, negative
 *   by negative; out: the gradient of @weight times the term by each of them
 * @output: gets the term ("negative", where there is one), weight times it added to the loss, and
 *   cos_positive, cos_negative and notices, which are measured even where the form is "none"
 */
void cw_negative_term_evaluate (const CwNegativeTermParams *params, double weight, int n,
                                int n_negatives, float *cosines, CwObjectiveOutput *output);

G_END_DECLS
