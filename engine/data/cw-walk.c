/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-walk.h"

#include "base/cw-paths.h"
#include "data/cw-picture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  const char *root;
  CwDataset *dataset;
  CwJob *job;
  GPtrArray *found;
  GHashTable *visited; /* FolderId */
  GPtrArray *links;    /* relative paths of links to folders, to be followed last */
} Walk;

typedef struct
{
  dev_t device;
  ino_t inode;
} FolderId;

static guint
folder_id_hash (gconstpointer data)
{
  const FolderId *id = data;
  gint64 number = (gint64) (id->inode ^ (id->device << 20));

  return g_int64_hash (&number);
}

static gboolean
folder_id_equal (gconstpointer a, gconstpointer b)
{
  const FolderId *first = a, *second = b;

  return first->device == second->device && first->inode == second->inode;
}

/* FALSE for a folder that was already listed. */
static gboolean
mark_visited (Walk *walk, const char *path)
{
  struct stat status;
  FolderId *id;

  if (stat (path, &status) != 0)
    return TRUE;
  id = g_new (FolderId, 1);
  *id = (FolderId){ status.st_dev, status.st_ino };
  return g_hash_table_add (walk->visited, id);
}

/* (transfer full) (nullable): sorted, so that nothing depends on the file system's order. */
static GPtrArray *
list_names (const char *path, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  GPtrArray *names;
  const char *name;

  if (dir == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (*name != '.')
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, cw_paths_compare);
  return names;
}

static gboolean visit (Walk *walk, const char *relative, GError **error);

static gboolean
visit_child (Walk *walk, char *relative, GError **error)
{
  g_autofree char *owned = relative;
  g_autofree char *path = g_build_filename (walk->root, relative, NULL);
  struct stat status;

  if (stat (path, &status) != 0)
    {
      if (cw_picture_has_extension (relative))
        cw_dataset_reject (walk->dataset, relative, g_strerror (errno));
    }
  else if (S_ISDIR (status.st_mode))
    {
      if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        g_ptr_array_add (walk->links, g_steal_pointer (&owned));
      else
        return visit (walk, relative, error);
    }
  else if (S_ISREG (status.st_mode) && cw_picture_has_extension (relative))
    g_ptr_array_add (walk->found, g_steal_pointer (&owned));
  return TRUE;
}

/* @relative: "" = the root. */
static gboolean
visit (Walk *walk, const char *relative, GError **error)
{
  g_autofree char *path = g_build_filename (walk->root, relative, NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) names = NULL;

  if (!cw_job_progress (walk->job, -1, NULL, error))
    return FALSE;
  if (!mark_visited (walk, path))
    return TRUE;
  names = list_names (path, &local);
  if (names == NULL)
    {
      if (*relative != '\0')
        {
          cw_dataset_reject (walk->dataset, relative, local->message);
          return TRUE;
        }
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];

      if (!visit_child (walk, *relative != '\0' ? g_build_filename (relative, name, NULL)
                                                : g_strdup (name), error))
        return FALSE;
    }
  return TRUE;
}

GPtrArray *
_cw_walk_pictures (const char *root, CwDataset *dataset, CwJob *job, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) visited
      = g_hash_table_new_full (folder_id_hash, folder_id_equal, g_free, NULL);
  Walk walk = { .root = root, .dataset = dataset, .job = job, .found = found,
                .visited = visited, .links = links };

  if (!visit (&walk, "", error))
    return NULL;
  /* More may be found on the way. */
  for (guint i = 0; i < links->len; i++)
    {
      if (!visit (&walk, links->pdata[i], error))
        return NULL;
    }
  g_ptr_array_sort (found, cw_paths_compare);
  return g_steal_pointer (&found);
}
