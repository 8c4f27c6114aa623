/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-objective.h"
#include "learn/cw-optimizer.h"

G_BEGIN_DECLS

extern const CwObjectiveClass _cw_objective_simclr;
extern const CwObjectiveClass _cw_objective_byol;
extern const CwOptimizerClass _cw_optimizer_adamw;
extern const CwOptimizerClass _cw_optimizer_sgd;

G_END_DECLS
