/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-chart.h"

#include <contrawarp.h>

G_BEGIN_DECLS

/* Curves of several runs in one chart. A curve has at most as many points: each the mean over as many steps as
 * that takes, so that noise of single steps does not hide one run behind another. */
#define CWB_CURVES_POINTS 200

guint       cwb_curves_get_n_measures (void);
const char *cwb_curves_get_measure (guint measure); /* for people: "Loss" */

/**
 * cwb_curves_add:
 * @chart: gets one series more, with @name
 * @records: (element-type CwStepRecord): of a run, in order
 *
 * Returns: whether the run has any such figure
 */
gboolean    cwb_curves_add (CwbChartModel *chart, const GArray *records, guint measure,
                            const char *name);

G_END_DECLS
