/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-net.h"

G_BEGIN_DECLS

/* Of nn/cw-representation.h, what costs more than a pass over the batch is measured on every
 * CW_DIAGNOSTICS_EVERY-th step, of at most the first CW_DIAGNOSTICS_ROWS rows. */
#define CW_DIAGNOSTICS_EVERY 25
#define CW_DIAGNOSTICS_ROWS 256

/* Whether all running statistics are finite; and the name of the first tensor that is not, NULL if
 * all are. */
gboolean    _cw_buffers_finite (const CwWeights *weights);
const char *_cw_find_non_finite_buffer (const CwWeights *weights);
/* Name of the first parameter of @net whose part of @block (weights, or a gradient) has a norm that
 * is not below @limit; NULL if all are. */
const char *_cw_find_long_param (const CwNet *net, const float *block, double limit);

G_END_DECLS
