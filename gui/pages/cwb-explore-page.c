/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-explore-page.h"

#include "util/cwb-dataset-text.h"
#include "util/cwb-task.h"
#include "widgets/cwb-field-view.h"
#include "widgets/cwb-param-row.h"

#include <glib/gi18n.h>

/* The source, then the views of the trainer: anchor, positive, two warp negatives. */
#define N_NEGATIVES 2
#define N_VIEWS (2 + N_NEGATIVES)
#define N_CARDS (1 + N_VIEWS)

struct _CwbExplorePage
{
  CwbPage parent_instance;

  CwbSession *session;
  CwbTask *task;      /* the rendering under way */
  gboolean dirty;     /* something changed since it began: the newest state is rendered next */
  const CwWarpClass *warp; /* whose sliders are shown */
  gboolean editing;   /* a slider of this page changes the experiment */

  GtkStack *stack;
  AdwFlap *flap;
  AdwStatusPage *error_page;
  GtkLabel *face_label, *warp_label, *warp_description;
  GtkFlowBox *views_box;
  GtkSpinButton *seed_spin;
  GtkCheckButton *field_check;
  GtkBox *sliders;
  CwbFieldView *cards[N_CARDS];
};

G_DEFINE_FINAL_TYPE (CwbExplorePage, cwb_explore_page, CWB_TYPE_PAGE)

/* ---- rendering, on a thread ---- */

typedef struct
{
  CwDataset *dataset;
  guint32 item;
  CwViews *views; /* a copy */
  int source_side;
  guint64 seed;
} Work;

typedef struct
{
  CwImage *images[N_CARDS];
  CwField *fields[N_CARDS]; /* NULL where there is no warp */
  CwFieldStats stats[N_CARDS];
  int source_w, source_h;
} Result;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->dataset);
  cw_views_free (work->views);
  g_free (work);
}

static void
result_free (gpointer data)
{
  Result *result = data;

  if (result == NULL)
    return;
  for (int i = 0; i < N_CARDS; i++)
    {
      g_clear_pointer (&result->images[i], cw_image_unref);
      g_clear_pointer (&result->fields[i], cw_field_free);
    }
  g_free (result);
}

/* The very bytes of the trainer: the same call, with the same address. */
static gpointer
render_work (gpointer data, CwJob *job, GError **error)
{
  const Work *work = data;
  int size = work->views->preprocess.size;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (size);
  g_autofree float *pixels = g_new (float, (gsize) size * (gsize) size * 3);
  g_autofree float *det = g_new (float, (gsize) size * (gsize) size);
  Result *result = g_new0 (Result, 1);

  result->images[0] = cw_dataset_load_image (work->dataset, work->item, 512, error);
  if (result->images[0] == NULL)
    {
      result_free (result);
      return NULL;
    }
  for (int view = 0; view < N_VIEWS; view++)
    {
      g_autoptr (CwField) field = cw_field_new (size, size);
      int card = 1 + view;

      if (!cw_loader_render_view (work->dataset, work->item, work->views, work->source_side,
                                  work->seed, 0, view, renderer, pixels, field, NULL, error))
        {
          result_free (result);
          return NULL;
        }
      result->images[card] = cw_picture_from_float (pixels, size, size);
      if (view < 2)
        continue;
      cw_field_stats (field, det, &result->stats[card]);
      result->fields[card] = g_steal_pointer (&field);
    }
  return result;
}

static void render (CwbExplorePage *self);

static char *
describe_field (const CwFieldStats *stats)
{
  if (stats->n_folds > 0)
    return g_strdup_printf (_("up to %.1f px, folds at %d pixels"), (double) stats->max,
                            stats->n_folds);
  return g_strdup_printf (_("up to %.1f px, min det %.2f"), (double) stats->max,
                          (double) stats->min_det);
}

static void
show_result (CwbExplorePage *self, Result *result)
{
  for (int i = 0; i < N_CARDS; i++)
    {
      g_autofree char *detail = NULL;

      if (result->fields[i] != NULL)
        detail = describe_field (&result->stats[i]);
      else
        detail = g_strdup_printf (_("%d × %d px"), result->images[i]->w, result->images[i]->h);
      cwb_field_view_set (self->cards[i], result->images[i], g_steal_pointer (&result->fields[i]),
                          detail);
    }
  gtk_stack_set_visible_child_name (self->stack, "views");
}

static void
render_done (gpointer owner, CwbTask *task, gpointer data, const GError *error)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (owner);
  Result *result = data;

  g_clear_pointer (&self->task, cwb_task_unref);
  if (result != NULL)
    show_result (self, result);
  else
    {
      adw_status_page_set_description (self->error_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  result_free (result);
  if (self->dirty)
    render (self);
}

static const CwbTaskClass render_class = {
  .work = render_work,
  .done = render_done,
  .free_data = work_free,
  .free_result = result_free,
};

/* At most one rendering is under way; what changes meanwhile is rendered once, in its last state. */
static void
render (CwbExplorePage *self)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  guint selected = cwb_session_get_selected (self->session);
  const CwExperiment *experiment = cwb_session_get_experiment (self->session);
  Work *work;

  if (dataset == NULL || selected == G_MAXUINT)
    {
      cwb_task_clear (&self->task);
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
  work = g_new0 (Work, 1);
  work->dataset = g_object_ref (dataset);
  work->item = selected;
  work->views = cw_views_copy (experiment->recipe->views);
  work->views->negatives.count = N_NEGATIVES;
  work->source_side = experiment->data.source_side;
  work->seed = (guint64) gtk_spin_button_get_value (self->seed_spin);
  self->task = cwb_task_start (&render_class, self, work);
}

/* ---- what to show ---- */

static void
on_slider (const CwParamSpec *spec, gpointer user_data)
{
  CwbExplorePage *self = user_data;

  self->editing = TRUE;
  cwb_session_experiment_changed (self->session);
  self->editing = FALSE;
  render (self);
}

static void
make_sliders (CwbExplorePage *self)
{
  CwViews *views = cwb_session_get_experiment (self->session)->recipe->views;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sliders))) != NULL)
    gtk_box_remove (self->sliders, child);
  self->warp = views->warp;
  gtk_label_set_text (self->warp_label, g_dgettext (GETTEXT_PACKAGE, views->warp->base.label));
  gtk_label_set_text (self->warp_description,
                      g_dgettext (GETTEXT_PACKAGE, views->warp->base.description));
  for (const CwParamSpec *s = views->warp->base.params; s != NULL && s->id != NULL; s++)
    {
      if (s->type == CW_PARAM_INT || s->type == CW_PARAM_FLOAT)
        gtk_box_append (self->sliders,
                        cwb_param_slider_new (s, views->warp_params, on_slider, self));
    }
}

static void
on_experiment_changed (CwbExplorePage *self)
{
  if (self->editing)
    return;
  gtk_spin_button_set_value (self->seed_spin,
                             (double) cwb_session_get_experiment (self->session)->recipe->seed);
  make_sliders (self);
  render (self);
}

static void
on_selected (CwbExplorePage *self)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  guint selected = cwb_session_get_selected (self->session);
  guint n = dataset != NULL ? cw_dataset_get_n_items (dataset) : 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.previous", n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.next", n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "explore.reroll", n > 0);
  if (n > 0 && selected < n)
    {
      g_autofree char *text = cwb_dataset_dup_item_text (dataset, selected);
      const char *name = cw_dataset_get_item (dataset, selected)->name;
      g_autofree char *label
          = *text != '\0' ? g_strdup_printf ("%s  ·  %s", name, text) : g_strdup (name);

      gtk_label_set_text (self->face_label, label);
    }
  render (self);
}

static void
cwb_explore_page_map (GtkWidget *widget)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (widget);
  CwDataset *dataset;

  GTK_WIDGET_CLASS (cwb_explore_page_parent_class)->map (widget);
  if (self->session == NULL)
    return;
  dataset = cwb_session_get_dataset (self->session);
  if (dataset != NULL && cwb_session_get_selected (self->session) == G_MAXUINT
      && cw_dataset_get_n_items (dataset) > 0)
    cwb_session_set_selected (self->session, 0);
  else
    render (self);
}

static void
on_seed (GtkSpinButton *spin, CwbExplorePage *self)
{
  if (self->session != NULL)
    render (self);
}

static void
on_field (GtkCheckButton *check, CwbExplorePage *self)
{
  for (int i = 0; i < N_CARDS; i++)
    cwb_field_view_set_show_field (self->cards[i], gtk_check_button_get_active (check));
}

/* ---- actions ---- */

static void
step (CwbExplorePage *self, int by)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  guint n = cw_dataset_get_n_items (dataset), selected = cwb_session_get_selected (self->session);

  if (selected == G_MAXUINT)
    selected = 0;
  cwb_session_set_selected (self->session, (guint) (((gint64) selected + by + n) % n));
}

static void
previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (CWB_EXPLORE_PAGE (widget), -1);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (CWB_EXPLORE_PAGE (widget), 1);
}

static void
reroll_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_spin_button_set_value (CWB_EXPLORE_PAGE (widget)->seed_spin,
                             g_random_int_range (1, G_MAXINT32));
}

/* ---- object ---- */

static void
cwb_explore_page_session_set (CwbPage *page, CwbSession *session)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (page);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::selected", G_CALLBACK (on_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "experiment-changed", G_CALLBACK (on_experiment_changed),
                           self, G_CONNECT_SWAPPED);
  on_experiment_changed (self);
  on_selected (self);
}

static void
cwb_explore_page_dispose (GObject *object)
{
  CwbExplorePage *self = CWB_EXPLORE_PAGE (object);

  cwb_task_clear (&self->task);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_EXPLORE_PAGE);
  G_OBJECT_CLASS (cwb_explore_page_parent_class)->dispose (object);
}

static void
cwb_explore_page_class_init (CwbExplorePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_explore_page_dispose;
  CWB_PAGE_CLASS (klass)->session_set = cwb_explore_page_session_set;
  widget_class->map = cwb_explore_page_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-explore-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, flap);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, error_page);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, face_label);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, warp_label);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, warp_description);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, views_box);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, seed_spin);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, field_check);
  gtk_widget_class_bind_template_child (widget_class, CwbExplorePage, sliders);
  gtk_widget_class_bind_template_callback (widget_class, on_seed);
  gtk_widget_class_bind_template_callback (widget_class, on_field);
  gtk_widget_class_install_action (widget_class, "explore.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "explore.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "explore.reroll", NULL, reroll_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, 0, "explore.previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, 0, "explore.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, 0, "explore.reroll", NULL);
}

static void
cwb_explore_page_init (CwbExplorePage *self)
{
  static const char *const titles[N_CARDS]
      = { N_("Source"), N_("Anchor"), N_("Positive"), N_("Warp negative 1"),
          N_("Warp negative 2") };

  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < N_CARDS; i++)
    {
      self->cards[i] = CWB_FIELD_VIEW (cwb_field_view_new (_(titles[i])));
      gtk_flow_box_append (self->views_box, GTK_WIDGET (self->cards[i]));
    }
}
