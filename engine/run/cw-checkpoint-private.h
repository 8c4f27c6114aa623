/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-net.h"

G_BEGIN_DECLS

#define CW_CHECKPOINTS "checkpoints"
#define CW_STATES "state"
#define CW_TARGET_PREFIX "target." /* of tensors in states */

/* (transfer full): RUN/checkpoints/step-00000120.safetensors */
char   *_cw_checkpoint_dup_path (const char *run_folder, const char *which, guint64 step);
/* (transfer full): SHA-256, hex, of the encoder among @weights: what a state says it belongs to. */
char   *_cw_checkpoint_hash_encoder (const CwWeights *weights);

G_END_DECLS
