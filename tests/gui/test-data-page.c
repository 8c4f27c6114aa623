/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "cw-test.h"
#include "models/cwb-item-model.h"
#include "pages/cwb-data-page.h"
#include "util/cwb-message.h"
#include "util/cwb-recent.h"
#include "widgets/cwb-face-cell.h"

#include <contrawarp.h>

/* The Data page, driven through actions. */

typedef struct
{
  CwbWindow *window;
  CwbSession *session;
  CwbDataPage *page;
  guint n_errors;
} Fixture;

static void
on_error (CwbSession *session, const char *message, Fixture *fixture)
{
  fixture->n_errors++;
}

static void
setup (Fixture *fixture, gconstpointer unused)
{
  fixture->window = cwb_gui_test_window (900, 700);
  fixture->session = cwb_window_get_session (fixture->window);
  fixture->page = cwb_gui_test_find (GTK_WIDGET (fixture->window), CWB_TYPE_DATA_PAGE);
  g_signal_connect (fixture->session, "error", G_CALLBACK (on_error), fixture);
  cwb_gui_test_show_page (fixture->window, "data");
}

static void
teardown (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_close (fixture->window);
}

static guint
count_shown (Fixture *fixture)
{
  return g_list_model_get_n_items (cwb_data_page_get_items (fixture->page));
}

static const char *
get_page (Fixture *fixture)
{
  AdwViewStack *stack = cwb_gui_test_find (GTK_WIDGET (fixture->window), ADW_TYPE_VIEW_STACK);

  return adw_view_stack_get_visible_child_name (stack);
}

static GtkWidget *
get_grid (Fixture *fixture)
{
  return cwb_gui_test_find (GTK_WIDGET (fixture->page), GTK_TYPE_GRID_VIEW);
}

static gboolean
first_face_is_shown (gpointer data)
{
  CwbFaceCell *cell = cwb_gui_test_find (data, CWB_TYPE_FACE_CELL);

  return cell != NULL && cwb_face_cell_get_texture (cell) != NULL;
}

/* The folder's faces, each subfolder a class. */
static void
open_labelled (Fixture *fixture, const char *folder)
{
  cwb_gui_test_open (fixture->window, folder);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.folder-classes", NULL);
  cwb_gui_test_wait_open (fixture->window);
}

static void
test_grid (Fixture *fixture, gconstpointer unused)
{
  char *folder = cwb_gui_test_make_faces (3, 4);

  g_assert_cmpstr (cwb_data_page_get_state (fixture->page), ==, "empty");
  cwb_gui_test_open (fixture->window, folder);
  g_assert_cmpstr (cwb_data_page_get_state (fixture->page), ==, "faces");
  g_assert_cmpuint (count_shown (fixture), ==, 12);
  g_assert_cmpuint (fixture->n_errors, ==, 0);
  cwb_gui_test_wait ("a thumbnail", first_face_is_shown, fixture->page);
  /* What is opened is what would be trained on. */
  g_assert_cmpstr (cwb_session_get_experiment (fixture->session)->data.location, ==, folder);
  cw_test_remove_folder (folder);
}

static void
test_filter (Fixture *fixture, gconstpointer unused)
{
  char *folder = cwb_gui_test_make_faces (3, 4);
  g_autoptr (CwbItem) item = NULL;
  g_autofree char *label = NULL;

  open_labelled (fixture, folder);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-class", "i", 1);
  g_assert_cmpuint (count_shown (fixture), ==, 4);
  item = g_list_model_get_item (cwb_data_page_get_items (fixture->page), 0);
  g_object_get (item, "label", &label, NULL);
  g_assert_cmpstr (label, ==, "class-b");
  /* No such class: nothing happens. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-class", "i", 3);
  g_assert_cmpuint (count_shown (fixture), ==, 4);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-all", NULL);
  g_assert_cmpuint (count_shown (fixture), ==, 12);
  cw_test_remove_folder (folder);
}

static void
assert_step (Fixture *fixture, int by, guint selected)
{
  cwb_session_step_selected (fixture->session, by);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, selected);
}

/* The next face and the one before are of those that are shown. */
static void
test_step (Fixture *fixture, gconstpointer unused)
{
  char *folder = cwb_gui_test_make_faces (3, 4);

  open_labelled (fixture, folder);
  assert_step (fixture, 1, 0);
  assert_step (fixture, -1, 11);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-class", "i", 1);
  assert_step (fixture, 1, 4);
  assert_step (fixture, -1, 7);
  assert_step (fixture, -1, 6);
  cwb_session_set_selected (fixture->session, 1);
  assert_step (fixture, 1, 4);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-all", NULL);
  assert_step (fixture, -1, 3);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-class", "i", 1);
  open_labelled (fixture, folder);
  assert_step (fixture, 1, 0);
  assert_step (fixture, 1, 1);
  cw_test_remove_folder (folder);
}

/* The chosen face outlives a filter that hides it, and is chosen again in the grid afterwards. */
static void
test_selection (Fixture *fixture, gconstpointer unused)
{
  char *folder = cwb_gui_test_make_faces (3, 4);
  GtkSingleSelection *selection;

  open_labelled (fixture, folder);
  selection = GTK_SINGLE_SELECTION (gtk_grid_view_get_model (GTK_GRID_VIEW (get_grid (fixture))));
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, G_MAXUINT);
  gtk_single_selection_set_selected (selection, 5);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 5);
  cwb_session_set_selected (fixture->session, 6);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 6);

  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-class", "i", 2);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 6);
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-class", "i", 1);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 2);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 6);
  cw_test_remove_folder (folder);
}

static void
test_activate (Fixture *fixture, gconstpointer unused)
{
  char *folder = cwb_gui_test_make_faces (2, 3);

  cwb_gui_test_open (fixture->window, folder);
  gtk_widget_activate_action (get_grid (fixture), "list.activate-item", "u", 4);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 4);
  g_assert_cmpstr (get_page (fixture), ==, "explore");
  cw_test_remove_folder (folder);
}

/* Nothing was there before: the page itself says what is wrong. */
static void
test_empty_folder (Fixture *fixture, gconstpointer unused)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *error = NULL;

  cwb_gui_test_open (fixture->window, folder);
  g_assert_cmpstr (cwb_data_page_get_state (fixture->page), ==, "error");
  g_assert_cmpuint (fixture->n_errors, ==, 1);
  error = cwb_session_dup_open_error (fixture->session);
  g_assert_nonnull (g_strstr_len (error, -1, folder));
  g_assert_null (cwb_gui_test_find_toast (fixture->window));
  cw_test_remove_folder (folder);
}

/* With faces there they stay, and a toast says it. */
static void
test_failure_keeps_faces (Fixture *fixture, gconstpointer unused)
{
  char *folder = cwb_gui_test_make_faces (2, 3), *empty = cw_test_make_folder ();

  cwb_gui_test_open (fixture->window, folder);
  cwb_gui_test_open (fixture->window, empty);
  g_assert_cmpstr (cwb_data_page_get_state (fixture->page), ==, "faces");
  g_assert_cmpuint (count_shown (fixture), ==, 6);
  g_assert_cmpuint (fixture->n_errors, ==, 1);
  g_assert_nonnull (cwb_gui_test_find_toast (fixture->window));
  cw_test_remove_folder (folder);
  cw_test_remove_folder (empty);
}

static gboolean
has_label (GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL (root) && g_str_equal (gtk_label_get_text (GTK_LABEL (root)), text))
    return gtk_label_get_selectable (GTK_LABEL (root));
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (has_label (child, text))
        return TRUE;
    }
  return FALSE;
}

/* The toast says which file and has a way to all of it, in a dialog from which it can be copied. */
static void
test_long_error (Fixture *fixture, gconstpointer unused)
{
  static const char message[]
      = "/some/folder/that/nobody/would/ever/have/chosen/by/hand/faces.csv: line 3: a class is "
        "missing: write one or leave out the row";
  g_autofree char *cut = cwb_message_dup_short (message);
  g_autofree char *brief = cwb_message_dup_short ("/a/faces.csv: empty");
  g_autofree char *folderless
      = cwb_message_dup_short ("/some/folder/that/nobody/would/ever/have/chosen/by/a/b.csv: empty");
  GtkWidget *window = GTK_WIDGET (fixture->window), *dialog, *toast;

  g_assert_cmpstr (brief, ==, "/a/faces.csv: empty");
  g_assert_cmpstr (folderless, ==, "b.csv: empty");
  g_assert_true (g_str_has_prefix (cut, "faces.csv: line 3: a class is missing"));
  g_assert_true (g_str_has_suffix (cut, "…"));
  g_assert_cmpint (g_utf8_strlen (cut, -1), <=, 60);

  gtk_widget_activate_action (window, "win.last-error", NULL);
  g_assert_null (cwb_gui_test_find_anywhere (ADW_TYPE_MESSAGE_DIALOG));
  cwb_session_report_error (fixture->session, message);
  g_assert_nonnull (cwb_gui_test_find_toast (fixture->window));
  toast = cwb_gui_test_find_toast (fixture->window);
  g_signal_emit_by_name (cwb_gui_test_find_button (toast, "Details"), "clicked");
  dialog = cwb_gui_test_find_anywhere (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_true (has_label (dialog, message));
  gtk_window_destroy (GTK_WINDOW (dialog));
  dialog = cwb_gui_test_open_window (window, "win.last-error", ADW_TYPE_MESSAGE_DIALOG);
  g_assert_true (has_label (dialog, message));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* What was opened is offered again, as it was read, and is there when the program starts. */
static void
test_recent (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  CwDataParams *data = &cwb_session_get_experiment (fixture->session)->data;
  g_autoptr (CwDataset) dataset = cw_dataset_new ("/faces/some_of_them", "folder");
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GVariant) label = NULL;
  char *folder = cwb_gui_test_make_faces (1, 2);

  cwb_session_open_location (fixture->session, folder, "folder", "labels=folder");
  cwb_gui_test_wait_open (fixture->window);
  cwb_gui_test_open (fixture->window, "generated:faces?n=4&seed=1&size=48");
  cwb_gui_test_open (fixture->window, "generated:faces?n=5&seed=1&size=48");
  list = cwb_recent_list ();
  g_assert_cmpuint (list->len, >=, 3);
  g_assert_cmpstr (((CwbRecent *) list->pdata[0])->location, ==, "generated:faces?n=5&seed=1&size=48");
  g_assert_cmpstr (((CwbRecent *) list->pdata[2])->options, ==, "labels=folder");

  g_assert_true (gtk_widget_activate_action (window, "win.open-recent", "(sss)", folder, "folder",
                                             "labels=folder"));
  cwb_gui_test_wait_open (fixture->window);
  g_assert_cmpstr (data->location, ==, folder);
  g_assert_cmpstr (data->options, ==, "labels=folder");
  cwb_gui_test_open (fixture->window, "generated:faces?n=4&seed=1&size=48");
  g_assert_true (gtk_widget_activate_action (window, "win.open-recent", "(sss)", folder, "folder",
                                             "labels=folder"));
  cwb_gui_test_wait_open (fixture->window);
  cwb_window_open_last (fixture->window);
  cwb_gui_test_wait_open (fixture->window);
  g_assert_cmpstr (data->location, ==, folder);

  /* A few only, each once. */
  for (int i = 0; i < 30; i++)
    {
      g_autofree char *location = g_strdup_printf ("/faces/some_of_them/%d", i % 10);
      const CwDataParams opened = { location, data->reader, data->options };

      cwb_recent_add (dataset, &opened);
    }
  g_clear_pointer (&list, g_ptr_array_unref);
  list = cwb_recent_list ();
  g_assert_cmpuint (list->len, ==, CWB_RECENT_MOST);
  cwb_recent_fill_menu (menu, "win.open-recent");
  g_assert_cmpint (g_menu_model_get_n_items (G_MENU_MODEL (menu)), ==, CWB_RECENT_MOST);
  /* All are called the same: they are told apart, and an underscore is no key. */
  label = g_menu_model_get_item_attribute_value (G_MENU_MODEL (menu), 0, "label", NULL);
  g_assert_cmpstr (g_variant_get_string (label, NULL), ==, "/faces/some__of__them/9");
  cw_test_remove_folder (folder);
}

static gboolean
drop (CwbWindow *window, const char *const *paths)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (window));
  g_auto (GValue) value = G_VALUE_INIT;
  GSList *files = NULL;
  gboolean taken = FALSE;

  for (int i = 0; paths[i] != NULL; i++)
    files = g_slist_append (files, g_file_new_for_path (paths[i]));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (files));
  g_slist_free_full (files, g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 10.0, 10.0, &taken);
    }
  return taken;
}

/* A folder is opened, of a picture the folder that it lies in, with it chosen; of more than is one
 * folder's the first, and a toast says that the others are not. */
static void
test_drop (Fixture *fixture, gconstpointer unused)
{
  CwDataParams *data = &cwb_session_get_experiment (fixture->session)->data;
  char *folder = cwb_gui_test_make_faces (1, 3), *other = cwb_gui_test_make_faces (1, 2);
  const CwItem *item;
  g_autofree char *class_folder = NULL, *second = NULL, *third = NULL;

  g_assert_true (drop (fixture->window, (const char *[]){ folder, NULL }));
  cwb_gui_test_wait_open (fixture->window);
  g_assert_cmpstr (data->location, ==, folder);

  item = cw_dataset_get_item (cwb_session_get_dataset (fixture->session), 1);
  second = g_build_filename (folder, item->name, NULL);
  item = cw_dataset_get_item (cwb_session_get_dataset (fixture->session), 2);
  third = g_build_filename (folder, item->name, NULL);
  class_folder = g_path_get_dirname (second);
  g_assert_true (drop (fixture->window, (const char *[]){ third, second, NULL }));
  cwb_gui_test_wait_open (fixture->window);
  g_assert_cmpstr (data->location, ==, class_folder);
  g_assert_cmpint ((int) cwb_session_get_selected (fixture->session), ==, 2);
  g_assert_null (cwb_gui_test_find_toast (fixture->window));

  g_assert_true (drop (fixture->window, (const char *[]){ other, folder, NULL }));
  cwb_gui_test_wait_open (fixture->window);
  g_assert_cmpstr (data->location, ==, other);
  g_assert_nonnull (cwb_gui_test_find_toast (fixture->window));
  cw_test_remove_folder (folder);
  cw_test_remove_folder (other);
}

static void
test_cancel (Fixture *fixture, gconstpointer unused)
{
  cwb_session_open_location (fixture->session, "generated:faces?n=2000&seed=1&size=48", NULL, NULL);
  g_assert_true (cwb_session_get_loading (fixture->session));
  g_assert_cmpstr (cwb_data_page_get_state (fixture->page), ==, "loading");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.cancel-open", NULL);
  g_assert_false (cwb_session_get_loading (fixture->session));
  g_assert_cmpstr (cwb_data_page_get_state (fixture->page), ==, "empty");
  cwb_gui_test_run_for (300);
  g_assert_null (cwb_session_get_dataset (fixture->session));
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

static gboolean
has_refused (gpointer page)
{
  GtkWidget *refused = cwb_gui_test_find (page, GTK_TYPE_MENU_BUTTON);

  return gtk_widget_get_visible (refused);
}

/* A picture that cannot be read stops nothing and is told of once all have been read. */
static void
test_refused (Fixture *fixture, gconstpointer unused)
{
  char *folder = cwb_gui_test_make_faces (2, 2);
  g_autofree char *path = g_build_filename (folder, "class-a", "broken.png", NULL);
  g_autoptr (GError) error = NULL;
  AdwButtonContent *content;

  g_file_set_contents (path, "not a picture at all", -1, &error);
  g_assert_no_error (error);
  cwb_gui_test_open (fixture->window, folder);
  g_assert_cmpuint (count_shown (fixture), ==, 5);
  cwb_gui_test_wait ("the refused picture", has_refused, fixture->page);
  content = cwb_gui_test_find (GTK_WIDGET (fixture->page), ADW_TYPE_BUTTON_CONTENT);
  g_assert_nonnull (g_strstr_len (adw_button_content_get_label (content), -1, "1"));
  g_assert_cmpuint (fixture->n_errors, ==, 0);
  cw_test_remove_folder (folder);
}

/* Tens of thousands of faces, filtered. */
static void
test_many (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_open (fixture->window, "generated:faces?n=50000&seed=1&size=48");
  g_assert_cmpuint (count_shown (fixture), ==, 50000);
  for (int label = 0; label < 4; label++)
    {
      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "data.show-class", "i", label);
      g_assert_cmpuint (count_shown (fixture), >, 1000);
      g_assert_cmpuint (count_shown (fixture), <, 25000);
    }
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/data-page/grid", test_grid },
    { "/data-page/filter", test_filter },
    { "/data-page/step", test_step },
    { "/data-page/selection", test_selection },
    { "/data-page/activate", test_activate },
    { "/data-page/empty-folder", test_empty_folder },
    { "/data-page/failure-keeps-faces", test_failure_keeps_faces },
    { "/data-page/cancel", test_cancel },
    { "/data-page/long-error", test_long_error },
    { "/data-page/recent", test_recent },
    { "/data-page/drop", test_drop },
    { "/data-page/refused", test_refused },
    { "/data-page/many", test_many },
  };

  cwb_gui_test_init (&argc, &argv);
  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, setup, tests[i].func, teardown);
  return g_test_run ();
}
