/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_BROWSE_PAGE (cwb_browse_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbBrowsePage, cwb_browse_page, CWB, BROWSE_PAGE, CwbPage)

G_END_DECLS
