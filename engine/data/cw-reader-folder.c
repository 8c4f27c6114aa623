/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "config.h"

#include "data/cw-reader-layouts.h"

#include "data/cw-classes.h"
#include "data/cw-layout.h"
#include "data/cw-picture.h"
#include "data/cw-walk.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Pictures below a folder, whatever its layout; or one picture. Where the folder has a subfolder
 * "train", that one and others named for a split are taken as the layout's splits. */

typedef enum
{
  LABELS_NONE,
  LABELS_FOLDER,
} Labels;

static const char *const labels_nicks[] = { "none", "folder", NULL };

typedef struct
{
  int labels; /* Labels */
} Params;

static const CwParamSpec params[] = {
  CW_PARAM_ENUM (Params, labels, "labels", N_ ("Labels"), labels_nicks, LABELS_NONE,
                 N_ ("none: the pictures are unlabelled; folder: one subfolder for each class")),
  CW_PARAM_END,
};

/* (transfer full) (nullable): a relative path's first component; *rest is what follows. NULL for a
 * file without a folder. */
static char *
first_component (const char *relative, const char **rest)
{
  const char *slash = strchr (relative, G_DIR_SEPARATOR);

  *rest = slash != NULL ? slash + 1 : relative;
  return slash != NULL ? g_strndup (relative, (gsize) (slash - relative)) : NULL;
}

static gboolean
has_train_folder (GPtrArray *paths)
{
  for (guint i = 0; i < paths->len; i++)
    {
      const char *rest;
      g_autofree char *first = first_component (paths->pdata[i], &rest);

      if (first != NULL && _cw_layout_parse_split (first) == CW_SPLIT_TRAIN)
        return TRUE;
    }
  return FALSE;
}

/* *class_name: (transfer full): the first folder that is not a split's, "" where there is none. */
static CwSplit
read_path (const char *relative, gboolean has_splits, char **class_name)
{
  CwSplit split = CW_SPLIT_NONE;
  const char *rest;
  char *first = first_component (relative, &rest);

  if (first != NULL && has_splits)
    {
      split = _cw_layout_parse_split (first);
      if (split != CW_SPLIT_NONE)
        {
          g_free (first);
          first = first_component (rest, &rest);
        }
    }
  *class_name = first != NULL ? first : g_strdup ("");
  return split;
}

static void
add_items (CwDataset *dataset, GPtrArray *paths, gboolean labelled)
{
  gboolean has_splits = has_train_folder (paths);
  g_autoptr (CwClasses) classes = _cw_classes_new ();

  for (guint i = 0; labelled && i < paths->len; i++)
    {
      g_autofree char *class_name = NULL;

      read_path (paths->pdata[i], has_splits, &class_name);
      _cw_classes_see (classes, class_name);
    }
  _cw_classes_add_labels (classes, dataset);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *class_name = NULL;
      CwSplit split = read_path (paths->pdata[i], has_splits, &class_name);

      cw_dataset_add_item (dataset, paths->pdata[i], NULL, _cw_classes_find (classes, class_name),
                           -1, split, NULL);
    }
}

static int
folder_probe (const char *location)
{
  if (g_file_test (location, G_FILE_TEST_IS_DIR))
    return 10;
  return cw_picture_has_extension (location) && g_file_test (location, G_FILE_TEST_EXISTS) ? 10 : 0;
}

static CwDataset *
folder_open (const char *location, gconstpointer block, CwJob *job, GError **error)
{
  const Params *p = block;
  g_autoptr (CwDataset) dataset = cw_dataset_new (location, "folder");
  g_autoptr (GPtrArray) paths = NULL;

  if (!g_file_test (location, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *name = g_path_get_basename (location);

      cw_dataset_add_item (dataset, name, location, -1, -1, CW_SPLIT_NONE, NULL);
      return g_steal_pointer (&dataset);
    }
  paths = _cw_walk_pictures (location, dataset, job, error);
  if (paths == NULL)
    return NULL;
  add_items (dataset, paths, p->labels == LABELS_FOLDER);
  return g_steal_pointer (&dataset);
}

const CwReaderClass _cw_reader_folder = {
  .base = { .abi = CW_ABI_VERSION,
            .kind = CW_KIND_READER,
            .id = "folder",
            .label = N_ ("Folder of pictures"),
            .description = N_ ("All pictures below a folder; unlabelled unless asked"),
            .params = params,
            .params_size = sizeof (Params) },
  .probe = folder_probe,
  .open = folder_open,
};
