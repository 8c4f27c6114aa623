/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/cw-cli.h"

/* The benchmarks, one file each; what is listed in cw-command-bench.c can be run. The name is that
 * behind "bench". */
extern const CwCommand cw_bench_augment, cw_bench_conv, cw_bench_loader, cw_bench_search, cw_bench_step;

/* What they share. */

double cw_bench_seconds_since (gint64 start); /* @start: g_get_monotonic_time() */
/* Sorts @values, n > 0. */
double cw_bench_median (double *values, int n);
/* (transfer full): a noisy ramp, `[side, side, 3]`: it is cached, mapped and resampled like a
 * picture. */
CwImage *cw_bench_picture (guint index, int side);
/* (transfer full): a pack of @n such pictures; its files are gone when it is closed. */
CwDataset *cw_bench_open_pack (guint n, int side, GError **error);
