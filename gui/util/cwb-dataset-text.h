/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/* What people are told about datasets. All (transfer full), translated; NULL dataset gives NULL. */

/* "ictfaces", "Generated faces". */
char *cwb_dataset_dup_title (CwDataset *dataset);
/* "1,920 pictures · 8 classes · 60 persons · train 1,000 · valid 920". */
char *cwb_dataset_dup_summary (CwDataset *dataset);
/* The name of an item's class or person; NULL where it is not known. */
const char *cwb_dataset_get_item_label (CwDataset *dataset, guint index);
const char *cwb_dataset_get_item_subject (CwDataset *dataset, guint index);
/* "happiness, S017": for captions and for those who cannot see the picture. */
char *cwb_dataset_dup_item_text (CwDataset *dataset, guint index);
/* "train/fer0000012.png", then a line "happiness · S017 · train" with what of that is known. */
char *cwb_dataset_dup_item_details (CwDataset *dataset, guint index);

G_END_DECLS
