/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-runs-view.h"

#include "models/cwb-runs.h"
#include "util/cwb-task.h"
#include "widgets/cwb-comparison-tables.h"
#include "widgets/cwb-curves-view.h"

#include <glib/gi18n.h>
#include <string.h>

struct _CwbRunsView
{
  AdwBin parent_instance;

  char *folder;
  GPtrArray *chosen;       /* folders, in the order of choosing: the first is what the others are held against */
  GHashTable *rows;        /* folder -> AdwActionRow */
  CwbTask *listing;        /* (nullable) */
  CwbTask *comparing;      /* (nullable) */
  CwComparison *comparison; /* (nullable): that is shown */
  char *shown;             /* (nullable): what there is to see of it */
  gulong active_id;        /* of the window's */
  GtkFileChooserNative *chooser;

  GtkEditable *search;
  GtkListBox *list;
  GtkLabel *list_label, *status;
  CwbComparisonTables *tables;
  CwbCurvesView *curves;
};

G_DEFINE_FINAL_TYPE (CwbRunsView, cwb_runs_view, ADW_TYPE_BIN)

/* ---- state ---- */

static void
update (CwbRunsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "runs.copy", self->comparison != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *gtk_label_get_text (self->status) != '\0');
}

static void
set_status (CwbRunsView *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  gtk_label_set_text (self->status, valid);
  update (self);
}

/* ---- comparing ---- */

/* Takes @comparison, which may be NULL. Nothing moves under the eyes where nothing has changed. */
static void
show (CwbRunsView *self, CwComparison *comparison)
{
  g_autofree char *text = comparison != NULL ? cw_comparison_to_text (comparison) : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (text != NULL && g_strcmp0 (text, self->shown) == 0)
    {
      cw_comparison_free (comparison);
      return;
    }

  cw_comparison_free (self->comparison);
  g_free (self->shown);
  self->comparison = comparison;
  self->shown = g_steal_pointer (&text);
  for (guint r = 0; comparison != NULL && r < comparison->n_runs; r++)
    {
      GtkWidget *row = g_hash_table_lookup (self->rows, comparison->runs[r].folder);

      g_ptr_array_add (names, (gpointer) adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
    }
  cwb_comparison_tables_set (self->tables, comparison, (const char *const *) names->pdata);
}

/* (transfer full): what the comparison has to say of the records. */
static char *
dup_notes (const CwComparison *comparison)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < comparison->notes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *) comparison->notes->pdata[i]);
  return g_string_free (text, FALSE);
}

static gpointer
compare_work (gpointer data, CwJob *job, GError **error)
{
  return cw_comparison_new (data, g_strv_length (data), job, error);
}

static void
compare_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbRunsView *self = CWB_RUNS_VIEW (owner);
  g_autofree char *notes = result != NULL ? dup_notes (result) : NULL;

  g_clear_pointer (&self->comparing, cwb_task_unref);
  show (self, result);
  cwb_curves_view_set (self->curves, self->comparison);
  set_status (self, error != NULL ? error->message : notes);
}

static const CwbTaskClass compare_class = {
  .work = compare_work,
  .done = compare_done,
  .free_data = (GDestroyNotify) g_strfreev,
  .free_result = (GDestroyNotify) cw_comparison_free,
};

static gboolean
find_chosen (CwbRunsView *self, const char *folder, guint *index)
{
  return g_ptr_array_find_with_equal_func (self->chosen, folder, g_str_equal, index);
}

static void
set_chosen (CwbRunsView *self, const char *folder, gboolean chosen)
{
  guint index;
  gboolean found = find_chosen (self, folder, &index);

  if (chosen && !found)
    g_ptr_array_add (self->chosen, g_strdup (folder));
  else if (!chosen && found)
    g_ptr_array_remove_index (self->chosen, index);
}

/* (transfer full): those that are listed and can be read. */
static GStrv
dup_chosen (CwbRunsView *self)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();

  for (guint i = 0; i < self->chosen->len; i++)
    {
      GtkWidget *row = g_hash_table_lookup (self->rows, self->chosen->pdata[i]);

      if (row != NULL && gtk_widget_get_sensitive (row))
        g_strv_builder_add (folders, self->chosen->pdata[i]);
    }
  return g_strv_builder_end (folders);
}

static void
compare (CwbRunsView *self)
{
  g_auto (GStrv) folders = dup_chosen (self);

  cwb_task_clear (&self->comparing);
  if (*folders != NULL)
    {
      self->comparing = cwb_task_start (&compare_class, self, g_steal_pointer (&folders));
      return;
    }
  show (self, NULL);
  cwb_curves_view_set (self->curves, NULL);
  set_status (self, g_hash_table_size (self->rows) > 0
                        ? _ ("Choose a run to see the evaluations it keeps, or several to compare them.")
                        : "");
}

/* ---- list ---- */

static void
on_toggled (GtkCheckButton *check, CwbRunsView *self)
{
  set_chosen (self, g_object_get_data (G_OBJECT (check), "folder"), gtk_check_button_get_active (check));
  compare (self);
}

static GtkWidget *
add_row (CwbRunsView *self, const CwbRunSummary *run)
{
  GtkWidget *row = adw_action_row_new (), *check = gtk_check_button_new ();
  g_autofree char *path = g_filename_display_name (run->folder);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), run->name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_set_tooltip_text (row, path);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), find_chosen (self, run->folder, NULL));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_object_set_data_full (G_OBJECT (check), "folder", g_strdup (run->folder), g_free);
  g_object_set_data (G_OBJECT (row), "check", check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_toggled), self, 0);
  gtk_list_box_append (self->list, row);
  g_hash_table_insert (self->rows, g_strdup (run->folder), row);
  return row;
}

/* As @run is now. */
static void
show_run (CwbRunsView *self, const CwbRunSummary *run)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, run->folder);

  if (row == NULL)
    row = add_row (self, run);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), run->detail);
  gtk_widget_set_sensitive (row, run->readable);
}

static void
show_placeholder (CwbRunsView *self)
{
  gtk_label_set_text (self->list_label,
                      self->listing != NULL ? _ ("Reading the runs…")
                      : g_hash_table_size (self->rows) > 0
                          ? _ ("No run has such a name.")
                          : _ ("No runs in the runs folder yet. Add one from elsewhere."));
}

typedef struct
{
  char *folder; /* (nullable) */
  GStrv more;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->folder);
  g_strfreev (request->more);
  g_free (request);
}

static gpointer
list_work (gpointer data, CwJob *job, GError **error)
{
  const Request *request = data;

  return cwb_runs_load (request->folder, (const char *const *) request->more, job, error);
}

static void
list_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbRunsView *self = CWB_RUNS_VIEW (owner);
  g_autoptr (GPtrArray) runs = result;

  g_clear_pointer (&self->listing, cwb_task_unref);
  for (guint r = 0; runs != NULL && r < runs->len; r++)
    show_run (self, runs->pdata[r]);
  show_placeholder (self);
  compare (self);
}

static const CwbTaskClass list_class = {
  .work = list_work,
  .done = list_done,
  .free_data = request_free,
  .free_result = (GDestroyNotify) g_ptr_array_unref,
};

static gboolean
is_found (GtkListBoxRow *row, gpointer data)
{
  CwbRunsView *self = data;
  g_autofree char *name = g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);
  g_autofree char *part = g_utf8_casefold (gtk_editable_get_text (self->search), -1);

  return strstr (name, part) != NULL;
}

static void
on_search (CwbRunsView *self)
{
  show_placeholder (self);
  gtk_list_box_invalidate_filter (self->list);
}

/* ---- actions ---- */

static void
on_run_chosen (GtkNativeDialog *dialog, int response, CwbRunsView *self)
{
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      g_autofree char *path = g_file_get_path (file);

      if (path != NULL)
        cwb_runs_view_add (self, path);
      else
        set_status (self, _ ("Runs can be read from folders of this computer only."));
    }
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbRunsView *self = CWB_RUNS_VIEW (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Add Runs"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Add"), NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_run_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbRunsView *self = CWB_RUNS_VIEW (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          cwb_comparison_tables_get_text (self->tables));
}

/* Back from the other window: there may be a run more, or an evaluation, or further steps. */
static void
on_active (GtkWindow *window, GParamSpec *pspec, CwbRunsView *self)
{
  if (gtk_window_is_active (window) && self->listing == NULL)
    cwb_runs_view_reload (self);
}

static void
cwb_runs_view_root (GtkWidget *widget)
{
  CwbRunsView *self = CWB_RUNS_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (cwb_runs_view_parent_class)->root (widget);
  root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root))
    self->active_id = g_signal_connect (root, "notify::is-active", G_CALLBACK (on_active), self);
}

static void
cwb_runs_view_unroot (GtkWidget *widget)
{
  g_clear_signal_handler (&CWB_RUNS_VIEW (widget)->active_id, gtk_widget_get_root (widget));
  GTK_WIDGET_CLASS (cwb_runs_view_parent_class)->unroot (widget);
}

/* ---- object ---- */

static void
cwb_runs_view_dispose (GObject *object)
{
  CwbRunsView *self = CWB_RUNS_VIEW (object);

  cwb_task_clear (&self->listing);
  cwb_task_clear (&self->comparing);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_RUNS_VIEW);
  G_OBJECT_CLASS (cwb_runs_view_parent_class)->dispose (object);
}

static void
cwb_runs_view_finalize (GObject *object)
{
  CwbRunsView *self = CWB_RUNS_VIEW (object);

  cw_comparison_free (self->comparison);
  g_free (self->shown);
  g_ptr_array_unref (self->chosen);
  g_hash_table_unref (self->rows);
  g_free (self->folder);
  G_OBJECT_CLASS (cwb_runs_view_parent_class)->finalize (object);
}

static void
cwb_runs_view_class_init (CwbRunsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_runs_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = cwb_runs_view_finalize;
  widget_class->root = cwb_runs_view_root;
  widget_class->unroot = cwb_runs_view_unroot;
  g_type_ensure (CWB_TYPE_COMPARISON_TABLES);
  g_type_ensure (CWB_TYPE_CURVES_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-runs-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, search);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, list);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, list_label);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, status);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, tables);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, curves);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_install_action (widget_class, "runs.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "runs.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "runs.add", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "runs.copy", NULL);
}

static void
cwb_runs_view_init (CwbRunsView *self)
{
  self->chosen = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, is_found, self, NULL);
  set_status (self, "");
}

GtkWidget *
cwb_runs_view_new (const char *folder, const char *chosen)
{
  CwbRunsView *self = g_object_new (CWB_TYPE_RUNS_VIEW, NULL);

  self->folder = g_strdup (folder);
  if (chosen != NULL)
    g_ptr_array_add (self->chosen, g_canonicalize_filename (chosen, NULL));
  cwb_runs_view_reload (self);
  return GTK_WIDGET (self);
}

void
cwb_runs_view_reload (CwbRunsView *self)
{
  Request *request;

  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  request = g_new0 (Request, 1);
  request->folder = g_strdup (self->folder);
  /* All that are chosen are listed, wherever they are. */
  request->more = g_new0 (char *, self->chosen->len + 1);
  for (guint i = 0; i < self->chosen->len; i++)
    request->more[i] = g_strdup (self->chosen->pdata[i]);
  cwb_task_clear (&self->listing);
  self->listing = cwb_task_start (&list_class, self, request);
  show_placeholder (self);
}

void
cwb_runs_view_add (CwbRunsView *self, const char *folder)
{
  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  cwb_runs_view_choose (self, folder, TRUE);
  cwb_runs_view_reload (self);
}

void
cwb_runs_view_choose (CwbRunsView *self, const char *folder, gboolean chosen)
{
  g_autofree char *path = NULL;
  GObject *row;

  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  path = g_canonicalize_filename (folder, NULL);
  row = g_hash_table_lookup (self->rows, path);
  if (row != NULL)
    gtk_check_button_set_active (g_object_get_data (row, "check"), chosen);
  else
    set_chosen (self, path, chosen);
}

gboolean
cwb_runs_view_get_busy (CwbRunsView *self)
{
  g_return_val_if_fail (CWB_IS_RUNS_VIEW (self), FALSE);

  return self->listing != NULL || self->comparing != NULL
         || cwb_curves_view_get_busy (self->curves);
}

const CwComparison *
cwb_runs_view_get_comparison (CwbRunsView *self)
{
  g_return_val_if_fail (CWB_IS_RUNS_VIEW (self), NULL);

  return self->comparison;
}
