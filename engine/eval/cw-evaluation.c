/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluation-private.h"

#include "base/cw-error.h"
#include "eval/cw-metrics.h"
#include "eval/cw-pca.h"
#include "eval/cw-sides.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_CLASSES 1000
#define PIXEL_AXES 64

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
number_classes (CwEvaluation *e, CwDataset *dataset, const CwSides *sides, int *numbers,
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

/* Whether there are protocols that need labels beside others, for which pictures without a label are there. */
static gboolean
has_both (const CwEvaluation *e)
{
  return _cw_evaluation_any_needs_labels (e) && !_cw_evaluation_needs_labels (e);
}

/* Pixels become their first principal components, found on the fitted side without its labels. Where a protocol
 * needs labels, on the pictures that have one: its floor does not depend on which others are asked for. */
static gboolean
reduce_pixels (CwSides *sides, gboolean labelled, guint64 seed, GError **error)
{
  CwFeatures *both[] = { sides->fit, sides->score };
  g_autoptr (CwFeatures) fit = labelled ? _cw_evaluation_select_labelled (sides->fit) : NULL;
  const CwFeatures *seen = fit != NULL && fit->n > 0 ? fit : sides->fit;
  g_autoptr (CwPca) pca = cw_pca_fit (seen->x, seen->n, seen->dim, PIXEL_AXES, seed);

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

static guint
count_unlabelled (const CwFeatures *features)
{
  guint n = 0;

  for (guint i = 0; i < features->n; i++)
    n += features->labels[i] < 0 ? 1 : 0;
  return n;
}

/* Pictures without a label are told apart where they are there for some of the protocols alone. */
static void
count_sides (CwEvaluation *e, const CwFeatures *fit, const CwFeatures *score)
{
  gboolean apart = has_both (e);

  e->n_fit_unlabelled = apart ? count_unlabelled (fit) : 0;
  e->n_score_unlabelled = apart ? count_unlabelled (score) : 0;
  e->n_fit = fit->n - e->n_fit_unlabelled;
  e->n_score = score->n - e->n_score_unlabelled;
}

static gboolean
evaluate (CwEvaluation *e, const CwModel *model, const CwModel *random, CwDataset *dataset,
          guint64 seed, CwSides sides[CW_N_CONTENDERS], CwJob *job, GError **error)
{
  g_autofree int *numbers = g_new (int, cw_dataset_get_n_labels (dataset) + 1);
  const CwFeatures *scored;
  CwSidesReport report;

  if (!_cw_sides_embed (model, random, dataset, _cw_evaluation_needs_labels (e), seed,
                        _cw_evaluation_embed_span (e), sides, &report, job, error)
      || !number_classes (e, dataset, &sides[CW_CONTENDER_TRAINED], numbers, error)
      || !reduce_pixels (&sides[CW_CONTENDER_PIXELS], has_both (e), seed, error))
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
  e->split = report.split;
  e->n_skipped = report.n_skipped;
  e->n_copies_removed = report.n_copies_removed;
  e->n_shared = report.n_shared;
  count_sides (e, sides[CW_CONTENDER_TRAINED].fit, scored);
  e->majority = cw_metrics_majority (scored->labels, scored->n);
  return _cw_evaluation_run_protocols (e, sides, dataset, seed, job, error);
}

CwEvaluation *
cw_evaluation_run (const CwModel *model, const CwModel *random, CwDataset *dataset,
                   const char *const *protocols, const char *const *sets, guint64 seed, CwJob *job,
                   GError **error)
{
  g_autoptr (CwEvaluation) e = g_new0 (CwEvaluation, 1);
  g_autoptr (CwJob) inner = cw_job_new_inner (job);
  CwSides sides[CW_N_CONTENDERS] = { { .fit = NULL } };
  gint64 start = g_get_monotonic_time ();
  gboolean ok;

  ok = _cw_evaluation_find_protocols (e, protocols, sets, error)
       && evaluate (e, model, random, dataset, seed, sides, inner, error)
       && cw_job_progress (job, 1, _ ("Evaluated"), error);
  _cw_sides_clear (sides);
  if (!ok)
    return NULL;
  e->seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  return g_steal_pointer (&e);
}
