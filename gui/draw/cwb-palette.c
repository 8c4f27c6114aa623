/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-palette.h"

#include <adwaita.h>

static const char *const light_series[CWB_N_SERIES_COLOURS]
    = { "#1c71d8", "#c64600", "#7d3ca6", "#1b8553", "#865e3c", "#5e5c64" };
static const char *const dark_series[CWB_N_SERIES_COLOURS]
    = { "#78aeed", "#ffa348", "#dc8add", "#57e389", "#cdab8f", "#c0bfbc" };
/* Three of Okabe and Ito's colours for all kinds of colour vision. */
static const char *const marks[CWB_N_MARK_COLOURS] = { "#56b4e9", "#e69f00", "#cc79a7" };

void
cwb_palette_init (CwbPalette *palette, gboolean dark)
{
  gdk_rgba_parse (&palette->foreground, dark ? "#ffffff" : "rgba(0,0,0,0.8)");
  gdk_rgba_parse (&palette->dim, dark ? "rgba(255,255,255,0.65)" : "rgba(0,0,0,0.6)");
  gdk_rgba_parse (&palette->grid, dark ? "rgba(255,255,255,0.14)" : "rgba(0,0,0,0.12)");
  gdk_rgba_parse (&palette->background, dark ? "#1e1e1e" : "#ffffff");
  gdk_rgba_parse (&palette->arrow, "#ffd54a");
  gdk_rgba_parse (&palette->arrow_edge, "rgba(0,0,0,0.55)");
  gdk_rgba_parse (&palette->muted, "#d9d9d9");
  gdk_rgba_parse (&palette->on_panel, "#ffffff");
  for (int i = 0; i < CWB_N_MARK_COLOURS; i++)
    gdk_rgba_parse (&palette->mark[i], marks[i]);
  for (int i = 0; i < CWB_N_SERIES_COLOURS; i++)
    gdk_rgba_parse (&palette->series[i], dark ? dark_series[i] : light_series[i]);
}

void
cwb_palette_from_widget (CwbPalette *palette, GtkWidget *widget)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  cwb_palette_init (palette, adw_style_manager_get_dark (adw_style_manager_get_default ()));
  gtk_style_context_get_color (context, &palette->foreground);
}
