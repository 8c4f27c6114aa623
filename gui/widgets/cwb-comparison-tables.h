/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_COMPARISON_TABLES (cwb_comparison_tables_get_type ())
G_DECLARE_FINAL_TYPE (CwbComparisonTables, cwb_comparison_tables, CWB, COMPARISON_TABLES, AdwBin)

/**
 * CwbComparisonTables:
 *
 * A comparison as tables: which run is of which condition, the settings that differ, and the scores of each way of
 * evaluating with their floors.
 */

/* Whether @score is to be seen. */
typedef gboolean (*CwbScoreShown) (const CwComparedScore *score, gpointer data);

/**
 * cwb_comparison_tables_set:
 * @comparison: (nullable): NULL shows nothing
 * @names: of its runs, as they are called elsewhere
 * @shown: (scope call): which of its scores
 *
 * All are lent for the call.
 */
void        cwb_comparison_tables_set (CwbComparisonTables *self, const CwComparison *comparison,
                                       const char *const *names, CwbScoreShown shown,
                                       gpointer data);
/* Lent until the next change: the tables as text with tabs. */
const char *cwb_comparison_tables_get_text (CwbComparisonTables *self);

G_END_DECLS
