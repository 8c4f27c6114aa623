/* SPDX-License-Identifier: MIT */
/* Muscle actions act in the frame of the face, whatever the view did to it. */
#include "cw-test.h"
#include "face/cw-landmarks.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define SIZE 96
#define N_DRAWS 40

typedef struct
{
  const CwWarpClass *warp;
  gpointer params;
  CwPoint landmarks[CW_N_LANDMARKS];
} Fixture;

static void
set (Fixture *f, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (f->warp->base.params, f->params, NULL, id, text, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  for (int i = 0; cw_builtin_warps[i] != NULL; i++)
    {
      if (g_str_equal (cw_builtin_warps[i]->base.id, "muscle"))
        f->warp = cw_builtin_warps[i];
    }
  g_assert_nonnull (f->warp);
  f->params = cw_params_block_new (f->warp->base.params, f->warp->base.params_size);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      f->landmarks[i].x = SIZE * cw_landmark_template[i].point.x;
      f->landmarks[i].y = SIZE * cw_landmark_template[i].point.y;
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cw_params_block_free (f->warp->base.params, f->params);
}

static void
draw (const Fixture *f, guint32 item, CwWarpDraw *out)
{
  CwWarpContext context = { .size = SIZE,
                            .points = f->landmarks,
                            .n_points = CW_N_LANDMARKS,
                            .regions = cw_landmark_regions,
                            .landmarks = f->landmarks };
  CwRng rng = cw_rng_new (7, CW_RNG_WARP, 0, 0, item, 2);

  memset (out, 0, sizeof *out);
  f->warp->draw (f->params, &context, &rng, out);
  g_assert_cmpint (out->n, >, 0);
}

static float
longest (const CwWarpDraw *draw)
{
  float length = 0;

  for (int i = 0; i < draw->n; i++)
    length = MAX (length, hypotf (draw->push[i].dx, draw->push[i].dy));
  return length;
}

/* The landmark that moves farthest moves as far as was asked for, and its picture comes along. */
static void
test_magnitude (Fixture *f, gconstpointer data)
{
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);

  set (f, "magnitude-min", "0.04");
  set (f, "magnitude-max", "0.06");
  set (f, "actions", "1");
  for (guint32 item = 0; item < N_DRAWS; item++)
    {
      CwWarpDraw drawn;
      float length;

      draw (f, item, &drawn);
      length = longest (&drawn);
      g_assert_cmpfloat (length, >=, 0.0399f * SIZE);
      g_assert_cmpfloat (length, <=, 0.0601f * SIZE);
      f->warp->fill (f->params, &drawn, field);
      g_assert_cmpfloat (cw_field_max (field), >=, 0.9f * length);
    }
}

/* A crop that shows eyes and brows alone: there is no negative that leaves the view as it is, whatever was
 * to move. */
static void
test_cut_off (Fixture *f, gconstpointer data)
{
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);
  CwPoint seen[CW_N_LANDMARKS];
  int n_seen = 0;

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      f->landmarks[i].x = 2.5f * f->landmarks[i].x - 0.75f * SIZE;
      f->landmarks[i].y = 2.5f * f->landmarks[i].y - 0.5f * SIZE;
      if (f->landmarks[i].x >= 0 && f->landmarks[i].x < SIZE && f->landmarks[i].y >= 0
          && f->landmarks[i].y < SIZE)
        seen[n_seen++] = f->landmarks[i];
    }
  g_assert_cmpint (n_seen, >, 0);
  g_assert_cmpint (n_seen, <, CW_N_LANDMARKS);
  set (f, "actions", "1");
  for (int region = 0; region <= CW_N_REGIONS; region++)
    {
      CwWarpContext context = { .size = SIZE,
                                .points = seen,
                                .n_points = n_seen,
                                .region = region,
                                .landmarks = f->landmarks };

      for (guint32 item = 0; item < 4 * N_DRAWS; item++)
        {
          CwRng rng = cw_rng_new (7, CW_RNG_WARP, 0, 0, item, 2);
          CwWarpDraw drawn = { 0 };

          f->warp->draw (f->params, &context, &rng, &drawn);
          f->warp->fill (f->params, &drawn, field);
          g_assert_cmpfloat (cw_field_max (field), >, 0.005f * SIZE);
        }
    }
}

/* Both halves of a straight face act alike without asymmetry. */
static void
test_symmetry (Fixture *f, gconstpointer data)
{
  g_autoptr (CwField) field = cw_field_new (SIZE, SIZE);

  set (f, "asymmetry", "0");
  for (guint32 item = 0; item < N_DRAWS; item++)
    {
      CwWarpDraw drawn;

      draw (f, item, &drawn);
      f->warp->fill (f->params, &drawn, field);
      for (int y = 0; y < SIZE; y++)
        {
          for (int x = 0; x < SIZE / 2; x++)
            {
              const float *left = field->d + 2 * (y * SIZE + x);
              const float *right = field->d + 2 * (y * SIZE + SIZE - 1 - x);

              g_assert_cmpfloat_with_epsilon (left[0], -right[0], 2e-3f);
              g_assert_cmpfloat_with_epsilon (left[1], right[1], 2e-3f);
            }
        }
    }
}

static void
test_asymmetry (Fixture *f, gconstpointer data)
{
  gboolean differs = FALSE;

  set (f, "asymmetry", "1");
  set (f, "actions", "1");
  for (guint32 item = 0; item < N_DRAWS; item++)
    {
      CwWarpDraw drawn;

      draw (f, item, &drawn);
      for (int i = 1; i < drawn.n; i++)
        differs |= fabsf (fabsf (drawn.push[i].dy) - fabsf (drawn.push[i - 1].dy)) > 0.5f;
    }
  g_assert_true (differs);
}

/* A turned, larger face: the same actions, turned and larger. */
static void
test_frame (Fixture *f, gconstpointer data)
{
  const float angle = 0.7f, scale = 1.3f;
  const CwPoint middle = { 0.5f * SIZE, 0.5f * SIZE };
  Fixture turned = *f;
  CwMatrix m = cw_matrix_translation (middle.x, middle.y);

  m = cw_matrix_multiply (m, cw_matrix_rotation (angle));
  m = cw_matrix_multiply (m, cw_matrix_scale (scale, scale));
  m = cw_matrix_multiply (m, cw_matrix_translation (-middle.x, -middle.y));
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    turned.landmarks[i] = cw_matrix_apply (&m, f->landmarks[i]);
  for (guint32 item = 0; item < N_DRAWS; item++)
    {
      CwWarpDraw before, after;

      draw (f, item, &before);
      draw (&turned, item, &after);
      g_assert_cmpint (before.n, ==, after.n);
      for (int i = 0; i < before.n; i++)
        {
          const CwPush *a = &before.push[i], *b = &after.push[i];

          g_assert_cmpfloat_with_epsilon (
              b->dx, scale * (cosf (angle) * a->dx - sinf (angle) * a->dy), 1e-3f);
          g_assert_cmpfloat_with_epsilon (
              b->dy, scale * (sinf (angle) * a->dx + cosf (angle) * a->dy), 1e-3f);
          g_assert_cmpfloat_with_epsilon (b->radius, scale * a->radius, 1e-3f);
        }
    }
}

/* Undone, every action goes the other way. */
static void
test_relaxed (Fixture *f, gconstpointer data)
{
  for (guint32 item = 0; item < N_DRAWS; item++)
    {
      CwWarpDraw done, undone;

      set (f, "relaxed", "0");
      draw (f, item, &done);
      set (f, "relaxed", "1");
      draw (f, item, &undone);
      g_assert_cmpint (done.n, ==, undone.n);
      for (int i = 0; i < done.n; i++)
        {
          g_assert_cmpfloat_with_epsilon (done.push[i].dx, -undone.push[i].dx, 1e-4f);
          g_assert_cmpfloat_with_epsilon (done.push[i].dy, -undone.push[i].dy, 1e-4f);
        }
    }
}

/* Landmarks that fall together leave no frame: something moves all the same. */
static void
test_no_frame (Fixture *f, gconstpointer data)
{
  CwWarpDraw drawn;

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    f->landmarks[i] = (CwPoint){ 10, 20 };
  draw (f, 0, &drawn);
  g_assert_cmpfloat (longest (&drawn), >, 0);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/warp-muscle/magnitude", test_magnitude);
  ADD ("/warp-muscle/cut-off", test_cut_off);
  ADD ("/warp-muscle/symmetry", test_symmetry);
  ADD ("/warp-muscle/asymmetry", test_asymmetry);
  ADD ("/warp-muscle/frame", test_frame);
  ADD ("/warp-muscle/relaxed", test_relaxed);
  ADD ("/warp-muscle/no-frame", test_no_frame);
  return g_test_run ();
}
