/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-base"

#include "config.h"

#include "base/cw-paths.h"

#include <string.h>

gboolean
cw_paths_in_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL && g_str_has_prefix (program, CW_BUILD_DIR "/");
}

int
cw_paths_compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}
