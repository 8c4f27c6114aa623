/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-thumbnails.h"

#include "util/cwb-texture.h"

#define N_THREADS 2

/* Which picture. The dataset is named by a number, so that what is kept does not keep it alive. */
typedef struct
{
  guint64 dataset;
  guint index;
  int bucket;
} Key;

typedef struct
{
  guint id;
  CwbThumbnailFunc func;
  gpointer user_data;
} Waiter;

/* One decoding, from the request until its waiters were told. */
typedef struct
{
  Key key; /* first: a job is found by its key */
  CwDataset *dataset;
  GArray *waiters;   /* of Waiter; main thread only */
  GdkTexture *texture;
  char *error;
  gboolean started;  /* guarded by the lock */
} Job;

typedef struct
{
  Key key;
  GdkTexture *texture;
  gsize bytes;
  GList link; /* in the order of use; its data is the entry */
} Entry;

/* What the threads share with the object; they hold a reference. */
typedef struct
{
  gatomicrefcount refs;
  GMutex lock;
  GCond wake;
  GQueue queue; /* of Job, the newest first */
  GQueue done;  /* of Job */
  gboolean quit;
  gboolean pending; /* the main thread has been told of done */
  GMainContext *context;
  CwbThumbnails *owner; /* main thread only; NULL once it is gone */
} Shared;

struct _CwbThumbnails
{
  GObject parent_instance;

  Shared *shared;
  GThread *threads[N_THREADS];
  GHashTable *jobs;     /* Job, by key */
  GHashTable *requests; /* id -> Job */
  guint last_id;
  GHashTable *entries; /* Entry, by key */
  GQueue uses;         /* the latest first */
  gsize bytes, max_bytes;
};

G_DEFINE_FINAL_TYPE (CwbThumbnails, cwb_thumbnails, G_TYPE_OBJECT)

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;

  return (guint) key->dataset * 2654435761u ^ key->index * 40503u ^ (guint) key->bucket;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const Key *x = a, *y = b;

  return x->index == y->index && x->dataset == y->dataset && x->bucket == y->bucket;
}

static guint64
number_dataset (CwDataset *dataset)
{
  static guint64 last;
  guint64 *number = g_object_get_data (G_OBJECT (dataset), "cwb-thumbnails-number");

  if (number == NULL)
    {
      number = g_new (guint64, 1);
      *number = ++last;
      g_object_set_data_full (G_OBJECT (dataset), "cwb-thumbnails-number", number, g_free);
    }
  return *number;
}

static void
job_free (Job *job)
{
  g_object_unref (job->dataset);
  g_array_unref (job->waiters);
  g_clear_object (&job->texture);
  g_free (job->error);
  g_free (job);
}

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->refs))
    return;
  g_queue_clear_full (&shared->queue, (GDestroyNotify) job_free);
  g_queue_clear_full (&shared->done, (GDestroyNotify) job_free);
  g_mutex_clear (&shared->lock);
  g_cond_clear (&shared->wake);
  g_main_context_unref (shared->context);
  g_free (shared);
}

/* ---- threads ---- */

static gboolean deliver (gpointer user_data);

/* With the lock held. */
static void
wake_main (Shared *shared)
{
  g_autoptr (GSource) source = NULL;

  if (shared->pending)
    return;
  shared->pending = TRUE;
  g_atomic_ref_count_inc (&shared->refs);
  source = g_idle_source_new ();
  /* Ahead of other idle work, behind input and drawing. */
  g_source_set_priority (source, GDK_PRIORITY_REDRAW + 10);
  g_source_set_callback (source, deliver, shared, (GDestroyNotify) shared_unref);
  g_source_attach (source, shared->context);
}

static void
decode (Job *job)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwImage) image = NULL;

  image = cw_dataset_load_image (job->dataset, job->key.index, job->key.bucket, &error);
  if (image != NULL)
    job->texture = cwb_texture_new (image);
  else
    job->error = g_strdup (error->message);
}

static gpointer
work (gpointer data)
{
  Shared *shared = data;

  cw_background_enter (CW_BACKGROUND_SOON);
  g_mutex_lock (&shared->lock);
  while (!shared->quit)
    {
      Job *job = g_queue_pop_head (&shared->queue);

      if (job == NULL)
        {
          g_cond_wait (&shared->wake, &shared->lock);
          continue;
        }
      job->started = TRUE;
      g_mutex_unlock (&shared->lock);
      decode (job);
      g_mutex_lock (&shared->lock);
      g_queue_push_tail (&shared->done, job);
      wake_main (shared);
    }
  g_mutex_unlock (&shared->lock);
  shared_unref (shared);
  return NULL;
}

static void
start_threads (CwbThumbnails *self)
{
  if (self->threads[0] != NULL)
    return;
  for (int i = 0; i < N_THREADS; i++)
    {
      g_atomic_ref_count_inc (&self->shared->refs);
      self->threads[i] = g_thread_new ("thumbnails", work, self->shared);
    }
}

/* ---- what is kept ---- */

static void
entry_free (Entry *entry)
{
  g_object_unref (entry->texture);
  g_free (entry);
}

static void
drop_oldest (CwbThumbnails *self)
{
  Entry *entry = g_queue_peek_tail (&self->uses);

  g_queue_unlink (&self->uses, &entry->link);
  self->bytes -= entry->bytes;
  g_hash_table_remove (self->entries, &entry->key);
}

static void
keep (CwbThumbnails *self, const Key *key, GdkTexture *texture)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->key = *key;
  entry->texture = g_object_ref (texture);
  entry->bytes = 4 * (gsize) gdk_texture_get_width (texture)
                 * (gsize) gdk_texture_get_height (texture);
  entry->link.data = entry;
  g_hash_table_insert (self->entries, &entry->key, entry);
  g_queue_push_head_link (&self->uses, &entry->link);
  self->bytes += entry->bytes;
  while (self->bytes > self->max_bytes && self->uses.length > 1)
    drop_oldest (self);
}

/* ---- main thread ---- */

static void
finish (CwbThumbnails *self, Job *job)
{
  g_hash_table_remove (self->jobs, &job->key);
  if (job->texture != NULL)
    keep (self, &job->key, job->texture);
  /* A callback may cancel others that wait for the same: so one at a time. */
  while (job->waiters->len > 0)
    {
      Waiter waiter = g_array_index (job->waiters, Waiter, 0);

      g_array_remove_index (job->waiters, 0);
      g_hash_table_remove (self->requests, GUINT_TO_POINTER (waiter.id));
      waiter.func (job->texture, job->error, waiter.user_data);
    }
  job_free (job);
}

static gboolean
deliver (gpointer user_data)
{
  Shared *shared = user_data;
  g_autoptr (CwbThumbnails) self = NULL;
  GQueue done;

  g_mutex_lock (&shared->lock);
  shared->pending = FALSE;
  done = shared->done;
  g_queue_init (&shared->done);
  g_mutex_unlock (&shared->lock);

  if (shared->owner != NULL)
    self = g_object_ref (shared->owner);
  while (!g_queue_is_empty (&done))
    {
      Job *job = g_queue_pop_head (&done);

      if (self != NULL)
        finish (self, job);
      else
        job_free (job);
    }
  return G_SOURCE_REMOVE;
}

static void
cwb_thumbnails_finalize (GObject *object)
{
  CwbThumbnails *self = CWB_THUMBNAILS (object);
  Shared *shared = self->shared;

  g_mutex_lock (&shared->lock);
  shared->quit = TRUE;
  shared->owner = NULL;
  g_cond_broadcast (&shared->wake);
  g_mutex_unlock (&shared->lock);
  for (int i = 0; i < N_THREADS && self->threads[i] != NULL; i++)
    g_thread_join (self->threads[i]);
  shared_unref (shared); /* frees the jobs, too */

  g_hash_table_unref (self->jobs);
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->entries);
  G_OBJECT_CLASS (cwb_thumbnails_parent_class)->finalize (object);
}

static void
cwb_thumbnails_class_init (CwbThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cwb_thumbnails_finalize;
}

static void
cwb_thumbnails_init (CwbThumbnails *self)
{
  self->shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&self->shared->refs);
  g_mutex_init (&self->shared->lock);
  g_cond_init (&self->shared->wake);
  self->shared->context = g_main_context_ref_thread_default ();
  self->shared->owner = self;
  self->jobs = g_hash_table_new (key_hash, key_equal);
  self->requests = g_hash_table_new (NULL, NULL);
  self->entries = g_hash_table_new_full (key_hash, key_equal, NULL, (GDestroyNotify) entry_free);
}

CwbThumbnails *
cwb_thumbnails_new (gsize max_bytes)
{
  CwbThumbnails *self = g_object_new (CWB_TYPE_THUMBNAILS, NULL);

  self->max_bytes = max_bytes;
  return self;
}

int
cwb_thumbnails_bucket (int px, int scale)
{
  int wanted = px * MAX (scale, 1), bucket = 64;

  while (bucket < wanted && bucket < 512)
    bucket *= 2;
  return bucket;
}

GdkTexture *
cwb_thumbnails_peek (CwbThumbnails *self, CwDataset *dataset, guint index, int bucket)
{
  Key key = { number_dataset (dataset), index, bucket };
  Entry *entry = g_hash_table_lookup (self->entries, &key);

  if (entry == NULL)
    return NULL;
  g_queue_unlink (&self->uses, &entry->link);
  g_queue_push_head_link (&self->uses, &entry->link);
  return entry->texture;
}

static Job *
find_or_add_job (CwbThumbnails *self, CwDataset *dataset, guint index, int bucket)
{
  Shared *shared = self->shared;
  Key key = { number_dataset (dataset), index, bucket };
  Job *job = g_hash_table_lookup (self->jobs, &key);
  gboolean fresh = job == NULL;

  if (fresh)
    {
      job = g_new0 (Job, 1);
      job->key = key;
      job->dataset = g_object_ref (dataset);
      job->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
      g_hash_table_insert (self->jobs, &job->key, job);
    }
  g_mutex_lock (&shared->lock);
  if (!job->started)
    {
      /* What is asked for again is wanted now. */
      if (!fresh)
        g_queue_remove (&shared->queue, job);
      g_queue_push_head (&shared->queue, job);
      g_cond_signal (&shared->wake);
    }
  g_mutex_unlock (&shared->lock);
  start_threads (self);
  return job;
}

guint
cwb_thumbnails_request (CwbThumbnails *self, CwDataset *dataset, guint index, int bucket,
                        CwbThumbnailFunc func, gpointer user_data)
{
  Waiter waiter = { .func = func, .user_data = user_data };
  Job *job;

  g_return_val_if_fail (CWB_IS_THUMBNAILS (self), 0);
  g_return_val_if_fail (index < cw_dataset_get_n_items (dataset), 0);

  if (++self->last_id == 0)
    self->last_id = 1;
  waiter.id = self->last_id;
  job = find_or_add_job (self, dataset, index, bucket);
  g_array_append_val (job->waiters, waiter);
  g_hash_table_insert (self->requests, GUINT_TO_POINTER (waiter.id), job);
  return waiter.id;
}

void
cwb_thumbnails_cancel (CwbThumbnails *self, guint request)
{
  Job *job = g_hash_table_lookup (self->requests, GUINT_TO_POINTER (request));
  gboolean unwanted;

  if (job == NULL)
    return;
  g_hash_table_remove (self->requests, GUINT_TO_POINTER (request));
  for (guint i = 0; i < job->waiters->len; i++)
    {
      if (g_array_index (job->waiters, Waiter, i).id == request)
        {
          g_array_remove_index (job->waiters, i);
          break;
        }
    }
  if (job->waiters->len > 0)
    return;

  g_mutex_lock (&self->shared->lock);
  unwanted = !job->started && g_queue_remove (&self->shared->queue, job);
  g_mutex_unlock (&self->shared->lock);
  if (unwanted)
    {
      g_hash_table_remove (self->jobs, &job->key);
      job_free (job);
    }
}

gsize
cwb_thumbnails_get_bytes (CwbThumbnails *self)
{
  return self->bytes;
}

guint
cwb_thumbnails_get_n_waiting (CwbThumbnails *self)
{
  return g_hash_table_size (self->requests);
}
