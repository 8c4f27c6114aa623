/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/* The source, then the trainer's views: anchor, positive, two warp negatives. */
#define CWB_EXPLORATION_N_NEGATIVES 2
#define CWB_EXPLORATION_N_VIEWS (2 + CWB_EXPLORATION_N_NEGATIVES)
#define CWB_EXPLORATION_N_PICTURES (1 + CWB_EXPLORATION_N_VIEWS)

/* What is to be rendered. Owns what it names. */
typedef struct
{
  CwDataset *dataset;
  guint32 item;
  CwViews *views;
  int source_side; /* as in an experiment's [data] */
  guint64 seed;
  CwModel *model;  /* (nullable): compare the views by it, where its input is of their size */
} CwbExplorationRequest;

/**
 * CwbExploration:
 *
 * One face through the pipeline, with everything there is to say about it. Of the pictures those of
 * the trainer's views are the very bytes that a training with this seed sees in its first epoch.
 */
typedef struct
{
  struct
  {
    CwImage *image;
    CwField *field;     /* of a warped view, else NULL */
    CwFieldStats stats; /* of the field */
    char *drawn;        /* what was drawn at random for it, a line each; "" for the source */
    gboolean compared;
    float similarity;   /* to the anchor: cosine of the model's features */
  } pictures[CWB_EXPLORATION_N_PICTURES];
} CwbExploration;

/* A copy of @views that makes as many negatives as are shown. */
CwbExplorationRequest *cwb_exploration_request_new (CwDataset *dataset, guint32 item,
                                                    const CwViews *views, int source_side,
                                                    guint64 seed, CwModel *model);
void                   cwb_exploration_request_free (CwbExplorationRequest *request);
/* Renders; for a worker thread. NULL with one line where the picture cannot be read. */
CwbExploration        *cwb_exploration_new (const CwbExplorationRequest *request, GError **error);
void                   cwb_exploration_free (CwbExploration *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbExplorationRequest, cwb_exploration_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbExploration, cwb_exploration_free)

G_END_DECLS
