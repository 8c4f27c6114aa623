/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-cli"

#include "cli/cw-bench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Every different convolution of an encoder, in its three directions: time, speed beside the machine's own
 * matrix product, and rounding error against sums in double. Speeds count the multiplications of the plain
 * sums: a way that needs fewer can pass 100 %. */

#define PEAK_SIDE 1024
#define N_SAMPLES 400
#define MAX_RUNS 64

typedef struct
{
  char *encoder;
  int size, batch, threads, runs;
  gboolean json;
} Options;

enum
{
  FORWARD,
  BACKWARD_DATA,
  BACKWARD_WEIGHTS,
  N_DIRECTIONS,
};

static const char *const direction_names[N_DIRECTIONS]
    = { "forward", "backward_data", "backward_weights" };

typedef struct
{
  CwConvShape shape;
  float *x, *w, *y, *scratch;
  size_t nx, nw, ny;
} Conv;

static float *
new_normal (size_t n, guint32 stream)
{
  float *values = cw_ops ()->alloc (n * sizeof (float));
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, stream, 0);

  for (size_t i = 0; i < n; i++)
    values[i] = cw_rng_normal (&rng);
  return values;
}

static void
conv_init (Conv *conv, const CwConvShape *s)
{
  conv->shape = *s;
  conv->nx = (size_t) s->n * (size_t) s->h * (size_t) s->w * (size_t) s->c;
  conv->ny = (size_t) s->n * (size_t) s->ho * (size_t) s->wo * (size_t) s->k;
  conv->nw = (size_t) s->kh * (size_t) s->kw * (size_t) s->c * (size_t) s->k;
  conv->x = new_normal (conv->nx, 1);
  conv->w = new_normal (conv->nw, 2);
  conv->y = new_normal (conv->ny, 3);
  conv->scratch = cw_ops ()->alloc (cw_ops ()->conv_scratch (s) * sizeof (float));
}

static void
conv_clear (Conv *conv)
{
  cw_ops ()->free (conv->x);
  cw_ops ()->free (conv->w);
  cw_ops ()->free (conv->y);
  cw_ops ()->free (conv->scratch);
}

/* The result goes to @out, as large as y, x or w. */
static void
run_direction (const Conv *conv, int direction, float *out)
{
  const CwOps *ops = cw_ops ();

  if (direction == FORWARD)
    ops->conv_forward (&conv->shape, conv->x, conv->w, NULL, out, conv->scratch);
  else if (direction == BACKWARD_DATA)
    ops->conv_backward_data (&conv->shape, conv->y, conv->w, out, FALSE, conv->scratch);
  else
    ops->conv_backward_weights (&conv->shape, conv->x, conv->y, out, NULL, conv->scratch);
}

static double
time_direction (const Conv *conv, int direction, float *out, int runs)
{
  double times[MAX_RUNS];

  run_direction (conv, direction, out);
  for (int r = 0; r < runs; r++)
    {
      gint64 start = g_get_monotonic_time ();

      run_direction (conv, direction, out);
      times[r] = cw_bench_seconds_since (start);
    }
  return cw_bench_median (times, runs);
}

/* ---- the definition, in double ---- */

static double
sum_forward (const Conv *conv, size_t at)
{
  const CwConvShape *s = &conv->shape;
  size_t k = at % (size_t) s->k, pixel = at / (size_t) s->k;
  int ox = (int) (pixel % (size_t) s->wo), oy = (int) (pixel / (size_t) s->wo % (size_t) s->ho);
  size_t image = pixel / (size_t) s->wo / (size_t) s->ho;
  double sum = 0;

  for (int tap = 0; tap < s->kh * s->kw; tap++)
    {
      int iy = oy * s->stride - s->pad + tap / s->kw, ix = ox * s->stride - s->pad + tap % s->kw;
      size_t from;

      if (iy < 0 || iy >= s->h || ix < 0 || ix >= s->w)
        continue;
      from = ((image * (size_t) s->h + (size_t) iy) * (size_t) s->w + (size_t) ix) * (size_t) s->c;
      for (size_t c = 0; c < (size_t) s->c; c++)
        sum += (double) conv->x[from + c]
               * (double) conv->w[((size_t) tap * (size_t) s->c + c) * (size_t) s->k + k];
    }
  return sum;
}

static double
sum_backward_data (const Conv *conv, size_t at)
{
  const CwConvShape *s = &conv->shape;
  size_t c = at % (size_t) s->c, pixel = at / (size_t) s->c;
  int ix = (int) (pixel % (size_t) s->w), iy = (int) (pixel / (size_t) s->w % (size_t) s->h);
  size_t image = pixel / (size_t) s->w / (size_t) s->h;
  double sum = 0;

  for (int tap = 0; tap < s->kh * s->kw; tap++)
    {
      int y = iy + s->pad - tap / s->kw, x = ix + s->pad - tap % s->kw;
      size_t from;

      if (y < 0 || x < 0 || y % s->stride != 0 || x % s->stride != 0 || y / s->stride >= s->ho
          || x / s->stride >= s->wo)
        continue;
      from = ((image * (size_t) s->ho + (size_t) (y / s->stride)) * (size_t) s->wo
              + (size_t) (x / s->stride)) * (size_t) s->k;
      for (size_t k = 0; k < (size_t) s->k; k++)
        sum += (double) conv->y[from + k]
               * (double) conv->w[((size_t) tap * (size_t) s->c + c) * (size_t) s->k + k];
    }
  return sum;
}

static double
sum_backward_weights (const Conv *conv, size_t at)
{
  const CwConvShape *s = &conv->shape;
  size_t k = at % (size_t) s->k, c = at / (size_t) s->k % (size_t) s->c;
  int tap = (int) (at / (size_t) s->k / (size_t) s->c);
  double sum = 0;

  for (int m = 0; m < s->n * s->ho * s->wo; m++)
    {
      int ox = m % s->wo, oy = m / s->wo % s->ho, image = m / s->wo / s->ho;
      int iy = oy * s->stride - s->pad + tap / s->kw, ix = ox * s->stride - s->pad + tap % s->kw;

      if (iy >= 0 && iy < s->h && ix >= 0 && ix < s->w)
        sum += (double) conv->x[(size_t) ((image * s->h + iy) * s->w + ix) * (size_t) s->c + c]
               * (double) conv->y[(size_t) m * (size_t) s->k + k];
    }
  return sum;
}

/* Relative in the root mean square, over some results. */
static double
measure_error (const Conv *conv, int direction, size_t n, float *out)
{
  double (*const sums[]) (const Conv *, size_t)
      = { sum_forward, sum_backward_data, sum_backward_weights };
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, 4, 0);
  double error = 0, norm = 0;

  /* Gradients of weights are added up. */
  memset (out, 0, n * sizeof (float));
  run_direction (conv, direction, out);
  for (int i = 0; i < N_SAMPLES; i++)
    {
      size_t at = (size_t) (((guint64) cw_rng_next (&rng) * n) >> 32);
      double want = sums[direction](conv, at), difference = (double) out[at] - want;

      error += difference * difference;
      norm += want * want;
    }
  return sqrt (error / norm);
}

/* ---- the table ---- */

static double
measure_peak (int runs)
{
  const size_t n = (size_t) PEAK_SIDE * PEAK_SIDE;
  float *a = new_normal (n, 5), *b = new_normal (n, 6), *c = new_normal (n, 7);
  double times[MAX_RUNS];

  for (int r = -1; r < runs; r++)
    {
      gint64 start = g_get_monotonic_time ();

      cw_ops ()->gemm (0, 0, PEAK_SIDE, PEAK_SIDE, PEAK_SIDE, 1, a, PEAK_SIDE, b, PEAK_SIDE, 0, c,
                       PEAK_SIDE);
      times[MAX (r, 0)] = cw_bench_seconds_since (start);
    }
  cw_ops ()->free (a);
  cw_ops ()->free (b);
  cw_ops ()->free (c);
  return 2.0 * PEAK_SIDE * PEAK_SIDE * PEAK_SIDE / cw_bench_median (times, runs) / 1e9;
}

static void
report (const Options *options, const char *name, int count, const Conv *conv, double peak,
        JsonBuilder *builder)
{
  const CwConvShape *s = &conv->shape;
  double work = 2.0 * s->n * s->ho * s->wo * (double) conv->nw / 1e9;
  size_t sizes[N_DIRECTIONS] = { conv->ny, conv->nx, conv->nw };

  json_builder_begin_object (builder);
  cw_json_add_string (builder, "layer", name);
  cw_json_add_int (builder, "layers_alike", count);
  cw_json_add_int (builder, "height", s->h);
  cw_json_add_int (builder, "width", s->w);
  cw_json_add_int (builder, "channels_in", s->c);
  cw_json_add_int (builder, "channels_out", s->k);
  cw_json_add_int (builder, "kernel", s->kh);
  cw_json_add_int (builder, "stride", s->stride);
  cw_json_add_string (builder, "way", cw_ops ()->conv_way (s));
  if (!options->json)
    printf ("%-24s %3dx%-3d %4d -> %-4d %dx%d/%d %-9s", name, s->h, s->w, s->c, s->k, s->kh, s->kw,
            s->stride, cw_ops ()->conv_way (s));
  for (int d = 0; d < N_DIRECTIONS; d++)
    {
      float *out = cw_ops ()->alloc (sizes[d] * sizeof (float));
      double seconds = time_direction (conv, d, out, options->runs);
      double error = measure_error (conv, d, sizes[d], out);

      json_builder_set_member_name (builder, direction_names[d]);
      json_builder_begin_object (builder);
      cw_json_add_number (builder, "milliseconds", 1e3 * seconds);
      cw_json_add_number (builder, "gflops", work / seconds);
      cw_json_add_number (builder, "share_of_sgemm", work / seconds / peak);
      cw_json_add_number (builder, "relative_error", error);
      json_builder_end_object (builder);
      if (!options->json)
        printf (" | %8.2f ms %4.0f %% %.1e", 1e3 * seconds, 100 * work / seconds / peak, error);
      cw_ops ()->free (out);
    }
  json_builder_end_object (builder);
  if (!options->json)
    printf ("\n");
}

/* Layers of @net that are like that of @node; -1 if one before it is. */
static int
count_alike (const CwNet *net, CwNode node)
{
  CwConvShape own, other;
  int n = 0;

  cw_net_get_conv (net, node, &own);
  for (int i = 0; i < cw_net_get_n_nodes (net); i++)
    {
      if (cw_net_get_conv (net, i, &other) == NULL || memcmp (&own, &other, sizeof own) != 0)
        continue;
      if (i < node)
        return -1;
      n++;
    }
  return n;
}

static int
bench (const Options *options, const CwEncoderClass *encoder)
{
  gpointer params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  g_autoptr (CwNet) net = cw_net_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  double peak = measure_peak (options->runs);

  encoder->build (params, net, cw_net_input (net, options->size, options->size, 3));
  cw_params_block_free (encoder->base.params, params);
  json_builder_begin_object (builder);
  cw_json_add_string (builder, "encoder", encoder->base.id);
  cw_json_add_int (builder, "size", options->size);
  cw_json_add_int (builder, "batch", options->batch);
  cw_json_add_int (builder, "threads", cw_parallel_get_threads ());
  cw_json_add_number (builder, "sgemm_gflops", peak);
  json_builder_set_member_name (builder, "convolutions");
  json_builder_begin_array (builder);
  if (!options->json)
    printf ("%s, %d px, batch %d, %d threads; matrix product: %.1f GFLOP/s\nin each direction "
            "(forward, backward by data, by weights): time, speed as a share of that, relative "
            "error\n", encoder->base.id, options->size, options->batch, cw_parallel_get_threads (),
            peak);
  for (int node = 0; node < cw_net_get_n_nodes (net); node++)
    {
      CwConvShape shape;
      const char *name = cw_net_get_conv (net, node, &shape);
      int count = name != NULL ? count_alike (net, node) : -1;
      Conv conv;

      if (count < 0)
        continue;
      shape.n = options->batch;
      conv_init (&conv, &shape);
      report (options, name, count, &conv, peak, builder);
      conv_clear (&conv);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (options->json)
    cw_cli_print_json (builder);
  return CW_CLI_OK;
}

static int
run (int argc, char **argv)
{
  Options options = { .size = 64, .batch = 32, .runs = 7 };
  const GOptionEntry entries[] = {
    { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &options.encoder, "(default: resnet18)", "ID" },
    { "size", 0, 0, G_OPTION_ARG_INT, &options.size, "Side of a picture, px (default: 64)", "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &options.batch, "Images (default: 32)", "N" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "(default: all cores)", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &options.runs, "Timings; their median counts (default: 7)",
      "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  const CwEncoderClass *encoder;
  int status;

  if (!cw_cli_parse (&cw_bench_conv, NULL, entries, &argc, &argv, 0, 0, &status))
    return status;
  if (options.size < 16 || options.size > 512 || options.batch < 1 || options.batch > 4096
      || options.runs < 1 || options.runs > MAX_RUNS || options.threads < 0)
    return cw_cli_usage ("out of range: --size 16 to 512, --batch 1 to 4096, --runs 1 to %d, "
                         "--threads 0 or more", MAX_RUNS);
  cw_parallel_set_threads (options.threads);
  encoder = (const CwEncoderClass *) cw_registry_find (
      CW_KIND_ENCODER, options.encoder != NULL ? options.encoder : "resnet18", &error);
  status = encoder != NULL ? bench (&options, encoder) : cw_cli_fail (error);
  g_free (options.encoder);
  return status;
}

const CwCommand cw_bench_conv = {
  "bench conv", "", "Every convolution of an encoder: time, speed, rounding error", run,
};
