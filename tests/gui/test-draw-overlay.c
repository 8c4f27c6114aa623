/* SPDX-License-Identifier: MIT */
#include "cwb-canvas.h"

#include "draw/cwb-colour-map.h"
#include "draw/cwb-draw-compare.h"
#include "draw/cwb-draw-histogram.h"
#include "draw/cwb-draw-mesh.h"
#include "draw/cwb-draw-source.h"
#include "draw/cwb-overlay.h"
#include "models/cwb-field-text.h"

#include <contrawarp.h>
#include <math.h>
#include <string.h>

/* What is drawn over views and between them, on plain image surfaces; no display. */

static int
red (guint32 pixel)
{
  return pixel >> 16 & 0xff;
}

static int
green (guint32 pixel)
{
  return pixel >> 8 & 0xff;
}

static int
blue (guint32 pixel)
{
  return pixel & 0xff;
}

static double
luma (guint32 pixel)
{
  return 0.299 * red (pixel) + 0.587 * green (pixel) + 0.114 * blue (pixel);
}

static CwbPalette
make_palette (void)
{
  CwbPalette palette;

  cwb_palette_init (&palette, FALSE);
  return palette;
}

/* d = (a + b x, c + e y) about the middle. */
static CwField *
make_field (int w, int h, float a, float b, float c, float e)
{
  CwField *field = cw_field_new (w, h);

  for (int y = 0; y < h; y++)
    {
      for (int x = 0; x < w; x++)
        {
          float *d = field->d + 2 * (y * w + x);

          d[0] = a + b * ((float) x + 0.5f - 0.5f * (float) w);
          d[1] = c + e * ((float) y + 0.5f - 0.5f * (float) h);
        }
    }
  return field;
}

/* The colour of @map at @t as it is drawn with @alpha over nothing. */
static void
assert_colour (guint32 pixel, CwbColourMap map, double t, double alpha)
{
  guint32 want = cwb_colour_map_lookup (map, t);

  g_assert_cmpint (abs ((int) (pixel >> 24) - (int) (255 * alpha)), <=, 2);
  g_assert_cmpint (abs (red (pixel) - (int) (red (want) * alpha)), <=, 4);
  g_assert_cmpint (abs (green (pixel) - (int) (green (want) * alpha)), <=, 4);
  g_assert_cmpint (abs (blue (pixel) - (int) (blue (want) * alpha)), <=, 4);
}

static int
count_drawn (CwbCanvas *canvas, int x0, int y0, int x1, int y1)
{
  int n = 0;

  for (int y = y0; y < y1; y++)
    {
      for (int x = x0; x < x1; x++)
        n += cwb_canvas_get (canvas, x, y) != 0;
    }
  return n;
}

/* ---- colours ---- */

static void
test_colour_maps (void)
{
  const guint32 *table = cwb_colour_map_get_table (CWB_COLOUR_MAP_SEQUENTIAL);

  g_assert_cmphex (table[0], ==, 0xff440154u);
  g_assert_cmphex (table[CWB_COLOUR_MAP_SIZE - 1], ==, 0xfffde725u);
  for (int i = 1; i < CWB_COLOUR_MAP_SIZE; i++)
    g_assert_cmpfloat (luma (table[i]), >=, luma (table[i - 1]) - 0.5);
  table = cwb_colour_map_get_table (CWB_COLOUR_MAP_DIVERGING);
  g_assert_cmpint (blue (table[64]) - red (table[64]), >, 80);
  g_assert_cmpint (red (table[191]) - blue (table[191]), >, 80);
  for (int i = 1; i < CWB_COLOUR_MAP_SIZE; i++)
    {
      if (i <= 127)
        g_assert_cmpfloat (luma (table[i]), >=, luma (table[i - 1]) - 0.5);
      else if (i > 128)
        g_assert_cmpfloat (luma (table[i]), <=, luma (table[i - 1]) + 0.5);
    }
  table = cwb_colour_map_get_table (CWB_COLOUR_MAP_CYCLIC);
  g_assert_cmphex (table[0], ==, table[CWB_COLOUR_MAP_SIZE - 1]);
  for (int i = 0; i < CWB_COLOUR_MAP_SIZE / 2; i++)
    g_assert_cmphex (table[i], !=, table[i + CWB_COLOUR_MAP_SIZE / 2]);
  g_assert_cmphex (cwb_colour_map_lookup (CWB_COLOUR_MAP_SEQUENTIAL, NAN), ==, 0xff440154u);
  g_assert_cmphex (cwb_colour_map_lookup (CWB_COLOUR_MAP_SEQUENTIAL, 7), ==, 0xfffde725u);
}

/* The colours lie where the ticks say, and the tick of the middle is in the middle. */
static void
test_colour_bar (void)
{
  const CwbColourScale scale = { .map = CWB_COLOUR_MAP_DIVERGING, .low = -4, .high = 4,
                                 .unit = "px", .name = "Length" };
  const GdkRGBA ink = { 0, 1, 0, 1 };
  CwbCanvas canvas = cwb_canvas_new (300, 60);
  int middle;

  cwb_draw_colour_bar (canvas.cr, 20, 10, 260, &scale, &ink);
  middle = (int) cwb_colour_bar_place (20, 260, &scale, 0);
  g_assert_cmpint (middle, ==, 150);
  for (int value = -3; value <= 3; value++)
    {
      int x = (int) cwb_colour_bar_place (20, 260, &scale, value);

      assert_colour (cwb_canvas_get (&canvas, x, 10 + 19), CWB_COLOUR_MAP_DIVERGING,
                     (value + 4) / 8.0, 1);
    }
  g_assert_cmphex (cwb_canvas_get (&canvas, middle, 10 + 24), ==, 0xff00ff00u);
  g_assert_cmphex (cwb_canvas_get (&canvas, middle + 5, 10 + 24), ==, 0);
  g_assert_cmpint (count_drawn (&canvas, 0, 0, 300, 10), ==, 0);
  g_assert_cmpint (count_drawn (&canvas, 0, 10 + (int) CWB_COLOUR_BAR_HEIGHT + 2, 300, 60), ==, 0);
  cwb_canvas_save (&canvas, "look-colour-bar");
  cwb_canvas_free (&canvas);
}

/* ---- dense maps ---- */

/* One pixel moves: it alone is coloured, as a square at its place; on a canvas that is not square, and zoomed so
 * that the picture's corner is outside. */
static void
test_magnitude_is_in_place (void)
{
  const CwbPlace places[] = { { 0, 50, 10 }, { -200, -20, 16 } };
  CwbPalette palette = make_palette ();

  for (size_t i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const CwbPlace *place = &places[i];
      g_autoptr (CwField) field = make_field (40, 20, 0, 0, 0, 0);
      g_autoptr (CwbFieldMap) map = NULL;
      CwbCanvas canvas = cwb_canvas_new (400, 300);
      int x = (int) (place->x + place->scale * 30), y = (int) (place->y + place->scale * 5);
      int side = (int) place->scale;

      field->d[2 * (5 * 40 + 30)] = -3;
      field->d[2 * (5 * 40 + 30) + 1] = 4;
      map = cwb_field_map_new (field, CWB_QUANTITY_MAGNITUDE, 0);
      g_assert_cmpfloat (map->scale.high, ==, 5);
      cwb_draw_field_map (canvas.cr, 400, 300, place, map, &palette);
      for (int corner = 0; corner < 4; corner++)
        assert_colour (cwb_canvas_get (&canvas, x + (corner % 2) * (side - 1),
                                       y + (corner / 2) * (side - 1)),
                       CWB_COLOUR_MAP_SEQUENTIAL, 1, 0.7);
      g_assert_cmpint (count_drawn (&canvas, 0, 0, 400, 200), ==, side * side);
      cwb_canvas_free (&canvas);
    }
}

/* Half as far, half way through the colours. */
static void
test_magnitude_scale (void)
{
  g_autoptr (CwField) field = make_field (4, 1, 0, 0, 0, 0);
  g_autoptr (CwbFieldMap) map = NULL;
  g_autoptr (CwbFieldMap) wide = NULL;
  const guint32 *pixels;

  field->d[0] = 2;
  field->d[2 * 1 + 1] = 1;
  field->d[2 * 2] = 0.2f;
  map = cwb_field_map_new (field, CWB_QUANTITY_MAGNITUDE, 0);
  pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (map->colours);
  assert_colour (pixels[0], CWB_COLOUR_MAP_SEQUENTIAL, 1, 0.7);
  assert_colour (pixels[1], CWB_COLOUR_MAP_SEQUENTIAL, 0.5, 0.7);
  /* The picture shows through where little happens. */
  assert_colour (pixels[2], CWB_COLOUR_MAP_SEQUENTIAL, 0.1, 0.7 * 0.4);
  g_assert_cmphex (pixels[3], ==, 0);

  /* Beside a field that moves by 4 px it has that one's scale. */
  wide = cwb_field_map_new (field, CWB_QUANTITY_MAGNITUDE, 4);
  g_assert_cmpfloat (wide->scale.high, ==, 4);
  pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (wide->colours);
  assert_colour (pixels[0], CWB_COLOUR_MAP_SEQUENTIAL, 0.5, 0.7);
}

/* The colour of where the face went, which is against the displacement; the wheel says the same. */
static void
test_direction (void)
{
  static const struct
  {
    float dx, dy;
    double turn;
    int x, y; /* on the wheel, from its middle */
  } cases[] = { { -2, 0, 0, 17, 0 }, { 0, -2, 0.25, 0, 17 }, { 2, 0, 0.5, -17, 0 },
                { 0, 2, 0.75, 0, -17 }, { -2, -2, 0.125, 12, 12 } };
  CwbPalette palette = make_palette ();
  const CwbPlace place = { 0, 0, 10 };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CwField) field = make_field (20, 20, cases[i].dx, 0, cases[i].dy, 0);
      g_autoptr (CwbFieldMap) map = cwb_field_map_new (field, CWB_QUANTITY_DIRECTION, 0);
      CwbCanvas canvas = cwb_canvas_new (200, 200);
      guint32 wheel, want = cwb_colour_map_lookup (CWB_COLOUR_MAP_CYCLIC, cases[i].turn);

      cwb_draw_field_map (canvas.cr, 200, 200, &place, map, &palette);
      assert_colour (cwb_canvas_get (&canvas, 100, 50), CWB_COLOUR_MAP_CYCLIC, cases[i].turn, 0.85);
      /* Its middle is 4 + 4 + 20 from the corner. */
      wheel = cwb_canvas_get (&canvas, 28 + cases[i].x, 200 - 28 + cases[i].y);
      g_assert_cmpint (abs (red (wheel) - red (want)), <, 70);
      g_assert_cmpint (abs (green (wheel) - green (want)), <, 70);
      g_assert_cmpint (abs (blue (wheel) - blue (want)), <, 70);
      cwb_canvas_free (&canvas);
    }
}

static int
count_hatch (CwbCanvas *canvas, guint32 colour)
{
  int n = 0;

  for (int y = 0; y < 140; y++)
    {
      for (int x = 0; x < 200; x++)
        n += cwb_canvas_get (canvas, x, y) == colour;
    }
  return n;
}

static CwbCanvas
draw_determinant (float slope, gboolean *folds)
{
  g_autoptr (CwField) field = make_field (20, 20, 0, slope, 0, 0);
  g_autoptr (CwbFieldMap) map = cwb_field_map_new (field, CWB_QUANTITY_DETERMINANT, 0);
  const CwbPlace place = { 0, 0, 10 };
  CwbPalette palette = make_palette ();
  CwbCanvas canvas = cwb_canvas_new (200, 200);

  cwb_draw_field_map (canvas.cr, 200, 200, &place, map, &palette);
  *folds = map->folds != NULL;
  return canvas;
}

static void
test_determinant (void)
{
  gboolean folds;
  CwbCanvas shrunk = draw_determinant (0.5f, &folds), grown, folded, still;

  /* 1.5 of 0.5..1.5, 0.5 of the same. */
  g_assert_false (folds);
  assert_colour (cwb_canvas_get (&shrunk, 100, 50), CWB_COLOUR_MAP_DIVERGING, 1, 0.7);
  grown = draw_determinant (-0.5f, &folds);
  g_assert_false (folds);
  assert_colour (cwb_canvas_get (&grown, 100, 50), CWB_COLOUR_MAP_DIVERGING, 0, 0.7);
  still = draw_determinant (0, &folds);
  g_assert_cmpint (count_drawn (&still, 0, 0, 200, 140), ==, 0);
  folded = draw_determinant (-2, &folds);
  g_assert_true (folds);
  g_assert_cmpint (count_hatch (&folded, 0xff000000u), >, 10000);
  g_assert_cmpint (count_hatch (&folded, 0xffffe000u), >, 10000);
  g_assert_cmpint (count_hatch (&grown, 0xffffe000u), ==, 0);
  cwb_canvas_free (&shrunk);
  cwb_canvas_free (&grown);
  cwb_canvas_free (&still);
  cwb_canvas_free (&folded);
}

/* A folded strip in a field that is otherwise still: its borders, in one piece each. */
static void
test_outline_of_folds (void)
{
  g_autoptr (CwField) field = make_field (12, 6, 0, 0, 0, 0);
  g_autoptr (CwbFieldMap) map = NULL;
  int length = 0;

  for (int y = 0; y < 6; y++)
    {
      field->d[2 * (y * 12 + 4)] = 3;
      field->d[2 * (y * 12 + 6)] = -3;
    }
  /* Between 4 and 6 it goes down by 6 in 2, at 7 and 3 it goes up. */
  map = cwb_field_map_new (field, CWB_QUANTITY_DETERMINANT, 0);
  g_assert_nonnull (map->folds);
  g_assert_cmpint (cairo_image_surface_get_data (map->folds)[5], ==, 255);
  g_assert_cmpint (cairo_image_surface_get_data (map->folds)[4], ==, 0);
  g_assert_cmpint (cairo_image_surface_get_data (map->folds)[3], ==, 0);
  g_assert_cmpint (map->outline->len, ==, 4);
  for (guint i = 0; i < map->outline->len; i++)
    {
      const CwbFoldEdge *edge = &g_array_index (map->outline, CwbFoldEdge, i);

      g_assert_cmpint (edge->x0, >=, 5);
      g_assert_cmpint (edge->x1, <=, 6);
      length += edge->x1 - edge->x0 + edge->y1 - edge->y0;
    }
  g_assert_cmpint (length, ==, 2 * 6 + 2);
}

/* ---- grid ---- */

static gboolean
is_line (guint32 pixel)
{
  return red (pixel) > 120 && red (pixel) - blue (pixel) > 60;
}

/* A face that went 6 px to the right and 2 px up took the grid with it. */
static void
test_mesh_goes_with_the_face (void)
{
  g_autoptr (CwField) still = make_field (40, 20, 0, 0, 0, 0);
  g_autoptr (CwField) moved = make_field (40, 20, -2, 0, 1, 0);
  CwbPalette palette = make_palette ();
  const CwbPlace place = { 50, 30, 5 };
  CwbCanvas a = cwb_canvas_new (300, 160), b = cwb_canvas_new (300, 160);

  cwb_draw_mesh (a.cr, 300, 160, &place, still, 25, &palette);
  cwb_draw_mesh (b.cr, 300, 160, &place, moved, 25, &palette);
  for (int k = 1; k < 7; k++)
    {
      g_assert_true (is_line (cwb_canvas_get (&a, 50 + 25 * k, 30 + 13)));
      g_assert_false (is_line (cwb_canvas_get (&a, 50 + 25 * k + 10, 30 + 13)));
      g_assert_true (is_line (cwb_canvas_get (&b, 50 + 25 * k + 10, 30 + 33)));
      g_assert_false (is_line (cwb_canvas_get (&b, 50 + 25 * k, 30 + 33)));
    }
  g_assert_true (is_line (cwb_canvas_get (&a, 50 + 13, 30 + 50)));
  g_assert_true (is_line (cwb_canvas_get (&b, 50 + 13, 30 + 50 - 5)));
  /* Only on the picture. */
  g_assert_cmpint (count_drawn (&b, 0, 0, 50, 160), ==, 0);
  g_assert_cmpint (count_drawn (&b, 250, 0, 300, 160), ==, 0);
  g_assert_cmpint (count_drawn (&b, 0, 130, 300, 160), ==, 0);
  cwb_canvas_free (&a);
  cwb_canvas_free (&b);
}

/* ---- anything ---- */

static CwbOverlayData
make_data (const CwField *field, const CwPoint *points)
{
  return (CwbOverlayData){ .w = field->w, .h = field->h, .field = field,
                           .landmarks = { points, points, CW_N_LANDMARKS, FALSE } };
}

/* One pixel, and a field that folds everywhere and points far out: drawn within the picture and without
 * a warning; nothing on a view without a field but landmarks. */
static void
test_extremes (void)
{
  g_autoptr (CwField) one = make_field (1, 1, 0, 0, 0, 0);
  g_autoptr (CwField) wild = make_field (33, 21, 0, 0, 0, 0);
  CwPoint points[CW_N_LANDMARKS];
  CwbPalette palette = make_palette ();
  CwRng rng = cw_rng_new (3, CW_RNG_EVAL, 0, 0, 0, 0);
  const CwbPlace place = { 20, 10, 7 };

  for (int i = 0; i < 2 * 33 * 21; i++)
    wild->d[i] = 200 * cw_rng_normal (&rng);
  for (int i = 0; i < CW_N_LANDMARKS; i++)
    points[i] = (CwPoint){ 1e6f * (float) i, -3 };
  for (int overlay = 0; overlay < CWB_N_OVERLAYS; overlay++)
    {
      const CwbOverlayData small = make_data (one, points), large = make_data (wild, points);
      CwbOverlayData none = large;
      CwbCanvas canvas = cwb_canvas_new (280, 200);

      cwb_draw_overlay (canvas.cr, 280, 200, &place, overlay, &small, &palette);
      none.field = NULL;
      none.landmarks.n = 0;
      g_assert_cmpint (count_drawn (&canvas, 27, 17, 280, 200), ==, 0);
      cairo_set_operator (canvas.cr, CAIRO_OPERATOR_CLEAR);
      cairo_paint (canvas.cr);
      cairo_set_operator (canvas.cr, CAIRO_OPERATOR_OVER);
      cwb_draw_overlay (canvas.cr, 280, 200, &place, overlay, &none, &palette);
      g_assert_cmpint (count_drawn (&canvas, 0, 0, 280, 200), ==, 0);
      cwb_draw_overlay (canvas.cr, 280, 200, &place, overlay, &large, &palette);
      g_assert_cmpint (count_drawn (&canvas, 0, 0, 20, 200), ==, 0);
      g_assert_cmpint (count_drawn (&canvas, 20 + 7 * 33, 0, 280, 200), ==, 0);
      if (overlay != CWB_OVERLAY_NONE)
        g_assert_cmpint (count_drawn (&canvas, 20, 10, 251, 157), >, 100);
      cwb_canvas_free (&canvas);
    }
}

static void
test_table (void)
{
  for (int i = 0; i < CWB_N_OVERLAYS; i++)
    {
      g_assert_cmpint (cwb_overlay_find (cwb_overlays[i].nick), ==, i);
      g_assert_cmpstr (cwb_overlays[i].label, !=, "");
    }
  g_assert_cmpint (cwb_overlay_find ("no such"), ==, CWB_OVERLAY_NONE);
}

/* ---- landmarks and source ---- */

static void
test_landmarks (void)
{
  const CwPoint before[] = { { 4, 5 }, { 30, 4 } }, after[] = { { 14, 5 }, { 30, 4 } };
  CwbLandmarks landmarks = { before, after, 2, FALSE };
  const CwbPlace place = { 10, 20, 10 };
  CwbPalette palette = make_palette ();
  CwbCanvas canvas = cwb_canvas_new (420, 240), grey = cwb_canvas_new (420, 240);

  cwb_draw_landmarks (canvas.cr, 420, 240, &place, 40, 20, &landmarks, &palette);
  /* The line, the filled new place, and the still one; the old one is a ring. */
  g_assert_true (is_line (cwb_canvas_get (&canvas, 10 + 90, 20 + 50)));
  g_assert_true (is_line (cwb_canvas_get (&canvas, 10 + 140, 20 + 50 - 2)));
  g_assert_true (is_line (cwb_canvas_get (&canvas, 10 + 300, 20 + 40)));
  g_assert_true (is_line (cwb_canvas_get (&canvas, 10 + 40 - 4, 20 + 50)));
  g_assert_false (is_line (cwb_canvas_get (&canvas, 10 + 40 - 2, 20 + 50 - 1)));
  g_assert_false (is_line (cwb_canvas_get (&canvas, 10 + 140 + 15, 20 + 50)));
  landmarks.borrowed = TRUE;
  cwb_draw_landmarks (grey.cr, 420, 240, &place, 40, 20, &landmarks, &palette);
  g_assert_false (is_line (cwb_canvas_get (&grey, 10 + 140, 20 + 50)));
  g_assert_cmpint (red (cwb_canvas_get (&grey, 10 + 140, 20 + 50)), >, 180);
  cwb_canvas_free (&canvas);
  cwb_canvas_free (&grey);
}

static void
assert_mark (CwbCanvas *canvas, int x, int y, const GdkRGBA *colour)
{
  guint32 pixel = cwb_canvas_get (canvas, x, y);

  g_assert_cmpint (abs (red (pixel) - (int) (255 * colour->red)), <, 40);
  g_assert_cmpint (abs (green (pixel) - (int) (255 * colour->green)), <, 40);
  g_assert_cmpint (abs (blue (pixel) - (int) (255 * colour->blue)), <, 40);
}

/* Outlines in the picture's proportions, the dot where the view has its first corner. */
static void
test_source_marks (void)
{
  const CwbSourceMarks marks = {
    .w = 40,
    .h = 20,
    .has_face = TRUE,
    .face = { 0.25f, 0.1f, 0.5f, 0.8f },
    .n_outlines = 1,
    .outlines = { { { { 0.9f, 0.2f }, { 0.4f, 0.2f }, { 0.4f, 0.7f }, { 0.9f, 0.7f } },
                    "Anchor", 0 } },
  };
  const CwbPlace place = { 0, 40, 10 };
  CwbPalette palette = make_palette ();
  CwbCanvas canvas = cwb_canvas_new (400, 280);

  cwb_draw_source_marks (canvas.cr, 400, 280, &place, &marks, &palette);
  cwb_canvas_save (&canvas, "look-source-marks");
  assert_mark (&canvas, 260, 40 + 40, &palette.mark[0]);
  assert_mark (&canvas, 260, 40 + 140, &palette.mark[0]);
  assert_mark (&canvas, 160, 40 + 90, &palette.mark[0]);
  assert_mark (&canvas, 360 - 2, 40 + 40 + 2, &palette.mark[0]);
  g_assert_cmphex (cwb_canvas_get (&canvas, 160 + 3, 40 + 40 + 3), ==, 0);
  assert_mark (&canvas, 100, 40 + 150, &palette.muted);
  assert_mark (&canvas, 200, 40 + 180, &palette.muted);
  g_assert_cmphex (cwb_canvas_get (&canvas, 260, 40 + 90), ==, 0);
  cwb_canvas_free (&canvas);
}

/* ---- two pictures ---- */

static CwImage *
make_plain (int w, int h, guint8 grey)
{
  CwImage *image = cw_image_new (w, h, 3);

  memset (image->data, grey, cw_image_bytes (image));
  return image;
}

static void
test_wipe (void)
{
  g_autoptr (CwImage) before = make_plain (20, 10, 0x40);
  g_autoptr (CwImage) after = make_plain (20, 10, 0xc0);
  const CwbPlace place = { 0, 50, 10 };
  CwbPalette palette = make_palette ();
  CwbCanvas canvas = cwb_canvas_new (200, 200);

  cwb_draw_wipe (canvas.cr, 200, 200, &place, before, after, 0.25, &palette);
  g_assert_cmphex (cwb_canvas_get (&canvas, 10, 60), ==, 0xff404040u);
  g_assert_cmphex (cwb_canvas_get (&canvas, 45, 60), ==, 0xff404040u);
  g_assert_cmphex (cwb_canvas_get (&canvas, 54, 60), ==, 0xffc0c0c0u);
  g_assert_cmphex (cwb_canvas_get (&canvas, 190, 140), ==, 0xffc0c0c0u);
  g_assert_cmpint (red (cwb_canvas_get (&canvas, 50, 60)), >, 230);
  g_assert_cmphex (cwb_canvas_get (&canvas, 190, 160), ==, 0);
  cwb_canvas_free (&canvas);
}

static void
test_difference (void)
{
  g_autoptr (CwImage) before = make_plain (20, 20, 100);
  g_autoptr (CwImage) after = make_plain (20, 20, 100);
  g_autoptr (CwImage) other = make_plain (21, 20, 100);
  g_autoptr (CwbDifference) difference = NULL;
  const CwbPlace place = { 0, 0, 10 };
  CwbPalette palette = make_palette ();
  CwbCanvas canvas = cwb_canvas_new (200, 200);

  memset (after->data + 3 * (4 * 20 + 3), 150, 3);
  memset (after->data + 3 * (4 * 20 + 7), 75, 3);
  difference = cwb_difference_new (before, after);
  g_assert_cmpfloat_with_epsilon (difference->max, 50, 0.01);
  g_assert_cmpfloat_with_epsilon (difference->mean, 75.0 / 400, 0.001);
  g_assert_cmpfloat (difference->scale.high, ==, 60);
  cwb_draw_difference (canvas.cr, 200, 200, &place, difference, &palette);
  assert_colour (cwb_canvas_get (&canvas, 35, 45), CWB_COLOUR_MAP_DIVERGING, 110 / 120.0, 1);
  assert_colour (cwb_canvas_get (&canvas, 75, 45), CWB_COLOUR_MAP_DIVERGING, 35 / 120.0, 1);
  assert_colour (cwb_canvas_get (&canvas, 55, 45), CWB_COLOUR_MAP_DIVERGING, 0.5, 1);
  g_assert_null (cwb_difference_new (before, other));
  cwb_canvas_free (&canvas);
}

/* ---- numbers ---- */

static void
test_lengths (void)
{
  g_autoptr (CwField) field = make_field (20, 10, 0, 0, 0, 0);
  g_autoptr (CwField) still = make_field (20, 10, 0, 0, 0, 0);
  g_autofree char *text = NULL, *none = NULL;
  CwbLengths lengths;
  guint sum = 0;

  /* Lengths 0.02, 0.04 ... 4. */
  for (int i = 0; i < 200; i++)
    field->d[2 * i] = 0.02f * (float) (i + 1);
  cwb_lengths_init (&lengths, field);
  g_assert_cmpuint (lengths.n, ==, 200);
  g_assert_cmpfloat_with_epsilon (lengths.max, 4, 1e-4);
  g_assert_cmpfloat_with_epsilon (lengths.median, 2, 0.03);
  g_assert_cmpfloat_with_epsilon (lengths.p95, 3.8, 0.03);
  for (int i = 0; i < CWB_HISTOGRAM_BINS; i++)
    sum += lengths.bins[i];
  g_assert_cmpuint (sum, ==, 200);
  text = cwb_lengths_dup_text (&lengths);
  g_assert_cmpstr (text, ==, "200 pixels: median 2.00 px, 95 % within 3.80 px, largest 4.00 px");
  cwb_lengths_init (&lengths, still);
  g_assert_cmpuint (lengths.bins[0], ==, 200);
  g_assert_cmpfloat (lengths.p95, ==, 0);
  cwb_lengths_init (&lengths, NULL);
  none = cwb_lengths_dup_text (&lengths);
  g_assert_cmpstr (none, ==, "No warp");
}

/* All in the last bin: one bar, at the right, from the bottom to the top. */
static void
test_histogram (void)
{
  g_autoptr (CwField) field = make_field (10, 10, 3, 0, 4, 0);
  CwbPalette palette = make_palette ();
  CwbCanvas canvas = cwb_canvas_new (300, 150);
  CwbLengths lengths;

  cwb_lengths_init (&lengths, field);
  cwb_draw_histogram (canvas.cr, 300, 150, &lengths, &palette);
  assert_mark (&canvas, 10 + 268 - 3, 60, &palette.series[0]);
  assert_mark (&canvas, 10 + 268 - 3, 120, &palette.series[0]);
  g_assert_cmphex (cwb_canvas_get (&canvas, 100, 120), ==, 0);
  cwb_canvas_save (&canvas, "look-histogram-one");
  cwb_canvas_free (&canvas);
}

static CwbViewGeometry
make_geometry (int w, int h)
{
  CwPoint points[CW_N_LANDMARKS];
  CwbViewGeometry geometry;

  for (int i = 0; i < CW_N_LANDMARKS; i++)
    points[i] = cw_landmark_template[i].point;
  cwb_view_geometry_init_source (&geometry, w, h, points, TRUE);
  return geometry;
}

/* The signs of what is told, and the determinant is the engine's at every pixel, the border included. */
static void
test_readout (void)
{
  g_autoptr (CwField) field = make_field (9, 5, 1, 0.2f, -2, -0.1f);
  CwbViewGeometry geometry = make_geometry (9, 5);
  CwbFieldReadout readout;
  float det[9 * 5];
  g_autofree char *text = NULL;

  field->d[2 * (2 * 9 + 4)] += 0.7f;
  cw_field_jacobian (field, det);
  geometry.to_source = cw_matrix_scale (2, 3);
  for (int y = 0; y < 5; y++)
    {
      for (int x = 0; x < 9; x++)
        {
          const float *d = field->d + 2 * (y * 9 + x);

          g_assert_true (cwb_field_readout (field, &geometry, x + 0.5, y + 0.5, &readout));
          g_assert_cmpfloat (readout.det, ==, (double) det[y * 9 + x]);
          g_assert_cmpfloat_with_epsilon (readout.dx, -(double) d[0], 1e-5);
          g_assert_cmpfloat_with_epsilon (readout.dy, -(double) d[1], 1e-5);
          g_assert_cmpfloat_with_epsilon (readout.length, hypot (readout.dx, readout.dy), 1e-9);
          g_assert_cmpfloat_with_epsilon (readout.source_x, 2 * (x + 0.5 + (double) d[0]), 1e-4);
          g_assert_cmpfloat_with_epsilon (readout.source_y, 3 * (y + 0.5 + (double) d[1]), 1e-4);
        }
    }
  g_assert_false (cwb_field_readout (field, &geometry, 9, 2, &readout));
  g_assert_false (cwb_field_readout (field, &geometry, -0.1, 2, &readout));
  g_assert_true (cwb_field_readout (NULL, &geometry, 3.5, 2.5, &readout));
  g_assert_cmpfloat (readout.det, ==, 1);
  text = cwb_field_readout_dup_text (&readout, FALSE);
  g_assert_cmpstr (text, ==, "3, 2 shows 7, 8 of the source");
}

/* The face moves to the upper left about the left mouth corner: named so. */
static void
test_summary (void)
{
  g_autoptr (CwField) field = make_field (100, 100, 0, 0, 0, 0);
  CwbViewGeometry geometry = make_geometry (100, 100);
  float det[100 * 100];
  CwFieldStats stats;
  g_autofree char *text = NULL, *still = NULL, *nowhere = NULL;

  cw_field_stats (field, det, &stats);
  still = cwb_field_dup_summary (field, &stats, geometry.after);
  g_assert_cmpstr (still, ==, "Nothing moves");
  for (int y = 0; y < 100; y++)
    {
      for (int x = 0; x < 100; x++)
        {
          float *d = field->d + 2 * (y * 100 + x);
          float u = ((float) x - 34) / 8, v = ((float) y - 77) / 8;

          d[0] = d[1] = 3 * expf (-(u * u + v * v));
        }
    }
  cw_field_stats (field, det, &stats);
  text = cwb_field_dup_summary (field, &stats, geometry.after);
  g_assert_true (g_str_has_prefix (
      text, "Largest displacement 4.2 px to the upper left at: left mouth corner; 3 % of the view "));
  g_assert_true (g_str_has_suffix (text, "; no folds"));
  nowhere = cwb_field_dup_summary (field, &stats, NULL);
  g_assert_nonnull (strstr (nowhere, "to the upper left, at 34 % across and 77 % down;"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw-overlay/colour/maps", test_colour_maps);
  g_test_add_func ("/draw-overlay/colour/bar", test_colour_bar);
  g_test_add_func ("/draw-overlay/magnitude/place", test_magnitude_is_in_place);
  g_test_add_func ("/draw-overlay/magnitude/scale", test_magnitude_scale);
  g_test_add_func ("/draw-overlay/direction", test_direction);
  g_test_add_func ("/draw-overlay/determinant/colours", test_determinant);
  g_test_add_func ("/draw-overlay/determinant/outline", test_outline_of_folds);
  g_test_add_func ("/draw-overlay/mesh", test_mesh_goes_with_the_face);
  g_test_add_func ("/draw-overlay/extremes", test_extremes);
  g_test_add_func ("/draw-overlay/table", test_table);
  g_test_add_func ("/draw-overlay/landmarks", test_landmarks);
  g_test_add_func ("/draw-overlay/source", test_source_marks);
  g_test_add_func ("/draw-overlay/wipe", test_wipe);
  g_test_add_func ("/draw-overlay/difference", test_difference);
  g_test_add_func ("/draw-overlay/lengths", test_lengths);
  g_test_add_func ("/draw-overlay/histogram", test_histogram);
  g_test_add_func ("/draw-overlay/readout", test_readout);
  g_test_add_func ("/draw-overlay/summary", test_summary);
  return g_test_run ();
}
