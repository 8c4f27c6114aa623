/* SPDX-License-Identifier: MIT */
#include "cwb-canvas.h"

#include "draw/cwb-colour-map.h"
#include "draw/cwb-draw-judgement.h"

#include <contrawarp.h>
#include <math.h>

/* Bars and the sweep on plain image surfaces; no display. */

#define WIDTH 300

/* Pixels of exactly this colour in a row of the canvas: first, last, -1 where there is none. */
static void
find_run (CwbCanvas *canvas, int y, const GdkRGBA *colour, int *first, int *last)
{
  guint32 want = 0xff000000u | (guint32) lround (255 * (double) colour->red) << 16
                 | (guint32) lround (255 * (double) colour->green) << 8
                 | (guint32) lround (255 * (double) colour->blue);

  *first = *last = -1;
  for (int x = 0; x < WIDTH; x++)
    {
      if (cwb_canvas_get (canvas, x, y) != want)
        continue;
      if (*first < 0)
        *first = x;
      *last = x;
    }
}

/* All begin at one place, in their colours; lengths are as the values; negative ones go left. */
static void
test_bars (void)
{
  const CwbBar bars[] = { { "Positive", 0.8, 0 }, { "Warp negative 1", 0.4, 1 },
                          { "Warp negative 2", -0.2, 1 } };
  CwbCanvas canvas = cwb_canvas_new (WIDTH, (int) (3 * CWB_BAR_HEIGHT));
  CwbPalette palette;
  int first[3], last[3];

  cwb_palette_init (&palette, FALSE);
  cwb_draw_bars (canvas.cr, WIDTH, bars, 3, &palette);
  for (int i = 0; i < 3; i++)
    {
      find_run (&canvas, (int) ((i + 0.5) * CWB_BAR_HEIGHT), &palette.series[bars[i].series],
                &first[i], &last[i]);
      g_assert_cmpint (first[i], >, 0);
    }
  g_assert_cmpint (ABS (first[0] - first[1]), <=, 1);
  g_assert_cmpint (ABS (last[2] - first[0]), <=, 2);
  g_assert_cmpfloat_with_epsilon ((last[0] - first[0]) / (double) (last[1] - first[1]), 2, 0.06);
  g_assert_cmpfloat_with_epsilon ((last[0] - first[0]) / (double) (last[2] - first[2]), 4, 0.3);
  cwb_canvas_free (&canvas);
}

static void
draw_sweep (CwbCanvas *canvas, const float *values, int side)
{
  CwbViewport whole = cwb_viewport_whole ();
  CwbPlace place = cwb_viewport_place (&whole, WIDTH, 200, 48, 48);

  cwb_draw_sweep (canvas->cr, WIDTH, 200, &place, 48, 48, values, side);
}

/* The place that matters most has the end of the colours, the least lets the picture through; nothing goes
 * beside the picture, which is square on a canvas that is not. */
static void
test_sweep (void)
{
  float values[9] = { 0, 0, 0, 0, 0, 1, 0, 0, 0 };
  CwbCanvas canvas = cwb_canvas_new (WIDTH, 200);
  guint32 most, want = cwb_colour_map_lookup (CWB_COLOUR_MAP_SEQUENTIAL, 1);

  draw_sweep (&canvas, values, 3);
  /* The picture is at 50..250. */
  most = cwb_canvas_get (&canvas, 50 + 167, 100);
  g_assert_cmpuint (most >> 24, >, 180);
  g_assert_cmpint (ABS ((int) (most >> 16 & 255) - (int) (0.75 * (want >> 16 & 255))), <, 12);
  g_assert_cmpuint (cwb_canvas_get (&canvas, 50 + 20, 30), ==, 0);
  g_assert_cmpuint (cwb_canvas_get (&canvas, 30, 100), ==, 0);
  g_assert_cmpuint (cwb_canvas_get (&canvas, 270, 100), ==, 0);
  cwb_canvas_free (&canvas);
}

/* Where every place is alike, or nothing is known, there is nothing to show. */
static void
test_sweep_flat (void)
{
  float flat[4] = { 0.25f, 0.25f, 0.25f, 0.25f }, unknown[4] = { NAN, NAN, NAN, NAN };
  CwbCanvas canvas = cwb_canvas_new (WIDTH, 200);

  draw_sweep (&canvas, flat, 2);
  draw_sweep (&canvas, unknown, 2);
  for (int y = 0; y < 200; y += 5)
    {
      for (int x = 0; x < WIDTH; x += 5)
        g_assert_cmpuint (cwb_canvas_get (&canvas, x, y), ==, 0);
    }
  cwb_canvas_free (&canvas);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cwb/draw-judgement/bars", test_bars);
  g_test_add_func ("/cwb/draw-judgement/sweep", test_sweep);
  g_test_add_func ("/cwb/draw-judgement/sweep-flat", test_sweep_flat);
  return g_test_run ();
}
