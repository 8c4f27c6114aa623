/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb"

#include "config.h"

#include "cwb-guide.h"

#include <contrawarp.h>

char *
cwb_guide_dup_page (void)
{
  return g_build_filename (cw_paths_in_build_tree () ? CWB_BUILD_GUIDE_DIR : CWB_GUIDE_DIR,
                           "index.html", NULL);
}
