/* SPDX-License-Identifier: MIT */
#pragma once

#include <contrawarp.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): the picture; shares its pixels where the format allows. Any thread. */
GdkTexture *cwb_texture_new (CwImage *image);

G_END_DECLS
