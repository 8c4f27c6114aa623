/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Scores of features that need no label, for choosing among checkpoints. Rows of `[n, dim]`; sums
 * are in double and in a fixed order.
 */

/* exp of the entropy of the singular values of @x, divided by their sum: how many dimensions the
 * features really use, 1..min (n, dim). Not centred; 1e-7 is added to each share, as in the source
 * (Garrido et al., "RankMe", ICML 2023, arXiv 2210.02885). NaN where all of @x is zero. */
double cw_selection_rankme (const float *x, guint n, int dim);
/* Mean squared distance of row i of @a to row i of @b, each divided by its norm: 0 = alike, 4 =
 * opposite (Wang and Isola, ICML 2020, arXiv 2005.10242, with alpha 2). */
double cw_selection_alignment (const float *a, const float *b, guint n, int dim);
/* log of the mean of exp (-2 |x - y|^2) over all pairs of different rows, each divided by its norm:
 * 0 = all in one place, lower = more spread (ibid., with t 2). NaN for fewer than two rows. */
double cw_selection_uniformity (const float *x, guint n, int dim);
/* How often an anchor is nearer, by cosine, to its positive than to its negative; equal counts
 * half. */
double cw_selection_margin_auc (const float *anchors, const float *positives, const float *negatives,
                              guint n, int dim);
/* Spearman's rank correlation; values that are equal share their mean rank. Pairs with a NaN are
 * left out; NaN where fewer than two are left or one side is constant. */
double cw_selection_spearman (const double *a, const double *b, guint n);

G_END_DECLS
