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

/* ---- a full step: views and warps from a pack, encoder, objective, update ---- */

static gboolean
bench_full (const Options *options, double *images_per_second, double *wait_share, GError **error)
{
  g_autoptr (CwDataset) dataset
      = cw_bench_open_pack ((guint) options->batch * 8, 2 * options->size, error);
  g_autoptr (CwRecipe) recipe = cw_recipe_new ();
  g_autoptr (CwTrainer) trainer = NULL;
  CwLoaderOptions loader = { .seed = 1,
                             .batch = options->batch,
                             .n_threads = 1,
                             .n_ahead = 4 };
  CwStepRecord record;
  double times[64], wait = 0;

  if (dataset == NULL)
    return FALSE;
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
  /* The first epoch brings the pack into memory. */
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
      cw_json_add_string (builder, "mode", options->mode);
      cw_json_add_string (builder, "encoder", options->encoder);
      cw_json_add_int (builder, "size", options->size);
      cw_json_add_int (builder, "batch", options->batch);
      cw_json_add_int (builder, "threads", cw_parallel_get_threads ());
      cw_json_add_number (builder, "images_per_second", rate);
      cw_json_add_int (builder, "peak_rss_bytes", (gint64) peak_rss ());
      cw_json_add_number (builder, "data_wait_share", wait);
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
    { "mode", 0, 0, G_OPTION_ARG_FILENAME, &options.mode,
      "supervised, infer, contrawarp or byol (default: supervised)", "MODE" },
    { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &options.encoder, "(default: resnet18)", "ID" },
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

  if (!cw_cli_parse (&cw_bench_step, NULL, entries, &argc, &argv, 0, 0, &status))
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

const CwCommand cw_bench_step = {
  "bench step", "", "How many images a second a training step or an inference takes", run_step,
};
