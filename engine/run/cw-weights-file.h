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
  CW_PART_CLASSIFIER = 8, /* of a supervised run */
  CW_PART_PARAMS = CW_PART_ENCODER | CW_PART_HEADS | CW_PART_CLASSIFIER,
  CW_PART_ALL = CW_PART_PARAMS | CW_PART_BUFFERS,
  /* What files of encoders hold. */
  CW_PART_MODEL = CW_PART_ENCODER | CW_PART_CLASSIFIER | CW_PART_BUFFERS,
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
/* The same for a vector of @n. */
gboolean _cw_weights_reader_read_vector (CwWeightsReader *reader, const char *name, gsize n,
                                         float *values, GError **error);
/* SHAPE_MISMATCH when there are tensors that have no place here. Counts of batches may be there, and
 * where @classifier, one that nobody asked for: ours or torchvision's. */
gboolean _cw_weights_reader_end (CwWeightsReader *reader, gboolean classifier, GError **error);

G_END_DECLS
