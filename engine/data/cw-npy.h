/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwNpy:
 *
 * A NumPy array file, memory-mapped, read-only: little-endian float32 or uint8, C order. Reference:
 * NEP 1, format version 1.0 (2.0 and 3.0 headers are read too).
 */
typedef struct
{
  int n_dims;
  gsize shape[4];
  char type; /* 'f' = float32, 'u' = uint8 */
  const void *data;
  /*< private >*/
  GMappedFile *map;
} CwNpy;

CwNpy   *cw_npy_open (const char *path, GError **error);
void     cw_npy_free (CwNpy *npy);
/* @type as in CwNpy. Atomic. */
gboolean cw_npy_save (const char *path, char type, int n_dims, const gsize *shape,
                      gconstpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwNpy, cw_npy_free)

G_END_DECLS
