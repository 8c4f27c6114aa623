/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 row;
  float score; /* cosine, -1..1 */
} CwNeighbour;

/**
 * CwTopK:
 *
 * The best few of many, as a heap with the worst on top in the caller's storage. A neighbour is
 * better than another when its score is higher or, at the same score, its row is lower; so the
 * outcome does not depend on the order in which they come.
 */
typedef struct
{
  CwNeighbour *heap;
  guint capacity, n;
} CwTopK;

void  cw_top_k_init (CwTopK *top, CwNeighbour *storage, guint capacity);
/* What a score must reach to get in; -infinity while there is room. */
float cw_top_k_threshold (const CwTopK *top);
/* TRUE where cw_top_k_add() would keep it. */
gboolean cw_top_k_would_keep (const CwTopK *top, guint32 row, float score);
void  cw_top_k_add (CwTopK *top, guint32 row, float score);
/* Sorts the storage, best first; returns how many there are. */
guint cw_top_k_finish (CwTopK *top);

G_END_DECLS
