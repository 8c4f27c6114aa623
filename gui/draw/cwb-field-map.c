/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-draw"

#include "config.h"

#include "draw/cwb-field-map.h"

#include "draw/cwb-draw-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* Of what is shown most strongly: the face stays visible. */
#define MOST_OPAQUE 0.7f
/* Share of the scale from which a map is as opaque as it gets. */
#define FULL_FROM 0.25f
#define BAR_WIDTH 190.0
#define WHEEL_RADIUS 20

static guint32
premultiply (guint32 colour, float alpha)
{
  guint32 r = (guint32) ((float) (colour >> 16 & 0xff) * alpha + 0.5f);
  guint32 g = (guint32) ((float) (colour >> 8 & 0xff) * alpha + 0.5f);
  guint32 b = (guint32) ((float) (colour & 0xff) * alpha + 0.5f);

  return (guint32) (255 * alpha + 0.5f) << 24 | r << 16 | g << 8 | b;
}

static guint32 *
row_of (cairo_surface_t *surface, int y)
{
  return (guint32 *) (gpointer) (cairo_image_surface_get_data (surface)
                                 + (gsize) y * (gsize) cairo_image_surface_get_stride (surface));
}

/* ---- magnitude ---- */

/* The end of a scale that has ticks at round values, the last at its end. */
static double
round_up (double max)
{
  double step;

  if (!(max > 0))
    return 1;
  step = cwb_nice_step (max, 4);
  return ceil (max / step - 1e-6) * step;
}

static void
paint_magnitude (const CwField *field, float reach, CwbFieldMap *map)
{
  const guint32 *table = cwb_colour_map_get_table (CWB_COLOUR_MAP_SEQUENTIAL);
  guint32 ramp[CWB_COLOUR_MAP_SIZE];
  const float last = CWB_COLOUR_MAP_SIZE - 1, *d = field->d;
  float factor;

  map->scale = (CwbColourScale){ .map = CWB_COLOUR_MAP_SEQUENTIAL,
                                 .low = 0,
                                 .high = round_up ((double) reach),
                                 .unit = _ ("px"),
                                 .name = _ ("Displacement") };
  for (int i = 0; i < CWB_COLOUR_MAP_SIZE; i++)
    ramp[i] = premultiply (table[i], MOST_OPAQUE * MIN (1, (float) i / last / FULL_FROM));
  factor = last / (float) map->scale.high;
  for (int y = 0; y < field->h; y++)
    {
      guint32 *to = row_of (map->colours, y);

      for (int x = 0; x < field->w; x++, d += 2)
        {
          float at = factor * sqrtf (d[0] * d[0] + d[1] * d[1]) + 0.5f;

          to[x] = ramp[(int) MIN (at, last)];
        }
    }
}

/* ---- direction ---- */

/* The angle of (x, y) in turns, 0..1, clockwise on the screen from the right. Wrong by less than 0.001,
 * a quarter of a colour; atan2f() takes several times as long. */
static inline float
get_turn (float x, float y)
{
  float ax = fabsf (x), ay = fabsf (y);
  float a = MIN (ax, ay) / (MAX (ax, ay) + 1e-30f), s = a * a;
  float turn = a * (0.15915494f + s * (-0.05214278f + s * (0.02535567f + s * -0.00740014f)));

  turn = ay > ax ? 0.25f - turn : turn;
  turn = x < 0 ? 0.5f - turn : turn;
  return y < 0 ? 1 - turn : turn;
}

/* @share: of the largest displacement. The root: small ones have a direction too. */
static inline guint32
direction_colour (const guint32 *table, float x, float y, float share)
{
  int at = (int) (get_turn (x, y) * (CWB_COLOUR_MAP_SIZE - 1) + 0.5f);

  return premultiply (table[at], 0.85f * sqrtf (MIN (share, 1)));
}

static void
paint_direction (const CwField *field, float reach, CwbFieldMap *map)
{
  const guint32 *table = cwb_colour_map_get_table (CWB_COLOUR_MAP_CYCLIC);
  const float *d = field->d;
  float factor = reach > 0 ? 1 / reach : 0;

  map->scale = (CwbColourScale){ .map = CWB_COLOUR_MAP_CYCLIC,
                                 .low = 0,
                                 .high = reach > 0 ? (double) reach : 1,
                                 .unit = _ ("px"),
                                 .name = _ ("Moved towards") };
  for (int y = 0; y < field->h; y++)
    {
      guint32 *to = row_of (map->colours, y);

      for (int x = 0; x < field->w; x++, d += 2)
        to[x] = direction_colour (table, -d[0], -d[1],
                                  factor * sqrtf (d[0] * d[0] + d[1] * d[1]));
    }
}

/* ---- determinant ---- */

static void
add_edge (GArray *outline, int x0, int y0, int x1, int y1)
{
  CwbFoldEdge edge = { x0, y0, x1, y1 };

  g_array_append_val (outline, edge);
}

static gboolean
is_fold (const float *det, int w, int h, int x, int y)
{
  return x >= 0 && y >= 0 && x < w && y < h && !(det[(gsize) y * (gsize) w + (gsize) x] > 0);
}

/* Edges that continue each other become one. */
static void
find_outline (const float *det, int w, int h, GArray *outline)
{
  for (int y = 0; y <= h; y++)
    {
      for (int x = 0, from = -1; x <= w; x++)
        {
          gboolean edge = x < w && is_fold (det, w, h, x, y - 1) != is_fold (det, w, h, x, y);

          if (edge && from < 0)
            from = x;
          else if (!edge && from >= 0)
            {
              add_edge (outline, from, y, x, y);
              from = -1;
            }
        }
    }
  for (int x = 0; x <= w; x++)
    {
      for (int y = 0, from = -1; y <= h; y++)
        {
          gboolean edge = y < h && is_fold (det, w, h, x - 1, y) != is_fold (det, w, h, x, y);

          if (edge && from < 0)
            from = y;
          else if (!edge && from >= 0)
            {
              add_edge (outline, x, from, x, y);
              from = -1;
            }
        }
    }
}

static void
mark_folds (const float *det, int w, int h, CwbFieldMap *map)
{
  map->folds = cairo_image_surface_create (CAIRO_FORMAT_A8, w, h);
  for (int y = 0; y < h; y++)
    {
      guint8 *to = (guint8 *) row_of (map->folds, y);

      for (int x = 0; x < w; x++)
        to[x] = det[(gsize) y * (gsize) w + (gsize) x] > 0 ? 0 : 255;
    }
  cairo_surface_mark_dirty (map->folds);
  map->outline = g_array_new (FALSE, FALSE, sizeof (CwbFoldEdge));
  find_outline (det, w, h, map->outline);
}

/* Symmetrical about 1, no wider than 0..2: what is below is a fold anyway. */
static CwbColourScale
choose_determinant_scale (const float *det, gsize n, gboolean *folds)
{
  float most = 0, least = 1;
  double reach;

  for (gsize i = 0; i < n; i++)
    {
      most = MAX (most, fabsf (det[i] - 1));
      least = MIN (least, det[i]);
    }
  *folds = !(least > 0);
  reach = CLAMP (round_up ((double) most), 0.1, 1);
  return (CwbColourScale){ .map = CWB_COLOUR_MAP_DIVERGING,
                           .low = 1 - reach,
                           .high = 1 + reach,
                           .open = (double) most > reach,
                           .unit = "",
                           .name = *folds ? _ ("det J, folds hatched") : _ ("det J, no folds") };
}

static void
paint_determinant (const CwField *field, CwbFieldMap *map)
{
  const guint32 *table = cwb_colour_map_get_table (CWB_COLOUR_MAP_DIVERGING);
  gsize n = (gsize) field->w * (gsize) field->h;
  g_autofree float *det = g_new (float, n);
  const float last = CWB_COLOUR_MAP_SIZE - 1, *from = det;
  guint32 ramp[CWB_COLOUR_MAP_SIZE];
  float factor, low;
  gboolean folds;

  cw_field_jacobian (field, det);
  map->scale = choose_determinant_scale (det, n, &folds);
  for (int i = 0; i < CWB_COLOUR_MAP_SIZE; i++)
    {
      /* The two about the middle, which 1 has, are nothing. */
      float off = (fabsf (2 * (float) i - last) - 1) / last;

      ramp[i] = premultiply (table[i], MOST_OPAQUE * MIN (1, off / FULL_FROM));
    }
  low = (float) map->scale.low;
  factor = last / (float) (map->scale.high - map->scale.low);
  for (int y = 0; y < field->h; y++)
    {
      guint32 *to = row_of (map->colours, y);

      for (int x = 0; x < field->w; x++)
        {
          float at = factor * (*from++ - low) + 0.5f;

          to[x] = ramp[(int) CLAMP (at, 0, last)];
        }
    }
  if (folds)
    mark_folds (det, field->w, field->h, map);
}

CwbFieldMap *
cwb_field_map_new (const CwField *field, CwbQuantity quantity, float reach)
{
  CwbFieldMap *map = g_new0 (CwbFieldMap, 1);
  float most = MAX (reach, cw_field_max (field));

  map->quantity = quantity;
  map->colours = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, field->w, field->h);
  switch (quantity)
    {
    case CWB_QUANTITY_MAGNITUDE:
      paint_magnitude (field, most, map);
      break;
    case CWB_QUANTITY_DIRECTION:
      paint_direction (field, most, map);
      break;
    case CWB_QUANTITY_DETERMINANT:
      paint_determinant (field, map);
      break;
    default:
      g_assert_not_reached ();
    }
  cairo_surface_mark_dirty (map->colours);
  return map;
}

void
cwb_field_map_free (CwbFieldMap *map)
{
  if (map == NULL)
    return;
  cairo_surface_destroy (map->colours);
  g_clear_pointer (&map->folds, cairo_surface_destroy);
  g_clear_pointer (&map->outline, g_array_unref);
  g_free (map);
}

/* ---- drawing ---- */

/* Diagonal stripes, black and yellow, of the same width at any zoom. */
static cairo_pattern_t *
make_hatch (void)
{
  enum { SIDE = 8 };
  cairo_surface_t *tile = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIDE, SIDE);
  cairo_pattern_t *pattern;

  for (int y = 0; y < SIDE; y++)
    {
      for (int x = 0; x < SIDE; x++)
        row_of (tile, y)[x] = (x + y) % SIDE < SIDE / 2 ? 0xff000000u : 0xffffe000u;
    }
  cairo_surface_mark_dirty (tile);
  pattern = cairo_pattern_create_for_surface (tile);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_surface_destroy (tile);
  return pattern;
}

static void
draw_folds (cairo_t *cr, const CwbPlace *place, const CwbFieldMap *map)
{
  cairo_pattern_t *hatch = make_hatch (), *mask = cairo_pattern_create_for_surface (map->folds);
  cairo_matrix_t matrix;

  cairo_matrix_init_scale (&matrix, 1 / place->scale, 1 / place->scale);
  cairo_matrix_translate (&matrix, -place->x, -place->y);
  cairo_pattern_set_matrix (mask, &matrix);
  cairo_pattern_set_filter (mask, CAIRO_FILTER_NEAREST);
  cairo_set_source (cr, hatch);
  cairo_mask (cr, mask);
  cairo_new_path (cr);
  for (guint i = 0; i < map->outline->len; i++)
    {
      const CwbFoldEdge *edge = &g_array_index (map->outline, CwbFoldEdge, i);

      cairo_move_to (cr, place->x + place->scale * edge->x0, place->y + place->scale * edge->y0);
      cairo_line_to (cr, place->x + place->scale * edge->x1, place->y + place->scale * edge->y1);
    }
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, 1.5);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_SQUARE);
  cairo_stroke (cr);
  cairo_pattern_destroy (hatch);
  cairo_pattern_destroy (mask);
}

/* Each direction's colour where it points to, the stronger the further out. */
static cairo_surface_t *
make_wheel (void)
{
  const guint32 *table = cwb_colour_map_get_table (CWB_COLOUR_MAP_CYCLIC);
  const int side = 4 * WHEEL_RADIUS; /* two pixels a unit */
  cairo_surface_t *wheel = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, side, side);

  for (int j = 0; j < side; j++)
    {
      for (int i = 0; i < side; i++)
        {
          float x = (float) i + 0.5f - 0.5f * (float) side;
          float y = (float) j + 0.5f - 0.5f * (float) side;
          float share = sqrtf (x * x + y * y) / (0.5f * (float) side);

          row_of (wheel, j)[i] = share > 1 ? 0 : direction_colour (table, x, y, share);
        }
    }
  cairo_surface_mark_dirty (wheel);
  return wheel;
}

static void
draw_wheel (cairo_t *cr, const CwbBox *box, const CwbFieldMap *map, const CwbPalette *palette)
{
  cairo_surface_t *wheel = make_wheel ();
  g_autofree char *reach = NULL;
  double width, height = 2 * WHEEL_RADIUS + 8, x = box->x + 4, y = box->y + box->height - 4 - height;

  /* Translators: at a wheel of colours: how far its rim is, in pixels */
  reach = g_strdup_printf (_ ("rim %.3g px"), map->scale.high);
  width = 2 * WHEEL_RADIUS + 18
          + MAX (cwb_text_width (cr, map->scale.name, 10), cwb_text_width (cr, reach, 10));
  cwb_draw_panel (cr, x, y, width, height);
  cairo_save (cr);
  cairo_translate (cr, x + 4, y + 4);
  cairo_scale (cr, 0.5, 0.5);
  cairo_set_source_surface (cr, wheel, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
  x += 2 * WHEEL_RADIUS + 10;
  cwb_draw_text (cr, map->scale.name, x, y + height / 2 - 8, CWB_ALIGN_LEFT, 10, FALSE,
                 &palette->on_panel);
  cwb_draw_text (cr, reach, x, y + height / 2 + 8, CWB_ALIGN_LEFT, 10, FALSE, &palette->on_panel);
  cairo_surface_destroy (wheel);
}

static void
draw_key (cairo_t *cr, const CwbBox *box, const CwbFieldMap *map, const CwbPalette *palette)
{
  double width = MIN (BAR_WIDTH, box->width - 8), y = box->y + box->height - 4;

  if (box->width < 90 || box->height < 60)
    return;
  if (map->quantity == CWB_QUANTITY_DIRECTION)
    {
      draw_wheel (cr, box, map, palette);
      return;
    }
  cwb_draw_panel (cr, box->x + 4, y - CWB_COLOUR_BAR_HEIGHT, width, CWB_COLOUR_BAR_HEIGHT);
  cwb_draw_colour_bar (cr, box->x + 4, y - CWB_COLOUR_BAR_HEIGHT, width, &map->scale,
                       &palette->on_panel);
}

void
cwb_draw_field_map (cairo_t *cr, double width, double height, const CwbPlace *place,
                    const CwbFieldMap *map, const CwbPalette *palette)
{
  int w = cairo_image_surface_get_width (map->colours);
  int h = cairo_image_surface_get_height (map->colours);
  CwbBox box = cwb_place_visible (place, width, height, w, h);

  cairo_save (cr);
  cairo_rectangle (cr, box.x, box.y, box.width, box.height);
  cairo_clip (cr);
  cairo_save (cr);
  cairo_translate (cr, place->x, place->y);
  cairo_scale (cr, place->scale, place->scale);
  cairo_set_source_surface (cr, map->colours, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
  if (map->folds != NULL)
    draw_folds (cr, place, map);
  draw_key (cr, &box, map, palette);
  cairo_restore (cr);
}
