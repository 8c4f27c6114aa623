/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-views-editor.h"

#include "models/cwb-history.h"
#include "widgets/cwb-step-list.h"
#include "widgets/cwb-warp-list.h"

#include <glib/gi18n.h>

/* Whoever rests this long has ended an edit: what follows is another one for undo. */
#define SEAL_MS 700

/* Views, pipeline, warp parameters, parameters of the steps. */
#define N_BLOCKS (3 + CW_PIPELINE_MAX_STEPS)

struct _CwbViewsEditor
{
  GtkWidget parent_instance;

  CwbSession *session; /* (nullable) */
  CwbHistory *history;
  gpointer blocks[N_BLOCKS]; /* what the fields write to */
  guint seal_id;
  GtkFileChooserNative *chooser;
  GtkWidget *box, *undo_button, *redo_button;
  GtkInfoBar *message;
  GtkLabel *message_label;
  CwbStepList *steps;
  CwbWarpList *warp;
};

G_DEFINE_FINAL_TYPE (CwbViewsEditor, cwb_views_editor, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  USE_REQUESTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *const sections[] = { "view", "warp", NULL };

static CwExperiment *
get_experiment (CwbViewsEditor *self)
{
  return cwb_session_get_experiment (self->session);
}

static CwViews *
get_views (CwbViewsEditor *self)
{
  return get_experiment (self)->recipe->views;
}

/* ---- what is shown ---- */

static void
list_blocks (const CwViews *views, gpointer *blocks)
{
  memset (blocks, 0, N_BLOCKS * sizeof *blocks);
  blocks[0] = (gpointer) views;
  blocks[1] = views->pipeline;
  blocks[2] = views->warp_params;
  for (int i = 0; i < views->pipeline->n_steps; i++)
    blocks[3 + i] = views->pipeline->steps[i].params;
}

static void
show_button (GtkWidget *button, const char *action, const char *name, const char *label,
             const char *keys)
{
  /* Translators: Undo or Redo, what, the keys */
  g_autofree char *text = label != NULL ? g_strdup_printf (_ ("%s: %s (%s)"), name, label, keys)
                                        : g_strdup_printf ("%s (%s)", name, keys);
  GtkWidget *editor = gtk_widget_get_ancestor (button, CWB_TYPE_VIEWS_EDITOR);

  if (g_strcmp0 (gtk_widget_get_tooltip_text (button), text) != 0)
    gtk_widget_set_tooltip_text (button, text);
  gtk_widget_action_set_enabled (editor, action, label != NULL);
}

/* After any change: remarks, and what can be undone. */
static void
refresh (CwbViewsEditor *self)
{
  g_autoptr (GPtrArray) remarks = cw_experiment_list_remarks (get_experiment (self));

  list_blocks (get_views (self), self->blocks);
  cwb_step_list_set_remarks (self->steps, remarks);
  cwb_warp_list_set_remarks (self->warp, remarks);
  show_button (self->undo_button, "views.undo", _ ("Undo"),
               cwb_history_get_undo_label (self->history), _ ("Ctrl+Z"));
  show_button (self->redo_button, "views.redo", _ ("Redo"),
               cwb_history_get_redo_label (self->history), _ ("Ctrl+Shift+Z"));
}

/* Fields go before the blocks that they write to. */
static void
take_down (CwbViewsEditor *self)
{
  cwb_step_list_set_views (self->steps, NULL);
  cwb_warp_list_set_recipe (self->warp, NULL);
}

static void
build (CwbViewsEditor *self)
{
  cwb_step_list_set_views (self->steps, get_views (self));
  cwb_warp_list_set_recipe (self->warp, get_experiment (self)->recipe);
  refresh (self);
}

static void
show_message (CwbViewsEditor *self, GtkMessageType type, const char *text)
{
  gtk_info_bar_set_message_type (self->message, type);
  gtk_label_set_text (self->message_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->message), TRUE);
}

static void
hide_message (CwbViewsEditor *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->message), FALSE);
}

/* ---- edits ---- */

static gboolean
seal (gpointer data)
{
  CwbViewsEditor *self = data;

  self->seal_id = 0;
  cwb_history_seal (self->history);
  return G_SOURCE_REMOVE;
}

/* The views were edited, the fields show it. */
static void
record (CwbViewsEditor *self, const char *label, const char *key)
{
  cwb_history_record (self->history, get_views (self), label, key);
  g_clear_handle_id (&self->seal_id, g_source_remove);
  self->seal_id = g_timeout_add (SEAL_MS, seal, self);
  hide_message (self);
  refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_edited (GtkWidget *list, const char *label, const char *key, CwbViewsEditor *self)
{
  record (self, label, key);
}

/* Changes places with a copy of @state; where @views is itself stays. */
static void
put_views (CwViews *views, const CwViews *state)
{
  CwViews *copy = cw_views_copy (state), old = *views;

  *views = *copy;
  *copy = old;
  cw_views_free (copy);
}

static void
go_back_or_on (CwbViewsEditor *self, const CwViews *(*go) (CwbHistory *))
{
  const CwViews *state;

  if (self->session == NULL)
    return;
  take_down (self);
  state = go (self->history);
  if (state != NULL)
    put_views (get_views (self), state);
  hide_message (self);
  build (self);
  if (state != NULL)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* Also called for edits that were made here; then there is nothing to do. */
static void
on_experiment_changed (CwbViewsEditor *self)
{
  gpointer blocks[N_BLOCKS];

  list_blocks (get_views (self), blocks);
  if (memcmp (blocks, self->blocks, sizeof blocks) == 0
      && cw_views_equal (get_views (self), cwb_history_get_views (self->history)))
    {
      refresh (self);
      return;
    }
  take_down (self);
  cwb_history_record (self->history, get_views (self), _ ("Change on another page"), NULL);
  build (self);
}

/* ---- text and files ---- */

gboolean
cwb_views_editor_apply (CwbViewsEditor *self, const char *text, const char *name, GError **error)
{
  g_autoptr (CwExperiment) copy = NULL;
  g_autofree char *part = NULL, *label = NULL;

  g_return_val_if_fail (CWB_IS_VIEWS_EDITOR (self) && self->session != NULL, FALSE);

  /* All of it must be right, and only these sections are taken. */
  copy = cw_experiment_copy (get_experiment (self));
  if (!cw_experiment_apply_text (copy, text, name, error))
    return FALSE;
  take_down (self);
  put_views (get_views (self), copy->recipe->views);
  build (self);
  /* Translators: an edit that can be undone; a file's name */
  label = g_strdup_printf (_ ("Load “%s”"), name);
  record (self, label, NULL);
  return TRUE;
}

gboolean
cwb_views_editor_load (CwbViewsEditor *self, const char *path, GError **error)
{
  g_autofree char *text = NULL, *name = NULL;

  g_return_val_if_fail (CWB_IS_VIEWS_EDITOR (self), FALSE);

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  name = g_filename_display_basename (path);
  return cwb_views_editor_apply (self, text, name, error);
}

gboolean
cwb_views_editor_save (CwbViewsEditor *self, const char *path, GError **error)
{
  g_return_val_if_fail (CWB_IS_VIEWS_EDITOR (self) && self->session != NULL, FALSE);

  return cw_experiment_save_sections (get_experiment (self), sections, path, error);
}

void
cwb_views_editor_try_load (CwbViewsEditor *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (!cwb_views_editor_load (self, path, &error))
    show_message (self, GTK_MESSAGE_ERROR, error->message);
}

static void
try_save (CwbViewsEditor *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (!cwb_views_editor_save (self, path, &error))
    show_message (self, GTK_MESSAGE_ERROR, error->message);
}

static void
on_chosen (GtkNativeDialog *dialog, int response, CwbViewsEditor *self)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  gboolean saves = gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SAVE;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    (saves ? try_save : cwb_views_editor_try_load) (self, path);
  g_clear_object (&self->chooser);
}

static void
choose_file (CwbViewsEditor *self, GtkFileChooserAction action, const char *title,
             const char *button)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileFilter *filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               action, button, NULL);
  gtk_file_filter_set_name (filter, _ ("Experiments and parts of them"));
  gtk_file_filter_add_pattern (filter, "*.cwexp");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_object_unref (filter);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "views.cwexp");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- actions ---- */

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_back_or_on (CWB_VIEWS_EDITOR (widget), cwb_history_undo);
}

static void
redo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_back_or_on (CWB_VIEWS_EDITOR (widget), cwb_history_redo);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbViewsEditor *self = CWB_VIEWS_EDITOR (widget);
  g_autofree char *text = cw_experiment_section_to_string (get_experiment (self), sections);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  show_message (self, GTK_MESSAGE_INFO,
                _ ("Copied. The text can be pasted here and into any experiment’s file."));
}

static void
on_text (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (CwbViewsEditor) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, &error);

  /* The editor may have gone meanwhile. */
  if (self->session == NULL)
    return;
  if (error == NULL)
    cwb_views_editor_apply (self, text != NULL ? text : "", _ ("clipboard"), &error);
  if (error != NULL)
    show_message (self, GTK_MESSAGE_ERROR, error->message);
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, on_text,
                                 g_object_ref (widget));
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose_file (CWB_VIEWS_EDITOR (widget), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Save Views"),
               _ ("_Save"));
}

static void
load_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose_file (CWB_VIEWS_EDITOR (widget), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Load Views"),
               _ ("_Load"));
}

/* The size of the views stays: the encoder is made for it. */
static void
reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CwbViewsEditor *self = CWB_VIEWS_EDITOR (widget);
  g_autoptr (CwViews) fresh = NULL;

  fresh = cw_views_new (get_views (self)->preprocess.size);
  fresh->preprocess = get_views (self)->preprocess;
  take_down (self);
  put_views (get_views (self), fresh);
  build (self);
  record (self, _ ("Reset to defaults"), NULL);
}

static void
use_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[USE_REQUESTED], 0);
}

/* ---- object ---- */

static GtkWidget *
make_button (const char *icon, const char *action, const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return button;
}

static GtkWidget *
make_menu_button (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  GMenu *menu = g_menu_new (), *files = g_menu_new (), *rest = g_menu_new ();

  g_menu_append (files, _ ("_Copy as Text"), "views.copy-text");
  g_menu_append (files, _ ("_Paste Text"), "views.paste-text");
  g_menu_append (files, _ ("_Save Views…"), "views.save");
  g_menu_append (files, _ ("_Load Views…"), "views.load");
  g_menu_append (rest, _ ("_Reset to Defaults"), "views.reset");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (files));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rest));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_widget_set_tooltip_text (button, _ ("Copy, save, load or reset"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy, save, load or reset"), -1);
  g_object_unref (files);
  g_object_unref (rest);
  g_object_unref (menu);
  return button;
}

static GtkWidget *
make_toolbar (CwbViewsEditor *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *linked = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *use = gtk_button_new_with_mnemonic (_ ("_Use in New Run"));

  self->undo_button = make_button ("edit-undo-symbolic", "views.undo", _ ("Undo"));
  self->redo_button = make_button ("edit-redo-symbolic", "views.redo", _ ("Redo"));
  gtk_widget_add_css_class (linked, "linked");
  gtk_box_append (GTK_BOX (linked), self->undo_button);
  gtk_box_append (GTK_BOX (linked), self->redo_button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (use), "views.use-in-new-run");
  gtk_widget_set_tooltip_text (use, _ ("Go on to training with these views"));
  gtk_widget_set_hexpand (use, TRUE);
  gtk_widget_set_halign (use, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (bar), linked);
  gtk_box_append (GTK_BOX (bar), use);
  gtk_box_append (GTK_BOX (bar), make_menu_button ());
  return bar;
}

static GtkWidget *
make_message (CwbViewsEditor *self)
{
  self->message = GTK_INFO_BAR (gtk_info_bar_new ());
  self->message_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->message_label, TRUE);
  gtk_label_set_wrap_mode (self->message_label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->message_label, 0);
  gtk_label_set_selectable (self->message_label, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->message_label), TRUE);
  gtk_info_bar_add_child (self->message, GTK_WIDGET (self->message_label));
  gtk_info_bar_set_show_close_button (self->message, TRUE);
  g_signal_connect_swapped (self->message, "response", G_CALLBACK (hide_message), self);
  gtk_widget_set_visible (GTK_WIDGET (self->message), FALSE);
  return GTK_WIDGET (self->message);
}

static void
cwb_views_editor_dispose (GObject *object)
{
  CwbViewsEditor *self = CWB_VIEWS_EDITOR (object);

  g_clear_handle_id (&self->seal_id, g_source_remove);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);
  g_clear_pointer (&self->history, cwb_history_free);
  G_OBJECT_CLASS (cwb_views_editor_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "views.undo", undo_action },         { "views.redo", redo_action },
    { "views.copy-text", copy_action },    { "views.paste-text", paste_action },
    { "views.save", save_action },         { "views.load", load_action },
    { "views.reset", reset_action },       { "views.use-in-new-run", use_action },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
}

static void
cwb_views_editor_class_init (CwbViewsEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cwb_views_editor_dispose;
  signals[CHANGED] = g_signal_new ("changed", CWB_TYPE_VIEWS_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[USE_REQUESTED] = g_signal_new ("use-requested", CWB_TYPE_VIEWS_EDITOR, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  install_actions (GTK_WIDGET_CLASS (klass));
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
cwb_views_editor_init (CwbViewsEditor *self)
{
  GtkWidget *heading = gtk_label_new (_ ("Global Transforms"));

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  self->steps = CWB_STEP_LIST (cwb_step_list_new ());
  self->warp = CWB_WARP_LIST (cwb_warp_list_new ());
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_set_margin_top (heading, 6);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (self->box), make_toolbar (self));
  gtk_box_append (GTK_BOX (self->box), make_message (self));
  gtk_box_append (GTK_BOX (self->box), heading);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->steps));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->warp));
  g_signal_connect (self->steps, "edited", G_CALLBACK (on_edited), self);
  g_signal_connect (self->warp, "edited", G_CALLBACK (on_edited), self);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
cwb_views_editor_new (void)
{
  return g_object_new (CWB_TYPE_VIEWS_EDITOR, NULL);
}

void
cwb_views_editor_set_session (CwbViewsEditor *self, CwbSession *session)
{
  g_return_if_fail (CWB_IS_VIEWS_EDITOR (self));
  g_return_if_fail (self->session == NULL && session != NULL);

  self->session = g_object_ref (session);
  self->history = cwb_history_new (get_views (self));
  g_signal_connect_object (session, "experiment-changed", G_CALLBACK (on_experiment_changed), self,
                           G_CONNECT_SWAPPED);
  build (self);
}

const char *
cwb_views_editor_get_message (CwbViewsEditor *self)
{
  g_return_val_if_fail (CWB_IS_VIEWS_EDITOR (self), NULL);
  return gtk_widget_get_visible (GTK_WIDGET (self->message)) ? gtk_label_get_text (self->message_label)
                                                             : NULL;
}
