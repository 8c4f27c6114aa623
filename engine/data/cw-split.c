/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-split.h"

#include "base/cw-error.h"
#include "base/cw-rng.h"

GArray *
cw_split_select (CwDataset *dataset, CwSplit split)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      if (split == CW_SPLIT_NONE || cw_dataset_get_item (dataset, i)->split == split)
        g_array_append_val (items, i);
    }
  return items;
}

static guint
count_labelled (CwDataset *dataset, CwSplit split)
{
  guint n = 0;

  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      n += item->label >= 0 && item->split == split;
    }
  return n;
}

/* @scored[i] tells for item i whether it is on the scored side. */
static void
split_by_layout (CwDataset *dataset, CwSplit score, gboolean *scored, gboolean *used)
{
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      CwSplit split = cw_dataset_get_item (dataset, i)->split;

      scored[i] = split == score;
      used[i] = split == score || split == CW_SPLIT_TRAIN;
    }
}

static guint32 *
shuffled (guint n, guint64 seed, guint32 stream)
{
  guint32 *order = g_new (guint32, MAX (n, 1));
  CwRng rng = cw_rng_new (seed, CW_RNG_SPLIT, 0, 0, stream, 0);

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  cw_rng_shuffle (&rng, order, n);
  return order;
}

/* A third of the persons. */
static void
split_by_subject (CwDataset *dataset, guint64 seed, gboolean *scored, gboolean *used)
{
  guint n = cw_dataset_get_n_subjects (dataset);
  g_autofree guint32 *order = shuffled (n, seed, 0);
  g_autofree gboolean *chosen = g_new0 (gboolean, n);

  for (guint i = 0; i < MAX (n / 3, 1); i++)
    chosen[order[i]] = TRUE;
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      int subject = cw_dataset_get_item (dataset, i)->subject;

      used[i] = subject >= 0;
      scored[i] = used[i] && chosen[subject];
    }
}

/* A third of each class. */
static void
split_by_class (CwDataset *dataset, guint64 seed, gboolean *scored, gboolean *used)
{
  guint n = cw_dataset_get_n_items (dataset);
  g_autofree guint32 *order = shuffled (n, seed, 1);
  g_autofree guint *seen = g_new0 (guint, MAX (cw_dataset_get_n_labels (dataset), 1));

  for (guint i = 0; i < n; i++)
    {
      int label = cw_dataset_get_item (dataset, order[i])->label;

      used[order[i]] = TRUE;
      scored[order[i]] = label >= 0 && seen[label]++ % 3 == 0;
    }
}

gboolean
cw_split_fit_score (CwDataset *dataset, guint64 seed, GArray **fit, GArray **score,
                    const char **how, GError **error)
{
  guint n = cw_dataset_get_n_items (dataset), n_classes = 0;
  g_autofree gboolean *scored = g_new0 (gboolean, MAX (n, 1));
  g_autofree gboolean *used = g_new0 (gboolean, MAX (n, 1));
  g_autofree gboolean *seen = g_new0 (gboolean, MAX (cw_dataset_get_n_labels (dataset), 1));
  g_autoptr (GArray) fit_items = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) score_items = g_array_new (FALSE, FALSE, sizeof (guint32));
  const char *rule;

  if (count_labelled (dataset, CW_SPLIT_TRAIN) > 0 && count_labelled (dataset, CW_SPLIT_VALID) > 0)
    {
      split_by_layout (dataset, CW_SPLIT_VALID, scored, used);
      rule = "the layout's own split: train against valid";
    }
  else if (count_labelled (dataset, CW_SPLIT_TRAIN) > 0
           && count_labelled (dataset, CW_SPLIT_TEST) > 0)
    {
      split_by_layout (dataset, CW_SPLIT_TEST, scored, used);
      rule = "the layout's own split: train against test";
    }
  else if (cw_dataset_get_n_subjects (dataset) >= 3)
    {
      split_by_subject (dataset, seed, scored, used);
      rule = "by subject: a third of the persons is scored";
    }
  else
    {
      split_by_class (dataset, seed, scored, used);
      rule = "at random: a third of each class is scored";
    }

  for (guint32 i = 0; i < n; i++)
    {
      int label = cw_dataset_get_item (dataset, i)->label;

      if (!used[i] || label < 0)
        continue;
      n_classes += !seen[label];
      seen[label] = TRUE;
      if (scored[i])
        g_array_append_val (score_items, i);
      else
        g_array_append_val (fit_items, i);
    }
  if (n_classes < 2 || fit_items->len == 0 || score_items->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "%s: scoring needs labelled pictures of at least two classes on both sides of the "
                   "split (%u to fit on, %u to score, %u classes)",
                   cw_dataset_get_location (dataset), fit_items->len, score_items->len, n_classes);
      return FALSE;
    }
  *fit = g_steal_pointer (&fit_items);
  *score = g_steal_pointer (&score_items);
  *how = rule;
  return TRUE;
}
