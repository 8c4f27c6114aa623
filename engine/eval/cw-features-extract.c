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

/* Turns a batch of prepared pictures `[n, size, size, 3]` into rows `[n, dim]`. */
typedef void (*EmbedFunc) (gpointer embedder, const float *pixels, guint n, float *rows);

typedef struct _Extraction Extraction;

/* Pictures on their way: decoded by the team while the slot before is embedded. */
typedef struct
{
  guint first, n;
  float *pixels;          /* [BATCH, size, size, 3] */
  guint64 hashes[BATCH];
  GError *errors[BATCH];  /* NULL = read */
  guint n_pending;        /* guarded by the extraction's lock */
} Slot;

/* One picture to decode. */
typedef struct
{
  Slot *slot;
  guint i;
} Task;

struct _Extraction
{
  CwDataset *dataset;
  const guint32 *items;
  guint n_items;
  CwPreprocess preprocess;
  GCancellable *cancellable;
  EmbedFunc embed;
  gpointer embedder;

  GThreadPool *team;
  GMutex lock;
  GCond decoded;
  Slot slots[N_SLOTS];
  Task tasks[N_SLOTS][BATCH];

  CwFeatures *features; /* n grows as rows come in */
  guint n_skipped;
  GError *first_error;
};

static size_t
picture_floats (const Extraction *x)
{
  return (size_t) x->preprocess.size * (size_t) x->preprocess.size * 3;
}

static void
decode (gpointer task_pointer, gpointer extraction)
{
  Extraction *x = extraction;
  Task *task = task_pointer;
  Slot *slot = task->slot;

  /* Twice the side: enough for a good reduction, little enough to decode fast. */
  if (!g_cancellable_set_error_if_cancelled (x->cancellable, &slot->errors[task->i]))
    {
      g_autoptr (CwImage) image
          = cw_dataset_load_image (x->dataset, x->items[slot->first + task->i],
                                   2 * x->preprocess.size, &slot->errors[task->i]);

      if (image != NULL)
        {
          slot->hashes[task->i] = cw_image_hash (image);
          cw_preprocess_picture (&x->preprocess, image,
                                 slot->pixels + task->i * picture_floats (x));
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

/* Embeds what could be read; the rows follow those already there. */
static void
take_slot (Extraction *x, Slot *slot)
{
  CwFeatures *f = x->features;
  size_t floats = picture_floats (x);
  guint n = 0;

  for (guint i = 0; i < slot->n; i++)
    {
      guint32 item = x->items[slot->first + i];
      const CwItem *about = cw_dataset_get_item (x->dataset, item);

      if (slot->errors[i] != NULL)
        {
          x->n_skipped++;
          if (x->first_error == NULL)
            x->first_error = g_steal_pointer (&slot->errors[i]);
          g_clear_error (&slot->errors[i]);
          continue;
        }
      if (n < i)
        memcpy (slot->pixels + n * floats, slot->pixels + i * floats, floats * sizeof (float));
      f->items[f->n + n] = item;
      f->labels[f->n + n] = about->label;
      f->subjects[f->n + n] = about->subject;
      f->hashes[f->n + n] = slot->hashes[i];
      n++;
    }
  if (n > 0)
    x->embed (x->embedder, slot->pixels, n, f->x + (gsize) f->n * (gsize) f->dim);
  f->n += n;
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
  return cw_job_progress (job, 1, _ ("Reading and embedding pictures"), error);
}

static CwFeatures *
extract (Extraction *x, int dim, guint *n_skipped, CwJob *job, GError **error)
{
  gboolean ok;

  if (x->n_items == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: no pictures to embed",
                   cw_dataset_get_location (x->dataset));
      return NULL;
    }
  x->features = cw_features_new (x->n_items, dim);
  if (x->features == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory for %u features of %d",
                   x->n_items, dim);
      return NULL;
    }
  x->features->n = 0;
  x->cancellable = cw_job_get_cancellable (job);
  g_mutex_init (&x->lock);
  g_cond_init (&x->decoded);
  for (guint s = 0; s < N_SLOTS; s++)
    x->slots[s].pixels = g_new (float, BATCH * picture_floats (x));
  x->team = g_thread_pool_new (decode, x, cw_parallel_get_threads (), FALSE, NULL);

  ok = extract_all (x, job, error);

  g_thread_pool_free (x->team, TRUE, TRUE);
  for (guint s = 0; s < N_SLOTS; s++)
    {
      g_free (x->slots[s].pixels);
      for (guint i = 0; i < BATCH; i++)
        g_clear_error (&x->slots[s].errors[i]);
    }
  g_mutex_clear (&x->lock);
  g_cond_clear (&x->decoded);

  if (ok && x->features->n == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY, "%s: none of %u pictures could be read; first: %s",
                   cw_dataset_get_location (x->dataset), x->n_items, x->first_error->message);
      ok = FALSE;
    }
  g_clear_error (&x->first_error);
  if (n_skipped != NULL)
    *n_skipped = x->n_skipped;
  if (!ok)
    g_clear_pointer (&x->features, cw_features_free);
  return x->features;
}

typedef struct
{
  const CwModel *model;
  CwPlan *plan;
} ModelEmbedder;

static void
embed_with_model (gpointer embedder, const float *pixels, guint n, float *rows)
{
  ModelEmbedder *e = embedder;

  cw_model_embed (e->model, e->plan, pixels, (int) n, rows);
}

CwFeatures *
cw_features_embed (const CwModel *model, CwDataset *dataset, const guint32 *items, guint n_items,
                   guint *n_skipped, CwJob *job, GError **error)
{
  ModelEmbedder embedder = { .model = model, .plan = cw_model_plan (model, BATCH) };
  Extraction *x = g_new0 (Extraction, 1);
  CwFeatures *features;

  x->dataset = dataset;
  x->items = items;
  x->n_items = n_items;
  x->preprocess.size = model->size;
  memcpy (x->preprocess.mean, model->mean, sizeof model->mean);
  memcpy (x->preprocess.std, model->std, sizeof model->std);
  x->embed = embed_with_model;
  x->embedder = &embedder;
  features = extract (x, model->dim, n_skipped, job, error);
  if (features != NULL)
    features->model_sha256 = cw_features_hash_model (model);
  cw_plan_free (embedder.plan);
  g_free (x);
  return features;
}

/* Grey (BT.601) with mean 0 and deviation 1; a picture without contrast is zero. */
static void
embed_pixels (gpointer embedder, const float *pixels, guint n, float *rows)
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

CwFeatures *
cw_features_pixels (CwDataset *dataset, const guint32 *items, guint n_items, guint *n_skipped,
                    CwJob *job, GError **error)
{
  Extraction *x = g_new0 (Extraction, 1);
  CwFeatures *features;

  x->dataset = dataset;
  x->items = items;
  x->n_items = n_items;
  x->preprocess.size = PIXELS_SIDE;
  for (int c = 0; c < 3; c++)
    x->preprocess.std[c] = 1.0f;
  x->embed = embed_pixels;
  features = extract (x, PIXELS_SIDE * PIXELS_SIDE, n_skipped, job, error);
  g_free (x);
  return features;
}
