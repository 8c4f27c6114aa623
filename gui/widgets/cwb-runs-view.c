/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-runs-view.h"

#include "models/cwb-curves.h"
#include "models/cwb-runs.h"
#include "models/cwb-score-text.h"
#include "util/cwb-task.h"
#include "widgets/cwb-chart.h"
#include "widgets/cwb-score-table.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _CwbRunsView
{
  AdwBin parent_instance;

  char *folder;
  GPtrArray *chosen;       /* folders, in the order of choosing: the first is what the others are held against */
  GHashTable *rows;        /* folder -> AdwActionRow */
  CwbTask *listing;        /* (nullable) */
  CwbTask *comparing;      /* (nullable) */
  CwbTask *curving;        /* (nullable): reads what the chart shows */
  CwComparison *comparison; /* (nullable): that is shown */
  char *shown;             /* (nullable): what there is to see of it */
  GHashTable *points;      /* folder -> Curve, of runs that were chosen once */
  gulong active_id;        /* of the window's */
  GString *text;           /* its tables, for the clipboard */
  GtkFileChooserNative *chooser;

  GtkEditable *search;
  GtkListBox *list;
  GtkLabel *list_label, *status;
  GtkBox *tables;
  GtkWidget *curves;       /* all about the curves */
  GtkDropDown *measure_drop;
  CwbChart *chart;
};

G_DEFINE_FINAL_TYPE (CwbRunsView, cwb_runs_view, ADW_TYPE_BIN)

/* ---- state ---- */

static void
update (CwbRunsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "runs.copy", self->comparison != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *gtk_label_get_text (self->status) != '\0');
}

static void
set_status (CwbRunsView *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  gtk_label_set_text (self->status, valid);
  update (self);
}

/* ---- tables ---- */

static void
add_label (CwbRunsView *self, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (self->tables, label);
}

/* Takes @table, which is full, with its heading into the box and into the text. */
static void
add_table (CwbRunsView *self, const char *heading, CwbScoreTable *table)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  /* Many conditions are wider than any window. */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (table));
  gtk_box_append (self->tables, scrolled);
  g_string_append_printf (self->text, "%s\n%s\n\n", heading, cwb_score_table_get_text (table));
}

/* (transfer none): as in the list. */
static const char *
get_name (CwbRunsView *self, const char *folder)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, folder);

  return row != NULL ? adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)) : folder;
}

static void
show_conditions (CwbRunsView *self)
{
  const CwComparison *c = self->comparison;
  CwbScoreTable *table = cwb_score_table_new_wide ();

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
          cwb_score_table_add_row (table, get_name (self, c->runs[r].folder), CWB_CELL_PLAIN);
          cwb_score_table_add_cell (table, seed, CWB_CELL_PLAIN);
          cwb_score_table_add_cell (table, label, CWB_CELL_PLAIN);
        }
    }
  add_label (self, _ ("Runs"), "heading");
  add_table (self, _ ("Runs"), table);
}

static void
add_labels (CwbScoreTable *table, const CwComparison *c)
{
  for (guint condition = 0; condition < c->n_conditions; condition++)
    {
      g_autofree char *label = cw_comparison_dup_label (condition);

      cwb_score_table_add_cell (table, label, CWB_CELL_HEADING);
    }
}

static void
show_settings (CwbRunsView *self)
{
  const CwComparison *c = self->comparison;
  CwbScoreTable *table = cwb_score_table_new_wide ();

  cwb_score_table_add_row (table, _ ("Setting"), CWB_CELL_HEADING);
  add_labels (table, c);
  for (guint s = 0; s < c->settings->len; s++)
    {
      const CwComparedSetting *setting = c->settings->pdata[s];

      cwb_score_table_add_row (table, setting->key, CWB_CELL_PLAIN);
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
  g_autofree char *name = cwb_score_text_dup_label (score->protocol, score->id);
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
  for (guint condition = 1; condition < c->n_conditions; condition++)
    {
      CwComparedSpread difference = cw_comparison_difference (c, e, score, condition);

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
describe_steps (CwbRunsView *self, const CwComparedEvaluation *e)
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
            append_line (text, describe_step (get_name (self, c->runs[r].folder), e->steps[r]));
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
show_evaluation (CwbRunsView *self, const CwComparedEvaluation *e)
{
  const CwComparison *c = self->comparison;
  CwbScoreTable *table = cwb_score_table_new_wide ();
  g_autoptr (GPtrArray) scores = cw_comparison_list_scores (c, e);
  g_autofree char *name = g_path_get_basename (e->data);
  g_autofree char *heading = g_strdup_printf (_ ("Evaluated on %s"), name);
  g_autofree char *steps = describe_steps (self, e);
  g_autofree char *detail = g_strdup_printf (
      _ ("%s: %'ld pictures to fit on, %'ld scored (%s). Encoder: %s. Norms: %s. %s"), e->data,
      (glong) e->n_fit, (glong) e->n_score, e->split, e->network, e->norm, steps);

  cwb_score_table_add_row (table, _ ("Score"), CWB_CELL_HEADING);
  add_labels (table, c);
  for (guint condition = 1; condition < c->n_conditions; condition++)
    {
      g_autofree char *label = cw_comparison_dup_label (condition);
      g_autofree char *minus = g_strdup_printf ("%s − A", label);

      cwb_score_table_add_cell (table, minus, CWB_CELL_HEADING);
    }
  add_floor_labels (table, c, _ ("Random init"));
  add_floor_labels (table, c, _ ("Pixels"));
  for (guint s = 0; s < scores->len; s++)
    add_score (table, c, e, scores->pdata[s]);
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
show_tables (CwbRunsView *self)
{
  const CwComparison *c = self->comparison;

  show_conditions (self);
  if (c->settings->len > 0)
    show_settings (self);
  for (guint e = 0; e < c->evaluations->len; e++)
    show_evaluation (self, c->evaluations->pdata[e]);
  add_label (self,
             c->evaluations->len == 0
                 ? _ ("None of these runs was evaluated yet. The figures of an evaluation are kept with its run.")
                 : _ ("A is the condition of the run that was chosen first. Runs that differ only in seed and name "
                      "are one condition: mean and standard deviation over the seeds. Differences: mean over the "
                      "seeds that both have, scored on the same pictures, and in square brackets Student’s 95 % "
                      "interval of it; bold where that does not hold 0. (2): of two seeds only."),
             "caption");
}

/* ---- curves ---- */

/* What the chart needs of a run. */
typedef struct
{
  char *folder;
  guint64 n_steps;
  GArray *points; /* (nullable) (element-type CwStepRecord): NULL = as they were */
} Curve;

static void
curve_free (gpointer data)
{
  Curve *curve = data;

  g_clear_pointer (&curve->points, g_array_unref);
  g_free (curve->folder);
  g_free (curve);
}

static Curve *
curve_new (const char *folder, guint64 n_steps)
{
  Curve *curve = g_new0 (Curve, 1);

  curve->folder = g_strdup (folder);
  curve->n_steps = n_steps;
  return curve;
}

static void
show_curves (CwbRunsView *self)
{
  const CwComparison *c = self->comparison;
  guint measure = gtk_drop_down_get_selected (self->measure_drop);
  g_autoptr (CwbChartModel) chart = NULL;
  g_autofree guint *n_of = NULL;

  gtk_widget_set_visible (self->curves, c != NULL);
  if (c == NULL || measure == GTK_INVALID_LIST_POSITION)
    return;
  chart = cwb_chart_model_new (cwb_curves_get_measure (measure), _ ("step"));
  n_of = g_new0 (guint, c->n_conditions);
  for (guint r = 0; r < c->n_runs; r++)
    {
      guint condition = c->runs[r].condition, series;
      const Curve *curve = g_hash_table_lookup (self->points, c->runs[r].folder);
      g_autofree char *label = cw_comparison_dup_label (condition);
      /* Translators: a condition, such as A, and the seed of a run */
      g_autofree char *name = g_strdup_printf (_ ("%s, seed %lu"), label, (gulong) c->runs[r].seed);

      series = cwb_chart_model_add_series (chart, name);
      cwb_chart_model_set_look (chart, series, condition, n_of[condition]++);
      if (curve != NULL)
        cwb_curves_append (chart, series, curve->points, measure);
    }
  cwb_chart_take_model (self->chart, g_steal_pointer (&chart));
}

static void
fill_measures (CwbRunsView *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint m = 0; m < cwb_curves_get_n_measures (); m++)
    gtk_string_list_append (names, cwb_curves_get_measure (m));
  gtk_drop_down_set_model (self->measure_drop, G_LIST_MODEL (names));
}

/* @data: (element-type Curve): what is there already; the result: of the same runs. */
static gpointer
curves_work (gpointer data, CwJob *job, GError **error)
{
  const GPtrArray *known = data;
  g_autoptr (GPtrArray) curves = g_ptr_array_new_with_free_func (curve_free);

  for (guint i = 0; i < known->len; i++)
    {
      const Curve *old = known->pdata[i];
      g_autoptr (CwRunDb) db = NULL;
      g_autoptr (GArray) records = NULL;
      Curve *curve;

      if (!cw_job_progress (job, -1, NULL, error))
        return NULL;
      db = cw_run_db_open (old->folder, FALSE, error);
      if (db == NULL)
        return NULL;
      curve = curve_new (old->folder, cw_run_db_count_steps (db));
      g_ptr_array_add (curves, curve);
      if (curve->n_steps == old->n_steps)
        continue;
      records = cw_run_db_load_steps (db, 0, error);
      if (records == NULL)
        return NULL;
      curve->points = cwb_curves_reduce (records);
    }
  return g_steal_pointer (&curves);
}

static void
curves_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbRunsView *self = CWB_RUNS_VIEW (owner);
  g_autoptr (GPtrArray) curves = result;

  g_clear_pointer (&self->curving, cwb_task_unref);
  for (guint i = 0; curves != NULL && i < curves->len; i++)
    {
      const Curve *found = curves->pdata[i];
      Curve *curve;

      if (found->points == NULL)
        continue;
      curve = curve_new (found->folder, found->n_steps);
      curve->points = g_array_ref (found->points);
      g_hash_table_replace (self->points, curve->folder, curve);
    }
  if (error != NULL)
    set_status (self, error->message);
  show_curves (self);
}

static const CwbTaskClass curves_class = {
  .work = curves_work,
  .done = curves_done,
  .free_data = (GDestroyNotify) g_ptr_array_unref,
  .free_result = (GDestroyNotify) g_ptr_array_unref,
};

/* Long runs have many steps: the tables do not wait for them. */
static void
load_curves (CwbRunsView *self)
{
  GPtrArray *known = g_ptr_array_new_with_free_func (curve_free);

  for (guint r = 0; r < self->comparison->n_runs; r++)
    {
      const char *folder = self->comparison->runs[r].folder;
      const Curve *curve = g_hash_table_lookup (self->points, folder);

      /* No run has as many steps. */
      g_ptr_array_add (known, curve_new (folder, curve != NULL ? curve->n_steps : G_MAXUINT64));
    }
  cwb_task_clear (&self->curving);
  self->curving = cwb_task_start (&curves_class, self, known);
}

/* ---- comparing ---- */

static void
clear_tables (CwbRunsView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tables))) != NULL)
    gtk_box_remove (self->tables, child);
  g_string_truncate (self->text, 0);
  g_clear_pointer (&self->comparison, cw_comparison_free);
  g_clear_pointer (&self->shown, g_free);
}

static gpointer
compare_work (gpointer data, CwJob *job, GError **error)
{
  return cw_comparison_new (data, g_strv_length (data), job, error);
}

/* Nothing moves under the eyes where nothing has changed. */
static gboolean
is_shown (CwbRunsView *self, const CwComparison *comparison)
{
  g_autofree char *text = comparison != NULL ? cw_comparison_to_text (comparison) : NULL;

  return text != NULL && g_strcmp0 (text, self->shown) == 0;
}

static void
compare_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbRunsView *self = CWB_RUNS_VIEW (owner);
  g_autofree char *notes = NULL;

  g_clear_pointer (&self->comparing, cwb_task_unref);
  if (is_shown (self, result))
    {
      cw_comparison_free (result);
      load_curves (self);
      return;
    }
  clear_tables (self);
  self->comparison = result;
  if (self->comparison != NULL)
    {
      self->shown = cw_comparison_to_text (self->comparison);
      show_tables (self);
      load_curves (self);
      g_ptr_array_add (self->comparison->notes, NULL);
      notes = g_strjoinv ("\n", (char **) self->comparison->notes->pdata);
      g_ptr_array_remove_index (self->comparison->notes, self->comparison->notes->len - 1);
    }
  show_curves (self);
  set_status (self, error != NULL ? error->message : notes);
}

static const CwbTaskClass compare_class = {
  .work = compare_work,
  .done = compare_done,
  .free_data = (GDestroyNotify) g_strfreev,
  .free_result = (GDestroyNotify) cw_comparison_free,
};

static gboolean
find_chosen (CwbRunsView *self, const char *folder, guint *index)
{
  return g_ptr_array_find_with_equal_func (self->chosen, folder, g_str_equal, index);
}

static void
set_chosen (CwbRunsView *self, const char *folder, gboolean chosen)
{
  guint index;
  gboolean found = find_chosen (self, folder, &index);

  if (chosen && !found)
    g_ptr_array_add (self->chosen, g_strdup (folder));
  else if (!chosen && found)
    g_ptr_array_remove_index (self->chosen, index);
}

/* (transfer full): those that are listed and can be read. */
static GStrv
dup_chosen (CwbRunsView *self)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();

  for (guint i = 0; i < self->chosen->len; i++)
    {
      GtkWidget *row = g_hash_table_lookup (self->rows, self->chosen->pdata[i]);

      if (row != NULL && gtk_widget_get_sensitive (row))
        g_strv_builder_add (folders, self->chosen->pdata[i]);
    }
  return g_strv_builder_end (folders);
}

static void
compare (CwbRunsView *self)
{
  g_auto (GStrv) folders = dup_chosen (self);

  cwb_task_clear (&self->comparing);
  cwb_task_clear (&self->curving);
  if (*folders != NULL)
    {
      self->comparing = cwb_task_start (&compare_class, self, g_steal_pointer (&folders));
      return;
    }
  clear_tables (self);
  show_curves (self);
  set_status (self, g_hash_table_size (self->rows) > 0
                        ? _ ("Choose a run to see the evaluations it keeps, or several to compare them.")
                        : "");
}

/* ---- list ---- */

static void
on_toggled (GtkCheckButton *check, CwbRunsView *self)
{
  set_chosen (self, g_object_get_data (G_OBJECT (check), "folder"), gtk_check_button_get_active (check));
  compare (self);
}

static GtkWidget *
add_row (CwbRunsView *self, const CwbRunSummary *run)
{
  GtkWidget *row = adw_action_row_new (), *check = gtk_check_button_new ();
  g_autofree char *path = g_filename_display_name (run->folder);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), run->name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_set_tooltip_text (row, path);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), find_chosen (self, run->folder, NULL));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_object_set_data_full (G_OBJECT (check), "folder", g_strdup (run->folder), g_free);
  g_object_set_data (G_OBJECT (row), "check", check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_toggled), self, 0);
  gtk_list_box_append (self->list, row);
  g_hash_table_insert (self->rows, g_strdup (run->folder), row);
  return row;
}

/* As @run is now. */
static void
show_run (CwbRunsView *self, const CwbRunSummary *run)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, run->folder);

  if (row == NULL)
    row = add_row (self, run);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), run->detail);
  gtk_widget_set_sensitive (row, run->readable);
}

static void
show_placeholder (CwbRunsView *self)
{
  gtk_label_set_text (self->list_label,
                      self->listing != NULL ? _ ("Reading the runs…")
                      : g_hash_table_size (self->rows) > 0
                          ? _ ("No run has such a name.")
                          : _ ("No runs in the runs folder yet. Add one from elsewhere."));
}

typedef struct
{
  char *folder; /* (nullable) */
  GStrv more;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->folder);
  g_strfreev (request->more);
  g_free (request);
}

static gpointer
list_work (gpointer data, CwJob *job, GError **error)
{
  const Request *request = data;

  return cwb_runs_load (request->folder, (const char *const *) request->more, job, error);
}

static void
list_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbRunsView *self = CWB_RUNS_VIEW (owner);
  g_autoptr (GPtrArray) runs = result;

  g_clear_pointer (&self->listing, cwb_task_unref);
  for (guint r = 0; runs != NULL && r < runs->len; r++)
    show_run (self, runs->pdata[r]);
  show_placeholder (self);
  compare (self);
}

static const CwbTaskClass list_class = {
  .work = list_work,
  .done = list_done,
  .free_data = request_free,
  .free_result = (GDestroyNotify) g_ptr_array_unref,
};

static gboolean
is_found (GtkListBoxRow *row, gpointer data)
{
  CwbRunsView *self = data;
  g_autofree char *name = g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);
  g_autofree char *part = g_utf8_casefold (gtk_editable_get_text (self->search), -1);

  return strstr (name, part) != NULL;
}

static void
on_search (CwbRunsView *self)
{
  show_placeholder (self);
  gtk_list_box_invalidate_filter (self->list);
}

/* ---- actions ---- */

static void
on_run_chosen (GtkNativeDialog *dialog, int response, CwbRunsView *self)
{
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      g_autofree char *path = g_file_get_path (file);

      if (path != NULL)
        cwb_runs_view_add (self, path);
      else
        set_status (self, _ ("Runs can be read from folders of this computer only."));
    }
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbRunsView *self = CWB_RUNS_VIEW (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Add Runs"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Add"), NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_run_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), CWB_RUNS_VIEW (widget)->text->str);
}

/* Back from the other window: there may be a run more, or an evaluation, or further steps. */
static void
on_active (GtkWindow *window, GParamSpec *pspec, CwbRunsView *self)
{
  if (gtk_window_is_active (window) && self->listing == NULL)
    cwb_runs_view_reload (self);
}

static void
cwb_runs_view_root (GtkWidget *widget)
{
  CwbRunsView *self = CWB_RUNS_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (cwb_runs_view_parent_class)->root (widget);
  root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root))
    self->active_id = g_signal_connect (root, "notify::is-active", G_CALLBACK (on_active), self);
}

static void
cwb_runs_view_unroot (GtkWidget *widget)
{
  g_clear_signal_handler (&CWB_RUNS_VIEW (widget)->active_id, gtk_widget_get_root (widget));
  GTK_WIDGET_CLASS (cwb_runs_view_parent_class)->unroot (widget);
}

/* ---- object ---- */

static void
cwb_runs_view_dispose (GObject *object)
{
  CwbRunsView *self = CWB_RUNS_VIEW (object);

  cwb_task_clear (&self->listing);
  cwb_task_clear (&self->comparing);
  cwb_task_clear (&self->curving);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_RUNS_VIEW);
  G_OBJECT_CLASS (cwb_runs_view_parent_class)->dispose (object);
}

static void
cwb_runs_view_finalize (GObject *object)
{
  CwbRunsView *self = CWB_RUNS_VIEW (object);

  cw_comparison_free (self->comparison);
  g_free (self->shown);
  g_hash_table_unref (self->points);
  g_ptr_array_unref (self->chosen);
  g_hash_table_unref (self->rows);
  g_string_free (self->text, TRUE);
  g_free (self->folder);
  G_OBJECT_CLASS (cwb_runs_view_parent_class)->finalize (object);
}

static void
cwb_runs_view_class_init (CwbRunsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_runs_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = cwb_runs_view_finalize;
  widget_class->root = cwb_runs_view_root;
  widget_class->unroot = cwb_runs_view_unroot;
  g_type_ensure (CWB_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-runs-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, search);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, list);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, list_label);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, status);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, tables);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, curves);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, measure_drop);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, chart);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, show_curves);
  gtk_widget_class_install_action (widget_class, "runs.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "runs.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "runs.add", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "runs.copy", NULL);
}

static void
cwb_runs_view_init (CwbRunsView *self)
{
  self->chosen = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->points = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, curve_free);
  self->text = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_measures (self);
  gtk_list_box_set_filter_func (self->list, is_found, self, NULL);
  set_status (self, "");
}

GtkWidget *
cwb_runs_view_new (const char *folder, const char *chosen)
{
  CwbRunsView *self = g_object_new (CWB_TYPE_RUNS_VIEW, NULL);

  self->folder = g_strdup (folder);
  if (chosen != NULL)
    g_ptr_array_add (self->chosen, g_canonicalize_filename (chosen, NULL));
  cwb_runs_view_reload (self);
  return GTK_WIDGET (self);
}

void
cwb_runs_view_reload (CwbRunsView *self)
{
  Request *request;

  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  request = g_new0 (Request, 1);
  request->folder = g_strdup (self->folder);
  /* All that are chosen are listed, wherever they are. */
  request->more = g_new0 (char *, self->chosen->len + 1);
  for (guint i = 0; i < self->chosen->len; i++)
    request->more[i] = g_strdup (self->chosen->pdata[i]);
  cwb_task_clear (&self->listing);
  self->listing = cwb_task_start (&list_class, self, request);
  show_placeholder (self);
}

void
cwb_runs_view_add (CwbRunsView *self, const char *folder)
{
  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  cwb_runs_view_choose (self, folder, TRUE);
  cwb_runs_view_reload (self);
}

void
cwb_runs_view_choose (CwbRunsView *self, const char *folder, gboolean chosen)
{
  g_autofree char *path = NULL;
  GObject *row;

  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  path = g_canonicalize_filename (folder, NULL);
  row = g_hash_table_lookup (self->rows, path);
  if (row != NULL)
    gtk_check_button_set_active (g_object_get_data (row, "check"), chosen);
  else
    set_chosen (self, path, chosen);
}

gboolean
cwb_runs_view_get_busy (CwbRunsView *self)
{
  g_return_val_if_fail (CWB_IS_RUNS_VIEW (self), FALSE);

  return self->listing != NULL || self->comparing != NULL || self->curving != NULL;
}

const CwComparison *
cwb_runs_view_get_comparison (CwbRunsView *self)
{
  g_return_val_if_fail (CWB_IS_RUNS_VIEW (self), NULL);

  return self->comparison;
}
