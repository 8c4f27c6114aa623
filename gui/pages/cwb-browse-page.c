/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-browse-page.h"

#include "models/cwb-item-model.h"
#include "util/cwb-dataset-text.h"
#include "util/cwb-keys.h"
#include "util/cwb-task.h"
#include "util/cwb-texture.h"
#include "widgets/cwb-face-cell.h"

#include <glib/gi18n.h>

#define N_NEIGHBOURS 60
#define QUERY_SIDE 132
#define CELL_SIDE 104
#define MAX_HISTORY 100

struct _CwbBrowsePage
{
  CwbPage parent_instance;

  CwbSession *session;
  CwbTask *embed_task, *search_task;
  CwbEncoder *encoder; /* (nullable): that embeds, embedded or was opened; kept while a training goes on */
  CwbVectors *vectors;
  char *query_path; /* a picture from outside; NULL = the selected face */
  GArray *history;  /* guint: faces asked for before */
  CwbItemModel *neighbours;
  GArray *scores; /* float, of the neighbours */
  GtkFileChooserNative *chooser;

  GtkWidget *newer_bar;
  GtkLabel *newer_label;
  GtkStack *stack, *result_stack;
  AdwStatusPage *empty_page, *error_page, *unreadable_page;
  GtkButton *empty_button;
  GtkProgressBar *progress;
  AdwBin *query_bin;
  CwbFaceCell *query_cell;
  GtkLabel *query_label, *summary_label, *encoder_label;
  GtkCheckButton *others_check;
  GtkGridView *grid;
};

G_DEFINE_FINAL_TYPE (CwbBrowsePage, cwb_browse_page, CWB_TYPE_PAGE)

/* ---- embedding ---- */

static gpointer
embed_work (gpointer data, CwJob *job, GError **error)
{
  return cwb_vectors_embed (data, job, error) ? cwb_vectors_ref (data) : NULL;
}

static void
embed_progress (gpointer owner, CwbTask *task, double fraction, const char *what)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (owner);

  gtk_progress_bar_set_text (self->progress, what);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else
    gtk_progress_bar_pulse (self->progress);
}

/* ---- search ---- */

typedef struct
{
  CwbVectors *vectors;
  gint64 row;  /* of the query; -1 = a picture from outside */
  char *path;  /* of that picture */
  gboolean others_only;
} Query;

typedef struct
{
  guint n;
  CwNeighbour found[N_NEIGHBOURS];
  GdkTexture *texture; /* (nullable): of a picture from outside */
} Answer;

static void
query_free (gpointer data)
{
  Query *query = data;

  cwb_vectors_unref (query->vectors);
  g_free (query->path);
  g_free (query);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_object (&answer->texture);
  g_free (answer);
}

static gpointer
search_work (gpointer data, CwJob *job, GError **error)
{
  Query *query = data;
  const CwModel *model = query->vectors->encoder->model;
  g_autoptr (CwImage) image = NULL;
  g_autofree float *outside = NULL;
  const float *vector;
  Answer *answer;

  if (query->row < 0)
    {
      image = cw_picture_load (query->path, 2 * model->size, error);
      if (image == NULL)
        return NULL;
      vector = outside = cw_features_embed_picture (model, image);
    }
  else
    vector = cw_index_get_row (query->vectors->index, (guint32) query->row);
  answer = g_new0 (Answer, 1);
  answer->texture = image != NULL ? cwb_texture_new (image) : NULL;
  answer->n = cwb_vectors_search (query->vectors, vector, query->row, query->others_only,
                                  N_NEIGHBOURS, answer->found);
  return answer;
}

/* (transfer full): "" where all were read. */
static char *
dup_skipped (guint n)
{
  if (n == 0)
    return g_strdup ("");
  /* Translators: after "The nearest 60 of 1,920 faces" */
  return g_strdup_printf (ngettext ("  ·  %'u picture could not be read",
                                    "  ·  %'u pictures could not be read", n), n);
}

static void
show_summary (CwbBrowsePage *self, guint n)
{
  CwDataset *dataset = self->vectors->dataset;
  guint selected = cwb_session_get_selected (self->session), same = 0;
  const char *label = self->query_path == NULL
                          ? cwb_dataset_get_item_label (dataset, selected)
                          : NULL;
  g_autofree char *text = NULL, *skipped = dup_skipped (self->vectors->n_skipped), *both = NULL;

  for (guint i = 0; i < n && label != NULL; i++)
    {
      g_autoptr (CwbItem) item = g_list_model_get_item (G_LIST_MODEL (self->neighbours), i);

      same += g_strcmp0 (cwb_dataset_get_item_label (dataset, cwb_item_get_index (item)), label)
              == 0;
    }
  if (label != NULL)
    text = g_strdup_printf (_ ("%u of the nearest %u show %s"), same, n, label);
  else
    text = g_strdup_printf (_ ("The nearest %u of %'u faces"), n, self->vectors->features->n);
  both = g_strconcat (text, skipped, NULL);
  gtk_label_set_text (self->summary_label, both);
}

static void
clear_neighbours (CwbBrowsePage *self)
{
  g_array_set_size (self->scores, 0);
  cwb_item_model_set_indices (self->neighbours, NULL, 0);
  gtk_label_set_text (self->summary_label, "");
}

/* In the place of the neighbours, which would be another picture's. */
static void
show_failure (CwbBrowsePage *self, const char *message)
{
  clear_neighbours (self);
  cwb_page_describe (self->unreadable_page, message);
  gtk_stack_set_visible_child_name (self->result_stack, "unreadable");
}

static void
search_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (owner);
  Answer *answer = result;
  guint32 indices[N_NEIGHBOURS];

  if (answer == NULL)
    {
      cwb_face_cell_set_picture (self->query_cell, NULL, error->message);
      show_failure (self, error->message);
      return;
    }
  if (answer->texture != NULL)
    cwb_face_cell_set_picture (self->query_cell, answer->texture, NULL);
  g_array_set_size (self->scores, 0);
  for (guint i = 0; i < answer->n; i++)
    {
      indices[i] = self->vectors->features->items[answer->found[i].row];
      g_array_append_val (self->scores, answer->found[i].score);
    }
  cwb_item_model_set_indices (self->neighbours, indices, answer->n);
  show_summary (self, answer->n);
  gtk_stack_set_visible_child_name (self->result_stack, "neighbours");
  answer_free (answer);
}

static const CwbTaskClass search_class = {
  .work = search_work,
  .done = search_done,
  .free_data = query_free,
  .free_result = answer_free,
};

static void
show_query (CwbBrowsePage *self, guint selected)
{
  CwDataset *dataset = self->vectors->dataset;

  if (self->query_path != NULL)
    {
      g_autofree char *name = g_path_get_basename (self->query_path);

      cwb_face_cell_set_face (self->query_cell, NULL, NULL, 0);
      gtk_label_set_text (self->query_label, name);
      return;
    }
  {
    g_autofree char *text = cwb_dataset_dup_item_text (dataset, selected);

    cwb_face_cell_set_face (self->query_cell, cwb_session_get_thumbnails (self->session), dataset,
                            selected);
    gtk_label_set_text (self->query_label, *text != '\0'
                                               ? text
                                               : cw_dataset_get_item (dataset, selected)->name);
  }
}

static void
search (CwbBrowsePage *self)
{
  guint selected = cwb_session_get_selected (self->session);
  Query *query;
  gint64 row = -1;

  if (self->vectors == NULL)
    return;
  if (self->query_path == NULL)
    {
      if (selected == G_MAXUINT)
        {
          cwb_session_set_selected (self->session, self->vectors->features->items[0]);
          return;
        }
      row = cwb_vectors_find_row (self->vectors, selected);
    }
  cwb_task_clear (&self->search_task);
  show_query (self, selected);
  if (self->query_path == NULL && row < 0)
    {
      show_failure (self, _ ("This face could not be read, so it has no neighbours."));
      return;
    }
  /* A large file takes its time, in which the neighbours of something else are not its. */
  if (self->query_path != NULL)
    clear_neighbours (self);
  query = g_new0 (Query, 1);
  query->vectors = cwb_vectors_ref (self->vectors);
  query->row = row;
  query->path = g_strdup (self->query_path);
  query->others_only = gtk_check_button_get_active (self->others_check);
  self->search_task = cwb_task_start (&search_class, self, query);
}

/* ---- state ---- */

/* The target goes in while there is no name: a name and the target of another action do not fit, and GTK
 * warns. */
static void
set_empty_button (CwbBrowsePage *self, const char *label, const char *action, const char *target)
{
  GtkActionable *button = GTK_ACTIONABLE (self->empty_button);

  gtk_button_set_label (self->empty_button, label);
  gtk_actionable_set_action_name (button, NULL);
  gtk_actionable_set_action_target_value (button,
                                          target != NULL ? g_variant_new_string (target) : NULL);
  gtk_actionable_set_action_name (button, action);
}

static CwbEncoder *
get_encoder (CwbBrowsePage *self)
{
  return self->encoder != NULL ? self->encoder : cwb_session_get_encoder (self->session);
}

static void
keep_encoder (CwbBrowsePage *self, CwbEncoder *encoder)
{
  if (encoder != NULL)
    cwb_encoder_ref (encoder);
  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  self->encoder = encoder;
}

/* Which encoder it is, and whether there is a newer one. */
static void
show_encoder (CwbBrowsePage *self)
{
  g_autofree char *text = self->vectors != NULL
                              ? g_strdup_printf (_ ("Compared by %s"), self->vectors->encoder->name)
                              : NULL;

  gtk_label_set_text (self->encoder_label, text != NULL ? text : "");
  cwb_page_offer_newer (self->newer_bar, self->newer_label, self->encoder,
                        cwb_session_get_encoder (self->session));
}

static void
update (CwbBrowsePage *self)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);
  CwbEncoder *encoder = get_encoder (self);
  guint selected = cwb_session_get_selected (self->session);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "browse.embed",
                                 dataset != NULL && encoder != NULL && self->embed_task == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "browse.embed-newer",
                                 dataset != NULL && encoder != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "browse.cancel", self->embed_task != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "browse.query-file", self->vectors != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "browse.explore",
                                 self->vectors != NULL && selected != G_MAXUINT
                                     && self->query_path == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "browse.back",
                                 self->history->len > 0
                                     || (self->query_path != NULL && selected != G_MAXUINT));
  gtk_widget_set_visible (GTK_WIDGET (self->others_check),
                          dataset != NULL && cw_dataset_get_n_subjects (dataset) > 0);
  if (dataset == NULL)
    {
      adw_status_page_set_description (self->empty_page, _ ("Open faces on the Data page first."));
      set_empty_button (self, _ ("Go to Data"), "win.page", "data");
    }
  else if (encoder == NULL)
    {
      adw_status_page_set_description (
          self->empty_page, _ ("Faces are compared through an encoder. Train one first; it takes "
                              "some minutes and needs no labels."));
      set_empty_button (self, _ ("Go to Train"), "win.page", "train");
    }
  else
    {
      adw_status_page_set_description (self->empty_page,
                                       _ ("Turn the faces into vectors to see their neighbours."));
      set_empty_button (self, _ ("Embed the Faces"), "browse.embed", NULL);
    }
  show_encoder (self);
  gtk_stack_set_visible_child_name (self->stack, self->embed_task != NULL ? "busy"
                                                 : self->vectors != NULL  ? "neighbours"
                                                                          : "empty");
}

static void
embed_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (owner);

  g_clear_pointer (&self->embed_task, cwb_task_unref);
  cwb_task_clear (&self->search_task);
  g_clear_pointer (&self->vectors, cwb_vectors_unref);
  self->vectors = result;
  cwb_session_set_vectors (self->session, result);
  update (self);
  if (result != NULL)
    search (self);
  else
    {
      cwb_page_describe (self->error_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
}

static const CwbTaskClass embed_class = {
  .work = embed_work,
  .progress = embed_progress,
  .done = embed_done,
  .free_data = (GDestroyNotify) cwb_vectors_unref,
  .free_result = (GDestroyNotify) cwb_vectors_unref,
};

static void
embed (CwbBrowsePage *self, CwbEncoder *encoder)
{
  CwDataset *dataset = cwb_session_get_dataset (self->session);

  if (dataset == NULL || encoder == NULL || self->embed_task != NULL)
    return;
  keep_encoder (self, encoder);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_progress_bar_set_text (self->progress, "");
  self->embed_task = cwb_task_start (&embed_class, self, cwb_vectors_new (dataset, encoder));
  update (self);
}

/* Nothing of what there was is of use any more. */
static void
start_over (CwbBrowsePage *self)
{
  cwb_task_clear (&self->search_task);
  cwb_task_clear (&self->embed_task);
  cwb_face_cell_set_face (self->query_cell, NULL, NULL, 0);
  g_clear_pointer (&self->vectors, cwb_vectors_unref);
  g_clear_pointer (&self->query_path, g_free);
  g_clear_object (&self->neighbours);
  g_array_set_size (self->history, 0);
  gtk_grid_view_set_model (self->grid, NULL);
  if (cwb_session_get_dataset (self->session) != NULL)
    {
      self->neighbours = cwb_item_model_new (cwb_session_get_dataset (self->session));
      cwb_item_model_set_indices (self->neighbours, NULL, 0);
      {
        g_autoptr (GtkNoSelection) selection
            = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->neighbours)));

        gtk_grid_view_set_model (self->grid, GTK_SELECTION_MODEL (selection));
      }
    }
  update (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    embed (self, get_encoder (self));
}

/* What was opened is asked for; what a training handed over is not, and of other faces the newest will do. */
static void
on_dataset (CwbBrowsePage *self)
{
  if (self->encoder != NULL && !self->encoder->opened)
    keep_encoder (self, NULL);
  start_over (self);
}

static void
on_model_opened (CwbBrowsePage *self)
{
  keep_encoder (self, cwb_session_get_encoder (self->session));
  start_over (self);
}

/* A newer one is only offered: the vectors stay what they are. */
static void
on_model (CwbBrowsePage *self)
{
  update (self);
  if (self->encoder == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    embed (self, get_encoder (self));
}

static void
on_selected (CwbSession *session, GParamSpec *pspec, CwbBrowsePage *self)
{
  g_clear_pointer (&self->query_path, g_free);
  update (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    search (self);
}

static void
cwb_browse_page_map (GtkWidget *widget)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (widget);

  GTK_WIDGET_CLASS (cwb_browse_page_parent_class)->map (widget);
  if (self->session == NULL)
    return;
  if (self->vectors == NULL)
    embed (self, get_encoder (self));
  else if (self->query_path == NULL)
    search (self);
}

/* ---- neighbours ---- */

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, CwbBrowsePage *self)
{
  gtk_list_item_set_child (item, cwb_face_cell_new (CELL_SIDE, TRUE));
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, CwbBrowsePage *self)
{
  CwbFaceCell *cell = CWB_FACE_CELL (gtk_list_item_get_child (list_item));
  CwbItem *item = gtk_list_item_get_item (list_item);
  guint position = gtk_list_item_get_position (list_item);
  CwDataset *dataset = cwb_item_get_dataset (item);
  const char *label = cwb_dataset_get_item_label (dataset, cwb_item_get_index (item));
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (cell));
  double score = position < self->scores->len
                     ? (double) g_array_index (self->scores, float, position)
                     : 0;
  g_autofree char *caption = label != NULL ? g_strdup_printf ("%.2f  %s", score, label)
                                           : g_strdup_printf ("%.2f", score);

  cwb_face_cell_set_face (cell, cwb_session_get_thumbnails (self->session), dataset,
                          cwb_item_get_index (item));
  cwb_face_cell_set_caption (cell, caption);
  if (parent != NULL)
    {
      g_autofree char *text = cwb_dataset_dup_item_text (dataset, cwb_item_get_index (item));
      g_autofree char *name = g_strdup_printf (_ ("Neighbour %u, similarity %.3f: %s"),
                                               position + 1, score, text);

      gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      name, -1);
    }
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item, CwbBrowsePage *self)
{
  cwb_face_cell_set_face (CWB_FACE_CELL (gtk_list_item_get_child (list_item)), NULL, NULL, 0);
}

/* A neighbour becomes the query. */
static void
on_activate (GtkGridView *grid, guint position, CwbBrowsePage *self)
{
  g_autoptr (CwbItem) item = g_list_model_get_item (G_LIST_MODEL (self->neighbours), position);
  guint selected = cwb_session_get_selected (self->session);

  if (item == NULL)
    return;
  if (selected != G_MAXUINT && self->query_path == NULL)
    {
      if (self->history->len == MAX_HISTORY)
        g_array_remove_index (self->history, 0);
      g_array_append_val (self->history, selected);
    }
  if (selected == cwb_item_get_index (item))
    on_selected (self->session, NULL, self);
  else
    cwb_session_set_selected (self->session, cwb_item_get_index (item));
}

static void
on_others (GtkCheckButton *check, CwbBrowsePage *self)
{
  search (self);
}

/* ---- actions ---- */

static void
embed_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (widget);

  embed (self, get_encoder (self));
}

static void
embed_newer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (widget);

  cwb_task_clear (&self->embed_task);
  embed (self, cwb_session_get_encoder (self->session));
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (widget);

  cwb_task_clear (&self->embed_task);
  if (self->vectors != NULL)
    keep_encoder (self, self->vectors->encoder);
  update (self);
}

/* Before a picture from outside there was the chosen face. */
static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (widget);
  guint last;

  if (self->query_path != NULL)
    {
      on_selected (self->session, NULL, self);
      return;
    }
  last = g_array_index (self->history, guint, self->history->len - 1);
  g_array_set_size (self->history, self->history->len - 1);
  cwb_session_set_selected (self->session, last);
  update (self);
}

static void
explore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.page", "s", "explore");
}

static void
on_query_chosen (GtkNativeDialog *dialog, int response, CwbBrowsePage *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  if (file == NULL || (path = g_file_get_path (file)) == NULL)
    return;
  cwb_browse_page_query_file (self, path);
}

static void
query_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (widget);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Neighbours of a Picture"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Find"), NULL);
  gtk_file_filter_set_name (filter, _ ("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_query_chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- object ---- */

static void
cwb_browse_page_session_set (CwbPage *page, CwbSession *session)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (page);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_dataset), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "model-opened", G_CALLBACK (on_model_opened), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (on_model), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::selected", G_CALLBACK (on_selected), self, 0);
  start_over (self);
}

static void
cwb_browse_page_dispose (GObject *object)
{
  CwbBrowsePage *self = CWB_BROWSE_PAGE (object);

  cwb_task_clear (&self->search_task);
  cwb_task_clear (&self->embed_task);
  g_clear_pointer (&self->vectors, cwb_vectors_unref);
  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  g_clear_pointer (&self->query_path, g_free);
  g_clear_pointer (&self->history, g_array_unref);
  g_clear_pointer (&self->scores, g_array_unref);
  g_clear_object (&self->neighbours);
  g_clear_object (&self->chooser);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_BROWSE_PAGE);
  G_OBJECT_CLASS (cwb_browse_page_parent_class)->dispose (object);
}

static void
cwb_browse_page_class_init (CwbBrowsePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_browse_page_dispose;
  CWB_PAGE_CLASS (klass)->session_set = cwb_browse_page_session_set;
  widget_class->map = cwb_browse_page_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-browse-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, empty_button);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, error_page);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, progress);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, query_bin);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, query_label);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, encoder_label);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, newer_bar);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, newer_label);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, others_check);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, result_stack);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, unreadable_page);
  gtk_widget_class_bind_template_child (widget_class, CwbBrowsePage, grid);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_others);
  gtk_widget_class_install_action (widget_class, "browse.embed", NULL, embed_action);
  gtk_widget_class_install_action (widget_class, "browse.embed-newer", NULL, embed_newer_action);
  gtk_widget_class_install_action (widget_class, "browse.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "browse.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "browse.explore", NULL, explore_action);
  gtk_widget_class_install_action (widget_class, "browse.query-file", NULL, query_file_action);
}

static void
cwb_browse_page_init (CwbBrowsePage *self)
{
  static const CwbKey keys[] = { { GDK_KEY_Left, GDK_ALT_MASK, "browse.back" } };
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->history = g_array_new (FALSE, FALSE, sizeof (guint));
  self->scores = g_array_new (FALSE, FALSE, sizeof (float));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->query_cell = CWB_FACE_CELL (cwb_face_cell_new (QUERY_SIDE, FALSE));
  adw_bin_set_child (self->query_bin, GTK_WIDGET (self->query_cell));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, 0);
  gtk_grid_view_set_factory (self->grid, factory);
  cwb_keys_add (GTK_WIDGET (self), keys, G_N_ELEMENTS (keys));
}

void
cwb_browse_page_query_file (CwbBrowsePage *self, const char *path)
{
  g_return_if_fail (CWB_IS_BROWSE_PAGE (self));
  g_return_if_fail (path != NULL);

  g_free (self->query_path);
  self->query_path = g_strdup (path);
  update (self);
  search (self);
}
