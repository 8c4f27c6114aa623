/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-run-charts.h"

#include "widgets/cwb-chart.h"

#include <glib/gi18n.h>

struct _CwbRunCharts
{
  AdwBin parent_instance;

  CwRun *run; /* (nullable) */
  guint n_steps;

  CwbChart *loss_chart, *cosine_chart, *std_chart;
};

G_DEFINE_FINAL_TYPE (CwbRunCharts, cwb_run_charts, ADW_TYPE_BIN)

static void
append_record (CwbRunCharts *self, const CwStepRecord *r)
{
  double x = (double) r->step + 1;
  CwbChartModel *loss = cwb_chart_get_model (self->loss_chart);
  CwbChartModel *cosine = cwb_chart_get_model (self->cosine_chart);
  CwbChartModel *std = cwb_chart_get_model (self->std_chart);

  cwb_chart_model_append (loss, 0, x, r->loss);
  cwb_chart_model_append (loss, 1, x, r->loss_positive);
  cwb_chart_model_append (loss, 2, x, r->loss_negative);
  cwb_chart_model_append (cosine, 0, x, r->cos_positive);
  cwb_chart_model_append (cosine, 1, x, r->cos_negative);
  cwb_chart_model_append (std, 0, x, r->feature_std);
  cwb_chart_model_append (std, 1, x, r->projection_std);
}

static void
clear_charts (CwbRunCharts *self)
{
  cwb_chart_model_clear (cwb_chart_get_model (self->loss_chart));
  cwb_chart_model_clear (cwb_chart_get_model (self->cosine_chart));
  cwb_chart_model_clear (cwb_chart_get_model (self->std_chart));
  self->n_steps = 0;
}

static void
make_charts (CwbRunCharts *self)
{
  CwbChartModel *loss = cwb_chart_model_new (_ ("Loss"), _ ("step"));
  CwbChartModel *cosine = cwb_chart_model_new (_ ("Similarity to the anchor"), _ ("step"));
  CwbChartModel *std = cwb_chart_model_new (_ ("Spread of the faces (0 = collapsed)"), _ ("step"));

  cwb_chart_model_add_series (loss, _ ("total"));
  cwb_chart_model_add_series (loss, _ ("positives"));
  cwb_chart_model_add_series (loss, _ ("warp negatives"));
  cwb_chart_model_add_series (cosine, _ ("positive"));
  cwb_chart_model_add_series (cosine, _ ("warp negative"));
  cwb_chart_model_add_series (std, _ ("features"));
  cwb_chart_model_add_series (std, _ ("projections"));
  cwb_chart_take_model (self->loss_chart, loss);
  cwb_chart_take_model (self->cosine_chart, cosine);
  cwb_chart_take_model (self->std_chart, std);
}

/* The total is the sum of both only with the weight. */
static void
name_negatives (CwbRunCharts *self)
{
  const CwRecipe *recipe = cw_run_get_experiment (self->run)->recipe;
  const CwNegativeTermParams *term
      = cw_objective_get_negative_term (recipe->objective, recipe->objective_params);
  double weight = term != NULL ? (double) term->negative_weight : 1;
  double end = term != NULL && term->negative_weight_end >= 0 ? (double) term->negative_weight_end
                                                              : weight;
  g_autofree char *name = NULL;

  if (weight != end)
    name = g_strdup_printf (_ ("warp negatives (weight %g to %g)"), weight, end);
  else if (weight != 1)
    name = g_strdup_printf (_ ("warp negatives (weight %g)"), weight);
  cwb_chart_model_set_name (cwb_chart_get_model (self->loss_chart), 2,
                            name != NULL ? name : _ ("warp negatives"));
}

void
cwb_run_charts_update (CwbRunCharts *self)
{
  g_autoptr (GArray) records = NULL;

  g_return_if_fail (CWB_IS_RUN_CHARTS (self));

  if (self->run != NULL)
    {
      /* A resume that has to go back further than the run had come has fewer records than before. */
      if (cw_run_get_step (self->run) < self->n_steps)
        clear_charts (self);
      records = cw_run_dup_records (self->run, self->n_steps);
      for (guint i = 0; i < records->len; i++)
        append_record (self, &g_array_index (records, CwStepRecord, i));
      self->n_steps += records->len;
    }
  cwb_chart_changed (self->loss_chart);
  cwb_chart_changed (self->cosine_chart);
  cwb_chart_changed (self->std_chart);
}

void
cwb_run_charts_set_run (CwbRunCharts *self, CwRun *run)
{
  g_return_if_fail (CWB_IS_RUN_CHARTS (self));

  g_set_object (&self->run, run);
  clear_charts (self);
  if (run != NULL)
    name_negatives (self);
  cwb_run_charts_update (self);
}

guint
cwb_run_charts_get_n_steps (CwbRunCharts *self)
{
  g_return_val_if_fail (CWB_IS_RUN_CHARTS (self), 0);
  return self->n_steps;
}

static void
cwb_run_charts_dispose (GObject *object)
{
  CwbRunCharts *self = CWB_RUN_CHARTS (object);

  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_RUN_CHARTS);
  G_OBJECT_CLASS (cwb_run_charts_parent_class)->dispose (object);
}

static void
cwb_run_charts_class_init (CwbRunChartsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_run_charts_dispose;
  g_type_ensure (CWB_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-run-charts.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbRunCharts, loss_chart);
  gtk_widget_class_bind_template_child (widget_class, CwbRunCharts, cosine_chart);
  gtk_widget_class_bind_template_child (widget_class, CwbRunCharts, std_chart);
}

static void
cwb_run_charts_init (CwbRunCharts *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  make_charts (self);
}
