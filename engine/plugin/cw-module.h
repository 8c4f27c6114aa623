/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-registry.h"

G_BEGIN_DECLS

/**
 * A plugin is a shared module, one folder of plugins/, that exports
 *
 *   const CwModuleInfo cw_module_info;
 *
 * Modules are looked for in the folders of CONTRAWARP_PLUGIN_PATH (colon-separated), else in the
 * program's own plugin folder. They are never unloaded.
 */
typedef struct
{
  guint abi;        /* CW_ABI_VERSION */
  const char *name; /* "generated-faces" */
  const char *description;
  const CwDescriptor *const *operations; /* NULL-terminated */
} CwModuleInfo;

/* What became of each module that was found. */
typedef struct
{
  char *path;
  const CwModuleInfo *info; /* NULL where it could not be loaded */
  char *error;              /* one line; NULL where it was loaded */
} CwModule;

/* Loads one file. The error names it and says wrong ABI, not a plugin, cannot be loaded. */
gboolean   cw_module_load (const char *path, GError **error);
/* (transfer none) (element-type CwModule): all that were tried, in order. */
GPtrArray *cw_module_list (void);
/* Loads everything in the search path, once; failures are kept for cw_module_list(). */
void       cw_module_load_all (void);

G_END_DECLS
