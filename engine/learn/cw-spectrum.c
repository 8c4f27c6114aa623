/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-spectrum.h"

#include <float.h>
#include <math.h>

/* Two or three per eigenvalue are usual. */
#define MAX_ROUNDS 60

/* The part of @a below and right of row @k becomes H a H, where H reflects v. */
static void
reflect (int n, int k, double *a, const double *v, double square, double *p)
{
  double along = 0;

  for (int i = k + 1; i < n; i++)
    {
      p[i] = 0;
      for (int j = k + 1; j < n; j++)
        p[i] += a[i * n + j] * v[j];
      p[i] *= 2 / square;
      along += p[i] * v[i];
    }
  for (int i = k + 1; i < n; i++)
    p[i] -= along / square * v[i];
  for (int i = k + 1; i < n; i++)
    {
      for (int j = k + 1; j < n; j++)
        a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
    }
}

/* A matrix with the same eigenvalues that has only @diagonal and, beside it, @off. */
static void
make_tridiagonal (int n, double *a, double *diagonal, double *off, double *v, double *p)
{
  for (int k = 0; k + 1 < n; k++)
    {
      double square = 0, length;

      for (int i = k + 1; i < n; i++)
        {
          v[i] = a[i * n + k];
          square += v[i] * v[i];
        }
      length = sqrt (square);
      off[k] = v[k + 1] > 0 ? -length : length;
      /* Now of v = x - off e, whose first element does not cancel. */
      square = 2 * (square + length * fabs (v[k + 1]));
      v[k + 1] -= off[k];
      if (square > 0)
        reflect (n, k, a, v, square, p);
      diagonal[k] = a[k * n + k];
    }
  diagonal[n - 1] = a[n * n - 1];
  off[n - 1] = 0;
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
_cw_symmetric_eigenvalues (int n, double *a, double *values, double *scratch)
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
  return isfinite (values[0]);
}
