/* SPDX-License-Identifier: MIT */
/* Charts and confusion matrices on image surfaces: no display is needed. */
#include "draw/cwb-draw-chart.h"
#include "draw/cwb-draw-confusion.h"

#include <math.h>
#include <string.h>

#define WIDTH 400
#define HEIGHT 240

static cairo_surface_t *
new_surface (cairo_t **cr)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);

  *cr = cairo_create (surface);
  cairo_set_source_rgb (*cr, 1, 1, 1);
  cairo_paint (*cr);
  return surface;
}

static guint32
pixel (cairo_surface_t *surface, int x, int y)
{
  const guint8 *data;

  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface)
         + (gsize) y * (gsize) cairo_image_surface_get_stride (surface);
  return ((const guint32 *) (gconstpointer) data)[x] & 0xFFFFFF;
}

/* Whether any pixel within @reach of (x, y) is near to @colour. */
static gboolean
has_colour (cairo_surface_t *surface, double x, double y, int reach, const GdkRGBA *colour)
{
  for (int dy = -reach; dy <= reach; dy++)
    {
      for (int dx = -reach; dx <= reach; dx++)
        {
          int px = (int) x + dx, py = (int) y + dy;
          guint32 p;

          if (px < 0 || py < 0 || px >= WIDTH || py >= HEIGHT)
            continue;
          p = pixel (surface, px, py);
          if (fabs ((p >> 16 & 255) / 255.0 - (double) colour->red) < 0.12
              && fabs ((p >> 8 & 255) / 255.0 - (double) colour->green) < 0.12
              && fabs ((p & 255) / 255.0 - (double) colour->blue) < 0.12)
            return TRUE;
        }
    }
  return FALSE;
}

/* The line runs where the frame says that its values are. */
static void
test_line_position (void)
{
  g_autoptr (CwbChartModel) model = cwb_chart_model_new ("Loss", "step");
  CwbChartFrame f;
  CwbPalette palette;
  cairo_surface_t *surface;
  cairo_t *cr;

  cwb_palette_init (&palette, FALSE);
  cwb_chart_model_add_series (model, "loss");
  for (int i = 0; i <= 10; i++)
    cwb_chart_model_append (model, 0, i, i * i);
  surface = new_surface (&cr);
  cwb_draw_chart (cr, WIDTH, HEIGHT, model, NAN, &palette, &f);
  for (int i = 1; i < 10; i++)
    {
      double x = f.left + (i - f.x0) / (f.x1 - f.x0) * f.width;
      double y = f.top + (f.y1 - i * i) / (f.y1 - f.y0) * f.height;

      g_assert_true (has_colour (surface, x, y, 2, &palette.series[0]));
      g_assert_false (has_colour (surface, x, y > HEIGHT / 2 ? y - 40 : y + 40, 2,
                                  &palette.series[0]));
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Gaps, one point, no points, huge series, constant values: all drawn, nothing infinite. */
static void
test_odd_series (void)
{
  CwbPalette palette;

  cwb_palette_init (&palette, TRUE);
  for (int kind = 0; kind < 6; kind++)
    {
      g_autoptr (CwbChartModel) model = cwb_chart_model_new ("Odd", "step");
      CwbChartFrame f;
      cairo_surface_t *surface;
      cairo_t *cr;
      int n = kind == 0 ? 0 : kind == 1 ? 1 : kind == 2 ? 100000 : 50;

      cwb_chart_model_add_series (model, "a");
      cwb_chart_model_add_series (model, "b");
      for (int i = 0; i < n; i++)
        {
          cwb_chart_model_append (model, 0, i, kind == 3 ? 2.5 : kind == 5 ? 1e17 : sin (i * 0.01));
          cwb_chart_model_append (model, 1, i, i % 7 == 0 || kind >= 4 ? NAN : cos (i));
        }
      surface = new_surface (&cr);
      cwb_draw_chart (cr, WIDTH, HEIGHT, model, 3, &palette, &f);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      g_assert_true (isfinite (f.x0) && isfinite (f.x1) && isfinite (f.y0) && isfinite (f.y1));
      g_assert_cmpfloat (f.x1, >, f.x0);
      g_assert_cmpfloat (f.y1, >, f.y0);
      g_assert_cmpuint (cwb_chart_model_get_n_points (model), ==, n);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
      cwb_chart_model_clear (model);
      g_assert_cmpuint (cwb_chart_model_get_n_points (model), ==, 0);
    }
}

/* A legend that has no room in one row has two, and the lines begin below. */
static void
test_legend_rows (void)
{
  g_autoptr (CwbChartModel) model = cwb_chart_model_new ("Two", "x");
  CwbPalette palette;
  CwbChartFrame wide, narrow;
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (&cr);

  cwb_palette_init (&palette, FALSE);
  cwb_chart_model_add_series (model, "to the anchor");
  cwb_chart_model_add_series (model, "to the unwarped view");
  cwb_chart_model_append (model, 0, 0, 1);
  cwb_chart_model_append (model, 1, 0, 2);
  cwb_draw_chart (cr, WIDTH, HEIGHT, model, NAN, &palette, &wide);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cwb_draw_chart (cr, 200, HEIGHT, model, NAN, &palette, &narrow);
  g_assert_cmpfloat (wide.top, ==, 46);
  g_assert_cmpfloat (narrow.top, >, wide.top);
  g_assert_cmpfloat (narrow.top + narrow.height, ==, wide.top + wide.height);
  g_assert_true (has_colour (surface, narrow.left + 3, 32, 2, &palette.series[0]));
  g_assert_true (has_colour (surface, narrow.left + 3, 50, 2, &palette.series[1]));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Lines of one name, as the seeds of a condition, are one entry. */
static void
test_legend_names (void)
{
  g_autoptr (CwbChartModel) model = cwb_chart_model_new ("Seeds", "x");
  CwbPalette palette;
  CwbChartFrame frame;
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (&cr);

  cwb_palette_init (&palette, FALSE);
  for (guint s = 0; s < 12; s++)
    {
      cwb_chart_model_add_series (model, s < 6 ? "A: one condition" : "B: another one");
      cwb_chart_model_set_look (model, s, s / 6, 0);
      /* The first has no value yet. */
      if (s > 0)
        cwb_chart_model_append (model, s, 0, s);
    }
  cwb_draw_chart (cr, WIDTH, HEIGHT, model, 0, &palette, &frame);
  g_assert_cmpfloat (frame.top, ==, 46);
  g_assert_true (has_colour (surface, frame.left + 3, 32, 2, &palette.series[0]));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* A long name of the axis stays within the chart. */
static void
test_x_label (void)
{
  g_autoptr (CwbChartModel) model
      = cwb_chart_model_new ("Similarity", "largest displacement of the warp, of all the view, px");
  const int width = 150;
  CwbPalette palette;
  CwbChartFrame f;
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (&cr);
  gboolean inside = FALSE;

  cwb_palette_init (&palette, FALSE);
  cwb_chart_model_add_series (model, "a");
  cwb_chart_model_append (model, 0, 0, 1);
  cwb_chart_model_append (model, 0, 1, 2);
  cwb_draw_chart (cr, width, HEIGHT, model, NAN, &palette, &f);
  for (int y = (int) (f.top + f.height) + 22; y < HEIGHT; y++)
    {
      for (int x = 0; x < WIDTH; x++)
        {
          gboolean written = pixel (surface, x, y) != pixel (surface, WIDTH - 1, 0);

          inside = inside || written;
          g_assert_true (x < width || !written);
        }
    }
  g_assert_true (inside);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Wherever the values are, two labels at least tell the scale of the y axis. */
static void
test_two_labels (void)
{
  CwbPalette palette;

  cwb_palette_init (&palette, FALSE);
  for (int i = 0; i < 400; i++)
    {
      g_autoptr (CwbChartModel) model = cwb_chart_model_new ("Loss", "step");
      double low = 0.037 * i - 5, range = 0.01 + 0.0173 * (i % 97);
      CwbChartFrame f;
      cairo_surface_t *surface;
      cairo_t *cr;

      cwb_chart_model_add_series (model, "a");
      cwb_chart_model_append (model, 0, 1, low);
      cwb_chart_model_append (model, 0, 2, low + range);
      surface = new_surface (&cr);
      cwb_draw_chart (cr, WIDTH, i % 2 ? 150 : HEIGHT, model, NAN, &palette, &f);
      g_assert_cmpfloat (floor (f.y1 / f.y_step) - ceil (f.y0 / f.y_step), >=, 1);
      g_assert_cmpfloat ((f.y1 - f.y0) / f.y_step, <, 12);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
}

static gboolean
legend_has (const CwbChartModel *model, const GdkRGBA *colour)
{
  CwbPalette palette;
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (&cr);
  gboolean found = FALSE;

  cwb_palette_init (&palette, FALSE);
  cwb_draw_chart (cr, WIDTH, HEIGHT, model, NAN, &palette, NULL);
  for (int x = 0; x < WIDTH; x++)
    found = found || has_colour (surface, x, 32, 1, colour);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return found;
}

/* What an objective does not have is not named as if it were there. */
static void
test_legend (void)
{
  g_autoptr (CwbChartModel) model = cwb_chart_model_new ("Loss", "step");
  CwbPalette palette;

  cwb_palette_init (&palette, FALSE);
  cwb_chart_model_add_series (model, "a");
  cwb_chart_model_add_series (model, "b");
  for (int i = 0; i < 5; i++)
    {
      cwb_chart_model_append (model, 0, i, i);
      cwb_chart_model_append (model, 1, i, NAN);
    }
  g_assert_true (legend_has (model, &palette.series[0]));
  g_assert_false (legend_has (model, &palette.series[1]));
  cwb_chart_model_append (model, 1, 5, 1);
  g_assert_true (legend_has (model, &palette.series[1]));
}

static void
test_chart_text (void)
{
  g_autoptr (CwbChartModel) model = cwb_chart_model_new ("Loss", "step");
  g_autofree char *text = NULL, *other = NULL;

  cwb_chart_model_add_series (model, "total");
  cwb_chart_model_append (model, 0, 1, 0.75);
  cwb_chart_model_append (model, 0, 2, 0.25);
  text = cwb_chart_model_describe (model);
  g_assert_cmpstr (text, ==, "Loss: 2 points, last total 0.25");
  cwb_chart_model_set_name (model, 0, "sum");
  other = cwb_chart_model_describe (model);
  g_assert_cmpstr (other, ==, "Loss: 2 points, last sum 0.25");
}

/* A perfect row is full of colour on the diagonal and empty elsewhere. */
static void
test_confusion (void)
{
  const guint counts[4] = { 10, 0, 5, 5 };
  const char *const names[] = { "left", "right" };
  g_autofree char *text = cwb_describe_confusion (counts, 2, names);
  CwbPalette palette;
  cairo_surface_t *surface;
  cairo_t *cr;
  int filled = 0, empty = 0;

  g_assert_cmpstr (text, ==,
                   "left: 10 of 10 right; right: 5 of 10 right, most often taken for left (5)");
  cwb_palette_init (&palette, FALSE);
  surface = new_surface (&cr);
  cwb_draw_confusion (cr, WIDTH, HEIGHT, counts, 2, names, &palette);
  /* Along the first row of cells there is one strong one and one that is nearly white. */
  for (int x = 0; x < WIDTH; x++)
    {
      guint32 p = pixel (surface, x, HEIGHT / 2 - 20);

      filled += (p & 255) > 180 && (p >> 16 & 255) < 90;
      empty += (p >> 16 & 255) > 235 && (p >> 8 & 255) > 220 && (p & 255) > 215 && p != 0xFFFFFF;
    }
  g_assert_cmpint (filled, >, 30);
  g_assert_cmpint (empty, >, 30);
  cwb_draw_confusion (cr, 20, 20, counts, 2, names, &palette);
  cwb_draw_confusion (cr, WIDTH, HEIGHT, NULL, 0, NULL, &palette);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cwb/chart/line-position", test_line_position);
  g_test_add_func ("/cwb/chart/odd-series", test_odd_series);
  g_test_add_func ("/cwb/chart/legend-rows", test_legend_rows);
  g_test_add_func ("/cwb/chart/legend-names", test_legend_names);
  g_test_add_func ("/cwb/chart/x-label", test_x_label);
  g_test_add_func ("/cwb/chart/two-labels", test_two_labels);
  g_test_add_func ("/cwb/chart/legend", test_legend);
  g_test_add_func ("/cwb/chart/text", test_chart_text);
  g_test_add_func ("/cwb/confusion", test_confusion);
  return g_test_run ();
}
