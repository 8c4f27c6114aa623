/* SPDX-License-Identifier: MIT */
#pragma once

#include "report/cw-comparison.h"

/* What the database of @run keeps, into the evaluations; a record that cannot be read is a note. */
gboolean _cw_comparison_read_evaluations (CwComparison *self, guint run, GError **error);
/* Once all are read: without scores that only an earlier step had. */
void     _cw_comparison_drop_empty (const CwComparison *self, CwComparedEvaluation *e);
void     _cw_compared_evaluation_free (gpointer data);
