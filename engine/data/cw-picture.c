/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-picture.h"

#include "base/cw-clones.h"
#include "base/cw-error.h"
#include "base/cw-file.h"
#include "data/cw-picture-private.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Larger ones are no face pictures. */
#define MAX_FILE_BYTES ((gint64) 256 << 20)
#define MAX_PIXELS ((gint64) 1 << 27)

/* Those that GdkPixbuf reads, some of them with a loader that may not be installed. */
static const char *const extensions[] = { "jpg", "jpeg", "jpe", "jfif", "png",  "bmp",  "tif", "tiff",
                                          "gif", "webp", "pgm", "ppm",  "pnm",  "pbm",  "tga",
                                          "avif", "heic", "jxl" };

gboolean
cw_picture_has_extension (const char *name)
{
  const char *dot = strrchr (name, '.');

  for (size_t i = 0; dot != NULL && i < G_N_ELEMENTS (extensions); i++)
    {
      if (g_ascii_strcasecmp (dot + 1, extensions[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The common kinds, told by their first bytes. GdkPixbuf asks the system's MIME database instead, which
 * a small system or a test may not have; it is left to find the others. */
static const struct
{
  const char *magic;
  gsize length;
  const char *type; /* GdkPixbuf's name */
} signatures[] = {
  { "\xFF\xD8\xFF", 3, "jpeg" }, { "\x89PNG\r\n\x1a\n", 8, "png" },
  { "GIF8", 4, "gif" },          { "BM", 2, "bmp" },
  { "II*\0", 4, "tiff" },        { "MM\0*", 4, "tiff" },
  { "P4", 2, "pnm" },            { "P5", 2, "pnm" },
  { "P6", 2, "pnm" },
};

static GdkPixbufLoader *
new_loader (const guint8 *data, gsize size)
{
  for (size_t i = 0; i < G_N_ELEMENTS (signatures); i++)
    {
      if (size >= signatures[i].length && memcmp (data, signatures[i].magic, signatures[i].length) == 0)
        {
          GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_type (signatures[i].type, NULL);

          if (loader != NULL)
            return loader;
        }
    }
  return gdk_pixbuf_loader_new ();
}

typedef struct
{
  int max_side;
  int width, height; /* as stored */
  gboolean too_large;
} Preparation;

/* A JPEG decoder halves, quarters or eighths a picture for free; the largest of these
 * that leaves at least max_side is asked for, exactly as the decoder rounds it, so that GdkPixbuf
 * adds no scaling of its own. Area averaging does the rest. */
static void
shrink_jpeg (GdkPixbufLoader *loader, const Preparation *p)
{
  int side = MAX (p->width, p->height), denominator = 1;

  while (denominator < 8 && (side + 2 * denominator - 1) / (2 * denominator) >= p->max_side)
    denominator *= 2;
  if (denominator > 1)
    gdk_pixbuf_loader_set_size (loader, (p->width + denominator - 1) / denominator,
                                (p->height + denominator - 1) / denominator);
}

static void
on_size_prepared (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Preparation *p = user_data;
  GdkPixbufFormat *format = gdk_pixbuf_loader_get_format (loader);
  g_autofree char *format_name = format != NULL ? gdk_pixbuf_format_get_name (format) : NULL;

  p->width = width;
  p->height = height;
  if (MAX (width, height) > CW_IMAGE_MAX_SIDE || (gint64) width * height > MAX_PIXELS)
    {
      p->too_large = TRUE;
      /* Loaders take this for an error and stop before they allocate anything. */
      gdk_pixbuf_loader_set_size (loader, 0, 0);
    }
  else if (p->max_side > 0 && g_strcmp0 (format_name, "jpeg") == 0)
    shrink_jpeg (loader, p);
}

/* The loader's error in terms of ours. */
static void
set_decode_error (const char *name, const Preparation *p, const GError *why, GError **error)
{
  g_autofree char *text = g_strdup (why != NULL ? why->message : "no picture in it");

  g_strdelimit (text, "\n", ' ');
  if (p->too_large)
    g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
                 "%s: %d x %d pixels; at most %d on a side and %d million in all are read", name,
                 p->width, p->height, CW_IMAGE_MAX_SIDE, (int) (MAX_PIXELS / 1000000));
  else if (g_error_matches (why, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNKNOWN_TYPE)
           || g_error_matches (why, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNSUPPORTED_OPERATION))
    g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                 "%s: not a picture of a kind that is read here", name);
  else if (g_error_matches (why, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY))
    g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: not enough memory for %d x %d pixels",
                 name, p->width, p->height);
  else
    g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: broken or cut short (%s)", name, text);
}

/* (transfer full): upright. */
static GdkPixbuf *
decode_pixbuf (gconstpointer data, gsize size, const char *name, int max_side, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = new_loader (data, size);
  g_autoptr (GError) local = NULL;
  Preparation preparation = { .max_side = max_side };
  GdkPixbuf *pixbuf;
  gboolean ok;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), &preparation);
  ok = gdk_pixbuf_loader_write (loader, data, size, &local);
  if (!gdk_pixbuf_loader_close (loader, local == NULL ? &local : NULL))
    ok = FALSE;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (!ok || pixbuf == NULL || preparation.too_large)
    {
      set_decode_error (name, &preparation, local, error);
      return NULL;
    }
  return gdk_pixbuf_apply_embedded_orientation (pixbuf);
}

/* On mid grey where it is transparent. */
static void
read_row (const guint8 *from, int n, int channels, guint8 *rgb, gboolean *grey)
{
  for (int x = 0; x < n; x++, from += channels, rgb += 3)
    {
      for (int c = 0; c < 3; c++)
        rgb[c] = channels == 4 ? (guint8) ((from[c] * from[3] + 128 * (255 - from[3]) + 127) / 255)
                               : from[c];
      if (rgb[0] != rgb[1] || rgb[1] != rgb[2])
        *grey = FALSE;
    }
}

static CwImage *
image_from_pixbuf (const GdkPixbuf *pixbuf, const char *name, GError **error)
{
  int w = gdk_pixbuf_get_width (pixbuf), h = gdk_pixbuf_get_height (pixbuf);
  int channels = gdk_pixbuf_get_n_channels (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  g_autoptr (CwImage) colour = cw_image_new (w, h, 3);
  gboolean grey = TRUE;
  CwImage *single;

  if (colour == NULL)
    goto no_memory;
  for (int y = 0; y < h; y++)
    read_row (pixels + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (pixbuf), w, channels,
              colour->data + (gsize) y * (gsize) w * 3, &grey);
  if (!grey)
    return g_steal_pointer (&colour);
  single = cw_image_new (w, h, 1);
  if (single == NULL)
    goto no_memory;
  for (gsize i = 0; i < (gsize) w * (gsize) h; i++)
    single->data[i] = colour->data[3 * i];
  return single;

no_memory:
  g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: not enough memory for %d x %d pixels",
               name, w, h);
  return NULL;
}

CwImage *
cw_picture_decode (gconstpointer data, size_t size, const char *name, int max_side, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (CwImage) image = NULL;
  CwImage *shrunk;

  if (size == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: the file is empty", name);
      return NULL;
    }
  if (!_cw_picture_is_whole (data, size))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: cut short: the file ends before the picture does", name);
      return NULL;
    }
  pixbuf = decode_pixbuf (data, size, name, max_side, error);
  if (pixbuf == NULL)
    return NULL;
  image = image_from_pixbuf (pixbuf, name, error);
  if (image == NULL || max_side <= 0)
    return g_steal_pointer (&image);
  shrunk = cw_image_shrink (image, max_side);
  if (shrunk == NULL)
    g_set_error (error, CW_ERROR, CW_ERROR_NO_MEMORY, "%s: not enough memory to shrink it", name);
  return shrunk;
}

/* Not mapped: a mapped file that somebody cuts short ends the process. */
CwImage *
cw_picture_load (const char *path, int max_side, GError **error)
{
  g_autofree char *data = NULL;
  gsize size;
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path,
                   g_strerror (code));
      return NULL;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s: not a file", path);
      return NULL;
    }
  if (status.st_size > MAX_FILE_BYTES)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE, "%s: larger than %d MiB", path,
                   (int) (MAX_FILE_BYTES >> 20));
      return NULL;
    }
  if (!g_file_get_contents (path, &data, &size, error))
    return NULL;
  return cw_picture_decode (data, size, path, max_side, error);
}

GBytes *
cw_picture_encode_png (const CwImage *image, GError **error)
{
  g_autofree guint8 *rgb = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  gsize n = (gsize) image->w * (gsize) image->h, size;
  char *data;

  if (image->c == 1)
    {
      rgb = g_malloc (n * 3);
      for (gsize i = 0; i < n; i++)
        rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = image->data[i];
    }
  pixbuf = gdk_pixbuf_new_from_data (rgb != NULL ? rgb : image->data, GDK_COLORSPACE_RGB, FALSE, 8,
                                     image->w, image->h, image->w * 3, NULL, NULL);
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "png", error, NULL))
    return NULL;
  return g_bytes_new_take (data, size);
}

gboolean
cw_picture_save_png (const CwImage *image, const char *path, GError **error)
{
  g_autoptr (GBytes) png = cw_picture_encode_png (image, error);

  return png != NULL
         && cw_file_save (path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), error);
}

CW_CLONES
static void
round_to_bytes (const float *values, gsize n, guint8 *bytes)
{
  for (gsize i = 0; i < n; i++)
    {
      /* Written so that NaN becomes 0. */
      float value = values[i] > 0 ? MIN (values[i], 1.0f) : 0.0f;

      bytes[i] = (guint8) rintf (255.0f * value);
    }
}

CwImage *
cw_picture_from_float (const float *rgb, int w, int h)
{
  CwImage *image = cw_image_new (w, h, 3);

  if (image == NULL)
    return NULL;
  round_to_bytes (rgb, 3 * (gsize) w * (gsize) h, image->data);
  return image;
}
