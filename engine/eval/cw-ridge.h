/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "eval/cw-features.h"

G_BEGIN_DECLS

/**
 * CwRidge:
 *
 * Linear regression on standardised features, each target for itself: the minimum of
 *
 *     mean squared error + l2 * (sum of squared weights), biases free,
 *
 * which is scikit-learn's Ridge with alpha = l2 * n.
 */
typedef struct
{
  int dim, n_targets;
  float *mean;     /* [dim]: of the features */
  float *scale;    /* [dim]: 1 / their standard deviation; 1 where they are constant */
  double *weights; /* [n_targets, dim], for standardised features */
  double *bias;    /* [n_targets] */
  double *l2;      /* [n_targets] */
} CwRidge;

/**
 * cw_ridge_fit:
 * @targets: `[n, n_targets]`, finite
 * @l2: > 0
 *
 * Returns: NULL with CW_ERROR_EMPTY (no rows), CW_ERROR_DIVERGED (features that are not finite, or
 *   an l2 too small for them), CW_ERROR_NO_MEMORY or %G_IO_ERROR_CANCELLED
 */
CwRidge *cw_ridge_fit (const CwFeatures *features, const double *targets, int n_targets, double l2,
                       CwJob *job, GError **error);
/**
 * cw_ridge_fit_best:
 *
 * The same with the l2, of 100, 30, 10 ... 1e-4, that gives each target the lowest squared error on a
 * fifth of @features held out from it (whole subjects where they are known; drawn by @seed), then
 * fitted on all of them.
 */
CwRidge *cw_ridge_fit_best (const CwFeatures *features, const double *targets, int n_targets,
                            guint64 seed, CwJob *job, GError **error);
/* @x `[n, dim]` → @predicted `[n, n_targets]`. */
void     cw_ridge_predict (const CwRidge *ridge, const float *x, guint n, double *predicted);
void     cw_ridge_free (CwRidge *ridge);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwRidge, cw_ridge_free)

G_END_DECLS
