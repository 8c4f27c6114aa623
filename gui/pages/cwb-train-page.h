/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-page.h"

G_BEGIN_DECLS

#define CWB_TYPE_TRAIN_PAGE (cwb_train_page_get_type ())
G_DECLARE_FINAL_TYPE (CwbTrainPage, cwb_train_page, CWB, TRAIN_PAGE, CwbPage)

/* Shows the run in @folder and makes its newest encoder the session's, in a while; it is not
 * trained. Not while a run of the session is under way. */
void cwb_train_page_open_run (CwbTrainPage *self, const char *folder);
/* The same at the start of the program, without an error where the folder is gone. */
void cwb_train_page_reopen_run (CwbTrainPage *self, const char *folder);

G_END_DECLS
