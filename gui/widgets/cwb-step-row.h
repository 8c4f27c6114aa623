/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_STEP_ROW (cwb_step_row_get_type ())
G_DECLARE_FINAL_TYPE (CwbStepRow, cwb_step_row, CWB, STEP_ROW, AdwExpanderRow)

/**
 * CwbStepRow:
 *
 * One step of a pipeline: a handle to drag it by, a switch, a menu, and below it, made when it is first
 * expanded, the fields of its parameters. It changes the step's own values in place; what concerns the
 * whole pipeline it asks for:
 *
 *   ::edited (label, key)   a value was changed; for people, and "view.crop.scale-min"
 *   ::command (what)        "up", "down", "duplicate", "reset" or "remove" was chosen
 *   ::dropped (other)       another CwbStepRow was dropped on this one
 *   ::menu (button)         the menu of the commands is to be shown at this button
 *
 * The commands are the actions `step.*`. While the header has the focus, Alt or Ctrl with Up and Down move
 * the step and Delete removes it.
 */
/* @pipeline must outlive the row unchanged, but for values. */
GtkWidget  *cwb_step_row_new (CwPipeline *pipeline, int index);
const char *cwb_step_row_get_step (CwbStepRow *self); /* its name */
/* Those that are about this step (CwExperimentRemark) are shown beside their fields and at the header. */
void        cwb_step_row_set_remarks (CwbStepRow *self, const GPtrArray *remarks);
/* The header's. */
void        cwb_step_row_focus (CwbStepRow *self);

G_END_DECLS
