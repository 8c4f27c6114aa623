/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-encoder.h"
#include "run/cw-safetensors.h"

G_BEGIN_DECLS

/**
 * _cw_recognise_resnet:
 * @params: (out) (transfer full): a block of the encoder's parameters
 * @size: (out): side of the input to use it with, px
 *
 * Which of torchvision's residual networks a file without our metadata holds, by names and shapes:
 * the kind and number of blocks, the width, the stem. Whether all the rest fits is seen when it is
 * read.
 *
 * Returns: (transfer none): NULL with CW_ERROR_UNSUPPORTED_FORMAT and what was found instead
 */
const CwEncoderClass *_cw_recognise_resnet (CwSafetensors *file, const char *path,
                                            gpointer *params, int *size, GError **error);

G_END_DECLS
