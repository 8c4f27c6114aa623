/* SPDX-License-Identifier: MIT */
#pragma once

#include "draw/cwb-viewport.h"

#include <contrawarp.h>

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_FIELD_VIEW (cwb_field_view_get_type ())
G_DECLARE_FINAL_TYPE (CwbFieldView, cwb_field_view, CWB, FIELD_VIEW, GtkWidget)

/**
 * CwbFieldView:
 *
 * A square view of a face, with a title and a line about it below; over it, if there is one and it is
 * wanted, the warp field as arrows. Ctrl and the wheel zoom about the pointer, dragging moves what is zoomed, a
 * double click shows all of it again: the view then emits ::viewport-changed, for others to show the same
 * part.
 */
GtkWidget     *cwb_field_view_new (const char *title);
/* @image: (nullable); @field: (nullable) (transfer full); @detail: (nullable). */
void           cwb_field_view_set (CwbFieldView *self, CwImage *image, CwField *field,
                                   const char *detail);
void           cwb_field_view_set_show_field (CwbFieldView *self, gboolean show);
void           cwb_field_view_set_viewport (CwbFieldView *self, const CwbViewport *viewport);
void           cwb_field_view_get_viewport (CwbFieldView *self, CwbViewport *viewport);
CwImage       *cwb_field_view_get_image (CwbFieldView *self); /* (nullable), lent */
const CwField *cwb_field_view_get_field (CwbFieldView *self); /* (nullable), lent */

G_END_DECLS
