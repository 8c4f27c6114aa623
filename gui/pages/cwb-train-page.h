/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_TRAIN_PAGE (cwb_train_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbTrainPage, cwb_train_page, CWB, TRAIN_PAGE, CwbPage)

G_END_DECLS
