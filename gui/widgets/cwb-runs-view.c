/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-runs-view.h"

#include "models/cwb-score-text.h"
#include "models/cwb-runs.h"
#include "util/cwb-scroll.h"
#include "util/cwb-settings.h"
#include "util/cwb-task.h"
#include "widgets/cwb-comparison-tables.h"
#include "widgets/cwb-curves-view.h"
#include "widgets/cwb-score-choice.h"

#include <glib/gi18n.h>
#include <string.h>

#define SETTING "compared-runs"
#define MOST_ADDED 200
#define NAME_CHARS 20 /* of a condition, in the list of them */

struct _CwbRunsView
{
  AdwBin parent_instance;

  char *folder;
  GPtrArray *chosen;       /* folders, in the order of choosing: the first is what the others are held against */
  GPtrArray *added;        /* folders of runs elsewhere that are to be there the next time, too */
  GPtrArray *pending;      /* folders that were given, in which runs are looked for */
  GHashTable *rows;        /* folder -> AdwActionRow */
  int n_elsewhere;         /* of the rows, the first ones */
  char *reference;         /* (nullable): a run of the condition that the others are held against */
  char *remark;            /* (nullable): on what was added last */
  gboolean busy;           /* several are being chosen, or what is chosen is being filled in */
  CwbTask *listing;        /* (nullable) */
  CwbTask *comparing;      /* (nullable) */
  CwComparison *comparison; /* (nullable): that is shown */
  char *shown;             /* (nullable): what there is to see of it */
  gulong active_id;        /* of the window's */
  GtkEventController *keys; /* (nullable): the window's */
  GtkFileChooserNative *chooser;

  GtkEditable *search;
  GtkListBox *list;
  GtkLabel *list_label, *status;
  GtkWidget *choices, *reference_box;
  CwbScoreChoice *scores;
  GtkDropDown *reference_drop;
  CwbComparisonTables *tables;
  CwbCurvesView *curves;
};

G_DEFINE_FINAL_TYPE (CwbRunsView, cwb_runs_view, ADW_TYPE_BIN)

static guint opened_signal;

/* ---- state ---- */

static void
update (CwbRunsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "runs.copy", self->comparison != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *gtk_label_get_text (self->status) != '\0');
}

/* @text, and what was to be said of what was added. */
static void
set_status (CwbRunsView *self, const char *text)
{
  g_autofree char *both = self->remark != NULL ? g_strconcat (self->remark, *text != '\0' ? "\n" : "", text, NULL)
                                               : g_strdup (text);
  g_autofree char *valid = g_utf8_make_valid (both, -1);

  gtk_label_set_text (self->status, valid);
  update (self);
}

/* ---- comparing ---- */

static gboolean
is_shown (const CwComparedScore *score, gpointer self)
{
  return cwb_score_choice_shows (CWB_RUNS_VIEW (self)->scores, score);
}

static void
fill_tables (CwbRunsView *self)
{
  const CwComparison *c = self->comparison;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint r = 0; c != NULL && r < c->n_runs; r++)
    {
      GtkWidget *row = g_hash_table_lookup (self->rows, c->runs[r].folder);

      g_ptr_array_add (names, (gpointer) adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
    }
  cwb_comparison_tables_set (self->tables, c, (const char *const *) names->pdata, is_shown, self);
}

static void
fill_reference (CwbRunsView *self)
{
  const CwComparison *c = self->comparison;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gboolean needed = c != NULL && c->n_conditions > 1 && c->evaluations->len > 0;

  for (guint condition = 0; c != NULL && condition < c->n_conditions; condition++)
    gtk_string_list_take (names, cwb_score_text_dup_condition (c, condition, NAME_CHARS));
  self->busy = TRUE;
  gtk_drop_down_set_model (self->reference_drop, G_LIST_MODEL (names));
  if (c != NULL)
    gtk_drop_down_set_selected (self->reference_drop, c->reference);
  self->busy = FALSE;
  gtk_widget_set_visible (self->reference_box, needed);
  gtk_widget_set_visible (self->choices, c != NULL && c->evaluations->len > 0);
}

/* Once the user has taken another condition to hold the others against. */
static void
on_reference (CwbRunsView *self)
{
  CwComparison *c = self->comparison;
  guint condition = gtk_drop_down_get_selected (self->reference_drop);

  if (self->busy || c == NULL || condition >= c->n_conditions || condition == c->reference)
    return;
  for (guint r = c->n_runs; r > 0; r--)
    {
      if (c->runs[r - 1].condition != condition)
        continue;
      g_free (self->reference);
      self->reference = g_strdup (c->runs[r - 1].folder);
    }
  c->reference = condition;
  g_free (self->shown);
  self->shown = cw_comparison_to_text (c);
  fill_tables (self);
}

/* Takes @comparison, which may be NULL. Nothing moves under the eyes where nothing has changed. */
static void
show (CwbRunsView *self, CwComparison *comparison)
{
  g_autofree char *text = NULL;

  if (comparison != NULL)
    {
      /* That of the first run where the chosen one is not among them. */
      if (self->reference != NULL)
        cw_comparison_set_reference (comparison, self->reference, NULL);
      text = cw_comparison_to_text (comparison);
    }
  if (text != NULL && g_strcmp0 (text, self->shown) == 0)
    {
      cw_comparison_free (comparison);
      return;
    }

  cw_comparison_free (self->comparison);
  g_free (self->shown);
  self->comparison = comparison;
  self->shown = g_steal_pointer (&text);
  cwb_score_choice_set (self->scores, comparison);
  fill_reference (self);
  fill_tables (self);
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
  set_status (self, error != NULL ? error->message : notes != NULL ? notes : "");
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

      if (row != NULL && gtk_widget_get_sensitive (g_object_get_data (G_OBJECT (row), "check")))
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
  if (self->busy)
    return;
  g_clear_pointer (&self->remark, g_free);
  compare (self);
}

/* ---- runs from elsewhere ---- */

static void
load_added (CwbRunsView *self)
{
  g_autoptr (GVariant) value = cwb_settings_dup_value (SETTING);
  GVariantIter iter;
  const char *folder;

  if (value == NULL)
    return;
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "^&ay", &folder))
    g_ptr_array_add (self->added, g_strdup (folder));
}

static void
save_added (CwbRunsView *self)
{
  GVariantBuilder builder;

  while (self->added->len > MOST_ADDED)
    g_ptr_array_remove_index (self->added, 0);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; i < self->added->len; i++)
    g_variant_builder_add (&builder, "^ay", self->added->pdata[i]);
  cwb_settings_set_value (SETTING, g_variant_builder_end (&builder));
}

/* Those whose folder is not there now stay in the settings: it may be on a disk that comes back. */
static void
keep_added (CwbRunsView *self, const char *folder)
{
  if (g_ptr_array_find_with_equal_func (self->added, folder, g_str_equal, NULL))
    return;
  g_ptr_array_add (self->added, g_strdup (folder));
  save_added (self);
}

/* Nothing happens to the run itself. */
static void
on_remove (GtkButton *button, CwbRunsView *self)
{
  g_autofree char *folder = g_strdup (g_object_get_data (G_OBJECT (button), "folder"));
  GtkWidget *row = g_hash_table_lookup (self->rows, folder);
  guint index;

  set_chosen (self, folder, FALSE);
  if (g_ptr_array_find_with_equal_func (self->added, folder, g_str_equal, &index))
    {
      g_ptr_array_remove_index (self->added, index);
      save_added (self);
    }
  /* The tables have the titles of rows. */
  g_clear_pointer (&self->remark, g_free);
  show (self, NULL);
  self->n_elsewhere--;
  g_hash_table_remove (self->rows, folder);
  gtk_list_box_remove (self->list, row);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  compare (self);
}

static void
on_open (GtkButton *button, CwbRunsView *self)
{
  g_signal_emit (self, opened_signal, 0, g_object_get_data (G_OBJECT (button), "folder"));
}

static GtkWidget *
add_button (CwbRunsView *self, GtkWidget *row, const CwbRunSummary *run, const char *icon,
            const char *tooltip, const char *name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "folder", g_strdup (run->folder), g_free);
  g_signal_connect_object (button, "clicked", clicked, self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

static void
add_buttons (CwbRunsView *self, GtkWidget *row, const CwbRunSummary *run)
{
  g_autofree char *open = g_strdup_printf (_ ("Open %s"), run->name);
  g_autofree char *remove = g_strdup_printf (_ ("Remove %s From the List"), run->name);
  GtkWidget *button = add_button (self, row, run, "document-open-symbolic",
                                  _ ("Open: its curves, settings and encoder"), open,
                                  G_CALLBACK (on_open));

  g_object_set_data (G_OBJECT (row), "open", button);
  if (run->elsewhere)
    add_button (self, row, run, "window-close-symbolic",
                _ ("Remove from this list; the run itself stays"), remove, G_CALLBACK (on_remove));
}

/* ---- rows ---- */

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
  add_buttons (self, row, run);
  /* What was added is seen at once. */
  gtk_list_box_insert (self->list, row, run->elsewhere ? self->n_elsewhere++ : -1);
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
  /* Not the whole of it: what cannot be read can be removed. */
  gtk_widget_set_sensitive (g_object_get_data (G_OBJECT (row), "check"), run->readable);
  gtk_widget_set_sensitive (g_object_get_data (G_OBJECT (row), "open"), run->readable);
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

static gboolean
is_below (const char *path, const char *folder)
{
  return g_str_has_prefix (path, folder) && path[strlen (folder)] == G_DIR_SEPARATOR;
}

/* What was found in the folders that were given is chosen, and kept. */
static void
take_pending (CwbRunsView *self, const GPtrArray *runs)
{
  for (guint i = 0; i < self->pending->len; i++)
    {
      const char *given = self->pending->pdata[i];
      gboolean any = FALSE;

      for (guint r = 0; r < runs->len; r++)
        {
          const CwbRunSummary *run = runs->pdata[r];

          /* Several that were given may have the same run. */
          if (g_strcmp0 (run->origin, given) != 0 && !is_below (run->folder, given))
            continue;
          any = TRUE;
          cwb_runs_view_choose (self, run->folder, TRUE);
          if (run->elsewhere)
            keep_added (self, run->folder);
        }
      if (!any)
        {
          g_autofree char *path = g_filename_display_name (given);

          g_free (self->remark);
          self->remark = g_strdup_printf (_ ("There are no runs in %s."), path);
        }
    }
  g_ptr_array_set_size (self->pending, 0);
}

static void
list_done (gpointer owner, CwbTask *task, gpointer result, const GError *error)
{
  CwbRunsView *self = CWB_RUNS_VIEW (owner);
  g_autoptr (GPtrArray) runs = result;

  g_clear_pointer (&self->listing, cwb_task_unref);
  self->busy = TRUE;
  for (guint r = 0; runs != NULL && r < runs->len; r++)
    show_run (self, runs->pdata[r]);
  if (runs != NULL)
    take_pending (self, runs);
  self->busy = FALSE;
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

static gboolean
is_selectable (GtkListBoxRow *row)
{
  return gtk_widget_get_child_visible (GTK_WIDGET (row))
         && gtk_widget_get_sensitive (g_object_get_data (G_OBJECT (row), "check"));
}

/* All that the search leaves, or none of them. */
static void
select_all (CwbRunsView *self, gboolean chosen)
{
  GtkListBoxRow *row;

  self->busy = TRUE;
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (is_selectable (row))
        gtk_check_button_set_active (g_object_get_data (G_OBJECT (row), "check"), chosen);
    }
  self->busy = FALSE;
  g_clear_pointer (&self->remark, g_free);
  compare (self);
}

/* ---- actions ---- */

static void
select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  select_all (CWB_RUNS_VIEW (widget), TRUE);
}

static void
select_none_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  select_all (CWB_RUNS_VIEW (widget), FALSE);
}

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
    {
      self->active_id = g_signal_connect (root, "notify::is-active", G_CALLBACK (on_active), self);
      self->keys = cwb_scroll_page_keys_new (GTK_SCROLLED_WINDOW (adw_bin_get_child (ADW_BIN (self))));
      gtk_widget_add_controller (GTK_WIDGET (root), self->keys);
    }
}

static void
cwb_runs_view_unroot (GtkWidget *widget)
{
  CwbRunsView *self = CWB_RUNS_VIEW (widget);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));

  g_clear_signal_handler (&self->active_id, root);
  if (self->keys != NULL)
    gtk_widget_remove_controller (root, self->keys);
  self->keys = NULL;
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
  g_free (self->reference);
  g_free (self->remark);
  g_ptr_array_unref (self->chosen);
  g_ptr_array_unref (self->added);
  g_ptr_array_unref (self->pending);
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
  g_type_ensure (CWB_TYPE_SCORE_CHOICE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-runs-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, choices);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, scores);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, reference_box);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, reference_drop);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, search);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, list);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, list_label);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, status);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, tables);
  gtk_widget_class_bind_template_child (widget_class, CwbRunsView, curves);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_reference);
  gtk_widget_class_bind_template_callback (widget_class, fill_tables);
  opened_signal = g_signal_new ("run-opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "runs.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "runs.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "runs.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "runs.select-none", NULL, select_none_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "runs.add", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "runs.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "runs.select-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "runs.select-none", NULL);
}

static void
cwb_runs_view_init (CwbRunsView *self)
{
  self->chosen = g_ptr_array_new_with_free_func (g_free);
  self->added = g_ptr_array_new_with_free_func (g_free);
  self->pending = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, is_found, self, NULL);
  cwb_scroll_pass_on (GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (GTK_WIDGET (self->list), GTK_TYPE_SCROLLED_WINDOW)),
                      GTK_SCROLLED_WINDOW (adw_bin_get_child (ADW_BIN (self))));
  set_status (self, "");
}

GtkWidget *
cwb_runs_view_new (const char *folder, const char *chosen)
{
  CwbRunsView *self = g_object_new (CWB_TYPE_RUNS_VIEW, NULL);

  self->folder = g_strdup (folder);
  if (chosen != NULL)
    g_ptr_array_add (self->chosen, g_canonicalize_filename (chosen, NULL));
  load_added (self);
  cwb_runs_view_reload (self);
  return GTK_WIDGET (self);
}

static void
add_folders (GStrvBuilder *builder, const GPtrArray *folders)
{
  for (guint i = 0; i < folders->len; i++)
    g_strv_builder_add (builder, folders->pdata[i]);
}

void
cwb_runs_view_reload (CwbRunsView *self)
{
  g_autoptr (GStrvBuilder) more = NULL;
  Request *request;

  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  request = g_new0 (Request, 1);
  request->folder = g_strdup (self->folder);
  /* All that are chosen are listed, wherever they are. What was given comes first: what is found there is of it. */
  more = g_strv_builder_new ();
  add_folders (more, self->pending);
  add_folders (more, self->added);
  add_folders (more, self->chosen);
  request->more = g_strv_builder_end (more);
  cwb_task_clear (&self->listing);
  self->listing = cwb_task_start (&list_class, self, request);
  show_placeholder (self);
}

void
cwb_runs_view_add (CwbRunsView *self, const char *folder)
{
  g_return_if_fail (CWB_IS_RUNS_VIEW (self));

  g_clear_pointer (&self->remark, g_free);
  g_ptr_array_add (self->pending, g_canonicalize_filename (folder, NULL));
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
