/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-pipeline.h"

G_BEGIN_DECLS

/* What one thread needs to render a view; a pool has as many as are used at a time. */
typedef struct
{
  CwRenderer *renderer;
  CwField *field;
} CwScratch;

/* (transfer full) (element-type CwScratch) */
GAsyncQueue *_cw_scratch_pool_new (void);
/* One for views of @size, which all of a pool are of. */
CwScratch   *_cw_scratch_take (GAsyncQueue *pool, int size);
void         _cw_scratch_give_back (GAsyncQueue *pool, CwScratch *scratch);

G_END_DECLS
