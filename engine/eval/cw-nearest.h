/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-top-k.h"

G_BEGIN_DECLS

/* Row @row may not be a neighbour of query number @query? Called from several threads at once, and
 * only for rows that would get in. */
typedef gboolean (*CwNearestBarFunc) (guint query, guint32 row, gpointer user_data);

/* (transfer full): each row of @x `[n, dim]` divided by its norm. A row of zeros, or one that is not
 * finite, becomes zeros. NULL when memory is short. */
float *cw_nearest_normalise (const float *x, guint n, int dim);
/* Scalar product in a fixed order of additions: the same bits on every machine. */
float  cw_nearest_dot (const float *a, const float *b, int dim);

/**
 * cw_nearest_search:
 * @rows: `[n, dim]`, normalised
 * @queries: `[n_queries, dim]`, normalised
 * @out: `[n_queries, k]`, best first, ties by row; row G_MAXUINT32 (score NaN) where there are fewer
 *
 * Exact cosine neighbours of many queries. A matrix product finds the candidates; what counts is
 * cw_nearest_dot(), so that the result is that of a naive search to the last bit, for any number of
 * threads.
 */
void   cw_nearest_search (const float *rows, guint n, int dim, const float *queries,
                          guint n_queries, guint k, CwNearestBarFunc bar, gpointer user_data,
                          CwNeighbour *out);

/**
 * CwNearestBoundFunc:
 * @most: (out): `[n_queries, n_rows]`, a query's row @stride floats after the one before it
 *
 * For each of the queries and rows, what cw_nearest_dot() of the two is at most.
 */
typedef void (*CwNearestBoundFunc) (guint first_query, guint n_queries, guint32 first_row,
                                    guint n_rows, float *most, gsize stride, gpointer data);

/* The same search, where who calls knows bounds that cost less than a matrix product; the result is
 * the same for any that hold. */
void   cw_nearest_search_bounded (const float *rows, guint n, int dim, const float *queries,
                                  guint n_queries, guint k, CwNearestBarFunc bar,
                                  gpointer user_data, CwNearestBoundFunc bound,
                                  gpointer bound_data, CwNeighbour *out);

G_END_DECLS
