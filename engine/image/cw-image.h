/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwImage:
 *
 * A decoded picture: uint8, `[h, w, c]`, rows packed, c = 1 (grey) or 3 (RGB). Immutable once
 * shared; reference counted, thread-safe. Only the functions here make one: CW_IMAGE_PADDING
 * readable bytes follow the pixels.
 */
typedef struct
{
  int w, h, c;
  guint8 *data;
  /*< private >*/
  gatomicrefcount refs;
} CwImage;

/* Largest side that any reader accepts, in pixels. */
#define CW_IMAGE_MAX_SIDE 16384

/* The gather reads four bytes where it needs one or three. */
#define CW_IMAGE_PADDING 8

/* Uninitialised pixels. NULL when memory is short. 1 <= w, h <= CW_IMAGE_MAX_SIDE, c = 1 or 3. */
CwImage *cw_image_new (int w, int h, int c);
CwImage *cw_image_ref (CwImage *image);
void     cw_image_unref (CwImage *image);
size_t   cw_image_bytes (const CwImage *image);
/* 64-bit hash of size and pixels: equal pictures, equal hashes. A grey picture and its RGB copy
 * hash alike. */
guint64  cw_image_hash (const CwImage *image);
/* (transfer full): area-averaged so that the longer side is @max_side at most; a new reference to
 * the same picture where it already is. NULL when memory is short. */
CwImage *cw_image_shrink (CwImage *image, int max_side);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwImage, cw_image_unref)

G_END_DECLS
