/* SPDX-License-Identifier: MIT */
#pragma once

#include "search/cw-index-codes.h"

/**
 * CwCodedBatch:
 *
 * Many queries against the codes of an index: sums of products of 16-bit numbers, of which a
 * processor makes twice as many as of floats.
 */
typedef struct _CwCodedBatch CwCodedBatch;

/* @queries: `[n_queries, dim]`, of norm 1 at most. NULL where this processor has no such products, or
 * multiplies floats as fast: then do without. */
CwCodedBatch *_cw_coded_batch_new (const CwCodes *codes, const float *queries, guint n_queries);
void          _cw_coded_batch_free (CwCodedBatch *batch);
/* A CwNearestBoundFunc; @batch is the data. */
void          _cw_coded_batch_bound (guint first_query, guint n_queries, guint32 first_row,
                                     guint n_rows, float *most, gsize stride, gpointer batch);
