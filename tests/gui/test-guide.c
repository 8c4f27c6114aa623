/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "cw-test.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <string.h>

#include "util/cwb-guide.h"

static char *desktop_dir;

/* The page that "User Guide" opens is there, and so is what it links to. */
static void
test_pages (void)
{
  g_autofree char *page = cwb_guide_dup_page ();
  g_autofree char *folder = g_path_get_dirname (page);
  g_autofree char *text = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("(?:href|src)=\"([^\"#:]+)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  int n_links = 0;

  g_assert_true (g_file_get_contents (page, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<title>Contrawarp: user guide</title>"));
  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match); n_links++)
    {
      g_autofree char *link = g_match_info_fetch (match, 1);
      g_autofree char *file = g_build_filename (folder, link, NULL);

      g_test_message ("%s", file);
      g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
      g_match_info_next (match, NULL);
    }
  g_assert_cmpint (n_links, >=, 4);
}

static gboolean
has_toast (gpointer window)
{
  return cwb_gui_test_find_toast (window) != NULL;
}

/* Where nothing shows HTML, a toast says where the page is. */
static void
test_no_viewer (void)
{
  g_autoptr (GAppInfo) viewer = g_app_info_get_default_for_type ("text/html", TRUE);
  CwbWindow *window;

  if (viewer != NULL)
    {
      g_test_skip ("this machine has a program for HTML");
      return;
    }
  window = cwb_gui_test_window (800, 600);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.guide", NULL));
  cwb_gui_test_wait ("a toast", has_toast, window);
  cwb_gui_test_close (window);
}

static gboolean
exists (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* The page goes to the program that the desktop has for it. */
static void
test_open (void)
{
  g_autofree char *opened = g_build_filename (desktop_dir, "opened", NULL);
  g_autofree char *script = g_build_filename (desktop_dir, "viewer", NULL);
  g_autofree char *programs = g_build_filename (desktop_dir, "applications", NULL);
  g_autofree char *viewer = g_build_filename (programs, "viewer.desktop", NULL);
  g_autofree char *defaults = g_build_filename (desktop_dir, "mimeapps.list", NULL);
  g_autofree char *page = cwb_guide_dup_page (), *text = NULL;
  CwbWindow *window;

  g_assert_cmpint (g_mkdir (programs, 0700), ==, 0);
  text = g_strdup_printf ("#!/bin/sh\necho \"$1\" >'%s.part'\nmv '%s.part' '%s'\n", opened, opened,
                          opened);
  g_assert_true (g_file_set_contents_full (script, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_free (text);
  text = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Viewer\nExec='%s' %%u\n", script);
  g_assert_true (g_file_set_contents (viewer, text, -1, NULL));
  g_assert_true (g_file_set_contents (defaults,
                                      "[Default Applications]\n"
                                      "x-scheme-handler/file=viewer.desktop\n",
                                      -1, NULL));

  window = cwb_gui_test_window (800, 600);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.guide", NULL));
  cwb_gui_test_wait ("the guide to be shown", exists, opened);
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (opened, &text, NULL, NULL));
  g_assert_true (g_str_has_suffix (g_strchomp (text), page));
  cwb_gui_test_close (window);
}

int
main (int argc, char *argv[])
{
  int failed;

  desktop_dir = cw_test_make_folder ();
  g_setenv ("XDG_DATA_HOME", desktop_dir, TRUE);
  g_setenv ("XDG_CONFIG_HOME", desktop_dir, TRUE);
  cwb_gui_test_init (&argc, &argv);
  g_test_add_func ("/guide/pages", test_pages);
  g_test_add_func ("/guide/no-viewer", test_no_viewer);
  g_test_add_func ("/guide/open", test_open);
  failed = g_test_run ();
  cw_test_remove_folder (desktop_dir);
  return failed;
}
