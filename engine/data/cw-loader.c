/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-loader.h"

#include "base/cw-error.h"
#include "base/cw-rng.h"
#include "face/cw-landmarks.h"

#include <string.h>

typedef enum
{
  SLOT_FREE,
  SLOT_FILLING,
  SLOT_READY,
  SLOT_LENT,
} SlotState;

/* A batch and its place in the ring: step s lives in slot s % n_slots. */
typedef struct
{
  CwBatch batch;
  SlotState state;
  guint32 *order; /* of its epoch; a reference */
  guint32 *items; /* [batch]: what batch.items lends */
  int next, done; /* images handed out, images finished */
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
  CwLoaderRejectFunc reject;
  gpointer reject_data;

  GThread *threads[16];
  int n_threads;

  GMutex lock;
  GCond changed;
  /* All below: guarded by lock. */
  Slot *slots;
  int n_slots;
  guint64 next_open; /* step of the next slot to fill */
  guint64 next_take;
  int n_working;     /* threads that render outside the lock */
  gboolean seeking, stopping;
  guint32 *order;    /* of order_epoch; a reference */
  guint32 order_epoch;
  GError *error;
  CwImage **cache;   /* by position in items */
  gsize cached_bytes;
  guint8 *rejected;  /* by position: already reported */
};

static int
source_side (int side, const CwViews *views)
{
  return side > 0 ? side : 2 * views->preprocess.size;
}

/* A keyed shuffle of positions, as a counted reference: slots of two epochs may be in work. */
static guint32 *
make_order (CwLoader *self, guint32 epoch)
{
  guint32 *order = g_atomic_rc_box_alloc (self->n_items * sizeof *order);
  CwRng rng = cw_rng_new (self->options.seed, CW_RNG_SHUFFLE, 0, epoch, 0, 0);

  for (guint32 i = 0; i < self->n_items; i++)
    order[i] = i;
  cw_rng_shuffle (&rng, order, self->n_items);
  return order;
}

/* With the lock held. */
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
}

/* The slot that has images to hand out, or NULL. With the lock held. */
static Slot *
find_work (CwLoader *self)
{
  Slot *slot;

  if (self->seeking || self->error != NULL)
    return NULL;
  /* Slots are filled in order, so only the newest can have images left. */
  if (self->next_open > 0)
    {
      slot = &self->slots[(self->next_open - 1) % (guint64) self->n_slots];
      if (slot->state == SLOT_FILLING && slot->next < self->options.batch
          && slot->batch.step == self->next_open - 1)
        return slot;
    }
  slot = &self->slots[self->next_open % (guint64) self->n_slots];
  if (slot->state != SLOT_FREE)
    return NULL;
  open_slot (self, slot);
  return slot;
}

/* Takes and gives the lock itself. */
static CwImage *
load_cached (CwLoader *self, guint32 position, GError **error)
{
  CwImage *image;

  g_mutex_lock (&self->lock);
  image = self->cache[position] != NULL ? cw_image_ref (self->cache[position]) : NULL;
  g_mutex_unlock (&self->lock);
  if (image != NULL)
    return image;

  image = cw_dataset_load_image (self->dataset, self->items[position],
                                 source_side (self->options.source_side, self->views), error);
  if (image == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  if (self->cache[position] == NULL
      && self->cached_bytes + cw_image_bytes (image) <= self->options.cache_bytes)
    {
      self->cache[position] = cw_image_ref (image);
      self->cached_bytes += cw_image_bytes (image);
    }
  g_mutex_unlock (&self->lock);
  return image;
}

static void
report_rejected (CwLoader *self, guint32 position, const GError *error)
{
  gboolean first;

  g_mutex_lock (&self->lock);
  first = !self->rejected[position];
  self->rejected[position] = TRUE;
  g_mutex_unlock (&self->lock);
  if (first && self->reject != NULL)
    self->reject (self->items[position], error->message, self->reject_data);
}

static void
render_views (const CwViews *views, CwDataset *dataset, guint32 item, const CwImage *source,
              guint64 seed, guint32 epoch, int first, int n, CwRenderer *renderer,
              float *const *out, CwField *field, CwViewDraw *draw)
{
  CwPoint points[CW_N_LANDMARKS];

  cw_dataset_get_landmarks (dataset, item, points);
  for (int v = 0; v < n; v++)
    {
      cw_views_draw (views, seed, epoch, item, first + v, source->w, source->h, points,
                     CW_N_LANDMARKS, draw);
      cw_views_render (views, draw, source, renderer, out[v], field);
    }
}

/* Makes image @i of @slot: all its views. FALSE when no picture at all can be read. */
static gboolean
fill_image (CwLoader *self, Slot *slot, int i, CwRenderer *renderer, GError **error)
{
  int n = self->options.batch, n_views = slot->batch.n_views;
  guint at = slot->batch.index * (guint) n + (guint) i;
  float *out[CW_MAX_VIEWS];
  CwViewDraw draw;

  for (int v = 0; v < n_views; v++)
    out[v] = slot->batch.pixels + ((gsize) v * (gsize) n + (gsize) i) * self->view_floats;

  for (guint tries = 0; tries < self->n_items; tries++)
    {
      guint32 position = slot->order[(at + tries) % self->n_items];
      g_autoptr (GError) local = NULL;
      g_autoptr (CwImage) image = load_cached (self, position, &local);

      if (image == NULL)
        {
          report_rejected (self, position, local);
          if (tries + 1 == self->n_items)
            g_propagate_prefixed_error (error, g_steal_pointer (&local),
                                        "not one picture of %s can be read: ",
                                        cw_dataset_get_location (self->dataset));
          continue;
        }
      slot->items[i] = self->items[position];
      render_views (self->views, self->dataset, self->items[position], image, self->options.seed,
                    slot->batch.epoch, 0, n_views, renderer, out, NULL, &draw);
      for (int v = 0; v < n_views; v++)
        cw_preprocess_apply (&self->views->preprocess, out[v], self->view_floats / 3);
      return TRUE;
    }
  return FALSE;
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
      g_autoptr (GError) error = NULL;
      int i;

      if (slot == NULL)
        {
          g_cond_wait (&self->changed, &self->lock);
          continue;
        }
      i = slot->next++;
      self->n_working++;
      g_mutex_unlock (&self->lock);

      fill_image (self, slot, i, renderer, &error);

      g_mutex_lock (&self->lock);
      self->n_working--;
      if (error != NULL && self->error == NULL)
        self->error = g_steal_pointer (&error);
      if (++slot->done == self->options.batch)
        slot->state = SLOT_READY;
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

static gboolean
allocate_slots (CwLoader *self)
{
  int n_views = cw_views_count (self->views);
  gsize floats;

  self->slots = g_new0 (Slot, self->n_slots);
  if (!g_size_checked_mul (&floats, self->view_floats,
                           (gsize) n_views * (gsize) self->options.batch)
      || floats > G_MAXSIZE / sizeof (float))
    return FALSE;
  for (int s = 0; s < self->n_slots; s++)
    {
      Slot *slot = &self->slots[s];

      slot->items = g_new0 (guint32, self->options.batch);
      slot->batch.n = self->options.batch;
      slot->batch.n_views = n_views;
      slot->batch.items = slot->items;
      slot->batch.pixels = g_try_malloc (floats * sizeof (float));
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

  if (items == NULL)
    n_items = cw_dataset_get_n_items (dataset);
  g_return_val_if_fail (options->batch > 0, NULL);
  if (n_items < (guint) options->batch)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_EMPTY,
                   "%s: %u pictures to train on are fewer than one batch of %d; lower schedule.batch",
                   cw_dataset_get_location (dataset), n_items, options->batch);
      return NULL;
    }

  self = g_new0 (CwLoader, 1);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->dataset = g_object_ref (dataset);
  self->views = cw_views_copy (views);
  self->options = *options;
  self->n_items = n_items;
  self->items = g_new (guint32, n_items);
  for (guint32 i = 0; i < n_items; i++)
    self->items[i] = items != NULL ? items[i] : i;
  self->per_epoch = n_items / (guint) options->batch;
  self->view_floats = (gsize) views->preprocess.size * (gsize) views->preprocess.size * 3;
  self->reject = reject;
  self->reject_data = user_data;
  self->cache = g_new0 (CwImage *, n_items);
  self->rejected = g_new0 (guint8, n_items);
  self->n_slots = CLAMP (options->n_ahead, 1, 16) + 1;
  if (!allocate_slots (self))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY,
                   "not enough memory for %d batches of %d images; lower schedule.batch",
                   self->n_slots, options->batch);
      cw_loader_free (self);
      return NULL;
    }
  for (int t = 0; t < CLAMP (options->n_threads, 1, (int) G_N_ELEMENTS (self->threads)); t++)
    self->threads[self->n_threads++] = g_thread_new ("cw-loader", loader_main, self);
  return self;
}

void
cw_loader_free (CwLoader *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (int t = 0; t < self->n_threads; t++)
    g_thread_join (self->threads[t]);

  for (int s = 0; s < self->n_slots && self->slots != NULL; s++)
    {
      g_clear_pointer (&self->slots[s].order, g_atomic_rc_box_release);
      g_free (self->slots[s].items);
      g_free (self->slots[s].batch.pixels);
    }
  for (guint i = 0; i < self->n_items; i++)
    g_clear_pointer (&self->cache[i], cw_image_unref);
  g_clear_pointer (&self->order, g_atomic_rc_box_release);
  g_clear_error (&self->error);
  g_free (self->slots);
  g_free (self->cache);
  g_free (self->rejected);
  g_free (self->items);
  cw_views_free (self->views);
  g_object_unref (self->dataset);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
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
  self->seeking = TRUE;
  while (self->n_working > 0)
    g_cond_wait (&self->changed, &self->lock);
  for (int s = 0; s < self->n_slots; s++)
    {
      g_warn_if_fail (self->slots[s].state != SLOT_LENT);
      self->slots[s].state = SLOT_FREE;
    }
  self->next_open = self->next_take = step;
  self->seeking = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

CwBatch *
cw_loader_take (CwLoader *self, double *wait_seconds, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  CwBatch *batch = NULL;
  Slot *slot;

  g_mutex_lock (&self->lock);
  slot = &self->slots[self->next_take % (guint64) self->n_slots];
  while (self->error == NULL
         && !(slot->state == SLOT_READY && slot->batch.step == self->next_take))
    g_cond_wait (&self->changed, &self->lock);
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
  self->slots[batch->step % (guint64) self->n_slots].state = SLOT_FREE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
cw_loader_render_view (CwDataset *dataset, guint32 item, const CwViews *views, int side,
                       guint64 seed, guint32 epoch, int view, CwRenderer *renderer, float *out,
                       CwField *field, CwViewDraw *draw, GError **error)
{
  g_autoptr (CwImage) image
      = cw_dataset_load_image (dataset, item, source_side (side, views), error);
  CwViewDraw own;

  if (image == NULL)
    return FALSE;
  render_views (views, dataset, item, image, seed, epoch, view, 1, renderer, &out, field,
                draw != NULL ? draw : &own);
  return TRUE;
}
