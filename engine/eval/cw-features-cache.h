/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Features that were made once are kept as files in the user's cache folder, under
 * contrawarp/features/: KEY.npy, float32 [n, dim], and KEY.json beside it: which rows were left
 * out, hashes of pixels, a checksum. KEY is a SHA-256 of what decides about the numbers: weights
 * and architecture, norm mode, size and scaling of the input, which pictures, and
 * cw_dataset_dup_state() of them. What does not fit, is cut short or somebody else's is ignored and
 * made anew. Where the files take more than the limit, those go that have not been used for
 * longest.
 */

/* What front ends allow. */
#define CW_FEATURES_CACHE_LIMIT ((guint64) 2 << 30)

/* Bytes that kept features may take; 0, with which a process starts: none are kept or looked for.
 * Thread-safe. */
void    cw_features_cache_set_limit (guint64 bytes);
guint64 cw_features_cache_get_limit (void);

G_END_DECLS
