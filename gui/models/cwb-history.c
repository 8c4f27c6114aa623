/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-history.h"

typedef struct
{
  CwViews *views;
  char *label, *key; /* (nullable): of the edit that led here */
} State;

struct _CwbHistory
{
  GPtrArray *states; /* State, oldest first */
  guint now;         /* the present one */
  gboolean open;     /* the edit that led to it may go on */
};

static void
state_free (gpointer data)
{
  State *state = data;

  cw_views_free (state->views);
  g_free (state->label);
  g_free (state->key);
  g_free (state);
}

static void
push (CwbHistory *self, const CwViews *views, const char *label, const char *key)
{
  State *state = g_new (State, 1);

  *state = (State){ cw_views_copy (views), g_strdup (label), g_strdup (key) };
  g_ptr_array_add (self->states, state);
  self->now = self->states->len - 1;
}

CwbHistory *
cwb_history_new (const CwViews *views)
{
  CwbHistory *self = g_new0 (CwbHistory, 1);

  self->states = g_ptr_array_new_with_free_func (state_free);
  push (self, views, NULL, NULL);
  return self;
}

void
cwb_history_free (CwbHistory *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->states);
  g_free (self);
}

void
cwb_history_record (CwbHistory *self, const CwViews *views, const char *label, const char *key)
{
  State *state = self->states->pdata[self->now];

  if (cw_views_equal (state->views, views))
    return;
  g_ptr_array_set_size (self->states, (int) self->now + 1);
  if (self->open && key != NULL && g_strcmp0 (key, state->key) == 0)
    {
      cw_views_free (state->views);
      state->views = cw_views_copy (views);
      return;
    }
  push (self, views, label, key);
  self->open = TRUE;
  if (self->states->len > CWB_HISTORY_MOST + 1)
    {
      g_ptr_array_remove_index (self->states, 0);
      self->now--;
    }
}

void
cwb_history_seal (CwbHistory *self)
{
  self->open = FALSE;
}

static const State *
get_state (const CwbHistory *self, guint i)
{
  return i < self->states->len ? self->states->pdata[i] : NULL;
}

const CwViews *
cwb_history_undo (CwbHistory *self)
{
  self->open = FALSE;
  if (self->now == 0)
    return NULL;
  self->now--;
  return cwb_history_get_views (self);
}

const CwViews *
cwb_history_redo (CwbHistory *self)
{
  self->open = FALSE;
  if (get_state (self, self->now + 1) == NULL)
    return NULL;
  self->now++;
  return cwb_history_get_views (self);
}

const char *
cwb_history_get_undo_label (const CwbHistory *self)
{
  return self->now > 0 ? get_state (self, self->now)->label : NULL;
}

const char *
cwb_history_get_redo_label (const CwbHistory *self)
{
  const State *next = get_state (self, self->now + 1);

  return next != NULL ? next->label : NULL;
}

const CwViews *
cwb_history_get_views (const CwbHistory *self)
{
  return get_state (self, self->now)->views;
}
