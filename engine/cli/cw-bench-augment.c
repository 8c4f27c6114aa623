/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-bench.h"

#include <stdio.h>
#include <string.h>

/* Warped views (crop, flip, affine, warp, colour) of pictures in memory, as fast as the given number
 * of threads can make them. The steps that do no such thing, grey and blur, are off unless asked for;
 * those that are on always fire. */

#define N_PICTURES 64
#define MAX_THREADS 64

typedef struct
{
  int size, threads, views, runs;
  gboolean all, json;
} Options;

typedef struct
{
  const Options *options;
  CwViews *views;
  CwImage *pictures[N_PICTURES];
  guint32 epoch;
  gint next; /* atomic: view to make */
} Work;

static void
set_step (CwViews *views, const char *name, const char *probability)
{
  CwPipelineStep *step = cw_pipeline_find (views->pipeline, name);

  cw_params_set_string (step->transform->base.params, step->params, NULL, "probability",
                        probability, NULL);
}

static CwViews *
make_views (const Options *options)
{
  CwViews *views = cw_views_new (options->size);

  if (options->all)
    return views;
  set_step (views, "affine", "1");
  set_step (views, "colour-jitter", "1");
  set_step (views, "grey", "0");
  set_step (views, "blur", "0");
  return views;
}

static gpointer
make_main (gpointer data)
{
  Work *work = data;
  const Options *options = work->options;
  size_t n_pixels = (size_t) options->size * (size_t) options->size;
  g_autoptr (CwRenderer) renderer = cw_renderer_new (options->size);
  g_autofree float *out = g_new (float, 3 * n_pixels);
  CwViewDraw draw;
  int i;

  while ((i = g_atomic_int_add (&work->next, 1)) < options->views)
    {
      const CwImage *picture = work->pictures[i % N_PICTURES];

      cw_views_draw (work->views, 1, work->epoch, (guint32) i, 2, picture->w, picture->h,
                     cw_landmark_template_points (), CW_N_LANDMARKS, &draw);
      cw_views_render (work->views, &draw, picture, renderer, out, NULL);
      cw_preprocess_apply (&work->views->preprocess, out, n_pixels);
    }
  return NULL;
}

/* Seconds for all views. */
static double
make_all (Work *work)
{
  GThread *threads[MAX_THREADS];
  gint64 start = g_get_monotonic_time ();

  work->next = 0;
  for (int t = 1; t < work->options->threads; t++)
    threads[t] = g_thread_new ("bench", make_main, work);
  make_main (work);
  for (int t = 1; t < work->options->threads; t++)
    g_thread_join (threads[t]);
  work->epoch++;
  return cw_bench_seconds_since (start);
}

static double
measure (const Options *options)
{
  Work work = { .options = options, .views = make_views (options) };
  double times[64], seconds;

  for (guint i = 0; i < N_PICTURES; i++)
    work.pictures[i] = cw_bench_picture (i, 2 * options->size);
  make_all (&work);
  for (int r = 0; r < options->runs; r++)
    times[r] = make_all (&work);
  seconds = cw_bench_median (times, options->runs);
  for (guint i = 0; i < N_PICTURES; i++)
    cw_image_unref (work.pictures[i]);
  cw_views_free (work.views);
  return options->views / seconds;
}

static void
print_result (const Options *options, double rate)
{
  if (options->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      cw_json_add_int (builder, "size", options->size);
      cw_json_add_int (builder, "threads", options->threads);
      cw_json_add_string (builder, "steps", options->all ? "default" : "crop,affine,warp,colour");
      cw_json_add_number (builder, "images_per_second", rate);
      json_builder_end_object (builder);
      cw_cli_print_json (builder);
    }
  else
    printf ("%d px, %d threads: %.0f warped views/s\n", options->size, options->threads, rate);
}

static int
run (int argc, char **argv)
{
  Options options = { .size = 112, .threads = 1, .views = 500, .runs = 7 };
  const GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size, "Side of a view, px (default: 112)", "N" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "(default: 1)", "N" },
    { "views", 0, 0, G_OPTION_ARG_INT, &options.views, "Views per timing (default: 500)", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &options.runs, "Timings; their median counts (default: 7)",
      "N" },
    { "all", 0, 0, G_OPTION_ARG_NONE, &options.all,
      "All steps with their default probabilities, grey and blur too", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!cw_cli_parse (&cw_bench_augment, NULL, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (options.size < 16 || options.size > 1024 || options.threads < 1
      || options.threads > MAX_THREADS || options.views < 1 || options.views > 1000000
      || options.runs < 1 || options.runs > 64)
    return cw_cli_usage ("out of range: --size 16 to 1024, --threads 1 to %d, --views 1 to 1000000, "
                         "--runs 1 to 64",
                         MAX_THREADS);
  print_result (&options, measure (&options));
  return CW_CLI_OK;
}

const CwCommand cw_bench_augment = {
  "bench augment", "", "How many warped views a second, from pictures in memory", run,
};
