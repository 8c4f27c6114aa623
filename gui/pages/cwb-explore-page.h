/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_EXPLORE_PAGE (cwb_explore_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbExplorePage, cwb_explore_page, CWB, EXPLORE_PAGE, CwbPage)

G_END_DECLS
