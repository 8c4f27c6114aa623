/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-expression.h"

#include "gf-streams.h"

typedef enum
{
  BOTH,
  ONE_SIDE, /* the side that the picture leads with */
} Sides;

/* A unit of a prototype: takes part with @chance, and then with lo..hi of the expression's
 * intensity. */
typedef struct
{
  GfActionUnit au;
  double chance;
  double lo, hi;
  Sides sides;
} Part;

#define MAX_PARTS 10

typedef struct
{
  const char *name;
  /* What the picture's intensity is drawn from. */
  double weakest, strongest;
  Part parts[MAX_PARTS]; /* ends with hi = 0 */
} Prototype;

/* After EMFACS and Du, Tao, Martinez, "Compound facial expressions of emotion" (2014), table 1. */
static const Prototype prototypes[GF_N_EXPRESSIONS] = {
  [GF_NEUTRAL] = { "neutral", 0, 1, { { GF_AU43, 0.15, 0.1, 0.3 } } },
  [GF_HAPPINESS] = { "happiness",
                     0.6,
                     1,
                     { { GF_AU6, 0.95, 0.5, 1 },
                       { GF_AU12, 1, 0.8, 1 },
                       { GF_AU25, 0.65, 0.35, 1 },
                       { GF_AU26, 0.25, 0.1, 0.45 },
                       { GF_AU7, 0.3, 0.1, 0.35 },
                       { GF_AU2, 0.15, 0.1, 0.4 } } },
  [GF_SADNESS] = { "sadness",
                   0.65,
                   1,
                   { { GF_AU1, 1, 0.75, 1 },
                     { GF_AU4, 0.75, 0.25, 0.6 },
                     { GF_AU15, 1, 0.7, 1 },
                     { GF_AU17, 0.6, 0.25, 0.7 },
                     { GF_AU43, 0.65, 0.2, 0.5 },
                     { GF_AU6, 0.15, 0.1, 0.4 },
                     { GF_AU25, 0.15, 0.2, 0.4 } } },
  [GF_SURPRISE] = { "surprise",
                    0.65,
                    1,
                    { { GF_AU1, 1, 0.8, 1 },
                      { GF_AU2, 1, 0.8, 1 },
                      { GF_AU5, 0.9, 0.5, 1 },
                      { GF_AU25, 1, 0.5, 0.9 },
                      { GF_AU26, 1, 0.55, 1 } } },
  [GF_FEAR] = { "fear",
                0.65,
                1,
                { { GF_AU1, 1, 0.8, 1 },
                  { GF_AU2, 0.75, 0.25, 0.6 },
                  { GF_AU4, 1, 0.4, 0.7 },
                  { GF_AU5, 1, 0.75, 1 },
                  { GF_AU7, 0.5, 0.2, 0.5 },
                  { GF_AU20, 1, 0.75, 1 },
                  { GF_AU25, 0.95, 0.5, 1 },
                  { GF_AU26, 0.55, 0.1, 0.45 } } },
  [GF_DISGUST] = { "disgust",
                   0.65,
                   1,
                   { { GF_AU9, 1, 0.8, 1 },
                     { GF_AU10, 0.9, 0.6, 1 },
                     { GF_AU4, 0.6, 0.2, 0.5 },
                     { GF_AU7, 0.6, 0.3, 0.6 },
                     { GF_AU6, 0.3, 0.2, 0.5 },
                     { GF_AU15, 0.5, 0.25, 0.6 },
                     { GF_AU17, 0.6, 0.3, 0.8 },
                     { GF_AU25, 0.4, 0.3, 0.7 } } },
  [GF_ANGER] = { "anger",
                 0.65,
                 1,
                 { { GF_AU4, 1, 0.85, 1 },
                   { GF_AU5, 0.7, 0.25, 0.6 },
                   { GF_AU7, 0.95, 0.4, 0.8 },
                   { GF_AU23, 0.9, 0.6, 1 },
                   { GF_AU17, 0.4, 0.2, 0.6 },
                   { GF_AU10, 0.25, 0.2, 0.5 },
                   { GF_AU25, 0.35, 0.4, 0.9 },
                   { GF_AU26, 0.15, 0.1, 0.4 } } },
  [GF_CONTEMPT] = { "contempt",
                    0.65,
                    1,
                    { { GF_AU14, 1, 0.85, 1, ONE_SIDE },
                      { GF_AU12, 1, 0.65, 0.95, ONE_SIDE },
                      { GF_AU2, 0.55, 0.3, 0.7, ONE_SIDE },
                      { GF_AU10, 0.25, 0.1, 0.4, ONE_SIDE },
                      { GF_AU43, 0.6, 0.15, 0.4 },
                      { GF_AU7, 0.3, 0.1, 0.3 },
                      { GF_AU17, 0.25, 0.1, 0.35 } } },
};

const char *
gf_expression_name (GfExpression expression)
{
  return prototypes[expression].name;
}

GfActivity
gf_expression_prototype (GfExpression expression)
{
  const Prototype *prototype = &prototypes[expression];
  GfActivity activity = { 0 };

  for (int i = 0; i < MAX_PARTS && prototype->parts[i].hi > 0; i++)
    {
      const Part *part = &prototype->parts[i];

      if (part->chance < 0.5)
        continue;
      activity.side[GF_RIGHT][part->au] = part->hi;
      if (part->sides == BOTH)
        activity.side[GF_LEFT][part->au] = part->hi;
    }
  gf_activity_normalize (&activity);
  return activity;
}

/* Habits: who opens the mouth often, who speaks with the brows. */
static double
person_gain (const GfPerson *person, GfActionUnit au)
{
  if (au == GF_AU1 || au == GF_AU2 || au == GF_AU4)
    return person->liveliness * (1 + 0.1 * person->brow_mover);
  return person->liveliness;
}

static double
person_chance (const GfPerson *person, const Part *part)
{
  if (part->chance >= 1 || (part->au != GF_AU25 && part->au != GF_AU26))
    return part->chance;
  return part->chance + 0.5 * (person->mouth_opener - 0.5);
}

/* Faces are never quite still. */
static void
add_idle (GfActivity *activity, const GfPerson *person, CwRng *rng)
{
  for (int au = 0; au < GF_N_AUS; au++)
    {
      double idle = gf_rng_range (rng, 0, 1);

      /* Few units at a time, weakly. */
      idle = 0.22 * idle * idle * idle;
      for (int s = 0; s < 2; s++)
        activity->side[s][au] += idle;
    }
  /* A habitual smile or a habitual frown. */
  for (int s = 0; s < 2; s++)
    {
      activity->side[s][GF_AU12] += 0.06 * MAX (0, person->mouth_rest);
      activity->side[s][GF_AU15] += 0.06 * MAX (0, -person->mouth_rest);
    }
}

GfActivity
gf_expression_draw (GfExpression expression, const GfPerson *person, CwRng *rng)
{
  const Prototype *prototype = &prototypes[expression];
  const double intensity = gf_rng_range (rng, prototype->weakest, prototype->strongest);
  const int lead = gf_rng_range (rng, -1, 1) < 0.8 * person->asymmetry ? GF_LEFT : GF_RIGHT;
  GfActivity activity = { 0 };

  for (int i = 0; i < MAX_PARTS && prototype->parts[i].hi > 0; i++)
    {
      const Part *part = &prototype->parts[i];
      const gboolean present = gf_rng_range (rng, 0, 1) < person_chance (person, part);
      const double strength
          = intensity * person_gain (person, part->au) * gf_rng_range (rng, part->lo, part->hi);
      /* One side a little weaker, more so in asymmetric people. */
      const double other = part->sides == ONE_SIDE
                               ? gf_rng_range (rng, 0, 0.12)
                               : 1 - gf_rng_range (rng, 0, 0.08 + 0.12 * ABS (person->asymmetry));

      if (!present)
        continue;
      activity.side[lead][part->au] += strength;
      activity.side[!lead][part->au] += strength * other;
    }
  add_idle (&activity, person, rng);
  gf_activity_normalize (&activity);
  return activity;
}
