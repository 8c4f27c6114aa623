/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "data/cw-dataset.h"
#include "image/cw-views.h"
#include "nn/cw-model.h"

G_BEGIN_DECLS

/* What checkpoints are ranked by: see nn/cw-representation.h. */
typedef struct
{
  double rankme, alignment, uniformity;
  double margin_auc; /* CwWarpNotice.paired */
  double accuracy;   /* of the linear probe; the only one that needs labels, NaN without */
  guint n_pictures;  /* whose views are compared */
} CwSelectionScores;

/* Pictures whose views are compared, at most. */
#define CW_SELECTION_PICTURES 1000

/**
 * cw_selection_score_model:
 * @views: how anchor, positive and warped negative are made; their size is the model's
 *
 * Views are of pictures that an evaluation would score (see cw_split_fit_score(); all, where labels
 * are unknown), at most CW_SELECTION_PICTURES of them, evenly chosen, drawn by @seed at an address
 * that no training reaches. RankMe and the probe are of clean pictures, uniformity is of anchors.
 *
 * Returns: FALSE with CW_ERROR_EMPTY where no picture can be read, CW_ERROR_DIVERGED for features
 *   that are not finite, or %G_IO_ERROR_CANCELLED
 */
gboolean cw_selection_score_model (const CwModel *model, const CwViews *views, CwDataset *dataset,
                                   guint64 seed, CwSelectionScores *scores, CwJob *job,
                                   GError **error);

G_END_DECLS
