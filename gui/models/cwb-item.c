/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-item.h"

#include "util/cwb-dataset-text.h"

struct _CwbItem
{
  GObject parent_instance;

  CwDataset *dataset;
  guint index;
};

G_DEFINE_FINAL_TYPE (CwbItem, cwb_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_INDEX,
  PROP_NAME,
  PROP_LABEL,
  PROP_SUBJECT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
cwb_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  CwbItem *self = CWB_ITEM (object);

  switch (prop_id)
    {
    case PROP_INDEX:
      g_value_set_uint (value, self->index);
      break;
    case PROP_NAME:
      g_value_set_string (value, cw_dataset_get_item (self->dataset, self->index)->name);
      break;
    case PROP_LABEL:
      g_value_set_string (value, cwb_dataset_get_item_label (self->dataset, self->index));
      break;
    case PROP_SUBJECT:
      g_value_set_string (value, cwb_dataset_get_item_subject (self->dataset, self->index));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
cwb_item_finalize (GObject *object)
{
  CwbItem *self = CWB_ITEM (object);

  g_clear_object (&self->dataset);
  G_OBJECT_CLASS (cwb_item_parent_class)->finalize (object);
}

static void
cwb_item_class_init (CwbItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = cwb_item_get_property;
  object_class->finalize = cwb_item_finalize;
  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cwb_item_init (CwbItem *self)
{
}

CwbItem *
cwb_item_new (CwDataset *dataset, guint index)
{
  CwbItem *self;

  g_return_val_if_fail (index < cw_dataset_get_n_items (dataset), NULL);

  self = g_object_new (CWB_TYPE_ITEM, NULL);
  self->dataset = g_object_ref (dataset);
  self->index = index;
  return self;
}

CwDataset *
cwb_item_get_dataset (CwbItem *self)
{
  g_return_val_if_fail (CWB_IS_ITEM (self), NULL);
  return self->dataset;
}

guint
cwb_item_get_index (CwbItem *self)
{
  g_return_val_if_fail (CWB_IS_ITEM (self), G_MAXUINT);
  return self->index;
}
