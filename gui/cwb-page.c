/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "cwb-page.h"

#include <glib/gi18n.h>

typedef struct
{
  CwbSession *session;
} CwbPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CwbPage, cwb_page, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* The child is found in the tree and not kept: so its template may go in any order. (An AdwBin keeps
 * it, and trips over gtk_widget_dispose_template() where the child is bound.) */
static void
set_child (CwbPage *self, GtkWidget *child)
{
  GtkWidget *old = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (old != NULL)
    gtk_widget_unparent (old);
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
cwb_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  CwbPage *self = CWB_PAGE (object);
  CwbPagePrivate *priv = cwb_page_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    case PROP_SESSION:
      if (g_set_object (&priv->session, g_value_get_object (value)) && priv->session != NULL
          && CWB_PAGE_GET_CLASS (self)->session_set != NULL)
        CWB_PAGE_GET_CLASS (self)->session_set (self, priv->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CwbPagePrivate *priv = cwb_page_get_instance_private (CWB_PAGE (object));

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, gtk_widget_get_first_child (GTK_WIDGET (object)));
      break;
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_page_dispose (GObject *object)
{
  set_child (CWB_PAGE (object), NULL);
  G_OBJECT_CLASS (cwb_page_parent_class)->dispose (object);
}

static void
cwb_page_finalize (GObject *object)
{
  CwbPagePrivate *priv = cwb_page_get_instance_private (CWB_PAGE (object));

  g_clear_object (&priv->session);
  G_OBJECT_CLASS (cwb_page_parent_class)->finalize (object);
}

static void
cwb_page_class_init (CwbPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = cwb_page_set_property;
  object_class->get_property = cwb_page_get_property;
  object_class->dispose = cwb_page_dispose;
  object_class->finalize = cwb_page_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, CWB_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cwb_page_init (CwbPage *self)
{
}

CwbSession *
cwb_page_get_session (CwbPage *self)
{
  CwbPagePrivate *priv = cwb_page_get_instance_private (self);

  g_return_val_if_fail (CWB_IS_PAGE (self), NULL);
  return priv->session;
}

GtkWindow *
cwb_page_open_window (CwbPage *self, const char *title, GtkWidget *child, int width, int height,
                      GtkWindow **place)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = adw_window_new ();

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_widget_set_vexpand (child, TRUE);
  gtk_box_append (GTK_BOX (box), child);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  /* The program's keys are the window's too: to close it, to quit. */
  gtk_window_set_application (GTK_WINDOW (window), gtk_window_get_application (parent));
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  g_set_weak_pointer (place, GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
  return GTK_WINDOW (window);
}

void
cwb_page_offer_newer (GtkWidget *bar, GtkLabel *label, const CwbEncoder *kept,
                      const CwbEncoder *newest)
{
  gboolean newer = kept != NULL && newest != NULL && !cwb_encoder_equal (kept, newest);
  /* Translators: %s is a model, such as "my-run, step 120" */
  g_autofree char *text = newer ? g_strdup_printf (_ ("Newer model: %s"), newest->name) : NULL;

  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (bar, newer);
}

void
cwb_page_describe (AdwStatusPage *status, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_description (status, markup);
}
