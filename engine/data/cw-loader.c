/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-loader.h"

#include "base/cw-error.h"
#include "base/cw-rng.h"
#include "data/cw-picture-cache.h"
#include "face/cw-landmarks.h"

#include <string.h>

#define MAX_THREADS 16
#define MAX_AHEAD 16

typedef enum
{
  SLOT_FREE,
  SLOT_FILLING,
  SLOT_READY,
  SLOT_LENT,
} SlotState;

/* A batch and its place in the ring. */
typedef struct
{
  CwBatch batch;
  SlotState state;
  guint32 *order;  /* of its epoch: positions in items; a reference */
  guint32 *items;  /* [batch]: what batch.items lends */
  guint8 *missing; /* [batch]: which pictures could not be read */
  int next, done;  /* images handed out, images finished */
} Slot;

struct _CwLoader
{
  CwDataset *dataset;
  CwViews *views;
  CwLoaderOptions options;
  guint32 *items; /* [n_items]: dataset indices to train on */
  guint n_items;
  guint per_epoch;
  gsize view_floats; /* of one view */
  CwPictureCache *cache;
  CwLoaderRejectFunc reject;
  gpointer reject_data;

  GThread *threads[MAX_THREADS];
  int n_threads;  /* that run: none before the first batch is taken */
  gint interrupt; /* atomic: what is in work is not wanted any more */

  GMutex lock;
  GCond work;  /* for the threads: there may be something to do */
  GCond ready; /* for the taker: a batch is finished, or nobody is at work */
  /* All below: guarded by lock. */
  Slot *slots;
  int n_slots;
  guint64 next_open; /* step of the next slot to fill */
  guint64 next_take;
  int n_working;     /* threads that are at an image */
  gboolean stopping;
  guint32 *order;    /* of order_epoch; a reference */
  guint32 order_epoch;
  GError *error;
};

static int
source_side (int side, const CwViews *views)
{
  return side > 0 ? side : 2 * views->preprocess.size;
}

/* ---- what is to be done; all with the lock held ---- */

/* A keyed shuffle of the positions 0..n-1. */
static void
shuffle (guint64 seed, guint32 epoch, guint n, guint32 *order)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_SHUFFLE, 0, epoch, 0, 0);

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  cw_rng_shuffle (&rng, order, n);
}

/* As a counted reference: slots of several epochs may be in work. */
static guint32 *
make_order (CwLoader *self, guint32 epoch)
{
  guint32 *order = g_atomic_rc_box_alloc (self->n_items * sizeof *order);

  shuffle (self->options.seed, epoch, self->n_items, order);
  return order;
}

static void
open_slot (CwLoader *self, Slot *slot)
{
  guint32 epoch = (guint32) (self->next_open / self->per_epoch);

  if (self->order == NULL || self->order_epoch != epoch)
    {
      g_clear_pointer (&self->order, g_atomic_rc_box_release);
      self->order = make_order (self, epoch);
      self->order_epoch = epoch;
    }
  g_clear_pointer (&slot->order, g_atomic_rc_box_release);
  slot->order = g_atomic_rc_box_acquire (self->order);
  slot->batch.epoch = epoch;
  slot->batch.index = (guint32) (self->next_open % self->per_epoch);
  slot->batch.step = self->next_open++;
  slot->state = SLOT_FILLING;
  slot->next = slot->done = 0;
  memset (slot->missing, 0, (gsize) self->options.batch);
}

/* The slot that has images to hand out, or NULL. Slots are opened one after the other, so that there
 * is one such slot at most. */
static Slot *
find_work (CwLoader *self)
{
  Slot *free_slot = NULL;

  if (self->error != NULL || g_atomic_int_get (&self->interrupt))
    return NULL;
  for (int s = 0; s < self->n_slots; s++)
    {
      Slot *slot = &self->slots[s];

      if (slot->state == SLOT_FILLING && slot->next < self->options.batch)
        return slot;
      if (slot->state == SLOT_FREE)
        free_slot = slot;
    }
  if (free_slot != NULL)
    {
      open_slot (self, free_slot);
      /* There is more of it than one thread can take. */
      g_cond_broadcast (&self->work);
    }
  return free_slot;
}

/* ---- making images; without the lock ---- */

/* View @view of a picture, before normalisation. */
static void
render_view (const CwViews *views, guint32 item, const CwPoint *points, const CwImage *source,
             guint64 seed, guint32 epoch, int view, CwRenderer *renderer, float *out,
             CwField *field, CwViewDraw *draw)
{
  cw_views_draw (views, seed, epoch, item, view, source->w, source->h, points, CW_N_LANDMARKS,
                 draw);
  cw_views_render (views, draw, source, renderer, out, field);
}

/* All views of image @i of @slot from the picture at @position; FALSE where it cannot be read. */
static gboolean
make_image (CwLoader *self, Slot *slot, int i, guint32 position, CwRenderer *renderer)
{
  g_autofree char *failure = NULL;
  g_autoptr (CwImage) image = _cw_picture_cache_load (self->cache, position, &failure);
  guint32 item = self->items[position];
  CwPoint points[CW_N_LANDMARKS];
  CwViewDraw draw;

  if (failure != NULL && self->reject != NULL)
    self->reject (item, failure, self->reject_data);
  if (image == NULL)
    return FALSE;
  slot->items[i] = item;
  cw_dataset_get_landmarks (self->dataset, item, points);
  for (int v = 0; v < slot->batch.n_views; v++)
    {
      gsize at = (gsize) v * (gsize) self->options.batch + (gsize) i;
      float *out = slot->batch.pixels + at * self->view_floats;

      render_view (self->views, item, points, image, self->options.seed, slot->batch.epoch, v,
                   renderer, out, NULL, &draw);
      cw_preprocess_apply (&self->views->preprocess, out, self->view_floats / 3);
    }
  return TRUE;
}

/* The position of image @i of @slot; from the batch's size on, those after the batch in the order of
 * the epoch, and round to those before it. */
static guint32
position_of (CwLoader *self, const Slot *slot, guint i)
{
  guint64 at = (guint64) slot->batch.index * (guint64) self->options.batch + i;

  return slot->order[at % self->n_items];
}

/* Fills the places of unreadable pictures when all others are done, one after the other, so that what
 * comes where does not depend on which thread was quicker. FALSE when no picture can be read. */
static gboolean
fill_gaps (CwLoader *self, Slot *slot, CwRenderer *renderer)
{
  guint n = (guint) self->options.batch, next = n;
  g_autofree guint32 *readable = g_new (guint32, n);
  guint n_readable = 0, reuse = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!slot->missing[i])
        readable[n_readable++] = position_of (self, slot, i);
    }
  for (guint i = 0; i < n; i++)
    {
      gboolean made = !slot->missing[i];

      /* Not from the batch itself: two equal pictures in one batch would be each other's negatives. */
      while (!made && next < self->n_items)
        {
          guint32 position = position_of (self, slot, next++);

          if (g_atomic_int_get (&self->interrupt))
            return TRUE;
          made = make_image (self, slot, (int) i, position, renderer);
          if (made)
            readable[n_readable++] = position;
        }
      /* Fewer readable pictures than the batch has places: they are repeated. */
      if (!made && n_readable > 0)
        made = make_image (self, slot, (int) i, readable[reuse++ % n_readable], renderer);
      if (!made)
        return FALSE;
    }
  return TRUE;
}

/* ---- threads ---- */

static void
finish_slot (CwLoader *self, Slot *slot, CwRenderer *renderer)
{
  gboolean ok = TRUE;

  if (memchr (slot->missing, TRUE, (gsize) self->options.batch) != NULL)
    {
      g_mutex_unlock (&self->lock);
      ok = fill_gaps (self, slot, renderer);
      g_mutex_lock (&self->lock);
    }
  if (!ok && self->error == NULL)
    g_set_error (&self->error, CW_ERROR, CW_ERROR_EMPTY,
                 "%s: not one of the %u pictures to train on can be read",
                 cw_dataset_get_location (self->dataset), self->n_items);
  slot->state = SLOT_READY;
  g_cond_broadcast (&self->ready);
}

static gpointer
loader_main (gpointer data)
{
  CwLoader *self = data;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (self->views->preprocess.size);

  g_mutex_lock (&self->lock);
  while (!self->stopping)
    {
      Slot *slot = find_work (self);
      gboolean made;
      int i;

      if (slot == NULL)
        {
          g_cond_wait (&self->work, &self->lock);
          continue;
        }
      i = slot->next++;
      self->n_working++;
      g_mutex_unlock (&self->lock);
      made = make_image (self, slot, i, position_of (self, slot, (guint) i), renderer);
      g_mutex_lock (&self->lock);
      slot->missing[i] = !made;
      if (++slot->done == self->options.batch)
        finish_slot (self, slot, renderer);
      if (--self->n_working == 0)
        g_cond_broadcast (&self->ready);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* ---- the loader ---- */

static gboolean
allocate_slots (CwLoader *self)
{
  int n_views = cw_views_count (self->views);
  gsize bytes;

  self->slots = g_new0 (Slot, self->n_slots);
  if (!g_size_checked_mul (&bytes, self->view_floats * sizeof (float),
                           (gsize) n_views * (gsize) self->options.batch))
    return FALSE;
  for (int s = 0; s < self->n_slots; s++)
    {
      Slot *slot = &self->slots[s];

      slot->items = g_new0 (guint32, self->options.batch);
      slot->missing = g_new0 (guint8, self->options.batch);
      slot->batch.n = self->options.batch;
      slot->batch.n_views = n_views;
      slot->batch.items = slot->items;
      slot->batch.pixels = g_try_malloc (bytes);
      if (slot->batch.pixels == NULL)
        return FALSE;
    }
  return TRUE;
}

CwLoader *
cw_loader_new (CwDataset *dataset, const guint32 *items, guint n_items, const CwViews *views,
               const CwLoaderOptions *options, CwLoaderRejectFunc reject, gpointer user_data,
               GError **error)
{
  CwLoader *self;

  g_return_val_if_fail (options->batch > 0, NULL);

  if (items == NULL)
    n_items = cw_dataset_get_n_items (dataset);
  if (n_items < (guint) options->batch)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "%s: %u pictures to train on are fewer than one batch of %d; lower schedule.batch",
                   cw_dataset_get_location (dataset), n_items, options->batch);
      return NULL;
    }

  self = g_new0 (CwLoader, 1);
  g_mutex_init (&self->lock);
  g_cond_init (&self->work);
  g_cond_init (&self->ready);
  self->dataset = g_object_ref (dataset);
  self->views = cw_views_copy (views);
  self->options = *options;
  self->n_items = n_items;
  self->items = g_new (guint32, n_items);
  for (guint32 i = 0; i < n_items; i++)
    self->items[i] = items != NULL ? items[i] : i;
  self->per_epoch = n_items / (guint) options->batch;
  self->view_floats = (gsize) views->preprocess.size * (gsize) views->preprocess.size * 3;
  self->cache = _cw_picture_cache_new (dataset, self->items, n_items,
                                       source_side (options->source_side, views),
                                       options->cache_bytes);
  self->reject = reject;
  self->reject_data = user_data;
  /* One more, for the batch that is lent. */
  self->n_slots = CLAMP (options->n_ahead, 1, MAX_AHEAD) + 1;
  if (!allocate_slots (self))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY,
                   "not enough memory for %d batches of %d images; lower schedule.batch",
                   self->n_slots, options->batch);
      cw_loader_free (self);
      return NULL;
    }
  return self;
}

void
cw_loader_free (CwLoader *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_atomic_int_set (&self->interrupt, TRUE);
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->lock);
  for (int t = 0; t < self->n_threads; t++)
    g_thread_join (self->threads[t]);

  for (int s = 0; s < self->n_slots && self->slots != NULL; s++)
    {
      g_clear_pointer (&self->slots[s].order, g_atomic_rc_box_release);
      g_free (self->slots[s].items);
      g_free (self->slots[s].missing);
      g_free (self->slots[s].batch.pixels);
    }
  g_clear_pointer (&self->order, g_atomic_rc_box_release);
  g_clear_error (&self->error);
  _cw_picture_cache_free (self->cache);
  g_free (self->slots);
  g_free (self->items);
  cw_views_free (self->views);
  g_object_unref (self->dataset);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->work);
  g_cond_clear (&self->ready);
  g_free (self);
}

guint
cw_loader_get_batches_per_epoch (CwLoader *self)
{
  return self->per_epoch;
}

void
cw_loader_seek (CwLoader *self, guint64 step)
{
  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->interrupt, TRUE);
  while (self->n_working > 0)
    g_cond_wait (&self->ready, &self->lock);
  for (int s = 0; s < self->n_slots; s++)
    {
      if (self->slots[s].state != SLOT_LENT)
        self->slots[s].state = SLOT_FREE;
    }
  self->next_open = self->next_take = step;
  g_atomic_int_set (&self->interrupt, FALSE);
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->lock);
}

/* Not before the first batch is wanted: a resumed run seeks first. */
static void
start_threads (CwLoader *self)
{
  int n = CLAMP (self->options.n_threads, 1, MAX_THREADS);

  while (self->n_threads < n)
    self->threads[self->n_threads++] = g_thread_new ("cw-loader", loader_main, self);
}

/* With the lock held. */
static Slot *
find_ready (CwLoader *self)
{
  for (int s = 0; s < self->n_slots; s++)
    {
      Slot *slot = &self->slots[s];

      if (slot->state == SLOT_READY && slot->batch.step == self->next_take)
        return slot;
    }
  return NULL;
}

CwBatch *
cw_loader_take (CwLoader *self, double *wait_seconds, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  CwBatch *batch = NULL;
  Slot *slot;

  start_threads (self);
  g_mutex_lock (&self->lock);
  while (self->error == NULL && (slot = find_ready (self)) == NULL)
    g_cond_wait (&self->ready, &self->lock);
  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  else
    {
      slot->state = SLOT_LENT;
      self->next_take++;
      batch = &slot->batch;
    }
  g_mutex_unlock (&self->lock);
  if (wait_seconds != NULL)
    *wait_seconds = (double) (g_get_monotonic_time () - start) / 1e6;
  return batch;
}

void
cw_loader_release (CwLoader *self, CwBatch *batch)
{
  g_mutex_lock (&self->lock);
  for (int s = 0; s < self->n_slots; s++)
    {
      if (&self->slots[s].batch == batch && self->slots[s].state == SLOT_LENT)
        self->slots[s].state = SLOT_FREE;
    }
  g_cond_signal (&self->work);
  g_mutex_unlock (&self->lock);
}

guint32
cw_loader_list_items (const guint32 *items, guint n_items, guint64 seed, int batch, guint64 step,
                      guint32 *out)
{
  guint per_epoch = n_items / (guint) batch;
  g_autofree guint32 *order = g_new (guint32, n_items);
  guint32 epoch;

  g_assert (per_epoch > 0);
  epoch = (guint32) (step / per_epoch);
  shuffle (seed, epoch, n_items, order);
  for (int i = 0; i < batch; i++)
    {
      guint32 position = order[(guint) (step % per_epoch) * (guint) batch + (guint) i];

      out[i] = items != NULL ? items[position] : position;
    }
  return epoch;
}

CwImage *
cw_loader_load_source (CwDataset *dataset, guint32 item, const CwViews *views, int side,
                       CwPoint *points, GError **error)
{
  cw_dataset_get_landmarks (dataset, item, points);
  return cw_dataset_load_image (dataset, item, source_side (side, views), error);
}

gboolean
cw_loader_render_view (CwDataset *dataset, guint32 item, const CwViews *views, int side,
                       guint64 seed, guint32 epoch, int view, CwRenderer *renderer, float *out,
                       CwField *field, CwViewDraw *draw, GError **error)
{
  CwPoint points[CW_N_LANDMARKS];
  g_autoptr (CwImage) image
      = cw_loader_load_source (dataset, item, views, side, points, error);
  CwViewDraw own;

  if (image == NULL)
    return FALSE;
  render_view (views, item, points, image, seed, epoch, view, renderer, out, field,
               draw != NULL ? draw : &own);
  return TRUE;
}
