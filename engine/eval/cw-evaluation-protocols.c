/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-evaluation-private.h"

#include "base/cw-error.h"

#include <math.h>
#include <string.h>

static const char *const default_protocols[] = { "linear", "knn", "retrieval", NULL };

/* ---- which ones, with which parameters ---- */

/* -1 = not among them. */
static int
find_protocol (const CwEvaluation *e, const char *id)
{
  for (int p = 0; p < e->n_protocols; p++)
    {
      if (strcmp (e->protocols[p]->base.id, id) == 0)
        return p;
    }
  return -1;
}

static gboolean
add_protocol (CwEvaluation *e, const char *id, GError **error)
{
  const CwDescriptor *found = cw_registry_find (CW_KIND_EVALUATOR, id, error);

  if (found == NULL)
    return FALSE;
  if (find_protocol (e, id) >= 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "protocol '%s' is named twice", id);
      return FALSE;
    }
  if (e->n_protocols == CW_MAX_PROTOCOLS)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "more than %d protocols; evaluate in several goes", CW_MAX_PROTOCOLS);
      return FALSE;
    }
  e->params[e->n_protocols] = cw_params_block_new (found->params, found->params_size);
  e->protocols[e->n_protocols++] = (const CwEvaluatorClass *) found;
  return TRUE;
}

/* "PROTOCOL.KEY=VALUE" */
static gboolean
set_param (CwEvaluation *e, const char *set, GError **error)
{
  const char *dot = strchr (set, '.'), *equals = strchr (set, '=');
  g_autofree char *id = NULL;
  g_autofree char *key = NULL;
  int p;

  if (dot == NULL || equals == NULL || dot > equals)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s: expected PROTOCOL.KEY=VALUE", set);
      return FALSE;
    }
  id = g_strndup (set, (gsize) (dot - set));
  key = g_strndup (dot + 1, (gsize) (equals - dot - 1));
  p = find_protocol (e, id);
  if (p < 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "%s: protocol '%s' is not among those to be run", set, id);
      return FALSE;
    }
  if (cw_params_set_string (e->protocols[p]->base.params, e->params[p], NULL, key, equals + 1, error))
    return TRUE;
  g_prefix_error (error, "%s: ", set);
  return FALSE;
}

gboolean
_cw_evaluation_find_protocols (CwEvaluation *e, const char *const *protocols,
                               const char *const *sets, GError **error)
{
  const char *const *ids = protocols != NULL ? protocols : default_protocols;

  for (; *ids != NULL; ids++)
    {
      if (!add_protocol (e, *ids, error))
        return FALSE;
    }
  if (e->n_protocols == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG,
                   "no protocol is named; try linear, knn, retrieval");
      return FALSE;
    }
  for (; sets != NULL && *sets != NULL; sets++)
    {
      if (!set_param (e, *sets, error))
        return FALSE;
    }
  return TRUE;
}

void
_cw_evaluation_clear_protocols (CwEvaluation *e)
{
  for (int p = 0; p < e->n_protocols; p++)
    {
      cw_params_block_free (e->protocols[p]->base.params, e->params[p]);
      g_free (e->reasons[p]);
    }
}

gboolean
_cw_evaluation_needs_labels (const CwEvaluation *e)
{
  for (int p = 0; p < e->n_protocols; p++)
    {
      if ((e->protocols[p]->needs & CW_NEEDS_LABELS) == 0)
        return FALSE;
    }
  return TRUE;
}

gboolean
_cw_evaluation_any_needs_labels (const CwEvaluation *e)
{
  for (int p = 0; p < e->n_protocols; p++)
    {
      if ((e->protocols[p]->needs & CW_NEEDS_LABELS) != 0)
        return TRUE;
    }
  return FALSE;
}

double
_cw_evaluation_embed_span (const CwEvaluation *e)
{
  for (int p = 0; p < e->n_protocols; p++)
    {
      /* It looks at every picture again and again. */
      if ((e->protocols[p]->needs & CW_NEEDS_MODEL) != 0)
        return 0.1;
    }
  return 0.8;
}

/* ---- running them ---- */

CwFeatures *
_cw_evaluation_select_labelled (const CwFeatures *features)
{
  g_autofree guint32 *rows = g_new (guint32, MAX (features->n, 1));
  guint n = 0;

  for (guint i = 0; i < features->n; i++)
    {
      if (features->labels[i] >= 0)
        rows[n++] = i;
    }
  return cw_features_select (features, rows, n);
}

/* One protocol for one contender. */
static gboolean
run_protocol (CwEvaluation *e, int p, CwContender c, const CwSides *sides,
              const CwEvaluatorInput *common, CwJob *job, GError **error)
{
  const CwEvaluatorClass *protocol = e->protocols[p];
  CwEvaluatorInput input = *common;
  g_autoptr (CwFeatures) fit = NULL;
  g_autoptr (CwFeatures) score = NULL;

  input.fit = sides->fit;
  input.score = sides->score;
  input.model = sides->model;
  /* Where all need labels, there are no others. */
  if ((protocol->needs & CW_NEEDS_LABELS) != 0 && !_cw_evaluation_needs_labels (e))
    {
      input.fit = fit = _cw_evaluation_select_labelled (sides->fit);
      input.score = score = _cw_evaluation_select_labelled (sides->score);
    }
  return cw_evaluator_run (protocol, e->params[p], &input, &e->scores[c][p], job, error);
}

static gboolean
takes_part (const CwEvaluation *e, int p, const CwSides *sides)
{
  return sides->fit != NULL
         && (sides->model != NULL || (e->protocols[p]->needs & CW_NEEDS_MODEL) == 0);
}

/* Where a contender does not take part, its scores are there, undefined. */
static void
copy_undefined (CwScores *to, const CwScores *from)
{
  for (int i = 0; i < from->n_scores; i++)
    cw_scores_add_unit (to, from->scores[i].id, from->scores[i].unit, (double) NAN);
}

/* A protocol for which there is too little is passed over; the error where there was no other. */
static gboolean
pass_over (CwEvaluation *e, int p, GError *reason, GError **error)
{
  if (!g_error_matches (reason, CW_ERROR, CW_ERROR_EMPTY) || e->n_protocols == 1)
    {
      g_propagate_prefixed_error (error, reason, "%s: ", e->protocols[p]->base.id);
      return FALSE;
    }
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    cw_scores_clear (&e->scores[c][p]);
  e->reasons[p] = g_strdup (reason->message);
  g_error_free (reason);
  return TRUE;
}

/* All contenders of protocol @p, then what they have to do with each other. */
static gboolean
run_contenders (CwEvaluation *e, int p, const CwSides *sides,
                const CwEvaluatorInput *common, CwJob *job, GError **error)
{
  const double embedding = _cw_evaluation_embed_span (e);
  const double span = (1 - embedding) / e->n_protocols;
  CwDifference found[CW_N_CONTENDERS * CW_MAX_SCORES];
  CwScores *contenders[CW_N_CONTENDERS];

  for (int c = 0; c < CW_N_CONTENDERS; c++)
    {
      double from = embedding + span * (p + (double) c / CW_N_CONTENDERS);
      GError *reason = NULL;

      contenders[c] = &e->scores[c][p];
      cw_job_set_span (job, from, from + span / CW_N_CONTENDERS);
      if (!takes_part (e, p, &sides[c]))
        copy_undefined (&e->scores[c][p], &e->scores[CW_CONTENDER_TRAINED][p]);
      else if (!run_protocol (e, p, (CwContender) c, &sides[c], common, job, &reason))
        return pass_over (e, p, reason, error);
    }
  cw_bootstrap_scores (contenders, CW_N_CONTENDERS, common->seed, found);
  for (int c = 0; c < CW_N_CONTENDERS; c++)
    memcpy (e->differences[c][p], found + c * CW_MAX_SCORES, CW_MAX_SCORES * sizeof *found);
  return TRUE;
}

/* (transfer full): CwTriplet */
static GArray *
list_triplets (CwDataset *dataset)
{
  guint n = cw_dataset_get_n_triplets (dataset);
  GArray *triplets = g_array_sized_new (FALSE, FALSE, sizeof (CwTriplet), n);

  for (guint i = 0; i < n; i++)
    g_array_append_vals (triplets, cw_dataset_get_triplet (dataset, i), 1);
  return triplets;
}

gboolean
_cw_evaluation_run_protocols (CwEvaluation *e, const CwSides *sides, CwDataset *dataset,
                              guint64 seed, CwJob *job, GError **error)
{
  g_autoptr (GArray) triplets = list_triplets (dataset);
  CwEvaluatorInput common = { .n_classes = e->n_classes,
                              .triplets = (const CwTriplet *) (gconstpointer) triplets->data,
                              .n_triplets = triplets->len,
                              .seed = seed,
                              .dataset = dataset };
  int n_done = 0;

  for (int p = 0; p < e->n_protocols; p++)
    {
      if (!run_contenders (e, p, sides, &common, job, error))
        return FALSE;
      n_done += e->reasons[p] == NULL;
    }
  if (n_done > 0)
    return TRUE;
  g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "no protocol applies to this data; %s: %s",
               e->protocols[0]->base.id, e->reasons[0]);
  return FALSE;
}
