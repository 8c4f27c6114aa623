/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-params.h"

G_BEGIN_DECLS

/* Bumped whenever a descriptor or a type that plugins see changes. */
#define CW_ABI_VERSION 3

/**
 * CwKind:
 *
 * The kinds of operation. The order is the one in which they are listed.
 */
typedef enum
{
  CW_KIND_TRANSFORM,
  CW_KIND_WARP,
  CW_KIND_OBJECTIVE,
  CW_KIND_ENCODER,
  CW_KIND_OPTIMIZER,
  CW_KIND_EVALUATOR,
  CW_KIND_READER,
  CW_KIND_DETECTOR,
  CW_KIND_COMMUNICATOR,
  CW_N_KINDS,
} CwKind;

/**
 * CwDescriptor:
 *
 * What every operation's class begins with. Classes are constant and live as long as the process:
 * modules are never unloaded.
 */
typedef struct
{
  guint abi; /* CW_ABI_VERSION */
  CwKind kind;
  const char *id;    /* lower case, dashes; unique in its kind; stable for ever */
  const char *label; /* for people, N_() */
  const char *description; /* one line, N_() */
  const CwParamSpec *params; /* (nullable) */
  size_t params_size;        /* of the block the table describes */
} CwDescriptor;

/* "transforms", "warps", ...: as in `ops list`. */
const char         *cw_kind_name (CwKind kind);

/**
 * cw_registry_add:
 * @source: "built-in" or the plugin's name; kept
 *
 * Returns: FALSE with CW_ERROR_PLUGIN_ABI or, for an id that is taken, CW_ERROR_PLUGIN_LOAD
 */
gboolean            cw_registry_add (const CwDescriptor *descriptor, const char *source,
                                     GError **error);
/* NULL with CW_ERROR_NOT_FOUND that lists what there is. Thread-safe, as all here. */
const CwDescriptor *cw_registry_find (CwKind kind, const char *id, GError **error);
const char         *cw_registry_get_source (const CwDescriptor *descriptor);
/* (transfer container): const CwDescriptor *, in order of registration. */
GPtrArray          *cw_registry_list (CwKind kind);

G_END_DECLS
