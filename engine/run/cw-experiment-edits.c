/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "run/cw-experiment-private.h"

/* What of @of is not the same in @other; with @gone, only what @other has not at all. */
static void
add_edits (GString *edits, GKeyFile *of, GKeyFile *other, gboolean gone)
{
  g_auto (GStrv) groups = g_key_file_get_groups (of, NULL);

  for (char **group = groups; *group != NULL; group++)
    {
      g_auto (GStrv) keys = g_key_file_get_keys (of, *group, NULL, NULL);

      for (char **key = keys; *key != NULL; key++)
        {
          g_autofree char *value = g_key_file_get_string (of, *group, *key, NULL);
          g_autofree char *before = g_key_file_get_string (other, *group, *key, NULL);

          if (gone ? before != NULL : g_strcmp0 (value, before) == 0)
            continue;
          g_string_append_printf (edits, "%s%s.%s = %s (was %s)", edits->len > 0 ? "; " : "", *group,
                                  *key, gone ? "not there" : value, gone ? value
                                  : before != NULL                      ? before
                                                                        : "not there");
        }
    }
}

char *
_cw_experiment_dup_edits (const CwExperiment *experiment, const char *before)
{
  g_autoptr (CwExperiment) parsed = cw_experiment_parse (before, NULL, NULL);
  g_autoptr (GString) edits = g_string_new (NULL);
  g_autoptr (GKeyFile) old = NULL;
  g_autoptr (GKeyFile) now = NULL;

  /* Of a program that knew other keys. */
  if (parsed == NULL)
    return NULL;
  old = cw_experiment_to_keys (parsed);
  now = cw_experiment_to_keys (experiment);
  add_edits (edits, now, old, FALSE);
  add_edits (edits, old, now, TRUE);
  return edits->len > 0 ? g_string_free (g_steal_pointer (&edits), FALSE) : NULL;
}
