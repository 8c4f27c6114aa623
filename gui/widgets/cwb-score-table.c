/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-score-table.h"

#define MAX_CHARS 44 /* of a cell of a wide table */

struct _CwbScoreTable
{
  GtkGrid parent_instance;

  GString *text;
  gboolean wide;
  int n_rows, n_cells; /* of the table; of its last row */
};

G_DEFINE_FINAL_TYPE (CwbScoreTable, cwb_score_table, GTK_TYPE_GRID)

CwbScoreTable *
cwb_score_table_new_wide (void)
{
  CwbScoreTable *self = g_object_new (CWB_TYPE_SCORE_TABLE, NULL);

  self->wide = TRUE;
  return self;
}

void
cwb_score_table_clear (CwbScoreTable *self)
{
  GtkWidget *child;

  g_return_if_fail (CWB_IS_SCORE_TABLE (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_grid_remove (GTK_GRID (self), child);
  g_string_truncate (self->text, 0);
  self->n_rows = self->n_cells = 0;
}

static void
attach (CwbScoreTable *self, const char *text, CwbCellStyle style)
{
  GtkWidget *label = gtk_label_new (text);
  gboolean first = self->n_cells == 0;

  gtk_label_set_xalign (GTK_LABEL (label), first ? 0 : 1);
  gtk_widget_set_hexpand (label, first);
  gtk_label_set_wrap (GTK_LABEL (label), first && !self->wide);
  if (self->wide && g_utf8_strlen (text, -1) > MAX_CHARS)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_width_chars (GTK_LABEL (label), MAX_CHARS);
      gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
      gtk_widget_set_tooltip_text (label, text);
    }
  if (style == CWB_CELL_HEADING)
    gtk_widget_add_css_class (label, "heading");
  if (style == CWB_CELL_STRONG || style == CWB_CELL_BEST)
    gtk_widget_add_css_class (label, "strong");
  if (style == CWB_CELL_BEST)
    gtk_widget_add_css_class (label, "accent");
  gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (GTK_GRID (self), label, self->n_cells++, self->n_rows - 1, 1, 1);
  g_string_append (self->text, text);
}

void
cwb_score_table_add_row (CwbScoreTable *self, const char *text, CwbCellStyle style)
{
  g_return_if_fail (CWB_IS_SCORE_TABLE (self));

  if (self->n_rows++ > 0)
    g_string_append_c (self->text, '\n');
  self->n_cells = 0;
  attach (self, text, style);
}

void
cwb_score_table_add_cell (CwbScoreTable *self, const char *text, CwbCellStyle style)
{
  g_return_if_fail (CWB_IS_SCORE_TABLE (self));
  g_return_if_fail (self->n_rows > 0);

  g_string_append_c (self->text, '\t');
  attach (self, text, style);
}

const char *
cwb_score_table_get_text (CwbScoreTable *self)
{
  g_return_val_if_fail (CWB_IS_SCORE_TABLE (self), NULL);

  return self->text->str;
}

static void
cwb_score_table_finalize (GObject *object)
{
  g_string_free (CWB_SCORE_TABLE (object)->text, TRUE);
  G_OBJECT_CLASS (cwb_score_table_parent_class)->finalize (object);
}

static void
cwb_score_table_class_init (CwbScoreTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cwb_score_table_finalize;
}

static void
cwb_score_table_init (CwbScoreTable *self)
{
  self->text = g_string_new (NULL);
  gtk_grid_set_row_spacing (GTK_GRID (self), 9);
  gtk_grid_set_column_spacing (GTK_GRID (self), 24);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "score-table");
}
