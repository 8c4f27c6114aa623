/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Statistics of representations that need no label: what the trainer records of a batch and what
 * ranks checkpoints. Rows are `[n, dim]`; sums are in double and in a fixed order, so that the bits
 * are the same for any number of threads; nothing is allocated. @scratch has
 * cw_representation_scratch() doubles. What is not finite leads to NaN.
 */

/* A row that is not longer than this has no direction: divided by its length it is zero. PyTorch's
 * F.normalize has the same bound. */
#define CW_SHORTEST_ROW 1e-12

/* Doubles that any of the functions below needs for @n rows of @dim. */
size_t cw_representation_scratch (size_t n, int dim);
/* RankMe (Garrido et al., ICML 2023, arXiv 2210.02885): how many dimensions the rows fill, about
 * 1..min (n, dim), whatever their basis and scale. With the singular values s_k of @rows,
 *
 *   exp (-sum_k p_k log p_k),   p_k = s_k / sum_j s_j + 1e-7
 *
 * where, as there, the mean stays in. 0 where all rows are zero, which the source leaves open. */
double cw_rank_me (size_t n, int dim, const float *rows, double *scratch);
/* Of rows on the unit sphere (Wang and Isola, ICML 2020, arXiv 2005.10242). Alignment, alpha = 2:
 * mean over i of |a_i - b_i|^2, 0 (the two coincide) .. 4. */
double cw_alignment (size_t n, int dim, const float *a, const float *b);
/* Uniformity, t = 2: log of the mean over pairs of different rows of e^(-2 |x_i - x_j|^2); 0 where
 * all coincide, about -4 where they are spread over many dimensions. NaN for one row. */
double cw_uniformity (size_t n, int dim, const float *rows, double *scratch);
/* Mean over dimensions of the standard deviation (of the population) of the rows on the unit
 * sphere: about 1 / sqrt (dim) where the directions are spread, 0 where they have collapsed. */
double cw_feature_std (size_t n, int dim, const float *rows, double *scratch);
/* Share of the dimensions that are zero in all rows. */
double cw_dead_share (size_t n, int dim, const float *rows);

/* Of two rows; 0 where one has no direction. */
double cw_cosine (int dim, const float *a, const float *b);

/* Whether an encoder notices a warp, by the cosines of the anchors to their positives and to their
 * warped views. */
typedef struct
{
  double margin; /* mean cos (anchor, positive) - mean cos (anchor, warped) */
  double auc;    /* how often a cosine of a positive is the larger one, over all pairs of a positive
                    and a warped view of any images, ties half: 0.5 = not noticed, 1 = always */
  double paired; /* the same over pairs of the same image */
} CwWarpNotice;

/* @warped: of @n_warped views, each @n rows from @stride rows behind the one before on. NaN without
 * warped views. */
CwWarpNotice cw_warp_notice (size_t n, int dim, const float *anchors, const float *positives,
                             const float *warped, int n_warped, size_t stride, double *scratch);

G_END_DECLS
