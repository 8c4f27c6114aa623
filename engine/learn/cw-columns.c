/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-learn"

#include "learn/cw-columns.h"

#include <glib.h>

/* Columns are taken so many at a time: their sums stay in registers and lines of the cache are used
 * whole. */
#define WIDTH 16

static void
centre_span (size_t n, size_t dim, int width, const float *x, float *centred, float *variance)
{
  double means[WIDTH] = { 0 }, squares[WIDTH] = { 0 };

  for (size_t i = 0; i < n; i++)
    {
      for (int j = 0; j < width; j++)
        means[j] += (double) x[i * dim + (size_t) j];
    }
  for (int j = 0; j < width; j++)
    means[j] /= (double) n;
  for (size_t i = 0; i < n; i++)
    {
      for (int j = 0; j < width; j++)
        {
          double off = (double) x[i * dim + (size_t) j] - means[j];

          centred[i * dim + (size_t) j] = (float) off;
          squares[j] += off * off;
        }
    }
  for (int j = 0; j < width; j++)
    variance[j] = (float) (squares[j] / (double) n);
}

void
_cw_columns_centre (size_t n, int dim, const float *x, float *centred, float *variance)
{
  for (int j = 0; j < dim; j += WIDTH)
    centre_span (n, (size_t) dim, MIN (WIDTH, dim - j), x + j, centred + j, variance + j);
}

void
_cw_columns_scale (size_t n, int dim, const float *factors, float *x)
{
  for (size_t i = 0; i < n; i++)
    {
      for (int j = 0; j < dim; j++)
        x[i * (size_t) dim + (size_t) j] *= factors[j];
    }
}

static void
standardise_backward_span (size_t n, size_t dim, int width, const float *y, const float *inverse,
                           const float *d_y, float *d_x)
{
  double means[WIDTH] = { 0 }, along[WIDTH] = { 0 };

  for (size_t i = 0; i < n; i++)
    {
      for (int j = 0; j < width; j++)
        {
          size_t at = i * dim + (size_t) j;

          means[j] += (double) d_y[at];
          along[j] += (double) d_y[at] * (double) y[at];
        }
    }
  for (size_t i = 0; i < n; i++)
    {
      for (int j = 0; j < width; j++)
        {
          size_t at = i * dim + (size_t) j;
          double d = (double) d_y[at] - (means[j] + (double) y[at] * along[j]) / (double) n;

          d_x[at] += (float) ((double) inverse[j] * d);
        }
    }
}

void
_cw_columns_standardise_backward (size_t n, int dim, const float *y, const float *inverse,
                                  const float *d_y, float *d_x)
{
  for (int j = 0; j < dim; j += WIDTH)
    standardise_backward_span (n, (size_t) dim, MIN (WIDTH, dim - j), y + j, inverse + j, d_y + j,
                               d_x + j);
}
