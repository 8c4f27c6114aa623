/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "data/cw-emotion.h"
#include "data/cw-picture.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

typedef enum
{
  LABELS_NONE,
  LABELS_FOLDER,
} Labels;

static const char *const labels_nicks[] = { "none", "folder", NULL };

typedef struct
{
  int labels;
} Params;

static const CwParamSpec params[] = {
  CW_PARAM_ENUM (Params, labels, "labels", N_("Labels"), labels_nicks, LABELS_NONE,
                 N_("none: pictures are unlabelled; folder: the first folder level names the class")),
  CW_PARAM_END,
};

/* Deeper than any library of pictures; ends loops of links. */
#define MAX_DEPTH 32

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Relative paths of the pictures below @relative ("" = the root), in byte order. */
static gboolean
walk (const char *root, const char *relative, int depth, GPtrArray *found, CwDataset *dataset,
      CwJob *job, GError **error)
{
  g_autofree char *path = *relative ? g_build_filename (root, relative, NULL) : g_strdup (root);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &local);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    {
      if (*relative == '\0')
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      cw_dataset_reject (dataset, relative, local->message);
      return TRUE;
    }
  if (!cw_job_progress (job, -1, *relative ? relative : NULL, error))
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (*name != '.')
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *child
          = *relative ? g_build_filename (relative, names->pdata[i], NULL) : g_strdup (names->pdata[i]);
      g_autofree char *full = g_build_filename (root, child, NULL);

      if (g_file_test (full, G_FILE_TEST_IS_DIR))
        {
          if (depth < MAX_DEPTH && !walk (root, child, depth + 1, found, dataset, job, error))
            return FALSE;
        }
      else if (cw_picture_has_extension (child))
        g_ptr_array_add (found, g_steal_pointer (&child));
    }
  return TRUE;
}

/* The first folder level of a relative path, or NULL for a file at the top. */
static char *
class_of (const char *relative)
{
  const char *slash = strchr (relative, G_DIR_SEPARATOR);

  return slash != NULL ? g_strndup (relative, (gsize) (slash - relative)) : NULL;
}

/* Classes that are all emotions come in the canonical order, others in byte order. */
static void
add_classes (CwDataset *dataset, GPtrArray *paths)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) classes = g_ptr_array_new ();
  gboolean emotions = TRUE;

  for (guint i = 0; i < paths->len; i++)
    {
      char *class = class_of (paths->pdata[i]);

      if (class == NULL || g_hash_table_contains (seen, class))
        {
          g_free (class);
          continue;
        }
      g_hash_table_add (seen, class);
      g_ptr_array_add (classes, class);
      emotions = emotions && cw_emotion_parse (class) >= 0;
    }
  for (int e = 0; emotions && e < CW_N_EMOTIONS; e++)
    {
      for (guint i = 0; i < classes->len; i++)
        {
          if (cw_emotion_parse (classes->pdata[i]) == e)
            cw_dataset_add_label (dataset, cw_emotion_name ((CwEmotion) e));
        }
    }
  for (guint i = 0; !emotions && i < classes->len; i++)
    cw_dataset_add_label (dataset, classes->pdata[i]);
}

static int
label_of (CwDataset *dataset, const char *relative)
{
  g_autofree char *class = class_of (relative);
  int emotion;

  if (class == NULL)
    return -1;
  emotion = cw_emotion_parse (class);
  for (int i = 0; i < (int) cw_dataset_get_n_labels (dataset); i++)
    {
      const char *label = cw_dataset_get_label (dataset, i);

      if (strcmp (label, class) == 0 || (emotion >= 0 && cw_emotion_parse (label) == emotion))
        return i;
    }
  return -1;
}

static int
folder_probe (const char *location)
{
  return g_file_test (location, G_FILE_TEST_IS_DIR) ? 10 : 0;
}

static CwDataset *
folder_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  const Params *p = block;
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "folder");
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (!walk (location, "", 0, paths, dataset, job, error))
    return NULL;
  if (p->labels == LABELS_FOLDER)
    add_classes (dataset, paths);
  for (guint i = 0; i < paths->len; i++)
    cw_dataset_add_item (dataset, paths->pdata[i], NULL,
                         p->labels == LABELS_FOLDER ? label_of (dataset, paths->pdata[i]) : -1, -1,
                         CW_SPLIT_NONE, NULL);
  return g_steal_pointer (&dataset);
}

const CwReaderClass cw_reader_folder = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "folder",
            .label = N_("Folder of pictures"),
            .description = N_("All pictures below a folder; unlabelled unless asked"),
            .params = params,
            .params_size = sizeof (Params) },
  .probe = folder_probe,
  .open = folder_open,
};
