/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"

G_BEGIN_DECLS

/**
 * _cw_walk_pictures:
 * @dataset: gets what cannot be opened as rejected
 *
 * Paths, relative to @root, of all files below it whose name says picture, in byte order. Hidden files
 * and folders are left out. Links are followed; a folder that can be reached in several ways, loops
 * included, is listed once, by its own path where it has one below @root.
 *
 * Returns: (transfer full) (nullable) (element-type filename): NULL when cancelled or when @root
 *   cannot be read
 */
GPtrArray *_cw_walk_pictures (const char *root, CwDataset *dataset, CwJob *job, GError **error);

G_END_DECLS
