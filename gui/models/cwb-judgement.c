/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-judgement.h"

#include <glib/gi18n.h>
#include <math.h>

#define SWEEP_PUSH 0.04f
#define SWEEP_REACH 0.14f
#define N_DIRECTIONS 4
#define BATCH 48

#define ANCHOR 0
#define NEGATIVE 2

typedef struct
{
  const CwbScene *scene;
  const CwImage *source;
  CwRenderer *renderer;
  CwField *field; /* scratch */
  CwViewDraw *draws; /* of the anchor, then of the negative */
  CwPlan *plan;
  float *pixels;     /* of BATCH views */
  float *features;   /* of BATCH views */
  int size, dim;
  gsize n_floats;    /* of a view */
  CwJob *job;
} Work;

void
cwb_judgement_free (CwbJudgement *self)
{
  g_free (self);
}

/* Into place @i of the batch, as @model takes it: the view of @draw with @field instead of its own warp. */
static void
render (const Work *work, const CwModel *model, const CwViewDraw *draw, const CwField *field, int i)
{
  const CwPreprocess preprocess = cw_features_preprocess (model);
  float *pixels = work->pixels + (gsize) i * work->n_floats;

  cw_pipeline_render (work->scene->views->pipeline, draw, work->source, field, work->renderer,
                      pixels);
  cw_preprocess_apply (&preprocess, pixels, (gsize) work->size * (gsize) work->size);
}

static const float *
get_features (const Work *work, int i)
{
  return work->features + (gsize) i * (gsize) work->dim;
}

/* ---- curve ---- */

/* The batch: the anchor, the negative without its warp, then with more and more of it. */
static void
make_curve (Work *work, CwbJudgement *self)
{
  const CwViews *views = work->scene->views;
  const CwViewDraw *draw = &work->draws[1];
  g_autoptr (CwField) whole = cw_field_new (work->size, work->size);
  float max;

  cw_warp_field (views->warp, views->warp_params, &views->negatives.common, &draw->warp,
                 draw->strength, whole);
  max = cw_field_max (whole);
  render (work, work->scene->model, &work->draws[0], NULL, 0);
  for (int k = 0; k < CWB_JUDGEMENT_N_STEPS; k++)
    {
      float factor = 2.0f * (float) k / (CWB_JUDGEMENT_N_STEPS - 1);

      memcpy (work->field->d, whole->d, 2 * sizeof (float) * (gsize) (work->size * work->size));
      cw_field_scale (work->field, factor);
      render (work, work->scene->model, draw, work->field, 1 + k);
      self->curve[k].factor = factor;
      self->curve[k].displacement = factor * max;
    }
  cw_model_embed (work->scene->model, work->plan, work->pixels, 1 + CWB_JUDGEMENT_N_STEPS,
                  work->features);
  for (int k = 0; k < CWB_JUDGEMENT_N_STEPS; k++)
    {
      const float *warped = get_features (work, 1 + k);

      self->curve[k].anchor = (float) cw_cosine (work->dim, get_features (work, 0), warped);
      self->curve[k].unwarped = (float) cw_cosine (work->dim, get_features (work, 1), warped);
    }
}

/* ---- sweep ---- */

/* A push of one place: what is there moves by (dx, dy) px, less and less to the reach. */
static void
fill_push (CwField *field, float x, float y, float dx, float dy, float reach)
{
  for (int row = 0; row < field->h; row++)
    {
      for (int column = 0; column < field->w; column++)
        {
          float u = ((float) column + 0.5f - x) / reach, v = ((float) row + 0.5f - y) / reach;
          float share = MAX (1 - u * u - v * v, 0);
          float *d = field->d + 2 * (row * field->w + column);

          d[0] = -dx * share * share;
          d[1] = -dy * share * share;
        }
    }
}

static void
render_push (Work *work, int place, int direction, int i)
{
  static const gint8 steps[N_DIRECTIONS][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };
  float size = (float) work->size, push = SWEEP_PUSH * size;
  float cell = size / CWB_JUDGEMENT_SWEEP_SIDE;

  fill_push (work->field, ((float) (place % CWB_JUDGEMENT_SWEEP_SIDE) + 0.5f) * cell,
             ((float) (place / CWB_JUDGEMENT_SWEEP_SIDE) + 0.5f) * cell,
             push * steps[direction][0], push * steps[direction][1], SWEEP_REACH * size);
  render (work, work->scene->model, &work->draws[0], work->field, i);
}

/* BATCH is a multiple of the directions: each batch has whole places. */
static gboolean
make_sweep (Work *work, CwbJudgement *self, GError **error)
{
  const int per_batch = BATCH / N_DIRECTIONS, n = (int) G_N_ELEMENTS (self->sweep);
  g_autofree float *anchor = g_memdup2 (get_features (work, 0), sizeof (float) * (gsize) work->dim);

  for (int first = 0; first < n; first += per_batch)
    {
      int places = MIN (per_batch, n - first);

      if (!cw_job_progress (work->job, (double) first / n, _ ("Pushing each part of the face"), error))
        return FALSE;
      for (int i = 0; i < places * N_DIRECTIONS; i++)
        render_push (work, first + i / N_DIRECTIONS, i % N_DIRECTIONS, i);
      cw_model_embed (work->scene->model, work->plan, work->pixels, places * N_DIRECTIONS,
                      work->features);
      for (int i = 0; i < places * N_DIRECTIONS; i++)
        self->sweep[first + i / N_DIRECTIONS]
            += (float) (1 - cw_cosine (work->dim, anchor, get_features (work, i))) / N_DIRECTIONS;
    }
  return TRUE;
}

/* ---- neighbours ---- */

/* (transfer full): `[2, dim]`: the anchor and the negative as the encoder of the vectors sees them. */
static float *
embed_queries (const Work *work, const CwModel *model)
{
  const CwViews *views = work->scene->views;
  const CwViewDraw *negative = &work->draws[1];
  g_autoptr (CwPlan) plan = cw_model_plan (model, 2);
  float *queries = g_new (float, 2 * (gsize) model->dim);

  cw_warp_field (views->warp, views->warp_params, &views->negatives.common, &negative->warp,
                 negative->strength, work->field);
  render (work, model, &work->draws[0], NULL, 0);
  render (work, model, negative, work->field, 1);
  cw_model_embed (model, plan, work->pixels, 2, queries);
  return queries;
}

static void
find_neighbours (const Work *work, const CwbVectors *vectors, CwbJudgement *self)
{
  const CwModel *model = vectors->encoder->model;
  gint64 row = cwb_vectors_find_row (vectors, work->scene->item);
  g_autofree float *queries = NULL;

  if (model->size != work->size)
    return;
  queries = embed_queries (work, model);

  for (int q = 0; q < 2; q++)
    {
      CwNeighbour found[CWB_JUDGEMENT_N_NEIGHBOURS];

      self->n_neighbours = cwb_vectors_search (vectors, queries + q * model->dim, row, FALSE,
                                               CWB_JUDGEMENT_N_NEIGHBOURS, found);
      for (guint i = 0; i < self->n_neighbours; i++)
        {
          self->neighbours[q][i].item = vectors->features->items[found[i].row];
          self->neighbours[q][i].similarity = found[i].score;
        }
    }
}

static gboolean
check_model (const CwbScene *scene, GError **error)
{
  int size = scene->views->preprocess.size;

  if (scene->model->size == size)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
               _ ("The model takes pictures of %d px, but the views have %d px."), scene->model->size,
               size);
  return FALSE;
}

CwbJudgement *
cwb_judgement_new (const CwbScene *scene, const CwbVectors *vectors, CwJob *job, GError **error)
{
  g_autoptr (CwbJudgement) self = g_new0 (CwbJudgement, 1);
  int size = scene->views->preprocess.size, dim = scene->model->dim;
  gsize n_floats = 3 * (gsize) size * (gsize) size;
  CwPoint points[CW_N_LANDMARKS];
  g_autoptr (CwImage) source = NULL;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autoptr (CwField) field = cw_field_new (size, size);
  g_autoptr (CwPlan) plan = NULL;
  g_autofree float *pixels = NULL;
  g_autofree float *features = NULL;
  g_autofree CwViewDraw *draws = g_new0 (CwViewDraw, 2);
  Work work = { .scene = scene, .renderer = renderer, .field = field, .draws = draws, .size = size,
                .dim = dim, .n_floats = n_floats, .job = job };

  if (!check_model (scene, error))
    return NULL;
  work.source = source = cwb_scene_load (scene, points, error);
  if (source == NULL)
    return NULL;
  work.plan = plan = cw_model_plan (scene->model, BATCH);
  work.pixels = pixels = g_new (float, BATCH * n_floats);
  work.features = features = g_new (float, BATCH * (gsize) dim);
  cwb_scene_draw (scene, source, points, 0, ANCHOR, &draws[0]);
  cwb_scene_draw (scene, source, points, 0, NEGATIVE, &draws[1]);
  make_curve (&work, self);
  if (vectors != NULL)
    find_neighbours (&work, vectors, self);
  if (!make_sweep (&work, self, error))
    return NULL;
  return g_steal_pointer (&self);
}
