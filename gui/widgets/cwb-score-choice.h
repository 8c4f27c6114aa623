/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_SCORE_CHOICE (cwb_score_choice_get_type ())
G_DECLARE_FINAL_TYPE (CwbScoreChoice, cwb_score_choice, CWB, SCORE_CHOICE, AdwBin)

/**
 * CwbScoreChoice:
 *
 * A button "Scores", below which each score of a comparison can be ticked. Where there are many, those that say the
 * most are shown until somebody chooses. What was chosen stays so for other comparisons.
 *
 * ::changed: other scores are to be seen.
 */

/* @comparison: (nullable): of whose scores there is a choice; lent for the call. Does not emit ::changed. */
void     cwb_score_choice_set (CwbScoreChoice *self, const CwComparison *comparison);
gboolean cwb_score_choice_shows (CwbScoreChoice *self, const CwComparedScore *score);

G_END_DECLS
