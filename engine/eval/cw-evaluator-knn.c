/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "eval/cw-nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define QUERIES_AT_ONCE 2048

typedef struct
{
  int k;
  float temperature;
  gboolean other_subjects;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, k, "k", N_ ("Neighbours"), "", 1, 1000, 20, N_ ("How many vote")),
  CW_PARAM_FLOAT (Params, temperature, "temperature", N_ ("Temperature"), "", 0.001, 100, 0.07,
                  N_ ("A vote weighs exp (cosine / temperature)")),
  CW_PARAM_BOOL (Params, other_subjects, "other-subjects", N_ ("Other persons only"), TRUE,
                 N_ ("Pictures of the same person have no vote")),
  CW_PARAM_END,
};

typedef struct
{
  const CwFeatures *fit, *score;
  guint first; /* scored row of query 0 */
  gboolean other_subjects;
} Bar;

static gboolean
is_barred (guint query, guint32 row, gpointer user_data)
{
  const Bar *bar = user_data;
  guint i = bar->first + query;

  return _cw_evaluator_is_copy (bar->score, i, bar->fit, row)
         || (bar->other_subjects && _cw_evaluator_is_same_subject (bar->score, i, bar->fit, row));
}

static int
most_frequent (const CwFeatures *features, int n_classes)
{
  g_autofree guint *counts = g_new0 (guint, n_classes);
  int best = 0;

  for (guint i = 0; i < features->n; i++)
    counts[features->labels[i]]++;
  for (int c = 1; c < n_classes; c++)
    {
      if (counts[c] > counts[best])
        best = c;
    }
  return best;
}

/* The class with most votes, the lower one of two alike; @fallback where nobody may vote. */
static int
count_votes (const Params *p, const CwFeatures *fit, const CwNeighbour *neighbours, int n_classes,
             int fallback, double *votes)
{
  int best = 0;

  if (neighbours[0].row == G_MAXUINT32)
    return fallback;
  memset (votes, 0, (gsize) n_classes * sizeof *votes);
  for (int i = 0; i < p->k && neighbours[i].row != G_MAXUINT32; i++)
    {
      double behind = (double) neighbours[0].score - (double) neighbours[i].score;

      votes[fit->labels[neighbours[i].row]] += exp (-behind / (double) p->temperature);
    }
  for (int c = 1; c < n_classes; c++)
    {
      if (votes[c] > votes[best])
        best = c;
    }
  return best;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  const CwFeatures *fit = input->fit, *score = input->score;
  Bar bar = { .fit = fit, .score = score, .other_subjects = p->other_subjects };
  g_autofree float *rows = NULL;
  g_autofree float *queries = NULL;
  g_autofree CwNeighbour *found = NULL;
  g_autofree int *answers = NULL;
  g_autofree double *votes = NULL;
  int fallback;

  rows = cw_features_normalised (fit);
  queries = cw_features_normalised (score);
  found = g_new (CwNeighbour, (gsize) MIN (QUERIES_AT_ONCE, score->n) * (gsize) p->k);
  answers = g_new (int, score->n);
  votes = g_new (double, input->n_classes);
  fallback = most_frequent (fit, input->n_classes);

  for (bar.first = 0; bar.first < score->n; bar.first += QUERIES_AT_ONCE)
    {
      guint n = MIN (QUERIES_AT_ONCE, score->n - bar.first);

      if (!cw_job_progress (job, (double) bar.first / score->n, _ ("Finding neighbours"), error))
        return FALSE;
      cw_nearest_search (rows, fit->n, fit->dim, queries + (gsize) bar.first * (gsize) fit->dim, n,
                         (guint) p->k, is_barred, &bar, found);
      for (guint i = 0; i < n; i++)
        answers[bar.first + i] = count_votes (p, fit, found + (gsize) i * (gsize) p->k,
                                              input->n_classes, fallback, votes);
    }
  _cw_scores_add_answers (scores, score, answers, input->n_classes);
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_knn = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "knn",
    .label = N_ ("kNN"),
    .description = N_ ("Weighted vote of the nearest fitted pictures by cosine; the same person, the same "
                       "source and exact copies have no vote"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_LABELS,
  .evaluate = evaluate,
};
