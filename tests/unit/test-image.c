/* SPDX-License-Identifier: MIT */
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-field.h"
#include "image/cw-geometry.h"
#include "image/cw-image.h"
#include "image/cw-views.h"

#include "base/cw-rng.h"

#include <math.h>
#include <string.h>

/* ---- pictures ---- */

static CwImage *
make_noise (int w, int h, int c, guint seed)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_TEST, 0, 0, 0, 0);
  CwImage *image = cw_image_new (w, h, c);

  for (size_t i = 0; i < cw_image_bytes (image); i++)
    image->data[i] = (guint8) cw_rng_below (&rng, 256);
  return image;
}

static CwImage *
to_rgb (const CwImage *grey)
{
  CwImage *rgb = cw_image_new (grey->w, grey->h, 3);

  for (size_t i = 0; i < cw_image_bytes (rgb); i++)
    rgb->data[i] = grey->data[i / 3];
  return rgb;
}

static void
test_hash (void)
{
  g_autoptr (CwImage) wide = make_noise (7, 5, 1, 1);
  g_autoptr (CwImage) tall = cw_image_new (5, 7, 1);
  g_autoptr (CwImage) rgb = to_rgb (wide);
  g_autoptr (CwImage) again = make_noise (7, 5, 1, 1);
  guint64 hash = cw_image_hash (wide);

  g_assert_true (hash == cw_image_hash (again));
  g_assert_true (hash == cw_image_hash (rgb));
  memcpy (tall->data, wide->data, 35);
  g_assert_true (hash != cw_image_hash (tall));
  rgb->data[3 * 34 + 2] ^= 1;
  g_assert_true (hash != cw_image_hash (rgb));
}

/* Every one-bit change, all pairs: no two alike, and about half of the bits turn. */
static void
test_hash_spread (void)
{
  g_autoptr (CwImage) image = make_noise (13, 9, 3, 2);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint64 hash = cw_image_hash (image);
  size_t n = cw_image_bytes (image) * 8, turned = 0;

  for (size_t bit = 0; bit < n; bit++)
    {
      guint64 changed;

      image->data[bit / 8] ^= (guint8) (1 << bit % 8);
      changed = cw_image_hash (image);
      image->data[bit / 8] ^= (guint8) (1 << bit % 8);
      turned += (size_t) __builtin_popcountll (hash ^ changed);
      g_assert_cmpint (__builtin_popcountll (hash ^ changed), >, 8);
      g_assert_true (g_hash_table_add (seen, g_memdup2 (&changed, sizeof changed)));
    }
  g_assert_cmpfloat (fabs ((double) turned / (double) n - 32), <, 1);
}

/* Many values of three bytes that stand high in their words: differences must not stay there. */
static void
test_hash_high (void)
{
  g_autoptr (CwImage) image = make_noise (8, 4, 3, 6);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (int i = 0; i < 1 << 18; i++)
    {
      guint64 hash;

      image->data[5] = (guint8) (i << 2);
      image->data[5 + 6 * 7] = (guint8) (i >> 6 << 2);
      image->data[5 + 6 * 11] = (guint8) (i >> 12 << 2);
      hash = cw_image_hash (image);
      g_assert_true (g_hash_table_add (seen, g_memdup2 (&hash, sizeof hash)));
    }
}

static void
test_shrink_whole (void)
{
  for (int c = 1; c <= 3; c += 2)
    {
      g_autoptr (CwImage) image = make_noise (24, 36, c, 3);
      g_autoptr (CwImage) small = cw_image_shrink (image, 12);

      g_assert_cmpint (small->w, ==, 8);
      g_assert_cmpint (small->h, ==, 12);
      g_assert_cmpint (small->c, ==, c);
      for (int i = 0; i < 8 * 12 * c; i++)
        {
          int x = i / c % 8, y = i / c / 8, k = i % c, sum = 0;

          for (int j = 0; j < 9; j++)
            sum += image->data[((3 * y + j / 3) * 24 + 3 * x + j % 3) * c + k];
          g_assert_cmpint (small->data[i], ==, (2 * sum + 9) / 18);
        }
    }
}

static void
test_shrink_broken (void)
{
  g_autoptr (CwImage) row = cw_image_new (3, 1, 1);
  g_autoptr (CwImage) two = NULL;
  g_autoptr (CwImage) thin = make_noise (1000, 3, 3, 4);
  g_autoptr (CwImage) thinner = cw_image_shrink (thin, 10);
  g_autoptr (CwImage) image = make_noise (97, 61, 1, 5);
  g_autoptr (CwImage) small = cw_image_shrink (image, 40);
  g_autoptr (CwImage) same = cw_image_shrink (image, 97);
  double mean = 0, small_mean = 0;

  memcpy (row->data, "\x00\x5A\x1E", 3);
  two = cw_image_shrink (row, 2);
  g_assert_cmpint (two->w, ==, 2);
  g_assert_cmpint (two->h, ==, 1);
  /* (0 + 0 + 90) / 3 and (90 + 30 + 30) / 3. */
  g_assert_cmpint (two->data[0], ==, 30);
  g_assert_cmpint (two->data[1], ==, 50);

  g_assert_cmpint (thinner->w, ==, 10);
  g_assert_cmpint (thinner->h, ==, 1);

  g_assert_cmpint (small->w, ==, 40);
  g_assert_cmpint (small->h, ==, 25);
  for (size_t i = 0; i < cw_image_bytes (image); i++)
    mean += image->data[i];
  for (size_t i = 0; i < cw_image_bytes (small); i++)
    small_mean += small->data[i];
  /* Each source pixel has the same weight. */
  g_assert_cmpfloat (fabs (mean / (97 * 61) - small_mean / (40 * 25)), <, 0.1);
  g_assert_true (same == image);
}

/* ---- geometry ---- */

static void
assert_point (CwPoint got, float x, float y)
{
  const float want[2] = { x, y };

  cw_test_assert_close ("point", 2, (const float[2]){ got.x, got.y }, want, 1e-5, 1e-5);
}

static void
test_matrix (void)
{
  CwMatrix turn = cw_matrix_rotation ((float) G_PI_2), shift = cw_matrix_translation (3, 1);
  CwMatrix both = cw_matrix_multiply (shift, turn), inverse, unit;
  CwMatrix projective = { { 1, 0.2f, 3, -0.1f, 0.9f, 1, 0.01f, -0.02f, 1 } };
  CwMatrix singular = cw_matrix_scale (0, 1), zero = { { 0 } };
  CwPoint p = { 2, 0 };

  /* y points down: a positive angle is clockwise. */
  assert_point (cw_matrix_apply (&turn, p), 0, 2);
  assert_point (cw_matrix_apply (&both, p), 3, 3);
  both = cw_matrix_multiply (turn, shift);
  assert_point (cw_matrix_apply (&both, p), -1, 5);
  both = cw_matrix_shear (0.5f, 0);
  assert_point (cw_matrix_apply (&both, (CwPoint){ 1, 2 }), 2, 2);
  assert_point (cw_matrix_apply (&projective, (CwPoint){ 1, 2 }), 4.4f / 0.97f, 2.7f / 0.97f);

  inverse = cw_matrix_invert (projective);
  unit = cw_matrix_multiply (projective, inverse);
  cw_test_assert_close ("unit", 9, unit.m, cw_matrix_identity ().m, 1e-5, 0);
  singular = cw_matrix_invert (singular);
  g_assert_cmpmem (singular.m, sizeof singular.m, zero.m, sizeof zero.m);
}

/* ---- fields ---- */

/* A smooth field without folds: three waves of @amplitude px. */
static CwField *
make_waves (int w, int h, float amplitude)
{
  CwField *field = cw_field_new (w, h);

  for (int j = 0; j < h; j++)
    {
      for (int i = 0; i < w; i++)
        {
          float *d = field->d + 2 * (j * w + i);

          d[0] = amplitude * sinf (0.21f * (float) i + 0.13f * (float) j);
          d[1] = amplitude * cosf (0.17f * (float) j - 0.11f * (float) i + 1);
        }
    }
  return field;
}

static CwField *
make_affine (int w, int h, const float a[6])
{
  CwField *field = cw_field_new (w, h);

  for (int j = 0; j < h; j++)
    {
      for (int i = 0; i < w; i++)
        {
          float *d = field->d + 2 * (j * w + i), x = (float) i + 0.5f, y = (float) j + 0.5f;

          d[0] = a[0] + a[1] * x + a[2] * y;
          d[1] = a[3] + a[4] * x + a[5] * y;
        }
    }
  return field;
}

static void
test_field_sample (void)
{
  static const float a[6] = { 1, 0.1f, -0.2f, -3, 0.05f, 0.3f };
  g_autoptr (CwField) field = make_affine (9, 7, a);
  float out[2], want[2];

  /* Linear between pixel centres, constant beyond them. */
  cw_field_sample (field, 3.27f, 4.81f, out);
  want[0] = a[0] + a[1] * 3.27f + a[2] * 4.81f;
  want[1] = a[3] + a[4] * 3.27f + a[5] * 4.81f;
  cw_test_assert_close ("inside", 2, out, want, 1e-5, 0);
  cw_field_sample (field, -5, 100, out);
  cw_test_assert_close ("corner", 2, out, field->d + 2 * (6 * 9), 0, 0);
  cw_field_sample (field, 100, -5, out);
  cw_test_assert_close ("corner", 2, out, field->d + 2 * 8, 0, 0);
  cw_field_sample (field, NAN, NAN, out);
  cw_test_assert_close ("nowhere", 2, out, field->d, 0, 0);
}

static void
test_field_compose (void)
{
  static const float a[6] = { 1.5f, 0, 0.1f, -0.5f, 0.05f, 0 };
  g_autoptr (CwField) first = make_affine (40, 30, a);
  g_autoptr (CwField) second = make_waves (40, 30, 1.2f);
  g_autoptr (CwField) out = cw_field_new (40, 30);

  cw_field_compose (first, second, out);
  for (int j = 5; j < 25; j++)
    {
      for (int i = 5; i < 35; i++)
        {
          const float *s = second->d + 2 * (j * 40 + i);
          float x = (float) i + 0.5f + s[0], y = (float) j + 0.5f + s[1];
          const float want[2] = { s[0] + a[0] + a[1] * x + a[2] * y,
                                  s[1] + a[3] + a[4] * x + a[5] * y };

          cw_test_assert_close ("composed", 2, out->d + 2 * (j * 40 + i), want, 1e-4, 0);
        }
    }
}

static void
test_field_invert (void)
{
  g_autoptr (CwField) field = make_waves (48, 40, 1.8f);
  g_autoptr (CwField) inverse = cw_field_new (48, 40);
  g_autoptr (CwField) both = cw_field_new (48, 40);

  cw_field_invert (field, inverse, 40);
  /* There and back. */
  cw_field_compose (field, inverse, both);
  g_assert_cmpfloat (cw_field_max (both), <, 1e-4f);
  /* Back and there, away from the border, where the inverse is only sampled. */
  cw_field_compose (inverse, field, both);
  for (int j = 4; j < 36; j++)
    {
      for (int i = 4; i < 44; i++)
        {
          const float *d = both->d + 2 * (j * 48 + i);

          g_assert_cmpfloat (hypotf (d[0], d[1]), <, 0.06f);
        }
    }
}

static void
test_field_jacobian (void)
{
  static const float a[6] = { 2, 0.3f, -0.2f, 1, 0.1f, -0.4f };
  g_autoptr (CwField) field = make_affine (8, 6, a);
  g_autoptr (CwField) row = make_affine (5, 1, a);
  float det[48], want = 1.3f * 0.6f + 0.2f * 0.1f, narrow = 1.3f;
  CwFieldStats stats;

  cw_field_jacobian (field, det);
  for (int i = 0; i < 48; i++)
    cw_test_assert_close ("determinant", 1, det + i, &want, 1e-5, 0);
  cw_field_jacobian (row, det);
  for (int i = 0; i < 5; i++)
    cw_test_assert_close ("determinant", 1, det + i, &narrow, 1e-5, 0);

  /* One pixel that jumps to the left of its neighbour: p + d goes backwards around it. */
  cw_field_clear (field);
  field->d[2 * (3 * 8 + 4)] = -3;
  field->d[2 * (3 * 8 + 4) + 1] = 4;
  cw_field_stats (field, det, &stats);
  g_assert_cmpint (stats.n_folds, ==, 2);
  cw_test_assert_close ("least", 1, &stats.min_det, (const float[]){ -1.0f }, 1e-6, 0);
  cw_test_assert_close ("max", 1, &stats.max, (const float[]){ 5.0f }, 1e-6, 0);
  cw_test_assert_close ("rms", 1, &stats.rms, (const float[]){ 5 / sqrtf (48) }, 1e-6, 0);
}

/* Weighted inner products of both components with 1, x and y: zero after the removal. */
static void
assert_orthogonal (const CwField *field, const float *weight)
{
  double sum[6] = { 0 };

  for (int i = 0; i < field->w * field->h; i++)
    {
      double v = weight != NULL ? (double) weight[i] : 1;
      double x = (i % field->w) / (double) field->w, y = (i / field->w) / (double) field->h;

      for (int k = 0; k < 2; k++)
        {
          double d = v * (double) field->d[2 * i + k];

          sum[3 * k] += d;
          sum[3 * k + 1] += d * x;
          sum[3 * k + 2] += d * y;
        }
    }
  for (int k = 0; k < 6; k++)
    g_assert_cmpfloat (fabs (sum[k]) / (field->w * field->h), <, 1e-5);
}

static void
test_field_remove_affine (void)
{
  static const float a[6] = { 2, 0.03f, -0.02f, 1, 0.01f, -0.04f };
  g_autoptr (CwField) affine = make_affine (31, 23, a);
  g_autoptr (CwField) row = make_affine (31, 1, a);
  g_autoptr (CwField) waves = make_waves (31, 23, 2);
  g_autoptr (CwField) both = cw_field_copy (waves);
  g_autofree float *weight = g_new (float, 31 * 23);

  for (int i = 0; i < 2 * 31 * 23; i++)
    both->d[i] += affine->d[i];
  cw_field_remove_affine (affine, NULL);
  g_assert_cmpfloat (cw_field_max (affine), <, 1e-5f);
  cw_field_remove_affine (row, NULL);
  g_assert_cmpfloat (cw_field_max (row), <, 1e-5f);

  /* What is left does not depend on what was removed. */
  cw_field_remove_affine (waves, NULL);
  cw_field_remove_affine (both, NULL);
  cw_test_assert_close ("rest", 2 * 31 * 23, both->d, waves->d, 1e-5, 0);
  assert_orthogonal (waves, NULL);
  g_assert_cmpfloat (cw_field_max (waves), >, 1);

  for (int i = 0; i < 31 * 23; i++)
    weight[i] = (float) (i % 31) / 31 * ((float) (i / 31) > 10 ? 1.0f : 0.1f);
  cw_field_remove_affine (waves, weight);
  assert_orthogonal (waves, weight);
  memset (weight, 0, 31 * 23 * sizeof *weight);
  cw_field_remove_affine (both, weight);
  assert_orthogonal (both, NULL);
}

/* Central differences of make_waves(), by the addition theorem: a factor of sin k instead of k. */
static void
check_waves_jacobian (int w, int h, float amplitude, const float *det)
{
  for (int j = 1; j < h - 1; j++)
    {
      for (int i = 1; i < w - 1; i++)
        {
          float p = amplitude * cosf (0.21f * (float) i + 0.13f * (float) j);
          float q = -amplitude * sinf (0.17f * (float) j - 0.11f * (float) i + 1);
          float want = (1 + sinf (0.21f) * p) * (1 + sinf (0.17f) * q)
                       + sinf (0.13f) * p * sinf (0.11f) * q;

          cw_test_assert_close ("determinant", 1, det + j * w + i, &want, 1e-5, 0);
        }
    }
}

/* The same on fields that are not square, wide and high: the affine map of a composition is the
 * product, what is inverted leads back, and the least determinant is found. */
static void
check_shape (int w, int h)
{
  static const float a[6] = { 0.8f, 0.04f, -0.03f, -0.5f, 0.02f, 0.05f };
  static const float b[6] = { -0.4f, -0.02f, 0.05f, 0.3f, 0.03f, -0.04f };
  g_autoptr (CwField) first = make_affine (w, h, a);
  g_autoptr (CwField) second = make_affine (w, h, b);
  g_autoptr (CwField) waves = make_waves (w, h, 1.8f);
  g_autoptr (CwField) out = cw_field_new (w, h);
  g_autofree float *det = g_new (float, w * h);
  float least = 100, half = 100;

  cw_field_compose (first, second, out);
  for (int i = 0; i < w * h; i++)
    {
      float x = (float) (i % w) + 0.5f, y = (float) (i / w) + 0.5f;
      float dx = b[0] + b[1] * x + b[2] * y, dy = b[3] + b[4] * x + b[5] * y;
      float u = x + dx, v = y + dy;
      const float want[2] = { dx + a[0] + a[1] * u + a[2] * v, dy + a[3] + a[4] * u + a[5] * v };

      if (u > 0.5f && v > 0.5f && u < (float) w - 0.5f && v < (float) h - 0.5f)
        cw_test_assert_close ("composed", 2, out->d + 2 * i, want, 1e-4, 0);
    }

  cw_field_invert (waves, second, 40);
  cw_field_compose (waves, second, out);
  g_assert_cmpfloat (cw_field_max (out), <, 1e-4f);

  cw_field_jacobian (waves, det);
  check_waves_jacobian (w, h, 1.8f, det);
  for (int i = 0; i < w * h; i++)
    least = MIN (least, det[i]);
  g_assert_cmpfloat (cw_field_least_det (waves, 1), ==, least);
  cw_field_scale (waves, 0.5f);
  cw_field_jacobian (waves, det);
  for (int i = 0; i < w * h; i++)
    half = MIN (half, det[i]);
  cw_field_scale (waves, 2);
  g_assert_cmpfloat (fabsf (cw_field_least_det (waves, 0.5f) - half), <, 1e-6f);

  cw_field_remove_affine (waves, NULL);
  assert_orthogonal (waves, NULL);
  cw_field_remove_affine (first, NULL);
  g_assert_cmpfloat (cw_field_max (first), <, 1e-4f);
}

static void
test_field_shapes (void)
{
  check_shape (37, 53);
  check_shape (64, 24);
  check_shape (9, 100);
}

/* The inverse is found also where the map stretches to more than twice the size, at which iterating
 * g = -d (q + g) goes to and fro. */
static void
test_field_invert_stretch (void)
{
  g_autoptr (CwField) field = cw_field_new (40, 24);
  g_autoptr (CwField) inverse = cw_field_new (40, 24);
  g_autoptr (CwField) both = cw_field_new (40, 24);

  for (int i = 0; i < 40 * 24; i++)
    {
      float x = (float) (i % 40) - 20, y = (float) (i / 40) - 12;
      float bump = expf (-(x * x + y * y) / 50);

      field->d[2 * i] = 1.6f * x * bump;
      field->d[2 * i + 1] = 1.6f * y * bump;
    }
  g_assert_cmpfloat (cw_field_least_det (field, 1), >, 0.1f);
  cw_field_invert (field, inverse, 40);
  cw_field_compose (field, inverse, both);
  g_assert_cmpfloat (cw_field_max (both), <, 1e-4f);
}

static void
test_field_scale (void)
{
  g_autoptr (CwField) field = make_waves (5, 4, 1);
  float max = cw_field_max (field);

  cw_field_scale (field, -2.5f);
  g_assert_cmpfloat (fabsf (cw_field_max (field) - 2.5f * max), <, 1e-5f);
}

/* ---- the view without chance ---- */

static void
test_preprocess (void)
{
  CwPreprocess preprocess = cw_preprocess_default (2);
  g_autoptr (CwImage) image = cw_image_new (6, 4, 3);
  g_autoptr (CwImage) dot = cw_image_new (2, 2, 1);
  float out[48], rgb[3] = { 0, 0.5f, 1 };

  cw_preprocess_apply (&preprocess, rgb, 1);
  cw_test_assert_close ("scaled", 3, rgb, (const float[]){ -2, 0, 2 }, 1e-6, 0);

  /* The middle 4 x 4 of 6 x 4, 2 x 2 pixels averaged; the columns beside it do not count. */
  for (int i = 0; i < 24; i++)
    {
      gboolean beside = i % 6 == 0 || i % 6 == 5;

      image->data[3 * i] = beside ? 255 : (guint8) (10 * (i % 6));
      image->data[3 * i + 1] = beside ? 255 : (guint8) (20 * (i / 6));
      image->data[3 * i + 2] = beside ? 255 : 100;
    }
  preprocess.mean[2] = 0;
  preprocess.std[2] = 1;
  cw_preprocess_picture (&preprocess, image, out);
  for (int i = 0; i < 4; i++)
    {
      const float want[3] = { ((float) (i % 2 * 20 + 15) / 255 - 0.5f) * 4,
                              ((float) (i / 2 * 40 + 10) / 255 - 0.5f) * 4, 100.0f / 255 };

      cw_test_assert_close ("averaged", 3, out + 3 * i, want, 1e-5, 0);
    }

  /* Enlarged: between the centres linear, beyond them constant; grey goes to all channels. */
  memcpy (dot->data, "\x00\xFF\x00\xFF", 4);
  preprocess = (CwPreprocess){ 4, { 0, 0, 0 }, { 1, 1, 1 } };
  cw_preprocess_picture (&preprocess, dot, out);
  for (int i = 0; i < 16; i++)
    {
      static const float ramp[4] = { 0, 0.25f, 0.75f, 1 };
      const float want[3] = { ramp[i % 4], ramp[i % 4], ramp[i % 4] };

      cw_test_assert_close ("enlarged", 3, out + 3 * i, want, 1e-6, 0);
    }
}

/* ---- the template ---- */

static void
test_template (void)
{
  const CwPoint *points = cw_landmark_template_points ();
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  int n_eyes = 0;
  float eyes = 0;

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      const CwLandmark *mark = &cw_landmark_template[i];
      int mirrored = 0;

      g_assert_cmpint (mark->region, ==, cw_landmark_regions[i]);
      g_assert_true (g_hash_table_add (ids, (gpointer) mark->id));
      g_assert_cmpfloat (points[i].x, ==, mark->point.x);
      g_assert_cmpfloat (points[i].y, ==, mark->point.y);
      g_assert_true (mark->point.x > 0.05f && mark->point.x < 0.95f);
      g_assert_true (mark->point.y > 0.05f && mark->point.y < 0.95f);
      if (strstr (mark->id, "left") != NULL)
        g_assert_cmpfloat (mark->point.x, <, 0.5f);
      /* A frontal face is symmetrical. */
      for (int j = 0; j < CW_N_LANDMARKS; j++)
        mirrored += fabsf (points[i].x + points[j].x - 1) < 1e-4f
                    && fabsf (points[i].y - points[j].y) < 1e-4f
                    && cw_landmark_regions[i] == cw_landmark_regions[j];
      g_assert_cmpint (mirrored, ==, 1);
      if (mark->region == CW_REGION_EYES)
        {
          eyes += mark->point.y;
          n_eyes++;
        }
    }
  g_assert_cmpfloat (fabsf (eyes / (float) n_eyes - 0.4f), <, 0.01f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/hash", test_hash);
  g_test_add_func ("/image/hash-spread", test_hash_spread);
  g_test_add_func ("/image/hash-high", test_hash_high);
  g_test_add_func ("/image/shrink-whole", test_shrink_whole);
  g_test_add_func ("/image/shrink-broken", test_shrink_broken);
  g_test_add_func ("/image/matrix", test_matrix);
  g_test_add_func ("/field/sample", test_field_sample);
  g_test_add_func ("/field/compose", test_field_compose);
  g_test_add_func ("/field/invert", test_field_invert);
  g_test_add_func ("/field/jacobian", test_field_jacobian);
  g_test_add_func ("/field/remove-affine", test_field_remove_affine);
  g_test_add_func ("/field/shapes", test_field_shapes);
  g_test_add_func ("/field/invert-stretch", test_field_invert_stretch);
  g_test_add_func ("/field/scale", test_field_scale);
  g_test_add_func ("/image/preprocess", test_preprocess);
  g_test_add_func ("/face/template", test_template);
  return g_test_run ();
}
