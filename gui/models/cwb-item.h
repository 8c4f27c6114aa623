/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

#define CWB_TYPE_ITEM (cwb_item_get_type ())
G_DECLARE_FINAL_TYPE (CwbItem, cwb_item, CWB, ITEM, GObject)

/**
 * CwbItem:
 *
 * One picture of a dataset, as lists need it: an object. Properties "index", "name", "label",
 * "subject" (NULL where unknown), read from the dataset when they are asked for.
 */
CwbItem    *cwb_item_new (CwDataset *dataset, guint index);
CwDataset  *cwb_item_get_dataset (CwbItem *self);
guint       cwb_item_get_index (CwbItem *self);

G_END_DECLS
