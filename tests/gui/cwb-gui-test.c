/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "util/cwb-settings.h"
#include "widgets/cwb-sheet-view.h"

#include "cw-test.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#define PATIENCE (90 * G_TIME_SPAN_SECOND)

static char *cache;

static void
remove_cache (void)
{
  cw_test_remove_folder (cache);
}

/* Features that another test, or the person at the machine, has kept must not be taken for this one's. */
static void
set_up_cache (void)
{
  cache = cw_test_make_folder ();
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  atexit (remove_cache);
}

void
cwb_gui_test_init (int *argc, char ***argv)
{
  g_setenv ("GTK_A11Y", "test", FALSE);
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    exit (77);
  adw_init ();
  set_up_cache ();
  cw_init ();
  /* Nothing moves on its own. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
cwb_gui_test_wait (const char *what, CwbGuiTestFunc ready, gpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  guint timer = g_timeout_add (50, wake, NULL);

  while (!ready (data))
    {
      if (g_get_monotonic_time () > end)
        g_error ("waited in vain for: %s", what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (timer);
}

static gboolean
is_over (gpointer data)
{
  return g_get_monotonic_time () > *(gint64 *) data;
}

void
cwb_gui_test_run_for (int milliseconds)
{
  gint64 end = g_get_monotonic_time () + 1000 * (gint64) milliseconds;

  cwb_gui_test_wait ("time to pass", is_over, &end);
}

CwbWindow *
cwb_gui_test_window (int width, int height)
{
  static CwbApplication *application;
  CwbWindow *window;

  if (application == NULL)
    {
      g_autoptr (GError) error = NULL;

      application = cwb_application_new (G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
      g_application_register (G_APPLICATION (application), NULL, &error);
      g_assert_no_error (error);
    }
  /* Each window begins as at the first start. */
  cwb_settings_set_string ("experiment", "");
  cwb_settings_set_string ("preset", "generated-demo");
  cwb_settings_set_string ("painting", "");
  window = cwb_window_new (GTK_APPLICATION (application));
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
  return window;
}

static gboolean
is_opened (gpointer data)
{
  return !cwb_session_get_loading (data);
}

void
cwb_gui_test_open (CwbWindow *window, const char *location)
{
  CwbSession *session = cwb_window_get_session (window);

  cwb_session_open_location (session, location, NULL, NULL);
  cwb_gui_test_wait_open (window);
}

void
cwb_gui_test_wait_open (CwbWindow *window)
{
  cwb_gui_test_wait ("the dataset", is_opened, cwb_window_get_session (window));
}

void
cwb_gui_test_show_page (CwbWindow *window, const char *page)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", page);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
}

gpointer
cwb_gui_test_find (GtkWidget *root, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = cwb_gui_test_find (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

gboolean
cwb_gui_test_press (GtkWidget *widget, guint key, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, state, &handled);
    }
  return handled;
}

static gboolean
activate (GtkWidget *widget, GListModel *shortcuts, GtkShortcutTrigger *trigger)
{
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (shortcuts) && !handled; i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);

      if (gtk_shortcut_trigger_equal (gtk_shortcut_get_trigger (shortcut), trigger))
        handled = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                gtk_shortcut_get_arguments (shortcut));
    }
  return handled;
}

static gboolean
press_global (GtkWidget *root, GtkShortcutTrigger *trigger)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (root);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller)
          && gtk_shortcut_controller_get_scope (GTK_SHORTCUT_CONTROLLER (controller))
                 == GTK_SHORTCUT_SCOPE_GLOBAL
          && activate (root, G_LIST_MODEL (controller), trigger))
        return TRUE;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (press_global (child, trigger))
        return TRUE;
    }
  return FALSE;
}

gboolean
cwb_gui_test_press_anywhere (GtkWidget *root, guint key, GdkModifierType state)
{
  g_autoptr (GtkShortcutTrigger) trigger = gtk_keyval_trigger_new (key, state);

  return press_global (root, trigger);
}

static void
save_picture (const char *folder, int number, int seed)
{
  g_autoptr (CwImage) image = cw_image_new (64, 64, 3);
  g_autofree char *name = g_strdup_printf ("face-%02d.png", number);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 64 * 64 * 3; i++)
    image->data[i] = (guint8) (i * (3 + seed) / 64 + 40 * seed);
  cw_picture_save_png (image, path, &error);
  g_assert_no_error (error);
}

gpointer
cwb_gui_test_find_named (GtkWidget *root, const char *name)
{
  if (g_str_equal (gtk_widget_get_name (root), name))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = cwb_gui_test_find_named (child, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

gpointer
cwb_gui_test_find_anywhere (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      gpointer found = cwb_gui_test_find (window, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_open (gpointer data)
{
  return cwb_gui_test_find_anywhere (*(const GType *) data) != NULL;
}

gpointer
cwb_gui_test_open_window (GtkWidget *widget, const char *action, GType type)
{
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
  cwb_gui_test_wait ("the window", is_open, &type);
  return cwb_gui_test_find_anywhere (type);
}

char *
cwb_gui_test_make_faces (int n_classes, int per_class)
{
  char *folder = cw_test_make_folder ();

  for (int k = 0; k < n_classes; k++)
    {
      g_autofree char *name = g_strdup_printf ("class-%c", 'a' + k);
      g_autofree char *child = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_mkdir (child, 0700), ==, 0);
      for (int i = 0; i < per_class; i++)
        save_picture (child, i, k * per_class + i);
    }
  return folder;
}

void
cwb_gui_test_close (CwbWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  cwb_gui_test_run_for (50);
}

gboolean
cwb_gui_test_sheet_is_made (gpointer view)
{
  return !cwb_sheet_view_get_busy (view);
}

void
cwb_gui_test_set_tiny (CwbSession *session, const char *lr, const char *epochs)
{
  CwExperiment *experiment = cwb_session_get_experiment (session);
  const struct
  {
    const char *key, *value;
  } keys[] = {
    { "view.size", "32" },      { "encoder.width", "8" },        { "heads.projector-hidden", "32" },
    { "schedule.batch", "16" }, { "schedule.epochs", epochs },   { "heads.projector-out", "16" },
    { "optimizer.lr", lr },     { "run.checkpoint-every", "1" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GError) error = NULL;

      cw_experiment_set (experiment, keys[i].key, keys[i].value, &error);
      g_assert_no_error (error);
    }
  cwb_session_experiment_changed (session);
}

gboolean
cwb_gui_test_run_has_ended (gpointer session)
{
  CwRun *run = cwb_session_get_run (session);
  CwRunState state = run != NULL ? cw_run_get_state (run) : CW_RUN_NEW;

  return state == CW_RUN_FINISHED || state == CW_RUN_STOPPED || state == CW_RUN_FAILED;
}

GtkWidget *
cwb_gui_test_find_row (GtkWidget *root, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (root)
      && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title))
    return root;
  for (GtkWidget *w = gtk_widget_get_first_child (root); w != NULL;
       w = gtk_widget_get_next_sibling (w))
    {
      GtkWidget *found = cwb_gui_test_find_row (w, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

GtkWidget *
cwb_gui_test_find_button (GtkWidget *root, const char *label)
{
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;
  for (GtkWidget *w = gtk_widget_get_first_child (root); w != NULL;
       w = gtk_widget_get_next_sibling (w))
    {
      GtkWidget *found = cwb_gui_test_find_button (w, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

GtkWidget *
cwb_gui_test_find_toast (CwbWindow *window)
{
  /* Not registered before the first one. */
  GType type = g_type_from_name ("AdwToastWidget");

  return type != 0 ? cwb_gui_test_find (GTK_WIDGET (window), type) : NULL;
}
