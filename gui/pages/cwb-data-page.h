/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_DATA_PAGE (cwb_data_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbDataPage, cwb_data_page, CWB, DATA_PAGE, CwbPage)

G_END_DECLS
