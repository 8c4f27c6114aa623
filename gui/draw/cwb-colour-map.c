/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-colour-map.h"

#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN 10.0
#define BAR_TOP 15.0
#define BAR_HEIGHT 8.0
#define FONT_SIZE 10.0

typedef struct
{
  int n;
  guint32 colours[11];
} ControlPoints;

/* The first is matplotlib's viridis in steps of an eighth, the second ColorBrewer's RdBu turned round.
 * Of the third neighbours differ in hue and lightness, opposites in both. */
static const ControlPoints control_points[CWB_N_COLOUR_MAPS] = {
  [CWB_COLOUR_MAP_SEQUENTIAL] = { 9,
                                  { 0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80,
                                    0x5ec962, 0xaddc30, 0xfde725 } },
  [CWB_COLOUR_MAP_DIVERGING] = { 11,
                                 { 0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7,
                                   0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f } },
  [CWB_COLOUR_MAP_CYCLIC] = { 5, { 0xe255e6, 0xf9dc3c, 0x2e9b3f, 0x3848e0, 0xe255e6 } },
};

static guint32
mix (guint32 a, guint32 b, double t)
{
  guint32 mixed = 0xff;

  for (int shift = 16; shift >= 0; shift -= 8)
    {
      double from = a >> shift & 0xff, to = b >> shift & 0xff;

      mixed = mixed << 8 | (guint32) (from + t * (to - from) + 0.5);
    }
  return mixed;
}

static void
fill_table (const ControlPoints *points, guint32 *table)
{
  for (int i = 0; i < CWB_COLOUR_MAP_SIZE; i++)
    {
      double at = (double) i * (points->n - 1) / (CWB_COLOUR_MAP_SIZE - 1);
      int k = MIN ((int) at, points->n - 2);

      table[i] = mix (points->colours[k], points->colours[k + 1], at - k);
    }
}

const guint32 *
cwb_colour_map_get_table (CwbColourMap map)
{
  static guint32 tables[CWB_N_COLOUR_MAPS][CWB_COLOUR_MAP_SIZE];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      for (int i = 0; i < CWB_N_COLOUR_MAPS; i++)
        fill_table (&control_points[i], tables[i]);
      g_once_init_leave (&ready, 1);
    }
  return tables[map];
}

guint32
cwb_colour_map_lookup (CwbColourMap map, double t)
{
  /* Written so that NaN becomes 0. */
  t = t > 0 ? MIN (t, 1) : 0;
  return cwb_colour_map_get_table (map)[(int) (t * (CWB_COLOUR_MAP_SIZE - 1) + 0.5)];
}

/* ---- bar ---- */

double
cwb_colour_bar_place (double x, double width, const CwbColourScale *scale, double value)
{
  return x + MARGIN + (value - scale->low) / (scale->high - scale->low) * (width - 2 * MARGIN);
}

static void
draw_colours (cairo_t *cr, double x, double y, double width, CwbColourMap map)
{
  cairo_surface_t *row = cairo_image_surface_create (CAIRO_FORMAT_RGB24, CWB_COLOUR_MAP_SIZE, 1);

  memcpy (cairo_image_surface_get_data (row), cwb_colour_map_get_table (map),
          CWB_COLOUR_MAP_SIZE * sizeof (guint32));
  cairo_surface_mark_dirty (row);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, width / CWB_COLOUR_MAP_SIZE, BAR_HEIGHT);
  cairo_set_source_surface (cr, row, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle (cr, 0, 0, CWB_COLOUR_MAP_SIZE, 1);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (row);
}

static void
draw_tick (cairo_t *cr, double x, double y, const char *text, const GdkRGBA *ink)
{
  gdk_cairo_set_source_rgba (cr, ink);
  cairo_rectangle (cr, floor (x), y, 1, 3);
  cairo_fill (cr);
  cwb_draw_text (cr, text, x, y + 9, CWB_ALIGN_CENTRE, FONT_SIZE, FALSE, ink);
}

static void
draw_ticks (cairo_t *cr, double x, double y, double width, const CwbColourScale *scale,
            const GdkRGBA *ink)
{
  double range = scale->high - scale->low;
  double step = cwb_nice_step (range, MAX (2, (int) (width / 45))), tiny = 1e-9 * range;

  for (double value = ceil (scale->low / step - 1e-9) * step; value <= scale->high + tiny;
       value += step)
    {
      gboolean first = value < scale->low + tiny, last = value > scale->high - tiny;
      char text[32];

      g_snprintf (text, sizeof text, "%s%.4g", !scale->open ? "" : first ? "≤" : last ? "≥" : "",
                  fabs (value) < tiny ? 0.0 : value);
      draw_tick (cr, cwb_colour_bar_place (x, width, scale, value), y, text, ink);
    }
}

void
cwb_draw_colour_bar (cairo_t *cr, double x, double y, double width, const CwbColourScale *scale,
                     const GdkRGBA *ink)
{
  g_autofree char *title = NULL;

  /* Translators: over a colour bar: the quantity and its unit */
  title = *scale->unit != '\0' ? g_strdup_printf (_ ("%s (%s)"), scale->name, scale->unit)
                               : g_strdup (scale->name);
  cwb_draw_text (cr, title, x + MARGIN, y + 7, CWB_ALIGN_LEFT, FONT_SIZE, FALSE, ink);
  draw_colours (cr, x + MARGIN, y + BAR_TOP, width - 2 * MARGIN, scale->map);
  draw_ticks (cr, x, y + BAR_TOP + BAR_HEIGHT, width, scale, ink);
}
