/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-picture-cache.h"

struct _CwPictureCache
{
  CwDataset *dataset;
  const guint32 *items;
  guint n_items;
  int max_side;
  gsize max_bytes;

  GMutex lock;
  /* Guarded by lock: */
  CwImage **images; /* [n_items] */
  guint8 *failed;   /* [n_items] */
  gsize bytes;
};

CwPictureCache *
_cw_picture_cache_new (CwDataset *dataset, const guint32 *items, guint n_items, int max_side,
                       gsize max_bytes)
{
  CwPictureCache *cache = g_new0 (CwPictureCache, 1);

  cache->dataset = g_object_ref (dataset);
  cache->items = items;
  cache->n_items = n_items;
  cache->max_side = max_side;
  cache->max_bytes = max_bytes;
  cache->images = g_new0 (CwImage *, n_items);
  cache->failed = g_new0 (guint8, n_items);
  g_mutex_init (&cache->lock);
  return cache;
}

void
_cw_picture_cache_free (CwPictureCache *cache)
{
  if (cache == NULL)
    return;
  for (guint i = 0; i < cache->n_items; i++)
    cw_image_unref (cache->images[i]);
  g_free (cache->images);
  g_free (cache->failed);
  g_mutex_clear (&cache->lock);
  g_object_unref (cache->dataset);
  g_free (cache);
}

static void
keep (CwPictureCache *cache, guint position, CwImage *image)
{
  gsize size = cw_image_bytes (image);

  g_mutex_lock (&cache->lock);
  /* Another thread may have been quicker. */
  if (cache->images[position] == NULL && size <= cache->max_bytes - cache->bytes)
    {
      cache->images[position] = cw_image_ref (image);
      cache->bytes += size;
    }
  g_mutex_unlock (&cache->lock);
}

CwImage *
_cw_picture_cache_load (CwPictureCache *cache, guint position, char **failure)
{
  g_autoptr (GError) error = NULL;
  CwImage *image = NULL;
  gboolean failed;

  *failure = NULL;
  g_mutex_lock (&cache->lock);
  failed = cache->failed[position];
  if (cache->images[position] != NULL)
    image = cw_image_ref (cache->images[position]);
  g_mutex_unlock (&cache->lock);
  if (failed || image != NULL)
    return image;

  image = cw_dataset_load_image (cache->dataset, cache->items[position], cache->max_side, &error);
  if (image != NULL)
    {
      keep (cache, position, image);
      return image;
    }
  g_mutex_lock (&cache->lock);
  if (!cache->failed[position])
    *failure = g_strdup (error->message);
  cache->failed[position] = TRUE;
  g_mutex_unlock (&cache->lock);
  return NULL;
}
