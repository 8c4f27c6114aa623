/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-net.h"

G_BEGIN_DECLS

/* Mean over dimensions of the standard deviation (of the population) of the l2-normalised rows of
 * @features [n, dim]: about 1/sqrt (dim) where the directions are spread, 0 where they have
 * collapsed into one. @scratch: 2 * dim doubles. */
double      _cw_feature_std (int n, int dim, const float *features, double *scratch);
/* Whether all running statistics are finite; and the name of the first tensor that is not, NULL if
 * all are. */
gboolean    _cw_buffers_finite (const CwWeights *weights);
const char *_cw_find_non_finite_buffer (const CwWeights *weights);
/* Name of the first parameter of @net whose part of @block (weights, or a gradient) has a norm that
 * is not below @limit; NULL if all are. */
const char *_cw_find_long_param (const CwNet *net, const float *block, double limit);

G_END_DECLS
