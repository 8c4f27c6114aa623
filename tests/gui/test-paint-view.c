/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"
#include "cwb-screenshot.h"

#include "cw-test.h"
#include "models/cwb-warps.h"
#include "widgets/cwb-paint-view.h"

#include <contrawarp.h>
#include <math.h>
#include <string.h>

/* Painting on a face: by the model, by pointer, by keys. With CONTRAWARP_SCREENSHOTS=DIR it also makes pictures
 * to look at. */

#define SIDE CWB_PAINT_CANVAS_SIDE

typedef struct
{
  GtkWidget *window;
  CwbPaintView *view;
  CwbPaintCanvas *canvas;
  CwbPainting *painting;
} Fixture;

static void
show_face (Fixture *f, guint index)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwDataset) dataset
      = cw_dataset_open ("generated:faces?n=4&size=192&per-subject=2", NULL, NULL, NULL, &error);
  g_autoptr (CwViews) views = cw_views_new (SIDE);
  CwPoint points[CW_N_LANDMARKS];
  g_autoptr (CwImage) image = NULL;

  g_assert_no_error (error);
  image = cw_loader_load_source (dataset, index, views, 0, points, &error);
  g_assert_no_error (error);
  cwb_paint_view_set_face (f->view, image, points);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->window = gtk_window_new ();
  f->view = CWB_PAINT_VIEW (cwb_paint_view_new ());
  f->canvas = cwb_paint_view_get_canvas (f->view);
  f->painting = cwb_paint_canvas_get_painting (f->canvas);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->view));
  gtk_window_set_default_size (GTK_WINDOW (f->window), 460, 760);
  show_face (f, 0);
  gtk_window_present (GTK_WINDOW (f->window));
  gtk_test_widget_wait_for_draw (f->window);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  cwb_gui_test_run_for (50);
}

static gboolean
act (Fixture *f, const char *action)
{
  return gtk_widget_activate_action (GTK_WIDGET (f->view), action, NULL);
}

static GtkEventController *
find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) all = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (all, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller; /* the widget's */
    }
  g_assert_not_reached ();
}

static void
press (Fixture *f, guint key, GdkModifierType state)
{
  GtkEventController *keys
      = find_controller (GTK_WIDGET (f->canvas), GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean handled = FALSE;

  g_signal_emit_by_name (keys, "key-pressed", key, 0, state, &handled);
  g_assert_true (handled);
}

static void
release (Fixture *f, guint key)
{
  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->canvas), GTK_TYPE_EVENT_CONTROLLER_KEY),
                         "key-released", key, 0, 0);
}

static void
drag (Fixture *f, double x, double y, double dx, double dy)
{
  GtkEventController *gesture = find_controller (GTK_WIDGET (f->canvas), GTK_TYPE_GESTURE_DRAG);

  g_signal_emit_by_name (gesture, "drag-begin", x, y);
  for (int i = 1; i <= 10; i++)
    g_signal_emit_by_name (gesture, "drag-update", dx * i / 10, dy * i / 10);
  g_signal_emit_by_name (gesture, "drag-end", dx, dy);
}

static guint
count (Fixture *f)
{
  guint n;

  cwb_painting_get_dabs (f->painting, &n);
  return n;
}

/* The field of the dabs, all of them in one go. */
static void
assert_field (Fixture *f)
{
  g_autoptr (CwbPaintView) other = g_object_ref_sink (CWB_PAINT_VIEW (cwb_paint_view_new ()));
  CwbPaintCanvas *canvas = cwb_paint_view_get_canvas (other);
  g_autofree char *text = cwb_painting_dup_text (f->painting);
  const CwField *a = cwb_paint_canvas_get_field (f->canvas), *b;
  Fixture fresh = { .view = other };

  show_face (&fresh, 0);
  g_assert_true (cwb_painting_set_text (cwb_paint_canvas_get_painting (canvas), text, NULL));
  b = cwb_paint_canvas_get_field (canvas);
  g_assert_cmpmem (a->d, SIDE * SIDE * 8, b->d, SIDE * SIDE * 8);
}

static void
download (Fixture *f, guint32 *pixels)
{
  gdk_texture_download (cwb_paint_canvas_get_texture (f->canvas), (guchar *) pixels, 4 * SIDE);
}

/* Dab by dab, with undo in between, the field is that of the dabs there are; the picture comes back. */
static void
test_model (Fixture *f, gconstpointer unused)
{
  g_autofree guint32 *before = g_new (guint32, SIDE * SIDE), *after = g_new (guint32, SIDE * SIDE);

  download (f, before);
  for (int brush = 0; brush < CWB_N_BRUSHES; brush++)
    {
      cwb_painting_set_brush (f->painting, brush);
      cwb_painting_begin (f->painting, 0.3 + 0.1 * brush, 0.5, 1);
      cwb_painting_move (f->painting, 0.4 + 0.1 * brush, 0.6, 1);
      gtk_test_widget_wait_for_draw (GTK_WIDGET (f->canvas));
      cwb_painting_move (f->painting, 0.5, 0.7, 1);
      cwb_painting_end (f->painting);
      assert_field (f);
    }
  g_assert_cmpfloat (cw_field_max (cwb_paint_canvas_get_field (f->canvas)), >, 3);
  download (f, after);
  g_assert_true (memcmp (before, after, 4 * SIDE * SIDE) != 0);
  g_assert_true (act (f, "paint.undo"));
  assert_field (f);
  g_assert_true (act (f, "paint.redo"));
  assert_field (f);
  g_assert_true (act (f, "paint.clear"));
  g_assert_cmpfloat (cw_field_max (cwb_paint_canvas_get_field (f->canvas)), ==, 0);
  download (f, after);
  g_assert_cmpmem (before, 4 * SIDE * SIDE, after, 4 * SIDE * SIDE);
}

/* What the pointer takes hold of comes along. */
static void
test_pointer (Fixture *f, gconstpointer unused)
{
  double side = MIN (gtk_widget_get_width (GTK_WIDGET (f->canvas)),
                     gtk_widget_get_height (GTK_WIDGET (f->canvas)));
  double left = floor ((gtk_widget_get_width (GTK_WIDGET (f->canvas)) - side) / 2);
  double top = floor ((gtk_widget_get_height (GTK_WIDGET (f->canvas)) - side) / 2);
  float d[2];

  cwb_painting_set_strength (f->painting, 1);
  drag (f, left + 0.4 * side, top + 0.5 * side, 0.1 * side, 0);
  g_assert_cmpuint (count (f), >=, 2);
  g_assert_false (cwb_painting_is_painting (f->painting));
  cw_field_sample (cwb_paint_canvas_get_field (f->canvas), 0.5f * SIDE, 0.5f * SIDE, d);
  g_assert_cmpfloat_with_epsilon (d[0], -0.1f * SIDE, 0.04f * SIDE);
  g_assert_cmpfloat (fabsf (d[1]), <, 0.01f * SIDE);
}

static void
test_keys (Fixture *f, gconstpointer unused)
{
  double x, y, x0, y0;
  guint n;

  cwb_paint_canvas_get_cursor (f->canvas, &x0, &y0);
  for (int i = 0; i < 5; i++)
    press (f, GDK_KEY_Left, 0);
  press (f, GDK_KEY_Down, GDK_SHIFT_MASK);
  cwb_paint_canvas_get_cursor (f->canvas, &x, &y);
  g_assert_cmpfloat_with_epsilon (x - x0, -0.1, 0.02);
  g_assert_cmpfloat_with_epsilon (y - y0, 0.005, 0.004);
  g_assert_cmpuint (count (f), ==, 0);

  /* Space held, which repeats. */
  press (f, GDK_KEY_space, 0);
  for (int i = 0; i < 6; i++)
    {
      press (f, GDK_KEY_space, 0);
      press (f, GDK_KEY_Up, 0);
    }
  release (f, GDK_KEY_space);
  n = count (f);
  g_assert_cmpuint (n, >=, 3);
  press (f, GDK_KEY_Up, 0);
  g_assert_cmpuint (count (f), ==, n);

  /* One dab, or what a push needs. */
  press (f, GDK_KEY_Return, 0);
  g_assert_cmpuint (count (f), >, n);
  cwb_painting_undo (f->painting);
  g_assert_cmpuint (count (f), ==, n);
  cwb_painting_set_brush (f->painting, CWB_BRUSH_SWIRL);
  press (f, GDK_KEY_KP_Enter, 0);
  g_assert_cmpuint (count (f), ==, n + 1);
  assert_field (f);
}

static GtkToggleButton *
find_toggle (GtkWidget *root, const char *label)
{
  if (GTK_IS_TOGGLE_BUTTON (root)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return GTK_TOGGLE_BUTTON (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkToggleButton *found = find_toggle (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_tools (Fixture *f, gconstpointer unused)
{
  double size = cwb_painting_get_size (f->painting);

  g_assert_cmpint (cwb_painting_get_brush (f->painting), ==, CWB_BRUSH_PUSH);
  gtk_toggle_button_set_active (find_toggle (GTK_WIDGET (f->view), "_Bloat"), TRUE);
  g_assert_cmpint (cwb_painting_get_brush (f->painting), ==, CWB_BRUSH_BLOAT);
  cwb_painting_set_brush (f->painting, CWB_BRUSH_SMOOTH);
  g_assert_true (gtk_toggle_button_get_active (find_toggle (GTK_WIDGET (f->view), "S_mooth")));
  g_assert_true (act (f, "paint.larger"));
  g_assert_cmpfloat (cwb_painting_get_size (f->painting), >, size);
  g_assert_true (act (f, "paint.smaller"));
  g_assert_cmpfloat_with_epsilon (cwb_painting_get_size (f->painting), size, 1e-6);
  for (int i = 0; i < 40; i++)
    act (f, "paint.larger");
  g_assert_cmpfloat (cwb_painting_get_size (f->painting), ==, CWB_PAINTING_LARGEST_SIZE);
}

static void
take_text (CwbPaintView *view, const char *strokes, char **text)
{
  g_free (*text);
  *text = g_strdup (strokes);
}

static void
test_use_and_save (Fixture *f, gconstpointer unused)
{
  g_autofree char *used = NULL, *saved = NULL, *strokes = NULL;
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (f->view, "use-requested", G_CALLBACK (take_text), &used);
  g_signal_connect (f->view, "saved", G_CALLBACK (take_text), &saved);
  act (f, "paint.use"); /* nothing to use */
  g_assert_null (used);
  g_assert_false (cwb_paint_view_save (f->view, "nothing", &error));
  g_clear_error (&error);

  cwb_painting_set_text (f->painting, "smooth 0.5 0.5 0.1 1", NULL);
  act (f, "paint.use"); /* moves nothing */
  g_assert_null (used);
  cwb_painting_set_text (f->painting, "push 0.34 0.775 0.16 -0.05 -0.05", NULL);
  strokes = cwb_painting_dup_text (f->painting);
  g_assert_true (act (f, "paint.use"));
  g_assert_cmpstr (used, ==, strokes);

  g_assert_false (cwb_paint_view_save (f->view, "a/b", &error));
  g_assert_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG);
  g_clear_error (&error);
  g_assert_true (cwb_paint_view_save (f->view, "lopsided", &error));
  g_assert_cmpstr (saved, ==, "lopsided");
  names = cwb_warps_list ();
  g_assert_true (g_strv_contains ((const char *const *) names, "lopsided"));
}

/* Another face has the same painting on its own features. */
static void
test_another_face (Fixture *f, gconstpointer unused)
{
  g_autofree float *before = NULL;
  const CwField *field;

  cwb_painting_set_text (f->painting, "push 0.34 0.775 0.16 -0.05 -0.05", NULL);
  field = cwb_paint_canvas_get_field (f->canvas);
  before = g_memdup2 (field->d, SIDE * SIDE * 8);
  show_face (f, 3);
  field = cwb_paint_canvas_get_field (f->canvas);
  g_assert_cmpfloat (cw_field_max (field), >, 5);
  g_assert_true (memcmp (before, field->d, SIDE * SIDE * 8) != 0);
  cwb_paint_view_set_face (f->view, NULL, NULL);
  g_assert_null (cwb_paint_canvas_get_texture (f->canvas));
}

/* From a dab to the pixels of the next frame. */
static void
test_speed (Fixture *f, gconstpointer unused)
{
  gint64 begin, longest = 0;

  cwb_painting_set_size (f->painting, 0.25);
  cwb_painting_begin (f->painting, 0.1, 0.5, 1);
  for (int i = 1; i <= 20; i++)
    {
      begin = g_get_monotonic_time ();
      cwb_painting_move (f->painting, 0.1 + 0.04 * i, 0.5, 1);
      cwb_paint_canvas_get_texture (f->canvas);
      longest = MAX (longest, g_get_monotonic_time () - begin);
    }
  cwb_painting_end (f->painting);
  g_test_message ("a motion took %.2f ms at most", (double) longest / 1000);
  g_assert_cmpint (longest, <, 100000); /* a busy machine; a tenth of it is usual */
}

static void
test_end (void)
{
  GtkWidget *view = g_object_ref_sink (cwb_paint_view_new ());
  int minimum;

  gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("at least %d px wide", minimum);
  g_assert_cmpint (minimum, <=, 360);
  g_assert_finalize_object (view);
}

static void
save_picture (Fixture *f, const char *name, gboolean dark, int width)
{
  const char *folder = g_getenv ("CONTRAWARP_SCREENSHOTS");
  g_autofree char *path = g_build_filename (folder, name, NULL);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                           : ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_window_set_default_size (GTK_WINDOW (f->window), width, 760);
  cwb_gui_test_run_for (300);
  gtk_test_widget_wait_for_draw (f->window);
  cwb_screenshot_save (f->window, 1, path);
}

static void
test_pictures (Fixture *f, gconstpointer unused)
{
  if (g_getenv ("CONTRAWARP_SCREENSHOTS") == NULL)
    {
      g_test_skip ("no folder for pictures");
      return;
    }
  save_picture (f, "paint-empty.png", FALSE, 460);
  cwb_painting_set_size (f->painting, 0.15);
  cwb_painting_begin (f->painting, 0.34, 0.775, 1);
  cwb_painting_move (f->painting, 0.25, 0.68, 1);
  cwb_painting_end (f->painting);
  cwb_painting_set_brush (f->painting, CWB_BRUSH_BLOAT);
  cwb_painting_begin (f->painting, 0.7, 0.4, 1);
  cwb_painting_move (f->painting, 0.7, 0.45, 1);
  cwb_painting_end (f->painting);
  gtk_widget_grab_focus (GTK_WIDGET (f->canvas));
  save_picture (f, "paint-light.png", FALSE, 460);
  gtk_toggle_button_set_active (find_toggle (GTK_WIDGET (f->view), "_Arrows"), TRUE);
  save_picture (f, "paint-dark.png", TRUE, 460);
  save_picture (f, "paint-narrow.png", FALSE, 340);
  save_picture (f, "paint-wide.png", FALSE, 900);
}

/* As the application does. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/contrawarp/Workbench/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  char *data = cw_test_make_folder ();
  int status;

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  cwb_gui_test_init (&argc, &argv);
  load_style ();
  ADD ("/paint-view/model", test_model);
  ADD ("/paint-view/pointer", test_pointer);
  ADD ("/paint-view/keys", test_keys);
  ADD ("/paint-view/tools", test_tools);
  ADD ("/paint-view/use-and-save", test_use_and_save);
  ADD ("/paint-view/another-face", test_another_face);
  ADD ("/paint-view/speed", test_speed);
  ADD ("/paint-view/pictures", test_pictures);
  g_test_add_func ("/paint-view/end", test_end);
  status = g_test_run ();
  cw_test_remove_folder (data);
  return status;
}
