/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-top-k.h"

G_BEGIN_DECLS

/* TRUE bars a row. Asked only for rows that would get in, in any order. */
typedef gboolean (*CwIndexBarFunc) (guint32 row, gpointer user_data);

/**
 * CwIndex:
 *
 * Exact cosine search over l2-normalised rows. Immutable; any number of threads may search.
 */
typedef struct _CwIndex CwIndex;

/* Copies and normalises @x `[n, dim]`; a zero row, or one that is not finite, is zero: its score is 0.
 * NULL when memory is short. */
CwIndex *cw_index_new (const float *x, guint n, int dim);
void     cw_index_free (CwIndex *index);
guint    cw_index_get_n (CwIndex *index);
int      cw_index_get_dim (CwIndex *index);
const float *cw_index_get_row (CwIndex *index, guint32 row); /* normalised */
/* Both searches give, to the last bit, what comparing the query with every row would give, for any
 * number of threads. */
/* The @k best of @query `[dim]` into @out, best first, ties by row; returns how many (fewer where
 * rows are barred or few). */
guint    cw_index_search (CwIndex *index, const float *query, guint k, CwIndexBarFunc bar,
                          gpointer user_data, CwNeighbour *out);
/* For each of @n_queries rows `[n_queries, dim]`: @k neighbours into @out [n_queries, k], row
 * G_MAXUINT32 where there are fewer. @bar gets the query's number, from several threads at once. */
typedef gboolean (*CwIndexBatchBarFunc) (guint query, guint32 row, gpointer user_data);
void     cw_index_search_batch (CwIndex *index, const float *queries, guint n_queries, guint k,
                                CwIndexBatchBarFunc bar, gpointer user_data, CwNeighbour *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwIndex, cw_index_free)

G_END_DECLS
