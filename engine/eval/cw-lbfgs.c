/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-lbfgs.h"

#include <math.h>
#include <string.h>

#define MEMORY 10
#define MAX_TRIALS 30
/* Sufficient decrease and curvature. */
#define WOLFE_DECREASE 1e-4
#define WOLFE_CURVATURE 0.9
/* Values from single-precision sums tremble; a step is not refused for less than this share. */
#define VALUE_NOISE 1e-9

typedef struct
{
  int n;
  CwLbfgsFunc func;
  CwLbfgsPreconditionFunc precondition;
  gpointer user_data;
  int n_evaluations;
  int n_pairs, newest;    /* of the last steps */
  double *s[MEMORY];      /* change of x */
  double *y[MEMORY];      /* change of the gradient */
  double rho[MEMORY];     /* 1 / s·y */
  double scale;           /* of the initial inverse Hessian */
  double *gradient, *direction, *trial, *trial_gradient, *work;
} Solver;

static double
dot (int n, const double *a, const double *b)
{
  double sums[4] = { 0 };
  int i = 0;

  for (; i + 4 <= n; i += 4)
    {
      for (int l = 0; l < 4; l++)
        sums[l] += a[i + l] * b[i + l];
    }
  for (; i < n; i++)
    sums[0] += a[i] * b[i];
  return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

static double
largest (int n, const double *x)
{
  double max = 0;

  for (int i = 0; i < n; i++)
    max = fmax (max, fabs (x[i]));
  return max;
}

static double
evaluate (Solver *solver, const double *x, double *gradient)
{
  solver->n_evaluations++;
  return solver->func (x, gradient, solver->user_data);
}

/* direction = - (inverse Hessian, as far as the pairs tell) gradient. */
static void
find_direction (Solver *solver)
{
  double alpha[MEMORY], *d = solver->direction;
  int n = solver->n;

  for (int i = 0; i < n; i++)
    d[i] = -solver->gradient[i];
  for (int back = 0; back < solver->n_pairs; back++)
    {
      int p = (solver->newest - back + MEMORY) % MEMORY;

      alpha[p] = solver->rho[p] * dot (n, solver->s[p], d);
      for (int i = 0; i < n; i++)
        d[i] -= alpha[p] * solver->y[p][i];
    }
  if (solver->precondition != NULL)
    solver->precondition (d, solver->user_data);
  for (int i = 0; i < n; i++)
    d[i] *= solver->scale;
  for (int back = solver->n_pairs - 1; back >= 0; back--)
    {
      int p = (solver->newest - back + MEMORY) % MEMORY;
      double beta = solver->rho[p] * dot (n, solver->y[p], d);

      for (int i = 0; i < n; i++)
        d[i] += (alpha[p] - beta) * solver->s[p][i];
    }
}

/* Keeps the step from x by @t along the direction, to where the gradient is trial_gradient. */
static void
remember (Solver *solver, double t)
{
  int p = (solver->newest + 1) % MEMORY, n = solver->n;
  double sy, yhy;

  for (int i = 0; i < n; i++)
    {
      solver->s[p][i] = t * solver->direction[i];
      solver->y[p][i] = solver->trial_gradient[i] - solver->gradient[i];
      solver->work[i] = solver->y[p][i];
    }
  sy = dot (n, solver->s[p], solver->y[p]);
  if (solver->precondition != NULL)
    solver->precondition (solver->work, solver->user_data);
  yhy = dot (n, solver->y[p], solver->work);
  if (!(sy > 0 && yhy > 0))
    return;
  solver->rho[p] = 1 / sy;
  solver->scale = sy / yhy;
  solver->newest = p;
  solver->n_pairs = MIN (solver->n_pairs + 1, MEMORY);
}

/* A step along the direction that fulfils the weak Wolfe conditions; 0 where there is none. On
 * success trial, trial_gradient and *@value are of the new place. */
static double
search_line (Solver *solver, const double *x, double *value, double slope, double first)
{
  double low = 0, high = INFINITY, t = first, start = *value;

  for (int trial = 0; trial < MAX_TRIALS; trial++)
    {
      double f;

      for (int i = 0; i < solver->n; i++)
        solver->trial[i] = x[i] + t * solver->direction[i];
      f = evaluate (solver, solver->trial, solver->trial_gradient);
      if (!(f <= start + WOLFE_DECREASE * t * slope + VALUE_NOISE * fabs (start)))
        high = t;
      else if (dot (solver->n, solver->trial_gradient, solver->direction)
               < WOLFE_CURVATURE * slope)
        low = t;
      else
        {
          *value = f;
          return t;
        }
      t = isinf (high) ? 2 * low : 0.5 * (low + high);
    }
  return 0;
}

static gboolean
iterate (Solver *solver, double *x, const CwLbfgsOptions *options, CwLbfgsResult *result, CwJob *job,
         GError **error)
{
  GCancellable *cancellable = cw_job_get_cancellable (job);
  int n = solver->n;

  result->value = evaluate (solver, x, solver->gradient);
  for (;;)
    {
      double slope, t;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      result->gradient = largest (n, solver->gradient);
      result->converged = result->gradient <= options->tolerance;
      if (result->converged || result->iterations == options->max_iterations)
        return TRUE;

      find_direction (solver);
      slope = dot (n, solver->gradient, solver->direction);
      if (!(slope < 0))
        return TRUE;
      /* Without any knowledge of the scale, the first step is of length 1 at most. */
      t = solver->n_pairs == 0 && solver->precondition == NULL
              ? 1 / fmax (1, sqrt (-slope)) : 1;
      t = search_line (solver, x, &result->value, slope, t);
      if (t <= 0)
        {
          if (solver->n_pairs == 0)
            return TRUE;
          solver->n_pairs = 0; /* what was remembered misleads: once more from the gradient */
          solver->scale = 1;
          continue;
        }
      remember (solver, t);
      memcpy (x, solver->trial, (size_t) n * sizeof *x);
      memcpy (solver->gradient, solver->trial_gradient, (size_t) n * sizeof *x);
      result->iterations++;
    }
}

gboolean
cw_lbfgs_minimise (int n, double *x, CwLbfgsFunc func, CwLbfgsPreconditionFunc precondition,
                   gpointer user_data, const CwLbfgsOptions *options, CwLbfgsResult *result,
                   CwJob *job, GError **error)
{
  g_autofree double *block = g_new (double, (gsize) n * (2 * MEMORY + 5));
  Solver solver = { .n = n,
                    .func = func,
                    .precondition = precondition,
                    .user_data = user_data,
                    .newest = MEMORY - 1,
                    .scale = 1 };
  double *p = block;
  gboolean ok;

  for (int i = 0; i < MEMORY; i++, p += n)
    solver.s[i] = p;
  for (int i = 0; i < MEMORY; i++, p += n)
    solver.y[i] = p;
  solver.gradient = p;
  solver.direction = p + n;
  solver.trial = p + 2 * (gsize) n;
  solver.trial_gradient = p + 3 * (gsize) n;
  solver.work = p + 4 * (gsize) n;

  *result = (CwLbfgsResult) { 0 };
  ok = iterate (&solver, x, options, result, job, error);
  result->evaluations = solver.n_evaluations;
  return ok;
}
