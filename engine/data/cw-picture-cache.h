/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"

G_BEGIN_DECLS

/**
 * CwPictureCache:
 *
 * Decoded pictures of a list of items, addressed by position in the list. Pictures are kept until the
 * memory is used up; from then on what is not kept is decoded each time. So it changes how long a
 * picture takes and nothing else. Remembers which could not be read. Thread-safe.
 */
typedef struct _CwPictureCache CwPictureCache;

/* @items is borrowed. */
CwPictureCache *_cw_picture_cache_new (CwDataset *dataset, const guint32 *items, guint n_items,
                                       int max_side, gsize max_bytes);
void            _cw_picture_cache_free (CwPictureCache *cache);

/**
 * _cw_picture_cache_load:
 * @failure: (out) (transfer full) (nullable): why, the first time that the picture at @position turns
 *   out to be unreadable; else NULL
 *
 * Returns: (transfer full) (nullable)
 */
CwImage        *_cw_picture_cache_load (CwPictureCache *cache, guint position, char **failure);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwPictureCache, _cw_picture_cache_free)

G_END_DECLS
