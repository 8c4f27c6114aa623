/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_RUN_FORM (cwb_run_form_get_type ())
G_DECLARE_FINAL_TYPE (CwbRunForm, cwb_run_form, CWB, RUN_FORM, AdwBin)

/**
 * CwbRunForm:
 *
 * What the next run will be: preset, data, which part of them, seed, and every setting of the session's
 * experiment. Its buttons are those of the actions train.start and train.open.
 */
void cwb_run_form_set_session (CwbRunForm *self, CwbSession *session);
/* Makes the session's settings those of @experiment; says so in a toast, as @said, that can undo it. */
void cwb_run_form_replace_settings (CwbRunForm *self, const CwExperiment *experiment,
                                    const char *said);

G_END_DECLS
