/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-eval"

#include "eval/cw-top-k.h"

#include <math.h>

static inline gboolean
is_better (CwNeighbour a, CwNeighbour b)
{
  return a.score > b.score || (a.score >= b.score && a.row < b.row);
}

/* Puts @item into the hole at @i of a heap of @n, moving better ones up. */
static void
sift_down (CwNeighbour *heap, guint n, guint i, CwNeighbour item)
{
  for (;;)
    {
      guint child = 2 * i + 1;

      if (child >= n)
        break;
      if (child + 1 < n && is_better (heap[child], heap[child + 1]))
        child++;
      if (is_better (heap[child], item))
        break;
      heap[i] = heap[child];
      i = child;
    }
  heap[i] = item;
}

void
cw_top_k_init (CwTopK *top, CwNeighbour *storage, guint capacity)
{
  top->heap = storage;
  top->capacity = capacity;
  top->n = 0;
}

float
cw_top_k_threshold (const CwTopK *top)
{
  if (top->n < top->capacity)
    return -INFINITY;
  return top->capacity > 0 ? top->heap[0].score : INFINITY;
}

gboolean
cw_top_k_would_keep (const CwTopK *top, guint32 row, float score)
{
  if (top->n < top->capacity)
    return TRUE;
  return top->capacity > 0 && is_better ((CwNeighbour) { row, score }, top->heap[0]);
}

void
cw_top_k_add (CwTopK *top, guint32 row, float score)
{
  CwNeighbour item = { row, score };
  guint i;

  if (!cw_top_k_would_keep (top, row, score))
    return;
  if (top->n == top->capacity)
    {
      sift_down (top->heap, top->n, 0, item);
      return;
    }
  for (i = top->n++; i > 0; i = (i - 1) / 2)
    {
      guint parent = (i - 1) / 2;

      if (!is_better (top->heap[parent], item))
        break;
      top->heap[i] = top->heap[parent];
    }
  top->heap[i] = item;
}

guint
cw_top_k_finish (CwTopK *top)
{
  for (guint n = top->n; n > 1; n--)
    {
      CwNeighbour worst = top->heap[0];

      sift_down (top->heap, n - 1, 0, top->heap[n - 1]);
      top->heap[n - 1] = worst;
    }
  return top->n;
}
