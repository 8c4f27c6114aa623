/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-views.h"

#include "base/cw-clones.h"

#include <math.h>

CW_EXACT

/* Eight pixels side by side: whole vectors, whatever their length. */
#define LANES 24

CwPreprocess
cw_preprocess_default (int size)
{
  return (CwPreprocess){ size, { 0.5f, 0.5f, 0.5f }, { 0.25f, 0.25f, 0.25f } };
}

CW_CLONES void
cw_preprocess_apply (const CwPreprocess *preprocess, float *rgb, size_t n_pixels)
{
  float mean[LANES], scale[LANES];
  size_t i = 0, n = 3 * n_pixels;

  for (int k = 0; k < LANES; k++)
    {
      mean[k] = preprocess->mean[k % 3];
      scale[k] = 1.0f / preprocess->std[k % 3];
    }
  for (; i + LANES <= n; i += LANES)
    {
      for (int k = 0; k < LANES; k++)
        rgb[i + (size_t) k] = (rgb[i + (size_t) k] - mean[k]) * scale[k];
    }
  for (int k = 0; i < n; i++, k++)
    rgb[i] = (rgb[i] - mean[k]) * scale[k];
}

/* The mean of [x0, x0 + span) x [y0, y0 + span), border pixels counted by their share. */
static void
average (const CwImage *image, double x0, double y0, double span, float out[3])
{
  int left = (int) x0, top = (int) y0;
  int right = MIN ((int) ceil (x0 + span), image->w);
  int bottom = MIN ((int) ceil (y0 + span), image->h);
  double sum[3] = { 0 }, area = 0;

  for (int j = top; j < bottom; j++)
    {
      double high = MIN (j + 1, y0 + span) - MAX (j, y0);
      const guint8 *p = image->data
                        + ((size_t) j * (size_t) image->w + (size_t) left) * (size_t) image->c;

      for (int i = left; i < right; i++, p += image->c)
        {
          double share = high * (MIN (i + 1, x0 + span) - MAX (i, x0));

          area += share;
          for (int k = 0; k < image->c; k++)
            sum[k] += share * p[k];
        }
    }
  for (int k = 0; k < 3; k++)
    out[k] = (float) (sum[image->c == 3 ? k : 0] / (255.0 * area));
}

/* Bilinear at (x, y), the border repeated. */
static void
sample (const CwImage *image, double x, double y, float out[3])
{
  double u = CLAMP (x - 0.5, 0, image->w - 1), v = CLAMP (y - 0.5, 0, image->h - 1);
  int i = (int) u, j = (int) v;
  size_t c = (size_t) image->c, right = i + 1 < image->w ? c : 0;
  size_t down = j + 1 < image->h ? (size_t) image->w * c : 0;
  const guint8 *p = image->data + ((size_t) j * (size_t) image->w + (size_t) i) * c;

  u -= i;
  v -= j;
  for (size_t k = 0; k < 3; k++)
    {
      const guint8 *q = p + (c == 3 ? k : 0);
      double top = q[0] + u * (q[right] - q[0]);
      double bottom = q[down] + u * (q[down + right] - q[down]);

      out[k] = (float) ((top + v * (bottom - top)) / 255.0);
    }
}

/* The square of @size at (@left, @top) as it is: what average() makes of it, without the sums. */
static void
copy_square (const CwImage *image, int left, int top, int size, float *out)
{
  size_t c = (size_t) image->c;

  for (int y = 0; y < size; y++)
    {
      const guint8 *p = image->data + ((size_t) (top + y) * (size_t) image->w + (size_t) left) * c;

      for (int x = 0; x < size; x++, p += c, out += 3)
        {
          for (size_t k = 0; k < 3; k++)
            out[k] = (float) (p[c == 3 ? k : 0] / 255.0);
        }
    }
}

void
cw_preprocess_picture (const CwPreprocess *preprocess, const CwImage *image, float *out)
{
  int size = preprocess->size, side = MIN (image->w, image->h);
  double step = (double) side / size;
  double left = 0.5 * (image->w - side), top = 0.5 * (image->h - side);
  float *o = out;
  gboolean as_it_is = side == size && (image->w - side) % 2 == 0 && (image->h - side) % 2 == 0;

  if (as_it_is)
    copy_square (image, (image->w - side) / 2, (image->h - side) / 2, size, out);
  for (int y = 0; !as_it_is && y < size; y++)
    {
      for (int x = 0; x < size; x++, o += 3)
        {
          if (step >= 1)
            average (image, left + x * step, top + y * step, step, o);
          else
            sample (image, left + (x + 0.5) * step, top + (y + 0.5) * step, o);
        }
    }
  cw_preprocess_apply (preprocess, out, (size_t) size * (size_t) size);
}
