/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-generated-faces"

#include "gf-relief.h"

#include <math.h>

GfRelief *
gf_relief_new (int size)
{
  GfRelief *relief = g_new (GfRelief, 1);

  relief->size = size;
  relief->slope = g_new0 (float, (size_t)size *(size_t)size * 2);
  return relief;
}

void
gf_relief_free (GfRelief *relief)
{
  g_free (relief->slope);
  g_free (relief);
}

typedef struct
{
  int x0, y0, x1, y1;
} Box;

static Box
box_around (const GfRelief *relief, double x0, double y0, double x1, double y1)
{
  const double s = relief->size;

  return (Box){ (int)CLAMP (floor (x0), 0.0, s), (int)CLAMP (floor (y0), 0.0, s),
                (int)CLAMP (ceil (x1) + 1, 0.0, s), (int)CLAMP (ceil (y1) + 1, 0.0, s) };
}

static float *
slope_at (const GfRelief *relief, int x, int y)
{
  return relief->slope + 2 * ((size_t)y * (size_t)relief->size + (size_t)x);
}

void
gf_relief_dome (GfRelief *relief, GfPoint centre, double rx, double ry, double depth, double angle)
{
  const float c = (float)cos (angle), s = (float)sin (angle);
  const float ix = (float)(1 / rx), iy = (float)(1 / ry), d = (float)depth;

  for (int y = 0; y < relief->size; y++)
    {
      for (int x = 0; x < relief->size; x++)
        {
          const float dx = (float)x + 0.5f - (float)centre.x;
          const float dy = (float)y + 0.5f - (float)centre.y;
          const float u = (c * dx + s * dy) * ix;
          const float v = (-s * dx + c * dy) * iy;
          const float q = 1 - u * u - v * v;
          /* Beyond the rim, and near it, the slope stays what it is a little inside. */
          const float k = -d / sqrtf (q > 0.16f ? q : 0.16f);
          const float gu = k * u * ix, gv = k * v * iy;
          float *slope = slope_at (relief, x, y);

          slope[0] += c * gu - s * gv;
          slope[1] += s * gu + c * gv;
        }
    }
}

void
gf_relief_bump (GfRelief *relief, GfPoint centre, double rx, double ry, double angle, double height)
{
  const float c = (float)cos (angle), s = (float)sin (angle);
  const float ix = (float)(1 / fmax (rx, 0.5)), iy = (float)(1 / fmax (ry, 0.5));
  const double reach = fmax (rx, ry);
  const Box box
      = box_around (relief, centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach);

  for (int y = box.y0; y < box.y1; y++)
    {
      for (int x = box.x0; x < box.x1; x++)
        {
          const float dx = (float)x + 0.5f - (float)centre.x;
          const float dy = (float)y + 0.5f - (float)centre.y;
          const float u = (c * dx + s * dy) * ix;
          const float v = (-s * dx + c * dy) * iy;
          const float q = 1 - u * u - v * v;

          if (q > 0)
            {
              /* height (1 - r^2)^2 */
              const float k = -4 * (float)height * q;
              const float gu = k * u * ix, gv = k * v * iy;
              float *slope = slope_at (relief, x, y);

              slope[0] += c * gu - s * gv;
              slope[1] += s * gu + c * gv;
            }
        }
    }
}

/* The nearest point of the polyline: how far along (0..1) and the offset from it. */
static double
nearest (const GfPath *path, double x, double y, double *dx, double *dy)
{
  double best = HUGE_VAL;
  double along = 0;

  for (int i = 0; i + 1 < path->n; i++)
    {
      const GfPoint a = path->p[i], b = path->p[i + 1];
      const double ex = b.x - a.x, ey = b.y - a.y;
      const double length2 = fmax (ex * ex + ey * ey, 1e-9);
      const double t = CLAMP (((x - a.x) * ex + (y - a.y) * ey) / length2, 0.0, 1.0);
      const double ox = x - a.x - t * ex, oy = y - a.y - t * ey;

      if (ox * ox + oy * oy < best)
        {
          best = ox * ox + oy * oy;
          along = (i + t) / (path->n - 1);
          *dx = ox;
          *dy = oy;
        }
    }
  return along;
}

void
gf_relief_ridge (GfRelief *relief, const GfPath *path, double width0, double width1, double height0,
                 double height1)
{
  const double reach = fmax (fmax (width0, width1), 0.7);
  double x0 = path->p[0].x, y0 = path->p[0].y, x1 = x0, y1 = y0;
  Box box;

  for (int i = 1; i < path->n; i++)
    {
      x0 = fmin (x0, path->p[i].x);
      y0 = fmin (y0, path->p[i].y);
      x1 = fmax (x1, path->p[i].x);
      y1 = fmax (y1, path->p[i].y);
    }
  box = box_around (relief, x0 - reach, y0 - reach, x1 + reach, y1 + reach);
  for (int y = box.y0; y < box.y1; y++)
    {
      for (int x = box.x0; x < box.x1; x++)
        {
          double dx = 0, dy = 0;
          const double t = nearest (path, x + 0.5, y + 0.5, &dx, &dy);
          const double w = fmax (gf_mix (width0, width1, t), 0.7);
          const double q = 1 - (dx * dx + dy * dy) / (w * w);

          if (q > 0)
            {
              const double k = -4 * gf_mix (height0, height1, t) * q / (w * w);
              float *slope = slope_at (relief, x, y);

              slope[0] += (float)(k * dx);
              slope[1] += (float)(k * dy);
            }
        }
    }
}

/* What a shade between 0 (dark) and 1 (lit) and beyond does to a channel: shadows on skin are warm,
 * red fades last. Tables, as pow is slow. */
#define SHADES 512
#define SHADE_MAX 1.6

typedef struct
{
  float r[SHADES], g[SHADES], b[SHADES];
} ShadeTable;

static const ShadeTable *
get_table (void)
{
  static ShadeTable table;
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      for (int i = 0; i < SHADES; i++)
        {
          const double shade = SHADE_MAX * i / (SHADES - 1);

          table.r[i] = (float)pow (shade, shade < 1 ? 0.82 : 1);
          table.g[i] = (float)pow (shade, shade < 1 ? 1.08 : 1);
          table.b[i] = (float)pow (shade, shade < 1 ? 1.12 : 1);
        }
      g_once_init_leave (&ready, 1);
    }
  return &table;
}

static guint32
shade_channel (guint32 value, float factor, float add, guint32 alpha)
{
  const float v = (float)value * factor + add * (float)alpha;

  return v >= (float)alpha ? alpha : (guint32)(v + 0.5f);
}

void
gf_relief_light (const GfRelief *relief, cairo_surface_t *surface, const GfLight *light,
                 double shine)
{
  const ShadeTable *table = get_table ();
  const int stride = cairo_image_surface_get_stride (surface);
  guint8 *data;
  const float lx = (float)light->x, ly = (float)light->y, lz = (float)light->z;
  const float contrast = (float)light->contrast;
  /* The half vector between light and viewer, for the gloss. */
  const float hn = 1 / sqrtf (lx * lx + ly * ly + (lz + 1) * (lz + 1));
  const float hx = lx * hn, hy = ly * hn, hz = (lz + 1) * hn;

  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int y = 0; y < relief->size; y++)
    {
      guint32 *row = (guint32 *)(void *)(data + (size_t)y * (size_t)stride);

      for (int x = 0; x < relief->size; x++)
        {
          const guint32 pixel = row[x];
          const guint32 a = pixel >> 24;
          const float *slope = slope_at (relief, x, y);
          const float n = 1 / sqrtf (1 + slope[0] * slope[0] + slope[1] * slope[1]);
          const float dot = (lz - slope[0] * lx - slope[1] * ly) * n;
          const float half = (hz - slope[0] * hx - slope[1] * hy) * n;
          /* Wrapped, as light that enters skin leaves it elsewhere. */
          const float lit = dot > -0.4f ? (dot + 0.4f) / 1.4f : 0;
          const float shade = CLAMP (1 + contrast * (1.25f * lit - 1.06f), 0.12f, 1.4f);
          const int i = (int)(shade * (float)((SHADES - 1) / SHADE_MAX));
          float gloss = half > 0.8f ? (half - 0.8f) * 5 : 0;

          if (a == 0)
            continue;
          gloss = gloss * gloss * gloss * (float)shine * 0.13f;
          row[x] = (a << 24) | (shade_channel ((pixel >> 16) & 0xFF, table->r[i], gloss, a) << 16)
                   | (shade_channel ((pixel >> 8) & 0xFF, table->g[i], gloss, a) << 8)
                   | shade_channel (pixel & 0xFF, table->b[i], gloss * 0.95f, a);
        }
    }
  cairo_surface_mark_dirty (surface);
}
