/* SPDX-License-Identifier: MIT */
#pragma once

#include "nn/cw-encoder.h"

extern const CwEncoderClass _cw_encoder_resnet18;
extern const CwEncoderClass _cw_encoder_resnet34;
extern const CwEncoderClass _cw_encoder_resnet50;
extern const CwEncoderClass _cw_encoder_small;
