/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-recipe.h"

#include <string.h>

#define DEFAULT_SIZE 48

/* The block @params of @old (nullable) makes way for @new's defaults. */
static void
replace_params (gpointer *params, const CwDescriptor *old, const CwDescriptor *new)
{
  if (old != NULL)
    cw_params_block_free (old->params, *params);
  *params = cw_params_block_new (new->params, new->params_size);
}

/* (transfer full): a copy of @params, NULL where there is none. */
static gpointer
copy_block (const CwDescriptor *descriptor, gconstpointer params)
{
  gpointer copy = g_malloc0 (MAX (descriptor->params_size, 1));

  cw_params_copy (descriptor->params, copy, params);
  return copy;
}

CwRecipe *
cw_recipe_new (void)
{
  CwRecipe *recipe = g_new0 (CwRecipe, 1);

  recipe->seed = 1;
  recipe->views = cw_views_new (DEFAULT_SIZE);
  /* The first of each table is the default. */
  recipe->encoder = cw_builtin_encoders[0];
  recipe->objective = cw_builtin_objectives[0];
  recipe->optimizer = cw_builtin_optimizers[0];
  replace_params (&recipe->encoder_params, NULL, &recipe->encoder->base);
  replace_params (&recipe->objective_params, NULL, &recipe->objective->base);
  replace_params (&recipe->optimizer_params, NULL, &recipe->optimizer->base);
  cw_params_init (cw_head_specs, &recipe->heads);
  cw_params_init (cw_schedule_specs, &recipe->schedule);
  return recipe;
}

CwRecipe *
cw_recipe_copy (const CwRecipe *recipe)
{
  CwRecipe *copy = g_new0 (CwRecipe, 1);

  *copy = *recipe;
  copy->views = cw_views_copy (recipe->views);
  copy->encoder_params = copy_block (&recipe->encoder->base, recipe->encoder_params);
  copy->objective_params = copy_block (&recipe->objective->base, recipe->objective_params);
  copy->optimizer_params = copy_block (&recipe->optimizer->base, recipe->optimizer_params);
  return copy;
}

void
cw_recipe_free (CwRecipe *recipe)
{
  if (recipe == NULL)
    return;
  cw_params_block_free (recipe->encoder->base.params, recipe->encoder_params);
  cw_params_block_free (recipe->objective->base.params, recipe->objective_params);
  cw_params_block_free (recipe->optimizer->base.params, recipe->optimizer_params);
  cw_views_free (recipe->views);
  g_free (recipe);
}

gboolean
cw_recipe_set_encoder (CwRecipe *recipe, const char *id, GError **error)
{
  const CwDescriptor *found = cw_registry_find (CW_KIND_ENCODER, id, error);

  if (found == NULL)
    return FALSE;
  replace_params (&recipe->encoder_params, &recipe->encoder->base, found);
  recipe->encoder = (const CwEncoderClass *) found;
  return TRUE;
}

gboolean
cw_recipe_set_objective (CwRecipe *recipe, const char *id, GError **error)
{
  const CwDescriptor *found = cw_registry_find (CW_KIND_OBJECTIVE, id, error);

  if (found == NULL)
    return FALSE;
  replace_params (&recipe->objective_params, &recipe->objective->base, found);
  recipe->objective = (const CwObjectiveClass *) found;
  return TRUE;
}

gboolean
cw_recipe_set_optimizer (CwRecipe *recipe, const char *id, GError **error)
{
  const CwDescriptor *found = cw_registry_find (CW_KIND_OPTIMIZER, id, error);

  if (found == NULL)
    return FALSE;
  replace_params (&recipe->optimizer_params, &recipe->optimizer->base, found);
  recipe->optimizer = (const CwOptimizerClass *) found;
  return TRUE;
}

gboolean
cw_recipe_set_warp (CwRecipe *recipe, const char *id, GError **error)
{
  const CwDescriptor *found = cw_registry_find (CW_KIND_WARP, id, error);

  if (found == NULL)
    return FALSE;
  replace_params (&recipe->views->warp_params, &recipe->views->warp->base, found);
  recipe->views->warp = (const CwWarpClass *) found;
  return TRUE;
}

void
cw_recipe_set_model (CwRecipe *recipe, const CwModel *model)
{
  CwPreprocess *preprocess = &recipe->views->preprocess;

  cw_params_block_free (recipe->encoder->base.params, recipe->encoder_params);
  recipe->encoder = model->encoder;
  recipe->encoder_params = copy_block (&model->encoder->base, model->params);
  preprocess->size = model->size;
  memcpy (preprocess->mean, model->mean, sizeof preprocess->mean);
  memcpy (preprocess->std, model->std, sizeof preprocess->std);
}

int
cw_recipe_n_negatives (const CwRecipe *recipe)
{
  const CwNegativeTermParams *term
      = cw_objective_get_negative_term (recipe->objective, recipe->objective_params);

  if (term == NULL || term->negative == CW_NEGATIVE_NONE)
    return 0;
  return recipe->views->negatives.count;
}

gboolean
cw_recipe_has_predictor (const CwRecipe *recipe)
{
  return recipe->objective->head == CW_HEAD_PREDICTION
         && recipe->heads.predictor != CW_PREDICTOR_NONE;
}

CwModel *
cw_recipe_random_model (const CwRecipe *recipe)
{
  const CwPreprocess *preprocess = &recipe->views->preprocess;

  return cw_model_new_random (recipe->encoder, recipe->encoder_params, preprocess->size,
                              preprocess->mean, preprocess->std, recipe->seed);
}
