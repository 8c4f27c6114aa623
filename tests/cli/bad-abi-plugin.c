/* SPDX-License-Identifier: MIT */
/* A plugin for an interface of another version: its table must never be looked at. */
#include <contrawarp-plugin.h>

extern const CwModuleInfo cw_module_info;

CW_MODULE_EXPORT const CwModuleInfo cw_module_info = {
  .abi = 99,
  .name = "bad-abi",
  .description = "made for another version",
  .operations = (const CwDescriptor *const *) (gsize) 1,
};
