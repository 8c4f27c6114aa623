/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-rows.h"

#include "nn/cw-representation.h"

#include <math.h>

double
_cw_row_dot (int dim, const float *a, const float *b)
{
  double sum = 0;

  for (int j = 0; j < dim; j++)
    sum += (double) a[j] * (double) b[j];
  return sum;
}

void
_cw_row_add (int dim, float alpha, const float *x, float *y)
{
  for (int j = 0; j < dim; j++)
    y[j] += alpha * x[j];
}

void
_cw_rows_normalise_part (size_t n, int dim, int begin, int end, const float *x, float *unit,
                         float *inverse)
{
  for (size_t i = 0; i < n; i++)
    {
      const float *row = x + i * (size_t) dim;
      float *to = unit + i * (size_t) dim;
      double length = sqrt (_cw_row_dot (end - begin, row + begin, row + begin));

      /* Written so that NaN is not taken for zero. */
      inverse[i] = length <= CW_SHORTEST_ROW ? 0.0f : (float) (1 / length);
      for (int j = 0; j < dim; j++)
        to[j] = j >= begin && j < end ? row[j] * inverse[i] : 0.0f;
    }
}

void
_cw_rows_normalise (size_t n, int dim, const float *x, float *unit, float *inverse)
{
  _cw_rows_normalise_part (n, dim, 0, dim, x, unit, inverse);
}

void
_cw_rows_normalise_backward (size_t n, int dim, const float *unit, const float *inverse,
                             const float *d_unit, float *d_x)
{
  for (size_t i = 0; i < n; i++)
    {
      const float *u = unit + i * (size_t) dim;
      const float *du = d_unit + i * (size_t) dim;
      float *dx = d_x + i * (size_t) dim;
      float along = (float) _cw_row_dot (dim, u, du);

      for (int j = 0; j < dim; j++)
        dx[j] += inverse[i] * (du[j] - along * u[j]);
    }
}
