/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

/* Comma-separated values after RFC 4180: a field that needs it stands in double quotes, which are
 * doubled inside; a quoted field may hold commas and line ends. */

/* A cursor in the text of a file. */
typedef struct
{
  const char *path; /* for messages */
  const char *p, *end;
  guint64 line; /* where the next row begins, from 1 */
} CwCsvReader;

void     _cw_csv_reader_init (CwCsvReader *reader, const char *path, const char *text, gsize size);
/* The next row's fields (char *, (transfer full)) into @fields, which is emptied. Line ends are LF or
 * CR LF. FALSE at the end of the file and, with CW_ERROR_CORRUPT_FILE, where the text is broken. */
gboolean _cw_csv_reader_next (CwCsvReader *reader, GPtrArray *fields, GError **error);
