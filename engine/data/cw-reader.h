/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"
#include "data/cw-dataset.h"

G_BEGIN_DECLS

/**
 * CwReaderClass:
 *
 * A layout on disk (or a generator). @probe says how sure it is that @location is one of its own:
 * 0 = no, 100 = certain; it must be quick and read no pictures. @open fills a dataset; a picture or
 * row that cannot be read is rejected with a reason and never stops the import.
 */
typedef struct
{
  CwDescriptor base;
  int (*probe) (const char *location);
  CwDataset *(*open) (const char *location, gconstpointer params, CwJob *job, GError **error);
} CwReaderClass;

/* NULL-terminated: folder, ferplus, fer2013, rafdb, fec, table, pack. */
extern const CwReaderClass *const cw_builtin_readers[];

/**
 * cw_dataset_open:
 * @location: a folder, a file, or the address of a generating reader: "generated:faces?n=4000&seed=1"
 * @reader: (nullable): id of the reader; NULL or "" = the one that is surest
 * @options: (nullable): the reader's parameters as "key=value&key=value", and with every reader
 *   "face=LEFT,TOP,WIDTH,HEIGHT": where the template of landmarks lies in pictures that bring none,
 *   as of cw_dataset_set_face(), in fractions of the picture (left and top -2..2, width and height
 *   0.01..4). It goes wherever options go: the address of a generating reader, `-O`, data.options,
 *   the window. A pack does not keep it.
 *
 * Returns: (transfer full) (nullable): NULL with one line: no such file, nothing readable in it
 *   (CW_ERROR_EMPTY), unknown key ...
 */
CwDataset *cw_dataset_open (const char *location, const char *reader, const char *options,
                            CwJob *job, GError **error);

G_END_DECLS
