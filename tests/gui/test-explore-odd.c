/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "cw-test.h"
#include "pages/cwb-explore-page.h"
#include "util/cwb-text-scale.h"
#include "widgets/cwb-chart.h"
#include "widgets/cwb-field-view.h"
#include "widgets/cwb-histogram.h"
#include "widgets/cwb-model-panel.h"
#include "widgets/cwb-paint-view.h"
#include "widgets/cwb-sheet-view.h"
#include "widgets/cwb-stage.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* The Explore page with pictures, settings and moments that nobody hopes for. Warnings are fatal. */

typedef struct
{
  CwbWindow *window;
  CwbSession *session;
  CwbExplorePage *page;
  GtkWidget *stage;
  CwbModelPanel *panel;
  char *folder;
  char *reported; /* the last error that the session told */
} Fixture;

static void
on_error (CwbSession *session, const char *message, Fixture *fixture)
{
  g_free (fixture->reported);
  fixture->reported = g_strdup (message);
}

static void
setup (Fixture *fixture, gconstpointer unused)
{
  fixture->window = cwb_gui_test_window (1100, 760);
  fixture->session = cwb_window_get_session (fixture->window);
  fixture->page = cwb_gui_test_find (GTK_WIDGET (fixture->window), CWB_TYPE_EXPLORE_PAGE);
  fixture->stage = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_STAGE);
  fixture->panel = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_MODEL_PANEL);
  fixture->folder = cw_test_make_folder ();
  g_signal_connect (fixture->session, "error", G_CALLBACK (on_error), fixture);
}

static void
teardown (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_close (fixture->window);
  cw_test_remove_folder (fixture->folder);
  g_free (fixture->reported);
}

/* ---- files ---- */

/* Something to see, of any size; bits of alpha where it has any. */
static void
save_pixbuf (Fixture *fixture, const char *name, int w, int h, gboolean alpha, const char *type)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, alpha, 8, w, h);
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf), c = alpha ? 4 : 3;

  for (int y = 0; y < h; y++)
    {
      for (int x = 0; x < w; x++)
        {
          guchar *p = pixels + (gsize) y * (gsize) stride + (gsize) (c * x);

          p[0] = (guchar) (255 * x / w);
          p[1] = (guchar) (255 * y / h);
          p[2] = 90;
          if (alpha)
            p[3] = x < w / 2 ? 0 : 255;
        }
    }
  gdk_pixbuf_save (pixbuf, path, type, &error, NULL);
  g_assert_no_error (error);
}

static void
save_bytes (Fixture *fixture, const char *name, gconstpointer data, gsize size)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

/* A PGM of 8 or 16 bits, most significant first. */
static void
save_grey (Fixture *fixture, const char *name, int bits)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *header = g_strdup_printf ("P5\n40 50\n%d\n", (1 << bits) - 1);

  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  for (int i = 0; i < 40 * 50; i++)
    {
      guint8 value[2] = { (guint8) (i % 40 * 6), (guint8) (i % 256) };

      g_byte_array_append (bytes, value, bits == 16 ? 2 : 1);
    }
  save_bytes (fixture, name, bytes->data, bytes->len);
}

static void
cut (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  save_bytes (fixture, name, data, size / 2);
}

/* ---- waiting ---- */

static gboolean
is_idle (gpointer page)
{
  return !cwb_explore_page_get_busy (page);
}

static void
wait_for_views (Fixture *fixture)
{
  cwb_gui_test_wait ("the views", is_idle, fixture->page);
}

static gboolean
is_judged (gpointer panel)
{
  return cwb_model_panel_get_judgement (panel) != NULL;
}

static void
act (Fixture *fixture, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), action, NULL);
}

static void
draw (Fixture *fixture)
{
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
}

static void
close_window_of (gpointer widget)
{
  gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (widget)));
}

/* ---- what is asked of the page ---- */

static GtkWidget *
get_child (Fixture *fixture, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (fixture->page),
                                                    CWB_TYPE_EXPLORE_PAGE, name));
}

static void
assert_views (Fixture *fixture)
{
  const CwbExploration *exploration = cwb_explore_page_get_exploration (fixture->page);
  int size = cwb_session_get_experiment (fixture->session)->recipe->views->preprocess.size;

  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "views");
  g_assert_nonnull (exploration);
  g_assert_cmpint (exploration->pictures[0].image->w, >, 0);
  for (int i = 1; i < exploration->n_pictures; i++)
    {
      g_assert_cmpint (exploration->pictures[i].image->w, ==, size);
      g_assert_cmpint (exploration->pictures[i].image->h, ==, size);
      g_assert_true (isfinite (exploration->pictures[i].stats.max));
      g_assert_true (isfinite (exploration->pictures[i].similarity));
    }
}

/* One line about this picture and what to do, and nothing of an earlier one. */
static void
assert_error (Fixture *fixture, const char *name)
{
  GtkWidget *error_page = get_child (fixture, "error_page");
  const char *text = adw_status_page_get_description (ADW_STATUS_PAGE (error_page));

  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "error");
  g_assert_null (cwb_explore_page_get_exploration (fixture->page));
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, name));
  g_assert_nonnull (strstr (text, "try again"));
  g_assert_null (strchr (text, '\n'));
}

static void
show_all_overlays (Fixture *fixture)
{
  for (int i = 0; i < CWB_N_OVERLAYS; i++)
    {
      act (fixture, "explore.next-overlay");
      draw (fixture);
    }
  for (int i = 0; i <= CWB_N_COMPARE_MODES; i++)
    {
      act (fixture, "explore.next-compare");
      draw (fixture);
    }
  act (fixture, "explore.source-marks");
  act (fixture, "explore.zoom-in");
  draw (fixture);
  act (fixture, "explore.zoom-reset");
  act (fixture, "explore.source-marks");
}

static void
show_variants (Fixture *fixture)
{
  static const char *const actions[]
      = { "explore.checkerboard", "explore.checkerboard", "explore.keep-a", "explore.swap-a",
          "explore.forget-a", "explore.reroll" };

  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      act (fixture, actions[i]);
      wait_for_views (fixture);
      assert_views (fixture);
      draw (fixture);
    }
}

static void
show_sides (Fixture *fixture)
{
  g_object_set (fixture->page, "side", "chance", NULL);
  draw (fixture);
  g_object_set (fixture->page, "side", "model", NULL);
  cwb_gui_test_wait ("the judgement", is_judged, fixture->panel);
  draw (fixture);
  g_object_set (fixture->page, "side", "views", NULL);
}

static void
show_sheets (Fixture *fixture, gboolean readable)
{
  CwbSheetView *view;

  act (fixture, "explore.sheet");
  view = cwb_gui_test_find_anywhere (CWB_TYPE_SHEET_VIEW);
  g_assert_nonnull (view);
  for (int kind = 0; kind < CWB_N_SHEET_KINDS; kind++)
    {
      cwb_sheet_view_set_kind (view, kind);
      cwb_gui_test_wait ("the sheet", cwb_gui_test_sheet_is_made, view);
      g_assert_true (!readable || kind == CWB_SHEET_FACES || cwb_sheet_view_get_sheet (view) != NULL);
      gtk_test_widget_wait_for_draw (GTK_WIDGET (view));
    }
  close_window_of (view);
}

/* It opens when the face is there; the window of who asks stays alive meanwhile. */
static CwbPaintView *
open_painting (Fixture *fixture)
{
  act (fixture, "explore.paint");
  g_assert_null (cwb_gui_test_find_anywhere (CWB_TYPE_PAINT_VIEW));
  g_assert_true (cwb_explore_page_get_busy (fixture->page));
  wait_for_views (fixture);
  return cwb_gui_test_find_anywhere (CWB_TYPE_PAINT_VIEW);
}

static void
show_painting (Fixture *fixture)
{
  CwbPaintView *view = open_painting (fixture);
  CwbPaintCanvas *canvas;
  guint n;

  g_assert_nonnull (view);
  canvas = cwb_paint_view_get_canvas (view);
  cwb_gui_test_press (GTK_WIDGET (canvas), GDK_KEY_Right, 0);
  g_assert_true (cwb_gui_test_press (GTK_WIDGET (canvas), GDK_KEY_Return, 0));
  cwb_painting_get_dabs (cwb_paint_canvas_get_painting (canvas), &n);
  g_assert_cmpuint (n, >, 0);
  g_assert_nonnull (cwb_paint_canvas_get_texture (canvas));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (view));
  close_window_of (view);
}

static void
go_through (Fixture *fixture)
{
  assert_views (fixture);
  draw (fixture);
  show_all_overlays (fixture);
  show_variants (fixture);
  show_sides (fixture);
  show_sheets (fixture, TRUE);
  show_painting (fixture);
}

/* ---- tests ---- */

static void
use_random_model (Fixture *fixture)
{
  g_autoptr (CwModel) model
      = cw_recipe_random_model (cwb_session_get_experiment (fixture->session)->recipe);

  cwb_session_set_model (fixture->session, model);
}

static void
set (Fixture *fixture, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  cw_experiment_set (cwb_session_get_experiment (fixture->session), key, value, &error);
  g_assert_no_error (error);
}

static void
open_page (Fixture *fixture)
{
  cwb_gui_test_open (fixture->window, fixture->folder);
  cwb_gui_test_show_page (fixture->window, "explore");
  wait_for_views (fixture);
}

/* Small views and a small encoder: it is not they that are tested. */
static void
make_small (Fixture *fixture)
{
  set (fixture, "view.size", "32");
  set (fixture, "encoder.width", "8");
  cwb_session_experiment_changed (fixture->session);
}

static void
test_odd_pictures (Fixture *fixture, gconstpointer unused)
{
  save_pixbuf (fixture, "a-one-pixel.png", 1, 1, FALSE, "png");
  save_pixbuf (fixture, "b-large.jpg", 8000, 6000, FALSE, "jpeg");
  save_pixbuf (fixture, "c-wide.png", 2000, 3, FALSE, "png");
  save_pixbuf (fixture, "d-tall.png", 3, 2000, FALSE, "png");
  save_grey (fixture, "e-grey.pgm", 8);
  save_grey (fixture, "f-grey-16.pgm", 16);
  save_pixbuf (fixture, "g-half-there.png", 60, 40, TRUE, "png");
  make_small (fixture);
  use_random_model (fixture);
  open_page (fixture);
  g_assert_cmpuint (cw_dataset_get_n_items (cwb_session_get_dataset (fixture->session)), ==, 7);
  for (guint i = 0; i < 7; i++)
    {
      cwb_session_set_selected (fixture->session, i);
      wait_for_views (fixture);
      g_test_message ("picture %u", i);
      go_through (fixture);
    }
  g_assert_cmpstr (fixture->reported, ==, NULL);
}

/* Where nothing is seen through, mid grey stands in: the views have no other colour on the left. */
static void
test_transparent (Fixture *fixture, gconstpointer unused)
{
  const CwImage *source;

  save_pixbuf (fixture, "half-there.png", 60, 40, TRUE, "png");
  open_page (fixture);
  source = cwb_explore_page_get_exploration (fixture->page)->pictures[0].image;
  g_assert_cmpint (source->c, ==, 3);
  for (int y = 0; y < source->h; y++)
    {
      for (int c = 0; c < 3; c++)
        g_assert_cmpint (source->data[3 * y * source->w + c], ==, 128);
    }
}

/* Files that break between listing and showing: each says so, the next shows again, and mended ones too. */
static void
test_unreadable (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *gone = g_build_filename (fixture->folder, "b-gone.png", NULL);

  save_pixbuf (fixture, "a-good.png", 50, 50, FALSE, "png");
  save_pixbuf (fixture, "b-gone.png", 50, 50, FALSE, "png");
  save_pixbuf (fixture, "c-cut.jpg", 300, 300, FALSE, "jpeg");
  save_pixbuf (fixture, "d-cut.png", 300, 300, FALSE, "png");
  make_small (fixture);
  use_random_model (fixture);
  open_page (fixture);
  assert_views (fixture);
  g_remove (gone);
  cut (fixture, "c-cut.jpg");
  cut (fixture, "d-cut.png");
  for (guint i = 1; i < 4; i++)
    {
      static const char *const names[] = { "a-good.png", "b-gone.png", "c-cut.jpg", "d-cut.png" };

      act (fixture, "explore.next");
      wait_for_views (fixture);
      assert_error (fixture, names[i]);
      draw (fixture);
      show_sheets (fixture, FALSE);
      g_assert_null (open_painting (fixture));
      g_assert_nonnull (strstr (fixture->reported, names[i]));
    }
  save_pixbuf (fixture, "d-cut.png", 300, 300, FALSE, "png");
  act (fixture, "explore.try-again");
  wait_for_views (fixture);
  assert_views (fixture);
  act (fixture, "explore.next");
  wait_for_views (fixture);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 0);
  assert_views (fixture);
}

/* All of the text of labels and inscriptions below @root. */
static void
collect_text (GtkWidget *root, GString *text)
{
  if (GTK_IS_LABEL (root))
    g_string_append_printf (text, "%s\n", gtk_label_get_text (GTK_LABEL (root)));
  if (GTK_IS_INSCRIPTION (root))
    g_string_append_printf (text, "%s\n", gtk_inscription_get_text (GTK_INSCRIPTION (root)));
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_text (child, text);
}

/* A warp far beyond folding: how many pixels fold is said beside each warped view, and can be seen. */
static void
test_folds (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration;
  GString *text = g_string_new (NULL);
  g_autofree char *told = NULL;

  save_pixbuf (fixture, "face.png", 64, 64, FALSE, "png");
  set (fixture, "warp.fold-free", "false");
  set (fixture, "warp.magnitude-min", "0.5");
  set (fixture, "warp.magnitude-max", "0.5");
  cwb_session_experiment_changed (fixture->session);
  open_page (fixture);
  exploration = cwb_explore_page_get_exploration (fixture->page);
  g_assert_cmpint (exploration->pictures[3].stats.n_folds, >, 0);
  g_assert_cmpfloat ((double) exploration->pictures[3].stats.min_det, <, 0);
  told = g_strdup_printf ("folds at %d pixel", exploration->pictures[3].stats.n_folds);
  collect_text (GTK_WIDGET (cwb_stage_get_card (CWB_STAGE (fixture->stage), 3)), text);
  g_assert_nonnull (strstr (text->str, told));
  g_string_free (text, TRUE);
  g_object_set (fixture->page, "overlay", "determinant", NULL);
  draw (fixture);
  make_small (fixture);
  use_random_model (fixture);
  wait_for_views (fixture);
  go_through (fixture);
}

/* The smallest views there can be and the largest; a model for another size says so and nothing else. */
static void
test_sizes (Fixture *fixture, gconstpointer unused)
{
  static const char *const sizes[] = { "16", "512" };
  CwExperiment *experiment = cwb_session_get_experiment (fixture->session);
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);

  save_pixbuf (fixture, "face.png", 64, 64, FALSE, "png");
  make_small (fixture);
  use_random_model (fixture);
  open_page (fixture);
  g_assert_false (cw_experiment_set (experiment, "view.size", "8", &error));
  g_assert_nonnull (strstr (error->message, "16 to 512"));
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      set (fixture, "view.size", sizes[i]);
      cwb_session_experiment_changed (fixture->session);
      wait_for_views (fixture);
      assert_views (fixture);
      show_all_overlays (fixture);
      show_variants (fixture);
      show_painting (fixture);
      g_assert_false (cwb_explore_page_get_exploration (fixture->page)->pictures[2].compared);
    }
  g_object_set (fixture->page, "side", "model", NULL);
  cwb_gui_test_run_for (600);
  collect_text (GTK_WIDGET (fixture->panel), text);
  g_assert_nonnull (strstr (text->str, "512"));
  g_assert_false (is_judged (fixture->panel));
  g_string_free (text, TRUE);
}

/* With one face there is no other to go to, and with none nothing to do. */
static void
test_one_face (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_show_page (fixture->window, "explore");
  act (fixture, "explore.sheet");
  act (fixture, "explore.paint");
  g_assert_null (cwb_gui_test_find_anywhere (CWB_TYPE_SHEET_VIEW));
  g_assert_false (cwb_explore_page_get_busy (fixture->page));
  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "empty");
  save_pixbuf (fixture, "face.png", 64, 64, FALSE, "png");
  make_small (fixture);
  use_random_model (fixture);
  open_page (fixture);
  act (fixture, "explore.next");
  act (fixture, "explore.previous");
  wait_for_views (fixture);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 0);
  go_through (fixture);
}

static int
measure_least (GtkWidget *widget)
{
  int least;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return least;
}

static int
measure_height (GtkWidget *widget)
{
  int height;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  return height;
}

/* What charts write follows the text around it, and has the room for it. */
static void
test_large_charts (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *panel = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_MODEL_PANEL);
  GtkWidget *chart = cwb_gui_test_find (panel, CWB_TYPE_CHART);
  GtkWidget *bars = cwb_gui_test_find (panel, GTK_TYPE_DRAWING_AREA);
  GtkWidget *histogram = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_HISTOGRAM);
  GtkWidget *const widgets[] = { chart, bars, histogram };
  int heights[G_N_ELEMENTS (widgets)], dpi;

  save_pixbuf (fixture, "face.png", 64, 64, FALSE, "png");
  make_small (fixture);
  use_random_model (fixture);
  open_page (fixture);
  g_object_set (fixture->page, "side", "model", NULL);
  draw (fixture);
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024, NULL);
  draw (fixture);
  for (size_t i = 0; i < G_N_ELEMENTS (widgets); i++)
    {
      g_assert_cmpfloat_with_epsilon (cwb_text_scale (widgets[i]), 1, 1e-6);
      heights[i] = measure_height (widgets[i]);
      g_assert_cmpint (heights[i], >, 0);
    }
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 144 * 1024, NULL);
  draw (fixture);
  for (size_t i = 0; i < G_N_ELEMENTS (widgets); i++)
    {
      g_assert_cmpfloat_with_epsilon (cwb_text_scale (widgets[i]), 1.5, 1e-6);
      g_assert_cmpint (measure_height (widgets[i]), >=, 3 * heights[i] / 2);
    }
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", dpi, NULL);
}

/* With text half as large again the page still fits a narrow window, and its side column is as wide as what
 * is in it. */
static void
test_large_text (Fixture *fixture, gconstpointer unused)
{
  static const char *const sides[] = { "views", "chance", "model" };
  GtkWidget *stack = get_child (fixture, "side_stack");
  int dpi;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  save_pixbuf (fixture, "face.png", 64, 64, FALSE, "png");
  make_small (fixture);
  use_random_model (fixture);
  open_page (fixture);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 144 * 1024, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_object_set (fixture->page, "side", sides[i], NULL);
      draw (fixture);
      g_test_message ("%s: %d px, has %d; page %d px", sides[i], measure_least (stack),
                      gtk_widget_get_width (stack), measure_least (GTK_WIDGET (fixture->page)));
      g_assert_cmpint (measure_least (GTK_WIDGET (fixture->page)), <=, 400);
      g_assert_cmpint (gtk_widget_get_width (stack), >=, measure_least (stack));
    }
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", dpi, NULL);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/explore-odd/pictures", test_odd_pictures },
    { "/explore-odd/transparent", test_transparent },
    { "/explore-odd/unreadable", test_unreadable },
    { "/explore-odd/folds", test_folds },
    { "/explore-odd/sizes", test_sizes },
    { "/explore-odd/one-face", test_one_face },
    { "/explore-odd/large-text", test_large_text },
    { "/explore-odd/large-charts", test_large_charts },
  };

  cwb_gui_test_init (&argc, &argv);
  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, setup, tests[i].func, teardown);
  return g_test_run ();
}
