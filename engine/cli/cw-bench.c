/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-bench.h"

double
cw_bench_seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
cw_bench_median (double *values, int n)
{
  qsort (values, (size_t) n, sizeof *values, compare_doubles);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

CwImage *
cw_bench_picture (guint index, int side)
{
  CwImage *image = cw_image_new (side, side, 3);
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, index, 0);

  for (int y = 0; y < side; y++)
    {
      for (int x = 0; x < 3 * side; x++)
        image->data[(size_t) y * (size_t) side * 3 + (size_t) x]
            = (guint8) ((x * 2 + y * 3 + (int) (cw_rng_next (&rng) & 31)) & 255);
    }
  return image;
}
