/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-outputs.h"

#include "base/cw-error.h"

static gboolean
refuse (const char *path, const char *why, GError **error)
{
  g_set_error (error, CW_ERROR, CW_ERROR_INVALID_CONFIG, "%s %s; choose another name", path, why);
  return FALSE;
}

gboolean
cw_outputs_check (const char *const *paths, guint n, CwDataset *dataset, gboolean ours,
                  const char *what, GError **error)
{
  g_autofree char *why = g_strdup_printf ("is there already and is not %s", what);

  for (guint i = 0; i < n; i++)
    {
      if (!g_file_test (paths[i], G_FILE_TEST_EXISTS))
        continue;
      if (g_file_test (paths[i], G_FILE_TEST_IS_DIR))
        return refuse (paths[i], "is a folder", error);
      if (dataset != NULL && cw_dataset_reads_file (dataset, paths[i]))
        return refuse (paths[i], "is what the data are read from", error);
      if (!ours)
        return refuse (paths[i], why, error);
    }
  return TRUE;
}
