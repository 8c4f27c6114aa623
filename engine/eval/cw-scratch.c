/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-scratch.h"

static void
scratch_free (gpointer data)
{
  CwScratch *scratch = data;

  cw_renderer_free (scratch->renderer);
  cw_field_free (scratch->field);
  g_free (scratch);
}

GAsyncQueue *
_cw_scratch_pool_new (void)
{
  return g_async_queue_new_full (scratch_free);
}

CwScratch *
_cw_scratch_take (GAsyncQueue *pool, int size)
{
  CwScratch *scratch = g_async_queue_try_pop (pool);

  if (scratch == NULL)
    {
      scratch = g_new (CwScratch, 1);
      scratch->renderer = cw_renderer_new (size);
      scratch->field = cw_field_new (size, size);
    }
  return scratch;
}

void
_cw_scratch_give_back (GAsyncQueue *pool, CwScratch *scratch)
{
  g_async_queue_push (pool, scratch);
}
