/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-source.h"

#include "draw/cwb-draw-text.h"

#include <math.h>

#define ROW_HEIGHT 15.0

/* By kind. A negative often has its positive's outline: it is wider and drawn below it. */
static const struct
{
  double width, dash[2];
  int n_dash;
} strokes[CWB_N_MARK_COLOURS] = {
  { 1.8, { 0, 0 }, 0 },
  { 1.8, { 7, 5 }, 2 },
  { 3.6, { 2, 6 }, 2 },
};

/* The path twice: a dark rim, then the colour. */
static void
stroke (cairo_t *cr, int kind, const CwbPalette *palette)
{
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_width (cr, strokes[kind].width + 1.6);
  gdk_cairo_set_source_rgba (cr, &palette->arrow_edge);
  cairo_stroke_preserve (cr);
  cairo_set_dash (cr, strokes[kind].dash, strokes[kind].n_dash, 0);
  cairo_set_line_width (cr, strokes[kind].width);
  gdk_cairo_set_source_rgba (cr, &palette->mark[kind]);
  cairo_stroke (cr);
}

static void
draw_outline (cairo_t *cr, const CwbPlace *place, int w, int h, const CwbOutline *outline,
              const CwbPalette *palette)
{
  double x = 0, y = 0;

  cairo_new_path (cr);
  for (int i = 3; i >= 0; i--)
    {
      x = place->x + place->scale * w * (double) outline->corners[i].x;
      y = place->y + place->scale * h * (double) outline->corners[i].y;
      cairo_line_to (cr, x, y);
    }
  cairo_close_path (cr);
  stroke (cr, outline->kind, palette);
  gdk_cairo_set_source_rgba (cr, &palette->mark[outline->kind]);
  cairo_arc (cr, x, y, 4, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
draw_face (cairo_t *cr, const CwbPlace *place, int w, int h, const float box[4],
           const CwbPalette *palette)
{
  /* To half units: thin lines stay thin. */
  double left = floor (place->x + place->scale * w * (double) box[0]) + 0.5;
  double top = floor (place->y + place->scale * h * (double) box[1]) + 0.5;

  cairo_rectangle (cr, left, top, floor (place->scale * w * (double) box[2]),
                   floor (place->scale * h * (double) box[3]));
  gdk_cairo_set_source_rgba (cr, &palette->arrow_edge);
  cairo_set_line_width (cr, 2.6);
  cairo_stroke_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &palette->muted);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

/* In the upper left corner: the landmarks' is in the lower one. */
static void
draw_legend (cairo_t *cr, const CwbBox *box, const CwbSourceMarks *marks,
             const CwbPalette *palette)
{
  double label = 0, x = box->x + 4, y = box->y + 4;

  for (int i = 0; i < marks->n_outlines; i++)
    label = MAX (label, cwb_text_width (cr, marks->outlines[i].label, 10));
  if (box->width < label + 48 || box->height < marks->n_outlines * ROW_HEIGHT + 40)
    return;
  cwb_draw_panel (cr, x, y, label + 40, marks->n_outlines * ROW_HEIGHT + 4);
  for (int i = 0; i < marks->n_outlines; i++)
    {
      double middle = y + 2 + (i + 0.5) * ROW_HEIGHT;

      cairo_new_path (cr);
      cairo_move_to (cr, x + 6, middle);
      cairo_line_to (cr, x + 28, middle);
      stroke (cr, marks->outlines[i].kind, palette);
      cwb_draw_text (cr, marks->outlines[i].label, x + 34, middle, CWB_ALIGN_LEFT, 10, FALSE,
                     &palette->on_panel);
    }
}

void
cwb_draw_source_marks (cairo_t *cr, double width, double height, const CwbPlace *place,
                       const CwbSourceMarks *marks, const CwbPalette *palette)
{
  CwbBox box = cwb_place_visible (place, width, height, marks->w, marks->h);

  cairo_save (cr);
  if (marks->has_face)
    draw_face (cr, place, marks->w, marks->h, marks->face, palette);
  cairo_restore (cr);
  cwb_draw_landmarks (cr, width, height, place, marks->w, marks->h, &marks->landmarks, palette);
  cairo_save (cr);
  for (int i = marks->n_outlines - 1; i >= 0; i--)
    draw_outline (cr, place, marks->w, marks->h, &marks->outlines[i], palette);
  if (marks->n_outlines > 0)
    draw_legend (cr, &box, marks, palette);
  cairo_restore (cr);
}
