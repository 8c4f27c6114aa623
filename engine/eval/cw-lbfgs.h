/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"

G_BEGIN_DECLS

/* The value at @x [n]; its gradient into @gradient [n]. */
typedef double (*CwLbfgsFunc) (const double *x, double *gradient, gpointer user_data);
/* @direction [n] becomes roughly the inverse Hessian times it: a symmetric positive definite map,
 * the same for the whole minimisation. */
typedef void (*CwLbfgsPreconditionFunc) (double *direction, gpointer user_data);

typedef struct
{
  int max_iterations;
  double tolerance; /* stops when no element of the gradient is larger */
} CwLbfgsOptions;

typedef struct
{
  int iterations, evaluations;
  double value;
  double gradient; /* largest element, absolute */
  gboolean converged; /* FALSE: out of iterations, or no step is any better in this precision */
} CwLbfgsResult;

/**
 * cw_lbfgs_minimise:
 * @x: (inout): where to start; the minimum
 * @precondition: (nullable)
 *
 * Limited-memory BFGS (Nocedal & Wright, "Numerical Optimization", 2nd ed., algorithm 7.4) with a
 * bisection search for the weak Wolfe conditions. Deterministic.
 *
 * Returns: FALSE with %G_IO_ERROR_CANCELLED once @job has been cancelled
 */
gboolean cw_lbfgs_minimise (int n, double *x, CwLbfgsFunc func, CwLbfgsPreconditionFunc precondition,
                            gpointer user_data, const CwLbfgsOptions *options,
                            CwLbfgsResult *result, CwJob *job, GError **error);

G_END_DECLS
