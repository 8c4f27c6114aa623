/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"
#include "cwb-screenshot.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* Pictures of all pages for people to look at: into the folder that CONTRAWARP_SCREENSHOTS names. The
 * faces are generated unless CONTRAWARP_SCREENSHOTS_DATA names others. */

static const char *folder;

static void
save (CwbWindow *window, const char *name, int scale)
{
  g_autofree char *file = g_strdup_printf ("%s.png", name);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  /* Pictures that were asked for come in, frames are drawn. */
  cwb_gui_test_run_for (400);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
  cwb_screenshot_save (GTK_WIDGET (window), scale, path);
}

static void
save_pages (CwbWindow *window, const char *suffix)
{
  static const char *const pages[] = { "data", "explore", "train", "evaluate", "browse" };

  for (size_t i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strconcat (pages[i], "-", suffix, NULL);

      cwb_gui_test_show_page (window, pages[i]);
      save (window, name, 1);
    }
}

static void
set_dark (gboolean dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                           : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

static const char *
get_location (void)
{
  const char *location = g_getenv ("CONTRAWARP_SCREENSHOTS_DATA");

  return location != NULL ? location : CWB_GENERATED_FACES;
}

static void
test_pages (gconstpointer data)
{
  gboolean narrow = GPOINTER_TO_INT (data);
  CwbWindow *window = cwb_gui_test_window (narrow ? 400 : 1180, narrow ? 860 : 780);

  cwb_gui_test_open (window, get_location ());
  cwb_session_set_selected (cwb_window_get_session (window), 3);
  for (int dark = 0; dark <= 1; dark++)
    {
      g_autofree char *suffix = g_strconcat (narrow ? "narrow-" : "", dark ? "dark" : "light", NULL);

      set_dark (dark);
      save_pages (window, suffix);
    }
  cwb_gui_test_close (window);
}

static void
test_states (void)
{
  CwbWindow *window = cwb_gui_test_window (1180, 780);
  g_autofree char *empty = g_build_filename (folder, "nothing here", NULL);

  set_dark (FALSE);
  cwb_gui_test_show_page (window, "data");
  save (window, "state-data-empty", 1);
  cwb_gui_test_show_page (window, "explore");
  save (window, "state-explore-empty", 1);
  cwb_gui_test_show_page (window, "data");
  g_mkdir (empty, 0700);
  cwb_gui_test_open (window, empty);
  save (window, "state-data-error", 1);
  g_rmdir (empty);
  cwb_gui_test_close (window);
}

int
main (int argc, char *argv[])
{
  folder = g_getenv ("CONTRAWARP_SCREENSHOTS");
  if (folder == NULL)
    return 77;
  cwb_gui_test_init (&argc, &argv);
  g_test_add_data_func ("/screenshots/wide", GINT_TO_POINTER (FALSE), test_pages);
  g_test_add_data_func ("/screenshots/narrow", GINT_TO_POINTER (TRUE), test_pages);
  g_test_add_func ("/screenshots/states", test_states);
  return g_test_run ();
}
