/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-pipeline-private.h"

#include "base/cw-clones.h"

#include <string.h>

CW_EXACT

/*
 * Row by row: where each pixel comes from, then the four pixels around that place and what lies
 * between them. The first is vectorised over the row; so is the second for grey pictures, when the
 * taps are fetched. An RGB pixel is a vector by itself: it is fetched, blended and stored as four
 * channels, of which the last is the next pixel's business.
 */

typedef struct
{
  int size;
  float *fx, *fy;     /* fractions between the taps */
  gint32 *place;      /* byte offset of the upper left tap */
  guint32 *tap;       /* grey: four taps packed */
  float *grey;        /* grey: the result */
  int w, h, c;        /* of the source */
  size_t right, down; /* byte steps to the other taps; 0 where there are none */
} Row;

/* Source pixel coordinates of row @y, into fx and fy. */
CW_CLONES static void
map_row (const Row *row, const CwMatrix *matrix, const CwField *field, int y)
{
  const float *m = matrix->m;
  float *restrict fx = row->fx, *restrict fy = row->fy;
  float py = (float) y + 0.5f;

  if (field != NULL)
    {
      const float *d = field->d + 2 * (size_t) y * (size_t) row->size;

      for (int i = 0; i < row->size; i++)
        {
          float x = (float) i + 0.5f + d[2 * i], v = py + d[2 * i + 1];

          fx[i] = m[0] * x + (m[1] * v + m[2]);
          fy[i] = m[3] * x + (m[4] * v + m[5]);
        }
    }
  else
    {
      for (int i = 0; i < row->size; i++)
        {
          float x = (float) i + 0.5f;

          fx[i] = m[0] * x + (m[1] * py + m[2]);
          fy[i] = m[3] * x + (m[4] * py + m[5]);
        }
    }
  if (m[6] < 0 || m[6] > 0 || m[7] < 0 || m[7] > 0 || m[8] < 1 || m[8] > 1)
    {
      const float *d = field != NULL ? field->d + 2 * (size_t) y * (size_t) row->size : NULL;

      for (int i = 0; i < row->size; i++)
        {
          float x = (float) i + 0.5f + (d != NULL ? d[2 * i] : 0.0f);
          float v = py + (d != NULL ? d[2 * i + 1] : 0.0f);
          float w = m[6] * x + m[7] * v + m[8];

          fx[i] /= w;
          fy[i] /= w;
        }
    }
}

/* Coordinates to the place of the upper left tap and the fractions. A coordinate is clamped to the
 * centres of the border pixels, which repeats them; written so that NaN becomes 0. */
CW_CLONES static void
place_row (const Row *row)
{
  float *restrict fx = row->fx, *restrict fy = row->fy;
  gint32 *restrict place = row->place;
  float right = (float) (row->w - 1), bottom = (float) (row->h - 1);
  int last_x = MAX (row->w - 2, 0), last_y = MAX (row->h - 2, 0);
  /* By value: a store to place might change row otherwise, for all that the compiler knows. */
  int c = row->c, stride = row->w * row->c, size = row->size;

  for (int i = 0; i < size; i++)
    {
      float x = fx[i] - 0.5f, y = fy[i] - 0.5f;
      int ix, iy;

      x = x > 0.0f ? x : 0.0f;
      y = y > 0.0f ? y : 0.0f;
      x = x < right ? x : right;
      y = y < bottom ? y : bottom;
      ix = (int) x;
      iy = (int) y;
      ix = ix < last_x ? ix : last_x;
      iy = iy < last_y ? iy : last_y;
      place[i] = iy * stride + ix * c;
      fx[i] = x - (float) ix;
      fy[i] = y - (float) iy;
    }
}

CW_CLONES static void
fetch_grey (const Row *row, const guint8 *data)
{
  guint32 *restrict tap = row->tap;

  for (int i = 0; i < row->size; i++)
    {
      const guint8 *p = data + row->place[i];

      tap[i] = p[0] | (guint32) p[row->right] << 8 | (guint32) p[row->down] << 16
               | (guint32) p[row->down + row->right] << 24;
    }
}

CW_INLINE float
byte_of (guint32 word, int shift)
{
  return (float) (gint32) (word >> shift & 255u);
}

CW_CLONES static void
blend_grey (const Row *row, float *restrict out)
{
  const guint32 *restrict tap = row->tap;
  const float *restrict fx = row->fx, *restrict fy = row->fy;
  float *restrict grey = row->grey;

  for (int i = 0; i < row->size; i++)
    {
      float a = byte_of (tap[i], 0), b = byte_of (tap[i], 8);
      float c = byte_of (tap[i], 16), d = byte_of (tap[i], 24);
      float top = a + fx[i] * (b - a), bottom = c + fx[i] * (d - c);

      grey[i] = (top + fy[i] * (bottom - top)) * (1.0f / 255.0f);
    }
  for (int i = 0; i < row->size; i++)
    {
      float v = grey[i];

      out[3 * i] = v;
      out[3 * i + 1] = v;
      out[3 * i + 2] = v;
    }
}

typedef float Pixel __attribute__ ((vector_size (16)));
typedef gint32 Word __attribute__ ((vector_size (16)));

/* The channels of a pixel times 1, 2^8, 2^16 and 2^24: masking is cheaper than shifting, and powers of
 * two cost no bits. The fourth channel is whatever follows: the next pixel, or the padding of
 * CwImage. */
CW_INLINE Pixel
load_pixel (const guint8 *p)
{
  const Word mask = { 0xFF, 0xFF00, 0xFF0000, 0 };
  guint32 bytes;
  gint32 word;

  memcpy (&bytes, p, sizeof bytes);
  word = (gint32) GUINT32_FROM_LE (bytes);
  return __builtin_convertvector ((Word) { word, word, word, word } & mask, Pixel);
}

CW_INLINE Pixel
blend_pixel (const Row *row, const guint8 *data, int i)
{
  const Pixel unit = { 1.0f / 255.0f, 1.0f / 255.0f / 0x1p8f, 1.0f / 255.0f / 0x1p16f, 0 };
  const guint8 *p = data + row->place[i];
  Pixel a = load_pixel (p), b = load_pixel (p + row->right);
  Pixel c = load_pixel (p + row->down), d = load_pixel (p + row->down + row->right);
  Pixel top = a + row->fx[i] * (b - a), bottom = c + row->fx[i] * (d - c);

  return (top + row->fy[i] * (bottom - top)) * unit;
}

/* The picture is seldom in the cache, and a turned row runs across its lines. */
#define AHEAD 24

CW_CLONES static void
blend_rgb (const Row *row, const guint8 *data, float *restrict out)
{
  int last = row->size - 1;
  Pixel pixel;

  for (int i = 0; i < last; i++)
    {
      const guint8 *later = data + row->place[MIN (i + AHEAD, last)];

      __builtin_prefetch (later);
      __builtin_prefetch (later + row->down);
      pixel = blend_pixel (row, data, i);
      memcpy (out + 3 * i, &pixel, sizeof pixel);
    }
  pixel = blend_pixel (row, data, last);
  memcpy (out + 3 * last, &pixel, 3 * sizeof *out);
}

void
_cw_gather (const CwImage *source, const CwMatrix *matrix, const CwField *field, int size,
            float *rows, float *out)
{
  Row row = {
    .size = size,
    .fx = rows,
    .fy = rows + size,
    .place = (gint32 *) (rows + 2 * size),
    .tap = (guint32 *) (rows + 3 * size),
    .grey = rows + 4 * size,
    .w = source->w,
    .h = source->h,
    .c = source->c,
    .right = source->w > 1 ? (size_t) source->c : 0,
    .down = source->h > 1 ? (size_t) source->w * (size_t) source->c : 0,
  };

  for (int y = 0; y < size; y++, out += 3 * size)
    {
      map_row (&row, matrix, field, y);
      place_row (&row);
      if (source->c == 3)
        blend_rgb (&row, source->data, out);
      else
        {
          fetch_grey (&row, source->data);
          blend_grey (&row, out);
        }
    }
}
