/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"
#include "cwb-screenshot.h"

#include <contrawarp.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "pages/cwb-evaluate-page.h"
#include "pages/cwb-explore-page.h"
#include "pages/cwb-train-page.h"
#include "widgets/cwb-model-panel.h"
#include "widgets/cwb-paint-view.h"
#include "widgets/cwb-sheet-view.h"
#include "widgets/cwb-stage.h"

/* Pictures of all pages with real content, for people to look at: a run is trained and evaluated in
 * the window first. In the test suite a small one, and the pictures go beside the test; the ones
 * that README.md shows are made by naming a folder, which takes some minutes:
 *
 *   CONTRAWARP_SCREENSHOTS=DIR [CONTRAWARP_SCREENSHOTS_DATA=LOCATION] test-screenshots
 */

static const char *folder;
static gboolean full; /* asked for: large data, the preset's own length */

static void
save_window (GtkWidget *window, const char *name, int scale)
{
  g_autofree char *file = g_strdup_printf ("%s.png", name);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  /* Pictures that were asked for come in, frames are drawn. */
  cwb_gui_test_run_for (400);
  gtk_test_widget_wait_for_draw (window);
  cwb_screenshot_save (window, scale, path);
}

static void
save (CwbWindow *window, const char *name, int scale)
{
  save_window (GTK_WIDGET (window), name, scale);
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

  if (location != NULL)
    return location;
  return full ? "generated:faces?n=2400&seed=1&size=96&per-subject=20"
              : "generated:faces?n=160&seed=1&size=96&per-subject=10";
}

static gboolean
run_has_ended (gpointer session)
{
  CwRun *run = cwb_session_get_run (session);

  return run != NULL && cw_run_get_state (run) >= CW_RUN_STOPPED
         && cwb_session_get_model (session) != NULL;
}

static gboolean
is_evaluated (gpointer page)
{
  GtkStack *stack = cwb_gui_test_find (page, GTK_TYPE_STACK);

  return g_strcmp0 (gtk_stack_get_visible_child_name (stack), "result") == 0;
}

/* What the Train, Evaluate and Browse pages show is what the engine found here. */
static void
train_and_evaluate (CwbWindow *window)
{
  CwbSession *session = cwb_window_get_session (window);
  GtkWidget *page;

  if (!full)
    {
      cw_experiment_set (cwb_session_get_experiment (session), "schedule.epochs", "3", NULL);
      cw_experiment_set (cwb_session_get_experiment (session), "schedule.batch", "16", NULL);
      cwb_session_experiment_changed (session);
    }
  cwb_gui_test_show_page (window, "train");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE);
  gtk_widget_activate_action (page, "train.start", NULL);
  while (!run_has_ended (session))
    cwb_gui_test_run_for (100);
  cwb_gui_test_show_page (window, "evaluate");
  page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EVALUATE_PAGE);
  gtk_widget_activate_action (page, "evaluate.start", NULL);
  cwb_gui_test_wait ("the evaluation", is_evaluated, page);
  cwb_gui_test_show_page (window, "browse");
  cwb_gui_test_run_for (full ? 12000 : 2000);
}

/* The corner of the mouth to the left, up. */
static void
paint_smile (CwbPaintView *view)
{
  CwbPainting *painting = cwb_paint_canvas_get_painting (cwb_paint_view_get_canvas (view));

  cwb_painting_begin (painting, 0.33, 0.75, 1);
  cwb_painting_move (painting, 0.27, 0.66, 1);
  cwb_painting_end (painting);
}

static void
save_opened (GtkWidget *page, const char *action, GType type, const char *name)
{
  GtkWidget *view = cwb_gui_test_open_window (page, action, type);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (view));

  if (type == CWB_TYPE_SHEET_VIEW)
    cwb_sheet_view_set_kind (CWB_SHEET_VIEW (view), CWB_SHEET_SWEEP);
  else
    paint_smile (CWB_PAINT_VIEW (view));
  save_window (window, name, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What the guide shows of the Explore page, part by part; with a trained model. */
static void
save_guide (CwbWindow *window)
{
  static const CwbOverlay overlays[]
      = { CWB_OVERLAY_ARROWS, CWB_OVERLAY_MESH, CWB_OVERLAY_MAGNITUDE, CWB_OVERLAY_DETERMINANT };
  GtkWidget *page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EXPLORE_PAGE);
  CwbStage *stage = cwb_gui_test_find (page, CWB_TYPE_STAGE);

  cwb_gui_test_show_page (window, "explore");
  cwb_gui_test_run_for (400);
  for (gsize i = 0; i < G_N_ELEMENTS (overlays); i++)
    {
      g_autofree char *name = g_strconcat ("explore-", cwb_overlays[overlays[i]].nick, NULL);

      g_object_set (page, "overlay", cwb_overlays[overlays[i]].nick, NULL);
      save_window (GTK_WIDGET (cwb_stage_get_card (stage, 3)), name, 1);
    }
  for (int i = 0; i < CWB_COMPARE_FLICKER; i++)
    {
      g_autofree char *name = g_strconcat ("explore-", cwb_compare_modes[i].nick, NULL);

      g_object_set (page, "compare", cwb_compare_modes[i].nick, NULL);
      save_window (GTK_WIDGET (cwb_stage_get_compare (stage)), name, 1);
    }
  g_object_set (page, "overlay", "arrows", "compare", "none", "side", "model", NULL);
  cwb_gui_test_run_for (full ? 8000 : 2000);
  save_window (cwb_gui_test_find (page, CWB_TYPE_MODEL_PANEL), "explore-model", 1);
  g_object_set (page, "side", "views", NULL);
  save_opened (page, "explore.sheet", CWB_TYPE_SHEET_VIEW, "explore-sheet");
  save_opened (page, "explore.paint", CWB_TYPE_PAINT_VIEW, "explore-paint");
}

static void
test_pages (gconstpointer data)
{
  gboolean narrow = GPOINTER_TO_INT (data);
  CwbWindow *window = cwb_gui_test_window (narrow ? 400 : 1180, narrow ? 860 : 780);

  cwb_gui_test_open (window, get_location ());
  cwb_session_set_selected (cwb_window_get_session (window), 3);
  if (!narrow)
    {
      train_and_evaluate (window);
      save_guide (window);
    }
  for (int dark = 0; dark <= 1; dark++)
    {
      g_autofree char *suffix
          = g_strconcat (narrow ? "narrow-" : "", dark ? "dark" : "light", NULL);

      set_dark (dark);
      save_pages (window, suffix);
    }
  cwb_gui_test_close (window);
}

/* A run that collapses, and says so. */
static void
save_collapse (CwbWindow *window)
{
  static const char *const keys[][2] = {
    { "objective.type", "byol" }, { "objective.negative", "none" }, { "heads.predictor", "none" },
    { "encoder.width", "8" },     { "schedule.batch", "16" },       { "schedule.epochs", "12" },
  };
  CwbSession *session = cwb_window_get_session (window);

  cwb_gui_test_open (window, "generated:faces?n=96&seed=1&size=48&per-subject=8");
  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    cw_experiment_set (cwb_session_get_experiment (session), keys[i][0], keys[i][1], NULL);
  cwb_session_experiment_changed (session);
  cwb_gui_test_show_page (window, "train");
  gtk_widget_activate_action (cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_TRAIN_PAGE),
                              "train.start", NULL);
  while (!run_has_ended (session))
    cwb_gui_test_run_for (100);
  save (window, "state-train-health", 1);
}

static void
save_overlays (CwbWindow *window, GtkWidget *page, const char *how)
{
  for (int i = 0; i < CWB_N_OVERLAYS; i++)
    {
      g_autofree char *name
          = g_strconcat ("state-explore-overlay-", cwb_overlays[i].nick, how, NULL);

      g_object_set (page, "overlay", cwb_overlays[i].nick, NULL);
      save (window, name, 1);
    }
  for (int i = 0; i < CWB_N_COMPARE_MODES; i++)
    {
      g_autofree char *name
          = g_strconcat ("state-explore-compare-", cwb_compare_modes[i].nick, how, NULL);

      g_object_set (page, "compare", cwb_compare_modes[i].nick, NULL);
      save (window, name, 1);
    }
  g_object_set (page, "overlay", "arrows", "compare", "none", NULL);
}

/* A warp that tears the face. */
static void
save_folds (CwbWindow *window, GtkWidget *page)
{
  static const char *const keys[][2] = { { "warp.fold-free", "false" },
                                         { "warp.magnitude-min", "0.4" },
                                         { "warp.magnitude-max", "0.4" } };
  CwbSession *session = cwb_window_get_session (window);
  CwExperiment *experiment = cwb_session_get_experiment (session);
  g_autofree char *before
      = cw_experiment_section_to_string (experiment, (const char *const[]){ "warp", NULL });

  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    cw_experiment_set (experiment, keys[i][0], keys[i][1], NULL);
  cwb_session_experiment_changed (session);
  g_object_set (page, "overlay", "determinant", NULL);
  save (window, "state-explore-folds-determinant", 1);
  g_object_set (page, "overlay", "mesh", NULL);
  save (window, "state-explore-folds-mesh", 1);
  g_object_set (page, "overlay", "arrows", NULL);
  cw_experiment_apply_text (experiment, before, "what was before", NULL);
  cwb_session_experiment_changed (session);
}

/* What the Explore page can show beside faces as they are. */
static void
save_exploration (CwbWindow *window)
{
  GtkWidget *page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EXPLORE_PAGE);

  cwb_gui_test_open (window, get_location ());
  cwb_gui_test_show_page (window, "explore");
  gtk_widget_activate_action (page, "explore.checkerboard", NULL);
  save (window, "state-explore-checkerboard", 1);
  gtk_widget_activate_action (page, "explore.checkerboard", NULL);
  save_overlays (window, page, "");
  set_dark (TRUE);
  save_overlays (window, page, "-dark");
  set_dark (FALSE);
  save_folds (window, page);
  gtk_widget_activate_action (page, "explore.source-marks", NULL);
  gtk_widget_activate_action (page, "explore.zoom-in", NULL);
  gtk_widget_activate_action (page, "explore.keep-a", NULL);
  save (window, "state-explore-zoomed", 1);
  gtk_widget_activate_action (page, "explore.forget-a", NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 1500);
  g_object_set (page, "side", "chance", NULL);
  save (window, "state-explore-chance", 1);
  g_object_set (page, "side", "model", NULL);
  cwb_gui_test_run_for (2000);
  save (window, "state-explore-model", 1);
  g_object_set (page, "side", "views", NULL);
}

/* Text half as large again as it is for most. */
static void
save_large_text (CwbWindow *window)
{
  static const struct
  {
    const char *side, *name;
    int width;
  } shots[] = {
    { "views", "state-explore-large-text", 1180 },
    { "chance", "state-explore-large-text-chance", 1180 },
    { "model", "state-explore-large-text-model", 1180 },
    { "views", "state-explore-large-text-narrow", 400 },
    { "chance", "state-explore-large-text-narrow-chance", 400 },
  };
  GtkWidget *page = cwb_gui_test_find (GTK_WIDGET (window), CWB_TYPE_EXPLORE_PAGE);
  int dpi;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 144 * 1024, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (shots); i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (window), shots[i].width, 1500);
      g_object_set (page, "side", shots[i].side, NULL);
      save (window, shots[i].name, 1);
    }
  g_object_set (page, "side", "views", NULL);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", dpi, NULL);
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
  save_collapse (window);
  save_exploration (window);
  save_large_text (window);
  cwb_gui_test_close (window);
}

int
main (int argc, char *argv[])
{
  g_autofree char *own = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "screenshots", NULL);
  g_autofree char *data = g_dir_make_tmp ("contrawarp-test-XXXXXX", NULL);

  /* Runs go below the user's data folder. */
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  folder = g_getenv ("CONTRAWARP_SCREENSHOTS");
  full = folder != NULL;
  if (!full)
    folder = own;
  g_mkdir_with_parents (folder, 0777);
  cwb_gui_test_init (&argc, &argv);
  g_test_add_data_func ("/screenshots/wide", GINT_TO_POINTER (FALSE), test_pages);
  g_test_add_data_func ("/screenshots/narrow", GINT_TO_POINTER (TRUE), test_pages);
  g_test_add_func ("/screenshots/states", test_states);
  return g_test_run ();
}
