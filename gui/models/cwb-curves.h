/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-chart.h"

#include <contrawarp.h>

G_BEGIN_DECLS

/* Curves of runs for one chart. A curve has at most as many points: each the mean over as many steps as that
 * takes, so that the noise of single steps does not hide one run behind another. */
#define CWB_CURVES_POINTS 200

guint       cwb_curves_get_n_measures (void);
const char *cwb_curves_get_measure (guint measure); /* for people: "Loss" */

/* (transfer full) (element-type CwStepRecord): the points of @records (of the same type, in order): with the
 * last step of each and the means of the measures; NaN where there is none. */
GArray     *cwb_curves_reduce (const GArray *records);
/* Appends @measure of @points to a series of @chart. */
void        cwb_curves_append (CwbChartModel *chart, guint series, const GArray *points, guint measure);

G_END_DECLS
