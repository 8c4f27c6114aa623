/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_RUN_CHARTS (cwb_run_charts_get_type ())
G_DECLARE_FINAL_TYPE (CwbRunCharts, cwb_run_charts, CWB, RUN_CHARTS, AdwBin)

/**
 * CwbRunCharts:
 *
 * The steps of one run: its losses, the similarities to the anchor, the spread of the faces. They share a cursor.
 */
/* @run: (nullable) */
void  cwb_run_charts_set_run (CwbRunCharts *self, CwRun *run);
/* After the run went on. */
void  cwb_run_charts_update (CwbRunCharts *self);
/* How many steps are in the charts. */
guint cwb_run_charts_get_n_steps (CwbRunCharts *self);

G_END_DECLS
