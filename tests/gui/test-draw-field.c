/* SPDX-License-Identifier: MIT */
#include "cwb-canvas.h"

#include "draw/cwb-draw-field.h"

#include <contrawarp.h>
#include <math.h>
#include <string.h>

/* Pictures and fields on plain image surfaces; no display. */

#define SIDE 200
#define SPACING 40.0
/* The legend is in the lower left corner. */
#define LEGEND_HEIGHT 30

static CwImage *
make_image (int w, int h, int c, const guint8 *pixels)
{
  CwImage *image = cw_image_new (w, h, c);

  memcpy (image->data, pixels, (gsize) w * (gsize) h * (gsize) c);
  return image;
}

static void
test_picture_is_not_smoothed (void)
{
  const CwbViewport whole = cwb_viewport_whole ();
  CwbPlace place;
  const guint8 pixels[] = { 255, 0, 0, 0, 255, 0, 0, 0, 255, 250, 240, 230 };
  g_autoptr (CwImage) image = make_image (2, 2, 3, pixels);
  CwbCanvas canvas = cwb_canvas_new (8, 8);

  place = cwb_viewport_place (&whole, 8, 8, image->w, image->h);
  cwb_draw_picture (canvas.cr, &place, image);
  for (int y = 0; y < 8; y++)
    {
      for (int x = 0; x < 8; x++)
        {
          const guint8 *p = pixels + 3 * (2 * (y / 4) + x / 4);
          guint32 want = 0xff000000u | (guint32) p[0] << 16 | (guint32) p[1] << 8 | p[2];

          g_assert_cmphex (cwb_canvas_get (&canvas, x, y), ==, want);
        }
    }
  cwb_canvas_free (&canvas);
}

static void
test_grey_picture_is_centred (void)
{
  const CwbViewport whole = cwb_viewport_whole ();
  CwbPlace place;
  const guint8 pixels[] = { 10, 200 };
  g_autoptr (CwImage) image = make_image (2, 1, 1, pixels);
  CwbCanvas canvas = cwb_canvas_new (8, 8);

  /* As wide as there is room, 4 high: rows 2 to 5. */
  place = cwb_viewport_place (&whole, 8, 8, image->w, image->h);
  cwb_draw_picture (canvas.cr, &place, image);
  g_assert_cmphex (cwb_canvas_get (&canvas, 1, 1), ==, 0);
  g_assert_cmphex (cwb_canvas_get (&canvas, 1, 2), ==, 0xff0a0a0au);
  g_assert_cmphex (cwb_canvas_get (&canvas, 6, 5), ==, 0xffc8c8c8u);
  g_assert_cmphex (cwb_canvas_get (&canvas, 6, 6), ==, 0);
  cwb_canvas_free (&canvas);
}

/* A picture of 512 px, seen in a square of 100 units: one of 200 px does on a screen of 200 device px, and takes the same
 * place; not on a finer one, and not where a part is enlarged. */
static void
test_smaller_picture (void)
{
  const CwbPlace whole = { 3, 4, 100.0 / 512 }, zoomed = { 3, 4, 1 };
  CwbPlace smaller;

  g_assert_true (cwb_place_smaller (&whole, 100, 200, 512, 200, &smaller));
  g_assert_cmpfloat (smaller.x, ==, 3);
  g_assert_cmpfloat (smaller.y, ==, 4);
  g_assert_cmpfloat_with_epsilon (smaller.scale, 0.5, 1e-9);
  g_assert_false (cwb_place_smaller (&whole, 100, 201, 512, 200, &smaller));
  g_assert_false (cwb_place_smaller (&zoomed, 100, 200, 512, 200, &smaller));
}

static CwField *
make_field (int side, float dx, float dy)
{
  CwField *field = cw_field_new (side, side);

  for (int i = 0; i < side * side; i++)
    {
      field->d[2 * i] = dx;
      field->d[2 * i + 1] = dy;
    }
  return field;
}

/* Yellow enough to be an arrow, the rims of its lines included. */
static gboolean
is_arrow (guint32 pixel)
{
  int red = pixel >> 16 & 0xff, blue = pixel & 0xff;

  return red > 130 && red - blue > 60;
}

static int
count_arrow_pixels (CwbCanvas *canvas)
{
  int n = 0;

  for (int y = 0; y < SIDE - LEGEND_HEIGHT; y++)
    {
      for (int x = 0; x < SIDE; x++)
        n += is_arrow (cwb_canvas_get (canvas, x, y));
    }
  return n;
}

static CwbCanvas
draw_quiver (const CwField *field)
{
  const CwbViewport whole = cwb_viewport_whole ();
  CwbPlace place;
  CwbCanvas canvas = cwb_canvas_new (SIDE, SIDE);
  CwbPalette palette;

  cwb_palette_init (&palette, FALSE);
  place = cwb_viewport_place (&whole, SIDE, SIDE, field->w, field->h);
  cwb_draw_quiver (canvas.cr, SIDE, SIDE, &place, field, SPACING, &palette);
  return canvas;
}

static void
test_still_field_has_no_arrows (void)
{
  g_autoptr (CwField) field = make_field (50, 0, 0);
  CwbCanvas canvas = draw_quiver (field);

  g_assert_cmpint (count_arrow_pixels (&canvas), ==, 0);
  cwb_canvas_free (&canvas);
}

/* What a point shows came from the left: so the face was moved to the right, by 6 px of 50, which are
 * 24 of the 200 units. */
static void
test_arrows_show_where_the_face_went (void)
{
  g_autoptr (CwField) field = make_field (50, -6, 0);
  CwbCanvas canvas = draw_quiver (field);

  for (double y = SPACING / 2; y < SIDE - LEGEND_HEIGHT; y += SPACING)
    {
      for (double x = SPACING / 2; x < SIDE; x += SPACING)
        {
          /* Tail at x - 24, head at x. */
          g_assert_true (is_arrow (cwb_canvas_get (&canvas, (int) x - 12, (int) y)));
          g_assert_false (is_arrow (cwb_canvas_get (&canvas, (int) x + 6, (int) y)));
          /* The head spreads at its end, the tail does not. */
          g_assert_true (is_arrow (cwb_canvas_get (&canvas, (int) x - 5, (int) y - 3)));
          g_assert_true (is_arrow (cwb_canvas_get (&canvas, (int) x - 5, (int) y + 2)));
          g_assert_false (is_arrow (cwb_canvas_get (&canvas, (int) x - 18, (int) y - 3)));
          g_assert_false (is_arrow (cwb_canvas_get (&canvas, (int) x - 18, (int) y + 2)));
        }
    }
  cwb_canvas_free (&canvas);
}

/* The same warp at another resolution: the same arrows. */
static void
test_spacing_does_not_depend_on_resolution (void)
{
  g_autoptr (CwField) coarse = make_field (25, 1.5f, 1);
  g_autoptr (CwField) fine = make_field (100, 6, 4);
  CwbCanvas a = draw_quiver (coarse), b = draw_quiver (fine);

  for (int y = 0; y < SIDE - LEGEND_HEIGHT; y++)
    {
      for (int x = 0; x < SIDE; x++)
        g_assert_cmphex (cwb_canvas_get (&a, x, y), ==, cwb_canvas_get (&b, x, y));
    }
  g_assert_cmpint (count_arrow_pixels (&a), >, 100);
  cwb_canvas_free (&a);
  cwb_canvas_free (&b);
}

static void
test_legend_is_there (void)
{
  g_autoptr (CwField) field = make_field (50, 0, 0);
  CwbCanvas canvas = draw_quiver (field);
  int n = 0;

  for (int y = SIDE - LEGEND_HEIGHT; y < SIDE; y++)
    {
      for (int x = 0; x < SIDE / 2; x++)
        n += is_arrow (cwb_canvas_get (&canvas, x, y));
    }
  g_assert_cmpint (n, >, 20);
  cwb_canvas_free (&canvas);
}

/* The point under the pointer stays there while one zooms; panning and zooming end at the limits. */
static void
test_viewport (void)
{
  CwbViewport viewport = cwb_viewport_whole ();
  CwbPlace place = cwb_viewport_place (&viewport, 200, 100, 50, 50), zoomed;

  g_assert_cmpfloat (place.scale, ==, 2);
  g_assert_cmpfloat (place.x, ==, 50);
  g_assert_cmpfloat (place.y, ==, 0);
  cwb_viewport_pan (&viewport, 40, 0, 200, 100, 50, 50);
  g_assert_cmpfloat (viewport.x, ==, 0.5);
  cwb_viewport_zoom (&viewport, 4, 120, 30, 200, 100, 50, 50);
  zoomed = cwb_viewport_place (&viewport, 200, 100, 50, 50);
  g_assert_cmpfloat (zoomed.scale, ==, 8);
  /* To a whole unit. */
  g_assert_cmpfloat_with_epsilon ((120 - zoomed.x) / 8, (120 - place.x) / 2, 0.5 / 8);
  g_assert_cmpfloat_with_epsilon ((30 - zoomed.y) / 8, (30 - place.y) / 2, 0.5 / 8);
  cwb_viewport_pan (&viewport, -1e6, 1e6, 200, 100, 50, 50);
  g_assert_cmpfloat (viewport.x, ==, 1);
  g_assert_cmpfloat (viewport.y, ==, 0);
  cwb_viewport_zoom (&viewport, 1e9, 0, 0, 200, 100, 50, 50);
  g_assert_cmpfloat (viewport.zoom, ==, CWB_VIEWPORT_MAX_ZOOM);
  cwb_viewport_zoom (&viewport, 1e-9, 0, 0, 200, 100, 50, 50);
  g_assert_cmpfloat (viewport.zoom, ==, 1);
  g_assert_cmpfloat (viewport.x, ==, 0.5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw-field/picture/not-smoothed", test_picture_is_not_smoothed);
  g_test_add_func ("/draw-field/picture/grey-centred", test_grey_picture_is_centred);
  g_test_add_func ("/draw-field/quiver/still", test_still_field_has_no_arrows);
  g_test_add_func ("/draw-field/quiver/direction", test_arrows_show_where_the_face_went);
  g_test_add_func ("/draw-field/quiver/resolution", test_spacing_does_not_depend_on_resolution);
  g_test_add_func ("/draw-field/quiver/legend", test_legend_is_there);
  g_test_add_func ("/draw-field/viewport", test_viewport);
  g_test_add_func ("/draw-field/smaller-picture", test_smaller_picture);
  return g_test_run ();
}
