/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-row.h"

struct _CwbRow
{
  GObject parent_instance;

  char *title, *detail;
  guint value;
};

G_DEFINE_FINAL_TYPE (CwbRow, cwb_row, G_TYPE_OBJECT)

static void
cwb_row_finalize (GObject *object)
{
  CwbRow *self = CWB_ROW (object);

  g_free (self->title);
  g_free (self->detail);
  G_OBJECT_CLASS (cwb_row_parent_class)->finalize (object);
}

static void
cwb_row_class_init (CwbRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cwb_row_finalize;
}

static void
cwb_row_init (CwbRow *self)
{
}

CwbRow *
cwb_row_new (const char *title, const char *detail, guint value)
{
  CwbRow *self = g_object_new (CWB_TYPE_ROW, NULL);

  self->title = g_strdup (title);
  self->detail = g_strdup (detail);
  self->value = value;
  return self;
}

const char *
cwb_row_get_title (CwbRow *self)
{
  g_return_val_if_fail (CWB_IS_ROW (self), NULL);
  return self->title;
}

const char *
cwb_row_get_detail (CwbRow *self)
{
  g_return_val_if_fail (CWB_IS_ROW (self), NULL);
  return self->detail;
}

guint
cwb_row_get_value (CwbRow *self)
{
  g_return_val_if_fail (CWB_IS_ROW (self), 0);
  return self->value;
}

/* ---- factory ---- */

static void
setup (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  gboolean below = GPOINTER_TO_INT (user_data) == CWB_ROW_BELOW;
  GtkWidget *box = gtk_box_new (below ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL,
                                below ? 0 : 12);
  GtkWidget *title = gtk_label_new (NULL), *detail = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (detail, below ? "caption" : "numeric");
  gtk_widget_add_css_class (detail, "dim-label");
  if (below)
    {
      gtk_label_set_xalign (GTK_LABEL (detail), 0);
      gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
    }
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_list_item_set_child (list_item, box);
}

static void
bind (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  CwbRow *row = gtk_list_item_get_item (list_item);
  GtkWidget *box = gtk_list_item_get_child (list_item);
  g_autofree char *text = g_strdup_printf ("%s: %s", row->title, row->detail);

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (box)), row->title);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)), row->detail);
  gtk_widget_set_tooltip_text (box, GPOINTER_TO_INT (user_data) == CWB_ROW_BELOW ? text : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (box)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

GtkListItemFactory *
cwb_row_factory_new (CwbRowStyle style)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup), GINT_TO_POINTER (style));
  g_signal_connect (factory, "bind", G_CALLBACK (bind), GINT_TO_POINTER (style));
  return factory;
}
