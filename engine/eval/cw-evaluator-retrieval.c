/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "eval/cw-nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define QUERIES_AT_ONCE 2048

typedef enum
{
  GALLERY_SCORE,
  GALLERY_FIT,
  GALLERY_ALL,
} Gallery;

static const char *const gallery_nicks[] = { "score", "fit", "all", NULL };

typedef struct
{
  int k;
  int gallery;
} Params;

static const CwParamSpec specs[] = {
  CW_PARAM_INT (Params, k, "k", N_ ("Neighbours"), "", 1, 1000, 10,
                N_ ("How many of the nearest pictures are looked at")),
  CW_PARAM_ENUM (Params, gallery, "gallery", N_ ("Gallery"), gallery_nicks, GALLERY_SCORE,
                 N_ ("Where neighbours are looked for: the other scored pictures, the fitted ones, or "
                     "both")),
  CW_PARAM_END,
};

/* The gallery: scored rows first, then fitted ones, as far as each belongs to it. */
typedef struct
{
  const CwFeatures *score, *fit;
  guint n, n_score; /* rows; those of the scored side */
  float *rows;      /* [n, dim], normalised */
  guint first;      /* scored row of query 0 */
  gboolean other_subjects;
} Search;

static const CwFeatures *
side_of (const Search *s, guint32 *row)
{
  if (*row < s->n_score)
    return s->score;
  *row -= s->n_score;
  return s->fit;
}

static gboolean
is_barred (guint query, guint32 row, gpointer user_data)
{
  const Search *s = user_data;
  guint i = s->first + query;
  const CwFeatures *side;

  /* The query itself is one of its copies. */
  side = side_of (s, &row);
  return (side == s->score && row == i) || side->hashes[row] == s->score->hashes[i]
         || (s->other_subjects && s->score->subjects[i] >= 0
             && side->subjects[row] == s->score->subjects[i]);
}

static gboolean
knows_subjects (const CwFeatures *features)
{
  for (guint i = 0; i < features->n; i++)
    {
      if (features->subjects[i] >= 0)
        return TRUE;
    }
  return FALSE;
}

/* What the neighbours of the queries sum up to. */
typedef struct
{
  double precision;      /* sum over queries */
  guint n_queries;       /* that had a neighbour */
  double *of_class;      /* [n_classes]: the same, by the query's label */
  guint *n_of_class;
  guint64 n_same_subject, n_hits; /* of queries whose subject is known */
} Tally;

static void
count_hits (const Search *s, guint query, const CwNeighbour *found, int k, Tally *tally)
{
  const CwFeatures *score = s->score;
  int n = 0, n_right = 0;

  for (; n < k && found[n].row != G_MAXUINT32; n++)
    {
      guint32 row = found[n].row;
      const CwFeatures *side = side_of (s, &row);

      n_right += side->labels[row] == score->labels[query];
      if (score->subjects[query] >= 0)
        {
          tally->n_hits++;
          tally->n_same_subject += side->subjects[row] == score->subjects[query];
        }
    }
  if (n == 0)
    return;
  tally->precision += (double) n_right / n;
  tally->n_queries++;
  tally->of_class[score->labels[query]] += (double) n_right / n;
  tally->n_of_class[score->labels[query]]++;
}

static gboolean
search_all (Search *s, int k, double from, double to, Tally *tally, CwJob *job, GError **error)
{
  guint n = s->score->n;
  g_autofree float *queries = cw_features_normalised (s->score);
  g_autofree CwNeighbour *found
      = g_new (CwNeighbour, (gsize) MIN (QUERIES_AT_ONCE, n) * (gsize) k);

  for (s->first = 0; s->first < n; s->first += QUERIES_AT_ONCE)
    {
      guint count = MIN (QUERIES_AT_ONCE, n - s->first);

      if (!cw_job_progress (job, from + (to - from) * s->first / n, _ ("Finding neighbours"), error))
        return FALSE;
      cw_nearest_search (s->rows, s->n, s->score->dim,
                         queries + (gsize) s->first * (gsize) s->score->dim, count, (guint) k,
                         is_barred, s, found);
      for (guint i = 0; i < count; i++)
        count_hits (s, s->first + i, found + (gsize) i * (gsize) k, k, tally);
    }
  return TRUE;
}

static double
mean_precision (const Tally *tally)
{
  return tally->n_queries > 0 ? tally->precision / tally->n_queries : (double) NAN;
}

/* Mean of the classes, so that a frequent one does not speak for all. */
static double
macro_precision (const Tally *tally, int n_classes)
{
  double sum = 0;
  int n = 0;

  for (int c = 0; c < n_classes; c++)
    {
      if (tally->n_of_class[c] == 0)
        continue;
      sum += tally->of_class[c] / tally->n_of_class[c];
      n++;
    }
  return n > 0 ? sum / n : (double) NAN;
}

static float *
make_gallery (Search *s)
{
  gsize dim = (gsize) s->score->dim;
  guint n_fit = s->n - s->n_score;
  float *x = g_new (float, s->n * dim), *rows;

  memcpy (x, s->score->x, s->n_score * dim * sizeof *x);
  memcpy (x + s->n_score * dim, s->fit->x, n_fit * dim * sizeof *x);
  rows = cw_nearest_normalise (x, s->n, s->score->dim);
  g_free (x);
  if (rows == NULL)
    g_error ("No memory for a gallery of %u", s->n);
  return rows;
}

/* Score ids carry k. */
static void
add_score (CwScores *scores, const char *format, int k, double value)
{
  g_autofree char *number = g_strdup_printf ("%d", k);
  g_auto (GStrv) parts = g_strsplit (format, "%", 2);
  g_autofree char *id = g_strconcat (parts[0], number, parts[1], NULL);

  cw_scores_add (scores, g_intern_string (id), value);
}

static gboolean
evaluate (gconstpointer params, const CwFeatures *fit, const CwFeatures *score, int n_classes,
          guint64 seed, CwScores *scores, CwJob *job, GError **error)
{
  const Params *p = params;
  Search search = { .score = score, .fit = fit };
  gboolean subjects = knows_subjects (score);
  g_autofree double *sums = NULL;
  g_autofree guint *counts = NULL;
  g_autofree float *rows = NULL;
  Tally any, other;

  if (!_cw_evaluator_check (fit, score, n_classes, error))
    return FALSE;
  search.n_score = p->gallery == GALLERY_FIT ? 0 : score->n;
  search.n = search.n_score + (p->gallery == GALLERY_SCORE ? 0 : fit->n);
  rows = search.rows = make_gallery (&search);
  sums = g_new0 (double, 2 * n_classes);
  counts = g_new0 (guint, 2 * n_classes);
  any = (Tally) { .of_class = sums, .n_of_class = counts };
  other = (Tally) { .of_class = sums + n_classes, .n_of_class = counts + n_classes };

  if (!search_all (&search, p->k, 0, subjects ? 0.5 : 1, &any, job, error))
    return FALSE;
  if (subjects)
    {
      search.other_subjects = TRUE;
      if (!search_all (&search, p->k, 0.5, 1, &other, job, error))
        return FALSE;
    }
  else
    other = any;

  add_score (scores, "p_at_%", p->k, mean_precision (&any));
  add_score (scores, "p_at_%_other_subject", p->k, mean_precision (&other));
  add_score (scores, "macro_p_at_%", p->k, macro_precision (&any, n_classes));
  add_score (scores, "macro_p_at_%_other_subject", p->k, macro_precision (&other, n_classes));
  add_score (scores, "same_subject_share_at_%", p->k,
             any.n_hits > 0 ? (double) any.n_same_subject / (double) any.n_hits : (double) NAN);
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_retrieval = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "retrieval",
    .label = N_ ("Retrieval"),
    .description = N_ ("Share of the nearest pictures that show the query's class, with and without "
                       "pictures of the same person"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .evaluate = evaluate,
};
