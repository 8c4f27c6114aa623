/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_WARP_LIST (cwb_warp_list_get_type ())
G_DECLARE_FINAL_TYPE (CwbWarpList, cwb_warp_list, CWB, WARP_LIST, GtkWidget)

/**
 * CwbWarpList:
 *
 * The warp of an experiment: a chooser of the family with its description, the family's parameters, then
 * what all families share. Edits in place; ::edited (label, key) as of CwbStepList.
 */
GtkWidget *cwb_warp_list_new (void);
/* @recipe must outlive the list or be replaced; NULL = nothing. To be called anew when anything but the
 * list has changed the warp. */
void       cwb_warp_list_set_recipe (CwbWarpList *self, CwRecipe *recipe);
void       cwb_warp_list_set_remarks (CwbWarpList *self, const GPtrArray *remarks);

G_END_DECLS
