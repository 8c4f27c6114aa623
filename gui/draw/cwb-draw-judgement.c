/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-judgement.h"

#include "draw/cwb-colour-map.h"
#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

#define FONT 12.0
#define MOST_OPAQUE 0.75
#define BAR_WIDTH 180.0

/* ---- bars ---- */

void
cwb_draw_bars (cairo_t *cr, double width, const CwbBar *bars, int n, const CwbPalette *palette)
{
  double names = 0, value = cwb_text_width (cr, "−0.00", FONT) + 8, low = 0, scale, zero;

  for (int i = 0; i < n; i++)
    {
      names = MAX (names, cwb_text_width (cr, bars[i].name, FONT));
      low = MIN (low, bars[i].value);
    }
  names = MIN (names + 10, width / 2);
  scale = (width - names - value) / (1 - low);
  zero = names - low * scale;
  for (int i = 0; i < n && scale > 0; i++)
    {
      double y = i * CWB_BAR_HEIGHT, end = zero + bars[i].value * scale;
      g_autofree char *text = g_strdup_printf ("%.2f", bars[i].value);

      cairo_save (cr);
      cairo_rectangle (cr, 0, y, names - 6, CWB_BAR_HEIGHT);
      cairo_clip (cr);
      cwb_draw_text (cr, bars[i].name, 0, y + CWB_BAR_HEIGHT / 2, CWB_ALIGN_LEFT, FONT, FALSE,
                     &palette->foreground);
      cairo_restore (cr);
      gdk_cairo_set_source_rgba (cr, &palette->series[bars[i].series]);
      cairo_rectangle (cr, MIN (zero, end), y + 4, fabs (end - zero), CWB_BAR_HEIGHT - 8);
      cairo_fill (cr);
      cwb_draw_text (cr, text, MAX (zero, end) + 6, y + CWB_BAR_HEIGHT / 2, CWB_ALIGN_LEFT, FONT,
                     FALSE, &palette->foreground);
    }
}

/* ---- sweep ---- */

/* (transfer full): ARGB32 of side x side. */
static cairo_surface_t *
make_heat (const float *values, int side, double low, double high)
{
  cairo_surface_t *heat = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, side, side);
  guint8 *data = cairo_image_surface_get_data (heat);
  int stride = cairo_image_surface_get_stride (heat);

  for (int i = 0; i < side * side; i++)
    {
      double t = high > low ? ((double) values[i] - low) / (high - low) : 0, opacity = MOST_OPAQUE * t;
      guint32 colour = cwb_colour_map_lookup (CWB_COLOUR_MAP_SEQUENTIAL, t);
      guint32 *out = (guint32 *) (gpointer) (data + (i / side) * stride) + i % side;

      *out = (guint32) (opacity * 255) << 24 | (guint32) (opacity * (colour >> 16 & 255)) << 16
             | (guint32) (opacity * (colour >> 8 & 255)) << 8
             | (guint32) (opacity * (colour & 255));
    }
  cairo_surface_mark_dirty (heat);
  return heat;
}

void
cwb_draw_sweep (cairo_t *cr, double width, double height, const CwbPlace *place, int w, int h,
                const float *values, int side)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  CwbColourScale scale = { .map = CWB_COLOUR_MAP_SEQUENTIAL, .unit = "" };
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE, bar = MIN (BAR_WIDTH, width - 16);
  cairo_surface_t *heat;

  for (int i = 0; i < side * side; i++)
    {
      low = MIN (low, (double) values[i]);
      high = MAX (high, (double) values[i]);
    }
  if (!(high - low > 1e-9))
    return;
  heat = make_heat (values, side, low, high);
  cairo_save (cr);
  cairo_translate (cr, place->x, place->y);
  cairo_rectangle (cr, 0, 0, w * place->scale, h * place->scale);
  cairo_clip (cr);
  cairo_scale (cr, w * place->scale / side, h * place->scale / side);
  cairo_set_source_surface (cr, heat, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (heat);
  if (bar < 80)
    return;
  scale.low = low;
  scale.high = high;
  scale.name = _ ("1 − similarity after a push");
  cwb_draw_panel (cr, 4, height - CWB_COLOUR_BAR_HEIGHT - 8, bar + 8, CWB_COLOUR_BAR_HEIGHT + 4);
  cwb_draw_colour_bar (cr, 8, height - CWB_COLOUR_BAR_HEIGHT - 6, bar, &scale, &white);
}
