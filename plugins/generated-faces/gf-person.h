/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * GfPerson:
 *
 * What stays the same in all pictures of one person: about sixty numbers, each with a range of its
 * own. The list below is the struct, the table of ranges and the order of drawing at once.
 *
 * X (field, minimum, maximum, middle, spread): most people are within middle +- spread; drawing is
 * a clipped normal. A spread of 0 means uniform over the range.
 */
#define GF_PERSON_FIELDS(X)                                                                        \
  /* 0 = what is usual for women, 1 = for men; the shape follows it, and so do beard and hair */  \
  X (masculine, 0, 1, 0.5, 0)                                                                      \
  X (age, 0, 1, 0.35, 0)                                                                           \
  /* head */                                                                                       \
  X (head_width, 0.88, 1.12, 1, 0.055)                                                             \
  X (head_length, 0.92, 1.09, 1, 0.04)                                                             \
  X (jaw_width, 0.76, 1.08, 0.92, 0.07)                                                            \
  X (jaw_square, 0, 1, 0.5, 0.25)                                                                  \
  X (chin_length, 0.9, 1.1, 1, 0.04)                                                               \
  X (chin_width, 0.7, 1.35, 1, 0.14)                                                               \
  X (chin_cleft, 0, 1, 0, 0.35)                                                                    \
  X (cheekbones, 0, 1, 0.5, 0.25)                                                                  \
  X (cheek_full, 0, 1, 0.45, 0.25)                                                                 \
  X (neck_width, 0.8, 1.2, 1, 0.08)                                                                \
  X (ear_size, 0.8, 1.25, 1, 0.1)                                                                  \
  X (ear_stick, 0, 1, 0.4, 0.25)                                                                   \
  /* skin */                                                                                       \
  X (skin_tone, 0, 1, 0.45, 0)                                                                     \
  X (skin_warmth, -1, 1, 0, 0.45)                                                                  \
  X (skin_blush, 0, 1, 0.45, 0.25)                                                                 \
  X (skin_shine, 0, 1, 0.4, 0.25)                                                                  \
  X (freckles, 0, 1, 0, 0.35)                                                                      \
  X (mole, 0, 1, 0.5, 0)                                                                           \
  /* hair */                                                                                       \
  X (hair_style, 0, 1, 0.5, 0)                                                                     \
  X (hair_colour, 0, 1, 0.5, 0)                                                                    \
  X (hair_grey, 0, 1, 0, 0.2)                                                                      \
  X (hair_volume, 0, 1, 0.45, 0.25)                                                                \
  X (hair_length, 0, 1, 0.5, 0)                                                                    \
  X (hair_line, -1, 1, 0, 0.4)                                                                     \
  X (hair_part, -1, 1, 0, 0)                                                                       \
  X (hair_wave, 0, 1, 0.4, 0.3)                                                                    \
  /* brows */                                                                                      \
  X (brow_thickness, 0.55, 1.7, 1, 0.22)                                                           \
  X (brow_arch, 0, 1, 0.45, 0.22)                                                                  \
  X (brow_tilt, -1, 1, 0, 0.4)                                                                     \
  X (brow_height, -1, 1, 0, 0.4)                                                                   \
  X (brow_gap, -1, 1, 0, 0.4)                                                                      \
  X (brow_darkness, 0, 1, 0.55, 0.25)                                                              \
  /* eyes */                                                                                       \
  X (eye_size, 0.86, 1.18, 1, 0.065)                                                               \
  X (eye_open, 0.85, 1.15, 1, 0.07)                                                                \
  X (eye_spacing, 0.9, 1.1, 1, 0.04)                                                               \
  X (eye_height, -1, 1, 0, 0.4)                                                                    \
  X (eye_tilt, -1, 1, 0.2, 0.4)                                                                    \
  X (eye_colour, 0, 1, 0.5, 0)                                                                     \
  X (eye_depth, 0, 1, 0.45, 0.25)                                                                  \
  X (lid_crease, 0, 1, 0.65, 0.3)                                                                  \
  X (lid_droop, 0, 1, 0.2, 0.2)                                                                    \
  X (lashes, 0, 1, 0.5, 0.25)                                                                      \
  X (eye_bags, 0, 1, 0.2, 0.2)                                                                     \
  /* nose */                                                                                       \
  X (nose_length, 0.86, 1.14, 1, 0.06)                                                             \
  X (nose_width, 0.78, 1.38, 1.02, 0.12)                                                           \
  X (nose_bridge, 0, 1, 0.5, 0.25)                                                                 \
  X (nose_tip, 0, 1, 0.5, 0.25)                                                                    \
  X (nose_turn, -1, 1, 0, 0.4)                                                                     \
  /* mouth */                                                                                      \
  X (mouth_width, 0.84, 1.16, 1, 0.065)                                                            \
  X (mouth_height, -1, 1, 0, 0.4)                                                                  \
  X (mouth_rest, -1, 1, 0, 0.35)                                                                   \
  X (lip_upper, 0.6, 1.55, 1, 0.18)                                                                \
  X (lip_lower, 0.65, 1.5, 1, 0.16)                                                                \
  X (lip_bow, 0, 1, 0.5, 0.25)                                                                     \
  X (lip_colour, 0, 1, 0.2, 0.2)                                                                   \
  X (lip_hue, 0, 1, 0.5, 0)                                                                        \
  X (teeth_gap, 0, 1, 0.1, 0.15)                                                                   \
  /* what is worn */                                                                               \
  X (beard_style, 0, 1, 0.5, 0)                                                                    \
  X (beard_density, 0, 1, 0.6, 0.2)                                                                \
  X (glasses_style, 0, 1, 0.5, 0)                                                                  \
  X (glasses_tone, 0, 1, 0.4, 0)                                                                   \
  X (clothes_hue, 0, 1, 0.5, 0)                                                                    \
  X (clothes_light, 0, 1, 0.45, 0)                                                                 \
  X (collar, 0, 1, 0.5, 0)                                                                         \
  /* temperament: how this person's face moves */                                                  \
  X (liveliness, 0.85, 1.12, 1, 0.07)                                                              \
  X (asymmetry, -1, 1, 0, 0.35)                                                                    \
  X (mouth_opener, 0, 1, 0.5, 0)                                                                   \
  X (brow_mover, -1, 1, 0, 0.4)

typedef struct
{
#define X(field, lo, hi, mid, spread) double field;
  GF_PERSON_FIELDS (X)
#undef X
  uint32_t texture; /* seed of strands, freckles, stubble */
} GfPerson;

typedef struct
{
  const char *name;
  double min, max, middle, spread;
  size_t offset;
} GfPersonField;

extern const GfPersonField gf_person_fields[];
extern const int gf_person_n_fields;

/* The styles a person's field of that name selects: the range is cut into as many equal parts. */
typedef enum
{
  GF_HAIR_BALD,
  GF_HAIR_FRINGE_OF_HAIR, /* only around the ears */
  GF_HAIR_BUZZ,
  GF_HAIR_SIDE_PART,
  GF_HAIR_QUIFF,
  GF_HAIR_CURLY,
  GF_HAIR_AFRO,
  GF_HAIR_TIED,
  GF_HAIR_BOB,
  GF_HAIR_LONG_STRAIGHT,
  GF_HAIR_LONG_WAVY,
  GF_HAIR_SCARF,
  GF_N_HAIR,
} GfHair;

typedef enum
{
  GF_BEARD_NONE,
  GF_BEARD_STUBBLE,
  GF_BEARD_MOUSTACHE,
  GF_BEARD_GOATEE,
  GF_BEARD_SHORT,
  GF_BEARD_FULL,
  GF_N_BEARD,
} GfBeard;

typedef enum
{
  GF_GLASSES_NONE,
  GF_GLASSES_ROUND,
  GF_GLASSES_RECTANGLE,
  GF_GLASSES_RIMLESS,
  GF_N_GLASSES,
} GfGlasses;

GfHair    gf_person_hair (const GfPerson *person);
GfBeard   gf_person_beard (const GfPerson *person);
GfGlasses gf_person_glasses (const GfPerson *person);

/* The middle of every range. */
GfPerson gf_person_average (void);
/* A pure function of (seed, subject). */
GfPerson gf_person_draw (uint64_t seed, uint32_t subject);
/* The field of a person by its entry of the table. */
double  *gf_person_field (GfPerson *person, const GfPersonField *field);
