/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-split.h"

#include "base/cw-error.h"
#include "base/cw-rng.h"
#include "data/cw-deal.h"

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

typedef enum
{
  SIDE_NEITHER,
  SIDE_FIT,
  SIDE_SCORE,
} Side;

static gboolean
has_labels (CwDataset *dataset)
{
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      if (cw_dataset_get_item (dataset, i)->label >= 0)
        return TRUE;
    }
  return FALSE;
}

/* What the sides are chosen by: pictures with a label, or, where there are none, all (@any). */
static gboolean
has_pictures (CwDataset *dataset, CwSplit split, gboolean any)
{
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      if ((any || item->label >= 0) && item->split == split)
        return TRUE;
    }
  return FALSE;
}

/* A third, rounded to the nearest: none of one, one of two. */
static guint
n_scored (guint n)
{
  return (n + 1) / 3;
}

static void
split_by_layout (CwDataset *dataset, CwSplit scored, guint8 *sides)
{
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      CwSplit split = cw_dataset_get_item (dataset, i)->split;

      sides[i] = split == scored ? SIDE_SCORE : split == CW_SPLIT_TRAIN ? SIDE_FIT : SIDE_NEITHER;
    }
}

/* (transfer full): guint32; the persons of whom there is a labelled picture, or with @any a picture.
 * *n_unknown: such pictures of nobody known. */
static GArray *
list_subjects (CwDataset *dataset, gboolean any, guint *n_known, guint *n_unknown)
{
  guint n = cw_dataset_get_n_subjects (dataset);
  g_autofree gboolean *seen = g_new0 (gboolean, MAX (n, 1));
  GArray *subjects = g_array_new (FALSE, FALSE, sizeof (guint32));

  *n_known = *n_unknown = 0;
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      if (!any && item->label < 0)
        continue;
      if (item->subject >= 0)
        {
          seen[item->subject] = TRUE;
          ++*n_known;
        }
      else
        ++*n_unknown;
    }
  for (guint32 i = 0; i < n; i++)
    {
      if (seen[i])
        g_array_append_val (subjects, i);
    }
  return subjects;
}

/* Pictures of nobody known may show anybody, so they are on neither side. */
static void
split_by_subject (CwDataset *dataset, GArray *subjects, guint64 seed, guint8 *sides)
{
  g_autofree guint8 *side_of
      = g_new0 (guint8, MAX (cw_dataset_get_n_subjects (dataset), 1));
  CwRng rng = cw_rng_new (seed, CW_RNG_SPLIT, 0, 0, 0, 0);

  cw_rng_shuffle (&rng, (guint32 *) (gpointer) subjects->data, subjects->len);
  for (guint i = 0; i < subjects->len; i++)
    side_of[g_array_index (subjects, guint32, i)]
        = i < n_scored (subjects->len) ? SIDE_SCORE : SIDE_FIT;
  for (guint i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      int subject = cw_dataset_get_item (dataset, i)->subject;

      sides[i] = subject >= 0 ? side_of[subject] : SIDE_NEITHER;
    }
}

/* (transfer full): see _cw_deal_units(). *@any: whether some pictures may belong together. */
static guint32 *
find_units (CwDataset *dataset, guint *n_units, gboolean *any)
{
  guint n = cw_dataset_get_n_items (dataset);
  g_autofree int *subjects = g_new (int, MAX (n, 1));
  g_autofree int *sources = g_new (int, MAX (n, 1));

  *any = FALSE;
  for (guint i = 0; i < n; i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      subjects[i] = item->subject;
      sources[i] = item->source;
      *any |= item->subject >= 0 || item->source >= 0;
    }
  return _cw_deal_units (subjects, sources, n, n_units);
}

/* Each class by itself, so that every one of two units or more is on both sides; those without a label
 * are one more. Returns whether pictures were kept together. */
static gboolean
split_by_class (CwDataset *dataset, guint64 seed, guint8 *sides)
{
  guint n = cw_dataset_get_n_items (dataset), n_labels = cw_dataset_get_n_labels (dataset), n_units;
  gboolean any;
  g_autofree guint32 *units = find_units (dataset, &n_units, &any);
  g_autofree guint8 *dealt = g_new0 (guint8, MAX (n_units, 1));
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint label = 0; label <= n_labels; label++)
    {
      int wanted = label < n_labels ? (int) label : -1;
      CwRng rng = cw_rng_new (seed, CW_RNG_SPLIT, 0, 0, label, 1);

      g_array_set_size (members, 0);
      for (guint32 i = 0; i < n; i++)
        {
          if (cw_dataset_get_item (dataset, i)->label == wanted)
            g_array_append_val (members, i);
        }
      cw_rng_shuffle (&rng, (guint32 *) (gpointer) members->data, members->len);
      _cw_deal ((const guint32 *) (gconstpointer) members->data, members->len,
                n_scored (members->len), units, n_units, dealt);
    }
  for (guint i = 0; i < n; i++)
    sides[i] = dealt[units[i]] == CW_DEAL_OUT ? SIDE_SCORE : SIDE_FIT;
  return any;
}

/* Returns what was done, for reports. */
static const char *
choose_sides (CwDataset *dataset, guint64 seed, guint8 *sides)
{
  g_autoptr (GArray) subjects = NULL;
  gboolean any = !has_labels (dataset);
  guint n_known, n_unknown;

  if (has_pictures (dataset, CW_SPLIT_TRAIN, any))
    {
      if (has_pictures (dataset, CW_SPLIT_VALID, any))
        {
          split_by_layout (dataset, CW_SPLIT_VALID, sides);
          return CW_SPLIT_OWN ": train against valid";
        }
      if (has_pictures (dataset, CW_SPLIT_TEST, any))
        {
          split_by_layout (dataset, CW_SPLIT_TEST, sides);
          return CW_SPLIT_OWN ": train against test";
        }
    }
  subjects = list_subjects (dataset, any, &n_known, &n_unknown);
  /* A few named persons among strangers do not make the rest usable. */
  if (subjects->len >= 2 && n_known >= n_unknown)
    {
      split_by_subject (dataset, subjects, seed, sides);
      return "by subject: a third of the persons is scored";
    }
  if (split_by_class (dataset, seed, sides))
    return "at random: a third of each class is scored, persons, photos and recordings kept whole";
  return any ? "at random: a third is scored" : "at random: a third of each class is scored";
}

/* (transfer full): the items of @side, in order: all, or those with a label. */
static GArray *
collect (CwDataset *dataset, const guint8 *sides, Side side, gboolean all)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      if (sides[i] == side && (all || cw_dataset_get_item (dataset, i)->label >= 0))
        g_array_append_val (items, i);
    }
  return items;
}

static guint
count_classes (CwDataset *dataset, GArray *items)
{
  g_autofree gboolean *seen = g_new0 (gboolean, MAX (cw_dataset_get_n_labels (dataset), 1));
  guint n = 0;

  for (guint i = 0; i < items->len; i++)
    {
      int label = cw_dataset_get_item (dataset, g_array_index (items, guint32, i))->label;

      n += !seen[label];
      seen[label] = TRUE;
    }
  return n;
}

gboolean
cw_split_fit_score (CwDataset *dataset, guint64 seed, GArray **fit, GArray **score,
                    const char **how, GError **error)
{
  g_autofree guint8 *sides = g_new0 (guint8, MAX (cw_dataset_get_n_items (dataset), 1));
  const char *rule = choose_sides (dataset, seed, sides);
  g_autoptr (GArray) fit_items = collect (dataset, sides, SIDE_FIT, FALSE);
  g_autoptr (GArray) score_items = collect (dataset, sides, SIDE_SCORE, FALSE);
  guint n_classes = count_classes (dataset, fit_items);

  if (fit_items->len + score_items->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "%s: scoring needs labels, and no picture has one%s",
                   cw_dataset_get_location (dataset),
                   strcmp (cw_dataset_get_layout (dataset), "folder") == 0
                       ? "; where its folders are the classes, read it with --options labels=folder"
                       : "");
      return FALSE;
    }
  if (n_classes < 2 || score_items->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "%s: scoring needs labelled pictures, to fit on of two classes at least; the split "
                   "(%s) leaves %u of %u classes to fit on and %u to score",
                   cw_dataset_get_location (dataset), rule, fit_items->len, n_classes,
                   score_items->len);
      return FALSE;
    }
  *fit = g_steal_pointer (&fit_items);
  *score = g_steal_pointer (&score_items);
  *how = rule;
  return TRUE;
}

gboolean
cw_split_fit_score_all (CwDataset *dataset, guint64 seed, GArray **fit, GArray **score,
                        const char **how, GError **error)
{
  g_autofree guint8 *sides = g_new0 (guint8, MAX (cw_dataset_get_n_items (dataset), 1));
  const char *rule = choose_sides (dataset, seed, sides);
  g_autoptr (GArray) fit_items = collect (dataset, sides, SIDE_FIT, TRUE);
  g_autoptr (GArray) score_items = collect (dataset, sides, SIDE_SCORE, TRUE);

  if (fit_items->len == 0 || score_items->len == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "%s: the split (%s) leaves %u pictures to fit on and %u to score",
                   cw_dataset_get_location (dataset), rule, fit_items->len, score_items->len);
      return FALSE;
    }
  *fit = g_steal_pointer (&fit_items);
  *score = g_steal_pointer (&score_items);
  *how = rule;
  return TRUE;
}
