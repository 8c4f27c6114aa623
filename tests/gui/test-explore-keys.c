/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"
#include "cwb-screenshot.h"

#include "cw-test.h"
#include "pages/cwb-explore-page.h"
#include "widgets/cwb-chart.h"
#include "widgets/cwb-field-view.h"
#include "widgets/cwb-model-panel.h"
#include "widgets/cwb-paint-view.h"
#include "widgets/cwb-picture-view.h"
#include "widgets/cwb-sheet-view.h"

#include <contrawarp.h>
#include <string.h>

/* The Explore page by the keyboard alone: the Tab key comes to all that can be used, and each has a name. */

/* Nothing has that many stops: whoever goes on for so long goes in circles. */
#define MOST_STOPS 1000

typedef struct
{
  CwbWindow *window;
  CwbSession *session;
  CwbExplorePage *page;
  CwbModelPanel *panel;
  char *folder;
} Fixture;

static gboolean
is_idle (gpointer page)
{
  return !cwb_explore_page_get_busy (page);
}

static gboolean
is_judged (gpointer panel)
{
  return cwb_model_panel_get_judgement (panel) != NULL;
}

static void
setup (Fixture *fixture, gconstpointer unused)
{
  CwExperiment *experiment;
  g_autoptr (CwModel) model = NULL;

  fixture->window = cwb_gui_test_window (1100, 760);
  fixture->session = cwb_window_get_session (fixture->window);
  fixture->page = cwb_gui_test_find (GTK_WIDGET (fixture->window), CWB_TYPE_EXPLORE_PAGE);
  fixture->panel = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_MODEL_PANEL);
  fixture->folder = cwb_gui_test_make_faces (2, 3);
  experiment = cwb_session_get_experiment (fixture->session);
  cw_experiment_set (experiment, "view.size", "32", NULL);
  cw_experiment_set (experiment, "encoder.width", "8", NULL);
  cwb_session_experiment_changed (fixture->session);
  model = cw_recipe_random_model (experiment->recipe);
  cwb_session_set_model (fixture->session, model);
  cwb_gui_test_open (fixture->window, fixture->folder);
  cwb_gui_test_show_page (fixture->window, "explore");
  g_object_set (fixture->page, "compare", "wipe", NULL);
  cwb_gui_test_wait ("the views", is_idle, fixture->page);
}

static void
teardown (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_close (fixture->window);
  cw_test_remove_folder (fixture->folder);
}

/* ---- controls ---- */

/* What has insides of its own, which are not told apart. */
static gboolean
is_whole (GtkWidget *widget)
{
  return GTK_IS_SPIN_BUTTON (widget) || GTK_IS_DROP_DOWN (widget) || GTK_IS_MENU_BUTTON (widget)
         || GTK_IS_ENTRY (widget) || GTK_IS_SWITCH (widget) || GTK_IS_RANGE (widget)
         || GTK_IS_BUTTON (widget) || CWB_IS_PICTURE_VIEW (widget) || CWB_IS_CHART (widget)
         || CWB_IS_PAINT_CANVAS (widget) || ADW_IS_COMBO_ROW (widget);
}

static gboolean
is_control (GtkWidget *widget)
{
  return is_whole (widget) || ADW_IS_EXPANDER_ROW (widget);
}

/* Those that can be used now, in tree order. */
static void
collect (GtkWidget *root, GPtrArray *controls)
{
  /* What scrolls is moved by what has the focus in it. */
  if (!gtk_widget_get_mapped (root) || !gtk_widget_is_sensitive (root) || GTK_IS_SCROLLBAR (root))
    return;
  if (is_control (root))
    g_ptr_array_add (controls, root);
  if (is_whole (root))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, controls);
}

/* The control that has the focus, wherever in it the focus is. */
static GtkWidget *
find_control (GtkWidget *focus)
{
  GtkWidget *found = NULL;

  for (GtkWidget *w = focus; w != NULL; w = gtk_widget_get_parent (w))
    {
      if (is_whole (w) || (found == NULL && ADW_IS_EXPANDER_ROW (w)))
        found = w;
    }
  return found;
}

/* ---- names ---- */

/* (transfer full): the label that assistive technologies are told; "undefined" where there is none. */
static char *
dup_label (GtkWidget *widget)
{
  /* What is told when it is not this: there is no other way to ask. */
  return gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                             "\001", -1);
}

static gboolean
is_name (const char *text)
{
  return text != NULL && *text != '\0' && !g_str_equal (text, "undefined")
         && !g_str_has_prefix (text, "Gtk") && !g_str_has_prefix (text, "Adw") && !g_str_has_prefix (text, "Cwb");
}

/* Its accessible label, another widget, its title, its own text, or its tooltip. */
static gboolean
has_name (GtkWidget *widget)
{
  g_autofree char *label = dup_label (widget);

  if (is_name (label))
    return TRUE;
  /* Every button says that its child, which may be an icon, labels it. */
  if (!GTK_IS_BUTTON (widget)
      && gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                           GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    return TRUE;
  if (ADW_IS_PREFERENCES_ROW (widget))
    return is_name (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)));
  if (GTK_IS_BUTTON (widget) && is_name (gtk_button_get_label (GTK_BUTTON (widget))))
    return TRUE;
  return is_name (gtk_widget_get_tooltip_text (widget));
}

static char *
dup_description (GtkWidget *widget)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);
  GtkWidget *row = gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_ROW);

  return g_strdup_printf ("%s “%s” in “%s”", G_OBJECT_TYPE_NAME (widget),
                          tooltip != NULL ? tooltip : "",
                          row != NULL ? adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row))
                                      : gtk_widget_get_name (gtk_widget_get_parent (widget)));
}

/* ---- the walk ---- */

/* From the start of the window to the end: all stops. Fails where the focus comes to an earlier stop,
 * as it does in a trap. */
static GHashTable *
walk (GtkWidget *window)
{
  GHashTable *stops = g_hash_table_new (NULL, NULL), *controls = g_hash_table_new (NULL, NULL);
  GtkWidget *focus, *first = NULL;

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  for (int i = 0; i < MOST_STOPS; i++)
    {
      if (!gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD))
        break;
      focus = gtk_root_get_focus (GTK_ROOT (window));
      g_assert_nonnull (focus);
      if (focus == first)
        break;
      if (first == NULL)
        first = focus;
      if (g_hash_table_contains (stops, focus))
        g_error ("the Tab key comes back to %s and not to the first", dup_description (focus));
      g_hash_table_add (stops, focus);
      g_hash_table_add (controls, find_control (focus));
    }
  g_assert_cmpuint (g_hash_table_size (stops), <, MOST_STOPS);
  g_hash_table_unref (stops);
  return controls;
}

/* All that is wrong is told at once. */
static void
assert_reachable (GtkWidget *window, GtkWidget *root, guint at_least)
{
  g_autoptr (GPtrArray) controls = g_ptr_array_new ();
  g_autoptr (GHashTable) reached = walk (window);
  guint n_wrong = 0;

  collect (root, controls);
  for (guint i = 0; i < controls->len; i++)
    {
      g_autofree char *text = dup_description (controls->pdata[i]);

      if (!g_hash_table_contains (reached, controls->pdata[i]))
        g_test_message ("the Tab key does not come to %s (%u)", text, ++n_wrong);
      if (!has_name (controls->pdata[i]))
        g_test_message ("without a name: %s (%u)", text, ++n_wrong);
    }
  g_test_message ("%u controls", controls->len);
  g_assert_cmpuint (n_wrong, ==, 0);
  g_assert_cmpuint (controls->len, >=, at_least);
}

static void
assert_page (Fixture *fixture, guint at_least)
{
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->window));
  assert_reachable (GTK_WIDGET (fixture->window), GTK_WIDGET (fixture->page), at_least);
}

/* ---- tests ---- */

static void
expand_all (GtkWidget *root)
{
  if (ADW_IS_EXPANDER_ROW (root))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (root), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    expand_all (child);
}

/* With settings A there are two rows of views; the steps of the pipeline are open. */
static void
test_views (Fixture *fixture, gconstpointer unused)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "explore.keep-a", NULL);
  cwb_gui_test_wait ("the views", is_idle, fixture->page);
  assert_page (fixture, 30);
  expand_all (GTK_WIDGET (fixture->page));
  assert_page (fixture, 60);
}

static void
test_painted_warp (Fixture *fixture, gconstpointer unused)
{
  cw_experiment_set (cwb_session_get_experiment (fixture->session), "warp.type", "painted", NULL);
  cwb_session_experiment_changed (fixture->session);
  cwb_gui_test_wait ("the views", is_idle, fixture->page);
  assert_page (fixture, 20);
}

static void
test_chance (Fixture *fixture, gconstpointer unused)
{
  g_object_set (fixture->page, "side", "chance", NULL);
  assert_page (fixture, 20);
}

static void
test_model (Fixture *fixture, gconstpointer unused)
{
  g_object_set (fixture->page, "side", "model", NULL);
  cwb_gui_test_wait ("the judgement", is_judged, fixture->panel);
  assert_page (fixture, 15);
  cwb_session_set_model (fixture->session, NULL);
  cwb_gui_test_wait ("the views", is_idle, fixture->page);
  assert_page (fixture, 14);
}

static guint
count_named_neighbours (GtkWidget *root)
{
  guint n = GTK_IS_FLOW_BOX_CHILD (root);

  g_assert_true (n == 0 || has_name (root));
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_named_neighbours (child);
  return n;
}

/* Of all faces but the face itself, for the face and for the warp negative; arrow keys move among them. */
static void
test_neighbours (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (CwbVectors) vectors = cwb_vectors_new (cwb_session_get_dataset (fixture->session),
                                                    cwb_session_get_encoder (fixture->session));

  g_assert_true (cwb_vectors_embed (vectors, NULL, NULL));
  cwb_session_set_vectors (fixture->session, vectors);
  g_object_set (fixture->page, "side", "model", NULL);
  cwb_gui_test_wait ("the judgement", is_judged, fixture->panel);
  assert_page (fixture, 15);
  g_assert_cmpuint (count_named_neighbours (GTK_WIDGET (fixture->panel)), ==, 10);
}

static void
assert_window (GtkWidget *view, guint at_least)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (view));

  gtk_test_widget_wait_for_draw (view);
  assert_reachable (window, view, at_least);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_sheet (Fixture *fixture, gconstpointer unused)
{
  CwbSheetView *view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.sheet",
                                                 CWB_TYPE_SHEET_VIEW);

  cwb_sheet_view_set_kind (view, CWB_SHEET_SWEEP);
  cwb_gui_test_wait ("the sheet", cwb_gui_test_sheet_is_made, view);
  assert_window (GTK_WIDGET (view), 8);
}

/* With something painted, so that it can be undone, saved and used. */
static void
test_paint (Fixture *fixture, gconstpointer unused)
{
  CwbPaintView *view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.paint",
                                                 CWB_TYPE_PAINT_VIEW);

  cwb_gui_test_press (GTK_WIDGET (cwb_paint_view_get_canvas (view)), GDK_KEY_Return, 0);
  assert_window (GTK_WIDGET (view), 13);
}

/* Both windows know the program's keys; Escape closes the one in which nothing can be lost. */
static void
test_windows (Fixture *fixture, gconstpointer unused)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (fixture->window));
  GtkWidget *view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.paint",
                                              CWB_TYPE_PAINT_VIEW);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (view));

  g_assert_true (gtk_window_get_application (GTK_WINDOW (window)) == application);
  g_assert_false (cwb_gui_test_press_anywhere (window, GDK_KEY_Escape, 0));
  g_assert_true (gtk_widget_activate_action (window, "window.close", NULL));
  g_assert_null (cwb_gui_test_find_anywhere (CWB_TYPE_PAINT_VIEW));

  view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.sheet",
                                   CWB_TYPE_SHEET_VIEW);
  window = GTK_WIDGET (gtk_widget_get_root (view));
  g_assert_true (gtk_window_get_application (GTK_WINDOW (window)) == application);
  cwb_gui_test_wait ("the sheet", cwb_gui_test_sheet_is_made, view);
  /* The program is asked for a window while another one of its own is in front. */
  g_application_activate (G_APPLICATION (application));
  g_assert_true (cwb_gui_test_press_anywhere (window, GDK_KEY_Escape, 0));
  g_assert_null (cwb_gui_test_find_anywhere (CWB_TYPE_SHEET_VIEW));
}

/* (transfer full): as it is on screen. */
static GBytes *
take_pixels (GtkWidget *widget)
{
  g_autoptr (GdkTexture) texture = cwb_screenshot_take (widget, 1);
  gsize stride = 4 * (gsize) gdk_texture_get_width (texture);
  gsize size = stride * (gsize) gdk_texture_get_height (texture);
  guchar *pixels = g_malloc (size);

  gdk_texture_download (texture, pixels, stride);
  return g_bytes_new_take (pixels, size);
}

typedef struct
{
  GtkWidget *widget;
  GBytes *before;
} Look;

static gboolean
looks_different (gpointer data)
{
  const Look *look = data;
  g_autoptr (GBytes) now = take_pixels (look->widget);

  return !g_bytes_equal (look->before, now);
}

/* Who moves the focus by keys sees that it is on @widget: in the next frame, which
 * on a busy machine may not be the first that is waited for. */
static void
assert_ring (Fixture *fixture, GtkWidget *widget)
{
  g_autoptr (GBytes) before = NULL;
  Look look = { widget, NULL };

  gtk_window_set_focus (GTK_WINDOW (fixture->window), NULL);
  gtk_test_widget_wait_for_draw (widget);
  look.before = before = take_pixels (widget);
  gtk_window_set_focus_visible (GTK_WINDOW (fixture->window), TRUE);
  g_assert_true (gtk_widget_grab_focus (widget));
  cwb_gui_test_wait ("the ring", looks_different, &look);
}

static void
test_ring (Fixture *fixture, gconstpointer unused)
{
  g_object_set (fixture->page, "side", "model", NULL);
  cwb_gui_test_wait ("the judgement", is_judged, fixture->panel);
  cwb_gui_test_run_for (100);
  assert_ring (fixture, cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_FIELD_VIEW));
  assert_ring (fixture, cwb_gui_test_find (GTK_WIDGET (fixture->panel), CWB_TYPE_CHART));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/explore-keys/views", test_views },
    { "/explore-keys/painted-warp", test_painted_warp },
    { "/explore-keys/chance", test_chance },
    { "/explore-keys/model", test_model },
    { "/explore-keys/neighbours", test_neighbours },
    { "/explore-keys/ring", test_ring },
    { "/explore-keys/sheet", test_sheet },
    { "/explore-keys/paint", test_paint },
    { "/explore-keys/windows", test_windows },
  };

  /* Names are asked for. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  cwb_gui_test_init (&argc, &argv);
  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, setup, tests[i].func, teardown);
  return g_test_run ();
}
