/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CwPca:
 *
 * The directions of largest variance of some vectors, found without labels by subspace iteration
 * from a keyed start. Deterministic.
 */
typedef struct
{
  int dim, n_axes;
  float *mean;      /* [dim] */
  float *axes;      /* [n_axes, dim], orthonormal, largest variance first; the element of largest size
                     * is positive. Zero where the vectors span fewer dimensions. */
  double *variance; /* [n_axes]: along each axis */
} CwPca;

/* At most @n_axes axes of @x `[n, dim]`. NULL when memory is short. */
CwPca *cw_pca_fit (const float *x, guint n, int dim, int n_axes, guint64 seed);
/* (transfer full): (x - mean) axesᵀ, `[n, n_axes]`. NULL when memory is short. */
float *cw_pca_project (const CwPca *pca, const float *x, guint n);
void   cw_pca_free (CwPca *pca);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwPca, cw_pca_free)

G_END_DECLS
