/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-plugin"

#include "config.h"

#include "plugin/cw-module.h"

#include "base/cw-error.h"
#include "base/cw-paths.h"

#include <gmodule.h>

static GMutex lock;
static GPtrArray *modules; /* of CwModule; guarded by lock while loading */

/* With the lock held. */
static gboolean
load (const char *path, const CwModuleInfo **info, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  GModule *module;
  gpointer symbol = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_NOT_FOUND, "%s: no such plugin file", path);
      return FALSE;
    }
  module = g_module_open (path, G_MODULE_BIND_LOCAL);
  if (module == NULL)
    {
      g_autofree char *why = g_strdup (g_module_error ());

      g_set_error (error, CW_ERROR, CW_ERROR_PLUGIN_LOAD, "%s: cannot be loaded: %s", path,
                   g_strdelimit (why, "\n", ' '));
      return FALSE;
    }
  if (!g_module_symbol (module, "cw_module_info", &symbol) || symbol == NULL)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_PLUGIN_LOAD,
                   "%s: not a Contrawarp plugin (it exports no cw_module_info)", path);
      g_module_close (module);
      return FALSE;
    }
  *info = symbol;
  /* Nothing but the version may be read before it is known to be ours. */
  if ((*info)->abi != CW_ABI_VERSION)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_PLUGIN_ABI,
                   "%s: made for interface version %u, this program has %u; rebuild the plugin",
                   path, (*info)->abi, CW_ABI_VERSION);
      *info = NULL;
      g_module_close (module);
      return FALSE;
    }
  g_module_make_resident (module);
  for (size_t i = 0; (*info)->operations[i] != NULL; i++)
    {
      if (!cw_registry_add ((*info)->operations[i], (*info)->name, error))
        {
          g_prefix_error (error, "%s: ", path);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
cw_module_load (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  CwModule *module = g_new0 (CwModule, 1);
  gboolean ok;

  g_mutex_lock (&lock);
  if (modules == NULL)
    modules = g_ptr_array_new ();
  module->path = g_strdup (path);
  ok = load (path, &module->info, &local);
  if (!ok)
    {
      module->info = NULL;
      module->error = g_strdup (local->message);
    }
  g_ptr_array_add (modules, module);
  g_mutex_unlock (&lock);

  if (!ok)
    g_propagate_error (error, g_steal_pointer (&local));
  return ok;
}

GPtrArray *
cw_module_list (void)
{
  g_mutex_lock (&lock);
  if (modules == NULL)
    modules = g_ptr_array_new ();
  g_mutex_unlock (&lock);
  return modules;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* Modules in @folder and in its folders (the build tree keeps one folder per plugin). */
static void
load_folder (const char *folder, int depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_paths);
  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = paths->pdata[i];

      if (g_str_has_suffix (path, "." G_MODULE_SUFFIX))
        cw_module_load (path, NULL);
      else if (depth > 0 && g_file_test (path, G_FILE_TEST_IS_DIR)
               && !g_str_has_suffix (path, ".p"))
        load_folder (path, depth - 1);
    }
}

void
cw_module_load_all (void)
{
  static gsize once;
  const char *search = g_getenv ("CONTRAWARP_PLUGIN_PATH");

  if (!g_once_init_enter (&once))
    return;
  if (search != NULL)
    {
      g_auto (GStrv) folders = g_strsplit (search, G_SEARCHPATH_SEPARATOR_S, -1);

      for (int i = 0; folders[i] != NULL; i++)
        {
          if (*folders[i] != '\0')
            load_folder (folders[i], 1);
        }
    }
  else if (cw_paths_in_build_tree ())
    load_folder (CW_BUILD_PLUGIN_DIR, 1);
  else
    load_folder (CW_PLUGIN_DIR, 0);
  g_once_init_leave (&once, 1);
}
