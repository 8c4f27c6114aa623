/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-explore-page.h"

#include "util/cwb-dataset-text.h"
#include "util/cwb-task.h"
#include "widgets/cwb-drawn-list.h"
#include "widgets/cwb-field-view.h"
#include "widgets/cwb-param-row.h"
#include "widgets/cwb-side-layout.h"
#include "widgets/cwb-tile-layout.h"

#include <glib/gi18n.h>

/* The rest of the program is told of a moved slider this much later, once. */
#define ANNOUNCE_MS 150

struct _CwbExplorePage
{
  CwbPage parent_instance;

  CwbTask *task;  /* (nullable): the rendering under way */
  gboolean dirty; /* something changed since it began: the newest state is rendered next */
  CwbExploration *exploration;
  CwbFrozen *frozen;       /* drawn values that are held */
  guint64 experiment_seed; /* when it was last looked at */
  guint announce_id;
  gboolean announcing;
  gboolean show_field, checkerboard;

  GtkStack *stack;
  AdwStatusPage *error_page;
  GtkLabel *face_label, *face_detail, *warp_label, *warp_description;
  GtkBox *views_box;
  GtkSpinButton *seed_spin, *epoch_spin;
  GtkBox *sliders, *drawn_box;
  GtkDropDown *drawn_view;
  CwbDrawnList *drawn_list;
  CwbFieldView *cards[CWB_EXPLORATION_N_PICTURES];
};

G_DEFINE_FINAL_TYPE (CwbExplorePage, cwb_explore_page, CWB_TYPE_PAGE)

enum
{
  PROP_0,
  PROP_SHOW_FIELD,
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

static gpointer
render_work (gpointer data, CwJob *job, GError **error)
{
  return cwb_exploration_new (data, error);
}

static char *
describe (const CwbExploration *exploration, int i)
{
  const CwFieldStats *stats = &exploration->pictures[i].stats;
  const CwImage *image = exploration->pictures[i].image;
  g_autofree char *first = NULL;

  if (exploration->pictures[i].field == NULL)
    first = g_strdup_printf (_ ("%d × %d px"), image->w, image->h);
  else if (stats->n_folds > 0)
    {
      first = g_strdup_printf (ngettext ("max %.1f px, folds at %d pixel",
                                         "max %.1f px, folds at %d pixels", (gulong) stats->n_folds),
                               (double) stats->max, stats->n_folds);
    }
  else
    {
      /* Translators: the largest displacement, the smallest Jacobian determinant of a warp */
      first = g_strdup_printf (_ ("max %.1f px, min det J %.2f"), (double) stats->max,
                               (double) stats->min_det);
    }
  if (!exploration->pictures[i].compared)
    return g_steal_pointer (&first);
  return g_strdup_printf (_ ("%s\nsimilarity to the anchor %.2f"), first,
                          (double) exploration->pictures[i].similarity);
}

static void
show_drawn (CwbExplorePage *self)
{
  int view = (int) gtk_drop_down_get_selected (self->drawn_view);

  if (self->exploration != NULL && view < CWB_EXPLORATION_N_VIEWS)
    cwb_drawn_list_show (self->drawn_list, self->exploration->views, view,
                         &self->exploration->pictures[1 + view].draw);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.release",
                                 cwb_frozen_count (self->frozen) > 0);
}

static void
show_exploration (CwbExplorePage *self)
{
  for (int i = 0; i < CWB_EXPLORATION_N_PICTURES; i++)
    {
      g_autofree char *detail = describe (self->exploration, i);
      const CwField *field = self->exploration->pictures[i].field;
      const char *drawn = self->exploration->pictures[i].drawn;

      cwb_field_view_set (self->cards[i], self->exploration->pictures[i].image,
                          field != NULL ? cw_field_copy (field) : NULL, detail);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->cards[i]), *drawn != '\0' ? drawn : NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->cards[i]),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, drawn, -1);
    }
  show_drawn (self);
  gtk_stack_set_visible_child_name (self->stack, "views");
}

static void render (CwbExplorePage *self);

static void
render_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (owner);

  g_clear_pointer (&self->exploration, cwb_exploration_free);
  self->exploration = result;
  g_clear_pointer (&self->task, cwb_task_unref);
  if (result != NULL)
    show_exploration (self);
  else
    {
      cwb_page_describe (self->error_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  if (self->dirty)
    render (self);
}

static const CwbTaskClass render_task = {
  .work = render_work,
  .done = render_done,
  .free_data = (GDestroyNotify) cwb_scene_free,
  .free_result = (GDestroyNotify) cwb_exploration_free,
};

static CwbScene *
make_scene (CwbExplorePage *self, guint selected)
{
  CwbSession *session = get_session (self);
  const CwExperiment *experiment = cwb_session_get_experiment (session);
  CwModel *model = cwb_session_get_model (session);
  CwbScene *scene = cwb_scene_new (cwb_session_get_dataset (session), selected,
                                   experiment->recipe->views, experiment->data.source_side,
                                   cwb_explore_page_get_seed (self),
                                   (guint32) gtk_spin_button_get_value (self->epoch_spin));

  cwb_frozen_free (scene->frozen);
  scene->frozen = cwb_frozen_copy (self->frozen);
  scene->checkerboard = self->checkerboard;
  scene->model = model != NULL ? cw_model_ref (model) : NULL;
  return scene;
}

/* At most one rendering is under way; what changes meanwhile is rendered once, in its last state. */
static void
render (CwbExplorePage *self)
{
  CwbSession *session = get_session (self);
  guint selected = cwb_session_get_selected (session);

  if (cwb_session_get_dataset (session) == NULL || selected == G_MAXUINT)
    {
      cwb_task_clear (&self->task);
      g_clear_pointer (&self->exploration, cwb_exploration_free);
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
  self->task = cwb_task_start (&render_task, self, make_scene (self, selected));
}

/* ---- sliders ---- */

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

static GtkWidget *
find_slider (CwbExplorePage *self, const char *id)
{
  for (GtkWidget *slider = gtk_widget_get_first_child (GTK_WIDGET (self->sliders)); slider != NULL;
       slider = gtk_widget_get_next_sibling (slider))
    {
      if (g_str_equal (gtk_widget_get_name (slider), id))
        return slider;
    }
  return NULL;
}

/* Keeps "x-min" <= "x-max": the one that was not moved gives way. */
static void
push_partner (CwbExplorePage *self, const CwParamSpec *spec)
{
  const CwViews *views = cwb_session_get_experiment (get_session (self))->recipe->views;
  gboolean is_min = g_str_has_suffix (spec->id, "-min");
  g_autofree char *partner_id = NULL;
  const CwParamSpec *partner;
  double value;

  if (!is_min && !g_str_has_suffix (spec->id, "-max"))
    return;
  partner_id = g_strdup (spec->id);
  memcpy (partner_id + strlen (partner_id) - 3, is_min ? "max" : "min", 3);
  partner = cw_params_find (views->warp->base.params, partner_id);
  if (partner == NULL)
    return;
  value = cw_params_get_number (spec, views->warp_params);
  if (is_min ? cw_params_get_number (partner, views->warp_params) < value
             : cw_params_get_number (partner, views->warp_params) > value)
    {
      cw_params_set_number (partner, views->warp_params, value, NULL);
      cwb_param_slider_update (find_slider (self, partner_id));
    }
}

static void
on_slider (const CwParamSpec *spec, gpointer user_data)
{
  CwbExplorePage *self = user_data;

  push_partner (self, spec);
  if (self->announce_id == 0)
    self->announce_id = g_timeout_add (ANNOUNCE_MS, announce, self);
  render (self);
}

static void
make_sliders (CwbExplorePage *self)
{
  CwViews *views = cwb_session_get_experiment (get_session (self))->recipe->views;
  const CwDescriptor *warp = &views->warp->base;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sliders))) != NULL)
    gtk_box_remove (self->sliders, child);
  gtk_label_set_text (self->warp_label, g_dgettext (GETTEXT_PACKAGE, warp->label));
  gtk_label_set_text (self->warp_description, g_dgettext (GETTEXT_PACKAGE, warp->description));
  for (const CwParamSpec *spec = warp->params; spec != NULL && spec->id != NULL; spec++)
    {
      GtkWidget *slider;

      if (spec->type != CW_PARAM_INT && spec->type != CW_PARAM_FLOAT)
        continue;
      slider = cwb_param_slider_new (spec, views->warp_params, on_slider, self);
      gtk_widget_set_name (slider, spec->id);
      gtk_box_append (self->sliders, slider);
    }
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
  make_sliders (self);
  render (self);
}

static void
show_face_name (CwbExplorePage *self, CwDataset *dataset, guint index)
{
  const char *name = cw_dataset_get_item (dataset, index)->name;
  g_autofree char *text = cwb_dataset_dup_item_text (dataset, index);
  g_autofree char *detail = NULL;

  /* Translators: a picture's name, its number, how many there are */
  detail = g_strdup_printf (_ ("%s · %'u of %'u"), name, index + 1, cw_dataset_get_n_items (dataset));
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
  if (selected < n)
    show_face_name (self, dataset, selected);
  render (self);
}

static void
cwb_explore_page_session_set (CwbPage *page, CwbSession *session)
{
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_selected_changed), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::selected", G_CALLBACK (on_selected_changed), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (render), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "experiment-changed", G_CALLBACK (on_experiment_changed), page,
                           G_CONNECT_SWAPPED);
  on_experiment_changed (CWB_EXPLORE_PAGE (page));
  on_selected_changed (CWB_EXPLORE_PAGE (page));
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
step (GtkWidget *widget, gint64 by)
{
  CwbSession *session = get_session (CWB_EXPLORE_PAGE (widget));
  gint64 n = cw_dataset_get_n_items (cwb_session_get_dataset (session));
  guint selected = cwb_session_get_selected (session);

  cwb_session_set_selected (session,
                            selected == G_MAXUINT ? 0 : (guint) (((gint64) selected + by + n) % n));
}

static void
previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (widget, -1);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (widget, 1);
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

static void
set_viewport (CwbExplorePage *self, const CwbViewport *viewport)
{
  for (int i = 0; i < CWB_EXPLORATION_N_PICTURES; i++)
    cwb_field_view_set_viewport (self->cards[i], viewport);
}

/* All views show the same part. */
static void
on_viewport_changed (CwbFieldView *card, CwbExplorePage *self)
{
  CwbViewport viewport;

  cwb_field_view_get_viewport (card, &viewport);
  set_viewport (self, &viewport);
}

/* About the middle. */
static void
zoom_by (GtkWidget *widget, double factor)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);
  CwbViewport viewport;

  cwb_field_view_get_viewport (self->cards[0], &viewport);
  cwb_viewport_zoom (&viewport, factor, 0.5, 0.5, 1, 1, 1, 1);
  set_viewport (self, &viewport);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (widget, 1.5);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (widget, 1 / 1.5);
}

static void
zoom_reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (widget, 0);
}

static void
on_seed_changed (CwbExplorePage *self)
{
  if (get_session (self) != NULL)
    render (self);
}

/* Single keys, wherever the focus is, but only while the page is on screen. */
static gboolean
on_key (GtkWidget *widget, GVariant *arguments, gpointer action)
{
  if (!gtk_widget_get_mapped (widget))
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_activate_action (widget, action, NULL);
}

static void
add_keys (CwbExplorePage *self)
{
  static const struct
  {
    guint key;
    const char *action;
    GdkModifierType modifiers;
  } keys[] = {
    { GDK_KEY_p, "explore.previous", 0 },
    { GDK_KEY_n, "explore.next", 0 },
    { GDK_KEY_r, "explore.reroll", 0 },
    { GDK_KEY_f, "explore.field", 0 },
    { GDK_KEY_c, "explore.checkerboard", 0 },
    { GDK_KEY_plus, "explore.zoom-in", GDK_CONTROL_MASK },
    { GDK_KEY_equal, "explore.zoom-in", GDK_CONTROL_MASK },
    { GDK_KEY_KP_Add, "explore.zoom-in", GDK_CONTROL_MASK },
    { GDK_KEY_minus, "explore.zoom-out", GDK_CONTROL_MASK },
    { GDK_KEY_KP_Subtract, "explore.zoom-out", GDK_CONTROL_MASK },
    { GDK_KEY_0, "explore.zoom-reset", GDK_CONTROL_MASK },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  for (size_t i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkShortcut *shortcut
          = gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                              gtk_callback_action_new (on_key, (gpointer) keys[i].action, NULL));

      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* ---- object ---- */

static void
cwb_explore_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SHOW_FIELD:
      g_value_set_boolean (value, CWB_EXPLORE_PAGE (object)->show_field);
      break;
    case PROP_CHECKERBOARD:
      g_value_set_boolean (value, CWB_EXPLORE_PAGE (object)->checkerboard);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_explore_page_set_property (GObject *object, guint prop_id, const GValue *value,
                               GParamSpec *pspec)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (object);

  switch (prop_id)
    {
    case PROP_SHOW_FIELD:
      self->show_field = g_value_get_boolean (value);
      for (int i = 0; i < CWB_EXPLORATION_N_PICTURES; i++)
        cwb_field_view_set_show_field (self->cards[i], self->show_field);
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
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_EXPLORE_PAGE);
  g_clear_pointer (&self->exploration, cwb_exploration_free);
  g_clear_pointer (&self->frozen, cwb_frozen_free);
  G_OBJECT_CLASS (cwb_explore_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-explore-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, error_page);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, face_label);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, face_detail);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, warp_label);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, warp_description);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, views_box);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, seed_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, epoch_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, sliders);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, drawn_box);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, drawn_view);
  gtk_widget_class_bind_template_callback (widget_class, on_seed_changed);
}

static void
cwb_explore_page_class_init (CwbExplorePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = cwb_explore_page_get_property;
  object_class->set_property = cwb_explore_page_set_property;
  object_class->dispose = cwb_explore_page_dispose;
  CWB_PAGE_CLASS (klass)->session_set = cwb_explore_page_session_set;
  widget_class->map = cwb_explore_page_map;

  properties[PROP_SHOW_FIELD] = g_param_spec_boolean ("show-field", NULL, NULL, FALSE,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHECKERBOARD]
      = g_param_spec_boolean ("checkerboard", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CWB_TYPE_SIDE_LAYOUT);
  g_type_ensure (CWB_TYPE_TILE_LAYOUT);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "explore.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "explore.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "explore.reroll", NULL, reroll_action);
  gtk_widget_class_install_action (widget_class, "explore.release", NULL, release_action);
  gtk_widget_class_install_action (widget_class, "explore.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "explore.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "explore.zoom-reset", NULL, zoom_reset_action);
  gtk_widget_class_install_property_action (widget_class, "explore.field", "show-field");
  gtk_widget_class_install_property_action (widget_class, "explore.checkerboard", "checkerboard");
}

static void
add_drawn_list (CwbExplorePage *self, const char *const *titles)
{
  GtkStringList *views = gtk_string_list_new (NULL);

  for (int i = 0; i < CWB_EXPLORATION_N_VIEWS; i++)
    gtk_string_list_append (views, titles[i]);
  gtk_drop_down_set_model (self->drawn_view, G_LIST_MODEL (views));
  g_object_unref (views);
  g_signal_connect_swapped (self->drawn_view, "notify::selected", G_CALLBACK (show_drawn), self);
  self->drawn_list = CWB_DRAWN_LIST (cwb_drawn_list_new ());
  cwb_drawn_list_set_frozen (self->drawn_list, self->frozen);
  g_signal_connect_swapped (self->drawn_list, "changed", G_CALLBACK (render), self);
  gtk_box_append (self->drawn_box, GTK_WIDGET (self->drawn_list));
}

static void
cwb_explore_page_init (CwbExplorePage *self)
{
  const char *titles[CWB_EXPLORATION_N_PICTURES] = {
    _ ("Source"), _ ("Anchor"), _ ("Positive"), _ ("Warp negative 1"), _ ("Warp negative 2"),
  };

  self->experiment_seed = G_MAXUINT64;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < CWB_EXPLORATION_N_PICTURES; i++)
    {
      self->cards[i] = CWB_FIELD_VIEW (cwb_field_view_new (titles[i]));
      g_signal_connect_object (self->cards[i], "viewport-changed",
                               G_CALLBACK (on_viewport_changed), self, 0);
      gtk_box_append (self->views_box, GTK_WIDGET (self->cards[i]));
    }
  self->frozen = cwb_frozen_new ();
  add_drawn_list (self, titles + 1);
  g_object_set (self, "show-field", TRUE, NULL);
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
  return self->task != NULL || self->dirty;
}

guint64
cwb_explore_page_get_seed (CwbExplorePage *self)
{
  g_return_val_if_fail (CWB_IS_EXPLORE_PAGE (self), 0);
  return (guint64) gtk_spin_button_get_value (self->seed_spin);
}
