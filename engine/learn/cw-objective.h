/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"

G_BEGIN_DECLS

#define CW_MAX_TERMS 6

/* Which output of the online net an objective compares. */
typedef enum
{
  CW_HEAD_PROJECTION,
  CW_HEAD_PREDICTION, /* of a predictor behind the projector */
  CW_HEAD_LOGITS,     /* a linear classifier on the features, without projector; one logit per label
                         of the data */
} CwHead;

/* Whose projections an objective compares with, if any. No gradient goes into them. */
typedef enum
{
  CW_TARGET_NONE,
  CW_TARGET_MOMENTUM, /* those of a net that follows the online one by a moving average */
  CW_TARGET_SELF,     /* those of the online net itself */
} CwTarget;

/* What an objective is given. Rows of z: view 0 of all images, view 1 of all, then the warp
 * negatives, view by view: row v * n + i. */
typedef struct
{
  int n;           /* images */
  int n_negatives; /* warp negatives per image, 0.. */
  int dim;
  const float *online; /* [(2 + n_negatives) * n, dim]: output of the head; not normalised */
  const float *target; /* [2 * n, dim], with the warp negatives [(2 + n_negatives) * n, dim] where
                          target_negatives says so, and always from CW_TARGET_SELF; NULL without */
  const int *labels;     /* [n]: 0.., -1 = unknown; NULL where the objective needs none */
  float negative_weight; /* factor of the warp-negative term, after its schedule */
  float *state;          /* state_size() floats, kept from step to step; NULL without */
  float *scratch;        /* scratch_size() floats, of any content */
} CwObjectiveInput;

/* Zero before, all of it, and what d_online points to. */
typedef struct
{
  float *d_online; /* like online; gradient of loss */
  double loss;     /* sum of all terms, weights included; mean over images */
  int n_terms;
  struct
  {
    const char *name; /* "positive", "batch", "variance" ...; "negative" is the warps' */
    double value;     /* as it is part of the loss; of "negative": before its weight */
  } terms[CW_MAX_TERMS];
  double cos_positive; /* mean cos (anchor, positive), of what the warp-negative term compares */
  double cos_negative; /* mean cos (anchor, negative); NaN without negatives */
  double notices;      /* share of pairs with cos_positive > cos_negative; NaN without */
  gboolean splits;     /* the base loss has dimensions of its own, where */
  double cos_base;     /* this is what cos_positive would be */
} CwObjectiveOutput;

/**
 * CwObjectiveClass:
 *
 * A loss over the embeddings of anchors, positives and warp negatives, with its gradient. It keeps
 * nothing between steps but its state, which the trainer owns: it is saved with checkpoints, and a
 * step that fails puts it back.
 */
typedef struct
{
  CwDescriptor base;
  CwHead head;
  CwTarget target;
  gboolean needs_labels;
  /* Whether a momentum target has to embed the warp negatives too. (nullable): never */
  gboolean (*target_negatives) (gconstpointer params);
  size_t (*scratch_size) (gconstpointer params, int n, int n_negatives, int dim);
  /* Floats, and how they begin. (nullable), both: no state */
  size_t (*state_size) (gconstpointer params, int dim);
  void (*init_state) (gconstpointer params, int dim, guint64 seed, float *state);
  void (*evaluate) (gconstpointer params, const CwObjectiveInput *input,
                    CwObjectiveOutput *output);
} CwObjectiveClass;

/* NULL-terminated: simclr, byol, moco, simsiam, vicreg, barlow-twins, supervised. */
extern const CwObjectiveClass *const cw_builtin_objectives[];

/* The warp-negative term, shared by the objectives: the negative keys of their tables. What the
 * forms are is said in cw-negative-term.c. */
typedef enum
{
  CW_NEGATIVE_NONE, /* warped views are not made at all */
  CW_NEGATIVE_HINGE,
  CW_NEGATIVE_TRIPLET,
  CW_NEGATIVE_NCE,
  CW_NEGATIVE_NCE_BATCH,
} CwNegativeForm;

typedef enum
{
  CW_NEGATIVE_PICK_ALL,
  CW_NEGATIVE_PICK_HARDEST, /* of each image the one with the largest cosine alone */
} CwNegativePick;

/* The first fields of the parameter block of every built-in objective that has the term. */
typedef struct
{
  int negative;              /* CwNegativeForm */
  int negative_pick;         /* CwNegativePick */
  float negative_weight;     /* lambda after the warm-up */
  float negative_weight_end; /* lambda at the end of the run; below 0: the same */
  float negative_margin;     /* hinge, triplet */
  float negative_tau;        /* InfoNCE temperature */
  float negative_warmup;     /* epochs over which lambda rises from 0 */
} CwNegativeTermParams;

/* @params as what it begins with; NULL where @objective has no warp-negative term (its first
 * parameter is not "negative"). */
const CwNegativeTermParams *cw_objective_get_negative_term (const CwObjectiveClass *objective,
                                                            gconstpointer params);

G_END_DECLS
