/* SPDX-License-Identifier: MIT */
#pragma once

#include "gf-person.h"

/* sRGB, 0..1. */
typedef struct
{
  double r, g, b;
} GfColour;

/* The colours of a person, derived once. */
typedef struct
{
  GfColour skin, skin_shadow, skin_light, blush;
  GfColour crease; /* of folds and wrinkles */
  GfColour lip, lip_dark;
  GfColour hair, hair_dark, hair_light;
  GfColour brow, beard;
  GfColour iris, iris_dark, iris_light;
  GfColour white; /* of the eyes */
  GfColour tooth;
  GfColour clothes, clothes_dark;
  GfColour glasses;
} GfLook;

GfColour gf_colour_mix (GfColour a, GfColour b, double t);
GfColour gf_colour_scale (GfColour c, double k);
/* @hue 0..1, saturation and lightness 0..1. */
GfColour gf_colour_hsl (double hue, double saturation, double lightness);
GfLook   gf_look_new (const GfPerson *person);
