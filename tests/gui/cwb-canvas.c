/* SPDX-License-Identifier: MIT */
#include "cwb-canvas.h"

#include <string.h>

CwbCanvas
cwb_canvas_new (int w, int h)
{
  CwbCanvas canvas = { cairo_image_surface_create (CAIRO_FORMAT_ARGB32, w, h), NULL };

  canvas.cr = cairo_create (canvas.surface);
  return canvas;
}

void
cwb_canvas_free (CwbCanvas *canvas)
{
  cairo_destroy (canvas->cr);
  cairo_surface_destroy (canvas->surface);
}

guint32
cwb_canvas_get (CwbCanvas *canvas, int x, int y)
{
  const guint8 *data;
  guint32 pixel;

  cairo_surface_flush (canvas->surface);
  data = cairo_image_surface_get_data (canvas->surface);
  memcpy (&pixel, data + y * cairo_image_surface_get_stride (canvas->surface) + 4 * x, 4);
  return pixel;
}

void
cwb_canvas_save (CwbCanvas *canvas, const char *name)
{
  g_autofree char *file = g_strdup_printf ("%s.png", name);
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "gui", file, NULL);

  g_assert_cmpint (cairo_surface_write_to_png (canvas->surface, path), ==, CAIRO_STATUS_SUCCESS);
}
