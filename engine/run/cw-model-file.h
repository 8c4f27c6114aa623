/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-encoder.h"
#include "run/cw-safetensors.h"

G_BEGIN_DECLS

#define CW_META_ENCODER "contrawarp.encoder"
#define CW_META_PARAMS "contrawarp.params"
#define CW_META_SIZE "contrawarp.size"
#define CW_META_MEAN "contrawarp.mean"
#define CW_META_STD "contrawarp.std"
#define CW_META_STEP "contrawarp.step"
#define CW_META_SEED "contrawarp.seed"
#define CW_META_STATE "contrawarp.state" /* marks the file that only a resume reads */
#define CW_META_ENCODER_SHA256 "contrawarp.encoder_sha256"

/* What a reader needs to use the weights. */
void _cw_model_add_metadata (CwSafetensorsWriter *writer, const CwEncoderClass *encoder,
                             gconstpointer params, int size, const float mean[3],
                             const float std[3]);

G_END_DECLS
