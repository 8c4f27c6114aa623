/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_N_SERIES_COLOURS 6
#define CWB_N_MARK_COLOURS 3

/**
 * CwbPalette:
 *
 * The colours that drawing functions use, so that they need neither a widget nor a display. Series
 * colours can be told apart by most colour-blind people; lines differ by dashes too.
 */
typedef struct
{
  GdkRGBA foreground, dim, grid, background;
  GdkRGBA series[CWB_N_SERIES_COLOURS];
  /* Over pictures and on cwb_draw_panel(), the same in both schemes. */
  GdkRGBA arrow, arrow_edge, muted, on_panel;
  GdkRGBA mark[CWB_N_MARK_COLOURS]; /* anchor, positive, negatives */
} CwbPalette;

void cwb_palette_init (CwbPalette *palette, gboolean dark);
/* As the widget is shown now. */
void cwb_palette_from_widget (CwbPalette *palette, GtkWidget *widget);

G_END_DECLS
