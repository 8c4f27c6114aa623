/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-evaluator-private.h"

#include "base/cw-error.h"
#include "eval/cw-nearest.h"
#include "eval/cw-ranking.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * Queries are the scored pictures, one after the other; neighbours are ranked by cosine. For each query
 *
 *   P@k       share of the nearest k (of all where there are fewer) that show its class
 *   recall@k  1 where one of the nearest k shows its class, else 0
 *   AP        mean, over the pictures of its class, of the precision where each stands in the ranking
 *
 * and a score is the mean of the queries. One of whose class there is no other picture has no recall and
 * no AP; one without neighbours has nothing.
 */

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
                N_ ("How many of the nearest pictures are looked at, beside 1, 5, 10 and 20")),
  CW_PARAM_ENUM (Params, gallery, "gallery", N_ ("Gallery"), gallery_nicks, GALLERY_SCORE,
                 N_ ("Where neighbours are looked for: the other scored pictures, the fitted ones, or "
                     "both")),
  CW_PARAM_END,
};

static const int usual_ks[] = { 1, 5, 10, 20 };
#define MAX_KS (G_N_ELEMENTS (usual_ks) + 1)

/* Who may be a neighbour. */
enum
{
  ANYBODY,
  OTHER_SUBJECTS,
  N_BARS,
};

/* Figures of the queries, `[n_score]` each. */
typedef struct
{
  double *precision[MAX_KS], *recall[MAX_KS], *ap;
} Figures;

/* The gallery: scored rows first, then fitted ones, as far as each belongs to it. */
typedef struct
{
  const CwFeatures *score, *fit;
  guint n, n_score; /* rows; those of the scored side */
  float *rows;      /* [n, dim], normalised */
  int ks[MAX_KS];
  int n_ks, k;      /* k: that of the shares of persons and classes */
  Figures figures[N_BARS];
  double *same_subject; /* [n_score]: share among the nearest k */
} Search;

static const CwFeatures *
side_of (const Search *s, guint32 *row)
{
  if (*row < s->n_score)
    return s->score;
  *row -= s->n_score;
  return s->fit;
}

/* ---- one query ---- */

/* How far down a ranking one has come. */
typedef struct
{
  guint n, n_right;
  double ap;
} Count;

static void
count_row (const Search *s, guint query, Count *count, const Figures *figures, gboolean right)
{
  count->n++;
  if (right)
    {
      count->n_right++;
      count->ap += (double) count->n_right / count->n;
    }
  for (int i = 0; i < s->n_ks; i++)
    {
      if ((int) count->n > s->ks[i])
        continue;
      figures->precision[i][query] = (double) count->n_right / count->n;
      figures->recall[i][query] = count->n_right > 0;
    }
}

static void
finish_query (const Search *s, guint query, const Count *count, const Figures *figures)
{
  if (count->n_right > 0)
    figures->ap[query] = count->ap / count->n_right;
  for (int i = 0; count->n_right == 0 && i < s->n_ks; i++)
    figures->recall[i][query] = (double) NAN;
}

static void
take_ranking (guint query, const guint32 *order, gpointer user_data)
{
  const Search *s = user_data;
  Count counts[N_BARS] = { { 0 } };
  guint n_same = 0;

  for (guint i = 0; i < s->n; i++)
    {
      guint32 row = order[i];
      const CwFeatures *side = side_of (s, &row);
      gboolean right = side->labels[row] == s->score->labels[query], same;

      if ((side == s->score && row == query)
          || _cw_evaluator_is_copy (s->score, query, side, row))
        continue;
      same = _cw_evaluator_is_same_subject (s->score, query, side, row);
      count_row (s, query, &counts[ANYBODY], &s->figures[ANYBODY], right);
      if (!same)
        count_row (s, query, &counts[OTHER_SUBJECTS], &s->figures[OTHER_SUBJECTS], right);
      if (counts[ANYBODY].n > (guint) s->k)
        continue;
      n_same += same;
      if (s->score->subjects[query] >= 0)
        s->same_subject[query] = (double) n_same / counts[ANYBODY].n;
    }
  for (int bar = 0; bar < N_BARS; bar++)
    finish_query (s, query, &counts[bar], &s->figures[bar]);
}

/* ---- all queries ---- */

/* The usual ones, and the wanted one in its place. */
static void
choose_ks (Search *s, int k)
{
  gboolean placed = FALSE;

  s->k = k;
  for (gsize i = 0; i < G_N_ELEMENTS (usual_ks); i++)
    {
      if (!placed && k <= usual_ks[i])
        {
          placed = TRUE;
          if (k < usual_ks[i])
            s->ks[s->n_ks++] = k;
        }
      s->ks[s->n_ks++] = usual_ks[i];
    }
  if (!placed)
    s->ks[s->n_ks++] = k;
}

static double *
new_figure (GPtrArray *owner, guint n)
{
  double *figure = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    figure[i] = (double) NAN;
  g_ptr_array_add (owner, figure);
  return figure;
}

static void
make_figures (Search *s, GPtrArray *owner)
{
  guint n = s->score->n;

  for (int bar = 0; bar < N_BARS; bar++)
    {
      for (int i = 0; i < s->n_ks; i++)
        {
          s->figures[bar].precision[i] = new_figure (owner, n);
          s->figures[bar].recall[i] = new_figure (owner, n);
        }
      s->figures[bar].ap = new_figure (owner, n);
    }
  s->same_subject = new_figure (owner, n);
}

/* Mean of the classes, so that a frequent one does not speak for all. */
static double
macro_mean (const double *figure, const CwFeatures *score, int n_classes)
{
  g_autofree double *sums = g_new0 (double, n_classes);
  g_autofree guint *counts = g_new0 (guint, n_classes);
  double sum = 0;
  int n = 0;

  for (guint i = 0; i < score->n; i++)
    {
      if (isnan (figure[i]))
        continue;
      sums[score->labels[i]] += figure[i];
      counts[score->labels[i]]++;
    }
  for (int c = 0; c < n_classes; c++)
    {
      if (counts[c] == 0)
        continue;
      sum += sums[c] / counts[c];
      n++;
    }
  return n > 0 ? sum / n : (double) NAN;
}

static void
add_scores (const Search *s, int n_classes, CwScores *scores)
{
  static const struct
  {
    const char *precision, *macro, *recall, *map;
  } ids[N_BARS] = {
    { "p_at_%", "macro_p_at_%", "recall_at_%", "map" },
    { "p_at_%_other_subject", "macro_p_at_%_other_subject", "recall_at_%_other_subject",
      "map_other_subject" },
  };

  _cw_scores_start (scores, s->score);
  for (int bar = 0; bar < N_BARS; bar++)
    {
      const Figures *f = &s->figures[bar];

      for (int i = 0; i < s->n_ks; i++)
        cw_scores_add_mean (scores, _cw_scores_id (ids[bar].precision, s->ks[i]), f->precision[i]);
      for (int i = 0; i < s->n_ks; i++)
        {
          if (s->ks[i] == s->k)
            cw_scores_add (scores, _cw_scores_id (ids[bar].macro, s->k),
                           macro_mean (f->precision[i], s->score, n_classes));
        }
      for (int i = 0; i < s->n_ks; i++)
        cw_scores_add_mean (scores, _cw_scores_id (ids[bar].recall, s->ks[i]), f->recall[i]);
      cw_scores_add_mean (scores, ids[bar].map, f->ap);
    }
  cw_scores_add_mean (scores, _cw_scores_id ("same_subject_share_at_%", s->k), s->same_subject);
}

/* NULL when memory is short. */
static float *
make_gallery (const Search *s, GError **error)
{
  gsize dim = (gsize) s->score->dim;
  guint n_fit = s->n - s->n_score;
  g_autofree float *x = g_try_new (float, s->n * dim + 1);
  float *rows;

  if (x != NULL)
    {
      memcpy (x, s->score->x, s->n_score * dim * sizeof *x);
      memcpy (x + s->n_score * dim, s->fit->x, n_fit * dim * sizeof *x);
    }
  rows = x != NULL ? cw_nearest_normalise (x, s->n, s->score->dim) : NULL;
  if (rows == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory for a gallery of %u", s->n);
  return rows;
}

static gboolean
evaluate (gconstpointer params, const CwEvaluatorInput *input, CwScores *scores, CwJob *job,
          GError **error)
{
  const Params *p = params;
  const CwFeatures *score = input->score;
  g_autoptr (GPtrArray) owner = g_ptr_array_new_with_free_func (g_free);
  g_autofree float *queries = NULL;
  g_autofree float *rows = NULL;
  Search s = { .score = score, .fit = input->fit };

  s.n_score = p->gallery == GALLERY_FIT ? 0 : score->n;
  s.n = s.n_score + (p->gallery == GALLERY_SCORE ? 0 : input->fit->n);
  rows = s.rows = make_gallery (&s, error);
  if (rows == NULL)
    return FALSE;
  choose_ks (&s, p->k);
  make_figures (&s, owner);
  queries = cw_features_normalised (score);
  if (!_cw_ranking_for_each (rows, s.n, score->dim, queries, score->n, take_ranking, &s, job, error))
    return FALSE;
  add_scores (&s, input->n_classes, scores);
  return TRUE;
}

const CwEvaluatorClass _cw_evaluator_retrieval = {
  .base = {
    .abi = CW_ABI_VERSION,
    .kind = CW_KIND_EVALUATOR,
    .id = "retrieval",
    .label = N_ ("Retrieval"),
    .description = N_ ("Whether the nearest pictures show the query's class, with and without "
                       "pictures of the same person"),
    .params = specs,
    .params_size = sizeof (Params),
  },
  .needs = CW_NEEDS_LABELS,
  .evaluate = evaluate,
};
