/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-frozen.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_DRAWN_LIST (cwb_drawn_list_get_type ())
G_DECLARE_FINAL_TYPE (CwbDrawnList, cwb_drawn_list, CWB, DRAWN_LIST, GtkWidget)

/**
 * CwbDrawnList:
 *
 * Every value that was drawn for one view, a row each. A value that is edited, or whose lock is closed, is
 * held from then on; ::changed says that what is held has changed.
 */
GtkWidget *cwb_drawn_list_new (void);
/* @frozen is lent and edited; it outlives the list or is replaced. */
void       cwb_drawn_list_set_frozen (CwbDrawnList *self, CwbFrozen *frozen);
/* Shows what @draw has for @view: the rows stay where the same values are drawn. */
void       cwb_drawn_list_show (CwbDrawnList *self, const CwViews *views, int view,
                                const CwViewDraw *draw);

G_END_DECLS
