/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-features.h"

/* FALSE with CW_ERROR_DIVERGED where a feature is not finite. */
gboolean _cw_standardise_check (const CwFeatures *features, GError **error);
/* Mean of each column and 1 / its deviation (1 where it is constant), in double and in the order of
 * rows; both `[dim]`. */
void     _cw_standardise_measure (const CwFeatures *features, float *mean, float *scale);
/* One row, `[dim]`. */
void     _cw_standardise_row (const float *mean, const float *scale, int dim, const float *x,
                              float *out);
