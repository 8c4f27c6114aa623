/* SPDX-License-Identifier: MIT */
#include "base/cw-background.h"
#include "base/cw-parallel.h"

#include <glib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Which threads give way to those that draw. Enabling has no way back: the tests are in order. */

static int
get_niceness (void)
{
  return getpriority (PRIO_PROCESS, (id_t) gettid ());
}

static gpointer
report (gpointer unused)
{
  return GINT_TO_POINTER (get_niceness ());
}

/* Of a thread that this one starts. */
static int
start_and_ask (void)
{
  return GPOINTER_TO_INT (g_thread_join (g_thread_new ("started", report, NULL)));
}

static gpointer
enter (gpointer niceness)
{
  int *seen = niceness;

  cw_background_enter (CW_BACKGROUND_SOON);
  seen[0] = get_niceness ();
  seen[1] = start_and_ask ();
  cw_background_enter (CW_BACKGROUND_LONG);
  seen[2] = get_niceness ();
  cw_background_enter (CW_BACKGROUND_SOON);
  seen[3] = get_niceness ();
  return NULL;
}

static void
run_thread (int seen[4])
{
  g_thread_join (g_thread_new ("test", enter, seen));
}

static void
test_all_are_equal (void)
{
  int own = get_niceness (), seen[4];

  run_thread (seen);
  for (int i = 0; i < 4; i++)
    g_assert_cmpint (seen[i], ==, own);
}

static void
note_niceness (int block, int worker, void *data)
{
  int *niceness = data;

  niceness[worker] = get_niceness ();
  g_usleep (1000); /* leaves some for the others */
}

static gpointer
try_to_be_nice (gpointer unused)
{
  return GINT_TO_POINTER (setpriority (PRIO_PROCESS, (id_t) gettid (), 19) == 0
                          && get_niceness () == 19 && start_and_ask () == 19);
}

static void
test_threads_give_way (void)
{
  int own = get_niceness (), seen[4], workers[2] = { -100, -100 };

  if (!GPOINTER_TO_INT (g_thread_join (g_thread_new ("nice", try_to_be_nice, NULL))))
    {
      g_test_skip ("the niceness of a thread cannot be set here");
      return;
    }
  cw_background_enable ();
  run_thread (seen);
  g_assert_cmpint (seen[0], ==, MAX (own, 10));
  g_assert_cmpint (seen[1], ==, seen[0]);
  g_assert_cmpint (seen[2], ==, 19);
  g_assert_cmpint (seen[3], ==, 19);
  g_assert_cmpint (get_niceness (), ==, own);
  g_assert_cmpint (start_and_ask (), ==, own);

  cw_parallel_set_threads (2);
  cw_parallel_for (100, note_niceness, workers);
  g_assert_cmpint (workers[0], ==, own);
  g_assert_cmpint (workers[1], ==, 19);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#ifdef __linux__
  g_test_add_func ("/cw/background/all-are-equal", test_all_are_equal);
  g_test_add_func ("/cw/background/threads-give-way", test_threads_give_way);
#endif
  return g_test_run ();
}
