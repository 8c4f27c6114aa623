/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluation-private.h"

#include "base/cw-error.h"
#include "data/cw-split.h"
#include "eval/cw-metrics.h"
#include "eval/cw-pca.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_CLASSES 1000
#define PIXEL_AXES 64
#define EMBED_SPAN CW_EVALUATION_EMBED_SPAN

typedef CwEvaluationSides Sides;

const char *
cw_contender_name (CwContender contender)
{
  static const char *const names[CW_N_CONTENDERS] = { "trained", "random_init", "pixels" };

  g_return_val_if_fail (contender < CW_N_CONTENDERS, NULL);
  return names[contender];
}

void
cw_evaluation_free (CwEvaluation *evaluation)
{
  if (evaluation == NULL)
    return;
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      for (int p = 0; p < evaluation->n_protocols; p++)
        cw_scores_clear (&evaluation->scores[c][p]);
    }
  _cw_evaluation_clear_protocols (evaluation);
  g_strfreev (evaluation->class_names);
  g_free (evaluation);
}

/* Progress of a part is progress of the whole; the part's spans stay its own. */
static void
forward_progress (CwJob *part, double fraction, const char *what, gpointer whole)
{
  cw_job_progress (whole, fraction, what, NULL);
}

/* NULL where nobody watches. */
static CwJob *
new_inner_job (CwJob *job)
{
  return job != NULL ? cw_job_new (cw_job_get_cancellable (job), forward_progress, job, NULL)
                     : NULL;
}

/* One side of all contenders; NULL in @side for one that does not take part. */
static gboolean
embed_side (const CwModel *model, const CwModel *random, CwDataset *dataset, const GArray *items,
            CwFeatures *side[CW_N_CONTENDERS], guint *n_skipped, CwJob *job, GError **error)
{
  const CwModel *models[] = { model, random };
  CwFeatures *found[CW_N_CONTENDERS] = { NULL };
  guint n_models = random != NULL ? 2 : 1;

  if (!cw_features_embed_all (models, n_models, TRUE, dataset,
                              (const guint32 *) (gconstpointer) items->data, items->len, found,
                              n_skipped, job, error))
    return FALSE;
  side[CW_CONTENDER_TRAINED] = found[0];
  side[CW_CONTENDER_RANDOM_INIT] = random != NULL ? found[1] : NULL;
  side[CW_CONTENDER_PIXELS] = found[n_models];
  return TRUE;
}

/* Pictures that were there to be trained on without a label: copies of them are not scored either. Their
 * pixels are all that counts. NULL with @error unset where there are none. */
static CwFeatures *
embed_unlabelled (CwDataset *dataset, const GArray *fit, CwJob *job, GError **error)
{
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
  return cw_features_pixels (dataset, (const guint32 *) (gconstpointer) items->data, items->len,
                             NULL, job, error);
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
embed_all (CwEvaluation *e, const CwModel *model, const CwModel *random, CwDataset *dataset,
           guint64 seed, Sides sides[CW_N_CONTENDERS], CwJob *job, GError **error)
{
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  g_autoptr (CwFeatures) unlabelled = NULL;
  g_autoptr (GError) local = NULL;
  CwFeatures *fitted[CW_N_CONTENDERS] = { NULL }, *scored[CW_N_CONTENDERS] = { NULL };
  guint fit_skipped = 0, score_skipped = 0;
  /* Pictures without a label are then on the sides themselves. */
  gboolean labelled = _cw_evaluation_needs_labels (e);
  double middle;
  gboolean ok;

  if (labelled && !cw_split_fit_score (dataset, seed, &fit, &score, &e->split, error))
    return FALSE;
  if (!labelled && !cw_split_fit_score_all (dataset, seed, &fit, &score, &e->split, error))
    return FALSE;
  middle = EMBED_SPAN * fit->len / (fit->len + score->len);
  cw_job_set_span (job, 0, middle);
  ok = embed_side (model, random, dataset, fit, fitted, &fit_skipped, job, error);
  cw_job_set_span (job, middle, EMBED_SPAN);
  ok = ok && embed_side (model, random, dataset, score, scored, &score_skipped, job, error);
  if (ok)
    {
      cw_job_set_span (job, EMBED_SPAN, EMBED_SPAN);
      unlabelled = labelled ? embed_unlabelled (dataset, fit, job, &local) : NULL;
      ok = local == NULL;
      if (!ok)
        g_propagate_error (error, g_steal_pointer (&local));
    }
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      sides[c].fit = fitted[c];
      if (scored[c] != NULL)
        {
          e->n_copies_removed = 0;
          sides[c].score = drop_copies (drop_copies (scored[c], fitted[c], &e->n_copies_removed),
                                        unlabelled, &e->n_copies_removed);
        }
    }
  if (!ok)
    return FALSE;
  e->n_skipped = fit_skipped + score_skipped;
  e->n_fit = sides[CW_CONTENDER_TRAINED].fit->n;
  e->n_score = sides[CW_CONTENDER_TRAINED].score->n;
  if (e->n_score > 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
               "%s: every picture to be scored is an exact copy of one to train on; score other "
               "pictures",
               cw_dataset_get_location (dataset));
  return FALSE;
}

static void
renumber (CwFeatures *features, const int *numbers)
{
  for (guint i = 0; i < features->n; i++)
    {
      if (features->labels[i] >= 0)
        features->labels[i] = numbers[features->labels[i]];
    }
}

/* Classes that occur get the numbers 0.., in label order. @numbers [labels of the dataset]. */
static gboolean
number_classes (CwEvaluation *e, CwDataset *dataset, const Sides *sides, int *numbers,
                GError **error)
{
  guint n_labels = cw_dataset_get_n_labels (dataset);
  const CwFeatures *both[] = { sides->fit, sides->score };

  for (guint c = 0; c < n_labels; c++)
    numbers[c] = -1;
  for (int side = 0; side < 2; side++)
    {
      for (guint i = 0; i < both[side]->n; i++)
        {
          if (both[side]->labels[i] >= 0)
            numbers[both[side]->labels[i]] = 0;
        }
    }
  e->class_names = g_new0 (char *, n_labels + 1);
  for (guint c = 0; c < n_labels; c++)
    {
      if (numbers[c] < 0)
        continue;
      e->class_names[e->n_classes] = g_strdup (cw_dataset_get_label (dataset, (int) c));
      numbers[c] = e->n_classes++;
    }
  if (e->n_classes <= MAX_CLASSES)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE, "%s: %d classes; at most %d can be evaluated",
               cw_dataset_get_location (dataset), e->n_classes, MAX_CLASSES);
  return FALSE;
}

/* Pixels become their first principal components, found on the fitted side without labels. */
static gboolean
reduce_pixels (Sides *sides, guint64 seed, GError **error)
{
  CwFeatures *both[] = { sides->fit, sides->score };
  g_autoptr (CwPca) pca
      = cw_pca_fit (sides->fit->x, sides->fit->n, sides->fit->dim, PIXEL_AXES, seed);

  for (int side = 0; side < 2; side++)
    {
      float *x = pca != NULL ? cw_pca_project (pca, both[side]->x, both[side]->n) : NULL;

      if (x == NULL)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY,
                       "not enough memory for the pixel floor of %u pictures", both[side]->n);
          return FALSE;
        }
      g_free (both[side]->x);
      both[side]->x = x;
      both[side]->dim = pca->n_axes;
    }
  return TRUE;
}

static gboolean
evaluate (CwEvaluation *e, const CwModel *model, const CwModel *random, CwDataset *dataset,
          guint64 seed, Sides sides[CW_N_CONTENDERS], CwJob *job, GError **error)
{
  g_autofree int *numbers = g_new (int, cw_dataset_get_n_labels (dataset) + 1);
  const CwFeatures *scored;

  if (!embed_all (e, model, random, dataset, seed, sides, job, error)
      || !number_classes (e, dataset, &sides[CW_CONTENDER_TRAINED], numbers, error)
      || !reduce_pixels (&sides[CW_CONTENDER_PIXELS], seed, error))
    return FALSE;
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      if (sides[c].fit == NULL)
        continue;
      renumber (sides[c].fit, numbers);
      renumber (sides[c].score, numbers);
      cw_features_describe (sides[c].fit, dataset);
      cw_features_describe (sides[c].score, dataset);
    }
  scored = sides[CW_CONTENDER_TRAINED].score;
  e->majority = cw_metrics_majority (scored->labels, scored->n);
  return _cw_evaluation_run_protocols (e, sides, dataset, seed, job, error);
}

CwEvaluation *
cw_evaluation_run (const CwModel *model, const CwModel *random, CwDataset *dataset,
                   const char *const *protocols, const char *const *sets, guint64 seed, CwJob *job,
                   GError **error)
{
  g_autoptr (CwEvaluation) e = g_new0 (CwEvaluation, 1);
  g_autoptr (CwJob) inner = new_inner_job (job);
  Sides sides[CW_N_CONTENDERS] = { { NULL } };
  gint64 start = g_get_monotonic_time ();
  gboolean ok;

  ok = _cw_evaluation_find_protocols (e, protocols, sets, error)
       && evaluate (e, model, random, dataset, seed, sides, inner, error)
       && cw_job_progress (job, 1, _ ("Evaluated"), error);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      g_clear_pointer (&sides[c].fit, cw_features_free);
      g_clear_pointer (&sides[c].score, cw_features_free);
    }
  if (!ok)
    return NULL;
  e->seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  return g_steal_pointer (&e);
}
