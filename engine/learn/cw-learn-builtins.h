/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-objective.h"
#include "learn/cw-optimizer.h"

G_BEGIN_DECLS

extern const CwObjectiveClass _cw_objective_simclr;
extern const CwObjectiveClass _cw_objective_byol;
extern const CwObjectiveClass _cw_objective_moco;
extern const CwObjectiveClass _cw_objective_simsiam;
extern const CwObjectiveClass _cw_objective_vicreg;
extern const CwObjectiveClass _cw_objective_barlow_twins;
extern const CwObjectiveClass _cw_objective_supervised;
extern const CwOptimizerClass _cw_optimizer_adamw;
extern const CwOptimizerClass _cw_optimizer_sgd;
extern const CwOptimizerClass _cw_optimizer_lars;

G_END_DECLS
