/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-landmarks.h"

#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* A landmark that moves less is drawn as still, units of the canvas. */
#define LEAST_MOVE 1.5

typedef struct
{
  const GdkRGBA *colour, *edge;
  double radius;
} Style;

static void
draw_line (cairo_t *cr, CwPoint from, CwPoint to, const Style *style)
{
  cairo_move_to (cr, (double) from.x, (double) from.y);
  cairo_line_to (cr, (double) to.x, (double) to.y);
  gdk_cairo_set_source_rgba (cr, style->edge);
  cairo_set_line_width (cr, 3);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, style->colour);
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
}

static void
draw_dot (cairo_t *cr, CwPoint p, gboolean filled, const Style *style)
{
  cairo_new_path (cr);
  cairo_arc (cr, (double) p.x, (double) p.y, style->radius, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, style->edge);
  cairo_set_line_width (cr, 3.2);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, style->colour);
  if (filled)
    cairo_fill_preserve (cr);
  cairo_set_line_width (cr, 1.4);
  cairo_stroke (cr);
}

static CwPoint
put (const CwbPlace *place, CwPoint p)
{
  return (CwPoint){ (float) (place->x + place->scale * (double) p.x),
                    (float) (place->y + place->scale * (double) p.y) };
}

static gboolean
moves (CwPoint before, CwPoint after)
{
  return hypotf (after.x - before.x, after.y - before.y) >= (float) LEAST_MOVE;
}

static double
draw_key_item (cairo_t *cr, double x, double y, const char *text, gboolean filled,
               const Style *style, const CwbPalette *palette)
{
  draw_dot (cr, (CwPoint){ (float) x + 5, (float) y }, filled, style);
  return x + 14
         + cwb_draw_text (cr, text, x + 12, y, CWB_ALIGN_LEFT, 10, FALSE, &palette->on_panel);
}

static void
draw_key (cairo_t *cr, const CwbBox *box, gboolean any_moves, gboolean borrowed,
          const Style *style, const CwbPalette *palette)
{
  const char *now = borrowed ? (any_moves ? _ ("now (template)") : _ ("template's landmarks"))
                             : (any_moves ? _ ("now") : _ ("landmarks"));
  double x = box->x + 4, y = box->y + box->height - 13;
  double width = 18 + cwb_text_width (cr, now, 10);

  if (any_moves)
    width += 16 + cwb_text_width (cr, _ ("before"), 10);
  if (box->height < 40 || box->width < width + 8)
    return;
  cwb_draw_panel (cr, x, y - 9, width, 18);
  if (any_moves)
    x = draw_key_item (cr, x + 2, y, _ ("before"), FALSE, style, palette);
  draw_key_item (cr, x + 2, y, now, TRUE, style, palette);
}

void
cwb_draw_landmarks (cairo_t *cr, double width, double height, const CwbPlace *place, int w, int h,
                    const CwbLandmarks *landmarks, const CwbPalette *palette)
{
  CwbBox box = cwb_place_visible (place, width, height, w, h);
  const Style style = { landmarks->borrowed ? &palette->muted : &palette->arrow,
                        &palette->arrow_edge, landmarks->borrowed ? 2.2 : 3.2 };
  gboolean any_moves = FALSE;

  cairo_save (cr);
  cairo_rectangle (cr, box.x, box.y, box.width, box.height);
  cairo_clip (cr);
  cairo_new_path (cr);
  for (int i = 0; i < landmarks->n; i++)
    {
      CwPoint before = put (place, landmarks->before[i]), after = put (place, landmarks->after[i]);

      if (moves (before, after))
        {
          any_moves = TRUE;
          draw_line (cr, before, after, &style);
          draw_dot (cr, before, FALSE, &style);
        }
      draw_dot (cr, after, TRUE, &style);
    }
  if (landmarks->n > 0)
    draw_key (cr, &box, any_moves, landmarks->borrowed, &style, palette);
  cairo_restore (cr);
}
