/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CwFileWriter:
 *
 * Writes a file so that a reader sees the old one or the new one, never a part: temporary file in
 * the same folder, fsync, rename, fsync of the folder. Dropping it without commit removes the
 * temporary file and leaves the old one alone.
 */
typedef struct _CwFileWriter CwFileWriter;

CwFileWriter *cw_file_writer_new (const char *path, GError **error);
gboolean      cw_file_writer_write (CwFileWriter *writer, gconstpointer data, size_t size,
                                    GError **error);
/* Overwrites what has been written @offset bytes from the start, for headers that tell what came
 * later. */
gboolean      cw_file_writer_write_at (CwFileWriter *writer, gint64 offset, gconstpointer data,
                                       size_t size, GError **error);
/* All that was written is on disk, under the temporary name still: whoever writes several files that
 * belong together syncs all, then commits all, so that a full disk leaves all old ones. */
gboolean      cw_file_writer_sync (CwFileWriter *writer, GError **error);
/* Ends and frees the writer, whatever the outcome. */
gboolean      cw_file_writer_commit (CwFileWriter *writer, GError **error);
void          cw_file_writer_abandon (CwFileWriter *writer);

/* The whole in one go. */
gboolean      cw_file_save (const char *path, gconstpointer data, size_t size, GError **error);

/* A descriptor for reading, for g_close(), or -1. */
int           cw_file_open (const char *path, GError **error);

/**
 * cw_file_read_at:
 * @fd: an open file
 * @path: its name, for messages
 * @out: (out caller-allocates): [@size]
 *
 * Reads @size bytes that begin @offset bytes from the start of a file, without moving its position, so
 * several threads may. What others write into the file meanwhile cannot harm more than that, unlike
 * in a mapping, whose end is the end of the process once the file is cut.
 *
 * Returns: FALSE with CW_ERROR_CORRUPT_FILE when the file ends before
 */
gboolean      cw_file_read_at (int fd, const char *path, guint64 offset, gpointer out, size_t size,
                               GError **error);

/**
 * cw_file_fail_after:
 * @bytes: how many more bytes succeed on this thread; negative = no limit (the default)
 *
 * Makes every writer of the calling thread fail like a full disk once @bytes have been written. For
 * tests only: it is how the error paths of saving are swept.
 */
void          cw_file_fail_after (gint64 bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwFileWriter, cw_file_writer_abandon)

G_END_DECLS
