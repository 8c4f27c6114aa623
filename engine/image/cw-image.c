/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-image.h"

#include "base/cw-clones.h"

#include <string.h>

CwImage *
cw_image_new (int w, int h, int c)
{
  CwImage *image;
  guint8 *data;
  size_t size;

  g_return_val_if_fail (w >= 1 && w <= CW_IMAGE_MAX_SIDE && h >= 1 && h <= CW_IMAGE_MAX_SIDE, NULL);
  g_return_val_if_fail (c == 1 || c == 3, NULL);

  size = (size_t) w * (size_t) h * (size_t) c;
  data = g_try_malloc (size + CW_IMAGE_PADDING);
  if (data == NULL)
    return NULL;
  memset (data + size, 0, CW_IMAGE_PADDING);
  image = g_new0 (CwImage, 1);
  image->w = w;
  image->h = h;
  image->c = c;
  image->data = data;
  g_atomic_ref_count_init (&image->refs);
  return image;
}

CwImage *
cw_image_ref (CwImage *image)
{
  g_atomic_ref_count_inc (&image->refs);
  return image;
}

void
cw_image_unref (CwImage *image)
{
  if (image == NULL || !g_atomic_ref_count_dec (&image->refs))
    return;
  g_free (image->data);
  g_free (image);
}

size_t
cw_image_bytes (const CwImage *image)
{
  return (size_t) image->w * (size_t) image->h * (size_t) image->c;
}

/* One step of the hash: xor, multiply by an odd number, fold the high half down. For a given state
 * it is one-to-one in @word. */
static inline guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return hash ^ (hash >> 32);
}

guint64
cw_image_hash (const CwImage *image)
{
  size_t n = (size_t) image->w * (size_t) image->h, i = 0;
  const guint8 *p = image->data;
  guint64 hash = mix (mix (G_GUINT64_CONSTANT (0x243F6A8885A308D3), (guint64) image->w),
                      (guint64) image->h);

  /* Two RGB pixels make a word; a grey pixel counts as its RGB copy. */
  if (image->c == 3)
    {
      for (; i + 2 <= n; i += 2, p += 6)
        hash = mix (hash, (guint64) p[0] | (guint64) p[1] << 8 | (guint64) p[2] << 16
                              | (guint64) p[3] << 24 | (guint64) p[4] << 32 | (guint64) p[5] << 40);
      if (i < n)
        hash = mix (hash, (guint64) p[0] | (guint64) p[1] << 8 | (guint64) p[2] << 16);
    }
  else
    {
      for (; i + 2 <= n; i += 2, p += 2)
        hash = mix (hash, (p[0] | (guint64) p[1] << 24) * 0x010101u);
      if (i < n)
        hash = mix (hash, p[0] * G_GUINT64_CONSTANT (0x010101));
    }
  /* The finalizer of MurmurHash3: every bit of the state reaches every bit of the result. */
  hash ^= hash >> 33;
  hash *= G_GUINT64_CONSTANT (0xFF51AFD7ED558CCD);
  hash ^= hash >> 33;
  hash *= G_GUINT64_CONSTANT (0xC4CEB9FE1A85EC53);
  return hash ^ (hash >> 33);
}

/* Sums one row into @sums `[nw, c]`, in units of 1/nw of a source pixel: source pixel i covers
 * [i * nw, i * nw + nw), output pixel o covers [o * w, o * w + w). A pixel reaches two at most. */
CW_INLINE void
shrink_row_of (const guint8 *row, int w, int c, int nw, guint32 *sums)
{
  memset (sums, 0, (size_t) nw * (size_t) c * sizeof *sums);
  for (int i = 0, o = 0; i < w; i++)
    {
      int end = (i + 1) * nw, border = (o + 1) * w;
      int after = MAX (end - border, 0);

      for (int k = 0; k < c; k++)
        sums[o * c + k] += (guint32) row[i * c + k] * (guint32) (nw - after);
      if (end >= border)
        {
          o++;
          if (after > 0)
            {
              for (int k = 0; k < c; k++)
                sums[o * c + k] += (guint32) row[i * c + k] * (guint32) after;
            }
        }
    }
}

/* The loops over so few channels are dear unless their number is known. */
static void
shrink_row (const guint8 *row, int w, int c, int nw, guint32 *sums)
{
  if (c == 3)
    shrink_row_of (row, w, 3, nw, sums);
  else if (c == 1)
    shrink_row_of (row, w, 1, nw, sums);
  else
    shrink_row_of (row, w, c, nw, sums);
}

/* The average of w * h source units each, rounded to the nearest; clears the sums. */
static void
finish_row (guint64 *sums, int n, guint64 area, guint8 *out)
{
  for (int i = 0; i < n; i++)
    {
      out[i] = (guint8) ((sums[i] + area / 2) / area);
      sums[i] = 0;
    }
}

CwImage *
cw_image_shrink (CwImage *image, int max_side)
{
  g_autofree guint32 *row = NULL;
  g_autofree guint64 *sums = NULL;
  int w = image->w, h = image->h, c = image->c, longer = MAX (w, h), nw, nh, n;
  guint64 area = (guint64) w * (guint64) h;
  CwImage *out;

  g_return_val_if_fail (max_side >= 1, NULL);

  if (longer <= max_side)
    return cw_image_ref (image);
  nw = MAX ((int) (((gint64) w * max_side * 2 + longer) / (2 * (gint64) longer)), 1);
  nh = MAX ((int) (((gint64) h * max_side * 2 + longer) / (2 * (gint64) longer)), 1);
  out = cw_image_new (nw, nh, c);
  if (out == NULL)
    return NULL;
  n = nw * c;
  row = g_new (guint32, n);
  sums = g_new0 (guint64, n);
  /* Whole numbers all the way: exact, and the same everywhere. */
  for (int j = 0, o = 0; j < h; j++)
    {
      int end = (j + 1) * nh, border = (o + 1) * h;
      int after = MAX (end - border, 0);

      shrink_row (image->data + (size_t) j * (size_t) w * (size_t) c, w, c, nw, row);
      for (int i = 0; i < n; i++)
        sums[i] += (guint64) row[i] * (guint64) (nh - after);
      if (end >= border)
        {
          finish_row (sums, n, area, out->data + (size_t) o * (size_t) n);
          o++;
          for (int i = 0; after > 0 && i < n; i++)
            sums[i] = (guint64) row[i] * (guint64) after;
        }
    }
  return out;
}
