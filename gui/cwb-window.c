/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "cwb-window.h"

#include "cwb-application.h"
#include "cwb-page.h"
#include "models/cwb-runs.h"
#include "pages/cwb-browse-page.h"
#include "pages/cwb-data-page.h"
#include "pages/cwb-evaluate-page.h"
#include "pages/cwb-explore-page.h"
#include "pages/cwb-train-page.h"
#include "util/cwb-dataset-text.h"
#include "util/cwb-guide.h"
#include "util/cwb-message.h"
#include "util/cwb-recent.h"
#include "util/cwb-settings.h"

#include <glib/gi18n.h>

struct _CwbWindow
{
  AdwApplicationWindow parent_instance;

  CwbSession *session;
  GtkFileChooserNative *chooser; /* (nullable): GTK does not keep it alive */
  char *select_after; /* (nullable): item to choose once the dataset is there */
  char *last_error;   /* (nullable): the whole of it */

  guint reveal_id, draft_id;
  AdwViewSwitcherTitle *switcher_title;
  AdwViewSwitcherBar *switcher_bar;
  AdwToastOverlay *toast_overlay;
  AdwViewStack *stack;
  GMenu *recent_menu;
  CwbPage *data_page, *explore_page, *train_page, *evaluate_page, *browse_page;
};

G_DEFINE_FINAL_TYPE (CwbWindow, cwb_window, ADW_TYPE_APPLICATION_WINDOW)

static const char *const page_names[] = { "data", "explore", "train", "evaluate", "browse" };

/* ---- opening ---- */

/* What has no room in a toast can be asked for: from the toast, and later from the menu. */
static void
show_error (CwbWindow *self, const char *message)
{
  g_autofree char *text = cwb_message_dup_short (message);
  g_autofree char *title = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (title);

  g_free (self->last_error);
  self->last_error = g_utf8_make_valid (message, -1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.last-error", TRUE);
  if (!g_str_equal (text, self->last_error))
    {
      adw_toast_set_button_label (toast, _ ("Details"));
      adw_toast_set_action_name (toast, "win.last-error");
    }
  adw_toast_set_timeout (toast, 8);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

static void
show_last_error (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (widget), _ ("What Went Wrong"), NULL);
  GtkWidget *label = gtk_label_new (CWB_WINDOW (widget)->last_error);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), label);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_guide_shown (GObject *window, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* The window may have been closed meanwhile. */
  if (!gtk_show_uri_full_finish (GTK_WINDOW (window), result, &error)
      && CWB_WINDOW (window)->toast_overlay != NULL)
    {
      g_autofree char *message = g_strdup_printf ("%s: %s", (const char *) user_data, error->message);

      show_error (CWB_WINDOW (window), message);
    }
  g_free (user_data);
}

static void
show_guide (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *page = cwb_guide_dup_page ();
  g_autofree char *uri = g_filename_to_uri (page, NULL, NULL);

  gtk_show_uri_full (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME, NULL, on_guide_shown,
                     g_steal_pointer (&page));
}

static void
open_location (CwbWindow *self, const char *location, const char *reader, const char *options)
{
  g_clear_pointer (&self->select_after, g_free);
  adw_view_stack_set_visible_child_name (self->stack, "data");
  cwb_session_open_location (self->session, location, reader, options);
}

/* (transfer full) (nullable): a folder and a table are opened as they are, of a picture the folder
 * that it lies in; NULL where the file is not on this computer. */
static char *
dup_location (GFile *file)
{
  const char *path = g_file_peek_path (file);

  if (path == NULL)
    return NULL;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR) && cw_picture_has_extension (path))
    return g_path_get_dirname (path);
  return g_strdup (path);
}

static void
open_file (CwbWindow *self, GFile *file)
{
  g_autofree char *location = dup_location (file);

  if (location == NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);
      g_autofree char *message = g_strdup_printf (_ ("“%s” is not on this computer: copy it here first"),
                                                  uri);

      show_error (self, message);
      return;
    }
  open_location (self, location, NULL, NULL);
  if (!g_str_equal (location, g_file_peek_path (file)))
    self->select_after = g_file_get_basename (file);
}

static void
on_chosen (GtkNativeDialog *dialog, int response, CwbWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    open_file (self, file);
  g_clear_object (&self->chooser);
}

static void
choose (CwbWindow *self, const char *title, GtkFileChooserAction action)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, _ ("_Open"),
                                               _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
choose_folder (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (CWB_WINDOW (widget), _ ("Open a Folder of Faces"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
choose_file (GtkWidget *widget, const char *action, GVariant *parameter)
{
  choose (CWB_WINDOW (widget), _ ("Open a Table or a Picture"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
open_given (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_location (CWB_WINDOW (widget), g_variant_get_string (parameter, NULL), NULL, NULL);
}

static void
open_recent (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CwbWindow *self = CWB_WINDOW (widget);
  const char *location, *reader, *options;

  g_variant_get (parameter, "(&s&s&s)", &location, &reader, &options);
  open_location (self, location, reader, options);
}

static void
open_last_run (CwbWindow *self)
{
  g_autoptr (GVariant) value = cwb_settings_dup_value ("run");
  const char *folder = value != NULL ? g_variant_get_bytestring (value) : "";

  if (*folder != '\0')
    cwb_train_page_reopen_run (CWB_TRAIN_PAGE (self->train_page), folder);
}

void
cwb_window_open_last (CwbWindow *self)
{
  g_autoptr (GPtrArray) list = cwb_recent_list ();
  const CwbRecent *last = list->len > 0 ? list->pdata[0] : NULL;

  g_return_if_fail (CWB_IS_WINDOW (self));

  open_last_run (self);
  if (last != NULL)
    cwb_session_open_location (self->session, last->location, last->reader, last->options);
  else
    cwb_session_open_location (self->session, CWB_GENERATED_FACES, NULL, NULL);
}

static void
use_generated (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_location (CWB_WINDOW (widget), CWB_GENERATED_FACES, NULL, NULL);
}

static void
cancel_open (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cwb_session_cancel_open (CWB_WINDOW (widget)->session);
}

/* ---- dropping ---- */

static gboolean
lie_at (GSList *files, const char *location)
{
  for (GSList *l = files; l != NULL; l = l->next)
    {
      g_autofree char *own = dup_location (l->data);

      if (g_strcmp0 (own, location) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, CwbWindow *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autofree char *first = NULL;

  if (files == NULL)
    return FALSE;
  open_file (self, files->data);
  first = dup_location (files->data);
  if (first != NULL && !lie_at (files->next, first))
    {
      g_autofree char *message
          = g_strdup_printf (_ ("%s: the others are left out, one folder or table is open at a time"),
                             first);

      show_error (self, message);
    }
  return TRUE;
}

static void
on_current_drop_changed (GtkDropTarget *target, GParamSpec *pspec, CwbWindow *self)
{
  if (gtk_drop_target_get_current_drop (target) != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->toast_overlay), "drop-here");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->toast_overlay), "drop-here");
}

/* ---- narrow windows ---- */

static gboolean
reveal_bar (gpointer user_data)
{
  CwbWindow *self = user_data;

  self->reveal_id = 0;
  adw_view_switcher_bar_set_reveal (self->switcher_bar,
                                    adw_view_switcher_title_get_title_visible (self->switcher_title));
  return G_SOURCE_REMOVE;
}

/* Told while sizes are being given out; to change them then is too late for this frame, and without
 * animations GTK warns. */
static void
on_title_visible_changed (CwbWindow *self)
{
  if (self->reveal_id == 0)
    self->reveal_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, reveal_bar, self, NULL);
}

static void
add_drop_target (CwbWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, 0);
  g_signal_connect_object (target, "notify::current-drop", G_CALLBACK (on_current_drop_changed),
                           self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- the experiment, from one start of the program to the next ---- */

/* Many changes, of a slider that is dragged, are written once. */
#define DRAFT_SECONDS 2

static gboolean
save_draft (gpointer data)
{
  CwbWindow *self = data;
  g_autofree char *text = cw_experiment_to_string (cwb_session_get_experiment (self->session));

  self->draft_id = 0;
  cwb_settings_set_string ("experiment", text);
  return G_SOURCE_REMOVE;
}

static void
on_experiment_changed (CwbSession *session, CwbWindow *self)
{
  if (self->draft_id == 0)
    self->draft_id = g_timeout_add_seconds (DRAFT_SECONDS, save_draft, self);
}

static void
restore_draft (CwbWindow *self)
{
  g_autofree char *text = cwb_settings_dup_string ("experiment", "");
  g_autoptr (CwExperiment) experiment = NULL;
  g_autoptr (GError) error = NULL;

  if (*text == '\0')
    return;
  experiment = cw_experiment_parse (text, _ ("the settings of the last time"), &error);
  if (experiment != NULL)
    cwb_session_set_experiment (self->session, experiment);
  else
    show_error (self, error->message);
}

/* ---- session ---- */

static void
on_dataset_changed (CwbSession *session, GParamSpec *pspec, CwbWindow *self)
{
  CwDataset *dataset = cwb_session_get_dataset (session);
  g_autofree char *name = cwb_dataset_dup_title (dataset);
  g_autofree char *title = NULL;
  guint index;

  if (dataset == NULL)
    return;
  /* Translators: the title of the window: dataset, program */
  title = g_strdup_printf (_ ("%s — Contrawarp"), name);
  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_view_switcher_title_set_subtitle (self->switcher_title, name);
  cwb_recent_add (dataset, &cwb_session_get_experiment (session)->data);
  cwb_recent_fill_menu (self->recent_menu, "win.open-recent");
  if (self->select_after != NULL && cw_dataset_find (dataset, self->select_after, &index))
    cwb_session_set_selected (session, index);
  g_clear_pointer (&self->select_after, g_free);
}

static void
on_loading_changed (CwbSession *session, GParamSpec *pspec, CwbWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.cancel-open",
                                 cwb_session_get_loading (session));
}

static void
on_error (CwbSession *session, const char *message, CwbWindow *self)
{
  g_autofree char *open_error = cwb_session_dup_open_error (session);

  /* The Data page says it already. */
  if (cwb_session_get_dataset (session) == NULL && g_strcmp0 (message, open_error) == 0
      && g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "data") == 0)
    return;
  show_error (self, message);
}

static void
on_run_changed (CwbSession *session, GParamSpec *pspec, CwbWindow *self)
{
  CwRun *run = cwb_session_get_run (session);

  if (run != NULL)
    cwb_settings_set_value ("run", g_variant_new_bytestring (cw_run_get_folder (run)));
}

static void
follow_session (CwbWindow *self)
{
  CwbPage *pages[] = { self->data_page, self->explore_page, self->train_page, self->evaluate_page,
                       self->browse_page };

  g_signal_connect_object (self->session, "notify::dataset", G_CALLBACK (on_dataset_changed), self,
                           0);
  g_signal_connect_object (self->session, "notify::loading", G_CALLBACK (on_loading_changed), self,
                           0);
  g_signal_connect_object (self->session, "notify::run", G_CALLBACK (on_run_changed), self, 0);
  g_signal_connect_object (self->session, "error", G_CALLBACK (on_error), self, 0);
  restore_draft (self);
  g_signal_connect_object (self->session, "experiment-changed", G_CALLBACK (on_experiment_changed),
                           self, 0);
  on_loading_changed (self->session, NULL, self);
  for (size_t i = 0; i < G_N_ELEMENTS (pages); i++)
    g_object_set (pages[i], "session", self->session, NULL);
}

/* ---- training ---- */

/* @folder: of a run, a byte string */
static void
open_run (GtkWidget *widget, const char *action, GVariant *folder)
{
  CwbWindow *self = CWB_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (self));
  if (cwb_runs_is_active (cwb_session_get_run (self->session)))
    {
      show_error (self, _ ("A training is under way: stop it before another run is opened"));
      return;
    }
  adw_view_stack_set_visible_child_name (self->stack, "train");
  cwb_train_page_open_run (CWB_TRAIN_PAGE (self->train_page), g_variant_get_bytestring (folder));
}

/* ---- closing ---- */

static gboolean
destroy_window (gpointer self)
{
  gtk_window_destroy (self);
  return G_SOURCE_REMOVE;
}

/* Not from within a signal: what emits it, the dialog or the run, may hang from the window. */
static void
close_now (CwbWindow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, destroy_window, g_object_ref (self), g_object_unref);
}

static void
on_stopped (CwRun *run, GParamSpec *pspec, CwbWindow *self)
{
  if (!cwb_runs_is_active (cwb_session_get_run (self->session)))
    close_now (self);
}

static void
on_close_response (AdwMessageDialog *dialog, const char *response, CwbWindow *self)
{
  CwRun *run = cwb_session_get_run (self->session);

  if (g_str_equal (response, "cancel"))
    return;
  if (!cwb_runs_is_active (run))
    {
      close_now (self);
      return;
    }
  g_signal_connect_object (run, "notify::state", G_CALLBACK (on_stopped), self, 0);
  cw_run_stop (run);
}

/* Then there is nothing left to ask. */
static void
on_ended_while_asked (CwRun *run, GParamSpec *pspec, GtkWindow *dialog)
{
  GtkWindow *self = gtk_window_get_transient_for (dialog);

  /* An answered one may outlive its window. */
  if (self != NULL && !cwb_runs_is_active (run))
    gtk_window_close (dialog);
}

static gboolean
cwb_window_close_request (GtkWindow *window)
{
  CwbWindow *self = CWB_WINDOW (window);
  GtkWidget *dialog;

  if (!cwb_runs_is_active (cwb_session_get_run (self->session)))
    return GTK_WINDOW_CLASS (cwb_window_parent_class)->close_request (window);

  dialog = adw_message_dialog_new (window, _ ("Stop Training?"),
                                   _ ("A run is being trained. It is saved as it is and can be "
                                      "resumed later."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Keep Training"),
                                    "stop", _ ("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_response), self, 0);
  g_signal_connect_object (cwb_session_get_run (self->session), "notify::state",
                           G_CALLBACK (on_ended_while_asked), dialog, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

/* ---- object ---- */

static void
restore_settings (CwbWindow *self)
{
  g_autofree char *page = cwb_settings_dup_string ("page", "data");
  g_autoptr (GPropertyAction) action = g_property_action_new ("page", self->stack,
                                                              "visible-child-name");

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
  cwb_settings_bind ("window-width", self, "default-width");
  cwb_settings_bind ("window-height", self, "default-height");
  cwb_settings_bind ("window-maximized", self, "maximized");
  for (size_t i = 0; i < G_N_ELEMENTS (page_names); i++)
    {
      if (g_str_equal (page, page_names[i]))
        adw_view_stack_set_visible_child_name (self->stack, page);
    }
}

static void
on_page_changed (AdwViewStack *stack, GParamSpec *pspec, CwbWindow *self)
{
  const char *page = adw_view_stack_get_visible_child_name (stack);
  GtkWidget *child = adw_view_stack_get_visible_child (stack);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (page == NULL)
    return;
  cwb_settings_set_string ("page", page);
  /* The keyboard goes on where the eyes are. */
  if (focus == NULL || !gtk_widget_is_ancestor (focus, child))
    gtk_widget_child_focus (child, GTK_DIR_TAB_FORWARD);
}

static void
cwb_window_dispose (GObject *object)
{
  CwbWindow *self = CWB_WINDOW (object);

  g_clear_handle_id (&self->reveal_id, g_source_remove);
  if (self->draft_id != 0)
    {
      g_source_remove (self->draft_id);
      save_draft (self);
    }
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), CWB_TYPE_WINDOW);
  G_OBJECT_CLASS (cwb_window_parent_class)->dispose (object);
}

static void
cwb_window_finalize (GObject *object)
{
  CwbWindow *self = CWB_WINDOW (object);

  g_clear_object (&self->session);
  g_free (self->select_after);
  g_free (self->last_error);
  G_OBJECT_CLASS (cwb_window_parent_class)->finalize (object);
}

static void
cwb_window_class_init (CwbWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = cwb_window_dispose;
  object_class->finalize = cwb_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = cwb_window_close_request;

  g_type_ensure (CWB_TYPE_DATA_PAGE);
  g_type_ensure (CWB_TYPE_EXPLORE_PAGE);
  g_type_ensure (CWB_TYPE_TRAIN_PAGE);
  g_type_ensure (CWB_TYPE_EVALUATE_PAGE);
  g_type_ensure (CWB_TYPE_BROWSE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/contrawarp/Workbench/ui/cwb-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, switcher_bar);
  gtk_widget_class_bind_template_callback (widget_class, on_title_visible_changed);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, recent_menu);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, data_page);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, explore_page);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, train_page);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, evaluate_page);
  gtk_widget_class_bind_template_child (widget_class, CwbWindow, browse_page);

  gtk_widget_class_install_action (widget_class, "win.open-folder", NULL, choose_folder);
  gtk_widget_class_install_action (widget_class, "win.open-file", NULL, choose_file);
  gtk_widget_class_install_action (widget_class, "win.open-location", "s", open_given);
  gtk_widget_class_install_action (widget_class, "win.open-recent", "(sss)", open_recent);
  gtk_widget_class_install_action (widget_class, "win.open-run", "ay", open_run);
  gtk_widget_class_install_action (widget_class, "win.use-generated", NULL, use_generated);
  gtk_widget_class_install_action (widget_class, "win.cancel-open", NULL, cancel_open);
  gtk_widget_class_install_action (widget_class, "win.last-error", NULL, show_last_error);
  gtk_widget_class_install_action (widget_class, "win.guide", NULL, show_guide);
}

static void
cwb_window_init (CwbWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->session = cwb_session_new ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.last-error", FALSE);
  add_drop_target (self);
  follow_session (self);
  restore_settings (self);
  cwb_recent_fill_menu (self->recent_menu, "win.open-recent");
  g_signal_connect_object (self->stack, "notify::visible-child-name", G_CALLBACK (on_page_changed),
                           self, 0);
}

CwbWindow *
cwb_window_new (GtkApplication *application)
{
  return g_object_new (CWB_TYPE_WINDOW, "application", application, NULL);
}

CwbSession *
cwb_window_get_session (CwbWindow *self)
{
  g_return_val_if_fail (CWB_IS_WINDOW (self), NULL);
  return self->session;
}
