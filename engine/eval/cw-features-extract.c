/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-features-private.h"

#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "image/cw-views.h"

#include <math.h>
#include <string.h>

#define BATCH CW_FEATURES_BATCH
#define N_SLOTS 2
#define PIXELS_SIDE 24

/* One kind of features on its way. */
typedef struct
{
  CwFeaturesSource source;
  CwPlan *plan;
  CwPreprocess preprocess;
  CwFeatures *features; /* n grows as rows come in */
} Sink;

#define MAX_SINKS CW_FEATURES_MAX_SOURCES

/* Pictures on their way: decoded by the team while the slot before is embedded. */
typedef struct
{
  guint first, n;
  float *pixels[MAX_SINKS]; /* [BATCH, size, size, 3] as each sink wants them */
  guint64 hashes[BATCH];
  GError *errors[BATCH];    /* NULL = read */
  guint n_pending;          /* guarded by the extraction's lock */
} Slot;

/* One picture to decode. */
typedef struct
{
  Slot *slot;
  guint i;
} Task;

typedef struct
{
  CwDataset *dataset;
  const guint32 *items;
  guint n_items, n_batches;
  Sink sinks[MAX_SINKS];
  guint n_sinks;
  int max_side; /* of the decoded picture */
  GCancellable *cancellable;

  GThreadPool *team;
  GMutex lock;
  GCond decoded;
  Slot slots[N_SLOTS];
  Task tasks[N_SLOTS][BATCH];

  const char *what;
  CwFeaturesOutcome outcome;
  GError *first_error;
} Extraction;

static size_t
picture_floats (const Sink *sink)
{
  return (size_t) sink->preprocess.size * (size_t) sink->preprocess.size * 3;
}

static void
prepare (const Sink *sink, guint32 item, const CwImage *image, float *out)
{
  if (sink->source.prepare != NULL)
    sink->source.prepare (item, image, out, sink->source.prepare_data);
  else
    cw_preprocess_picture (&sink->preprocess, image, out);
}

static void
decode (gpointer task_pointer, gpointer extraction)
{
  Extraction *x = extraction;
  Task *task = task_pointer;
  Slot *slot = task->slot;
  guint i = task->i;
  guint32 item = x->items[slot->first + i];

  if (!g_cancellable_set_error_if_cancelled (x->cancellable, &slot->errors[i]))
    {
      g_autoptr (CwImage) image = cw_dataset_load_image (x->dataset, item, x->max_side,
                                                         &slot->errors[i]);

      if (image != NULL)
        {
          slot->hashes[i] = cw_image_hash (image);
          for (guint s = 0; s < x->n_sinks; s++)
            prepare (&x->sinks[s], item, image,
                     slot->pixels[s] + i * picture_floats (&x->sinks[s]));
        }
    }
  g_mutex_lock (&x->lock);
  if (--slot->n_pending == 0)
    g_cond_signal (&x->decoded);
  g_mutex_unlock (&x->lock);
}

/* Batches follow the order of the items and are as even as can be, so that with statistics of the
 * batch the last one has not just a picture or two. */
static guint
first_of_batch (const Extraction *x, guint batch)
{
  return (guint) ((guint64) x->n_items * batch / x->n_batches);
}

static void
start_batch (Extraction *x, guint batch)
{
  guint number = batch % N_SLOTS;
  Slot *slot = &x->slots[number];

  slot->first = first_of_batch (x, MIN (batch, x->n_batches));
  slot->n = batch < x->n_batches ? first_of_batch (x, batch + 1) - slot->first : 0;
  slot->n_pending = slot->n;
  for (guint i = 0; i < slot->n; i++)
    {
      x->tasks[number][i] = (Task) { slot, i };
      g_thread_pool_push (x->team, &x->tasks[number][i], NULL);
    }
}

static void
wait_for_slot (Extraction *x, Slot *slot)
{
  g_mutex_lock (&x->lock);
  while (slot->n_pending > 0)
    g_cond_wait (&x->decoded, &x->lock);
  g_mutex_unlock (&x->lock);
}

/* Grey (BT.601) with mean 0 and deviation 1; a picture without contrast is zero. */
static void
embed_pixels (const float *pixels, guint n, float *rows)
{
  const int count = PIXELS_SIDE * PIXELS_SIDE;

  for (guint i = 0; i < n; i++)
    {
      const float *rgb = pixels + (gsize) i * (gsize) count * 3;
      float *row = rows + (gsize) i * (gsize) count;
      double sum = 0, squares = 0, scale;

      for (int j = 0; j < count; j++)
        {
          row[j] = 0.299f * rgb[3 * j] + 0.587f * rgb[3 * j + 1] + 0.114f * rgb[3 * j + 2];
          sum += (double) row[j];
        }
      sum /= count;
      for (int j = 0; j < count; j++)
        squares += ((double) row[j] - sum) * ((double) row[j] - sum);
      scale = sqrt (squares / count);
      /* Half a step of 8-bit grey is rounding. */
      scale = scale > 0.5 / 255 ? 1 / scale : 0;
      for (int j = 0; j < count; j++)
        row[j] = (float) (((double) row[j] - sum) * scale);
    }
}

/* The pictures @read (numbers in the slot) of a slot, behind the rows already there. */
static void
fill_sink (Extraction *x, guint number, Slot *slot, const guint *read, guint n)
{
  Sink *sink = &x->sinks[number];
  CwFeatures *f = sink->features;
  float *pixels = slot->pixels[number], *rows = f->x + (gsize) f->n * (gsize) f->dim;
  size_t floats = picture_floats (sink);

  for (guint i = 0; i < n; i++)
    {
      if (read[i] != i)
        memcpy (pixels + i * floats, pixels + read[i] * floats, floats * sizeof (float));
      _cw_features_set_item (f, f->n + i, x->dataset, x->items[slot->first + read[i]]);
      f->hashes[f->n + i] = slot->hashes[read[i]];
    }
  if (sink->source.model != NULL)
    cw_model_embed (sink->source.model, sink->plan, pixels, (int) n, rows);
  else
    embed_pixels (pixels, n, rows);
  f->n += n;
}

static void
take_slot (Extraction *x, Slot *slot)
{
  guint read[BATCH], n = 0;

  for (guint i = 0; i < slot->n; i++)
    {
      if (slot->errors[i] == NULL)
        {
          read[n++] = i;
          continue;
        }
      x->outcome.n_skipped++;
      if (slot->errors[i]->domain != CW_ERROR || slot->errors[i]->code == CW_ERROR_NO_MEMORY)
        x->outcome.lasting = FALSE;
      if (x->first_error == NULL)
        x->first_error = g_steal_pointer (&slot->errors[i]);
      g_clear_error (&slot->errors[i]);
    }
  for (guint s = 0; n > 0 && s < x->n_sinks; s++)
    fill_sink (x, s, slot, read, n);
}

/* Rows of a batch that was stopped are never seen: cw_job_progress() fails from then on. */
static gboolean
is_cancelled (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

static gboolean
extract_all (Extraction *x, CwJob *job, GError **error)
{
  start_batch (x, 0);
  for (guint batch = 0; batch < x->n_batches; batch++)
    {
      Slot *slot = &x->slots[batch % N_SLOTS];

      wait_for_slot (x, slot);
      start_batch (x, batch + 1);
      /* Asked before the slot is used: once cancelled, its pictures are missing. */
      if (!cw_job_progress (job, (double) batch / x->n_batches, x->what, error))
        return FALSE;
      take_slot (x, slot);
    }
  if (x->first_error != NULL && x->outcome.n_skipped == x->n_items)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: none of %u pictures could be read; first: %s",
                   cw_dataset_get_location (x->dataset), x->n_items, x->first_error->message);
      return FALSE;
    }
  return cw_job_progress (job, 1, x->what, error);
}

static int
side_of (const CwFeaturesSource *source)
{
  return source->model != NULL ? source->model->size : PIXELS_SIDE;
}

int
_cw_features_dim (const CwFeaturesSource *source)
{
  return source->model != NULL ? source->model->dim : PIXELS_SIDE * PIXELS_SIDE;
}

int
_cw_features_max_side (const CwFeaturesSource *sources, guint n_sources)
{
  int side = 0;

  /* Twice the side: enough for a good reduction, little enough to decode fast. */
  for (guint s = 0; s < n_sources; s++)
    side = MAX (side, 2 * side_of (&sources[s]));
  return side;
}

static gboolean
add_sink (Extraction *x, const CwFeaturesSource *source, GError **error)
{
  Sink *sink = &x->sinks[x->n_sinks];
  const CwModel *model = source->model;

  sink->source = *source;
  if (model != NULL)
    sink->preprocess = cw_features_preprocess (model);
  else
    sink->preprocess = (CwPreprocess){ side_of (source), { 0, 0, 0 }, { 1, 1, 1 } };
  sink->features = cw_features_new (x->n_items, _cw_features_dim (source));
  if (sink->features == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory for features of %u pictures",
                   x->n_items);
      return FALSE;
    }
  sink->features->n = 0;
  sink->plan = model != NULL ? cw_model_plan (model, BATCH) : NULL;
  if (sink->plan != NULL && x->cancellable != NULL)
    cw_plan_set_stop (sink->plan, is_cancelled, x->cancellable);
  for (guint s = 0; s < N_SLOTS; s++)
    x->slots[s].pixels[x->n_sinks] = g_new (float, BATCH * picture_floats (sink));
  x->n_sinks++;
  return TRUE;
}

static void
extraction_free (Extraction *x)
{
  if (x->team != NULL)
    g_thread_pool_free (x->team, TRUE, TRUE);
  for (guint s = 0; s < MAX_SINKS; s++)
    {
      cw_features_free (x->sinks[s].features);
      g_clear_pointer (&x->sinks[s].plan, cw_plan_free);
      for (guint slot = 0; slot < N_SLOTS; slot++)
        g_free (x->slots[slot].pixels[s]);
    }
  for (guint slot = 0; slot < N_SLOTS; slot++)
    {
      for (guint i = 0; i < BATCH; i++)
        g_clear_error (&x->slots[slot].errors[i]);
    }
  g_clear_error (&x->first_error);
  g_mutex_clear (&x->lock);
  g_cond_clear (&x->decoded);
  g_free (x);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Extraction, extraction_free)

gboolean
_cw_features_extract (const CwFeaturesSource *sources, guint n_sources, int max_side,
                      CwDataset *dataset, const guint32 *items, guint n_items, const char *what,
                      CwFeatures **features, CwFeaturesOutcome *outcome, CwJob *job, GError **error)
{
  g_autoptr (Extraction) x = g_new0 (Extraction, 1);

  g_return_val_if_fail (n_sources > 0 && n_sources <= MAX_SINKS, FALSE);
  g_return_val_if_fail (n_items > 0, FALSE);

  g_mutex_init (&x->lock);
  g_cond_init (&x->decoded);
  x->dataset = dataset;
  x->items = items;
  x->n_items = n_items;
  x->n_batches = (n_items + BATCH - 1) / BATCH;
  x->max_side = max_side;
  x->what = what;
  x->outcome.lasting = TRUE;
  x->cancellable = cw_job_get_cancellable (job);
  for (guint s = 0; s < n_sources; s++)
    {
      if (!add_sink (x, &sources[s], error))
        return FALSE;
    }
  x->team = g_thread_pool_new (decode, x, cw_parallel_get_threads (), FALSE, NULL);
  if (!extract_all (x, job, error))
    return FALSE;

  for (guint s = 0; s < x->n_sinks; s++)
    features[s] = g_steal_pointer (&x->sinks[s].features);
  *outcome = x->outcome;
  return TRUE;
}

gboolean
_cw_features_extract_again (const CwFeaturesSource *sources, guint n_sources, int max_side,
                            CwDataset *dataset, const CwFeatures *rows, const char *what,
                            CwFeatures **features, CwJob *job, GError **error)
{
  CwFeaturesOutcome outcome;

  if (!_cw_features_extract (sources, n_sources, max_side, dataset, rows->items, rows->n, what,
                             features, &outcome, job, error))
    return FALSE;
  if (outcome.n_skipped == 0)
    return TRUE;
  for (guint s = 0; s < n_sources; s++)
    g_clear_pointer (&features[s], cw_features_free);
  g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
               "%s: %u pictures that could be read cannot be read any more; try again",
               cw_dataset_get_location (dataset), outcome.n_skipped);
  return FALSE;
}
