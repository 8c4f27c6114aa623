/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "base/cw-rng.h"
#include "eval/cw-metrics.h"
#include "eval/cw-nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * Does similarity follow the columns (action units, say) or the person? Over pairs of scored pictures, s
 * is the rank of their cosine, c the rank of their closeness in the columns (minus the Euclidean
 * distance, each column standardised), p is 1 for two pictures of one person and 0 else. With r Pearson's
 * correlation, Spearman's in effect,
 *
 *   similarity_columns   (r_sc - r_sp r_cp) / sqrt ((1 - r_sp²) (1 - r_cp²))   columns, person held fixed
 *   similarity_person    (r_sp - r_sc r_cp) / sqrt ((1 - r_sc²) (1 - r_cp²))   person, columns held fixed
 *   variance_columns     (r_sc - r_sp r_cp)² / (1 - r_cp²)     share of s that only columns explain
 *   variance_person      (r_sp - r_sc r_cp)² / (1 - r_cp²)     share of s that only the person does
 *
 * and similarity_columns_other_subject is r_sc, ranked anew, over pairs of different persons. Where
 * nobody is known, similarity_columns is r_sc and the rest is undefined. Copies make no pairs.
 */

typedef struct
{
  int most;
  char *columns;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, most, "most", N_ ("Most pictures"), "", 3, 5000, 1500,
                N_ ("Of more pictures than this, some are drawn")),
  CW_PARAM_STRING (Params, columns, "columns", N_ ("Columns"), "",
                   N_ ("Which columns of the data count, with commas between; empty = all")),
  CW_PARAM_END,
};

/* ---- columns ---- */

/* (transfer full): int, numbers of the columns that count. */
static GArray *
find_columns (const char *names, const CwFeatures *features, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (names, ",", -1);
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (int));

  for (int c = 0; parts[0] == NULL && c < (int) features->n_columns; c++)
    g_array_append_val (columns, c);
  for (int i = 0; parts[i] != NULL; i++)
    {
      int c = cw_features_find_column (features, g_strstrip (parts[i]));

      if (c < 0)
        {
          g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                       "columns = %s: this data has no column '%s'", names, parts[i]);
          return NULL;
        }
      g_array_append_val (columns, c);
    }
  return g_steal_pointer (&columns);
}

/* (transfer full): rows of which all @columns are known, @most at most by a keyed draw, in order. */
static CwFeatures *
choose_pictures (const CwFeatures *features, const GArray *columns, guint most, guint64 seed)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_EVAL, CW_EVAL_PICTURES, 0, 0, 0);
  g_autofree guint32 *rows = g_new (guint32, MAX (features->n, 1));
  g_autofree gboolean *wanted = g_new0 (gboolean, MAX (features->n, 1));
  guint n = 0, n_wanted;

  for (guint i = 0; i < features->n; i++)
    {
      gboolean known = TRUE;

      for (guint c = 0; c < columns->len; c++)
        known = known && isfinite (features->columns[(gsize) i * features->n_columns
                                                     + (guint) g_array_index (columns, int, c)]);
      if (known)
        rows[n++] = i;
    }
  cw_rng_shuffle (&rng, rows, n);
  n_wanted = MIN (n, most);
  for (guint i = 0; i < n_wanted; i++)
    wanted[rows[i]] = TRUE;
  n = 0;
  for (guint i = 0; i < features->n; i++)
    {
      if (wanted[i])
        rows[n++] = i;
    }
  return cw_features_select (features, rows, n_wanted);
}

/* (transfer full): `[n, columns]`, each column with mean 0 and deviation 1; one that never changes is 0
 * throughout. *varies: whether any does. */
static double *
standardise (const CwFeatures *features, const GArray *columns, gboolean *varies)
{
  guint width = columns->len, n = features->n;
  double *z = g_new0 (double, (gsize) n * width + 1);

  *varies = FALSE;
  for (guint c = 0; c < width; c++)
    {
      const float *column = features->columns + g_array_index (columns, int, c);
      double mean = 0, squares = 0;

      for (guint i = 0; i < n; i++)
        mean += (double) column[(gsize) i * features->n_columns] / n;
      for (guint i = 0; i < n; i++)
        squares += pow ((double) column[(gsize) i * features->n_columns] - mean, 2) / n;
      if (!(squares > 1e-12 * (1 + mean * mean)))
        continue;
      *varies = TRUE;
      for (guint i = 0; i < n; i++)
        z[(gsize) i * width + c]
            = ((double) column[(gsize) i * features->n_columns] - mean) / sqrt (squares);
    }
  return z;
}

/* ---- pairs ---- */

typedef struct
{
  guint n;
  double *similarity, *closeness, *same; /* [n]; the first two become ranks */
} Pairs;

static void
pairs_clear (Pairs *pairs)
{
  g_free (pairs->similarity);
  g_free (pairs->closeness);
  g_free (pairs->same);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pairs, pairs_clear)

static double
distance (const double *a, const double *b, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sqrt (sum);
}

static gboolean
make_pairs (const CwFeatures *features, const double *z, guint width, Pairs *pairs, CwJob *job,
            GError **error)
{
  gsize most = (gsize) features->n * (features->n - 1) / 2;
  g_autofree float *rows = cw_features_normalised (features);

  pairs->similarity = g_new (double, most);
  pairs->closeness = g_new (double, most);
  pairs->same = g_new (double, most);
  for (guint i = 0; i < features->n; i++)
    {
      const float *x = rows + (gsize) i * (gsize) features->dim;

      if (!cw_job_progress (job, (double) i / features->n, _ ("Comparing pictures"), error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        {
          if (_cw_evaluator_is_copy (features, i, features, j))
            continue;
          pairs->similarity[pairs->n] = (double) cw_nearest_dot (
              x, rows + (gsize) j * (gsize) features->dim, features->dim);
          pairs->closeness[pairs->n]
              = -distance (z + (gsize) i * width, z + (gsize) j * width, width);
          pairs->same[pairs->n++] = _cw_evaluator_is_same_subject (features, i, features, j);
        }
    }
  return TRUE;
}

/* (transfer full): the pairs of different persons; where one of the two is unknown, nobody can tell,
 * and so it is taken for different. */
static void
take_others (const Pairs *all, Pairs *others)
{
  others->similarity = g_new (double, all->n + 1);
  others->closeness = g_new (double, all->n + 1);
  for (guint i = 0; i < all->n; i++)
    {
      if (all->same[i] > 0)
        continue;
      others->similarity[others->n] = all->similarity[i];
      others->closeness[others->n++] = all->closeness[i];
    }
}

static void
rank_pairs (Pairs *pairs)
{
  cw_metrics_rank (pairs->similarity, pairs->n);
  cw_metrics_rank (pairs->closeness, pairs->n);
}

/* ---- scores ---- */

/* Correlation of a and b, c held fixed. */
static double
partial (double ab, double ac, double bc)
{
  double rest = (1 - ac * ac) * (1 - bc * bc);

  return rest > 0 ? (ab - ac * bc) / sqrt (rest) : (double) NAN;
}

static void
add_scores (const Pairs *all, const Pairs *others, CwScores *scores)
{
  double sc = cw_metrics_pcc (all->similarity, all->closeness, all->n);
  double sp = cw_metrics_pcc (all->similarity, all->same, all->n);
  double cp = cw_metrics_pcc (all->closeness, all->same, all->n);
  gboolean persons = isfinite (sp) && isfinite (cp);
  double rest = persons && cp * cp < 1 ? 1 - cp * cp : (double) NAN;

  cw_scores_add_unit (scores, "similarity_columns", CW_SCORE_COEFFICIENT,
                      persons ? partial (sc, sp, cp) : sc);
  cw_scores_add_unit (scores, "similarity_columns_other_subject", CW_SCORE_COEFFICIENT,
                      persons ? cw_metrics_pcc (others->similarity, others->closeness, others->n)
                              : (double) NAN);
  cw_scores_add_unit (scores, "similarity_person", CW_SCORE_COEFFICIENT,
                      persons ? partial (sp, sc, cp) : (double) NAN);
  cw_scores_add (scores, "variance_columns", (sc - sp * cp) * (sc - sp * cp) / rest);
  cw_scores_add (scores, "variance_person", (sp - sc * cp) * (sp - sc * cp) / rest);
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  g_autoptr (GArray) columns = find_columns (p->columns, input->score, error);
  g_autoptr (CwFeatures) chosen = NULL;
  g_autofree double *z = NULL;
  g_auto (Pairs) all = { 0 };
  g_auto (Pairs) others = { 0 };
  gboolean varies;

  if (columns == NULL)
    return FALSE;
  chosen = choose_pictures (input->score, columns, (guint) p->most, input->seed);
  z = standardise (chosen, columns, &varies);
  if (chosen->n < 3 || !varies)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "it needs three scored pictures with all %u columns, and columns that change; here "
                   "are %u pictures",
                   columns->len, chosen->n);
      return FALSE;
    }
  if (!make_pairs (chosen, z, columns->len, &all, job, error))
    return FALSE;
  take_others (&all, &others);
  rank_pairs (&all);
  rank_pairs (&others);
  add_scores (&all, &others, scores);
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_factors = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "factors",
    .label = N_ ("Factors of similarity"),
    .description = N_ ("Whether pictures are similar for what the columns say, such as action units, "
                       "or for showing the same person"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_COLUMNS,
  .evaluate = evaluate,
};
