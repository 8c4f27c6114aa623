/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-transform.h"

/* The built-in transforms, one file each. */
extern const CwTransformClass _cw_transform_crop;
extern const CwTransformClass _cw_transform_flip;
extern const CwTransformClass _cw_transform_affine;
extern const CwTransformClass _cw_transform_colour_jitter;
extern const CwTransformClass _cw_transform_grey;
extern const CwTransformClass _cw_transform_blur;

/* Weights of R, G and B in the brightness of a pixel: ITU-R BT.601, as torchvision rounds them. */
#define CW_LUMA_R 0.2989f
#define CW_LUMA_G 0.587f
#define CW_LUMA_B 0.114f
