/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-evaluator.h"

G_BEGIN_DECLS

#define CW_BOOTSTRAP_RESAMPLES 1000

/**
 * cw_bootstrap_means:
 * @series: [n_series]: each `[n_rows]`, NaN = has no say
 * @groups: (nullable): `[n_rows]`: rows that are drawn together, any numbers; NULL = each by itself
 * @means: (out): `[n_series, CW_BOOTSTRAP_RESAMPLES]`; NaN where no row of a resample has a say
 *
 * Means of as many groups as there are, drawn with replacement; all series see the same draws, which
 * depend on @seed and the number of groups alone.
 */
void cw_bootstrap_means (const double *const *series, guint n_series, guint n_rows,
                         const int *groups, guint64 seed, double *means);
/* The 2.5 and 97.5 percentiles (linear between neighbours) of @means `[CW_BOOTSTRAP_RESAMPLES]`, which
 * are sorted; NaN is left out. NaN where fewer than two are left. */
void cw_bootstrap_interval (double *means, double *low, double *high);

/* A difference and its 95 % interval, of the same resamples on both sides. */
typedef struct
{
  double value, low, high;
} CwDifference;

/**
 * cw_bootstrap_scores:
 * @contenders: [n_contenders]: scores of the same rows, or none
 * @differences: (out): `[n_contenders, CW_MAX_SCORES]`: the first contender's score minus this one's;
 *   NaN where either has no rows
 *
 * Gives every score that is a mean over rows its percentile interval. There is none where fewer than
 * two groups were scored.
 */
void cw_bootstrap_scores (CwScores *const *contenders, guint n_contenders, guint64 seed,
                          CwDifference *differences);

G_END_DECLS
