/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-features.h"

/* ---- extraction ---- */

/* Makes the input of an encoder, normalised, of @image, which is picture @item. @out: [size, size,
 * 3]. Called on several threads at once. */
typedef void (*CwFeaturesPrepareFunc) (guint32 item, const CwImage *image, float *out, gpointer data);

/* One kind of features. */
typedef struct
{
  const CwModel *model;          /* (nullable): pixels */
  CwFeaturesPrepareFunc prepare; /* (nullable): cw_preprocess_picture(); of a model only */
  gpointer prepare_data;
} CwFeaturesSource;

#define CW_FEATURES_MAX_SOURCES (CW_FEATURES_MAX_MODELS + 1)

/* What became of the pictures. */
typedef struct
{
  guint n_skipped;
  gboolean lasting; /* those left out are so for good: broken, not out of reach for a moment */
} CwFeaturesOutcome;

/* The longest side of the decoded picture that all of @sources are made from, px. */
int      _cw_features_max_side (const CwFeaturesSource *sources, guint n_sources);
/* What cw_features_embed_all() does where nothing is cached. @what: for progress, translated. */
gboolean _cw_features_extract (const CwFeaturesSource *sources, guint n_sources, int max_side,
                               CwDataset *dataset, const guint32 *items, guint n_items,
                               const char *what, CwFeatures **features,
                               CwFeaturesOutcome *outcome, CwJob *job, GError **error);
/* The same of the pictures of @rows, which could be read before: CW_ERROR_CORRUPT_FILE where one
 * cannot be any more. */
gboolean _cw_features_extract_again (const CwFeaturesSource *sources, guint n_sources, int max_side,
                                     CwDataset *dataset, const CwFeatures *rows, const char *what,
                                     CwFeatures **features, CwJob *job, GError **error);

/* ---- cache ---- */

/* (transfer full): names the features of @items, of which @state is cw_dataset_dup_state(). @hash:
 * (nullable): of the model's weights. */
char       *_cw_features_cache_key (const CwFeaturesSource *source, const char *hash, int max_side,
                                    CwDataset *dataset, const guint32 *items, guint n_items,
                                    const char *state);
/* (transfer full) (nullable): NULL where there is nothing of that name that is whole. */
CwFeatures *_cw_features_cache_load (const char *key, CwDataset *dataset, const guint32 *items,
                                     guint n_items, int dim);
/* Best effort: a cache that cannot be written is no error. */
void        _cw_features_cache_save (const char *key, const CwFeatures *features,
                                     const guint32 *items, guint n_items);
/* What a row says besides its vector and hash. */
void        _cw_features_set_item (CwFeatures *features, guint row, CwDataset *dataset, guint32 item);
/* Dimensions of a source. */
int         _cw_features_dim (const CwFeaturesSource *source);
