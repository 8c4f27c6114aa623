/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-scene.h"

#include <string.h>

/* Squares of the checkerboard along the shorter side. */
#define N_SQUARES 12

CwbScene *
cwb_scene_new (CwDataset *dataset, guint32 item, const CwViews *views, int source_side,
               guint64 seed, guint32 epoch)
{
  CwbScene *self = g_new0 (CwbScene, 1);

  self->dataset = g_object_ref (dataset);
  self->item = item;
  self->views = cw_views_copy (views);
  self->source_side = source_side;
  self->seed = seed;
  self->epoch = epoch;
  self->frozen = cwb_frozen_new ();
  self->n_positives = 1;
  self->n_negatives = 2;
  return self;
}

CwbScene *
cwb_scene_copy (const CwbScene *self)
{
  CwbScene *copy = g_new (CwbScene, 1);

  *copy = *self;
  copy->dataset = g_object_ref (self->dataset);
  copy->views = cw_views_copy (self->views);
  copy->frozen = cwb_frozen_copy (self->frozen);
  if (self->model != NULL)
    cw_model_ref (self->model);
  return copy;
}

void
cwb_scene_free (CwbScene *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->dataset);
  cw_views_free (self->views);
  cwb_frozen_free (self->frozen);
  g_clear_pointer (&self->model, cw_model_unref);
  g_free (self);
}

static CwImage *
make_checkerboard (int w, int h)
{
  CwImage *image = cw_image_new (w, h, 3);
  int side = MAX (1, MIN (w, h) / N_SQUARES);

  for (int y = 0; y < h; y++)
    {
      for (int x = 0; x < w; x++)
        memset (image->data + 3 * ((gsize) y * (gsize) w + (gsize) x),
                (x / side + y / side) % 2 == 0 ? 0xe6 : 0x46, 3);
    }
  return image;
}

CwImage *
cwb_scene_load (const CwbScene *self, CwPoint *points, GError **error)
{
  g_autoptr (CwImage) source = cw_loader_load_source (self->dataset, self->item, self->views,
                                                      self->source_side, points, error);

  if (source == NULL || !self->checkerboard)
    return g_steal_pointer (&source);
  return make_checkerboard (source->w, source->h);
}

void
cwb_scene_draw (const CwbScene *self, const CwImage *source, const CwPoint *points, guint32 later,
                int view, CwViewDraw *draw)
{
  cw_views_draw (self->views, self->seed, self->epoch + later, self->item, view, source->w,
                 source->h, points, CW_N_LANDMARKS, draw);
  cwb_frozen_apply (self->frozen, self->views, view, draw);
}
