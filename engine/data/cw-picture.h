/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-image.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * cw_picture_load:
 * @max_side: shrink so that the longer side is this at most (0 = as it is); done while decoding
 *   where the format can, then by area averaging; a pure function of file and @max_side
 *
 * Decodes what GdkPixbuf reads. EXIF orientation is applied; 16-bit becomes 8; transparency is put
 * on mid grey; a picture whose channels are equal everywhere is returned as grey.
 *
 * Returns: (nullable): NULL with one line naming the file: CW_ERROR_CORRUPT_FILE (cut short),
 *   CW_ERROR_UNSUPPORTED_FORMAT (not a picture), CW_ERROR_TOO_LARGE, or an I/O error
 */
CwImage *cw_picture_load (const char *path, int max_side, GError **error);
/* The same from memory; @name is for messages. */
CwImage *cw_picture_decode (gconstpointer data, size_t size, const char *name, int max_side,
                            GError **error);
/* TRUE for a file name with an extension that may be a picture. */
gboolean cw_picture_has_extension (const char *name);
/* (transfer full): a PNG file in memory. */
GBytes  *cw_picture_encode_png (const CwImage *image, GError **error);
gboolean cw_picture_save_png (const CwImage *image, const char *path, GError **error);
/* RGB 0..1 `[h, w, 3]` rounded to 8 bits. */
CwImage *cw_picture_from_float (const float *rgb, int w, int h);

G_END_DECLS
