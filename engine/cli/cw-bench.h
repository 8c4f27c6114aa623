/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/cw-cli.h"

/* A benchmark of `contrawarp bench`: one file each, one row of the table in cw-command-bench.c. */
typedef struct
{
  const char *name;
  const char *summary; /* one line */
  /* Takes its own options out of @argv, whose only positional argument is the name. */
  int (*run) (int argc, char **argv);
} CwBenchmark;

extern const CwBenchmark cw_bench_search;

double cw_bench_seconds_since (gint64 start); /* g_get_monotonic_time() */
/* Sorts @values. */
double cw_bench_median (double *values, int n);
