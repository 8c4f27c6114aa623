/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-objective.h"

#include "learn/cw-learn-builtins.h"

const CwObjectiveClass *const cw_builtin_objectives[] = {
  &_cw_objective_simclr,     &_cw_objective_byol,   &_cw_objective_moco,
  &_cw_objective_simsiam,    &_cw_objective_vicreg, &_cw_objective_barlow_twins,
  &_cw_objective_supervised, NULL,
};

const CwNegativeTermParams *
cw_objective_get_negative_term (const CwObjectiveClass *objective, gconstpointer params)
{
  const CwParamSpec *form = cw_params_find (objective->base.params, "negative");

  if (form == NULL || form->type != CW_PARAM_ENUM || form->offset != 0
      || objective->base.params_size < sizeof (CwNegativeTermParams))
    return NULL;
  return params;
}
