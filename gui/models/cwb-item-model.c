/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-item-model.h"

struct _CwbItemModel
{
  GObject parent_instance;

  CwDataset *dataset;
  CwbItem **items; /* by dataset index; NULL = not made yet */
  guint32 *shown;  /* [n_shown]: dataset indices, room for n_room */
  guint n_shown, n_room;
};

static void cwb_item_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CwbItemModel, cwb_item_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      cwb_item_model_list_model_init))

static GType
cwb_item_model_get_item_type (GListModel *model)
{
  return CWB_TYPE_ITEM;
}

static guint
cwb_item_model_get_n_items (GListModel *model)
{
  return CWB_ITEM_MODEL (model)->n_shown;
}

static gpointer
cwb_item_model_get_item (GListModel *model, guint position)
{
  CwbItemModel *self = CWB_ITEM_MODEL (model);
  guint index;

  if (position >= self->n_shown)
    return NULL;
  index = self->shown[position];
  if (self->items[index] == NULL)
    self->items[index] = cwb_item_new (self->dataset, index);
  return g_object_ref (self->items[index]);
}

static void
cwb_item_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = cwb_item_model_get_item_type;
  iface->get_n_items = cwb_item_model_get_n_items;
  iface->get_item = cwb_item_model_get_item;
}

static void
cwb_item_model_finalize (GObject *object)
{
  CwbItemModel *self = CWB_ITEM_MODEL (object);
  guint n = cw_dataset_get_n_items (self->dataset);

  for (guint i = 0; i < n; i++)
    g_clear_object (&self->items[i]);
  g_free (self->items);
  g_free (self->shown);
  g_clear_object (&self->dataset);
  G_OBJECT_CLASS (cwb_item_model_parent_class)->finalize (object);
}

static void
cwb_item_model_class_init (CwbItemModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cwb_item_model_finalize;
}

static void
cwb_item_model_init (CwbItemModel *self)
{
}

CwbItemModel *
cwb_item_model_new (CwDataset *dataset)
{
  CwbItemModel *self = g_object_new (CWB_TYPE_ITEM_MODEL, NULL);
  guint n = cw_dataset_get_n_items (dataset);

  self->dataset = g_object_ref (dataset);
  self->items = g_new0 (CwbItem *, n);
  self->n_room = n;
  self->shown = g_new (guint32, n);
  self->n_shown = n;
  for (guint i = 0; i < n; i++)
    self->shown[i] = i;
  return self;
}

CwDataset *
cwb_item_model_get_dataset (CwbItemModel *self)
{
  g_return_val_if_fail (CWB_IS_ITEM_MODEL (self), NULL);
  return self->dataset;
}

gboolean
cwb_item_model_has (CwDataset *dataset, guint index, int label, int split)
{
  const CwItem *item = cw_dataset_get_item (dataset, index);

  return (label == CWB_ANY || item->label == label) && (split == CWB_ANY || (int) item->split == split);
}

void
cwb_item_model_set_filter (CwbItemModel *self, int label, int split)
{
  guint n_before, n;

  g_return_if_fail (CWB_IS_ITEM_MODEL (self));

  n = cw_dataset_get_n_items (self->dataset);
  if (self->n_room < n)
    {
      self->shown = g_renew (guint32, self->shown, n);
      self->n_room = n;
    }
  n_before = self->n_shown;
  self->n_shown = 0;
  for (guint i = 0; i < n; i++)
    {
      if (cwb_item_model_has (self->dataset, i, label, split))
        self->shown[self->n_shown++] = i;
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_shown);
}

void
cwb_item_model_set_indices (CwbItemModel *self, const guint32 *indices, guint n)
{
  guint n_before;

  g_return_if_fail (CWB_IS_ITEM_MODEL (self));

  n_before = self->n_shown;
  g_free (self->shown);
  self->shown = g_new (guint32, n);
  self->n_room = self->n_shown = n;
  for (guint i = 0; i < n; i++)
    self->shown[i] = indices[i];
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, n);
}

guint
cwb_item_model_find (CwbItemModel *self, guint index)
{
  g_return_val_if_fail (CWB_IS_ITEM_MODEL (self), G_MAXUINT);

  for (guint i = 0; i < self->n_shown; i++)
    {
      if (self->shown[i] == index)
        return i;
    }
  return G_MAXUINT;
}
