/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-sheet.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CWB_TYPE_SHEET_VIEW (cwb_sheet_view_get_type ())
G_DECLARE_FINAL_TYPE (CwbSheetView, cwb_sheet_view, CWB, SHEET_VIEW, AdwBin)

/**
 * CwbSheetView:
 *
 * Makes sheets of a scene: what kind, how many, which parameters from where to where; shows them and writes
 * them to files. The action sheet.export asks for the file.
 */
GtkWidget      *cwb_sheet_view_new (void);
/* Takes @scene. */
void            cwb_sheet_view_take_scene (CwbSheetView *self, CwbScene *scene);
void            cwb_sheet_view_set_kind (CwbSheetView *self, CwbSheetKind kind);
const CwbSheet *cwb_sheet_view_get_sheet (CwbSheetView *self); /* (nullable), lent */
gboolean        cwb_sheet_view_get_busy (CwbSheetView *self);
/* What is shown, by the name's ending. */
gboolean        cwb_sheet_view_export (CwbSheetView *self, const char *path, GError **error);

G_END_DECLS
