/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-sides.h"

#include "base/cw-error.h"
#include "data/cw-split.h"

/* One side of all contenders; NULL in @side for one that does not take part. */
static gboolean
embed_side (const CwModel *model, const CwModel *random, CwDataset *dataset, const GArray *items,
            CwFeatures *side[CW_N_CONTENDERS], guint *n_skipped, CwJob *job, GError **error)
{
  const CwModel *models[] = { model, random };
  CwFeatures *found[CW_N_CONTENDERS] = { NULL };
  guint n_models = random != NULL ? 2 : 1;

  if (!cw_features_embed_all (models, n_models, TRUE, 0, dataset,
                              (const guint32 *) (gconstpointer) items->data, items->len, found,
                              n_skipped, job, error))
    return FALSE;
  side[CW_CONTENDER_TRAINED] = found[0];
  side[CW_CONTENDER_RANDOM_INIT] = random != NULL ? found[1] : NULL;
  side[CW_CONTENDER_PIXELS] = found[n_models];
  return TRUE;
}

/* Pictures that were there to be trained on without a label: copies of them are not scored either.
 * Their pixels are all that counts. NULL with @error unset where there are none. */
static CwFeatures *
embed_unlabelled (CwDataset *dataset, const GArray *fit, int side, CwJob *job, GError **error)
{
  CwFeatures *features;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (guint32));
  const CwItem *fitted = cw_dataset_get_item (dataset, g_array_index (fit, guint32, 0));

  /* Without splits of the layout's own, what an encoder was trained on is not known here. */
  if (fitted->split != CW_SPLIT_TRAIN)
    return NULL;
  for (guint32 i = 0; i < cw_dataset_get_n_items (dataset); i++)
    {
      const CwItem *item = cw_dataset_get_item (dataset, i);

      if (item->split == CW_SPLIT_TRAIN && item->label < 0)
        g_array_append_val (items, i);
    }
  if (items->len == 0)
    return NULL;
  /* Decoded at the side of the scored ones, without which equal pictures are not alike. */
  return cw_features_embed_all (NULL, 0, TRUE, side, dataset,
                                (const guint32 *) (gconstpointer) items->data, items->len, &features,
                                NULL, job, error)
             ? features : NULL;
}

/* Takes @scored; adds to @n_removed. @seen: (nullable). */
static CwFeatures *
drop_copies (CwFeatures *scored, const CwFeatures *seen, guint *n_removed)
{
  CwFeatures *rest;
  guint n;

  if (seen == NULL)
    return scored;
  rest = cw_features_without_copies (scored, seen, &n);
  cw_features_free (scored);
  *n_removed += n;
  return rest;
}

static gboolean
embed_both (const CwModel *model, const CwModel *random, CwDataset *dataset, const GArray *items[2],
            double share, CwFeatures *found[2][CW_N_CONTENDERS], CwSidesReport *report, CwJob *job,
            GError **error)
{
  double middle = share * items[0]->len / (items[0]->len + items[1]->len);
  guint n_skipped[2] = { 0 };

  cw_job_set_span (job, 0, middle);
  if (!embed_side (model, random, dataset, items[0], found[0], &n_skipped[0], job, error))
    return FALSE;
  cw_job_set_span (job, middle, share);
  if (!embed_side (model, random, dataset, items[1], found[1], &n_skipped[1], job, error))
    return FALSE;
  cw_job_set_span (job, share, share);
  report->n_skipped = n_skipped[0] + n_skipped[1];
  return TRUE;
}

/* Only a layout's own split, or one by person, leaves any. */
static guint
count_shared (CwDataset *dataset, const CwFeatures *fit, const CwFeatures *scored)
{
  g_autofree gboolean *seen = g_new0 (gboolean, MAX (cw_dataset_get_n_sources (dataset), 1));
  guint n = 0;

  for (guint i = 0; i < fit->n; i++)
    {
      int source = cw_dataset_get_item (dataset, fit->items[i])->source;

      if (source >= 0)
        seen[source] = TRUE;
    }
  for (guint i = 0; i < scored->n; i++)
    {
      int source = cw_dataset_get_item (dataset, scored->items[i])->source;

      n += source >= 0 && seen[source];
    }
  return n;
}

static gboolean
choose_items (CwDataset *dataset, gboolean labelled, guint64 seed, GArray **fit, GArray **score,
              const char **split, GError **error)
{
  return labelled ? cw_split_fit_score (dataset, seed, fit, score, split, error)
                  : cw_split_fit_score_all (dataset, seed, fit, score, split, error);
}

gboolean
_cw_sides_embed (const CwModel *model, const CwModel *random, CwDataset *dataset, gboolean labelled,
                 guint64 seed, double share, CwSides sides[CW_N_CONTENDERS], CwSidesReport *report,
                 CwJob *job, GError **error)
{
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  g_autoptr (CwFeatures) unlabelled = NULL;
  g_autoptr (GError) local = NULL;
  CwFeatures *found[2][CW_N_CONTENDERS] = { { NULL } };
  gboolean ok;

  *report = (CwSidesReport){ 0 };
  if (!choose_items (dataset, labelled, seed, &fit, &score, &report->split, error))
    return FALSE;
  sides[CW_CONTENDER_TRAINED].model = model;
  sides[CW_CONTENDER_RANDOM_INIT].model = random;
  ok = embed_both (model, random, dataset, (const GArray *[]){ fit, score }, share, found, report,
                   job, &local);
  if (ok && labelled)
    unlabelled = embed_unlabelled (dataset, fit, 2 * model->size, job, &local);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      sides[c].fit = found[0][c];
      if (found[1][c] == NULL)
        continue;
      report->n_copies_removed = 0;
      sides[c].score = drop_copies (drop_copies (found[1][c], found[0][c], &report->n_copies_removed),
                                    unlabelled, &report->n_copies_removed);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  report->n_shared = count_shared (dataset, sides[CW_CONTENDER_TRAINED].fit,
                                   sides[CW_CONTENDER_TRAINED].score);
  if (sides[CW_CONTENDER_TRAINED].score->n > 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
               "%s: every picture to be scored is an exact copy of one to train on; score other "
               "pictures",
               cw_dataset_get_location (dataset));
  return FALSE;
}

void
_cw_sides_clear (CwSides sides[CW_N_CONTENDERS])
{
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      g_clear_pointer (&sides[c].fit, cw_features_free);
      g_clear_pointer (&sides[c].score, cw_features_free);
    }
}
