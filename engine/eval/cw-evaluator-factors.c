/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "base/cw-rng.h"
#include "eval/cw-cholesky.h"
#include "eval/cw-metrics.h"
#include "eval/cw-nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * Does similarity follow the columns (action units, say) or the person, the pose, the light? Over pairs of
 * scored pictures, s is the rank of their cosine, and beside it stand: the rank of their closeness in the
 * columns (minus the Euclidean distance, each column standardised), whether they show one person (1 or
 * 0), and, where the data have columns named pose-… or light-…, the ranks of the closeness in those. With
 * P the inverse of the correlation matrix of them all (Pearson's, Spearman's in effect),
 *
 *   similarity_F   -P_sF / sqrt (P_ss P_FF)            of s and the factor F, all others held fixed
 *   variance_F     similarity_F² / (1 - similarity_F²) / P_ss    share of s that only F explains
 *
 * and similarity_columns_other_subject is the plain correlation, ranked anew, over pairs of different
 * persons. What is not known, or never changes, takes no part. Copies make no pairs.
 */

enum
{
  SIMILARITY,
  COLUMNS,
  PERSON,
  POSE,
  LIGHT,
  N_VARIABLES,
};

static const struct
{
  const char *prefix; /* of the columns that are the factor's; NULL = all others, or none at all */
  const char *similarity, *variance;
} factors[N_VARIABLES] = {
  [COLUMNS] = { NULL, "similarity_columns", "variance_columns" },
  [PERSON] = { NULL, "similarity_person", "variance_person" },
  [POSE] = { "pose-", "similarity_pose", "variance_pose" },
  [LIGHT] = { "light-", "similarity_light", "variance_light" },
};

typedef struct
{
  int most;
  char *columns;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, most, "most", N_ ("Most pictures"), "", 3, 5000, 1500,
                N_ ("Of more pictures than this, some are drawn")),
  CW_PARAM_STRING (Params, columns, "columns", N_ ("Columns"), "",
                   N_ ("Which columns of the data count, with commas between; empty = all but those of "
                       "pose and light")),
  CW_PARAM_END,
};

/* ---- columns ---- */

/* Whose a column is by its name. */
static int
get_factor (const char *name)
{
  for (int f = POSE; f < N_VARIABLES; f++)
    {
      if (g_str_has_prefix (name, factors[f].prefix))
        return f;
    }
  return COLUMNS;
}

/* (transfer full): int, numbers of the columns that are @factor's. */
static GArray *
find_columns_of (int factor, const CwFeatures *features)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (int));

  for (int c = 0; c < (int) features->n_columns; c++)
    {
      if (get_factor (features->column_names[c]) == factor)
        g_array_append_val (columns, c);
    }
  return columns;
}

/* (transfer full): int, numbers of the columns that count. */
static GArray *
find_columns (const char *names, const CwFeatures *features, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (names, ",", -1);
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (int));

  if (parts[0] == NULL)
    return find_columns_of (COLUMNS, features);
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

/* A factor whose closeness the pairs have, if @z is not NULL: `[n, width]`, standardised. */
typedef struct
{
  double *z;
  guint width;
} Factor;

typedef struct
{
  guint n;
  double *values[N_VARIABLES]; /* (nullable) [n]; but for PERSON they become ranks */
} Pairs;

static void
pairs_clear (Pairs *pairs)
{
  for (int v = 0; v < N_VARIABLES; v++)
    g_free (pairs->values[v]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pairs, pairs_clear)

static double
distance (const Factor *factor, guint i, guint j)
{
  const double *a = factor->z + (gsize) i * factor->width;
  const double *b = factor->z + (gsize) j * factor->width;
  double sum = 0;

  for (guint c = 0; c < factor->width; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sqrt (sum);
}

static void
add_pair (Pairs *pairs, const CwFeatures *features, const Factor *sides, const float *rows, guint i,
          guint j)
{
  gsize dim = (gsize) features->dim;

  pairs->values[SIMILARITY][pairs->n]
      = (double) cw_nearest_dot (rows + i * dim, rows + j * dim, features->dim);
  pairs->values[PERSON][pairs->n] = _cw_evaluator_is_same_subject (features, i, features, j);
  for (int v = 0; v < N_VARIABLES; v++)
    {
      if (sides[v].z != NULL)
        pairs->values[v][pairs->n] = -distance (&sides[v], i, j);
    }
  pairs->n++;
}

static gboolean
make_pairs (const CwFeatures *features, const Factor *sides, Pairs *pairs, CwJob *job,
            GError **error)
{
  gsize most = (gsize) features->n * (features->n - 1) / 2;
  g_autofree float *rows = cw_features_normalised (features);

  for (int v = 0; v < N_VARIABLES; v++)
    {
      if (v == SIMILARITY || v == PERSON || sides[v].z != NULL)
        pairs->values[v] = g_new (double, most);
    }
  for (guint i = 0; i < features->n; i++)
    {
      if (!cw_job_progress (job, (double) i / features->n, _ ("Comparing pictures"), error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        {
          if (!_cw_evaluator_is_copy (features, i, features, j))
            add_pair (pairs, features, sides, rows, i, j);
        }
    }
  return TRUE;
}

/* (transfer full): the pairs of different persons; where one of the two is unknown, nobody can tell,
 * and so it is taken for different. */
static void
take_others (const Pairs *all, Pairs *others)
{
  others->values[SIMILARITY] = g_new (double, all->n + 1);
  others->values[COLUMNS] = g_new (double, all->n + 1);
  for (guint i = 0; i < all->n; i++)
    {
      if (all->values[PERSON][i] > 0)
        continue;
      others->values[SIMILARITY][others->n] = all->values[SIMILARITY][i];
      others->values[COLUMNS][others->n++] = all->values[COLUMNS][i];
    }
}

static void
rank_pairs (Pairs *pairs)
{
  for (int v = 0; v < N_VARIABLES; v++)
    {
      if (v != PERSON && pairs->values[v] != NULL)
        cw_metrics_rank (pairs->values[v], pairs->n);
    }
}

/* ---- scores ---- */

/* Of the variables in @chosen `[n]`: the inverse of their correlation matrix into @inverse `[n, n]`. FALSE
 * where one follows from the others. */
static gboolean
invert_correlations (const Pairs *pairs, const int *chosen, int n, double *inverse)
{
  double factor[N_VARIABLES * N_VARIABLES];

  for (int a = 0; a < n; a++)
    {
      for (int b = 0; b < n; b++)
        {
          factor[a * n + b] = a == b ? 1
                                     : cw_metrics_pcc (pairs->values[chosen[a]],
                                                       pairs->values[chosen[b]], pairs->n);
          inverse[a * n + b] = a == b;
        }
    }
  if (!_cw_cholesky_factor (factor, n))
    return FALSE;
  _cw_cholesky_solve (factor, n, inverse, n);
  return TRUE;
}

/* *partial and *variance of each variable; NAN for those that take no part. */
static void
explain (const Pairs *pairs, double *partial, double *variance)
{
  int chosen[N_VARIABLES], n = 0;
  double inverse[N_VARIABLES * N_VARIABLES];

  for (int v = 0; v < N_VARIABLES; v++)
    {
      partial[v] = variance[v] = (double) NAN;
      if (pairs->values[v] != NULL
          && (v == SIMILARITY
              || isfinite (cw_metrics_pcc (pairs->values[SIMILARITY], pairs->values[v], pairs->n))))
        chosen[n++] = v;
    }
  if (!invert_correlations (pairs, chosen, n, inverse))
    return;
  for (int a = 1; a < n; a++)
    {
      double r = -inverse[a] / sqrt (inverse[0] * inverse[a * n + a]);

      partial[chosen[a]] = r;
      variance[chosen[a]] = r * r / (1 - r * r) / inverse[0];
    }
}

static void
add_scores (const Pairs *all, const Pairs *others, CwScores *scores)
{
  double partial[N_VARIABLES], variance[N_VARIABLES];

  explain (all, partial, variance);
  cw_scores_add_unit (scores, factors[COLUMNS].similarity, CW_SCORE_COEFFICIENT, partial[COLUMNS]);
  cw_scores_add_unit (scores, "similarity_columns_other_subject", CW_SCORE_COEFFICIENT,
                      isfinite (partial[PERSON])
                          ? cw_metrics_pcc (others->values[SIMILARITY], others->values[COLUMNS],
                                            others->n)
                          : (double) NAN);
  for (int v = PERSON; v < N_VARIABLES; v++)
    {
      if (all->values[v] != NULL)
        cw_scores_add_unit (scores, factors[v].similarity, CW_SCORE_COEFFICIENT, partial[v]);
    }
  for (int v = COLUMNS; v < N_VARIABLES; v++)
    {
      if (all->values[v] != NULL)
        cw_scores_add (scores, factors[v].variance, variance[v]);
    }
}

/* Pose and light where the data say them and they change. */
static void
make_sides (const CwFeatures *chosen, Factor *sides)
{
  for (int v = POSE; v < N_VARIABLES; v++)
    {
      g_autoptr (GArray) columns = find_columns_of (v, chosen);
      gboolean varies;

      sides[v].width = columns->len;
      sides[v].z = standardise (chosen, columns, &varies);
      if (!varies)
        g_clear_pointer (&sides[v].z, g_free);
    }
}

static gboolean
compare (const CwFeatures *chosen, const Factor *sides, CwScores *scores, CwJob *job, GError **error)
{
  g_auto (Pairs) all = { 0 };
  g_auto (Pairs) others = { 0 };

  if (!make_pairs (chosen, sides, &all, job, error))
    return FALSE;
  take_others (&all, &others);
  rank_pairs (&all);
  rank_pairs (&others);
  add_scores (&all, &others, scores);
  return TRUE;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  g_autoptr (GArray) columns = find_columns (p->columns, input->score, error);
  g_autoptr (CwFeatures) chosen = NULL;
  Factor sides[N_VARIABLES] = { 0 };
  gboolean varies, ok = FALSE;

  if (columns == NULL)
    return FALSE;
  chosen = choose_pictures (input->score, columns, (guint) p->most, input->seed);
  sides[COLUMNS].width = columns->len;
  sides[COLUMNS].z = standardise (chosen, columns, &varies);
  make_sides (chosen, sides);
  if (chosen->n < 3 || !varies)
    g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                 "it needs three scored pictures with all %u columns, and columns that change; here "
                 "are %u pictures",
                 columns->len, chosen->n);
  else
    ok = compare (chosen, sides, scores, job, error);
  for (int v = 0; v < N_VARIABLES; v++)
    g_free (sides[v].z);
  return ok;
}

const CwEvaluatorClass _cw_evaluator_factors = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "factors",
    .label = N_ ("Factors of similarity"),
    .description = N_ ("Whether pictures are similar for what the columns say, such as action units, "
                       "for showing the same person, or for pose and light where the data say them"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_COLUMNS,
  .evaluate = evaluate,
};
