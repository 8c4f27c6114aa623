/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-palette.h"

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

#define CWB_N_DASHES 4

/* One line of a chart. NaN in y is a gap. x rises. */
typedef struct
{
  char *name;
  GArray *x, *y;      /* double */
  guint colour, dash; /* numbers, counted round */
} CwbSeries;

/**
 * CwbChartModel:
 *
 * Lines over a common x axis. Points are only ever appended; drawing costs the width of the chart,
 * whatever their number is.
 */
typedef struct
{
  char *title, *x_label;
  GPtrArray *series; /* CwbSeries */
} CwbChartModel;

CwbChartModel *cwb_chart_model_new (const char *title, const char *x_label);
void           cwb_chart_model_free (CwbChartModel *model);
/* Returns the number of the series. */
guint          cwb_chart_model_add_series (CwbChartModel *model, const char *name);
void           cwb_chart_model_set_name (CwbChartModel *model, guint series, const char *name);
/* Instead of the one of its place: lines that belong together have one colour and dashes of their own. */
void           cwb_chart_model_set_look (CwbChartModel *model, guint series, guint colour,
                                         guint dash);
void           cwb_chart_model_append (CwbChartModel *model, guint series, double x, double y);
void           cwb_chart_model_clear (CwbChartModel *model); /* points, not series */
guint          cwb_chart_model_get_n_points (const CwbChartModel *model);
/* (transfer full): "Loss: 120 points, last loss 0.31", for people who do not see it. */
char          *cwb_chart_model_describe (const CwbChartModel *model);

/* Where the data is on the surface. */
typedef struct
{
  double x0, x1, y0, y1;           /* data at the plot's borders */
  double left, top, width, height; /* plot, px */
  double y_step;                   /* between two labels of the y axis */
} CwbChartFrame;

/**
 * cwb_draw_chart:
 * @cursor: x of a marker with the values there; NaN = none
 * @frame: (out) (nullable)
 *
 * Draws title, axes, lines and legend into 0,0..width,height. A series without a value is not in
 * the legend; those of one name are one entry, with their mean. Needs no display.
 */
void cwb_draw_chart (cairo_t *cr, double width, double height, const CwbChartModel *model,
                     double cursor, const CwbPalette *palette, CwbChartFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwbChartModel, cwb_chart_model_free)

G_END_DECLS
