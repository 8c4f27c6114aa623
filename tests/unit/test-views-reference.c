/* SPDX-License-Identifier: MIT */
#include "base/cw-clones.h"
#include "base/cw-rng.h"
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

/* The vectorised code of views against plain versions of it, one pixel after the other and for no
 * instruction set in particular: what is element-wise is the same to the last bit, sums differ by their
 * order. */

CW_EXACT

static const int sizes[] = { 16, 17, 23, 64, 112 };

static CwImage *
make_picture (int w, int h, int c, guint32 seed)
{
  CwImage *image = cw_image_new (w, h, c);
  CwRng rng = cw_rng_new (seed, CW_RNG_TEST, 0, 0, 0, 0);

  for (gsize i = 0; i < cw_image_bytes (image); i++)
    image->data[i] = (guint8) (cw_rng_next (&rng) >> 24);
  return image;
}

static void
assert_same (const char *what, const float *got, const float *want, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      if (memcmp (&got[i], &want[i], sizeof *got) != 0)
        g_error ("%s: element %zu is %.9g instead of %.9g", what, i, (double) got[i],
                 (double) want[i]);
    }
}

/* ---- gather ---- */

static float
clamp (float x, float last)
{
  x = x > 0 ? x : 0;
  return x < last ? x : last;
}

static void
plain_pixel (const CwImage *image, float x, float y, float *out)
{
  gsize c = (gsize) image->c;
  int i, j;

  x = clamp (x - 0.5f, (float) (image->w - 1));
  y = clamp (y - 0.5f, (float) (image->h - 1));
  i = MIN ((int) x, MAX (image->w - 2, 0));
  j = MIN ((int) y, MAX (image->h - 2, 0));
  x -= (float) i;
  y -= (float) j;
  for (gsize k = 0; k < 3; k++)
    {
      const guint8 *p = image->data + ((gsize) j * (gsize) image->w + (gsize) i) * c
                        + (c == 3 ? k : 0);
      gsize right = image->w > 1 ? c : 0, down = image->h > 1 ? (gsize) image->w * c : 0;
      float a = p[0], b = p[right], d = p[down], e = p[down + right];
      float top = a + x * (b - a), bottom = d + x * (e - d);

      out[k] = (top + y * (bottom - top)) * (1.0f / 255.0f);
    }
}

static void
plain_gather (const CwImage *image, const CwMatrix *matrix, const CwField *field, int size,
              float *out)
{
  const float *m = matrix->m;

  for (int y = 0; y < size; y++)
    {
      for (int x = 0; x < size; x++, out += 3)
        {
          const float *d = field != NULL ? field->d + 2 * (y * size + x) : (const float[]){ 0, 0 };
          float u = (float) x + 0.5f + d[0], v = (float) y + 0.5f + d[1];

          plain_pixel (image, m[0] * u + (m[1] * v + m[2]), m[3] * u + (m[4] * v + m[5]), out);
        }
    }
}

static void
keep_geometry (CwViews *views)
{
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      CwPipelineStep *step = &views->pipeline->steps[i];

      step->enabled = step->transform->pattern == CW_TRANSFORM_GEOMETRIC;
    }
}

static void
test_gather (void)
{
  static const int shapes[][3] = { { 61, 40, 3 }, { 37, 90, 1 }, { 1, 9, 3 }, { 9, 1, 3 },
                                   { 1, 1, 3 },   { 1, 7, 1 },   { 6, 1, 1 }, { 128, 128, 3 },
                                   { 2, 2, 3 } };

  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      int size = sizes[s];
      size_t n = 3 * (size_t) size * (size_t) size;
      g_autoptr (CwViews) views = cw_views_new (size);
      g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
      g_autoptr (CwField) field = cw_field_new (size, size);
      g_autofree float *got = g_new (float, n);
      g_autofree float *want = g_new (float, n);

      keep_geometry (views);
      for (guint i = 0; i < 3 * G_N_ELEMENTS (shapes); i++)
        {
          const int *shape = shapes[i / 3];
          g_autoptr (CwImage) image = make_picture (shape[0], shape[1], shape[2], i);
          gboolean warped = i % 3 == 2;
          CwViewDraw draw;
          CwMatrix matrix;

          cw_views_draw (views, 5, 0, i, (int) (i % 3), image->w, image->h,
                         cw_landmark_template_points (), CW_N_LANDMARKS, &draw);
          cw_views_render (views, &draw, image, renderer, got, field);
          matrix = cw_pipeline_matrix (views->pipeline, &draw, image->w, image->h, size);
          plain_gather (image, &matrix, warped ? field : NULL, size, want);
          assert_same ("gather", got, want, n);
        }
    }
}

/* ---- the warp ---- */

/* One push of cw-warp-local-translation.c on one point of the source. */
static void
plain_push (const CwPush *push, float ratio2, float x, float y, float *d)
{
  float scale = 1.0f / (push->radius * push->radius);
  float u = x + d[0] - push->x, v = y + d[1] - push->y;
  float inside = 1.0f - (u * u + v * v) * scale, t;

  inside = inside > 0.0f ? inside : 0.0f;
  t = inside * (1.0f + ratio2) / (inside + ratio2);
  d[0] -= t * t * push->dx;
  d[1] -= t * t * push->dy;
}

static float
plain_ratio (float share)
{
  float lo = 0.57735027f, hi = 64.0f;

  for (int i = 0; i < 30; i++)
    {
      float mid = 0.5f * (lo + hi), q = 1.0f + mid * mid;

      if (mid > share * q * q)
        lo = mid;
      else
        hi = mid;
    }
  return lo * lo;
}

static void
plain_warp (const CwWarpDraw *draw, int size, float *d)
{
  memset (d, 0, 2 * (size_t) size * (size_t) size * sizeof *d);
  for (int k = draw->n - 1; k >= 0; k--)
    {
      const CwPush *push = &draw->push[k];
      float ratio2 = plain_ratio (hypotf (push->dx, push->dy) / push->radius);

      for (int i = 0; i < size * size; i++)
        plain_push (push, ratio2, (float) (i % size) + 0.5f, (float) (i / size) + 0.5f, d + 2 * i);
    }
}

/* Zero is zero, whatever its sign. */
static void
assert_equal (const char *what, const float *got, const float *want, size_t n)
{
  for (size_t i = 0; i < n; i++)
    {
      if (got[i] < want[i] || got[i] > want[i] || isnan (got[i]))
        g_error ("%s: element %zu is %.9g instead of %.9g", what, i, (double) got[i],
                 (double) want[i]);
    }
}

static void
test_warp (void)
{
  CwRng rng = cw_rng_new (3, CW_RNG_TEST, 0, 0, 0, 0);
  const CwWarpClass *warp = cw_builtin_warps[0];
  gpointer params = cw_params_block_new (warp->base.params, warp->base.params_size);

  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      int size = sizes[s];
      float side = (float) size;
      g_autoptr (CwField) field = cw_field_new (size, size);
      g_autofree float *want = g_new (float, 2 * size * size);

      /* Strong pushes, small and large, in the middle, at the border and beyond. */
      for (int round = 0; round < 40; round++)
        {
          CwWarpDraw draw = { .n = 1 + round % 9 };

          for (int k = 0; k < draw.n; k++)
            draw.push[k] = (CwPush){ .x = side * cw_rng_range (&rng, -0.2f, 1.2f),
                                     .y = side * cw_rng_range (&rng, -0.2f, 1.2f),
                                     .dx = side * cw_rng_range (&rng, -0.3f, 0.3f),
                                     .dy = side * cw_rng_range (&rng, -0.3f, 0.3f),
                                     .radius = side * cw_rng_range (&rng, 0.02f, 1.0f) };
          warp->fill (params, &draw, field);
          plain_warp (&draw, size, want);
          assert_equal ("warp", field->d, want, 2 * (size_t) size * (size_t) size);
        }
    }
  cw_params_block_free (warp->base.params, params);
}

/* Sums in double, one after the other: what the affine part is by definition. */
static void
plain_remove_affine (CwField *field)
{
  double mx = 0.5 * (field->w - 1), my = 0.5 * (field->h - 1);

  for (int k = 0; k < 2; k++)
    {
      double sum = 0, x_sum = 0, y_sum = 0, xx = 0, yy = 0, n = (double) field->w * field->h;

      for (int i = 0; i < field->w * field->h; i++)
        {
          double x = i % field->w - mx, y = i / field->w - my, d = (double) field->d[2 * i + k];

          sum += d;
          x_sum += x * d;
          y_sum += y * d;
          xx += x * x;
          yy += y * y;
        }
      for (int i = 0; i < field->w * field->h; i++)
        {
          double x = i % field->w - mx, y = i / field->w - my;

          field->d[2 * i + k] -= (float) (sum / n + (xx > 0 ? x * x_sum / xx : 0)
                                          + (yy > 0 ? y * y_sum / yy : 0));
        }
    }
}

static void
test_affine_and_largest (void)
{
  static const int shapes[][2] = { { 1, 1 }, { 1, 9 }, { 13, 1 }, { 3, 5 }, { 31, 23 }, { 112, 112 } };

  for (size_t s = 0; s < G_N_ELEMENTS (shapes); s++)
    {
      g_autoptr (CwField) field = cw_field_new (shapes[s][0], shapes[s][1]);
      g_autoptr (CwField) want = NULL;
      size_t n = 2 * (size_t) field->w * (size_t) field->h;
      float largest = 0;

      cw_test_fill_normal (field->d, n, 3, (guint) s);
      for (size_t i = 0; i < n; i += 2)
        largest = MAX (largest, field->d[i] * field->d[i] + field->d[i + 1] * field->d[i + 1]);
      largest = sqrtf (largest);
      assert_same ("largest", (const float[]){ cw_field_max (field) }, &largest, 1);
      want = cw_field_copy (field);
      cw_field_remove_affine (field, NULL);
      plain_remove_affine (want);
      cw_test_assert_close ("affine", n, field->d, want->d, 1e-5, 0);
    }
}

/* ---- colour, blur, scaling ---- */

static const CwTransformClass *
transform (const char *id)
{
  for (int i = 0; cw_builtin_transforms[i] != NULL; i++)
    {
      if (strcmp (cw_builtin_transforms[i]->base.id, id) == 0)
        return cw_builtin_transforms[i];
    }
  g_error ("no transform '%s'", id);
}

static void
apply (const char *id, const float *values, int size, float *rgb)
{
  const CwTransformClass *class = transform (id);
  gpointer params = cw_params_block_new (class->base.params, class->base.params_size);
  g_autofree float *scratch = g_new (float, 3 * size * size);

  class->apply (params, values, size, rgb, scratch);
  cw_params_block_free (class->base.params, params);
}

static double
clamp01 (double x)
{
  return CLAMP (x, 0.0, 1.0);
}

static double
luma (const double *p)
{
  return 0.2989 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

/* By the textbook: to HSV and back. */
static void
plain_hue (double turn, double *p)
{
  double high = MAX (MAX (p[0], p[1]), p[2]), low = MIN (MIN (p[0], p[1]), p[2]);
  double chroma = high - low, h, f;
  int sector;

  if (chroma <= 0)
    return;
  if (p[0] >= high)
    h = (p[1] - p[2]) / chroma;
  else if (p[1] >= high)
    h = (p[2] - p[0]) / chroma + 2;
  else
    h = (p[0] - p[1]) / chroma + 4;
  h = fmod (h + 6 * turn + 12, 6);
  sector = (int) h;
  f = h - sector;
  {
    const double t = low + chroma * f, q = high - chroma * f;
    const double table[6][3] = { { high, t, low }, { q, high, low }, { low, high, t },
                                 { low, q, high }, { t, low, high }, { high, low, q } };

    memcpy (p, table[sector], sizeof table[sector]);
  }
}

static void
plain_jitter (const float *values, size_t n, const float *in, float *out)
{
  double mean = 0;

  for (size_t i = 0; i < n; i++)
    {
      double p[3];

      for (int k = 0; k < 3; k++)
        p[k] = clamp01 ((double) values[0] * (double) in[3 * i + (size_t) k]);
      mean += luma (p) / (double) n;
    }
  for (size_t i = 0; i < n; i++)
    {
      double p[3], grey;

      for (int k = 0; k < 3; k++)
        {
          p[k] = clamp01 ((double) values[0] * (double) in[3 * i + (size_t) k]);
          p[k] = clamp01 ((double) values[1] * p[k] + (1 - (double) values[1]) * mean);
        }
      grey = luma (p);
      for (int k = 0; k < 3; k++)
        p[k] = clamp01 ((double) values[2] * p[k] + (1 - (double) values[2]) * grey);
      plain_hue ((double) values[3], p);
      for (int k = 0; k < 3; k++)
        out[3 * i + (size_t) k] = (float) p[k];
    }
}

static void
fill_uniform (float *x, size_t n, guint32 seed)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_TEST, 0, 0, 0, 0);

  for (size_t i = 0; i < n; i++)
    x[i] = cw_rng_uniform (&rng);
}

static void
test_colour (void)
{
  static const float values[][4] = { { 1.3f, 1, 1, 0 },       { 1, 0.7f, 1, 0 },
                                     { 1, 1, 1.2f, 0 },       { 1, 1, 1, 0.05f },
                                     { 0.8f, 1.4f, 0.8f, -0.05f }, { 1.4f, 0.6f, 1.2f, 0.5f } };

  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      size_t n = (size_t) sizes[s] * (size_t) sizes[s];
      g_autofree float *got = g_new (float, 3 * n);
      g_autofree float *want = g_new (float, 3 * n);

      for (size_t v = 0; v < G_N_ELEMENTS (values); v++)
        {
          fill_uniform (got, 3 * n, (guint32) v);
          plain_jitter (values[v], n, got, want);
          apply ("colour-jitter", values[v], sizes[s], got);
          /* Where the hue is ill-defined, little chroma, rounding counts for more. */
          cw_test_assert_close ("colour", 3 * n, got, want, 3e-6, 0);
        }
    }
}

static int
reflect (int i, int n)
{
  int period = 2 * MAX (n - 1, 1);

  i = ABS (i) % period;
  return i < n ? i : period - i;
}

static void
plain_blur (const float *in, int size, float sigma, gboolean down, float *out)
{
  int radius = (int) ceilf (3 * sigma);
  double total = 0;

  for (int k = -radius; k <= radius; k++)
    total += exp (-0.5 * k * k / ((double) sigma * (double) sigma));
  for (int i = 0; i < 3 * size * size; i++)
    {
      int c = i % 3, x = i / 3 % size, y = i / 3 / size;
      double sum = 0;

      for (int k = -radius; k <= radius; k++)
        {
          int u = down ? x : reflect (x + k, size), v = down ? reflect (y + k, size) : y;

          sum += exp (-0.5 * k * k / ((double) sigma * (double) sigma)) / total
                 * (double) in[3 * (v * size + u) + c];
        }
      out[i] = (float) sum;
    }
}

static void
test_blur (void)
{
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      int size = sizes[s];
      size_t n = 3 * (size_t) size * (size_t) size;
      g_autofree float *got = g_new (float, n);
      g_autofree float *half = g_new (float, n);
      g_autofree float *want = g_new (float, n);

      for (float sigma = 0.1f; sigma < 3; sigma += 0.7f)
        {
          fill_uniform (got, n, 8);
          plain_blur (got, size, sigma * (float) size / 48, TRUE, half);
          plain_blur (half, size, sigma * (float) size / 48, FALSE, want);
          apply ("blur", &sigma, size, got);
          cw_test_assert_close ("blur", n, got, want, 2e-6, 0);
        }
    }
}

static void
test_grey (void)
{
  const int size = 23, n = size * size;
  g_autofree float *got = g_new (float, 3 * n);
  g_autofree float *want = g_new (float, 3 * n);

  fill_uniform (got, (size_t) (3 * n), 4);
  for (int i = 0; i < 3 * n; i++)
    {
      const float *p = got + i / 3 * 3;

      want[i] = 0.2989f * p[0] + 0.587f * p[1] + 0.114f * p[2];
    }
  apply ("grey", (const float[]){ 1 }, size, got);
  assert_same ("grey", got, want, (size_t) (3 * n));
}

static void
test_scaling (void)
{
  const CwPreprocess preprocess = { 16, { 0.1f, 0.5f, 0.7f }, { 0.25f, 0.3f, 1.7f } };

  for (size_t n = 1; n < 80; n++)
    {
      g_autofree float *got = g_new (float, 3 * n);
      g_autofree float *want = g_new (float, 3 * n);

      fill_uniform (got, 3 * n, (guint32) n);
      for (size_t i = 0; i < 3 * n; i++)
        want[i] = (got[i] - preprocess.mean[i % 3]) * (1.0f / preprocess.std[i % 3]);
      cw_preprocess_apply (&preprocess, got, n);
      assert_same ("scaling", got, want, 3 * n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/views-reference/gather", test_gather);
  g_test_add_func ("/views-reference/warp", test_warp);
  g_test_add_func ("/views-reference/affine-and-largest", test_affine_and_largest);
  g_test_add_func ("/views-reference/colour", test_colour);
  g_test_add_func ("/views-reference/blur", test_blur);
  g_test_add_func ("/views-reference/grey", test_grey);
  g_test_add_func ("/views-reference/scaling", test_scaling);
  return g_test_run ();
}
