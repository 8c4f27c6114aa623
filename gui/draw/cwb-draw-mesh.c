/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-draw-mesh.h"

#include <math.h>

/* Between two points of a line, units of the canvas. */
#define STRIDE 12.0
/* Newton's steps at a point; they begin at what was found for the one before it. */
#define ITERATIONS 3

typedef struct
{
  const CwbPlace *place;
  const CwField *field;
  GArray *points; /* of CwPoint, on the canvas */
  GArray *ends;   /* of guint: where in points each line ends */
} Mesh;

/* One line of the face, level at @across or upright there, from @from to @to along itself, px of the
 * field. */
static void
add_line (Mesh *mesh, gboolean upright, double across, double from, double to)
{
  const CwbPlace *place = mesh->place;
  int n = MAX (1, (int) ceil ((to - from) * place->scale / STRIDE));
  float g[2] = { 0, 0 };

  for (int i = 0; i <= n; i++)
    {
      double along = from + (to - from) * i / n;
      double x = upright ? across : along, y = upright ? along : across;
      CwPoint point;

      cw_field_invert_at (mesh->field, (float) x, (float) y, ITERATIONS, g);
      point.x = (float) (place->x + place->scale * (x + (double) g[0]));
      point.y = (float) (place->y + place->scale * (y + (double) g[1]));
      g_array_append_val (mesh->points, point);
    }
  g_array_append_val (mesh->ends, mesh->points->len);
}

/* One side of the line from point @first to before @end, @half from it, on the left of who walks from @first
 * on or, with @back, from the other end. */
static void
add_side (cairo_t *cr, const Mesh *mesh, guint first, guint end, gboolean back, double half)
{
  for (guint i = 0; i < end - first; i++)
    {
      guint at = back ? end - 1 - i : first + i;
      CwPoint point = g_array_index (mesh->points, CwPoint, at);
      CwPoint from = g_array_index (mesh->points, CwPoint, MAX (at, first + 1) - 1);
      CwPoint to = g_array_index (mesh->points, CwPoint, MIN (at + 1, end - 1));
      double dx = (double) (to.x - from.x), dy = (double) (to.y - from.y);
      double by = (back ? -half : half) / MAX (hypot (dx, dy), 1e-6);

      cairo_line_to (cr, (double) point.x + by * dy, (double) point.y - by * dx);
    }
}

/* Each line as the outline of a band: Cairo fills that in a fraction of the time of stroking it. */
static void
fill_lines (cairo_t *cr, const Mesh *mesh, double width, const GdkRGBA *colour)
{
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_new_path (cr);
  for (guint line = 0, first = 0; line < mesh->ends->len; line++)
    {
      guint end = g_array_index (mesh->ends, guint, line);

      cairo_new_sub_path (cr);
      add_side (cr, mesh, first, end, FALSE, width / 2);
      add_side (cr, mesh, first, end, TRUE, width / 2);
      cairo_close_path (cr);
      first = end;
    }
  cairo_fill (cr);
}

/* What of the face may be on the canvas, px of the field: further out by as much as the warp moves. */
static CwbBox
find_reach (const CwbPlace *place, const CwbBox *visible, const CwField *field)
{
  double reach = (double) cw_field_max (field);
  double left = MAX ((visible->x - place->x) / place->scale - reach, 0);
  double top = MAX ((visible->y - place->y) / place->scale - reach, 0);
  double right = (visible->x + visible->width - place->x) / place->scale + reach;
  double bottom = (visible->y + visible->height - place->y) / place->scale + reach;

  return (CwbBox){ left, top, MIN (right, field->w) - left, MIN (bottom, field->h) - top };
}

void
cwb_draw_mesh (cairo_t *cr, double width, double height, const CwbPlace *place,
               const CwField *field, double spacing, const CwbPalette *palette)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (CwPoint));
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (guint));
  Mesh mesh = { place, field, points, ends };
  CwbBox box = cwb_place_visible (place, width, height, field->w, field->h);
  CwbBox reach = find_reach (place, &box, field);
  double step = spacing / place->scale;

  for (double x = ceil (reach.x / step) * step; x <= reach.x + reach.width; x += step)
    add_line (&mesh, TRUE, x, reach.y, reach.y + reach.height);
  for (double y = ceil (reach.y / step) * step; y <= reach.y + reach.height; y += step)
    add_line (&mesh, FALSE, y, reach.x, reach.x + reach.width);
  cairo_save (cr);
  cairo_rectangle (cr, box.x, box.y, box.width, box.height);
  cairo_clip (cr);
  fill_lines (cr, &mesh, 2.4, &palette->arrow_edge);
  fill_lines (cr, &mesh, 1, &palette->arrow);
  cairo_restore (cr);
}
