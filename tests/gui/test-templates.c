/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "pages/cwb-browse-page.h"
#include "pages/cwb-data-page.h"
#include "pages/cwb-evaluate-page.h"
#include "pages/cwb-explore-page.h"
#include "pages/cwb-train-page.h"

/* Every template can be instantiated, given a session, shown in 400 px and ended, without a warning
 * (which would be fatal) and without a leak. */

#define NARROW 400

static void
test_page (gconstpointer data)
{
  GType type = ((GType (*) (void)) data) ();
  CwbSession *session = cwb_session_new ();
  GtkWidget *page = g_object_ref_sink (g_object_new (type, NULL));
  int minimum;

  g_object_set (page, "session", session, NULL);
  gtk_widget_measure (page, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("%s: at least %d px wide", g_type_name (type), minimum);
  g_assert_cmpint (minimum, <=, NARROW);
  g_assert_finalize_object (page);
  g_assert_finalize_object (session);
}

static void
test_window (void)
{
  CwbWindow *window = cwb_gui_test_window (NARROW, 700);
  int minimum;

  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  g_assert_cmpint (minimum, <=, NARROW);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  cwb_gui_test_close (window);
  g_assert_null (window);
}

/* All sections are shown without a warning: what does not fit on a page of two columns brings one. */
static void
test_help_overlay (void)
{
  static const char *const sections[] = { "shortcuts", "explore", "work", "paint" };
  g_autoptr (GtkBuilder) builder
      = gtk_builder_new_from_resource ("/org/contrawarp/Workbench/gtk/help-overlay.ui");
  GObject *overlay = gtk_builder_get_object (builder, "help_overlay");

  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (overlay));
  gtk_window_present (GTK_WINDOW (overlay));
  for (size_t i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_object_set (overlay, "section-name", sections[i], NULL);
      gtk_test_widget_wait_for_draw (GTK_WIDGET (overlay));
    }
  gtk_window_destroy (GTK_WINDOW (overlay));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    GType (*get_type) (void);
  } pages[] = {
    { "data", cwb_data_page_get_type },         { "explore", cwb_explore_page_get_type },
    { "train", cwb_train_page_get_type },       { "evaluate", cwb_evaluate_page_get_type },
    { "browse", cwb_browse_page_get_type },
  };

  cwb_gui_test_init (&argc, &argv);
  for (size_t i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *path = g_strconcat ("/templates/page/", pages[i].name, NULL);

      g_test_add_data_func (path, pages[i].get_type, test_page);
    }
  g_test_add_func ("/templates/window", test_window);
  g_test_add_func ("/templates/help-overlay", test_help_overlay);
  return g_test_run ();
}
