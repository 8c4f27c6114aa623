/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/cw-geometry.h"

/* Regions of a face; landmarks belong to one each. */
typedef enum
{
  CW_REGION_BROWS,
  CW_REGION_EYES,
  CW_REGION_NOSE,
  CW_REGION_MOUTH,
  CW_REGION_CHEEKS,
  CW_REGION_JAW,
  CW_N_REGIONS,
} CwRegion;

#define CW_N_LANDMARKS 24

typedef struct
{
  const char *id; /* "brow-left-inner" ...; left = the picture's left */
  CwRegion region;
  CwPoint point; /* normalised, in a tightly cropped frontal face */
} CwLandmark;

/* The template: where these points are in a typical face crop (eyes at 40 % of the height). Used
 * wherever an item brings none of its own. */
extern const CwLandmark cw_landmark_template[CW_N_LANDMARKS];

/* Only the points of the template, for functions that take points. */
const CwPoint *cw_landmark_template_points (void);
