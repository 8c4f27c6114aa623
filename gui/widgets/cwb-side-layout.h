/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_SIDE_LAYOUT (cwb_side_layout_get_type ())
G_DECLARE_FINAL_TYPE (CwbSideLayout, cwb_side_layout, CWB, SIDE_LAYOUT, GtkLayoutManager)

/**
 * CwbSideLayout:
 *
 * Two children, contents and controls: the controls beside the contents, or below them where the
 * width does not allow for both. In a scrolled window the contents stay in sight while the controls
 * beside them are scrolled.
 */

G_END_DECLS
