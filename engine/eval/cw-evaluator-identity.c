/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "base/cw-rng.h"
#include "data/cw-deal.h"
#include "eval/cw-linear.h"
#include "eval/cw-metrics.h"
#include "eval/cw-nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * What features tell about who it is: less is better for expressions. The scored pictures of each person
 * are halved by a keyed draw, those of one photo or recording kept together; a linear probe for the
 * person is fitted on the first halves and scored on the second ones. Chance is always answering the
 * person with most pictures.
 */

typedef struct
{
  int k;
  int most;
  int iterations;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, k, "k", N_ ("Neighbours"), "", 1, 1000, 10,
                N_ ("Among how many of the nearest pictures the same person is looked for")),
  CW_PARAM_INT (Params, most, "most", N_ ("Most persons"), "", 2, 1000, 200,
                N_ ("Of more persons than this, some are drawn for the probe")),
  CW_PARAM_INT (Params, iterations, "iterations", N_ ("Iterations"), "", 1, 100000, 500,
                N_ ("Most steps of the optimizer; it stops earlier once it has converged")),
  CW_PARAM_END,
};

/* ---- the probe ---- */

/* (transfer full) `[n]`: the source of each row, or itself. */
static guint32 *
find_sources (const CwFeatures *features, guint *n_sources)
{
  g_autofree int *nobody = g_new (int, MAX (features->n, 1));

  for (guint i = 0; i < features->n; i++)
    nobody[i] = -1;
  return _cw_deal_units (nobody, features->sources, features->n, n_sources);
}

/* (transfer full): guint32; subjects with pictures of two sources or more, @most of them, in a keyed
 * order. */
static GArray *
choose_persons (const CwFeatures *features, guint most, guint64 seed, guint n_subjects)
{
  GArray *persons = g_array_new (FALSE, FALSE, sizeof (guint32));
  CwRng rng = cw_rng_new (seed, CW_RNG_EVAL, CW_EVAL_PERSONS, 0, 0, 0);
  guint n_sources;
  g_autofree guint32 *sources = find_sources (features, &n_sources);
  g_autofree gboolean *several = g_new0 (gboolean, n_subjects);
  g_autofree gint64 *only = g_new0 (gint64, n_subjects); /* 0 = none yet, else 1 + source */

  for (guint i = 0; i < features->n; i++)
    {
      int subject = features->subjects[i];

      if (subject < 0)
        continue;
      several[subject] |= only[subject] > 0 && only[subject] != 1 + (gint64) sources[i];
      only[subject] = 1 + (gint64) sources[i];
    }
  for (guint32 s = 0; s < n_subjects; s++)
    {
      if (several[s])
        g_array_append_val (persons, s);
    }
  cw_rng_shuffle (&rng, (guint32 *) (gpointer) persons->data, persons->len);
  g_array_set_size (persons, MIN (persons->len, most));
  return persons;
}

/* The rows of both halves; the first is the larger one of an odd number. Pictures of one source stay
 * together: a recording known again is not a person known again. */
static void
halve (const CwFeatures *features, const GArray *persons, guint64 seed, GArray *first,
       GArray *second)
{
  g_autofree guint32 *members = g_new (guint32, MAX (features->n, 1));
  guint n_units;
  g_autofree guint32 *units = find_sources (features, &n_units);
  g_autofree guint8 *sides = g_new0 (guint8, MAX (n_units, 1));

  for (guint p = 0; p < persons->len; p++)
    {
      guint32 subject = g_array_index (persons, guint32, p);
      CwRng rng = cw_rng_new (seed, CW_RNG_EVAL, CW_EVAL_HALVES, 0, subject, 0);
      guint n = 0;

      for (guint i = 0; i < features->n; i++)
        {
          if (features->subjects[i] == (int) subject)
            members[n++] = i;
        }
      cw_rng_shuffle (&rng, members, n);
      memset (sides, 0, n_units);
      _cw_deal (members, n, n - n / 2, units, n_units, sides);
      for (guint i = 0; i < n; i++)
        g_array_append_val (sides[units[members[i]]] == CW_DEAL_OUT ? first : second, members[i]);
    }
}

/* (transfer full): rows whose classes are persons; as persons they are unknown, so that what is held
 * out to choose the regularisation is a part of each. */
static CwFeatures *
take_half (const CwFeatures *features, const GArray *rows, const int *numbers)
{
  CwFeatures *half
      = cw_features_select (features, (const guint32 *) (gconstpointer) rows->data, rows->len);

  for (guint i = 0; i < half->n; i++)
    {
      half->labels[i] = numbers[half->subjects[i]];
      half->subjects[i] = -1;
    }
  return half;
}

/* Into @right `[n]`: 1 or 0 for rows of the second halves. */
static gboolean
probe (const Params *p, const CwFeatures *features, guint64 seed, double *right, double *chance,
       CwJob *job, GError **error)
{
  guint n_subjects = 0;
  g_autoptr (GArray) persons = NULL;
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) second = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (CwFeatures) fit = NULL;
  g_autoptr (CwFeatures) score = NULL;
  g_autoptr (CwLinear) linear = NULL;
  g_autofree int *numbers = NULL;
  g_autofree int *answers = NULL;

  for (guint i = 0; i < features->n; i++)
    n_subjects = MAX (n_subjects, (guint) (features->subjects[i] + 1));
  persons = choose_persons (features, (guint) p->most, seed, n_subjects);
  if (persons->len < 2)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "it needs two scored pictures, of different photos or recordings, of each of two persons; "
                   "there are %u such persons",
                   persons->len);
      return FALSE;
    }
  numbers = g_new0 (int, n_subjects);
  for (guint i = 0; i < persons->len; i++)
    numbers[g_array_index (persons, guint32, i)] = (int) i;
  halve (features, persons, seed, first, second);
  fit = take_half (features, first, numbers);
  score = take_half (features, second, numbers);
  linear = cw_linear_fit_best (fit, seed, p->iterations, job, error);
  answers = g_new (int, score->n);
  if (linear == NULL || !cw_linear_predict (linear, score->x, score->n, answers, error))
    return FALSE;
  for (guint i = 0; i < score->n; i++)
    right[g_array_index (second, guint32, i)] = answers[i] == score->labels[i];
  *chance = cw_metrics_majority (score->labels, score->n);
  return TRUE;
}

/* ---- neighbours ---- */

static gboolean
is_barred (guint query, guint32 row, gpointer user_data)
{
  const CwFeatures *features = user_data;

  return row == query || _cw_evaluator_is_copy (features, query, features, row);
}

/* Into @share `[n]`: of the same person among the nearest @k; NaN where nobody is known. */
static void
count_same (const CwFeatures *features, guint k, double *share)
{
  g_autofree float *rows = cw_features_normalised (features);
  g_autofree CwNeighbour *found = g_new (CwNeighbour, (gsize) features->n * k);

  cw_nearest_search (rows, features->n, features->dim, rows, features->n, k, is_barred,
                     (gpointer) features, found);
  for (guint i = 0; i < features->n; i++)
    {
      const CwNeighbour *own = found + (gsize) i * k;
      guint n = 0, n_same = 0;

      for (; n < k && own[n].row != G_MAXUINT32; n++)
        n_same += features->subjects[own[n].row] == features->subjects[i];
      if (n > 0 && features->subjects[i] >= 0)
        share[i] = (double) n_same / n;
    }
}

/* What @share would be if neighbours were drawn at random: its mean. */
static double
chance_of_same (const CwFeatures *features, const double *share)
{
  double sum = 0;
  guint n = 0;

  for (guint i = 0; i < features->n; i++)
    {
      guint n_same = 0, n_others = 0;

      if (isnan (share[i]))
        continue;
      for (guint row = 0; row < features->n; row++)
        {
          if (is_barred (i, row, (gpointer) features))
            continue;
          n_others++;
          n_same += features->subjects[row] == features->subjects[i];
        }
      sum += (double) n_same / n_others;
      n++;
    }
  return n > 0 ? sum / n : (double) NAN;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  const CwFeatures *score = input->score;
  g_autofree double *right = g_new (double, score->n);
  g_autofree double *share = g_new (double, score->n);
  double chance;

  for (guint i = 0; i < score->n; i++)
    right[i] = share[i] = (double) NAN;
  if (!probe (p, score, input->seed, right, &chance, job, error))
    return FALSE;
  count_same (score, (guint) p->k, share);
  _cw_scores_start (scores, score);
  cw_scores_add_mean (scores, "accuracy", right);
  cw_scores_add (scores, "chance", chance);
  cw_scores_add_mean (scores, _cw_scores_id ("same_subject_share_at_%", p->k), share);
  cw_scores_add (scores, "same_subject_share_chance", chance_of_same (score, share));
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_identity = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "identity",
    .label = N_ ("Identity"),
    .description = N_ ("Leakage: how well a linear probe tells persons by half of their pictures, and "
                       "how many of the nearest pictures show the same person"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_SUBJECTS,
  .evaluate = evaluate,
};
