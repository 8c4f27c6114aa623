/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-action-units.h"

const GfActionUnitInfo gf_action_units[GF_N_AUS] = {
#define X(number, what, region) { number, "au" #number, what, region },
  GF_ACTION_UNITS (X)
#undef X
};

void
gf_activity_set (GfActivity *activity, GfActionUnit au, double intensity)
{
  activity->side[GF_LEFT][au] = intensity;
  activity->side[GF_RIGHT][au] = intensity;
}

void
gf_activity_normalize (GfActivity *activity)
{
  static const GfActionUnit middle[] = { GF_AU17, GF_AU25, GF_AU26 };

  for (int au = 0; au < GF_N_AUS; au++)
    {
      for (int s = 0; s < 2; s++)
        activity->side[s][au] = CLAMP (activity->side[s][au], 0.0, 1.0);
    }
  for (size_t i = 0; i < G_N_ELEMENTS (middle); i++)
    gf_activity_set (activity, middle[i], gf_activity_mean (activity, middle[i]));
}

double
gf_activity_get (const GfActivity *activity, GfActionUnit au)
{
  return MAX (activity->side[GF_LEFT][au], activity->side[GF_RIGHT][au]);
}

double
gf_activity_mean (const GfActivity *activity, GfActionUnit au)
{
  return 0.5 * (activity->side[GF_LEFT][au] + activity->side[GF_RIGHT][au]);
}
