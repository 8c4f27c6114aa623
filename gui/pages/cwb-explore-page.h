/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

#include "models/cwb-exploration.h"

G_BEGIN_DECLS

#define CWB_TYPE_EXPLORE_PAGE (cwb_explore_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbExplorePage, cwb_explore_page, CWB, EXPLORE_PAGE, CwbPage)

/**
 * CwbExplorePage:
 *
 * The session's face as a training sees it: source, anchor, positives and warp negatives with their
 * fields; beside them what makes the views, what was drawn for them, and what a model says of them. The
 * help overlay lists the keys; single ones count wherever the focus is, as long as the page is on screen.
 */

/* "empty", "error" or "views". */
const char           *cwb_explore_page_get_state (CwbExplorePage *self);
/* (nullable), lent: what is shown; NULL while the first is being made. */
const CwbExploration *cwb_explore_page_get_exploration (CwbExplorePage *self);
/* Whether the exploration is older than what was asked for, or a face to paint on is on its way. */
gboolean              cwb_explore_page_get_busy (CwbExplorePage *self);
guint64               cwb_explore_page_get_seed (CwbExplorePage *self);

G_END_DECLS
