/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CWB_N_SERIES_COLOURS 6

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
  GdkRGBA arrow, arrow_edge; /* over pictures, the same in both schemes */
} CwbPalette;

void cwb_palette_init (CwbPalette *palette, gboolean dark);
/* As the widget is shown now. */
void cwb_palette_from_widget (CwbPalette *palette, GtkWidget *widget);

G_END_DECLS
