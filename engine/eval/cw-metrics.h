/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* From a confusion matrix [n, n], rows = truth. Classes without a row are left out of the mean. */
double cw_metrics_accuracy (const guint *confusion, int n);
double cw_metrics_macro_recall (const guint *confusion, int n);
/* Mean over the classes of the harmonic mean of precision and recall; classes that have neither a row
 * nor an answer are left out. */
double cw_metrics_macro_f1 (const guint *confusion, int n);
/* Share of the most frequent label (labels < 0 are ignored). */
double cw_metrics_majority (const int *labels, guint n);

/* Of @predicted and @truth `[n]`; NaN where n = 0. */
double cw_metrics_rmse (const double *predicted, const double *truth, guint n);
/* Pearson's correlation; NaN where either is constant. */
double cw_metrics_pcc (const double *predicted, const double *truth, guint n);
/* Lin's concordance: 2 cov / (var + var + (difference of the means)²), moments over n; NaN where both
 * are constant and alike. */
double cw_metrics_ccc (const double *predicted, const double *truth, guint n);
/* Of @values `[n]`, NaN left out: how many, their mean (NaN for none) and their standard deviation about it
 * (over count - 1; NaN for fewer than two). */
guint  cw_metrics_spread (const double *values, guint n, double *mean, double *sd);
/* Half of the width of Student's 95 % interval of a mean of @n values with the standard deviation @sd:
 * t(0.975; n - 1) sd / sqrt (n). NaN for fewer than two. */
double cw_metrics_student_95 (double sd, guint n);
/* In place: ranks from 1 instead of @values `[n]`, no NaN; equal values share the mean of theirs. */
void   cw_metrics_rank (double *values, guint n);
/* Spearman's rank correlation of @a and @b `[n]`. Pairs with a NaN are left out; NaN where fewer than
 * two are left or one side is constant. */
double cw_metrics_spearman (const double *a, const double *b, guint n);
