/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-nuisance.h"

#include "gf-streams.h"

#include <math.h>
#include <string.h>

#define DEGREES (G_PI / 180)

/* Mostly small, at times up to @reach. */
static double
swing (CwRng *rng, double reach)
{
  const double u = gf_rng_range (rng, -1, 1);

  return reach * u * (0.4 + 0.6 * fabs (u));
}

static void
draw_pose (GfPose *pose, double k, CwRng *rng)
{
  pose->yaw = k * swing (rng, 24 * DEGREES);
  pose->pitch = k * swing (rng, 15 * DEGREES);
  pose->roll = k * swing (rng, 26 * DEGREES);
  pose->scale = 1 + k * gf_rng_range (rng, -0.22, 0.06);
  pose->shift_x = k * gf_rng_range (rng, -0.09, 0.09);
  pose->shift_y = k * gf_rng_range (rng, -0.07, 0.06);
}

static void
draw_light (GfLight *light, double k, CwRng *rng)
{
  const double azimuth = k * gf_rng_range (rng, -62, 62) * DEGREES;
  const double height = (30 + k * gf_rng_range (rng, -25, 25)) * DEGREES;

  light->x = sin (azimuth) * cos (height) - 0.25 * (1 - k);
  light->y = -sin (height);
  light->z = sqrt (fmax (0.09, 1 - light->x * light->x - light->y * light->y));
  {
    const double n = sqrt (light->x * light->x + light->y * light->y + light->z * light->z);

    light->x /= n;
    light->y /= n;
    light->z /= n;
  }
  light->contrast = 0.85 + k * gf_rng_range (rng, -0.25, 0.25);
}

GfNuisance
gf_nuisance_draw (uint64_t seed, uint32_t index, double strength)
{
  CwRng rng = cw_rng_new (seed, CW_RNG_GENERATE, GF_STREAM_NUISANCE, 0, index, 0);
  GfNuisance n = { 0 };
  const double k = strength;

  draw_pose (&n.pose, k, &rng);
  draw_light (&n.light, k, &rng);
  n.exposure = exp (k * gf_rng_range (&rng, -0.45, 0.22));
  n.contrast = 1 + k * gf_rng_range (&rng, -0.28, 0.18);
  for (int c = 0; c < 3; c++)
    n.cast[c] = 1 + k * gf_rng_range (&rng, -0.1, 0.1);
  n.blur = k * 0.01 * pow (gf_rng_range (&rng, 0, 1), 2);
  n.noise = k * gf_rng_range (&rng, 0, 11);
  n.gaze_x = k * swing (&rng, 0.05);
  n.background = cw_rng_new (seed, CW_RNG_GENERATE, GF_STREAM_BACKGROUND, 0, index, 0);
  n.grain = cw_rng_new (seed, CW_RNG_GENERATE, GF_STREAM_NOISE, 0, index, 0);
  return n;
}

static GfColour
draw_colour (CwRng *rng)
{
  const double hue = gf_rng_range (rng, 0, 1);
  const double saturation = gf_rng_range (rng, 0.05, 0.5);

  return gf_colour_hsl (hue, saturation, gf_rng_range (rng, 0.12, 0.88));
}

static void
draw_gradient (cairo_t *cr, CwRng *rng, double side, GfColour plain, double k)
{
  const double turn = gf_rng_range (rng, 0, 2 * G_PI);
  const double x = 0.6 * side * cos (turn), y = 0.6 * side * sin (turn);
  const GfColour a = gf_colour_mix (plain, draw_colour (rng), k);
  const GfColour b = gf_colour_mix (a, draw_colour (rng), 0.6 * k);
  cairo_pattern_t *shade
      = cairo_pattern_create_linear (side / 2 - x, side / 2 - y, side / 2 + x, side / 2 + y);

  cairo_pattern_add_color_stop_rgb (shade, 0, a.r, a.g, a.b);
  cairo_pattern_add_color_stop_rgb (shade, 1, b.r, b.g, b.b);
  cairo_set_source (cr, shade);
  cairo_paint (cr);
  cairo_pattern_destroy (shade);
}

/* Out of focus: discs of light, panels, stripes. */
static void
draw_shapes (cairo_t *cr, CwRng *rng, double side, double k)
{
  const guint32 kind = cw_rng_below (rng, 4);
  const int n = 2 + (int)cw_rng_below (rng, 5);

  for (int i = 0; i < n && kind != 3; i++)
    {
      const GfColour c = draw_colour (rng);
      const double x = gf_rng_range (rng, -0.1, 1.1) * side;
      const double y = gf_rng_range (rng, -0.1, 1.1) * side;
      const double r = gf_rng_range (rng, 0.08, 0.4) * side;
      const double alpha = k * gf_rng_range (rng, 0.2, 0.7);

      if (kind == 0)
        gf_blob_px (cr, (GfPoint){ x, y }, 1.6 * r, 1.6 * r, 0, c, alpha);
      else
        {
          cairo_save (cr);
          cairo_translate (cr, x, y);
          cairo_rotate (cr, gf_rng_range (rng, -0.15, 0.15));
          if (kind == 1)
            cairo_rectangle (cr, -r, -1.5 * side, r, 3 * side);
          else
            cairo_rectangle (cr, -r, -r, 2 * r, gf_rng_range (rng, 0.5, 2) * r);
          cairo_set_source_rgba (cr, c.r, c.g, c.b, alpha);
          cairo_fill (cr);
          cairo_restore (cr);
        }
    }
}

void
gf_nuisance_draw_background (const GfNuisance *nuisance, double strength, cairo_t *cr, int size)
{
  static const GfColour plain = { 0.7, 0.72, 0.75 };
  CwRng rng = nuisance->background;

  draw_gradient (cr, &rng, size, plain, fmin (1, 1.5 * strength));
  if (strength > 0)
    draw_shapes (cr, &rng, size, fmin (1, 1.2 * strength));
}

/* One of the two passes of a Gaussian: along rows of @n pixels @step apart, @lines of them
 * @line_step apart. */
static void
blur_lines (const guint8 *from, guint8 *to, int n, size_t step, size_t line_step,
            const float *kernel, int radius)
{
  for (int line = 0; line < n; line++)
    {
      for (int i = 0; i < n; i++)
        {
          float sum[3] = { 0.5f, 0.5f, 0.5f };
          const size_t at = (size_t)line * line_step;

          for (int j = -radius; j <= radius; j++)
            {
              const guint8 *p = from + at + (size_t)CLAMP (i + j, 0, n - 1) * step;
              const float k = kernel[ABS (j)];

              sum[0] += k * (float)p[0];
              sum[1] += k * (float)p[1];
              sum[2] += k * (float)p[2];
            }
          for (int c = 0; c < 3; c++)
            to[at + (size_t)i * step + (size_t)c] = (guint8)sum[c];
        }
    }
}

#define MAX_RADIUS 24

static void
apply_blur (guint8 *rgb, int size, double sigma)
{
  float kernel[MAX_RADIUS + 1];
  const int radius = MIN ((int)ceil (2.5 * sigma), MAX_RADIUS);
  double sum = 0;
  g_autofree guint8 *half = NULL;
  const size_t row = (size_t)size * 3;

  if (sigma < 0.25)
    return;
  half = g_malloc (row * (size_t)size);
  for (int i = -radius; i <= radius; i++)
    sum += exp (-0.5 * i * i / (sigma * sigma));
  for (int i = 0; i <= radius; i++)
    kernel[i] = (float)(exp (-0.5 * i * i / (sigma * sigma)) / sum);
  blur_lines (rgb, half, size, 3, row, kernel, radius);
  blur_lines (half, rgb, size, row, 3, kernel, radius);
}

static void
apply_tone (const GfNuisance *nuisance, guint8 *rgb, int size)
{
  guint8 table[3][256];
  const size_t n = (size_t)size * (size_t)size;

  for (int c = 0; c < 3; c++)
    {
      for (int i = 0; i < 256; i++)
        {
          double v = nuisance->exposure * nuisance->cast[c] * i;

          v = 128 + nuisance->contrast * (v - 128);
          /* A soft shoulder instead of burnt-out whites. */
          if (v > 215)
            v = 215 + 40 * (1 - exp (-(v - 215) / 40));
          table[c][i] = (guint8)CLAMP (v + 0.5, 0.0, 255.0);
        }
    }
  for (size_t i = 0; i < n; i++)
    {
      for (int c = 0; c < 3; c++)
        rgb[3 * i + (size_t)c] = table[c][rgb[3 * i + (size_t)c]];
    }
}

/* Of brightness mostly. The sum of four bytes is close to normal; its standard deviation is 147.8.
 */
static void
apply_noise (const GfNuisance *nuisance, guint8 *rgb, int size)
{
  CwRng rng = nuisance->grain;
  const size_t n = (size_t)size * (size_t)size;
  const int gain = (int)(nuisance->noise / 147.8 * 65536);

  if (gain <= 0)
    return;
  for (size_t i = 0; i < n; i++)
    {
      const guint32 bits = cw_rng_next (&rng);
      const int sum
          = (int)((bits & 0xFF) + ((bits >> 8) & 0xFF) + ((bits >> 16) & 0xFF) + (bits >> 24));
      const int grey = ((sum - 510) * gain) / 65536;

      for (int c = 0; c < 3; c++)
        {
          /* A little of it differs between the channels. */
          const int own = (((int)((bits >> (8 * c)) & 0xFF) - 128) * gain) / 131072;

          rgb[3 * i + (size_t)c] = (guint8)CLAMP (rgb[3 * i + (size_t)c] + grey + own, 0, 255);
        }
    }
}

void
gf_nuisance_apply (const GfNuisance *nuisance, guint8 *rgb, int size)
{
  apply_tone (nuisance, rgb, size);
  apply_blur (rgb, size, nuisance->blur * size);
  apply_noise (nuisance, rgb, size);
}
