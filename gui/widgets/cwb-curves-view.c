/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-curves-view.h"

#include "models/cwb-score-text.h"
#include "models/cwb-curves.h"
#include "util/cwb-task.h"
#include "widgets/cwb-chart.h"

#include <glib/gi18n.h>

#define NAME_CHARS 24 /* of a condition, in the legend */

struct _CwbCurvesView
{
  AdwBin parent_instance;

  GPtrArray *lines;   /* Line: what is shown */
  GHashTable *curves; /* folder -> Curve: of runs that were shown once */
  CwbTask *task;      /* (nullable) */

  GtkDropDown *measure_drop;
  CwbChart *chart;
  GtkLabel *error_label;
};

G_DEFINE_FINAL_TYPE (CwbCurvesView, cwb_curves_view, ADW_TYPE_BIN)

typedef struct
{
  char *folder, *name;
  guint colour, dash;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->folder);
  g_free (line->name);
  g_free (line);
}

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
show_curves (CwbCurvesView *self)
{
  guint measure = gtk_drop_down_get_selected (self->measure_drop);
  g_autoptr (CwbChartModel) chart = NULL;

  if (measure == GTK_INVALID_LIST_POSITION)
    return;
  chart = cwb_chart_model_new (cwb_curves_get_measure (measure), _ ("step"));
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = self->lines->pdata[i];
      const Curve *curve = g_hash_table_lookup (self->curves, line->folder);
      guint series = cwb_chart_model_add_series (chart, line->name);

      cwb_chart_model_set_look (chart, series, line->colour, line->dash);
      if (curve != NULL)
        cwb_curves_append (chart, series, curve->points, measure);
    }
  cwb_chart_take_model (self->chart, g_steal_pointer (&chart));
}

static void
fill_measures (CwbCurvesView *self)
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
  CwbCurvesView *self = CWB_CURVES_VIEW (owner);
  g_autoptr (GPtrArray) curves = result;

  g_clear_pointer (&self->task, cwb_task_unref);
  for (guint i = 0; curves != NULL && i < curves->len; i++)
    {
      const Curve *found = curves->pdata[i];
      Curve *curve;

      if (found->points == NULL)
        continue;
      curve = curve_new (found->folder, found->n_steps);
      curve->points = g_array_ref (found->points);
      g_hash_table_replace (self->curves, curve->folder, curve);
    }
  gtk_label_set_text (self->error_label, "");
  if (error != NULL)
    {
      g_autofree char *text = g_utf8_make_valid (error->message, -1);

      gtk_label_set_text (self->error_label, text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
  show_curves (self);
}

static const CwbTaskClass curves_class = {
  .work = curves_work,
  .done = curves_done,
  .free_data = (GDestroyNotify) g_ptr_array_unref,
  .free_result = (GDestroyNotify) g_ptr_array_unref,
};

/* Only what is not known yet is read. */
static void
load_curves (CwbCurvesView *self)
{
  GPtrArray *known = g_ptr_array_new_with_free_func (curve_free);

  for (guint i = 0; i < self->lines->len; i++)
    {
      const char *folder = ((const Line *) self->lines->pdata[i])->folder;
      const Curve *curve = g_hash_table_lookup (self->curves, folder);

      /* No run has as many steps. */
      g_ptr_array_add (known, curve_new (folder, curve != NULL ? curve->n_steps : G_MAXUINT64));
    }
  self->task = cwb_task_start (&curves_class, self, known);
}

/* The @number-th of its condition. */
static Line *
line_new (const CwComparison *comparison, const CwComparedRun *run, guint number)
{
  gboolean many = comparison->n_conditions > CWB_N_SERIES_COLOURS;
  g_autofree char *label = cwb_score_text_dup_condition (comparison, run->condition, NAME_CHARS);
  Line *line = g_new (Line, 1);

  line->folder = g_strdup (run->folder);
  /* As many conditions as there are colours have one each, and dashes tell their runs apart; of more, colour and dash
   * together tell the conditions apart, and all runs of one are an entry of the legend. */
  line->name = many ? g_strdup (label)
                    /* Translators: a condition, such as A, and the seed of a run */
                    : g_strdup_printf (_ ("%s, seed %lu"), label, (gulong) run->seed);
  line->colour = run->condition;
  line->dash = many ? run->condition / CWB_N_SERIES_COLOURS : number;
  return line;
}

void
cwb_curves_view_set (CwbCurvesView *self, const CwComparison *comparison)
{
  g_return_if_fail (CWB_IS_CURVES_VIEW (self));

  cwb_task_clear (&self->task);
  g_ptr_array_set_size (self->lines, 0);
  gtk_widget_set_visible (GTK_WIDGET (self), comparison != NULL);
  if (comparison == NULL)
    return;
  /* Those of one condition beside each other, in the order of their letters. */
  for (guint condition = 0; condition < comparison->n_conditions; condition++)
    {
      guint n = 0;

      for (guint r = 0; r < comparison->n_runs; r++)
        {
          if (comparison->runs[r].condition == condition)
            g_ptr_array_add (self->lines, line_new (comparison, &comparison->runs[r], n++));
        }
    }
  show_curves (self);
  load_curves (self);
}

gboolean
cwb_curves_view_get_busy (CwbCurvesView *self)
{
  g_return_val_if_fail (CWB_IS_CURVES_VIEW (self), FALSE);

  return self->task != NULL;
}

static void
cwb_curves_view_dispose (GObject *object)
{
  CwbCurvesView *self = CWB_CURVES_VIEW (object);

  cwb_task_clear (&self->task);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_CURVES_VIEW);
  G_OBJECT_CLASS (cwb_curves_view_parent_class)->dispose (object);
}

static void
cwb_curves_view_finalize (GObject *object)
{
  CwbCurvesView *self = CWB_CURVES_VIEW (object);

  g_ptr_array_unref (self->lines);
  g_hash_table_unref (self->curves);
  G_OBJECT_CLASS (cwb_curves_view_parent_class)->finalize (object);
}

static void
cwb_curves_view_class_init (CwbCurvesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_curves_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = cwb_curves_view_finalize;
  g_type_ensure (CWB_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-curves-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbCurvesView, measure_drop);
  gtk_widget_class_bind_template_child (widget_class, CwbCurvesView, chart);
  gtk_widget_class_bind_template_child (widget_class, CwbCurvesView, error_label);
  gtk_widget_class_bind_template_callback (widget_class, show_curves);
}

static void
cwb_curves_view_init (CwbCurvesView *self)
{
  self->lines = g_ptr_array_new_with_free_func (line_free);
  self->curves = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, curve_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_measures (self);
}
