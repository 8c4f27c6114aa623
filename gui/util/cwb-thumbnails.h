/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_THUMBNAILS (cwb_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (CwbThumbnails, cwb_thumbnails, CWB, THUMBNAILS, GObject)

/**
 * CwbThumbnails:
 *
 * Small pictures of a dataset's items, decoded on threads of its own, newest request first, and kept
 * up to a number of bytes, least recently used dropped first. Of one picture only one decoding is
 * ever under way, whoever waits for it. All calls on the main thread.
 */
CwbThumbnails *cwb_thumbnails_new (gsize max_bytes);

/* @texture is NULL where the picture could not be read; @error then says why. On the main thread. */
typedef void (*CwbThumbnailFunc) (GdkTexture *texture, const char *error, gpointer user_data);

/* The size to ask for: what is at least @px on a display of @scale, of a few fixed sizes. */
int         cwb_thumbnails_bucket (int px, int scale);
/* (nullable) (transfer none): what is there already; counts as a use. */
GdkTexture *cwb_thumbnails_peek (CwbThumbnails *self, CwDataset *dataset, guint index, int bucket);
/**
 * cwb_thumbnails_request:
 *
 * @func is called later, exactly once, unless the request is cancelled first.
 *
 * Returns: never 0; for cwb_thumbnails_cancel()
 */
guint       cwb_thumbnails_request (CwbThumbnails *self, CwDataset *dataset, guint index,
                                    int bucket, CwbThumbnailFunc func, gpointer user_data);
/* A decoding that nobody waits for any more is not begun. */
void        cwb_thumbnails_cancel (CwbThumbnails *self, guint request);

/* Of what is kept; and how many requests wait. */
gsize       cwb_thumbnails_get_bytes (CwbThumbnails *self);
guint       cwb_thumbnails_get_n_waiting (CwbThumbnails *self);

G_END_DECLS
