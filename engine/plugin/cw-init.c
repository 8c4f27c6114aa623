/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-plugin"

#include "config.h"

#include "contrawarp.h"
#include "plugin/cw-builtins.h"

void
cw_init (void)
{
  static gsize once;

  if (!g_once_init_enter (&once))
    return;
  cw_builtins_register ();
  cw_module_load_all ();
  g_once_init_leave (&once, 1);
}

const char *
cw_version (void)
{
  return CW_VERSION;
}
