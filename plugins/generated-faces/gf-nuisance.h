/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-canvas.h"

#include <contrawarp-plugin.h>

/**
 * GfNuisance:
 *
 * What varies from picture to picture and says nothing about person or expression.
 */
typedef struct
{
  GfPose pose;
  GfLight light;
  double exposure;   /* factor */
  double contrast;   /* about mid grey; 1 = as drawn */
  double cast[3];    /* factor of red, green, blue */
  double blur;       /* standard deviation in parts of the side */
  double noise;      /* standard deviation, 0..255 */
  double gaze_x;     /* where the eyes look, beside the viewer */
  CwRng background;
  CwRng grain;
} GfNuisance;

/* @strength 0: frontal, sharp, evenly lit, a plain background; 1: the full range. */
GfNuisance gf_nuisance_draw (uint64_t seed, uint32_t index, double strength);
/* Everything that is not the person, behind them. */
void       gf_nuisance_draw_background (const GfNuisance *nuisance, double strength, cairo_t *cr,
                                        int size);
/* Exposure, cast, blur and noise, in place; RGB rows packed. */
void       gf_nuisance_apply (const GfNuisance *nuisance, guint8 *rgb, int size);
