/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_RUNS_VIEW (cwb_runs_view_get_type ())
G_DECLARE_FINAL_TYPE (CwbRunsView, cwb_runs_view, CWB, RUNS_VIEW, AdwBin)

/**
 * CwbRunsView:
 *
 * Runs to choose from, and those chosen side by side: what differs between their experiments, and the
 * evaluations they keep, with means over seeds. Actions: runs.add asks for folders of other runs, runs.copy puts
 * the tables onto the clipboard, runs.select-all and runs.select-none choose what the search leaves.
 *
 * ::run-opened (const char *folder): the user wants to have this run open.
 */

/**
 * cwb_runs_view_new:
 * @folder: whose runs are listed
 * @chosen: (nullable): a run that is chosen to begin with, there or elsewhere
 */
GtkWidget          *cwb_runs_view_new (const char *folder, const char *chosen);
/* Puts another run into the list, or those that are in @folder, and chooses them. They are there the next time, too. */
void                cwb_runs_view_add (CwbRunsView *self, const char *folder);
/* Whether or not the list has it yet. */
void                cwb_runs_view_choose (CwbRunsView *self, const char *folder, gboolean chosen);
/* Looks again for runs and for what they keep; so does the window when one comes back to it. */
void                cwb_runs_view_reload (CwbRunsView *self);
gboolean            cwb_runs_view_get_busy (CwbRunsView *self);
/* (nullable), lent: what is shown. */
const CwComparison *cwb_runs_view_get_comparison (CwbRunsView *self);

G_END_DECLS
