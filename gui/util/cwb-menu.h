/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full): @text as a menu's item shows it, where one underscore would mark the next letter as a key. */
char *cwb_menu_dup_label (const char *text);

G_END_DECLS
