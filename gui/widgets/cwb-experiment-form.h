/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_EXPERIMENT_FORM (cwb_experiment_form_get_type ())
G_DECLARE_FINAL_TYPE (CwbExperimentForm, cwb_experiment_form, CWB, EXPERIMENT_FORM, GtkWidget)

/**
 * CwbExperimentForm:
 *
 * Rows for every key of an experiment, one expander per section, made from the parameter tables. Where a
 * section has a `type`, its first row chooses the operation. ::changed after each edit.
 */
GtkWidget *cwb_experiment_form_new (void);
/* Edits @experiment in place; it must outlive the form or be replaced. NULL = nothing. */
void       cwb_experiment_form_set_experiment (CwbExperimentForm *self, CwExperiment *experiment);

G_END_DECLS
