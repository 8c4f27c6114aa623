/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

/* TRUE while the running program lies in the folder it was built in: then plugins, presets and the
 * guide are taken from there, else from where they are installed. */
gboolean cw_paths_in_build_tree (void);
/* For sorting arrays of names or paths, by their bytes: @a and @b point to strings. */
int      cw_paths_compare (gconstpointer a, gconstpointer b);
