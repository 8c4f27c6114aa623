/* SPDX-License-Identifier: MIT */
#pragma once

#include "cwb-application.h"
#include "cwb-window.h"

#include <adwaita.h>

/* What the tests of the workbench share. */

/**
 * cwb_gui_test_init:
 *
 * Sets up engine, GTK and GLib's test framework. Ends the program with 77 (skipped) where there is no
 * display.
 */
void        cwb_gui_test_init (int *argc, char ***argv);

/* Runs the main loop until @ready says so; fails the test after 30 s. */
typedef gboolean (*CwbGuiTestFunc) (gpointer data);
void        cwb_gui_test_wait (const char *what, CwbGuiTestFunc ready, gpointer data);
/* Runs the main loop for as long. */
void        cwb_gui_test_run_for (int milliseconds);

/* A shown window, of the program's one application; nothing is opened in it. End it with
 * cwb_gui_test_close(). */
CwbWindow      *cwb_gui_test_window (int width, int height);
/* Opens @location in the window's session and waits for the outcome. */
void            cwb_gui_test_open (CwbWindow *window, const char *location);
/* Waits until the opening under way has ended. */
void            cwb_gui_test_wait_open (CwbWindow *window);
void            cwb_gui_test_show_page (CwbWindow *window, const char *page);
/* The first widget of @type below @root in tree order; NULL where there is none. */
gpointer        cwb_gui_test_find (GtkWidget *root, GType type);
/* The same in whatever window. */
gpointer        cwb_gui_test_find_anywhere (GType type);
/* Below @root, by the widget's name. */
gpointer        cwb_gui_test_find_named (GtkWidget *root, const char *name);
/* Activates @action of @widget, which opens a window, and waits until there is one with a widget of @type:
 * that widget. */
gpointer        cwb_gui_test_open_window (GtkWidget *widget, const char *action, GType type);
/* As the key's controllers of @widget itself have it from the keyboard; whether one had a use for it. */
gboolean        cwb_gui_test_press (GtkWidget *widget, guint key, GdkModifierType state);
/* As the keys that go wherever in the window the focus is: whether one of @root, or of what is
 * below it, had a use for this one. */
gboolean        cwb_gui_test_press_anywhere (GtkWidget *root, guint key, GdkModifierType state);
/* (transfer full): a folder of @n_classes x @per_class small pictures, all different. */
char           *cwb_gui_test_make_faces (int n_classes, int per_class);
/* Closes the window and lets what was started come to its end. */
void            cwb_gui_test_close (CwbWindow *window);
/* For cwb_gui_test_wait(): the sheet of a CwbSheetView is there. */
gboolean cwb_gui_test_sheet_is_made (gpointer view);

/* The experiment becomes one of seconds. */
void     cwb_gui_test_set_tiny (CwbSession *session, const char *lr, const char *epochs);
/* For cwb_gui_test_wait(): the session has a run, and it has come to its end. */
gboolean cwb_gui_test_run_has_ended (gpointer session);

/* (nullable): the preferences row of this title below @root, or @root itself. */
GtkWidget *cwb_gui_test_find_row (GtkWidget *root, const char *title);
/* (nullable): the button of this label, with its underscore, below @root, or @root itself. */
GtkWidget *cwb_gui_test_find_button (GtkWidget *root, const char *label);
/* (nullable): a toast that is shown in @window. */
GtkWidget *cwb_gui_test_find_toast (CwbWindow *window);
