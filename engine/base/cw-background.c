/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "base/cw-background.h"

#include <errno.h>
#include <glib.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

/* Far apart, so that a rendering does not wait for the steps of a training either: see
 * explore-frames in tests/perf. */
static const int niceness[] = { [CW_BACKGROUND_SOON] = 10, [CW_BACKGROUND_LONG] = 19 };

static atomic_bool enabled;

void
cw_background_enable (void)
{
  atomic_store (&enabled, TRUE);
}

void
cw_background_enter (CwBackground background)
{
#ifdef __linux__
  static _Thread_local int reached = 0;
  int nice = niceness[background];

  if (!atomic_load (&enabled) || nice <= reached)
    return;
  reached = nice;
  /* Elsewhere this would change the whole process. */
  if (getpriority (PRIO_PROCESS, (id_t) gettid ()) < nice
      && setpriority (PRIO_PROCESS, (id_t) gettid (), nice) != 0)
    g_debug ("cannot make a thread nicer: %s", g_strerror (errno));
#endif
}
