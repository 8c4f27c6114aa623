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

gboolean
cwb_runs_is_active (CwRun *run)
{
  CwRunState state = run != NULL ? cw_run_get_state (run) : CW_RUN_NEW;

  return state == CW_RUN_STARTING || state == CW_RUN_RUNNING || state == CW_RUN_PAUSED;
}

static void
summary_free (gpointer data)
{
  CwbRunSummary *summary = data;

  g_free (summary->folder);
  g_free (summary->name);
  g_free (summary->detail);
  g_free (summary->origin);
  g_free (summary);
}

/* (transfer full): below @root from there on: runs lie in folders of their own making. */
static char *
dup_name (const char *folder, const char *root)
{
  g_autofree char *start = root != NULL ? g_strconcat (root, G_DIR_SEPARATOR_S, NULL) : NULL;

  return g_filename_display_name (start != NULL && g_str_has_prefix (folder, start)
                                      ? folder + strlen (start)
                                      : folder);
}

static CwbRunSummary *
summary_new (const char *folder, const char *root)
{
  CwbRunSummary *summary = g_new0 (CwbRunSummary, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (CwRun) run = cw_run_open (folder, &error);

  summary->folder = g_canonicalize_filename (folder, NULL);
  summary->name = dup_name (summary->folder, root);
  summary->readable = run != NULL;
  /* Translators: the state of a run, and how many steps it was trained */
  summary->detail = run != NULL ? g_strdup_printf (_ ("%s, %'lu steps"),
                                                   cwb_runs_state_text (cw_run_get_state (run)),
                                                   (gulong) cw_run_get_step (run))
                                : g_utf8_make_valid (error->message, -1);
  return summary;
}

static void
add (GPtrArray *runs, const char *folder, const char *root, const char *origin)
{
  g_autofree char *path = g_canonicalize_filename (folder, NULL);
  CwbRunSummary *summary = NULL;

  for (guint r = 0; r < runs->len && summary == NULL; r++)
    {
      if (strcmp (((const CwbRunSummary *) runs->pdata[r])->folder, path) == 0)
        summary = runs->pdata[r];
    }
  if (summary == NULL)
    {
      summary = summary_new (path, root);
      summary->elsewhere = origin != NULL;
      g_ptr_array_add (runs, summary);
    }
  if (origin != NULL && summary->origin == NULL)
    summary->origin = g_strdup (origin);
}

/* Whether there is one, be it one that cannot be read. */
static gboolean
holds_run (const char *folder)
{
  g_autofree char *experiment = g_build_filename (folder, "experiment.cwexp", NULL);

  return g_file_test (experiment, G_FILE_TEST_EXISTS);
}

GPtrArray *
cwb_runs_load (const char *folder, const char *const *more, CwJob *job, GError **error)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (summary_free);
  g_autofree char *root = folder != NULL ? g_canonicalize_filename (folder, NULL) : NULL;
  g_auto (GStrv) found = folder != NULL ? cw_run_list (folder) : NULL;

  for (char **path = found; path != NULL && *path != NULL; path++)
    {
      if (!cw_job_progress (job, -1, NULL, error))
        return NULL;
      add (runs, *path, root, NULL);
    }
  for (const char *const *path = more; path != NULL && *path != NULL; path++)
    {
      g_auto (GStrv) below = NULL;

      if (!cw_job_progress (job, -1, NULL, error))
        return NULL;
      below = cw_run_expand (path, 1);
      for (char **run = below; *run != NULL; run++)
        {
          if (holds_run (*run))
            add (runs, *run, root, *path);
        }
    }
  return g_steal_pointer (&runs);
}
