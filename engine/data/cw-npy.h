/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwNpy:
 *
 * A NumPy array file, read-only: little-endian float32 or uint8, C order. Reference: NEP 1, format
 * version 1.0 (2.0 and 3.0 headers are read too). @data is mapped: it is for files that nobody else
 * writes; others are read row by row.
 */
typedef struct
{
  int n_dims;
  gsize shape[4];
  char type; /* 'f' = float32, 'u' = uint8 */
  const void *data;
  /*< private >*/
  char *path;
  int fd;
  gsize start; /* of the data in the file */
  GMappedFile *map;
} CwNpy;

CwNpy   *cw_npy_open (const char *path, GError **error);
void     cw_npy_free (CwNpy *npy);
/* @out: (out caller-allocates): [shape[1], ...], what stands at @row of the first axis. Thread-safe. */
gboolean cw_npy_read_row (const CwNpy *npy, gsize row, gpointer out, GError **error);
/* @type as in CwNpy. Atomic. */
gboolean cw_npy_save (const char *path, char type, int n_dims, const gsize *shape,
                      gconstpointer data, GError **error);

/**
 * CwNpyWriter:
 *
 * An array written piece by piece along its first axis, whose length turns out in the end. As with
 * CwFileWriter, nobody sees the file before it is committed.
 */
typedef struct _CwNpyWriter CwNpyWriter;

/* @shape: [@n_dims], @n_dims >= 1; shape[0] is of no account. */
CwNpyWriter *cw_npy_writer_new (const char *path, char type, int n_dims, const gsize *shape,
                                GError **error);
/* @rows: [@n, shape[1], ...] */
gboolean     cw_npy_writer_append (CwNpyWriter *writer, gconstpointer rows, gsize n, GError **error);
/* Writes the final header; see cw_file_writer_sync(). Nothing can be appended any more. */
gboolean     cw_npy_writer_sync (CwNpyWriter *writer, GError **error);
/* After the above. Ends and frees the writer, whatever the outcome. */
gboolean     cw_npy_writer_commit (CwNpyWriter *writer, GError **error);
void         cw_npy_writer_abandon (CwNpyWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwNpy, cw_npy_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwNpyWriter, cw_npy_writer_abandon)

G_END_DECLS
