/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwCsv:
 *
 * A reader of comma-separated tables, row by row: quotes by RFC 4180, CRLF, a byte order mark, blanks
 * around fields. The file is memory-mapped; a row's fields live until the next row is read.
 */
typedef struct _CwCsv CwCsv;

CwCsv      *cw_csv_open (const char *path, GError **error);
void        cw_csv_close (CwCsv *csv);
/* FALSE at the end, and with an error for a quote that is never closed. Empty lines are skipped. */
gboolean    cw_csv_next (CwCsv *csv, GError **error);
guint       cw_csv_get_n_fields (CwCsv *csv);
/* Trimmed; "" past the last. */
const char *cw_csv_get_field (CwCsv *csv, guint field);
/* The same field in the file, @length bytes from @offset on: trimmed, without its quotes. */
const char *cw_csv_get_raw (CwCsv *csv, guint field, gsize *offset, gsize *length);
guint       cw_csv_get_line (CwCsv *csv); /* of the row's start, from 1 */
/* 0..1: how much of the file has been read. */
double      cw_csv_get_fraction (CwCsv *csv);
/* Column of the current row whose field is @name, whatever the case; -1 = none. */
int         cw_csv_find (CwCsv *csv, const char *name);
/* Like cw_csv_find(), with an error that names file and column and lists what there is. */
int         cw_csv_require (CwCsv *csv, const char *name, GError **error);

/* Whether a field stands for what is not known: empty, or a word that programs write for that (nan, NA, N/A,
 * null, none, whatever the case), or a number without end. */
gboolean    cw_csv_is_missing (const char *text);
/* FALSE for text that is no finite number. */
gboolean    cw_csv_parse_number (const char *text, float *value);

/* Appends @n fields and a line end (LF) to the text of a table: a field that needs it stands in
 * double quotes, which are doubled inside. */
void        cw_csv_append_row (GString *text, const char *const *fields, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwCsv, cw_csv_close)

G_END_DECLS
