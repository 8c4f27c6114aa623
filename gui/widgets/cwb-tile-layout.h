/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_TYPE_TILE_LAYOUT (cwb_tile_layout_get_type ())
G_DECLARE_FINAL_TYPE (CwbTileLayout, cwb_tile_layout, CWB, TILE_LAYOUT, GtkLayoutManager)

/**
 * CwbTileLayout:
 *
 * Children of one width side by side, as many as find room, then the next row: two at least, so that
 * a narrow window still compares.
 */
GtkLayoutManager *cwb_tile_layout_new (void);

G_END_DECLS
