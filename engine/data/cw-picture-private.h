/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FALSE where a JPEG, PNG, BMP or raw PNM file ends before its picture does: GdkPixbuf fills what is
 * missing in these and says nothing. TRUE for everything else: the decoder judges that. */
gboolean _cw_picture_is_whole (const guint8 *data, gsize size);

G_END_DECLS
