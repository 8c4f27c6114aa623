/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-image"

#include "image/cw-pipeline-private.h"

#include <string.h>

/*
 * Row by row in three passes: where each pixel comes from (vectorised), the taps (loads at computed
 * places, four bytes at a time), and the interpolation (vectorised).
 */

typedef struct
{
  int size;
  float *fx, *fy;     /* fractions between the taps */
  gint32 *place;      /* byte offset of the upper left tap */
  guint32 *tap[4];    /* grey: four taps packed in tap[0]; RGB: one pixel each */
  float *plane[3];    /* the result by channels */
  int w, h, c;        /* of the source */
  size_t right, down; /* byte steps to the other taps; 0 where there are none */
} Row;

/* Source pixel coordinates of row @y, into fx and fy. */
static void
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
static void
place_row (const Row *row)
{
  float *restrict fx = row->fx, *restrict fy = row->fy;
  gint32 *restrict place = row->place;
  float right = (float) (row->w - 1), bottom = (float) (row->h - 1);
  int last_x = MAX (row->w - 2, 0), last_y = MAX (row->h - 2, 0);
  int c = row->c, stride = row->w * row->c;

  for (int i = 0; i < row->size; i++)
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

static inline guint32
load32 (const guint8 *p)
{
  guint32 value;

  memcpy (&value, p, sizeof value);
  return GUINT32_FROM_LE (value);
}

static void
fetch_grey (const Row *row, const guint8 *data)
{
  guint32 *restrict tap = row->tap[0];

  for (int i = 0; i < row->size; i++)
    {
      const guint8 *p = data + row->place[i];

      tap[i] = p[0] | (guint32) p[row->right] << 8 | (guint32) p[row->down] << 16
               | (guint32) p[row->down + row->right] << 24;
    }
}

static void
fetch_rgb (const Row *row, const guint8 *data)
{
  guint32 *restrict a = row->tap[0], *restrict b = row->tap[1];
  guint32 *restrict c = row->tap[2], *restrict d = row->tap[3];

  for (int i = 0; i < row->size; i++)
    {
      const guint8 *p = data + row->place[i];

      a[i] = load32 (p);
      b[i] = load32 (p + row->right);
      c[i] = load32 (p + row->down);
      d[i] = load32 (p + row->down + row->right);
    }
}

static inline float
byte_of (guint32 word, int shift)
{
  return (float) (gint32) (word >> shift & 255u);
}

static inline float
interpolate (float a, float b, float c, float d, float fx, float fy)
{
  float top = a + fx * (b - a), bottom = c + fx * (d - c);

  return (top + fy * (bottom - top)) * (1.0f / 255.0f);
}

static void
blend_grey (const Row *row, float *restrict out)
{
  const guint32 *restrict tap = row->tap[0];
  const float *restrict fx = row->fx, *restrict fy = row->fy;
  float *restrict grey = row->plane[0];

  for (int i = 0; i < row->size; i++)
    grey[i] = interpolate (byte_of (tap[i], 0), byte_of (tap[i], 8), byte_of (tap[i], 16),
                           byte_of (tap[i], 24), fx[i], fy[i]);
  for (int i = 0; i < row->size; i++)
    {
      float v = grey[i];

      out[3 * i] = v;
      out[3 * i + 1] = v;
      out[3 * i + 2] = v;
    }
}

/* One channel after the other: compilers interleave badly while they compute. */
static void
blend_rgb (const Row *row, float *restrict out)
{
  const guint32 *restrict a = row->tap[0], *restrict b = row->tap[1];
  const guint32 *restrict c = row->tap[2], *restrict d = row->tap[3];
  const float *restrict fx = row->fx, *restrict fy = row->fy;

  for (int k = 0; k < 3; k++)
    {
      float *restrict plane = row->plane[k];
      int shift = 8 * k;

      for (int i = 0; i < row->size; i++)
        plane[i] = interpolate (byte_of (a[i], shift), byte_of (b[i], shift),
                                byte_of (c[i], shift), byte_of (d[i], shift), fx[i], fy[i]);
    }
  for (int i = 0; i < row->size; i++)
    {
      out[3 * i] = row->plane[0][i];
      out[3 * i + 1] = row->plane[1][i];
      out[3 * i + 2] = row->plane[2][i];
    }
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
    .w = source->w,
    .h = source->h,
    .c = source->c,
    .right = source->w > 1 ? (size_t) source->c : 0,
    .down = source->h > 1 ? (size_t) source->w * (size_t) source->c : 0,
  };

  for (int k = 0; k < 4; k++)
    row.tap[k] = (guint32 *) (rows + (3 + k) * size);
  for (int k = 0; k < 3; k++)
    row.plane[k] = rows + (7 + k) * size;
  for (int y = 0; y < size; y++, out += 3 * size)
    {
      map_row (&row, matrix, field, y);
      place_row (&row);
      if (source->c == 3)
        {
          fetch_rgb (&row, source->data);
          blend_rgb (&row, out);
        }
      else
        {
          fetch_grey (&row, source->data);
          blend_grey (&row, out);
        }
    }
}
