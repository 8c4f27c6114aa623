/* SPDX-License-Identifier: MIT */
#pragma once

#include "eval/cw-sides.h"

/* Protocols with their parameters: @protocols and @sets as in cw_evaluation_run(). */
gboolean _cw_evaluation_find_protocols (CwEvaluation *evaluation, const char *const *protocols,
                                        const char *const *sets, GError **error);
void     _cw_evaluation_clear_protocols (CwEvaluation *evaluation);
/* Whether every one of the protocols needs labels. */
gboolean _cw_evaluation_needs_labels (const CwEvaluation *evaluation);
gboolean _cw_evaluation_any_needs_labels (const CwEvaluation *evaluation);
/* (transfer full): rows with a label. */
CwFeatures *_cw_evaluation_select_labelled (const CwFeatures *features);
/* Share of the whole that embedding is; the rest is protocols. */
double   _cw_evaluation_embed_span (const CwEvaluation *evaluation);
/* Runs all on the features of @sides `[CW_N_CONTENDERS]`. */
gboolean _cw_evaluation_run_protocols (CwEvaluation *evaluation, const CwSides *sides,
                                       CwDataset *dataset, guint64 seed, CwJob *job, GError **error);
