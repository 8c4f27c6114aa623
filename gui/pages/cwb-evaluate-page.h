/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_EVALUATE_PAGE (cwb_evaluate_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbEvaluatePage, cwb_evaluate_page, CWB, EVALUATE_PAGE, CwbPage)

/* Reads the model in the background, then gives it to the session, or reports why it cannot be read. */
void cwb_evaluate_page_open_model (CwbEvaluatePage *self, const char *path);

G_END_DECLS
