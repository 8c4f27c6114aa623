/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The safetensors format: u64 little-endian header length, JSON header padded with spaces to a
 * multiple of 8, tensor data without holes, sorted by descending element size, then name. Only F32,
 * I64 and U8 tensors are written; F32, F64, F16, BF16, I64 and U8 are read.
 */

#define CW_SAFETENSORS_MAX_HEADER (16 * 1024 * 1024)
#define CW_SAFETENSORS_MAX_TENSORS 65536

typedef enum
{
  CW_DTYPE_F32,
  CW_DTYPE_I64,
  CW_DTYPE_U8,
} CwDtype;

typedef struct _CwSafetensorsWriter CwSafetensorsWriter;

CwSafetensorsWriter *cw_safetensors_writer_new (void);
void     cw_safetensors_writer_free (CwSafetensorsWriter *writer);
void     cw_safetensors_writer_set_metadata (CwSafetensorsWriter *writer, const char *key,
                                             const char *value);
/* Copies @data. */
void     cw_safetensors_writer_add (CwSafetensorsWriter *writer, const char *name, CwDtype dtype,
                                    int rank, const gint64 *shape, gconstpointer data);
/* Atomic. */
gboolean cw_safetensors_writer_save (CwSafetensorsWriter *writer, const char *path,
                                     GError **error);

typedef struct _CwSafetensors CwSafetensors;

/* Memory-mapped and checked whole: header length, JSON, dtypes, shapes, offsets, coverage. One line
 * with CW_ERROR_CORRUPT_FILE or _UNSUPPORTED_FORMAT naming the file. */
CwSafetensors *cw_safetensors_open (const char *path, GError **error);
void           cw_safetensors_free (CwSafetensors *file);
const char    *cw_safetensors_get_metadata (CwSafetensors *file, const char *key);
char         **cw_safetensors_list (CwSafetensors *file); /* (transfer full), sorted */
/* rank -1 where there is no such tensor. */
int            cw_safetensors_get_shape (CwSafetensors *file, const char *name, gint64 shape[8]);
/* Converts to float; @n elements must match. NOT_FOUND, SHAPE_MISMATCH. */
gboolean       cw_safetensors_read_f32 (CwSafetensors *file, const char *name, float *out,
                                        gsize n, GError **error);
gboolean       cw_safetensors_read_i64 (CwSafetensors *file, const char *name, gint64 *out,
                                        gsize n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwSafetensorsWriter, cw_safetensors_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwSafetensors, cw_safetensors_free)

G_END_DECLS
