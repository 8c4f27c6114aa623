/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-explore-page.h"

#include "models/cwb-rendering.h"
#include "models/cwb-warps.h"
#include "pages/cwb-paint-window.h"
#include "util/cwb-dataset-text.h"
#include "util/cwb-keys.h"
#include "util/cwb-menu.h"
#include "util/cwb-task.h"
#include "widgets/cwb-drawn-list.h"
#include "widgets/cwb-histogram.h"
#include "widgets/cwb-model-panel.h"
#include "widgets/cwb-run-step.h"
#include "widgets/cwb-sheet-view.h"
#include "widgets/cwb-side-layout.h"
#include "widgets/cwb-stage.h"
#include "widgets/cwb-views-editor.h"

#include <glib/gi18n.h>

/* The rest of the program is told of a moved slider this much later, once. */
#define ANNOUNCE_MS 150

struct _CwbExplorePage
{
  CwbPage parent_instance;

  CwbTask *task;      /* (nullable): the rendering under way */
  gboolean dirty;     /* something changed since it began: the newest state is rendered next */
  CwbExploration *exploration, *exploration_a; /* (nullable) */
  CwbExploration *old, *old_a; /* (nullable): shown before, for the worker to free */
  CwViews *a;                  /* (nullable): the settings that were kept */
  CwbFrozen *frozen;           /* drawn values that are held */
  guint64 experiment_seed;     /* when it was last looked at */
  guint announce_id;
  gboolean announcing;
  CwbOverlay overlay;
  CwbCompareMode compare; /* CWB_N_COMPARE_MODES = none */
  gboolean checkerboard, source_marks;
  GtkWindow *sheet_window; /* (nullable) */
  CwbPaintWindow *paint_window;

  GtkStack *stack, *side_stack;
  AdwStatusPage *error_page;
  GtkLabel *face_label, *face_detail;
  CwbStage *stage;
  CwbHistogram *histogram;
  CwbViewsEditor *editor;
  CwbModelPanel *model_panel;
  GtkSpinButton *seed_spin, *epoch_spin, *positives_spin, *negatives_spin;
  CwbRunStep *run_step;
  GtkBox *drawn_box;
  GtkDropDown *drawn_view, *overlay_drop, *compare_drop;
  CwbDrawnList *drawn_list;
  GMenu *warps_menu;
};

G_DEFINE_FINAL_TYPE (CwbExplorePage, cwb_explore_page, CWB_TYPE_PAGE)

enum
{
  PROP_0,
  PROP_OVERLAY,
  PROP_COMPARE,
  PROP_SIDE,
  PROP_SOURCE_MARKS,
  PROP_CHECKERBOARD,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static CwbSession *
get_session (CwbExplorePage *self)
{
  return cwb_page_get_session (CWB_PAGE (self));
}

/* ---- rendering ---- */

typedef struct
{
  CwbScene *scene, *scene_a; /* the latter (nullable) */
  CwbOverlay overlay;
  gboolean compares;           /* the difference is shown */
  CwbExploration *earlier;     /* (nullable): what is shown now */
  CwbExploration *old, *old_a; /* (nullable): to be freed, which takes a while */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  cwb_scene_free (request->scene);
  cwb_scene_free (request->scene_a);
  cwb_exploration_unref (request->earlier);
  cwb_exploration_unref (request->old);
  cwb_exploration_unref (request->old_a);
  g_free (request);
}

static gpointer
render_work (gpointer data, CwJob *job, GError **error)
{
  Request *request = data;

  g_clear_pointer (&request->old, cwb_exploration_unref);
  g_clear_pointer (&request->old_a, cwb_exploration_unref);
  return cwb_rendering_new (request->scene, request->scene_a, request->overlay, request->compares,
                            request->earlier, error);
}

static void
show_drawn (CwbExplorePage *self)
{
  int i = 1 + (int) gtk_drop_down_get_selected (self->drawn_view);

  if (self->exploration != NULL && i < self->exploration->n_pictures)
    cwb_drawn_list_show (self->drawn_list, self->exploration->scene->views,
                         self->exploration->pictures[i].view, &self->exploration->pictures[i].draw);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.release",
                                 cwb_frozen_count (self->frozen) > 0);
}

/* The list of views follows how many there are; the choice stays. */
static void
name_views (CwbExplorePage *self)
{
  GListModel *old = gtk_drop_down_get_model (self->drawn_view);
  guint selected = gtk_drop_down_get_selected (self->drawn_view);
  guint n = (guint) self->exploration->n_pictures - 1;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gboolean same = old != NULL && g_list_model_get_n_items (old) == n;

  for (guint i = 0; i < n; i++)
    {
      const char *title = self->exploration->pictures[1 + i].title;

      same = same && g_str_equal (title, gtk_string_list_get_string (GTK_STRING_LIST (old), i));
      gtk_string_list_append (names, title);
    }
  if (same)
    return;
  gtk_drop_down_set_model (self->drawn_view, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->drawn_view, selected < n ? selected : 0);
}

static CwbScene *make_scene (CwbExplorePage *self);

static void
show_exploration (CwbExplorePage *self, CwbDifference *difference)
{
  cwb_stage_show (self->stage, self->exploration, self->exploration_a, difference);
  name_views (self);
  show_drawn (self);
  cwb_model_panel_show (self->model_panel, self->exploration, make_scene (self));
  gtk_stack_set_visible_child_name (self->stack, "views");
}

static void render (CwbExplorePage *self);

/* The only thing that can fail is to read the picture. */
static void
show_error (CwbExplorePage *self, const char *what)
{
  /* Translators: which picture cannot be shown, and why */
  g_autofree char *text
      = g_strdup_printf (_ ("%s. Mend the file and try again, or go on with another face."), what);

  cwb_page_describe (self->error_page, text);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

/* Takes what is shown from @rendering. */
static void
show_fields (CwbExplorePage *self, CwbRendering *rendering)
{
  for (int i = 0; i < rendering->exploration->n_pictures; i++)
    cwb_field_view_take_map (cwb_stage_get_card (self->stage, i), rendering->overlay,
                             g_steal_pointer (&rendering->maps[i]));
  cwb_histogram_set_lengths (self->histogram, &rendering->lengths);
}

static void
render_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (owner);
  g_autoptr (CwbRendering) rendering = result;

  g_clear_pointer (&self->old, cwb_exploration_unref);
  g_clear_pointer (&self->old_a, cwb_exploration_unref);
  self->old = g_steal_pointer (&self->exploration);
  self->old_a = g_steal_pointer (&self->exploration_a);
  g_clear_pointer (&self->task, cwb_task_unref);
  if (rendering != NULL)
    {
      self->exploration = cwb_exploration_ref (rendering->exploration);
      self->exploration_a = g_steal_pointer (&rendering->a);
      show_exploration (self, g_steal_pointer (&rendering->difference));
      show_fields (self, rendering);
    }
  else
    show_error (self, error->message);
  if (self->dirty)
    render (self);
}

static const CwbTaskClass render_task = {
  .work = render_work,
  .done = render_done,
  .free_data = request_free,
  .free_result = (GDestroyNotify)cwb_rendering_free,
};

static CwbScene *
make_scene_of (CwbExplorePage *self, const CwViews *views)
{
  CwbSession *session = get_session (self);
  const CwExperiment *experiment = cwb_session_get_experiment (session);
  CwModel *model = cwb_session_get_model (session);
  CwbScene *scene
      = cwb_scene_new (cwb_session_get_dataset (session), cwb_session_get_selected (session), views,
                       experiment->data.source_side, cwb_explore_page_get_seed (self),
                       (guint32) gtk_spin_button_get_value (self->epoch_spin));

  cwb_frozen_free (scene->frozen);
  scene->frozen = cwb_frozen_copy (self->frozen);
  scene->shown_side = cwb_stage_get_side (self->stage);
  scene->checkerboard = self->checkerboard;
  scene->n_positives = gtk_spin_button_get_value_as_int (self->positives_spin);
  scene->n_negatives = gtk_spin_button_get_value_as_int (self->negatives_spin);
  scene->model = model != NULL ? cw_model_ref (model) : NULL;
  return scene;
}

static CwbScene *
make_scene (CwbExplorePage *self)
{
  return make_scene_of (self, cwb_session_get_experiment (get_session (self))->recipe->views);
}

/* At most one rendering is under way; what changes meanwhile is rendered once, in its last state.
 */
static void
render (CwbExplorePage *self)
{
  CwbSession *session = get_session (self);
  guint selected = cwb_session_get_selected (session);
  Request *request;

  if (cwb_session_get_dataset (session) == NULL || selected == G_MAXUINT)
    {
      cwb_task_clear (&self->task);
      g_clear_pointer (&self->exploration, cwb_exploration_unref);
      self->dirty = FALSE;
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->task != NULL)
    {
      self->dirty = TRUE;
      return;
    }
  self->dirty = FALSE;
  request = g_new0 (Request, 1);
  request->scene = make_scene (self);
  request->scene_a = self->a != NULL ? make_scene_of (self, self->a) : NULL;
  request->overlay = self->overlay;
  request->compares = self->compare == CWB_COMPARE_DIFFERENCE;
  if (self->exploration != NULL)
    request->earlier = cwb_exploration_ref (self->exploration);
  request->old = g_steal_pointer (&self->old);
  request->old_a = g_steal_pointer (&self->old_a);
  self->task = cwb_task_start (&render_task, self, request);
}

/* ---- settings ---- */

static gboolean
announce (gpointer user_data)
{
  CwbExplorePage *self = user_data;

  self->announce_id = 0;
  self->announcing = TRUE;
  cwb_session_experiment_changed (get_session (self));
  self->announcing = FALSE;
  return G_SOURCE_REMOVE;
}

static void
on_edited (CwbExplorePage *self)
{
  if (self->announce_id == 0)
    self->announce_id = g_timeout_add (ANNOUNCE_MS, announce, self);
  render (self);
}

static void
on_use_requested (CwbExplorePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", "train");
}

/* ---- session ---- */

static void
on_experiment_changed (CwbExplorePage *self)
{
  guint64 seed = cwb_session_get_experiment (get_session (self))->recipe->seed;

  if (self->announcing)
    return;
  if (seed != self->experiment_seed)
    gtk_spin_button_set_value (self->seed_spin, (double) seed);
  self->experiment_seed = seed;
  render (self);
}

static void
show_face_name (CwbExplorePage *self, CwDataset *dataset, guint index)
{
  const char *name = cw_dataset_get_item (dataset, index)->name;
  g_autofree char *text = cwb_dataset_dup_item_text (dataset, index);
  g_autofree char *detail = NULL;

  /* Translators: a picture's name, its number, how many there are */
  detail
      = g_strdup_printf (_ ("%s · %'u of %'u"), name, index + 1, cw_dataset_get_n_items (dataset));
  gtk_label_set_text (self->face_label, text);
  gtk_label_set_text (self->face_detail, detail);
}

/* Who looks at this page without having chosen a face sees the first. */
static gboolean
choose_first (CwbExplorePage *self)
{
  CwbSession *session = get_session (self);

  if (cwb_session_get_dataset (session) == NULL || cwb_session_get_selected (session) != G_MAXUINT
      || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return FALSE;
  cwb_session_set_selected (session, 0);
  return TRUE;
}

static void
on_selected_changed (CwbExplorePage *self)
{
  CwbSession *session = get_session (self);
  CwDataset *dataset = cwb_session_get_dataset (session);
  guint selected = cwb_session_get_selected (session);
  guint n = dataset != NULL ? cw_dataset_get_n_items (dataset) : 0;

  if (choose_first (self))
    return;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.previous", n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.next", n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.reroll", n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.sheet", selected < n);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.paint", selected < n);
  if (selected < n)
    show_face_name (self, dataset, selected);
  render (self);
}

/* What a training saw: its settings are the experiment's already. */
static void
on_step_shown (CwbExplorePage *self, guint64 seed, guint epoch, int n_negatives)
{
  cwb_frozen_clear (self->frozen);
  gtk_spin_button_set_value (self->seed_spin, (double) seed);
  gtk_spin_button_set_value (self->epoch_spin, (double) epoch);
  gtk_spin_button_set_value (self->negatives_spin, MAX (1, n_negatives));
}

static void
list_warps (CwbExplorePage *self)
{
  g_auto (GStrv) names = cwb_warps_list ();

  g_menu_remove_all (self->warps_menu);
  for (int i = 0; names[i] != NULL; i++)
    {
      g_autofree char *label = cwb_menu_dup_label (names[i]);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "explore.use-warp", "s", names[i]);
      g_menu_append_item (self->warps_menu, item);
    }
}

static void
cwb_explore_page_session_set (CwbPage *page, CwbSession *session)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (page);

  cwb_views_editor_set_session (self->editor, session);
  cwb_model_panel_set_session (self->model_panel, session);
  cwb_run_step_set_session (self->run_step, session);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_selected_changed), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::selected", G_CALLBACK (on_selected_changed), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (render), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "experiment-changed", G_CALLBACK (on_experiment_changed), page,
                           G_CONNECT_SWAPPED);
  self->paint_window = cwb_paint_window_new (page);
  g_signal_connect_object (self->paint_window, "saved", G_CALLBACK (list_warps), page,
                           G_CONNECT_SWAPPED);
  on_experiment_changed (self);
  on_selected_changed (self);
}

static void
cwb_explore_page_map (GtkWidget *widget)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);

  GTK_WIDGET_CLASS (cwb_explore_page_parent_class)->map (widget);
  if (get_session (self) == NULL || choose_first (self))
    return;
  if (self->dirty || self->exploration == NULL)
    render (self);
}

/* ---- actions ---- */

static void
previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cwb_session_step_selected (get_session (CWB_EXPLORE_PAGE (widget)), -1);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cwb_session_step_selected (get_session (CWB_EXPLORE_PAGE (widget)), 1);
}

static void
try_again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  render (CWB_EXPLORE_PAGE (widget));
}

static void
reroll_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_spin_button_set_value (CWB_EXPLORE_PAGE (widget)->seed_spin,
                             g_random_int_range (1, G_MAXINT32));
}

/* All is drawn again. */
static void
release_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);

  cwb_frozen_clear (self->frozen);
  show_drawn (self);
  render (self);
}

/* ---- zoom ---- */

/* Whichever tab is beside the views: what was edited last may not be in sight. */
static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (CWB_EXPLORE_PAGE (widget)->editor), "views.undo", NULL);
}

static void
redo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (CWB_EXPLORE_PAGE (widget)->editor), "views.redo", NULL);
}

static void
set_size_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbSession *session = get_session (CWB_EXPLORE_PAGE (widget));
  g_autofree char *size = g_strdup_printf ("%d", g_variant_get_int32 (parameter));
  g_autoptr (GError) error = NULL;

  if (cw_experiment_set (cwb_session_get_experiment (session), "view.size", size, &error))
    cwb_session_experiment_changed (session);
  else
    cwb_session_report_error (session, error->message);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cwb_stage_zoom (CWB_EXPLORE_PAGE (widget)->stage, 1.5);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cwb_stage_zoom (CWB_EXPLORE_PAGE (widget)->stage, 1 / 1.5);
}

static void
zoom_reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cwb_stage_zoom (CWB_EXPLORE_PAGE (widget)->stage, 0);
}

/* ---- two sets of settings ---- */

static CwViews *
get_views (CwbExplorePage *self)
{
  return cwb_session_get_experiment (get_session (self))->recipe->views;
}

static void
set_a (CwbExplorePage *self, CwViews *a)
{
  g_clear_pointer (&self->a, cw_views_free);
  self->a = a;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.swap-a", a != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.forget-a", a != NULL);
  render (self);
}

static void
keep_a_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);

  set_a (self, cw_views_copy (get_views (self)));
}

static void
forget_a_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_a (CWB_EXPLORE_PAGE (widget), NULL);
}

/* A becomes what is edited, and the other way round. */
static void
swap_a_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);
  CwViews *views = get_views (self), present = *views;

  *views = *self->a;
  *self->a = present;
  cwb_session_experiment_changed (get_session (self));
}

/* ---- windows ---- */

static void
sheet_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const CwbKey keys[] = { { GDK_KEY_Escape, 0, "window.close" } };
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);
  GtkWindow *window;
  GtkWidget *view;

  if (self->sheet_window != NULL)
    gtk_window_destroy (self->sheet_window);
  view = cwb_sheet_view_new ();
  cwb_sheet_view_take_scene (CWB_SHEET_VIEW (view), make_scene (self));
  window = cwb_page_open_window (CWB_PAGE (self), _ ("Sheet of Views"), view, 980, 720,
                                 &self->sheet_window);
  cwb_keys_add (GTK_WIDGET (window), keys, G_N_ELEMENTS (keys));
}

static void
use_warp_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);
  g_autofree char *path = cwb_warps_path (g_variant_get_string (parameter, NULL));

  cwb_views_editor_try_load (self->editor, path);
}

static void
paint_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  cwb_paint_window_open (CWB_EXPLORE_PAGE (widget)->paint_window);
}

/* ---- keys ---- */

static void
next_overlay_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);

  gtk_drop_down_set_selected (self->overlay_drop, (self->overlay + 1) % CWB_N_OVERLAYS);
}

/* Among the ways to compare there is none. */
static void
next_compare_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);
  guint selected = gtk_drop_down_get_selected (self->compare_drop);

  gtk_drop_down_set_selected (self->compare_drop, (selected + 1) % (CWB_N_COMPARE_MODES + 1));
}

static void
on_overlay_selected (CwbExplorePage *self)
{
  g_object_set (self, "overlay", cwb_overlays[gtk_drop_down_get_selected (self->overlay_drop)].nick,
                NULL);
}

static void
on_compare_selected (CwbExplorePage *self)
{
  guint selected = gtk_drop_down_get_selected (self->compare_drop);

  g_object_set (self, "compare", selected > 0 ? cwb_compare_modes[selected - 1].nick : "none",
                NULL);
}

static void
on_seed_changed (CwbExplorePage *self)
{
  if (get_session (self) != NULL)
    render (self);
}

static void
add_keys (CwbExplorePage *self)
{
  static const CwbKey keys[] = {
    { GDK_KEY_p, 0, "explore.previous" },
    { GDK_KEY_n, 0, "explore.next" },
    { GDK_KEY_r, 0, "explore.reroll" },
    { GDK_KEY_f, 0, "explore.next-overlay" },
    { GDK_KEY_v, 0, "explore.next-compare" },
    { GDK_KEY_o, 0, "explore.source-marks" },
    { GDK_KEY_s, 0, "explore.sheet" },
    { GDK_KEY_w, 0, "explore.paint" },
    { GDK_KEY_a, 0, "explore.keep-a" },
    { GDK_KEY_c, 0, "explore.checkerboard" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "explore.undo" },
    { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "explore.redo" },
    { GDK_KEY_y, GDK_CONTROL_MASK, "explore.redo" },
    { GDK_KEY_plus, GDK_CONTROL_MASK, "explore.zoom-in" },
    { GDK_KEY_equal, GDK_CONTROL_MASK, "explore.zoom-in" },
    { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "explore.zoom-in" },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "explore.zoom-out" },
    { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "explore.zoom-out" },
    { GDK_KEY_0, GDK_CONTROL_MASK, "explore.zoom-reset" },
  };

  cwb_keys_add (GTK_WIDGET (self), keys, G_N_ELEMENTS (keys));
}

/* ---- object ---- */

static const char *
get_compare_nick (CwbExplorePage *self)
{
  return self->compare < CWB_N_COMPARE_MODES ? cwb_compare_modes[self->compare].nick : "none";
}

static void
set_compare (CwbExplorePage *self, const char *nick)
{
  self->compare = CWB_N_COMPARE_MODES;
  for (int i = 0; i < CWB_N_COMPARE_MODES; i++)
    {
      if (g_strcmp0 (cwb_compare_modes[i].nick, nick) == 0)
        self->compare = (CwbCompareMode)i;
    }
  cwb_stage_set_compare (self->stage, self->compare);
  gtk_drop_down_set_selected (self->compare_drop,
                              self->compare < CWB_N_COMPARE_MODES ? (guint) self->compare + 1 : 0);
}

static void
cwb_explore_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_OVERLAY:
      g_value_set_string (value, cwb_overlays[CWB_EXPLORE_PAGE (object)->overlay].nick);
      break;
    case PROP_COMPARE:
      g_value_set_string (value, get_compare_nick (CWB_EXPLORE_PAGE (object)));
      break;
    case PROP_SIDE:
      g_value_set_string (value,
                          gtk_stack_get_visible_child_name (CWB_EXPLORE_PAGE (object)->side_stack));
      break;
    case PROP_SOURCE_MARKS:
      g_value_set_boolean (value, CWB_EXPLORE_PAGE (object)->source_marks);
      break;
    case PROP_CHECKERBOARD:
      g_value_set_boolean (value, CWB_EXPLORE_PAGE (object)->checkerboard);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_explore_page_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (object);

  switch (prop_id)
    {
    case PROP_OVERLAY:
      self->overlay = cwb_overlay_find (g_value_get_string (value));
      cwb_stage_set_overlay (self->stage, self->overlay);
      gtk_drop_down_set_selected (self->overlay_drop, self->overlay);
      break;
    case PROP_COMPARE:
      set_compare (self, g_value_get_string (value));
      break;
    case PROP_SIDE:
      gtk_stack_set_visible_child_name (self->side_stack, g_value_get_string (value));
      break;
    case PROP_SOURCE_MARKS:
      self->source_marks = g_value_get_boolean (value);
      cwb_stage_set_source_marks (self->stage, self->source_marks);
      break;
    case PROP_CHECKERBOARD:
      self->checkerboard = g_value_get_boolean (value);
      render (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_explore_page_dispose (GObject *object)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (object);

  cwb_task_clear (&self->task);
  g_clear_handle_id (&self->announce_id, g_source_remove);
  if (self->sheet_window != NULL)
    gtk_window_destroy (self->sheet_window);
  g_clear_weak_pointer (&self->sheet_window);
  g_clear_object (&self->paint_window);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_EXPLORE_PAGE);
  g_clear_pointer (&self->exploration, cwb_exploration_unref);
  g_clear_pointer (&self->exploration_a, cwb_exploration_unref);
  g_clear_pointer (&self->old, cwb_exploration_unref);
  g_clear_pointer (&self->old_a, cwb_exploration_unref);
  g_clear_pointer (&self->a, cw_views_free);
  g_clear_pointer (&self->frozen, cwb_frozen_free);
  G_OBJECT_CLASS (cwb_explore_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-explore-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, side_stack);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, error_page);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, face_label);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, face_detail);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, stage);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, histogram);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, editor);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, model_panel);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, seed_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, epoch_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, positives_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, negatives_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, run_step);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, drawn_box);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, drawn_view);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, overlay_drop);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, compare_drop);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, warps_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_edited);
  gtk_widget_class_bind_template_callback (widget_class, on_step_shown);
  gtk_widget_class_bind_template_callback (widget_class, on_use_requested);
  gtk_widget_class_bind_template_callback (widget_class, on_seed_changed);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "explore.previous", previous_action },
    { "explore.next", next_action },
    { "explore.try-again", try_again_action },
    { "explore.reroll", reroll_action },
    { "explore.release", release_action },
    { "explore.zoom-in", zoom_in_action },
    { "explore.zoom-out", zoom_out_action },
    { "explore.zoom-reset", zoom_reset_action },
    { "explore.next-overlay", next_overlay_action },
    { "explore.next-compare", next_compare_action },
    { "explore.keep-a", keep_a_action },
    { "explore.swap-a", swap_a_action },
    { "explore.forget-a", forget_a_action },
    { "explore.sheet", sheet_action },
    { "explore.paint", paint_action },
    { "explore.undo", undo_action },
    { "explore.redo", redo_action },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  gtk_widget_class_install_action (widget_class, "explore.use-warp", "s", use_warp_action);
  gtk_widget_class_install_action (widget_class, "explore.set-size", "i", set_size_action);
  gtk_widget_class_install_property_action (widget_class, "explore.side", "side");
  gtk_widget_class_install_property_action (widget_class, "explore.source-marks", "source-marks");
  gtk_widget_class_install_property_action (widget_class, "explore.checkerboard", "checkerboard");
}

static void
cwb_explore_page_class_init (CwbExplorePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags readwrite = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = cwb_explore_page_get_property;
  object_class->set_property = cwb_explore_page_set_property;
  object_class->dispose = cwb_explore_page_dispose;
  CWB_PAGE_CLASS (klass)->session_set = cwb_explore_page_session_set;
  widget_class->map = cwb_explore_page_map;

  properties[PROP_OVERLAY] = g_param_spec_string ("overlay", NULL, NULL, "arrows", readwrite);
  properties[PROP_COMPARE] = g_param_spec_string ("compare", NULL, NULL, "none", readwrite);
  properties[PROP_SIDE] = g_param_spec_string ("side", NULL, NULL, "views", readwrite);
  properties[PROP_SOURCE_MARKS]
      = g_param_spec_boolean ("source-marks", NULL, NULL, FALSE, readwrite);
  properties[PROP_CHECKERBOARD]
      = g_param_spec_boolean ("checkerboard", NULL, NULL, FALSE, readwrite);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CWB_TYPE_SIDE_LAYOUT);
  g_type_ensure (CWB_TYPE_STAGE);
  g_type_ensure (CWB_TYPE_RUN_STEP);
  g_type_ensure (CWB_TYPE_HISTOGRAM);
  g_type_ensure (CWB_TYPE_VIEWS_EDITOR);
  g_type_ensure (CWB_TYPE_MODEL_PANEL);
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
add_drawn_list (CwbExplorePage *self)
{
  g_signal_connect_swapped (self->drawn_view, "notify::selected", G_CALLBACK (show_drawn), self);
  self->drawn_list = CWB_DRAWN_LIST (cwb_drawn_list_new ());
  cwb_drawn_list_set_frozen (self->drawn_list, self->frozen);
  g_signal_connect_swapped (self->drawn_list, "changed", G_CALLBACK (render), self);
  gtk_box_append (self->drawn_box, GTK_WIDGET (self->drawn_list));
}

static void
on_label_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
on_label_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* Two lists beside each other with large text would be wider than a narrow window: what is chosen
 * may be cut short there, what can be chosen not. */
static void
let_shrink (GtkDropDown *drop)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_label_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_label_bind), NULL);
  gtk_drop_down_set_list_factory (drop, gtk_drop_down_get_factory (drop));
  gtk_drop_down_set_factory (drop, factory);
}

static void
fill_drops (CwbExplorePage *self)
{
  g_autoptr (GtkStringList) overlays = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) modes = gtk_string_list_new (NULL);

  for (int i = 0; i < CWB_N_OVERLAYS; i++)
    gtk_string_list_append (overlays, _ (cwb_overlays[i].label));
  gtk_string_list_append (modes, _ ("No comparison"));
  for (int i = 0; i < CWB_N_COMPARE_MODES; i++)
    gtk_string_list_append (modes, _ (cwb_compare_modes[i].label));
  let_shrink (self->overlay_drop);
  let_shrink (self->compare_drop);
  gtk_drop_down_set_model (self->overlay_drop, G_LIST_MODEL (overlays));
  gtk_drop_down_set_model (self->compare_drop, G_LIST_MODEL (modes));
  g_object_set (self, "overlay", "arrows", "compare", "none", NULL);
  g_signal_connect_swapped (self->overlay_drop, "notify::selected",
                            G_CALLBACK (on_overlay_selected), self);
  g_signal_connect_swapped (self->compare_drop, "notify::selected",
                            G_CALLBACK (on_compare_selected), self);
}

static void
cwb_explore_page_init (CwbExplorePage *self)
{
  self->experiment_seed = G_MAXUINT64;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->frozen = cwb_frozen_new ();
  add_drawn_list (self);
  fill_drops (self);
  list_warps (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.swap-a", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.forget-a", FALSE);
  add_keys (self);
}

/* ---- for others ---- */

const char *
cwb_explore_page_get_state (CwbExplorePage *self)
{
  g_return_val_if_fail (CWB_IS_EXPLORE_PAGE (self), NULL);
  return gtk_stack_get_visible_child_name (self->stack);
}

const CwbExploration *
cwb_explore_page_get_exploration (CwbExplorePage *self)
{
  g_return_val_if_fail (CWB_IS_EXPLORE_PAGE (self), NULL);
  return self->exploration;
}

gboolean
cwb_explore_page_get_busy (CwbExplorePage *self)
{
  g_return_val_if_fail (CWB_IS_EXPLORE_PAGE (self), FALSE);
  return self->task != NULL || cwb_paint_window_is_opening (self->paint_window) || self->dirty;
}

guint64
cwb_explore_page_get_seed (CwbExplorePage *self)
{
  g_return_val_if_fail (CWB_IS_EXPLORE_PAGE (self), 0);
  return (guint64) gtk_spin_button_get_value (self->seed_spin);
}
