/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-view-geometry.h"

#include <string.h>

/* Newton's steps for a landmark. */
#define ITERATIONS 20

void
cwb_view_geometry_init_source (CwbViewGeometry *self, int w, int h, const CwPoint *points,
                               gboolean borrowed)
{
  static const CwPoint corners[4] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } };

  *self = (CwbViewGeometry){ .w = w, .h = h, .source_w = w, .source_h = h, .borrowed = borrowed,
                             .to_source = cw_matrix_identity () };
  memcpy (self->corners, corners, sizeof corners);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    self->before[i] = self->after[i] = (CwPoint){ points[i].x * (float) w, points[i].y * (float) h };
}

/* Where the warp took @p. */
static CwPoint
move_point (const CwField *field, CwPoint p)
{
  float g[2] = { 0, 0 };

  if (field == NULL)
    return p;
  cw_field_invert_at (field, p.x, p.y, ITERATIONS, g);
  return (CwPoint){ p.x + g[0], p.y + g[1] };
}

void
cwb_view_geometry_init (CwbViewGeometry *self, const CwViews *views, const CwViewDraw *draw,
                        int source_w, int source_h, const CwPoint *points, gboolean borrowed,
                        const CwField *field)
{
  int size = views->preprocess.size;
  float side = (float) size;
  const CwPoint corners[4] = { { 0, 0 }, { side, 0 }, { side, side }, { 0, side } };
  CwMatrix to_view;

  *self = (CwbViewGeometry){ .w = size, .h = size, .source_w = source_w, .source_h = source_h,
                             .borrowed = borrowed };
  self->to_source = cw_pipeline_matrix (views->pipeline, draw, source_w, source_h, size);
  to_view = cw_matrix_invert (self->to_source);
  for (int i = 0; i < 4; i++)
    {
      CwPoint p = cw_matrix_apply (&self->to_source, corners[i]);

      self->corners[i] = (CwPoint){ p.x / (float) source_w, p.y / (float) source_h };
    }
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    {
      CwPoint p = { points[i].x * (float) source_w, points[i].y * (float) source_h };

      self->before[i] = cw_matrix_apply (&to_view, p);
      self->after[i] = move_point (field, self->before[i]);
    }
}
