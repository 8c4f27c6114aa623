/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "cwb-util"

#include "config.h"

#include "util/cwb-texture.h"

/* GDK 4.8 has no grey format. */
static GBytes *
spread_grey (const CwImage *image)
{
  gsize n = (gsize) image->w * (gsize) image->h;
  guint8 *rgb = g_malloc (3 * n);

  for (gsize i = 0; i < n; i++)
    rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = image->data[i];
  return g_bytes_new_take (rgb, 3 * n);
}

GdkTexture *
cwb_texture_new (CwImage *image)
{
  g_autoptr (GBytes) bytes = NULL;

  if (image->c == 3)
    {
      bytes = g_bytes_new_with_free_func (image->data, cw_image_bytes (image),
                                          (GDestroyNotify) cw_image_unref, cw_image_ref (image));
    }
  else
    bytes = spread_grey (image);
  return gdk_memory_texture_new (image->w, image->h, GDK_MEMORY_R8G8B8, bytes,
                                 3 * (gsize) image->w);
}
