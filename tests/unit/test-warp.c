/* SPDX-License-Identifier: MIT */
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIZE 64

static const CwWarpClass *
find_warp (const char *id)
{
  for (int i = 0; cw_builtin_warps[i] != NULL; i++)
    {
      if (strcmp (cw_builtin_warps[i]->base.id, id) == 0)
        return cw_builtin_warps[i];
    }
  g_error ("no warp '%s'", id);
}

static const CwWarpClass *
local_translation (void)
{
  return find_warp ("local-translation");
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

/* Sums of the field, and of the field times x and y: zero without an affine part. */
static void
assert_no_affine (const CwField *field)
{
  double sums[6] = { 0 };

  for (int i = 0; i < SIZE * SIZE * 2; i++)
    {
      double d = (double) field->d[i] / (SIZE * SIZE);

      sums[3 * (i % 2)] += d;
      sums[3 * (i % 2) + 1] += d * (i / 2 % SIZE) / SIZE;
      sums[3 * (i % 2) + 2] += d * (i / 2 / SIZE) / SIZE;
    }
  for (int k = 0; k < 6; k++)
    g_assert_cmpfloat (fabs (sums[k]), <, 1e-4);
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

      draw (params, (guint) i, &pushes);
      cw_warp_field (local_translation (), params, &common, &pushes, 1, field);
      cw_field_stats (field, det, &stats);
      g_assert_cmpfloat (stats.min_det, >, 0);
      g_assert_cmpfloat (stats.max, >=, common.min_magnitude * SIZE * 0.9999f);
      g_assert_cmpfloat (stats.max, <, 0.3f * SIZE);
      over_7 += stats.max > 0.07f * SIZE;
      over_9 += stats.max > 0.09f * SIZE;
      if (i % 50 == 0)
        assert_no_affine (field);
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
  CwWarpCommon none = { .remove_affine = TRUE };
  CwWarpCommon common = { .remove_affine = TRUE, .min_magnitude = 0.05f };
  CwWarpDraw pushes;

  set (params, "magnitude-min", "0.004");
  set (params, "magnitude-max", "0.006");
  for (guint item = 0; item < 20; item++)
    {
      draw (params, item, &pushes);
      cw_warp_field (local_translation (), params, &none, &pushes, 1, weak);
      cw_warp_field (local_translation (), params, &common, &pushes, 1, field);
      g_assert_cmpfloat (cw_field_max (weak), <, 0.03f * SIZE);
      g_assert_cmpfloat (fabsf (cw_field_max (field) - 0.05f * SIZE), <, 1e-4f);
      cw_field_scale (weak, 0.05f * SIZE / cw_field_max (weak));
      cw_test_assert_close ("shape", SIZE * SIZE * 2, field->d, weak->d, 1e-4, 0);
    }
  /* Nothing to scale: stays nothing. */
  pushes.n = 0;
  cw_warp_field (local_translation (), params, &common, &pushes, 1, field);
  g_assert_cmpfloat (cw_field_max (field), ==, 0);
  free_params (params);
}

static void
test_region (void)
{
  gpointer params = new_params ();
  CwPoint points[CW_N_LANDMARKS];
  const guint8 only_jaw[2] = { CW_REGION_JAW, CW_REGION_JAW };
  const CwWarpContext blind = { SIZE, points, 2, NULL, CW_REGION_MOUTH + 1 };
  const CwWarpContext jaw = { SIZE, points, 2, only_jaw, CW_REGION_MOUTH + 1 };
  CwRng rng = cw_rng_new (1, CW_RNG_WARP, 0, 0, 0, 2);
  CwWarpDraw pushes;

  template_in_pixels (points);
  set (params, "jitter", "0");
  for (int region = 0; region < CW_N_REGIONS; region++)
    {
      const CwWarpContext context
          = { SIZE, points, CW_N_LANDMARKS, cw_landmark_regions, region + 1 };

      for (guint item = 0; item < 50; item++)
        {
          local_translation ()->draw (params, &context, &rng, &pushes);
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
  local_translation ()->draw (params, &blind, &rng, &pushes);
  g_assert_cmpint (pushes.n, ==, 3);
  local_translation ()->draw (params, &jaw, &rng, &pushes);
  g_assert_cmpint (pushes.n, ==, 3);
  free_params (params);
}

/* ---- all families ---- */

/* One family with its parameters and the template's landmarks. */
typedef struct
{
  const CwWarpClass *warp;
  gpointer params;
  CwPoint points[CW_N_LANDMARKS];
  CwField *field;
} Family;

static void
family_open (Family *self, const CwWarpClass *warp)
{
  self->warp = warp;
  self->params = cw_params_block_new (warp->base.params, warp->base.params_size);
  self->field = cw_field_new (SIZE, SIZE);
  template_in_pixels (self->points);
}

static void
family_close (Family *self)
{
  cw_params_block_free (self->warp->base.params, self->params);
  cw_field_free (self->field);
}

static void
family_set (Family *self, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (self->warp->base.params, self->params, NULL, id, text, &error);
  g_assert_no_error (error);
}

/* FALSE where the family has no such parameters. */
static gboolean
family_set_magnitude (Family *self, const char *text)
{
  if (cw_params_find (self->warp->base.params, "magnitude-min") == NULL)
    return FALSE;
  family_set (self, "magnitude-min", text);
  family_set (self, "magnitude-max", text);
  return TRUE;
}

static void
family_draw (Family *self, int region, guint item, CwWarpDraw *draw)
{
  const CwWarpContext context
      = { SIZE, self->points, CW_N_LANDMARKS, cw_landmark_regions, region, self->points };
  CwRng rng = cw_rng_new (29, CW_RNG_WARP, 0, 0, item, 2);

  memset (draw, 0, sizeof *draw);
  self->warp->draw (self->params, &context, &rng, draw);
}

/* The final field of @item. */
static void
family_fill (Family *self, const CwWarpCommon *common, guint item, CwWarpDraw *draw)
{
  family_draw (self, common->region, item, draw);
  cw_warp_field (self->warp, self->params, common, draw, 1, self->field);
}

static const CwWarpCommon bare = { .remove_affine = TRUE };

/* ---- golden fields: golden/warps.py ---- */

#define GOLDEN_W 20
#define GOLDEN_H 14
#define GOLDEN_FLOATS (GOLDEN_W * GOLDEN_H * 2)

static const CwWarpDraw controls = { 6,
                                     { { 3.2f, 2.1f, 0.7f, -0.4f, 1 },
                                       { 15.7f, 3.4f, -0.9f, 0.3f, 1 },
                                       { 9.1f, 7.3f, 1.2f, 0.8f, 1 },
                                       { 4.6f, 11.2f, 0, 0, 1 },
                                       { 17.3f, 12.1f, -0.5f, -1.1f, 1 },
                                       { 11.8f, 1.7f, 0.2f, 0.6f, 1 } } };

static const float reaches[] = { 5, 4, 6.5f, 3, 4.5f, 3.5f };

static const float nodes[9][2]
    = { { 0.5f, -0.3f }, { -1.2f, 0.4f }, { 0.8f, 0.9f }, { 0.1f, -0.7f }, { 1.4f, 0.2f },
        { -0.6f, -1.0f }, { 0.3f, 0.6f }, { -0.9f, 1.1f }, { 0.7f, -0.2f } };

/* The nodes on a lattice of 3 x 3 that begins at (x, y). */
static void
lay_nodes (float x, float y, float dx, float dy, CwWarpDraw *draw)
{
  draw->n = 9;
  for (int i = 0; i < 9; i++)
    draw->push[i] = (CwPush){ x + dx * (float) (i % 3), y + dy * (float) (i / 3), nodes[i][0],
                              nodes[i][1], 4.5f };
}

/* All fields of the file; @texts (nullable): values of "map" and "alpha", two for each. */
static void
check_golden (const char *id, const CwWarpDraw *draw, const char *const *texts, double tolerance)
{
  g_autofree char *name = g_strdup_printf ("warps-%s.f32", id);
  g_autoptr (CwField) field = cw_field_new (GOLDEN_W, GOLDEN_H);
  g_autofree float *want = NULL;
  Family family;
  size_t n;

  want = cw_test_load_golden (name, &n);
  g_assert_true (n >= GOLDEN_FLOATS && n % GOLDEN_FLOATS == 0);
  family_open (&family, find_warp (id));
  for (size_t k = 0; k < n / GOLDEN_FLOATS; k++)
    {
      if (texts != NULL)
        {
          family_set (&family, "map", texts[2 * k]);
          family_set (&family, "alpha", texts[2 * k + 1]);
        }
      family.warp->fill (family.params, draw, field);
      cw_test_assert_close (id, GOLDEN_FLOATS, field->d, want + k * GOLDEN_FLOATS, tolerance, 0);
    }
  family_close (&family);
}

/* These bound the field itself. */
static void
test_drawn_magnitude (void)
{
  static const char *const ids[]
      = { "random-grid", "thin-plate-spline", "moving-least-squares", "elastic" };

  for (size_t i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      Family family;
      CwWarpDraw draw;

      family_open (&family, find_warp (ids[i]));
      g_assert_true (family_set_magnitude (&family, "0.05"));
      family_draw (&family, 0, 0, &draw);
      g_assert_cmpfloat (fabsf (draw.magnitude - 0.05f * SIZE), <, 1e-4f);
      family_close (&family);
    }
}

static void
test_golden_families (void)
{
  static const char *const maps[] = { "affine", "1", "affine", "2.5", "similarity", "1",
                                      "similarity", "2.5", "rigid", "1", "rigid", "2.5" };
  CwWarpDraw draw = { 0 }, muscles = controls;

  lay_nodes (5, 3.5f, 5, 3.5f, &draw);
  check_golden ("random-grid", &draw, NULL, 1e-6);
  lay_nodes (0, 0, 10, 7, &draw);
  check_golden ("elastic", &draw, NULL, 1e-5);
  check_golden ("thin-plate-spline", &controls, NULL, 1e-5);
  check_golden ("moving-least-squares", &controls, maps, 1e-5);
  for (int i = 0; i < muscles.n; i++)
    muscles.push[i].radius = reaches[i];
  check_golden ("muscle", &muscles, NULL, 1e-6);
}

/* The lattice of moving least squares is near what it stands for, the nearer the finer it is. */
static void
test_lattice (void)
{
  const double bounds[] = { 0.16, 0.07 }; /* px rms, of displacements up to 7 px */
  const char *const sizes[] = { "16", "32" };
  g_autoptr (CwField) exact = cw_field_new (SIZE, SIZE);
  Family family;
  CwWarpDraw draw;

  family_open (&family, find_warp ("moving-least-squares"));
  family_set (&family, "alpha", "1");
  for (guint item = 0; item < 10; item++)
    {
      family_draw (&family, 0, item, &draw);
      family_set (&family, "lattice", "128");
      family.warp->fill (family.params, &draw, exact);
      for (int i = 0; i < 2; i++)
        {
          double sum = 0;

          family_set (&family, "lattice", sizes[i]);
          family.warp->fill (family.params, &draw, family.field);
          for (int k = 0; k < SIZE * SIZE * 2; k++)
            sum += pow ((double) (family.field->d[k] - exact->d[k]), 2);
          g_assert_cmpfloat (sqrt (sum / (SIZE * SIZE)), <, bounds[i]);
        }
    }
  family_close (&family);
}

/* A control point shows what was at it less d under a spline; what was at it is at p + d under moving
 * least squares. */
static void
test_controls (void)
{
  const CwWarpDraw draw = { 4,
                            { { 10.5f, 10.5f, 3, 1, 1 },
                              { 50.5f, 12.5f, -2, 2, 1 },
                              { 30.5f, 40.5f, 0, -3, 1 },
                              { 8.5f, 55.5f, 1, 0, 1 } } };
  const CwWarpClass *const warps[]
      = { find_warp ("thin-plate-spline"), find_warp ("moving-least-squares") };

  for (int i = 0; i < 2; i++)
    {
      Family family;

      family_open (&family, warps[i]);
      if (i == 1)
        family_set (&family, "lattice", "128");
      warps[i]->fill (family.params, &draw, family.field);
      for (int k = 0; k < draw.n; k++)
        {
          const CwPush *push = &draw.push[k];
          const float want[2] = { -push->dx, -push->dy };
          float got[2];

          cw_field_sample (family.field, push->x + (i == 1 ? push->dx : 0),
                           push->y + (i == 1 ? push->dy : 0), got);
          cw_test_assert_close (warps[i]->base.id, 2, got, want, 1e-3, 0);
        }
      family_close (&family);
    }
}

/* ---- properties of every family ---- */

/* The affine part is gone, and the largest displacement is what was drawn, within the bounds, for
 * the families that draw it; the others say how far their pushes go. */
static void
check_magnitude (gconstpointer data)
{
  Family family;

  family_open (&family, data);
  for (guint item = 0; item < 100; item++)
    {
      const CwParamSpec *specs = family.warp->base.params;
      CwWarpDraw draw;
      double low, high;
      float max;

      family_fill (&family, &bare, item, &draw);
      assert_no_affine (family.field);
      max = cw_field_max (family.field);
      if (!(draw.magnitude > 0))
        continue;
      low = cw_params_get_number (cw_params_find (specs, "magnitude-min"), family.params);
      high = cw_params_get_number (cw_params_find (specs, "magnitude-max"), family.params);
      cw_test_assert_close ("largest", 1, &max, &draw.magnitude, 1e-3, 0);
      g_assert_cmpfloat ((double) max, >=, low * SIZE - 1e-3);
      g_assert_cmpfloat ((double) max, <=, high * SIZE + 1e-3);
    }
  family_close (&family);
}

static void
check_least (gconstpointer data)
{
  CwWarpCommon common = { .remove_affine = TRUE, .min_magnitude = 0.05f };
  Family family;

  family_open (&family, data);
  if (!family_set_magnitude (&family, "0.004"))
    {
      family_set (&family, "amount-min", "0.05");
      family_set (&family, "amount-max", "0.05");
    }
  for (guint item = 0; item < 50; item++)
    {
      CwWarpDraw draw;

      family_fill (&family, &common, item, &draw);
      g_assert_cmpfloat (fabsf (cw_field_max (family.field) - 0.05f * SIZE), <, 1e-3f);
    }
  family_close (&family);
}

/* There and back, to a hundredth of a pixel, for each field that does not fold; most do not. */
static void
check_inverse (gconstpointer data)
{
  g_autoptr (CwField) inverse = cw_field_new (SIZE, SIZE);
  g_autoptr (CwField) both = cw_field_new (SIZE, SIZE);
  Family family;
  int n = 0;

  family_open (&family, data);
  for (guint item = 0; item < 60; item++)
    {
      CwWarpDraw draw;

      family_fill (&family, &bare, item, &draw);
      if (cw_field_least_det (family.field, 1) < CW_WARP_LEAST_DETERMINANT)
        continue;
      cw_field_invert (family.field, inverse, 60);
      cw_field_compose (family.field, inverse, both);
      g_assert_cmpfloat (cw_field_max (both), <, 0.01f);
      n++;
    }
  g_assert_cmpint (n, >, 40);
  family_close (&family);
}

/* Root mean squares of the field nearer than 10 % of the side to the region's points, and farther
 * than 30 % from all of them. */
static void
measure_region (const Family *family, int region, double *near, double *far)
{
  double sums[2] = { 0 }, counts[2] = { 0 };

  for (int k = 0; k < SIZE * SIZE; k++)
    {
      const float *d = family->field->d + 2 * k;
      float distance = SIZE;

      for (int i = 0; i < CW_N_LANDMARKS; i++)
        {
          float x = (float) (k % SIZE) + 0.5f - family->points[i].x;
          float y = (float) (k / SIZE) + 0.5f - family->points[i].y;

          if (cw_landmark_regions[i] == region - 1)
            distance = MIN (distance, hypotf (x, y));
        }
      if (distance < 0.1f * SIZE || distance > 0.3f * SIZE)
        {
          sums[distance > 0.3f * SIZE] += (double) (d[0] * d[0] + d[1] * d[1]);
          counts[distance > 0.3f * SIZE]++;
        }
    }
  *near = sqrt (sums[0] / counts[0]);
  *far = sqrt (sums[1] / counts[1]);
}

/* Displacements are small away from the region; nothing else makes them so. */
static void
check_region (gconstpointer data)
{
  Family family;

  family_open (&family, data);
  for (int region = 1; region <= CW_N_REGIONS; region++)
    {
      double near = 0, far = 0, other_near = 0, other_far = 0;

      for (guint item = 0; item < 40; item++)
        {
          CwWarpCommon common = { .region = region };
          double a, b;
          CwWarpDraw draw;

          family_fill (&family, &common, item, &draw);
          measure_region (&family, region, &a, &b);
          near += a;
          far += b;
          common.region = 0;
          family_fill (&family, &common, item, &draw);
          measure_region (&family, region, &a, &b);
          other_near += a;
          other_far += b;
        }
      g_assert_cmpfloat (far / near, <, 0.35);
      /* Muscles reach no farther than they reach. */
      g_assert_true (far <= 0 || far / near < 0.6 * other_far / other_near);
    }
  family_close (&family);
}

/* Fields that fold are scaled down to the last that does not; others stay as they are. */
static void
check_fold_free (gconstpointer data)
{
  const CwWarpCommon folding = { .remove_affine = TRUE, .min_magnitude = 0.02f };
  const CwWarpCommon unfolded = { .remove_affine = TRUE, .min_magnitude = 0.02f, .fold_free = TRUE };
  g_autoptr (CwField) before = NULL;
  Family family;
  int n_folding = 0, n_others = 0;
  gboolean strong = FALSE;

  family_open (&family, data);
  for (guint item = 0; item < 60; item++)
    {
      float least, max;
      CwWarpDraw draw;

      strong = family_set_magnitude (&family, item % 2 == 0 ? "0.3" : "0.03");
      family_fill (&family, &folding, item, &draw);
      g_clear_pointer (&before, cw_field_free);
      before = cw_field_copy (family.field);
      least = cw_field_least_det (before, 1);
      family_fill (&family, &unfolded, item, &draw);
      if (least >= CW_WARP_LEAST_DETERMINANT)
        {
          n_others++;
          g_assert_cmpmem (before->d, SIZE * SIZE * 8, family.field->d, SIZE * SIZE * 8);
          continue;
        }
      n_folding++;
      g_assert_cmpfloat (cw_field_least_det (family.field, 1), >=,
                         CW_WARP_LEAST_DETERMINANT - 1e-4f);
      g_assert_cmpfloat (cw_field_least_det (family.field, 1.01f), <, CW_WARP_LEAST_DETERMINANT);
      max = cw_field_max (family.field);
      cw_field_scale (before, max / cw_field_max (before));
      cw_test_assert_close ("shape", SIZE * SIZE * 2, family.field->d, before->d, 1e-4, 0);
    }
  if (strong)
    {
      g_assert_cmpint (n_folding, >, 10);
      g_assert_cmpint (n_others, >, 10);
    }
  family_close (&family);
}

/* ---- the curriculum ---- */

static void
test_curriculum (void)
{
  CwWarpCommon common;
  const float starts[] = { 0.25f, 0.4375f, 0.625f, 0.8125f, 1, 1 };

  cw_params_init (cw_warp_common_specs, &common);
  g_assert_cmpfloat (cw_warp_strength (&common, 0), ==, 1);
  common.curriculum = 4;
  common.curriculum_start = 0.25f;
  for (guint32 epoch = 0; epoch < G_N_ELEMENTS (starts); epoch++)
    g_assert_cmpfloat (fabsf (cw_warp_strength (&common, epoch) - starts[epoch]), <, 1e-6f);
  g_assert_cmpfloat (cw_warp_strength (&common, G_MAXUINT32), ==, 1);
}

/* What a view of some epoch shows is scaled by its factor, but not below the least displacement. */
static void
check_curriculum (gconstpointer data)
{
  g_autoptr (CwViews) views = cw_views_new (SIZE);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autoptr (CwImage) source = cw_image_new (40, 40, 1);
  g_autoptr (CwField) full = cw_field_new (SIZE, SIZE);
  g_autofree float *out = g_new (float, SIZE * SIZE * 3);
  Family family;

  memset (source->data, 100, cw_image_bytes (source));
  family_open (&family, data);
  cw_params_block_free (views->warp->base.params, views->warp_params);
  views->warp = family.warp;
  views->warp_params = family.params;
  views->negatives.common.min_magnitude = 0.03f;
  views->negatives.common.curriculum_start = 0;
  for (guint32 epoch = 0; epoch < 12; epoch++)
    {
      CwViewDraw draw;
      float want;

      views->negatives.common.curriculum = 0;
      cw_views_draw (views, 1, epoch, 3, 2, 40, 40, cw_landmark_template_points (),
                     CW_N_LANDMARKS, &draw);
      g_assert_cmpfloat (draw.strength, ==, 1);
      cw_views_render (views, &draw, source, renderer, out, full);
      views->negatives.common.curriculum = 10;
      cw_views_draw (views, 1, epoch, 3, 2, 40, 40, cw_landmark_template_points (),
                     CW_N_LANDMARKS, &draw);
      cw_views_render (views, &draw, source, renderer, out, family.field);
      want = cw_field_max (full) * (float) MIN (epoch, 10) / 10;
      want = MAX (want, 0.03f * SIZE);
      g_assert_cmpfloat (fabsf (cw_field_max (family.field) - want), <, 1e-3f);
      cw_field_scale (full, want / cw_field_max (full));
      cw_test_assert_close ("shape", SIZE * SIZE * 2, family.field->d, full->d, 1e-3, 0);
    }
  family.params = cw_params_block_new (family.warp->base.params, family.warp->base.params_size);
  family_close (&family);
}

static void
add_family_tests (const CwWarpClass *warp)
{
  static const struct
  {
    const char *name;
    GTestDataFunc check;
  } checks[] = {
    { "magnitude", check_magnitude },   { "least", check_least },   { "inverse", check_inverse },
    { "fold-free", check_fold_free },   { "region", check_region },
    { "curriculum", check_curriculum },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/warp/%s/%s", warp->base.id, checks[i].name);

      /* A painting is where it was painted. */
      if (checks[i].check == check_region && g_str_equal (warp->base.id, "painted"))
        continue;
      g_test_add_data_func (path, warp, checks[i].check);
    }
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
  g_test_add_func ("/warp/golden-families", test_golden_families);
  g_test_add_func ("/warp/drawn-magnitude", test_drawn_magnitude);
  g_test_add_func ("/warp/lattice", test_lattice);
  g_test_add_func ("/warp/controls", test_controls);
  g_test_add_func ("/warp/curriculum", test_curriculum);
  for (int i = 0; cw_builtin_warps[i] != NULL; i++)
    add_family_tests (cw_builtin_warps[i]);
  return g_test_run ();
}
