/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-encoder.h"
#include "run/cw-safetensors.h"

G_BEGIN_DECLS

/* Which tensors of some weights. */
typedef enum
{
  CW_PART_ENCODER = 1,
  CW_PART_HEADS = 2, /* projector and predictor */
  CW_PART_BUFFERS = 4,
  CW_PART_ALL = 7,
} CwPart;

/* Under @prefix and their names, in the layout of files. */
void  _cw_weights_add (CwSafetensorsWriter *writer, const CwWeights *weights, CwPart part,
                       const char *prefix);
/* PyTorch's count of batches beside every norm's running mean, so that it loads as it is. */
void  _cw_weights_add_batches (CwSafetensorsWriter *writer, const CwWeights *weights, CwPart part,
                               gint64 n_batches);
/* Names and values in the layout of files, so that it does not depend on the one here. */
void  _cw_weights_hash (const CwWeights *weights, CwPart part, GChecksum *checksum);

/**
 * CwWeightsReader:
 *
 * Puts tensors of one file into weights, and knows at the end what nobody asked for.
 */
typedef struct
{
  const char *path;
  CwSafetensors *file;
  const char *what;  /* whose tensors they are, for messages: "encoder 'small'" */
  GHashTable *taken; /* names */
} CwWeightsReader;

gboolean _cw_weights_reader_open (CwWeightsReader *reader, const char *path, const char *what,
                                  GError **error);
void     _cw_weights_reader_close (CwWeightsReader *reader);
/* SHAPE_MISMATCH with the first tensor that is missing or of another shape. */
gboolean _cw_weights_reader_read (CwWeightsReader *reader, CwWeights *weights, CwPart part,
                                  const char *prefix, GError **error);
/* SHAPE_MISMATCH when there are tensors that have no place here. Counts of batches, and names that
 * begin with @but (nullable), may be there. */
gboolean _cw_weights_reader_end (CwWeightsReader *reader, const char *but, GError **error);

G_END_DECLS
