/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "cwb-page.h"

typedef struct
{
  CwbSession *session;
} CwbPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (CwbPage, cwb_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
cwb_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  CwbPage *self = CWB_PAGE (object);
  CwbPagePrivate *priv = cwb_page_get_instance_private (self);

  switch (prop_id)
    {
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
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
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
  object_class->finalize = cwb_page_finalize;
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
