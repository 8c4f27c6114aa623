/* SPDX-License-Identifier: MIT */
#pragma once

#include "data/cw-dataset.h"
#include "image/cw-views.h"

G_BEGIN_DECLS

/**
 * CwLoader:
 *
 * Makes training batches ahead of the trainer, on threads of its own, in a bounded ordered queue.
 * Batch b of epoch e is a pure function of (seed, e, b): the order of an epoch is a keyed shuffle,
 * views are addressed by (seed, epoch, item index in the dataset, view). The last, incomplete batch
 * of an epoch is left out.
 */
typedef struct _CwLoader CwLoader;

typedef struct
{
  guint32 epoch;
  guint32 index;        /* of the batch in its epoch */
  guint64 step;         /* epoch * batches per epoch + index */
  int n;                /* images */
  int n_views;
  const guint32 *items; /* [n]: dataset indices */
  float *pixels;        /* [n_views, n, size, size, 3], normalised */
} CwBatch;

/* Called (on a loader thread), once for each, when a picture could not be read; the batch then holds
 * instead the next readable one that comes after the batch in the order of the epoch. */
typedef void (*CwLoaderRejectFunc) (guint32 item, const char *reason, gpointer user_data);

typedef struct
{
  guint64 seed;
  int batch;       /* images per batch */
  int n_threads;   /* 1..16 */
  int n_ahead;     /* finished batches kept ready, 1..16 */
  int source_side; /* pictures are shrunk to this on decoding; 0 = twice the view's size */
  gsize cache_bytes; /* decoded pictures kept in memory */
} CwLoaderOptions;

/* @items: (nullable): dataset indices to train on; NULL = all. @views and @dataset are referenced or
 * copied. Fails where there are fewer items than one batch. */
CwLoader *cw_loader_new (CwDataset *dataset, const guint32 *items, guint n_items,
                         const CwViews *views, const CwLoaderOptions *options,
                         CwLoaderRejectFunc reject, gpointer user_data, GError **error);
void      cw_loader_free (CwLoader *loader);
guint     cw_loader_get_batches_per_epoch (CwLoader *loader);
/* The next batch taken will be the one of @step. From the thread that takes. */
void      cw_loader_seek (CwLoader *loader, guint64 step);
/* Lends the next batch in order; waits for it. @wait_seconds: (out) (nullable): how long.
 * NULL with an error when no picture at all can be read. */
CwBatch  *cw_loader_take (CwLoader *loader, double *wait_seconds, GError **error);
/* Gives it back for refilling. */
void      cw_loader_release (CwLoader *loader, CwBatch *batch);

/* The items of the batch of @step into @out `[batch]`, as a loader of these makes it where all pictures
 * can be read; returns the epoch. @items: (nullable): NULL = 0..n_items-1; @n_items: one batch at least. */
guint32   cw_loader_list_items (const guint32 *items, guint n_items, guint64 seed, int batch,
                                guint64 step, guint32 *out);

/* (transfer full): the picture of an item as the views are cut from it, and its landmarks, normalised,
 * CW_N_LANDMARKS points. */
CwImage  *cw_loader_load_source (CwDataset *dataset, guint32 item, const CwViews *views,
                                 int source_side, CwPoint *points, GError **error);
/* One view of one item exactly as the trainer gets it, before normalisation: RGB 0..1
 * `[size, size, 3]`; @field (nullable) as in cw_views_render(). */
gboolean  cw_loader_render_view (CwDataset *dataset, guint32 item, const CwViews *views,
                                 int source_side, guint64 seed, guint32 epoch, int view,
                                 CwRenderer *renderer, float *out, CwField *field,
                                 CwViewDraw *draw, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwLoader, cw_loader_free)

G_END_DECLS
