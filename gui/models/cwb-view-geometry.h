/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>


G_BEGIN_DECLS

/**
 * CwbViewGeometry:
 *
 * Where things of the source are in a picture that was made of it, and back.
 */
typedef struct
{
  int w, h;               /* of the picture, px */
  int source_w, source_h; /* of the source as the pipeline had it, px */
  CwMatrix to_source;     /* px of the picture, before its warp -> px of the source */
  CwPoint corners[4];     /* the picture's, clockwise from the top left, normalised in the source */
  gboolean borrowed;      /* the landmarks are the template's, not the item's own */
  CwPoint before[CW_N_LANDMARKS], after[CW_N_LANDMARKS]; /* the warp, px of the picture */
} CwbViewGeometry;

/* Of the source itself, shown @w x @h. @points: CW_N_LANDMARKS, normalised. */
void cwb_view_geometry_init_source (CwbViewGeometry *self, int w, int h, const CwPoint *points,
                                    gboolean borrowed);
/* Of a view. @field: (nullable): its warp. */
void cwb_view_geometry_init (CwbViewGeometry *self, const CwViews *views, const CwViewDraw *draw,
                             int source_w, int source_h, const CwPoint *points, gboolean borrowed,
                             const CwField *field);

G_END_DECLS
