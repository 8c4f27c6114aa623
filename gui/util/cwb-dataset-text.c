/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-dataset-text.h"

#include <glib/gi18n.h>

char *
cwb_dataset_dup_title (CwDataset *dataset)
{
  const char *location;

  if (dataset == NULL)
    return NULL;
  location = cw_dataset_get_location (dataset);
  if (g_str_has_prefix (location, "generated:"))
    return g_strdup (_ ("Generated faces"));
  return g_path_get_basename (location);
}

char *
cwb_dataset_dup_summary (CwDataset *dataset)
{
  g_autoptr (GPtrArray) parts = NULL;
  guint n;

  if (dataset == NULL)
    return NULL;
  parts = g_ptr_array_new_with_free_func (g_free);
  n = cw_dataset_get_n_items (dataset);
  g_ptr_array_add (parts, g_strdup_printf (ngettext ("%'u picture", "%'u pictures", n), n));
  n = cw_dataset_get_n_labels (dataset);
  if (n > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%'u class", "%'u classes", n), n));
  n = cw_dataset_get_n_subjects (dataset);
  if (n > 0)
    g_ptr_array_add (parts, g_strdup_printf (ngettext ("%'u person", "%'u persons", n), n));
  for (int split = CW_SPLIT_TRAIN; split < CW_N_SPLITS; split++)
    {
      n = cw_dataset_count_split (dataset, (CwSplit) split);
      /* Translators: a split of the data ("train", "valid", "test") and how many pictures it has */
      if (n > 0)
        g_ptr_array_add (parts, g_strdup_printf (_ ("%s %'u"), cw_split_name ((CwSplit) split), n));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

const char *
cwb_dataset_get_item_label (CwDataset *dataset, guint index)
{
  int label = cw_dataset_get_item (dataset, index)->label;

  return label >= 0 ? cw_dataset_get_label (dataset, label) : NULL;
}

const char *
cwb_dataset_get_item_subject (CwDataset *dataset, guint index)
{
  int subject = cw_dataset_get_item (dataset, index)->subject;

  return subject >= 0 ? cw_dataset_get_subject (dataset, subject) : NULL;
}

char *
cwb_dataset_dup_item_text (CwDataset *dataset, guint index)
{
  const char *label = cwb_dataset_get_item_label (dataset, index);
  const char *subject = cwb_dataset_get_item_subject (dataset, index);

  if (label != NULL && subject != NULL)
    /* Translators: a face: its class, its person */
    return g_strdup_printf (_ ("%s, %s"), label, subject);
  if (label != NULL)
    return g_strdup (label);
  return g_path_get_basename (cw_dataset_get_item (dataset, index)->name);
}

char *
cwb_dataset_dup_item_details (CwDataset *dataset, guint index)
{
  const CwItem *item = cw_dataset_get_item (dataset, index);
  const char *label = cwb_dataset_get_item_label (dataset, index);
  const char *subject = cwb_dataset_get_item_subject (dataset, index);
  const char *known[4];
  g_autofree char *line = NULL;
  int n = 0;

  if (label != NULL)
    known[n++] = label;
  else if (cw_dataset_get_n_labels (dataset) > 0)
    known[n++] = _ ("no label");
  if (subject != NULL)
    known[n++] = subject;
  if (item->split != CW_SPLIT_NONE)
    known[n++] = cw_split_name (item->split);
  known[n] = NULL;
  line = g_strjoinv (" · ", (char **) known);
  return g_strdup_printf ("%s%s%s", item->name, n > 0 ? "\n" : "", line);
}
