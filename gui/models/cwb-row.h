/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_ROW (cwb_row_get_type ())
G_DECLARE_FINAL_TYPE (CwbRow, cwb_row, CWB, ROW, GObject)

/**
 * CwbRow:
 *
 * A line of a plain list: a title, something about it, a number for whoever made it. Immutable.
 */
CwbRow     *cwb_row_new (const char *title, const char *detail, guint value);
const char *cwb_row_get_title (CwbRow *self);
const char *cwb_row_get_detail (CwbRow *self);
guint       cwb_row_get_value (CwbRow *self);

typedef enum
{
  CWB_ROW_BESIDE, /* the detail at the end of the line */
  CWB_ROW_BELOW,  /* under the title */
} CwbRowStyle;

/* (transfer full): for a list view of CwbRow. Rows have one height: long texts are cut, and shown
 * whole in a tooltip. */
GtkListItemFactory *cwb_row_factory_new (CwbRowStyle style);

G_END_DECLS
