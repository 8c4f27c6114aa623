/* SPDX-License-Identifier: MIT */
#include "draw/cwb-draw-sheet.h"

#include "cw-test.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <string.h>

/* Sheets of views; no display. */

#define FACES "generated:faces?n=6&size=64&per-subject=2"
#define SIZE 32

static CwbScene *
make_scene (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwDataset) dataset = cw_dataset_open (FACES, NULL, NULL, NULL, &error);
  g_autoptr (CwViews) views = cw_views_new (SIZE);

  g_assert_no_error (error);
  return cwb_scene_new (dataset, 1, views, 0, 7, 0);
}

static void
assert_image (const CwImage *image, const CwbScene *scene, const CwViews *views, guint32 item,
              guint32 epoch, int view)
{
  g_autoptr (CwRenderer) renderer = cw_renderer_new (SIZE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) want = NULL;
  float pixels[3 * SIZE * SIZE];

  cw_loader_render_view (scene->dataset, item, views, 0, 7, epoch, view, renderer, pixels, NULL, NULL,
                         &error);
  g_assert_no_error (error);
  want = cw_picture_from_float (pixels, SIZE, SIZE);
  g_assert_cmpmem (image->data, cw_image_bytes (image), want->data, cw_image_bytes (want));
}

static void
test_draws (void)
{
  g_autoptr (CwbScene) scene = make_scene ();
  CwbSheetSpec spec = { .kind = CWB_SHEET_DRAWS, .view = 2, .n_rows = 2, .n_columns = 3 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbSheet) sheet = cwb_sheet_new (scene, &spec, NULL, &error);

  g_assert_no_error (error);
  for (guint32 i = 0; i < 6; i++)
    assert_image (sheet->images[i], scene, scene->views, 1, i, 2);
  g_assert_cmpstr (sheet->title, ==, "face-000001.png, warp negative 1, seed 7, epochs 0 to 5");
  g_assert_nonnull (strstr (sheet->parameters, "local-translation: "));
}

/* The faces go round; with one draw, what is drawn for the first is drawn for all. */
static void
test_faces (void)
{
  g_autoptr (CwbScene) scene = make_scene ();
  CwbSheetSpec spec = { .kind = CWB_SHEET_FACES, .view = 0, .n_rows = 1, .n_columns = 8 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbSheet) sheet = cwb_sheet_new (scene, &spec, NULL, &error);

  g_assert_no_error (error);
  assert_image (sheet->images[0], scene, scene->views, 1, 0, 0);
  g_assert_cmpuint (cw_image_hash (sheet->images[0]), !=, cw_image_hash (sheet->images[1]));
  g_assert_cmpuint (cw_image_hash (sheet->images[0]), ==, cw_image_hash (sheet->images[6]));
}

static void
test_sweep (void)
{
  g_autoptr (CwbScene) scene = make_scene ();
  CwbSheetSpec spec = { .kind = CWB_SHEET_SWEEP, .view = 2, .n_rows = 2, .n_columns = 3,
                        .rows = { "warp.points", 1, 4 }, .columns = { "warp.magnitude", 0.05, 0.15 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbSheet) sheet = cwb_sheet_new (scene, &spec, NULL, &error);
  g_autoptr (CwViews) views = cw_views_copy (scene->views);

  g_assert_no_error (error);
  g_assert_cmpstr (sheet->row_labels[1], ==, "warp.points 4");
  g_assert_cmpstr (sheet->column_labels[1], ==, "warp.magnitude 0.1");
  cw_params_set_string (views->warp->base.params, views->warp_params, NULL, "points", "4", &error);
  cw_params_set_string (views->warp->base.params, views->warp_params, NULL, "magnitude-min", "0.1",
                        &error);
  cw_params_set_string (views->warp->base.params, views->warp_params, NULL, "magnitude-max", "0.1",
                        &error);
  g_assert_no_error (error);
  assert_image (sheet->images[4], scene, views, 1, 0, 2);
}

static void
assert_error (const CwbScene *scene, const char *key, double to, int code, const char *text)
{
  CwbSheetSpec spec = { .kind = CWB_SHEET_SWEEP, .view = 2, .n_rows = 1, .n_columns = 2,
                        .columns = { key, 0.05, to } };
  g_autoptr (GError) error = NULL;

  g_assert_null (cwb_sheet_new (scene, &spec, NULL, &error));
  g_assert_error (error, CW_ERROR, code);
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_errors (void)
{
  g_autoptr (CwbScene) scene = make_scene ();

  assert_error (scene, "warp.magnitude", 900, CW_ERROR_INVALID_CONFIG, "magnitude-min");
  assert_error (scene, "warp.sigma", 1, CW_ERROR_NOT_FOUND, "warp.sigma");
  assert_error (scene, "view.fog.sigma", 1, CW_ERROR_NOT_FOUND, "view.fog.sigma");
}

/* Everything that is offered can be swept over its range. */
static void
test_parameters (void)
{
  g_autoptr (CwbScene) scene = make_scene ();
  g_autoptr (GPtrArray) parameters = cwb_sheet_list_parameters (scene->views);
  gboolean pair = FALSE;

  g_assert_cmpuint (parameters->len, >, 8);
  for (guint i = 0; i < parameters->len; i++)
    {
      const CwbSheetParameter *parameter = g_ptr_array_index (parameters, i);
      CwbSheetSpec spec = { .kind = CWB_SHEET_SWEEP, .view = 2, .n_rows = 1, .n_columns = 2 };
      g_autoptr (GError) error = NULL;
      g_autoptr (CwbSheet) sheet = NULL;

      spec.columns.key = parameter->key;
      spec.columns.from = parameter->spec->min;
      spec.columns.to = parameter->spec->def;
      sheet = cwb_sheet_new (scene, &spec, NULL, &error);
      g_assert_no_error (error);
      pair = pair || g_str_equal (parameter->key, "warp.magnitude");
      g_assert_false (g_str_has_suffix (parameter->key, "-max"));
    }
  g_assert_true (pair);
}

static int
count_pixels (cairo_surface_t *surface, guint32 rgb)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int n = 0;

  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    {
      for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
        {
          guint32 pixel;

          memcpy (&pixel, data + y * cairo_image_surface_get_stride (surface) + 4 * x, 4);
          n += (pixel & 0xffffff) == rgb;
        }
    }
  return n;
}

/* A picture that could not be read leaves a grey cell, and no more than that. */
static void
test_export (void)
{
  static const struct
  {
    const char *name, *magic;
  } files[] = { { "a.png", "\x89PNG" }, { "b.svg", "<?xml" }, { "c.PDF", "%PDF" } };
  g_autoptr (CwbScene) scene = make_scene ();
  CwbSheetSpec spec = { .kind = CWB_SHEET_DRAWS, .view = 1, .n_rows = 2, .n_columns = 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CwbSheet) sheet = cwb_sheet_new (scene, &spec, NULL, &error);
  char *folder = g_dir_make_tmp ("cw-sheet-XXXXXX", NULL);
  double width, height;

  g_clear_pointer (&sheet->images[3], cw_image_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].name, NULL), *text = NULL;

      g_assert_true (cwb_sheet_export (sheet, 64, path, &error));
      g_file_get_contents (path, &text, NULL, NULL);
      g_assert_true (g_str_has_prefix (text, files[i].magic));
    }
  {
    g_autofree char *path = g_build_filename (folder, "a.png", NULL);
    cairo_surface_t *read = cairo_image_surface_create_from_png (path);

    cwb_sheet_measure (sheet, 64, &width, &height);
    g_assert_cmpint (cairo_image_surface_get_width (read), ==, (int) width);
    g_assert_cmpint (cairo_image_surface_get_height (read), ==, (int) height);
    g_assert_cmpint (count_pixels (read, 0xd9d9d9), >, 64 * 64 * 3 / 4);
    g_assert_cmpint (count_pixels (read, 0xd9d9d9), <=, 64 * 64);
    cairo_surface_destroy (read);
  }
  {
    g_autofree char *path = g_build_filename (folder, "a.gif", NULL);

    g_assert_false (cwb_sheet_export (sheet, 64, path, &error));
    g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  }
  cw_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cw_init ();
  g_test_add_func ("/cwb/sheet/draws", test_draws);
  g_test_add_func ("/cwb/sheet/faces", test_faces);
  g_test_add_func ("/cwb/sheet/sweep", test_sweep);
  g_test_add_func ("/cwb/sheet/errors", test_errors);
  g_test_add_func ("/cwb/sheet/parameters", test_parameters);
  g_test_add_func ("/cwb/sheet/export", test_export);
  return g_test_run ();
}
