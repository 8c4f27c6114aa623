/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_CURVES_VIEW (cwb_curves_view_get_type ())
G_DECLARE_FINAL_TYPE (CwbCurvesView, cwb_curves_view, CWB, CURVES_VIEW, AdwBin)

/**
 * CwbCurvesView:
 *
 * One measure of the steps of several runs over one another, a colour for each condition and a dash for each of its
 * runs; of more conditions than there are colours, a dash for every so many. What the runs recorded is read in the
 * background, and once.
 */

/* @comparison: (nullable): whose runs; lent for the call. NULL hides the view. */
void     cwb_curves_view_set (CwbCurvesView *self, const CwComparison *comparison);
gboolean cwb_curves_view_get_busy (CwbCurvesView *self);

G_END_DECLS
