/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluation.h"

#include "base/cw-error.h"
#include "data/cw-split.h"
#include "eval/cw-metrics.h"
#include "eval/cw-pca.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_CLASSES 1000
#define PIXEL_AXES 64
/* Shares of the whole: embedding, then protocols. */
#define EMBED_SPAN 0.8

static const char *const default_protocols[] = { "linear", "knn", "retrieval", NULL };

typedef struct
{
  CwFeatures *fit, *score;
} Sides;

static void
sides_clear (Sides *sides)
{
  g_clear_pointer (&sides->fit, cw_features_free);
  g_clear_pointer (&sides->score, cw_features_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sides, sides_clear)

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
  g_strfreev (evaluation->class_names);
  g_free (evaluation);
}

static gboolean
find_protocols (CwEvaluation *e, const char *const *ids, GError **error)
{
  for (; *ids != NULL; ids++)
    {
      const CwDescriptor *found = cw_registry_find (CW_KIND_EVALUATOR, *ids, error);

      if (found == NULL)
        return FALSE;
      for (int p = 0; p < e->n_protocols; p++)
        {
          if (&e->protocols[p]->base == found)
            {
              g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                           "protocol '%s' is named twice", *ids);
              return FALSE;
            }
        }
      if (e->n_protocols == CW_MAX_PROTOCOLS)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                       "more than %d protocols; evaluate in several goes", CW_MAX_PROTOCOLS);
          return FALSE;
        }
      e->protocols[e->n_protocols++] = (const CwEvaluatorClass *) found;
    }
  if (e->n_protocols == 0)
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                 "no protocol is named; try linear, knn, retrieval");
  return e->n_protocols > 0;
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

/* Features of @items under @model, or their pixels. */
static CwFeatures *
embed_side (const CwModel *model, CwDataset *dataset, const guint32 *items, guint n,
            guint *n_skipped, CwJob *job, GError **error)
{
  return model != NULL ? cw_features_embed (model, dataset, items, n, n_skipped, job, error)
                       : cw_features_pixels (dataset, items, n, n_skipped, job, error);
}

/* Embeds what the first contender could read: all are scored on the same pictures. */
static gboolean
embed_again (const CwModel *model, CwDataset *dataset, const Sides *first, Sides *sides,
             double from, double to, CwJob *job, GError **error)
{
  double middle = from + (to - from) * first->fit->n / (first->fit->n + first->score->n);
  guint n_skipped = 0;

  cw_job_set_span (job, from, middle);
  sides->fit = embed_side (model, dataset, first->fit->items, first->fit->n, &n_skipped, job, error);
  if (sides->fit == NULL)
    return FALSE;
  if (n_skipped == 0)
    {
      cw_job_set_span (job, middle, to);
      sides->score = embed_side (model, dataset, first->score->items, first->score->n, &n_skipped,
                                 job, error);
      if (sides->score == NULL)
        return FALSE;
    }
  if (n_skipped > 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: %u pictures changed or went away during the evaluation; start it again",
                   cw_dataset_get_location (dataset), n_skipped);
      return FALSE;
    }
  /* What makes pictures copies of each other was decided on the first contender's decoding. */
  memcpy (sides->fit->hashes, first->fit->hashes, first->fit->n * sizeof (guint64));
  memcpy (sides->score->hashes, first->score->hashes, first->score->n * sizeof (guint64));
  return TRUE;
}

static gboolean
embed_first (CwEvaluation *e, const CwModel *model, CwDataset *dataset, guint64 seed, Sides *sides,
             double to, CwJob *job, GError **error)
{
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  g_autoptr (CwFeatures) scored = NULL;
  guint fit_skipped = 0, score_skipped = 0;
  double middle;

  if (!cw_split_fit_score (dataset, seed, &fit, &score, &e->split, error))
    return FALSE;
  middle = to * fit->len / (fit->len + score->len);
  cw_job_set_span (job, 0, middle);
  sides->fit = embed_side (model, dataset, (const guint32 *) (gconstpointer) fit->data, fit->len,
                           &fit_skipped, job, error);
  if (sides->fit == NULL)
    return FALSE;
  cw_job_set_span (job, middle, to);
  scored = embed_side (model, dataset, (const guint32 *) (gconstpointer) score->data, score->len,
                       &score_skipped, job, error);
  if (scored == NULL)
    return FALSE;
  sides->score = cw_features_without_copies (scored, sides->fit, &e->n_copies_removed);
  e->n_skipped = fit_skipped + score_skipped;
  e->n_fit = sides->fit->n;
  e->n_score = sides->score->n;
  if (e->n_score > 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
               "%s: every picture to be scored is an exact copy of a fitted one; score other "
               "pictures",
               cw_dataset_get_location (dataset));
  return FALSE;
}

static void
renumber (CwFeatures *features, const int *numbers)
{
  for (guint i = 0; i < features->n; i++)
    features->labels[i] = numbers[features->labels[i]];
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
        numbers[both[side]->labels[i]] = 0;
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

/* Where a contender does not take part, its scores are there, undefined. */
static void
copy_undefined (CwScores *to, const CwScores *from)
{
  for (int i = 0; i < from->n_scores; i++)
    cw_scores_add (to, from->scores[i].id, (double) NAN);
}

static gboolean
run_protocols (CwEvaluation *e, const Sides *all, guint64 seed, CwJob *job, GError **error)
{
  int n = e->n_protocols * CW_N_CONTENDERS, done = 0;

  for (int p = 0; p < e->n_protocols; p++)
    {
      const CwEvaluatorClass *protocol = e->protocols[p];
      gpointer params = cw_params_block_new (protocol->base.params, protocol->base.params_size);
      gboolean ok = TRUE;

      for (int c = 0; c < CW_N_CONTENDERS && ok; c++, done++)
        {
          if (all[c].fit == NULL)
            {
              copy_undefined (&e->scores[c][p], &e->scores[CW_CONTENDER_TRAINED][p]);
              continue;
            }
          cw_job_set_span (job, EMBED_SPAN + (1 - EMBED_SPAN) * done / n,
                           EMBED_SPAN + (1 - EMBED_SPAN) * (done + 1) / n);
          ok = protocol->evaluate (params, all[c].fit, all[c].score, e->n_classes, seed,
                                   &e->scores[c][p], job, error);
        }
      cw_params_block_free (protocol->base.params, params);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

static gboolean
evaluate (CwEvaluation *e, const CwModel *const models[CW_N_CONTENDERS], CwDataset *dataset,
          guint64 seed, CwJob *job, GError **error)
{
  g_auto (Sides) trained = { NULL };
  g_auto (Sides) random = { NULL };
  g_auto (Sides) pixels = { NULL };
  Sides *all[CW_N_CONTENDERS] = { &trained, &random, &pixels };
  g_autofree int *numbers = g_new (int, cw_dataset_get_n_labels (dataset) + 1);
  /* Pixels take about as long to read as a small encoder takes to compute. */
  const double ends[CW_N_CONTENDERS] = { 0.4 * EMBED_SPAN, 0.8 * EMBED_SPAN, EMBED_SPAN };

  if (!embed_first (e, models[0], dataset, seed, &trained, ends[0], job, error))
    return FALSE;
  for (int c = 1; c < CW_N_CONTENDERS; c++)
    {
      if (c == CW_CONTENDER_RANDOM_INIT && models[c] == NULL)
        continue;
      if (!embed_again (models[c], dataset, &trained, all[c], ends[c - 1], ends[c], job, error))
        return FALSE;
    }
  if (!number_classes (e, dataset, &trained, numbers, error)
      || !reduce_pixels (&pixels, seed, error))
    return FALSE;
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      if (all[c]->fit == NULL)
        continue;
      renumber (all[c]->fit, numbers);
      renumber (all[c]->score, numbers);
    }
  e->majority = cw_metrics_majority (trained.score->labels, trained.score->n);
  return run_protocols (e, (const Sides[]) { trained, random, pixels }, seed, job, error);
}

CwEvaluation *
cw_evaluation_run (const CwModel *model, const CwModel *random, CwDataset *dataset,
                   const char *const *protocols, guint64 seed, CwJob *job, GError **error)
{
  const CwModel *models[CW_N_CONTENDERS] = { model, random, NULL };
  g_autoptr (CwEvaluation) e = g_new0 (CwEvaluation, 1);
  g_autoptr (CwJob) inner = new_inner_job (job);
  gint64 start = g_get_monotonic_time ();

  if (!find_protocols (e, protocols != NULL ? protocols : default_protocols, error)
      || !evaluate (e, models, dataset, seed, inner, error)
      || !cw_job_progress (job, 1, _ ("Evaluated"), error))
    return NULL;
  e->seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  return g_steal_pointer (&e);
}
