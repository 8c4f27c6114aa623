/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_EVALUATE_PAGE (cwb_evaluate_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbEvaluatePage, cwb_evaluate_page, CWB, EVALUATE_PAGE, CwbPage)

G_END_DECLS
