/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "cw-test.h"
#include "pages/cwb-explore-page.h"
#include "widgets/cwb-drawn-list.h"
#include "widgets/cwb-field-view.h"
#include "widgets/cwb-param-field.h"
#include "widgets/cwb-stage.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* The Explore page, driven through actions and its controls. */

typedef struct
{
  CwbWindow *window;
  CwbSession *session;
  CwbExplorePage *page;
  char *folder;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer unused)
{
  fixture->window = cwb_gui_test_window (1100, 760);
  fixture->session = cwb_window_get_session (fixture->window);
  fixture->page = cwb_gui_test_find (GTK_WIDGET (fixture->window), CWB_TYPE_EXPLORE_PAGE);
  fixture->folder = cwb_gui_test_make_faces (2, 3);
}

static void
teardown (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_close (fixture->window);
  cw_test_remove_folder (fixture->folder);
}

static gboolean
is_idle (gpointer page)
{
  return !cwb_explore_page_get_busy (page);
}

static const CwbExploration *
wait_for_views (Fixture *fixture)
{
  cwb_gui_test_wait ("the views", is_idle, fixture->page);
  return cwb_explore_page_get_exploration (fixture->page);
}

static const CwbExploration *
open_face (Fixture *fixture, guint index)
{
  cwb_gui_test_open (fixture->window, fixture->folder);
  cwb_session_set_selected (fixture->session, index);
  cwb_gui_test_show_page (fixture->window, "explore");
  return wait_for_views (fixture);
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->page), action, NULL));
}

/* The slider of a field of the editor, by the field's name. */
static GtkRange *
find_range (Fixture *fixture, const char *name)
{
  return GTK_RANGE (cwb_param_field_get_control (
      cwb_gui_test_find_named (GTK_WIDGET (fixture->page), name)));
}

static void
test_nothing_open (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_show_page (fixture->window, "explore");
  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "empty");
  g_assert_null (cwb_explore_page_get_exploration (fixture->page));
}

/* Who comes without a face sees the first. */
static void
test_first_face (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_open (fixture->window, fixture->folder);
  cwb_gui_test_show_page (fixture->window, "explore");
  wait_for_views (fixture);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 0);
  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "views");
}

/* What is shown is what the loader gives the trainer. */
static void
test_views_are_the_trainers (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 4);
  const CwExperiment *experiment = cwb_session_get_experiment (fixture->session);
  int size = experiment->recipe->views->preprocess.size;
  gsize n = (gsize) size * (gsize) size;
  g_autofree float *pixels = g_new (float, 3 * n);
  g_autoptr (CwField) field = cw_field_new (size, size);
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  CwDataset *dataset = cwb_session_get_dataset (fixture->session);

  g_assert_cmpuint (cwb_explore_page_get_seed (fixture->page), ==, experiment->recipe->seed);
  for (int view = 0; view < exploration->n_pictures - 1; view++)
    {
      const CwImage *shown = exploration->pictures[1 + view].image;
      g_autoptr (CwImage) want = NULL;
      g_autoptr (GError) error = NULL;

      /* The experiment as it is: how many negatives it makes changes none of them. */
      cw_loader_render_view (dataset, 4, experiment->recipe->views, experiment->data.source_side,
                             experiment->recipe->seed, 0, view, renderer, pixels, field, NULL,
                             &error);
      g_assert_no_error (error);
      want = cw_picture_from_float (pixels, size, size);
      g_assert_cmpint (shown->w, ==, size);
      g_assert_cmpmem (shown->data, cw_image_bytes (shown), want->data, cw_image_bytes (want));
      if (view >= 2)
        {
          g_assert_cmpmem (exploration->pictures[1 + view].field->d, 2 * n * sizeof (float),
                           field->d, 2 * n * sizeof (float));
          g_assert_cmpfloat ((double) exploration->pictures[1 + view].stats.max, >, 1);
        }
      else
        g_assert_null (exploration->pictures[1 + view].field);
    }
}

static void
test_reroll (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 1);
  guint64 before = cw_image_hash (exploration->pictures[2].image);
  guint64 source = cw_image_hash (exploration->pictures[0].image);
  guint64 seed = cwb_session_get_experiment (fixture->session)->recipe->seed;

  act (fixture, "explore.reroll");
  exploration = wait_for_views (fixture);
  g_assert_cmpuint (cw_image_hash (exploration->pictures[2].image), !=, before);
  g_assert_cmpuint (cw_image_hash (exploration->pictures[0].image), ==, source);
  /* Looking around is not setting up. */
  g_assert_cmpuint (cwb_session_get_experiment (fixture->session)->recipe->seed, ==, seed);
}

static void
test_next_and_previous (Fixture *fixture, gconstpointer unused)
{
  open_face (fixture, 5);
  act (fixture, "explore.next");
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 0);
  act (fixture, "explore.previous");
  act (fixture, "explore.previous");
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, 4);
  wait_for_views (fixture);
}

static void
count (gpointer session, guint *n)
{
  (*n)++;
}

/* A slider changes the experiment and the warp; its partner gives way; others are told once. */
static void
test_slider (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 2);
  double before = (double) exploration->pictures[3].stats.max;
  const CwViews *views = cwb_session_get_experiment (fixture->session)->recipe->views;
  const CwParamSpec *specs = views->warp->base.params;
  GtkRange *least = find_range (fixture, "warp.magnitude-min");
  GtkRange *most = find_range (fixture, "warp.magnitude-max");
  guint n_told = 0;

  g_assert_nonnull (least);
  g_signal_connect (fixture->session, "experiment-changed", G_CALLBACK (count), &n_told);
  for (int i = 16; i <= 20; i++)
    gtk_range_set_value (least, 0.01 * i);
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (most), 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (cw_params_get_number (cw_params_find (specs, "magnitude-min"),
                                                        views->warp_params), 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (cw_params_get_number (cw_params_find (specs, "magnitude-max"),
                                                        views->warp_params), 0.2, 1e-6);
  exploration = wait_for_views (fixture);
  g_assert_cmpfloat ((double) exploration->pictures[3].stats.max, >, 1.2 * before);
  cwb_gui_test_run_for (300);
  g_assert_cmpuint (n_told, ==, 1);
}

/* Changes made elsewhere are shown. */
static void
test_experiment_changed (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 2);
  CwExperiment *experiment = cwb_session_get_experiment (fixture->session);
  g_autoptr (GError) error = NULL;

  cw_experiment_set (experiment, "view.size", "32", &error);
  g_assert_no_error (error);
  cw_experiment_set (experiment, "experiment.seed", "77", &error);
  g_assert_no_error (error);
  cw_experiment_set (experiment, "warp.points", "9", &error);
  g_assert_no_error (error);
  cwb_session_experiment_changed (fixture->session);
  exploration = wait_for_views (fixture);
  g_assert_cmpint (exploration->pictures[1].image->w, ==, 32);
  g_assert_cmpuint (cwb_explore_page_get_seed (fixture->page), ==, 77);
  g_assert_cmpfloat (gtk_range_get_value (find_range (fixture, "warp.points")), ==, 9);
}

/* Of a family with dozens of control records the first are told, and how many more there are. */
static void
test_many_pushes (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 2);
  CwExperiment *experiment = cwb_session_get_experiment (fixture->session);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (strstr (exploration->pictures[3].drawn, "Push 3: "));
  g_assert_null (strstr (exploration->pictures[3].drawn, "more push"));
  cw_experiment_set (experiment, "warp.type", "thin-plate-spline", &error);
  g_assert_no_error (error);
  cwb_session_experiment_changed (fixture->session);
  exploration = wait_for_views (fixture);
  g_assert_nonnull (strstr (exploration->pictures[3].drawn, "Push 8: "));
  g_assert_null (strstr (exploration->pictures[3].drawn, "Push 9: "));
  g_assert_nonnull (strstr (exploration->pictures[3].drawn, "and 17 more pushes"));
  g_assert_nonnull (find_range (fixture, "warp.grid"));
}

/* Squares come through the same transforms and warps; the face comes back. */
static void
test_checkerboard (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 0);
  guint64 face = cw_image_hash (exploration->pictures[3].image);
  float most = exploration->pictures[3].stats.max;

  act (fixture, "explore.checkerboard");
  exploration = wait_for_views (fixture);
  g_assert_cmpuint (cw_image_hash (exploration->pictures[3].image), !=, face);
  g_assert_cmpfloat ((double) exploration->pictures[3].stats.max, ==, (double) most);
  act (fixture, "explore.checkerboard");
  exploration = wait_for_views (fixture);
  g_assert_cmpuint (cw_image_hash (exploration->pictures[3].image), ==, face);
}

/* A value set by hand is held through another seed, until all are drawn again. */
static void
test_hold (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 0);
  GtkSpinButton *spin;
  float drawn = exploration->pictures[1].draw.values[0][0];
  float other = exploration->pictures[1].draw.values[0][1];

  g_object_set (fixture->page, "side", "chance", NULL);
  spin = cwb_gui_test_find (cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_DRAWN_LIST),
                            GTK_TYPE_SPIN_BUTTON);
  g_assert_cmpfloat_with_epsilon (gtk_spin_button_get_value (spin), (double) drawn, 1e-3);
  gtk_spin_button_set_value (spin, 0.25);
  act (fixture, "explore.reroll");
  exploration = wait_for_views (fixture);
  g_assert_cmpfloat ((double) exploration->pictures[1].draw.values[0][0], ==, 0.25);
  g_assert_cmpfloat ((double) exploration->pictures[1].draw.values[0][1], !=, (double) other);
  g_assert_cmpfloat ((double) exploration->pictures[2].draw.values[0][0], !=, 0.25);
  act (fixture, "explore.release");
  exploration = wait_for_views (fixture);
  g_assert_cmpfloat ((double) exploration->pictures[1].draw.values[0][0], !=, 0.25);
}

/* What was drawn is told in the words of the steps; what is so or not so with yes and no, which can
 * be typed. */
static void
test_words (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 0);
  GtkWidget *list = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_DRAWN_LIST);
  GtkWidget *row = cwb_gui_test_find_row (list, "Flip: Flipped");
  GtkSpinButton *spin = cwb_gui_test_find (row, GTK_TYPE_SPIN_BUTTON);
  gboolean flipped = exploration->pictures[1].draw.values[1][0] >= 0.5f;

  g_assert_cmpstr (exploration->scene->views->pipeline->steps[1].name, ==, "flip");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, flipped ? "Yes" : "No");
  g_assert_nonnull (strstr (exploration->pictures[1].drawn,
                            flipped ? "Flip: Flipped: yes" : "Flip: Flipped: no"));
  gtk_editable_set_text (GTK_EDITABLE (spin), flipped ? "No" : "Yes");
  gtk_spin_button_update (spin);
  exploration = wait_for_views (fixture);
  g_assert_cmpint (exploration->pictures[1].draw.values[1][0] >= 0.5f, ==, !flipped);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, flipped ? "No" : "Yes");
}

static CwbFieldView *
get_card (Fixture *fixture)
{
  return cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_FIELD_VIEW);
}

/* One view is zoomed, all show the same part. */
static void
test_zoom (Fixture *fixture, gconstpointer unused)
{
  CwbViewport viewport;
  CwbFieldView *first, *second;

  open_face (fixture, 0);
  first = get_card (fixture);
  second = CWB_FIELD_VIEW (gtk_widget_get_next_sibling (GTK_WIDGET (first)));
  act (fixture, "explore.zoom-in");
  cwb_picture_view_get_viewport (CWB_PICTURE_VIEW (second), &viewport);
  g_assert_cmpfloat (viewport.zoom, ==, 1.5);
  viewport = (CwbViewport){ 4, 0.25, 0.75 };
  cwb_picture_view_set_viewport (CWB_PICTURE_VIEW (first), &viewport);
  g_signal_emit_by_name (first, "viewport-changed");
  cwb_picture_view_get_viewport (CWB_PICTURE_VIEW (second), &viewport);
  g_assert_cmpfloat (viewport.zoom, ==, 4);
  g_assert_cmpfloat (viewport.y, ==, 0.75);
  act (fixture, "explore.zoom-out");
  act (fixture, "explore.zoom-reset");
  cwb_picture_view_get_viewport (CWB_PICTURE_VIEW (first), &viewport);
  g_assert_cmpfloat (viewport.zoom, ==, 1);
  g_assert_cmpfloat (viewport.y, ==, 0.5);
}

/* The key goes through all overlays and comes back; the lists follow, and the cards. */
static void
test_overlays (Fixture *fixture, gconstpointer unused)
{
  open_face (fixture, 0);
  for (int i = 0; i < CWB_N_OVERLAYS; i++)
    {
      g_autofree char *overlay = NULL;

      g_object_get (fixture->page, "overlay", &overlay, NULL);
      g_assert_cmpstr (overlay, ==, cwb_overlays[(CWB_OVERLAY_ARROWS + i) % CWB_N_OVERLAYS].nick);
      g_assert_cmpint (cwb_field_view_get_overlay (get_card (fixture)), ==,
                       (CWB_OVERLAY_ARROWS + i) % CWB_N_OVERLAYS);
      act (fixture, "explore.next-overlay");
    }
  g_assert_cmpint (cwb_field_view_get_overlay (get_card (fixture)), ==, CWB_OVERLAY_ARROWS);
}

static void
test_compare (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *compare;

  open_face (fixture, 0);
  compare = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_COMPARE_VIEW);
  g_assert_false (gtk_widget_get_visible (compare));
  act (fixture, "explore.next-compare");
  g_assert_true (gtk_widget_get_visible (compare));
  g_assert_cmpint (cwb_compare_view_get_mode (CWB_COMPARE_VIEW (compare)), ==, CWB_COMPARE_WIPE);
  act (fixture, "explore.next-compare");
  g_assert_cmpint (cwb_compare_view_get_mode (CWB_COMPARE_VIEW (compare)), ==,
                   CWB_COMPARE_DIFFERENCE);
  g_object_set (fixture->page, "compare", "none", NULL);
  g_assert_false (gtk_widget_get_visible (compare));
}

static GtkSpinButton *
find_spin (Fixture *fixture, const char *name)
{
  return GTK_SPIN_BUTTON (gtk_widget_get_template_child (GTK_WIDGET (fixture->page),
                                                         CWB_TYPE_EXPLORE_PAGE, name));
}

/* A further positive is that of the next epoch; as many negatives as one likes. */
static void
test_any_number (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration;
  guint64 second;

  open_face (fixture, 0);
  gtk_spin_button_set_value (find_spin (fixture, "positives_spin"), 3);
  gtk_spin_button_set_value (find_spin (fixture, "negatives_spin"), 5);
  exploration = wait_for_views (fixture);
  g_assert_cmpint (exploration->n_pictures, ==, 1 + 1 + 3 + 5);
  g_assert_cmpstr (exploration->pictures[9].title, ==, "Warp negative 5");
  g_assert_nonnull (exploration->pictures[9].field);
  second = cw_image_hash (exploration->pictures[3].image);
  gtk_spin_button_set_value (find_spin (fixture, "epoch_spin"), 1);
  exploration = wait_for_views (fixture);
  g_assert_cmpuint (cw_image_hash (exploration->pictures[2].image), ==, second);
}

/* A keeps its settings while others are edited, on the same seed; both can change places. */
static void
test_settings_a (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 2);
  const CwViews *views = cwb_session_get_experiment (fixture->session)->recipe->views;
  guint64 before = cw_image_hash (exploration->pictures[3].image);
  CwbStage *stage = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_STAGE);
  double least;

  act (fixture, "explore.keep-a");
  gtk_range_set_value (find_range (fixture, "warp.magnitude-min"), 0.2);
  exploration = wait_for_views (fixture);
  g_assert_cmpuint (cw_image_hash (exploration->pictures[3].image), !=, before);
  g_assert_nonnull (stage);
  act (fixture, "explore.swap-a");
  exploration = wait_for_views (fixture);
  g_assert_cmpuint (cw_image_hash (exploration->pictures[3].image), ==, before);
  least = cw_params_get_number (cw_params_find (views->warp->base.params, "magnitude-min"),
                                views->warp_params);
  g_assert_cmpfloat (least, <, 0.19);
  act (fixture, "explore.forget-a");
  wait_for_views (fixture);
}

/* What the sliders change stays in sight while one scrolls to the last of them. */
static void
test_scrolled (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *stage = cwb_gui_test_find (GTK_WIDGET (fixture->page), CWB_TYPE_STAGE), *scrolled;
  GtkAdjustment *adjustment;
  graphene_rect_t before, after;

  open_face (fixture, 2);
  cwb_gui_test_run_for (100);
  scrolled = gtk_widget_get_ancestor (stage, GTK_TYPE_SCROLLED_WINDOW);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), >,
                     1.5 * gtk_adjustment_get_page_size (adjustment));
  g_assert_true (gtk_widget_compute_bounds (stage, scrolled, &before));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  cwb_gui_test_run_for (100);
  g_assert_true (gtk_widget_compute_bounds (stage, scrolled, &after));
  g_assert_cmpfloat (after.origin.y + after.size.height, >, 0);
  g_assert_cmpfloat (after.origin.y + after.size.height, <=,
                     gtk_widget_get_height (scrolled));
  g_assert_cmpfloat (fabs (after.origin.y - before.origin.y), <, 0.5f * before.size.height);
  gtk_adjustment_set_value (adjustment, 0);
  cwb_gui_test_run_for (100);
  g_assert_true (gtk_widget_compute_bounds (stage, scrolled, &after));
  g_assert_true (graphene_rect_equal (&before, &after));
}

/* What was edited on one tab is undone from another, too. */
static void
test_undo_anywhere (Fixture *fixture, gconstpointer unused)
{
  const CwViews *views = cwb_session_get_experiment (fixture->session)->recipe->views;
  float before;

  open_face (fixture, 2);
  before = cw_params_get_number (cw_params_find (views->warp->base.params, "magnitude-min"),
                                 views->warp_params);
  gtk_range_set_value (find_range (fixture, "warp.magnitude-min"), 0.2);
  wait_for_views (fixture);
  g_object_set (fixture->page, "side", "chance", NULL);
  cwb_gui_test_run_for (50);
  g_assert_true (cwb_gui_test_press_anywhere (GTK_WIDGET (fixture->window), GDK_KEY_z, GDK_CONTROL_MASK));
  wait_for_views (fixture);
  g_assert_cmpfloat (cw_params_get_number (cw_params_find (views->warp->base.params, "magnitude-min"),
                                           views->warp_params), ==, before);
  g_assert_true (cwb_gui_test_press_anywhere (GTK_WIDGET (fixture->window), GDK_KEY_y, GDK_CONTROL_MASK));
  wait_for_views (fixture);
  g_assert_cmpfloat (cw_params_get_number (cw_params_find (views->warp->base.params, "magnitude-min"),
                                           views->warp_params), >, 0.19);
}

/* A model of another size brings its own. */
static void
test_set_size (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration;

  open_face (fixture, 2);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->page), "explore.set-size", "i", 64));
  exploration = wait_for_views (fixture);
  g_assert_cmpint (exploration->pictures[1].image->w, ==, 64);
}

static gboolean
has_inscription (GtkWidget *root, const char *text)
{
  if (GTK_IS_INSCRIPTION (root)
      && strstr (gtk_inscription_get_text (GTK_INSCRIPTION (root)), text) != NULL)
    return TRUE;
  for (GtkWidget *w = gtk_widget_get_first_child (root); w != NULL;
       w = gtk_widget_get_next_sibling (w))
    {
      if (has_inscription (w, text))
        return TRUE;
    }
  return FALSE;
}

/* With a model of the view's size each view says how like the anchor it is, the number first: the
 * end of a line that has no room is cut. */
static void
test_similarity (Fixture *fixture, gconstpointer unused)
{
  const CwbExploration *exploration = open_face (fixture, 0);
  CwModel *model = cw_recipe_random_model (cwb_session_get_experiment (fixture->session)->recipe);

  g_assert_false (exploration->pictures[2].compared);
  cwb_session_set_model (fixture->session, model);
  exploration = wait_for_views (fixture);
  g_assert_false (exploration->pictures[1].compared);
  for (int i = 2; i < exploration->n_pictures; i++)
    {
      g_autofree char *text = g_strdup_printf ("\n%.2f similar to the anchor",
                                               (double) exploration->pictures[i].similarity);

      g_assert_true (exploration->pictures[i].compared);
      g_assert_true (has_inscription (GTK_WIDGET (fixture->page), text));
      g_assert_cmpfloat ((double) exploration->pictures[i].similarity, <=, 1.0001);
      g_assert_cmpfloat ((double) exploration->pictures[i].similarity, >, -1.0001);
    }
  cw_model_unref (model);
}

/* A picture that is gone meanwhile: the page says so and goes on with the next. */
static void
test_error (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = NULL;

  cwb_gui_test_open (fixture->window, fixture->folder);
  path = cw_dataset_dup_path (cwb_session_get_dataset (fixture->session), 1);
  g_assert_cmpint (g_remove (path), ==, 0);
  cwb_session_set_selected (fixture->session, 1);
  cwb_gui_test_show_page (fixture->window, "explore");
  g_assert_null (wait_for_views (fixture));
  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "error");
  act (fixture, "explore.next");
  g_assert_nonnull (wait_for_views (fixture));
  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "views");
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/explore-page/nothing-open", test_nothing_open },
    { "/explore-page/first-face", test_first_face },
    { "/explore-page/views-are-the-trainers", test_views_are_the_trainers },
    { "/explore-page/reroll", test_reroll },
    { "/explore-page/next-and-previous", test_next_and_previous },
    { "/explore-page/slider", test_slider },
    { "/explore-page/experiment-changed", test_experiment_changed },
    { "/explore-page/many-pushes", test_many_pushes },
    { "/explore-page/checkerboard", test_checkerboard },
    { "/explore-page/hold", test_hold },
    { "/explore-page/words", test_words },
    { "/explore-page/zoom", test_zoom },
    { "/explore-page/overlays", test_overlays },
    { "/explore-page/compare", test_compare },
    { "/explore-page/any-number", test_any_number },
    { "/explore-page/settings-a", test_settings_a },
    { "/explore-page/scrolled", test_scrolled },
    { "/explore-page/undo-anywhere", test_undo_anywhere },
    { "/explore-page/set-size", test_set_size },
    { "/explore-page/similarity", test_similarity },
    { "/explore-page/error", test_error },
  };

  cwb_gui_test_init (&argc, &argv);
  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, setup, tests[i].func, teardown);
  return g_test_run ();
}
