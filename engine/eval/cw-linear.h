/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "eval/cw-features.h"

G_BEGIN_DECLS

/**
 * CwLinear:
 *
 * Multinomial logistic regression on standardised features: the minimum of
 *
 *     mean cross-entropy + l2 / 2 * (sum of squared weights), biases free,
 *
 * which is scikit-learn's LogisticRegression with C = 1 / (l2 * n). Only classes that occur in the
 * features it was fitted on have a column.
 */
typedef struct
{
  int dim, n_classes;
  int *classes;   /* [n_classes]: labels, ascending */
  float *mean;    /* [dim]: of the features */
  float *scale;   /* [dim]: 1 / their standard deviation; 1 where they are constant */
  float *weights; /* [dim, n_classes], for standardised features */
  float *bias;    /* [n_classes] */
  double l2;
  int n_iterations;
  gboolean converged;
} CwLinear;

/**
 * cw_linear_fit:
 * @features: labelled throughout
 * @l2: > 0
 *
 * Returns: NULL with CW_ERROR_EMPTY (no rows), CW_ERROR_NO_MEMORY or %G_IO_ERROR_CANCELLED
 */
CwLinear *cw_linear_fit (const CwFeatures *features, double l2, int max_iterations, CwJob *job,
                         GError **error);
/**
 * cw_linear_fit_best:
 *
 * The same with the @l2, of 1, 0.3, 0.1 ... 1e-5, that gives the lowest cross-entropy on a fifth of
 * @features held out from it (whole subjects where they are known, else a fifth of each class; drawn
 * by @seed), then fitted on all of them.
 */
CwLinear *cw_linear_fit_best (const CwFeatures *features, guint64 seed, int max_iterations,
                              CwJob *job, GError **error);
/* Labels of @x `[n, dim]` into @labels; the lowest one where several are equally likely. */
gboolean  cw_linear_predict (const CwLinear *linear, const float *x, guint n, int *labels,
                             GError **error);
void      cw_linear_free (CwLinear *linear);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwLinear, cw_linear_free)

G_END_DECLS
