/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tensors of a file may be; a superset of what is written. */
typedef enum
{
  CW_STORED_F32,
  CW_STORED_F64,
  CW_STORED_F16,
  CW_STORED_BF16,
  CW_STORED_I64,
  CW_STORED_U8,
} CwStored;

/* One tensor as the header has it: checked by itself, not yet against data and neighbours. */
typedef struct
{
  char *name;
  CwStored stored;
  int rank;
  gint64 shape[8];
  guint64 n;          /* elements */
  guint64 begin, end; /* bytes, from the start of the data */
} CwStoredTensor;

void     _cw_stored_tensor_free (gpointer tensor);
/**
 * _cw_safetensors_parse_header:
 * @metadata: strings by key, filled
 * @tensors: CwStoredTensor by name, filled; frees its values
 *
 * Returns: FALSE with one line that begins with @path
 */
gboolean _cw_safetensors_parse_header (const char *path, const char *json, gsize size,
                                       GHashTable *metadata, GHashTable *tensors, GError **error);

G_END_DECLS
