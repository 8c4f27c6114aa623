/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The workbench's GSettings. Where its schema is not installed all of this quietly does nothing and
 * gives the fallbacks: a program that was only built, not installed, runs all the same.
 */
GSettings *cwb_settings_get (void); /* (nullable) (transfer none) */
char      *cwb_settings_dup_string (const char *key, const char *fallback);
void       cwb_settings_set_string (const char *key, const char *value);
/* (transfer full) (nullable) */
GVariant  *cwb_settings_dup_value (const char *key);
void       cwb_settings_set_value (const char *key, GVariant *value); /* takes a floating @value */
gboolean   cwb_settings_get_boolean (const char *key, gboolean fallback);
void       cwb_settings_bind (const char *key, gpointer object, const char *property);

G_END_DECLS
