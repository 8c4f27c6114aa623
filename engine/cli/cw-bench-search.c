/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-bench.h"

#include <stdio.h>
#include <string.h>

#define MAX_RUNS 64
#define FILL_BLOCK 256

/* Exact search in vectors that are drawn at random: for these no method can look at a few only, so
 * the time is that of the worst case. */

typedef struct
{
  int n, dim, k, n_queries, threads, runs;
  gboolean json;
  char *save;
} Options;

typedef struct
{
  float *x;
  guint n;
  int dim;
  guint64 seed;
} Fill;

static void
fill_block (int block, int worker, void *data)
{
  const Fill *fill = data;
  guint from = (guint) block * FILL_BLOCK, to = MIN (from + FILL_BLOCK, fill->n);

  for (guint i = from; i < to; i++)
    {
      CwRng rng = cw_rng_new (fill->seed, CW_RNG_TEST, 0, 0, i, 0);
      float *row = fill->x + (gsize) i * (gsize) fill->dim;

      for (int j = 0; j < fill->dim; j++)
        row[j] = cw_rng_normal (&rng);
    }
}

/* (transfer full): [n, dim], normal; NULL when memory is short. */
static float *
make_vectors (guint n, int dim, guint64 seed)
{
  Fill fill = { g_try_malloc_n ((gsize) n * (gsize) dim, sizeof (float)), n, dim, seed };

  if (fill.x != NULL)
    cw_parallel_for ((int) ((n + FILL_BLOCK - 1) / FILL_BLOCK), fill_block, &fill);
  return fill.x;
}

static void
search (CwIndex *index, const Options *options, const float *queries, CwNeighbour *found)
{
  if (options->n_queries == 1)
    cw_index_search (index, queries, (guint) options->k, NULL, NULL, found);
  else
    cw_index_search_batch (index, queries, (guint) options->n_queries, (guint) options->k, NULL,
                           NULL, found);
}

static gboolean
save_array (const char *folder, const char *name, int rows, int columns, const float *values,
            GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const gsize shape[] = { (gsize) rows, (gsize) columns };

  return cw_npy_save (path, 'f', 2, shape, values, error);
}

/* What another program needs to do the same, and what it should find. Rows are whole numbers below
 * 2^24, so exact as floats. */
static gboolean
save (const Options *options, CwIndex *index, const float *queries, const CwNeighbour *found,
      GError **error)
{
  gsize n_found = (gsize) options->n_queries * (gsize) options->k;
  g_autofree float *rows = g_new (float, n_found), *scores = g_new (float, n_found);

  for (gsize i = 0; i < n_found; i++)
    {
      rows[i] = (float) found[i].row;
      scores[i] = found[i].score;
    }
  return save_array (options->save, "vectors.npy", options->n, options->dim,
                     cw_index_get_row (index, 0), error)
         && save_array (options->save, "queries.npy", options->n_queries, options->dim, queries,
                        error)
         && save_array (options->save, "rows.npy", options->n_queries, options->k, rows, error)
         && save_array (options->save, "scores.npy", options->n_queries, options->k, scores,
                        error);
}

static void
print_result (const Options *options, double milliseconds, double build_seconds)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!options->json)
    {
      printf ("%d best of %d x %d, %d at a time, %d threads: %.3f ms a query (index built in "
              "%.2f s)\n",
              options->k, options->n, options->dim, options->n_queries, cw_parallel_get_threads (),
              milliseconds, build_seconds);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  cw_json_add_int (builder, "n", options->n);
  cw_json_add_int (builder, "dim", options->dim);
  cw_json_add_int (builder, "k", options->k);
  cw_json_add_int (builder, "queries", options->n_queries);
  cw_json_add_int (builder, "threads", cw_parallel_get_threads ());
  cw_json_add_number (builder, "milliseconds_per_query", milliseconds);
  cw_json_add_number (builder, "index_seconds", build_seconds);
  json_builder_end_object (builder);
  cw_cli_print_json (builder);
}

static int
bench (const Options *options)
{
  g_autofree float *x = make_vectors ((guint) options->n, options->dim, 1);
  g_autofree float *queries = make_vectors ((guint) options->n_queries, options->dim, 2);
  g_autofree CwNeighbour *found
      = g_new (CwNeighbour, (gsize) options->n_queries * (gsize) options->k);
  g_autoptr (CwIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  double times[MAX_RUNS], build_seconds;
  gint64 start = g_get_monotonic_time ();

  if (x != NULL && queries != NULL)
    index = cw_index_new (x, (guint) options->n, options->dim);
  if (index == NULL)
    {
      g_set_error (&error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory for %d vectors of %d",
                   options->n, options->dim);
      return cw_cli_fail (error);
    }
  build_seconds = cw_bench_seconds_since (start);
  g_clear_pointer (&x, g_free);
  search (index, options, queries, found);
  for (int r = 0; r < options->runs; r++)
    {
      start = g_get_monotonic_time ();
      search (index, options, queries, found);
      times[r] = 1e3 * cw_bench_seconds_since (start) / options->n_queries;
    }
  if (options->save != NULL && !save (options, index, queries, found, &error))
    return cw_cli_fail (error);
  print_result (options, cw_bench_median (times, options->runs), build_seconds);
  return CW_CLI_OK;
}

static int
run (int argc, char **argv)
{
  Options options = { .n = 100000, .dim = 512, .k = 50, .n_queries = 1, .runs = 7 };
  const GOptionEntry entries[] = {
    { "n", 0, 0, G_OPTION_ARG_INT, &options.n, "Vectors (default: 100000)", "N" },
    { "dim", 0, 0, G_OPTION_ARG_INT, &options.dim, "Their dimensions (default: 512)", "N" },
    { "neighbours", 'k', 0, G_OPTION_ARG_INT, &options.k, "Neighbours of each query (default: 50)",
      "K" },
    { "k", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &options.k, NULL, NULL },
    { "queries", 0, 0, G_OPTION_ARG_INT, &options.n_queries, "Queries at a time (default: 1)",
      "N" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "(default: all cores)", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &options.runs, "Timings; their median counts (default: 7)",
      "N" },
    { "save", 0, 0, G_OPTION_ARG_FILENAME, &options.save,
      "Write vectors, queries, rows and scores found into this folder (.npy)", "DIR" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!cw_cli_parse (&cw_bench_search, NULL, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (options.n < 1 || options.n > 10000000 || options.dim < 1 || options.dim > 65536
      || options.k < 1 || options.k > options.n || options.n_queries < 1
      || options.n_queries > 100000 || options.runs < 1 || options.runs > MAX_RUNS
      || options.threads < 0)
    return cw_cli_usage ("out of range: --n 1 to 10000000, --dim 1 to 65536, -k 1 to --n, "
                         "--queries 1 to 100000, --runs 1 to %d, --threads 0 or more", MAX_RUNS);
  cw_parallel_set_threads (options.threads);
  status = bench (&options);
  g_free (options.save);
  return status;
}

const CwCommand cw_bench_search = {
  "bench search", "", "How fast the nearest of random vectors are found, exactly", run,
};
