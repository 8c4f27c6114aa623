/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-field.h"

#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* Of an arrow, units of the canvas. */
#define LONGEST_HEAD 9.0

static cairo_surface_t *
surface_from_image (const CwImage *image)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, image->w, image->h);
  guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  for (int y = 0; y < image->h; y++)
    {
      const guint8 *from = image->data + (gsize) y * (gsize) image->w * (gsize) image->c;
      guint32 *to = (guint32 *) (gpointer) (data + (gsize) y * (gsize) stride);

      for (int x = 0; x < image->w; x++, from += image->c)
        to[x] = (guint32) from[0] << 16 | (guint32) from[image->c == 3 ? 1 : 0] << 8
                | (guint32) from[image->c == 3 ? 2 : 0];
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}

void
cwb_draw_picture (cairo_t *cr, const CwbPlace *place, const CwImage *image)
{
  cairo_surface_t *surface = surface_from_image (image);

  cairo_save (cr);
  cairo_translate (cr, place->x, place->y);
  cairo_scale (cr, place->scale, place->scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            place->scale > 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  /* Half a border pixel would otherwise be blended with nothing. */
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_rectangle (cr, 0, 0, image->w, image->h);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
}

/* The outline of a shaft of twice @half the width and a head of a third of the length: far less for Cairo to do
 * than strokes with joins and ends. */
static void
add_arrow (cairo_t *cr, double x, double y, double dx, double dy, double half)
{
  double length = hypot (dx, dy), u = dx / length, v = dy / length;
  double head = MIN (length / 3, LONGEST_HEAD), wide = 0.58 * head + half;
  double tip = length + 1.5 * half, base = length - head, back = base - half;

  cairo_move_to (cr, x - half * (u + v), y - half * (v - u));
  cairo_line_to (cr, x + base * u - half * v, y + base * v + half * u);
  cairo_line_to (cr, x + back * u - wide * v, y + back * v + wide * u);
  cairo_line_to (cr, x + tip * u, y + tip * v);
  cairo_line_to (cr, x + back * u + wide * v, y + back * v - wide * u);
  cairo_line_to (cr, x + base * u + half * v, y + base * v - half * u);
  cairo_line_to (cr, x - half * (u - v), y - half * (v + u));
  cairo_close_path (cr);
}

/* Half a pen's width: of arrows, first the dark rim, then the light line. */
static double
set_pen (cairo_t *cr, gboolean rim, const CwbPalette *palette)
{
  gdk_cairo_set_source_rgba (cr, rim ? &palette->arrow_edge : &palette->arrow);
  return rim ? 1.6 : 0.8;
}

/* A bar of 1, 2, 5 ... field pixels that is 20 to 60 units long. */
static void
draw_legend (cairo_t *cr, double x, double y, double scale, const CwbPalette *palette)
{
  double length = 1;
  g_autofree char *text = NULL;

  for (int i = 0; length * scale < 20; i++)
    length *= i % 3 == 1 ? 2.5 : 2;
  text = g_strdup_printf (_ ("%g px"), length);
  cwb_draw_panel (cr, x, y - 18, length * scale + cwb_text_width (cr, text, 10) + 18, 18);
  for (int light = 0; light < 2; light++)
    {
      add_arrow (cr, x + 5, y - 9, length * scale, 0, set_pen (cr, !light, palette));
      cairo_fill (cr);
    }
  cwb_draw_text (cr, text, x + length * scale + 12, y - 9, CWB_ALIGN_LEFT, 10, FALSE,
                 &palette->on_panel);
}

/* The arrows that end in the part of the field that is on the canvas, as one path: filling them all at once takes
 * a fraction of the time of stroking each. */
static void
add_arrows (cairo_t *cr, double width, double height, const CwbPlace *place, const CwField *field,
            double spacing, double half)
{
  double right = MIN (width, place->x + place->scale * field->w);
  double bottom = MIN (height, place->y + place->scale * field->h);

  for (double y = MAX (place->y, 0) + spacing / 2; y < bottom; y += spacing)
    {
      for (double x = MAX (place->x, 0) + spacing / 2; x < right; x += spacing)
        {
          float d[2];
          double dx, dy;

          cw_field_sample (field, (float) ((x - place->x) / place->scale),
                           (float) ((y - place->y) / place->scale), d);
          dx = (double) d[0] * place->scale;
          dy = (double) d[1] * place->scale;
          if (hypot (dx, dy) >= 2)
            add_arrow (cr, x + dx, y + dy, -dx, -dy, half);
        }
    }
}

void
cwb_draw_quiver (cairo_t *cr, double width, double height, const CwbPlace *place,
                 const CwField *field, double spacing, const CwbPalette *palette)
{
  double bottom = MIN (height, place->y + place->scale * field->h);

  cairo_save (cr);
  cairo_rectangle (cr, place->x, place->y, place->scale * field->w, place->scale * field->h);
  cairo_clip (cr);
  cairo_new_path (cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  for (int light = 0; light < 2; light++)
    {
      add_arrows (cr, width, height, place, field, spacing, set_pen (cr, !light, palette));
      cairo_fill (cr);
    }
  draw_legend (cr, MAX (place->x, 0) + 4, bottom - 4, place->scale, palette);
  cairo_restore (cr);
}
