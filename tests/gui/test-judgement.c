/* SPDX-License-Identifier: MIT */
#include "models/cwb-judgement.h"

#include <contrawarp.h>
#include <math.h>
#include <string.h>

/* How a model judges a face; no display. */

#define FACES "generated:faces?n=12&size=64&per-subject=2"
#define SIZE 32

static CwModel *
make_model (int size, guint64 seed)
{
  const CwEncoderClass *encoder = cw_builtin_encoders[0];
  g_autoptr (CwViews) views = cw_views_new (size);
  gpointer params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  CwModel *model;

  model = cw_model_new_random (encoder, params, size, views->preprocess.mean, views->preprocess.std,
                               seed);
  cw_params_block_free (encoder->base.params, params);
  return model;
}

static CwbScene *
make_scene (int model_size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwDataset) dataset = cw_dataset_open (FACES, NULL, NULL, NULL, &error);
  g_autoptr (CwViews) views = cw_views_new (SIZE);
  CwbScene *scene;

  g_assert_no_error (error);
  scene = cwb_scene_new (dataset, 1, views, 0, 7, 0);
  scene->model = make_model (model_size, 5);
  return scene;
}

/* Without the warp the negative is the positive, which shares its transform; with twice of it the view is
 * another. */
static void
test_curve (void)
{
  g_autoptr (CwbScene) scene = make_scene (SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbJudgement) judgement = cwb_judgement_new (scene, NULL, NULL, &error);
  const int last = CWB_JUDGEMENT_N_STEPS - 1;

  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon ((double) judgement->curve[0].unwarped, 1, 1e-5);
  g_assert_cmpfloat ((double) judgement->curve[last].unwarped, <, 0.9999);
  g_assert_cmpfloat ((double) judgement->curve[last].factor, ==, 2);
  g_assert_cmpfloat ((double) judgement->curve[0].displacement, ==, 0);
  g_assert_cmpfloat ((double) judgement->curve[last].displacement, >, 1);
  for (int i = 0; i <= last; i++)
    {
      g_assert_cmpfloat (fabs ((double) judgement->curve[i].anchor), <=, 1.0001);
      g_assert_true (isfinite (judgement->curve[i].unwarped));
    }
  g_assert_cmpuint (judgement->n_neighbours, ==, 0);
}

/* The step in the middle is the warp as it is: what the explorer shows. */
static void
test_curve_is_the_views (void)
{
  g_autoptr (CwbScene) scene = make_scene (SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbJudgement) judgement = cwb_judgement_new (scene, NULL, NULL, &error);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autoptr (CwPlan) plan = cw_model_plan (scene->model, 2);
  g_autofree float *pixels = g_new (float, 2 * 3 * SIZE * SIZE);
  g_autofree float *features = g_new (float, 2 * (gsize) scene->model->dim);

  g_assert_no_error (error);
  for (int i = 0; i < 2; i++)
    cw_loader_render_view (scene->dataset, 1, scene->views, 0, 7, 0, 2 * i, renderer,
                           pixels + i * 3 * SIZE * SIZE, NULL, NULL, &error);
  cw_preprocess_apply (&scene->views->preprocess, pixels, 2 * SIZE * SIZE);
  cw_model_embed (scene->model, plan, pixels, 2, features);
  g_assert_cmpfloat_with_epsilon (
      (double) judgement->curve[CWB_JUDGEMENT_N_STEPS / 2].anchor,
      cw_cosine (scene->model->dim, features, features + scene->model->dim), 1e-5);
}

/* Pushes change the features, and not everywhere alike. */
static void
test_sweep (void)
{
  g_autoptr (CwbScene) scene = make_scene (SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbJudgement) judgement = cwb_judgement_new (scene, NULL, NULL, &error);
  float low = G_MAXFLOAT, high = 0;

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (judgement->sweep); i++)
    {
      low = MIN (low, judgement->sweep[i]);
      high = MAX (high, judgement->sweep[i]);
    }
  g_assert_cmpfloat ((double) low, >, -1e-6);
  g_assert_cmpfloat ((double) high, >, 2 * (double) low);
}

static void
test_neighbours (void)
{
  g_autoptr (CwbScene) scene = make_scene (SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbEncoder) encoder = cwb_encoder_new (scene->model);
  g_autoptr (CwbVectors) vectors = cwb_vectors_new (scene->dataset, encoder);
  g_autoptr (CwbJudgement) judgement = NULL;

  g_assert_true (cwb_vectors_embed (vectors, NULL, &error));
  judgement = cwb_judgement_new (scene, vectors, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (judgement->n_neighbours, ==, CWB_JUDGEMENT_N_NEIGHBOURS);
  for (int q = 0; q < 2; q++)
    {
      for (guint i = 0; i < judgement->n_neighbours; i++)
        {
          g_assert_cmpuint (judgement->neighbours[q][i].item, !=, 1);
          if (i > 0)
            g_assert_cmpfloat ((double) judgement->neighbours[q][i].similarity, <=,
                               (double) judgement->neighbours[q][i - 1].similarity);
        }
    }
}

/* Faces that were embedded by an earlier encoder: its neighbours, not what two encoders have in common. */
static void
test_neighbours_of_another (void)
{
  g_autoptr (CwbScene) scene = make_scene (SIZE), newer = cwb_scene_copy (scene);
  g_autoptr (CwbEncoder) encoder = cwb_encoder_new (scene->model);
  g_autoptr (CwbVectors) vectors = cwb_vectors_new (scene->dataset, encoder);
  g_autoptr (CwbJudgement) judgement = NULL;
  g_autoptr (CwbJudgement) later = NULL;
  g_autoptr (GError) error = NULL;

  cw_model_unref (newer->model);
  newer->model = make_model (SIZE, 6);
  g_assert_true (cwb_vectors_embed (vectors, NULL, &error));
  judgement = cwb_judgement_new (scene, vectors, NULL, &error);
  later = cwb_judgement_new (newer, vectors, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (later->curve[3].anchor, !=, judgement->curve[3].anchor);
  g_assert_cmpuint (later->n_neighbours, ==, judgement->n_neighbours);
  for (int q = 0; q < 2; q++)
    {
      for (guint i = 0; i < judgement->n_neighbours; i++)
        {
          g_assert_cmpuint (later->neighbours[q][i].item, ==, judgement->neighbours[q][i].item);
          g_assert_cmpfloat (later->neighbours[q][i].similarity, ==,
                             judgement->neighbours[q][i].similarity);
        }
    }
}

static void
test_errors (void)
{
  g_autoptr (CwbScene) other = make_scene (48);
  g_autoptr (CwbScene) scene = make_scene (SIZE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (CwJob) job = cw_job_new (cancellable, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (cwb_judgement_new (other, NULL, NULL, &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_assert_nonnull (strstr (error->message, "48"));
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (cwb_judgement_new (scene, NULL, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cw_init ();
  g_test_add_func ("/cwb/judgement/curve", test_curve);
  g_test_add_func ("/cwb/judgement/curve-is-the-views", test_curve_is_the_views);
  g_test_add_func ("/cwb/judgement/sweep", test_sweep);
  g_test_add_func ("/cwb/judgement/neighbours", test_neighbours);
  g_test_add_func ("/cwb/judgement/neighbours-of-another", test_neighbours_of_another);
  g_test_add_func ("/cwb/judgement/errors", test_errors);
  return g_test_run ();
}
