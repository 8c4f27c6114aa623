/* SPDX-License-Identifier: MIT */
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIZE 64

static const CwWarpClass *
local_translation (void)
{
  g_assert_cmpstr (cw_builtin_warps[0]->base.id, ==, "local-translation");
  return cw_builtin_warps[0];
}

static gpointer
new_params (void)
{
  const CwDescriptor *base = &local_translation ()->base;

  return cw_params_block_new (base->params, base->params_size);
}

static void
set (gpointer params, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (local_translation ()->base.params, params, NULL, id, text, &error);
  g_assert_no_error (error);
}

static double
get (gpointer params, const char *id)
{
  return cw_params_get_number (cw_params_find (local_translation ()->base.params, id), params);
}

static void
free_params (gpointer params)
{
  cw_params_block_free (local_translation ()->base.params, params);
}

static void
template_in_pixels (CwPoint *points)
{
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      points[i].x = SIZE * cw_landmark_template[i].point.x;
      points[i].y = SIZE * cw_landmark_template[i].point.y;
    }
}

static void
draw (gpointer params, guint item, CwWarpDraw *out)
{
  CwPoint points[CW_N_LANDMARKS];
  const CwWarpContext context = { SIZE, points, CW_N_LANDMARKS, cw_landmark_regions };
  CwRng rng = cw_rng_new (11, CW_RNG_WARP, 0, 0, item, 2);

  template_in_pixels (points);
  memset (out, 0, sizeof *out);
  local_translation ()->draw (params, &context, &rng, out);
}

/* The formula itself, with the drag found by another solver: golden/image.py. */
static void
test_golden (void)
{
  const CwWarpDraw pushes = { 3,
                              { { 7.5f, 6.0f, 1.5f, -0.8f, 7.0f },
                                { 12.0f, 13.0f, -1.0f, 1.2f, 8.0f },
                                { 9.0f, 9.0f, 0.3f, 1.6f, 6.5f } } };
  g_autoptr (CwField) field = cw_field_new (20, 20);
  gpointer params = new_params ();
  g_autofree float *want = NULL;
  size_t n;

  want = cw_test_load_golden ("image-warp.f32", &n);
  g_assert_cmpuint (n, ==, 20 * 20 * 2);
  local_translation ()->fill (params, &pushes, field);
  cw_test_assert_close ("field", n, field->d, want, 1e-5, 1e-5);
  free_params (params);
}

/* What is at the centre moves by what the push says, also beyond the reach of the formula; outside
 * the disc nothing does. Up to 0.32 of the radius one push never folds. */
static void
test_one_push (void)
{
  static const float shares[] = { 0.001f, 0.02f, 0.1f, 0.2f, 0.3f, 0.32f, 0.6f };
  g_autoptr (CwField) field = cw_field_new (129, 129);
  g_autofree float *det = g_new (float, 129 * 129);
  gpointer params = new_params ();

  for (size_t i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      float length = 50 * shares[i];
      const CwWarpDraw pushes = { 1, { { 64.5f, 64.5f, 0.6f * length, -0.8f * length, 50 } } };
      const float want[2] = { -0.6f * length, 0.8f * length };
      CwFieldStats stats;

      local_translation ()->fill (params, &pushes, field);
      cw_test_assert_close ("centre", 2, field->d + 2 * (64 * 129 + 64), want, 0, 1e-4);
      cw_field_stats (field, det, &stats);
      cw_test_assert_close ("largest", 1, &stats.max, &length, 0, 1e-4);
      if (shares[i] < 0.325f)
        g_assert_cmpfloat (stats.min_det, >, 0);
      for (int k = 0; k < 129 * 129; k++)
        {
          float x = (float) (k % 129) - 64, y = (float) (k / 129) - 64;

          if (x * x + y * y >= 2500)
            g_assert_true (field->d[2 * k] == 0 && field->d[2 * k + 1] == 0);
        }
    }
  free_params (params);
}

/* The defaults: no fold anywhere, displacements of about 8 % of the side, no affine part left. */
static void
test_defaults (void)
{
  const int n = 3000;
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  g_autofree float *det = g_new (float, SIZE * SIZE);
  gpointer params = new_params ();
  CwWarpCommon common;
  int over_7 = 0, over_9 = 0;

  cw_params_init (cw_warp_common_specs, &common);
  g_assert_true (common.remove_affine);
  for (int i = 0; i < n; i++)
    {
      CwFieldStats stats;
      CwWarpDraw pushes;
      double moments[6] = { 0 };

      draw (params, (guint) i, &pushes);
      cw_warp_field (local_translation (), params, &common, &pushes, field);
      cw_field_stats (field, det, &stats);
      g_assert_cmpfloat (stats.min_det, >, 0);
      g_assert_cmpfloat (stats.max, >=, common.min_magnitude * SIZE * 0.9999f);
      g_assert_cmpfloat (stats.max, <, 0.3f * SIZE);
      over_7 += stats.max > 0.07f * SIZE;
      over_9 += stats.max > 0.09f * SIZE;
      if (i % 50 != 0)
        continue;
      for (int k = 0; k < SIZE * SIZE * 2; k++)
        {
          double d = (double) field->d[k] / (SIZE * SIZE);

          moments[3 * (k % 2)] += d;
          moments[3 * (k % 2) + 1] += d * (k / 2 % SIZE) / SIZE;
          moments[3 * (k % 2) + 2] += d * (k / 2 / SIZE) / SIZE;
        }
      for (int k = 0; k < 6; k++)
        g_assert_cmpfloat (fabs (moments[k]), <, 1e-4);
    }
  /* The median is between 7 and 9 %. */
  g_assert_cmpint (over_7, >, n / 2);
  g_assert_cmpint (over_9, <, n / 2);
  free_params (params);
}

static void
test_drawn_bounds (void)
{
  gpointer params = new_params ();
  CwPoint points[CW_N_LANDMARKS];
  double cosines = 0, sines = 0;

  template_in_pixels (points);
  set (params, "points", "24");
  for (guint item = 0; item < 200; item++)
    {
      gboolean used[CW_N_LANDMARKS] = { FALSE };
      CwWarpDraw pushes;

      draw (params, item, &pushes);
      g_assert_cmpint (pushes.n, ==, 24);
      for (int i = 0; i < 24; i++)
        {
          const CwPush *push = &pushes.push[i];
          double length = hypot ((double) push->dx, (double) push->dy);
          int near = 0;

          g_assert_cmpfloat (length, >=, get (params, "magnitude-min") * SIZE * 0.9999);
          g_assert_cmpfloat (length, <=, get (params, "magnitude-max") * SIZE * 1.0001);
          g_assert_cmpfloat ((double) push->radius, >=, get (params, "radius-min") * SIZE * 0.9999);
          g_assert_cmpfloat ((double) push->radius, <=, get (params, "radius-max") * SIZE * 1.0001);
          for (int k = 0; k < CW_N_LANDMARKS; k++)
            {
              double reach = get (params, "jitter") * SIZE * 1.0001;

              near += fabs ((double) (points[k].x - push->x)) <= reach
                      && fabs ((double) (points[k].y - push->y)) <= reach;
            }
          g_assert_cmpint (near, >=, 1);
          cosines += (double) push->dx / length;
          sines += (double) push->dy / length;
        }
      /* Without jitter: each point once. */
      set (params, "jitter", "0");
      draw (params, item, &pushes);
      set (params, "jitter", "0.03");
      for (int i = 0; i < 24; i++)
        {
          for (int k = 0; k < CW_N_LANDMARKS; k++)
            {
              if (points[k].x <= pushes.push[i].x && points[k].x >= pushes.push[i].x
                  && points[k].y <= pushes.push[i].y && points[k].y >= pushes.push[i].y)
                {
                  g_assert_false (used[k]);
                  used[k] = TRUE;
                }
            }
        }
      for (int k = 0; k < CW_N_LANDMARKS; k++)
        g_assert_true (used[k]);
    }
  /* 4800 directions: the mean is within four standard errors of nothing. */
  g_assert_cmpfloat (fabs (cosines / 4800), <, 0.041);
  g_assert_cmpfloat (fabs (sines / 4800), <, 0.041);
  free_params (params);
}

static void
test_min_magnitude (void)
{
  g_autoptr (CwField) weak = cw_field_new (SIZE, SIZE);
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  gpointer params = new_params ();
  CwWarpCommon none = { TRUE, 0 }, common = { TRUE, 0.05f };
  CwWarpDraw pushes;

  set (params, "magnitude-min", "0.004");
  set (params, "magnitude-max", "0.006");
  for (guint item = 0; item < 20; item++)
    {
      draw (params, item, &pushes);
      cw_warp_field (local_translation (), params, &none, &pushes, weak);
      cw_warp_field (local_translation (), params, &common, &pushes, field);
      g_assert_cmpfloat (cw_field_max (weak), <, 0.03f * SIZE);
      g_assert_cmpfloat (fabsf (cw_field_max (field) - 0.05f * SIZE), <, 1e-4f);
      cw_field_scale (weak, 0.05f * SIZE / cw_field_max (weak));
      cw_test_assert_close ("shape", SIZE * SIZE * 2, field->d, weak->d, 1e-4, 0);
    }
  /* Nothing to scale: stays nothing. */
  pushes.n = 0;
  cw_warp_field (local_translation (), params, &common, &pushes, field);
  g_assert_cmpfloat (cw_field_max (field), ==, 0);
  free_params (params);
}

static void
test_region (void)
{
  static const char *const nicks[] = { "brows", "eyes", "nose", "mouth", "cheeks", "jaw" };
  gpointer params = new_params ();
  CwPoint points[CW_N_LANDMARKS];
  const guint8 only_jaw[2] = { CW_REGION_JAW, CW_REGION_JAW };
  const CwWarpContext blind = { SIZE, points, 2, NULL }, jaw = { SIZE, points, 2, only_jaw };
  CwRng rng = cw_rng_new (1, CW_RNG_WARP, 0, 0, 0, 2);
  CwWarpDraw pushes;

  template_in_pixels (points);
  set (params, "jitter", "0");
  for (int region = 0; region < CW_N_REGIONS; region++)
    {
      set (params, "region", nicks[region]);
      for (guint item = 0; item < 50; item++)
        {
          draw (params, item, &pushes);
          for (int i = 0; i < pushes.n; i++)
            {
              gboolean inside = FALSE;

              for (int k = 0; k < CW_N_LANDMARKS; k++)
                inside |= cw_landmark_template[k].region == (CwRegion) region
                          && fabsf (points[k].x - pushes.push[i].x) < 1e-4f
                          && fabsf (points[k].y - pushes.push[i].y) < 1e-4f;
              g_assert_true (inside);
            }
        }
    }
  /* No regions known, or none of that one there: all points count. */
  set (params, "region", "mouth");
  local_translation ()->draw (params, &blind, &rng, &pushes);
  g_assert_cmpint (pushes.n, ==, 3);
  local_translation ()->draw (params, &jaw, &rng, &pushes);
  g_assert_cmpint (pushes.n, ==, 3);
  free_params (params);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/warp/golden", test_golden);
  g_test_add_func ("/warp/one-push", test_one_push);
  g_test_add_func ("/warp/defaults", test_defaults);
  g_test_add_func ("/warp/drawn-bounds", test_drawn_bounds);
  g_test_add_func ("/warp/min-magnitude", test_min_magnitude);
  g_test_add_func ("/warp/region", test_region);
  return g_test_run ();
}
