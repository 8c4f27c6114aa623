/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-bench.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

/* Batches from a pack, taken as fast as the loader makes them: no trainer slows it down, so that the
 * wait for each is what a view costs. */

typedef struct
{
  char *data;
  int size, batch, threads, ahead, pictures, batches, runs;
  gboolean json;
} Options;

static CwImage *
load_picture (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  return cw_bench_picture (index, GPOINTER_TO_INT (data));
}

static gboolean
write_pack (guint n, int side, const char *path, GError **error)
{
  g_autoptr (CwDataset) source = cw_dataset_new ("memory", "bench");
  g_auto (CwPackReport) report = { 0 };

  cw_dataset_set_loader (source, load_picture, NULL, GINT_TO_POINTER (side), NULL);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      cw_dataset_add_item (source, name, NULL, -1, -1, CW_SPLIT_NONE, NULL);
    }
  return cw_pack_write (source, path, side, NULL, &report, error);
}

CwDataset *
cw_bench_open_pack (guint n, int side, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("contrawarp-bench-XXXXXX", error);
  g_autofree char *path = NULL;
  g_autofree char *table = NULL;
  CwDataset *dataset = NULL;

  if (folder == NULL)
    return NULL;
  path = g_build_filename (folder, "pack.npy", NULL);
  table = g_build_filename (folder, "pack.csv", NULL);
  if (write_pack (n, side, path, error))
    dataset = cw_dataset_open (path, "pack", NULL, NULL, error);
  /* What is mapped stays until it is closed. */
  g_unlink (path);
  g_unlink (table);
  g_rmdir (folder);
  return dataset;
}

/* Views a second; the median of the runs. */
static gboolean
measure (const Options *options, CwDataset *dataset, double *rate, GError **error)
{
  CwLoaderOptions loader_options = { .seed = 1,
                                     .batch = options->batch,
                                     .n_threads = options->threads,
                                     .n_ahead = options->ahead };
  g_autoptr (CwViews) views = cw_views_new (options->size);
  g_autoptr (CwLoader) loader
      = cw_loader_new (dataset, NULL, 0, views, &loader_options, NULL, NULL, error);
  double times[64];

  /* The first run warms up. */
  for (int r = -1; loader != NULL && r < options->runs; r++)
    {
      gint64 start = g_get_monotonic_time ();

      for (int b = 0; b < options->batches; b++)
        {
          CwBatch *batch = cw_loader_take (loader, NULL, error);

          if (batch == NULL)
            return FALSE;
          cw_loader_release (loader, batch);
        }
      if (r >= 0)
        times[r] = cw_bench_seconds_since (start);
    }
  if (loader == NULL)
    return FALSE;
  *rate = (double) options->batches * options->batch * cw_views_count (views)
          / cw_bench_median (times, options->runs);
  return TRUE;
}

static void
print_result (const Options *options, CwDataset *dataset, double rate)
{
  if (options->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      cw_json_add_string (builder, "layout", cw_dataset_get_layout (dataset));
      cw_json_add_int (builder, "size", options->size);
      cw_json_add_int (builder, "batch", options->batch);
      cw_json_add_int (builder, "threads", options->threads);
      cw_json_add_number (builder, "views_per_second", rate);
      json_builder_end_object (builder);
      cw_cli_print_json (builder);
    }
  else
    printf ("%s, %d px, batch %d, %d threads: %.0f views/s\n", cw_dataset_get_layout (dataset),
            options->size, options->batch, options->threads, rate);
}

static int
bench_loader (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CwDataset) dataset = NULL;
  double rate = NAN;

  if (options->data != NULL)
    dataset = cw_dataset_open (options->data, NULL, NULL, NULL, &error);
  else
    dataset = cw_bench_open_pack ((guint) options->pictures, 2 * options->size, &error);
  if (dataset == NULL || !measure (options, dataset, &rate, &error))
    return cw_cli_fail (error);
  print_result (options, dataset, rate);
  return CW_CLI_OK;
}

static int
run (int argc, char **argv)
{
  Options options = { .size = 64, .batch = 64, .threads = 1, .ahead = 4, .pictures = 1024,
                      .batches = 8, .runs = 7 };
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &options.data,
      "Pictures to load (default: a pack made for this, with twice the view's side)", "LOCATION" },
    { "pictures", 0, 0, G_OPTION_ARG_INT, &options.pictures,
      "Pictures of the pack made for this (default: 1024)", "N" },
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size, "Side of a view, px (default: 64)", "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &options.batch, "Images per batch (default: 64)", "N" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads that load (default: 1)", "N" },
    { "ahead", 0, 0, G_OPTION_ARG_INT, &options.ahead, "Batches kept ready (default: 4)", "N" },
    { "batches", 0, 0, G_OPTION_ARG_INT, &options.batches, "Batches per timing (default: 8)", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &options.runs, "Timings; their median counts (default: 7)",
      "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!cw_cli_parse (&cw_bench_loader, NULL, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (options.size < 16 || options.size > 512 || options.batch < 1 || options.batch > 4096
      || options.threads < 1 || options.threads > 16 || options.ahead < 1 || options.ahead > 16
      || options.batches <= options.ahead || options.runs < 1 || options.runs > 64
      || options.pictures < options.batch || options.pictures > 100000)
    return cw_cli_usage ("out of range: --size 16 to 512, --batch 1 to 4096, --threads and --ahead "
                         "1 to 16, --batches more than --ahead (those may be ready before the timing "
                         "begins), --runs 1 to 64, --pictures from the batch to 100000");
  return bench_loader (&options);
}

const CwCommand cw_bench_loader = {
  "bench loader", "", "How many views a second come from a pack through the loader", run,
};
