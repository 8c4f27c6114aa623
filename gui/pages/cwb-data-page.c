/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-pages"

#include "config.h"

#include "pages/cwb-data-page.h"

#include "models/cwb-item-model.h"
#include "models/cwb-row.h"
#include "util/cwb-dataset-text.h"
#include "util/cwb-task.h"
#include "widgets/cwb-face-cell.h"

#include <glib/gi18n.h>
#include <string.h>

#define CELL_SIDE 96

struct _CwbDataPage
{
  CwbPage parent_instance;

  CwbItemModel *items;           /* (nullable) */
  GtkSingleSelection *selection; /* of items */
  GArray *splits;                /* int: what the entries of split_filter stand for */
  gboolean updating;             /* the page itself moves controls */
  CwbTask *check;                /* (nullable): reading every picture once */

  GtkStack *states, *contents;
  GtkProgressBar *progress;
  AdwStatusPage *error;
  GtkLabel *title, *summary, *count;
  GtkButton *folders_button;
  GtkMenuButton *rejected_button, *classes_button;
  AdwButtonContent *rejected_content;
  GtkListView *rejected_view, *classes_view;
  GtkDropDown *label_filter, *split_filter;
  GtkGridView *grid;
  GtkBox *check_box;
  GtkProgressBar *check_progress;
};

G_DEFINE_FINAL_TYPE (CwbDataPage, cwb_data_page, CWB_TYPE_PAGE)

static CwDataset *
get_dataset (CwbDataPage *self)
{
  return cwb_session_get_dataset (cwb_page_get_session (CWB_PAGE (self)));
}

/* ---- cells ---- */

static void
setup_cell (GtkListItemFactory *factory, GtkListItem *list_item, gpointer unused)
{
  gtk_list_item_set_child (list_item, cwb_face_cell_new (CELL_SIDE, TRUE));
}

static void
bind_cell (GtkListItemFactory *factory, GtkListItem *list_item, CwbDataPage *self)
{
  CwbItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  CwDataset *dataset = cwb_item_get_dataset (item);
  guint index = cwb_item_get_index (item);
  g_autofree char *text = cwb_dataset_dup_item_text (dataset, index);
  const char *label = cwb_dataset_get_item_label (dataset, index);
  CwbSession *session = cwb_page_get_session (CWB_PAGE (self));

  cwb_face_cell_set_face (CWB_FACE_CELL (cell), cwb_session_get_thumbnails (session), dataset,
                          index);
  /* Among classes a name would look like one. */
  if (label == NULL && cw_dataset_get_n_labels (dataset) > 0)
    label = "–";
  cwb_face_cell_set_caption (CWB_FACE_CELL (cell), label != NULL ? label : text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (cell)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
unbind_cell (GtkListItemFactory *factory, GtkListItem *list_item, gpointer unused)
{
  cwb_face_cell_set_face (CWB_FACE_CELL (gtk_list_item_get_child (list_item)), NULL, NULL, 0);
}

static GtkListItemFactory *
make_cell_factory (CwbDataPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cell), self, 0);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), NULL);
  return factory;
}

/* ---- selection ---- */

static void
on_selection_changed (GtkSingleSelection *selection, GParamSpec *pspec, CwbDataPage *self)
{
  CwbItem *item = gtk_single_selection_get_selected_item (selection);

  /* A face that a filter hides stays chosen. */
  if (!self->updating && item != NULL)
    {
      cwb_session_set_selected (cwb_page_get_session (CWB_PAGE (self)),
                                cwb_item_get_index (item));
    }
}

/* The session's face in the grid; shown where it is not on screen. */
static void
show_selected (CwbDataPage *self)
{
  guint index = cwb_session_get_selected (cwb_page_get_session (CWB_PAGE (self)));
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->selection == NULL)
    return;
  if (index != G_MAXUINT)
    position = cwb_item_model_find (self->items, index);
  if (position == gtk_single_selection_get_selected (self->selection))
    return;
  self->updating = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->updating = FALSE;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.scroll-to-item", "u", position);
}

static void
explore (CwbDataPage *self, guint index)
{
  cwb_session_set_selected (cwb_page_get_session (CWB_PAGE (self)), index);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", "explore");
}

static void
on_face_activated (CwbDataPage *self, guint position)
{
  g_autoptr (CwbItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  explore (self, cwb_item_get_index (item));
}

static void
explore_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  explore (CWB_DATA_PAGE (widget), g_variant_get_uint32 (parameter));
}

/* ---- filter ---- */

/* The entries of label_filter: all, the classes, those without one. */
static int
get_filtered_label (CwbDataPage *self)
{
  guint chosen = gtk_drop_down_get_selected (self->label_filter);

  if (chosen == 0 || chosen == GTK_INVALID_LIST_POSITION)
    return CWB_ANY;
  return chosen <= cw_dataset_get_n_labels (get_dataset (self)) ? (int) chosen - 1 : -1;
}

static int
get_filtered_split (CwbDataPage *self)
{
  guint chosen = gtk_drop_down_get_selected (self->split_filter);

  return chosen < self->splits->len ? g_array_index (self->splits, int, chosen) : CWB_ANY;
}

static void
apply_filter (CwbDataPage *self)
{
  guint n, n_all = cw_dataset_get_n_items (get_dataset (self));
  int label = get_filtered_label (self), split = get_filtered_split (self);
  g_autofree char *text = NULL;

  self->updating = TRUE;
  cwb_session_set_filter (cwb_page_get_session (CWB_PAGE (self)), label, split);
  cwb_item_model_set_filter (self->items, label, split);
  self->updating = FALSE;
  n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  if (n < n_all)
    /* Translators: how many pictures the filter leaves, of how many */
    text = g_strdup_printf (_ ("%'u of %'u"), n, n_all);
  gtk_label_set_label (self->count, text != NULL ? text : "");
  gtk_stack_set_visible_child_name (self->contents, n > 0 ? "grid" : "nothing");
  show_selected (self);
}

static void
on_filter_changed (CwbDataPage *self)
{
  if (!self->updating && self->items != NULL)
    apply_filter (self);
}

static void
show_all (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwbDataPage *self = CWB_DATA_PAGE (widget);

  gtk_drop_down_set_selected (self->label_filter, 0);
  gtk_drop_down_set_selected (self->split_filter, 0);
}

static void
show_class (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwbDataPage *self = CWB_DATA_PAGE (widget);
  int label = g_variant_get_int32 (parameter);
  int n_labels = self->items != NULL ? (int) cw_dataset_get_n_labels (get_dataset (self)) : 0;

  if (label < n_labels)
    gtk_drop_down_set_selected (self->label_filter, (guint) (label >= 0 ? label : n_labels) + 1);
}

static void
on_class_activated (CwbDataPage *self, guint position)
{
  g_autoptr (CwbRow) row = NULL;

  row = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->classes_view)),
                               position);
  gtk_menu_button_popdown (self->classes_button);
  gtk_widget_activate_action (GTK_WIDGET (self), "data.show-class", "i",
                              (int) cwb_row_get_value (row));
}

/* ---- what the reader understood ---- */

static void
set_rows (GtkListView *view, GPtrArray *rows)
{
  g_autoptr (GListStore) store = g_list_store_new (CWB_TYPE_ROW);

  g_list_store_splice (store, 0, 0, rows->pdata, rows->len);
  gtk_list_view_set_model (view, NULL);
  gtk_list_view_set_model (view, GTK_SELECTION_MODEL (
                                     gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&store)))));
}

/* Of each class; the last is of those without. */
static guint *
count_labels (CwDataset *dataset)
{
  guint n_labels = cw_dataset_get_n_labels (dataset), n = cw_dataset_get_n_items (dataset);
  guint *counts = g_new0 (guint, n_labels + 1);

  for (guint i = 0; i < n; i++)
    {
      int label = cw_dataset_get_item (dataset, i)->label;

      counts[label >= 0 ? (guint) label : n_labels]++;
    }
  return counts;
}

static void
show_classes (CwbDataPage *self, CwDataset *dataset)
{
  guint n_labels = cw_dataset_get_n_labels (dataset);
  g_autofree guint *counts = count_labels (dataset);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("All classes"));
  for (guint i = 0; i <= n_labels; i++)
    {
      const char *name = i < n_labels ? cw_dataset_get_label (dataset, (int) i)
                                      : _ ("Without a class");
      g_autofree char *count = g_strdup_printf ("%'u", counts[i]);

      if (i == n_labels && counts[i] == 0)
        break;
      gtk_string_list_append (names, name);
      g_ptr_array_add (rows, cwb_row_new (name, count, i < n_labels ? i : (guint) -1));
    }
  set_rows (self->classes_view, rows);
  gtk_drop_down_set_model (self->label_filter, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->classes_button), n_labels > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->label_filter), n_labels > 0);
}

static const char *
get_split_title (int split)
{
  switch ((CwSplit) split)
    {
    case CW_SPLIT_TRAIN:
      return _ ("Training part");
    case CW_SPLIT_VALID:
      return _ ("Validation part");
    case CW_SPLIT_TEST:
      return _ ("Test part");
    case CW_SPLIT_NONE:
    case CW_N_SPLITS:
    default:
      return _ ("In no part");
    }
}

static void
show_splits (CwbDataPage *self, CwDataset *dataset)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  int any = CWB_ANY;

  g_array_set_size (self->splits, 0);
  g_array_append_val (self->splits, any);
  gtk_string_list_append (names, _ ("All parts"));
  for (int split = CW_SPLIT_NONE; split < CW_N_SPLITS; split++)
    {
      if (cw_dataset_count_split (dataset, (CwSplit) split) == 0)
        continue;
      g_array_append_val (self->splits, split);
      gtk_string_list_append (names, get_split_title (split));
    }
  gtk_drop_down_set_model (self->split_filter, G_LIST_MODEL (names));
  /* One part is no choice. */
  gtk_widget_set_visible (GTK_WIDGET (self->split_filter), self->splits->len > 2);
}

/* What the reader refused, then what could not be decoded (nullable, CwRejected). */
static void
show_rejected (CwbDataPage *self, CwDataset *dataset, GPtrArray *unreadable)
{
  guint n_refused = cw_dataset_get_n_rejected (dataset);
  guint n = n_refused + (unreadable != NULL ? unreadable->len : 0);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    {
      const CwRejected *rejected = i < n_refused
                                       ? cw_dataset_get_rejected (dataset, i)
                                       : g_ptr_array_index (unreadable, i - n_refused);

      g_ptr_array_add (rows, cwb_row_new (rejected->name, rejected->reason, i));
    }
  set_rows (self->rejected_view, rows);
  text = g_strdup_printf (ngettext ("%'u refused", "%'u refused", n), n);
  adw_button_content_set_label (self->rejected_content, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rejected_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->rejected_button), n > 0);
}

/* ---- what cannot be decoded ---- */

static gpointer
check_work (gpointer data, CwJob *job, GError **error)
{
  GPtrArray *unreadable = NULL;

  return cw_dataset_check (data, job, &unreadable, error) ? unreadable : NULL;
}

static void
check_progress (gpointer owner, CwbTask *task, double fraction, const char *what)
{
  CwbDataPage *self = CWB_DATA_PAGE (owner);

  /* Small data sets are read before anybody would look. */
  if (fraction < 1)
    gtk_widget_set_visible (GTK_WIDGET (self->check_box), TRUE);
  gtk_progress_bar_set_fraction (self->check_progress, MAX (fraction, 0));
}

static void
end_check (CwbDataPage *self)
{
  cwb_task_clear (&self->check);
  gtk_widget_set_visible (GTK_WIDGET (self->check_box), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.cancel-check", FALSE);
}

static void
check_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbDataPage *self = CWB_DATA_PAGE (owner);
  g_autoptr (GPtrArray) unreadable = result;

  if (unreadable != NULL)
    show_rejected (self, cwb_task_get_data (task), unreadable);
  end_check (self);
}

static const CwbTaskClass check_class = {
  .work = check_work,
  .progress = check_progress,
  .done = check_done,
  .free_data = g_object_unref,
  .free_result = (GDestroyNotify) g_ptr_array_unref,
};

/* Pictures that are drawn have no file to be broken. */
static void
start_check (CwbDataPage *self, CwDataset *dataset)
{
  g_autofree char *path = NULL;

  end_check (self);
  if (cw_dataset_get_n_items (dataset) > 0)
    path = cw_dataset_dup_path (dataset, 0);
  if (path == NULL)
    return;
  self->check = cwb_task_start (&check_class, self, g_object_ref (dataset));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.cancel-check", TRUE);
}

static void
cancel_check (GtkWidget *widget, const char *action, GVariant *parameter)
{
  end_check (CWB_DATA_PAGE (widget));
}

/* "ferplus layout · 1,920 pictures · ..." */
static void
show_summary (CwbDataPage *self, CwDataset *dataset)
{
  g_autofree char *title = cwb_dataset_dup_title (dataset);
  g_autofree char *summary = cwb_dataset_dup_summary (dataset);
  /* Translators: the layout of a dataset on disk ("folder", "ferplus"), then what it holds */
  g_autofree char *text = g_strdup_printf (_ ("Layout “%s” · %s"), cw_dataset_get_layout (dataset),
                                           summary);

  gtk_label_set_label (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), cw_dataset_get_location (dataset));
  gtk_label_set_label (self->summary, text);
}

/* A plain folder is unlabelled until asked: its subfolders may be classes, or days, or persons. */
static void
show_folder_choice (CwbDataPage *self, CwDataset *dataset)
{
  gboolean labelled = cw_dataset_get_n_labels (dataset) > 0, possible = FALSE;
  guint n = cw_dataset_get_n_items (dataset);

  if (g_str_equal (cw_dataset_get_layout (dataset), "folder"))
    {
      for (guint i = 0; i < n && !possible; i++)
        possible = strchr (cw_dataset_get_item (dataset, i)->name, '/') != NULL;
    }
  gtk_button_set_label (self->folders_button,
                        labelled ? _ ("Ignore Subfolders") : _ ("Subfolders Are Classes"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->folders_button),
                               labelled ? _ ("Open the folder again without classes")
                                        : _ ("Open the folder again, each subfolder being a class: "
                                             "for scores only, training needs none"));
  gtk_widget_set_visible (GTK_WIDGET (self->folders_button), possible);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.folder-classes", possible);
}

static void
folder_classes (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwbDataPage *self = CWB_DATA_PAGE (widget);
  CwDataset *dataset = get_dataset (self);
  gboolean labelled = cw_dataset_get_n_labels (dataset) > 0;

  cwb_session_open_location (cwb_page_get_session (CWB_PAGE (self)),
                             cw_dataset_get_location (dataset), "folder",
                             labelled ? "labels=none" : "labels=folder");
}

static void
show_dataset (CwbDataPage *self, CwDataset *dataset)
{
  self->updating = TRUE;
  g_clear_object (&self->items);
  g_clear_object (&self->selection);
  self->items = cwb_item_model_new (dataset);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->items)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (on_selection_changed), self, 0);
  gtk_grid_view_set_model (self->grid, GTK_SELECTION_MODEL (self->selection));
  show_summary (self, dataset);
  show_classes (self, dataset);
  show_splits (self, dataset);
  show_folder_choice (self, dataset);
  show_rejected (self, dataset, NULL);
  start_check (self, dataset);
  self->updating = FALSE;
  apply_filter (self);
}

/* ---- session ---- */

static void
show_state (CwbDataPage *self)
{
  CwbSession *session = cwb_page_get_session (CWB_PAGE (self));
  g_autofree char *error = cwb_session_dup_open_error (session);

  if (cwb_session_get_loading (session))
    {
      gtk_progress_bar_set_fraction (self->progress, 0);
      gtk_stack_set_visible_child_name (self->states, "loading");
    }
  else if (cwb_session_get_dataset (session) != NULL)
    gtk_stack_set_visible_child_name (self->states, "faces");
  else if (error != NULL)
    {
      /* Translators: what went wrong, and what to do */
      g_autofree char *plain = g_strdup_printf (_ ("%s\n\nChoose a folder that has pictures of faces "
                                                   "in it, or a table that names them."), error);

      cwb_page_describe (self->error, plain);
      gtk_stack_set_visible_child_name (self->states, "error");
    }
  else
    gtk_stack_set_visible_child_name (self->states, "empty");
}

static void
on_loading_changed (CwbSession *session, GParamSpec *pspec, CwbDataPage *self)
{
  show_state (self);
}

static void
on_fraction_changed (CwbSession *session, GParamSpec *pspec, CwbDataPage *self)
{
  double fraction = cwb_session_get_loading_fraction (session);

  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
on_dataset_changed (CwbSession *session, GParamSpec *pspec, CwbDataPage *self)
{
  CwDataset *dataset = cwb_session_get_dataset (session);

  if (dataset != NULL)
    show_dataset (self, dataset);
  show_state (self);
}

static void
on_selected_changed (CwbSession *session, GParamSpec *pspec, CwbDataPage *self)
{
  if (!self->updating)
    show_selected (self);
}

static void
cwb_data_page_session_set (CwbPage *page, CwbSession *session)
{
  CwbDataPage *self = CWB_DATA_PAGE (page);

  g_signal_connect_object (session, "notify::loading", G_CALLBACK (on_loading_changed), self, 0);
  g_signal_connect_object (session, "notify::loading-fraction", G_CALLBACK (on_fraction_changed),
                           self, 0);
  g_signal_connect_object (session, "notify::dataset", G_CALLBACK (on_dataset_changed), self, 0);
  g_signal_connect_object (session, "notify::selected", G_CALLBACK (on_selected_changed), self, 0);
  on_dataset_changed (session, NULL, self);
}

/* ---- object ---- */

static void
cwb_data_page_dispose (GObject *object)
{
  CwbDataPage *self = CWB_DATA_PAGE (object);

  cwb_task_clear (&self->check);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_DATA_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (cwb_data_page_parent_class)->dispose (object);
}

static void
cwb_data_page_finalize (GObject *object)
{
  CwbDataPage *self = CWB_DATA_PAGE (object);

  g_array_unref (self->splits);
  G_OBJECT_CLASS (cwb_data_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-data-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, states);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, contents);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, progress);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, error);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, title);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, summary);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, count);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, rejected_button);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, folders_button);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, rejected_content);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, rejected_view);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, classes_button);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, classes_view);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, label_filter);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, split_filter);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, grid);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, check_box);
  gtk_widget_class_bind_template_child (widget_class, CwbDataPage, check_progress);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_face_activated);
}

static void
cwb_data_page_class_init (CwbDataPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_data_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cwb_data_page_finalize;
  CWB_PAGE_CLASS (klass)->session_set = cwb_data_page_session_set;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "data.show-all", NULL, show_all);
  gtk_widget_class_install_action (widget_class, "data.show-class", "i", show_class);
  gtk_widget_class_install_action (widget_class, "data.folder-classes", NULL, folder_classes);
  gtk_widget_class_install_action (widget_class, "data.cancel-check", NULL, cancel_check);
  gtk_widget_class_install_action (widget_class, "data.explore", "u", explore_action);
}

static void
cwb_data_page_init (CwbDataPage *self)
{
  g_autoptr (GtkListItemFactory) cells = NULL, classes = NULL, reasons = NULL;

  self->splits = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.folder-classes", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.cancel-check", FALSE);
  cells = make_cell_factory (self);
  gtk_grid_view_set_factory (self->grid, cells);
  classes = cwb_row_factory_new (CWB_ROW_BESIDE);
  gtk_list_view_set_factory (self->classes_view, classes);
  g_signal_connect_object (self->classes_view, "activate", G_CALLBACK (on_class_activated), self,
                           G_CONNECT_SWAPPED);
  reasons = cwb_row_factory_new (CWB_ROW_BELOW);
  gtk_list_view_set_factory (self->rejected_view, reasons);
}

const char *
cwb_data_page_get_state (CwbDataPage *self)
{
  g_return_val_if_fail (CWB_IS_DATA_PAGE (self), NULL);
  return gtk_stack_get_visible_child_name (self->states);
}

GListModel *
cwb_data_page_get_items (CwbDataPage *self)
{
  g_return_val_if_fail (CWB_IS_DATA_PAGE (self), NULL);
  return G_LIST_MODEL (self->items);
}
