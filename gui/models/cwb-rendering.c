/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-rendering.h"

void
cwb_rendering_free (CwbRendering *self)
{
  cwb_exploration_unref (self->exploration);
  cwb_exploration_unref (self->a);
  for (size_t i = 0; i < G_N_ELEMENTS (self->maps); i++)
    cwb_field_map_free (self->maps[i]);
  cwb_difference_free (self->difference);
  g_free (self);
}

/* (nullable): of the first warped view. */
static const CwField *
find_field (const CwbExploration *exploration)
{
  const CwField *field = NULL;

  for (int i = 0; i < exploration->n_pictures && field == NULL; i++)
    field = exploration->pictures[i].field;
  return field;
}

/* All that is known of the fields without a place to draw them. */
static void
look_at_fields (CwbRendering *self)
{
  float reach = cwb_exploration_get_reach (self->exploration, self->a);

  cwb_lengths_init (&self->lengths, find_field (self->exploration));
  for (int i = 0; i < self->exploration->n_pictures; i++)
    {
      if (self->exploration->pictures[i].field != NULL)
        self->maps[i] = cwb_overlay_make_map (self->overlay, self->exploration->pictures[i].field,
                                              reach);
    }
}

static CwbDifference *
make_difference (const CwbExploration *exploration)
{
  int positive, negative;

  return cwb_exploration_find_pair (exploration, &positive, &negative)
             ? cwb_difference_new (exploration->pictures[positive].image,
                                   exploration->pictures[negative].image)
             : NULL;
}

CwbRendering *
cwb_rendering_new (const CwbScene *scene, const CwbScene *scene_a, CwbOverlay overlay,
                   gboolean compares, const CwbExploration *earlier, GError **error)
{
  g_autoptr (CwbRendering) self = g_new0 (CwbRendering, 1);

  self->overlay = overlay;
  self->exploration = cwb_exploration_new (scene, earlier, error);
  if (self->exploration == NULL)
    return NULL;
  if (scene_a != NULL)
    {
      self->a = cwb_exploration_new (scene_a, self->exploration, error);
      if (self->a == NULL)
        return NULL;
    }
  look_at_fields (self);
  if (compares)
    self->difference = make_difference (self->exploration);
  return g_steal_pointer (&self);
}
