/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"

G_BEGIN_DECLS

/**
 * cw_split_select:
 *
 * (transfer full): indices (guint32) of the items of @split, in order; all items when @split is
 * CW_SPLIT_NONE.
 */
GArray  *cw_split_select (CwDataset *dataset, CwSplit split);

/* How the rule begins that draws nothing. */
#define CW_SPLIT_OWN "the layout's own split"

/**
 * cw_split_fit_score:
 * @fit, @score: (out): guint32 indices of labelled items
 * @how: (out): one line saying which rule was used, for reports; static
 *
 * Which labelled items an evaluation fits on and which it scores. The layout's own splits where it
 * has them (train against valid, or test where there is no valid); else by subject where subjects
 * are known for half of the pictures at least (a third of them is scored), else a third of each class, by a
 * keyed random order. But for the layout's own splits, no subject, and where subjects are not used, no
 * source either is ever on both sides.
 *
 * Returns: FALSE with CW_ERROR_EMPTY where either side would have no labelled item or there are
 *   fewer than two classes
 */
gboolean cw_split_fit_score (CwDataset *dataset, guint64 seed, GArray **fit, GArray **score,
                             const char **how, GError **error);
/**
 * cw_split_fit_score_all:
 *
 * The same sides, with the pictures that have no label added to them: by the layout's own split, to
 * their person's side, else a third of them is scored. Where no picture has a label, they are split as
 * labelled ones would be.
 *
 * Returns: FALSE with CW_ERROR_EMPTY where either side would be empty
 */
gboolean cw_split_fit_score_all (CwDataset *dataset, guint64 seed, GArray **fit, GArray **score,
                                 const char **how, GError **error);

G_END_DECLS
