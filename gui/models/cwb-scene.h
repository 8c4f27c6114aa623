/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-frozen.h"

G_BEGIN_DECLS

/**
 * CwbScene:
 *
 * What the Explore page renders from: a face, the experiment's views, the address of the randomness and the
 * values that are held. Its bytes are the trainer's for the same (seed, epoch, item, view) as long as nothing
 * is held and no checkerboard stands in for the face. Owns all that it names; a copy goes to a worker thread.
 */
typedef struct
{
  CwDataset *dataset;
  guint32 item;
  CwViews *views;
  int source_side; /* as in an experiment's [data] */
  guint64 seed;
  guint32 epoch;
  CwbFrozen *frozen;
  int n_positives, n_negatives; /* how many of them are rendered, at least 1 of each */
  int shown_side; /* the longer side at which pictures are shown, device px; 0 = not known */
  gboolean checkerboard; /* squares instead of the face: warps show on it best */
  CwModel *model; /* (nullable): judges the views, where its input is of their size */
} CwbScene;

/* Copies @views; nothing held; a positive and two negatives. */
CwbScene *cwb_scene_new (CwDataset *dataset, guint32 item, const CwViews *views, int source_side,
                         guint64 seed, guint32 epoch);
CwbScene *cwb_scene_copy (const CwbScene *self);
void      cwb_scene_free (CwbScene *self);

/* (transfer full): the picture that views are cut from, as the loader has it, and its landmarks
 * (CW_N_LANDMARKS, normalised). One line naming the picture where it cannot be read. */
CwImage  *cwb_scene_load (const CwbScene *self, CwPoint *points, GError **error);
/* What is drawn for @view in epoch self->epoch + @later, held values put in. */
void      cwb_scene_draw (const CwbScene *self, const CwImage *source, const CwPoint *points,
                          guint32 later, int view, CwViewDraw *draw);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbScene, cwb_scene_free)

G_END_DECLS
