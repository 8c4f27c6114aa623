/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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

/* The landmarks that every item brings or borrows from the template, in this order: 6 of the brows,
 * 6 of the eyes, 4 of the nose, 4 of the mouth, 2 of the cheeks, 2 of the jaw. */
#define CW_N_LANDMARKS 24

/* The region (CwRegion) of each. It is here, not with the template, because warps choose points by
 * it and know nothing else about faces. */
extern const guint8 cw_landmark_regions[CW_N_LANDMARKS];

G_END_DECLS
