/* SPDX-License-Identifier: MIT */
#pragma once

#include "models/cwb-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CWB_TYPE_ITEM_MODEL (cwb_item_model_get_type ())
G_DECLARE_FINAL_TYPE (CwbItemModel, cwb_item_model, CWB, ITEM_MODEL, GObject)

/* For either part of a filter. */
#define CWB_ANY (-2)

/**
 * CwbItemModel:
 *
 * A GListModel of CwbItem over a dataset, or a part of it. Objects are made when they are asked for
 * and stay the same ones, also across filters; the model itself is an array of indices, so that a
 * filter over tens of thousands of items takes no time.
 */
CwbItemModel *cwb_item_model_new (CwDataset *dataset);
CwDataset    *cwb_item_model_get_dataset (CwbItemModel *self);
/* @label: index of a class, -1 = those without, CWB_ANY; @split: a CwSplit or CWB_ANY. */
void          cwb_item_model_set_filter (CwbItemModel *self, int label, int split);
/* Whether such a filter leaves the item. */
gboolean      cwb_item_model_has (CwDataset *dataset, guint index, int label, int split);
/* These items in this order, instead of a filter. */
void          cwb_item_model_set_indices (CwbItemModel *self, const guint32 *indices, guint n);
/* Where the item of the dataset's @index is; G_MAXUINT where it is not. */
guint         cwb_item_model_find (CwbItemModel *self, guint index);

G_END_DECLS
