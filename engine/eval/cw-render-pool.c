/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-render-pool.h"

static void
buffers_free (gpointer data)
{
  CwRenderBuffers *buffers = data;

  cw_renderer_free (buffers->renderer);
  cw_field_free (buffers->field);
  g_free (buffers);
}

GAsyncQueue *
_cw_render_pool_new (void)
{
  return g_async_queue_new_full (buffers_free);
}

CwRenderBuffers *
_cw_render_pool_take (GAsyncQueue *pool, int size)
{
  CwRenderBuffers *buffers = g_async_queue_try_pop (pool);

  if (buffers == NULL)
    {
      buffers = g_new (CwRenderBuffers, 1);
      buffers->renderer = cw_renderer_new (size);
      buffers->field = cw_field_new (size, size);
    }
  return buffers;
}

void
_cw_render_pool_give_back (GAsyncQueue *pool, CwRenderBuffers *buffers)
{
  g_async_queue_push (pool, buffers);
}
