/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-overlay.h"
#include "models/cwb-exploration.h"
#include "widgets/cwb-compare-view.h"
#include "widgets/cwb-field-view.h"

G_BEGIN_DECLS

#define CWB_TYPE_STAGE (cwb_stage_get_type ())
G_DECLARE_FINAL_TYPE (CwbStage, cwb_stage, CWB, STAGE, GtkWidget)

/**
 * CwbStage:
 *
 * The pictures of an exploration side by side, as many as the width allows in a row, all showing the same
 * part; beside them, if wanted, two of them in one place; below, if there is one, the exploration of other
 * settings, called A.
 */
GtkWidget      *cwb_stage_new (void);
/* @a: (nullable). References are kept. @difference: (transfer full) (nullable): of the two that are compared. */
void            cwb_stage_show (CwbStage *self, CwbExploration *exploration, CwbExploration *a,
                                CwbDifference *difference);
void            cwb_stage_set_overlay (CwbStage *self, CwbOverlay overlay);
void            cwb_stage_set_source_marks (CwbStage *self, gboolean show);
/* The positive beside the first warp negative; CWB_N_COMPARE_MODES = not. */
void            cwb_stage_set_compare (CwbStage *self, CwbCompareMode mode);
/* About the middle; 0 = show all. */
void            cwb_stage_zoom (CwbStage *self, double factor);
/* Of a card's picture, device px; 0 before there is any. */
int             cwb_stage_get_side (CwbStage *self);
/* (nullable): of picture @i. */
CwbFieldView   *cwb_stage_get_card (CwbStage *self, int i);
CwbCompareView *cwb_stage_get_compare (CwbStage *self);

G_END_DECLS
