/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-run"

#include "config.h"

#include "run/cw-experiment.h"

#include "base/cw-error.h"
#include "base/cw-paths.h"

#include <string.h>

#define SUFFIX ".cwexp"

/* Folders of CONTRAWARP_PRESET_PATH, then the program's own. */
static char **
list_folders (void)
{
  const char *path = g_getenv ("CONTRAWARP_PRESET_PATH");
  g_autofree char *all = g_strjoin (":", path != NULL ? path : "",
                                    cw_paths_in_build_tree () ? CW_SOURCE_PRESET_DIR
                                                              : CW_PRESET_DIR,
                                    NULL);

  return g_strsplit (all, ":", -1);
}

char **
cw_experiment_list_presets (void)
{
  g_auto (GStrv) folders = list_folders ();
  GPtrArray *names = g_ptr_array_new ();

  for (int i = 0; folders[i] != NULL; i++)
    {
      g_autoptr (GDir) dir = *folders[i] != '\0' ? g_dir_open (folders[i], 0, NULL) : NULL;
      const char *file;

      while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *name = NULL;

          if (!g_str_has_suffix (file, SUFFIX) || *file == '.')
            continue;
          name = g_strndup (file, strlen (file) - strlen (SUFFIX));
          if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
            g_ptr_array_add (names, g_steal_pointer (&name));
        }
    }
  g_ptr_array_sort (names, cw_paths_compare);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/* (transfer full): NULL with the names that there are in @error. */
static char *
find_preset (const char *name, GError **error)
{
  g_auto (GStrv) folders = list_folders (), names = NULL;
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL), *known = NULL;

  for (int i = 0; folders[i] != NULL && strchr (name, '/') == NULL; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], file, NULL);

      if (*folders[i] != '\0' && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  names = cw_experiment_list_presets ();
  known = g_strjoinv (", ", names);
  g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "no preset '%s'; there is %s", name,
               *known != '\0' ? known : "none");
  return NULL;
}

CwExperiment *
cw_experiment_load_preset (const char *name, GError **error)
{
  g_autofree char *path = find_preset (name, error);
  CwExperiment *experiment = path != NULL ? cw_experiment_load (path, error) : NULL;

  /* A copy to work on: nothing is relative to, or saved in, the program's folder. */
  if (experiment != NULL)
    g_clear_pointer (&experiment->path, g_free);
  return experiment;
}

char *
cw_experiment_dup_preset_description (const char *name)
{
  g_autofree char *path = find_preset (name, NULL), *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) description = g_string_new (NULL);

  if (path == NULL || !g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i] != NULL && *lines[i] == '#'; i++)
    {
      const char *line = g_strstrip (lines[i] + 1);

      if (g_str_has_prefix (line, "SPDX-"))
        continue;
      if (*line == '\0')
        break;
      g_string_append_printf (description, "%s%s", description->len > 0 ? " " : "", line);
    }
  return g_string_free (g_steal_pointer (&description), FALSE);
}
