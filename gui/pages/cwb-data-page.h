/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_DATA_PAGE (cwb_data_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbDataPage, cwb_data_page, CWB, DATA_PAGE, CwbPage)

/**
 * CwbDataPage:
 *
 * The faces of the dataset in a grid, filtered by class and part, and what the reader understood and
 * refused. Choosing a face sets the session's "selected"; opening it goes to the Explore page.
 *
 * Actions: data.show-all; data.show-class (i: index of the class, -1 = without);
 * data.explore (u: index of the item).
 */

/* "empty", "loading", "error" or "faces". */
const char *cwb_data_page_get_state (CwbDataPage *self);
/* (nullable): what the grid shows; a model of CwbItem. */
GListModel *cwb_data_page_get_items (CwbDataPage *self);

G_END_DECLS
