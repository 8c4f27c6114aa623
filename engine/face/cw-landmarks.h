/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-geometry.h"
#include "image/cw-region.h"

typedef struct
{
  const char *id; /* "brow-left-inner" ...; left = the picture's left */
  CwRegion region; /* as in cw_landmark_regions */
  CwPoint point; /* normalised, in a tightly cropped frontal face */
} CwLandmark;

/* The template: where these points are in a typical face crop (eyes at 40 % of the height). Used
 * wherever an item brings none of its own. */
extern const CwLandmark cw_landmark_template[CW_N_LANDMARKS];

/* Only the points of the template, for functions that take points. */
const CwPoint *cw_landmark_template_points (void);
