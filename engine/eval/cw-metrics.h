/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* From a confusion matrix [n, n], rows = truth. Classes without a row are left out of the mean. */
double cw_metrics_accuracy (const guint *confusion, int n);
double cw_metrics_macro_recall (const guint *confusion, int n);
/* Share of the most frequent label (labels < 0 are ignored). */
double cw_metrics_majority (const int *labels, guint n);
