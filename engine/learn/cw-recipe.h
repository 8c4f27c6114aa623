/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-views.h"
#include "learn/cw-objective.h"
#include "learn/cw-optimizer.h"
#include "learn/cw-schedule.h"
#include "nn/cw-encoder.h"

G_BEGIN_DECLS

/**
 * CwRecipe:
 *
 * All that decides what training does, the data and the number of threads excepted.
 */
typedef struct
{
  guint64 seed;
  const CwEncoderClass *encoder;
  gpointer encoder_params;
  CwHeadParams heads;
  const CwObjectiveClass *objective;
  gpointer objective_params; /* of those with warp negatives: begins with CwNegativeTermParams */
  const CwOptimizerClass *optimizer;
  gpointer optimizer_params; /* begins with CwOptimizerCommon */
  CwScheduleParams schedule;
  CwViews *views;
} CwRecipe;

/* The default: small encoder, 48 px, SimCLR with one warp negative, AdamW. */
CwRecipe *cw_recipe_new (void);
CwRecipe *cw_recipe_copy (const CwRecipe *recipe);
void      cw_recipe_free (CwRecipe *recipe);
/* Switch the operation; its parameters become the new one's defaults. NOT_FOUND for an unknown
 * id. */
gboolean  cw_recipe_set_encoder (CwRecipe *recipe, const char *id, GError **error);
gboolean  cw_recipe_set_objective (CwRecipe *recipe, const char *id, GError **error);
gboolean  cw_recipe_set_optimizer (CwRecipe *recipe, const char *id, GError **error);
gboolean  cw_recipe_set_warp (CwRecipe *recipe, const char *id, GError **error);
/* Encoder, size and scaling of the views as @model has them. */
void      cw_recipe_set_model (CwRecipe *recipe, const CwModel *model);
/* Warp negatives per image that are really made: 0 where the objective has no negative term. */
int       cw_recipe_n_negatives (const CwRecipe *recipe);
/* Whether the online net ends in a predictor: the objective needs one, heads.predictor has it. */
gboolean  cw_recipe_has_predictor (const CwRecipe *recipe);
CwModel  *cw_recipe_random_model (const CwRecipe *recipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRecipe, cw_recipe_free)

G_END_DECLS
