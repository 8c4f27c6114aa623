/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-frozen.h"

struct _CwbFrozen
{
  GHashTable *values; /* "VIEW STEP NUMBER": float * */
};

CwbFrozen *
cwb_frozen_new (void)
{
  CwbFrozen *self = g_new (CwbFrozen, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

CwbFrozen *
cwb_frozen_copy (const CwbFrozen *self)
{
  CwbFrozen *copy = cwb_frozen_new ();
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy->values, g_strdup (key), g_memdup2 (value, sizeof (float)));
  return copy;
}

void
cwb_frozen_free (CwbFrozen *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->values);
  g_free (self);
}

static char *
make_key (int view, const char *step, int number)
{
  return g_strdup_printf ("%d %s %d", view, step, number);
}

void
cwb_frozen_set (CwbFrozen *self, int view, const char *step, int number, float value)
{
  g_hash_table_insert (self->values, make_key (view, step, number),
                       g_memdup2 (&value, sizeof value));
}

void
cwb_frozen_unset (CwbFrozen *self, int view, const char *step, int number)
{
  g_autofree char *key = make_key (view, step, number);

  g_hash_table_remove (self->values, key);
}

void
cwb_frozen_clear (CwbFrozen *self)
{
  g_hash_table_remove_all (self->values);
}

gboolean
cwb_frozen_get (const CwbFrozen *self, int view, const char *step, int number, float *value)
{
  g_autofree char *key = make_key (view, step, number);
  const float *found = g_hash_table_lookup (self->values, key);

  if (found == NULL)
    return FALSE;
  *value = *found;
  return TRUE;
}

guint
cwb_frozen_count (const CwbFrozen *self)
{
  return g_hash_table_size (self->values);
}

static void
apply_warp (const CwbFrozen *self, int view, CwWarpDraw *warp)
{
  cwb_frozen_get (self, view, CWB_FROZEN_WARP, CWB_FROZEN_MAGNITUDE, &warp->magnitude);
  for (int i = 0; i < warp->n; i++)
    {
      CwPush *push = &warp->push[i];
      float *fields[] = { &push->x, &push->y, &push->dx, &push->dy, &push->radius };

      for (int j = 0; j < (int) G_N_ELEMENTS (fields); j++)
        cwb_frozen_get (self, view, CWB_FROZEN_WARP, (int) G_N_ELEMENTS (fields) * i + j,
                        fields[j]);
    }
}

int
cwb_frozen_get_owner (const CwViews *views, int view)
{
  return view >= 2 && views->negatives.transform == CW_NEGATIVE_SHARED ? 1 : view;
}

void
cwb_frozen_apply (const CwbFrozen *self, const CwViews *views, int view, CwViewDraw *draw)
{
  int owner = cwb_frozen_get_owner (views, view);

  if (cwb_frozen_count (self) == 0)
    return;
  for (int i = 0; i < views->pipeline->n_steps; i++)
    {
      const CwPipelineStep *step = &views->pipeline->steps[i];

      for (int j = 0; j < step->transform->n_drawn && !draw->skipped[i]; j++)
        cwb_frozen_get (self, owner, step->name, j, &draw->values[i][j]);
    }
  if (draw->warped)
    apply_warp (self, view, &draw->warp);
}
