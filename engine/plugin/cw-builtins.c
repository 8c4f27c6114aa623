/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-plugin"

#include "plugin/cw-builtins.h"

#include "data/cw-reader.h"
#include "eval/cw-evaluator.h"
#include "image/cw-transform.h"
#include "image/cw-warp.h"
#include "learn/cw-objective.h"
#include "learn/cw-optimizer.h"
#include "nn/cw-encoder.h"

static void
add (const CwDescriptor *descriptor)
{
  g_autoptr (GError) error = NULL;

  /* A built-in that clashes is a programming error. */
  if (!cw_registry_add (descriptor, "built-in", &error))
    g_error ("%s", error->message);
}

#define ADD_ALL(table)                                                                             \
  for (size_t i = 0; table[i] != NULL; i++)                                                        \
  add (&table[i]->base)

void
cw_builtins_register (void)
{
  ADD_ALL (cw_builtin_transforms);
  ADD_ALL (cw_builtin_warps);
  ADD_ALL (cw_builtin_objectives);
  ADD_ALL (cw_builtin_encoders);
  ADD_ALL (cw_builtin_optimizers);
  ADD_ALL (cw_builtin_evaluators);
  ADD_ALL (cw_builtin_readers);
}
