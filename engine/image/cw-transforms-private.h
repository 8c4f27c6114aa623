/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/cw-clones.h"
#include "image/cw-transform.h"

/* The built-in transforms, one file each. */
extern const CwTransformClass _cw_transform_crop;
extern const CwTransformClass _cw_transform_flip;
extern const CwTransformClass _cw_transform_affine;
extern const CwTransformClass _cw_transform_colour_jitter;
extern const CwTransformClass _cw_transform_grey;
extern const CwTransformClass _cw_transform_blur;
extern const CwTransformClass _cw_transform_perspective;
extern const CwTransformClass _cw_transform_solarise;
extern const CwTransformClass _cw_transform_posterise;
extern const CwTransformClass _cw_transform_noise;
extern const CwTransformClass _cw_transform_erasing;
extern const CwTransformClass _cw_transform_jpeg;
extern const CwTransformClass _cw_transform_lighting;

/* Weights of R, G and B in the brightness of a pixel: ITU-R BT.601, as torchvision rounds them. */
#define CW_LUMA_R 0.2989f
#define CW_LUMA_G 0.587f
#define CW_LUMA_B 0.114f

CW_INLINE float
clamp01 (float x)
{
  x = x > 0.0f ? x : 0.0f;
  return x < 1.0f ? x : 1.0f;
}

/* The mean of @n pixels. */
void  _cw_mean_colour (size_t n, const float *rgb, float mean[3]);
/* A drawn value that stands for many random numbers: whole, 24 bits, so that a float holds it. */
float _cw_draw_seed (CwRng *rng);
/* @n standard normal numbers, which follow from such a seed. */
void  _cw_fill_noise (float seed, float *noise, size_t n);
