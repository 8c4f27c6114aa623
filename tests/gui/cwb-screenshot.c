/* SPDX-License-Identifier: MIT */
#include "cwb-screenshot.h"

GdkTexture *
cwb_screenshot_take (GtkWidget *widget, int scale)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GskRenderer) renderer = gsk_cairo_renderer_new ();
  g_autoptr (GError) error = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  double w = gdk_paintable_get_intrinsic_width (paintable);
  double h = gdk_paintable_get_intrinsic_height (paintable);
  graphene_rect_t viewport = GRAPHENE_RECT_INIT (0, 0, (float) (scale * w), (float) (scale * h));
  GdkTexture *texture;

  gtk_snapshot_scale (snapshot, (float) scale, (float) scale);
  /* A part of a window has no background of its own. */
  if (!GTK_IS_ROOT (widget))
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 },
                               &GRAPHENE_RECT_INIT (0, 0, (float) w, (float) h));
  gdk_paintable_snapshot (paintable, snapshot, w, h);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  g_assert_true (gsk_renderer_realize (renderer, NULL, &error));
  texture = gsk_renderer_render_texture (renderer, node, &viewport);
  gsk_renderer_unrealize (renderer);
  return texture;
}

void
cwb_screenshot_save (GtkWidget *widget, int scale, const char *path)
{
  g_autoptr (GdkTexture) texture = cwb_screenshot_take (widget, scale);

  g_assert_true (gdk_texture_save_to_png (texture, path));
}
