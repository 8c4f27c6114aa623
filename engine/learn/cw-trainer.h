/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-loader.h"
#include "learn/cw-recipe.h"

G_BEGIN_DECLS

/* One step, as recorded. Undefined values are NaN. */
typedef struct
{
  guint64 step;      /* from 0 */
  double epoch;      /* step / steps per epoch */
  double loss;
  double loss_positive; /* the base objective */
  double loss_negative; /* the warp-negative term before its weight */
  double cos_positive, cos_negative; /* of what the warp-negative term compares */
  double cos_base;      /* of anchor and positive, of what the base objective compares */
  double notices;       /* share of pairs with cos+ > cos- */
  double feature_std;   /* mean over dimensions of the standard deviation of the l2-normalised
                           features of the anchors; healthy ~ 1/sqrt(d), collapsed = 0 */
  double projection_std; /* the same of the online net's projections */
  /* Of every CW_DIAGNOSTICS_EVERY-th step, else NaN; see nn/cw-representation.h. */
  double feature_rank, projection_rank; /* RankMe of the anchors */
  double dead_features;                 /* share of the anchors' features that are zero */
  double alignment, uniformity; /* of the projections of anchor and positive, of the anchors */
  double warp_margin, warp_auc; /* of the features; NaN without negatives */
  double grad_norm;
  double weight_norm; /* of all parameters, after the step */
  double lr, momentum;
  double images_per_second;
  double wait_share;    /* of the step's time, waiting for data */
} CwStepRecord;

/**
 * CwTrainer:
 *
 * Owns nets, optimizer state and loader; makes steps. One thread at a time. Nothing is allocated in
 * a step.
 */
typedef struct _CwTrainer CwTrainer;

/* @items: (nullable): dataset indices; NULL = all. @recipe is copied. Seed and batch of @options
 * are not used, the recipe's are. NO_MEMORY, an error of the loader's, or INVALID_CONFIG where the
 * objective needs labels that the data do not have. */
CwTrainer *cw_trainer_new (const CwRecipe *recipe, CwDataset *dataset, const guint32 *items,
                           guint n_items, const CwLoaderOptions *options, CwLoaderRejectFunc reject,
                           gpointer reject_data, GError **error);
void       cw_trainer_free (CwTrainer *trainer);

guint64    cw_trainer_get_step (CwTrainer *trainer);        /* steps done */
guint64    cw_trainer_get_total_steps (CwTrainer *trainer);
guint      cw_trainer_get_steps_per_epoch (CwTrainer *trainer);
gsize      cw_trainer_get_bytes (CwTrainer *trainer);       /* weights, moments, arena, batches */
/* One step. CW_ERROR_DIVERGED (naming step and layer) leaves weights, running statistics, target,
 * the objective's state and step as they were before it; the moments may have moved, so training
 * goes on from a checkpoint. */
gboolean   cw_trainer_step (CwTrainer *trainer, CwStepRecord *record, GError **error);
/* The same on given views, normalised, `[accumulate, 2 + negatives, n, size, size, 3]`, and labels,
 * `[accumulate, n]` (nullable: none known): the loader, which is neither asked nor moved on, may be
 * put in its place by cw_trainer_set_step(). */
gboolean   cw_trainer_step_on (CwTrainer *trainer, const float *pixels, const int *labels,
                               CwStepRecord *record, GError **error);
/* (transfer full): an immutable copy of the online encoder. */
CwModel   *cw_trainer_copy_model (CwTrainer *trainer);
CwWeights *cw_trainer_get_online (CwTrainer *trainer);
CwWeights *cw_trainer_get_target (CwTrainer *trainer); /* NULL where the objective has none */
/* Optimizer moment @slot, cw_net_get_params_size() floats; NULL past the last. */
float     *cw_trainer_get_slot (CwTrainer *trainer, int slot, const char **name);
/* What the objective keeps from step to step, @n floats; NULL where it keeps nothing. */
float     *cw_trainer_get_objective_state (CwTrainer *trainer, gsize *n);
/* For a resume, after all weights, slots and the objective's state have been put back through the
 * getters. */
void       cw_trainer_set_step (CwTrainer *trainer, guint64 step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwTrainer, cw_trainer_free)

G_END_DECLS
