/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/* For people: "Finished". */
const char *cwb_runs_state_text (CwRunState state);
/* Whether it trains, is about to, or pauses; NULL does not. */
gboolean    cwb_runs_is_active (CwRun *run);

/* A run as a list shows it. */
typedef struct
{
  char *folder;
  char *name;   /* its path below the folder whose runs are listed, else the whole of it */
  char *detail; /* "Finished, 1,320 steps", or why it cannot be read */
  char *origin; /* (nullable): which of the further folders it is, or is found in, the first of them */
  gboolean elsewhere; /* not of the runs folder */
  gboolean readable;
} CwbRunSummary;

/**
 * cwb_runs_load:
 * @folder: (nullable): whose runs
 * @more: (nullable): NULL-terminated further folders: runs, or such that have some
 *
 * For a worker thread. Each run once; one that cannot be read is there, and says why. Of @more what is not there, or has
 * no run, is left out: its disk may come back.
 *
 * Returns: (transfer full) (element-type CwbRunSummary): NULL where @job was cancelled
 */
GPtrArray *cwb_runs_load (const char *folder, const char *const *more, CwJob *job, GError **error);

G_END_DECLS
