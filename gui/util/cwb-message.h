/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): what of @message, one line, has room in a toast. An engine's message begins with
 * the file that it is about: the folders before its name go first, then the end, for which "…"
 * stands. */
char *cwb_message_dup_short (const char *message);

G_END_DECLS
