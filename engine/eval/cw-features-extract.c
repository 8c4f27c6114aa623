/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "config.h"

#include "eval/cw-features.h"

#include "base/cw-error.h"
#include "base/cw-parallel.h"
#include "image/cw-views.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define BATCH 64
#define N_SLOTS 2
#define PIXELS_SIDE 24

/* One kind of features: of a model, or pixels. */
typedef struct
{
  const CwModel *model; /* (nullable): pixels */
  CwPlan *plan;
  CwPreprocess preprocess;
  CwFeatures *features; /* n grows as rows come in */
} Sink;

#define MAX_SINKS (CW_FEATURES_MAX_MODELS + 1)

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
  guint n_items;
  Sink sinks[MAX_SINKS];
  guint n_sinks;
  int max_side; /* of the decoded picture */
  GCancellable *cancellable;

  GThreadPool *team;
  GMutex lock;
  GCond decoded;
  Slot slots[N_SLOTS];
  Task tasks[N_SLOTS][BATCH];

  guint n_skipped;
  GError *first_error;
} Extraction;

static size_t
picture_floats (const Sink *sink)
{
  return (size_t) sink->preprocess.size * (size_t) sink->preprocess.size * 3;
}

static void
decode (gpointer task_pointer, gpointer extraction)
{
  Extraction *x = extraction;
  Task *task = task_pointer;
  Slot *slot = task->slot;
  guint i = task->i;

  if (!g_cancellable_set_error_if_cancelled (x->cancellable, &slot->errors[i]))
    {
      g_autoptr (CwImage) image = cw_dataset_load_image (x->dataset, x->items[slot->first + i],
                                                         x->max_side, &slot->errors[i]);

      if (image != NULL)
        {
          slot->hashes[i] = cw_image_hash (image);
          for (guint s = 0; s < x->n_sinks; s++)
            cw_preprocess_picture (&x->sinks[s].preprocess, image,
                                   slot->pixels[s] + i * picture_floats (&x->sinks[s]));
        }
    }
  g_mutex_lock (&x->lock);
  if (--slot->n_pending == 0)
    g_cond_signal (&x->decoded);
  g_mutex_unlock (&x->lock);
}

static void
start_slot (Extraction *x, guint number, guint first)
{
  Slot *slot = &x->slots[number];

  slot->first = first;
  slot->n = first < x->n_items ? MIN (BATCH, x->n_items - first) : 0;
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
      guint32 item = x->items[slot->first + read[i]];
      const CwItem *about = cw_dataset_get_item (x->dataset, item);

      if (read[i] != i)
        memcpy (pixels + i * floats, pixels + read[i] * floats, floats * sizeof (float));
      f->items[f->n + i] = item;
      f->labels[f->n + i] = about->label;
      f->subjects[f->n + i] = about->subject;
      f->hashes[f->n + i] = slot->hashes[read[i]];
    }
  if (sink->model != NULL)
    cw_model_embed (sink->model, sink->plan, pixels, (int) n, rows);
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
      x->n_skipped++;
      if (x->first_error == NULL)
        x->first_error = g_steal_pointer (&slot->errors[i]);
      g_clear_error (&slot->errors[i]);
    }
  for (guint s = 0; n > 0 && s < x->n_sinks; s++)
    fill_sink (x, s, slot, read, n);
}

static gboolean
extract_all (Extraction *x, CwJob *job, GError **error)
{
  guint number = 0;

  start_slot (x, 0, 0);
  for (guint first = 0; first < x->n_items; first += BATCH, number = (number + 1) % N_SLOTS)
    {
      wait_for_slot (x, &x->slots[number]);
      start_slot (x, (number + 1) % N_SLOTS, first + BATCH);
      /* Asked before the slot is used: once cancelled, its pictures are missing. */
      if (!cw_job_progress (job, (double) first / x->n_items, _ ("Reading and embedding pictures"),
                            error))
        return FALSE;
      take_slot (x, &x->slots[number]);
    }
  if (x->first_error != NULL && x->n_skipped == x->n_items)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: none of %u pictures could be read; first: %s",
                   cw_dataset_get_location (x->dataset), x->n_items, x->first_error->message);
      return FALSE;
    }
  return cw_job_progress (job, 1, _ ("Reading and embedding pictures"), error);
}

/* @model: NULL = pixels */
static gboolean
add_sink (Extraction *x, const CwModel *model, GError **error)
{
  Sink *sink = &x->sinks[x->n_sinks];

  sink->model = model;
  if (model != NULL)
    {
      sink->preprocess.size = model->size;
      memcpy (sink->preprocess.mean, model->mean, sizeof model->mean);
      memcpy (sink->preprocess.std, model->std, sizeof model->std);
    }
  else
    {
      sink->preprocess.size = PIXELS_SIDE;
      for (int c = 0; c < 3; c++)
        sink->preprocess.std[c] = 1.0f;
    }
  sink->features
      = cw_features_new (x->n_items, model != NULL ? model->dim : PIXELS_SIDE * PIXELS_SIDE);
  if (sink->features == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory for features of %u pictures",
                   x->n_items);
      return FALSE;
    }
  sink->features->n = 0;
  sink->plan = model != NULL ? cw_model_plan (model, BATCH) : NULL;
  for (guint s = 0; s < N_SLOTS; s++)
    x->slots[s].pixels[x->n_sinks] = g_new (float, BATCH * picture_floats (sink));
  /* Twice the side: enough for a good reduction, little enough to decode fast. */
  x->max_side = MAX (x->max_side, 2 * sink->preprocess.size);
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
cw_features_embed_all (const CwModel *const *models, guint n_models, gboolean pixels,
                       CwDataset *dataset, const guint32 *items, guint n_items,
                       CwFeatures **features, guint *n_skipped, CwJob *job, GError **error)
{
  g_autoptr (Extraction) x = g_new0 (Extraction, 1);

  g_return_val_if_fail (n_models <= CW_FEATURES_MAX_MODELS, FALSE);
  g_return_val_if_fail (n_models > 0 || pixels, FALSE);

  g_mutex_init (&x->lock);
  g_cond_init (&x->decoded);
  x->dataset = dataset;
  x->items = items;
  x->n_items = n_items;
  x->cancellable = cw_job_get_cancellable (job);
  if (n_items == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: no pictures to embed",
                   cw_dataset_get_location (dataset));
      return FALSE;
    }
  for (guint m = 0; m < n_models; m++)
    {
      if (!add_sink (x, models[m], error))
        return FALSE;
    }
  if (pixels && !add_sink (x, NULL, error))
    return FALSE;
  x->team = g_thread_pool_new (decode, x, cw_parallel_get_threads (), FALSE, NULL);
  if (!extract_all (x, job, error))
    return FALSE;

  for (guint s = 0; s < x->n_sinks; s++)
    {
      features[s] = g_steal_pointer (&x->sinks[s].features);
      if (s < n_models)
        features[s]->model_sha256 = cw_features_hash_model (models[s]);
    }
  if (n_skipped != NULL)
    *n_skipped = x->n_skipped;
  return TRUE;
}

CwFeatures *
cw_features_embed (const CwModel *model, CwDataset *dataset, const guint32 *items, guint n_items,
                   guint *n_skipped, CwJob *job, GError **error)
{
  CwFeatures *features;

  return cw_features_embed_all (&model, 1, FALSE, dataset, items, n_items, &features, n_skipped, job,
                                error)
             ? features : NULL;
}

CwFeatures *
cw_features_pixels (CwDataset *dataset, const guint32 *items, guint n_items, guint *n_skipped,
                    CwJob *job, GError **error)
{
  CwFeatures *features;

  return cw_features_embed_all (NULL, 0, TRUE, dataset, items, n_items, &features, n_skipped, job,
                                error)
             ? features : NULL;
}
