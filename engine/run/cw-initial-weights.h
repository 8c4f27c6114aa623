/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/cw-trainer.h"

G_BEGIN_DECLS

/**
 * _cw_initial_weights_load:
 * @path: what cw_model_load() takes, or any .safetensors file whose tensors fit the encoder by name
 *   and shape; a classifier ("fc.") may be there besides
 * @what: whose tensors are needed, for messages: "encoder 'resnet18'"
 *
 * Puts an encoder's weights and running statistics in the place of the random ones, in the online
 * net and in the target; the heads stay as they are.
 *
 * Returns: FALSE with one line that names file, tensor and both shapes; @trainer is then unfit for
 *   use
 */
gboolean _cw_initial_weights_load (CwTrainer *trainer, const char *path, const char *what,
                                   GError **error);

G_END_DECLS
