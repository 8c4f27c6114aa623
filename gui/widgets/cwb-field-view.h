/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-draw-source.h"
#include "draw/cwb-overlay.h"
#include "models/cwb-exploration.h"
#include "widgets/cwb-picture-view.h"


G_BEGIN_DECLS

#define CWB_TYPE_FIELD_VIEW (cwb_field_view_get_type ())
G_DECLARE_FINAL_TYPE (CwbFieldView, cwb_field_view, CWB, FIELD_VIEW, CwbPictureView)

/**
 * CwbFieldView:
 *
 * A view of a face, and over it what is to be seen of its warp, or over the source what the views
 * were cut from. While the pointer is on it, the line below tells what is there.
 */
GtkWidget     *cwb_field_view_new (const char *title);
/* Picture @picture of @exploration, of which a reference is kept; what the pointer is on, and for picture 0, the
 * source, also what the views were cut from, is known from it. What was drawn becomes the tooltip, and
 * with a summary of the warp the accessible description. @detail: (nullable). What is the same as before is
 * not drawn anew. @reach: as of cwb_field_map_new(), for the scales of the overlays. */
void           cwb_field_view_show (CwbFieldView *self, CwbExploration *exploration, int picture,
                                    float reach, const char *title, const char *detail);
/* At first arrows; over the source CWB_OVERLAY_LANDMARKS shows them. */
void           cwb_field_view_set_overlay (CwbFieldView *self, CwbOverlay overlay);
/* (transfer full) for @map, (nullable): what cwb_overlay_make_map() made of @overlay and the field that is
 * shown, so that it need not be made here. Of no use where the overlay is another one by now. */
void           cwb_field_view_take_map (CwbFieldView *self, CwbOverlay overlay, CwbFieldMap *map);
CwbOverlay     cwb_field_view_get_overlay (CwbFieldView *self);
/* Of the source's view: outlines of the views, face box and landmarks; at first not. */
void           cwb_field_view_set_show_source_marks (CwbFieldView *self, gboolean show);
CwImage       *cwb_field_view_get_image (CwbFieldView *self); /* (nullable), lent */
const CwField *cwb_field_view_get_field (CwbFieldView *self); /* (nullable), lent */

G_END_DECLS
