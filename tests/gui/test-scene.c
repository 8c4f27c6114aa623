/* SPDX-License-Identifier: MIT */
#include "models/cwb-exploration.h"

#include <contrawarp.h>
#include <string.h>

/* What the Explore page renders from; no display. */

#define FACES "generated:faces?n=4&size=64&per-subject=2"
#define SIZE 32

static CwbScene *
make_scene (guint32 epoch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwDataset) dataset = cw_dataset_open (FACES, NULL, NULL, NULL, &error);
  g_autoptr (CwViews) views = cw_views_new (SIZE);

  g_assert_no_error (error);
  return cwb_scene_new (dataset, 1, views, 0, 7, epoch);
}

static void
draw (const CwbScene *scene, guint32 later, int view, CwViewDraw *out)
{
  g_autoptr (GError) error = NULL;
  CwPoint points[CW_N_LANDMARKS];
  g_autoptr (CwImage) source = cwb_scene_load (scene, points, &error);

  g_assert_no_error (error);
  cwb_scene_draw (scene, source, points, later, view, out);
}

/* (seed, epoch, item, view) is all that there is to a view: what the loader gives the trainer. */
static void
test_bytes_are_the_trainers (void)
{
  g_autoptr (CwbScene) scene = make_scene (3);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autoptr (GError) error = NULL;
  float shown[3 * SIZE * SIZE], want[3 * SIZE * SIZE];
  CwPoint points[CW_N_LANDMARKS];
  g_autoptr (CwImage) source = cwb_scene_load (scene, points, &error);

  for (int view = 0; view < 3; view++)
    {
      for (guint32 later = 0; later < 2; later++)
        {
          CwViewDraw drawn;

          cwb_scene_draw (scene, source, points, later, view, &drawn);
          cw_views_render (scene->views, &drawn, source, renderer, shown, NULL);
          cw_loader_render_view (scene->dataset, 1, scene->views, 0, 7, 3 + later, view, renderer,
                                 want, NULL, NULL, &error);
          g_assert_no_error (error);
          g_assert_cmpmem (shown, sizeof shown, want, sizeof want);
        }
    }
}

/* A held value stays when everything else is drawn anew; a negative has its positive's. */
static void
test_held_values (void)
{
  g_autoptr (CwbScene) scene = make_scene (0);
  const CwPipelineStep *step = &scene->views->pipeline->steps[0];
  CwViewDraw before, after, negative;
  float value;

  draw (scene, 0, 1, &before);
  cwb_frozen_set (scene->frozen, 1, step->name, 0, 0.4f);
  cwb_frozen_set (scene->frozen, 2, CWB_FROZEN_WARP, 2, 3.5f);
  cwb_frozen_set (scene->frozen, 2, CWB_FROZEN_WARP, CWB_FROZEN_MAGNITUDE, 2.5f);
  g_assert_cmpuint (cwb_frozen_count (scene->frozen), ==, 3);
  draw (scene, 0, 1, &after);
  g_assert_cmpfloat ((double) after.values[0][0], ==, (double) 0.4f);
  g_assert_cmpfloat ((double) after.values[0][1], ==, (double) before.values[0][1]);
  scene->seed = 8;
  draw (scene, 1, 2, &negative);
  g_assert_cmpfloat ((double) negative.values[0][0], ==, (double) 0.4f);
  g_assert_cmpfloat ((double) negative.warp.push[0].dx, ==, 3.5);
  g_assert_cmpfloat ((double) negative.warp.magnitude, ==, 2.5);
  draw (scene, 1, 0, &after);
  g_assert_cmpfloat ((double) after.values[0][0], !=, (double) 0.4f);

  g_assert_true (cwb_frozen_get (scene->frozen, 1, step->name, 0, &value));
  cwb_frozen_unset (scene->frozen, 1, step->name, 0);
  g_assert_false (cwb_frozen_get (scene->frozen, 1, step->name, 0, &value));
  cwb_frozen_clear (scene->frozen);
  scene->seed = 7;
  draw (scene, 0, 1, &after);
  g_assert_cmpmem (&after.values, sizeof after.values, &before.values, sizeof before.values);
}

/* A copy goes its own way. */
static void
test_copy (void)
{
  g_autoptr (CwbScene) scene = make_scene (0);
  g_autoptr (CwbScene) copy = NULL;

  cwb_frozen_set (scene->frozen, 0, "crop", 0, 1);
  copy = cwb_scene_copy (scene);
  cwb_frozen_clear (scene->frozen);
  g_assert_cmpuint (cwb_frozen_count (copy->frozen), ==, 1);
  copy->views->pipeline->steps[0].enabled = FALSE;
  g_assert_true (scene->views->pipeline->steps[0].enabled);
}

static void
test_checkerboard (void)
{
  g_autoptr (CwbScene) scene = make_scene (0);
  g_autoptr (GError) error = NULL;
  CwPoint points[CW_N_LANDMARKS];
  g_autoptr (CwImage) source = NULL;

  scene->checkerboard = TRUE;
  source = cwb_scene_load (scene, points, &error);
  g_assert_no_error (error);
  /* Squares of 64 / 12 px. */
  g_assert_cmpint (source->data[0], ==, source->data[3 * 4]);
  g_assert_cmpint (source->data[0], !=, source->data[3 * 5]);
  g_assert_cmpint (source->data[0], !=, source->data[3 * 64 * 5]);
}

/* What stays the same while a slider is dragged is not made again, and is what it would be. */
static void
test_earlier (void)
{
  g_autoptr (CwbScene) scene = make_scene (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbExploration) first = cwb_exploration_new (scene, NULL, &error);
  g_autoptr (CwbExploration) warped = NULL;
  g_autoptr (CwbExploration) fresh = NULL;
  g_autoptr (CwbExploration) edited = NULL;
  g_autoptr (CwbExploration) other = NULL;

  g_assert_no_error (error);
  cw_params_set_number (cw_params_find (scene->views->warp->base.params, "magnitude-max"),
                        scene->views->warp_params, 0.2, NULL);
  cw_params_set_number (cw_params_find (scene->views->warp->base.params, "magnitude-min"),
                        scene->views->warp_params, 0.2, NULL);
  warped = cwb_exploration_new (scene, first, &error);
  fresh = cwb_exploration_new (scene, NULL, &error);
  g_assert_true (warped->source == first->source);
  for (int i = 0; i < first->n_pictures; i++)
    {
      g_assert_cmpint (warped->pictures[i].image == first->pictures[i].image, ==, i < 3);
      g_assert_true (cwb_exploration_is_same (warped, fresh, i));
      g_assert_false (i > 2 && cwb_exploration_is_same (warped, first, i));
    }

  scene->views->pipeline->steps[0].enabled = FALSE;
  edited = cwb_exploration_new (scene, warped, &error);
  g_assert_true (edited->source == first->source);
  g_assert_false (edited->pictures[1].image == first->pictures[1].image);
  g_assert_false (cwb_exploration_is_same (edited, warped, 1));

  scene->item = 2;
  other = cwb_exploration_new (scene, edited, &error);
  g_assert_no_error (error);
  g_assert_false (other->source == edited->source);
  g_assert_false (cwb_exploration_is_same (other, edited, 0));
}

/* A landmark is where the source has it; after the warp it is where the view shows what was there. */
static void
test_geometry (void)
{
  g_autoptr (CwbScene) scene = make_scene (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbExploration) exploration = cwb_exploration_new (scene, NULL, &error);
  const CwPoint *points = exploration->pictures[0].geometry.before;
  double furthest = 0;

  g_assert_no_error (error);
  for (int view = 0; view < exploration->n_pictures - 1; view++)
    {
      const CwbViewGeometry *geometry = &exploration->pictures[1 + view].geometry;
      const CwField *field = exploration->pictures[1 + view].field;

      for (int i = 0; i < CW_N_LANDMARKS; i++)
        {
          CwPoint q = geometry->after[i], back;
          float d[2] = { 0, 0 };

          if (field != NULL)
            cw_field_sample (field, q.x, q.y, d);
          back = cw_matrix_apply (&geometry->to_source, (CwPoint){ q.x + d[0], q.y + d[1] });
          g_assert_cmpfloat_with_epsilon ((double) back.x, (double) points[i].x, 0.05);
          g_assert_cmpfloat_with_epsilon ((double) back.y, (double) points[i].y, 0.05);
          furthest = MAX (furthest, (double) ABS (q.x - geometry->before[i].x));
          if (field == NULL)
            g_assert_cmpfloat ((double) q.x, ==, (double) geometry->before[i].x);
        }
      for (int corner = 0; corner < 4; corner++)
        {
          CwPoint p = { corner == 1 || corner == 2 ? SIZE : 0, corner >= 2 ? SIZE : 0 };

          p = cw_matrix_apply (&geometry->to_source, p);
          g_assert_cmpfloat_with_epsilon ((double) geometry->corners[corner].x * 64, (double) p.x,
                                          1e-3);
          g_assert_cmpfloat_with_epsilon ((double) geometry->corners[corner].y * 64, (double) p.y,
                                          1e-3);
        }
    }
  /* Something does move. */
  g_assert_cmpfloat (furthest, >, 0.5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cw_init ();
  g_test_add_func ("/scene/bytes-are-the-trainers", test_bytes_are_the_trainers);
  g_test_add_func ("/scene/held-values", test_held_values);
  g_test_add_func ("/scene/copy", test_copy);
  g_test_add_func ("/scene/checkerboard", test_checkerboard);
  g_test_add_func ("/scene/earlier", test_earlier);
  g_test_add_func ("/scene/geometry", test_geometry);
  return g_test_run ();
}
