/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_SCORE_TABLE (cwb_score_table_get_type ())
G_DECLARE_FINAL_TYPE (CwbScoreTable, cwb_score_table, CWB, SCORE_TABLE, GtkBox)

/**
 * CwbScoreTable:
 *
 * A card with rows of text: names at the left, figures at the right of their columns, which scroll sideways beside
 * the names where there is no room for all. Very long cells are cut in the middle, and have a tooltip. It is filled
 * row by row, from the left, and can be had as text with tabs, for a spreadsheet.
 */

typedef enum
{
  CWB_CELL_PLAIN,
  CWB_CELL_HEADING,
  CWB_CELL_STRONG, /* not by chance */
  CWB_CELL_BEST,   /* better than the floors, and not by chance */
} CwbCellStyle;

/* (transfer floating). @name: what it is a table of, for people who do not see it. */
CwbScoreTable *cwb_score_table_new (const char *name);
void           cwb_score_table_clear (CwbScoreTable *self);
/* Begins a row with the cell in its first column. */
void           cwb_score_table_add_row (CwbScoreTable *self, const char *text, CwbCellStyle style);
/* In the next column of the last row. */
void           cwb_score_table_add_cell (CwbScoreTable *self, const char *text, CwbCellStyle style);
/* Of the last cell: more than it says itself. */
void           cwb_score_table_set_tip (CwbScoreTable *self, const char *tip);
/* Lent until the table changes: lines of cells with tabs between. */
const char    *cwb_score_table_get_text (CwbScoreTable *self);

G_END_DECLS
