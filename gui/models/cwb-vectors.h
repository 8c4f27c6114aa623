/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-encoder.h"

#include <contrawarp.h>

G_BEGIN_DECLS

/**
 * CwbVectors:
 *
 * Every face of a dataset as a vector under one encoder, and where to look for the nearest. Reference
 * counted; immutable once embedded, and then any number of threads may read it.
 */
typedef struct
{
  CwDataset *dataset;
  CwbEncoder *encoder;
  CwFeatures *features; /* NULL until cwb_vectors_embed() */
  CwIndex *index;
  guint n_skipped;      /* faces that could not be read */
} CwbVectors;

CwbVectors *cwb_vectors_new (CwDataset *dataset, CwbEncoder *encoder);
CwbVectors *cwb_vectors_ref (CwbVectors *self);
void        cwb_vectors_unref (CwbVectors *self);
/* Once, before it is shared; for a worker thread. */
gboolean    cwb_vectors_embed (CwbVectors *self, CwJob *job, GError **error);
/* The row of the dataset's @item; -1 where it could not be read. */
gint64      cwb_vectors_find_row (const CwbVectors *self, guint item);
/* The @k nearest to @query `[dim]` into @found, best first; returns how many. Not the face in @row itself
 * nor copies of it, and with @others_only nobody who is the same person; @row -1: nothing is barred. */
guint       cwb_vectors_search (const CwbVectors *self, const float *query, gint64 row,
                                gboolean others_only, guint k, CwNeighbour *found);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbVectors, cwb_vectors_unref)

G_END_DECLS
