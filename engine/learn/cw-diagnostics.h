/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-net.h"

G_BEGIN_DECLS

/* Mean over dimensions of the standard deviation (of the population) of the l2-normalised rows of
 * @features [n, dim]: about 1/sqrt (dim) where the directions are spread, 0 where they have
 * collapsed into one. @scratch: 2 * dim doubles. */
double      cw_feature_std (int n, int dim, const float *features, double *scratch);

/* What costs more is measured on every CW_DIAGNOSTICS_EVERY-th step, of at most the first
 * CW_DIAGNOSTICS_ROWS rows; @scratch is then cw_diagnostics_scratch() doubles. */
#define CW_DIAGNOSTICS_EVERY 25
#define CW_DIAGNOSTICS_ROWS 256

/* Doubles that any of the functions below needs for rows of @dim. */
size_t      cw_diagnostics_scratch (int dim);
/* RankMe (Garrido et al., ICML 2023): exponential of the entropy of the singular values of @rows
 * `[n, dim]`, divided by their sum: how many dimensions the rows fill, 1..min (n, dim), whatever
 * their basis and scale. As there, the mean stays in. 0 where all rows are zero, NaN where one is
 * not finite. */
double      cw_rank_me (int n, int dim, const float *rows, double *scratch);
/* Wang and Isola (ICML 2020), of rows on the unit sphere. Alignment, alpha = 2: mean over i of
 * |a_i - b_i|^2, 0 (views of a face coincide) .. 4. */
double      cw_alignment (int n, int dim, const float *a, const float *b);
/* Uniformity, t = 2: log of the mean over pairs of e^(-2 |x_i - x_j|^2); 0 where all coincide,
 * about -4 where they are spread over many dimensions. NaN for one row. */
double      cw_uniformity (int n, int dim, const float *rows, double *scratch);
/* Share of the dimensions that are zero in all rows. */
double      cw_dead_share (int n, int dim, const float *rows);

/* Whether an encoder notices a warp: of the features of view 0 (the anchor), view 1 (the positive)
 * and @n_negatives warped views, `[2 + n_negatives, n, dim]`. */
typedef struct
{
  double margin; /* mean cos (anchor, positive) - mean cos (anchor, warped) */
  double auc;    /* how often a cosine of a positive is the larger one, over all pairs of a positive
                    and a warped view of any images, ties half: 0.5 = not noticed, 1 = always */
} CwWarpNotice;

/* NaN without negatives. */
CwWarpNotice cw_warp_notice (int n, int n_negatives, int dim, const float *features,
                             double *scratch);

/* Whether all running statistics are finite; and the name of the first tensor that is not, NULL if
 * all are. */
gboolean    _cw_buffers_finite (const CwWeights *weights);
const char *_cw_find_non_finite_buffer (const CwWeights *weights);
/* Name of the first parameter of @net whose part of @block (weights, or a gradient) has a norm that
 * is not below @limit; NULL if all are. */
const char *_cw_find_long_param (const CwNet *net, const float *block, double limit);

G_END_DECLS
