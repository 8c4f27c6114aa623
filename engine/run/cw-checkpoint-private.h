/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CW_CHECKPOINTS "checkpoints"
#define CW_STATES "state"

/* (transfer full): RUN/checkpoints/step-00000120.safetensors */
char   *_cw_checkpoint_dup_path (const char *run_folder, const char *which, guint64 step);
/* (transfer full) (element-type guint64): steps of the files in checkpoints/, rising. */
GArray *_cw_checkpoint_list (const char *run_folder);

G_END_DECLS
