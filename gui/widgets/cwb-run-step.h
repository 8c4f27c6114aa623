/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_RUN_STEP (cwb_run_step_get_type ())
G_DECLARE_FINAL_TYPE (CwbRunStep, cwb_run_step, CWB, RUN_STEP, GtkBox)

/**
 * CwbRunStep:
 *
 * Asks for a step of the session's run and a place in its batch. The action run-step.show opens the run's
 * data, unless they are open, puts its settings of views into the experiment, chooses the face that was there,
 * and then emits
 *
 *   ::shown (guint64 seed, guint epoch, int n_negatives)   what else the views of that step need
 */
GtkWidget *cwb_run_step_new (void);
void       cwb_run_step_set_session (CwbRunStep *self, CwbSession *session);

G_END_DECLS
