/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>

G_BEGIN_DECLS

/**
 * Warps that were saved under a name: files NAME.cwexp in contrawarp/warps of the user's data folder, each an
 * experiment that says no more than the family of [warp] and its parameters.
 */

/* Whether a warp can be called so; else one line that says why not. */
gboolean      cwb_warps_check_name (const char *name, GError **error);
/* (transfer full): where the warp of this name is, or would be. */
char         *cwb_warps_path (const char *name);
/* (transfer full): names in alphabetical order; empty where there are none. */
char        **cwb_warps_list (void);
/* Saves a painting, in the place of a warp that has this name already. */
gboolean      cwb_warps_save_strokes (const char *name, const char *strokes, GError **error);
/* (transfer full): the defaults, and the warp of this name. */
CwExperiment *cwb_warps_load (const char *name, GError **error);

G_END_DECLS
