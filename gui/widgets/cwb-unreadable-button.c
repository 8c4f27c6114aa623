/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-widgets"

#include "config.h"

#include "widgets/cwb-unreadable-button.h"

#include "models/cwb-row.h"

#include <glib/gi18n.h>
#include <string.h>

struct _CwbUnreadableButton
{
  AdwBin parent_instance;

  CwRun *run;       /* (nullable) */
  GListStore *rows; /* CwbRow */

  GtkMenuButton *button;
  AdwButtonContent *content;
  GtkListView *view;
};

G_DEFINE_FINAL_TYPE (CwbUnreadableButton, cwb_unreadable_button, ADW_TYPE_BIN)

/* "NAME: why" as a row. */
static CwbRow *
make_row (const char *line, guint number)
{
  const char *colon = strstr (line, ": ");
  g_autofree char *name = g_strndup (line, colon != NULL ? (gsize) (colon - line) : strlen (line));

  return cwb_row_new (name, colon != NULL ? colon + 2 : "", number);
}

static void
add_rows (CwbUnreadableButton *self, guint known)
{
  g_autoptr (GPtrArray) lines = cw_run_dup_unreadable (self->run, known);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < lines->len; i++)
    g_ptr_array_add (rows, make_row (lines->pdata[i], known + i));
  g_list_store_splice (self->rows, known, 0, rows->pdata, rows->len);
}

void
cwb_unreadable_button_update (CwbUnreadableButton *self)
{
  g_autofree char *text = NULL;
  guint known, n;

  g_return_if_fail (CWB_IS_UNREADABLE_BUTTON (self));

  known = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  n = self->run != NULL ? cw_run_get_n_unreadable (self->run) : 0;
  if (n > known)
    add_rows (self, known);
  text = g_strdup_printf (ngettext ("%'u picture could not be read",
                                    "%'u pictures could not be read", n), n);
  adw_button_content_set_label (self->content, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

void
cwb_unreadable_button_set_run (CwbUnreadableButton *self, CwRun *run)
{
  g_return_if_fail (CWB_IS_UNREADABLE_BUTTON (self));

  g_set_object (&self->run, run);
  g_list_store_remove_all (self->rows);
  cwb_unreadable_button_update (self);
}

static void
cwb_unreadable_button_dispose (GObject *object)
{
  CwbUnreadableButton *self = CWB_UNREADABLE_BUTTON (object);

  g_clear_object (&self->run);
  g_clear_object (&self->rows);
  /* The template's one child that is bound is the bin's, which lets go of it. */
  G_OBJECT_CLASS (cwb_unreadable_button_parent_class)->dispose (object);
}

static void
cwb_unreadable_button_class_init (CwbUnreadableButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cwb_unreadable_button_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/contrawarp/Workbench/ui/cwb-unreadable-button.ui");
  gtk_widget_class_bind_template_child (widget_class, CwbUnreadableButton, button);
  gtk_widget_class_bind_template_child (widget_class, CwbUnreadableButton, content);
  gtk_widget_class_bind_template_child (widget_class, CwbUnreadableButton, view);
}

static void
cwb_unreadable_button_init (CwbUnreadableButton *self)
{
  g_autoptr (GtkListItemFactory) factory = cwb_row_factory_new (CWB_ROW_BELOW);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_list_store_new (CWB_TYPE_ROW);
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (gtk_no_selection_new (
                                           G_LIST_MODEL (g_object_ref (self->rows)))));
}
