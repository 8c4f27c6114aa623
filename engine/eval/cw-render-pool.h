/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-pipeline.h"

G_BEGIN_DECLS

/* What one thread needs to render a view; a pool has as many as are used at a time. */
typedef struct
{
  CwRenderer *renderer;
  CwField *field;
} CwRenderBuffers;

/* (transfer full) (element-type CwRenderBuffers) */
GAsyncQueue     *_cw_render_pool_new (void);
/* Some for views of @size, which all of a pool are of. */
CwRenderBuffers *_cw_render_pool_take (GAsyncQueue *pool, int size);
void             _cw_render_pool_give_back (GAsyncQueue *pool, CwRenderBuffers *buffers);

G_END_DECLS
