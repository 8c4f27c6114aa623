/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-picture-private.h"

#include <string.h>

#define PNG_SIGNATURE "\x89PNG\r\n\x1a\n"

/* From marker to marker, as a thumbnail inside the file has an end marker of its own. */
static gboolean
is_whole_jpeg (const guint8 *data, gsize size)
{
  gsize at = 2;

  while (at < size)
    {
      const guint8 *found = memchr (data + at, 0xFF, size - at);
      guint8 marker;

      if (found == NULL)
        return FALSE;
      at = (gsize) (found - data);
      while (at < size && data[at] == 0xFF)
        at++;
      if (at >= size)
        return FALSE;
      marker = data[at++];
      if (marker == 0xD9)
        return TRUE;
      /* A stuffed 0xFF, restart markers and others without a length. */
      if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8))
        continue;
      if (size - at < 2)
        return FALSE;
      at += (gsize) data[at] << 8 | data[at + 1];
    }
  return FALSE;
}

static gboolean
is_whole_png (const guint8 *data, gsize size)
{
  gsize at = 8;

  while (at <= size && size - at >= 12)
    {
      guint32 length = (guint32) data[at] << 24 | (guint32) data[at + 1] << 16
                       | (guint32) data[at + 2] << 8 | data[at + 3];

      if (memcmp (data + at + 4, "IEND", 4) == 0)
        return TRUE;
      at += (gsize) length + 12;
    }
  return FALSE;
}

static guint64
little_endian (const guint8 *p, int n)
{
  guint64 value = 0;

  for (int i = n - 1; i >= 0; i--)
    value = value << 8 | p[i];
  return value;
}

/* Uncompressed ones say by their header how long they are. */
static gboolean
is_whole_bmp (const guint8 *data, gsize size)
{
  guint64 offset, w, h, bits, compression;

  if (size < 34)
    return FALSE;
  offset = little_endian (data + 10, 4);
  w = little_endian (data + 18, 4);
  h = (guint64) ABS ((gint64) (gint32) little_endian (data + 22, 4));
  bits = little_endian (data + 28, 2);
  compression = little_endian (data + 30, 4);
  if (little_endian (data + 14, 4) < 40 || (compression != 0 && compression != 3) || bits > 32
      || w > G_MAXINT32)
    return TRUE;
  return (w * bits + 31) / 32 * 4 * h <= size - MIN (offset, size);
}

/* Raw PNM: a kind, then width, height and, but for bitmaps, the largest value, with comments. */
static gboolean
is_whole_pnm (const guint8 *data, gsize size)
{
  int kind = data[1] - '0', n = kind == 4 ? 2 : 3;
  guint64 header[3] = { 0, 0, 0 }, row;
  gsize at = 2;

  for (int i = 0; i < n; i++)
    {
      while (at < size && (g_ascii_isspace (data[at]) || data[at] == '#'))
        {
          if (data[at] == '#')
            {
              while (at < size && data[at] != '\n')
                at++;
            }
          else
            at++;
        }
      header[i] = 0;
      while (at < size && g_ascii_isdigit (data[at]) && header[i] <= G_MAXUINT16)
        header[i] = header[i] * 10 + (guint64) (data[at++] - '0');
    }
  if (at >= size)
    return FALSE;
  row = kind == 4 ? (header[0] + 7) / 8 : header[0] * (kind == 6 ? 3 : 1) * (header[2] > 255 ? 2 : 1);
  return row * header[1] <= size - at - 1;
}

gboolean
_cw_picture_is_whole (const guint8 *data, gsize size)
{
  if (size >= 3 && data[0] == 0xFF && data[1] == 0xD8 && data[2] == 0xFF)
    return is_whole_jpeg (data, size);
  if (size >= 8 && memcmp (data, PNG_SIGNATURE, 8) == 0)
    return is_whole_png (data, size);
  if (size >= 2 && data[0] == 'B' && data[1] == 'M')
    return is_whole_bmp (data, size);
  if (size >= 2 && data[0] == 'P' && data[1] >= '4' && data[1] <= '6')
    return is_whole_pnm (data, size);
  return TRUE;
}
