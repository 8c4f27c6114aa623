/* SPDX-License-Identifier: MIT */
#include "base/cw-parallel.h"
#include "cw-test.h"
#include "nn/cw-encoder.h"

#include <dlfcn.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- counting allocations ---- */

/* glibc lets a program define its own; sanitizers have theirs. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS 1

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *data, size_t size);

static atomic_int n_allocations;
static atomic_int counting;

/* OpenBLAS's kernels for small matrices allocate; that is theirs. */
static void
count (const void *caller)
{
  Dl_info info;

  if (counting
      && !(dladdr (caller, &info) && info.dli_fname != NULL && strstr (info.dli_fname, "openblas")))
    atomic_fetch_add (&n_allocations, 1);
}

void *
malloc (size_t size)
{
  count (__builtin_return_address (0));
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  count (__builtin_return_address (0));
  return __libc_calloc (n, size);
}

void *
realloc (void *data, size_t size)
{
  count (__builtin_return_address (0));
  return __libc_realloc (data, size);
}
#else
#define COUNTS_ALLOCATIONS 0
static int n_allocations, counting;
#endif

/* ---- helpers ---- */

#define BATCH 6
#define SIZE 32

static const CwHeadParams heads
    = { .projector_hidden = 40, .projector_out = 24, .predictor_hidden = 32 };

static const CwEncoderClass *
find_encoder (const char *id)
{
  for (size_t i = 0; cw_builtin_encoders[i] != NULL; i++)
    {
      if (strcmp (cw_builtin_encoders[i]->base.id, id) == 0)
        return cw_builtin_encoders[i];
    }
  g_error ("no encoder %s", id);
}

static gpointer
make_params (const CwEncoderClass *encoder, const char *key, const char *value)
{
  gpointer params = cw_params_block_new (encoder->base.params, encoder->base.params_size);
  g_autoptr (GError) error = NULL;

  if (key != NULL)
    {
      cw_params_set_string (encoder->base.params, params, NULL, key, value, &error);
      g_assert_no_error (error);
    }
  return params;
}

static CwNet *
build (const char *id, const char *key, const char *value, int size, gboolean predictor)
{
  const CwEncoderClass *encoder = find_encoder (id);
  gpointer params = make_params (encoder, key, value);
  CwNet *net = cw_encoder_build (encoder, params, size, &heads, predictor);

  cw_params_block_free (encoder->base.params, params);
  return net;
}

static CwPlan *
plan_for (CwNet *net, const char *mark, CwPlanMode mode)
{
  CwNode node = cw_net_find_mark (net, mark);

  g_assert_cmpint (node, !=, CW_NO_NODE);
  return cw_plan_new (net, BATCH, mode, &node, 1);
}

static float *
make_pixels (int n, int size, guint seed)
{
  float *x = g_new (float, (gsize) n *(gsize) size *(gsize) size * 3);

  cw_test_fill_normal (x, (size_t) n * (size_t) size * (size_t) size * 3, 1, seed);
  return x;
}

static const CwTensorInfo *
find_param (const CwNet *net, const char *name)
{
  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      if (strcmp (cw_net_get_param (net, i)->name, name) == 0)
        return cw_net_get_param (net, i);
    }
  g_error ("no parameter %s", name);
}

/* ---- architecture ---- */

static void
test_shapes (void)
{
  g_autoptr (CwNet) net = build ("resnet18", NULL, NULL, 64, TRUE);
  const CwTensorInfo *info;
  size_t total = 0, end = 0;
  int h, w, c;

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      info = cw_net_get_param (net, i);
      g_assert_cmpuint (info->offset, >=, end);
      g_assert_cmpuint (info->offset % 16, ==, 0);
      end = info->offset + info->size;
      if (!g_str_has_prefix (info->name, "pr"))
        total += info->size;
    }
  g_assert_cmpuint (end, <=, cw_net_get_params_size (net));
  /* torchvision's resnet18 without fc. */
  g_assert_cmpuint (total, ==, 11176512);
  g_assert_cmpuint (cw_net_get_n_buffers (net), ==, 2 * 22);

  info = find_param (net, "layer2.0.downsample.0.weight");
  g_assert_cmpint (info->role, ==, CW_TENSOR_CONV);
  g_assert_cmpint (info->shape[0], ==, 128);
  g_assert_cmpint (info->shape[1], ==, 64);
  g_assert_cmpint (info->shape[2], ==, 1);
  info = find_param (net, "projector.0.weight");
  g_assert_cmpint (info->role, ==, CW_TENSOR_LINEAR);
  g_assert_cmpint (info->shape[0], ==, 40);
  g_assert_cmpint (info->shape[1], ==, 512);
  info = find_param (net, "predictor.3.bias");
  g_assert_cmpint (info->shape[0], ==, 24);
  find_param (net, "projector.1.weight");

  g_assert_cmpuint (cw_net_node_size (net, cw_net_find_mark (net, "features")), ==, 512);
  g_assert_cmpuint (cw_net_node_size (net, cw_net_find_mark (net, "projection")), ==, 24);
  g_assert_cmpuint (cw_net_node_size (net, cw_net_find_mark (net, "prediction")), ==, 24);
  g_assert_cmpint (cw_net_find_mark (net, "nothing"), ==, CW_NO_NODE);
  cw_net_node_shape (net, 1, &h, &w, &c);
  g_assert_cmpint (h, ==, 32);
  g_assert_cmpint (w, ==, 32);
  g_assert_cmpint (c, ==, 64);
}

/* The small encoder's price: products per picture of 48 px. */
static void
test_small (void)
{
  g_autoptr (CwNet) net = build ("small", NULL, NULL, 48, FALSE);
  g_autoptr (CwNet) stem = build ("resnet18", "stem", "small", 32, FALSE);
  double products = 0;
  const int sides[] = { 24, 24, 12, 6, 3 };
  int h, w, c;

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (net, i);
      int stage = g_str_has_prefix (info->name, "layer") ? info->name[5] - '0' : 0;

      if (info->role == CW_TENSOR_CONV)
        products += (double) info->size * sides[stage] * sides[stage];
    }
  g_assert_cmpfloat (products, <, 36e6);
  g_assert_cmpuint (cw_net_node_size (net, cw_net_find_mark (net, "features")), ==, 256);
  g_assert_null (strstr (cw_net_get_param (net, 0)->name, "fc"));

  /* 3x3 with stride 1, no pooling. */
  g_assert_cmpint (find_param (stem, "conv1.weight")->shape[2], ==, 3);
  cw_net_node_shape (stem, 2, &h, &w, &c);
  g_assert_cmpint (h, ==, 32);
  cw_net_node_shape (stem, 3, &h, &w, &c);
  g_assert_cmpint (h, ==, 32);
}

/* ---- weights ---- */

static void
check_moments (const char *what, const float *x, size_t n, double deviation, double limit)
{
  double sum = 0, squares = 0, most = 0;

  for (size_t i = 0; i < n; i++)
    {
      sum += (double) x[i];
      squares += (double) x[i] * (double) x[i];
      most = MAX (most, fabs ((double) x[i]));
    }
  if (fabs (sum / (double) n) > 4 * deviation / sqrt ((double) n)
      || fabs (sqrt (squares / (double) n) / deviation - 1) > 4 / sqrt ((double) n) || most > limit)
    g_error ("%s: mean %g, deviation %g (want %g), largest %g", what, sum / (double) n,
             sqrt (squares / (double) n), deviation, most);
}

static void
test_init (void)
{
  g_autoptr (CwNet) net = build ("resnet18", NULL, NULL, 64, TRUE);
  g_autoptr (CwWeights) a = cw_weights_new (net), b = cw_weights_new (net),
                        c = cw_weights_new (net);
  const size_t bytes = cw_net_get_params_size (net) * sizeof (float);
  size_t end = 0;

  cw_parallel_set_threads (1);
  cw_weights_init (a, 17);
  cw_parallel_set_threads (3);
  cw_weights_init (b, 17);
  cw_weights_init (c, 18);
  cw_parallel_set_threads (0);
  g_assert_cmpmem (a->params, bytes, b->params, bytes);
  g_assert_cmpint (memcmp (a->params, c->params, bytes), !=, 0);

  for (guint i = 0; i < cw_net_get_n_params (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_param (net, i);
      const float *x = a->params + info->offset;

      /* Padding. */
      for (; end < info->offset; end++)
        g_assert_cmpfloat (a->params[end], ==, 0);
      end = info->offset + info->size;
      if (info->role == CW_TENSOR_CONV)
        check_moments (info->name, x, info->size,
                       sqrt (2.0 / (info->shape[0] * info->shape[2] * info->shape[3])), 1e9);
      else if (info->role == CW_TENSOR_LINEAR)
        {
          double bound = 1 / sqrt ((double) info->shape[1]);

          check_moments (info->name, x, info->size, bound / sqrt (3), bound);
        }
      else if (info->role == CW_TENSOR_BIAS)
        {
          for (size_t j = 0; j < info->size; j++)
            g_assert_cmpfloat (fabsf (x[j]), <=, 1 / sqrtf (24.0f));
          g_assert_cmpfloat (x[0], !=, x[1]);
        }
      else
        {
          for (size_t j = 0; j < info->size; j++)
            g_assert_cmpfloat (x[j], ==, info->role == CW_TENSOR_NORM_WEIGHT ? 1 : 0);
        }
    }
  for (guint i = 0; i < cw_net_get_n_buffers (net); i++)
    {
      const CwTensorInfo *info = cw_net_get_buffer (net, i);

      g_assert_cmpfloat (a->buffers[info->offset], ==, info->role == CW_TENSOR_RUNNING_VAR ? 1 : 0);
    }
  /* No two tensors share a stream. */
  g_assert_cmpfloat (a->params[find_param (net, "layer1.0.conv1.weight")->offset], !=,
                     a->params[find_param (net, "layer1.0.conv2.weight")->offset]);
  cw_weights_copy (c, a);
  g_assert_cmpmem (a->params, bytes, c->params, bytes);
}

static void
test_layouts (void)
{
  const CwTensorInfo conv
      = { .role = CW_TENSOR_CONV, .rank = 4, .shape = { 5, 3, 2, 4 }, .size = 120 };
  const CwTensorInfo linear
      = { .role = CW_TENSOR_LINEAR, .rank = 2, .shape = { 19, 7 }, .size = 133 };
  float file[133], here[133], back[133];

  for (int i = 0; i < 133; i++)
    file[i] = (float) i;
  cw_tensor_from_file (&conv, file, here);
  /* OIHW to [kh, kw, c, k] */
  for (int k = 0; k < 5; k++)
    {
      for (int c = 0; c < 3; c++)
        {
          for (int y = 0; y < 2; y++)
            {
              for (int x = 0; x < 4; x++)
                g_assert_cmpfloat (here[((y * 4 + x) * 3 + c) * 5 + k], ==,
                                   file[((k * 3 + c) * 2 + y) * 4 + x]);
            }
        }
    }
  cw_tensor_to_file (&conv, here, back);
  g_assert_cmpmem (back, 120 * sizeof (float), file, 120 * sizeof (float));

  cw_tensor_from_file (&linear, file, here);
  for (int out = 0; out < 19; out++)
    {
      for (int in = 0; in < 7; in++)
        g_assert_cmpfloat (here[in * 19 + out], ==, file[out * 7 + in]);
    }
  cw_tensor_to_file (&linear, here, back);
  g_assert_cmpmem (back, 133 * sizeof (float), file, 133 * sizeof (float));
}

/* ---- plans ---- */

/* Buffers that are used again and layers that write in place change no bit. */
static void
test_infer_equals_backward (void)
{
  const char *const ids[] = { "small", "resnet18", "resnet34", "resnet50" };

  for (size_t e = 0; e < G_N_ELEMENTS (ids); e++)
    {
      g_autoptr (CwNet) net = build (ids[e], "width", "16", SIZE, TRUE);
      g_autoptr (CwWeights) weights = cw_weights_new (net), other = cw_weights_new (net);
      g_autoptr (CwPlan) infer = plan_for (net, "prediction", CW_PLAN_INFER);
      g_autoptr (CwPlan) backward = plan_for (net, "prediction", CW_PLAN_BACKWARD);
      g_autofree float *pixels = make_pixels (BATCH, SIZE, 1);
      const size_t bytes = BATCH * 24 * sizeof (float);
      CwNode node = cw_net_find_mark (net, "prediction");

      g_assert_cmpuint (cw_plan_get_bytes (infer), <, cw_plan_get_bytes (backward));
      cw_weights_init (weights, 5);
      cw_weights_copy (other, weights);
      for (int stats = 1; stats >= 0; stats--)
        {
          for (int n = BATCH; n >= 2; n -= 3)
            {
              cw_plan_forward (infer, weights, pixels, n, stats);
              cw_plan_forward (backward, other, pixels, n, stats);
              g_assert_cmpmem (cw_plan_get_output (infer, node), bytes / BATCH * (gsize) n,
                               cw_plan_get_output (backward, node), bytes / BATCH * (gsize) n);
            }
        }
      g_assert_cmpmem (weights->buffers, cw_net_get_buffers_size (net) * sizeof (float),
                       other->buffers, cw_net_get_buffers_size (net) * sizeof (float));
    }
}

/* Norms folded into convolutions change no more than rounding. */
static void
test_frozen (void)
{
  const char *const ids[] = { "small", "resnet18" };

  for (size_t e = 0; e < G_N_ELEMENTS (ids); e++)
    {
      g_autoptr (CwNet) net = build (ids[e], "width", "16", SIZE, TRUE);
      g_autoptr (CwWeights) weights = cw_weights_new (net);
      g_autoptr (CwPlan) infer = plan_for (net, "prediction", CW_PLAN_INFER);
      g_autoptr (CwPlan) frozen = plan_for (net, "prediction", CW_PLAN_FROZEN);
      g_autofree float *pixels = make_pixels (BATCH, SIZE, 1);
      CwNode node = cw_net_find_mark (net, "prediction");

      cw_weights_init (weights, 5);
      /* Running statistics and affine factors that are not their neutral ones. */
      for (int i = 0; i < 3; i++)
        cw_plan_forward (infer, weights, pixels, BATCH, TRUE);
      for (guint i = 0; i < cw_net_get_n_params (net); i++)
        {
          const CwTensorInfo *info = cw_net_get_param (net, i);

          for (size_t j = 0; j < info->size && info->rank == 1; j++)
            weights->params[info->offset + j] += 0.2f * (float) (j % 5) - 0.3f;
        }
      for (int n = BATCH; n >= 1; n -= 2)
        {
          cw_plan_forward (infer, weights, pixels, n, FALSE);
          cw_plan_forward (frozen, weights, pixels, n, FALSE);
          cw_test_assert_close ("prediction", (size_t) n * cw_net_node_size (net, node),
                                cw_plan_get_output (frozen, node),
                                cw_plan_get_output (infer, node), 1e-4, 1e-4);
        }
    }
}

/* A picture's features do not depend on those beside it when the running statistics are used. */
static void
test_smaller_n (void)
{
  g_autoptr (CwNet) net = build ("small", NULL, NULL, SIZE, FALSE);
  g_autoptr (CwWeights) weights = cw_weights_new (net);
  g_autoptr (CwPlan) plan = plan_for (net, "features", CW_PLAN_INFER);
  g_autofree float *pixels = make_pixels (BATCH, SIZE, 2), *all = NULL;
  CwNode node = cw_net_find_mark (net, "features");
  size_t dim = cw_net_node_size (net, node);

  cw_weights_init (weights, 1);
  cw_plan_forward (plan, weights, pixels, BATCH, TRUE);
  cw_plan_forward (plan, weights, pixels, BATCH, FALSE);
  all = g_memdup2 (cw_plan_get_output (plan, node), BATCH * dim * sizeof (float));
  for (int i = 0; i < BATCH; i++)
    {
      cw_plan_forward (plan, weights, pixels + i * SIZE * SIZE * 3, 1, FALSE);
      cw_test_assert_close ("features", dim, cw_plan_get_output (plan, node),
                            all + (size_t) i * dim, 1e-5, 1e-5);
    }
}

/* TRUE from the third time on. */
static gboolean
stop_at_third (gpointer n_asked)
{
  return ++*(guint *) n_asked >= 3;
}

/* A forward pass ends between two layers; the plan is as good as new afterwards. */
static void
test_stop (void)
{
  g_autoptr (CwNet) net = build ("small", NULL, NULL, SIZE, FALSE);
  g_autoptr (CwWeights) weights = cw_weights_new (net);
  g_autoptr (CwPlan) plan = plan_for (net, "features", CW_PLAN_FROZEN);
  g_autofree float *pixels = make_pixels (BATCH, SIZE, 2), *whole = NULL;
  CwNode node = cw_net_find_mark (net, "features");
  size_t bytes = BATCH * cw_net_node_size (net, node) * sizeof (float);
  guint n_asked = 0;

  cw_weights_init (weights, 1);
  cw_plan_forward (plan, weights, pixels, BATCH, FALSE);
  whole = g_memdup2 (cw_plan_get_output (plan, node), bytes);

  cw_plan_set_stop (plan, stop_at_third, &n_asked);
  cw_plan_forward (plan, weights, pixels, BATCH, FALSE);
  g_assert_cmpuint (n_asked, ==, 3);
  cw_plan_set_stop (plan, NULL, NULL);
  cw_plan_forward (plan, weights, pixels, BATCH, FALSE);
  g_assert_cmpmem (cw_plan_get_output (plan, node), bytes, whole, bytes);
}

typedef struct
{
  CwNet *net;
  CwWeights *weights;
  CwPlan *plan;
  CwNode node;
  float *pixels, *grads, *m, *v;
} Training;

static void
training_init (Training *t, const char *id)
{
  t->net = build (id, "width", "16", SIZE, TRUE);
  t->weights = cw_weights_new (t->net);
  t->plan = plan_for (t->net, "prediction", CW_PLAN_BACKWARD);
  t->node = cw_net_find_mark (t->net, "prediction");
  t->pixels = make_pixels (BATCH, SIZE, 3);
  t->grads = g_new0 (float, cw_net_get_params_size (t->net));
  t->m = g_new0 (float, cw_net_get_params_size (t->net));
  t->v = g_new0 (float, cw_net_get_params_size (t->net));
  cw_weights_init (t->weights, 1);
}

static void
training_clear (Training *t)
{
  cw_plan_free (t->plan);
  cw_weights_free (t->weights);
  cw_net_unref (t->net);
  g_free (t->pixels);
  g_free (t->grads);
  g_free (t->m);
  g_free (t->v);
}

/* Towards outputs of 1. */
static void
training_step (Training *t, uint64_t step)
{
  const size_t n = cw_net_get_params_size (t->net);
  const float *y;
  float *d;

  cw_plan_forward (t->plan, t->weights, t->pixels, BATCH, TRUE);
  y = cw_plan_get_output (t->plan, t->node);
  d = cw_plan_get_output_grad (t->plan, t->node);
  for (int i = 0; i < BATCH * 24; i++)
    d[i] = (y[i] - 1) / BATCH;
  cw_ops ()->fill (n, 0, t->grads);
  cw_plan_backward (t->plan, t->weights, t->grads, NULL);
  cw_ops ()->adamw (n, t->weights->params, t->grads, t->m, t->v, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.01f,
                    step);
}

static void
test_no_allocation (void)
{
  Training t;

  if (!COUNTS_ALLOCATIONS)
    {
      g_test_skip ("allocations cannot be counted here");
      return;
    }
  training_init (&t, "resnet18");
  /* Threads and OpenBLAS's buffers come with the first step. */
  training_step (&t, 1);
  counting = 1;
  g_free (g_malloc (8));
  g_assert_cmpint (n_allocations, ==, 1);
  training_step (&t, 2);
  g_assert_null (cw_plan_find_non_finite (t.plan));
  cw_plan_forward (t.plan, t.weights, t.pixels, BATCH - 1, FALSE);
  counting = 0;
  g_assert_cmpint (n_allocations, ==, 1);
  training_clear (&t);
}

/* Three steps give the same weights with any number of threads, and lower the loss. */
static void
test_threads (void)
{
  float *first = NULL;

  for (int threads = 1; threads <= 4; threads++)
    {
      Training t;
      size_t size;
      double loss = 0;

      cw_parallel_set_threads (threads);
      training_init (&t, "resnet18");
      size = cw_net_get_params_size (t.net) * sizeof (float);
      for (uint64_t step = 1; step <= 3; step++)
        {
          double last = loss;
          const float *y;

          training_step (&t, step);
          y = cw_plan_get_output (t.plan, t.node);
          loss = 0;
          for (int i = 0; i < BATCH * 24; i++)
            loss += (double) ((y[i] - 1) * (y[i] - 1));
          if (step > 1)
            g_assert_cmpfloat (loss, <, last);
        }
      if (first == NULL)
        first = g_memdup2 (t.weights->params, size);
      else
        g_assert_cmpmem (t.weights->params, size, first, size);
      training_clear (&t);
    }
  cw_parallel_set_threads (0);
  g_free (first);
}

static void
test_non_finite (void)
{
  Training t;
  const CwTensorInfo *info;

  training_init (&t, "small");
  training_step (&t, 1);
  g_assert_null (cw_plan_find_non_finite (t.plan));
  info = find_param (t.net, "layer2.0.conv1.weight");
  t.weights->params[info->offset + 3] = INFINITY;
  cw_plan_forward (t.plan, t.weights, t.pixels, BATCH, TRUE);
  g_assert_cmpstr (cw_plan_find_non_finite (t.plan), ==, "layer2.0.conv1");
  training_clear (&t);
}

/* ---- models ---- */

static void
test_model (void)
{
  const CwEncoderClass *encoder = find_encoder ("small");
  gpointer params = make_params (encoder, NULL, NULL);
  const float mean[3] = { 0.5f, 0.4f, 0.3f }, std[3] = { 0.2f, 0.2f, 0.2f };
  g_autoptr (CwModel) model = cw_model_new_random (encoder, params, SIZE, mean, std, 9);
  g_autoptr (CwModel) taken = cw_model_new (encoder, params, SIZE, mean, std, "here");
  g_autoptr (CwNet) net = build ("small", NULL, NULL, SIZE, TRUE);
  g_autoptr (CwWeights) weights = cw_weights_new (net);
  g_autoptr (CwPlan) plan = cw_model_plan (model, 4);
  g_autofree float *pixels = make_pixels (4, SIZE, 5), *a = g_new (float, 4 * 256);
  g_autofree float *b = g_new (float, 4 * 256);
  const size_t bytes = cw_net_get_params_size (model->net) * sizeof (float);

  g_assert_cmpint (model->dim, ==, 256);
  g_assert_cmpstr (model->origin, ==, "random init (seed 9)");
  /* As a training run starts: heads or not, the encoder's weights are the same. */
  cw_weights_init (weights, 9);
  weights->buffers[0] = 0.25f;
  cw_weights_copy_shared (taken->weights, weights);
  g_assert_cmpmem (taken->weights->params, bytes, model->weights->params, bytes);
  g_assert_cmpfloat (taken->weights->buffers[0], ==, 0.25f);

  cw_model_embed (model, plan, pixels, 4, a);
  cw_model_embed (taken, plan, pixels, 4, b);
  g_assert_cmpint (memcmp (a, b, 4 * 256 * sizeof (float)), !=, 0);
  taken->weights->buffers[0] = 0;
  cw_model_embed (taken, plan, pixels, 3, b);
  cw_test_assert_close ("features", 3 * 256, b, a, 1e-5, 1e-5);
  cw_params_block_free (encoder->base.params, params);
}

/* The classifier sits on the features and leaves the encoder's initial weights alone. */
static void
test_classifier (void)
{
  const CwEncoderClass *encoder = find_encoder ("small");
  gpointer params = make_params (encoder, "width", "8");
  g_autoptr (CwNet) net = cw_encoder_build_classifier (encoder, params, SIZE, 7);
  g_autoptr (CwNet) other = build ("small", "width", "8", SIZE, TRUE);
  g_autoptr (CwWeights) weights = cw_weights_new (net), with_heads = cw_weights_new (other);
  const CwTensorInfo *weight = find_param (net, "classifier.weight");
  const CwTensorInfo *bias = find_param (net, "classifier.bias"), *stem;

  g_assert_cmpuint (cw_net_node_size (net, cw_net_find_mark (net, "logits")), ==, 7);
  g_assert_cmpint (cw_net_find_mark (net, "projection"), ==, CW_NO_NODE);
  g_assert_cmpint (weight->shape[0], ==, 7);
  g_assert_cmpint (weight->shape[1], ==,
                   (int) cw_net_node_size (net, cw_net_find_mark (net, "features")));
  g_assert_cmpuint (bias->size, ==, 7);
  cw_weights_init (weights, 3);
  cw_weights_init (with_heads, 3);
  stem = find_param (net, "conv1.weight");
  g_assert_cmpmem (weights->params + stem->offset, stem->size * sizeof (float),
                   with_heads->params + find_param (other, "conv1.weight")->offset,
                   stem->size * sizeof (float));
  cw_params_block_free (encoder->base.params, params);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cw/net/shapes", test_shapes);
  g_test_add_func ("/cw/net/small", test_small);
  g_test_add_func ("/cw/net/init", test_init);
  g_test_add_func ("/cw/net/layouts", test_layouts);
  g_test_add_func ("/cw/net/infer-equals-backward", test_infer_equals_backward);
  g_test_add_func ("/cw/net/frozen", test_frozen);
  g_test_add_func ("/cw/net/smaller-n", test_smaller_n);
  g_test_add_func ("/cw/net/stop", test_stop);
  g_test_add_func ("/cw/net/no-allocation", test_no_allocation);
  g_test_add_func ("/cw/net/threads", test_threads);
  g_test_add_func ("/cw/net/non-finite", test_non_finite);
  g_test_add_func ("/cw/net/model", test_model);
  g_test_add_func ("/cw/net/classifier", test_classifier);
  return g_test_run ();
}
