/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-net.h"

G_BEGIN_DECLS

/* Mean over dimensions of the standard deviation (of the population) of the l2-normalised rows of
 * @features [n, dim]: about 1/sqrt (dim) where the directions are spread, 0 where they have
 * collapsed into one. @scratch: 2 * dim doubles. */
double      _cw_feature_std (int n, int dim, const float *features, double *scratch);
/* Name of the first parameter that is not finite; NULL if all are. */
const char *_cw_find_non_finite_param (const CwWeights *weights);

G_END_DECLS
