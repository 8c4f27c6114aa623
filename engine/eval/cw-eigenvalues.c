/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-eigenvalues.h"

#include <float.h>
#include <glib.h>
#include <math.h>

#define MAX_STEPS 60

static double
dot (const double *a, const double *b, int n)
{
  double lanes[4] = { 0 };
  int i = 0;

  for (; i + 4 <= n; i += 4)
    {
      for (int l = 0; l < 4; l++)
        lanes[l] += a[i + l] * b[i + l];
    }
  for (int l = 0; i + l < n; l++)
    lanes[l] += a[i + l] * b[i + l];
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

/* What is left of @a `[n, n]` (rows of @stride) behind its first row and column is reflected so
 * that of that row only the second element, which is returned, stays. @v, @p: [n] scratch. */
static double
reflect (double *a, int n, int stride, double *v, double *p)
{
  double length, beta, middle;
  int m = n - 1;

  for (int i = 0; i < m; i++)
    v[i] = a[i + 1];
  length = sqrt (dot (v, v, m));
  if (!(length > 0))
    return 0;
  length = v[0] > 0 ? -length : length;
  v[0] -= length;
  beta = 2 / dot (v, v, m);
  for (int i = 0; i < m; i++)
    p[i] = beta * dot (a + (gsize) (i + 1) * (gsize) stride + 1, v, m);
  middle = 0.5 * beta * dot (p, v, m);
  for (int i = 0; i < m; i++)
    p[i] -= middle * v[i];
  for (int i = 0; i < m; i++)
    {
      double *row = a + (gsize) (i + 1) * (gsize) stride + 1;

      for (int j = 0; j < m; j++)
        row[j] -= v[i] * p[j] + p[i] * v[j];
    }
  return length;
}

/* One implicit QL step on rows @l..@m of the tridiagonal matrix with diagonal @d and, beside it,
 * @e. */
static void
step (double *d, double *e, int l, int m)
{
  double g = (d[l + 1] - d[l]) / (2 * e[l]), r = hypot (g, 1), s = 1, c = 1, p = 0;

  g = d[m] - d[l] + e[l] / (g + copysign (r, g));
  for (int i = m - 1; i >= l; i--)
    {
      double f = s * e[i], b = c * e[i];

      e[i + 1] = r = hypot (f, g);
      if (!(r > 0))
        {
          d[i + 1] -= p;
          e[m] = 0;
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
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

void
cw_eigenvalues (double *a, int n, double *values)
{
  g_autofree double *e = g_new0 (double, n);
  g_autofree double *v = g_new (double, n);
  g_autofree double *p = g_new (double, n);

  for (int k = 0; k < n; k++)
    {
      double *corner = a + (gsize) k * (gsize) n + (gsize) k;

      values[k] = corner[0];
      if (k < n - 1)
        e[k] = reflect (corner, n - k, n, v, p);
    }
  for (int l = 0; l < n; l++)
    {
      for (int round = 0; round < MAX_STEPS; round++)
        {
          int m = l;

          while (m < n - 1
                 && fabs (e[m]) > DBL_EPSILON * (fabs (values[m]) + fabs (values[m + 1])))
            m++;
          if (m == l)
            break;
          step (values, e, l, m);
        }
    }
}
