/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"

#include "cw-test.h"
#include "models/cwb-warps.h"
#include "pages/cwb-explore-page.h"
#include "pages/cwb-paint-window.h"
#include "util/cwb-settings.h"
#include "widgets/cwb-drawn-list.h"
#include "widgets/cwb-model-panel.h"
#include "widgets/cwb-paint-view.h"
#include "widgets/cwb-param-field.h"
#include "widgets/cwb-run-step.h"
#include "widgets/cwb-sheet-view.h"
#include "widgets/cwb-views-editor.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* What people do on the Explore page, from end to end: settings, files, sheets, painting, a training's
 * steps, a model. */

#define FACES "generated:faces?n=24&size=48&seed=3&per-subject=4"
#define SIZE 32

typedef struct
{
  CwbWindow *window;
  CwbSession *session;
  CwbExplorePage *page;
  char *folder;
} Fixture;

static gboolean
is_idle (gpointer page)
{
  return !cwb_explore_page_get_busy (page);
}

static gboolean
is_busy (gpointer page)
{
  return cwb_explore_page_get_busy (page);
}

static const CwbExploration *
wait_for_views (Fixture *fixture)
{
  cwb_gui_test_wait ("the views", is_idle, fixture->page);
  g_assert_cmpstr (cwb_explore_page_get_state (fixture->page), ==, "views");
  return cwb_explore_page_get_exploration (fixture->page);
}

static void
set (Fixture *fixture, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  cw_experiment_set (cwb_session_get_experiment (fixture->session), key, value, &error);
  g_assert_no_error (error);
}

static void
setup (Fixture *fixture, gconstpointer unused)
{
  fixture->window = cwb_gui_test_window (1100, 900);
  fixture->session = cwb_window_get_session (fixture->window);
  fixture->page = cwb_gui_test_find (GTK_WIDGET (fixture->window), CWB_TYPE_EXPLORE_PAGE);
  fixture->folder = cw_test_make_folder ();
  cwb_gui_test_open (fixture->window, FACES);
  set (fixture, "view.size", "32");
  cwb_session_experiment_changed (fixture->session);
  cwb_gui_test_show_page (fixture->window, "explore");
  wait_for_views (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer unused)
{
  cwb_gui_test_close (fixture->window);
  cw_test_remove_folder (fixture->folder);
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->page), action, NULL));
}

static gpointer
find (Fixture *fixture, GType type)
{
  gpointer widget = cwb_gui_test_find (GTK_WIDGET (fixture->page), type);

  g_assert_nonnull (widget);
  return widget;
}

static CwViews *
get_views (Fixture *fixture)
{
  return cwb_session_get_experiment (fixture->session)->recipe->views;
}

static GtkSpinButton *
get_spin (gpointer widget, const char *name)
{
  return GTK_SPIN_BUTTON (gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), name));
}

/* ---- settings and files ---- */

/* Magnitude, another seed, a held value, steps in another order; undone, done again, saved, loaded. */
static void
test_edit_save_load (Fixture *fixture, gconstpointer unused)
{
  CwbViewsEditor *editor = find (fixture, CWB_TYPE_VIEWS_EDITOR);
  GtkWidget *root = GTK_WIDGET (editor);
  g_autofree char *path = g_build_filename (fixture->folder, "views.cwexp", NULL);
  g_autofree char *first = g_strdup (get_views (fixture)->pipeline->steps[0].name);
  g_autofree char *row = g_strconcat ("view.", first, NULL), *other = NULL;
  GtkRange *least = GTK_RANGE (cwb_param_field_get_control (
      cwb_gui_test_find_named (root, "warp.magnitude-min")));
  g_autoptr (CwViews) edited = NULL;
  g_autoptr (GError) error = NULL;

  gtk_range_set_value (least, 0.19);
  act (fixture, "explore.reroll");
  g_object_set (fixture->page, "side", "chance", NULL);
  wait_for_views (fixture);
  gtk_spin_button_set_value (cwb_gui_test_find (find (fixture, CWB_TYPE_DRAWN_LIST),
                                                GTK_TYPE_SPIN_BUTTON), 0.25);
  g_assert_cmpfloat (wait_for_views (fixture)->pictures[1].draw.values[0][0], ==, 0.25f);

  other = g_strconcat ("view.", get_views (fixture)->pipeline->steps[1].name, NULL);
  g_signal_emit_by_name (cwb_gui_test_find_named (root, other), "dropped",
                         cwb_gui_test_find_named (root, row));
  g_assert_cmpstr (get_views (fixture)->pipeline->steps[1].name, ==, first);
  gtk_widget_activate_action (root, "views.undo", NULL);
  g_assert_cmpstr (get_views (fixture)->pipeline->steps[0].name, ==, first);
  gtk_widget_activate_action (root, "views.redo", NULL);
  edited = cw_views_copy (get_views (fixture));

  g_assert_true (cwb_views_editor_save (editor, path, &error));
  gtk_widget_activate_action (root, "views.reset", NULL);
  g_assert_false (cw_views_equal (get_views (fixture), edited));
  g_assert_true (cwb_views_editor_load (editor, path, &error));
  g_assert_true (cw_views_equal (get_views (fixture), edited));
  wait_for_views (fixture);
}

/* ---- windows ---- */

static void
test_sheet (Fixture *fixture, gconstpointer unused)
{
  CwbSheetView *view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.sheet",
                                                 CWB_TYPE_SHEET_VIEW);
  g_autoptr (GError) error = NULL;
  const CwbSheet *sheet;

  cwb_gui_test_wait ("the sheet", cwb_gui_test_sheet_is_made, view);
  sheet = cwb_sheet_view_get_sheet (view);
  g_assert_cmpuint (cw_image_hash (sheet->images[0]), ==,
                    cw_image_hash (wait_for_views (fixture)->pictures[3].image));
  cwb_sheet_view_set_kind (view, CWB_SHEET_SWEEP);
  cwb_gui_test_wait ("the sheet", cwb_gui_test_sheet_is_made, view);
  sheet = cwb_sheet_view_get_sheet (view);
  g_assert_cmpint (sheet->n_rows, ==, 1);
  g_assert_true (g_str_has_prefix (sheet->column_labels[0], "warp.magnitude "));
  for (int i = 0; i < 3; i++)
    {
      static const char *const names[] = { "sheet.png", "sheet.svg", "sheet.pdf" };
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      g_assert_true (cwb_sheet_view_export (view, path, &error));
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
}

static void
paint (CwbPaintView *view)
{
  CwbPainting *painting = cwb_paint_canvas_get_painting (cwb_paint_view_get_canvas (view));

  cwb_painting_begin (painting, 0.4, 0.7, 1);
  cwb_painting_move (painting, 0.46, 0.62, 1);
  cwb_painting_end (painting);
}

/* What is painted is the experiment's warp, seen like any other; saved, it is one to choose. */
static void
test_paint (Fixture *fixture, gconstpointer unused)
{
  CwbPaintView *view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.paint",
                                                 CWB_TYPE_PAINT_VIEW);
  g_autofree char *strokes = NULL, *path = NULL;
  g_autoptr (GError) error = NULL;
  const CwbExploration *exploration;

  paint (view);
  strokes = cwb_painting_dup_text (
      cwb_paint_canvas_get_painting (cwb_paint_view_get_canvas (view)));
  g_signal_emit_by_name (view, "use-requested", strokes);
  exploration = wait_for_views (fixture);
  g_assert_cmpstr (get_views (fixture)->warp->base.id, ==, "painted");
  g_assert_cmpstr (exploration->scene->views->warp->base.id, ==, "painted");
  g_assert_cmpfloat ((double) exploration->pictures[3].stats.max, >, 0.3);
  gtk_widget_activate_action (find (fixture, CWB_TYPE_VIEWS_EDITOR), "views.undo", NULL);
  g_assert_cmpstr (get_views (fixture)->warp->base.id, !=, "painted");

  g_assert_true (cwb_paint_view_save (view, "smirk", &error));
  gtk_widget_activate_action (GTK_WIDGET (fixture->page), "explore.use-warp", "s", "smirk");
  g_assert_cmpstr (get_views (fixture)->warp->base.id, ==, "painted");
  path = cwb_warps_path ("smirk");
  g_remove (path);
}

static gboolean
is_painting_there (gpointer unused)
{
  return cwb_gui_test_find_anywhere (CWB_TYPE_PAINT_VIEW) != NULL;
}

static guint
count_dabs (CwbPaintView *view)
{
  guint n;

  cwb_painting_get_dabs (cwb_paint_canvas_get_painting (cwb_paint_view_get_canvas (view)), &n);
  return n;
}

/* A window that is closed takes no stroke with it, nor what can be undone. The next start has the strokes, too. */
static void
test_painting_stays (Fixture *fixture, gconstpointer unused)
{
  CwbPaintView *view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.paint",
                                                 CWB_TYPE_PAINT_VIEW);
  g_autofree char *strokes = NULL, *kept = NULL, *again = NULL;
  g_autoptr (CwbPaintWindow) next = NULL;
  float moved;
  guint n;

  paint (view);
  n = count_dabs (view);
  moved = cw_field_max (cwb_paint_canvas_get_field (cwb_paint_view_get_canvas (view)));
  strokes = cwb_painting_dup_text (
      cwb_paint_canvas_get_painting (cwb_paint_view_get_canvas (view)));
  gtk_window_close (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))));

  view = cwb_gui_test_open_window (GTK_WIDGET (fixture->page), "explore.paint",
                                   CWB_TYPE_PAINT_VIEW);
  again = cwb_painting_dup_text (
      cwb_paint_canvas_get_painting (cwb_paint_view_get_canvas (view)));
  g_assert_cmpstr (again, ==, strokes);
  g_assert_cmpfloat (
      (double) cw_field_max (cwb_paint_canvas_get_field (cwb_paint_view_get_canvas (view))), ==,
      (double) moved);
  kept = cwb_settings_dup_string ("painting", "");
  g_assert_cmpstr (kept, ==, strokes);

  gtk_widget_activate_action (GTK_WIDGET (view), "paint.undo", NULL);
  g_assert_cmpuint (count_dabs (view), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (view), "paint.redo", NULL);
  g_assert_cmpuint (count_dabs (view), >, 0);
  gtk_window_close (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (view))));

  next = cwb_paint_window_new (CWB_PAGE (fixture->page));
  cwb_paint_window_open (next);
  cwb_gui_test_wait ("the window", is_painting_there, NULL);
  g_assert_cmpuint (count_dabs (cwb_gui_test_find_anywhere (CWB_TYPE_PAINT_VIEW)), ==, n);
}

/* ---- what a training saw ---- */

static CwRun *
train (Fixture *fixture)
{
  static const char *const keys[][2] = {
    { "data.location", FACES }, { "schedule.batch", "8" }, { "schedule.epochs", "2" },
    { "encoder.width", "8" },   { "experiment.seed", "5" }, { "warp.type", "random-grid" },
  };
  g_autofree char *path = g_build_filename (fixture->folder, "run", NULL);
  g_autoptr (CwExperiment) experiment
      = cw_experiment_copy (cwb_session_get_experiment (fixture->session));
  g_autoptr (GError) error = NULL;
  CwRun *run;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    cw_experiment_set (experiment, keys[i][0], keys[i][1], &error);
  g_assert_no_error (error);
  run = cw_run_new (experiment, path, &error);
  g_assert_no_error (error);
  g_assert_true (cw_run_start (run, &error));
  cw_run_wait (run);
  g_assert_cmpint (cw_run_get_state (run), ==, CW_RUN_FINISHED);
  return run;
}

/* The batch of step @step, as the run's trainer got it from its loader. */
static CwBatch *
take_batch (CwRun *run, CwLoader **loader, CwDataset **dataset, guint64 step)
{
  const CwExperiment *e = cw_run_get_experiment (run);
  CwLoaderOptions options = { .seed = e->recipe->seed, .batch = e->recipe->schedule.batch,
                              .n_threads = 1, .n_ahead = 1, .source_side = e->data.source_side };
  g_autoptr (GArray) items = NULL;
  g_autoptr (GError) error = NULL;
  CwBatch *batch;

  *dataset = cw_experiment_open_data (e, NULL, &items, &error);
  g_assert_no_error (error);
  *loader = cw_loader_new (*dataset, (const guint32 *) (gconstpointer) items->data, items->len,
                           e->recipe->views, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  cw_loader_seek (*loader, step);
  batch = cw_loader_take (*loader, NULL, &error);
  g_assert_no_error (error);
  return batch;
}

/* Each view shown is that of the batch, to the rounding of its 256 levels. */
static void
assert_pixels (const CwbExploration *exploration, const CwBatch *batch, int place,
               const CwPreprocess *preprocess)
{
  for (int view = 0; view < batch->n_views; view++)
    {
      const CwImage *image = exploration->pictures[1 + view].image;
      const float *pixels = batch->pixels + ((gsize) view * (gsize) batch->n + (gsize) place)
                                                * 3 * SIZE * SIZE;

      for (int i = 0; i < 3 * SIZE * SIZE; i++)
        {
          float level = 255 * (pixels[i] * preprocess->std[i % 3] + preprocess->mean[i % 3]);

          if (fabsf (level - (float) image->data[i]) > 0.501f)
            g_error ("view %d, byte %d: %d is shown, the trainer saw %g", view, i, image->data[i],
                     (double) level);
        }
    }
}

static void
test_step (Fixture *fixture, gconstpointer unused)
{
  const guint64 step = 4;
  const int place = 3;
  g_autoptr (CwRun) run = train (fixture);
  const CwExperiment *of_run = cw_run_get_experiment (run);
  GtkWidget *form = find (fixture, CWB_TYPE_RUN_STEP);
  g_autoptr (CwLoader) loader = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  CwBatch *batch = take_batch (run, &loader, &dataset, step);
  const CwbExploration *exploration;

  cwb_session_set_run (fixture->session, run);
  gtk_spin_button_set_value (get_spin (form, "step_spin"), (double) step);
  gtk_spin_button_set_value (get_spin (form, "place_spin"), place);
  gtk_widget_activate_action (form, "run-step.show", NULL);
  exploration = wait_for_views (fixture);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, batch->items[place]);
  g_assert_cmpuint (cwb_explore_page_get_seed (fixture->page), ==, 5);
  g_assert_cmpfloat (gtk_spin_button_get_value (get_spin (fixture->page, "epoch_spin")), ==,
                     batch->epoch);
  g_assert_cmpstr (exploration->scene->views->warp->base.id, ==, "random-grid");
  assert_pixels (exploration, batch, place, &of_run->recipe->views->preprocess);
  cw_loader_release (loader, batch);

  /* There is no such place; nothing changes. */
  gtk_spin_button_set_value (get_spin (form, "place_spin"), 8);
  gtk_widget_activate_action (form, "run-step.show", NULL);
  g_assert_cmpuint (cwb_session_get_selected (fixture->session), ==, batch->items[place]);
}

/* ---- model ---- */

static gboolean
is_judged (gpointer panel)
{
  return cwb_model_panel_get_judgement (panel) != NULL;
}

/* While a training hands over newer models, of the faces as they were embedded. */
static void
assert_neighbours_stay (Fixture *fixture, CwbModelPanel *panel)
{
  g_autoptr (CwRun) run = train (fixture);
  g_autoptr (CwModel) newer = cw_run_dup_model (run);

  cwb_session_set_trained_model (fixture->session, newer, run);
  cwb_gui_test_wait ("the rendering", is_busy, fixture->page);
  wait_for_views (fixture);
  cwb_gui_test_wait ("the judgement", is_judged, panel);
  g_assert_cmpuint (cwb_model_panel_get_judgement (panel)->n_neighbours, ==,
                    CWB_JUDGEMENT_N_NEIGHBOURS);
}

static void
test_model (Fixture *fixture, gconstpointer unused)
{
  CwbModelPanel *panel = find (fixture, CWB_TYPE_MODEL_PANEL);
  CwModel *model = cw_recipe_random_model (cwb_session_get_experiment (fixture->session)->recipe);
  g_autoptr (CwbVectors) vectors = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (fixture->page, "side", "model", NULL);
  cwb_gui_test_run_for (400);
  g_assert_null (cwb_model_panel_get_judgement (panel));
  cwb_session_set_model (fixture->session, model);
  wait_for_views (fixture);
  cwb_gui_test_wait ("the judgement", is_judged, panel);
  g_assert_cmpuint (cwb_model_panel_get_judgement (panel)->n_neighbours, ==, 0);
  g_assert_false (
      gtk_widget_get_visible (cwb_gui_test_find (GTK_WIDGET (panel), GTK_TYPE_SPINNER)));

  vectors = cwb_vectors_new (cwb_session_get_dataset (fixture->session),
                             cwb_session_get_encoder (fixture->session));
  g_assert_true (cwb_vectors_embed (vectors, NULL, &error));
  cwb_session_set_vectors (fixture->session, vectors);
  act (fixture, "explore.reroll");
  wait_for_views (fixture);
  cwb_gui_test_wait ("the judgement", is_judged, panel);
  g_assert_cmpuint (cwb_model_panel_get_judgement (panel)->n_neighbours, ==,
                    CWB_JUDGEMENT_N_NEIGHBOURS);
  cw_model_unref (model);
  assert_neighbours_stay (fixture, panel);
}

int
main (int argc, char *argv[])
{
  g_autofree char *data = g_dir_make_tmp ("contrawarp-test-XXXXXX", NULL);
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/explore-work/edit-save-load", test_edit_save_load },
    { "/explore-work/sheet", test_sheet },
    { "/explore-work/paint", test_paint },
    { "/explore-work/painting-stays", test_painting_stays },
    { "/explore-work/step", test_step },
    { "/explore-work/model", test_model },
  };

  /* Painted warps are saved below the user's data folder. */
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  cwb_gui_test_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, setup, tests[i].func, teardown);
  return g_test_run ();
}
