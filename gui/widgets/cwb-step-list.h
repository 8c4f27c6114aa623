/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_STEP_LIST (cwb_step_list_get_type ())
G_DECLARE_FINAL_TYPE (CwbStepList, cwb_step_list, CWB, STEP_LIST, GtkWidget)

/**
 * CwbStepList:
 *
 * The pipeline of global transforms: a chooser of the pipelines that come with the program, a CwbStepRow
 * for each step, a menu to add one. Edits in place; ::edited (label, key) after each edit: what was done,
 * for people, and (nullable) what was edited. Steps that are expanded stay so.
 */
GtkWidget *cwb_step_list_new (void);
/* @views must outlive the list or be replaced; NULL = nothing. To be called anew when anything but the
 * list has changed the pipeline. */
void       cwb_step_list_set_views (CwbStepList *self, CwViews *views);
void       cwb_step_list_set_remarks (CwbStepList *self, const GPtrArray *remarks);

G_END_DECLS
