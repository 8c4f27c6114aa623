/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_BROWSE_PAGE (cwb_browse_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbBrowsePage, cwb_browse_page, CWB, BROWSE_PAGE, CwbPage)

/* Shows the neighbours of a picture from a file; where it cannot be read, why not. Of use once
 * there are vectors. */
void cwb_browse_page_query_file (CwbBrowsePage *self, const char *path);

G_END_DECLS
