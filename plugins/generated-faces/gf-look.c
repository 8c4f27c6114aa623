/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-look.h"

#include <glib.h>
#include <math.h>

#define RGB(r, g, b)                                                                               \
  {                                                                                                \
    (r) / 255.0, (g) / 255.0, (b) / 255.0                                                          \
  }

/* From the lightest to the darkest human skin. */
static const GfColour skin_tones[] = {
  RGB (246, 216, 198), RGB (241, 204, 180), RGB (232, 188, 157), RGB (218, 168, 131),
  RGB (200, 145, 106), RGB (178, 122, 86),  RGB (156, 103, 72),  RGB (134, 86, 61),
  RGB (120, 77, 57),   RGB (106, 69, 53),
};

/* From the hair of most people to the fairest. */
static const GfColour hair_tones[] = {
  RGB (24, 19, 20),  RGB (36, 26, 23),   RGB (58, 38, 28),   RGB (86, 54, 34),    RGB (112, 66, 38),
  RGB (146, 74, 36), RGB (150, 104, 58), RGB (188, 146, 84), RGB (216, 182, 122),
};

static const GfColour iris_tones[] = {
  RGB (46, 28, 18),   RGB (72, 44, 24),   RGB (104, 68, 34),
  RGB (112, 100, 54), RGB (92, 122, 104), RGB (84, 124, 164),
};

static double
clip (double v)
{
  return CLAMP (v, 0.0, 1.0);
}

GfColour
gf_colour_mix (GfColour a, GfColour b, double t)
{
  return (GfColour){ a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t };
}

GfColour
gf_colour_scale (GfColour c, double k)
{
  return (GfColour){ clip (c.r * k), clip (c.g * k), clip (c.b * k) };
}

static double
hsl_channel (double n, double hue, double saturation, double lightness)
{
  const double k = fmod (n + hue * 12, 12);
  const double a = saturation * fmin (lightness, 1 - lightness);

  return lightness - a * fmax (-1, fmin (fmin (k - 3, 9 - k), 1));
}

GfColour
gf_colour_hsl (double hue, double saturation, double lightness)
{
  return (GfColour){ hsl_channel (0, hue, saturation, lightness),
                     hsl_channel (8, hue, saturation, lightness),
                     hsl_channel (4, hue, saturation, lightness) };
}

static GfColour
from_table (const GfColour *table, int n, double t)
{
  const double at = clip (t) * (n - 1);
  const int i = MIN ((int)at, n - 2);

  return gf_colour_mix (table[i], table[i + 1], at - i);
}

static void
make_skin (GfLook *look, const GfPerson *p)
{
  GfColour skin = from_table (skin_tones, G_N_ELEMENTS (skin_tones), p->skin_tone);

  /* Warm is yellow, cool is pink. */
  skin.g = clip (skin.g * (1 + 0.02 * p->skin_warmth));
  skin.b = clip (skin.b * (1 - 0.07 * p->skin_warmth));
  look->skin = skin;
  look->skin_shadow = (GfColour){ skin.r * 0.7, skin.g * 0.58, skin.b * 0.55 };
  look->skin_light = gf_colour_mix (skin, (GfColour){ 1, 0.97, 0.92 }, 0.45);
  look->blush = (GfColour){ clip (skin.r * 1.0 + 0.02), skin.g * 0.66, skin.b * 0.64 };
  look->crease = (GfColour){ skin.r * 0.5, skin.g * 0.36, skin.b * 0.33 };
}

static void
make_lips (GfLook *look, const GfPerson *p)
{
  const GfColour natural
      = { clip (look->skin.r * 0.86 + 0.02), look->skin.g * 0.57, look->skin.b * 0.58 };
  const GfColour painted = gf_colour_hsl (0.93 + 0.1 * p->lip_hue, 0.6, 0.42);

  look->lip = gf_colour_mix (natural, painted, clip (1.3 * (p->lip_colour - 0.35)));
  look->lip_dark = gf_colour_scale (look->lip, 0.52);
}

static void
make_hair (GfLook *look, const GfPerson *p)
{
  const GfColour grey = RGB (190, 188, 186);
  const GfColour young = from_table (hair_tones, G_N_ELEMENTS (hair_tones), p->hair_colour);
  const GfColour brow
      = gf_colour_mix (young, (GfColour)RGB (40, 28, 22), 0.25 + 0.55 * p->brow_darkness);

  look->hair = gf_colour_mix (young, grey, p->hair_grey);
  look->hair_dark = gf_colour_scale (look->hair, 0.55);
  look->hair_light
      = gf_colour_mix (gf_colour_scale (look->hair, 1.25), (GfColour)RGB (255, 240, 215), 0.16);
  look->brow = gf_colour_mix (brow, grey, 0.55 * p->hair_grey);
  look->beard = gf_colour_mix (gf_colour_scale (young, 0.85), grey, fmin (1, 1.1 * p->hair_grey));
  if (gf_person_hair (p) == GF_HAIR_SCARF)
    {
      look->hair
          = gf_colour_hsl (p->hair_length, 0.12 + 0.4 * p->hair_wave, 0.2 + 0.5 * p->hair_volume);
      look->hair_dark = gf_colour_scale (look->hair, 0.66);
      look->hair_light = gf_colour_mix (look->hair, (GfColour)RGB (255, 255, 255), 0.2);
    }
}

GfLook
gf_look_new (const GfPerson *p)
{
  GfLook look = { 0 };

  make_skin (&look, p);
  make_lips (&look, p);
  make_hair (&look, p);
  look.iris = from_table (iris_tones, G_N_ELEMENTS (iris_tones), p->eye_colour);
  look.iris_dark = gf_colour_scale (look.iris, 0.45);
  look.iris_light
      = gf_colour_mix (gf_colour_scale (look.iris, 1.5), (GfColour){ 1, 0.95, 0.8 }, 0.1);
  look.white = gf_colour_mix ((GfColour)RGB (246, 243, 240), look.skin, 0.06);
  look.tooth = gf_colour_mix ((GfColour)RGB (250, 247, 240), (GfColour)RGB (238, 226, 196),
                              0.2 + 0.6 * p->age);
  look.clothes = gf_colour_hsl (p->clothes_hue, 0.4, 0.12 + 0.7 * p->clothes_light);
  look.clothes_dark = gf_colour_scale (look.clothes, 0.7);
  look.glasses = gf_colour_mix ((GfColour)RGB (26, 24, 26), (GfColour)RGB (150, 98, 58),
                                p->glasses_tone * p->glasses_tone);
  return look;
}
