/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"
#include "data/cw-dataset.h"
#include "nn/cw-encoder.h"

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
  guint64 *hashes;  /* [n]: of the decoded pixels */
} CwFeatures;

/* Frozen features of @items under @model (norms in evaluation mode). Items that cannot be read are
 * left out (counted in @n_skipped, nullable). */
CwFeatures *cw_features_embed (const CwModel *model, CwDataset *dataset, const guint32 *items,
                               guint n_items, guint *n_skipped, CwJob *job, GError **error);
/* The pixel floor: grey, 24 x 24 of the centred square, each picture standardised, [n, 576]. */
CwFeatures *cw_features_pixels (CwDataset *dataset, const guint32 *items, guint n_items,
                                guint *n_skipped, CwJob *job, GError **error);
/* Rows whose pixels are not an exact copy of any row of @other; (transfer full). */
CwFeatures *cw_features_without_copies (const CwFeatures *features, const CwFeatures *other,
                                        guint *n_removed);
/* (transfer full): each row divided by its norm, `[n, dim]`. */
float      *cw_features_normalised (const CwFeatures *features);
void        cw_features_free (CwFeatures *features);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwFeatures, cw_features_free)

G_END_DECLS
