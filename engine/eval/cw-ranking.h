/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-job.h"

/* @order `[n]`: all rows by their cosine to @query, best first, ties by row. Called from several threads
 * at once, for one query each; neither allocates nor blocks. */
typedef void (*CwRankingFunc) (guint query, const guint32 *order, gpointer user_data);

/* Ranks @rows `[n, dim]` for each of @queries `[n_queries, dim]`, both normalised, by
 * cw_nearest_dot(). FALSE when cancelled or when memory is short. */
gboolean _cw_ranking_for_each (const float *rows, guint n, int dim, const float *queries,
                               guint n_queries, CwRankingFunc func, gpointer user_data, CwJob *job,
                               GError **error);
