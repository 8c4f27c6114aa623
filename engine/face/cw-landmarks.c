/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-face"

#include "face/cw-landmarks.h"

#include <glib.h>

const CwLandmark cw_landmark_template[CW_N_LANDMARKS] = {
  { "brow-left-outer", CW_REGION_BROWS, { 0.16f, 0.305f } },
  { "brow-left-middle", CW_REGION_BROWS, { 0.27f, 0.265f } },
  { "brow-left-inner", CW_REGION_BROWS, { 0.40f, 0.29f } },
  { "brow-right-inner", CW_REGION_BROWS, { 0.60f, 0.29f } },
  { "brow-right-middle", CW_REGION_BROWS, { 0.73f, 0.265f } },
  { "brow-right-outer", CW_REGION_BROWS, { 0.84f, 0.305f } },
  { "eye-left-outer", CW_REGION_EYES, { 0.21f, 0.40f } },
  { "eye-left-lid", CW_REGION_EYES, { 0.305f, 0.375f } },
  { "eye-left-inner", CW_REGION_EYES, { 0.395f, 0.41f } },
  { "eye-right-inner", CW_REGION_EYES, { 0.605f, 0.41f } },
  { "eye-right-lid", CW_REGION_EYES, { 0.695f, 0.375f } },
  { "eye-right-outer", CW_REGION_EYES, { 0.79f, 0.40f } },
  { "nose-bridge", CW_REGION_NOSE, { 0.50f, 0.43f } },
  { "nose-tip", CW_REGION_NOSE, { 0.50f, 0.60f } },
  { "nose-left-wing", CW_REGION_NOSE, { 0.42f, 0.625f } },
  { "nose-right-wing", CW_REGION_NOSE, { 0.58f, 0.625f } },
  { "mouth-left-corner", CW_REGION_MOUTH, { 0.34f, 0.775f } },
  { "mouth-upper-lip", CW_REGION_MOUTH, { 0.50f, 0.735f } },
  { "mouth-right-corner", CW_REGION_MOUTH, { 0.66f, 0.775f } },
  { "mouth-lower-lip", CW_REGION_MOUTH, { 0.50f, 0.835f } },
  { "cheek-left", CW_REGION_CHEEKS, { 0.21f, 0.62f } },
  { "cheek-right", CW_REGION_CHEEKS, { 0.79f, 0.62f } },
  { "jaw-left", CW_REGION_JAW, { 0.29f, 0.91f } },
  { "jaw-right", CW_REGION_JAW, { 0.71f, 0.91f } },
};

const CwPoint *
cw_landmark_template_points (void)
{
  static CwPoint points[CW_N_LANDMARKS];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      for (int i = 0; i < CW_N_LANDMARKS; i++)
        points[i] = cw_landmark_template[i].point;
      g_once_init_leave (&ready, 1);
    }
  return points;
}
