/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CW_ERROR:
 *
 * The engine's error domain. Codes say what a caller can do about it; I/O keeps %G_IO_ERROR and
 * %G_FILE_ERROR, and a cancelled job is always %G_IO_ERROR_CANCELLED. A message is one line that
 * names the culprit (file, section, key, value) and what to do.
 */
#define CW_ERROR (cw_error_quark ())

typedef enum
{
  CW_ERROR_INVALID_CONFIG,     /* a key or value of an experiment or of the command line */
  CW_ERROR_UNSUPPORTED_FORMAT, /* nobody here reads such a file */
  CW_ERROR_CORRUPT_FILE,       /* the right kind of file, but broken or cut short */
  CW_ERROR_TOO_LARGE,          /* over a stated maximum */
  CW_ERROR_SHAPE_MISMATCH,     /* weights of another architecture, embeddings of another width */
  CW_ERROR_DIVERGED,           /* loss or gradient is no longer finite */
  CW_ERROR_PLUGIN_ABI,         /* a module for another version of the interface */
  CW_ERROR_PLUGIN_LOAD,        /* a module that cannot be loaded */
  CW_ERROR_NO_MEMORY,
  CW_ERROR_NOT_FOUND,          /* no such dataset, item, class, run, checkpoint or operation */
  CW_ERROR_EMPTY,              /* nothing to work on: a folder without pictures, no labels */
} CwError;

GQuark cw_error_quark (void);

G_END_DECLS
