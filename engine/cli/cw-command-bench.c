/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-bench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  char *mode, *encoder;
  int size, batch, threads, steps, runs;
  gboolean json;
} Options;

double
cw_bench_seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
cw_bench_median (double *values, int n)
{
  qsort (values, (size_t) n, sizeof *values, compare_doubles);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static size_t
peak_rss (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (size_t) usage.ru_maxrss * 1024;
}

/* ---- a plain step: forward (and cross-entropy, backward, AdamW) on random pictures ---- */

typedef struct
{
  CwNet *net;
  CwNode output;
  CwWeights *weights;
  CwPlan *plan;
  float *pixels, *grads, *moments;
  int n_classes, batch;
  guint64 step;
} Plain;

#define N_CLASSES 8

static void
cross_entropy_gradient (const float *logits, float *d, int n, int k)
{
  for (int i = 0; i < n; i++)
    {
      const float *z = logits + (size_t) i * (size_t) k;
      float *dz = d + (size_t) i * (size_t) k;
      float max = z[0], sum = 0;

      for (int c = 1; c < k; c++)
        max = MAX (max, z[c]);
      for (int c = 0; c < k; c++)
        sum += dz[c] = expf (z[c] - max);
      for (int c = 0; c < k; c++)
        dz[c] = (dz[c] / sum - (c == i % k ? 1.0f : 0.0f)) / (float) n;
    }
}

static void
plain_step (Plain *p, gboolean train)
{
  const CwOps *ops = cw_ops ();
  size_t n = cw_net_get_params_size (p->net);

  cw_plan_forward (p->plan, p->weights, p->pixels, p->batch, train);
  if (!train)
    return;
  cross_entropy_gradient (cw_plan_get_output (p->plan, p->output),
                          cw_plan_get_output_grad (p->plan, p->output), p->batch, N_CLASSES);
  ops->fill (n, 0, p->grads);
  cw_plan_backward (p->plan, p->weights, p->grads, NULL);
  ops->adamw (n, p->weights->params, p->grads, p->moments, p->moments + n, 1e-3f, 0.9f, 0.999f,
              1e-8f, 0.05f, ++p->step);
}

static gboolean
bench_plain (const Options *options, const CwEncoderClass *encoder, double *images_per_second,
             GError **error)
{
  gboolean train = strcmp (options->mode, "supervised") == 0;
  gpointer params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  g_autoptr (CwNet) net = cw_net_new ();
  Plain p = { .net = net, .batch = options->batch };
  size_t n_pixels = (size_t) options->batch * (size_t) options->size * (size_t) options->size * 3;
  double times[64];
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, 0, 0);

  p.output = encoder->build (params, net, cw_net_input (net, options->size, options->size, 3));
  p.output = cw_net_linear (net, p.output, "fc", N_CLASSES, TRUE);
  cw_net_mark (net, p.output, "logits");
  p.weights = cw_weights_new (net);
  cw_weights_init (p.weights, 1);
  p.plan = cw_plan_new (net, options->batch, train ? CW_PLAN_BACKWARD : CW_PLAN_FROZEN, &p.output, 1);
  p.pixels = cw_ops ()->alloc (n_pixels * sizeof (float));
  if (train)
    {
      p.grads = cw_ops ()->alloc (cw_net_get_params_size (net) * sizeof (float));
      p.moments = cw_ops ()->alloc (2 * cw_net_get_params_size (net) * sizeof (float));
    }
  if (p.plan == NULL || p.pixels == NULL || (train && (p.grads == NULL || p.moments == NULL)))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "not enough memory for batch %d at %d px",
                   options->batch, options->size);
      return FALSE;
    }
  for (size_t i = 0; i < n_pixels; i++)
    p.pixels[i] = cw_rng_normal (&rng);

  plain_step (&p, train);
  for (int r = 0; r < options->runs; r++)
    {
      gint64 start = g_get_monotonic_time ();

      for (int s = 0; s < options->steps; s++)
        plain_step (&p, train);
      times[r] = cw_bench_seconds_since (start) / options->steps;
    }
  *images_per_second = options->batch / cw_bench_median (times, options->runs);

  cw_plan_free (p.plan);
  cw_weights_free (p.weights);
  cw_ops ()->free (p.pixels);
  cw_ops ()->free (p.grads);
  cw_ops ()->free (p.moments);
  cw_params_block_free (encoder->base.params, params);
  return TRUE;
}

/* ---- a full step: views and warps from pictures in memory, encoder, objective, update ---- */

static CwImage *
load_noise (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  int side = max_side > 0 ? max_side : 128;
  CwImage *image = cw_image_new (side, side, 3);
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, index, 0);

  /* Smooth, like a picture: what it shows does not matter, that it is cached like one does. */
  for (int y = 0; y < side; y++)
    {
      for (int x = 0; x < 3 * side; x++)
        image->data[(size_t) y * (size_t) side * 3 + (size_t) x]
            = (guint8) ((x * 2 + y * 3 + (int) (cw_rng_next (&rng) & 31)) & 255);
    }
  return image;
}

static gboolean
bench_full (const Options *options, double *images_per_second, double *wait_share, GError **error)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new ("memory", "bench");
  g_autoptr (CwRecipe) recipe = cw_recipe_new ();
  g_autoptr (CwTrainer) trainer = NULL;
  CwLoaderOptions loader = { .seed = 1,
                             .batch = options->batch,
                             .n_threads = 1,
                             .n_ahead = 4,
                             .cache_bytes = (gsize) 512 << 20 };
  CwStepRecord record;
  double times[64], wait = 0;

  cw_dataset_set_loader (dataset, load_noise, NULL, NULL, NULL);
  for (int i = 0; i < options->batch * 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);

      cw_dataset_add_item (dataset, name, NULL, -1, -1, CW_SPLIT_NONE, NULL);
    }
  if (!cw_recipe_set_encoder (recipe, options->encoder, error)
      || !cw_recipe_set_objective (
          recipe, strcmp (options->mode, "byol") == 0 ? "byol" : "simclr", error))
    return FALSE;
  recipe->views->preprocess.size = options->size;
  recipe->schedule.batch = options->batch;
  recipe->schedule.epochs = 1000;
  trainer = cw_trainer_new (recipe, dataset, NULL, 0, &loader, NULL, NULL, error);
  if (trainer == NULL)
    return FALSE;
  /* The first epoch decodes into the cache. */
  for (int s = 0; s < 9; s++)
    {
      if (!cw_trainer_step (trainer, &record, error))
        return FALSE;
    }
  for (int r = 0; r < options->runs; r++)
    {
      gint64 start = g_get_monotonic_time ();

      for (int s = 0; s < options->steps; s++)
        {
          if (!cw_trainer_step (trainer, &record, error))
            return FALSE;
          wait += record.wait_share;
        }
      times[r] = cw_bench_seconds_since (start) / options->steps;
    }
  *images_per_second = options->batch / cw_bench_median (times, options->runs);
  *wait_share = wait / (options->steps * options->runs);
  return TRUE;
}

static int
bench_step (const Options *options)
{
  g_autoptr (GError) error = NULL;
  const CwEncoderClass *encoder = (const CwEncoderClass *) cw_registry_find (
      CW_KIND_ENCODER, options->encoder, &error);
  double rate = NAN, wait = NAN;
  gboolean ok;

  if (encoder == NULL)
    return cw_cli_fail (error);
  if (strcmp (options->mode, "supervised") == 0 || strcmp (options->mode, "infer") == 0)
    ok = bench_plain (options, encoder, &rate, &error);
  else if (strcmp (options->mode, "contrawarp") == 0 || strcmp (options->mode, "byol") == 0)
    ok = bench_full (options, &rate, &wait, &error);
  else
    return cw_cli_usage ("--mode %s is not one of supervised, infer, contrawarp, byol",
                         options->mode);
  if (!ok)
    return cw_cli_fail (error);

  if (options->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      cw_cli_add_string (builder, "mode", options->mode);
      cw_cli_add_string (builder, "encoder", options->encoder);
      cw_cli_add_int (builder, "size", options->size);
      cw_cli_add_int (builder, "batch", options->batch);
      cw_cli_add_int (builder, "threads", cw_parallel_get_threads ());
      cw_cli_add_number (builder, "images_per_second", rate);
      cw_cli_add_int (builder, "peak_rss_bytes", (gint64) peak_rss ());
      cw_cli_add_number (builder, "data_wait_share", wait);
      json_builder_end_object (builder);
      cw_cli_print_json (builder);
    }
  else
    {
      printf ("%s %s, %d px, batch %d, %d threads: %.1f images/s, %.0f MiB at most",
              options->mode, options->encoder, options->size, options->batch,
              cw_parallel_get_threads (), rate, (double) peak_rss () / (1 << 20));
      if (isfinite (wait))
        printf (", %.1f %% of the time waiting for data", 100 * wait);
      printf ("\n");
    }
  return CW_CLI_OK;
}

static int
run_step (int argc, char **argv)
{
  Options options = { .size = 64, .batch = 32, .steps = 3, .runs = 7 };
  const GOptionEntry entries[] = {
    { "mode", 0, 0, G_OPTION_ARG_STRING, &options.mode,
      "supervised, infer, contrawarp or byol (default: supervised)", "MODE" },
    { "encoder", 0, 0, G_OPTION_ARG_STRING, &options.encoder, "(default: resnet18)", "ID" },
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size, "Side of a picture, px (default: 64)", "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &options.batch, "Images per step (default: 32)", "N" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "(default: all cores)", "N" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &options.steps, "Steps per timing (default: 3)", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &options.runs, "Timings; their median counts (default: 7)",
      "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!cw_cli_parse (&cw_command_bench, NULL, entries, &argc, &argv, 1, 1, &status))
    return status;
  if (options.size < 16 || options.size > 512 || options.batch < 2 || options.batch > 4096
      || options.steps < 1 || options.runs < 1 || options.runs > 64 || options.threads < 0)
    return cw_cli_usage ("out of range: --size 16 to 512, --batch 2 to 4096, --steps 1 or more, "
                         "--runs 1 to 64, --threads 0 or more");
  if (options.mode == NULL)
    options.mode = g_strdup ("supervised");
  if (options.encoder == NULL)
    options.encoder = g_strdup ("resnet18");
  cw_parallel_set_threads (options.threads);
  return bench_step (&options);
}

static const CwBenchmark bench_step_row
    = { "step", "a training step, or the encoder alone", run_step };

/* ---- which benchmark ---- */

static const CwBenchmark *const benchmarks[] = {
  &bench_step_row,
  &cw_bench_search,
};

/* Options may stand before the name, so it is the first word that is one. */
static const CwBenchmark *
find_benchmark (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      for (size_t b = 0; b < G_N_ELEMENTS (benchmarks); b++)
        {
          if (strcmp (argv[i], benchmarks[b]->name) == 0)
            return benchmarks[b];
        }
    }
  return NULL;
}

static int
run (int argc, char **argv)
{
  const CwBenchmark *benchmark = find_benchmark (argc, argv);
  const GOptionEntry none[] = { G_OPTION_ENTRY_NULL };
  g_autoptr (GString) names = g_string_new (NULL), details = g_string_new ("Benchmarks:\n");
  int status;

  if (benchmark != NULL)
    return benchmark->run (argc, argv);
  for (size_t b = 0; b < G_N_ELEMENTS (benchmarks); b++)
    {
      g_string_append_printf (names, "%s%s", b > 0 ? ", " : "", benchmarks[b]->name);
      g_string_append_printf (details, "  %-8s %s\n", benchmarks[b]->name, benchmarks[b]->summary);
    }
  g_string_append (details, "\n'contrawarp bench NAME --help' has the options of each.");
  if (!cw_cli_parse (&cw_command_bench, details->str, none, &argc, &argv, 1, 1, &status))
    return status;
  return cw_cli_usage ("unknown benchmark '%s'; there are: %s", argv[1], names->str);
}

const CwCommand cw_command_bench = { "bench", "NAME", "How fast the engine is here", run };
