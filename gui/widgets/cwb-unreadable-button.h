/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_UNREADABLE_BUTTON (cwb_unreadable_button_get_type ())
G_DECLARE_FINAL_TYPE (CwbUnreadableButton, cwb_unreadable_button, CWB, UNREADABLE_BUTTON, AdwBin)

/**
 * CwbUnreadableButton:
 *
 * How many pictures of a run could not be read; pressed, which and why. Not visible while there are none.
 */
/* @run: (nullable) */
void cwb_unreadable_button_set_run (CwbUnreadableButton *self, CwRun *run);
/* After the run went on. */
void cwb_unreadable_button_update (CwbUnreadableButton *self);

G_END_DECLS
