/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-objective.h"

G_BEGIN_DECLS

/* The warp-negative term, shared by the objectives: what makes a net notice local warps. It knows
 * nothing but directions; which branches they come from is the objective's affair. */

/* Through which branch an objective with a target sees the warped views. */
typedef enum
{
  CW_NEGATIVE_BRANCH_ONLINE, /* the online outputs of warped views against the target's anchor */
  CW_NEGATIVE_BRANCH_TARGET, /* the online output of the anchor against the target's warped views */
  CW_NEGATIVE_BRANCH_BOTH,   /* the mean of both */
} CwNegativeBranch;

/* Which dimensions of the compared rows the term looks at: all, as the base loss does, or the second half,
 * and the base loss the first. A space that is to be alike for any view of a face and one that is to tell
 * warps need not be the same (compare Xiao et al., "What should not be contrastive in contrastive
 * learning", ICLR 2021, who give each transform a space of its own). */
typedef enum
{
  CW_NEGATIVE_SPACE_SHARED,
  CW_NEGATIVE_SPACE_OWN,
} CwNegativeSpace;

extern const char *const cw_negative_form_nicks[];   /* of CwNegativeForm */
extern const char *const cw_negative_pick_nicks[];   /* of CwNegativePick */
extern const char *const cw_negative_branch_nicks[]; /* of CwNegativeBranch */
extern const char *const cw_negative_space_nicks[];  /* of CwNegativeSpace */

/* The rows of CwNegativeTermParams, for the head of an objective's table; N_() must be there. */
#define CW_NEGATIVE_TERM_SPECS                                                                     \
  CW_PARAM_ENUM (CwNegativeTermParams, negative, "negative", N_ ("Warp negatives"),                \
                 cw_negative_form_nicks, CW_NEGATIVE_NCE,                                          \
                 N_ ("How warped views are pushed away from their own face; none makes no "        \
                     "warped views")),                                                             \
  CW_PARAM_ENUM (CwNegativeTermParams, negative_pick, "negative-pick", N_ ("Which negatives"),     \
                 cw_negative_pick_nicks, CW_NEGATIVE_PICK_ALL,                                     \
                 N_ ("All warped views of a face, or only the one that is nearest to it")),        \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_weight, "negative-weight",                        \
                  N_ ("Weight of the negatives"), "", 0, 100, 1,                                   \
                  N_ ("Factor of the warp-negative term in the loss")),                            \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_weight_end, "negative-weight-end",                \
                  N_ ("Weight of the negatives at the end"), "", -1, 100, -1,                      \
                  N_ ("Where the factor goes, along a cosine, until the run ends; -1 leaves it")), \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_margin, "negative-margin",                        \
                  N_ ("Margin of the negatives"), "", 0, 2, 0.3,                                   \
                  N_ ("By how much the cosine of a warped view must stay below 1 (hinge) or "      \
                      "below that of the positive (triplet)")),                                    \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_tau, "negative-tau",                              \
                  N_ ("Temperature of the negatives"), "", 0.01, 10, 0.2,                          \
                  N_ ("Divides the cosines of the warp-negative term; nce and nce-batch only")),   \
  CW_PARAM_FLOAT (CwNegativeTermParams, negative_warmup, "negative-warmup",                        \
                  N_ ("Warm-up of the negatives"), N_ ("epochs"), 0, 1000, 0,                      \
                  N_ ("Epochs over which the weight of the warp negatives rises from 0"))

/* The row of a CwNegativeBranch in an objective's table. */
#define CW_NEGATIVE_BRANCH_SPEC(Struct, field)                                                     \
  CW_PARAM_ENUM (Struct, field, "negative-branch", N_ ("Branch of the negatives"),                 \
                 cw_negative_branch_nicks, CW_NEGATIVE_BRANCH_ONLINE,                              \
                 N_ ("Warped views through the online net, through the target, or through both"))

/* The row of a CwNegativeSpace in an objective's table. */
#define CW_NEGATIVE_SPACE_SPEC(Struct, field)                                                      \
  CW_PARAM_ENUM (Struct, field, "negative-space", N_ ("Space of the negatives"),                   \
                 cw_negative_space_nicks, CW_NEGATIVE_SPACE_SHARED,                                \
                 N_ ("shared: both terms look at all dimensions of what is compared; own: the "    \
                     "warp negatives have the second half to themselves"))

/* One comparison: row i of each is of image i, and all are unit vectors. Gradients are added; where
 * the pointer is NULL none is wanted. */
typedef struct
{
  const float *anchor, *positive;  /* [n, dim] */
  const float *negative;           /* [n_negatives * n, dim], view by view */
  float *d_anchor, *d_positive, *d_negative;
} CwNegativeRows;

/* Floats of scratch for the functions below. */
size_t cw_negative_term_scratch_size (const CwNegativeTermParams *params, int n, int n_negatives);

/**
 * cw_negative_term_evaluate:
 * @n_comparisons: of which the term is the mean, and so are the cosines; 1 or 2
 * @output: gets the term ("negative", where there is one), its weight times it added to the loss,
 *   and cos_positive, cos_negative and notices, which are measured even where the form is "none"
 *
 * Uses n, n_negatives, dim and negative_weight of @input.
 */
void cw_negative_term_evaluate (const CwNegativeTermParams *params, const CwObjectiveInput *input,
                                const CwNegativeRows *comparisons, int n_comparisons,
                                float *scratch, CwObjectiveOutput *output);
/* The comparison within the online outputs: anchor view 0, positive view 1, and the warped views,
 * with gradient into all. @unit: the online rows, normalised; @d_unit, like it, is added to. */
void cw_negative_term_online (const CwNegativeTermParams *params, const CwObjectiveInput *input,
                              const float *unit, float *d_unit, float *scratch,
                              CwObjectiveOutput *output);
/* The comparisons with a target, by @branch. @target: the target's rows, normalised. */
void cw_negative_term_target (const CwNegativeTermParams *params, CwNegativeBranch branch,
                              const CwObjectiveInput *input, const float *unit, float *d_unit,
                              const float *target, float *scratch, CwObjectiveOutput *output);
/* Dimensions of the base loss, the first ones of input->dim; where that is not all, the others are the
 * term's alone. */
int      cw_negative_term_base_dim (const CwNegativeTermParams *params, CwNegativeSpace space,
                                    const CwObjectiveInput *input);
/* Where that is not all: the cosine of anchors and positives in the base loss's dimensions. @anchor, @positive:
 * `[n, dim]`, unit vectors. */
void     cw_negative_term_measure_base (int n, int dim, const float *anchor, const float *positive,
                                        CwObjectiveOutput *output);
/* What an objective's target_negatives returns. */
gboolean cw_negative_term_needs_target (const CwNegativeTermParams *params,
                                        CwNegativeBranch branch);

G_END_DECLS
