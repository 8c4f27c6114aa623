/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "util/cwb-menu.h"

char *
cwb_menu_dup_label (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "_", -1);

  return g_strjoinv ("__", parts);
}
