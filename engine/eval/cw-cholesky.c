/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-cholesky.h"

#include "nn/cw-dot.h"

#include <math.h>

gboolean
_cw_cholesky_factor (double *a, int n)
{
  for (int i = 0; i < n; i++)
    {
      double *row = a + (gsize) i * (gsize) n, rest;

      for (int j = 0; j < i; j++)
        {
          const double *other = a + (gsize) j * (gsize) n;

          row[j] = (row[j] - _cw_dot_double (row, other, (gsize) j)) / other[j];
        }
      rest = row[i] - _cw_dot_double (row, row, (gsize) i);
      if (!(rest > 0) || !isfinite (rest))
        return FALSE;
      row[i] = sqrt (rest);
    }
  return TRUE;
}

void
_cw_cholesky_solve (const double *factor, int n, double *b, int n_columns)
{
  for (int i = 0; i < n; i++)
    {
      const double *row = factor + (gsize) i * (gsize) n;
      double *x = b + (gsize) i * (gsize) n_columns;

      for (int j = 0; j < i; j++)
        {
          for (int c = 0; c < n_columns; c++)
            x[c] -= row[j] * b[(gsize) j * (gsize) n_columns + (gsize) c];
        }
      for (int c = 0; c < n_columns; c++)
        x[c] /= row[i];
    }
  /* The transposed factor, by its columns: the rows of the factor. */
  for (int i = n - 1; i >= 0; i--)
    {
      const double *row = factor + (gsize) i * (gsize) n;
      double *x = b + (gsize) i * (gsize) n_columns;

      for (int c = 0; c < n_columns; c++)
        x[c] /= row[i];
      for (int j = 0; j < i; j++)
        {
          for (int c = 0; c < n_columns; c++)
            b[(gsize) j * (gsize) n_columns + (gsize) c] -= row[j] * x[c];
        }
    }
}
