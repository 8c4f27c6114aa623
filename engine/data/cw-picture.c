/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cw-data"

#include "data/cw-picture.h"

#include "base/cw-error.h"
#include "base/cw-file.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

/* A file larger than this is no face picture. */
#define MAX_FILE_BYTES ((gsize) 256 << 20)

static const char *const extensions[]
    = { "jpg", "jpeg", "jpe", "png", "bmp", "tif", "tiff", "gif", "webp", "pgm", "ppm", "pnm" };

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

/* GdkPixbuf's JPEG loader fills what is missing with grey and says nothing, so a file that was cut is
 * known by its missing end marker. Cameras may append data behind it. */
static gboolean
is_cut_jpeg (const guint8 *data, gsize size)
{
  if (size < 4 || data[0] != 0xFF || data[1] != 0xD8)
    return FALSE;
  for (gsize i = size - 1; i > 1; i--)
    {
      if (data[i - 1] == 0xFF && data[i] == 0xD9)
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  int max_side;
  int width, height; /* as stored; 0 = not known yet */
  gboolean too_large;
} Preparation;

static void
on_size_prepared (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Preparation *p = user_data;
  int side = MAX (width, height);

  p->width = width;
  p->height = height;
  if (side > CW_IMAGE_MAX_SIDE)
    {
      p->too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 1, 1);
    }
  /* At least twice as large as needed: the decoder shrinks by cheap whole factors, area averaging
   * does the rest. */
  else if (p->max_side > 0 && side > 4 * p->max_side)
    {
      double scale = 2.0 * p->max_side / side;

      gdk_pixbuf_loader_set_size (loader, MAX (1, (int) lround (width * scale)),
                                  MAX (1, (int) lround (height * scale)));
    }
}

static GdkPixbuf *
decode_pixbuf (gconstpointer data, gsize size, const char *name, int max_side, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr (GError) local = NULL;
  Preparation preparation = { .max_side = max_side };
  GdkPixbuf *pixbuf;
  gboolean ok;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), &preparation);
  ok = gdk_pixbuf_loader_write (loader, data, size, &local);
  if (!gdk_pixbuf_loader_close (loader, local == NULL ? &local : NULL))
    ok = FALSE;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);

  if (preparation.too_large)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE,
                   "%s: %d x %d pixels; at most %d on a side are read", name, preparation.width,
                   preparation.height, CW_IMAGE_MAX_SIDE);
      return NULL;
    }
  if (!ok || pixbuf == NULL)
    {
      gboolean unknown
          = g_error_matches (local, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNKNOWN_TYPE)
            || g_error_matches (local, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNSUPPORTED_OPERATION);

      if (unknown)
        g_set_error (error, CW_ERROR, CW_ERROR_UNSUPPORTED_FORMAT,
                     "%s: not a picture that can be read", name);
      else
        {
          g_autofree char *why = g_strdup (local != NULL ? local->message : "it is incomplete");

          g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: broken or cut short (%s)", name,
                       g_strdelimit (why, "\n", ' '));
        }
      return NULL;
    }
  if (is_cut_jpeg (data, size))
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE,
                   "%s: cut short (the JPEG has no end marker)", name);
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

  if (size == 0)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_CORRUPT_FILE, "%s: the file is empty", name);
      return NULL;
    }
  pixbuf = decode_pixbuf (data, size, name, max_side, error);
  if (pixbuf == NULL)
    return NULL;
  image = image_from_pixbuf (pixbuf, name, error);
  if (image == NULL)
    return NULL;
  return max_side > 0 ? cw_image_shrink (image, max_side) : g_steal_pointer (&image);
}

CwImage *
cw_picture_load (const char *path, int max_side, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  if (file == NULL)
    return NULL;
  if (g_mapped_file_get_length (file) > MAX_FILE_BYTES)
    {
      g_set_error (error, CW_ERROR, CW_ERROR_TOO_LARGE, "%s: larger than %u MiB", path,
                   (guint) (MAX_FILE_BYTES >> 20));
      return NULL;
    }
  return cw_picture_decode (g_mapped_file_get_contents (file), g_mapped_file_get_length (file),
                            path, max_side, error);
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

CwImage *
cw_picture_from_float (const float *rgb, int w, int h)
{
  CwImage *image = cw_image_new (w, h, 3);

  for (gsize i = 0; i < (gsize) w * (gsize) h * 3; i++)
    image->data[i] = (guint8) lrintf (255.0f * CLAMP (rgb[i], 0.0f, 1.0f));
  return image;
}
