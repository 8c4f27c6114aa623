/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"

G_BEGIN_DECLS

#define CW_MAX_TERMS 6

/* What an objective is given. Rows of z: view 0 of all images, view 1 of all, then the warp
 * negatives, view by view: row v * n + i. */
typedef struct
{
  int n;           /* images */
  int n_negatives; /* warp negatives per image, 0.. */
  int dim;
  const float *online; /* [(2 + n_negatives) * n, dim]: prediction where the objective needs a
                          predictor, else projection; not normalised */
  const float *target; /* [2 * n, dim]: the target network's projections of views 0 and 1; NULL
                          where the objective needs none */
  float negative_weight; /* factor of the warp-negative term, after its schedule */
  float *scratch;        /* scratch_size() floats, of any content */
} CwObjectiveInput;

typedef struct
{
  float *d_online; /* like online, zeroed before; gradient of loss */
  double loss;     /* sum of all terms, weights included; mean over images */
  int n_terms;
  struct
  {
    const char *name; /* "positive", "batch", "negative" */
    double value;     /* before its weight */
  } terms[CW_MAX_TERMS];
  double cos_positive; /* mean cos (anchor, positive), of what the objective compares */
  double cos_negative; /* mean cos (anchor, negative); NaN without negatives */
  double notices;      /* share of pairs with cos_positive > cos_negative; NaN without */
} CwObjectiveOutput;

/**
 * CwObjectiveClass:
 *
 * A loss over the embeddings of anchors, positives and warp negatives, with its gradient.
 */
typedef struct
{
  CwDescriptor base;
  gboolean needs_predictor, needs_target;
  size_t (*scratch_size) (gconstpointer params, int n, int n_negatives, int dim);
  void (*evaluate) (gconstpointer params, const CwObjectiveInput *input,
                    CwObjectiveOutput *output);
} CwObjectiveClass;

/* NULL-terminated: simclr, byol. */
extern const CwObjectiveClass *const cw_builtin_objectives[];

/* The warp-negative term, shared by the objectives: the negative keys of their tables. */
typedef enum
{
  CW_NEGATIVE_NONE,  /* warped views are not made at all */
  CW_NEGATIVE_HINGE, /* mean_k max (0, margin + cos- - cos+); see cw-negative-term.c */
  CW_NEGATIVE_NCE,   /* InfoNCE over the same image:
                        -log (e^(cos+/tau) / (e^(cos+/tau) + sum_k e^(cos-/tau))) */
} CwNegativeTerm;

/* The first fields of every built-in objective's parameter block. */
typedef struct
{
  int negative;             /* CwNegativeTerm */
  float negative_weight;    /* lambda */
  float negative_margin;    /* hinge */
  float negative_tau;       /* InfoNCE temperature */
  float negative_warmup;    /* epochs over which lambda rises from 0 */
} CwNegativeTermParams;

/* @params as what it begins with; NULL where @objective has no warp-negative term (its first
 * parameter is not "negative"). */
const CwNegativeTermParams *cw_objective_get_negative_term (const CwObjectiveClass *objective,
                                                            gconstpointer params);

G_END_DECLS
