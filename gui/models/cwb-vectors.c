/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-vectors.h"

CwbVectors *
cwb_vectors_new (CwDataset *dataset, CwbEncoder *encoder)
{
  CwbVectors *self = g_atomic_rc_box_new0 (CwbVectors);

  self->dataset = g_object_ref (dataset);
  self->encoder = cwb_encoder_ref (encoder);
  return self;
}

CwbVectors *
cwb_vectors_ref (CwbVectors *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
vectors_clear (gpointer data)
{
  CwbVectors *self = data;

  g_clear_object (&self->dataset);
  g_clear_pointer (&self->encoder, cwb_encoder_unref);
  g_clear_pointer (&self->features, cw_features_free);
  g_clear_pointer (&self->index, cw_index_free);
}

void
cwb_vectors_unref (CwbVectors *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, vectors_clear);
}

gboolean
cwb_vectors_embed (CwbVectors *self, CwJob *job, GError **error)
{
  g_autoptr (GArray) items = cw_split_select (self->dataset, CW_SPLIT_NONE);

  self->features = cw_features_embed (self->encoder->model, self->dataset,
                                      (const guint32 *) (gconstpointer) items->data, items->len,
                                      &self->n_skipped, job, error);
  if (self->features == NULL)
    return FALSE;
  self->index = cw_index_new (self->features->x, self->features->n, self->features->dim);
  return TRUE;
}

gint64
cwb_vectors_find_row (const CwbVectors *self, guint item)
{
  for (guint i = 0; i < self->features->n; i++)
    {
      if (self->features->items[i] == item)
        return i;
    }
  return -1;
}

typedef struct
{
  const CwFeatures *features;
  gint64 row;
  gboolean others_only;
} Query;

static gboolean
is_barred (guint32 row, gpointer user_data)
{
  const Query *query = user_data;
  const CwFeatures *f = query->features;

  if (query->row < 0)
    return FALSE;
  return (gint64) row == query->row || f->hashes[row] == f->hashes[query->row]
         || (query->others_only && f->subjects[row] >= 0
             && f->subjects[row] == f->subjects[query->row]);
}

guint
cwb_vectors_search (const CwbVectors *self, const float *query, gint64 row, gboolean others_only,
                    guint k, CwNeighbour *found)
{
  Query q = { self->features, row, others_only };

  return cw_index_search (self->index, query, k, is_barred, &q, found);
}
