/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-parallel.h"

#include "base/cw-background.h"

#include <glib.h>
#include <stdatomic.h>

#if defined(__x86_64__) || defined(__i386__)
#define cpu_relax() __builtin_ia32_pause ()
#else
#define cpu_relax() ((void) 0)
#endif

/* One call of cw_parallel_for. It lives on the caller's stack: a worker may touch it only between
 * joining (under the lock, while it is listed) and leaving (the last access is the decrement of
 * n_inside), and the caller waits for n_inside to reach zero. */
typedef struct _Region Region;
struct _Region
{
  CwBlockFunc func;
  void *data;
  int n_blocks;
  int max_threads;
  int n_joined; /* helpers that ever joined; guarded by the lock */
  atomic_int next;
  atomic_int n_inside;
  Region *link;
};

static GMutex lock;
static GCond work_there;
static Region *regions; /* guarded by lock */
static atomic_int n_listed;
static int n_workers; /* guarded by lock */
static atomic_int n_threads;

static _Thread_local int inside_worker = -1;

/* Between two kernels of one step a worker is needed again within microseconds; waking it through
 * the condition costs more than the kernel. */
#define SPIN_ROUNDS 2000

static void
run_blocks (Region *region, int worker)
{
  int saved = inside_worker;

  inside_worker = worker;
  for (;;)
    {
      int block = atomic_fetch_add_explicit (&region->next, 1, memory_order_relaxed);

      if (block >= region->n_blocks)
        break;
      region->func (block, worker, region->data);
    }
  inside_worker = saved;
}

/* Called with the lock held; returns a region with room for one more helper. */
static Region *
find_region (void)
{
  for (Region *r = regions; r != NULL; r = r->link)
    {
      if (r->n_joined + 1 < r->max_threads
          && atomic_load_explicit (&r->next, memory_order_relaxed) < r->n_blocks)
        return r;
    }
  return NULL;
}

static gpointer
worker_main (gpointer unused)
{
  cw_background_enter (CW_BACKGROUND_LONG);
  for (;;)
    {
      Region *region;
      int worker;

      for (int i = 0; i < SPIN_ROUNDS && atomic_load (&n_listed) == 0; i++)
        cpu_relax ();

      g_mutex_lock (&lock);
      while ((region = find_region ()) == NULL)
        g_cond_wait (&work_there, &lock);
      worker = ++region->n_joined;
      atomic_fetch_add (&region->n_inside, 1);
      g_mutex_unlock (&lock);

      run_blocks (region, worker);
      atomic_fetch_sub_explicit (&region->n_inside, 1, memory_order_release);
    }
  return NULL;
}

void
cw_parallel_for (int n_blocks, CwBlockFunc func, void *data)
{
  Region region = { .func = func, .data = data, .n_blocks = n_blocks };
  int threads = cw_parallel_get_threads ();

  if (n_blocks <= 0)
    return;

  if (inside_worker >= 0 || threads == 1 || n_blocks == 1)
    {
      int worker = MAX (inside_worker, 0);
      int saved = inside_worker;

      inside_worker = worker;
      for (int block = 0; block < n_blocks; block++)
        func (block, worker, data);
      inside_worker = saved;
      return;
    }

  region.max_threads = MIN (threads, n_blocks);

  g_mutex_lock (&lock);
  while (n_workers < threads - 1)
    {
      /* Workers live as long as the process. */
      g_thread_unref (g_thread_new ("cw-compute", worker_main, NULL));
      n_workers++;
    }
  region.link = regions;
  regions = &region;
  atomic_fetch_add (&n_listed, 1);
  if (region.max_threads > 2)
    g_cond_broadcast (&work_there);
  else
    g_cond_signal (&work_there);
  g_mutex_unlock (&lock);

  run_blocks (&region, 0);

  g_mutex_lock (&lock);
  for (Region **r = &regions; *r != NULL; r = &(*r)->link)
    {
      if (*r == &region)
        {
          *r = region.link;
          break;
        }
    }
  atomic_fetch_sub (&n_listed, 1);
  g_mutex_unlock (&lock);

  for (int i = 0; atomic_load_explicit (&region.n_inside, memory_order_acquire) != 0; i++)
    {
      if (i < SPIN_ROUNDS)
        cpu_relax ();
      else
        g_thread_yield ();
    }
}

void
cw_parallel_set_threads (int n)
{
  if (n <= 0)
    n = (int) g_get_num_processors ();
  atomic_store (&n_threads, CLAMP (n, 1, CW_PARALLEL_MAX_THREADS));
}

int
cw_parallel_get_threads (void)
{
  int n = atomic_load (&n_threads);

  if (n == 0)
    {
      cw_parallel_set_threads (0);
      n = atomic_load (&n_threads);
    }
  return n;
}
