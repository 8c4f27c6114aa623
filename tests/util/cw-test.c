/* SPDX-License-Identifier: MIT */
#include "cw-test.h"

#include "base/cw-rng.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

void
cw_test_assert_close (const char *what, size_t n, const float *got, const float *want,
                      double abs_tol, double rel_tol)
{
  for (size_t i = 0; i < n; i++)
    {
      double diff = fabs ((double) got[i] - (double) want[i]);

      if (!(diff <= abs_tol + rel_tol * fabs ((double) want[i])))
        {
          g_error ("%s[%zu]: got %.9g, want %.9g, off by %.3g (%.3g relative)", what, i,
                   (double) got[i], (double) want[i], diff,
                   diff / (fabs ((double) want[i]) + 1e-30));
        }
    }
}

double
cw_test_relative_error (size_t n, const float *got, const float *want)
{
  double diff = 0, norm = 0;

  for (size_t i = 0; i < n; i++)
    {
      double d = (double) got[i] - (double) want[i];

      diff += d * d;
      norm += (double) want[i] * (double) want[i];
    }
  return sqrt (diff) / (sqrt (norm) + 1e-30);
}

void
cw_test_gradient (const char *what, CwTestFunc func, gpointer user_data, const float *x,
                  const float *gradient, size_t n, int n_directions, double eps, double tol)
{
  g_autofree float *moved = g_new (float, n);
  g_autofree float *direction = g_new (float, n);
  double err = 0, norm = 0;

  for (int k = 0; k < n_directions; k++)
    {
      double analytic = 0, numeric;

      cw_test_fill_normal (direction, n, 1.0f / sqrtf ((float) n), 1000u + (guint) k);
      for (size_t i = 0; i < n; i++)
        analytic += (double) direction[i] * (double) gradient[i];
      for (size_t i = 0; i < n; i++)
        moved[i] = x[i] + (float) eps * direction[i];
      numeric = func (moved, user_data);
      for (size_t i = 0; i < n; i++)
        moved[i] = x[i] - (float) eps * direction[i];
      numeric = (numeric - func (moved, user_data)) / (2 * eps);
      err += (analytic - numeric) * (analytic - numeric);
      norm += analytic * analytic + numeric * numeric;
    }
  err = sqrt (err) / (sqrt (0.5 * norm) + 1e-12);
  if (!(err <= tol))
    g_error ("%s: gradient off by %.3g relative (allowed %.3g)", what, err, tol);
}

void
cw_test_fill_normal (float *x, size_t n, float scale, guint seed)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_TEST, 0, 0, 0, 0);

  for (size_t i = 0; i < n; i++)
    x[i] = scale * cw_rng_normal (&rng);
}

void
cw_test_fill_hashed (guint32 stream, size_t n, float *out)
{
  for (size_t i = 0; i < n; i++)
    {
      guint32 x = (guint32) i * 0x9E3779B1u + (stream * 0x85EBCA77u + 1u);

      x ^= x >> 16;
      x *= 0x7FEB352Du;
      x ^= x >> 15;
      x *= 0x846CA68Bu;
      x ^= x >> 16;
      out[i] = (float) (x >> 8) * 0x1p-24f - 0.5f;
    }
}

char *
cw_test_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("contrawarp-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_autoptr (GDir) dir = NULL;
      const char *name;

      g_chmod (path, 0700);
      dir = g_dir_open (path, 0, NULL);
      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          remove_tree (child);
        }
    }
  g_remove (path);
}

void
cw_test_remove_folder (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

char *
cw_test_file (const char *first, ...)
{
  va_list args;
  g_autofree char *rest = NULL;

  va_start (args, first);
  rest = g_build_filename_valist (first, &args);
  va_end (args);
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), rest, NULL);
}

float *
cw_test_load_golden (const char *name, size_t *n)
{
  g_autofree char *path = cw_test_file ("golden", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  *n = size / sizeof (float);
  return (float *) data;
}
