/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"

G_BEGIN_DECLS

/**
 * cw_outputs_check:
 * @paths: [@n], the files that are about to be written and belong together
 * @dataset: (nullable): what is read for them
 * @ours: whether the files that have these names are what is written there: they may be replaced
 * @what: that, in a few words
 *
 * Nobody loses a table of his own to one of ours that has its name.
 *
 * Returns: FALSE with CW_ERROR_INVALID_CONFIG: one of them is a folder, or @dataset is read from it, or it
 *   is there and not @ours
 */
gboolean cw_outputs_check (const char *const *paths, guint n, CwDataset *dataset, gboolean ours,
                           const char *what, GError **error);

G_END_DECLS
