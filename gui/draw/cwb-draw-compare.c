/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-compare.h"

#include "draw/cwb-draw-field.h"
#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* The scale of a difference reaches at least so far: rounding is not to look like something. */
#define LEAST_REACH 10.0

static void
draw_handle (cairo_t *cr, double x, double height, const CwbPalette *palette)
{
  double y = height / 2;

  x = floor (x) + 0.5;
  cairo_move_to (cr, x, 0);
  cairo_line_to (cr, x, height);
  gdk_cairo_set_source_rgba (cr, &palette->arrow_edge);
  cairo_set_line_width (cr, 4);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &palette->on_panel);
  cairo_set_line_width (cr, 1.6);
  cairo_stroke (cr);
  cairo_arc (cr, x, y, 9, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &palette->on_panel);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &palette->arrow_edge);
  cairo_stroke (cr);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + side * 6, y);
      cairo_line_to (cr, x + side * 2, y - 4);
      cairo_line_to (cr, x + side * 2, y + 4);
      cairo_close_path (cr);
    }
  cairo_set_source_rgb (cr, 0.15, 0.15, 0.15);
  cairo_fill (cr);
}

void
cwb_draw_wipe (cairo_t *cr, double width, double height, const CwbPlace *place,
               const CwImage *before, const CwImage *after, double divider,
               const CwbPalette *palette)
{
  double x = floor (CLAMP (divider, 0, 1) * width + 0.5);

  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, x, height);
  cairo_clip (cr);
  cwb_draw_picture (cr, place, before);
  cairo_restore (cr);
  cairo_save (cr);
  cairo_rectangle (cr, x, 0, width - x, height);
  cairo_clip (cr);
  cwb_draw_picture (cr, place, after);
  cairo_restore (cr);
  cairo_save (cr);
  draw_handle (cr, x, height, palette);
  cairo_restore (cr);
}

static float
get_luma (const CwImage *image, gsize i)
{
  const guint8 *p = image->data + i * (gsize) image->c;

  return image->c == 1 ? (float) p[0]
                       : 0.299f * (float) p[0] + 0.587f * (float) p[1] + 0.114f * (float) p[2];
}

static void
paint_difference (const float *values, int w, int h, CwbDifference *self)
{
  const guint32 *table = cwb_colour_map_get_table (CWB_COLOUR_MAP_DIVERGING);
  int stride = cairo_image_surface_get_stride (self->colours);
  guint8 *data = cairo_image_surface_get_data (self->colours);
  const float last = CWB_COLOUR_MAP_SIZE - 1, reach = (float) self->scale.high;

  for (int y = 0; y < h; y++)
    {
      guint32 *to = (guint32 *) (gpointer) (data + (gsize) y * (gsize) stride);

      for (int x = 0; x < w; x++)
        {
          float at = last * 0.5f * (1 + *values++ / reach) + 0.5f;

          to[x] = table[(int) CLAMP (at, 0, last)];
        }
    }
  cairo_surface_mark_dirty (self->colours);
}

CwbDifference *
cwb_difference_new (const CwImage *before, const CwImage *after)
{
  CwbDifference *self;
  gsize n = (gsize) before->w * (gsize) before->h;
  g_autofree float *values = NULL;
  double step;

  if (before->w != after->w || before->h != after->h)
    return NULL;
  self = g_new0 (CwbDifference, 1);
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    {
      values[i] = get_luma (after, i) - get_luma (before, i);
      self->max = MAX (self->max, (double) fabsf (values[i]));
      self->mean += (double) fabsf (values[i]) / (double) n;
    }
  step = cwb_nice_step (MAX (self->max, LEAST_REACH), 2);
  self->scale = (CwbColourScale){ .map = CWB_COLOUR_MAP_DIVERGING, .unit = _ ("grey levels"),
                                  .name = _ ("Lighter or darker") };
  self->scale.high = ceil (MAX (self->max, LEAST_REACH) / step - 1e-6) * step;
  self->scale.low = -self->scale.high;
  self->colours = cairo_image_surface_create (CAIRO_FORMAT_RGB24, before->w, before->h);
  paint_difference (values, before->w, before->h, self);
  return self;
}

void
cwb_difference_free (CwbDifference *self)
{
  if (self == NULL)
    return;
  cairo_surface_destroy (self->colours);
  g_free (self);
}

void
cwb_draw_difference (cairo_t *cr, double width, double height, const CwbPlace *place,
                     const CwbDifference *self, const CwbPalette *palette)
{
  CwbBox box = cwb_place_visible (place, width, height,
                                  cairo_image_surface_get_width (self->colours),
                                  cairo_image_surface_get_height (self->colours));
  double bar = MIN (190, box.width - 8), top = box.y + box.height - 4 - CWB_COLOUR_BAR_HEIGHT;

  cairo_save (cr);
  cairo_rectangle (cr, box.x, box.y, box.width, box.height);
  cairo_clip (cr);
  cairo_save (cr);
  cairo_translate (cr, place->x, place->y);
  cairo_scale (cr, place->scale, place->scale);
  cairo_set_source_surface (cr, self->colours, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  if (box.width >= 90 && box.height >= 60)
    {
      cwb_draw_panel (cr, box.x + 4, top, bar, CWB_COLOUR_BAR_HEIGHT);
      cwb_draw_colour_bar (cr, box.x + 4, top, bar, &self->scale, &palette->on_panel);
    }
  cairo_restore (cr);
}
