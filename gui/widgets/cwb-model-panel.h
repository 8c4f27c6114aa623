/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-session.h"
#include "models/cwb-exploration.h"
#include "models/cwb-judgement.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_MODEL_PANEL (cwb_model_panel_get_type ())
G_DECLARE_FINAL_TYPE (CwbModelPanel, cwb_model_panel, CWB, MODEL_PANEL, AdwBin)

/**
 * CwbModelPanel:
 *
 * How the session's model judges the views of a face: similarities to the anchor as bars, similarity against
 * the strength of the warp, which part of the face matters, and the neighbours of the face and of its
 * first warp negative. What takes long begins once nothing has changed for a moment, and only while
 * the panel is on screen; of a run that goes on, its newest encoder every few seconds. Neighbours are found by the
 * encoder that embedded the faces, which is named where it is another.
 */
GtkWidget *cwb_model_panel_new (void);
void       cwb_model_panel_set_session (CwbModelPanel *self, CwbSession *session);
/* @exploration: lent for the call. @scene: (transfer full): the one it was rendered from. */
void       cwb_model_panel_show (CwbModelPanel *self, const CwbExploration *exploration,
                                 CwbScene *scene);
/* (nullable), lent: of the scene that is shown, once it is there. */
const CwbJudgement *cwb_model_panel_get_judgement (CwbModelPanel *self);

G_END_DECLS
