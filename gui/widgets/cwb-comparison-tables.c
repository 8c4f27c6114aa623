/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-comparison-tables.h"

#include "models/cwb-score-text.h"
#include "widgets/cwb-score-table.h"

#include <glib/gi18n.h>
#include <math.h>

struct _CwbComparisonTables
{
  AdwBin parent_instance;

  GtkBox *box;
  GString *text;
  /* While the tables are made. */
  const CwComparison *comparison;
  const char *const *names;
  CwbScoreShown shown;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (CwbComparisonTables, cwb_comparison_tables, ADW_TYPE_BIN)

static void
add_label (CwbComparisonTables *self, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (self->box, label);
}

/* Takes @table, which is full, with its heading into the box and into the text. */
static void
add_table (CwbComparisonTables *self, const char *heading, CwbScoreTable *table)
{
  gtk_box_append (self->box, GTK_WIDGET (table));
  g_string_append_printf (self->text, "%s\n%s\n\n", heading, cwb_score_table_get_text (table));
}

static void
show_conditions (CwbComparisonTables *self)
{
  const CwComparison *c = self->comparison;
  CwbScoreTable *table = cwb_score_table_new (_ ("Runs"));

  cwb_score_table_add_row (table, _ ("Run"), CWB_CELL_HEADING);
  cwb_score_table_add_cell (table, _ ("Seed"), CWB_CELL_HEADING);
  cwb_score_table_add_cell (table, _ ("Condition"), CWB_CELL_HEADING);
  for (guint condition = 0; condition < c->n_conditions; condition++)
    {
      g_autofree char *label = cw_comparison_dup_label (condition);

      for (guint r = 0; r < c->n_runs; r++)
        {
          g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, c->runs[r].seed);

          if (c->runs[r].condition != condition)
            continue;
          cwb_score_table_add_row (table, self->names[r], CWB_CELL_PLAIN);
          cwb_score_table_add_cell (table, seed, CWB_CELL_PLAIN);
          cwb_score_table_add_cell (table, label, CWB_CELL_PLAIN);
        }
    }
  add_label (self, _ ("Runs"), "heading");
  add_table (self, _ ("Runs"), table);
}

/* (transfer full): the letter and what its runs are called. */
static char *
dup_condition (const CwComparison *c, guint condition)
{
  g_autofree char *label = cw_comparison_dup_label (condition);
  g_autofree char *name = cw_comparison_dup_name (c, condition);

  /* Translators: a condition's letter and the name of its runs: "A: simclr-warp" */
  return g_strdup_printf (_ ("%s: %s"), label, name);
}

static void
add_labels (CwbScoreTable *table, const CwComparison *c)
{
  for (guint condition = 0; condition < c->n_conditions; condition++)
    {
      g_autofree char *label = dup_condition (c, condition);

      cwb_score_table_add_cell (table, label, CWB_CELL_HEADING);
    }
}

static void
show_settings (CwbComparisonTables *self)
{
  const CwComparison *c = self->comparison;
  CwbScoreTable *table = cwb_score_table_new (_ ("Settings That Differ"));

  cwb_score_table_add_row (table, _ ("Setting"), CWB_CELL_HEADING);
  add_labels (table, c);
  for (guint s = 0; s < c->settings->len; s++)
    {
      const CwComparedSetting *setting = c->settings->pdata[s];

      cwb_score_table_add_row (table, setting->label != NULL ? setting->label : setting->key,
                               CWB_CELL_PLAIN);
      cwb_score_table_set_tip (table, setting->key);
      for (guint condition = 0; condition < c->n_conditions; condition++)
        cwb_score_table_add_cell (
            table, setting->values[condition] != NULL ? setting->values[condition] : "–", CWB_CELL_PLAIN);
    }
  add_label (self, _ ("Settings That Differ"), "heading");
  add_table (self, _ ("Settings That Differ"), table);
}

static void
add_difference (CwbScoreTable *table, const CwComparedSpread *difference, CwScoreUnit unit,
                guint expected)
{
  g_autofree char *text = cwb_score_text_dup_difference (difference, unit, expected);
  gboolean certain = difference->low > 0 || difference->high < 0;

  cwb_score_table_add_cell (table, text, certain ? CWB_CELL_STRONG : CWB_CELL_PLAIN);
}

/* One for all, or one for each condition. Without a spread: a floor does not depend on the seed of a training. */
static void
add_floors (CwbScoreTable *table, const CwComparison *c, const CwComparedScore *score,
            CwContender contender)
{
  for (guint condition = 0; condition < (c->same_floors ? 1 : c->n_conditions); condition++)
    {
      CwComparedSpread spread = cw_comparison_spread (
          c, score, contender, c->same_floors ? CW_COMPARED_ALL : condition);
      g_autofree char *text = cwb_score_text_dup_value (spread.mean, score->unit);

      cwb_score_table_add_cell (table, text, CWB_CELL_PLAIN);
    }
}

static void
add_score (CwbScoreTable *table, const CwComparison *c, const CwComparedEvaluation *e,
           const CwComparedScore *score)
{
  g_autofree char *name = cw_score_dup_label (score->protocol, score->id);
  g_autofree char *label = *score->parameters != '\0'
                               ? g_strdup_printf ("%s (%s)", name, score->parameters)
                               : g_strdup (name);

  cwb_score_table_add_row (table, label, CWB_CELL_PLAIN);
  for (guint condition = 0; condition < c->n_conditions; condition++)
    {
      CwComparedSpread spread = cw_comparison_spread (c, score, CW_CONTENDER_TRAINED, condition);
      g_autofree char *text = cwb_score_text_dup_spread (&spread, score->unit,
                                                         cw_comparison_count_seeds (c, condition));

      cwb_score_table_add_cell (table, text, CWB_CELL_PLAIN);
    }
  for (guint condition = 0; condition < c->n_conditions; condition++)
    {
      CwComparedSpread difference;

      if (condition == c->reference)
        continue;
      difference = cw_comparison_difference (c, e, score, condition, c->reference);
      add_difference (table, &difference, score->unit, cw_comparison_count_seeds (c, condition));
    }
  add_floors (table, c, score, CW_CONTENDER_RANDOM_INIT);
  add_floors (table, c, score, CW_CONTENDER_PIXELS);
}

/* Takes the text. */
static void
append_line (GString *text, char *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", line);
  g_free (line);
}

static char *
describe_step (const char *whose, gint64 step)
{
  /* Translators: a run's or condition's name, then how many steps it was trained */
  return step >= 0 ? g_strdup_printf (_ ("%s: after %'ld steps."), whose, (glong) step)
                   : g_strdup_printf (_ ("%s: not evaluated like this."), whose);
}

/* (transfer full): after how many steps the runs were evaluated. */
static char *
describe_steps (CwbComparisonTables *self, const CwComparedEvaluation *e)
{
  const CwComparison *c = self->comparison;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint condition = 0; condition < c->n_conditions; condition++)
    {
      g_autofree char *labels = cw_comparison_dup_same_step (c, e, condition);
      gint64 step;

      if (cw_comparison_find_step (c, e, condition, &step))
        {
          if (labels != NULL)
            append_line (text, describe_step (labels, step));
          continue;
        }
      for (guint r = 0; r < c->n_runs; r++)
        {
          if (c->runs[r].condition == condition)
            append_line (text, describe_step (self->names[r], e->steps[r]));
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_floor_labels (CwbScoreTable *table, const CwComparison *c, const char *name)
{
  if (c->same_floors)
    cwb_score_table_add_cell (table, name, CWB_CELL_HEADING);
  for (guint condition = 0; !c->same_floors && condition < c->n_conditions; condition++)
    {
      g_autofree char *label = cw_comparison_dup_label (condition);
      /* Translators: a floor, such as "Random init", and a condition, such as A */
      g_autofree char *text = g_strdup_printf (_ ("%s (%s)"), name, label);

      cwb_score_table_add_cell (table, text, CWB_CELL_HEADING);
    }
}

static void
show_evaluation (CwbComparisonTables *self, const CwComparedEvaluation *e)
{
  const CwComparison *c = self->comparison;
  CwbScoreTable *table;
  g_autofree char *reference = cw_comparison_dup_label (c->reference);
  g_autoptr (GPtrArray) scores = cw_comparison_list_scores (c, e);
  g_autofree char *name = g_path_get_basename (e->data);
  g_autofree char *heading = g_strdup_printf (_ ("Evaluated on %s"), name);
  g_autofree char *steps = describe_steps (self, e);
  g_autofree char *detail = g_strdup_printf (
      _ ("%s: %'ld pictures to fit on, %'ld scored (%s). Encoder: %s. Norms: %s. %s"), e->data,
      (glong) e->n_fit, (glong) e->n_score, e->split, e->network, e->norm, steps);

  table = cwb_score_table_new (heading);
  cwb_score_table_add_row (table, _ ("Score"), CWB_CELL_HEADING);
  add_labels (table, c);
  for (guint condition = 0; condition < c->n_conditions; condition++)
    {
      g_autofree char *label = cw_comparison_dup_label (condition);
      g_autofree char *minus = g_strdup_printf ("%s − %s", label, reference);

      if (condition == c->reference)
        continue;
      cwb_score_table_add_cell (table, minus, CWB_CELL_HEADING);
    }
  add_floor_labels (table, c, _ ("Random init"));
  add_floor_labels (table, c, _ ("Pixels"));
  for (guint s = 0; s < scores->len; s++)
    {
      if (self->shown (scores->pdata[s], self->data))
        add_score (table, c, e, scores->pdata[s]);
    }
  if (isfinite (e->majority))
    {
      g_autofree char *majority = cwb_score_text_dup_value (e->majority, CW_SCORE_SHARE);

      cwb_score_table_add_row (table, _ ("Majority class"), CWB_CELL_PLAIN);
      cwb_score_table_add_cell (table, majority, CWB_CELL_PLAIN);
    }
  add_label (self, heading, "heading");
  add_label (self, detail, "dim-label");
  add_table (self, heading, table);
}

static void
clear (CwbComparisonTables *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  g_string_truncate (self->text, 0);
}

void
cwb_comparison_tables_set (CwbComparisonTables *self, const CwComparison *comparison,
                           const char *const *names, CwbScoreShown shown, gpointer data)
{
  const CwComparison *c = comparison;

  g_return_if_fail (CWB_IS_COMPARISON_TABLES (self));

  clear (self);
  if (c == NULL)
    return;
  self->comparison = comparison;
  self->names = names;
  self->shown = shown;
  self->data = data;
  show_conditions (self);
  if (c->settings->len > 0)
    show_settings (self);
  for (guint e = 0; e < c->evaluations->len; e++)
    show_evaluation (self, c->evaluations->pdata[e]);
  add_label (self,
             c->evaluations->len == 0
                 ? _ ("None of these runs was evaluated yet. The figures of an evaluation are kept with its run.")
                 : _ ("Runs that differ only in seed and name are one condition: mean and standard deviation over the "
                      "seeds. Differences, in points where scores are per cent: mean over the seeds that both have, "
                      "scored on the same pictures, and in square brackets Student’s 95 % interval of it; bold where "
                      "that does not hold 0. (2): of two seeds only."),
             "caption");
  self->comparison = NULL;
  self->names = NULL;
  self->shown = NULL;
  self->data = NULL;
}

const char *
cwb_comparison_tables_get_text (CwbComparisonTables *self)
{
  g_return_val_if_fail (CWB_IS_COMPARISON_TABLES (self), NULL);

  return self->text->str;
}

static void
cwb_comparison_tables_finalize (GObject *object)
{
  g_string_free (CWB_COMPARISON_TABLES (object)->text, TRUE);
  G_OBJECT_CLASS (cwb_comparison_tables_parent_class)->finalize (object);
}

static void
cwb_comparison_tables_class_init (CwbComparisonTablesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cwb_comparison_tables_finalize;
}

static void
cwb_comparison_tables_init (CwbComparisonTables *self)
{
  self->text = g_string_new (NULL);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}
