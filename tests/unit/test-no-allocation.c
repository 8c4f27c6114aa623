/* SPDX-License-Identifier: MIT */
/* A training step takes nothing from the heap. This program's malloc and its relatives stand in for
 * the C library's, so that they see what any thread and any library asks for. */
#include "base/cw-parallel.h"
#include "contrawarp.h"
#include "cw-test.h"
#include "learn/cw-trainer.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#define BATCH 8
#define N_ITEMS 32
#define N_THREADS 2
#define N_BATCHES 2

static atomic_bool everyone_counts;        /* allocations of all threads are counted */
static _Thread_local gboolean this_counts; /* of this thread */
static atomic_uint n_allocations, n_by_openblas;

#ifndef __SANITIZE_ADDRESS__
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *data, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

void *malloc (size_t size);
void *calloc (size_t n, size_t size);
void *realloc (void *data, size_t size);
void *memalign (size_t alignment, size_t size);
void *aligned_alloc (size_t alignment, size_t size);
int   posix_memalign (void **data, size_t alignment, size_t size);

static void
count (void *caller)
{
  Dl_info info;

  if (!this_counts && !atomic_load_explicit (&everyone_counts, memory_order_relaxed))
    return;
  /* Some of its kernels for small products keep their scratch in the heap. */
  if (dladdr (caller, &info) != 0 && strstr (info.dli_fname, "openblas") != NULL)
    atomic_fetch_add (&n_by_openblas, 1);
  else
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

void *
memalign (size_t alignment, size_t size)
{
  count (__builtin_return_address (0));
  return __libc_memalign (alignment, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  count (__builtin_return_address (0));
  return __libc_memalign (alignment, size);
}

int
posix_memalign (void **data, size_t alignment, size_t size)
{
  count (__builtin_return_address (0));
  *data = __libc_memalign (alignment, size);
  return *data == NULL ? ENOMEM : 0;
}
#endif

/* ---- something to train ---- */

static CwImage *
load_noise (CwDataset *dataset, guint index, int max_side, gpointer data, GError **error)
{
  CwImage *image = cw_image_new (32, 32, 3);
  CwRng rng = cw_rng_new (1, CW_RNG_TEST, 0, 0, index, 0);

  for (int i = 0; i < 32 * 32 * 3; i++)
    image->data[i] = (guint8) cw_rng_next (&rng);
  return image;
}

static void
set (const CwParamSpec *specs, gpointer block, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;

  cw_params_set_string (specs, block, NULL, id, text, &error);
  g_assert_no_error (error);
}

static CwTrainer *
make_trainer (const char *objective, const char *optimizer, const char *encoder)
{
  g_autoptr (CwDataset) dataset = cw_dataset_new ("memory", "test");
  g_autoptr (CwRecipe) recipe = cw_recipe_new ();
  CwLoaderOptions options = { .n_threads = 1, .n_ahead = 2, .cache_bytes = 1 << 20 };
  g_autoptr (GError) error = NULL;
  CwTrainer *trainer;

  cw_dataset_set_loader (dataset, load_noise, NULL, NULL, NULL);
  cw_dataset_add_label (dataset, "calm");
  cw_dataset_add_label (dataset, "glad");
  for (int i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);

      cw_dataset_add_item (dataset, name, NULL, i % 2, -1, CW_SPLIT_NONE, NULL);
    }
  g_assert_true (cw_recipe_set_objective (recipe, objective, NULL));
  g_assert_true (cw_recipe_set_optimizer (recipe, optimizer, NULL));
  g_assert_true (cw_recipe_set_encoder (recipe, encoder, NULL));
  set (recipe->encoder->base.params, recipe->encoder_params, "width", "16");
  set (recipe->optimizer->base.params, recipe->optimizer_params, "lr", "1e-5");
  /* The form that does most, where the objective has it. */
  cw_params_set_string (recipe->objective->base.params, recipe->objective_params, NULL, "negative",
                        "nce-batch", NULL);
  cw_params_set_string (recipe->objective->base.params, recipe->objective_params, NULL,
                        "negative-branch", "both", NULL);
  recipe->views->preprocess.size = 32;
  recipe->schedule.batch = BATCH;
  recipe->schedule.clip_norm = 0.01f;
  recipe->schedule.accumulate = N_BATCHES;
  recipe->schedule.recompute = g_str_equal (objective, "byol");
  trainer = cw_trainer_new (recipe, dataset, NULL, 0, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  return trainer;
}

/* ---- tests ---- */

static void
assert_none (const char *what)
{
  g_test_message ("%s: %u allocations, %u by OpenBLAS", what, n_allocations, n_by_openblas);
  g_assert_cmpuint (n_allocations, ==, 0);
  n_by_openblas = 0;
}

static gboolean
skip_sanitized (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer has a malloc of its own");
  return TRUE;
#else
  return FALSE;
#endif
}

/* What is counted is what happens: here, and on another thread. */
static gpointer
allocate (gpointer unused)
{
  g_free (g_malloc (10));
  return NULL;
}

static void
test_counts (void)
{
  GThread *thread;

  if (skip_sanitized ())
    return;
  this_counts = TRUE;
  allocate (NULL);
  this_counts = FALSE;
  allocate (NULL);
  g_assert_cmpuint (n_allocations, ==, 1);
  everyone_counts = TRUE;
  thread = g_thread_new ("test", allocate, NULL);
  g_thread_join (thread);
  everyone_counts = FALSE;
  g_assert_cmpuint (n_allocations, >=, 2);
  n_allocations = 0;
}

/* Forward, objective, backward, clipping, optimizer and target on given views: no loader runs, so
 * what any thread allocates is the step's. */
static void
check_step (const char *objective, const char *optimizer, const char *encoder)
{
  g_autoptr (CwTrainer) trainer = make_trainer (objective, optimizer, encoder);
  g_autofree char *what = g_strjoin (", ", objective, optimizer, encoder, NULL);
  const size_t n = N_BATCHES * 3 * BATCH * 32 * 32 * 3;
  g_autofree float *pixels = g_new (float, n);
  const int labels[N_BATCHES * BATCH] = { 0, 1, 1, 0, -1 };
  gboolean ok = TRUE;
  CwStepRecord record;

  cw_test_fill_normal (pixels, n, 1, 1);
  for (int i = 0; i < 5; i++)
    {
      everyone_counts = i >= 2; /* what is made once and kept is made by then */
      ok = ok && cw_trainer_step_on (trainer, pixels, labels, &record, NULL);
    }
  everyone_counts = FALSE;
  g_assert_true (ok);
  assert_none (what);
}

static void
test_step (void)
{
  if (skip_sanitized ())
    return;
  cw_parallel_set_threads (N_THREADS);
  check_step ("simclr", "adamw", "small");
  check_step ("simclr", "sgd", "resnet18");
  check_step ("byol", "adamw", "resnet18");
  check_step ("byol", "sgd", "small");
  for (int i = 0; cw_builtin_objectives[i] != NULL; i++)
    check_step (cw_builtin_objectives[i]->base.id, "lars", "small");
  cw_parallel_set_threads (0);
}

/* With the batch from the loader: of the stepping thread, as the loader's own may decode. */
static void
test_loader_step (void)
{
  g_autoptr (CwTrainer) trainer = NULL;
  gboolean ok = TRUE;
  CwStepRecord record;

  if (skip_sanitized ())
    return;
  trainer = make_trainer ("byol", "adamw", "small");
  for (int i = 0; i < 5; i++)
    {
      this_counts = i >= 2;
      ok = ok && cw_trainer_step (trainer, &record, NULL);
    }
  this_counts = FALSE;
  g_assert_true (ok);
  assert_none ("batch from the loader");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  cw_init ();
  g_test_add_func ("/cw/no-allocation/counts", test_counts);
  g_test_add_func ("/cw/no-allocation/step", test_step);
  g_test_add_func ("/cw/no-allocation/loader-step", test_loader_step);
  return g_test_run ();
}
