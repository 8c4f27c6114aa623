/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-text.h"

#include <math.h>
#include <pango/pangocairo.h>

static PangoLayout *
make_layout (cairo_t *cr, const char *text, double size, gboolean bold)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Sans");

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (font);
  return layout;
}

double
cwb_draw_text (cairo_t *cr, const char *text, double x, double y, CwbAlign align, double size,
               gboolean bold, const GdkRGBA *colour)
{
  PangoLayout *layout = make_layout (cr, text, size, bold);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gdk_cairo_set_source_rgba (cr, colour);
  if (align == CWB_ALIGN_CENTRE)
    x -= width / 2.0;
  else if (align == CWB_ALIGN_RIGHT)
    x -= width;
  cairo_move_to (cr, x, y - height / 2.0);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
  return width;
}

double
cwb_text_width (cairo_t *cr, const char *text, double size)
{
  PangoLayout *layout = make_layout (cr, text, size, FALSE);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  g_object_unref (layout);
  return width;
}

void
cwb_draw_panel (cairo_t *cr, double x, double y, double width, double height)
{
  cairo_set_source_rgba (cr, 0, 0, 0, 0.68);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
}

double
cwb_nice_step (double range, int n)
{
  double raw = range / n, power = pow (10, floor (log10 (raw))), rest = raw / power;

  return power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
}
