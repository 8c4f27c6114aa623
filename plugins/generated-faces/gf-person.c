/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-person.h"

#include "gf-streams.h"

const GfPersonField gf_person_fields[] = {
#define X(field, lo, hi, mid, spread) { #field, lo, hi, mid, spread, offsetof (GfPerson, field) },
  GF_PERSON_FIELDS (X)
#undef X
};

const int gf_person_n_fields = G_N_ELEMENTS (gf_person_fields);

double *
gf_person_field (GfPerson *person, const GfPersonField *field)
{
  return (double *)(void *)((char *)person + field->offset);
}

static int
pick (double value, int n)
{
  return CLAMP ((int)(value * n), 0, n - 1);
}

GfHair
gf_person_hair (const GfPerson *person)
{
  return (GfHair)pick (person->hair_style, GF_N_HAIR);
}

GfBeard
gf_person_beard (const GfPerson *person)
{
  return (GfBeard)pick (person->beard_style, GF_N_BEARD);
}

GfGlasses
gf_person_glasses (const GfPerson *person)
{
  return (GfGlasses)pick (person->glasses_style, GF_N_GLASSES);
}

GfPerson
gf_person_average (void)
{
  GfPerson person = { .texture = 1 };

  for (int i = 0; i < gf_person_n_fields; i++)
    *gf_person_field (&person, &gf_person_fields[i]) = gf_person_fields[i].middle;
  person.hair_style = (GF_HAIR_SIDE_PART + 0.5) / GF_N_HAIR;
  person.beard_style = 0;
  person.glasses_style = 0;
  return person;
}

/* One of the styles with the given weights, as the middle of its part of the range. */
static double
draw_style (CwRng *rng, const double *weights, int n)
{
  double sum = 0;
  double at;

  for (int i = 0; i < n; i++)
    sum += weights[i];
  at = gf_rng_range (rng, 0, sum);
  for (int i = 0; i < n - 1; i++)
    {
      if (at < weights[i])
        return (i + 0.5) / n;
      at -= weights[i];
    }
  return (n - 0.5) / n;
}

static double
draw_hair (CwRng *rng, const GfPerson *p)
{
  const double w = 1 - p->masculine;
  const double m = p->masculine;
  const double old = p->age;
  const double dark = p->skin_tone;
  const double weights[GF_N_HAIR] = {
    [GF_HAIR_BALD] = 1.6 * m * (0.3 + old),
    [GF_HAIR_FRINGE_OF_HAIR] = 2.4 * m * old * old,
    [GF_HAIR_BUZZ] = 1.5 * m + 0.1,
    [GF_HAIR_SIDE_PART] = 2.4 * m + 0.2,
    [GF_HAIR_QUIFF] = 2 * m * (1.2 - old) + 0.1,
    [GF_HAIR_CURLY] = 1,
    [GF_HAIR_AFRO] = dark > 0.55 ? 1.4 : 0.1,
    [GF_HAIR_TIED] = 2.2 * w,
    [GF_HAIR_BOB] = 2.4 * w,
    [GF_HAIR_LONG_STRAIGHT] = 2.2 * w + 0.15 * m,
    [GF_HAIR_LONG_WAVY] = 2.4 * w + 0.1 * m,
    [GF_HAIR_SCARF] = 0.9 * w,
  };

  return draw_style (rng, weights, GF_N_HAIR);
}

static double
draw_beard (CwRng *rng, const GfPerson *p)
{
  const double m = p->masculine < 0.55 ? 0 : p->masculine;
  const double weights[GF_N_BEARD]
      = { 1 + (m == 0 ? 100 : 1.2), 1.1 * m, 0.7 * m, 0.7 * m, m, 0.8 * m };

  return draw_style (rng, weights, GF_N_BEARD);
}

/* What usually goes together. Every combination remains possible in the fields themselves. */
static void
correlate (GfPerson *p, CwRng *rng)
{
  const double m = p->masculine - 0.5;
  const double glasses[GF_N_GLASSES] = { 4.2, 0.5, 0.7, 0.4 };

  p->jaw_width += 0.13 * m;
  p->jaw_square += 0.4 * m;
  p->chin_width += 0.35 * m;
  p->head_length += 0.03 * m;
  p->brow_thickness += 0.6 * m;
  p->brow_arch -= 0.3 * m;
  p->brow_height -= 0.5 * m;
  p->lip_upper -= 0.4 * m;
  p->lip_lower -= 0.3 * m;
  p->eye_size -= 0.11 * m;
  p->lashes -= 0.8 * m;
  p->nose_width += 0.14 * m;
  p->nose_bridge += 0.3 * m;
  p->nose_length += 0.05 * m;
  p->cheek_full -= 0.2 * m;
  p->neck_width += 0.3 * m;
  p->lip_colour = m > 0 ? 0.3 * p->lip_colour : p->lip_colour - 1.1 * m * p->lip_hue;
  /* Darker skin, darker hair; fair hair and freckles on fair skin. */
  p->hair_colour *= CLAMP (1.25 - 1.6 * p->skin_tone, 0.06, 1);
  p->eye_colour *= CLAMP (1.3 - 1.7 * p->skin_tone, 0.1, 1);
  p->freckles *= CLAMP (1.3 - 2 * p->skin_tone, 0, 1);
  p->lip_upper += 0.25 * (p->skin_tone - 0.4);
  p->nose_width += 0.2 * (p->skin_tone - 0.4);
  p->hair_grey = CLAMP (p->hair_grey + 2.2 * (p->age - 0.55), 0, 1);
  p->hair_line += 0.7 * (p->age - 0.5) * p->masculine;
  p->eye_bags += 0.4 * (p->age - 0.3);
  p->lip_upper -= 0.2 * (p->age - 0.4);
  p->hair_style = draw_hair (rng, p);
  p->beard_style = draw_beard (rng, p);
  if (gf_person_hair (p) == GF_HAIR_SCARF)
    p->beard_style = 0;
  p->glasses_style = draw_style (rng, glasses, GF_N_GLASSES);
}

GfPerson
gf_person_draw (uint64_t seed, uint32_t subject)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_GENERATE, GF_STREAM_PERSON, 0, subject, 0);
  GfPerson person;

  for (int i = 0; i < gf_person_n_fields; i++)
    {
      const GfPersonField *f = &gf_person_fields[i];

      *gf_person_field (&person, f) = f->spread > 0
                                          ? f->middle + f->spread * (double)cw_rng_normal (&rng)
                                          : gf_rng_range (&rng, f->min, f->max);
    }
  correlate (&person, &rng);
  for (int i = 0; i < gf_person_n_fields; i++)
    {
      const GfPersonField *f = &gf_person_fields[i];
      double *value = gf_person_field (&person, f);

      *value = CLAMP (*value, f->min, f->max);
    }
  person.texture = cw_rng_next (&rng);
  return person;
}
