/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-features-cache.h"
#include "eval/cw-features-private.h"

#include "base/cw-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is wanted of which pictures, and what there is of it. */
typedef struct
{
  CwDataset *dataset;
  const guint32 *items;
  guint n_items;
  CwFeaturesSource sources[CW_FEATURES_MAX_SOURCES];
  char *hashes[CW_FEATURES_MAX_SOURCES]; /* of the models; NULL = pixels */
  char *keys[CW_FEATURES_MAX_SOURCES];   /* NULL = not cached */
  CwFeatures *features[CW_FEATURES_MAX_SOURCES];
  guint n_sources;
  int max_side;
} Request;

static void
request_clear (Request *request)
{
  for (guint s = 0; s < request->n_sources; s++)
    {
      g_free (request->hashes[s]);
      g_free (request->keys[s]);
      cw_features_free (request->features[s]);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static void
look_up (Request *r, const char *state)
{
  for (guint s = 0; s < r->n_sources; s++)
    {
      r->keys[s] = _cw_features_cache_key (&r->sources[s], r->hashes[s], r->max_side, r->dataset,
                                           r->items, r->n_items, state);
      r->features[s] = _cw_features_cache_load (r->keys[s], r->dataset, r->items, r->n_items,
                                                _cw_features_dim (&r->sources[s]));
    }
}

/* The same pictures were read each time. */
static gboolean
agree (const Request *r)
{
  for (guint s = 1; s < r->n_sources; s++)
    {
      if (r->features[s]->n != r->features[0]->n
          || memcmp (r->features[s]->items, r->features[0]->items,
                     r->features[0]->n * sizeof (guint32)) != 0)
        return FALSE;
    }
  return TRUE;
}

/* Those that are missing; @made says which. */
static gboolean
extract_missing (Request *r, gboolean *made, CwFeaturesOutcome *outcome, CwJob *job, GError **error)
{
  CwFeaturesSource missing[CW_FEATURES_MAX_SOURCES];
  CwFeatures *found[CW_FEATURES_MAX_SOURCES];
  guint n = 0;

  for (guint s = 0; s < r->n_sources; s++)
    {
      made[s] = r->features[s] == NULL;
      if (made[s])
        missing[n++] = r->sources[s];
    }
  if (n == 0)
    return cw_job_progress (job, 1, _ ("Reading kept features"), error);
  if (!_cw_features_extract (missing, n, r->max_side, r->dataset, r->items, r->n_items,
                             _ ("Reading and embedding pictures"), found, outcome, job, error))
    return FALSE;
  n = 0;
  for (guint s = 0; s < r->n_sources; s++)
    {
      if (made[s])
        r->features[s] = found[n++];
    }
  return TRUE;
}

static gboolean
fulfil (Request *r, CwJob *job, GError **error)
{
  gboolean caching = cw_features_cache_get_limit () > 0, made[CW_FEATURES_MAX_SOURCES];
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  CwFeaturesOutcome outcome = { 0, FALSE };

  if (caching)
    {
      before = cw_dataset_dup_state (r->dataset, r->items, r->n_items);
      look_up (r, before);
    }
  if (!extract_missing (r, made, &outcome, job, error))
    return FALSE;
  if (!agree (r))
    {
      /* A picture that could be read once and not the other time. */
      for (guint s = 0; s < r->n_sources; s++)
        g_clear_pointer (&r->features[s], cw_features_free);
      if (!extract_missing (r, made, &outcome, job, error))
        return FALSE;
    }
  if (!caching || !outcome.lasting)
    return TRUE;
  /* Files that changed meanwhile: nobody knows what was read. */
  after = cw_dataset_dup_state (r->dataset, r->items, r->n_items);
  for (guint s = 0; s < r->n_sources && strcmp (before, after) == 0; s++)
    {
      if (made[s])
        _cw_features_cache_save (r->keys[s], r->features[s], r->items, r->n_items);
    }
  return TRUE;
}

gboolean
cw_features_embed_all (const CwModel *const *models, guint n_models, gboolean pixels, int max_side,
                       CwDataset *dataset, const guint32 *items, guint n_items,
                       CwFeatures **features, guint *n_skipped, CwJob *job, GError **error)
{
  g_auto (Request) r = { .dataset = dataset, .items = items, .n_items = n_items };

  g_return_val_if_fail (n_models <= CW_FEATURES_MAX_MODELS, FALSE);
  g_return_val_if_fail (n_models > 0 || pixels, FALSE);

  if (n_items == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: no pictures to embed",
                   cw_dataset_get_location (dataset));
      return FALSE;
    }
  r.n_sources = n_models + (pixels ? 1 : 0);
  for (guint m = 0; m < n_models; m++)
    {
      r.sources[m].model = models[m];
      r.hashes[m] = cw_features_hash_model (models[m]);
    }
  r.max_side = MAX (max_side, _cw_features_max_side (r.sources, r.n_sources));
  if (!fulfil (&r, job, error))
    return FALSE;
  for (guint s = 0; s < r.n_sources; s++)
    {
      r.features[s]->model_sha256 = g_steal_pointer (&r.hashes[s]);
      features[s] = g_steal_pointer (&r.features[s]);
    }
  if (n_skipped != NULL)
    *n_skipped = n_items - features[0]->n;
  return TRUE;
}

CwFeatures *
cw_features_embed (const CwModel *model, CwDataset *dataset, const guint32 *items, guint n_items,
                   guint *n_skipped, CwJob *job, GError **error)
{
  CwFeatures *features;

  return cw_features_embed_all (&model, 1, FALSE, 0, dataset, items, n_items, &features, n_skipped,
                                job, error)
             ? features : NULL;
}

CwFeatures *
cw_features_pixels (CwDataset *dataset, const guint32 *items, guint n_items, guint *n_skipped,
                    CwJob *job, GError **error)
{
  CwFeatures *features;

  return cw_features_embed_all (NULL, 0, TRUE, 0, dataset, items, n_items, &features, n_skipped, job,
                                error)
             ? features : NULL;
}
