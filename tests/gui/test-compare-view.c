/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "widgets/cwb-compare-view.h"

#include <contrawarp.h>
#include <string.h>

/* Two pictures in one place, in a window of their own. */

typedef struct
{
  GtkWidget *window;
  CwbCompareView *view;
} Fixture;

static CwImage *
make_plain (guint8 grey)
{
  CwImage *image = cw_image_new (16, 16, 3);

  memset (image->data, grey, cw_image_bytes (image));
  return image;
}

static void
setup (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (CwImage) before = make_plain (0x40);
  g_autoptr (CwImage) after = make_plain (0xc0);

  fixture->window = gtk_window_new ();
  fixture->view = CWB_COMPARE_VIEW (cwb_compare_view_new ());
  cwb_compare_view_set (fixture->view, &(CwbCompared){ before, before, "positive" },
                        &(CwbCompared){ after, after, "negative" }, NULL);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
teardown (Fixture *fixture, gconstpointer unused)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

static gboolean
press (Fixture *fixture, guint key)
{
  return cwb_gui_test_press (GTK_WIDGET (fixture->view), key, 0);
}

static void
test_wipe_by_keys (Fixture *fixture, gconstpointer unused)
{
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (fixture->view)));
  g_assert_cmpfloat (cwb_compare_view_get_divider (fixture->view), ==, 0.5);
  g_assert_true (press (fixture, GDK_KEY_Left));
  g_assert_cmpfloat (cwb_compare_view_get_divider (fixture->view), <, 0.5);
  g_assert_true (press (fixture, GDK_KEY_Right));
  g_assert_true (press (fixture, GDK_KEY_Right));
  g_assert_cmpfloat (cwb_compare_view_get_divider (fixture->view), >, 0.5);
  press (fixture, GDK_KEY_End);
  press (fixture, GDK_KEY_Right);
  g_assert_cmpfloat (cwb_compare_view_get_divider (fixture->view), ==, 1);
  press (fixture, GDK_KEY_Home);
  g_assert_cmpfloat (cwb_compare_view_get_divider (fixture->view), ==, 0);
  cwb_compare_view_set_mode (fixture->view, CWB_COMPARE_DIFFERENCE);
  g_assert_false (press (fixture, GDK_KEY_Right));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
assert_viewport (Fixture *fixture, double zoom, double x, double y)
{
  CwbViewport viewport;

  cwb_picture_view_get_viewport (CWB_PICTURE_VIEW (fixture->view), &viewport);
  g_assert_cmpfloat_with_epsilon (viewport.zoom, zoom, 1e-9);
  g_assert_cmpfloat_with_epsilon (viewport.x, x, 1e-9);
  g_assert_cmpfloat_with_epsilon (viewport.y, y, 1e-9);
}

/* What is whole leaves the arrow keys to the focus; in a wipe, Shift tells moving from wiping. */
static void
test_zoom_by_keys (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);

  g_assert_false (press (fixture, GDK_KEY_Down));
  g_assert_false (press (fixture, GDK_KEY_Return));
  for (int i = 0; i < 2; i++)
    g_assert_true (press (fixture, GDK_KEY_plus));
  assert_viewport (fixture, 1.5625, 0.5, 0.5);
  g_assert_true (press (fixture, GDK_KEY_Down));
  assert_viewport (fixture, 1.5625, 0.5, 0.5 + 0.1 / 1.5625);
  g_assert_true (press (fixture, GDK_KEY_Left));
  assert_viewport (fixture, 1.5625, 0.5, 0.5 + 0.1 / 1.5625);
  g_assert_true (cwb_gui_test_press (view, GDK_KEY_Left, GDK_SHIFT_MASK));
  assert_viewport (fixture, 1.5625, 0.5 - 0.1 / 1.5625, 0.5 + 0.1 / 1.5625);
  g_assert_true (press (fixture, GDK_KEY_minus));
  assert_viewport (fixture, 1.25, 0.5 - 0.1 / 1.5625, 0.5 + 0.1 / 1.5625);
  /* Ctrl+0 is the page's. */
  g_assert_false (cwb_gui_test_press (view, GDK_KEY_0, GDK_CONTROL_MASK));
  g_assert_true (press (fixture, GDK_KEY_0));
  assert_viewport (fixture, 1, 0.5, 0.5);
}

static gboolean
shows_after (gpointer view)
{
  return cwb_compare_view_get_shows_after (view);
}

static gboolean
shows_before (gpointer view)
{
  return !cwb_compare_view_get_shows_after (view);
}

/* Stands still without animations, until Space; goes back and forth with them, and only while shown. */
static void
test_flicker (Fixture *fixture, gconstpointer unused)
{
  gboolean shown;

  cwb_compare_view_set_mode (fixture->view, CWB_COMPARE_FLICKER);
  cwb_gui_test_run_for (700);
  g_assert_false (cwb_compare_view_get_shows_after (fixture->view));
  g_assert_true (press (fixture, GDK_KEY_space));
  g_assert_true (cwb_compare_view_get_shows_after (fixture->view));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  cwb_gui_test_wait ("the first picture", shows_before, fixture->view);
  cwb_gui_test_wait ("the second picture", shows_after, fixture->view);
  gtk_widget_set_visible (GTK_WIDGET (fixture->view), FALSE);
  shown = cwb_compare_view_get_shows_after (fixture->view);
  for (int i = 0; i < 3; i++)
    {
      cwb_gui_test_run_for (260);
      g_assert_cmpint (cwb_compare_view_get_shows_after (fixture->view), ==, shown);
    }
}

int
main (int argc, char *argv[])
{
  cwb_gui_test_init (&argc, &argv);
  g_test_add ("/compare-view/wipe", Fixture, NULL, setup, test_wipe_by_keys, teardown);
  g_test_add ("/compare-view/zoom", Fixture, NULL, setup, test_zoom_by_keys, teardown);
  g_test_add ("/compare-view/flicker", Fixture, NULL, setup, test_flicker, teardown);
  return g_test_run ();
}
