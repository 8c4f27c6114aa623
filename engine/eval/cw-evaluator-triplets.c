/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "eval/cw-nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/*
 * Of three pictures, the odd one out is the one that does not belong to the pair of the highest cosine:
 * the farthest from the other two. A triplet is right where people chose that one, and its pair is
 * strictly the nearest. Nothing is fitted: pictures of both sides count. Where there are triplets for
 * testing, those for training are left out.
 */

/* Where the vectors of items are. */
typedef struct
{
  float *x[2];      /* fit, score: normalised */
  int dim;
  guint n_items;
  guint32 *places;  /* [n_items]: 2 * row + side; G_MAXUINT32 = has none */
} Vectors;

static void
vectors_clear (Vectors *v)
{
  g_free (v->x[0]);
  g_free (v->x[1]);
  g_free (v->places);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Vectors, vectors_clear)

static void
find_vectors (const CwEvaluatorInput *input, Vectors *v)
{
  const CwFeatures *both[] = { input->fit, input->score };

  v->dim = input->score->dim;
  for (guint i = 0; i < input->n_triplets; i++)
    {
      for (int j = 0; j < 3; j++)
        v->n_items = MAX (v->n_items, input->triplets[i].items[j] + 1);
    }
  v->places = g_new (guint32, v->n_items);
  for (guint i = 0; i < v->n_items; i++)
    v->places[i] = G_MAXUINT32;
  for (guint side = 0; side < 2; side++)
    {
      v->x[side] = cw_features_normalised (both[side]);
      for (guint i = 0; i < both[side]->n; i++)
        {
          if (both[side]->items[i] < v->n_items)
            v->places[both[side]->items[i]] = 2 * i + side;
        }
    }
}

/* NULL where an item has none. */
static const float *
vector_of (const Vectors *v, guint32 item)
{
  guint32 place = v->places[item];

  if (place == G_MAXUINT32)
    return NULL;
  return v->x[place % 2] + (gsize) (place / 2) * (gsize) v->dim;
}

/* 1 or 0; NaN where a picture is missing. */
static double
judge (const Vectors *v, const CwTriplet *triplet)
{
  const float *x[3];
  float apart[3]; /* cosine of the pair without this one */

  for (int i = 0; i < 3; i++)
    {
      x[i] = vector_of (v, triplet->items[i]);
      if (x[i] == NULL)
        return (double) NAN;
    }
  for (int i = 0; i < 3; i++)
    apart[i] = cw_nearest_dot (x[(i + 1) % 3], x[(i + 2) % 3], v->dim);
  for (int i = 0; i < 3; i++)
    {
      if (i != triplet->odd && !(apart[triplet->odd] > apart[i]))
        return 0;
    }
  return 1;
}

/* Of @rows `[n]`, those of triplets of @n_classes. (transfer full) */
static double *
select_class (const double *rows, const CwEvaluatorInput *input, int n_classes)
{
  double *own = g_new (double, input->n_triplets);

  for (guint i = 0; i < input->n_triplets; i++)
    own[i] = input->triplets[i].n_classes == n_classes ? rows[i] : (double) NAN;
  return own;
}

static gboolean
has_test (const CwEvaluatorInput *input)
{
  for (guint i = 0; i < input->n_triplets; i++)
    {
      if (input->triplets[i].split == CW_SPLIT_TEST || input->triplets[i].split == CW_SPLIT_VALID)
        return TRUE;
    }
  return FALSE;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  static const char *const ids[]
      = { "accuracy_one_class", "accuracy_two_class", "accuracy_three_class" };
  gboolean leave_train = has_test (input);
  g_autofree double *right = g_new (double, input->n_triplets);
  g_auto (Vectors) vectors = { { NULL } };
  guint n = 0;

  if (!cw_job_progress (job, 0, _ ("Comparing triplets"), error))
    return FALSE;
  find_vectors (input, &vectors);
  for (guint i = 0; i < input->n_triplets; i++)
    {
      const CwTriplet *triplet = &input->triplets[i];

      right[i] = leave_train && triplet->split == CW_SPLIT_TRAIN ? (double) NAN
                                                                 : judge (&vectors, triplet);
      n += !isnan (right[i]);
    }
  if (n == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "of none of the %u triplets all three pictures could be read", input->n_triplets);
      return FALSE;
    }
  cw_scores_set_rows (scores, input->n_triplets, NULL);
  cw_scores_add_mean (scores, "accuracy", right);
  for (int c = 1; c <= 3; c++)
    {
      g_autofree double *own = select_class (right, input, c);

      cw_scores_add_mean (scores, ids[c - 1], own);
    }
  cw_scores_add_unit (scores, "n_triplets", CW_SCORE_COUNT, n);
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_triplets = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "triplets",
    .label = N_ ("Triplets"),
    .description = N_ ("How often the picture farthest from the other two is the one that people "
                       "found the odd one out"),
  },
  .needs = CW_NEEDS_TRIPLETS,
  .evaluate = evaluate,
};
