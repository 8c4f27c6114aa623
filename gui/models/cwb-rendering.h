/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-compare.h"
#include "draw/cwb-draw-histogram.h"
#include "draw/cwb-overlay.h"
#include "models/cwb-exploration.h"

G_BEGIN_DECLS

/**
 * CwbRendering:
 *
 * All that the Explore page shows of one state, and that takes longer than a frame to find out.
 */
typedef struct
{
  CwbExploration *exploration,
      *a;             /* the latter (nullable): the same under the settings kept as A */
  CwbLengths lengths; /* of the first warped view */
  CwbOverlay overlay; /* that the maps are of */
  CwbFieldMap *maps[CWB_EXPLORATION_MOST_PICTURES]; /* (nullable): of the exploration's views */
  CwbDifference *difference; /* (nullable): of the two that are compared */
} CwbRendering;

/* For a worker thread. @compares: also makes the difference. @scene_a and @earlier, for cwb_exploration_new(), are
 * (nullable). NULL with one line where the picture cannot be read. */
CwbRendering *cwb_rendering_new (const CwbScene *scene, const CwbScene *scene_a, CwbOverlay overlay,
                                 gboolean compares, const CwbExploration *earlier, GError **error);
void          cwb_rendering_free (CwbRendering *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbRendering, cwb_rendering_free)

G_END_DECLS
