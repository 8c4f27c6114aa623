/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-selection.h"

#include "base/cw-error.h"
#include "data/cw-split.h"
#include "eval/cw-features-private.h"
#include "eval/cw-linear.h"
#include "eval/cw-render-pool.h"
#include "nn/cw-representation.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* No training gets so far. */
#define EPOCH G_MAXUINT32
#define MAX_ITERATIONS 500
/* Shares of the whole: views; clean pictures and the probe are the rest. */
#define VIEWS_SPAN 0.4

enum
{
  ANCHOR,
  POSITIVE,
  NEGATIVE,
  N_VIEWS,
};

typedef struct
{
  const CwViews *views;
  CwPreprocess preprocess; /* the model's */
  CwDataset *dataset;
  guint64 seed;
  GAsyncQueue *pool; /* CwRenderBuffers */
} Stage;

typedef struct
{
  Stage *stage;
  int view;
} StageView;

static void
render (guint32 item, const CwImage *image, float *out, gpointer data)
{
  const StageView *v = data;
  Stage *stage = v->stage;
  int size = stage->preprocess.size;
  CwRenderBuffers *buffers = _cw_render_pool_take (stage->pool, size);
  CwPoint points[CW_N_LANDMARKS];
  CwViewDraw draw;

  cw_dataset_get_landmarks (stage->dataset, item, points);
  cw_views_draw (stage->views, stage->seed, EPOCH, item, v->view, image->w, image->h, points,
                 CW_N_LANDMARKS, &draw);
  cw_views_render (stage->views, &draw, image, buffers->renderer, out, buffers->field);
  cw_preprocess_apply (&stage->preprocess, out, (size_t) size * (size_t) size);
  _cw_render_pool_give_back (stage->pool, buffers);
}

/* (transfer full): at most CW_SELECTION_PICTURES of @items, evenly. */
static GArray *
thin_out (const GArray *items)
{
  guint n = MIN (items->len, CW_SELECTION_PICTURES);
  GArray *few = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < n; i++)
    g_array_append_val (few, g_array_index (items, guint32, (guint64) items->len * i / n));
  return few;
}

static void
compare_views (CwFeatures *const features[N_VIEWS], CwSelectionScores *scores)
{
  const float *anchors = features[ANCHOR]->x, *positives = features[POSITIVE]->x;
  guint n = features[ANCHOR]->n;
  int dim = features[ANCHOR]->dim;
  g_autofree double *scratch = g_new (double, cw_representation_scratch (n, dim));

  scores->n_pictures = n;
  scores->alignment = cw_alignment (n, dim, anchors, positives);
  scores->uniformity = cw_uniformity (n, dim, anchors, scratch);
  scores->margin_auc
      = cw_warp_notice (n, dim, anchors, positives, features[NEGATIVE]->x, 1, n, scratch).paired;
}

static gboolean
score_views (const CwModel *model, const CwViews *views, CwDataset *dataset, const GArray *items,
             guint64 seed, CwSelectionScores *scores, CwJob *job, GError **error)
{
  g_autoptr (CwViews) copy = cw_views_copy (views);
  g_autoptr (GArray) few = thin_out (items);
  g_autoptr (GAsyncQueue) pool = _cw_render_pool_new ();
  Stage stage = { copy, cw_features_preprocess (model), dataset, seed, pool };
  StageView stage_views[N_VIEWS];
  CwFeaturesSource sources[N_VIEWS];
  CwFeatures *f[N_VIEWS];
  CwFeaturesOutcome outcome;

  copy->preprocess.size = model->size;
  copy->negatives.count = MAX (copy->negatives.count, 1);
  for (int v = 0; v < N_VIEWS; v++)
    {
      stage_views[v] = (StageView){ &stage, v };
      sources[v] = (CwFeaturesSource){ model, render, &stage_views[v] };
    }
  if (!_cw_features_extract (sources, N_VIEWS, _cw_features_max_side (sources, N_VIEWS), dataset,
                             (const guint32 *) (gconstpointer) few->data, few->len,
                             _ ("Making and embedding views"), f, &outcome, job, error))
    return FALSE;
  compare_views (f, scores);
  for (int v = 0; v < N_VIEWS; v++)
    cw_features_free (f[v]);
  return TRUE;
}

static gboolean
score_probe (const CwFeatures *fit, const CwFeatures *scored, guint64 seed, double *accuracy,
             CwJob *job, GError **error)
{
  g_autoptr (CwFeatures) rest = cw_features_without_copies (scored, fit, NULL);
  g_autoptr (CwLinear) probe = NULL;
  g_autofree int *answers = g_new (int, rest->n + 1);
  guint n_right = 0;

  probe = cw_linear_fit_best (fit, seed, MAX_ITERATIONS, job, error);
  if (probe == NULL || !cw_linear_predict (probe, rest->x, rest->n, answers, error))
    return FALSE;
  for (guint i = 0; i < rest->n; i++)
    n_right += answers[i] == rest->labels[i];
  *accuracy = rest->n > 0 ? (double) n_right / rest->n : (double) NAN;
  return TRUE;
}

static CwFeatures *
embed (const CwModel *model, CwDataset *dataset, const GArray *items, CwJob *job, GError **error)
{
  return cw_features_embed (model, dataset, (const guint32 *) (gconstpointer) items->data,
                            items->len, NULL, job, error);
}

static gboolean
score_clean (const CwModel *model, CwDataset *dataset, const GArray *fit, const GArray *score,
             guint64 seed, CwSelectionScores *scores, CwJob *job, GError **error)
{
  g_autoptr (CwFeatures) scored = NULL;
  g_autoptr (CwFeatures) fitted = NULL;
  g_autofree double *scratch = NULL;

  cw_job_set_span (job, VIEWS_SPAN, 0.5);
  scored = embed (model, dataset, score, job, error);
  if (scored == NULL)
    return FALSE;
  for (gsize i = 0; i < (gsize) scored->n * (gsize) scored->dim; i++)
    {
      if (!isfinite (scored->x[i]))
        {
          g_set_error (error, CW_ERROR, CW_ERROR_DIVERGED,
                       "%s: its features are not finite; leave this checkpoint out", model->origin);
          return FALSE;
        }
    }
  scratch = g_new (double, cw_representation_scratch (scored->n, scored->dim));
  scores->rankme = cw_rank_me (scored->n, scored->dim, scored->x, scratch);
  if (fit == NULL)
    return TRUE;
  cw_job_set_span (job, 0.5, 0.9);
  fitted = embed (model, dataset, fit, job, error);
  cw_job_set_span (job, 0.9, 1);
  return fitted != NULL && score_probe (fitted, scored, seed, &scores->accuracy, job, error);
}

gboolean
cw_selection_score_model (const CwModel *model, const CwViews *views, CwDataset *dataset,
                          guint64 seed, CwSelectionScores *scores, CwJob *job, GError **error)
{
  g_autoptr (CwJob) inner = cw_job_new_inner (job);
  g_autoptr (GArray) fit = NULL;
  g_autoptr (GArray) score = NULL;
  const char *how;

  *scores = (CwSelectionScores){ .accuracy = (double) NAN };
  if (!cw_split_fit_score (dataset, seed, &fit, &score, &how, NULL))
    score = cw_split_select (dataset, CW_SPLIT_NONE);
  cw_job_set_span (inner, 0, VIEWS_SPAN);
  return score_views (model, views, dataset, score, seed, scores, inner, error)
         && score_clean (model, dataset, fit, score, seed, scores, inner, error);
}
