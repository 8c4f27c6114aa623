/* SPDX-License-Identifier: MIT */
#include "cwb-gui-test.h"
#include "cwb-screenshot.h"

#include "cw-test.h"
#include "widgets/cwb-param-field.h"
#include "widgets/cwb-step-row.h"
#include "widgets/cwb-views-editor.h"

#include <contrawarp.h>
#include <glib/gstdio.h>

#define WIDTH 340

typedef struct
{
  CwbSession *session;
  GtkWidget *window;
  CwbViewsEditor *editor;
  guint n_changed, n_use;
} Fixture;

static void
count (gpointer editor, guint *n)
{
  (*n)++;
}

static void
setup (Fixture *fixture, gconstpointer unused)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->session = cwb_session_new ();
  fixture->editor = CWB_VIEWS_EDITOR (cwb_views_editor_new ());
  cwb_views_editor_set_session (fixture->editor, fixture->session);
  g_signal_connect (fixture->editor, "changed", G_CALLBACK (count), &fixture->n_changed);
  g_signal_connect (fixture->editor, "use-requested", G_CALLBACK (count), &fixture->n_use);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->editor));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, 900);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
teardown (Fixture *fixture, gconstpointer unused)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  cwb_gui_test_run_for (20);
  g_assert_finalize_object (fixture->session);
}

/* ---- help ---- */

static const CwViews *
get_views (Fixture *fixture)
{
  return cwb_session_get_experiment (fixture->session)->recipe->views;
}

static double
get_number (Fixture *fixture, const char *key)
{
  const CwViews *views = get_views (fixture);

  return cw_params_get_number (cw_params_find (views->warp->base.params, key), views->warp_params);
}

static char *
dup_names (Fixture *fixture)
{
  const CwPipeline *pipeline = get_views (fixture)->pipeline;
  GString *names = g_string_new (NULL);

  for (int i = 0; i < pipeline->n_steps; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", pipeline->steps[i].name);
  return g_string_free (names, FALSE);
}

static void
assert_names (Fixture *fixture, const char *names)
{
  g_autofree char *found = dup_names (fixture);

  g_assert_cmpstr (found, ==, names);
}

static GtkWidget *
find (Fixture *fixture, const char *name)
{
  return cwb_gui_test_find_named (GTK_WIDGET (fixture->editor), name);
}

/* Of the field SECTION.KEY. */
static gpointer
get_control (Fixture *fixture, const char *name)
{
  GtkWidget *field = find (fixture, name);

  g_assert_nonnull (field);
  return cwb_param_field_get_control (field);
}

static void
act (Fixture *fixture, const char *widget, const char *action)
{
  GtkWidget *target = widget != NULL ? find (fixture, widget) : GTK_WIDGET (fixture->editor);

  g_assert_nonnull (target);
  gtk_widget_activate_action (target, action, NULL);
}

static CwbStepRow *
get_focused_row (Fixture *fixture)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (fixture->window));

  return focus != NULL ? CWB_STEP_ROW (gtk_widget_get_ancestor (focus, CWB_TYPE_STEP_ROW)) : NULL;
}

/* On the row that has the focus. */
static gboolean
press (Fixture *fixture, guint key, GdkModifierType state)
{
  return cwb_gui_test_press (GTK_WIDGET (get_focused_row (fixture)), key, state);
}

static void
undo_all (Fixture *fixture)
{
  for (int i = 0; i < 100; i++)
    act (fixture, NULL, "views.undo");
}

/* The entry of the menu that is open below @root. */
static GtkWidget *
find_entry (GtkWidget *root, const char *text)
{
  g_autofree char *own = NULL;

  if (g_str_equal (G_OBJECT_TYPE_NAME (root), "GtkModelButton"))
    {
      g_object_get (root, "text", &own, NULL);
      if (g_strcmp0 (own, text) == 0)
        return root;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_entry (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* ---- tests ---- */

/* A slider changes the model; its partner gives way; a drag is one edit. */
static void
test_slider (Fixture *fixture, gconstpointer unused)
{
  double before = get_number (fixture, "magnitude-min");
  double most_before = get_number (fixture, "magnitude-max");
  GtkRange *least = get_control (fixture, "warp.magnitude-min");

  for (int i = 16; i <= 20; i++)
    gtk_range_set_value (least, 0.01 * i);
  g_assert_cmpuint (fixture->n_changed, ==, 5);
  g_assert_cmpfloat_with_epsilon (get_number (fixture, "magnitude-min"), 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (get_number (fixture, "magnitude-max"), 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (
      gtk_range_get_value (get_control (fixture, "warp.magnitude-max")), 0.2, 1e-6);
  act (fixture, NULL, "views.undo");
  g_assert_cmpfloat_with_epsilon (get_number (fixture, "magnitude-min"), before, 1e-6);
  g_assert_cmpfloat_with_epsilon (get_number (fixture, "magnitude-max"), most_before, 1e-6);
  g_assert_cmpfloat_with_epsilon (
      gtk_range_get_value (get_control (fixture, "warp.magnitude-min")), before, 1e-6);
  act (fixture, NULL, "views.redo");
  g_assert_cmpfloat_with_epsilon (get_number (fixture, "magnitude-min"), 0.2, 1e-6);

  /* After a rest the same slider is another edit. */
  cwb_gui_test_run_for (900);
  gtk_range_set_value (get_control (fixture, "warp.magnitude-min"), 0.1);
  cwb_gui_test_run_for (900);
  gtk_range_set_value (get_control (fixture, "warp.magnitude-min"), 0.05);
  act (fixture, NULL, "views.undo");
  g_assert_cmpfloat_with_epsilon (get_number (fixture, "magnitude-min"), 0.1, 1e-6);
}

/* Steps by action and by key; the focus goes with the step, what is expanded stays so. */
static void
test_steps (Fixture *fixture, gconstpointer unused)
{
  AdwExpanderRow *row = ADW_EXPANDER_ROW (find (fixture, "view.flip"));
  g_autofree char *before = cw_experiment_to_string (cwb_session_get_experiment (fixture->session));
  g_autofree char *edited = NULL, *after = NULL, *again = NULL;

  assert_names (fixture, "crop flip affine colour-jitter grey blur");
  g_assert_null (find (fixture, "view.flip.probability"));
  adw_expander_row_set_expanded (row, TRUE);
  g_assert_nonnull (find (fixture, "view.flip.probability"));
  g_assert_null (find (fixture, "view.blur.probability"));

  act (fixture, "view.flip", "step.down");
  assert_names (fixture, "crop affine flip colour-jitter grey blur");
  g_assert_true (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (find (fixture, "view.flip"))));
  g_assert_nonnull (find (fixture, "view.flip.probability"));
  g_assert_cmpstr (cwb_step_row_get_step (get_focused_row (fixture)), ==, "flip");
  g_assert_true (press (fixture, GDK_KEY_Up, GDK_ALT_MASK));
  g_assert_true (press (fixture, GDK_KEY_Up, GDK_CONTROL_MASK));
  assert_names (fixture, "flip crop affine colour-jitter grey blur");
  /* Nothing is above the first; other keys are not for the row. */
  press (fixture, GDK_KEY_Up, GDK_ALT_MASK);
  assert_names (fixture, "flip crop affine colour-jitter grey blur");
  g_assert_false (press (fixture, GDK_KEY_Up, 0));
  /* Nor are any of them while a field has the focus. */
  gtk_widget_grab_focus (get_control (fixture, "view.flip.probability"));
  g_assert_false (cwb_gui_test_press (find (fixture, "view.flip"), GDK_KEY_Delete, 0));

  act (fixture, "view.crop", "step.duplicate");
  assert_names (fixture, "flip crop crop-2 affine colour-jitter grey blur");
  g_signal_emit_by_name (find (fixture, "view.blur"), "dropped", find (fixture, "view.crop-2"));
  assert_names (fixture, "flip crop affine colour-jitter grey blur crop-2");
  g_assert_true (press (fixture, GDK_KEY_Delete, 0));
  assert_names (fixture, "flip crop affine colour-jitter grey blur");
  g_assert_cmpstr (cwb_step_row_get_step (get_focused_row (fixture)), ==, "blur");

  gtk_range_set_value (get_control (fixture, "view.flip.probability"), 0.1);
  act (fixture, "view.flip", "step.reset");
  g_assert_cmpfloat_with_epsilon (
      gtk_range_get_value (get_control (fixture, "view.flip.probability")), 0.5, 1e-6);
  edited = cw_experiment_to_string (cwb_session_get_experiment (fixture->session));
  undo_all (fixture);
  after = cw_experiment_to_string (cwb_session_get_experiment (fixture->session));
  g_assert_cmpstr (after, ==, before);
  for (int i = 0; i < 20; i++)
    act (fixture, NULL, "views.redo");
  again = cw_experiment_to_string (cwb_session_get_experiment (fixture->session));
  g_assert_cmpstr (again, ==, edited);
}

/* That of the row's menu: the switch is none. */
static gpointer
find_button (GtkWidget *row)
{
  return cwb_gui_test_find (row, GTK_TYPE_BUTTON);
}

/* The row goes while the menu that was opened from it is still closing. */
static void
test_menu (Fixture *fixture, gconstpointer unused)
{
  static const char *const entries[] = { "Duplicate", "Move Down", "Remove" };
  static const char *const names[] = { "crop flip affine affine-2 colour-jitter grey blur",
                                       "crop flip affine-2 affine colour-jitter grey blur",
                                       "crop flip affine-2 colour-jitter grey blur" };

  for (size_t i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      GtkWidget *row = find (fixture, "view.affine"), *entry;

      g_signal_emit_by_name (find_button (row), "clicked");
      cwb_gui_test_run_for (50);
      entry = find_entry (GTK_WIDGET (fixture->editor), entries[i]);
      g_assert_nonnull (entry);
      g_signal_emit_by_name (entry, "clicked");
      cwb_gui_test_run_for (50);
      assert_names (fixture, names[i]);
    }
  /* GTK looks half a second later where the pointer rests. */
  cwb_gui_test_run_for (600);
  g_assert_nonnull (get_focused_row (fixture));
}

static void
test_switch_and_add (Fixture *fixture, gconstpointer unused)
{
  GtkSwitch *control = cwb_gui_test_find (find (fixture, "view.grey"), GTK_TYPE_SWITCH);
  GtkWidget *list = gtk_widget_get_ancestor (find (fixture, "view.grey"), GTK_TYPE_LIST_BOX);

  g_assert_cmpstr (gtk_widget_get_tooltip_text (GTK_WIDGET (control)), ==, "Use “grey”");
  gtk_switch_set_active (control, FALSE);
  g_assert_false (get_views (fixture)->pipeline->steps[4].enabled);
  gtk_widget_activate_action (list, "steps.add", "s", "noise");
  assert_names (fixture, "crop flip affine colour-jitter grey blur noise");
  g_assert_nonnull (find (fixture, "view.noise.sd-max"));
  act (fixture, NULL, "views.undo");
  assert_names (fixture, "crop flip affine colour-jitter grey blur");
  g_assert_false (get_views (fixture)->pipeline->steps[4].enabled);
  act (fixture, NULL, "views.undo");
  g_assert_true (get_views (fixture)->pipeline->steps[4].enabled);
  g_assert_true (gtk_switch_get_active (
      cwb_gui_test_find (find (fixture, "view.grey"), GTK_TYPE_SWITCH)));
  act (fixture, NULL, "views.use-in-new-run");
  g_assert_cmpuint (fixture->n_use, ==, 1);
}

/* The pipelines and families to choose from; the choosers follow what else happens. */
static void
test_choosers (Fixture *fixture, gconstpointer unused)
{
  GtkDropDown *preset = cwb_gui_test_find (GTK_WIDGET (fixture->editor), GTK_TYPE_DROP_DOWN);
  GtkDropDown *family = cwb_gui_test_find (
      gtk_widget_get_ancestor (find (fixture, "warp.magnitude-min"), GTK_TYPE_LIST_BOX),
      GTK_TYPE_DROP_DOWN);
  GListModel *presets = gtk_drop_down_get_model (preset);
  guint n = g_strv_length ((char **) cw_pipeline_preset_names ());

  gtk_drop_down_set_selected (preset, 0);
  assert_names (fixture, "crop flip colour-jitter grey blur blur-2 solarise");
  g_assert_cmpuint (g_list_model_get_n_items (presets), ==, n);
  gtk_switch_set_active (cwb_gui_test_find (find (fixture, "view.flip"), GTK_TYPE_SWITCH), FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (presets), ==, n + 1);
  g_assert_cmpuint (gtk_drop_down_get_selected (preset), ==, n);
  act (fixture, NULL, "views.undo");
  g_assert_cmpuint (gtk_drop_down_get_selected (preset), ==, 0);

  gtk_drop_down_set_selected (family, 5);
  g_assert_cmpstr (get_views (fixture)->warp->base.id, ==, "elastic");
  g_assert_nonnull (find (fixture, "warp.sigma"));
  g_assert_null (find (fixture, "warp.points"));
  act (fixture, NULL, "views.undo");
  g_assert_cmpstr (get_views (fixture)->warp->base.id, ==, "local-translation");
  g_assert_cmpuint (gtk_drop_down_get_selected (family), ==, 0);
  g_assert_nonnull (find (fixture, "warp.points"));
}

/* What has no effect is said beside the field, and at the header of the step. */
static void
test_remarks (Fixture *fixture, gconstpointer unused)
{
  GtkLabel *label;
  GtkWidget *row;

  gtk_range_set_value (get_control (fixture, "warp.count"), 0);
  row = find (fixture, "warp.count");
  label = GTK_LABEL (gtk_widget_get_last_child (gtk_widget_get_first_child (row)));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (label)));
  g_assert_nonnull (strstr (gtk_label_get_text (label), "SimCLR"));
  gtk_range_set_value (get_control (fixture, "warp.count"), 1);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (label)));
}

/* A text that is no value: the row says what is wrong, the old value stays, and undo has nothing new. */
static void
test_refused_text (Fixture *fixture, gconstpointer unused)
{
  CwExperiment *experiment = cwb_session_get_experiment (fixture->session);
  g_autofree char *before = NULL, *after = NULL;
  GtkWidget *entry;
  AdwActionRow *row;
  guint n_changed;

  cw_experiment_set (experiment, "warp.type", "painted", NULL);
  cwb_session_experiment_changed (fixture->session);
  row = ADW_ACTION_ROW (find (fixture, "warp.strokes"));
  entry = get_control (fixture, "warp.strokes");
  before = g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)));
  n_changed = fixture->n_changed;
  gtk_editable_set_text (GTK_EDITABLE (entry), "pinch <1 2");
  g_test_message ("%s", adw_action_row_get_subtitle (row));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (row), "strokes"));
  g_assert_null (strchr (adw_action_row_get_subtitle (row), '\n'));
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  g_assert_cmpuint (fixture->n_changed, ==, n_changed);
  after = cw_params_dup_string (cw_params_find (get_views (fixture)->warp->base.params, "strokes"),
                                get_views (fixture)->warp_params);
  g_assert_cmpstr (after, ==, before);
  /* What is said about values meanwhile does not hide it. */
  gtk_range_set_value (get_control (fixture, "warp.count"), 0);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (row), "strokes"));
  gtk_editable_set_text (GTK_EDITABLE (entry), before);
  g_assert_cmpstr (adw_action_row_get_subtitle (row), ==, "");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
}

static void
test_files (Fixture *fixture, gconstpointer unused)
{
  char *folder = cw_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "views.cwexp", NULL);
  g_autofree char *broken = g_build_filename (folder, "broken.cwexp", NULL);
  g_autofree char *saved = NULL, *before = NULL, *after = NULL;
  CwExperiment *experiment = cwb_session_get_experiment (fixture->session);
  g_autoptr (CwExperiment) fresh = cw_experiment_new ();
  g_autoptr (GError) error = NULL;

  act (fixture, "view.blur", "step.duplicate");
  gtk_range_set_value (get_control (fixture, "warp.count"), 2);
  g_assert_true (cwb_views_editor_save (fixture->editor, path, &error));
  g_assert_no_error (error);
  saved = cw_experiment_section_to_string (experiment, (const char *const[]){ "view", "warp", NULL });
  cwb_session_set_experiment (fixture->session, fresh);
  experiment = cwb_session_get_experiment (fixture->session);
  assert_names (fixture, "crop flip affine colour-jitter grey blur");
  g_assert_true (cwb_views_editor_load (fixture->editor, path, &error));
  g_assert_no_error (error);
  after = cw_experiment_section_to_string (experiment, (const char *const[]){ "view", "warp", NULL });
  g_assert_cmpstr (after, ==, saved);
  g_assert_nonnull (find (fixture, "view.blur-2"));

  /* Other sections of a file are not taken; those that are wrong are told. */
  g_assert_true (g_file_set_contents (broken, "[schedule]\nepochs=77\n\n[warp]\ncount=3\n", -1, NULL));
  cwb_views_editor_try_load (fixture->editor, broken);
  g_assert_null (cwb_views_editor_get_message (fixture->editor));
  g_assert_cmpint (get_views (fixture)->negatives.count, ==, 3);
  g_assert_cmpfloat ((double) experiment->recipe->schedule.epochs, <, 77);

  before = cw_experiment_to_string (experiment);
  fixture->n_changed = 0;
  g_assert_true (g_file_set_contents (broken, "[view]\nsteps=crop;whirl\n\n[warp]\ncount=2\n", -1,
                                      NULL));
  cwb_views_editor_try_load (fixture->editor, broken);
  g_assert_nonnull (strstr (cwb_views_editor_get_message (fixture->editor), "whirl"));
  g_assert_nonnull (strstr (cwb_views_editor_get_message (fixture->editor), "broken.cwexp"));
  g_assert_cmpuint (fixture->n_changed, ==, 0);
  g_free (after);
  after = cw_experiment_to_string (experiment);
  g_assert_cmpstr (after, ==, before);
  cw_test_remove_folder (folder);
}

static gboolean
has_blur_2 (gpointer data)
{
  return find (data, "view.blur-2") != NULL;
}

/* Copied text can be pasted, and is what an experiment says. */
static void
test_clipboard (Fixture *fixture, gconstpointer unused)
{
  act (fixture, "view.blur", "step.duplicate");
  act (fixture, NULL, "views.copy-text");
  g_assert_nonnull (cwb_views_editor_get_message (fixture->editor));
  act (fixture, NULL, "views.reset");
  g_assert_null (cwb_views_editor_get_message (fixture->editor));
  g_assert_null (find (fixture, "view.blur-2"));
  act (fixture, NULL, "views.paste-text");
  cwb_gui_test_wait ("the clipboard", has_blur_2, fixture);
}

/* Edits on other pages come in, and can be undone; an announcement of one's own disturbs nothing. */
static void
test_elsewhere (Fixture *fixture, gconstpointer unused)
{
  CwExperiment *experiment = cwb_session_get_experiment (fixture->session);
  GtkWidget *field;

  gtk_range_set_value (get_control (fixture, "warp.count"), 2);
  field = find (fixture, "warp.count");
  cwb_session_experiment_changed (fixture->session);
  g_assert_true (find (fixture, "warp.count") == field);

  g_assert_true (cw_experiment_set (experiment, "view.steps", "crop;jpeg", NULL));
  cwb_session_experiment_changed (fixture->session);
  g_assert_nonnull (find (fixture, "view.jpeg"));
  g_assert_null (find (fixture, "view.flip"));
  act (fixture, NULL, "views.undo");
  assert_names (fixture, "crop flip affine colour-jitter grey blur");
  g_assert_cmpint (get_views (fixture)->negatives.count, ==, 2);
}

static void
save_screenshot (Fixture *fixture, const char *name)
{
  g_autofree char *folder = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "screenshots", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_mkdir_with_parents (folder, 0777);
  cwb_gui_test_run_for (100);
  gtk_test_widget_wait_for_draw (fixture->window);
  cwb_screenshot_save (fixture->window, 1, path);
}

/* For people to look at; and that nothing asks for more room than a side bar has. */
static void
test_narrow (Fixture *fixture, gconstpointer unused)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  GtkScrolledWindow *scrolled = cwb_gui_test_find (fixture->window, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (scrolled);
  int minimum;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, 1500);
  act (fixture, "view.blur", "step.duplicate");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (find (fixture, "view.blur-2")), TRUE);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (find (fixture, "view.grey")), TRUE);
  gtk_range_set_value (get_control (fixture, "view.grey.probability"), 0);
  gtk_drop_down_set_selected (get_control (fixture, "view.blur-2.views"), CW_STEP_POSITIVE);
  gtk_switch_set_active (cwb_gui_test_find (find (fixture, "view.flip"), GTK_TYPE_SWITCH), FALSE);
  gtk_range_set_value (get_control (fixture, "warp.min-magnitude"), 0.2);
  g_assert_false (cwb_views_editor_apply (fixture->editor, "[warp]\nturns=2\n", "x", NULL));
  cwb_views_editor_try_load (fixture->editor, "/nowhere/views.cwexp");
  gtk_widget_measure (GTK_WIDGET (fixture->editor), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, <=, WIDTH - 24);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_LIGHT);
  save_screenshot (fixture, "views-editor-light.png");
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_DARK);
  save_screenshot (fixture, "views-editor-dark.png");
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  save_screenshot (fixture, "views-editor-end.png");
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/views-editor/slider", test_slider },
    { "/views-editor/steps", test_steps },
    { "/views-editor/menu", test_menu },
    { "/views-editor/switch-and-add", test_switch_and_add },
    { "/views-editor/choosers", test_choosers },
    { "/views-editor/remarks", test_remarks },
    { "/views-editor/refused-text", test_refused_text },
    { "/views-editor/files", test_files },
    { "/views-editor/clipboard", test_clipboard },
    { "/views-editor/elsewhere", test_elsewhere },
    { "/views-editor/narrow", test_narrow },
  };

  cwb_gui_test_init (&argc, &argv);
  for (size_t i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, setup, tests[i].func, teardown);
  return g_test_run ();
}
