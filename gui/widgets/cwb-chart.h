/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-chart.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_CHART (cwb_chart_get_type ())
G_DECLARE_FINAL_TYPE (CwbChart, cwb_chart, CWB, CHART, GtkWidget)

/**
 * CwbChart:
 *
 * Shows a CwbChartModel. The pointer, or Left and Right while focused, move a cursor whose values
 * stand in the legend; Home and End go to the ends, Escape hides it. Its x is the property "cursor", NaN where it
 * is hidden: charts of one x axis share it.
 */
GtkWidget     *cwb_chart_new (void);
/* Takes @model. */
void           cwb_chart_take_model (CwbChart *self, CwbChartModel *model);
CwbChartModel *cwb_chart_get_model (CwbChart *self);
/* After points were appended or removed. */
void           cwb_chart_changed (CwbChart *self);

G_END_DECLS
