/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "data/cw-dataset.h"
#include "image/cw-views.h"
#include "nn/cw-model.h"

G_BEGIN_DECLS

/**
 * CwFeatures:
 *
 * One vector per item, with what evaluation needs to know about the item.
 */
typedef struct
{
  guint n;
  int dim;
  float *x;         /* [n, dim], not normalised */
  guint32 *items;   /* [n]: dataset indices */
  int *labels;      /* [n], -1 = unknown */
  int *subjects;    /* [n], -1 = unknown */
  int *sources;     /* [n], -1 = unknown: cw_features_describe() */
  guint64 *hashes;  /* [n]: of the decoded pixels */
  guint n_columns;
  char **column_names; /* (nullable) (array zero-terminated): cw_features_describe() */
  float *columns;      /* (nullable): [n, n_columns], NaN = unknown */
  char *model_sha256; /* (nullable): of the encoder's weights: cw_features_hash_model() */
} CwFeatures;

/* Room for @n rows of @dim; labels, subjects and sources -1, no columns, the rest zero. NULL when
 * memory is short. */
CwFeatures *cw_features_new (guint n, int dim);

/**
 * cw_features_embed_all:
 * @models: [n_models]
 * @pixels: whether to add the pixel floor behind the models: grey, 24 x 24 of the centred square,
 *   each picture standardised, [n, 576]
 * @max_side: least value of the longest side that pictures are decoded at, px; 0 = what @models and
 *   pixels need. Hashes of two calls compare where that side is the same.
 * @features: (out): [n_models + 1 at most]
 * @n_skipped: (out) (nullable)
 *
 * Frozen features (norms as the model's norm mode says) of @items, in their order, each picture
 * read once for all. Items that cannot be read are left out of all and counted in @n_skipped.
 * Pictures are decoded on threads of its own, models run on the calling thread, on batches of
 * CW_FEATURES_BATCH pictures at most: neighbours in @items, as even as can be, whatever the number
 * of threads. What is in the cache of cw-features-cache.h is taken from there, to the bit.
 *
 * Returns: FALSE with CW_ERROR_EMPTY where no picture could be read (the message says why),
 *   CW_ERROR_NO_MEMORY, or %G_IO_ERROR_CANCELLED
 */
gboolean    cw_features_embed_all (const CwModel *const *models, guint n_models, gboolean pixels,
                                   int max_side, CwDataset *dataset, const guint32 *items,
                                   guint n_items, CwFeatures **features, guint *n_skipped,
                                   CwJob *job, GError **error);
#define CW_FEATURES_MAX_MODELS 3
#define CW_FEATURES_BATCH 64
/* The same of one model. */
CwFeatures *cw_features_embed (const CwModel *model, CwDataset *dataset, const guint32 *items,
                               guint n_items, guint *n_skipped, CwJob *job, GError **error);
/* The same of pixels alone. */
CwFeatures *cw_features_pixels (CwDataset *dataset, const guint32 *items, guint n_items,
                                guint *n_skipped, CwJob *job, GError **error);
/* What the pixels that @model takes have in common: its size, mean and spread. */
CwPreprocess cw_features_preprocess (const CwModel *model);
/* (transfer full): features of a picture that need not be in a dataset, not normalised, `[dim]`. */
float      *cw_features_embed_picture (const CwModel *model, const CwImage *image);
/* Sources and columns of the rows' items, as @dataset knows them; once. */
void        cw_features_describe (CwFeatures *features, CwDataset *dataset);
/* Number of the column @name, else of one that differs in nothing but case; -1 = none. */
int         cw_features_find_column (const CwFeatures *features, const char *name);
/* Rows whose pixels are not an exact copy of any row of @other; (transfer full). */
CwFeatures *cw_features_without_copies (const CwFeatures *features, const CwFeatures *other,
                                        guint *n_removed);
/* (transfer full): the @n rows numbered @rows. */
CwFeatures *cw_features_select (const CwFeatures *features, const guint32 *rows, guint n);
/* (transfer full): each row divided by its norm, `[n, dim]`. */
float      *cw_features_normalised (const CwFeatures *features);
/* (transfer full): SHA-256, hex, of the encoder's parameters, then buffers, in the order of the
 * net, each as safetensors files have it (float32, little-endian). */
char       *cw_features_hash_model (const CwModel *model);
void        cw_features_free (CwFeatures *features);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwFeatures, cw_features_free)

G_END_DECLS
