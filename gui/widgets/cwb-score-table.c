/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-score-table.h"

#include "util/cwb-scroll.h"

#define MAX_CHARS 44     /* of a cell of a wide table */
#define HEADING_CHARS 22 /* of a figure's column there */
#define NAME_CHARS 22    /* that a name keeps where there is little room */
#define FIGURE_WIDTH 110 /* px that figures keep */
#define ROW_SPACING 9
#define COLUMN_SPACING 24

struct _CwbScoreTable
{
  GtkBox parent_instance;

  GString *text;
  GtkGrid *names, *figures;
  GtkScrolledWindow *scrolled; /* around the figures */
  GtkWidget *bar;              /* below them, where they are wider than there is room */
  guint bar_id;                /* of the idle that shows or hides it */
  GtkWidget *first, *last;     /* (nullable): cell of the last row; of the table */
  int n_rows, n_cells;         /* of the table; of its last row */
};

G_DEFINE_FINAL_TYPE (CwbScoreTable, cwb_score_table, GTK_TYPE_BOX)

static GtkGrid *
grid_new (void)
{
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());

  gtk_grid_set_row_spacing (grid, ROW_SPACING);
  gtk_grid_set_column_spacing (grid, COLUMN_SPACING);
  return grid;
}

static void
show_bar (gpointer data)
{
  CwbScoreTable *self = data;
  GtkAdjustment *at = gtk_scrolled_window_get_hadjustment (self->scrolled);
  gboolean needed = gtk_adjustment_get_upper (at) > gtk_adjustment_get_page_size (at);

  self->bar_id = 0;
  gtk_widget_set_visible (self->bar, needed);
  /* What can be scrolled can be so by keys, and has no stop for them otherwise. */
  gtk_widget_set_focusable (GTK_WIDGET (self->scrolled), needed);
}

/* Comes while sizes are given out, when none may change. */
static void
on_adjustment (CwbScoreTable *self)
{
  if (self->bar_id == 0)
    self->bar_id = g_idle_add_once (show_bar, self);
}

static void
add_figures (CwbScoreTable *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkAdjustment *at;

  self->figures = grid_new ();
  self->scrolled = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  at = gtk_scrolled_window_get_hadjustment (self->scrolled);
  gtk_widget_set_halign (GTK_WIDGET (self->figures), GTK_ALIGN_END);
  /* Its own bar would lie over the last row, or be there with a pointer over it alone. */
  gtk_scrolled_window_set_policy (self->scrolled, GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_min_content_width (self->scrolled, FIGURE_WIDTH);
  gtk_scrolled_window_set_propagate_natural_width (self->scrolled, TRUE);
  gtk_scrolled_window_set_child (self->scrolled, GTK_WIDGET (self->figures));
  gtk_widget_set_hexpand (GTK_WIDGET (self->scrolled), TRUE);
  self->bar = gtk_scrollbar_new (GTK_ORIENTATION_HORIZONTAL, at);
  gtk_widget_set_visible (self->bar, FALSE);
  g_signal_connect_object (at, "changed", G_CALLBACK (on_adjustment), self, G_CONNECT_SWAPPED);
  cwb_scroll_take_sideways (self->scrolled, self->bar);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->scrolled));
  gtk_box_append (GTK_BOX (column), self->bar);
  gtk_box_append (GTK_BOX (self), column);
}

CwbScoreTable *
cwb_score_table_new (const char *name)
{
  CwbScoreTable *self = g_object_new (CWB_TYPE_SCORE_TABLE, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scrolled), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  return self;
}

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

void
cwb_score_table_clear (CwbScoreTable *self)
{
  g_return_if_fail (CWB_IS_SCORE_TABLE (self));

  clear_grid (self->names);
  clear_grid (self->figures);
  g_string_truncate (self->text, 0);
  self->first = self->last = NULL;
  self->n_rows = self->n_cells = 0;
}

/* Cuts a cell where it has more than @most characters, or, at @least, little room. */
static void
limit (GtkLabel *label, const char *text, int least, int most)
{
  int n = (int) g_utf8_strlen (text, -1);

  if (n <= least)
    return;
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (label, least);
  gtk_label_set_max_width_chars (label, most);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), text);
}

/* The figures of a row stand beside its name, whatever grid they are in. */
static void
keep_level (GtkWidget *name, GtkWidget *figure)
{
  g_autoptr (GtkSizeGroup) row = gtk_size_group_new (GTK_SIZE_GROUP_VERTICAL);

  gtk_size_group_add_widget (row, name);
  gtk_size_group_add_widget (row, figure);
}

static void
attach (CwbScoreTable *self, const char *text, CwbCellStyle style)
{
  GtkWidget *label = gtk_label_new (text);
  gboolean first = self->n_cells == 0;

  gtk_label_set_xalign (GTK_LABEL (label), first ? 0 : 1);
  if (first)
    limit (GTK_LABEL (label), text, NAME_CHARS, MAX_CHARS);
  else if (style == CWB_CELL_HEADING)
    limit (GTK_LABEL (label), text, HEADING_CHARS, HEADING_CHARS);
  else
    limit (GTK_LABEL (label), text, MAX_CHARS, MAX_CHARS);
  if (style == CWB_CELL_HEADING)
    gtk_widget_add_css_class (label, "heading");
  if (style == CWB_CELL_STRONG || style == CWB_CELL_BEST)
    gtk_widget_add_css_class (label, "strong");
  if (style == CWB_CELL_BEST)
    gtk_widget_add_css_class (label, "accent");
  gtk_widget_add_css_class (label, "numeric");
  if (first)
    self->first = label;
  else if (self->n_cells == 1)
    keep_level (self->first, label);
  gtk_grid_attach (first ? self->names : self->figures, label,
                   MAX (0, self->n_cells - 1), self->n_rows - 1, 1, 1);
  self->last = label;
  self->n_cells++;
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

void
cwb_score_table_set_tip (CwbScoreTable *self, const char *tip)
{
  g_return_if_fail (CWB_IS_SCORE_TABLE (self));
  g_return_if_fail (self->last != NULL);

  gtk_widget_set_tooltip_text (self->last, tip);
}

const char *
cwb_score_table_get_text (CwbScoreTable *self)
{
  g_return_val_if_fail (CWB_IS_SCORE_TABLE (self), NULL);

  return self->text->str;
}

static void
cwb_score_table_dispose (GObject *object)
{
  CwbScoreTable *self = CWB_SCORE_TABLE (object);

  if (self->scrolled != NULL)
    g_signal_handlers_disconnect_by_data (gtk_scrolled_window_get_hadjustment (self->scrolled), self);
  self->scrolled = NULL;
  g_clear_handle_id (&self->bar_id, g_source_remove);
  G_OBJECT_CLASS (cwb_score_table_parent_class)->dispose (object);
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
  G_OBJECT_CLASS (klass)->dispose = cwb_score_table_dispose;
  G_OBJECT_CLASS (klass)->finalize = cwb_score_table_finalize;
}

static void
cwb_score_table_init (CwbScoreTable *self)
{
  self->text = g_string_new (NULL);
  self->names = grid_new ();
  gtk_widget_set_valign (GTK_WIDGET (self->names), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->names));
  add_figures (self);
  gtk_box_set_spacing (GTK_BOX (self), COLUMN_SPACING);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "score-table");
}
