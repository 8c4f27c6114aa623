/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-nn"

#include "nn/cw-eigenvalues.h"

#include "nn/cw-dot.h"

#include <float.h>
#include <math.h>

/* Two or three per eigenvalue are usual. */
#define MAX_ROUNDS 60

/* What is left of @a `[n, n]` (rows of @stride) behind its first row and column is reflected so
 * that of that row only the second element, which is returned, stays. @v, @p: [n] scratch. */
static double
reflect (int n, size_t stride, double *a, double *v, double *p)
{
  int m = n - 1;
  double length, beta, middle;

  for (int i = 0; i < m; i++)
    v[i] = a[i + 1];
  length = sqrt (_cw_dot_double (v, v, (size_t) m));
  /* Written so that NaN is not taken for zero. */
  if (length <= 0)
    return 0;
  /* The sign with which the first element of v does not cancel. */
  length = v[0] > 0 ? -length : length;
  v[0] -= length;
  beta = 2 / _cw_dot_double (v, v, (size_t) m);
  for (int i = 0; i < m; i++)
    p[i] = beta * _cw_dot_double (a + (size_t) (i + 1) * stride + 1, v, (size_t) m);
  middle = 0.5 * beta * _cw_dot_double (p, v, (size_t) m);
  for (int i = 0; i < m; i++)
    p[i] -= middle * v[i];
  for (int i = 0; i < m; i++)
    {
      double *row = a + (size_t) (i + 1) * stride + 1;

      for (int j = 0; j < m; j++)
        row[j] -= v[i] * p[j] + p[i] * v[j];
    }
  return length;
}

/* A matrix with the same eigenvalues that has only @diagonal and, beside it, @off. */
static void
make_tridiagonal (int n, double *a, double *diagonal, double *off, double *v, double *p)
{
  for (int k = 0; k < n; k++)
    {
      double *corner = a + (size_t) k * (size_t) n + (size_t) k;

      diagonal[k] = corner[0];
      off[k] = k + 1 < n ? reflect (n - k, (size_t) n, corner, v, p) : 0;
    }
}

/* One implicit QL step with Wilkinson's shift on rows @from..@to. */
static void
chase (int from, int to, double *d, double *e)
{
  double g = (d[from + 1] - d[from]) / (2 * e[from]), s = 1, c = 1, p = 0;

  g = d[to] - d[from] + e[from] / (g + copysign (hypot (g, 1), g));
  for (int i = to - 1; i >= from; i--)
    {
      double f = s * e[i], b = c * e[i], r = hypot (f, g);

      e[i + 1] = r;
      if (r <= 0)
        {
          d[i + 1] -= p;
          e[to] = 0;
          return;
        }
      s = f / r;
      c = g / r;
      g = d[i + 1] - p;
      r = (d[i] - g) * s + 2 * c * b;
      p = s * r;
      d[i + 1] = g + p;
      g = c * r - b;
    }
  d[from] -= p;
  e[from] = g;
  e[to] = 0;
}

gboolean
cw_symmetric_eigenvalues (int n, double *a, double *values, double *scratch)
{
  double *off = scratch;

  make_tridiagonal (n, a, values, off, scratch + n, scratch + 2 * n);
  for (int from = 0; from < n; from++)
    {
      for (int round = 0;; round++)
        {
          int to = from;

          while (to + 1 < n
                 && !(fabs (off[to]) <= DBL_EPSILON * (fabs (values[to]) + fabs (values[to + 1]))))
            to++;
          if (to == from)
            break;
          if (round == MAX_ROUNDS)
            return FALSE;
          chase (from, to, values, off);
        }
    }
  for (int i = 0; i < n; i++)
    {
      if (!isfinite (values[i]))
        return FALSE;
    }
  return TRUE;
}
