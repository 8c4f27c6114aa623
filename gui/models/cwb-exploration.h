/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-scene.h"
#include "models/cwb-view-geometry.h"

G_BEGIN_DECLS

#define CWB_EXPLORATION_MOST_POSITIVES 4
#define CWB_EXPLORATION_MOST_NEGATIVES CW_MAX_NEGATIVES
#define CWB_EXPLORATION_MOST_PICTURES                                                              \
  (2 + CWB_EXPLORATION_MOST_POSITIVES + CWB_EXPLORATION_MOST_NEGATIVES)

/**
 * CwbExploration:
 *
 * One face through the pipeline, with everything there is to say about it. Of the pictures those of
 * the trainer's views are the very bytes that a training with this seed sees in the scene's epoch; a training
 * has one positive in an epoch, so that further ones are those of the epochs after it. Reference counted,
 * and not changed once it is made.
 */
typedef struct
{
  gatomicrefcount refs;
  CwbScene *scene; /* as it was */
  CwImage *source; /* what the views are cut from */
  CwPoint points[CW_N_LANDMARKS]; /* its landmarks, normalised */
  gboolean has_face; /* the item has no landmarks, and is known to show its face in a part only */
  float face[4];     /* left, top, width, height of that part, normalised */
  int n_pictures;    /* the source, the anchor, the positives, the warp negatives */
  struct
  {
    char *title;       /* for people */
    int view;          /* of the trainer's: 0 anchor, 1 positive, 2.. warp negatives; -1 = the source */
    guint32 later;     /* epochs after the scene's: of the second positive on */
    CwImage *image;
    CwImage *shown; /* the same, no larger than the scene says that it is shown */
    CwField *field;     /* of a warped view, else NULL */
    CwFieldStats stats; /* of the field */
    char *summary;      /* (nullable): of the field, for people who do not see it */
    CwbViewGeometry geometry;
    CwViewDraw draw;    /* of a view of the trainer's */
    char *drawn;        /* what was drawn at random for it, a line each; "" for the source */
    gboolean compared;
    float similarity;   /* to the anchor: cosine of the model's features */
  } pictures[CWB_EXPLORATION_MOST_PICTURES];
} CwbExploration;

/* Renders; for a worker thread. As many negatives as the scene says, however many the experiment makes. What is
 * the same in @earlier (nullable) is taken from it: the picture that was read, views that are not warped. NULL
 * with one line where the picture cannot be read. */
CwbExploration *cwb_exploration_new (const CwbScene *scene, const CwbExploration *earlier,
                                     GError **error);
CwbExploration *cwb_exploration_ref (CwbExploration *self);
void            cwb_exploration_unref (CwbExploration *self); /* (nullable) */
/* The largest displacement in any view of both, px: what one scale for all of them has room for. @a is (nullable). */
float           cwb_exploration_get_reach (const CwbExploration *self, const CwbExploration *a);
/* The first positive and the first warp negative: the two that are compared. FALSE where there is no negative. */
gboolean        cwb_exploration_find_pair (const CwbExploration *self, int *positive, int *negative);
/* Whether all there is to see and say of picture @i is the same in both. */
gboolean        cwb_exploration_is_same (const CwbExploration *a, const CwbExploration *b, int i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbExploration, cwb_exploration_unref)

G_END_DECLS
