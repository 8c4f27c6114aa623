/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* What every cross-entropy over rows begins with: each row of @logits [n_rows, n] is replaced by
 * @scale times its softmax, @lse [n_rows] gets its log-sum-exp. A logit of -infinity takes no part;
 * what else is not finite reaches lse. Parallel over rows: the same bits for any number of
 * threads. */
void _cw_softmax_rows (size_t n_rows, size_t n, double scale, float *logits, float *lse);
