/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-models"

#include "config.h"

#include "models/cwb-runs.h"

#include <glib/gi18n.h>
#include <string.h>

const char *
cwb_runs_state_text (CwRunState state)
{
  switch (state)
    {
    case CW_RUN_NEW:
      return _ ("Ready");
    case CW_RUN_STARTING:
      return _ ("Opening the data…");
    case CW_RUN_RUNNING:
      return _ ("Training");
    case CW_RUN_PAUSED:
      return _ ("Paused");
    case CW_RUN_STOPPED:
      return _ ("Stopped; can be resumed");
    case CW_RUN_FINISHED:
      return _ ("Finished");
    case CW_RUN_FAILED:
      return _ ("Failed");
    default:
      g_return_val_if_reached ("");
    }
}

static void
summary_free (gpointer data)
{
  CwbRunSummary *summary = data;

  g_free (summary->folder);
  g_free (summary->name);
  g_free (summary->detail);
  g_free (summary);
}

static CwbRunSummary *
summary_new (const char *folder)
{
  CwbRunSummary *summary = g_new0 (CwbRunSummary, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRun) run = cw_run_open (folder, &error);

  summary->folder = g_canonicalize_filename (folder, NULL);
  summary->name = g_filename_display_basename (summary->folder);
  summary->readable = run != NULL;
  /* Translators: the state of a run, and how many steps it was trained */
  summary->detail = run != NULL ? g_strdup_printf (_ ("%s, %'lu steps"),
                                                   cwb_runs_state_text (cw_run_get_state (run)),
                                                   (gulong) cw_run_get_step (run))
                                : g_strdup (error->message);
  return summary;
}

static void
add (GPtrArray *runs, const char *folder)
{
  g_autofree char *path = g_canonicalize_filename (folder, NULL);

  for (guint r = 0; r < runs->len; r++)
    {
      if (strcmp (((const CwbRunSummary *) runs->pdata[r])->folder, path) == 0)
        return;
    }
  g_ptr_array_add (runs, summary_new (path));
}

GPtrArray *
cwb_runs_load (const char *folder, const char *const *more, CwJob *job, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (summary_free);
  g_auto (GStrv) found = folder != NULL ? cw_run_list (folder) : NULL;

  for (char **path = found; path != NULL && *path != NULL; path++)
    {
      if (!cw_job_progress (job, -1, NULL, error))
        return NULL;
      add (runs, *path);
    }
  for (const char *const *path = more; path != NULL && *path != NULL; path++)
    add (runs, *path);
  return g_steal_pointer (&runs);
}
