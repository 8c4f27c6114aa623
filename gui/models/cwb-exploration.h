/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-scene.h"
#include "models/cwb-view-geometry.h"

G_BEGIN_DECLS

/* The source, then the trainer's views: anchor, positive, two warp negatives. */
#define CWB_EXPLORATION_N_NEGATIVES 2
#define CWB_EXPLORATION_N_VIEWS (2 + CWB_EXPLORATION_N_NEGATIVES)
#define CWB_EXPLORATION_N_PICTURES (1 + CWB_EXPLORATION_N_VIEWS)

/**
 * CwbExploration:
 *
 * One face through the pipeline, with everything there is to say about it. Of the pictures those of
 * the trainer's views are the very bytes that a training with this seed sees in the scene's epoch.
 */
typedef struct
{
  CwViews *views; /* as they were */
  gboolean has_face; /* the item has no landmarks, and is known to show its face in a part only */
  float face[4];     /* left, top, width, height of that part, normalised */
  struct
  {
    CwImage *image;
    CwField *field;     /* of a warped view, else NULL */
    CwFieldStats stats; /* of the field */
    CwbViewGeometry geometry;
    CwViewDraw draw;    /* of a view of the trainer's */
    char *drawn;        /* what was drawn at random for it, a line each; "" for the source */
    gboolean compared;
    float similarity;   /* to the anchor: cosine of the model's features */
  } pictures[CWB_EXPLORATION_N_PICTURES];
} CwbExploration;

/* Renders; for a worker thread. Two negatives, however many the experiment makes. NULL with one line
 * where the picture cannot be read. */
CwbExploration *cwb_exploration_new (const CwbScene *scene, GError **error);
void            cwb_exploration_free (CwbExploration *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbExploration, cwb_exploration_free)

G_END_DECLS
